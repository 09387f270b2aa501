public import SmootNN
public import SmootTensor

/// A way to explain images.
///
/// The map of an image must depend on the image, its class, its index and the network alone, not on the others of the batch; random numbers come from the index.
///
/// - Parameters:
///   - images: [batch, channels, height, width], normalized.
///   - targets: the class to explain of each image.
///   - indices: the place of each image in the data set; several images with one index are versions of one image.
///   - model: the network.
/// - Returns: maps [batch, height x width] or [batch, channels or 1, height, width], raw and signed.
public typealias Explainer = (
  _ images: Tensor, _ targets: [Int32], _ indices: [Int], _ model: any Classifier
) throws -> Tensor

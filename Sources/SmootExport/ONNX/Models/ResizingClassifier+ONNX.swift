import SmootNN
import SmootTensor

extension ResizingClassifier {
  /// The resized images in a graph.
  func resized(_ images: GraphValue, _ graph: GraphBuilder) -> GraphValue {
    let size = graph.shape(batchOf: images, then: base.inputSize.dimensions)
    return graph.node(
      "Resize", [images, .absent, .absent, size],
      [
        "coordinate_transformation_mode": .text("half_pixel"),
        "cubic_coeff_a": .float(-0.75),
        "mode": .text(interpolation == .bilinear ? "linear" : "cubic"),
      ])
  }
}

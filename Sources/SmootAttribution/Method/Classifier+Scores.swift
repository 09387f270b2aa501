package import SmootAutodiff
package import SmootNN
package import SmootTensor

extension Classifier {
  /// The score of one class for each of some images, which go through the network together and without a tape.
  package func scores(_ images: Tensor, ofClass target: Int32, _ kind: ScoreKind) -> [Float] {
    logits(Variable(images), .evaluation())
      .score(ofClasses: [Int32](repeating: target, count: images.shape[0]), kind).value.scalars
  }
}

/// Which class a saliency map explains.
public enum SaliencyTarget: String, Sendable, Codable, CaseIterable {
  /// The label of the image.
  case label
  /// The class with the largest logit, the first of them where several are equal.
  case prediction = "pred"
}

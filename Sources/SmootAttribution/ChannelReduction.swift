/// How an input gradient with several channels becomes one number for each pixel.
public enum ChannelReduction: String, Sendable, Codable, CaseIterable {
  /// The mean over the channels, with its sign; the SGT code trains this way. Whoever ranks by magnitude takes the absolute value of the mean.
  case meanThenAbs = "mean-abs"
  /// The mean over the channels of the absolute values, as Captum's `Saliency` followed by a mean does.
  case absThenMean = "abs-mean"
  /// The largest absolute value among the channels (Simonyan et al., 2014).
  case maximum = "max"
}

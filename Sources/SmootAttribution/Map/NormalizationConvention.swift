/// How maps are brought to one scale for pictures and comparisons.
public enum NormalizationConvention: String, Sendable, Codable, CaseIterable {
  /// Captum's visualization: divided by the magnitude below which the smallest magnitudes that make up 98 % of the sum lie, and cut to [-1, 1]; signs stay.
  case captum
  /// pytorch-grad-cam's `scale_cam_image`: the minimum subtracted, then divided by the maximum + 1e-7.
  case pgc
  /// The papers' min-max: the minimum subtracted, then divided by the range; a flat map becomes zeros.
  case paper
}

/// How the maps of several layers become one.
public enum LayerFusion: String, Sendable, Codable, CaseIterable {
  /// The mean of the rectified maps, each on its own scale from 0 to 1, as pytorch-grad-cam does.
  case mean
  /// The largest of the rectified maps, each on its own scale from 0 to 1; those of shallow layers are first made stronger by tanh (Jiang et al., LayerCAM, 2021, equation 9).
  case maximum
}

import Smoot

/// What maps are divided by before they are drawn on one colour scale.
enum MapScaling: String, CaseIterable {
  /// Each map by its own limit: shows where a map is largest.
  case map
  /// The maps of one image and method under all models by their common limit: shows which model's map is larger.
  case image
  /// All maps of a method by their common limit: shows which images have larger maps, too.
  case method

  /// What the flag decides.
  static let help =
    "What the maps share a colour scale by: map (each by its own limit), image (all models of an image and method) or method (all images, too)."

  /// What a number of 1 is afterwards.
  ///
  /// - Parameters:
  ///   - methods: the names of the methods.
  ///   - ranges: the range of each.
  func unit(_ methods: [String], _ ranges: [DrawnRange]) -> String {
    let without = zip(methods, ranges).filter { $0.1 == .extremes }.map { $0.0 }
    let maximum = "\(owner("maximum")), no colour at the minimum"
    if without.isEmpty { return owner("99th percentile") }
    return without.count == methods.count
      ? maximum
      : "\(owner("99th percentile")); for \(without.joined(separator: ", ")) \(maximum)"
  }

  private func owner(_ limit: String) -> String {
    switch self {
    case .map: "each map's own \(limit)"
    case .image: "the \(limit) of an image's maps by one method under all models"
    case .method: "the \(limit) of all maps by one method"
    }
  }

  /// The limits of maps.
  ///
  /// - Parameters:
  ///   - maps: [model][method][image][pixel].
  ///   - ranges: the range of each method.
  ///   - renderer: what draws them.
  /// - Returns: [model][method][image]; 0 to 0 where there is nothing to show.
  func limits(
    of maps: [[[[Float]]]], _ ranges: [DrawnRange], _ renderer: HeatmapRenderer
  ) -> [[[ClosedRange<Float>]]] {
    maps.map { methods in
      methods.enumerated().map { method, images in
        let range = ranges[method]
        let all = self == .method ? range.limits(of: maps.flatMap { $0[method] }, renderer) : 0...0
        return images.indices.map { image in
          switch self {
          case .map: range.limits(of: [images[image]], renderer)
          case .image: range.limits(of: maps.map { $0[method][image] }, renderer)
          case .method: all
          }
        }
      }
    }
  }
}

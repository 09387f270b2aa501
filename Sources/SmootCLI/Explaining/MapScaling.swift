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
    "What the maps share a colour scale by: map (each in units of its own 99th percentile), image (all models of an image and method) or method (all images, too)."

  /// What a number of 1 is afterwards.
  var unit: String {
    switch self {
    case .map: "each map's own 99th percentile"
    case .image: "the 99th percentile of an image's maps by one method under all models"
    case .method: "the 99th percentile of all maps by one method"
    }
  }

  /// The limits of maps.
  ///
  /// - Parameters:
  ///   - maps: [model][method][image][pixel].
  ///   - renderer: what draws them.
  /// - Returns: [model][method][image]; 0 where there is nothing to show.
  func limits(of maps: [[[[Float]]]], _ renderer: HeatmapRenderer) -> [[[Float]]] {
    func limit(_ maps: [[Float]]) -> Float { Float(renderer.scale(of: maps).limit) }
    return maps.map { methods in
      methods.enumerated().map { method, images in
        let all = self == .method ? limit(maps.flatMap { $0[method] }) : 0
        return images.indices.map { image in
          switch self {
          case .map: limit([images[image]])
          case .image: limit(maps.map { $0[method][image] })
          case .method: all
          }
        }
      }
    }
  }
}

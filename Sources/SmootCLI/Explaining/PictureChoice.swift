/// Which pictures `smoot explain` draws.
enum PictureChoice: String, CaseIterable {
  /// The grids, and a map and an overlay of each image.
  case all
  /// The grids.
  case grid
  /// None.
  case none
}

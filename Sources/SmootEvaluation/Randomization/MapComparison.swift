import SmootTensor

/// Compares the maps of a batch with others of the same images.
struct MapComparison {
  /// The likeness of each image's maps; `nil` where it is not defined.
  struct Result {
    let rankCorrelation: [Double?]
    let structuralSimilarity: [Double?]
  }

  private let maps: Tensor
  private let width: Int

  /// Prepares a comparison with maps [batch, pixels].
  init(_ maps: Tensor, width: Int) {
    self.maps = MapSimilarity.scaled(maps)
    self.width = width
  }

  /// The likeness of other maps [batch, pixels], each divided by its greatest magnitude.
  func compared(with others: Tensor) -> Result {
    let others = MapSimilarity.scaled(others)
    return Result(
      rankCorrelation: MapSimilarity.rankCorrelation(maps, others),
      structuralSimilarity: MapSimilarity.structuralSimilarity(maps, others, width: width))
  }
}

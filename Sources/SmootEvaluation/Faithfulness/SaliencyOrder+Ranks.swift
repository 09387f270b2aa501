import SmootMasking

extension SaliencyOrder {
  /// For each element of each image its place in the order, 0 for the most salient; [batch, elements].
  var ranks: [UInt32] {
    var ranks = [UInt32](repeating: 0, count: batch * elements)
    for image in 0..<batch {
      let first = image * elements
      for rank in 0..<elements { ranks[first + Int(indices[first + rank])] = UInt32(rank) }
    }
    return ranks
  }
}

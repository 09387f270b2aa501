import SmootTensor

extension SmoothGradCAMPlusPlus.Subset {
  /// A subset from text: numbers of maps, or places map:row:column, separated by commas.
  init(maps: String, neurons: String) throws(AttributionError) {
    func numbers(_ text: some StringProtocol, _ separator: Character) -> [Int]? {
      let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        .map { Int(String($0.filter { !$0.isWhitespace })) }
      return parts.allSatisfy { ($0 ?? -1) >= 0 } ? parts.compactMap { $0 } : nil
    }
    switch (maps.isEmpty, neurons.isEmpty) {
    case (true, true): self = .layer
    case (false, false):
      throw .badValue("neurons", neurons, expected: "nothing, because maps are chosen as well")
    case (false, true):
      guard let found = numbers(maps, ",") else {
        throw .badValue("maps", maps, expected: "numbers of feature maps, separated by commas")
      }
      self = .maps(found)
    case (true, false):
      var found: [SmoothGradCAMPlusPlus.Neuron] = []
      for place in neurons.split(separator: ",", omittingEmptySubsequences: false) {
        guard let parts = numbers(place, ":"), parts.count == 3 else {
          throw .badValue("neurons", neurons, expected: "map:row:column, separated by commas")
        }
        found.append(.init(map: parts[0], row: parts[1], column: parts[2]))
      }
      self = .neurons(found)
    }
  }

  /// Ones for what takes part and zeros for the rest, [1, maps, height, width]; `nil` when all does.
  func mask(maps count: Int, height: Int, width: Int) throws(AttributionError) -> Tensor? {
    var values = [Float](repeating: 0, count: count * height * width)
    let cells = height * width
    switch self {
    case .layer: return nil
    case .maps(let maps):
      for map in maps {
        guard (0..<count).contains(map) else {
          throw .badValue("maps", "\(map)", expected: "maps from 0 to \(count - 1)")
        }
        for cell in map * cells..<(map + 1) * cells { values[cell] = 1 }
      }
    case .neurons(let neurons):
      for neuron in neurons {
        guard (0..<count).contains(neuron.map), (0..<height).contains(neuron.row),
          (0..<width).contains(neuron.column)
        else {
          throw .badValue(
            "neurons", "\(neuron.map):\(neuron.row):\(neuron.column)",
            expected: "places below \(count):\(height):\(width)")
        }
        values[neuron.map * cells + neuron.row * width + neuron.column] = 1
      }
    }
    return Tensor(values, shape: [1, count, height, width])
  }
}

import SmootDatasets
import SmootTensor

/// Small pictures with a bright square whose place tells the class.
func syntheticDataset(count: Int, split: String = "train") -> ImageDataset {
  let key = RandomKey(seed: split == "train" ? 11 : 12)
  let side = 12
  var pixels = [UInt8](repeating: 0, count: count * side * side)
  let labels = (0..<count).map { UInt8(key.integer(below: 4, at: UInt64($0))) }
  for (image, label) in labels.enumerated() {
    let (row, column) = (Int(label) / 2 * 6, Int(label) % 2 * 6)
    for place in 0..<side * side {
      let (y, x) = (place / side, place % side)
      let isSquare = (row..<row + 6).contains(y) && (column..<column + 6).contains(x)
      let noise = key.derived(image).integer(below: 80, at: UInt64(place))
      pixels[image * side * side + place] = UInt8(noise + (isSquare ? 150 : 0))
    }
  }
  return ImageDataset(
    name: "squares", split: split, size: ImageSize(channels: 1, height: side, width: side),
    classNames: ["a", "b", "c", "d"],
    normalization: Normalization(mean: [0.3], standardDeviation: [0.3]), pixels: pixels,
    labels: labels)
}

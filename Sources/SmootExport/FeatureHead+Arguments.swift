import Foundation
import SmootNN

extension FeatureHead {
  /// What the head does, as JSON: nothing in the weights says so.
  var arguments: String {
    let arguments = Arguments(
      head: options.kind.rawValue, cells: [grid.rows, grid.columns], maskRatio: options.maskRatio,
      readout: options.readout.rawValue)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return (try? encoder.encode(arguments)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  private struct Arguments: Encodable {
    let head: String
    let cells: [Int]
    let maskRatio: Float
    let readout: String

    enum CodingKeys: String, CodingKey {
      case head, cells, readout
      case maskRatio = "mask_ratio"
    }
  }
}

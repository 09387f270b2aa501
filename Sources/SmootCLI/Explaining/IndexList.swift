import Foundation
import Smoot

/// A list of places given as `0..<64`, as `0:64`, which no shell minds, or as `3,5,8`.
struct IndexList {
  let values: [Int]

  /// Reads a list.
  ///
  /// - Parameters:
  ///   - text: what was given.
  ///   - count: how many images there are.
  ///   - flag: the flag that it was given with.
  /// - Throws: ``CommandError`` for places that are not there or are named twice.
  init(_ text: String, count: Int, flag: String = "--indices") throws(CommandError) {
    let bounds = text.replacing("..<", with: ":").components(separatedBy: ":").map {
      Int($0.trimmingCharacters(in: .whitespaces))
    }
    let list = text.split(separator: ",").map { Int($0.trimmingCharacters(in: .whitespaces)) }
    let (smallest, largest): (Int, Int)
    if bounds.count == 2, let first = bounds[0], let end = bounds[1], first < end {
      (smallest, largest) = (first, end - 1)
      values = first >= 0 && end <= count ? Array(first..<end) : []
    } else if let low = list.compactMap(\.self).min(), let high = list.compactMap(\.self).max(),
      !list.contains(nil)
    {
      (smallest, largest) = (low, high)
      values = list.compactMap(\.self)
    } else {
      throw CommandError(
        "\(flag): \"\(text)\" is not a range such as 0:64 or a list such as 3,5,8", exitCode: 64)
    }
    guard smallest >= 0, largest < count else {
      throw CommandError("\(flag): \"\(text)\" goes beyond the \(count) images", exitCode: 64)
    }
    guard Set(values).count == values.count else {
      throw CommandError("\(flag): \"\(text)\" names an image twice", exitCode: 64)
    }
  }
}

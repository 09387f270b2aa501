import Foundation
import Smoot

/// A list of places given as `0..<64`, as `0:64`, which no shell minds, or as `3,5,8`.
struct IndexList {
  let values: [Int]

  init(_ text: String, count: Int) throws(CommandError) {
    let bounds = text.replacing("..<", with: ":").components(separatedBy: ":").map {
      Int($0.trimmingCharacters(in: .whitespaces))
    }
    let list = text.split(separator: ",").map { Int($0.trimmingCharacters(in: .whitespaces)) }
    if bounds.count == 2, let first = bounds[0], let end = bounds[1], first >= 0, first < end {
      values = first < count ? Array(first..<min(end, count)) : [first]
    } else if !list.isEmpty, list.allSatisfy({ $0 != nil }) {
      values = list.compactMap(\.self)
    } else {
      throw CommandError(
        "--indices: \"\(text)\" is not a range such as 0:64 or a list such as 3,5,8", exitCode: 64
      )
    }
    guard let largest = values.max(), largest < count, values.allSatisfy({ $0 >= 0 }) else {
      throw CommandError("--indices: \"\(text)\" goes beyond the \(count) images", exitCode: 64)
    }
  }
}

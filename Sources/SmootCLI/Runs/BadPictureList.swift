import Foundation
import Smoot

/// The pictures that a run leaves out, as `bad-images.txt` keeps them: part, index, file and reason on each line, with tabs between.
struct BadPictureList {
  var training: [BadPicture] = []
  var test: [BadPicture] = []

  func pictures(_ split: KnownDataset.Split) -> [BadPicture] {
    split == .train ? training : test
  }

  /// Writes the list, durably.
  func write(to path: String) throws {
    let lines = KnownDataset.Split.allCases.flatMap { split in
      pictures(split).map { picture in
        "\(split.rawValue)\t\(picture.index)\t\(picture.path.printable)\t\(picture.reason)\n"
      }
    }
    try DurableFile.write(Data(lines.joined().utf8), to: path)
  }

  /// Reads the list of a run.
  static func read(_ path: String) throws(CommandError) -> BadPictureList {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandError(
        "\(path): cannot be read; it says which pictures the run leaves out", exitCode: 66)
    }
    var list = BadPictureList()
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    for (number, line) in lines.enumerated() {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 4, let split = KnownDataset.Split(rawValue: fields[0]),
        let index = Int(fields[1]), index >= 0
      else {
        throw CommandError(
          "\(path):\(number + 1): expected part, index, file and reason with tabs between",
          exitCode: 65)
      }
      let picture = BadPicture(index: index, path: fields[2], reason: fields[3])
      if split == .train { list.training.append(picture) } else { list.test.append(picture) }
    }
    return list
  }
}

import ArgumentParser
import Smoot

/// `smoot data check FOLDER`: decodes every picture of a folder and names the bad ones.
struct FolderCheck {
  let path: String
  let common: CommonFlags

  /// What `--json` prints.
  struct Report: Codable {
    let folder: String
    let sound: Bool
    let classes: [Count]
    let test: String
    let otherFiles: Int
    let bad: [Bad]

    enum CodingKeys: String, CodingKey {
      case folder, sound, classes, test, bad
      case otherFiles = "other_files"
    }
  }

  /// The pictures of a class.
  struct Count: Codable {
    let name: String
    let training: Int
    let test: Int
  }

  /// A picture that cannot be used.
  struct Bad: Codable {
    let split: String
    let index: Int
    let file: String
    let reason: String
  }

  /// Checks, reports, and ends with 65 if there is a bad picture.
  func run() throws {
    let defaults = TrainingConfiguration()
    let folder = try ImageFolder(
      path: path, testShare: defaults.valSplit, seed: defaults.seed)
    let total = folder.training.entries.count + folder.test.entries.count
    var line = ProgressLine(common.style)
    var done = 0
    var bad: [Bad] = []
    for (split, list) in [("train", folder.training), ("test", folder.test)] {
      let found = list.check { count in
        line.show("checking pictures", done: done + count, total: total, [])
      }
      line.clear()
      done += list.entries.count
      for picture in found {
        bad.append(
          Bad(split: split, index: picture.index, file: picture.path, reason: picture.reason))
        if !common.json { Console.error("\(folder.path.printable)/\(picture)") }
      }
    }
    report(folder, bad)
    if !bad.isEmpty { throw ExitCode(65) }
  }

  private func report(_ folder: ImageFolder, _ bad: [Bad]) {
    var counts = [(training: Int, test: Int)](
      repeating: (0, 0), count: folder.classNames.count)
    for entry in folder.training.entries { counts[Int(entry.label)].training += 1 }
    for entry in folder.test.entries { counts[Int(entry.label)].test += 1 }
    let classes = zip(folder.classNames, counts).map { name, count in
      Count(name: name, training: count.training, test: count.test)
    }
    if common.json {
      let report = Report(
        folder: folder.path, sound: bad.isEmpty, classes: classes, test: folder.testOrigin,
        otherFiles: folder.otherFiles, bad: bad)
      return Console.json(report)
    }
    guard bad.isEmpty else {
      let total = folder.training.entries.count + folder.test.entries.count
      return Console.note(
        "\(bad.count) of \(NumberFormat.grouped(total)) pictures cannot be used; --bad-images skip trains without them"
      )
    }
    var table = Table(columns: [
      .init("class"), .init("training", .right), .init("test", .right),
    ])
    for count in classes.prefix(Self.shown) {
      table.append([.text(count.name.printable), .integer(count.training), .integer(count.test)])
    }
    if classes.count > Self.shown {
      table.append([.text("and \(classes.count - Self.shown) more classes"), .missing, .missing])
    }
    table.append([
      .text("all"), .integer(folder.training.entries.count), .integer(folder.test.entries.count),
    ])
    Console.result(table.text())
    let others = folder.otherFiles > 0 ? "; \(folder.otherFiles) other files are left out" : ""
    Console.result("\(folder.path.printable): sound; test pictures: \(folder.testOrigin)\(others)")
  }

  /// How many classes the table shows.
  private static let shown = 100
}

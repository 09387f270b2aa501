import Foundation
import Smoot

/// Finds what `smoot auc` and `smoot faithfulness` measured of some runs.
struct ResultCollector {
  let runs: [ReportedRun]
  private(set) var accuracyDrops: [RunReport.AccuracyDrop] = []
  private(set) var faithfulness: [RunReport.Faithfulness] = []
  /// What could not be read, or is older than the weights, each in a sentence.
  private(set) var warnings: [String] = []

  /// Looks where both commands write unless told otherwise, and in further folders.
  ///
  /// - Parameters:
  ///   - runs: the runs.
  ///   - folders: folders of results; each must hold some.
  init(_ runs: [ReportedRun], folders: [String]) throws(CommandError) {
    self.runs = runs
    for folder in folders where Self.files(in: folder).isEmpty {
      throw CommandError(
        "--results: \(folder): there is neither auc.json nor faithfulness.json in it", exitCode: 66)
    }
    let own = runs.map { ($0.path, Optional($0.path)) }
    let parents = runs.map { ($0.path.parentFolder, String?.none) }
    let places =
      folders.map { ($0, String?.none) } + own + parents + [
        (RunDirectory.defaultParent, String?.none)
      ]
    var seen = Set<String>()
    var files: [(path: String, owner: String?, date: Date)] = []
    for (folder, owner) in places {
      for path in Self.files(in: folder.isEmpty ? "." : folder) {
        let real = URL(filePath: path).resolvingSymlinksInPath().standardizedFileURL.path
        guard seen.insert(real).inserted else { continue }
        files.append((path, owner, Self.date(path)))
      }
    }
    // Where two files have the same number, the newer one counts.
    for file in files.sorted(by: { $0.date > $1.date }) { read(file.path, owner: file.owner) }
  }

  /// The files of results in a folder and in those below it where the commands write.
  private static func files(in folder: String) -> [String] {
    ["", "/auc", "/faithfulness"].flatMap { part in
      ["auc.json", "faithfulness.json"].map { "\(folder)\(part)/\($0)" }
    }.filter { FileManager.default.fileExists(atPath: $0) }
  }

  private static func date(_ path: String) -> Date {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return attributes?[.modificationDate] as? Date ?? .distantPast
  }

  private mutating func read(_ path: String, owner: String?) {
    guard let data = FileManager.default.contents(atPath: path) else {
      warnings.append("\(path) cannot be read.")
      return
    }
    do {
      if path.hasSuffix("auc.json") {
        add(try AccuracyDropReport(json: data, name: path), path, owner)
      } else {
        add(try FaithfulnessReport(json: data, name: path), path, owner)
      }
    } catch { warnings.append("\(error); it is left out.") }
  }

  /// The report's name of a run that results name.
  ///
  /// - Parameters:
  ///   - name: its folder's name, or its path.
  ///   - owner: the path of the run in whose folder the results are.
  private func known(_ name: String, owner: String?) -> String? {
    let (short, path) = ((name as NSString).lastPathComponent, (name as NSString).standardizingPath)
    let same = runs.filter { ($0.path as NSString).lastPathComponent == short }
    if let owner, let run = same.first(where: { $0.path == owner }) { return run.name }
    if let run = same.first(where: { ($0.path as NSString).standardizingPath == path }) {
      return run.name
    }
    return same.count == 1 ? same[0].name : nil
  }

  private mutating func warn(_ path: String, _ names: [String]) {
    let older = runs.filter { run in
      names.contains(run.name)
        && Self.date(run.path + "/checkpoints/last.safetensors") > Self.date(path)
    }
    guard !older.isEmpty else { return }
    warnings.append(
      "\(path) is older than the last checkpoint of \(older.map(\.name).joined(separator: ", ")): its numbers may be of other weights."
    )
  }

  /// Conditions by which numbers can be compared: all but the command.
  private static func comparable(_ conditions: [String: String]?) -> [String: String] {
    (conditions ?? [:]).filter { $0.key != "command" }
  }

  private mutating func add(_ report: AccuracyDropReport, _ path: String, _ owner: String?) {
    let conditions = Self.comparable(report.conditions)
    let others = accuracyDrops.filter { Self.comparable($0.report.conditions) == conditions }
    let found = report.runs.compactMap { run -> AccuracyDropRun? in
      guard let name = known(run.run, owner: owner) else { return nil }
      var named = run
      named.run = name
      let isThere = others.contains { other in
        other.report.runs.contains {
          ($0.run, $0.attribution, $0.fill, $0.order, $0.percent)
            == (named.run, named.attribution, named.fill, named.order, named.percent)
        }
      }
      return isThere ? nil : named
    }
    guard !found.isEmpty,
      let part = try? AccuracyDropReport(runs: sorted(found), conditions: report.conditions)
    else { return }
    warn(path, found.map(\.run))
    accuracyDrops.append(RunReport.AccuracyDrop(source: path, report: part))
  }

  /// Curves in the order of the report's runs, so that colours agree.
  private func sorted(_ curves: [AccuracyDropRun]) -> [AccuracyDropRun] {
    let names = runs.map(\.name)
    return names.flatMap { name in curves.filter { $0.run == name } }
  }

  private mutating func add(_ report: FaithfulnessReport, _ path: String, _ owner: String?) {
    let conditions = Self.comparable(report.conditions)
    let others = faithfulness.filter { Self.comparable($0.report.conditions) == conditions }
    var part = report
    // Newer files come first: what one of them says of a run and a method is not said again.
    func isNew(_ run: String, _ method: String) -> Bool {
      !others.contains { other in
        other.report.entries.contains { $0.run == run && $0.method == method }
      }
    }
    func name(_ run: String, _ method: String) -> String? {
      known(run, owner: owner).flatMap { isNew($0, method) ? $0 : nil }
    }
    part.entries = report.entries.compactMap { entry in
      name(entry.run, entry.method).map {
        var entry = entry
        entry.run = $0
        return entry
      }
    }
    part.times = report.times.compactMap { time in
      name(time.run, time.method).map {
        var time = time
        time.run = $0
        return time
      }
    }
    part.curves = report.curves.compactMap { curve in
      name(curve.run, curve.method).map {
        var curve = curve
        curve.run = $0
        return curve
      }
    }
    let found = Set(part.entries.map(\.run))
    part.runs = runs.map(\.name).filter(found.contains)
    guard !part.runs.isEmpty else { return }
    warn(path, part.runs)
    faithfulness.append(RunReport.Faithfulness(source: path, report: part))
  }
}

public import Foundation

/// Finds the files of known data sets.
public struct DataLocator: Sendable {
  /// The folders to look in, in turn.
  ///
  /// A data set lies in a subfolder with its name or with its archive's, or in the folder itself.
  public let roots: [String]

  /// Looks in given folders.
  public init(roots: [String]) { self.roots = roots }

  /// Looks where a person would expect it: in `path`, or else in `SMOOT_DATA`, `Data` in the working folder, the cache of the user, and `/usr/share/datasets`, where Debian's
  /// packages put data sets.
  public init(path: String?, environment: [String: String] = ProcessInfo.processInfo.environment) {
    if let path {
      roots = [path]
      return
    }
    let home = environment["HOME"].map { $0 + "/.cache" }
    let cache = (environment["XDG_CACHE_HOME"] ?? home).map { $0 + "/smoot" }
    roots = [environment["SMOOT_DATA"], "Data", cache, "/usr/share/datasets"].compactMap(\.self)
  }

  /// The folders in which the files of a data set may lie.
  public func candidates(_ dataset: KnownDataset) -> [String] {
    var names = [dataset.name]
    if case .records(let folder, _, _, _, _) = dataset.layout {
      names += [folder, "\(dataset.name)/\(folder)"]
    }
    return roots.flatMap { root in names.map { "\(root)/\($0)" } + [root] }
  }

  /// The first of the paths that exists, for each of the candidates' files.
  ///
  /// - Throws: ``DatasetError/missing(name:lookedIn:advice:)``.
  func folder(
    of dataset: KnownDataset, holding names: [String]
  ) throws(DatasetError) -> String {
    for folder in candidates(dataset) {
      for name in names where FileManager.default.fileExists(atPath: "\(folder)/\(name)") {
        return folder
      }
    }
    throw .missing(
      name: dataset.name, lookedIn: roots,
      advice: "fetch it with `smoot data get \(dataset.name)`; \(dataset.advice)")
  }
}

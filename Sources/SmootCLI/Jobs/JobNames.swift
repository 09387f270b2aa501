import Foundation
import Smoot

/// The runs' names, or their paths where two have one name.
///
/// - Throws: ``CommandError`` when a run is given twice.
func runNames(_ loaded: [LoadedModel]) throws(CommandError) -> [String] {
  try runNames(loaded.map(\.path), named: loaded.map(\.name))
}

/// Names for runs at some paths: the names, or the paths where two have one name.
///
/// - Throws: ``CommandError`` when two paths lead to one place.
func runNames(_ paths: [String], named names: [String]) throws(CommandError) -> [String] {
  let places = paths.map {
    URL(fileURLWithPath: $0).standardizedFileURL.resolvingSymlinksInPath().path
  }
  guard Set(places).count == places.count else {
    throw CommandError("a run is given twice: \(paths.joined(separator: ", "))", exitCode: 64)
  }
  return Set(names).count == names.count ? names : paths
}

/// Where the results of a job on models go unless told otherwise: into the folder of a single one, beside the runs for several.
func defaultFolder(_ models: [String], _ name: String) -> String {
  guard models.count == 1, let only = models.first else {
    return "\(RunDirectory.defaultParent)/\(name)"
  }
  let path = only.hasSuffix(".safetensors") ? (only as NSString).deletingPathExtension : only
  return "\(path)/\(name)"
}

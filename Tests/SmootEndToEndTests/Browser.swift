import Foundation

/// A headless Chromium, if the machine has one.
struct Browser {
  /// A folder of its own for profile and logs.
  let folder: String

  /// `SMOOT_BROWSER`, what is on the path, or what Playwright has fetched.
  static let path: String? = {
    let environment = ProcessInfo.processInfo.environment
    let folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    var candidates = [environment["SMOOT_BROWSER"]].compactMap(\.self)
    candidates += names.flatMap { name in folders.map { "\($0)/\(name)" } }
    let cache = (environment["HOME"] ?? "") + "/.cache/ms-playwright"
    let fetched = (try? FileManager.default.contentsOfDirectory(atPath: cache)) ?? []
    candidates += fetched.sorted().map { "\(cache)/\($0)/chrome-linux/chrome" }
    return candidates.first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  /// Runs the browser on a page and returns what it prints.
  ///
  /// - Parameters:
  ///   - page: the file.
  ///   - flags: what to do with it.
  func run(_ page: String, _ flags: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/timeout")
    process.arguments =
      [
        "90", Self.path ?? "", "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--host-resolver-rules=MAP * ~NOTFOUND", "--user-data-dir=\(folder)/profile",
        "--hide-scrollbars",
      ] + flags + [URL(filePath: page).absoluteString]
    let output = "\(folder)/browser.out"
    _ = FileManager.default.createFile(atPath: output, contents: nil)
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: "/dev/null")
    try process.run()
    process.waitUntilExit()
    return String(
      decoding: FileManager.default.contents(atPath: output) ?? Data(), as: UTF8.self)
  }

  /// A page's document, and the addresses that it asked the network for.
  func open(_ page: String) throws -> (document: String, requests: [String]) {
    let log = "\(folder)/net.json"
    let document = try run(page, ["--log-net-log=\(log)", "--dump-dom"])
    let data = try Data(contentsOf: URL(filePath: log))
    let object = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    let events = object?["events"] as? [[String: Any]] ?? []
    let requests = events.compactMap { event -> String? in
      guard let parameters = event["params"] as? [String: Any],
        // What the browser wants for itself has no origin.
        let initiator = parameters["initiator"] as? String, initiator != "not an origin"
      else { return nil }
      return parameters["url"] as? String
    }
    return (document, requests)
  }
}

import Foundation

/// The built program, and small data for it.
struct Program {
  /// What a call printed and how it ended.
  struct Result {
    let status: Int32
    let output: String
    let errors: String
  }

  /// A folder of its own for each test.
  let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.path + "/smoot-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder + "/data/mnist", withIntermediateDirectories: true)
    try writeData("train", count: 60)
    try writeData("t10k", count: 30)
  }

  /// Removes the folder.
  func clean() { try? FileManager.default.removeItem(atPath: folder) }

  /// `SMOOT_BINARY`, or what `swift build -c release` made.
  static var path: String {
    if let path = ProcessInfo.processInfo.environment["SMOOT_BINARY"] { return path }
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    return root + "/.build/release/smoot"
  }

  /// Pictures with a bright row whose place tells the class.
  private func writeData(_ prefix: String, count: Int) throws {
    var images = Data([0, 0, 8, 3, 0, 0, 0, UInt8(count), 0, 0, 0, 28, 0, 0, 0, 28])
    var labels = Data([0, 0, 8, 1, 0, 0, 0, UInt8(count)])
    for image in 0..<count {
      let label = image % 10
      labels.append(UInt8(label))
      for pixel in 0..<784 {
        let isBright = pixel / 28 / 2 == label + 2
        images.append(UInt8(isBright ? 220 : (pixel * 7 + image * 13) % 60))
      }
    }
    try images.write(to: URL(filePath: "\(folder)/data/mnist/\(prefix)-images-idx3-ubyte"))
    try labels.write(to: URL(filePath: "\(folder)/data/mnist/\(prefix)-labels-idx1-ubyte"))
  }

  /// The flags of a training that takes seconds.
  var training: [String] {
    [
      "train", "--dataset", "mnist", "--data", folder + "/data", "--epochs", "2", "--batch-size",
      "16", "--output", folder + "/runs", "--quiet",
    ]
  }

  /// Starts the program, perhaps in a shell that lets no file grow beyond some kilobytes.
  func start(
    _ arguments: [String], environment: [String: String] = [:], fileLimit kilobytes: Int? = nil
  ) throws -> Process {
    let process = Process()
    if let kilobytes {
      process.executableURL = URL(filePath: "/bin/bash")
      let script = "ulimit -f \(kilobytes); exec \"$0\" \"$@\""
      process.arguments = ["-c", script, Self.path] + arguments
    } else {
      process.executableURL = URL(filePath: Self.path)
      process.arguments = arguments
    }
    process.currentDirectoryURL = URL(filePath: folder)
    var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("SMOOT_") }
    variables.merge(environment) { $1 }
    process.environment = variables
    process.standardOutput = FileHandle(forWritingAtPath: "/dev/null")
    process.standardError = FileHandle(forWritingAtPath: "/dev/null")
    return process
  }

  /// Runs the program to its end.
  func run(
    _ arguments: [String], environment: [String: String] = [:], fileLimit kilobytes: Int? = nil
  ) throws -> Result {
    let process = try start(arguments, environment: environment, fileLimit: kilobytes)
    let names = ["out", "err"].map { "\(folder)/\(UUID().uuidString).\($0)" }
    for name in names { _ = FileManager.default.createFile(atPath: name, contents: nil) }
    process.standardOutput = FileHandle(forWritingAtPath: names[0])
    process.standardError = FileHandle(forWritingAtPath: names[1])
    try process.run()
    process.waitUntilExit()
    let texts = names.map { name in
      String(decoding: FileManager.default.contents(atPath: name) ?? Data(), as: UTF8.self)
    }
    for name in names { try? FileManager.default.removeItem(atPath: name) }
    let isKilled = process.terminationReason == .uncaughtSignal
    return Result(
      status: isKilled ? 128 + process.terminationStatus : process.terminationStatus,
      output: texts[0], errors: texts[1])
  }

  /// The bytes of a run's last checkpoint.
  func last(_ name: String) throws -> Data {
    try Data(contentsOf: URL(filePath: "\(folder)/runs/\(name)/checkpoints/last.safetensors"))
  }
}

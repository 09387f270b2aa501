import Foundation
import Smoot
import Testing

/// Kills at every place of the save protocol and at random moments lose nothing that was saved.
///
/// `SMOOT_KILLS` says how many random kills.
@Suite(.serialized) struct KillTests {
  private let program: Program

  init() throws { program = try Program() }

  private static let failpoints = [
    "before-write", "mid-write", "after-write", "after-fsync", "after-rename", "after-dirsync",
    "before-links", "after-links", "mid-prune",
  ]

  private func arguments(_ name: String) -> [String] {
    program.training + ["--adaptive", "--name", name, "--save-every", "1s"]
  }

  /// Goes on until the run is done; the run must be readable each time.
  private func finish(_ name: String) throws {
    for _ in 0..<3 {
      let result = try program.run(["resume", "\(program.folder)/runs/\(name)", "--quiet"])
      if result.status == 0 { return }
      Issue.record("\(name): resume ended with \(result.status): \(result.errors)")
    }
  }

  @Test(.timeLimit(.minutes(10))) func losesNothingAtAnyPlaceOfASave() throws {
    defer { program.clean() }
    #expect(try program.run(arguments("whole")).status == 0)
    let whole = try program.last("whole")
    for failpoint in Self.failpoints {
      let name = "at-\(failpoint)"
      // Every piece of a file passes the place in the middle of a write.
      let passing = ["mid-write": 120, "mid-prune": 4][failpoint] ?? 9
      let killed = try program.run(
        arguments(name), environment: ["SMOOT_FAILPOINT": "\(failpoint):\(passing)"])
      #expect(killed.status == 137, "\(failpoint): \(killed.status) \(killed.errors)")
      try finish(name)
      #expect(try program.last(name) == whole, "\(failpoint)")
      let left = try FileManager.default.contentsOfDirectory(
        atPath: "\(program.folder)/runs/\(name)/checkpoints")
      #expect(!left.contains { $0.hasPrefix(".smoot-tmp") })
    }
  }

  @Test(.timeLimit(.minutes(20))) func losesNothingAtAnyMoment() throws {
    defer { program.clean() }
    #expect(try program.run(arguments("whole")).status == 0)
    let whole = try program.last("whole")
    let kills = ProcessInfo.processInfo.environment["SMOOT_KILLS"].flatMap(Int.init) ?? 60
    var done = 0
    var round = 0
    var acknowledgedKills = 0
    while done < kills && round < 3 * kills {
      round += 1
      let name = "random-\(round)"
      let process = try program.start(arguments(name) + ["--verbose"])
      let notes = "\(program.folder)/\(name).txt"
      _ = FileManager.default.createFile(atPath: notes, contents: nil)
      process.standardError = FileHandle(forWritingAtPath: notes)
      try process.run()
      // Spread over the time of a run.
      usleep(UInt32(60_000 + (round * 7919) % 700 * 1000))
      guard process.isRunning else {
        process.waitUntilExit()
        continue
      }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      done += 1
      guard let saved = try acknowledged(notes) else { continue }
      acknowledgedKills += 1
      #expect(try step(name) >= saved, "kill \(done)")
      try finish(name)
      #expect(try program.last(name) == whole, "kill \(done)")
    }
    #expect(done == kills)
    #expect(acknowledgedKills * 2 >= kills, "too many kills came before the first save")
  }

  /// The last step that a run said it saved.
  private func acknowledged(_ notes: String) throws -> Int? {
    let text = try String(contentsOfFile: notes, encoding: .utf8)
    return text.split(separator: "\n").last { $0.hasPrefix("saved ") && $0.hasSuffix(")") }
      .flatMap { Int($0.split(separator: " ").last?.dropLast() ?? "") }
  }

  /// The step of a run's last checkpoint.
  private func step(_ name: String) throws -> Int {
    let path = "\(program.folder)/runs/\(name)/checkpoints/last.safetensors"
    let file = try TensorFile(contentsOf: path)
    let state = try JSONSerialization.jsonObject(
      with: Data((file.metadata["smoot.state"] ?? "").utf8))
    return try #require((state as? [String: Any])?["step"] as? Int)
  }

  @Test func savesAndSaysHowToGoOnWhenAskedToStop() throws {
    defer { program.clean() }
    for (number, status) in [(SIGINT, 130), (SIGTERM, 75), (SIGUSR1, 75)] as [(Int32, Int32)] {
      let name = "signal-\(number)"
      let process = try program.start(arguments(name) + ["--epochs", "500"])
      try process.run()
      usleep(900_000)
      kill(process.processIdentifier, number)
      process.waitUntilExit()
      #expect(process.terminationStatus == status)
      let path = "\(program.folder)/runs/\(name)/checkpoints/last.safetensors"
      #expect(FileManager.default.fileExists(atPath: path))
    }
  }

  @Test func keepsASecondTrainingOut() throws {
    defer { program.clean() }
    let process = try program.start(arguments("busy") + ["--epochs", "500"])
    try process.run()
    usleep(700_000)
    let second = try program.run(["resume", program.folder + "/runs/busy"])
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(second.status == 73, "\(second.errors)")
    #expect(second.errors.contains("process \(process.processIdentifier)"))
  }
}

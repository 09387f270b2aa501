import Crypto
import Foundation
import SmootCheckpoints
import Testing

/// `smoot export` as a person meets it.
@Suite(.serialized) struct ExportTests {
  private let program: Program

  init() throws { program = try Program() }

  private func json(_ text: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private func train(_ name: String, _ flags: [String] = []) throws -> String {
    let result = try program.run(program.training + ["--name", name] + flags)
    #expect(result.status == 0, "\(result.errors)")
    return "\(program.folder)/runs/\(name)"
  }

  @Test(arguments: ["safetensors", "onnx", "npz"]) func writesEveryFormat(_ format: String) throws {
    defer { program.clean() }
    let run = try train("plain")
    let result = try program.run(["export", run, "--format", format, "--json"])
    #expect(result.status == 0, "\(result.errors)")
    let report = try json(result.output)
    let path = "\(program.folder)/plain.\(format)"
    let content = try Data(contentsOf: URL(filePath: path))
    let digest = SHA256.hash(data: content).map { String(format: "%02x", $0) }.joined()
    #expect(report["path"] as? String == "plain.\(format)")
    #expect(report["bytes"] as? Int == content.count && report["sha256"] as? String == digest)
    #expect(report["weights"] as? String == "plain" && report["tensors"] as? Int == 8)

    // What is there stays, unless told otherwise; then the same model gives the same bytes.
    let again = try program.run(["export", run, "--format", format])
    #expect(again.status == 73 && again.errors.contains("--force"))
    let forced = try program.run(["export", run, "--format", format, "--force"])
    #expect(forced.status == 0 && forced.output.contains(digest))
    let files = try FileManager.default.contentsOfDirectory(atPath: program.folder).sorted()
    #expect(files == ["data", "plain.\(format)", "runs"])
  }

  @Test func choosesWeights() throws {
    defer { program.clean() }
    let (plain, averaged) = (try train("plain"), try train("averaged", ["--ema", "0.9"]))
    func weights(_ run: String, _ choice: String) throws -> Data? {
      let path = "\(program.folder)/file.safetensors"
      let result = try program.run([
        "export", run, "--format", "safetensors", "--output", path, "--force", "--weights", choice,
      ])
      #expect(result.status == 0, "\(result.errors)")
      let file = try TensorFile(contentsOf: path)
      let said = try #require(file.metadata["weights"])
      #expect(result.output.contains("weights \(said)"))
      #expect((said == "ema") == (run == averaged && choice != "plain"))
      return file.entries["fc2.weight"]?.data
    }
    #expect(try weights(averaged, "auto") == weights(averaged, "ema"))
    #expect(try weights(averaged, "auto") != weights(averaged, "plain"))
    #expect(try weights(plain, "auto") == weights(plain, "plain"))
    // The average goes along but changes no step.
    #expect(try weights(averaged, "plain") == weights(plain, "plain"))
    let refused = try program.run(["export", plain, "--format", "npz", "--weights", "ema"])
    #expect(refused.status == 65 && refused.errors.contains("--ema"), "\(refused.errors)")
    #expect(!FileManager.default.fileExists(atPath: program.folder + "/plain.npz"))
  }

  /// What was exported is a model of smoot again, with the same accuracy, and says which weights it has.
  @Test func comesBack() throws {
    defer { program.clean() }
    let run = try train("averaged", ["--ema", "0.9"])
    let path = program.folder + "/model.safetensors"
    _ = try program.run(["export", run, "--format", "safetensors", "--output", path])
    func score(_ model: String) throws -> [Double?] {
      let data = ["--data", program.folder + "/data"]
      let report = try json(program.run(["evaluate", model, "--json"] + data).output)
      return [report["accuracy"] as? Double, report["loss"] as? Double]
    }
    #expect(try score(path) == score(run))
    let second = try program.run(["export", path, "--format", "npz", "--json"])
    #expect(try json(second.output)["weights"] as? String == "ema")
  }

  @Test func saysWhatIsWrong() throws {
    defer { program.clean() }
    let run = try train("plain")
    let checkpoint = run + "/checkpoints/last.safetensors"
    let before = try Data(contentsOf: URL(filePath: checkpoint))
    let mistakes: [([String], Int32, String)] = [
      (["export", run], 64, "--format"), (["export", run, "--format", "pth"], 64, "pth"),
      (["export", run, "--format", "npz", "--weights", "best"], 64, "best"),
      (["export", program.folder + "/none", "--format", "npz"], 66, "none"),
      (["export", run, "--format", "npz", "--output", program.folder], 73, "exists already"),
      (["export", run, "--format", "npz", "--output", "none/file.npz"], 74, "none/file.npz"),
      (
        [
          "export", checkpoint, "--format", "safetensors", "--force", "--output",
          run + "/checkpoints/../checkpoints/last.safetensors",
        ], 73, "the model itself"
      ),
    ]
    for (arguments, status, part) in mistakes {
      let result = try program.run(arguments)
      #expect(result.status == status, "\(arguments.suffix(3)): \(result.status) \(result.errors)")
      #expect(result.errors.contains(part), "\(arguments.suffix(3)): \(result.errors)")
    }
    #expect(try Data(contentsOf: URL(filePath: checkpoint)) == before)

    // A disk without room leaves nothing behind.
    for format in ["safetensors", "onnx", "npz"] {
      let full = try program.run(["export", run, "--format", format], fileLimit: 64)
      #expect(full.status == 74, "\(full.errors)")
    }
    let left = try FileManager.default.contentsOfDirectory(atPath: program.folder).sorted()
    #expect(left == ["data", "runs"])
  }
}

import Foundation
import SmootAutodiff
import SmootCheckpoints
import SmootExport
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

/// onnxruntime's logits against smoot's, by Scripts/reference/check_onnx.py.
@Suite(
  .serialized,
  .enabled(
    if: Python.hasRuntime,
    "no Python with onnx, onnxruntime and numpy; SMOOT_PYTHON may name one"))
struct ONNXRuntimeTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let channels: Int
    let side: Int
    var options = ModelOptions()
    var testDescription: String { "\(name) \(channels)x\(side)x\(side)" }
  }

  private static func options(distilled: Bool, resize: Interpolation?) -> ModelOptions {
    var options = ModelOptions()
    options.isDistilled = distilled
    if let resize { (options.resize, options.interpolation) = (48, resize) }
    return options
  }

  private static func head(
    _ kind: FeatureHead.Kind, _ readout: FeatureHead.Readout, cells: Int? = nil
  ) -> ModelOptions {
    var options = ModelOptions()
    (options.head, options.readout, options.headCells) = (kind, readout, cells)
    return options
  }

  @Test(arguments: [
    Case(name: "cnn", channels: 1, side: 28), Case(name: "cnn", channels: 3, side: 32),
    Case(name: "vit-micro", channels: 3, side: 32), Case(name: "vit-tiny", channels: 3, side: 32),
    Case(name: "vit-tiny", channels: 3, side: 224), Case(name: "resnet18", channels: 3, side: 32),
    Case(name: "resnet18", channels: 3, side: 224), Case(name: "resnet50", channels: 3, side: 32),
    Case(name: "resnet50", channels: 3, side: 224),
    Case(
      name: "vit-micro", channels: 3, side: 32, options: options(distilled: true, resize: .bilinear)
    ),
    Case(name: "cnn", channels: 3, side: 32, options: options(distilled: false, resize: .bicubic)),
    Case(name: "cnn", channels: 1, side: 28, options: head(.dropkey, .flatten, cells: 4)),
    Case(name: "cnn", channels: 3, side: 32, options: head(.dropout, .mean)),
    Case(name: "resnet18", channels: 3, side: 64, options: head(.dropkey, .mean)),
  ])
  func givesTheSameLogits(_ example: Case) throws {
    let folder = try TemporaryFolder()
    let size = ImageSize(channels: example.channels, height: example.side, width: example.side)
    let model = try exampleModel(example.name, size, options: example.options)
    let images = scrambled(Shape([9] + size.dimensions), 0.5)
    let logits = model.logits(.init(images), .evaluation()).value
    let paths = ["model.onnx", "inputs.npy", "logits.npy"].map(folder.file)
    let description = exampleDescription(example.name, size)
    _ = try ModelExport.write(model, description, as: .onnx, to: paths[0])
    try NPYFile.write(images, to: paths[1])
    try NPYFile.write(logits, to: paths[2])
    let scale = logits.scalars.reduce(Float(1)) { max($0, abs($1)) }
    let result = try Python.run(
      [Python.script("check_onnx.py")] + paths + ["--tolerance", "\(1e-4 * scale)"])
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains("\"images\": 9"))
    #expect(try folder.names == ["inputs.npy", "logits.npy", "model.onnx"])
  }
}

/// The Python of `SMOOT_PYTHON`, or python3.
enum Python {
  static let path = ProcessInfo.processInfo.environment["SMOOT_PYTHON"] ?? "python3"

  static let hasRuntime =
    (try? run(["-c", "import numpy, onnx, onnxruntime"]))?.status == 0

  /// A script of Scripts/reference.
  static func script(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Scripts/reference/\(name)").path
  }

  static func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [path] + arguments
    let pipe = Pipe()
    (process.standardOutput, process.standardError) = (pipe, pipe)
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}

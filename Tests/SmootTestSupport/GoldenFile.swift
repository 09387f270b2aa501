import Foundation
import SmootCheckpoints
public import SmootTensor

/// Reference numbers of another implementation; `Scripts/reference` makes them.
public struct GoldenFile {
  private let file: TensorFile

  /// Reads a fixture of a test target.
  public init(_ bundlePath: String, _ name: String) throws {
    file = try TensorFile(contentsOf: "\(bundlePath)/Fixtures/\(name).safetensors")
  }

  /// The tensor of a name.
  public func tensor(_ name: String) throws -> Tensor {
    guard let tensor = file.entries[name]?.tensor else { throw MissingGolden(name: name) }
    return tensor
  }

  /// A name that is not in the file.
  public struct MissingGolden: Error {
    let name: String
  }
}

/// The values that the reference scripts use as well: scale x sin(0.37 i + phase).
public func formula(_ shape: Shape, _ phase: Double, _ scale: Double = 1) -> Tensor {
  Tensor((0..<shape.count).map { Float(scale * sin(0.37 * Double($0) + phase)) }, shape: shape)
}

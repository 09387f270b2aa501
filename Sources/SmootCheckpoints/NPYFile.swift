package import Foundation
public import SmootTensor

/// Arrays for NumPy and whatever reads its files.
public enum NPYFile {
  /// Writes 32-bit floats.
  public static func write(_ tensor: Tensor, to path: String) throws(CheckpointError) {
    let content = content(
      type: "<f4", shape: tensor.shape.dimensions, tensor.withUnsafeElements { Data(buffer: $0) })
    try DurableFile.write(content, to: path)
  }

  /// Writes 64-bit integers.
  public static func write(_ values: [Int64], to path: String) throws(CheckpointError) {
    let content = content(
      type: "<i8", shape: [values.count], values.withUnsafeBufferPointer { Data(buffer: $0) })
    try DurableFile.write(content, to: path)
  }

  /// The bytes of a file.
  ///
  /// - Parameters:
  ///   - type: NumPy's name of the elements' type, such as `<f4`.
  ///   - shape: the extents.
  ///   - data: the elements, the last axis fastest.
  package static func content(type: String, shape: [Int], _ data: Data) -> Data {
    var file = header(type: type, shape: shape)
    file += data
    return file
  }

  /// What stands before the elements.
  ///
  /// - Parameters:
  ///   - type: NumPy's name of the elements' type, such as `<f4`.
  ///   - shape: the extents.
  package static func header(type: String, shape: [Int]) -> Data {
    let extents = shape.map { "\($0)," }.joined(separator: " ")
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(extents)), }"
    // Magic, version and length take 10 bytes; the data begin at a multiple of 64.
    while (10 + header.utf8.count + 1) % 64 != 0 { header += " " }
    header += "\n"
    let count = header.utf8.count
    var file = Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(count & 255), UInt8(count >> 8)])
    file += Data(header.utf8)
    return file
  }
}

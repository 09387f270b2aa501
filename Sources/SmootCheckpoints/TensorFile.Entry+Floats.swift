import Foundation
public import SmootTensor

extension TensorFile.Entry {
  /// The numbers as a tensor, converted from half precision, bfloat16 or double precision where they are of such a type; `nil` for other types.
  public var floats: Tensor? {
    let values: [Float]
    switch type {
    case "F32": return tensor
    case "F64": values = elements(Double.self).map { Float($0) }
    case "F16": values = elements(UInt16.self).map { Float(Float16(bitPattern: $0)) }
    case "BF16": values = elements(UInt16.self).map { Float(bitPattern: UInt32($0) << 16) }
    default: return nil
    }
    return Tensor(values, shape: Shape(shape))
  }

  private func elements<Element: BitwiseCopyable>(_ type: Element.Type) -> [Element] {
    data.withUnsafeBytes { bytes in
      let size = MemoryLayout<Element>.size
      return (0..<bytes.count / size).map {
        bytes.loadUnaligned(fromByteOffset: size * $0, as: type)
      }
    }
  }
}

import Foundation
import Smoot

/// An array in a file of NumPy, of which the needed numbers are read.
struct NPYArray {
  let path: String
  let shape: [Int]
  /// The numbers' type as NumPy names it.
  private let kind: String
  /// Bytes of a number.
  private let size: Int
  /// Where the numbers begin in the file.
  private let start: Int

  /// Looks at a file of floats (16, 32 or 64 bits) or bytes, in C order.
  ///
  /// - Throws: ``CommandError``, 66 when the file cannot be read and 65 when it does not hold such an array.
  init(_ path: String) throws(CommandError) {
    self.path = path
    let length = try Self.reading(path) { Int(try $0.seekToEnd()) }
    let header = try Self.header(path, length)
    kind = header.text.value(of: "descr")?.trimmingCharacters(in: ["'", "\""]) ?? ""
    guard let size = Self.sizes[kind] else {
      throw Self.bad(
        path, "expected numbers of type float32, float64, float16 or uint8, found \(kind)")
    }
    guard header.text.value(of: "fortran_order") == "False" else {
      throw Self.bad(
        path, "expected an array in C order, found Fortran's; save numpy.ascontiguousarray(maps)")
    }
    shape = try Self.shape(header.text, path)
    let product = shape.reduce((1, false)) { product, extent in
      let (value, isTooLarge) = product.0.multipliedReportingOverflow(by: extent)
      return (value, product.1 || isTooLarge)
    }
    let rest = length - header.end
    guard !product.1, rest % size == 0, product.0 == rest / size else {
      throw Self.bad(
        path, "expected the numbers of an array \(shape), found \(rest) bytes; is the file whole?")
    }
    self.size = size
    start = header.end
  }

  /// The numbers of some entries of the first axis.
  func values(_ entries: Range<Int>) throws(CommandError) -> [Float] {
    let width = shape.dropFirst().reduce(size, *)
    let data = try Self.bytes(
      path, from: start + entries.lowerBound * width, count: entries.count * width)
    guard data.count == entries.count * width else {
      throw Self.bad(path, "became shorter while it was read")
    }
    return Self.numbers(data, kind)
  }

  /// Some bytes of a file, fewer where it ends.
  private static func bytes(
    _ path: String, from start: Int, count: Int
  ) throws(CommandError) -> Data {
    try reading(path) { file in
      try file.seek(toOffset: UInt64(start))
      return try file.read(upToCount: count) ?? Data()
    }
  }

  private static func reading<Value>(
    _ path: String, _ body: (FileHandle) throws -> Value
  ) throws(CommandError) -> Value {
    do {
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? file.close() }
      return try body(file)
    } catch {
      throw CommandError("\(path): cannot be read", exitCode: 66)
    }
  }

  private static let sizes = [
    "<f4": 4, ">f4": 4, "<f8": 8, ">f8": 8, "<f2": 2, ">f2": 2, "|u1": 1,
  ]

  private static func bad(_ path: String, _ text: String) -> CommandError {
    CommandError("\(path): \(text)", exitCode: 65)
  }

  /// The header's text, and where the numbers begin.
  private static func header(
    _ path: String, _ length: Int
  ) throws(CommandError) -> (text: String, end: Int) {
    let bytes = [UInt8](try Self.bytes(path, from: 0, count: 12))
    guard bytes.count > 10, bytes.starts(with: [0x93] + Array("NUMPY".utf8)) else {
      throw bad(path, "expected a file of numpy.save (.npy), found something else")
    }
    let isLong = bytes[6] > 1
    guard !isLong || bytes.count == 12, bytes[6] <= 3 else {
      throw bad(path, "expected version 1, 2 or 3 of the format, found \(bytes[6])")
    }
    let start = isLong ? 12 : 10
    let end = (8..<start).reversed().reduce(0) { $0 << 8 | Int(bytes[$1]) } + start
    guard end <= length else { throw bad(path, "the header is not whole") }
    let text = try Self.bytes(path, from: start, count: end - start)
    return (String(decoding: text, as: UTF8.self), end)
  }

  private static func shape(_ header: String, _ path: String) throws(CommandError) -> [Int] {
    let words = header.value(of: "shape")?.split(separator: ",").map {
      Int($0.trimmingCharacters(in: .whitespaces))
    }
    guard let words, words.allSatisfy({ $0 ?? -1 >= 0 }) else {
      throw bad(path, "the header has no shape")
    }
    return words.compactMap(\.self)
  }

  private static func numbers(_ data: Data, _ kind: String) -> [Float] {
    data.withUnsafeBytes { bytes in
      func all<Word: FixedWidthInteger>(_ value: (Word) -> Float) -> [Float] {
        stride(from: 0, to: bytes.count, by: Word.bitWidth / 8).map { place in
          let word = bytes.loadUnaligned(fromByteOffset: place, as: Word.self)
          return value(kind.hasPrefix(">") ? Word(bigEndian: word) : Word(littleEndian: word))
        }
      }
      return switch kind.last {
      case "4": all { Float(bitPattern: $0) }
      case "8": all { Float(Double(bitPattern: $0)) }
      case "2": all { Self.half($0) }
      default: bytes.map { Float($0) }
      }
    }
  }

  /// A number of 16 bits (IEEE 754 binary16).
  private static func half(_ bits: UInt16) -> Float {
    let sign: Float = bits >> 15 == 0 ? 1 : -1
    let (exponent, fraction) = (Int(bits >> 10 & 31), Float(bits & 1023))
    switch exponent {
    case 0: return sign * Float(sign: .plus, exponent: -24, significand: fraction)
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default:
      return sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
    }
  }
}

extension String {
  /// What follows a key in the text of a Python dictionary, up to the comma or the closing bracket.
  fileprivate func value(of key: String) -> String? {
    guard let start = range(of: "'\(key)':")?.upperBound else { return nil }
    let rest = self[start...].drop { $0 == " " }
    if rest.first == "(" { return String(rest.dropFirst().prefix { $0 != ")" }) }
    return String(rest.prefix { $0 != "," && $0 != "}" }).trimmingCharacters(in: .whitespaces)
  }
}

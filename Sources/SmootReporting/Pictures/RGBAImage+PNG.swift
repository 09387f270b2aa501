import CPNG
public import Foundation

// libpng's simplified interface reports failure by a return value; its full interface jumps out of
// C functions, which must not cross Swift frames.
extension RGBAImage {
  /// The most pixels that are decoded, so that a small file cannot claim all memory.
  private static let pixelLimit = 1 << 28

  /// The picture as a PNG file; without alpha channel if it is opaque.
  public func pngData() throws -> Data {
    let opaque = isOpaque
    let pixels = opaque ? withoutAlpha() : bytes
    var description = Self.newDescription()
    description.width = UInt32(width)
    description.height = UInt32(height)
    description.format =
      UInt32(PNG_FORMAT_FLAG_COLOR) | (opaque ? 0 : UInt32(PNG_FORMAT_FLAG_ALPHA))
    // What does not compress grows by a few bytes a row and a few a block.
    var capacity = pixels.count + pixels.count / 512 + height * 8 + 4096
    for _ in 0..<2 {
      var size = capacity
      var data = Data(count: capacity)
      let written = data.withUnsafeMutableBytes { buffer in
        png_image_write_to_memory(&description, buffer.baseAddress, &size, 0, pixels, 0, nil)
      }
      if written != 0 { return data.prefix(size) }
      // Too small a buffer leaves the size that is needed.
      guard size > capacity else { break }
      capacity = size
    }
    throw ReportingError(.unexpected, "libpng cannot encode: \(Self.message(of: description))")
  }

  /// Writes the picture as a PNG file, whole or not at all.
  public func writePNG(to path: String) throws {
    try ReportFile.write(pngData(), to: path)
  }

  /// Decodes a PNG file of any kind to 8-bit RGBA.
  ///
  /// - Parameters:
  ///   - data: the file.
  ///   - name: what the file is called in errors.
  /// - Throws: ``ReportingError`` of kind `badData`.
  public init(pngData data: Data, name: String = "PNG data") throws {
    var description = Self.newDescription()
    defer { png_image_free(&description) }
    self = try data.withUnsafeBytes { buffer in
      guard png_image_begin_read_from_memory(&description, buffer.baseAddress, buffer.count) != 0
      else {
        throw ReportingError(
          .badData, "\(name): expected a PNG picture: \(Self.message(of: description))")
      }
      let width = Int(description.width)
      let height = Int(description.height)
      guard width * height <= Self.pixelLimit else {
        throw ReportingError(
          .badData,
          "\(name): expected at most \(Self.pixelLimit) pixels, found \(width) by \(height)")
      }
      description.format = UInt32(PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA)
      var bytes = [UInt8](repeating: 0, count: width * height * 4)
      guard png_image_finish_read(&description, nil, &bytes, 0, nil) != 0 else {
        throw ReportingError(
          .badData, "\(name): damaged PNG picture: \(Self.message(of: description))")
      }
      return RGBAImage(width: width, height: height, bytes: bytes)
    }
  }

  private static func newDescription() -> png_image {
    var description = png_image()
    description.version = UInt32(PNG_IMAGE_VERSION)
    return description
  }

  private static func message(of description: png_image) -> String {
    withUnsafeBytes(of: description.message) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  private func withoutAlpha() -> [UInt8] {
    var result = [UInt8]()
    result.reserveCapacity(width * height * 3)
    for start in stride(from: 0, to: bytes.count, by: 4) {
      result.append(bytes[start])
      result.append(bytes[start + 1])
      result.append(bytes[start + 2])
    }
    return result
  }
}

import CSmootPictures
import Foundation
package import SmootTensor

/// Reads one PNG or JPEG file, told by its content, to the extents that a network takes.
package enum PictureFile {
  /// Why a picture cannot be used: the place and the rule.
  package struct Failure: Error {
    package let reason: String
  }

  /// The name's endings that pictures have, in small letters.
  static let endings = [".png", ".jpg", ".jpeg"]

  /// Whether a name has the ending of a picture, in small or capital letters.
  static func isPicture(_ name: String) -> Bool {
    let name = name.lowercased()
    return endings.contains(where: name.hasSuffix)
  }

  /// Writes the pixel values [channels, height, width] of a picture.
  ///
  /// The picture is turned upright, scaled so that it just covers the extents (triangle filter) and cut out in the middle.
  package static func read(
    _ path: String, size: ImageSize, into planes: UnsafeMutablePointer<UInt8>
  ) throws(Failure) {
    precondition(size.channels == 1 || size.channels == 3, "pictures of \(size.channels) channels")
    var picture = try decode(path)
    defer { smoot_picture_free(&picture) }
    if size.channels == 1 { smoot_picture_make_grey(&picture) }
    guard smoot_picture_fit(&picture, Int32(size.height), Int32(size.width), planes) == 0 else {
      throw Failure(reason: "there is no memory for the picture")
    }
  }

  /// Decodes a whole picture and forgets it.
  static func check(_ path: String) throws(Failure) {
    var picture = try decode(path)
    smoot_picture_free(&picture)
  }

  private static func decode(_ path: String) throws(Failure) -> smoot_picture {
    let bytes = try content(of: path)
    defer { bytes.deallocate() }
    var picture = smoot_picture()
    guard smoot_picture_decode(bytes.baseAddress, bytes.count, &picture) == 0 else {
      let reason = withUnsafeBytes(of: picture.message) { message in
        String(decoding: message.prefix { $0 != 0 }, as: UTF8.self)
      }
      throw Failure(reason: reason)
    }
    return picture
  }

  /// The bytes of a regular file that is not too large; the caller deallocates them.
  private static func content(of path: String) throws(Failure) -> UnsafeMutableBufferPointer<UInt8>
  {
    // A pipe or a device must not make the program wait.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw Failure(reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    var information = stat()
    guard fstat(descriptor, &information) == 0 else {
      throw Failure(reason: String(cString: strerror(errno)))
    }
    guard information.st_mode & S_IFMT == S_IFREG else {
      throw Failure(reason: "expected a regular file, found \(kind(information.st_mode))")
    }
    let count = Int(information.st_size)
    guard count <= fileLimit else {
      throw Failure(reason: "\(count) bytes; a picture's file may have \(fileLimit) at most")
    }
    let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: count)
    var done = 0
    while done < count {
      let got = Foundation.read(descriptor, bytes.baseAddress.map { $0 + done }, count - done)
      if got < 0 && errno == EINTR { continue }
      guard got > 0 else {
        let reason = got < 0 ? String(cString: strerror(errno)) : "the file became shorter"
        bytes.deallocate()
        throw Failure(reason: reason)
      }
      done += got
    }
    return bytes
  }

  private static let fileLimit = 64 << 20

  private static func kind(_ mode: mode_t) -> String {
    switch mode & S_IFMT {
    case S_IFDIR: "a folder"
    case S_IFIFO: "a pipe"
    case S_IFSOCK: "a socket"
    default: "a device"
    }
  }
}

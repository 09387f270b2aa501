import Foundation
import SmootTensor
import Synchronization

/// Where the pixel values of a data set's images are.
enum PixelStorage: Sendable {
  /// In memory: [image, channels, height, width].
  case memory([UInt8])
  /// In a file of decoded pictures, read when needed.
  case file(PictureCacheFile, ReadFailure)
  /// In picture files, decoded when needed.
  case pictures(PictureList, ImageSize, ReadFailure)

  /// Keeps the first thing that went wrong while images were read in the middle of a job.
  final class ReadFailure: Sendable {
    private let error = Mutex<DatasetError?>(nil)

    /// What went wrong, if something did.
    var first: DatasetError? { error.withLock(\.self) }

    func note(_ error: DatasetError) {
      self.error.withLock { if $0 == nil { $0 = error } }
    }
  }

  /// How many images one task prepares; what must be decoded is spread over the threads one by one.
  var grain: Int {
    if case .pictures = self { 1 } else { 16 }
  }

  /// What went wrong while images were read, if something did.
  var failure: DatasetError? {
    switch self {
    case .memory: nil
    case .file(_, let failure), .pictures(_, _, let failure): failure.first
    }
  }

  /// Hands out the pixel values of images while a function runs.
  ///
  /// - Parameter values: how many values an image has.
  func withImages(values: Int, _ body: (PixelAccess) -> Void) {
    switch self {
    case .memory(let pixels):
      pixels.withUnsafeBufferPointer { body(PixelAccess(storage: self, values: values, base: $0)) }
    case .file, .pictures: body(PixelAccess(storage: self, values: values, base: nil))
    }
  }
}

/// The pixel values of images, while their storage is held.
struct PixelAccess {
  fileprivate let storage: PixelStorage
  fileprivate let values: Int
  fileprivate let base: UnsafeBufferPointer<UInt8>?

  /// How many bytes of scratch memory ``image(_:scratch:)`` needs.
  var scratchCount: Int { base == nil ? values : 1 }

  /// The values of an image [channels, height, width], in place or in the scratch memory.
  ///
  /// What cannot be read is black, and the storage's failure tells of it; see ``ImageDataset/checkReadable()``.
  func image(
    _ index: Int, scratch: UnsafeMutablePointer<UInt8>
  ) -> UnsafePointer<UInt8> {
    if let base, let start = base.baseAddress { return start + index * values }
    do throws(DatasetError) {
      switch storage {
      case .memory: break
      case .file(let file, _): try file.read(index, into: scratch)
      case .pictures(let list, let size, _):
        do throws(PictureFile.Failure) {
          try PictureFile.read(list.path(index), size: size, into: scratch)
        } catch {
          throw DatasetError.badPicture(
            BadPicture(index: index, path: list.path(index), reason: error.reason))
        }
      }
    } catch {
      scratch.update(repeating: 0, count: values)
      switch storage {
      case .memory: break
      case .file(_, let failure), .pictures(_, _, let failure): failure.note(error)
      }
    }
    return UnsafePointer(scratch)
  }
}

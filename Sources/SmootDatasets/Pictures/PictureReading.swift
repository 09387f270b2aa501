import Crypto
import SmootTensor

/// One pass over the pictures of a list: decodes each, finds the bad ones, and hashes those that are used.
struct PictureReading {
  private let list: PictureList
  private let options: ImageFolder.Options
  /// The pictures that cannot be used.
  private(set) var bad: [BadPicture] = []
  /// The pixel values of all pictures that are used, in their order.
  private(set) var hash = SHA256()

  init(list: PictureList, options: ImageFolder.Options) {
    self.list = list
    self.options = options
  }

  private var values: Int { options.size.channels * options.size.pixels }

  /// The pixel values of all pictures, bad ones black.
  mutating func intoMemory(_ progress: (Int, Int) -> Void) throws(DatasetError) -> [UInt8] {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(list.entries.count * values)
    try decode(progress) { (chunk) throws(DatasetError) in pixels.append(contentsOf: chunk) }
    return pixels
  }

  /// Decodes all pictures without keeping them.
  mutating func forgetting(_ progress: (Int, Int) -> Void) throws(DatasetError) {
    try decode(progress) { (_) throws(DatasetError) in }
  }

  /// The file of an earlier run if it is sound, or a new one.
  mutating func intoFile(
    _ progress: (Int, Int) -> Void
  ) throws(DatasetError) -> PictureCacheFile {
    let path = try PictureCacheFile.path(for: list, size: options.size)
    if let file = open(path) { return file }
    let count = list.entries.count
    let writer = try PictureCacheFile.Writer(path: path, count: count, values: values)
    try decode(progress) { (chunk) throws(DatasetError) in
      try writer.append(UnsafeRawBufferPointer(chunk))
    }
    try writer.finish(bad: bad.map(\.index))
    guard let file = PictureCacheFile(path: path, count: count, values: values) else {
      throw .unreadable(path: path, reason: "cannot be read right after it was written")
    }
    return file
  }

  private mutating func open(_ path: String) -> PictureCacheFile? {
    let excluded = options.excluded ?? []
    var hash = SHA256()
    let file = PictureCacheFile(path: path, count: list.entries.count, values: values) {
      index, isBad, picture in
      if !isBad && !excluded.contains(index) { hash.update(bufferPointer: picture) }
    }
    guard let file else { return nil }
    var bad: [BadPicture] = []
    for index in file.bad {
      do throws(PictureFile.Failure) {
        try PictureFile.check(list.path(index))
        return nil
      } catch {
        bad.append(
          BadPicture(index: index, path: list.entries[index].path, reason: error.reason))
      }
    }
    (self.hash, self.bad) = (hash, bad)
    return file
  }

  /// Decodes all pictures, a chunk at a time on all threads, and hands the chunks on.
  private mutating func decode(
    _ progress: (Int, Int) -> Void,
    _ sink: (UnsafeBufferPointer<UInt8>) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    let (values, size, list) = (self.values, options.size, self.list)
    let excluded = options.excluded ?? []
    let count = list.entries.count
    let chunk = UnsafeMutablePointer<UInt8>.allocate(
      capacity: max(1, min(count, PictureList.chunk) * values))
    defer { chunk.deallocate() }
    // Safe to share: each task writes the values of a picture of its own.
    nonisolated(unsafe) let start = chunk
    var hash = SHA256()
    bad = try list.inChunks(
      progress: { progress($0, count) },
      endOfChunk: { (places, bad) throws(DatasetError) in
        for index in places where !bad.contains(index) && !excluded.contains(index) {
          let picture = start + (index - places.lowerBound) * values
          hash.update(bufferPointer: UnsafeRawBufferPointer(start: picture, count: values))
        }
        try sink(UnsafeBufferPointer(start: start, count: places.count * values))
      },
      { index in
        let target = start + index % PictureList.chunk * values
        do throws(PictureFile.Failure) {
          try PictureFile.read(list.path(index), size: size, into: target)
          return nil
        } catch {
          target.update(repeating: 0, count: values)
          return error.reason
        }
      })
    self.hash = hash
  }
}

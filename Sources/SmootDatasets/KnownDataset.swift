public import SmootTensor

/// A data set that smoot knows by name: its files, where they come from and what they hold.
public struct KnownDataset: Sendable {
  /// One file as it is fetched.
  public struct File: Sendable {
    /// Its name, also in the data set's folder.
    public let name: String
    /// How many bytes it may have at most; mirrors compress differently.
    public let limit: Int
    /// The digest that it must have.
    public let digest: Digest

    /// Describes a file.
    public init(name: String, limit: Int, digest: Digest) {
      self.name = name
      self.limit = limit
      self.digest = digest
    }
  }

  /// How a file is verified.
  public enum Digest: Sendable, Equatable {
    /// SHA-256 of the inflated content, in hexadecimal digits: mirrors compress differently.
    case contentSHA256(String)
    /// SHA-256 of the file as it is, in hexadecimal digits.
    case fileSHA256(String)
  }

  /// How the files are organized.
  public enum Layout: Sendable {
    /// The four gzipped IDX files of MNIST.
    case idx
    /// Binary records of CIFAR: `labelBytes` labels, of which number `label` counts, then a plane for each channel.
    case records(folder: String, labelBytes: Int, label: Int, training: [String], test: [String])
  }

  /// The name in commands.
  public let name: String
  /// What it is, in a few words.
  public let summary: String
  /// The extents of its images.
  public let size: ImageSize
  /// The classes' names.
  public let classNames: [String]
  /// The usual normalization.
  public let normalization: Normalization
  /// How many images there are for training and for testing.
  public let counts: (training: Int, test: Int)
  /// How the files are organized.
  public let layout: Layout
  /// The files to fetch.
  public let files: [File]
  /// Addresses of the folder of the files, tried in turn.
  public let mirrors: [String]
  /// What a person without network access can do.
  public let advice: String

  /// Describes a data set.
  public init(
    name: String, summary: String, size: ImageSize, classNames: [String],
    normalization: Normalization, counts: (training: Int, test: Int), layout: Layout,
    files: [File], mirrors: [String], advice: String
  ) {
    self.name = name
    self.summary = summary
    self.size = size
    self.classNames = classNames
    self.normalization = normalization
    self.counts = counts
    self.layout = layout
    self.files = files
    self.mirrors = mirrors
    self.advice = advice
  }
}

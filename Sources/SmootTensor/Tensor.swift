/// An array of 32-bit floating point numbers with a shape.
///
/// What an operation has rounded may lie in memory as numbers of 16 bits, and is read as floats all the same.
///
/// The elements lie in one piece of memory, the last axis fastest. Tensors are values: a copy shares its memory with the original until one of them is
/// changed. They are deliberately not `Sendable`; a parallel loop hands out pointers to parts that do not overlap.
public struct Tensor {
  /// The extents of the tensor.
  public let shape: Shape
  var storage: TensorStorage

  init(shape: Shape, storage: TensorStorage) {
    self.shape = shape
    self.storage = storage
  }

  /// Makes a tensor and lets a function write all of its elements, which begin undefined.
  package init(
    uninitialized shape: Shape, _ initialize: (UnsafeMutablePointer<Float>) throws -> Void
  ) rethrows {
    self.shape = shape
    storage = TensorStorage(count: shape.count)
    try initialize(storage.start)
  }

  /// Makes a tensor from its elements.
  ///
  /// - Parameters:
  ///   - values: the elements, the last axis fastest.
  ///   - shape: the extents.
  /// - Precondition: there are as many values as the shape has elements.
  public init(_ values: [Float], shape: Shape) {
    precondition(
      values.count == shape.count, "\(values.count) values do not fill a tensor of shape \(shape)")
    self.init(uninitialized: shape) { elements in
      values.withUnsafeBufferPointer { source in
        if let start = source.baseAddress { elements.update(from: start, count: values.count) }
      }
    }
  }

  /// Makes a tensor of one repeated number.
  public init(repeating value: Float, shape: Shape) {
    self.init(uninitialized: shape) { $0.update(repeating: value, count: shape.count) }
  }

  /// Makes a tensor without axes, which holds one number.
  public init(_ scalar: Float) { self.init(repeating: scalar, shape: []) }

  /// A tensor of zeros.
  public static func zeros(_ shape: Shape) -> Tensor { Tensor(repeating: 0, shape: shape) }

  /// How many elements there are.
  public var count: Int { storage.count }

  /// The elements in memory order, as a copy.
  public var scalars: [Float] { withUnsafeElements { Array($0) } }

  /// The only element.
  ///
  /// - Precondition: there is exactly one.
  public var scalar: Float {
    precondition(count == 1, "a tensor of shape \(shape) is not a single number")
    return withUnsafeElements { $0[0] }
  }

  /// The same elements under another shape, without a copy.
  ///
  /// - Precondition: both shapes have the same number of elements.
  public func reshaped(to shape: Shape) -> Tensor {
    precondition(
      shape.count == count, "a tensor of shape \(self.shape) cannot be reshaped to \(shape)")
    return Tensor(shape: shape, storage: storage)
  }

  /// Calls a function with the elements in memory order.
  public func withUnsafeElements<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeBufferPointer(storage.elements))
  }

  /// Calls a function that may change the elements; memory shared with other tensors is copied first.
  public mutating func withUnsafeMutableElements<Result, Failure: Error>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    makeUnique()
    defer { withExtendedLifetime(storage) {} }
    return try body(storage.elements)
  }

  /// Gives this tensor memory of its own in which its elements lie as numbers of a precision, copying what it shares, before they change.
  mutating func makeUnique(_ precision: Precision = .float32) {
    if self.precision != precision { self = converted(to: precision) }
    guard !isKnownUniquelyReferenced(&storage) else {
      storage.forgetForms()
      return
    }
    let copy = TensorStorage(count: count, precision)
    copy.address.copyMemory(from: storage.address, byteCount: count * precision.byteCount)
    storage = copy
  }
}

extension Tensor: CustomStringConvertible {
  /// The shape and the first few elements.
  public var description: String {
    let shown = withUnsafeElements { $0.prefix(8).map { "\($0)" } }.joined(separator: ", ")
    return "Tensor\(shape) [\(shown)\(count > 8 ? ", ..." : "")]"
  }
}

import CSmootKernels
import Synchronization

/// The memory of one or more tensors, from the pool and back to it.
final class TensorStorage {
  /// In which numbers the elements lie there.
  let precision: Precision
  /// How many they are.
  let count: Int
  /// The address of the first element, valid for as long as this object lives.
  let address: UnsafeMutableRawPointer
  /// Other forms of the numbers; kept only as long as the numbers stay as they are.
  private var forms: [PackedForm: TensorStorage] = [:]
  private let forming = Mutex(())
  private let capacity: Int

  /// Memory for `count` numbers, their values undefined.
  init(count: Int, _ precision: Precision = .float32) {
    (self.count, self.precision) = (count, precision)
    capacity = MemoryPool.capacity(for: count * precision.byteCount)
    address = MemoryPool.take(capacity: capacity)
  }

  /// The address of the first of the numbers as floats.
  var start: UnsafeMutablePointer<Float> {
    floats.address.assumingMemoryBound(to: Float.self)
  }

  /// The numbers as floats.
  var floats: TensorStorage {
    switch precision {
    case .float32: self
    case .bfloat16: form(PackedForm(order: .same, precision: .float32), make: widened)
    }
  }

  /// The address of the first of numbers that lie there as bfloat16.
  var halves: UnsafeMutablePointer<UInt16> {
    precondition(precision == .bfloat16, "these numbers are floats")
    return address.assumingMemoryBound(to: UInt16.self)
  }

  /// The elements in memory order.
  var elements: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: start, count: count)
  }

  /// A form of the numbers; of several threads that ask for it the first makes it, and the others wait.
  func form(_ form: PackedForm, make: () -> TensorStorage) -> TensorStorage {
    var result: TensorStorage?
    forming.withLock { _ in
      result = forms[form] ?? make()
      forms[form] = result
    }
    return result ?? make()
  }

  /// Forgets the forms, because the numbers change.
  func forgetForms() { forms = [:] }

  private func widened() -> TensorStorage {
    let floats = TensorStorage(count: count)
    let (source, target) = (halves, floats.start)
    parallelRanges(count, grain: 32768) {
      smoot_bfloat16_to_f32($0.count, source + $0.lowerBound, target + $0.lowerBound)
    }
    return floats
  }

  /// The same numbers rounded.
  func rounded() -> TensorStorage {
    let result = TensorStorage(count: count, .bfloat16)
    let (source, target) = (start, result.halves)
    parallelRanges(count, grain: 32768) {
      smoot_bfloat16_from_f32($0.count, source + $0.lowerBound, target + $0.lowerBound)
    }
    return result
  }

  deinit { MemoryPool.give(address, capacity: capacity) }
}

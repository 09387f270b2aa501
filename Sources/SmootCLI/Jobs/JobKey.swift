import Crypto
import Foundation
import Smoot

/// Makes names for results from all that they depend on.
struct JobKey {
  private var hash = SHA256()

  /// The digest of what a function adds.
  static func digest<Failure: Error>(
    _ add: (inout JobKey) throws(Failure) -> Void
  ) throws(Failure) -> String {
    var key = JobKey()
    try add(&key)
    return key.hash.finalize().prefix(16).hexadecimalDigits
  }

  mutating func add(_ text: String) {
    hash.update(data: Data("\(text.utf8.count):\(text)".utf8))
  }

  mutating func add(_ values: [Float]) {
    values.withUnsafeBytes { hash.update(bufferPointer: $0) }
  }

  mutating func add(_ values: [Int]) { add(values.map(String.init).joined(separator: ",")) }

  /// Options in the order of their names.
  mutating func add(_ options: [String: String]) {
    for (name, value) in options.sorted(by: { $0.key < $1.key }) {
      add(name)
      add(value)
    }
  }

  /// Choices that are saved as JSON, with the keys in order.
  mutating func add(encoding choices: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    add(String(decoding: try encoder.encode(choices), as: UTF8.self))
  }

  /// A model: what the network is, of which not everything shows in its weights, and these.
  mutating func add(_ loaded: LoadedModel) {
    let description = loaded.description
    add("\(description.model) \(description.options)")
    add("\(description.inputSize) \(description.normalization)")
    add(loaded.convolution.rawValue)
    let model = loaded.model
    for parameter in model.parameters + model.buffers {
      add(parameter.name)
      parameter.value.withUnsafeElements { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
    }
  }
}

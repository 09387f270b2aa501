import Foundation
package import SmootTensor

/// An array of 32-bit floats for NumPy, written piece by piece along its first axis.
///
/// The file has its name when it is finished; one that is not finished leaves nothing.
package final class NPYWriter {
  private let file: PendingFile
  private let shape: [Int]
  private var rows = 0

  /// Begins a file.
  ///
  /// - Parameters:
  ///   - path: where it goes; its folder exists.
  ///   - shape: the extents of the whole array.
  /// - Throws: ``CheckpointError/unwritable(path:reason:)``.
  package init(_ path: String, shape: [Int]) throws(CheckpointError) {
    file = try PendingFile(path)
    self.shape = shape
    try file.sink.write(NPYFile.header(type: "<f4", shape: shape))
  }

  /// Writes the next rows.
  ///
  /// - Parameter tensor: some rows, with the extents of the array in all other axes.
  /// - Throws: ``CheckpointError/unwritable(path:reason:)``.
  package func append(_ tensor: Tensor) throws(CheckpointError) {
    let extents = tensor.shape.dimensions
    precondition(
      extents.dropFirst() == shape.dropFirst() && rows + extents[0] <= shape[0],
      "\(extents) after \(rows) rows is not a piece of \(shape)")
    rows += extents[0]
    try file.sink.write(tensor.withUnsafeElements { Data(buffer: $0) })
  }

  /// Gives the file its name.
  ///
  /// - Throws: ``CheckpointError/unwritable(path:reason:)``.
  package func finish() throws(CheckpointError) {
    precondition(rows == shape[0], "\(rows) rows were written of \(shape)")
    try file.finish()
  }
}

import CSmootKernels
import SmootTensor

/// A branch of a transformer block: layer normalization, an inner linear map, attention or GELU, and an outer linear map, perhaps added to the branch's input.
///
/// A piece of the rows is computed from end to end while it is in the cache. What the gradient needs reaches memory in the form in which it is multiplied: the normalized rows, what
/// lies between the maps, and, on the way back, the gradients between them.
struct TransformerBranch<Middle: BranchMiddle>: Operation {
  typealias Number = Middle.Number

  var name: String { "layer norm, linear, \(Middle.name), linear" }
  /// [rows, width].
  let input: Tensor
  /// [width].
  let scale: Tensor
  /// [2, rows]: the means, and 1 / sqrt(variance + epsilon).
  let statistics: Tensor
  /// The weight of the inner map, [inner outputs, width].
  let inner: Tensor
  /// The weight of the outer map, [outputs, outer inputs].
  let outer: Tensor
  /// What the inner map reads, [rows, width], where the gradient of its weight is wanted.
  let normalized: OuterFactor<Number>?
  /// What the outer map reads, [kept rows, outer inputs], where the gradient of its weight is wanted.
  let between: OuterFactor<Number>?
  let middle: Middle
  let pieces: BranchPieces
  /// Whether the input is added to the result.
  let addsInput: Bool

  /// Computes the branch.
  ///
  /// - Parameter isRecorded: whether there will be a gradient; without one memory is used again.
  static func forward(
    _ input: Tensor, _ maps: BranchParameters, _ middle: Middle, _ pieces: BranchPieces,
    addsInput: Bool, isRecorded: Bool
  ) -> (operation: TransformerBranch, output: Tensor) {
    let (inner, outer) = (maps.inner.value, maps.outer.value)
    let (width, outputs, depth) = (inner.shape[1], outer.shape[0], outer.shape[1])
    let innerProduct = RowProduct<Number>(of: pieces.length, inner, isTransposed: true)
    let outerProduct = RowProduct<Number>(of: pieces.kept, outer, isTransposed: true)
    let normalized: OuterFactor<Number>? =
      maps.inner.tape == nil
      ? nil : OuterFactor(rows: pieces.rows, columns: width, piece: pieces.length, .right)
    let between: OuterFactor<Number>? =
      maps.outer.tape == nil
      ? nil : OuterFactor(rows: pieces.keptRows, columns: depth, piece: pieces.kept, .right)
    var statistics = Tensor(uninitialized: [2, pieces.rows]) { _ in }
    let extents = BranchMemory.Extents(
      staging: pieces.length * max(width, inner.shape[0], depth), inner: pieces.length * width,
      outer: pieces.kept * depth, scratch: middle.scratchCount)
    let output = Tensor(uninitialized: [pieces.keptRows, outputs]) { output in
      statistics.withMutablePointer { statistics in
        withPointers(input, maps.scale.value, maps.shift.value) { input, scale, shift in
          withPointers(maps.innerBias.value, maps.outerBias.value) { innerBias, outerBias in
            pieces.forEach(extents) { piece, memory in
              let (part, row) = (piece.place.part, piece.place.row)
              let x = input + row * width
              let scratch = (memory.inner(Number.self), memory.outer(Number.self))
              let read = normalized?.rows(ofPiece: part, scratch: scratch.0) ?? scratch.0
              Number.keep(piece.rows * width, in: read, staging: memory.staging) {
                smoot_layer_norm_forward_f32(
                  piece.rows, width, x, scale, shift, maps.epsilon, $0, statistics + row,
                  statistics + pieces.rows + row)
              }
              normalized?.takeUp(piece.rows, ofPiece: part, read)
              let combined = between?.rows(ofPiece: part, scratch: scratch.1) ?? scratch.1
              middle.forward(
                piece.rows, at: isRecorded ? piece.place : piece.sharedPlace, into: combined, memory
              ) { innerProduct(read, 0..<piece.rows, bias: innerBias, into: $0) }
              between?.takeUp(piece.keptRows, ofPiece: part, combined)
              outerProduct(
                combined, 0..<piece.keptRows, bias: outerBias, adding: addsInput ? x : nil,
                into: output + piece.keptRow * outputs)
            }
          }
        }
      }
    }
    return (
      TransformerBranch(
        input: input, scale: maps.scale.value, statistics: statistics, inner: inner, outer: outer,
        normalized: normalized, between: between, middle: middle, pieces: pieces,
        addsInput: addsInput), output
    )
  }

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    let (width, innerOutputs, outputs) = (scale.count, inner.shape[0], outer.shape[0])
    let innerGradients: OuterFactor<Number>? =
      needs[3]
      ? OuterFactor(rows: pieces.rows, columns: innerOutputs, piece: pieces.length, .left) : nil
    let outerGradients: OuterFactor<Number>? =
      needs[5] ? OuterFactor(gradient, piece: pieces.kept) : nil
    let sent = sentBack(
      gradient, innerGradients, outerGradients, wantsInput: needs[0],
      wantsSums: [1, 2, 4, 6].contains { needs[$0] })
    func sum(_ start: Int, _ count: Int, _ isWanted: Bool) -> Tensor? {
      isWanted ? sent.sums?.sliced(axis: 0, start..<start + count) : nil
    }
    func product(_ gradients: OuterFactor<Number>?, _ read: OuterFactor<Number>?) -> Tensor? {
      gradients.flatMap { gradients in read.map(gradients.transposedProduct) }
    }
    return [
      sent.input, sum(0, width, needs[1]), sum(width, width, needs[2]),
      product(innerGradients, normalized), sum(2 * width, innerOutputs, needs[4]),
      product(outerGradients, between), sum(2 * width + innerOutputs, outputs, needs[6]),
    ]
  }

  /// The gradient of the input, and those of the normalization's scale and shift and of both biases, one after the other; writes the gradients of what the maps give.
  private func sentBack(
    _ gradient: Tensor, _ innerGradients: OuterFactor<Number>?,
    _ outerGradients: OuterFactor<Number>?, wantsInput: Bool, wantsSums: Bool
  ) -> (input: Tensor?, sums: Tensor?) {
    let (width, innerOutputs) = (scale.count, inner.shape[0])
    let (outputs, depth) = (outer.shape[0], outer.shape[1])
    let outerProduct = RowProduct<Number>(of: pieces.kept, outer, isTransposed: false)
    let innerProduct = RowProduct<Number>(of: pieces.length, inner, isTransposed: false)
    let sumCount = 2 * width + innerOutputs + outputs
    var sums = Tensor.zeros([wantsSums ? pieces.count : 0, sumCount])
    var result = Tensor(uninitialized: wantsInput ? input.shape : [0]) { _ in }
    let extents = BranchMemory.Extents(
      staging: pieces.length * max(width, innerOutputs), inner: pieces.length * innerOutputs,
      outer: pieces.kept * outputs, between: pieces.kept * depth, scratch: middle.scratchCount)
    sums.withMutablePointer { sums in
      result.withMutablePointer { result in
        withPointers(input, scale, statistics, gradient) { input, scale, statistics, gradient in
          pieces.forEach(extents) { piece, memory in
            let (part, row) = (piece.place.part, piece.place.row)
            let upstream = gradient + piece.keptRow * outputs
            let own = wantsSums ? sums + part * sumCount : nil
            let arriving = Number.numbers(
              upstream, piece.keptRows * outputs, room: memory.outer(Number.self))
            outerGradients?.takeUp(piece.keptRows, ofPiece: part, arriving)
            if let own {
              smoot_column_sums_f32(
                piece.keptRows, outputs, upstream, own + 2 * width + innerOutputs)
            }
            outerProduct(arriving, 0..<piece.keptRows, into: memory.between)
            let scratch = memory.inner(Number.self)
            let leaving = innerGradients?.rows(ofPiece: part, scratch: scratch) ?? scratch
            middle.backward(
              piece.rows, at: piece.place, memory.between, into: leaving,
              sums: own.map { $0 + 2 * width }, memory)
            innerGradients?.takeUp(piece.rows, ofPiece: part, leaving)
            guard wantsInput || wantsSums else { return }
            innerProduct(leaving, 0..<piece.rows, into: memory.staging)
            /// Some rows on their way through the normalization, to which what has come past the branch is added.
            func normalize(_ rows: Range<Int>, adding addend: UnsafePointer<Float>?) {
              let (first, place) = (row + rows.lowerBound, (row + rows.lowerBound) * width)
              smoot_layer_norm_backward_f32(
                rows.count, width, input + place, scale, statistics + first,
                statistics + pieces.rows + first, memory.staging + rows.lowerBound * width, addend,
                wantsInput ? result + place : nil, own, own.map { $0 + width })
            }
            let past = addsInput ? piece.keptRows : 0
            normalize(0..<past, adding: upstream)
            normalize(past..<piece.rows, adding: nil)
          }
        }
      }
    }
    guard wantsSums else { return (wantsInput ? result : nil, nil) }
    let total = Tensor(uninitialized: [sumCount]) { total in
      total.update(repeating: 0, count: sumCount)
      withPointers(sums) { smoot_column_sums_f32(pieces.count, sumCount, $0, total) }
    }
    return (wantsInput ? result : nil, total)
  }
}

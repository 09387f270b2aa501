import Foundation
import SmootTensor

/// A measure of how far the masked prediction q lies from the clean prediction p.
public enum DivergenceKind: String, Sendable, Codable, CaseIterable {
  /// KL(p || q) = sum p (log p - log q): equation 6 of SMOOT and the loss of SGT.
  case forward
  /// KL(q || p).
  case reverse
  /// The Jensen-Shannon divergence: the mean of KL(p || m) and KL(q || m) with m = (p + q) / 2.
  case jensenShannon = "js"
}

/// The mean divergence between the softmax of two batches of logits.
struct Divergence: Operation {
  let name = "divergence"
  /// The gradients of the mean with respect to either batch of logits.
  let slopes: [Tensor]

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    zip(slopes, needs).map { slope, isNeeded in isNeeded ? slope * gradient.scalar : nil }
  }
}

extension Variable {
  /// The mean over the rows of the divergence between softmax(self) = p, the clean prediction, and softmax(masked) = q.
  ///
  /// Gradients flow into both; detach one to stop them.
  ///
  /// - Parameters:
  ///   - masked: logits of the same shape.
  ///   - kind: which divergence.
  /// - Returns: one number, not negative but for rounding.
  public func divergence(to masked: Variable, _ kind: DivergenceKind = .forward) -> Variable {
    precondition(
      shape == masked.shape && shape.rank == 2,
      "\(shape) and \(masked.shape) are not logits of the same images")
    let (rows, columns) = (shape[0], shape[1])
    let (logP, logQ) = (value.logSoftmaxOfRows, masked.value.logSoftmaxOfRows)
    var total = 0.0
    var slopeQ = Tensor(uninitialized: shape) { _ in }
    let slopeP = Tensor(uninitialized: shape) { slopeP in
      slopeQ.withMutablePointer { slopeQ in
        withPointers(logP, logQ) { logP, logQ in
          for row in 0..<rows {
            let start = row * columns
            total += divergenceOfRow(
              columns, logP + start, logQ + start, 1 / Float(rows), slopeP + start,
              slopeQ + start, kind)
          }
        }
      }
    }
    return Self.record(
      Divergence(slopes: [slopeP, slopeQ]), inputs: [self, masked],
      output: Tensor(Float(total / Double(max(1, rows)))))
  }
}

/// The divergence of one row, and its gradients with respect to both rows of logits, times `scale`.
///
/// With d the slope with respect to a probability vector p = softmax(z), the slope with respect to z_c is p_c (d_c - sum p d).
private func divergenceOfRow(
  _ columns: Int, _ logP: UnsafePointer<Float>, _ logQ: UnsafePointer<Float>, _ scale: Float,
  _ slopeP: UnsafeMutablePointer<Float>, _ slopeQ: UnsafeMutablePointer<Float>,
  _ kind: DivergenceKind
) -> Double {
  var value: Float = 0
  switch kind {
  case .forward, .reverse:
    let isForward = kind == .forward
    let (from, to) = isForward ? (logP, logQ) : (logQ, logP)
    let (slopeFrom, slopeTo) = isForward ? (slopeP, slopeQ) : (slopeQ, slopeP)
    for c in 0..<columns { value += exp(from[c]) * (from[c] - to[c]) }
    for c in 0..<columns {
      slopeFrom[c] = scale * exp(from[c]) * (from[c] - to[c] - value)
      slopeTo[c] = scale * (exp(to[c]) - exp(from[c]))
    }
  case .jensenShannon:
    var (meanP, meanQ): (Float, Float) = (0, 0)
    for c in 0..<columns {
      let (p, q) = (exp(logP[c]), exp(logQ[c]))
      let logM = log(max((p + q) / 2, .leastNonzeroMagnitude))
      (slopeP[c], slopeQ[c]) = (logP[c] - logM, logQ[c] - logM)
      meanP += p * slopeP[c]
      meanQ += q * slopeQ[c]
    }
    value = (meanP + meanQ) / 2
    for c in 0..<columns {
      slopeP[c] = scale / 2 * exp(logP[c]) * (slopeP[c] - meanP)
      slopeQ[c] = scale / 2 * exp(logQ[c]) * (slopeQ[c] - meanQ)
    }
  }
  return Double(value)
}

import Foundation
import SmootTensor

/// What is differentiated to explain a prediction.
public enum ScoreKind: String, Sendable, Codable, CaseIterable {
  /// The logit z_c.
  case logit
  /// The log-probability z_c - log sum exp(z), which the networks of the SGT code end in.
  case logprob
  /// The probability.
  case prob
}

/// The score of one chosen class in each row of logits.
struct ClassScore: Operation {
  let name = "class score"
  let classes: [Int32]
  let kind: ScoreKind
  let probabilities: Tensor

  func backward(_ gradient: Tensor, needs: [Bool]) -> [Tensor?] {
    let columns = probabilities.shape[1]
    return [
      Tensor(uninitialized: probabilities.shape) { target in
        withPointers(probabilities, gradient) { p, g in
          for (row, label) in classes.enumerated() {
            let chosen = Int(label)
            let start = row * columns
            for column in 0..<columns {
              let hit: Float = column == chosen ? 1 : 0
              let slope: Float =
                switch kind {
                case .logit: hit
                case .logprob: hit - p[start + column]
                case .prob: p[start + chosen] * (hit - p[start + column])
                }
              target[start + column] = g[row] * slope
            }
          }
        }
      }
    ]
  }
}

extension Variable {
  /// The score of one class in each row of logits.
  ///
  /// - Parameters:
  ///   - classes: the class chosen in each row.
  ///   - kind: which score.
  /// - Returns: [rows].
  /// - Precondition: this is a matrix with as many rows as there are classes chosen, each of them one of its columns.
  public func score(ofClasses classes: [Int32], _ kind: ScoreKind) -> Variable {
    precondition(
      shape.rank == 2 && shape[0] == classes.count,
      "\(classes.count) classes cannot be chosen from logits of shape \(shape)")
    precondition(
      classes.allSatisfy { (0..<Int32(shape[1])).contains($0) },
      "a chosen class is not among the \(shape[1]) columns of the logits")
    let columns = shape[1]
    let probabilities = value.softmaxOfRows
    let output = Tensor(uninitialized: [classes.count]) { target in
      withPointers(value, probabilities) { z, p in
        for (row, label) in classes.enumerated() {
          let start = row * columns
          target[row] =
            switch kind {
            case .logit: z[start + Int(label)]
            case .logprob: Self.logProbability(z + start, columns, Int(label))
            case .prob: p[start + Int(label)]
            }
        }
      }
    }
    return Self.record(
      ClassScore(classes: classes, kind: kind, probabilities: probabilities), inputs: [self],
      output: output)
  }

  private static func logProbability(
    _ logits: UnsafePointer<Float>, _ count: Int, _ chosen: Int
  ) -> Float {
    let row = UnsafeBufferPointer(start: logits, count: count)
    let largest = row.max() ?? 0
    return logits[chosen] - largest
      - Foundation.log(row.reduce(0) { $0 + Foundation.exp($1 - largest) })
  }
}

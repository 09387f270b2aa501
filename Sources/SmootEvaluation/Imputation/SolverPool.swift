import Foundation

/// Solvers that wait for work, so that their memory is not made anew for each image.
final class SolverPool {
  let height: Int
  let width: Int
  private var solvers: [ImputationSolver] = []
  private let lock = NSLock()

  init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  /// A solver that nobody else uses until it is given back.
  func take() -> ImputationSolver {
    lock.withLock { solvers.popLast() } ?? ImputationSolver(height: height, width: width)
  }

  /// Puts a solver back.
  func giveBack(_ solver: ImputationSolver) { lock.withLock { solvers.append(solver) } }
}

import ArgumentParser
import Foundation
import Synchronization

/// Remembers that somebody asked the process to stop, until a loop looks.
///
/// The first Ctrl-C, SIGTERM or SIGUSR1 asks; the second Ctrl-C ends the process at once, which costs nothing that was saved.
enum StopSignal {
  private static let received = Atomic<Int32>(0)

  /// Listens from now on.
  static func listen() {
    // Whoever started the process may have left these signals blocked.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGUSR1] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    for number in [SIGINT, SIGTERM, SIGUSR1] {
      signal(number) { number in
        let (exchanged, _) = StopSignal.received.compareExchange(
          expected: 0, desired: number, ordering: .relaxed)
        if !exchanged && number == SIGINT { _exit(130) }
      }
    }
  }

  /// Whether somebody asked.
  static var isSet: Bool { received.load(ordering: .relaxed) != 0 }

  /// The exit code that says so: 130 after Ctrl-C, else 75.
  static var exitCode: Int32 { received.load(ordering: .relaxed) == SIGINT ? 130 : 75 }

  /// Ends a job that can be begun again, if somebody asked.
  ///
  /// - Parameter clear: takes what shows progress off the screen.
  /// - Throws: what ends the command with ``exitCode``.
  static func check(_ clear: () -> Void) throws {
    guard isSet else { return }
    clear()
    Console.note("stopped; the same command goes on where this one stopped")
    throw ExitCode(exitCode)
  }
}

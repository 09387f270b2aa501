import ArgumentParser
import CSmootKernels
import Foundation
import Smoot

/// `smoot doctor`: what this machine offers and whether anything is amiss.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Show what smoot found on this machine.")

  func run() throws {
    let supported = String(cString: smoot_kernel_level_name(smoot_kernel_level_supported()))
    let status = smoot_kernel_level_environment_status()
    let folder = RunDirectory.defaultParent
    let free =
      try? FileManager.default.attributesOfFileSystem(forPath: ".")[.systemFreeSize] as? Int
    Console.result(
      """
      smoot       \(SmootCommand.version)
      processor   \(Self.processor)
      threads     \(Parallelism.available) may be used
      kernels     \(Machine.kernels) (this processor supports \(supported))\(status == 0 ? "" : "; SMOOT_KERNELS names none of them")
      bfloat16    \(smoot_bfloat16_is_native() != 0 ? "by the processor's instructions" : "rounded operands, multiplied in 32 bits: no faster than fp32")
      AMX         \(String(cString: smoot_tiles_reason()))
      blas        \(Machine.blas)
      runs        \(folder), \(free.map { NumberFormat.bytes($0) + " free" } ?? "free space unknown")
      durability  \(Self.durability)
      data        \(KnownDataset.all.filter { $0.folder(in: DataLocator(path: nil)) != nil }.map(\.name).joined(separator: ", "))
      """)
  }

  private static var processor: String {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
      ?? "unknown"
  }

  /// Writes and removes a small file with the protocol of checkpoints.
  private static var durability: String {
    let path = FileManager.default.temporaryDirectory.path + "/smoot-doctor-\(getpid())"
    let start = ContinuousClock.now
    do {
      try DurableFile.write(Data("smoot".utf8), to: path)
      unlink(path)
      let time = (ContinuousClock.now - start) / .milliseconds(1)
      return
        "a synced write takes \(fixed(time, 1)) ms in \(FileManager.default.temporaryDirectory.path)"
    } catch { return "a synced write fails: \(error)" }
  }
}

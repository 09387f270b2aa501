import CSmootKernels

/// Adds `count` floats at `source` to those at `target`.
package func addRun(
  _ count: Int, _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>
) {
  smoot_add_f32(count, source, target)
}

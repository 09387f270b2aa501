package import CSmootKernels

/// What products multiply: floats, or the bits of bfloat16.
package protocol ProductNumber: BitwiseCopyable {
  typealias GatheredProduct = (
    _ matrix: UnsafePointer<smoot_gathered_matrix>?, _ first: Int, _ last: Int, _ columns: Int,
    _ packed: UnsafePointer<Self>?, _ epilogue: UnsafePointer<smoot_epilogue>?,
    _ targets: UnsafePointer<Int>?, _ result: UnsafeMutablePointer<Float>?
  ) -> Void

  typealias OuterProduct = (
    _ depth: Int, _ columns: Int, _ width: Int, _ left: UnsafePointer<Float>?, _ leftStride: Int,
    _ right: UnsafePointer<Float>?, _ rightStride: Int, _ stride: Int,
    _ result: UnsafeMutablePointer<Float>?
  ) -> Void

  /// The products that multiply such numbers.
  static var precision: Precision { get }
  /// The kernel of a product with a gathered matrix.
  static var gatheredProduct: GatheredProduct { get }
  /// The kernel of an outer product, whose elements are as large as floats.
  static var outerProduct: OuterProduct { get }
  /// How many of its elements so many neighbours of a column are.
  static func elements(_ rows: Int) -> Int

  /// Keeps what a function computes as numbers of this type.
  ///
  /// - Parameters:
  ///   - count: how many they are.
  ///   - target: where they are kept.
  ///   - staging: room for as many floats.
  ///   - compute: writes them as floats where it is told.
  static func keep(
    _ count: Int, in target: UnsafeMutablePointer<Self>, staging: UnsafeMutablePointer<Float>,
    _ compute: (UnsafeMutablePointer<Float>) -> Void)

  /// Floats as numbers of this type.
  ///
  /// - Parameters:
  ///   - floats: what is read.
  ///   - count: how many they are.
  ///   - room: for as many numbers.
  /// - Returns: where the numbers are.
  static func numbers(
    _ floats: UnsafePointer<Float>, _ count: Int, room: UnsafeMutablePointer<Self>
  ) -> UnsafePointer<Self>
}

extension Float: ProductNumber {
  package static var precision: Precision { .float32 }
  package static var gatheredProduct: GatheredProduct { smoot_gathered_product_f32 }
  package static var outerProduct: OuterProduct { smoot_outer_product_f32 }
  package static func elements(_ rows: Int) -> Int { rows }

  package static func keep(
    _ count: Int, in target: UnsafeMutablePointer<Float>, staging: UnsafeMutablePointer<Float>,
    _ compute: (UnsafeMutablePointer<Float>) -> Void
  ) {
    compute(target)
  }

  package static func numbers(
    _ floats: UnsafePointer<Float>, _ count: Int, room: UnsafeMutablePointer<Float>
  ) -> UnsafePointer<Float> {
    floats
  }
}

extension UInt16: ProductNumber {
  package static var precision: Precision { .bfloat16 }
  package static var gatheredProduct: GatheredProduct { smoot_gathered_product_bfloat16 }
  package static var outerProduct: OuterProduct { smoot_outer_product_bfloat16 }
  package static func elements(_ rows: Int) -> Int { (rows + 1) / 2 }

  package static func keep(
    _ count: Int, in target: UnsafeMutablePointer<UInt16>, staging: UnsafeMutablePointer<Float>,
    _ compute: (UnsafeMutablePointer<Float>) -> Void
  ) {
    compute(staging)
    smoot_bfloat16_from_f32(count, staging, target)
  }

  package static func numbers(
    _ floats: UnsafePointer<Float>, _ count: Int, room: UnsafeMutablePointer<UInt16>
  ) -> UnsafePointer<UInt16> {
    smoot_bfloat16_from_f32(count, floats, room)
    return UnsafePointer(room)
  }
}

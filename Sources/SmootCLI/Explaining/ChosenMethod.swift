import Foundation
import Smoot

/// An attribution method with its options and the score that it explains.
struct ChosenMethod {
  let description: MethodDescription
  let method: any AttributionMethod
  let score: ScoreKind
  /// What was chosen.
  let given: MethodOptions

  init(_ name: String, _ options: MethodOptions, score: ScoreKind) throws(AttributionError) {
    do throws(AttributionError) { method = try AttributionRegistry.make(name, options) } catch {
      throw error.of(name)
    }
    description = type(of: method).description
    given = options
    self.score = score
  }

  var name: String { description.name }

  /// All options with the values that hold, as text.
  var resolved: [String: String] {
    let usual = Dictionary(description.options.map { ($0.name, $0.usual) }) { first, _ in first }
    return usual.merging(given.values) { $1 }
  }

  /// The maps of images under a model.
  ///
  /// - Parameter context: everything but the score and the numbers of the images.
  func maps(
    of images: Tensor, targets: [Int32], indices: [Int], model: any Classifier,
    _ context: AttributionContext
  ) throws(AttributionError) -> Attribution {
    var context = context
    (context.score, context.indices) = (score, indices)
    do throws(AttributionError) {
      return try method.attribute(images, targets: targets, model: model, context)
    } catch { throw error.of(name) }
  }

  /// Raw maps in the images' extents, without negative values where the choice says so.
  func ready(_ maps: Tensor, for size: ImageSize, _ rectification: Rectification) -> Tensor {
    let isRectified =
      switch rectification {
      case .all: true
      case .none: false
      case .classActivation: description.isRectified
      }
    return Saliency.resized(
      isRectified ? Saliency.rectified(maps) : maps, height: size.height, width: size.width)
  }
}

extension AttributionError {
  /// The error with the flag that gives the value that is wrong, if it is about one.
  fileprivate func of(_ method: String) -> AttributionError {
    guard let option else { return self }
    return AttributionError(
      "--option \(method).\(option): \(description)", exitCode: exitCode, option: option)
  }
}

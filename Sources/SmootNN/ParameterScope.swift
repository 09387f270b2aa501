public import SmootAutodiff
public import SmootTensor

/// A place in a model's tree of names, where layers make their parameters.
///
/// The path to a parameter is its key in checkpoints, and from it and the seed come its initial values: adding a layer leaves those of the others alone.
public struct ParameterScope {
  private let path: String
  private let random: RandomKey

  /// Makes the root of a tree.
  public init(random: RandomKey) { self.init(path: "", random: random) }

  private init(path: String, random: RandomKey) {
    self.path = path
    self.random = random
  }

  /// A place below this one.
  public func scope(_ name: String) -> ParameterScope {
    ParameterScope(path: path.isEmpty ? name : "\(path).\(name)", random: random)
  }

  /// A new parameter here.
  ///
  /// The initial values are drawn in the order of files, so that they do not depend on what the kernels prefer.
  ///
  /// - Parameters:
  ///   - name: its name in this scope.
  ///   - shape: its shape in memory.
  ///   - initializer: how its numbers are drawn.
  ///   - layout: how memory and files differ.
  public func parameter(
    _ name: String, _ shape: Shape, _ initializer: Initializer, layout: ParameterLayout = .same
  ) -> Parameter {
    let full = path.isEmpty ? name : "\(path).\(name)"
    let inFile = initializer(layout.fileShape(of: shape), random.derived(full))
    return Parameter(name: full, value: layout.fromFile(inFile), layout: layout)
  }
}

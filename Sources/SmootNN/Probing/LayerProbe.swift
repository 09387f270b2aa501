public import SmootAutodiff
import SmootTensor

/// Sees, and may replace, what the layers of a network give in a forward pass.
///
/// A network announces its layers under the names that PyTorch's modules have, such as `layer4.1` or `blocks.11.norm1`, in the order of computation; a pass with a probe
/// computes each operation by itself. A probe belongs to one pass.
public final class LayerProbe {
  /// What a layer gave.
  public struct Layer {
    /// The layer's name.
    public let name: String
    /// How the numbers lie in memory.
    public let form: LayerForm
    /// The numbers, on the tape of the pass if there is one.
    public let variable: Variable
  }

  /// What the layers gave, in the order of computation.
  public private(set) var layers: [Layer] = []
  private let names: Set<String>?
  private let replacements: [String: (Variable) -> Variable]

  /// Makes a probe for one pass.
  ///
  /// A replacement may hold several images where the pass began with one, and the pass goes on with these: the one image before the layer, its variants afterwards. This works for
  /// every announced layer but the attention weights.
  ///
  /// - Parameters:
  ///   - names: which layers to remember; all when left out, which keeps all of them in memory.
  ///   - replacements: for some layers, what becomes of their numbers; the layer is remembered with the result.
  public init(
    only names: Set<String>? = nil, replacing replacements: [String: (Variable) -> Variable] = [:]
  ) {
    self.names = names
    self.replacements = replacements
  }

  /// The layer of a name, if it was computed and is remembered.
  public subscript(name: String) -> Layer? { layers.first { $0.name == name } }

  /// The innermost layer that the operation at a place of the tape belongs to, or what it feeds into.
  package func layer(at place: Int) -> String? {
    layers.first { $0.variable.index >= place }?.name
  }

  func announce(_ name: String, _ value: Variable, _ form: LayerForm) -> Variable {
    let value = replacements[name]?(value) ?? value
    if names?.contains(name) ?? true {
      layers.append(Layer(name: name, form: form, variable: value))
    }
    return value
  }
}

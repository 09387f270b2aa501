public import SmootTensor

/// Where a layer's feature maps differ most: their projection on their first principal component. No class takes part.
///
/// Muhammad and Yeasin, Eigen-CAM: Class Activation Map using Principal Components, 2020. The maps are centred first, as pytorch-grad-cam does; the paper's text does not, which
/// convention `paper` follows. A component has no sign of its own: here its largest magnitude is positive, while pytorch-grad-cam leaves the sign to LAPACK.
public struct EigenCAM: ClassActivationMethod {
  /// The layers and how their maps are put together.
  public var common: ClassActivationOptions

  /// Makes the method.
  public init(_ common: ClassActivationOptions = ClassActivationOptions()) { self.common = common }

  /// The method from options by name.
  public init(_ options: MethodOptions) throws(AttributionError) {
    self.init(try ClassActivationOptions(options))
  }

  /// For lists and help.
  public static let description = MethodDescription(
    name: "eigen-cam", family: .classActivation,
    summary: "the first principal component of the feature maps; knows no class", cost: "1F",
    options: ClassActivationOptions.described())

  /// Only the values matter.
  public static let needsGradients = false

  /// The maps of one layer.
  public func maps(of layer: LayerPass) -> Tensor {
    let (maps, cells) = (layer.mapCount, layer.values.shape[2] * layer.values.shape[3])
    let values = layer.values.scalars
    return Tensor(uninitialized: [
      layer.targets.count, 1, layer.values.shape[2], layer.values.shape[3],
    ]) {
      target in
      parallelFor(layer.targets.count) { image in
        let rows = values[image * maps * cells..<(image + 1) * maps * cells]
        var matrix = rows.map(Double.init)
        if common.convention != .paper { matrix.centerRows(length: cells) }
        let projection = PrincipalComponent.projection(ofColumns: matrix, rows: maps)
        for cell in 0..<cells { target[image * cells + cell] = Float(projection[cell]) }
      }
    }
  }
}

extension [Double] {
  /// Takes from each row its mean.
  fileprivate mutating func centerRows(length: Int) {
    for start in stride(from: 0, to: count, by: length) {
      let mean = self[start..<start + length].reduce(0, +) / Double(length)
      for index in start..<start + length { self[index] -= mean }
    }
  }
}

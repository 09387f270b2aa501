public import SmootAutodiff
public import SmootTensor

extension TensorFile.Entry {
  /// A parameter in the order and the type of files.
  ///
  /// - Parameters:
  ///   - parameter: says the layout.
  ///   - value: numbers in the order of memory that stand for the parameter's own, such as their moving average.
  public init(_ parameter: Parameter, value: Tensor? = nil) {
    let inFile = parameter.layout.toFile(value ?? parameter.value)
    if parameter.layout == .count {
      self.init(integers: inFile)
    } else {
      self.init(inFile)
    }
  }
}

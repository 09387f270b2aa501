/// One product of a part of the input and a part of the weights, plus perhaps a part of the bias.
struct RelevanceTerm {
  var input: RelevancePart
  var weight: RelevancePart
  /// `nil` for none.
  var bias: RelevancePart?
  var sign: Float = 1
}

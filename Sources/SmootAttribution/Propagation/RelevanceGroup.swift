/// Terms that have their denominator in common.
struct RelevanceGroup {
  /// For which outputs relevance is shared out.
  enum Gate: Equatable { case all, positiveOutputs, negativeOutputs }

  var terms: [RelevanceTerm]
  var coefficient: Float = 1
  var gate = Gate.all
}

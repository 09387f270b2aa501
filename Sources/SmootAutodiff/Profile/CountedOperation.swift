/// An operation that consists of sums of products, which a profile counts.
protocol CountedOperation: Operation {
  /// How many pairs of numbers the forward pass multiplies and adds.
  var multiplyAdds: Int { get }

  /// How many the backward pass multiplies and adds, for the gradients that are wanted.
  func backwardMultiplyAdds(needs: [Bool]) -> Int
}

extension CountedOperation {
  /// As many as forward for the gradient of each of the two factors.
  func backwardMultiplyAdds(needs: [Bool]) -> Int {
    multiplyAdds * needs.prefix(2).count { $0 }
  }
}

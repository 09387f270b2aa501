import SmootTensor

extension Tensor {
  /// The sum over all feature maps, each times its weight.
  ///
  /// - Parameter weights: [batch, maps].
  /// - Returns: [batch, 1, height, width].
  func weightedMaps(_ weights: Tensor) -> Tensor {
    let (batch, maps, cells) = (shape[0], shape[1], shape[2] * shape[3])
    return Tensor(uninitialized: [batch, 1, shape[2], shape[3]]) { target in
      withPointers(self, weights) { values, weights in
        parallelFor(batch) { image in
          let sum = target + image * cells
          for cell in 0..<cells { sum[cell] = 0 }
          for map in 0..<maps {
            let weight = weights[image * maps + map]
            let plane = values + (image * maps + map) * cells
            for cell in 0..<cells { sum[cell] += weight * plane[cell] }
          }
        }
      }
    }
  }

  /// One number for each feature map from its values and its gradients.
  ///
  /// - Parameters:
  ///   - gradients: of this shape.
  ///   - body: gets values and gradients of one map.
  /// - Returns: [batch, maps].
  func eachMap(
    _ gradients: Tensor,
    _ body: (_ values: UnsafeBufferPointer<Float>, _ gradients: UnsafeBufferPointer<Float>) -> Float
  ) -> Tensor {
    let (batch, maps, cells) = (shape[0], shape[1], shape[2] * shape[3])
    return Tensor(uninitialized: [batch, maps]) { target in
      withPointers(self, gradients) { values, gradients in
        parallelFor(batch) { image in
          for map in image * maps..<(image + 1) * maps {
            target[map] = body(
              UnsafeBufferPointer(start: values + map * cells, count: cells),
              UnsafeBufferPointer(start: gradients + map * cells, count: cells))
          }
        }
      }
    }
  }

  /// The mean of each feature map, [batch, maps].
  var mapMeans: Tensor { mean(over: [2, 3]).reshaped(to: [shape[0], shape[1]]) }
}

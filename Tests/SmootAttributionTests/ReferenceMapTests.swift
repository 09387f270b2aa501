import Foundation
import SmootAttribution
import SmootAutodiff
import SmootNN
import SmootTensor
import SmootTestSupport
import Testing

/// Maps against those of Captum and zennit on the same weights, images and draws.
@Suite(.serialized) struct ReferenceMapTests {
  @Test(
    arguments: ReferenceModel.names.map { ($0, ConvolutionAlgorithm.direct) }
      + [("resnet18", .winograd), ("resnet50", .winograd)])
  func equalsCaptumAndZennit(_ name: String, by algorithm: ConvolutionAlgorithm) throws {
    let reference = try ReferenceModel(name)
    let model = reference.model.convolving(by: algorithm)
    let logits = model.logits(Variable(reference.images), .evaluation()).value
    let wanted = try #require(reference.maps["logits"])
    expectClose(logits.scalars, Array(wanted.dropLast()), relative: 1e-4, "logits")
    for (title, expected) in reference.maps.sorted(by: { $0.key < $1.key })
    where title != "logits" {
      let scale = try #require(expected.last)
      let isRiemann = title.hasPrefix("integrated-gradients riemann")
      let result = try reference.method(title).attribute(
        isRiemann ? reference.riemannImages : reference.images, targets: reference.targets,
        model: model, reference.context)
      let values = result.values.scalars
      let found = stride(from: 0, to: values.count, by: reference.stride).map { values[$0] }
      #expect(found.count == expected.count - 1)
      let largest = values.reduce(0) { max($0, abs($1)) }
      let difference = zip(found, expected).reduce(abs(largest - scale)) {
        max($0, abs($1.0 - $1.1))
      }
      let relative = difference / scale
      let isZennit = title.hasPrefix("lrp") && !title.contains("captum")
      report(
        relative, title, algorithm == .direct ? name : "\(name), \(algorithm)",
        against: isZennit ? "zennit" : "Captum")
      // Rules that divide by small sums make more of the other last bits of Winograd's method.
      #expect(relative <= (algorithm == .direct ? 1e-4 : 2e-4), "\(title), \(name), \(algorithm)")
    }
  }
}

import Foundation
import SmootReporting
import Testing

@Suite struct HeatmapTests {
  @Test func percentileIsInterpolated() {
    // Magnitudes 0, 1, 2, 3, 4: rank 0.9 * 4 = 3.6, so 3 + 0.6 * (4 - 3).
    let scale = HeatmapScale(of: [[-4, 1, 0], [2, 3]], sign: .signed, percentile: 90)
    #expect(abs(scale.limit - 3.6) < 1e-12)
    #expect(scale.maximum == 4 && scale.status == .scaled && scale.notFinite == 0)
    #expect(HeatmapScale(of: [[-4, 1]], sign: .absolute, percentile: 100).limit == 4)
    #expect(HeatmapScale(of: [[-4, 1]], sign: .positive, percentile: 100).limit == 1)
    #expect(HeatmapScale(of: [[-4, 1]], sign: .negative, percentile: 100).limit == 4)
  }

  @Test func placesAreSymmetricAroundZeroIfSigned() {
    let scale = HeatmapScale(of: [[-2, 1]], sign: .signed, percentile: 100)
    #expect(scale.place(of: 0) == 0.5)
    #expect(scale.place(of: 1) == 0.75 && scale.place(of: -1) == 0.25)
    #expect(scale.place(of: 9) == 1 && scale.place(of: -9) == 0)
    let magnitude = HeatmapScale(of: [[-2, 1]], sign: .absolute, percentile: 100)
    #expect(magnitude.place(of: 0) == 0)
    #expect(magnitude.place(of: 1) == 0.5 && magnitude.place(of: -1) == 0.5)
    let negative = HeatmapScale(of: [[-2, 1]], sign: .negative, percentile: 100)
    #expect(negative.place(of: 1) == 0 && negative.place(of: -1) == 0.5)
  }

  @Test func aZeroPercentileGivesWayToTheMaximumAndSaysSo() {
    let values = [Float](repeating: 0, count: 999) + [5]
    let scale = HeatmapScale(of: [values], sign: .absolute, percentile: 50)
    #expect(scale.limit == 5 && scale.isMaximum)
    #expect(scale.summary.contains("since percentile 50 of the magnitudes is zero"))
    #expect(!HeatmapScale(of: [[1, 2]], sign: .absolute).isMaximum)
  }

  @Test func renderedColoursAreThoseOfTheMap() {
    var renderer = HeatmapRenderer(sign: .signed, percentile: 100)
    let heatmap = renderer.render([-2, 0, 1, 2, .nan, .infinity], height: 2, width: 3)
    let map = ColorMap.diverging
    #expect(heatmap.image.width == 3 && heatmap.image.height == 2)
    #expect(heatmap.image[0, 0] == map.colors[0])
    #expect(heatmap.image[1, 0] == map.colors[127])
    // 0.75 of 254 steps is 190.5, rounded away from zero.
    #expect(heatmap.image[2, 0] == map.colors[191])
    #expect(heatmap.image[0, 1] == map.colors[254])
    #expect(heatmap.image[1, 1] == renderer.notFiniteColor)
    #expect(heatmap.image[2, 1] == renderer.notFiniteColor)
    #expect(heatmap.scale.notFinite == 2 && heatmap.note == nil)
    #expect(heatmap.scale.summary == "signed, full colour at ±2.00 (the maximum); 2 not finite")
    renderer.sign = .absolute
    #expect(renderer.render([-2, 1], height: 1, width: 2).image[0, 0] == map.colors[254])
  }

  @Test func theMarkOfMissingNumbersIsInNoColourMap() {
    let mark = OKLab(HeatmapRenderer().notFiniteColor)
    for map in [ColorMap.sequential, .diverging, .grayscale] {
      #expect(map.colors.allSatisfy { OKLab($0).distance(to: mark) > 0.12 })
    }
  }

  @Test func allZeroIsSaidNotDivided() {
    let zero = HeatmapRenderer(sign: .signed).render([0, 0, -0], height: 1, width: 3)
    #expect(zero.note == "all zero" && zero.scale.status == .allZero && zero.scale.limit == 0)
    #expect(zero.image[1, 0] == ColorMap.diverging.colors[127])
    let nothing = HeatmapRenderer(sign: .absolute).render([.nan], height: 1, width: 1)
    #expect(nothing.note == "not finite" && nothing.scale.status == .noFiniteValues)
    let positive = HeatmapRenderer(sign: .positive).render([-1, -2], height: 1, width: 2)
    #expect(positive.note == "nothing positive")
  }

  @Test func sharedScaleMakesMapsComparable() {
    let renderer = HeatmapRenderer(sign: .absolute, percentile: 100)
    let scale = renderer.scale(of: [[1, 0], [4, 2]])
    let weak = renderer.render([1, 0], height: 1, width: 2, scale: scale)
    let zero = renderer.render([0, 0], height: 1, width: 2, scale: scale)
    #expect(weak.image[0, 0] == ColorMap.sequential.color(at: 0.25))
    #expect(weak.note == nil && zero.note == "all zero")
    #expect(zero.scale == scale)
  }

  @Test func overlaysMixWithTheImage() {
    let renderer = HeatmapRenderer(sign: .absolute, percentile: 100)
    let image = RGBAImage(width: 3, height: 1, fill: RGBAColor(gray: 100))
    let strong = ColorMap.sequential.colors[255]
    let uniform = renderer.overlay([1, 0, .nan], on: image, opacity: 0.5)
    let mixed = (Double(strong.red) + 100) / 2
    #expect(abs(Double(uniform.image[0, 0].red) - mixed) <= 1)
    #expect(uniform.image[1, 0] != image[1, 0])
    #expect(uniform.image[2, 0] == renderer.notFiniteColor)
    let weighted = renderer.overlay([1, 0, 0.5], on: image, opacity: 1, blending: .weighted)
    #expect(weighted.image[0, 0] == strong)
    #expect(weighted.image[1, 0] == image[1, 0])
  }

  @Test func scalesSurviveJSON() throws {
    let scale = HeatmapScale(of: [[1, 2, .nan]], sign: .signed)
    let data = try JSONEncoder().encode(scale)
    #expect(try JSONDecoder().decode(HeatmapScale.self, from: data) == scale)
  }
}

import SmootReporting
import Testing

@Suite struct ColorTests {
  private func lightness(_ map: ColorMap) -> [Double] { map.colors.map { OKLab($0).lightness } }

  @Test func okLabHasThePublishedValues() {
    let white = OKLab(.white)
    #expect(abs(white.lightness - 1) < 1e-4 && abs(white.a) < 1e-4 && abs(white.b) < 1e-4)
    #expect(abs(OKLab(.black).lightness) < 1e-9)
    let red = OKLab(RGBAColor(hex: 0xFF0000))
    #expect(abs(red.lightness - 0.62796) < 1e-4)
    #expect(abs(red.a - 0.22486) < 1e-4 && abs(red.b - 0.12585) < 1e-4)
  }

  @Test func lightnessGrows() {
    for map in [ColorMap.sequential, .grayscale] {
      let values = lightness(map)
      #expect(values.count == 256)
      let falls = zip(values, values.dropFirst()).enumerated().filter { $1.0 >= $1.1 }
      #expect(falls.map(\.offset) == [], "\(map.name)")
    }
  }

  @Test func sequentialStepsLookAlike() {
    let points = ColorMap.sequential.colors.map { OKLab($0) }
    // Over 15 steps, so that rounding to 8 bits does not matter.
    let steps = stride(from: 0, to: 255, by: 15).map { points[$0].distance(to: points[$0 + 15]) }
    let mean = steps.reduce(0, +) / Double(steps.count)
    #expect(steps.allSatisfy { abs($0 - mean) < mean * 0.12 }, "\(steps)")
  }

  @Test func sequentialGoesFromDarkToLight() {
    #expect(lightness(.sequential)[0] < 0.2)
    #expect(lightness(.sequential)[255] > 0.95)
    #expect(ColorMap.grayscale.colors[0] == .black && ColorMap.grayscale.colors[255] == .white)
  }

  @Test func divergingMirrorsItsHalves() {
    let map = ColorMap.diverging
    #expect(map.colors.count == 255)
    let points = map.colors.map { OKLab($0) }
    for step in 0...127 {
      #expect(abs(points[127 - step].lightness - points[127 + step].lightness) < 0.01)
    }
    let middle = map.color(at: 0.5)
    #expect(middle == map.colors[127])
    #expect(OKLab(middle).lightness > 0.98)
    #expect(middle.red == middle.green && middle.green == middle.blue)
    #expect(points[0].b < -0.1 && points[254].a > 0.1)
    let falling = lightness(map)[127...]
    #expect(zip(falling, falling.dropFirst()).allSatisfy { $0 > $1 })
  }

  @Test func numbersOutsideTakeTheNearerEnd() {
    let map = ColorMap(name: "two", colors: [.black, .white])
    #expect(map.color(at: -3) == .black && map.color(at: .nan) == .black)
    #expect(map.color(at: 0.49) == .black && map.color(at: 0.51) == .white)
    #expect(map.color(at: .infinity) == .white)
  }

  @Test func seriesColoursAreFarApartAndDarkEnough() {
    let colors = Palette.series.map { OKLab($0) }
    for (index, first) in colors.enumerated() {
      #expect(first.lightness < 0.77)
      for second in colors[(index + 1)...] { #expect(first.distance(to: second) > 0.12) }
    }
  }
}

import Foundation
import SmootReporting
import Testing

@Suite struct CanvasTests {
  private func drawn(
    _ marks: [Mark], width: Double = 20, height: Double = 20, scale: Int = 1
  ) -> RGBAImage {
    var figure = Figure(width: width, height: height, summary: "")
    figure.add(contentsOf: marks)
    return figure.image(scale: scale)
  }

  /// How much black a white picture has taken, in pixels.
  private func ink(_ image: RGBAImage) -> Double {
    stride(from: 0, to: image.bytes.count, by: 4)
      .reduce(0) { $0 + (255 - Double(image.bytes[$1])) / 255 }
  }

  @Test func rectanglesCoverExactly() {
    let image = drawn([.rectangle(Rectangle(x: 2, y: 3, width: 4.5, height: 2.25), .black)])
    #expect(image[1, 3] == .white)
    #expect(image[2, 3] == .black)
    #expect(image[6, 3] == RGBAColor(gray: 128))
    #expect(image[7, 3] == .white)
    #expect(image[2, 5] == RGBAColor(gray: 191))
    #expect(abs(ink(image) - 4.5 * 2.25) < 0.05)
  }

  @Test func polygonsCoverTheirArea() {
    let triangle = [Point(1, 1), Point(18, 4), Point(5, 17)]
    #expect(abs(ink(drawn([.polygon(triangle, .black)])) - 130) < 0.5)
    // A loop twice around is covered once.
    #expect(abs(ink(drawn([.polygon(triangle + triangle, .black)])) - 130) < 0.5)
  }

  @Test func circlesCoverTheirArea() {
    let image = drawn([.circle(center: Point(10.3, 9.6), radius: 6, .black)])
    #expect(abs(ink(image) - Double.pi * 36) < 1)
    #expect(image[10, 9] == .black)
    #expect(image[10, 2] == .white)
  }

  @Test func levelLinesAreSharp() {
    let image = drawn(
      [.line([Point(3, 7.3), Point(16, 7.3)], StrokeStyle(color: .black, width: 2))])
    let column = (0..<20).map { image[9, $0] }
    #expect(column.filter { $0 == .black }.count == 2)
    #expect(column.filter { $0 == .white }.count == 18)
    #expect(image[9, 6] == .black && image[9, 7] == .black)
  }

  @Test func slantedLinesHaveTheirWidthAndOverlapsCountOnce() {
    let style = StrokeStyle(color: RGBAColor.black.opacity(0.5), width: 3)
    let image = drawn([.line([Point(4, 4), Point(16, 15), Point(4, 4)], style)])
    let length = (12.0 * 12 + 11 * 11).squareRoot()
    let expected = (length * 3 + Double.pi * 1.5 * 1.5) * 128 / 255
    #expect(abs(ink(image) - expected) < expected * 0.03)
    #expect(image[10, 9] == RGBAColor(gray: 127))
  }

  @Test func dashesLeaveGaps() {
    let style = StrokeStyle(color: .black, width: 1, dash: [4, 3])
    let image = drawn([.line([Point(2, 9), Point(18, 9), Point(18, 18)], style)])
    // Dashes cover 2...6 and 9...13 with round ends of half a point.
    #expect(image[4, 9].red < 140 && image[11, 9].red < 140)
    #expect(image[7, 9] == .white && image[14, 9] == .white)
  }

  @Test func dashesGoOnAroundCorners() {
    let style = StrokeStyle(color: .black, width: 2, dash: [6, 4])
    let image = drawn([.line([Point(2, 4), Point(6, 4), Point(6, 18)], style)])
    #expect(image[6, 5] == .black)
    #expect(image[6, 8] == .white)
    #expect(image[6, 12] == .black)
  }

  @Test func clippingCutsOff() {
    let marks: [Mark] = [
      .clipped(
        Rectangle(x: 5, y: 5, width: 6, height: 6),
        [
          .rectangle(Rectangle(x: 0, y: 0, width: 20, height: 20), .black),
          .image(
            RGBAImage(width: 1, height: 1, fill: RGBAColor(hex: 0xFF0000)),
            Rectangle(x: 9, y: 9, width: 9, height: 9)),
        ])
    ]
    let image = drawn(marks + [.rectangle(Rectangle(x: 0, y: 0, width: 1, height: 1), .black)])
    #expect(image[4, 5] == .white && image[5, 5] == .black)
    #expect(image[10, 10] == RGBAColor(hex: 0xFF0000) && image[11, 11] == .white)
    #expect(image[0, 0] == .black)
  }

  @Test func imagesKeepSquarePixels() {
    var picture = RGBAImage(width: 2, height: 2, fill: .black)
    picture[1, 0] = RGBAColor(hex: 0x00FF00)
    let image = drawn([.image(picture, Rectangle(x: 4, y: 4, width: 6, height: 6))], scale: 2)
    #expect(image[8, 8] == .black && image[13, 13] == .black)
    #expect(image[14, 8] == RGBAColor(hex: 0x00FF00) && image[19, 13] == RGBAColor(hex: 0x00FF00))
    #expect(image[14, 14] == .black && image[20, 8] == .white)
  }

  @Test func marksOutsideOfTheCanvasAreHarmless() {
    let style = StrokeStyle(color: .black, width: 2)
    let marks: [Mark] = [
      .line([Point(-100, -100), Point(-50, 80)], style), .polygon([Point(40, 40)], .black),
      .line([], style), .polygon([], .black),
      .rectangle(
        Rectangle(x: -10, y: -10, width: 5, height: 500), .black),
      .text("far away", at: Point(500, -500), TextStyle(size: 12)),
    ]
    #expect(drawn(marks) == RGBAImage(width: 20, height: 20))
  }

  @Test func linesAndRectanglesMeet() {
    let box = Rectangle(x: 2, y: 2, width: 4, height: 3)
    #expect(box.touchesLine(from: Point(0, 0), to: Point(8, 7)))
    #expect(box.touchesLine(from: Point(3, 3), to: Point(4, 4)))
    #expect(box.touchesLine(from: Point(4, -9), to: Point(4, 9)))
    #expect(!box.touchesLine(from: Point(0, 0), to: Point(1, 9)))
    #expect(!box.touchesLine(from: Point(0, 5), to: Point(3, 8)))
    #expect(!box.touchesLine(from: Point(7, 0), to: Point(7, 9)))
  }
}

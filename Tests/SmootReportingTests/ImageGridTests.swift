import SmootReporting
import Testing

@Suite struct ImageGridTests {
  private func gradient(_ shift: Int) -> RGBAImage {
    var image = RGBAImage(width: 28, height: 28)
    for y in 0..<28 {
      for x in 0..<28 {
        image[x, y] = RGBAColor(
          red: UInt8(x * 9), green: UInt8(y * 9), blue: UInt8((x + y + shift) % 256))
      }
    }
    return image
  }

  private func grid() -> ImageGrid {
    let renderer = HeatmapRenderer()
    let maps = (0..<3).map { row in (0..<784).map { Float($0 % 13 - 6) * Float(row) } }
    let scale = renderer.scale(of: maps)
    let rows = maps.enumerated().map { index, map in
      ImageGrid.Row(
        label: "test image number \(index * 1000) of the whole set",
        cells: [
          .init(gradient(index), caption: "label 7"),
          .init(
            renderer.render(map, height: 28, width: 28, scale: scale),
            caption: "7 (99.8 %) and more"),
          index == 1 ? nil : .init(renderer.overlay(map, on: gradient(index), scale: scale)),
        ])
    }
    return ImageGrid(
      title: "Saliency maps", subtitle: "one colour scale for all of the maps in this figure",
      columns: ["image", "traditional training", "overlay of a long name"], rows: rows,
      colorBar: ColorBar(renderer, scale: scale))
  }

  @Test func pixelsAreWholeSquares() throws {
    let figure = grid().figure()
    let image = figure.image()
    let cells = FigureProbe(figure: figure).images.filter { $0.image.width == 28 }
    #expect(cells.count == 8)
    for cell in cells {
      #expect(cell.area.width == 84 && cell.area.height == 84)
      for (x, y) in [(0, 0), (27, 27), (13, 5)] {
        // A pixel is 3 points, which are 6 pixels at scale 2; both of its corners.
        let left = Int(cell.area.x * 2) + x * 6
        let top = Int(cell.area.y * 2) + y * 6
        #expect(image[left, top] == cell.image[x, y])
        #expect(image[left + 5, top + 5] == cell.image[x, y])
      }
    }
  }

  @Test func textsKeepApartAndCellsDoNotOverlap() {
    let probe = FigureProbe(figure: grid().figure())
    // The note stands on its cell, everything else stands alone.
    #expect(probe.collisions.isEmpty)
    let areas = probe.images.map(\.area)
    for (index, first) in areas.enumerated() {
      #expect(!areas[(index + 1)...].contains { $0.intersects(first) })
      #expect(!probe.texts.contains { $0.text != "all zero" && $0.box.intersects(first) })
    }
    #expect(probe.texts.filter { $0.text == "all zero" }.count == 2)
  }

  @Test func theColourBarStatesItsScale() {
    let probe = FigureProbe(figure: grid().figure())
    let words = probe.texts.map(\.text).joined(separator: " ")
    #expect(words.contains("signed, full colour at ±"))
    #expect(words.contains("percentile 99 of the magnitudes"))
    #expect(probe.images.contains { $0.image.width == 255 && $0.image.height == 1 })
  }

  @Test func largePicturesShrinkAndEmptyGridsAreHarmless() {
    let large = ImageGrid(
      title: "", rows: [.init(cells: [.init(RGBAImage(width: 224, height: 224))])])
    #expect(FigureProbe(figure: large.figure()).images[0].area.width == 112)
    let empty = ImageGrid(title: "nothing", rows: [])
    #expect(FigureProbe(figure: empty.figure()).collisions.isEmpty)
    #expect(empty.figure().image().width > 0)
  }
}

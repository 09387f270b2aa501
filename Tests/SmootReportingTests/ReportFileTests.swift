import Foundation
import SmootReporting
import Testing

@Suite struct ReportFileTests {
  @Test func replacesWithoutLeavingTracks() throws {
    let folder = try TemporaryFolder()
    try ReportFile.write("first", to: folder.file("a.txt"))
    try ReportFile.write("second", to: folder.file("a.txt"))
    #expect(try String(contentsOfFile: folder.file("a.txt"), encoding: .utf8) == "second")
    #expect(try folder.names == ["a.txt"])
  }

  @Test func missingFolderIsADiskError() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("missing/a.png")
    let error = #expect(throws: ReportingError.self) {
      try RGBAImage(width: 1, height: 1).writePNG(to: path)
    }
    #expect(error?.exitCode == 74)
    #expect(error?.description == "\(path): cannot create this file: No such file or directory")
  }

  @Test func aFolderInTheWayStaysAndNothingIsLeft() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.file("a.csv/inside"), withIntermediateDirectories: true)
    let error = #expect(throws: ReportingError.self) {
      try ReportFile.write("x", to: folder.file("a.csv"))
    }
    #expect(error?.kind == .disk)
    #expect(try folder.names == ["a.csv"])
  }

  @Test func figuresGoByTheirEnding() throws {
    let folder = try TemporaryFolder()
    let figure = LinePlot(title: "t", xLabel: "x", yLabel: "y", series: []).figure()
    try figure.write(to: folder.file("a.png"), scale: 1)
    try figure.write(to: folder.file("a.SVG"))
    let data = try Data(contentsOf: URL(fileURLWithPath: folder.file("a.png")))
    let image = try RGBAImage(pngData: data)
    #expect(image.width == 800 && image.height == 500)
    #expect(try String(contentsOfFile: folder.file("a.SVG"), encoding: .utf8) == figure.svg())
    let error = #expect(throws: ReportingError.self) { try figure.write(to: folder.file("a.gif")) }
    #expect(error?.exitCode == 65)
    #expect(try folder.names == ["a.SVG", "a.png"])
  }
}

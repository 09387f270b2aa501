import SmootReporting
import Testing

@Suite struct NumberFormatTests {
  @Test func fixed() {
    #expect(NumberFormat.fixed(33.156, digits: 2) == "33.16")
    #expect(NumberFormat.fixed(-0.001, digits: 2) == "0.00")
    #expect(NumberFormat.fixed(.nan, digits: 2) == "nan")
    #expect(NumberFormat.fixed(-.infinity, digits: 2) == "-inf")
  }

  @Test(arguments: [
    (0.012345, "0.0123"), (0, "0"), (1234.5, "1234"), (1.5e-7, "1.50e-07"), (2_500_000, "2.50e+06"),
    (-0.5, "-0.500"), (9.999, "10.00"),
  ])
  func significant(value: Double, text: String) {
    #expect(NumberFormat.significant(value, digits: 3) == text)
  }

  @Test func grouped() {
    #expect(NumberFormat.grouped(0) == "0")
    #expect(NumberFormat.grouped(999) == "999")
    #expect(NumberFormat.grouped(54_000) == "54,000")
    #expect(NumberFormat.grouped(-1_234_567) == "-1,234,567")
    #expect(NumberFormat.grouped(.min) == "-9,223,372,036,854,775,808")
  }

  @Test(arguments: [
    (0, "0:00"), (14.4, "0:14"), (59.6, "1:00"), (641, "10:41"), (3723, "1:02:03"),
    (360_000, "100:00:00"), (-61, "-1:01"), (.infinity, "-:--"), (.nan, "-:--"),
  ])
  func duration(seconds: Double, text: String) {
    #expect(NumberFormat.duration(seconds) == text)
  }

  @Test(arguments: [
    (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (7_240_000, "7.2 MB"), (210_400_000, "210 MB"),
    (999_600, "1.0 MB"), (9_960, "10 kB"), (53_000_000_000, "53 GB"),
  ])
  func bytes(count: Int, text: String) {
    #expect(NumberFormat.bytes(count) == text)
  }

  @Test func rates() {
    #expect(NumberFormat.rate(1420.4, of: "images") == "1,420 images/s")
    #expect(NumberFormat.rate(3.44, of: "steps") == "3.4 steps/s")
    #expect(NumberFormat.rate(.nan, of: "steps") == "nan steps/s")
  }

  @Test func briefAndShortest() {
    #expect(NumberFormat.brief(60_000) == "60,000" && NumberFormat.brief(392.456) == "392.5")
    #expect(NumberFormat.shortest(99) == "99" && NumberFormat.shortest(99.5) == "99.5")
  }

  @Test(arguments: [
    ("abc", 3), ("漢字", 4), ("e\u{301}", 1), ("👍🏽", 2), ("❤\u{FE0F}", 2), ("한국", 4), ("\u{1B}", 0),
    ("─…±", 3), ("👨‍👩‍👧", 2), ("ＡＢ", 4),
  ])
  func displayWidth(text: String, width: Int) {
    #expect(DisplayWidth.width(of: text) == width)
  }

  @Test func displayShortening() {
    #expect(DisplayWidth.shortened("abcdefgh", to: 5) == "ab…gh")
    #expect(DisplayWidth.shortened("漢字漢字漢字", to: 6) == "漢…字")
    #expect(DisplayWidth.shortened("abc", to: 3) == "abc")
    #expect(DisplayWidth.width(of: DisplayWidth.shortened("abcdef", to: 1)) == 1)
    #expect(DisplayWidth.shortened("abcdef", to: 0) == "")
  }
}

import Foundation
import SmootReporting
import Testing

/// `smoot report` as a person, and a browser, meet it.
@Suite(.serialized) struct ReportCommandTests {
  private let program: Program

  init() throws {
    program = try Program()
    for method in ["smoot", "traditional"] {
      let result = try program.run(program.training + ["--method", method, "--name", method])
      #expect(result.status == 0, "\(result.errors)")
    }
  }

  private var runs: [String] { ["smoot", "traditional"].map { "\(program.folder)/runs/\($0)" } }
  private var page: String { program.folder + "/report.html" }

  private static let sections = [
    "runs", "configuration", "learning", "mask-sizes", "accuracy-drop", "curves", "scores",
    "pictures", "reproduction", "settings",
  ]

  /// Measures both runs where the report looks.
  private func measure() throws {
    let parent = program.folder + "/runs"
    for arguments in [
      ["auc"] + runs + ["--output", parent + "/auc"],
      ["faithfulness"] + runs + [
        "--methods", "gradient,grad-cam", "--metrics", "insertion-deletion,sparseness", "--images",
        "6", "--output", parent + "/faithfulness",
      ],
    ] {
      let result = try program.run(arguments + ["--quiet"])
      #expect(result.status == 0, "\(result.errors)")
    }
  }

  private func report(_ arguments: [String]) throws -> (result: Program.Result, html: String) {
    let result = try program.run(["report"] + arguments + ["--output", page])
    return (result, (try? String(contentsOfFile: page, encoding: .utf8)) ?? "")
  }

  @Test func putsEverythingOnOnePage() throws {
    defer { program.clean() }
    try measure()
    let (result, html) = try report(runs + ["--pictures", "2"])
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    for section in Self.sections { #expect(html.contains("<section id=\"\(section)\"")) }
    let wanted = [
      "Settings in which the runs differ", "Accuracy on test images",
      "Mask sizes over epochs: smoot",
      "Accuracy drop, corner fill", "Insertion: smoot", "Deletion: traditional", "Sparseness",
      "random-control (control)", "Colour scale", "alt=\"gradient map of smoot",
      "smoot train --dataset mnist", "--metrics insertion-deletion,sparseness",
      "digest of the training images",
    ]
    for text in wanted { #expect(html.contains(text), "\(text)") }
    // Networks that learned for seconds may have no right prediction in common, which is said.
    #expect(html.components(separatedBy: "class=\"missing\"").count <= 2)
    // A run's folder looks as before: a report changes nothing.
    let names = try FileManager.default.contentsOfDirectory(atPath: runs[0]).sorted()
    #expect(
      names == [
        "LOCK", "checkpoints", "config.resolved.json", "config.yaml", "metrics.jsonl", "run.json",
        "summary.json",
      ])
  }

  @Test func namesWhatIsMissing() throws {
    defer { program.clean() }
    let bare = try report([runs[1], "--no-pictures"])
    #expect(bare.result.status == 0, "\(bare.result.errors)")
    for text in [
      "smoot auc \(runs[1])", "smoot faithfulness \(runs[1])", "--no-pictures",
      "mask sizes that adapt",
    ] { #expect(bare.html.contains(text), "\(text)") }
    // Without its images, and with a damaged record and results.
    try FileManager.default.removeItem(atPath: program.folder + "/data")
    try Data("{".utf8).write(to: URL(filePath: runs[0] + "/run.json"))
    try FileManager.default.createDirectory(
      atPath: runs[0] + "/auc", withIntermediateDirectories: true)
    try Data("{\"runs\": 3}".utf8).write(to: URL(filePath: runs[0] + "/auc/auc.json"))
    let damaged = try report([runs[0], "--data", program.folder + "/data"])
    #expect(damaged.result.status == 0, "\(damaged.result.errors)")
    for text in ["run.json does not hold", "auc.json: expected", "pictures of mnist"] {
      #expect(damaged.html.contains(text), "\(text)")
    }
    #expect(damaged.result.errors.contains("auc.json"))
  }

  @Test func escapesNamesAndSaysWhenResultsAreOld() throws {
    defer { program.clean() }
    let odd = "a<b>&\"c'"
    let path = "\(program.folder)/runs/\(odd)"
    try FileManager.default.copyItem(atPath: runs[0], toPath: path)
    #expect(try program.run(["auc", path, "--quiet"]).status == 0)
    let file = path + "/checkpoints/last.safetensors"
    try FileManager.default.setAttributes(
      [.modificationDate: Date.now.addingTimeInterval(60)], ofItemAtPath: file)
    let (result, html) = try report([path, "--pictures", "1"])
    #expect(result.status == 0, "\(result.errors)")
    #expect(!html.contains("<b>&") && html.contains("a&lt;b&gt;&amp;&quot;c'"))
    #expect(html.contains("older than the last checkpoint"))
  }

  @Test func saysWhatIsWrong() throws {
    defer { program.clean() }
    let mistakes: [([String], Int32, String)] = [
      ([program.folder + "/none"], 66, "no such run"),
      ([program.folder + "/data"], 66, "not the folder of a run"),
      ([runs[0], runs[0] + "/"], 64, "twice"),
      ([runs[0], "--results", program.folder], 66, "neither"),
      ([runs[0], "--method", "gradent"], 64, "did you mean \"gradient\""),
      ([runs[0], "--sign", "odd"], 64, "abs|signed"),
      ([runs[0], "--scale", "odd"], 64, "map|image|method"),
      ([runs[0], "--pictures", "0"], 64, "1...1000"),
      ([runs[0], "--pictures", "2", "--no-pictures"], 64, "together"),
      ([], 64, "<runs>"),
    ]
    for (arguments, status, part) in mistakes {
      let result = try program.run(["report"] + arguments + ["-o", page])
      #expect(result.status == status, "\(arguments): \(result.status) \(result.errors)")
      #expect(result.errors.contains(part), "\(arguments): \(result.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: page))
    let file = program.folder + "/data/mnist/t10k-labels-idx1-ubyte"
    let nowhere = try program.run(["report", runs[0], "-o", file + "/page.html"])
    #expect(nowhere.status == 73 && nowhere.errors.contains(file), "\(nowhere.errors)")
  }

  @Test func makesThePagesFolder() throws {
    defer { program.clean() }
    let deep = program.folder + "/new/folder/page.html"
    let result = try program.run(["report", runs[0], "--no-pictures", "-o", deep])
    #expect(result.status == 0 && FileManager.default.fileExists(atPath: deep), "\(result.errors)")
  }

  /// A real browser shows all sections in a wide and a narrow window and on paper, and asks the network for nothing.
  @Test(
    .enabled(if: Browser.path != nil, "no chromium on this machine"), .timeLimit(.minutes(10)))
  func opensInABrowser() throws {
    defer { program.clean() }
    try measure()
    let (result, _) = try report(runs + ["--pictures", "2"])
    #expect(result.status == 0, "\(result.errors)")
    let browser = Browser(folder: program.folder)
    let (document, requests) = try browser.open(page)
    for section in Self.sections { #expect(document.contains("<section id=\"\(section)\"")) }
    #expect(document.contains("</svg>") && document.contains("<img"))
    #expect(requests.isEmpty, "\(requests)")
    // The log would show a request: here is one.
    let other = program.folder + "/other.html"
    try Data("<!DOCTYPE html><img src=\"http://example.invalid/x.png\">".utf8)
      .write(to: URL(filePath: other))
    #expect(try browser.open(other).requests.contains("http://example.invalid/x.png"))

    for (width, height) in [(1280, 2400), (500, 2400)] {
      let picture = "\(program.folder)/page-\(width).png"
      _ = try browser.run(
        page, ["--window-size=\(width),\(height)", "--screenshot=\(picture)"])
      let data = try Data(contentsOf: URL(filePath: picture))
      let image = try RGBAImage(pngData: data)
      #expect(image.width == width && image.height >= 2000)
      // The lines of a plot are there: the first colour of the palette.
      let blue = Palette.color(0)
      let count = stride(from: 0, to: image.bytes.count, by: 4).count { place in
        image.bytes[place] == blue.red && image.bytes[place + 1] == blue.green
          && image.bytes[place + 2] == blue.blue
      }
      #expect(count > 100, "\(count) blue pixels in a window of \(width)")
    }
    let paper = program.folder + "/page.pdf"
    _ = try browser.run(page, ["--no-pdf-header-footer", "--print-to-pdf=\(paper)"])
    let pdf = try Data(contentsOf: URL(filePath: paper))
    #expect(pdf.starts(with: Data("%PDF".utf8)) && pdf.count > 20_000)
  }
}

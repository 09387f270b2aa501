import Foundation
import SmootAttribution
import SmootReporting
import Testing

/// `smoot explain` and `smoot layers` as a person meets them.
@Suite(.serialized) struct ExplainCommandTests {
  let program: Program

  init() throws { program = try Program() }

  var run: String { program.folder + "/runs/run" }

  func train(_ name: String = "run", _ more: [String] = []) throws {
    let result = try program.run(program.training + ["--name", name] + more)
    #expect(result.status == 0, "\(result.errors)")
  }

  func json(_ text: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  func record(_ folder: String) throws -> [String: Any] {
    try json(String(contentsOfFile: folder + "/methods.json", encoding: .utf8))
  }

  /// The floats of an array of NumPy.
  func floats(_ path: String) throws -> [Float] {
    let data = try Data(contentsOf: URL(filePath: path))
    let start = 10 + Int(data[8]) + Int(data[9]) << 8
    return stride(from: start, to: data.count, by: 4).map { place in
      data.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: Float.self) }
    }
  }

  @Test func listsAllMethods() throws {
    defer { program.clean() }
    let list = try program.run(["explain", "--list"])
    #expect(list.status == 0, "\(list.errors)")
    for name in AttributionRegistry.names { #expect(list.output.contains(name), "\(name)") }
    let methods = try json(program.run(["explain", "--list", "--json"]).output)["methods"]
    let entries = try #require(methods as? [[String: Any]])
    #expect(entries.compactMap { $0["name"] as? String } == AttributionRegistry.names)
    for entry in entries {
      for key in ["family", "summary", "cost"] {
        #expect((entry[key] as? String)?.isEmpty == false)
      }
      #expect((entry["suits"] as? [String])?.isEmpty == false)
    }
    let options = try program.run(["explain", "--list", "--method", "gradient"])
    #expect(options.output.contains("gradient.absolute") && options.output.contains("false"))
  }

  @Test func listsLayers() throws {
    defer { program.clean() }
    try train()
    let list = try json(program.run(["layers", run, "--json"]).output)
    let layers = try #require(list["layers"] as? [[String: Any]])
    let names = layers.compactMap { $0["name"] as? String }
    #expect(names == ["conv1", "relu1", "conv2", "relu2", "pool"])
    let usual = layers.filter { $0["default"] as? Bool == true }
    #expect(usual.compactMap { $0["name"] as? String } == ["pool"])
    #expect(layers[0]["channels"] as? Int == 32 && layers[0]["height"] as? Int == 26)
    #expect(try program.run(["layers", run]).output.contains("default"))
    #expect(try program.run(["layers", program.folder + "/none"]).status == 66)
  }

  @Test func writesEachMethodOnOneGrid() throws {
    defer { program.clean() }
    try train()
    let folder = program.folder + "/maps"
    let explained = try program.run([
      "explain", run, "--method", "gradient,grad-cam", "--layer", "conv2", "--option",
      "gradient.absolute=true", "--indices", "2,5", "--output", folder, "--seed", "7",
    ])
    #expect(explained.status == 0, "\(explained.errors)")
    for name in [
      "grid.png", "maps/5-gradient-map.png", "maps/5-grad-cam-overlay.png",
      "attributions-gradient.npy", "attributions-grad-cam.npy", "logits.npy",
    ] {
      #expect(FileManager.default.fileExists(atPath: "\(folder)/\(name)"), "\(name)")
    }
    let record = try record(folder)
    #expect(record["seed"] as? Int == 7 && record["indices"] as? [Int] == [2, 5])
    #expect(
      record["image_size"] as? [Int] == [1, 28, 28] && record["target"] as? String == "label")
    let methods = try #require(record["methods"] as? [[String: Any]])
    #expect(methods.map { $0["method"] as? String } == ["gradient", "grad-cam"])
    #expect(methods.map { $0["score"] as? String } == ["logprob", "logit"])
    #expect((methods[0]["options"] as? [String: String]) == ["absolute": "true"])
    #expect((methods[1]["options"] as? [String: String])?["layers"] == "conv2")
    #expect(methods[1]["map_size"] as? [Int] == [24, 24])
    #expect(methods[1]["shape"] as? [Int] == [2, 1, 28, 28])
    #expect(try floats(folder + "/attributions-gradient.npy").allSatisfy { $0 >= 0 })
    #expect(try floats(folder + "/attributions-grad-cam.npy").count == 2 * 784)
  }

  /// The conventions of guided Grad-CAM enlarge the map of the layer in different ways.
  @Test func followsConventions() throws {
    defer { program.clean() }
    try train()
    var maps: [[Float]] = []
    for convention in ["captum", "pgc", "paper"] {
      let folder = "\(program.folder)/\(convention)"
      let result = try program.run([
        "explain", run, "--method", "guided-grad-cam,relevance-cam", "--layer", "relu2",
        "--convention", convention, "--indices", "0:2", "--output", folder,
      ])
      #expect(result.status == 0, "\(result.errors)")
      let methods = try #require(try record(folder)["methods"] as? [[String: Any]])
      for method in methods {
        #expect((method["options"] as? [String: String])?["convention"] == convention)
      }
      maps.append(try floats(folder + "/attributions-guided-grad-cam.npy"))
    }
    #expect(maps[0] != maps[1] && maps[1] != maps[2] && maps[0] != maps[2])
    #expect(maps.allSatisfy { $0.contains { $0 < 0 } })
  }

  /// Memory changes no map; both ways to the gradient give the same numbers.
  @Test func givesTheSameMapsInAnyPieces() throws {
    defer { program.clean() }
    try train()
    let whole = program.folder + "/whole"
    let pieces = program.folder + "/pieces"
    for (folder, memory) in [(whole, "2G"), (pieces, "1K")] {
      let result = try program.run([
        "explain", run, "--indices", "0:5", "--max-memory", memory, "--output", folder,
        "--json",
      ])
      #expect(result.status == 0, "\(result.errors)")
      #expect(try json(result.output)["max_memory"] as? String == memory)
    }
    for name in ["attributions.npy", "logits.npy"] {
      #expect(
        try Data(contentsOf: URL(filePath: "\(whole)/\(name)"))
          == Data(contentsOf: URL(filePath: "\(pieces)/\(name)")), "\(name)")
    }
  }

  /// All models have arrays and pictures, and one scale where that is asked for.
  @Test func comparesModelsOnOneScale() throws {
    defer { program.clean() }
    try train()
    try train("other", ["--seed", "2", "--method", "traditional"])
    let other = program.folder + "/runs/other"
    var limits: [String: [[Double]]] = [:]
    for scale in ["map", "image", "method"] {
      let folder = "\(program.folder)/maps-\(scale)"
      let result = try program.run([
        "explain", run, "--compare", other, "--method", "gradient,input-x-gradient", "--indices",
        "0:3", "--sign", "signed", "--scale", scale, "--output", folder,
      ])
      #expect(result.status == 0, "\(result.errors)")
      for name in [
        "grid.png", "overlays.png", "attributions-gradient.npy",
        "attributions-gradient-model2.npy", "logits-model2.npy",
        "maps/2-gradient-model2-overlay.png", "maps/2-input-x-gradient-map.png",
      ] {
        #expect(FileManager.default.fileExists(atPath: "\(folder)/\(name)"), "\(name)")
      }
      let record = try record(folder)
      #expect(record["scale"] as? String == scale && record["color_map"] as? String == "diverging")
      let methods = try #require(record["methods"] as? [[String: Any]])
      limits[scale] = methods.compactMap { $0["drawn_limits"] as? [Double] }
    }
    // In this order: both methods of the first model, then of the second.
    let (own, image, all) = (
      try #require(limits["map"]), try #require(limits["image"]), try #require(limits["method"])
    )
    #expect(own.count == 4 && Set(own.joined()).count > 6)
    #expect(image[0] == image[2] && image[1] == image[3] && Set(image[0]).count == 3)
    #expect(Set(all[0] + all[2]).count == 1 && Set(all[1] + all[3]).count == 1)
    let pair = zip(own[0], own[2])
    #expect(zip(image[0], pair).allSatisfy { $0 >= min($1.0, $1.1) && $0 <= max($1.0, $1.1) })
  }

  /// A file with the run's weights, those of the last layer multiplied by a factor.
  func scaled(by factor: Float) throws -> String {
    let path = "\(program.folder)/scaled-\(factor).safetensors"
    let exported = try program.run([
      "export", run, "--format", "safetensors", "--output", path,
    ])
    #expect(exported.status == 0, "\(exported.errors)")
    var data = try Data(contentsOf: URL(filePath: path))
    // fc2.weight [10, 128] comes last.
    let start = data.count - 4 * 10 * 128
    for place in stride(from: start, to: data.count, by: 4) {
      let value = data.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: Float.self) }
      withUnsafeBytes(of: value * factor) { data.replaceSubrange(place..<place + 4, with: $0) }
    }
    try data.write(to: URL(filePath: path))
    return path
  }

  @Test func saysWhichMapsShowNothing() throws {
    defer { program.clean() }
    try train()
    for (factor, score, status) in [(0, "logit", "zero gradient"), (1e5, "prob", "saturated")]
      as [(Float, String, String)]
    {
      let folder = "\(program.folder)/maps-\(score)"
      let result = try program.run([
        "explain", try scaled(by: factor), "--method", "gradient", "--score", score, "--dataset",
        "mnist", "--data", program.folder + "/data", "--indices", "3,4", "--output", folder,
      ])
      #expect(result.status == 0, "\(result.errors)")
      let methods = try #require(try record(folder)["methods"] as? [[String: Any]])
      #expect(methods[0]["statuses"] as? [String: Int] == [status: 2])
      let odd = try #require(methods[0]["not_ok"] as? [[String: Any]])
      #expect(odd.compactMap { $0["image"] as? Int } == [3, 4])
      #expect(result.errors.contains("2 \(status) (image 3, 4)"), "\(result.errors)")
    }
  }

  @Test func saysWhatIsWrong() throws {
    defer { program.clean() }
    try train()
    let out = ["--output", program.folder + "/x"]
    let own = program.folder + "/own.png"
    try RGBAImage(width: 28, height: 28).pngData().write(to: URL(filePath: own))
    let mistakes: [([String], Int32, String)] = [
      (["explain", run, "--method", "gradent"] + out, 64, "did you mean \"gradient\""),
      (["explain", "--list", "--method", "gradent"], 64, "did you mean \"gradient\""),
      (["explain", run, "--method", "gradient,gradient"] + out, 64, "given twice"),
      (["explain", run, "--method", "gradient,"] + out, 64, "list of names"),
      (["explain", run, "--option", "absolut=true"] + out, 64, "did you mean \"absolute\""),
      (["explain", run, "--option", "absolute=perhaps"] + out, 64, "true or false"),
      (["explain", run, "--option", "absolute"] + out, 64, "name=value"),
      (["explain", run, "--option", "rise.samples=3"] + out, 64, "rise is not among"),
      (["explain", run, "--layer", "conv1"] + out, 64, "--layer"),
      (["explain", run, "--convention", "pgc"] + out, 64, "none of gradient has conventions"),
      (
        ["explain", run, "--method", "grad-cam", "--convention", "pcg"] + out, 64,
        "--convention: \"pcg\" is not one of: captum|pgc|paper"
      ),
      (["explain", run, "--method", "grad-cam", "--layer", ","] + out, 64, "--layer: \",\""),
      (["explain", run, "--method", "grad-cam", "--layer", ""] + out, 64, "--layer: \"\""),
      (["explain", run, "--method", "grad-cam", "--layer", "pool,pool"] + out, 64, "given twice"),
      (
        ["explain", run, "--method", "smoothgrad", "--option", "samples=0"] + out, 64,
        "--option smoothgrad.samples: samples is \"0\", expected"
      ),
      (
        ["explain", run, "--method", "occlusion", "--option", "window=99"] + out, 64,
        "--option occlusion.window: window is \"99\""
      ),
      (["explain", run, "--method", "grad-cam", "--layer", "conv9"] + out, 64, "conv2"),
      (["explain", run, "--convolution", "fast"] + out, 64, "direct|winograd"),
      (["explain", run, "--max-memory", "lots"] + out, 64, "--max-memory"),
      (["explain", run, "--target", "dog"] + out, 64, "label|predicted"),
      (["explain", run, "--score", "logits"] + out, 64, "logit"),
      (["explain", run, "--rectify", "some"] + out, 64, "class-activation"),
      (["explain", run, "--scale", "some"] + out, 64, "map|image|method"),
      (["explain", run, "--indices", "0:99"] + out, 64, "goes beyond the 30 images"),
      (["explain", run, "--indices", "29:31"] + out, 64, "goes beyond the 30 images"),
      (["explain", run, "--indices", "30"] + out, 64, "goes beyond the 30 images"),
      (["explain", run, "--indices", "3,3"] + out, 64, "names an image twice"),
      (["explain", run, program.folder + "/no.png"] + out, 66, "there is no such file"),
      (["explain", run, own, "--target", "label"] + out, 64, "--target"),
      (["explain", run, own, "--dataset", "mnist"] + out, 64, "--dataset"),
      (["explain", run, own, "--split", "test"] + out, 64, "--split"),
      (["explain", run, own, "--limit", "3"] + out, 64, "--limit"),
      (["explain", run, "--compare", run] + out, 64, "given twice"),
      (["explain", run, "--output", own], 73, "is not a folder"),
      (["explain", run, "--output", own + "/sub"], 74, "own.png is not a folder"),
      (["explain", run, "--output", ""], 64, "not the name of a folder"),
      (["explain", run], 64, "--output"), (["explain"] + out, 64, "<model>"),
    ]
    for (arguments, status, part) in mistakes {
      let result = try program.run(arguments)
      #expect(result.status == status, "\(arguments.suffix(5)): \(result.status) \(result.errors)")
      #expect(
        part.isEmpty || result.errors.contains(part), "\(arguments.suffix(5)): \(result.errors)")
      #expect(!result.errors.contains("NSCocoaErrorDomain"), "\(result.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: program.folder + "/x"))
  }
}

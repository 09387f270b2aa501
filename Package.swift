// swift-tools-version: 6.1
import PackageDescription

/// Continuous integration turns warnings into errors.
let strict = Context.environment["SMOOT_CI"] != nil

let swiftSettings: [SwiftSetting] =
  [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ] + (strict ? [.unsafeFlags(["-warnings-as-errors"])] : [])

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

/// A library target in `Sources/<name>` and its tests in `Tests/<name>Tests`.
func module(_ name: String, _ dependencies: [Target.Dependency]) -> [Target] {
  [
    .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings),
    .testTarget(
      name: name + "Tests",
      dependencies: [.byName(name: name), "SmootTestSupport"] + dependencies,
      resources: [.copy("Fixtures")],
      swiftSettings: swiftSettings),
  ]
}

/// The library modules.
///
/// What imports `Smoot` names them all, so that a change in one of them rebuilds it.
let libraries: [Target.Dependency] = [
  "SmootTensor", "SmootAutodiff", "SmootNN", "SmootDatasets", "SmootAttribution", "SmootMasking",
  "SmootCheckpoints", "SmootTraining", "SmootEvaluation", "SmootExport", "SmootReporting",
]

let package = Package(
  name: "smoot",
  products: [
    .library(name: "Smoot", targets: ["Smoot"]),
    .executable(name: "smoot", targets: ["SmootCLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
  ],
  targets: [
    // MARK: 0  Kernels and system libraries
    .target(name: "CSmootKernels", linkerSettings: [.linkedLibrary("dl"), .linkedLibrary("m")]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg-dev"])]),
    .systemLibrary(
      name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
    .target(name: "CSmootPictures", dependencies: ["CPNG", "CJPEG", "CZlib"]),
  ]
    // MARK: 1  Tensors
    + module("SmootTensor", ["CSmootKernels"])
    // MARK: 2  Differentiation
    + module("SmootAutodiff", ["SmootTensor", "CSmootKernels"])
    // MARK: 3  Networks and data
    + module("SmootNN", ["SmootTensor", "SmootAutodiff", "CSmootKernels"])
    + module(
      "SmootDatasets",
      ["SmootTensor", "CSmootKernels", "CSmootPictures", "CZlib", "CArchive", crypto])
    // MARK: 4  Saliency, masks, files
    + module("SmootAttribution", ["SmootTensor", "SmootAutodiff", "SmootNN"])
    + module("SmootMasking", ["SmootTensor", "CSmootKernels"])
    + module("SmootCheckpoints", ["SmootTensor", "SmootAutodiff", "SmootNN", crypto])
    // MARK: 5  Training, evaluation, files for other tools
    + module(
      "SmootTraining",
      [
        "SmootTensor", "SmootAutodiff", "SmootNN", "SmootDatasets", "SmootAttribution",
        "SmootMasking", "SmootCheckpoints",
      ])
    + module(
      "SmootEvaluation",
      [
        "SmootTensor", "SmootAutodiff", "SmootNN", "SmootDatasets", "SmootAttribution",
        "SmootMasking", "SmootCheckpoints",
      ])
    + module(
      "SmootExport",
      ["SmootTensor", "SmootAutodiff", "SmootNN", "SmootCheckpoints", "CArchive", crypto])
    // MARK: 6  Tables, plots, pictures
    + module("SmootReporting", ["SmootTensor", "CPNG"])
    // MARK: 7  What people touch
    + [
      .target(
        name: "Smoot", dependencies: libraries, swiftSettings: swiftSettings),
      .target(
        name: "SmootBenchmarks", dependencies: ["Smoot", "CSmootKernels"] + libraries,
        swiftSettings: swiftSettings),
      .executableTarget(
        name: "SmootCLI",
        dependencies: [
          "Smoot", "SmootBenchmarks", "CSmootKernels", argumentParser, logging, yams, crypto,
        ] + libraries,
        swiftSettings: swiftSettings),
      .target(
        name: "SmootTestSupport",
        dependencies: ["SmootTensor", "SmootAutodiff", "SmootCheckpoints", "CSmootKernels"],
        path: "Tests/SmootTestSupport", swiftSettings: swiftSettings),
      .testTarget(
        name: "SmootEndToEndTests",
        dependencies: ["Smoot", "SmootCLI", "SmootTestSupport", crypto] + libraries,
        swiftSettings: swiftSettings),
    ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c17
)

import SmootDatasets

/// One setting of a run: its name, its help, and how it is read from text and written as text.
///
/// Flags, environment variables, configuration files, `smoot config` and the saved configuration all come from the one list ``TrainingConfiguration/options``.
public struct ConfigurationOption: Sendable {
  /// The name, as in `--k-min`.
  public let name: String
  /// What it is for, in a line.
  public let help: String
  /// The values it can take, for messages: `signed|abs`, `a number`.
  public let values: String
  /// The setting of a configuration, as text; empty when there is none.
  public let text: @Sendable (TrainingConfiguration) -> String
  /// Changes the setting; returns whether the text could be read.
  let assign: @Sendable (inout TrainingConfiguration, String) -> Bool

  /// The environment variable, as in `SMOOT_K_MIN`.
  public var environmentName: String {
    "SMOOT_" + name.uppercased().replacing("-", with: "_")
  }

  /// The setting in the default configuration.
  public var defaultValue: String { text(TrainingConfiguration()) }

  /// Changes the setting.
  ///
  /// - Throws: ``ConfigurationError`` when the text is none of ``values``.
  public func apply(
    _ text: String, to configuration: inout TrainingConfiguration, origin: String, exitCode: Int32
  ) throws(ConfigurationError) {
    guard assign(&configuration, text) else {
      throw ConfigurationError(
        origin: origin, message: "\"\(text)\" is not one of: \(values)", exitCode: exitCode)
    }
  }

  typealias Path<Value> = WritableKeyPath<TrainingConfiguration, Value> & Sendable

  static func choice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
    _ name: String, _ path: any Path<Value>, _ help: String
  ) -> ConfigurationOption {
    ConfigurationOption(
      name: name, help: help, values: Value.allCases.map(\.rawValue).joined(separator: "|"),
      text: { $0[keyPath: path].rawValue },
      assign: { configuration, text in
        guard let value = Value(rawValue: text) else { return false }
        configuration[keyPath: path] = value
        return true
      })
  }

  static func optionalChoice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
    _ name: String, _ path: any Path<Value?>, _ help: String
  ) -> ConfigurationOption {
    ConfigurationOption(
      name: name, help: help,
      values: Value.allCases.map(\.rawValue).joined(separator: "|") + ", or nothing",
      text: { $0[keyPath: path]?.rawValue ?? "" },
      assign: { configuration, text in
        let value = Value(rawValue: text)
        guard value != nil || text.isEmpty else { return false }
        configuration[keyPath: path] = value
        return true
      })
  }

  static func value<Value: LosslessStringConvertible & Sendable>(
    _ name: String, _ path: any Path<Value>, _ values: String, _ help: String,
    _ isAllowed: @escaping @Sendable (Value) -> Bool = { _ in true }
  ) -> ConfigurationOption {
    ConfigurationOption(
      name: name, help: help, values: values, text: { String($0[keyPath: path]) },
      assign: { configuration, text in
        guard let value = Value(text), isAllowed(value) else { return false }
        configuration[keyPath: path] = value
        return true
      })
  }

  static func optional<Value: LosslessStringConvertible & Sendable>(
    _ name: String, _ path: any Path<Value?>, _ values: String, _ help: String,
    _ isAllowed: @escaping @Sendable (Value) -> Bool = { _ in true }
  ) -> ConfigurationOption {
    ConfigurationOption(
      name: name, help: help, values: values + ", or nothing",
      text: { $0[keyPath: path].map { String($0) } ?? "" },
      assign: { configuration, text in
        if text.isEmpty {
          configuration[keyPath: path] = nil
          return true
        }
        guard let value = Value(text), isAllowed(value) else { return false }
        configuration[keyPath: path] = value
        return true
      })
  }

  /// The data set: a name as it is, a folder as a path that holds wherever the program is started.
  static let dataset = ConfigurationOption(
    name: "dataset",
    help: "data set: mnist, fashion-mnist, cifar10, cifar100, or a folder of pictures",
    values: "the name of a data set or a folder", text: { $0.dataset },
    assign: { configuration, text in
      guard !text.isEmpty else { return false }
      configuration.dataset = ImageFolder.isFolder(text) ? ImageFolder.absolute(text) : text
      return true
    })
}

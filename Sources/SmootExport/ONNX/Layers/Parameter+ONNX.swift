import SmootAutodiff

extension Parameter {
  /// The name of the layer that the parameter is part of: its own without the last part.
  var layerName: String { name.split(separator: ".").dropLast().joined(separator: ".") }
}

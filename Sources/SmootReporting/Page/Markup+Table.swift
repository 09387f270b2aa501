extension Markup {
  /// A table below its caption, in a box that scrolls by itself where the table is too wide.
  ///
  /// The caption stands outside of the table, so that it is as wide as the page and does not scroll.
  static func captioned(_ table: Markup, _ caption: String, name: String) -> Markup {
    .element("p", ["class": "caption", "id": "\(name)-caption"], text: caption)
      + .element(
        "div",
        [
          "class": "scroll", "role": "region", "tabindex": "0",
          "aria-labelledby": "\(name)-caption",
        ], table)
  }
}

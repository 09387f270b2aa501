import SmootReporting
import Testing

@Suite struct MarkupTests {
  @Test func escapesTextAndAttributes() {
    let hostile = "<script>alert(\"x\")</script> & \u{202E}\u{1B}[31m"
    let element = Markup.element("td", ["title": hostile, "class": nil], text: hostile).source
    #expect(!element.contains("<script"))
    #expect(!element.contains("\u{202E}") && !element.contains("\u{1B}"))
    #expect(element.contains("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp;"))
    #expect(!element.contains("class"))
  }

  @Test func closesElementsThatHoldSomething() throws {
    #expect(Markup.element("p", text: "a").source == "<p>a</p>")
    #expect(Markup.element("br").source == "<br>")
    let page = Page(
      title: "t", sections: [PageSection("s", title: "s", [.missing("run `a <b>` now")])])
    #expect(try page.html().contains("run <code>a &lt;b&gt;</code> now"))
    let both = Markup.text("a") + Markup.text("b")
    #expect(both.source == "ab")
    #expect(Markup.lines([.text("a"), .text("b")]).source == "a\nb")
  }
}

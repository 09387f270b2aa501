import SmootReporting
import Testing

@Suite struct TableTests {
  private func sample() -> Table {
    var table = Table(
      title: "Runs ± spread",
      columns: [.init("run"), .init("images", .right), .init("accuracy", .right)])
    table.append([.text("mnist-smoot-1"), .integer(60_000), .real(98.5, digits: 2)])
    table.append([.text("漢字 é"), .integer(-5), .missing])
    return table
  }

  @Test func columnsAlign() {
    #expect(
      sample().text() == """
        Runs ± spread
        run            images  accuracy
        ─────────────  ──────  ────────
        mnist-smoot-1  60,000     98.50
        漢字 é             -5         -

        """)
  }

  @Test func asciiHasNothingElse() {
    let text = sample().text(.init(isASCII: true))
    #expect(text.unicodeScalars.allSatisfy { $0.isASCII })
    #expect(
      text.hasPrefix("Runs +- spread\nrun            images  accuracy\n-------------  ------"))
    #expect(text.contains("\n?? ?  "))
  }

  @Test func narrowTerminalsShortenWords() {
    let text = sample().text(.init(maximumWidth: 26))
    let lines = text.split(separator: "\n").dropFirst()
    #expect(lines.allSatisfy { DisplayWidth.width(of: String($0)) <= 26 })
    #expect(text.contains("mni…t-1") || text.contains("mnis…t-1"))
    #expect(text.contains("60,000     98.50"))
  }

  @Test func controlCharactersCannotSteerTheTerminal() {
    var table = Table(columns: [.init("name")])
    table.append([.text("a\u{1B}[2Jb\nc")])
    #expect(table.text() == "name\n──────\na [2Jb c\n".replacing("──────", with: "────────"))
  }

  @Test func csvQuotesByRFC4180() {
    var table = Table(columns: [.init("a,b"), .init("n", .right)])
    table.append([.text("say \"hi\""), .real(1.0 / 3, digits: 2)])
    table.append([.text("two\r\nlines"), .integer(60_000)])
    table.append([.text("plain ± text"), .missing])
    table.append([.text(""), .real(-0.5, digits: 0)])
    #expect(
      table.csv() == "\"a,b\",n\r\n\"say \"\"hi\"\"\",0.3333333333333333\r\n"
        + "\"two\r\nlines\",60000\r\nplain ± text,\r\n,-0.5\r\n")
  }

  @Test func markdownEscapes() {
    var table = Table(title: "T", columns: [.init("run|name"), .init("AUC", .right)])
    table.append([.text("a_b*c\n<i>"), .real(33.156, digits: 2)])
    #expect(
      table.markdown() == """
        **T**

        | run\\|name | AUC |
        | :-- | --: |
        | a\\_b\\*c \\<i> | 33.16 |

        """)
  }
}

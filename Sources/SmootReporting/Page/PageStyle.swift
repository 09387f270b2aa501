/// The style sheet of pages.
enum PageStyle {
  /// Colours, type and layout; figures and tables follow the page's colours.
  static var sheet: String { [colors, layout, tables, figures, paper].joined(separator: "\n") }

  private static let dark = """
    --ground: #14171b; --card: #1c2026; --text: #e8eaed; --quiet: #a9b1bb; --line: #3a414b;
    --link: #7cc0f5; --warn: #f0b45c; --accent: 86 180 233;
    """

  private static let colors = """
    :root {
      --ground: #ffffff; --card: #ffffff; --text: #1c1e21; --quiet: #565c64; --line: #d5d9de;
      --link: #005a94; --warn: #a34700; --accent: 0 114 178;
      color-scheme: light dark;
    }
    @media screen and (prefers-color-scheme: dark) {
      :root { \(dark) }
      \(darkFigures)
    }
    """

  /// The few colours that figures have for text, axes and ground, as a dark page shows them.
  private static let darkFigures = [
    ("#222222", "#e8eaed"), ("#262626", "#e8eaed"), ("#555555", "#a9b1bb"), ("#e4e4e4", "#343a43"),
    ("#ffffff", "#1c2026"), ("#000000", "#f2f2f2"), ("#0072b2", "#4ea3dd"), ("#7f7f7f", "#9a9a9a"),
  ].map { light, dark in
    "svg [fill=\"\(light)\"] { fill: \(dark) } svg [stroke=\"\(light)\"] { stroke: \(dark) }"
  }.joined(separator: "\n  ")

  private static let layout = """
    * { box-sizing: border-box }
    html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth }
    body {
      margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 66rem; background: var(--ground);
      color: var(--text); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, Helvetica,
        Arial, sans-serif;
    }
    h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .4rem; text-wrap: balance }
    h2 {
      font-size: 1.3rem; line-height: 1.3; margin: 3rem 0 .75rem; padding-bottom: .3rem;
      border-bottom: 2px solid var(--line);
    }
    h3 { font-size: 1.05rem; margin: 1.75rem 0 .5rem }
    p, li { max-width: 46rem; overflow-wrap: break-word }
    header p { color: var(--quiet); margin: .15rem 0 }
    a { color: var(--link); text-underline-offset: .15em }
    :focus-visible { outline: 2px solid var(--link); outline-offset: 2px }
    nav { margin: 1.25rem 0 0; padding: .75rem 0; border-block: 1px solid var(--line) }
    nav ol {
      margin: 0; padding: 0; list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem;
    }
    code { font: .88em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace }
    pre code { font: inherit }
    .missing, .warning {
      border-left: 3px solid var(--line); padding: .35rem .9rem; color: var(--quiet);
      margin: .75rem 0;
    }
    .warning { border-color: var(--warn); color: var(--text) }
    .missing strong { color: var(--text) }
    .warning strong { color: var(--warn) }
    pre {
      margin: .75rem 0; padding: .75rem .9rem; border: 1px solid var(--line); border-radius: 6px;
      background: var(--card); white-space: pre-wrap; overflow-wrap: anywhere;
      font: .8rem/1.55 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
    }
    """

  private static let tables = """
    .scroll { overflow-x: auto; margin: 0 0 1.75rem }
    table { border-collapse: collapse; font-size: .875rem; line-height: 1.4 }
    .caption {
      color: var(--quiet); font-size: .875rem; line-height: 1.45; margin: .75rem 0 .4rem;
      break-after: avoid;
    }
    th, td { padding: .35rem .7rem; vertical-align: top; border-bottom: 1px solid var(--line) }
    th { text-align: left; font-weight: 600 }
    td.long { overflow-wrap: anywhere; min-width: 8rem }
    @media screen and (min-width: 48rem) {
      tbody th { white-space: nowrap }
      tbody th small, .pictures tbody th, tbody .group th { white-space: normal }
    }
    thead th { vertical-align: bottom; border-bottom: 2px solid var(--line) }
    .number { text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: normal }
    th small, td small {
      display: block; font-weight: 400; color: var(--quiet); font-size: .8em; line-height: 1.35;
    }
    .number small { white-space: nowrap }
    tbody .group th { padding-top: 1rem; color: var(--quiet); font-weight: 600 }
    td.scored { background: rgb(var(--accent) / calc(var(--g) * .42)) }
    td.scored small { color: var(--text) }
    """

  private static let figures = """
    .figures {
      display: grid; gap: 1.5rem; margin: 1rem 0 1.5rem;
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 25rem), 1fr));
    }
    figure { margin: 0; min-width: 0; break-inside: avoid; max-width: 34rem }
    figcaption { font-size: .875rem; line-height: 1.4; margin-bottom: .4rem }
    figcaption span { color: var(--quiet) }
    svg { display: block; width: 100%; height: auto }
    .scale { max-width: 26.25rem; margin: -.5rem 0 1.5rem }
    .pictures th, .pictures td { padding: .3rem .45rem }
    .pictures tbody th { vertical-align: middle; max-width: 9rem; min-width: 5rem }
    .pictures thead th { max-width: 7rem; overflow-wrap: break-word }
    .pictures img { display: block; max-width: none; outline: 1px solid var(--line) }
    .pictures small { max-width: 96px; overflow-wrap: anywhere; margin-top: .2rem }
    .pictures small.wrong { color: var(--warn); font-weight: 600 }
    img.pixels { image-rendering: pixelated }
    """

  private static let paper = """
    @media print {
      @page { size: A4; margin: 16mm 14mm }
      html { font-size: 11.5px; scroll-behavior: auto }
      body { max-width: none; padding: 0; font-size: 11.5px }
      h2 { break-after: avoid; margin-top: 2rem }
      h3 { break-after: avoid }
      a { color: inherit; text-decoration: none }
      .scroll { overflow: visible }
      th, td { padding: .25rem .45rem }
      tr, figure, pre, p { break-inside: avoid }
      thead { display: table-header-group }
      td.long { min-width: 0 }
      section > p { break-after: avoid }
      .figures { grid-template-columns: 1fr 1fr; gap: 1rem }
      .scored, img, svg { -webkit-print-color-adjust: exact; print-color-adjust: exact }
      /* The rows' headings take 30 of the 182 mm between the margins. */
      .pictures { --room: calc(150mm / var(--columns) - .4rem) }
      .pictures th, .pictures td { padding: .25rem .2rem }
      .pictures thead th { font-size: .85em; max-width: var(--room); overflow-wrap: anywhere }
      .pictures tbody th { max-width: 28mm }
      .pictures img { width: min(62px, var(--room)); height: auto }
      .pictures small { max-width: min(66px, var(--room)) }
    }
    """
}

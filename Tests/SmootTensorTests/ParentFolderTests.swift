import SmootTensor
import Testing

@Suite struct ParentFolderTests {
  @Test(arguments: [
    ("a", ""), ("", ""), ("run", ""), ("run/", ""), ("a/b", "a"), ("a/b/", "a"), ("a//b", "a"),
    ("a/b/c.json", "a/b"), ("/a", "/"), ("/", "/"), ("//", "/"), ("/a/b", "/a"), ("./é", "."),
    ("a/\u{301}b", "a"),
  ])
  func isWhatTheLastComponentLiesIn(_ path: String, _ folder: String) {
    #expect(path.parentFolder == folder)
  }
}

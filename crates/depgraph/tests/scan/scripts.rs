//! Inline metadata of scripts (PEP 723).

use crate::listing::{import, said};
use uvshift_depgraph::scan::{ScannedFile, ScriptMetadata, scan_file};

#[expect(clippy::expect_used, reason = "a test that cannot go on stops")]
fn scanned(path: &str, text: &str) -> ScannedFile {
    scan_file(path, text.as_bytes()).expect("a file of Python")
}

fn metadata(python: Option<&str>, dependencies: &[(&str, usize)]) -> ScriptMetadata {
    let dependencies = dependencies.iter().map(|(text, line)| ((*text).to_owned(), *line)).collect();
    ScriptMetadata { dependencies, requires_python: python.map(str::to_owned) }
}

#[test]
fn dependencies_have_their_lines() {
    let text = "#!/usr/bin/env -S uv run --script\n\n# /// script\n# requires-python = \">=3.12\"\n# dependencies = [\n#   \"a>=1\", 'b[c] ; x',\n#\n#   \"d\",\n# ]\n#\n# [tool.uv]\n# exclude-newer = \"2024-01-01\"\n# ///\n\nimport a\n";
    let file = scanned("tool", text);
    assert_eq!(file.script, Some(metadata(Some(">=3.12"), &[("a>=1", 6), ("b[c] ; x", 6), ("d", 8)])));
    assert_eq!(file.imports.iter().map(import).collect::<Vec<_>>(), ["15 import a"]);
    assert_eq!(said(&file), Vec::<String>::new());
    let windows = scanned("a.py", &text.replace('\n', "\r\n"));
    assert_eq!(windows.script, file.script);
    // A block ends at the last line that can end it.
    let text = "# /// script\n# dependencies = ['a']\n# ///\n# [tool.x]\n# ///\n";
    assert_eq!(scanned("a.py", text).script, None);
    assert_eq!(said(&scanned("a.py", text)), ["3 broken-script-metadata"]);
}

#[test]
fn what_is_no_metadata() {
    for text in [
        "# /// other\n# a = 1\n# ///\n",
        "#/// script\n# ///\n",
        " # /// script\n # ///\n",
        "# /// script \n# ///\n",
    ] {
        let file = scanned("a.py", text);
        assert_eq!((file.script, file.diagnostics.len()), (None, 0), "{text}");
    }
    assert_eq!(scanned("a.py", "# /// script\n# ///\n").script, Some(metadata(None, &[])));
    assert_eq!(scanned("a.pyi", "# /// script\n# ///\n").script, None);
}

#[test]
fn what_is_broken_is_told() {
    let cases = [
        ("# /// script\n# a = 1\n\n# ///\n", "1 broken-script-metadata", None),
        ("# /// script\n# a = \n# ///\n", "2 broken-script-metadata", None),
        ("# /// script\n# ///\n\n# /// script\n# ///\n", "4 broken-script-metadata", None),
        (
            "# /// script\n# dependencies = 'a'\n# ///\n",
            "2 broken-script-metadata",
            Some(metadata(None, &[])),
        ),
        (
            "# /// script\n# dependencies = [\n#  'a',\n#  5]\n# ///\n",
            "4 broken-script-metadata",
            Some(metadata(None, &[("a", 3)])),
        ),
        (
            "# /// script\n# requires-python = 3\n# ///\n",
            "2 broken-script-metadata",
            Some(metadata(None, &[])),
        ),
    ];
    for (text, diagnostic, script) in cases {
        let file = scanned("a.py", &format!("{text}import a\n"));
        assert_eq!(said(&file), [diagnostic], "{text}");
        assert_eq!(file.script, script, "{text}");
        assert_eq!(file.imports.len(), 1, "{text}");
    }
}

/// The reader of TOML has a limit of its own.
#[test]
fn deep_metadata_crashes_nothing() {
    let deep = 100_000;
    for value in ["[".repeat(deep), "{a=".repeat(deep), "a.".repeat(deep)] {
        let file = scanned("a.py", &format!("# /// script\n# dependencies = {value}\n# ///\nimport a\n"));
        assert_eq!((file.imports.len(), file.diagnostics.len()), (1, 1));
    }
    let tables = format!("# /// script\n# [{}a]\n# ///\nimport a\n", "a.".repeat(deep));
    assert_eq!(scanned("a.py", &tables).imports.len(), 1);
    let keys = format!("# /// script\n# {}a = 1\n# ///\nimport a\n", "a.".repeat(deep));
    assert_eq!(scanned("a.py", &keys).imports.len(), 1);
}

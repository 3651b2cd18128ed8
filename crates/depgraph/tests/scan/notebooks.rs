//! Notebooks: cells of every shape, magics, kernels, and what is broken.

use crate::listing::{import, said};
use uvshift_depgraph::scan::{ScannedFile, scan_file};

#[expect(clippy::expect_used, reason = "a test that cannot go on stops")]
fn scanned(text: &str) -> ScannedFile {
    scan_file("a.ipynb", text.as_bytes()).expect("a notebook")
}

fn found(file: &ScannedFile) -> Vec<String> {
    file.imports.iter().map(import).collect()
}

/// A notebook of one cell.
fn one(code: &str) -> ScannedFile {
    scanned(&format!(r#"{{"cells": [{{"cell_type": "code", "source": {code:?}}}]}}"#))
}

#[test]
fn a_source_is_a_string_or_a_list() {
    let text = r#"{"cells": [
        {"cell_type": "code", "source": "import a\nimport b"},
        {"cell_type": "markdown", "source": "import c"},
        {"cell_type": "raw", "source": ["import d"]},
        {"cell_type": "code", "source": ["import e\n", "from f import (\n", "  g)"], "outputs": [{"data": {"text": "import h"}}]},
        {"cell_type": "code", "source": []}
    ]}"#;
    let file = scanned(text);
    assert_eq!(found(&file), ["1:1 import a", "1:2 import b", "4:1 import e", "4:2 from f (g)"]);
    assert_eq!(said(&file), Vec::<String>::new());
}

#[test]
fn magics_are_not_python() {
    let cases = [
        ("%matplotlib inline\n!pip install 'x\n?x\nimport a", vec!["1:4 import a"]),
        ("x?\ny??\nx.y?\nz = !ls 'it\nw = %sql select 'x\na, b = %time f()\nimport a", vec!["1:7 import a"]),
        ("!echo \\\n  'not closed\nimport a", vec!["1:3 import a"]),
        ("x = ('a'\n  % 'b')\nimport a", vec!["1:3 import a"]),
        ("'''\n%magic\n!x\n'''; import a", vec!["1:4 import a"]),
        (
            "if x:\n    %time y\nelse:\n    import a\n__import__('b')",
            vec!["1:4 import a condition", "1:5 dunder-import b"],
        ),
        ("%time import a\n%timeit import b", vec!["1:1 import a", "1:2 import b"]),
        ("%%time\nimport a", vec!["1:2 import a"]),
        ("\n# why\n%%capture --no-stderr\nimport a", vec!["1:4 import a"]),
        ("%%bash\nimport a", vec![]),
        ("%%writefile a.py\nimport a", vec![]),
        ("%%javascript\nimport a from 'b'", vec![]),
        ("import a\n%%bash\nimport b", vec!["1:1 import a", "1:3 import b"]),
        ("x = y != z\nprint(5 % 3)\n# really?\nimport a", vec!["1:4 import a"]),
    ];
    for (code, expected) in cases {
        let file = one(code);
        assert_eq!(found(&file), expected, "{code}");
        assert_eq!(said(&file), Vec::<String>::new(), "{code}");
    }
}

#[test]
fn one_bad_cell_drops_no_other() {
    let text = r#"{"cells": [
        {"cell_type": "code", "source": "def (:\nimport a"},
        {"cell_type": "code", "source": 5},
        {"cell_type": "code"},
        7,
        {"source": "import b"},
        {"cell_type": "code", "source": ["import c\n", 3, null, "import d"]},
        {"cell_type": "code", "source": "print 'x'\nimport e"}
    ], "metadata": []}"#;
    let file = scanned(text);
    assert_eq!(found(&file), ["1:2 import a", "6:1 import c", "6:2 import d", "7:2 import e"]);
    let messages: Vec<_> = file.diagnostics.iter().map(ToString::to_string).collect();
    assert_eq!(
        messages,
        [
            "a.ipynb:1: warning[X107]: cell 1 line 1: a bracket is never closed",
            "a.ipynb:1: warning[X107]: cell 2 has no source",
            "a.ipynb:1: warning[X107]: cell 3 has no source",
            "a.ipynb:1: warning[X107]: cell 4 has no source",
            "a.ipynb:1: warning[X107]: cell 5 has no source",
            "a.ipynb:1: warning[X107]: cell 7 line 1: `print` and `exec` without brackets are Python 2",
        ]
    );
}

#[test]
fn broken_notebooks_are_told() {
    for text in ["", "{", "[]", "5", "{}", r#"{"cells": 5}"#, r#"{"cells": {}}"#, &"[".repeat(10_000)] {
        let file = scanned(text);
        assert_eq!(file.diagnostics.len(), 1, "{text:.40}");
        assert_eq!(file.diagnostics.first().unwrap().code.name(), "broken-notebook", "{text:.40}");
    }
}

#[test]
fn other_kernels_are_left_alone() {
    let with = |metadata: &str| {
        let cell = r#"{"cell_type": "code", "source": "import a"}"#;
        scanned(&format!(r#"{{"cells": [{cell}], "metadata": {metadata}}}"#)).imports.len()
    };
    assert_eq!(with(r#"{"kernelspec": {"language": "R"}}"#), 0);
    assert_eq!(with(r#"{"language_info": {"name": "julia"}}"#), 0);
    assert_eq!(with(r#"{"kernelspec": {"language": "python"}, "language_info": {"name": "ipython"}}"#), 1);
    assert_eq!(with(r#"{"language_info": {"name": "python", "version": "3.14"}, "widgets": {"x": [1]}}"#), 1);
    assert_eq!(with(r#"{"kernelspec": {"name": "python3"}}"#), 1);
    assert_eq!(with("{}"), 1);
}

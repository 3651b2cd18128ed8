//! Which files of a folder are scanned, and what is said of the others.

use std::fmt::Write as _;
use std::path::Path;

use uvshift_depgraph::Error;
use uvshift_depgraph::scan::{FileKind, Options, Scan, scan, scan_file};
use uvshift_testkit::Project;

fn project(files: &[&str]) -> Project {
    let project = Project::new();
    for file in files {
        project.write(file, "import a\n");
    }
    project
}

fn paths(scan: &Scan) -> Vec<&str> {
    scan.files.iter().map(|file| &*file.path).collect()
}

#[expect(clippy::expect_used, reason = "a test that cannot go on stops")]
fn scanned(project: &Project) -> Scan {
    scan(project.path(), &Options::default()).expect("the folder can be read")
}

#[test]
fn what_is_ignored_and_what_others_own_is_left_out() {
    let project = project(&[
        "a.py",
        "b.txt",
        ".github/c.py",
        "pkg/d.pyi",
        "pkg/build/e.py",
        "pkg/f_generated.py",
        ".venv/lib/g.py",
        "venv/g.py",
        "other/lib/python3.12/h.py",
        "node_modules/x/i.py",
        "pkg/__pycache__/j.py",
        ".tox/py/k.py",
        ".nox/k.py",
        "lib/site-packages/l.py",
        "docs/m.py",
    ]);
    project.write("other/pyvenv.cfg", "home = /usr\n");
    project.write(".gitignore", "build/\n");
    project.write("pkg/.gitignore", "*_generated.py\n");
    assert_eq!(paths(&scanned(&project)), [".github/c.py", "a.py", "docs/m.py", "pkg/d.pyi"]);
    let options = Options { exclude: vec!["/docs/".to_owned(), "*.pyi".to_owned()], threads: Some(3) };
    assert_eq!(paths(&scan(project.path(), &options).unwrap()), [".github/c.py", "a.py"]);
    let options = Options { exclude: vec!["a{".to_owned()], threads: None };
    assert!(matches!(scan(project.path(), &options), Err(Error::Pattern { pattern, .. }) if pattern == "a{"));
    assert!(matches!(scan(&project.path().join("none"), &Options::default()), Err(Error::Read { .. })));
    assert!(matches!(scan(&project.path().join("a.py"), &Options::default()), Err(Error::Read { .. })));
}

#[test]
fn a_script_is_known_by_its_first_line() {
    let kind =
        |line: &str| scan_file("bin/tool", format!("{line}\nimport a\n").as_bytes()).map(|file| file.kind);
    for line in [
        "#!/usr/bin/python",
        "#!/usr/bin/env python3",
        "#! /usr/bin/env -S python3.12 -u",
        "#!/opt/pypy3",
        "#!/usr/bin/env -S uv run --script",
        "#!/usr/bin/env -S uv run -q -s",
        "#!C:/Python/pythonw.exe python",
    ] {
        assert_eq!(kind(line), Some(FileKind::Script), "{line}");
    }
    for line in ["#!/bin/sh", "#!/usr/bin/env pythonista", "# python", "", "#!/usr/bin/env uv"] {
        assert_eq!(kind(line), None, "{line}");
    }
    assert!(scan_file("a.txt", b"#!/usr/bin/python\n").is_none());
    let kinds: Vec<_> = ["a.PY", "a.pyw", "a.pyi", "a.pxi", "a.ipynb"]
        .iter()
        .map(|path| scan_file(path, b"").unwrap().kind)
        .collect();
    let expected = [FileKind::Module, FileKind::Module, FileKind::Stub, FileKind::Cython, FileKind::Notebook];
    assert_eq!(kinds, expected);
}

#[test]
#[cfg(unix)]
fn links_are_followed_to_files_of_the_project_only() {
    let outside = project(&["secret.py"]);
    let project = project(&["a.py", "pkg/b.py"]);
    let link = |to: &Path, at: &str| std::os::unix::fs::symlink(to, project.path().join(at)).unwrap();
    link(Path::new("a.py"), "c.py");
    link(Path::new(".."), "pkg/loop");
    link(Path::new("self.py"), "self.py");
    link(Path::new("gone.py"), "lost.py");
    link(&outside.path().join("secret.py"), "out.py");
    link(outside.path(), "folder");
    link(Path::new("pkg"), "inside");
    let scan = scanned(&project);
    assert_eq!(paths(&scan), ["a.py", "c.py", "pkg/b.py"]);
    let said: Vec<_> = scan.diagnostics.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "folder:1: note[X109]: this link is not followed: it leads out of the project",
            "inside:1: note[X109]: this link is not followed: it leads to a folder",
            "lost.py:1: note[X109]: this link is not followed: it leads nowhere, or in a circle",
            "out.py:1: note[X109]: this link is not followed: it leads out of the project",
            "pkg/loop:1: note[X109]: this link is not followed: it leads to a folder",
            "self.py:1: note[X109]: this link is not followed: it leads nowhere, or in a circle",
        ]
    );
}

#[test]
fn what_is_broken_drops_nothing_else() {
    let project = project(&["a.py", "z.py"]);
    project.write("b.py", b"import b\n\0");
    project.write("c.ipynb", "{");
    project.write("d.py", "x = (\n");
    let scan = scanned(&project);
    assert_eq!(paths(&scan), ["a.py", "b.py", "c.ipynb", "d.py", "z.py"]);
    let said: Vec<_> =
        scan.files.iter().flat_map(|file| &file.diagnostics).map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "b.py:2: warning[X102]: a NUL byte: this is not text",
            "c.ipynb:1: warning[X106]: no JSON: EOF while parsing an object at line 1 column 1",
            "d.py:1: warning[X104]: a bracket is never closed",
        ]
    );
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let project = Project::new();
    for number in 0..200 {
        project.write(
            &format!("pkg{}/m{number}.py", number % 7),
            format!("import a{number}, b{}\n", number % 3),
        );
    }
    let listed = |threads| {
        let options = Options { threads: Some(threads), ..Options::default() };
        let scan = scan(project.path(), &options).unwrap();
        let mut text = String::new();
        for file in scan.files {
            writeln!(text, "{} {:?}", file.path, file.imports).unwrap();
        }
        text
    };
    assert_eq!(listed(1), listed(8));
}

/// With something quadratic in it, this would not come to its end.
#[test]
fn a_million_lines_are_read() {
    let block = "import a.b\nfrom c import (\n    d,\n    e)\nif x:\n    y = f\"{z}\" + '''\n'''\n    # uvshift: ignore\n\n    import g\n";
    let text = block.repeat(100_000);
    let file = scan_file("big.py", text.as_bytes()).unwrap();
    assert_eq!(file.imports.len(), 300_000);
    assert_eq!(file.imports.last().unwrap().line, 1_000_000);
    assert_eq!(file.ignored.len(), 100_000);
}

/// A long text is read as a tree piece by piece, and its lines are those of the whole.
#[test]
fn pieces_of_a_long_text_are_one() {
    let block = "@a\n@b(\n  c)\ndef f():\n  __import__('d')\nif x:\n  pass\nelif TYPE_CHECKING and y:\n  import e\nelse: import g\n\
                 try: import h\n\nexcept ImportError: il.import_module('i')\nfinally: pass\n'''\nimport j\n'''\n";
    let count = 20_000;
    let text = "import importlib as il\n".to_owned() + &block.repeat(count) + "x = = 1\n__import__('k')\n";
    let file = scan_file("big.py", text.as_bytes()).unwrap();
    let lines = block.lines().count();
    assert_eq!(file.imports.len(), 1 + 5 * count + 1);
    let found = |name: &str| -> Vec<usize> {
        let imports = file.imports.iter().filter(|import| &*import.module == name);
        imports.map(|import| usize::try_from(import.line).unwrap()).collect()
    };
    let every = |first: usize| (0..count).map(|number| number * lines + first).collect::<Vec<_>>();
    assert_eq!((found("d"), found("i")), (every(6), every(14)));
    assert_eq!(found("k"), [lines * count + 3]);
    let said: Vec<_> = file.diagnostics.iter().map(|found| (found.code.name(), found.line)).collect();
    assert_eq!(said, [("syntax-error", Some(lines * count + 2))]);
}

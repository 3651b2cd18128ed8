//! Wheels that differ in one thing each: what counts as a difference, and what is accepted with a reason.
#![expect(clippy::unwrap_used, reason = "a helper that cannot go on ends the test")]

use std::io::{Cursor, Write as _};

use uvshift_wheel::{Comparison, Error, Limits, Tolerance, Wheel, compare};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A wheel in the making.
#[derive(Clone)]
struct Built {
    metadata: String,
    tags: &'static str,
    generator: &'static str,
    files: Vec<(String, String, u32)>,
}

fn built() -> Built {
    Built {
        metadata: "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n".to_owned(),
        tags: "py3-none-any",
        generator: "setuptools (80.9.0)",
        files: vec![("demo/__init__.py".to_owned(), "x = 1\n".to_owned(), 0o644)],
    }
}

impl Built {
    fn metadata(mut self, lines: &str) -> Self {
        self.metadata.push_str(lines);
        self
    }

    fn file(self, path: &str, content: &str) -> Self {
        self.mode(path, content, 0o644)
    }

    fn mode(mut self, path: &str, content: &str, mode: u32) -> Self {
        self.files.retain(|(present, ..)| present != path);
        self.files.push((path.to_owned(), content.to_owned(), mode));
        self
    }

    fn read(&self) -> Wheel {
        let mut files = self.files.clone();
        let info = "demo-1.0.dist-info";
        let wheel = format!("Generator: {}\nRoot-Is-Purelib: true\nTag: {}\n", self.generator, self.tags);
        files.push((format!("{info}/METADATA"), self.metadata.clone(), 0o644));
        files.push((format!("{info}/WHEEL"), wheel, 0o644));
        files.push((format!("{info}/RECORD"), self.generator.to_owned(), 0o644));
        let name = format!("demo-1.0-{}.whl", self.tags);
        Wheel::read(&name, Cursor::new(zipped(&files)), Limits::default()).unwrap()
    }
}

fn zipped(files: &[(String, String, u32)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content, mode) in files {
        archive.start_file(path, SimpleFileOptions::default().unix_permissions(*mode)).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn compared(old: &Built, new: &Built) -> Comparison {
    let tolerance = Tolerance { other_backend: true, ..Tolerance::default() };
    compare(&old.read(), &new.read(), &tolerance)
}

/// The old wheel is not the new one, and the message has this text.
fn differs(old: &Built, new: &Built, text: &str) {
    let comparison = compared(old, new);
    let messages: Vec<String> = comparison.differences.iter().map(ToString::to_string).collect();
    assert!(messages.iter().any(|message| message.contains(text)), "{text}: {comparison:#?}");
}

/// Both are the same, with as many notes.
fn same(old: &Built, new: &Built, notes: usize) {
    let comparison = compared(old, new);
    assert_eq!(comparison.differences, [], "{comparison:#?}");
    assert_eq!(comparison.accepted.len(), notes, "{comparison:#?}");
}

#[test]
fn files_are_compared_by_path_content_and_mode() {
    let old = built().file("demo/data.txt", "1").file("demo/py.typed", "");
    same(&old, &old, 0);
    assert_eq!(compared(&old, &old).files, 3);
    differs(&old, &built().file("demo/data.txt", "1"), "demo/py.typed: the file is missing");
    differs(&built(), &old, "demo/py.typed: the file is new");
    differs(
        &old,
        &old.clone().file("demo/data.txt", "22"),
        "another content: `2 bytes` instead of `1 bytes`",
    );
    differs(&old, &old.clone().mode("demo/data.txt", "1", 0o755), "demo/data.txt: another mode");
    let script = built().mode("demo-1.0.data/scripts/run", "", 0o755);
    same(&script, &script.clone().mode("demo-1.0.data/scripts/run", "", 0o644), 0);
    differs(&script, &built(), "*.data/scripts/run: the file is missing");
}

#[test]
fn what_no_build_repeats_is_accepted() {
    let extension = "demo/_speed.cpython-311-x86_64-linux-gnu.so";
    same(&built().file(extension, "1"), &built().file(extension, "2"), 1);
    let list = "demo-1.0.dist-info/sboms/demo.json";
    same(&built().file(list, "1"), &built().file(list, "2"), 1);
    differs(&built().file(extension, "1"), &built(), "_speed");
    let (mut old, new) = (built(), built());
    old.generator = "poetry-core 2.1.0";
    same(&old, &new, 0);
}

#[test]
fn files_of_one_backend_are_accepted_when_the_backend_changes() {
    let old =
        built().file("demo-1.0.dist-info/top_level.txt", "demo\n").file("demo-1.0.dist-info/zip-safe", "");
    same(&old, &built(), 2);
    let strict = compare(&old.read(), &built().read(), &Tolerance::default());
    assert_eq!(strict.differences.len(), 2);
}

#[test]
fn a_licence_may_move_but_not_vanish() {
    let old = built().file("demo-1.0.dist-info/LICENSE", "free\n");
    let new = built().file("demo-1.0.dist-info/licenses/LICENSE", "free\n");
    same(&old, &new, 1);
    differs(&old, &built(), "the licence file is missing");
    differs(
        &old,
        &built().file("demo-1.0.dist-info/licenses/LICENSE", "other\n"),
        "the licence file is missing",
    );
    same(&built(), &new, 1);
    same(&new, &new.clone().metadata("License: free\n"), 1);
    differs(&new, &new.clone().metadata("License: not free\n"), "another licence");
    differs(&built(), &built().metadata("License: free\n"), "another licence");
}

#[test]
fn fields_are_compared_by_meaning() {
    let rows = [
        ("Requires-Dist: a (>=1,<2)\n", "Requires-Dist: A<2,>=1.0\n"),
        ("Requires-Dist: b\nRequires-Dist: a\n", "Requires-Dist: a\nRequires-Dist: b\n"),
        ("Requires-Python: >=3.8,<4.0\n", "Requires-Python: <4,>=3.8\n"),
        ("Provides-Extra: A_b\n", "Provides-Extra: a-b\n"),
        ("Author: X\nAuthor-email: x@y.example\n", "Author-email: X <x@y.example>\n"),
        ("Home-page: https://x.example\n", "Project-URL: Homepage, https://x.example\n"),
        ("Keywords: a b\n", "Keywords: b,a\n"),
        ("Summary: one\n        two\n", "Summary: one two\n"),
        ("License: MIT\n", "License-Expression: MIT\n"),
        ("Platform: UNKNOWN\nLicense: UNKNOWN\n", "License-File: LICENSE\nDynamic: Summary\n"),
        ("Description: one\n        two\n", "\none\r\ntwo  \n\n"),
        (
            "Description-Content-Type: text/markdown\n",
            "Description-Content-Type: text/markdown; charset=UTF-8\n",
        ),
    ];
    for (old, new) in rows {
        same(&built().metadata(old), &built().metadata(new), 0);
    }
}

#[test]
fn fields_that_differ_are_found() {
    let rows = [
        ("Requires-Dist: a>=1\n", "Requires-Dist: a>1\n", "Requires-Dist: `>=1` and `>1` disagree about 1"),
        ("Requires-Dist: a\n", "", "no longer required"),
        ("", "Requires-Dist: a; extra == 'x'\n", "not required before"),
        ("Requires-Dist: (no) requirement\n", "", "no requirement that can be read"),
        ("Requires-Python: >=3.8\n", "", "Requires-Python"),
        ("", "Requires-Python: >=3.8\n", "Requires-Python"),
        ("Provides-Extra: x\n", "", "the extra is missing: `x`"),
        ("Author: X\n", "Author: Y\n", "METADATA Author: the name or address is new: `Y`"),
        ("Maintainer-email: a@x.example\n", "", "METADATA Maintainer"),
        ("Home-page: https://x.example\n", "", "Project-URL: the URL is missing"),
        ("Keywords: a\n", "Keywords: a,b\n", "the keyword is new: `b`"),
        ("Summary: one\n", "", "METADATA Summary: another value: `one`"),
        ("License: MIT\n", "License: BSD\n", "another licence: `BSD` instead of `MIT`"),
        ("Classifier: Typing :: Typed\n", "", "the classifier is missing"),
        ("Platform: linux\n", "", "the field is missing: `platform: linux`"),
        ("\none\n", "\ntwo\n", "METADATA Description: another text: `two` instead of `one`"),
        ("Description-Content-Type: text/markdown\n", "", "another type"),
        ("Description-Content-Type: text/plain\n", "Description-Content-Type: text/x-rst\n", "another type"),
    ];
    for (old, new, text) in rows {
        differs(&built().metadata(old), &built().metadata(new), text);
    }
    let other = |from: &str, to: &str| {
        let mut other = built();
        other.metadata = other.metadata.replace(from, to);
        other
    };
    differs(&built(), &other("Version: 1.0", "Version: 1.0.1"), "METADATA Version");
    same(&built(), &other("Version: 1.0", "Version: 1.0.0"), 0);
    differs(&built(), &other("Name: demo", "Name: other"), "METADATA Name");
    same(&built(), &other("Name: demo", "Name: Demo"), 0);
}

#[test]
fn harmless_fields_are_accepted_with_a_reason() {
    same(&built(), &built().metadata("Description-Content-Type: text/x-rst\n"), 1);
    same(&built().metadata("Import-Name: demo\n"), &built(), 1);
    differs(&built().metadata("Import-Name: other\n"), &built(), "METADATA Import-Name: the name is missing");
    let classifier = "Classifier: License :: OSI Approved :: MIT License\n";
    same(&built().metadata(classifier), &built().metadata("License-Expression: MIT\n"), 2);
    differs(
        &built().metadata(classifier),
        &built().metadata("License-Expression: ISC\n"),
        "classifier is missing",
    );
    let new = built().metadata("Requires-Python: >=3.8\n");
    let tolerance = Tolerance { added_requires_python: true, ..Tolerance::default() };
    let comparison = compare(&built().read(), &new.read(), &tolerance);
    assert!(comparison.is_same() && comparison.accepted.len() == 1, "{comparison:?}");
}

#[test]
fn poetry_names_only_the_first_of_several_people() {
    let (first, both) =
        ("Author-email: A <a@x.example>\n", "Author-email: A <a@x.example>, B <b@x.example>\n");
    let mut old = built().metadata(first);
    differs(&old, &built().metadata(both), "the name or address is new: `B`");
    old.generator = "poetry-core 2.5.0";
    same(&old, &built().metadata(both), 1);
    differs(&old, &built().metadata("Author-email: B <b@x.example>\n"), "is missing: `A`");
}

#[test]
fn a_marker_counts_only_where_the_project_can_be_installed() {
    let python = "Requires-Python: >=3.8\n";
    let old = built().metadata(python).metadata("Requires-Dist: a ; python_version >= '3.8'\n");
    let new = built().metadata(python).metadata("Requires-Dist: a\n");
    same(&old, &new, 0);
    let wider = built().metadata("Requires-Python: >=3.7\nRequires-Dist: a\n");
    differs(&old, &wider, "not required before");
}

#[test]
fn entry_points_are_compared_one_by_one() {
    let place = "demo-1.0.dist-info/entry_points.txt";
    let old = built().file(place, "[console_scripts]\ndemo = demo:main\n\n[x.y]\na=b:c\n");
    same(&old, &built().file(place, "# order\n[x.y]\na = b:c\n[console_scripts]\ndemo=demo : main\n"), 0);
    differs(&old, &built(), "the entry point is missing: `[console_scripts] demo = demo:main`");
    let other = built().file(place, "[console_scripts]\ndemo = demo:run\n[x.y]\na=b:c\n");
    differs(&old, &other, "the entry point is new: `[console_scripts] demo = demo:run`");
}

#[test]
fn tags_are_compared() {
    let mut universal = built().metadata("Requires-Python: >=3.8\n");
    universal.tags = "py2.py3-none-any";
    same(&universal, &built().metadata("Requires-Python: >=3.8\n"), 1);
    differs(&built().metadata("Requires-Python: >=3.8\n"), &universal, "WHEEL: other tags");
    let mut everywhere = built();
    everywhere.tags = "py2.py3-none-any";
    differs(&everywhere, &built(), "WHEEL: other tags");
}

#[test]
fn names_are_read_from_the_files() {
    let wheel = built().file("single.py", "").file("fast.cpython-311-x86_64-linux-gnu.so", "").read();
    assert_eq!(wheel.top_level().into_iter().collect::<Vec<_>>(), ["demo", "fast", "single"]);
}

#[test]
fn hostile_archives_are_refused() {
    let read = |files: &[(&str, &str)], limits: Limits| {
        let files: Vec<_> =
            files.iter().map(|(path, text)| ((*path).into(), (*text).into(), 0o644)).collect();
        Wheel::read("demo-1.0-py3-none-any.whl", Cursor::new(zipped(&files)), limits)
    };
    let valid =
        [("demo-1.0.dist-info/METADATA", "Name: demo\n"), ("demo-1.0.dist-info/WHEEL", "Tag: a-b-c\n")];
    assert!(read(&valid, Limits::default()).is_ok());
    for name in ["../evil", "/evil", "a/../../evil", "C:evil", "a\\b"] {
        let found = read(&[(name, "")], Limits::default());
        assert!(matches!(found, Err(Error::UnsafeName { .. })), "{name}: {found:?}");
    }
    let large = |limits: Limits| matches!(read(&valid, limits), Err(Error::TooLarge { .. }));
    assert!(large(Limits { files: 1, ..Limits::default() }));
    assert!(large(Limits { bytes: 5, ..Limits::default() }));
    assert!(large(Limits { metadata_bytes: 5, ..Limits::default() }));
    assert!(matches!(read(&valid[..1], Limits::default()), Err(Error::Missing { .. })));
    assert!(matches!(
        read(&[("other-1.0.dist-info/METADATA", "")], Limits::default()),
        Err(Error::Missing { .. })
    ));
    let named = Wheel::read("demo.zip", Cursor::new(Vec::new()), Limits::default());
    assert!(matches!(named, Err(Error::Name { .. })));
    assert!(matches!(
        Wheel::open(std::path::Path::new("/nowhere/a-1-py3-none-any.whl")),
        Err(Error::Open { .. })
    ));
}

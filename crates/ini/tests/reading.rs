//! What a document tells beside the values: places, comments, and what is wrong.

use uvshift_ini::{Dialect, Document};

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let document = Document::parse(text, &Dialect::SETUPTOOLS);
    let found: Vec<String> = document.diagnostics().iter().map(ToString::to_string).collect();
    assert_eq!(found, expected);
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    check("[a]\nx = 1\n", &[]);
    check("x = 1\n[a]\n", &["1: error[I003]: `x = 1` stands before the first section"]);
    check("[a]\nx = 1\nX = 1\nx = 2\n", &["4: error[I002]: `x` is said again after line 2"]);
    check("[a]\n[b]\n[a]\n", &["3: error[I001]: section `a` is opened again after line 1"]);
    check(
        "[a]\nwhat\n= x\n",
        &[
            "2: error[I004]: `what` is neither a section nor a key with a value",
            "3: error[I004]: `= x` is neither a section nor a key with a value",
        ],
    );
    check(
        "[a]\nx = 5%\ny = %(z)s\nz = %(y)s\n",
        &[
            "2: error[I005]: `x`: `%` must be followed by `%` or `(`",
            "3: error[I005]: `y`: references are nested deeper than 10",
            "4: error[I005]: `z`: references are nested deeper than 10",
        ],
    );
    check("[a]\nx = %(none)s\n", &["2: error[I005]: `x`: there is no `none` to refer to"]);
    check(
        "\u{feff}[a]\n",
        &["1: error[I007]: the file starts with a byte order mark, which its reader takes for text"],
    );
}

#[test]
fn a_key_without_a_value_is_not_continued() {
    let dialect = Dialect { allow_no_value: true, ..Dialect::RAW };
    let document = Document::parse("[a]\nx\n  more\n", &dialect);
    assert_eq!(
        document.diagnostics()[0].to_string(),
        "3: error[I006]: the line continues `x`, which has no value"
    );
}

#[test]
fn each_line_of_a_value_has_its_place_and_its_comments() {
    let text =
        "[options]\ninstall_requires =\n    a%%b\n    # why c\n    # really\n    c\n\n    # lone\n\n    d\n";
    let document = Document::parse(text, &Dialect::SETUPTOOLS);
    let key = document.get("options", "install_requires").unwrap();
    assert_eq!(key.value.as_deref(), Some("\na%b\nc\n\n\nd"));
    let parts: Vec<(&str, usize, Vec<&str>)> = key
        .parts
        .iter()
        .map(|part| (part.text.as_str(), part.line, part.comments.iter().map(String::as_str).collect()))
        .collect();
    assert_eq!(
        parts,
        [
            ("", 2, vec![]),
            ("a%b", 3, vec![]),
            ("c", 6, vec!["# why c", "# really"]),
            ("", 7, vec![]),
            ("", 9, vec![]),
            ("d", 10, vec![]),
        ]
    );
    assert_eq!((key.line, key.end_line), (2, 10));
    assert_eq!(document.comment(&document.lines()[3]), Some("# why c"));
}

#[test]
fn references_do_not_grow_without_end() {
    let mut text = "[a]\nk0 = 0123456789\n".to_owned();
    for level in 1..=9 {
        let reference = format!("%(k{})s", level - 1);
        text.extend(["k", &level.to_string(), " = ", &reference.repeat(60), "\n"]);
    }
    let document = Document::parse(&text, &Dialect::SETUPTOOLS);
    assert!(
        document.diagnostics().iter().any(|found| found.message.ends_with("references grow without end"))
    );
}

/// Why values are not read by the crate `configparser`: no setting of it cures these.
#[test]
fn the_crate_configparser_reads_some_of_it_otherwise() {
    let theirs = |text: &str, section: &str, key: &str| {
        let mut reader = configparser::ini::Ini::new_cs();
        reader.set_multiline(true);
        reader.set_comment_symbols(&['#', ';']);
        reader.set_inline_comment_symbols(Some(&[]));
        reader.read(text.to_owned()).ok()?;
        reader.get(section, key)
    };
    let ours = |text: &str, section: &str, key: &str| {
        Document::parse(text, &Dialect::SETUPTOOLS).value(section, key)
    };
    let same = "[a]\nx = 1\ny = p\n  q\n";
    for key in ["x", "y"] {
        assert_eq!(theirs(same, "a", key), ours(same, "a", key));
    }
    for (text, value) in [
        ("[a]\nx =\n  [b]\n  c = d\n", Some("\n[b]\nc = d")),
        ("[a]\nx = 100%%\n", Some("100%")),
        ("\u{feff}[a]\nx = 1\n", Some("1")),
    ] {
        assert_eq!(ours(text, "a", "x").as_deref(), value);
        assert_ne!(theirs(text, "a", "x").as_deref(), value, "{text:?}");
    }
}

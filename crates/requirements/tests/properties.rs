//! What holds for every text.

use proptest::prelude::*;
use uvshift_requirements::{Document, LineKind, Marker, Target, codes, decode, parse, variables};

fn check(text: &str) -> Document {
    let document = parse(text);
    assert_eq!(document.to_string(), text);
    assert_eq!(document.text(), text);
    let mut position = 0;
    let mut number = 1;
    for line in document.lines() {
        assert_eq!(line.span().start, position, "lines follow each other");
        assert!(line.span().end > position, "no line is empty");
        assert_eq!(line.line(), number, "physical lines are counted");
        assert!(line.end_line() >= line.line());
        position = line.span().end;
        number = line.end_line() + 1;
        check_line(&document, line);
    }
    assert_eq!(position, text.len(), "lines cover the text");
    for found in document.diagnostics() {
        assert!(codes::ALL.contains(&found.code));
        assert!(found.span.is_none_or(|span| span.text(text).is_some()), "{found:?}");
        for edit in found.fix.iter().flat_map(|fix| &fix.edits) {
            assert!(edit.span.text(text).is_some(), "{found:?}");
        }
    }
    document
}

fn check_line(document: &Document, line: &uvshift_requirements::Line) {
    if let Some(comment) = line.comment() {
        assert!(comment.text(document.text()).is_some_and(|text| text.starts_with('#')));
        assert!(comment.start >= line.span().start && comment.end <= line.span().end);
    }
    if let LineKind::Requirement(requirement) = line.kind() {
        assert!(requirement.span().text(document.text()).is_some());
        assert!(requirement.marker().is_none_or(|marker| Marker::parse(marker).is_ok()));
        let found: Vec<_> = [requirement.name(), requirement.url(), Some(requirement.specifier())]
            .into_iter()
            .flatten()
            .filter(|part| !requirement.text().contains(part))
            .collect();
        assert!(found.is_empty(), "{found:?} is not in {:?}", requirement.text());
        let _ = (requirement.target(), requirement.wheel(), requirement.pin(), requirement.extras().count());
        let _ = (requirement.version_specifiers(), requirement.normalized_name(), format!("{requirement:?}"));
        let _ = requirement.marker_tree();
    }
}

/// Texts made of the pieces that requirements files are made of, line ends of every kind included.
fn requirement_like() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "foo", "a.b", "Foo_Bar", "[x,y]", "[", "]", "==1.0", ">=1,<2", "~=1.2", "===weird", ">=1.*", "==dev",
            " ; ", ";", "python_version", "<", "'3.8'", "\"", "'", " and ", " or ", "(", ")", "os_name", " in ",
            "not in", "extra", "@", "git+https://g/a@v1#egg=a", "https://u:p@h/a.zip", "./a", "../", "/", "file:///a",
            "a-1.0-py3-none-any.whl", "--hash=sha256:aa", "--hash", "-r ", "-c ", "-e ", "-i ", "--pre", "-", "--",
            "=", ",", "*", "!", "1!2", "+local", "#", " #", "${X}", "${x", "$", "hg+http://h/a", "C:\\a",
        ]),
        2 => prop::sample::select(vec![" ", "  ", "\t", "\\", "\\\n", "\\\r\n", "\u{a0}", "\u{1f}", "\u{feff}", "é"]),
        1 => prop::sample::select(vec![
            "\n", "\r\n", "\r", "\u{b}", "\u{c}", "\u{1c}", "\u{1d}", "\u{1e}", "\u{85}", "\u{2028}", "\u{2029}",
        ]),
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

/// A requirement that follows PEP 508 and PEP 440 to the letter.
fn strict_requirement() -> impl Strategy<Value = String> {
    let name = "[A-Za-z0-9]([A-Za-z0-9._-]{0,8}[A-Za-z0-9])?";
    let extras = prop_oneof![Just(String::new()), "\\[[a-z]{1,4}( ?, ?[a-z]{1,4}){0,2}\\]"];
    let version =
        "(0|[1-9][0-9]{0,3})(\\.(0|[1-9][0-9]{0,3})){1,3}((a|b|rc)[0-9]{1,2})?(\\.post[0-9])?(\\.dev[0-9])?";
    let clause = (prop::sample::select(vec!["==", "!=", ">=", "<=", "<", ">", "~="]), version)
        .prop_map(|(operator, version)| format!("{operator}{version}"));
    let specifier = prop::collection::vec(clause, 0..3).prop_map(|clauses| clauses.join(" , "));
    let marker = prop_oneof![
        Just(String::new()),
        " ; python_version (<|>=|==|!=) '3\\.[0-9]{1,2}'( (and|or) sys_platform == \"(linux|win32)\")?",
    ];
    (name, extras, specifier, marker)
        .prop_map(|(name, extras, specifier, marker)| name + &extras + &specifier + &marker)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_comes_back(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn any_requirement_like_text_comes_back(text in requirement_like()) {
        check(&text);
    }

    #[test]
    fn any_bytes_are_decoded_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        if let Ok(decoded) = decode(&bytes) {
            prop_assert_eq!(decoded.encode(&decoded.text), Some(bytes));
            check(&decoded.text);
        }
    }

    #[test]
    fn any_variables_are_where_they_say(text in "([${}A-Z0-9_a-z]|\\$\\{[A-Z0-9_]{1,3}\\}){0,20}") {
        for variable in variables(&text) {
            let reference = format!("${{{}}}", variable.name);
            prop_assert_eq!(variable.span.text(&text), Some(reference.as_str()));
        }
    }

    /// Where nothing is lenient, `pep508_rs` reads the same from the same text.
    #[test]
    fn strict_requirements_mean_the_same_to_pep508(text in strict_requirement()) {
        let document = check(&text);
        prop_assert!(document.diagnostics().is_empty(), "{:?}", document.diagnostics());
        let (_, ours) = document.requirements().next().expect("pip accepts it");
        if ours.target() != Target::Index {
            return Ok(());
        }
        let theirs: pep508_rs::Requirement = text.parse().expect("PEP 508 allows it");
        prop_assert_eq!(ours.normalized_name(), Some(theirs.name.to_string()));
        let extras: Vec<_> = ours.extras().map(uvshift_requirements::normalize_name).collect();
        let their_extras: Vec<_> = theirs.extras.iter().map(ToString::to_string).collect();
        prop_assert_eq!(extras, their_extras);
        let specifiers = ours.version_specifiers().expect("PEP 440 allows it");
        let theirs_specifiers = match &theirs.version_or_url {
            Some(pep508_rs::VersionOrUrl::VersionSpecifier(specifiers)) => specifiers.clone(),
            _ => pep440_rs::VersionSpecifiers::empty(),
        };
        prop_assert_eq!(specifiers, theirs_specifiers);
        prop_assert_eq!(ours.marker_tree().expect("every tool reads it"), theirs.marker);
    }
}

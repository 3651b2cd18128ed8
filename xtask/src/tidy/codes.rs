//! The codes of diagnostics are the same in the sources and in the documents.

use std::collections::{BTreeMap, BTreeSet};

use super::Problems;
use super::files::Tree;
use super::markdown::{headings, lines};
use super::sources::code;

/// A heading for each code.
const REFERENCE: &str = "docs/diagnostics.md";

/// Every code has a heading in the reference, every heading a code, and documents name only codes that exist.
pub(super) fn check(tree: &Tree, problems: &mut Problems) {
    let defined = defined(tree);
    if let Some(reference) = tree.text(REFERENCE) {
        let described: BTreeMap<_, _> =
            headings(reference).flat_map(|(line, text)| codes(text).map(move |code| (code, line))).collect();
        for (code, (file, line)) in defined.iter().filter(|(code, _)| !described.contains_key(*code)) {
            problems.add(file, *line, format!("`{code}` has no heading in {REFERENCE}"));
        }
        for (code, line) in described.iter().filter(|(code, _)| !defined.contains_key(*code)) {
            problems.add(REFERENCE, *line, format!("no source defines `{code}`"));
        }
    }
    // Other tools have codes of the same form; ours are those with our first letters.
    let letters: BTreeSet<_> = defined.keys().map(|code| &code[..1]).collect();
    for (file, text) in tree.documents() {
        for (number, line, _) in lines(text) {
            for code in codes(line).filter(|code| letters.contains(&code[..1]) && !defined.contains_key(code))
            {
                problems.add(file, number, format!("there is no diagnostic `{code}`"));
            }
        }
    }
}

/// The codes that sources define, with the place of each: in tables called `codes.rs`, or by `Code::new`.
fn defined(tree: &Tree) -> BTreeMap<&str, (&str, usize)> {
    let mut found = BTreeMap::new();
    for (file, text) in
        tree.ending(".rs").filter(|(file, _)| file.starts_with("crates/") && file.contains("/src/"))
    {
        let table = file.ends_with("/codes.rs");
        for (number, line) in code(text).lines().enumerate() {
            let ours = !line.trim_start().starts_with("//") && (table || line.contains("Code::new("));
            for quoted in line.split('"').skip(1).step_by(2).filter(|_| ours) {
                if codes(quoted).next() == Some(quoted) {
                    found.entry(quoted).or_insert((file, number + 1));
                }
            }
        }
    }
    found
}

/// Words of one capital letter and three digits.
fn codes(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_alphanumeric() && character != '_').filter(|word| {
        let (first, rest) = word.as_bytes().split_first().unwrap_or((&0, &[]));
        first.is_ascii_uppercase() && rest.len() == 3 && rest.iter().all(u8::is_ascii_digit)
    })
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::testing;

    #[test]
    fn codes_that_stand_on_one_side_only_are_named() {
        let source = "//! Code::new(\"R900\", \"x\")\npub const A: Code = Code::new(\"R001\", \"a\");\n\
            pub const B: Code = Code::new(\"R002\", \"b\");\n#[cfg(test)]\nconst C: Code = Code::new(\"R003\", \"c\");\n";
        let files = [
            ("crates/a/src/x.rs", source),
            ("crates/a/src/codes.rs", "codes! {\n    M001 = \"M001\", \"credentials\";\n}\n"),
            ("docs/diagnostics.md", "# Diagnostics\n## R001\nlike E501 of others\n## R004: gone\n## M001\n"),
            ("README.md", "See R001, R777 and E501.\n"),
        ];
        let expected = [
            "README.md:1: there is no diagnostic `R777`",
            "crates/a/src/x.rs:3: `R002` has no heading in docs/diagnostics.md",
            "docs/diagnostics.md:4: no source defines `R004`",
            "docs/diagnostics.md:4: there is no diagnostic `R004`",
        ];
        assert_eq!(testing::check(check, &files), expected);
    }
}

//! Every invariant of ARCHITECTURE.md names a test that exists.

use std::collections::BTreeSet;

use super::Problems;
use super::files::Tree;
use super::markdown::{cells, lines, spans};

const DOCUMENT: &str = "ARCHITECTURE.md";

/// How many promises uvshift makes to its users.
const PROMISES: usize = 8;

/// The last cell of each row of the tables under a heading with `Invariants` names tests, lints or commands.
pub(super) fn check(tree: &Tree, problems: &mut Problems) {
    let Some(text) = tree.text(DOCUMENT) else { return };
    // Lints hold invariants, too, when the workspace turns them on.
    let lints = tree.text("Cargo.toml").unwrap_or_default().lines().filter_map(|line| line.split_once(" = "));
    let mut known: BTreeSet<&str> = lints.map(|(name, _)| name).collect();
    known.extend(tree.ending(".rs").flat_map(|(_, text)| functions(text)));
    // What `clippy.toml` lists is turned on with the rest of clippy.
    known.extend(
        tree.text("clippy.toml")
            .filter(|text| text.contains("disallowed-methods"))
            .map(|_| "disallowed_methods"),
    );
    let mut inside = false;
    let mut promises = 0;
    let mut rows = 0;
    for (number, line, block) in lines(text) {
        if block.is_some() {
            continue;
        }
        if line.starts_with('#') {
            inside = line.to_lowercase().contains("invariant");
        }
        let Some(cells) = cells(line).filter(|_| inside) else {
            rows = 0;
            continue;
        };
        rows += 1;
        // The first two rows of a table are its head.
        if rows > 2 {
            promises += usize::from(
                cells.first().is_some_and(|cell| cell.starts_with(&format!("{}. ", promises + 1))),
            );
            row(number, cells.last().copied().unwrap_or_default(), &known, problems);
        }
    }
    if tree.has("crates/migrate") && promises != PROMISES {
        problems.add(
            DOCUMENT,
            1,
            format!("{PROMISES} promises have a row each, numbered from 1; {promises} are there"),
        );
    }
}

fn row(number: usize, cell: &str, known: &BTreeSet<&str>, problems: &mut Problems) {
    let named = spans(cell);
    if named.is_empty() {
        problems.add(DOCUMENT, number, "the invariant names no test");
    }
    for name in named {
        let name = name.rsplit("::").next().unwrap_or(name).trim_end_matches("()");
        // Commands and paths are checked by other rules.
        let identifier = !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
        if identifier && !known.contains(name) {
            problems.add(DOCUMENT, number, format!("there is no test `{name}`"));
        }
    }
}

fn functions(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("fn ").filter_map(|(at, _)| {
        let name = &text[at + 3..];
        let end = name.find(|character: char| !character.is_alphanumeric() && character != '_')?;
        (end > 0).then(|| &name[..end])
    })
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::testing;

    #[test]
    fn rows_without_a_test_that_exists_are_named() {
        let text = "## Other\n| a | b |\n|---|---|\n| x | `gone` |\n## Invariants\n| what | held by |\n|---|---|\n\
            | a | `here`, `a::tests::here` |\n| b | `gone_test` |\n| c | nobody |\n| d | `cargo xtask tidy` |\n\
            | e | `crates/a/tests/b.rs` |\n| f | `unsafe_code` |\n";
        let files = [
            ("ARCHITECTURE.md", text),
            ("crates/a/src/a.rs", "#[test]\nfn here() {}\n"),
            ("Cargo.toml", "unsafe_code = \"forbid\"\n"),
        ];
        let expected = [
            "ARCHITECTURE.md:10: the invariant names no test",
            "ARCHITECTURE.md:9: there is no test `gone_test`",
        ];
        let mut found = testing::check(check, &files);
        found.sort();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_promise_that_nobody_holds_any_more_is_told() {
        let rows = |numbers: &[usize]| {
            let rows = numbers.iter().map(|number| format!("| {number}. it holds | `here` |\n"));
            format!("## Promises and invariants\n| a | b |\n|---|---|\n{}", rows.collect::<String>())
        };
        let found = |text: &str| {
            let files = [("ARCHITECTURE.md", text), ("crates/migrate/src/a.rs", "fn here() {}\n")];
            testing::check(check, &files)
        };
        assert!(found(&rows(&[1, 2, 3, 4, 5, 6, 7, 8])).is_empty());
        let expected = ["ARCHITECTURE.md:1: 8 promises have a row each, numbered from 1; 2 are there"];
        assert_eq!(found(&rows(&[1, 2, 4, 5, 6, 7, 8])), expected);
    }
}

//! Sizes of files, attributes, and messages of errors.

use super::Problems;
use super::files::Tree;

/// A `lib.rs` is a table of contents.
const LONGEST_LIB: usize = 120;

/// A file longer than this before its tests wants to be two.
const LONGEST_FILE: usize = 500;

/// All rules about Rust sources.
pub(super) fn check(tree: &Tree, problems: &mut Problems) {
    for (file, text) in tree.ending(".rs") {
        sizes(file, text, problems);
        attributes(file, text, problems);
        errors(file, text, problems);
    }
}

fn sizes(file: &str, text: &str, problems: &mut Problems) {
    let lines = text.lines().count();
    if file.ends_with("/lib.rs") && lines > LONGEST_LIB {
        problems.add(
            file,
            lines,
            format!("a `lib.rs` has at most {LONGEST_LIB} lines, this one has {lines}"),
        );
    }
    let for_tests = file.split('/').any(|part| matches!(part, "tests" | "tests.rs" | "benches" | "examples"));
    let before_tests = code(text).lines().count();
    if !for_tests && before_tests > LONGEST_FILE {
        let message = format!("at most {LONGEST_FILE} lines stand before the tests, here {before_tests}");
        problems.add(file, before_tests, message);
    }
}

/// A source without its tests.
pub(super) fn code(text: &str) -> &str {
    text.find("\n#[cfg(test)]").map_or(text, |end| &text[..=end])
}

fn attributes(file: &str, text: &str, problems: &mut Problems) {
    for (number, line) in text.lines().enumerate() {
        let line = line.trim_start();
        if line.starts_with("#[allow(") || line.starts_with("#![allow(") {
            problems.add(
                file,
                number + 1,
                "use `#[expect(.., reason = \"..\")]`: it says why, and ends when it may",
            );
        }
    }
}

/// A message that shows its cause is printed twice by whoever walks the chain of causes.
fn errors(file: &str, text: &str, problems: &mut Problems) {
    let mut rest = 0;
    while let Some(found) = text[rest..].find("#[error(") {
        let start = rest + found;
        rest = start + 1;
        let before = text[..start].rsplit('\n').next().unwrap_or_default();
        if !before.trim().is_empty() {
            continue; // In a comment or a string.
        }
        let Some((message, variant)) = split_variant(&text[start + "#[error(".len()..]) else { continue };
        let line = text[..start].matches('\n').count() + 1;
        if variant.contains("#[from]") && (message.contains("{0}") || message.contains("{0:")) {
            problems.add(file, line, "the message shows `{0}`, which `#[from]` makes the source");
        }
        if message.contains("{source}") || message.contains("{source:") {
            problems.add(file, line, "the message shows `{source}`; the cause belongs in `source` only");
        }
    }
}

/// The inside of `#[error(...)]` and the variant after it, up to the comma or brace that ends it.
fn split_variant(text: &str) -> Option<(&str, &str)> {
    let end = text.find(")]")?;
    let (message, rest) = (&text[..end], &text[end + 2..]);
    let mut depth = 0_i32;
    let length = rest.find(|character| {
        match character {
            '(' | '{' | '[' => depth += 1,
            ')' | '}' | ']' => depth -= 1,
            _ => {}
        }
        depth < 0 || (depth == 0 && character == ',')
    });
    Some((message, &rest[..length.unwrap_or(rest.len())]))
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::testing;

    fn found(file: &str, text: &str) -> Vec<String> {
        testing::check(check, &[(file, text)])
    }

    #[test]
    fn long_files_are_named() {
        let lines = |count: usize| "//\n".repeat(count);
        assert_eq!(found("crates/x/src/lib.rs", &lines(120)), [""; 0]);
        let expected = "crates/x/src/lib.rs:121: a `lib.rs` has at most 120 lines, this one has 121";
        assert_eq!(found("crates/x/src/lib.rs", &lines(121)), [expected]);
        assert_eq!(found("crates/x/src/a.rs", &(lines(499) + "\n#[cfg(test)]\n" + &lines(300))), [""; 0]);
        let expected = "crates/x/src/a.rs:501: at most 500 lines stand before the tests, here 501";
        assert_eq!(found("crates/x/src/a.rs", &lines(501)), [expected]);
        assert_eq!(found("crates/x/src/a/tests.rs", &lines(501)), [""; 0]);
    }

    #[test]
    fn allowing_a_lint_is_refused() {
        assert_eq!(found("crates/x/src/a.rs", "fn a() {}\n    #[allow(dead_code)]\n").len(), 1);
        assert_eq!(found("crates/x/src/a.rs", "#![allow(dead_code)]\n").len(), 1);
        assert_eq!(found("crates/x/src/a.rs", "// not #[allow(dead_code)]\n"), [""; 0]);
    }

    #[test]
    fn a_message_may_not_show_its_source() {
        let found =
            |variant: &str| found("crates/x/src/error.rs", &format!("enum Error {{\n{variant}\n}}\n"));
        assert_eq!(found("#[error(\"cannot read\")]\nRead(#[from] io::Error),"), [""; 0]);
        assert_eq!(
            found("#[error(\"bad `{0}`\")]\nBad(String),\n#[error(\"x\")]\nIo(#[from] io::Error),"),
            [""; 0]
        );
        let shown = found("#[error(\"cannot read: {0}\")]\nRead(#[from] io::Error),");
        assert_eq!(
            shown,
            ["crates/x/src/error.rs:2: the message shows `{0}`, which `#[from]` makes the source"]
        );
        assert_eq!(found("#[error(\"cannot read: {source}\")]\nRead { source: io::Error },").len(), 1);
    }
}

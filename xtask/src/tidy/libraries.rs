//! Every library shows how it is used, by examples that are tests.

use super::Problems;
use super::files::Tree;

/// How a README becomes a test.
const README_IS_TESTED: &str = "#[cfg(doctest)]\n#[doc = include_str!(\"../README.md\")]\n";

/// Examples stand in the README and in the documentation of the crate, and all of them are compiled.
pub(super) fn check(tree: &Tree, problems: &mut Problems) {
    for (folder, _) in tree.manifests() {
        let file = format!("{folder}/src/lib.rs");
        let Some(text) = tree.text(&file) else { continue };
        let documentation = text.lines().map_while(|line| line.strip_prefix("//!"));
        if !documentation.into_iter().any(|line| line.trim_start().starts_with("```")) {
            problems.add(&file, 1, "the documentation of the crate has no example");
        }
        if !text.contains(README_IS_TESTED) {
            problems.add(
                &file,
                1,
                "the examples of README.md are no tests (`#[doc = include_str!(\"../README.md\")]`)",
            );
        }
        let readme = format!("{folder}/README.md");
        let Some(text) = tree.text(&readme) else { continue };
        let fences = || text.lines().enumerate().filter(|(_, line)| line.starts_with("```rust"));
        if fences().next().is_none() {
            problems.add(&readme, 1, "has no example in Rust");
        }
        for (number, line) in fences() {
            if !matches!(line, "```rust" | "```rust,no_run") {
                problems.add(
                    &readme,
                    number + 1,
                    format!("a block of `{}` is not compiled", line.trim_start_matches('`')),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::testing;

    const LIBRARY: &str = "//! A.\n//!\n//! ```\n//! ```\n\n#[cfg(doctest)]\n#[doc = include_str!(\"../README.md\")]\nstruct Readme;\n";

    #[test]
    fn examples_are_there_and_are_tests() {
        let found = |library: &str, readme: &str| {
            let files = [
                ("crates/x/Cargo.toml", ""),
                ("crates/x/src/lib.rs", library),
                ("crates/x/README.md", readme),
                ("crates/program/Cargo.toml", ""),
            ];
            testing::check(check, &files)
        };
        assert_eq!(found(LIBRARY, "```rust,no_run\n```\n```rust\n```\n```toml\n```\n"), [""; 0]);
        let expected = [
            "crates/x/README.md:1: a block of `rust,ignore` is not compiled",
            "crates/x/src/lib.rs:1: the documentation of the crate has no example",
            "crates/x/src/lib.rs:1: the examples of README.md are no tests (`#[doc = include_str!(\"../README.md\")]`)",
        ];
        assert_eq!(found("//! A.\n", "```rust,ignore\n```\n"), expected);
        assert_eq!(found(LIBRARY, "# X\n"), ["crates/x/README.md:1: has no example in Rust"]);
    }
}

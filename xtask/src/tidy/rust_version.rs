//! The oldest Rust that works is the same wherever it is told, and CI compiles with it.

use super::Problems;
use super::files::Tree;
use super::manifests::line_of;

/// What stands before a version of Rust, in documents and workflows.
const BEFORE: [&str; 4] = ["Rust ", "toolchain install ", "cargo +", "rust-version = \""];

/// Compares documents, workflows and manifests with the manifest of the workspace.
pub(super) fn check(tree: &Tree, problems: &mut Problems) {
    let Some(manifest) = tree.text("Cargo.toml") else { return };
    let Some(ours) = versions(manifest, "rust-version = \"").next().map(|(_, version)| version) else {
        problems.add(
            "Cargo.toml",
            line_of(manifest, "[workspace.package]"),
            "the workspace has no `rust-version`",
        );
        return;
    };
    let manifests = tree.ending("Cargo.toml");
    let workflows = tree.ending(".yml").filter(|(file, _)| file.starts_with(".github/workflows/"));
    let mut is_tested = false;
    for (file, text) in tree.documents().chain(manifests).chain(workflows) {
        for (line, version) in BEFORE.iter().flat_map(|before| versions(text, before)) {
            if version == ours {
                is_tested |= file.starts_with(".github/");
            } else {
                let message = format!("Rust {version} is named, and the workspace says {ours}");
                problems.add(file, line, message);
            }
        }
    }
    if !is_tested {
        problems.add(
            "Cargo.toml",
            line_of(manifest, "rust-version"),
            "no workflow compiles with this version of Rust",
        );
    }
}

/// Versions such as `1.95` behind a text, with their lines.
fn versions<'a>(text: &'a str, before: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    text.lines().enumerate().flat_map(move |(number, line)| {
        line.match_indices(before).filter_map(move |(at, _)| {
            let rest = &line[at + before.len()..];
            let end =
                rest.find(|letter: char| letter != '.' && !letter.is_ascii_digit()).unwrap_or(rest.len());
            let version = rest[..end].trim_end_matches('.');
            (version.starts_with("1.")).then_some((number + 1, version))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::testing;

    const WORKSPACE: &str = "[workspace.package]\nrust-version = \"1.95\"\n";

    #[test]
    fn one_version_everywhere() {
        let workflow = "- run: rustup toolchain install 1.95 --profile minimal\n- run: cargo +1.95 check\n";
        let files = [
            ("Cargo.toml", WORKSPACE),
            ("README.md", "Rust 1.95 or newer, and Rust 2021.\n"),
            (".github/workflows/ci.yml", workflow),
        ];
        assert_eq!(testing::check(check, &files), [""; 0]);
    }

    #[test]
    fn other_versions_are_named() {
        let files = [
            ("Cargo.toml", WORKSPACE),
            ("README.md", "Needs Rust 1.94.\n"),
            ("examples/embed/Cargo.toml", "rust-version = \"1.96\"\n"),
            (".github/workflows/ci.yml", "- run: rustup toolchain install stable\n"),
        ];
        let expected = [
            "Cargo.toml:2: no workflow compiles with this version of Rust",
            "README.md:1: Rust 1.94 is named, and the workspace says 1.95",
            "examples/embed/Cargo.toml:1: Rust 1.96 is named, and the workspace says 1.95",
        ];
        assert_eq!(testing::check(check, &files), expected);
        let found = testing::check(check, &[("Cargo.toml", "[workspace.package]\nversion = \"1\"\n")]);
        assert_eq!(found, ["Cargo.toml:1: the workspace has no `rust-version`"]);
    }
}

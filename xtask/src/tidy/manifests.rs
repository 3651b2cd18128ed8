//! Every crate stands alone: it says what it is, and takes the rest from the workspace.

use toml_edit::{DocumentMut, Item, TableLike};

use super::Problems;
use super::files::Tree;

/// Fields that are the same everywhere.
const INHERITED: [&str; 6] = ["version", "edition", "rust-version", "license", "authors", "repository"];

/// Manifests inherit, and crates have a description and a README.
pub(super) fn check(tree: &Tree, problems: &mut Problems) {
    for (folder, text) in tree.manifests() {
        let file = format!("{folder}/Cargo.toml");
        // A broken manifest is reported with the layers.
        let Ok(document) = text.parse::<DocumentMut>() else { continue };
        for field in INHERITED {
            if !inherits(document.get("package").and_then(|package| package.get(field))) {
                problems.add(
                    &file,
                    line_of(text, field),
                    format!("`{field}` is not `{field}.workspace = true`"),
                );
            }
        }
        if !inherits(document.get("lints")) {
            problems.add(&file, 1, "does not inherit the lints (`[lints] workspace = true`)");
        }
        let description = document.get("package").and_then(|package| package.get("description"));
        if description.and_then(Item::as_str).is_none_or(str::is_empty) {
            problems.add(&file, 1, "has no description");
        }
        if folder != "xtask" && !tree.has(&format!("{folder}/README.md")) {
            problems.add(&file, 1, "the crate has no README.md");
        }
        let is_private = document.get("package").and_then(|package| package.get("publish")).is_some();
        for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
            // Links to those of the root will do: packaging follows them.
            if !is_private && !tree.has(&format!("{folder}/{licence}")) {
                problems.add(&file, 1, format!("the crate would be published without its {licence}"));
            }
        }
        for (_, table) in dependency_tables(&document) {
            for (name, item) in table.iter() {
                // A crate that asks for itself cannot inherit: the workspace would turn the feature on for everybody.
                let itself = item.get("path").and_then(Item::as_str) == Some(".");
                if !itself && !inherits(Some(item)) {
                    problems.add(&file, line_of(text, name), format!("`{name}` is not `workspace = true`"));
                }
            }
        }
    }
}

fn inherits(item: Option<&Item>) -> bool {
    item.and_then(|item| item.get("workspace")).and_then(Item::as_bool) == Some(true)
}

/// All tables of dependencies with their kind, those for some targets included.
pub(super) fn dependency_tables(document: &DocumentMut) -> Vec<(&'static str, &dyn TableLike)> {
    const KINDS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];
    let mut holders: Vec<&dyn TableLike> = vec![document.as_table()];
    if let Some(targets) = document.get("target").and_then(Item::as_table_like) {
        holders.extend(targets.iter().filter_map(|(_, target)| target.as_table_like()));
    }
    holders
        .into_iter()
        .flat_map(|holder| KINDS.map(|kind| (kind, holder.get(kind).and_then(Item::as_table_like))))
        .filter_map(|(kind, table)| Some((kind, table?)))
        .collect()
}

/// The line of the first key that begins so, or 1.
pub(super) fn line_of(text: &str, key: &str) -> usize {
    let found = text.lines().position(|line| {
        line.strip_prefix(key).is_some_and(|rest| rest.starts_with([' ', '.', '=']))
            || line.ends_with(&format!(".{key}]"))
    });
    found.map_or(1, |line| line + 1)
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::testing;

    const GOOD: &str = "[package]\nname = \"x\"\ndescription = \"x\"\nversion.workspace = true\n\
        edition.workspace = true\nrust-version.workspace = true\nlicense.workspace = true\n\
        authors.workspace = true\nrepository.workspace = true\n[lints]\nworkspace = true\n[dependencies]\n\
        serde = { workspace = true }\n[dev-dependencies]\nx = { path = \".\", features = [\"y\"] }\n";

    fn found(manifest: &str) -> Vec<String> {
        let files =
            ["crates/x/README.md", "crates/x/LICENSE-MIT", "crates/x/LICENSE-APACHE"].map(|file| (file, ""));
        testing::check(check, &[&[("crates/x/Cargo.toml", manifest)], &files[..]].concat())
    }

    #[test]
    fn what_is_not_inherited_is_named() {
        assert_eq!(found(GOOD), [""; 0]);
        for (good, bad, message) in [
            ("edition.workspace = true", "edition = \"2021\"", ":5: `edition` is not"),
            ("license.workspace = true", "", ":1: `license` is not"),
            ("description = \"x\"", "", ":1: has no description"),
            ("serde = { workspace = true }", "serde = \"1\"", ":13: `serde` is not `workspace = true`"),
            (
                "[lints]\nworkspace = true",
                "[lints.rust]\nunused = \"allow\"",
                ":1: does not inherit the lints",
            ),
        ] {
            let found = found(&GOOD.replace(good, bad));
            assert!(found.len() == 1 && found[0].contains(message), "{found:?}");
        }
    }

    #[test]
    fn a_crate_without_readme_is_named() {
        let found = testing::check(check, &[("crates/x/Cargo.toml", GOOD)]);
        let expected = [
            "crates/x/Cargo.toml:1: the crate has no README.md",
            "crates/x/Cargo.toml:1: the crate would be published without its LICENSE-APACHE",
            "crates/x/Cargo.toml:1: the crate would be published without its LICENSE-MIT",
        ];
        assert_eq!(found, expected);
        let private = GOOD.replace("[lints]", "publish = false\n[lints]");
        assert!(testing::check(check, &[("xtask/Cargo.toml", &private)]).is_empty());
    }
}

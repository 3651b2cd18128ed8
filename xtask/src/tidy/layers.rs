//! Who may use whom. This table is that of ARCHITECTURE.md.

use std::collections::BTreeMap;

use toml_edit::{DocumentMut, TableLike};

use super::Problems;
use super::files::Tree;
use super::manifests::{dependency_tables, line_of};
use super::markdown::{cells, lines, spans};

/// A crate, its layer, and the layers it may use: those below this number.
struct Place {
    name: &'static str,
    layer: u8,
    may_use_below: u8,
}

const fn place(name: &'static str, layer: u8, may_use_below: u8) -> Place {
    Place { name, layer, may_use_below }
}

/// The layers. A crate of a layer never uses a sibling; what two of them need moves down, under the name of its job.
const PLACES: &[Place] = &[
    place("diagnostics", 0, 0),
    place("changeset", 0, 0),
    place("process", 0, 0),
    // The language of the field, which nearly everybody speaks; it says what it finds through `diagnostics`.
    place("requirements", 0, 1),
    place("pyproject", 1, 1),
    place("ini", 1, 1),
    place("lockfile", 1, 1),
    place("installed", 1, 1),
    place("setup-py", 1, 1),
    place("tree", 1, 1),
    place("wheel", 1, 1),
    place("depgraph", 2, 2),
    place("toolconfig", 2, 2),
    place("project", 2, 2),
    place("venv", 2, 2),
    place("bench", 2, 2),
    place("rewrite", 2, 2),
    place("scaffold", 2, 1),
    place("monitor", 2, 1),
    place("deploy", 2, 1),
    place("migrate", 3, 3),
    place("fleet", 3, 4),
    place("uvshift", 4, 4),
];

/// For tests only; it may use the ground, and everybody's tests may use it.
const TESTKIT: &str = "testkit";

/// Every crate has a place and uses only what is below it.
pub(super) fn check(tree: &Tree, problems: &mut Problems) {
    for (folder, text) in tree.manifests() {
        let file = format!("{folder}/Cargo.toml");
        let Ok(document) = text.parse::<DocumentMut>() else {
            problems.add(&file, 1, "is not TOML");
            continue;
        };
        let name = folder.rsplit('/').next().unwrap_or(folder);
        if folder != "xtask" && name != TESTKIT && find(name).is_none() {
            problems.add(
                &file,
                1,
                format!("`{name}` has no place in the layer table (xtask/src/tidy/layers.rs)"),
            );
            continue;
        }
        for (kind, table) in dependency_tables(&document) {
            for used in ours(table) {
                if let Some(message) = refusal(name, kind, used) {
                    problems.add(&file, line_of(text, &package(used)), message);
                }
            }
        }
    }
}

/// ARCHITECTURE.md has a row for every crate, with the layer of the table above.
pub(super) fn document(tree: &Tree, problems: &mut Problems) {
    const DOCUMENT: &str = "ARCHITECTURE.md";
    let Some(text) = tree.text(DOCUMENT) else { return };
    let mut shown = BTreeMap::new();
    for (number, line, _) in lines(text) {
        if let Some([layer, name, ..]) = cells(line).as_deref()
            && let [name] = spans(name)[..]
        {
            shown.insert(name.to_owned(), (number, (*layer).to_owned()));
        }
    }
    for (folder, _) in tree.manifests() {
        let name = folder.rsplit('/').next().unwrap_or(folder);
        let layer = find(name).map_or_else(|| "-".to_owned(), |place| place.layer.to_string());
        match shown.get(folder) {
            None => problems.add(DOCUMENT, 1, format!("the table of layers has no row for `{folder}`")),
            Some((line, other)) if *other != layer => {
                problems.add(DOCUMENT, *line, format!("`{folder}` is of layer {layer}, not {other}"));
            }
            Some(_) => {}
        }
    }
}

fn find(name: &str) -> Option<&'static Place> {
    PLACES.iter().find(|place| place.name == name)
}

/// The crates of the workspace in a table of dependencies.
fn ours(table: &dyn TableLike) -> impl Iterator<Item = &str> {
    table.iter().filter_map(|(key, item)| {
        let renamed = item.get("package").and_then(|package| package.as_str());
        let package = renamed.unwrap_or(key);
        if package == "uvshift" { Some(package) } else { package.strip_prefix("uvshift-") }
    })
}

fn package(name: &str) -> String {
    if name == "uvshift" { name.to_owned() } else { format!("uvshift-{name}") }
}

fn refusal(name: &str, kind: &str, used: &str) -> Option<String> {
    let development = kind == "dev-dependencies";
    // A crate may ask for itself, to turn on a feature in its own tests.
    if development && (used == TESTKIT || used == name) {
        return None;
    }
    if name == "xtask" {
        return Some("xtask uses no crate of the workspace".to_owned());
    }
    if used == TESTKIT {
        return Some(format!("{} is for `dev-dependencies` only", package(TESTKIT)));
    }
    let (layer, may_use_below) = find(name).map_or((1, 1), |place| (place.layer, place.may_use_below));
    let Some(other) = find(used) else {
        return Some(format!("there is no crate {}", package(used)));
    };
    if other.layer < may_use_below {
        return None;
    }
    let (this, that) = (package(name), package(used));
    Some(format!("{this} (layer {layer}) may not depend on {that} (layer {})", other.layer))
}

#[cfg(test)]
mod tests {
    use super::{check, document};
    use crate::tidy::testing;

    #[test]
    fn the_document_has_a_row_for_every_crate() {
        let text = "| layer | crate |\n|---|---|\n| 0 | `crates/process` |\n| 3 | `crates/project` |\n| - | `xtask` |\n";
        let files = [
            ("ARCHITECTURE.md", text),
            ("crates/process/Cargo.toml", ""),
            ("crates/project/Cargo.toml", ""),
            ("crates/changeset/Cargo.toml", ""),
            ("xtask/Cargo.toml", ""),
        ];
        let expected = [
            "ARCHITECTURE.md:1: the table of layers has no row for `crates/changeset`",
            "ARCHITECTURE.md:4: `crates/project` is of layer 2, not 3",
        ];
        assert_eq!(testing::check(document, &files), expected);
    }

    fn found(name: &str, dependencies: &str) -> Vec<String> {
        let path =
            if name == "xtask" { "xtask/Cargo.toml".to_owned() } else { format!("crates/{name}/Cargo.toml") };
        testing::check(check, &[(&path, &format!("[package]\nname = \"x\"\n{dependencies}"))])
    }

    #[test]
    fn what_stands_below_may_be_used() {
        assert!(found("requirements", "[dependencies]\nuvshift-diagnostics.workspace = true\n").is_empty());
        assert!(found("migrate", "[dependencies]\nuvshift-project = { workspace = true }\n").is_empty());
        assert!(found("fleet", "[dependencies]\nuvshift-migrate = { workspace = true }\n").is_empty());
        assert!(found("changeset", "[dev-dependencies]\nuvshift-changeset = { path = \".\" }\n").is_empty());
        assert!(found("process", "[dev-dependencies]\nuvshift-testkit.workspace = true\n").is_empty());
        assert!(found("testkit", "[dependencies]\nuvshift-process.workspace = true\n").is_empty());
    }

    #[test]
    fn siblings_and_what_stands_above_may_not() {
        assert_eq!(
            found("process", "[dependencies]\nserde = \"1\"\nuvshift-diagnostics.workspace = true\n"),
            [
                "crates/process/Cargo.toml:5: uvshift-process (layer 0) may not depend on uvshift-diagnostics (layer 0)"
            ]
        );
        for (name, line) in [
            ("requirements", "[dependencies]\nuvshift-project.workspace = true\n"),
            ("project", "[dependencies.uvshift-depgraph]\nworkspace = true\n"),
            ("project", "[target.'cfg(unix)'.dependencies]\nuvshift-venv.workspace = true\n"),
            ("project", "[dependencies]\nother = { package = \"uvshift-migrate\", workspace = true }\n"),
            ("migrate", "[build-dependencies]\nuvshift.workspace = true\n"),
            ("scaffold", "[dependencies]\nuvshift-pyproject.workspace = true\n"),
            ("pyproject", "[dev-dependencies]\nuvshift-lockfile.workspace = true\n"),
            ("uvshift", "[dependencies]\nuvshift-testkit.workspace = true\n"),
            ("uvshift", "[dependencies]\nuvshift-nothing.workspace = true\n"),
            ("testkit", "[dependencies]\nuvshift-pyproject.workspace = true\n"),
            ("xtask", "[dependencies]\nuvshift-process.workspace = true\n"),
            ("common", ""),
        ] {
            assert_eq!(found(name, line).len(), 1, "{name}: {line}");
        }
    }
}

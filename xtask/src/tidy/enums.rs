//! `ALL` of an enum has every variant: the JSON schema, lists and tests are made from it.

use super::Problems;
use super::files::Tree;

/// Enums with variants that are left out for a reason that their `ALL` tells.
const PARTIAL: [&str; 1] = ["Operation"];

/// Compares each `ALL` with the enum, which stands in the same file.
pub(super) fn check(tree: &Tree, problems: &mut Problems) {
    for (file, text) in tree.ending(".rs").filter(|(file, _)| file.starts_with("crates/")) {
        for (name, start, list) in lists(text) {
            let Some(variants) = variants(text, name) else { continue };
            if PARTIAL.contains(&name) {
                continue;
            }
            let line = text[..start].lines().count();
            for variant in variants {
                if !list.split(|it: char| !it.is_alphanumeric()).any(|word| word == variant) {
                    problems.add(file, line, format!("`{name}::ALL` has no `{variant}`"));
                }
            }
        }
    }
}

/// Each `const ALL` of `Self`: the type of the `impl` around it, where it begins, and what it lists.
fn lists(text: &str) -> impl Iterator<Item = (&str, usize, &str)> {
    text.match_indices("const ALL: [Self; ").filter_map(|(at, _)| {
        let before = &text[..at];
        let name = &before[before.rfind("\nimpl ")? + "\nimpl ".len()..];
        let name = &name[..name.find(" {")?];
        let list = &text[at..];
        Some((name, at, &list[..list.find(';').and_then(|size| Some(size + list[size..].find("];")?))?]))
    })
}

/// The variants of an enum as rustfmt lays them out; none where it stands elsewhere.
fn variants<'a>(text: &'a str, name: &str) -> Option<Vec<&'a str>> {
    let start = text.find(&format!("enum {name} {{\n"))?;
    let body = &text[start..];
    let body = &body[..body.find("\n}")?];
    let inside = body.lines().filter_map(|line| line.strip_prefix("    "));
    let named = inside.filter(|line| line.starts_with(|first: char| first.is_ascii_uppercase()));
    Some(named.map(|line| line.split(|it: char| !it.is_alphanumeric()).next().unwrap_or_default()).collect())
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::testing;

    #[test]
    fn a_variant_that_is_not_listed_is_named() {
        let text = "/// A\npub enum Kind {\n    /// One\n    One,\n    Two {\n        Inner: u8,\n    },\n    TwoMore(u8),\n}\n\n\
            impl Kind {\n    pub const ALL: [Self; 2] = [\n        Self::One,\n        Self::Two,\n    ];\n}\n\n\
            impl Other {\n    pub const ALL: [Self; 1] = [Self::TwoMore];\n}\n";
        let found = testing::check(check, &[("crates/x/src/a.rs", text), ("xtask/src/a.rs", text)]);
        assert_eq!(found, ["crates/x/src/a.rs:12: `Kind::ALL` has no `TwoMore`"]);
    }
}

//! The actions that workflows use, as `rewrite` knows them: the table is the same, and a test holds it so.

use std::collections::BTreeMap;

use serde::Deserialize;

const TABLE: &str = include_str!("../data/actions.toml");

#[derive(Deserialize)]
struct Table {
    action: Vec<Action>,
}

#[derive(Deserialize)]
struct Action {
    name: String,
    #[serde(rename = "ref")]
    tag: String,
    version: Option<String>,
    commit: Option<String>,
}

/// How workflows name actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pin {
    /// By the digest of a commit, with the version as a comment: a tag can be moved to other code.
    Digest,
    /// By a tag.
    Tag,
}

/// What follows `uses: `, by the name of the action without its owner and with `_` for `-`: `actions.setup_uv`.
pub(crate) fn actions(pin: Pin) -> Result<BTreeMap<String, String>, toml_edit::de::Error> {
    let table: Table = toml_edit::de::from_str(TABLE)?;
    let named = table.action.into_iter().map(|action| {
        let key = action.name.rsplit('/').next().unwrap_or(&action.name).replace('-', "_");
        let uses = match (pin, &action.commit, &action.version) {
            (Pin::Digest, Some(commit), Some(version)) => format!("{}@{commit} # {version}", action.name),
            _ => format!("{}@{}", action.name, action.tag),
        };
        (key, uses)
    });
    Ok(named.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_named_by_digest_or_by_tag() {
        let by = |pin| actions(pin).unwrap()["setup_uv"].clone();
        assert!(by(Pin::Tag).starts_with("astral-sh/setup-uv@v"));
        let (uses, comment) =
            by(Pin::Digest).split_once(" # ").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        assert_eq!(uses.rsplit('@').next().unwrap().len(), 40);
        assert!(comment.starts_with('v'));
    }

    #[test]
    fn the_table_is_that_of_the_rewriter() {
        let other = concat!(env!("CARGO_MANIFEST_DIR"), "/../rewrite/data/actions.toml");
        if let Ok(other) = std::fs::read_to_string(other) {
            assert_eq!(other, TABLE, "copy the file of `rewrite`");
        }
    }
}

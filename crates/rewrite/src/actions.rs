//! The actions that workflows name, with what stands behind their tags: `data/actions.toml`.

use std::sync::OnceLock;

use toml_edit::{DocumentMut, Item, Table};

/// An action of a repository on GitHub.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Action {
    /// Its repository, such as `actions/checkout`.
    pub name: String,
    /// What a workflow names: the moving tag of the major version, or the exact one where there is no other.
    pub tag: String,
    /// The exact version, when a commit is known.
    pub version: Option<String>,
    /// The commit of the exact version.
    pub commit: Option<String>,
}

/// Every action of the table.
pub fn actions() -> &'static [Action] {
    static ACTIONS: OnceLock<Vec<Action>> = OnceLock::new();
    ACTIONS.get_or_init(|| read(include_str!("../data/actions.toml")))
}

impl Action {
    /// The action of a repository.
    pub fn named(name: &str) -> Option<&'static Self> {
        actions().iter().find(|action| action.name == name)
    }

    /// What stands behind `uses:`, by tag.
    pub fn by_tag(&self) -> String {
        format!("{}@{}", self.name, self.tag)
    }

    /// What stands behind `uses:`, by commit with the version as a comment; by tag when no commit is known.
    pub fn by_commit(&self) -> String {
        match (&self.commit, &self.version) {
            (Some(commit), Some(version)) => format!("{}@{commit} # {version}", self.name),
            _ => self.by_tag(),
        }
    }
}

fn read(text: &str) -> Vec<Action> {
    let document = text.parse::<DocumentMut>().unwrap_or_default();
    let tables = document.get("action").and_then(Item::as_array_of_tables);
    tables.into_iter().flatten().map(action).collect()
}

fn action(table: &Table) -> Action {
    let string = |key: &str| table.get(key).and_then(Item::as_str).map(str::to_owned);
    Action {
        name: string("name").unwrap_or_default(),
        tag: string("ref").unwrap_or_default(),
        version: string("version"),
        commit: string("commit"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_a_tag_and_a_whole_commit() {
        assert!(actions().len() > 15);
        for action in actions() {
            assert_eq!(action.name.matches('/').count(), 1, "{action:?}");
            assert!(!action.tag.is_empty(), "{action:?}");
            if let Some(commit) = &action.commit {
                let is_commit = commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
                assert!(is_commit && action.version.is_some(), "{action:?}");
            }
        }
        let uv = Action::named("astral-sh/setup-uv").unwrap();
        // Since its version 8 it has no moving tags.
        assert_eq!(Some(&uv.tag), uv.version.as_ref());
    }
}

//! Adding and removing dependencies: `uv add`, `uv remove`.

use std::collections::BTreeSet;

use uvshift_diagnostics::Safety;

use crate::context::{Selection, UvProject, distribution};
use crate::manager::joined_words;
use crate::rules::Verdict;

/// Which table of pyproject.toml changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Table {
    /// `[project]`
    #[default]
    Main,
    /// A dependency group; as it is written.
    Group(String),
    /// An extra; as it is written.
    Extra(String),
}

/// A change of what a project declares.
#[derive(Debug, Clone, Default)]
pub(crate) struct Change {
    /// The table.
    pub(crate) table: Table,
    /// Packages, as they are to be written.
    pub(crate) packages: Vec<String>,
    /// More flags.
    pub(crate) flags: Vec<String>,
    /// What is to be said.
    pub(crate) notes: Vec<String>,
    /// Whether a person has to look at it.
    pub(crate) review: bool,
}

impl Table {
    /// The table of a group by its name.
    pub(crate) fn group(name: &str) -> Self {
        if name == "main" { Self::Main } else { Self::Group(name.to_owned()) }
    }

    fn flag(&self) -> String {
        match self {
            Self::Main => String::new(),
            Self::Group(name) if name == "dev" => "--dev".to_owned(),
            Self::Group(name) => format!("--group {name}"),
            Self::Extra(name) => format!("--optional {name}"),
        }
    }
}

/// `uv add`
pub(crate) fn add(program: &str, change: &Change) -> Verdict {
    let limits = format!("uv writes a lower limit where {program} has its own kind of limits");
    finish("uv add", change, &change.table, limits)
}

/// `uv remove`, which has to be told the table.
pub(crate) fn remove(program: &str, change: &Change, project: &UvProject) -> Verdict {
    let mut table = change.table.clone();
    if table == Table::Main {
        let places =
            change.packages.iter().filter_map(|package| project.declared.get(&distribution(package)));
        let places: BTreeSet<&Selection> = places.filter(|found| found.len() == 1).flatten().collect();
        let mut places = places.into_iter();
        if let (Some(place), None) = (places.next(), places.next()) {
            table = match (place.groups.iter().next(), place.extras.iter().next()) {
                (Some(group), _) => Table::Group(group.clone()),
                (None, Some(extra)) => Table::Extra(extra.clone()),
                (None, None) => Table::Main,
            };
        }
    }
    finish("uv remove", change, &table, format!("what {program} takes out of pyproject.toml and the lock"))
}

fn finish(command: &str, change: &Change, table: &Table, mut reason: String) -> Verdict {
    let flag = table.flag();
    let words = [command, flag.as_str()].into_iter();
    let words = words.chain(change.flags.iter().map(String::as_str));
    let new = joined_words(words.chain(change.packages.iter().map(String::as_str)));
    for note in &change.notes {
        reason.push_str("; ");
        reason.push_str(note);
    }
    let safety = if change.review { Safety::NeedsReview } else { Safety::Safe };
    Verdict::Replace { new, reason, safety, without_sudo: false }
}

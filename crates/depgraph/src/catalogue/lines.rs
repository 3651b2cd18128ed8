//! The tables of `data`, one line for each distribution, read when one is asked for.

use std::sync::OnceLock;

/// A table: comments, then lines that begin with a normalised name, sorted by it.
pub(super) struct Lines {
    text: &'static str,
    rows: OnceLock<Vec<(&'static str, &'static str)>>,
}

impl Lines {
    pub(super) const fn new(text: &'static str) -> Self {
        Self { text, rows: OnceLock::new() }
    }

    /// What follows the name in its line.
    pub(super) fn get(&self, name: &str) -> Option<&'static str> {
        let rows = self.rows();
        let at = rows.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
        rows.get(at).map(|(_, rest)| *rest)
    }

    /// What follows the name in a line whose columns are separated by ` | `; none unless there are `COUNT`.
    pub(super) fn columns<const COUNT: usize>(&self, name: &str) -> Option<[&'static str; COUNT]> {
        let columns: Vec<_> = self.get(name)?.strip_prefix("| ")?.split(" | ").collect();
        columns.try_into().ok()
    }

    /// The names, sorted.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.rows().iter().map(|(name, _)| *name)
    }

    fn rows(&self) -> &Vec<(&'static str, &'static str)> {
        self.rows.get_or_init(|| {
            self.text
                .lines()
                .filter(|line| !line.starts_with('#'))
                .filter_map(|line| line.split_once(' '))
                .collect()
        })
    }
}

//! The hooks of a file, as they are meant.

use serde_yaml::Value;

use crate::pre_commit::shape::Shape;

/// A hook.
#[derive(Debug)]
pub(crate) struct Hook<'v> {
    /// The number of its repository.
    pub(crate) repo: usize,
    /// Its number there.
    pub(crate) number: usize,
    pub(crate) url: &'v str,
    pub(crate) rev: &'v str,
    pub(crate) id: &'v str,
    pub(crate) value: &'v Value,
    /// Counted from 1.
    pub(crate) line: usize,
    pub(crate) rev_line: usize,
}

impl Hook<'_> {
    pub(crate) fn is_local(&self) -> bool {
        matches!(self.url, "local" | "meta")
    }

    /// A list of strings; none where it is something else.
    pub(crate) fn strings(&self, key: &str) -> Option<Vec<String>> {
        let Some(value) = self.value.get(key) else { return Some(Vec::new()) };
        value.as_sequence()?.iter().map(|value| value.as_str().map(str::to_owned)).collect()
    }
}

/// All hooks in order.
pub(crate) fn all<'v>(value: &'v Value, shape: Option<&Shape<'_>>) -> Vec<Hook<'v>> {
    let mut all = Vec::new();
    let repos = value.get("repos").and_then(Value::as_sequence);
    for (repo, value) in repos.into_iter().flatten().enumerate() {
        let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
        let place = shape.and_then(|shape| shape.repos.get(repo));
        let repo_line = place.map_or(1, |place| place.item.first + 1);
        let hooks = value.get("hooks").and_then(Value::as_sequence);
        for (number, hook) in hooks.into_iter().flatten().enumerate() {
            let item = place.and_then(|place| place.hooks.get(number));
            all.push(Hook {
                repo,
                number,
                url: text("repo"),
                rev: text("rev"),
                id: hook.get("id").and_then(Value::as_str).unwrap_or_default(),
                value: hook,
                line: item.map_or(repo_line, |item| item.first + 1),
                rev_line: place.and_then(|place| place.item.key("rev")).map_or(repo_line, |key| key.line + 1),
            });
        }
    }
    all
}

/// The normalised name of a requirement.
pub(crate) fn name_of(requirement: &str) -> String {
    let end = requirement
        .find(|letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.')));
    normalised(requirement.get(..end.unwrap_or(requirement.len())).unwrap_or_default())
}

pub(crate) fn normalised(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    lower.split(['-', '_', '.']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

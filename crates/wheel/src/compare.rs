//! What two wheels do not have in common, and what they merely say differently.

mod fields;
mod files;
mod people;
mod requires;
mod tags;
mod urls;

use std::collections::BTreeSet;
use std::fmt;

use crate::Wheel;

/// What a change of the project is allowed to change in its wheel. By default nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a difference that a caller allows or not")]
pub struct Tolerance {
    /// Another tool builds the wheel, so files that only the old one writes may be missing.
    pub other_backend: bool,
    /// `Requires-Python` may appear where there was none: uv needs it, pip did not.
    pub added_requires_python: bool,
    /// `Requires-Python` may be another one: the user has said which Pythons the project supports.
    pub told_requires_python: bool,
    /// The old build computed its requirements, so they speak only for the Python and the system that built it.
    pub computed_requirements: bool,
}

/// Something that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// In words, such as `the file is missing`.
    pub what: String,
    /// Where: a file of the wheel, or `METADATA` and the field.
    pub place: String,
    /// What the old wheel says.
    pub old: Option<String>,
    /// What the new wheel says.
    pub new: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.what)?;
        match (&self.old, &self.new) {
            (Some(old), Some(new)) => write!(formatter, ": `{new}` instead of `{old}`"),
            (Some(only), None) | (None, Some(only)) => write!(formatter, ": `{only}`"),
            (None, None) => Ok(()),
        }
    }
}

/// Something that is not as it was and does no harm.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Accepted {
    /// Where.
    pub place: String,
    /// What is different and why that does no harm.
    pub why: String,
}

impl fmt::Display for Accepted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.why)
    }
}

/// What came of a comparison.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// How many files were compared by content.
    pub files: usize,
    /// What is different.
    pub differences: Vec<Difference>,
    /// What is different and harmless.
    pub accepted: Vec<Accepted>,
}

impl Comparison {
    /// Whether nothing was lost and nothing came in.
    pub fn is_same(&self) -> bool {
        self.differences.is_empty()
    }

    fn differ(&mut self, place: &str, what: &str, old: Option<&str>, new: Option<&str>) {
        // A long text is not a message.
        let shortened = |text: &str| {
            let line = text.lines().next().unwrap_or_default();
            let short: String = line.chars().take(160).collect();
            if short.len() < text.trim_end().len() { format!("{short}...") } else { short }
        };
        self.differences.push(Difference {
            what: what.to_owned(),
            place: place.to_owned(),
            old: old.map(shortened),
            new: new.map(shortened),
        });
    }

    fn accept(&mut self, place: &str, why: impl Into<String>) {
        self.accepted.push(Accepted { place: place.to_owned(), why: why.into() });
    }

    /// Everything that only one of two sets has.
    fn compare_sets(&mut self, place: &str, noun: &str, old: &BTreeSet<String>, new: &BTreeSet<String>) {
        for gone in old.difference(new) {
            self.differ(place, &format!("the {noun} is missing"), Some(gone), None);
        }
        for come in new.difference(old) {
            self.differ(place, &format!("the {noun} is new"), None, Some(come));
        }
    }
}

/// Compares a wheel with the one that was built before.
///
/// Files are compared by path and content, metadata and entry points by meaning. What a build never repeats (compiled
/// modules, `RECORD`, the name of the build backend) is no difference.
pub fn compare(old: &Wheel, new: &Wheel, tolerance: &Tolerance) -> Comparison {
    let mut comparison = Comparison::default();
    files::compare(old, new, *tolerance, &mut comparison);
    fields::compare(old, new, *tolerance, &mut comparison);
    entry_points(old, new, &mut comparison);
    tags::compare(old, new, &mut comparison);
    comparison
}

fn entry_points(old: &Wheel, new: &Wheel, comparison: &mut Comparison) {
    let lines = |wheel: &Wheel| -> BTreeSet<String> {
        wheel.entry_points.iter().map(|(group, name, value)| format!("[{group}] {name} = {value}")).collect()
    };
    comparison.compare_sets("entry_points.txt", "entry point", &lines(old), &lines(new));
}

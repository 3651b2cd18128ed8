//! What became of every directive of every source. Nothing is lost in silence because nothing is left out here.

use std::fmt;

/// Where a directive stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Provenance {
    /// The file, relative to the project.
    pub file: String,
    /// The first line, counted from 1.
    pub line: usize,
}

impl Provenance {
    /// A line of a file.
    pub fn new(file: impl Into<String>, line: usize) -> Self {
        Self { file: file.into(), line }
    }

    /// The same place, told from a folder above; the empty folder is the one it is told from already.
    #[must_use]
    pub fn below(&self, folder: &str) -> Self {
        let file = match folder {
            "" => self.file.clone(),
            folder => uvshift_tree::without_detours(&format!("{folder}/{}", self.file)),
        };
        Self { file, line: self.line }
    }
}

impl fmt::Display for Provenance {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.file, self.line)
    }
}

/// What became of a directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It stands in the result with the same meaning.
    Carried {
        /// Where, as a dotted key of pyproject.toml or `uv.lock`.
        to: String,
    },
    /// It stands in the result in another form.
    Changed {
        /// Where.
        to: String,
        /// What is different and why.
        why: String,
    },
    /// It is not needed any more.
    Dropped {
        /// Why not.
        why: String,
    },
    /// uv has nothing for it; a person must decide.
    Refused {
        /// Why not.
        why: String,
        /// What to do.
        advice: String,
    },
}

impl Outcome {
    /// The word of the report.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Carried { .. } => "carried",
            Self::Changed { .. } => "changed",
            Self::Dropped { .. } => "dropped",
            Self::Refused { .. } => "refused",
        }
    }
}

/// One directive and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it stood.
    pub from: Provenance,
    /// The directive as written, without comment and without credentials.
    pub text: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// How many directives came to which end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// In the result with the same meaning.
    pub carried: usize,
    /// In the result in another form.
    pub changed: usize,
    /// Not needed any more.
    pub dropped: usize,
    /// For a person to decide.
    pub refused: usize,
}

/// Every directive of every source, in the order of reading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    entries: Vec<Entry>,
}

impl Ledger {
    /// Writes a directive down.
    pub fn add(&mut self, from: Provenance, text: impl Into<String>, outcome: Outcome) {
        self.entries.push(Entry { from, text: text.into(), outcome });
    }

    /// Adds all entries of another one.
    pub fn append(&mut self, other: Self) {
        self.entries.extend(other.entries);
    }

    /// Leaves out the entries for which `wanted` does not hold, because another reader has them too.
    pub fn retain(&mut self, wanted: impl Fn(&Entry) -> bool) {
        self.entries.retain(wanted);
    }

    /// The same entries, with places told from a folder above.
    #[must_use]
    pub fn below(mut self, folder: &str) -> Self {
        self.entries.iter_mut().for_each(|entry| entry.from = entry.from.below(folder));
        self
    }

    /// Says something else of the directives of one line.
    pub fn revise(&mut self, from: &Provenance, change: impl Fn(&mut Outcome)) {
        self.entries
            .iter_mut()
            .filter(|entry| entry.from == *from)
            .for_each(|entry| change(&mut entry.outcome));
    }

    /// Gives the entries from this one on the text that they have in a file of another kind.
    pub(crate) fn describe_from(&mut self, first: usize, text: &str) {
        for entry in self.entries.iter_mut().skip(first) {
            text.clone_into(&mut entry.text);
        }
    }

    /// Says something else of every directive that needs it.
    pub(crate) fn revise_all(&mut self, change: impl Fn(&mut Outcome)) {
        self.entries.iter_mut().for_each(|entry| change(&mut entry.outcome));
    }

    /// What went to one place went to another one.
    pub(crate) fn rename(&mut self, old: &str, new: &str) {
        for entry in &mut self.entries {
            if let Outcome::Carried { to } | Outcome::Changed { to, .. } = &mut entry.outcome
                && let Some(rest) = to.strip_prefix(old)
            {
                *to = format!("{new}{rest}");
            }
        }
    }

    /// All entries.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entries that a person must decide.
    pub fn refused(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| matches!(entry.outcome, Outcome::Refused { .. }))
    }

    /// Whether a line of a file has an entry.
    pub fn has(&self, file: &str, line: usize) -> bool {
        self.entries.iter().any(|entry| entry.from.line == line && entry.from.file == file)
    }

    /// How many came to which end.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for entry in &self.entries {
            match entry.outcome {
                Outcome::Carried { .. } => counts.carried += 1,
                Outcome::Changed { .. } => counts.changed += 1,
                Outcome::Dropped { .. } => counts.dropped += 1,
                Outcome::Refused { .. } => counts.refused += 1,
            }
        }
        counts
    }
}

/// One line an entry: outcome, place, text, destination or reason. The form of `ledger.txt` in fixtures.
impl fmt::Display for Ledger {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Entry { from, text, outcome } in &self.entries {
            write!(formatter, "{:<7}  {from}  {text}", outcome.as_str())?;
            match outcome {
                Outcome::Carried { to } => writeln!(formatter, "  -> {to}")?,
                Outcome::Changed { to, why } => writeln!(formatter, "  -> {to} ({why})")?,
                Outcome::Dropped { why } => writeln!(formatter, "  ({why})")?,
                Outcome::Refused { why, advice } => writeln!(formatter, "  ({why}; {advice})")?,
            }
        }
        Ok(())
    }
}

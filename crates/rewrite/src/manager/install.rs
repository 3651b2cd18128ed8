//! Installing what a project declares: `uv sync` for just that.

use uvshift_requirements::normalize_name;

use crate::context::{Selection, UvProject};
use crate::engine::{Environment, Scope, selection_flags, sync};
use crate::manager::joined_words;
use crate::rules::Verdict;

/// How the lock is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lock {
    /// It has to fit pyproject.toml: `--locked`.
    Fits,
    /// It is taken as it is: `--frozen`.
    Frozen,
    /// It is renewed first: `--upgrade` or `--upgrade-package` is among the flags.
    Renewed,
}

/// What an installation asks for.
#[derive(Debug, Clone)]
pub(crate) struct Install {
    /// What is installed.
    pub(crate) selection: Selection,
    /// How the lock is used.
    pub(crate) lock: Lock,
    /// More flags of `uv sync`.
    pub(crate) flags: Vec<String>,
    /// What is to be said beside that it is the same.
    pub(crate) notes: Vec<String>,
    /// Whether a person has to look at it.
    pub(crate) review: bool,
    /// Where it works, as it is written.
    pub(crate) directory: Option<String>,
}

impl Install {
    /// An installation of a selection, as it is locked.
    pub(crate) fn of(selection: Selection) -> Self {
        Self {
            selection,
            lock: Lock::Fits,
            flags: Vec::new(),
            notes: Vec::new(),
            review: false,
            directory: None,
        }
    }

    /// Adds a flag of `uv sync`.
    pub(crate) fn flag(&mut self, flag: impl Into<String>) {
        self.flags.push(flag.into());
    }

    /// Adds something to be said.
    pub(crate) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// Adds a group or extra that is only known when the script runs, as it is written.
    pub(crate) fn unknown(&mut self, flag: &str, raw: &str) {
        self.flags.push(format!("{flag} {raw}"));
        self.notes.push(format!("`{raw}` is to be one name"));
        self.review = true;
    }

    /// The command of uv.
    pub(crate) fn verdict(mut self, program: &str, scope: &mut Scope, project: &UvProject) -> Verdict {
        if scope.environment == Environment::Foreign {
            self.review = true;
            self.flags.insert(0, "--active".to_owned());
            self.note("it installs into the environment of the tool around it, which has to let uv run");
        }
        let command = self.command(scope, project);
        let flags = joined_words(self.flags.iter().map(String::as_str));
        let new = joined_words([command.as_str(), flags.as_str()]);
        let mut reason = format!("what {program} installs here, as uv.lock has it");
        for note in &self.notes {
            reason.push_str("; ");
            reason.push_str(note);
        }
        if self.review { Verdict::review(new, reason) } else { Verdict::safe(new, reason) }
    }

    fn command(&self, scope: &mut Scope, project: &UvProject) -> String {
        let mut selection = self.selection.clone();
        let here = self.directory.is_none() && scope.environment != Environment::Foreign;
        if here && self.lock == Lock::Fits {
            return sync(scope, project, &selection);
        }
        if here {
            if let Some(before) = &scope.synced {
                selection.join(before);
            }
            sync(scope, project, &selection);
        }
        let lock = match self.lock {
            Lock::Fits if project.locked => "--locked",
            Lock::Frozen => "--frozen",
            Lock::Fits | Lock::Renewed => "",
        };
        let directory = self.directory.as_ref().map(|directory| format!("--directory {directory}"));
        let flags = selection_flags(project, &selection);
        let flags = flags.iter().map(String::as_str).chain(directory.as_deref());
        joined_words(["uv sync", lock].into_iter().chain(flags))
    }
}

/// The group or extra of a project by a name that may be spelled in another way.
pub(crate) fn named_group<'p>(known: impl IntoIterator<Item = &'p String>, name: &str) -> Option<&'p str> {
    let name = normalize_name(name);
    known.into_iter().map(String::as_str).find(|known| normalize_name(known) == name)
}

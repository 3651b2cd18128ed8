//! What came of a check: every requirement under both tools, what differs, and what helps.

use std::time::Duration;

use super::plan::Requested;

pub use super::failure_class::FailureClass;

/// A whole check. All reports are made from this alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Compat {
    /// Seconds since 1970.
    pub started: u64,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// The tools, and what they were told.
    pub setting: Setting,
    /// A row for each requirement, in the order in which they were given.
    pub rows: Vec<Row>,
    /// All requirements in one resolution. Where that fails because of requirements that fail alone, a second one without them.
    pub together: Vec<Together>,
    /// Whether it was interrupted: rows may be [`Status::NotTried`].
    pub interrupted: bool,
}

/// The tools and what they were told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Setting {
    /// The version of pip.
    pub pip: String,
    /// The version of uv.
    pub uv: String,
    /// The version of Python, such as `3.11.7`.
    pub python: String,
    /// `cpython`, `pypy`
    pub implementation: String,
    /// Such as `linux-x86_64`.
    pub platform: String,
    /// The indexes and links, without credentials; empty when the tools used their own default.
    pub sources: Vec<String>,
    /// Whether source distributions could be built.
    pub builds: bool,
    /// The time limit of one command.
    pub timeout: Duration,
    /// How many requirements were worked on at the same time.
    pub parallel: usize,
}

/// One of the two tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tool {
    /// pip
    Pip,
    /// uv
    Uv,
}

/// A requirement under both tools.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What was asked.
    pub requested: Requested,
    /// The normalised name, where the text has one.
    pub name: Option<String>,
    /// What pip made of it.
    pub pip: Outcome,
    /// What uv made of it.
    pub uv: Outcome,
    /// How the two compare.
    pub verdict: Verdict,
    /// The packages whose versions differ, or that only one tool chose, sorted by name.
    pub differences: Vec<Difference>,
    /// What was tried where the tools fail or disagree.
    pub attempts: Vec<Attempt>,
    /// Why they differ, as far as what was tried shows it.
    pub reason: Option<String>,
    /// What is known to help.
    pub remedies: Vec<Remedy>,
}

/// Several requirements in one resolution.
#[derive(Debug, Clone, PartialEq)]
pub struct Together {
    /// The places in [`Compat::rows`] of those that took part.
    pub members: Vec<usize>,
    /// The places of those that did not: they need a build that is not allowed, or fail alone.
    pub left_out: Vec<usize>,
    /// What pip made of it.
    pub pip: Outcome,
    /// What uv made of it.
    pub uv: Outcome,
    /// How the two compare.
    pub verdict: Verdict,
    /// The packages whose versions differ, or that only one tool chose, sorted by name.
    pub differences: Vec<Difference>,
    /// What was tried where the tools fail or disagree.
    pub attempts: Vec<Attempt>,
    /// Why they differ, as far as what was tried shows it.
    pub reason: Option<String>,
}

/// What one tool made of a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// How it ended.
    pub status: Status,
    /// How long the command took, in seconds.
    pub seconds: f64,
    /// When it ended, in seconds since 1970.
    pub at: u64,
    /// Whether it comes from an earlier run.
    pub taken: bool,
    /// The log, as a path below the state folder with `/`.
    pub log: Option<String>,
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// Versions were chosen, sorted by name; none at all when the requirement does not apply here.
    Resolved(Vec<Chosen>),
    /// The tool refused.
    Failed(Failure),
    /// It was ended at its time limit.
    TimedOut(Duration),
    /// It was not run.
    NotTried(NotTried),
}

/// Why a command was not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotTried {
    /// The requirement is a source tree, and builds are refused.
    NeedsBuild,
    /// The check was interrupted before.
    Interrupted,
}

/// A package that a tool chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The normalised name.
    pub name: String,
    /// The version as the tool writes it; `None` for a source tree, whose version uv's dry run does not tell.
    pub version: Option<String>,
    /// Whether it is a source distribution or a source tree, that is built when it is installed. Only pip tells.
    pub from_source: bool,
    /// Whether it comes from the URL or path of the requirement rather than from an index. Only pip tells.
    pub direct: bool,
}

/// Why a tool refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What kind of failure it is.
    pub class: FailureClass,
    /// What the tool says, shortened, without credentials.
    pub message: String,
    /// What it is about, where the message names it: a package, a library, a program, a version of Python.
    pub about: Option<String>,
}

/// How the two answers compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// Both chose the same versions.
    Same,
    /// The requirement does not apply to this Python and platform, say both.
    DoesNotApply,
    /// Both chose the same version of the package itself, but other versions of what it needs.
    OtherDependencies,
    /// Each chose another version of the package itself.
    OtherVersion,
    /// Only pip found an answer.
    OnlyPip,
    /// Only uv found an answer.
    OnlyUv,
    /// Neither found an answer.
    Neither,
    /// At least one was not asked.
    NotTried,
}

/// A package that the tools disagree about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The normalised name.
    pub name: String,
    /// The version pip chose.
    pub pip: Option<String>,
    /// The version uv chose.
    pub uv: Option<String>,
}

/// Something that was tried where the tools fail or disagree.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// The tool that was told something else.
    pub tool: Tool,
    /// What it was told, such as `--prerelease allow`.
    pub flag: String,
    /// What it came to.
    pub effect: Effect,
    /// The answer.
    pub outcome: Outcome,
}

/// What came of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It chose exactly what the other tool chose.
    Agrees,
    /// It was given the versions of the other tool as constraints, and took them.
    Accepts,
    /// It found an answer where it had none before, but another one than the other tool, or the other one has none.
    Resolves,
    /// It did not help.
    Nothing,
}

/// What is known to help.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remedy {
    /// The package it is about, or what is missing.
    pub about: String,
    /// One sentence.
    pub advice: String,
    /// Other distributions with wheels, such as `psycopg2-binary`.
    pub alternatives: Vec<String>,
    /// Packages of the system, by its name: `debian`, `fedora`, `alpine`, `homebrew`.
    pub system: Vec<(String, Vec<String>)>,
}

/// How many rows came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// All rows.
    pub rows: usize,
    /// [`Verdict::Same`] and [`Verdict::DoesNotApply`].
    pub same: usize,
    /// [`Verdict::OtherDependencies`] and [`Verdict::OtherVersion`].
    pub differ: usize,
    /// [`Verdict::OnlyPip`]: what moving to uv would break.
    pub only_pip: usize,
    /// [`Verdict::OnlyUv`].
    pub only_uv: usize,
    /// [`Verdict::Neither`].
    pub neither: usize,
    /// [`Verdict::NotTried`].
    pub not_tried: usize,
    /// Rows where pip and uv differ and a flag makes uv choose what pip chooses.
    pub flags_help: usize,
}

/// What is going on; handed to the observer from several threads.
#[derive(Debug, Clone, PartialEq)]
pub enum Progress {
    /// A requirement begins: its place in the plan.
    Started(usize),
    /// A requirement is done.
    Finished {
        /// Its place in the plan.
        row: usize,
        /// How many are done.
        done: usize,
        /// How many there are.
        all: usize,
        /// What came of it.
        verdict: Verdict,
    },
    /// All are resolved together now; the number of them.
    Together(usize),
}

impl Compat {
    /// How many rows came to what.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally { rows: self.rows.len(), ..Tally::default() };
        for row in &self.rows {
            match row.verdict {
                Verdict::Same | Verdict::DoesNotApply => tally.same += 1,
                Verdict::OtherDependencies | Verdict::OtherVersion => tally.differ += 1,
                Verdict::OnlyPip => tally.only_pip += 1,
                Verdict::OnlyUv => tally.only_uv += 1,
                Verdict::Neither => tally.neither += 1,
                Verdict::NotTried => tally.not_tried += 1,
            }
            let helps = |attempt: &Attempt| attempt.tool == Tool::Uv && attempt.effect == Effect::Agrees;
            tally.flags_help += usize::from(row.attempts.iter().any(helps));
        }
        tally
    }

    /// Whether every requirement, alone and together, came to the same under both tools.
    pub fn agrees(&self) -> bool {
        let same = |verdict| matches!(verdict, Verdict::Same | Verdict::DoesNotApply);
        !self.interrupted
            && self.rows.iter().all(|row| same(row.verdict))
            && self.together.iter().all(|together| same(together.verdict))
    }
}

impl Outcome {
    /// The chosen versions, if there are any.
    pub fn chosen(&self) -> Option<&[Chosen]> {
        match &self.status {
            Status::Resolved(chosen) => Some(chosen),
            _ => None,
        }
    }

    /// The chosen version of a package.
    pub fn version_of(&self, name: &str) -> Option<&str> {
        self.chosen()?.iter().find(|chosen| chosen.name == name)?.version.as_deref()
    }
}

impl Tool {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Pip, Self::Uv];

    /// `pip` or `uv`
    pub fn id(self) -> &'static str {
        match self {
            Self::Pip => "pip",
            Self::Uv => "uv",
        }
    }
}

impl NotTried {
    /// Every reason.
    pub const ALL: [Self; 2] = [Self::NeedsBuild, Self::Interrupted];

    /// The name in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Self::NeedsBuild => "needs-build",
            Self::Interrupted => "interrupted",
        }
    }
}

impl Effect {
    /// Every effect, the best first.
    pub const ALL: [Self; 4] = [Self::Agrees, Self::Accepts, Self::Resolves, Self::Nothing];

    /// The name in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::Accepts => "accepts",
            Self::Resolves => "resolves",
            Self::Nothing => "nothing",
        }
    }
}

impl Verdict {
    /// All of them, the best first.
    pub const ALL: [Self; 8] = [
        Self::Same,
        Self::DoesNotApply,
        Self::OtherDependencies,
        Self::OtherVersion,
        Self::OnlyPip,
        Self::OnlyUv,
        Self::Neither,
        Self::NotTried,
    ];

    /// The name in JSON and CSV, such as `other-version`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::DoesNotApply => "does-not-apply",
            Self::OtherDependencies => "other-dependencies",
            Self::OtherVersion => "other-version",
            Self::OnlyPip => "only-pip",
            Self::OnlyUv => "only-uv",
            Self::Neither => "neither",
            Self::NotTried => "not-tried",
        }
    }
}

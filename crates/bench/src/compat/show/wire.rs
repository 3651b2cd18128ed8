//! The JSON of a check. These types are the promise; the model may change under them.

use serde::Serialize;
use serde_json::Value;

use crate::compat::model::{
    Attempt, Chosen, Compat, Difference, Failure, Outcome, Remedy, Row, Setting, Status, Tally, Together,
};

const KIND: &str = "uvshift-compat";

pub(in crate::compat) fn wire(compat: &Compat) -> Value {
    // Texts and numbers alone always have a JSON form; a number that is none becomes null.
    serde_json::to_value(WireCompat::from(compat)).unwrap_or_default()
}

/// Every requirement under pip and under uv.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "compat"))]
struct WireCompat<'a> {
    /// The version of this form.
    #[cfg_attr(feature = "schemars", schemars(extend("const" = 1)))]
    version: u32,
    /// What it is.
    #[cfg_attr(feature = "schemars", schemars(extend("const" = KIND)))]
    kind: &'static str,
    /// Seconds since 1970.
    started: u64,
    /// How long it took.
    seconds: f64,
    /// Whether it was interrupted: some requirements were not tried.
    interrupted: bool,
    /// Whether every requirement, alone and together with the others, came to the same under both tools.
    agrees: bool,
    /// The tools, and what they were told.
    setting: WireSetting<'a>,
    /// How many requirements came to what.
    summary: WireTally,
    /// Every requirement, in the order in which they were given.
    requirements: Vec<WireRow<'a>>,
    /// All requirements in one resolution; where that fails because of some that fail alone, a second one without them.
    together: Vec<WireTogether<'a>>,
}

/// The tools, and what they were told.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "compat_setting"))]
struct WireSetting<'a> {
    /// The version of pip.
    pip: &'a str,
    /// The version of uv.
    uv: &'a str,
    /// The version of Python, such as `3.11.7`.
    python: &'a str,
    /// `cpython`, `pypy`
    implementation: &'a str,
    /// Such as `linux-x86_64`.
    platform: &'a str,
    /// The indexes and links, without credentials; empty when the tools used their own default.
    sources: &'a [String],
    /// Whether source distributions could be built.
    builds: bool,
    /// The time limit of one command, in seconds.
    timeout: f64,
    /// How many requirements were worked on at the same time.
    parallel: usize,
}

/// How many requirements came to what.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "compat_summary"))]
struct WireTally {
    /// All of them.
    requirements: usize,
    /// With the verdict `same` or `does-not-apply`.
    same: usize,
    /// With the verdict `other-dependencies` or `other-version`.
    differ: usize,
    /// With the verdict `only-pip`: what moving to uv would break.
    only_pip: usize,
    /// With the verdict `only-uv`.
    only_uv: usize,
    /// With the verdict `neither`.
    neither: usize,
    /// With the verdict `not-tried`.
    not_tried: usize,
    /// Those where pip and uv differ and a flag makes uv choose what pip chooses.
    flags_help: usize,
}

/// A requirement under both tools.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "compat_requirement"))]
struct WireRow<'a> {
    /// The requirement as written.
    requirement: &'a str,
    /// The file that has it; null when it was given by itself.
    file: Option<&'a str>,
    /// The line in that file, from 1.
    line: Option<usize>,
    /// The normalised name, where the text has one.
    name: Option<&'a str>,
    /// How the two tools compare.
    #[cfg_attr(feature = "schemars", schemars(schema_with = "crate::schema::agreement"))]
    verdict: &'static str,
    /// What pip made of it.
    pip: WireOutcome<'a>,
    /// What uv made of it.
    uv: WireOutcome<'a>,
    /// The packages whose versions differ, or that only one tool chose, sorted by name.
    differences: Vec<WireDifference<'a>>,
    /// What was tried where the tools fail or disagree.
    attempts: Vec<WireAttempt<'a>>,
    /// Why they differ, as far as what was tried shows it.
    reason: Option<&'a str>,
    /// What is known to help.
    remedies: Vec<WireRemedy<'a>>,
}

/// Several requirements in one resolution.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "compat_together"))]
struct WireTogether<'a> {
    /// Those that took part, as places in `requirements`, from 0.
    members: &'a [usize],
    /// Those that did not, as places in `requirements`: they need a build that is not allowed, or fail alone.
    left_out: &'a [usize],
    /// How the two tools compare.
    #[cfg_attr(feature = "schemars", schemars(schema_with = "crate::schema::agreement"))]
    verdict: &'static str,
    /// What pip made of it.
    pip: WireOutcome<'a>,
    /// What uv made of it.
    uv: WireOutcome<'a>,
    /// The packages whose versions differ, or that only one tool chose, sorted by name.
    differences: Vec<WireDifference<'a>>,
    /// What was tried where the tools fail or disagree.
    attempts: Vec<WireAttempt<'a>>,
    /// Why they differ, as far as what was tried shows it.
    reason: Option<&'a str>,
}

/// What one tool made of a question. `status` tells which other keys there are.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "compat_outcome"))]
struct WireOutcome<'a> {
    #[serde(flatten)]
    ended: WireEnded<'a>,
    /// How long the command took.
    seconds: f64,
    /// When it ended, in seconds since 1970.
    at: u64,
    /// Whether it is from an earlier run.
    taken: bool,
    /// The log, as a path below the state folder with `/`.
    log: Option<&'a str>,
}

/// How a command ended.
#[derive(Serialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "compat_status"))]
enum WireEnded<'a> {
    /// Versions were chosen.
    Resolved {
        /// The versions, sorted by name; none at all when the requirement does not apply here.
        packages: Vec<WireChosen<'a>>,
    },
    /// The tool refused.
    Failed {
        /// What kind of failure it is.
        #[cfg_attr(feature = "schemars", schemars(schema_with = "crate::schema::failure_class"))]
        class: &'static str,
        /// What the tool says, shortened, without credentials.
        message: &'a str,
        /// What it is about, where the message names it: a package, a library, a program, a version of Python.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schemars", schemars(with = "&str"))]
        about: Option<&'a str>,
    },
    /// It was ended at its time limit.
    TimedOut {
        /// The limit, in seconds.
        limit: f64,
    },
    /// It was not run.
    NotTried {
        /// Why not.
        #[cfg_attr(feature = "schemars", schemars(schema_with = "crate::schema::not_tried"))]
        class: &'static str,
    },
}

/// A package that a tool chose.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "compat_package"))]
struct WireChosen<'a> {
    /// The normalised name.
    name: &'a str,
    /// The version as the tool writes it; null for a source tree, whose version uv's dry run does not tell.
    version: Option<&'a str>,
    /// Whether it is a source distribution or a source tree, that is built when it is installed. Only pip tells.
    from_source: bool,
    /// Whether it comes from the URL or path of the requirement rather than from an index. Only pip tells.
    direct: bool,
}

/// A package that the tools disagree about.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "compat_difference"))]
struct WireDifference<'a> {
    /// The normalised name.
    name: &'a str,
    /// The version that pip chose.
    pip: Option<&'a str>,
    /// The version that uv chose.
    uv: Option<&'a str>,
}

/// Something that was tried where the tools fail or disagree.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "compat_attempt"))]
struct WireAttempt<'a> {
    /// The tool that was told something else.
    #[cfg_attr(feature = "schemars", schemars(schema_with = "crate::schema::tool"))]
    tool: &'static str,
    /// What it was told, such as `--prerelease allow`.
    flag: &'a str,
    /// What it came to: the choice of the other tool (`agrees`), or it takes the versions of the other tool as constraints
    /// (`accepts`), or another answer where there was none (`resolves`).
    #[cfg_attr(feature = "schemars", schemars(schema_with = "crate::schema::effect"))]
    effect: &'static str,
    /// The answer.
    outcome: WireOutcome<'a>,
}

/// What is known to help.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "compat_remedy"))]
struct WireRemedy<'a> {
    /// The package it is about, or what is missing.
    about: &'a str,
    /// One sentence.
    advice: &'a str,
    /// Other distributions with wheels, such as `psycopg2-binary`.
    alternatives: &'a [String],
    /// Packages to install from the system.
    system: Vec<WireSystem<'a>>,
}

/// Packages of one system.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "compat_system"))]
struct WireSystem<'a> {
    /// `debian`, `fedora`, `alpine`, `homebrew`
    name: &'a str,
    /// The packages.
    packages: &'a [String],
}

/// The schema is that of [`wire`](crate::compat::wire).
#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Compat {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        WireCompat::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        WireCompat::json_schema(generator)
    }
}

impl<'a> From<&'a Compat> for WireCompat<'a> {
    fn from(compat: &'a Compat) -> Self {
        let Compat { started, seconds, setting, rows, together, interrupted } = compat;
        Self {
            version: 1,
            kind: KIND,
            started: *started,
            seconds: *seconds,
            interrupted: *interrupted,
            agrees: compat.agrees(),
            setting: setting.into(),
            summary: compat.tally().into(),
            requirements: rows.iter().map(WireRow::from).collect(),
            together: together.iter().map(WireTogether::from).collect(),
        }
    }
}

impl<'a> From<&'a Setting> for WireSetting<'a> {
    fn from(setting: &'a Setting) -> Self {
        let Setting { pip, uv, python, implementation, platform, sources, builds, timeout, parallel } =
            setting;
        let (builds, timeout, parallel) = (*builds, timeout.as_secs_f64(), *parallel);
        Self { pip, uv, python, implementation, platform, sources, builds, timeout, parallel }
    }
}

impl From<Tally> for WireTally {
    fn from(tally: Tally) -> Self {
        let Tally { rows, same, differ, only_pip, only_uv, neither, not_tried, flags_help } = tally;
        Self { requirements: rows, same, differ, only_pip, only_uv, neither, not_tried, flags_help }
    }
}

impl<'a> From<&'a Row> for WireRow<'a> {
    fn from(row: &'a Row) -> Self {
        let Row { requested, name, pip, uv, verdict, differences, attempts, reason, remedies } = row;
        Self {
            requirement: &requested.text,
            file: requested.file.as_deref(),
            line: requested.line,
            name: name.as_deref(),
            verdict: verdict.id(),
            pip: pip.into(),
            uv: uv.into(),
            differences: differences.iter().map(WireDifference::from).collect(),
            attempts: attempts.iter().map(WireAttempt::from).collect(),
            reason: reason.as_deref(),
            remedies: remedies.iter().map(WireRemedy::from).collect(),
        }
    }
}

impl<'a> From<&'a Together> for WireTogether<'a> {
    fn from(together: &'a Together) -> Self {
        let Together { members, left_out, pip, uv, verdict, differences, attempts, reason } = together;
        Self {
            members,
            left_out,
            verdict: verdict.id(),
            pip: pip.into(),
            uv: uv.into(),
            differences: differences.iter().map(WireDifference::from).collect(),
            attempts: attempts.iter().map(WireAttempt::from).collect(),
            reason: reason.as_deref(),
        }
    }
}

impl<'a> From<&'a Outcome> for WireOutcome<'a> {
    fn from(outcome: &'a Outcome) -> Self {
        let Outcome { status, seconds, at, taken, log } = outcome;
        let ended = match status {
            Status::Resolved(chosen) => {
                WireEnded::Resolved { packages: chosen.iter().map(WireChosen::from).collect() }
            }
            Status::Failed(Failure { class, message, about }) => {
                WireEnded::Failed { class: class.id(), message, about: about.as_deref() }
            }
            Status::TimedOut(limit) => WireEnded::TimedOut { limit: limit.as_secs_f64() },
            Status::NotTried(why) => WireEnded::NotTried { class: why.id() },
        };
        Self { ended, seconds: *seconds, at: *at, taken: *taken, log: log.as_deref() }
    }
}

impl<'a> From<&'a Chosen> for WireChosen<'a> {
    fn from(chosen: &'a Chosen) -> Self {
        let Chosen { name, version, from_source, direct } = chosen;
        Self { name, version: version.as_deref(), from_source: *from_source, direct: *direct }
    }
}

impl<'a> From<&'a Difference> for WireDifference<'a> {
    fn from(difference: &'a Difference) -> Self {
        let Difference { name, pip, uv } = difference;
        Self { name, pip: pip.as_deref(), uv: uv.as_deref() }
    }
}

impl<'a> From<&'a Attempt> for WireAttempt<'a> {
    fn from(attempt: &'a Attempt) -> Self {
        let Attempt { tool, flag, effect, outcome } = attempt;
        Self { tool: tool.id(), flag, effect: effect.id(), outcome: outcome.into() }
    }
}

impl<'a> From<&'a Remedy> for WireRemedy<'a> {
    fn from(remedy: &'a Remedy) -> Self {
        let Remedy { about, advice, alternatives, system } = remedy;
        let system = system.iter().map(|(name, packages)| WireSystem { name, packages }).collect();
        Self { about, advice, alternatives, system }
    }
}

//! The JSON of a check. These types are the promise; the model may change under them.

use serde::Serialize;
use serde_json::Value;

use crate::compat::model::{
    Attempt, Chosen, Compat, Difference, Effect, NotTried, Outcome, Remedy, Row, Setting, Status, Tally,
    Together, Tool,
};

pub(in crate::compat) fn wire(compat: &Compat) -> Value {
    // Texts and numbers alone always have a JSON form; a number that is none becomes null.
    serde_json::to_value(WireCompat::from(compat)).unwrap_or_default()
}

#[derive(Serialize)]
struct WireCompat<'a> {
    version: u32,
    started: u64,
    seconds: f64,
    interrupted: bool,
    agrees: bool,
    setting: WireSetting<'a>,
    summary: WireTally,
    requirements: Vec<WireRow<'a>>,
    together: Vec<WireTogether<'a>>,
}

#[derive(Serialize)]
struct WireSetting<'a> {
    pip: &'a str,
    uv: &'a str,
    python: &'a str,
    implementation: &'a str,
    platform: &'a str,
    sources: &'a [String],
    builds: bool,
    timeout: f64,
    parallel: usize,
}

#[derive(Serialize)]
struct WireTally {
    requirements: usize,
    same: usize,
    differ: usize,
    only_pip: usize,
    only_uv: usize,
    neither: usize,
    not_tried: usize,
    flags_help: usize,
}

#[derive(Serialize)]
struct WireRow<'a> {
    requirement: &'a str,
    file: Option<&'a str>,
    line: Option<usize>,
    name: Option<&'a str>,
    verdict: &'static str,
    pip: WireOutcome<'a>,
    uv: WireOutcome<'a>,
    differences: Vec<WireDifference<'a>>,
    attempts: Vec<WireAttempt<'a>>,
    reason: Option<&'a str>,
    remedies: Vec<WireRemedy<'a>>,
}

#[derive(Serialize)]
struct WireTogether<'a> {
    /// Places in `requirements`, from 0.
    members: &'a [usize],
    left_out: &'a [usize],
    verdict: &'static str,
    pip: WireOutcome<'a>,
    uv: WireOutcome<'a>,
    differences: Vec<WireDifference<'a>>,
    attempts: Vec<WireAttempt<'a>>,
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct WireOutcome<'a> {
    /// `resolved`, `failed`, `timed-out`, `not-tried`
    status: &'static str,
    /// For `resolved`.
    #[serde(skip_serializing_if = "Option::is_none")]
    packages: Option<Vec<WireChosen<'a>>>,
    /// For `failed`: the class; for `not-tried`: why.
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<&'a str>,
    /// For `timed-out`, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<f64>,
    seconds: f64,
    at: u64,
    taken: bool,
    log: Option<&'a str>,
}

#[derive(Serialize)]
struct WireChosen<'a> {
    name: &'a str,
    version: Option<&'a str>,
    from_source: bool,
    direct: bool,
}

#[derive(Serialize)]
struct WireDifference<'a> {
    name: &'a str,
    pip: Option<&'a str>,
    uv: Option<&'a str>,
}

#[derive(Serialize)]
struct WireAttempt<'a> {
    tool: &'static str,
    flag: &'a str,
    /// `agrees`, `accepts`, `resolves`, `nothing`
    effect: &'static str,
    outcome: WireOutcome<'a>,
}

#[derive(Serialize)]
struct WireRemedy<'a> {
    about: &'a str,
    advice: &'a str,
    alternatives: &'a [String],
    system: Vec<WireSystem<'a>>,
}

#[derive(Serialize)]
struct WireSystem<'a> {
    name: &'a str,
    packages: &'a [String],
}

impl<'a> From<&'a Compat> for WireCompat<'a> {
    fn from(compat: &'a Compat) -> Self {
        let Compat { started, seconds, setting, rows, together, interrupted } = compat;
        Self {
            version: 1,
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
        let mut wire = Self {
            status: "resolved",
            packages: None,
            class: None,
            message: None,
            about: None,
            limit: None,
            seconds: *seconds,
            at: *at,
            taken: *taken,
            log: log.as_deref(),
        };
        match status {
            Status::Resolved(chosen) => wire.packages = Some(chosen.iter().map(WireChosen::from).collect()),
            Status::Failed(failure) => {
                wire.status = "failed";
                wire.class = Some(failure.class.id());
                wire.message = Some(&failure.message);
                wire.about = failure.about.as_deref();
            }
            Status::TimedOut(limit) => {
                wire.status = "timed-out";
                wire.limit = Some(limit.as_secs_f64());
            }
            Status::NotTried(why) => {
                wire.status = "not-tried";
                wire.class = Some(match why {
                    NotTried::NeedsBuild => "needs-build",
                    NotTried::Interrupted => "interrupted",
                });
            }
        }
        wire
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
        let tool: &Tool = tool;
        let effect = match effect {
            Effect::Agrees => "agrees",
            Effect::Accepts => "accepts",
            Effect::Resolves => "resolves",
            Effect::Nothing => "nothing",
        };
        Self { tool: tool.id(), flag, effect, outcome: outcome.into() }
    }
}

impl<'a> From<&'a Remedy> for WireRemedy<'a> {
    fn from(remedy: &'a Remedy) -> Self {
        let Remedy { about, advice, alternatives, system } = remedy;
        let system = system.iter().map(|(name, packages)| WireSystem { name, packages }).collect();
        Self { about, advice, alternatives, system }
    }
}

//! Every requirement of a project, alone and all together, under pip and under uv.
//!
//! [`check`] asks both tools to resolve without installing, compares what they choose, tries the flags that are known to help,
//! and says why. [`Compat`] is all it found; [`text`], [`markdown`], [`csv`], [`html`] and [`wire`] show it.
//!
//! By default no code of a package runs: only wheels count, and what needs a build is told so.

mod answer;
mod ask;
mod asked;
mod attempts;
mod classify;
mod compare;
mod disk;
mod error;
mod explain;
mod failure_class;
mod model;
mod plan;
mod reason;
mod record;
mod remedies;
mod run;
mod show;
mod tools;

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use uvshift_process::Runner;

pub use disk::read_log;
pub use error::CompatError;
pub use model::{
    Attempt, Chosen, Compat, Difference, Effect, Failure, FailureClass, NotTried, Outcome, Progress, Remedy,
    Row, Setting, Status, Tally, Together, Tool, Verdict,
};
pub use plan::{Builds, Caches, CompatPlan, IndexSettings, Requested};

use ask::Asker;
use asked::Asked;
use disk::State;
use run::Watch;

/// Checks all requirements of `plan`.
///
/// `observer` is called from several threads. Once `interrupt` is set nothing more is begun, and what is known is given; the
/// runner has to be told itself, so that it ends the commands that run. What was found is also kept in the state folder, and a
/// later run with the same plan goes on from there.
pub fn check(
    plan: &CompatPlan,
    runner: &dyn Runner,
    observer: &(dyn Fn(&Progress) + Sync),
    interrupt: &AtomicBool,
) -> Result<Compat, CompatError> {
    if plan.requirements.is_empty() {
        return Err(CompatError::Nothing);
    }
    let begun = Instant::now();
    let started = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let constraints = constraints(plan)?;
    let setting = tools::setting(plan, runner)?;
    let state = State::open(&plan.state, plan.fresh)?;
    let context = Asker { plan, runner, setting: &setting, state: &state, constraints: &constraints };
    let asked: Vec<Asked> = plan.requirements.iter().map(asked::asked).collect();
    let watch = Watch { observer, interrupt };
    let rows = run::alone(&context, &asked, &watch)?;
    let together = if plan.together { run::together(&context, &asked, &rows, &watch)? } else { Vec::new() };
    let interrupted = watch.is_interrupted();
    Ok(Compat { started, seconds: begun.elapsed().as_secs_f64(), setting, rows, together, interrupted })
}

/// The contents of the constraints files: they are part of the question.
fn constraints(plan: &CompatPlan) -> Result<Vec<String>, CompatError> {
    let read = |path: &PathBuf| {
        let bytes = std::fs::read(path);
        let bytes = bytes.map_err(|source| CompatError::Constraints { path: path.clone(), source })?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    plan.index.constraints.iter().map(read).collect()
}

/// For a terminal, in plain characters: what differs, a row a requirement, and a summary.
pub fn text(compat: &Compat) -> String {
    show::text::text(compat)
}

/// A table for a pull request or a wiki.
pub fn markdown(compat: &Compat) -> String {
    show::markdown::markdown(compat)
}

/// A row a requirement, for spreadsheets (RFC 4180); a cell that a spreadsheet would calculate begins with an apostrophe.
pub fn csv(compat: &Compat) -> String {
    show::csv::csv(compat)
}

/// One page without any external resource, with search, filters and colours. `log` gives the log of an outcome, to be shown in
/// the page; where it gives none, the path of the log is named.
pub fn html(compat: &Compat, log: &dyn Fn(&str) -> Option<String>) -> String {
    show::html::html(compat, log)
}

/// The JSON of a check, with `"version": 1`.
pub fn wire(compat: &Compat) -> serde_json::Value {
    show::wire::wire(compat)
}

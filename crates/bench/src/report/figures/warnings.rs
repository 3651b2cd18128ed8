//! What a reader has to know: what the run says itself, and what its samples tell.

use crate::model::{Run, Series, Warning, WarningKind};
use crate::report::words::{count, plain};
use crate::statistics::{FEWEST, NoiseReason, noise};

/// The warnings of the run, and those that come from its samples: noise, outliers, a slow first sample, too few samples,
/// contenders that failed, an interruption, the short form. What a run tells itself of failures, of its interruption and
/// of the load is not told again.
pub fn warnings(run: &Run) -> Vec<Warning> {
    let is_silent = |kind| run.warnings.iter().all(|old| old.kind != kind);
    let only_if_silent = [
        (WarningKind::Interrupted, interrupted(run)),
        (WarningKind::Failed, failed(run)),
        (WarningKind::Noise, load(run)),
    ];
    let always = [
        (WarningKind::FewRuns, few(run)),
        (WarningKind::FewRuns, run.settings.quick.then(quick)),
        (WarningKind::Noise, of_reason(run, NoiseReason::Spread, "samples that spread by more than 10 %")),
        (
            WarningKind::SlowFirst,
            of_reason(run, NoiseReason::SlowFirst, "a first sample that is far slower than the others"),
        ),
        (
            WarningKind::Outliers,
            of_reason(run, NoiseReason::Outliers, "samples that are far from the others"),
        ),
    ];
    let missing = only_if_silent.into_iter().filter(|(kind, _)| is_silent(*kind)).chain(always);
    let missing = missing.filter_map(|(kind, message)| told(kind, message));
    // A file that was written from a report of ours has them already.
    let missing = missing.filter(|new| !run.warnings.contains(new));
    run.warnings.iter().cloned().chain(missing).collect()
}

fn told(kind: WarningKind, message: Option<String>) -> Option<Warning> {
    Some(Warning { kind, place: None, message: message? })
}

fn interrupted(run: &Run) -> Option<String> {
    let message = "the run was interrupted: what is here was measured before";
    run.finished.is_none().then(|| message.to_owned())
}

fn few(run: &Run) -> Option<String> {
    let few = run.series.iter().filter(|one| (1..FEWEST).contains(&one.samples.len()));
    list(few).map(|places| format!("fewer than {FEWEST} samples have no interval: {places}"))
}

fn quick() -> String {
    "these are figures of the short form, for a first look".to_owned()
}

fn failed(run: &Run) -> Option<String> {
    let is_told = |failure: &String| run.warnings.iter().any(|warning| warning.message == *failure);
    let failed = run.series.iter().filter(|one| one.failure.as_ref().is_some_and(|why| !is_told(why)));
    list(failed).map(|places| format!("not measured, or not as often as asked for: {places}"))
}

fn load(run: &Run) -> Option<String> {
    let noises = run.series.iter().filter_map(|series| noise(series, run.machine.cores));
    let busy = noises.filter(|noise| noise.reasons.contains(&NoiseReason::Load));
    let highest = busy.filter_map(|noise| noise.load).reduce(f64::max)?;
    let load = format!("{highest:.1}");
    Some(format!(
        "the machine had other things to do: a load of up to {load} for each thread of the processor"
    ))
}

fn of_reason(run: &Run, reason: NoiseReason, problem: &str) -> Option<String> {
    let has_reason = |series: &&Series| {
        noise(series, run.machine.cores).is_some_and(|noise| noise.reasons.contains(&reason))
    };
    list(run.series.iter().filter(has_reason)).map(|places| format!("{problem}: {places}"))
}

/// The first few places by name and how many more there are; `None` for none.
fn list<'a>(series: impl Iterator<Item = &'a Series>) -> Option<String> {
    const SHOWN: usize = 4;
    let place =
        |one: &Series| format!("{} {} {}", plain(&one.scenario), one.operation.id(), plain(&one.contender));
    let places: Vec<String> = series.map(place).collect();
    let shown = places.get(..SHOWN).filter(|_| places.len() > SHOWN + 1);
    match shown {
        _ if places.is_empty() => None,
        None => Some(places.join(", ")),
        Some(first) => Some(format!("{} and {}", first.join(", "), count(places.len() - SHOWN, "other"))),
    }
}

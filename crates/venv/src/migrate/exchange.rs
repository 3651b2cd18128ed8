//! The run itself.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use uvshift_installed::Origin;
use uvshift_process::Runner;

use super::state::{Journal, Phase, State};
use super::{LocalFiles, Migrate, MigrateError, Migrated, Plan, Sizes, keep, modules, planning};
use crate::compare::{self, prompt};
use crate::recreate::{RecreateError, Recreated, carry, disk, programs, python_of, recreate};
use crate::{
    Comparison, Difference, DifferenceKind, LocalChange, LocalKind, Progress, PythonChoice, Recreate,
    Snapshot, Step, Weight,
};

/// What a run works with.
struct Run<'a> {
    asked: &'a Migrate<'a>,
    state: &'a State,
    plan: Plan,
    /// The Python, found while the old environment is at its place.
    python: PythonChoice,
    /// The modules that the old Python finds; `None` where it cannot be asked.
    modules: Option<BTreeSet<String>>,
}

/// Makes the environment anew. The lock is held, and nothing is left of an earlier run.
pub(super) fn run(
    asked: &Migrate<'_>,
    state: &State,
    runner: &dyn Runner,
    progress: &mut Progress<'_>,
) -> Result<Migrated, MigrateError> {
    let started = Instant::now();
    progress(Step::Reading);
    let plan = planning::plan(asked, &state.place)?;
    let before = disk::size(&state.place);
    refuse(asked, &plan)?;
    let python = match asked.python {
        PythonChoice::Same => PythonChoice::Other(plan.python.clone()),
        other => other.clone(),
    };
    let names = modules::names(&plan.snapshot, |name| !asked.allow.without.contains(name));
    let modules = modules::found(&python_of(&state.place), &names, runner);
    let run = Run { asked, state, plan, python, modules };
    run.rehearse(runner, progress)?;
    let id = run_id();
    let journal = Journal { id, phase: Phase::Exchange, old: asked.old };
    state.write(&journal)?;
    let aside = Instant::now();
    let made = run.exchange(&journal, runner, progress);
    let away = aside.elapsed();
    let done = match made {
        Ok(done) => done,
        Err(error) => {
            progress(Step::PuttingBack);
            // Where the old environment is matters more than why it was moved.
            state.put_back(&journal.id)?;
            return Err(error);
        }
    };
    progress(Step::Removing);
    let kept = state.finish(&Journal { phase: Phase::Verified, ..journal })?;
    let after = disk::size(&state.place);
    Ok(run.report(done, Report { kept, size: Sizes { before, after }, took: started.elapsed(), away }))
}

/// What only the end of a run knows.
struct Report {
    kept: Option<PathBuf>,
    size: Sizes,
    took: Duration,
    away: Duration,
}

/// A new environment that was found to be the same.
struct Done {
    made: Recreated,
    comparison: Comparison,
    kept: keep::Kept,
}

/// Stops where the user has to decide.
fn refuse(asked: &Migrate<'_>, plan: &Plan) -> Result<(), MigrateError> {
    if !plan.refusals.is_empty() {
        return Err(MigrateError::Recreate(RecreateError::Refused { refusals: plan.refusals.clone() }));
    }
    let changes: Vec<LocalChange> =
        plan.local.iter().filter(|change| change.needs_decision()).cloned().collect();
    if asked.local == LocalFiles::Stop && !changes.is_empty() {
        return Err(MigrateError::LocalChanges { path: plan.snapshot.root.clone(), changes });
    }
    Ok(())
}

/// Seconds and the process: no two runs on one environment have the same.
fn run_id() -> String {
    let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    format!("{seconds}-{}", std::process::id())
}

impl Run<'_> {
    /// Makes the environment at another place and compares it, while the old one is where it was.
    fn rehearse(&self, runner: &dyn Runner, progress: &mut Progress<'_>) -> Result<(), MigrateError> {
        progress(Step::Rehearsing);
        let at = self.state.rehearsal();
        disk::remove_tree(&at).map_err(|source| MigrateError::Io {
            action: "remove",
            path: at.clone(),
            source,
        })?;
        // Building a project that is inside the old environment would change it.
        let before = &self.plan.snapshot;
        let mut outside = before.clone();
        outside.packages.retain(|package| !is_inside(&package.origin, &before.root));
        let request = Recreate {
            python: &self.python,
            old_tree: Some(&before.root),
            ..planning::request(self.asked, &outside, &at)
        };
        let made = recreate(&request, runner, progress).map_err(MigrateError::Recreate)?;
        progress(Step::Comparing);
        let named = Snapshot { prompt: Some(prompt(before)), ..outside };
        self.judge(&named, &made.snapshot, &at, runner)?;
        disk::remove_tree(&at).map_err(|source| MigrateError::Io { action: "remove", path: at, source })
    }

    /// Moves the old environment aside and makes the new one at its place.
    fn exchange(
        &self,
        journal: &Journal,
        runner: &dyn Runner,
        progress: &mut Progress<'_>,
    ) -> Result<Done, MigrateError> {
        let (place, old) = (&self.state.place, self.state.old());
        progress(Step::PuttingAside);
        self.state.put_aside()?;
        self.state.start(&journal.id)?;
        let first: Vec<PathBuf> =
            self.plan.local.iter().filter(|it| is_source(it)).map(|change| change.path.clone()).collect();
        let request = Recreate {
            python: &self.python,
            old_tree: Some(&old),
            first: &first,
            ..planning::request(self.asked, &self.plan.snapshot, place)
        };
        let made = recreate(&request, runner, progress).map_err(MigrateError::Recreate)?;
        progress(Step::Comparing);
        let before = aside(&self.plan.snapshot, &old);
        let comparison = self.judge(&before, &made.snapshot, place, runner)?;
        let kept = match self.asked.local {
            LocalFiles::Carry => keep::carry(&self.plan.snapshot, &old, &made.snapshot, &self.plan.local)
                .map_err(MigrateError::Recreate)?,
            _ => keep::Kept::default(),
        };
        if !kept.in_the_way.is_empty() {
            let mut comparison = comparison;
            let in_the_way = kept.in_the_way.iter().map(|path| path.display().to_string());
            let found =
                in_the_way.map(|path| difference(DifferenceKind::File, &path, "a package has another one"));
            comparison.differences.splice(0..0, found);
            return Err(MigrateError::Differs { comparison });
        }
        // From the journal on the old environment may go; a power cut must not take the new one after that.
        let flushed = crate::disk::sync_system(place);
        flushed.map_err(|source| MigrateError::Io { action: "flush", path: place.clone(), source })?;
        self.state.write(&Journal { phase: Phase::Verified, ..journal.clone() })?;
        Ok(Done { made, comparison, kept })
    }

    /// Compares, with what was allowed taken into account; an error where they differ.
    fn judge(
        &self,
        before: &Snapshot,
        after: &Snapshot,
        root: &Path,
        runner: &dyn Runner,
    ) -> Result<Comparison, MigrateError> {
        let mut comparison = compare::compare(before, after);
        self.modules(before, root, runner, &mut comparison);
        let allow = self.asked.allow;
        for difference in &mut comparison.differences {
            let name = difference.package.as_deref().map(uvshift_requirements::normalize_name);
            let accepted = match difference.kind {
                DifferenceKind::Python => *self.asked.python != PythonChoice::Same,
                DifferenceKind::Distribution => {
                    name.is_some_and(|name| difference.after.is_empty() && allow.without.contains(&name))
                }
                DifferenceKind::File => name.is_some_and(|name| allow.other_files.has(&name)),
                _ => false,
            };
            if accepted {
                difference.weight = Weight::Note;
            }
        }
        if comparison.holds() { Ok(comparison) } else { Err(MigrateError::Differs { comparison }) }
    }

    /// Asks the new Python for the modules that the old one found.
    fn modules(&self, before: &Snapshot, root: &Path, runner: &dyn Runner, comparison: &mut Comparison) {
        let Some(old) = &self.modules else { return };
        let names = modules::names(before, |name| !self.asked.allow.without.contains(name));
        let names: BTreeSet<String> = names.intersection(old).cloned().collect();
        let Some(new) = modules::found(&python_of(root), &names, runner) else {
            // A Python that cannot be asked is not what was there before.
            let python = programs(root).join("python").display().to_string();
            comparison.differences.push(difference(DifferenceKind::Script, &python, "does not run"));
            return;
        };
        for name in names.difference(&new) {
            comparison.differences.push(difference(DifferenceKind::Module, name, ""));
        }
    }

    fn report(self, done: Done, end: Report) -> Migrated {
        let carried = &done.kept.carried;
        let mut notes = self.plan.notes;
        notes.extend(done.made.notes);
        if self.modules.is_none() {
            notes.push("the old Python does not run; modules were compared by their files alone".to_owned());
        }
        let lost = self.plan.local.iter().filter(|it| it.needs_decision() && !carried.contains(&it.path));
        Migrated {
            dropped: lost.map(|change| change.path.clone()).collect(),
            carried: done.kept.carried,
            snapshot: done.made.snapshot,
            packages: done.made.packages,
            comparison: done.comparison,
            kept: end.kept,
            size: end.size,
            took: end.took,
            away: end.away,
            notes,
        }
    }
}

fn difference(kind: DifferenceKind, before: &str, after: &str) -> Difference {
    Difference {
        weight: Weight::Breaks,
        package: None,
        kind,
        before: before.to_owned(),
        after: after.to_owned(),
    }
}

fn is_source(change: &LocalChange) -> bool {
    matches!(change.kind, LocalKind::Source { .. })
}

fn is_inside(origin: &Origin, root: &Path) -> bool {
    matches!(origin, Origin::Directory { path, .. } if path.starts_with(root))
}

/// A snapshot of an environment that was moved to another place since.
fn aside(snapshot: &Snapshot, tree: &Path) -> Snapshot {
    let moved = |path: &PathBuf| carry::moved(path, &snapshot.root, tree);
    let mut aside = snapshot.clone();
    aside.prompt = Some(prompt(snapshot));
    tree.clone_into(&mut aside.root);
    aside.site_packages = snapshot.site_packages.iter().map(moved).collect();
    aside.python.executable = snapshot.python.executable.as_ref().map(moved);
    for package in &mut aside.packages {
        package.location = moved(&package.location);
    }
    aside
}

//! The index on this machine: filled by a run that does not count, then closed to the outside.

use std::path::Path;
use std::sync::Arc;

use uvshift_bench::{
    ContenderKind, IndexSettings, LocalIndex, LocalIndexOptions, Mode, Operation, Plan, Run, Tools, Warning,
    WarningKind,
};
use uvshift_process::{CommandSpec, Measurer, Runner};

use super::observer::Watcher;
use crate::failure::Failure;
use crate::interrupt;
use crate::printer::Printer;
use crate::settings::Settings;

/// A local index that has everything.
pub(super) struct Filled {
    index: LocalIndex,
}

/// Starts the index, has both tools do once all that will be measured, and changes the plan so that it is used.
pub(super) fn filled(
    plan: &mut Plan,
    tools: &Tools,
    measurer: &dyn Measurer,
    settings: &Settings,
    printer: &Printer,
) -> Result<Filled, Failure> {
    let cache = settings.cache.as_deref().ok_or(Failure::NoCache)?;
    let runner = interrupt::runner();
    let before = std::mem::take(&mut plan.index);
    let mut upstreams: Vec<String> = Vec::new();
    if !before.no_index {
        upstreams.push(before.url.clone().map_or_else(|| public_index(&tools.python, &runner), Ok)?);
        upstreams.extend(before.extra_urls.iter().cloned());
    }
    let options = LocalIndexOptions {
        upstreams,
        find_links: before.find_links.clone(),
        mode: Mode::Fill,
        ..LocalIndexOptions::new(cache.join("local-index"), &tools.python, "")
    };
    let index = LocalIndex::start(options, Arc::new(interrupt::runner()))?;
    let variables = index.environment().into_iter().map(|(name, value)| (name.to_owned(), value));
    plan.index = IndexSettings {
        url: Some(index.url().to_owned()),
        variables: variables.collect(),
        local: true,
        ..IndexSettings::default()
    };
    printer.say("filling the local index ...");
    let filling = Plan {
        runs: 1,
        warmups: 0,
        max_time: None,
        operations: fetching(&plan.operations),
        contenders: vec![ContenderKind::Pip, ContenderKind::PipNewest, ContenderKind::Uv],
        ..plan.clone()
    };
    let mut watcher = Watcher::new(settings, printer, None);
    let result = uvshift_bench::run(&filling, tools, measurer, &mut watcher, &interrupt::flag());
    watcher.finish();
    result?;
    for failure in index.failures() {
        printer.warn(&failure);
    }
    index.freeze();
    index.take_counts();
    Ok(Filled { index })
}

/// The operations that ask for everything which those of a run ask for.
fn fetching(asked: &[Operation]) -> Vec<Operation> {
    let wanted = |operation: &Operation| asked.is_empty() || asked.contains(operation);
    let others = [Operation::Resolve, Operation::SyncAfterChange].into_iter().filter(wanted);
    std::iter::once(Operation::InstallCold).chain(others).collect()
}

impl Filled {
    /// What the index has to say about the run: whether anything was missing.
    pub(super) fn close(self, run: &mut Run) {
        let counts = self.index.counts();
        if counts.misses > 0 {
            run.warnings.push(Warning {
                kind: WarningKind::Cache,
                place: None,
                message: format!(
                    "the local index was asked {} times for what it does not have, so not everything was measured as it should be",
                    counts.misses
                ),
            });
        }
        self.index.stop();
    }
}

/// The index that pip takes where nobody names one.
fn public_index(python: &Path, runner: &dyn Runner) -> Result<String, Failure> {
    let code = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)";
    let spec = CommandSpec::new(python).args(["-I", "-c", code]);
    let output = runner.run(&spec).and_then(|output| output.checked(&spec));
    let output = output.map_err(|source| Failure::AskPip { source })?;
    Ok(output.stdout_text().trim().to_owned())
}

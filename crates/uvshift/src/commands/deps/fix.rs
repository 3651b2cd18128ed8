//! `uvshift deps --fix`: what can be mended, in one step that can be undone.

use uvshift_depgraph::{Action, Analysis};
use uvshift_diagnostics::Severity;
use uvshift_migrate::{Deps, FixDone, FixPlan, execute_fix, plan_fix};

use crate::args::DepsArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::progress::Spinner;
use crate::settings::Settings;
use crate::wire::{NotFixed, WireFix};
use crate::{interrupt, report, uv, wire};

/// Plans the changes, shows them, and makes them when told to.
pub(super) fn run(
    args: &DepsArgs,
    deps: &Deps,
    analysis: &Analysis<'_>,
    settings: &Settings,
    printer: &Printer,
) -> Result<Exit, Failure> {
    let told = analysis.findings.iter().filter(|finding| finding.severity > Severity::Note);
    let actions: Vec<Action> = told.filter_map(|finding| finding.action.clone()).collect();
    let mut plan = plan_fix(&args.path, &actions)?;
    plan.lock &= !args.no_lock;
    printer.text(&report::fix(&plan, printer.out))?;
    let json = |status, done: Option<&FixDone>| {
        printer.json(&wire::Deps::found(deps, analysis, true).with_fix(status, wire_fix(&plan, done)))
    };
    if plan.is_empty() {
        printer.text("Nothing was changed: there is nothing that can be mended without you.\n")?;
        json(wire::DepsStatus::Findings, None)?;
        return Ok(Exit::Findings);
    }
    if args.dry_run {
        json(wire::DepsStatus::Planned, None)?;
        return Ok(Exit::Done);
    }
    if !args.yes && !printer.confirm("Apply these changes?")? {
        json(wire::DepsStatus::Planned, None)?;
        printer.say("Nothing was changed. To apply this plan, run again with `--yes`.");
        return Ok(Exit::Findings);
    }
    let done = execute(args, &plan, settings, printer)?;
    printer.text(&report::fixed(&plan, &done, &args.path.display().to_string(), printer.out))?;
    json(wire::DepsStatus::Fixed, Some(&done))?;
    Ok(if plan.left.is_empty() || args.exit_zero { Exit::Done } else { Exit::Findings })
}

fn execute(
    args: &DepsArgs,
    plan: &FixPlan,
    settings: &Settings,
    printer: &Printer,
) -> Result<FixDone, Failure> {
    let runner = interrupt::runner();
    let uv = if plan.lock { uv::find_or_install(&args.uv, settings, printer, &runner)? } else { None };
    let mut spinner = Spinner::new(settings);
    let result = execute_fix(&args.path, plan, uv.as_ref(), &runner, &mut spinner);
    spinner.finish();
    Ok(result?)
}

fn wire_fix(plan: &FixPlan, done: Option<&FixDone>) -> WireFix {
    let not_fixed = plan.left.iter().map(|left| NotFixed {
        package: package(&left.action),
        why: left.reason.clone(),
        help: left.help.clone(),
    });
    WireFix {
        diff: done.is_none().then(|| plan.diff()),
        not_fixed: not_fixed.collect(),
        changed: done.map(|done| done.changed.clone()).unwrap_or_default(),
        journal: done.map(|done| done.journal.clone()),
    }
}

fn package(action: &Action) -> String {
    match action {
        Action::Add { requirement, .. } => requirement.clone(),
        Action::Remove { name, .. } | Action::Move { name, .. } => name.clone(),
    }
}

//! `uvshift rewrite`: commands of CI, containers and scripts onto uv.

use std::path::Path;

use uvshift_migrate::{RewriteOptions, RewritePlan, execute_rewrite, plan_rewrite, rewrite_hosts};

use super::migrate::recover;
use crate::args::RewriteArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::progress::Spinner;
use crate::settings::Settings;
use crate::{interrupt, report, uv, wire};

pub(crate) fn run(args: RewriteArgs, settings: &Settings, printer: &Printer) -> Result<Exit, Failure> {
    let RewriteArgs { path, only, skip, review, docs, list, dry_run, yes, uv: uv_args } = args;
    if list {
        printer.text(&report::hosts(printer.out))?;
        printer.json(&wire::Hosts::all())?;
        return Ok(Exit::Done);
    }
    let options = RewriteOptions { only, skip, review, documents: docs };
    known(&options)?;
    let version = uv::version(uv_args.uv.as_deref(), settings, &interrupt::runner())?;
    recover(&path, printer)?;
    let plan = plan_rewrite(&path, &options, version.as_deref())?;
    show(&plan, dry_run || !yes, printer)?;
    if plan.changes.is_empty() {
        let documents = in_documents(&path, &plan, &options, version.as_deref())?;
        printer.text(&report::no_rewrite(&plan, documents))?;
        printer.json(&wire::Rewrite::planned(&plan, false))?;
        return Ok(if has_errors(&plan) { Exit::Findings } else { Exit::Nothing });
    }
    if dry_run {
        printer.json(&wire::Rewrite::planned(&plan, true))?;
        return Ok(if has_errors(&plan) { Exit::Findings } else { Exit::Done });
    }
    if !yes && !printer.confirm("Apply these changes?")? {
        printer.json(&wire::Rewrite::planned(&plan, true))?;
        printer.say("Nothing was changed. To apply this plan, run again with `--yes`.");
        return Ok(Exit::Findings);
    }
    let mut spinner = Spinner::new(settings);
    let result = execute_rewrite(&path, &plan, &options, version.as_deref(), &mut spinner);
    spinner.finish();
    let done = result?;
    printer.text(&report::rewritten(&plan, &done, &path.display().to_string(), printer.out))?;
    printer.json(&wire::Rewrite::done(&plan, &done))?;
    Ok(if has_errors(&plan) { Exit::Findings } else { Exit::Done })
}

/// A kind of files that nobody knows is a slip of the finger.
fn known(options: &RewriteOptions) -> Result<(), Failure> {
    let names: Vec<&str> = rewrite_hosts().iter().map(|host| host.name).collect();
    match options.only.iter().chain(&options.skip).find(|name| !names.contains(&name.as_str())) {
        Some(name) => Err(Failure::UnknownHost { given: name.clone(), known: names.join(", ") }),
        None => Ok(()),
    }
}

/// How many documents have commands, where nothing else has any and nobody asked for documents.
fn in_documents(
    path: &Path,
    plan: &RewritePlan,
    options: &RewriteOptions,
    version: Option<&str>,
) -> Result<usize, Failure> {
    let is_asked = options.documents || !options.only.is_empty();
    if is_asked || !plan.files.is_empty() || !plan.diagnostics.is_empty() {
        return Ok(0);
    }
    let only = vec!["documents".to_owned()];
    let options = RewriteOptions { only, skip: options.skip.clone(), ..RewriteOptions::default() };
    Ok(plan_rewrite(path, &options, version)?.files.len())
}

/// Whether a file cannot be read, so that what it holds is not known.
fn has_errors(plan: &RewritePlan) -> bool {
    plan.diagnostics.iter().any(|found| found.severity == uvshift_diagnostics::Severity::Error)
}

fn show(plan: &RewritePlan, diff: bool, printer: &Printer) -> Result<(), Failure> {
    let shown = report::rewrite(plan, printer.out, printer.is_verbose());
    printer.text(&shown)?;
    for found in &plan.diagnostics {
        printer.diagnostic(found);
    }
    if diff && !plan.changes.is_empty() {
        printer.text(&format!("\n{}", printer.out.diff(&uvshift_project::redacted(&plan.changes.diff()))))?;
    }
    if !shown.is_empty() {
        printer.text("\n")?;
    }
    Ok(())
}

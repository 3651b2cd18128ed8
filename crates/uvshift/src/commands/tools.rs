//! `uvshift tools`: the settings of tools in one place.

use std::path::Path;

use uvshift_migrate::{
    ToolOptions, ToolPlan, answers_differ, ask_tools, execute_tools, has_tool_settings, plan_tools,
};

use super::migrate::recover;
use crate::args::ToolsArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::progress::Spinner;
use crate::settings::Settings;
use crate::{interrupt, recorded, report, uv, wire};

pub(crate) fn run(args: ToolsArgs, settings: &Settings, printer: &Printer) -> Result<Exit, Failure> {
    let ToolsArgs { path, only, skip, to_ruff, pre_commit, verify, python, dry_run, yes, uv: uv_args } = args;
    let runner = interrupt::runner();
    let uv_version = if pre_commit { uv::version(uv_args.uv.as_deref(), settings, &runner)? } else { None };
    let options = ToolOptions { only, skip, to_ruff, pre_commit, uv_version };
    known(&options)?;
    recover(&path, printer)?;
    let plan = plan_tools(&path, &options)?;
    show(&plan, dry_run || !yes, printer)?;
    if !plan.blockers.is_empty() {
        printer.json(&wire::Tools::planned(&plan, dry_run))?;
        printer.say("Nothing was changed: correct what is named above first.");
        return Ok(Exit::Findings);
    }
    if plan.changes.is_empty() {
        printer.text(&nothing(&path, &plan)?)?;
        printer.json(&wire::Tools::planned(&plan, false))?;
        return Ok(Exit::Nothing);
    }
    if dry_run {
        printer.json(&wire::Tools::planned(&plan, true))?;
        return Ok(Exit::Done);
    }
    if !yes && !printer.confirm("Apply these changes?")? {
        printer.json(&wire::Tools::planned(&plan, true))?;
        printer.say("Nothing was changed. To apply this plan, run again with `--yes`.");
        return Ok(Exit::Findings);
    }
    let uv = if verify && python.is_none() {
        uv::find_or_install(&uv_args, settings, printer, &runner)?
    } else {
        None
    };
    let mut answers = Vec::new();
    let mut ask = || {
        if verify {
            answers = ask_tools(&path, &plan, python.as_deref(), uv.as_ref(), &runner)?;
        }
        Ok(answers_differ(&answers))
    };
    let mut spinner = Spinner::new(settings);
    let result = execute_tools(&path, &plan, &options, &mut spinner, &mut ask);
    spinner.finish();
    let done = result?;
    printer.text(&report::tools_done(&plan, &done, &answers, &path.display().to_string(), printer.out))?;
    printer.json(&wire::Tools::done(&plan, &done, &answers))?;
    Ok(Exit::Done)
}

/// Why nothing moves.
fn nothing(path: &Path, plan: &ToolPlan) -> Result<String, Failure> {
    if !plan.diagnostics.is_empty() || has_tool_settings(path)? {
        let why = "every tool has its settings in pyproject.toml, or cannot read it";
        return Ok(format!("Nothing to move: {why}.\n"));
    }
    let above = recorded::project_above(path).map(|above| report::project_above("tools", &above));
    Ok(format!("Nothing to move: no settings of a tool were found here.\n{}", above.unwrap_or_default()))
}

/// A tool that nobody knows is a slip of the finger.
fn known(options: &ToolOptions) -> Result<(), Failure> {
    let names: Vec<&str> = uvshift_migrate::tool_names().collect();
    match options.only.iter().chain(&options.skip).find(|name| !names.contains(&name.as_str())) {
        Some(name) => Err(Failure::UnknownTool { given: name.clone(), known: names.join(", ") }),
        None => Ok(()),
    }
}

fn show(plan: &ToolPlan, diff: bool, printer: &Printer) -> Result<(), Failure> {
    let shown = report::tools(plan, printer.out, printer.is_verbose());
    printer.text(&shown)?;
    for found in plan.blockers.iter().chain(&plan.diagnostics) {
        printer.diagnostic(found);
    }
    if diff && plan.blockers.is_empty() && !plan.changes.is_empty() {
        printer.text(&format!("\n{}", printer.out.diff(&uvshift_project::redacted(&plan.changes.diff()))))?;
    }
    if !shown.is_empty() {
        printer.text("\n")?;
    }
    Ok(())
}

//! `uvshift migrate`: the main job.

use std::path::Path;

use uvshift_changeset::Recovery;
use uvshift_diagnostics::Diagnostic;
use uvshift_migrate::{
    LockStrategy, Members, Nothing, OldFiles, Options, Plan, Planned, RewriteOptions, ToolOptions, Uv,
    WheelProof, backend_metadata, execute, plan,
};
use uvshift_process::Runner;
use uvshift_project::{BuildBackend, IndexStrategy, Installed, Outcome, codes};

use crate::args::{
    BuildBackendArg, IndexStrategyArg, LockArgs, MembersArgs, MigrateArgs, OldFilesArgs, SourceArgs, UvArgs,
    WithArg,
};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::progress::Spinner;
use crate::settings::Settings;
use crate::{interrupt, recorded, report, uv, wire};

pub(crate) fn run(args: MigrateArgs, settings: &Settings, printer: &Printer) -> Result<Exit, Failure> {
    let MigrateArgs {
        sources,
        dry_run,
        yes,
        lock,
        old,
        run_build,
        no_wheel_check,
        with,
        to_ruff,
        no_rewrite,
        skip_refused,
        uv: uv_args,
    } = args;
    let path = sources.path.clone();
    let tools = with.contains(&WithArg::Tools).then(|| ToolOptions { to_ruff, ..ToolOptions::default() });
    let mut options = Options {
        skip_refused,
        lock: lock_strategy(&lock),
        old_files: old_files(&old),
        wheel: match (run_build, no_wheel_check) {
            (true, _) => WheelProof::Always,
            (false, true) => WheelProof::Never,
            (false, false) => WheelProof::Auto,
        },
        rewrite: (!no_rewrite).then(RewriteOptions::default),
        tools,
        ..options(sources)?
    };
    let runner = interrupt::runner();
    options.uv_version = uv::version(uv_args.uv.as_deref(), settings, &runner)?;
    recover(&path, printer)?;
    let mut planned = plan_here(&path, options.clone(), settings, &runner)?;
    if run_build && matches!(&planned, Planned::Plan(plan) if plan.needs_decision()) {
        let uv = uv::find_or_install(&uv_args, settings, printer, &runner)?
            .ok_or(Failure::Migrate(uvshift_migrate::Error::UvMissing))?;
        options.built = Some(backend_metadata(&path, &uv, &runner)?);
        planned = plan_here(&path, options.clone(), settings, &runner)?;
    }
    let plan = match planned {
        Planned::Nothing(found) => return nothing(&found, &path, printer),
        Planned::Plan(plan) => plan,
    };
    show(&plan, dry_run || !yes, printer)?;
    if plan.needs_decision() {
        printer.json(&wire::Migration::planned(wire::Command::Migrate, &plan, dry_run))?;
        printer.say(&decision(&plan));
        return Ok(Exit::Findings);
    }
    if dry_run {
        printer.json(&wire::Migration::planned(wire::Command::Migrate, &plan, true))?;
        return Ok(if plan.unread().is_empty() { Exit::Done } else { Exit::Findings });
    }
    if !yes && !printer.confirm("Apply these changes?")? {
        printer.json(&wire::Migration::planned(wire::Command::Migrate, &plan, true))?;
        printer.say("Nothing was changed. To apply this plan, run again with `--yes`.");
        return Ok(Exit::Findings);
    }
    let uv = uv_for(&options, &uv_args, settings, printer, &runner)?;
    apply(&plan, uv.as_ref(), &path, settings, printer, &runner)
}

/// Says why there is nothing to migrate.
fn nothing(found: &Nothing, path: &Path, printer: &Printer) -> Result<Exit, Failure> {
    printer.text(&report::nothing(found, "migrate", recorded::project_above(path).as_deref()))?;
    printer.json(&wire::Migration::nothing(wire::Command::Migrate, found))?;
    Ok(Exit::Nothing)
}

/// uv, unless nothing is to be locked or built.
fn uv_for(
    options: &Options,
    args: &UvArgs,
    settings: &Settings,
    printer: &Printer,
    runner: &dyn Runner,
) -> Result<Option<Uv>, Failure> {
    match (options.lock, options.wheel) {
        (LockStrategy::None, WheelProof::Auto | WheelProof::Never) => Ok(None),
        _ => uv::find_or_install(args, settings, printer, runner),
    }
}

/// Applies a plan and reports.
pub(crate) fn apply(
    plan: &Plan,
    uv: Option<&Uv>,
    path: &Path,
    settings: &Settings,
    printer: &Printer,
    runner: &dyn Runner,
) -> Result<Exit, Failure> {
    let mut spinner = Spinner::new(settings);
    let result = execute(plan, uv, runner, &mut spinner);
    spinner.finish();
    let done = result.inspect_err(|_| {
        if recorded::refuse_interrupted(path).is_ok() {
            printer.say("Nothing was changed: every file is as it was before.");
        }
    })?;
    printer.text(&report::done(
        plan,
        &done,
        &path.display().to_string(),
        printer.out,
        printer.is_verbose(),
    ))?;
    printer.json(&wire::Migration::migrated(plan, &done))?;
    let is_whole = plan.ledger.counts().refused == 0 && plan.unread().is_empty();
    Ok(if is_whole { Exit::Done } else { Exit::Findings })
}

/// The plan, and the diff where somebody has to judge it.
pub(crate) fn show(plan: &Plan, diff: bool, printer: &Printer) -> Result<(), Failure> {
    printer.text(&report::plan(plan, printer.out, printer.is_verbose()))?;
    if let Some(tools) = &plan.tools {
        printer.text(&report::tools(tools, printer.out, printer.is_verbose()))?;
    }
    if let Some(rewrite) = &plan.rewrite {
        printer.text(&report::rewrite(rewrite, printer.out, printer.is_verbose()))?;
    }
    diagnostics(plan, printer);
    if diff && !plan.needs_decision() {
        printer.text(&format!("\n{}", printer.out.diff(&plan.diff())))?;
    }
    printer.text("\n")?;
    Ok(())
}

/// What there is to say beyond the ledger, which has named the lines that are not simply carried.
pub(crate) fn diagnostics(plan: &Plan, printer: &Printer) {
    let told = |found: &Diagnostic| {
        found.code.id().starts_with('R')
            && plan.ledger.entries().iter().any(|entry| {
                !matches!(entry.outcome, Outcome::Carried { .. })
                    && found.file.as_deref() == Some(entry.from.file.as_str())
                    && found.line == Some(entry.from.line)
            })
    };
    let is_pin = |found: &Diagnostic| found.code == codes::M008;
    let mut pins = 0;
    for found in plan.blockers.iter().chain(&plan.diagnostics) {
        pins += usize::from(is_pin(found));
        let is_one_of_many = is_pin(found) && pins > MANY;
        if printer.is_verbose() || !(told(found) || is_one_of_many) {
            printer.diagnostic(found);
        }
    }
    if pins > MANY && !printer.is_verbose() {
        printer.warn(&format!("{} more of these; `-v` lists them", pins - MANY));
    }
}

/// After so many pins that differ, the others are counted.
const MANY: usize = 3;

fn decision(plan: &Plan) -> String {
    if plan.blockers.is_empty() {
        let count = plan.ledger.counts().refused;
        let lines = if count == 1 { "1 line needs".to_owned() } else { format!("{count} lines need") };
        return format!(
            "Nothing was changed: {lines} your decision. Follow the help of each, or migrate the rest with `--skip-refused`."
        );
    }
    "Nothing was changed: correct what is named above first.".to_owned()
}

/// A run that was killed is undone before anything else.
pub(crate) fn recover(path: &Path, printer: &Printer) -> Result<Option<Recovery>, Failure> {
    let recovered = uvshift_changeset::recover(path)?;
    if let Some(recovered) = &recovered {
        printer.say(&format!(
            "A run that was interrupted ({}) is undone: {} files put back.",
            recovered.id,
            recovered.restored.len()
        ));
        for saved in &recovered.saved {
            printer.say(&format!(
                "  `{}` was written meanwhile; it is now {}",
                saved.path,
                saved.backup.display()
            ));
        }
    }
    Ok(recovered)
}

/// Plans; asks the Python at hand only if nothing in the project tells.
pub(crate) fn plan_here(
    path: &Path,
    mut options: Options,
    settings: &Settings,
    runner: &dyn Runner,
) -> Result<Planned, Failure> {
    let planned = plan(path, &options)?;
    let unknown = matches!(&planned, Planned::Plan(plan) if plan.projects.iter().any(|project| project.python.requires_python.is_none() && !project.manifest.is_virtual));
    if !unknown {
        return Ok(planned);
    }
    options.fallback_python = uv::python_version(settings, runner);
    Ok(plan(path, &options)?)
}

/// What the flags say about the sources.
pub(crate) fn options(args: SourceArgs) -> Result<Options, Failure> {
    let SourceArgs {
        path: _,
        main,
        group,
        constraints,
        ignore,
        python,
        from_venv,
        freeze,
        index_strategy,
        build_backend,
        members: MembersArgs { workspace, separate },
    } = args;
    let split = |given: &String| {
        let (group, file) =
            given.split_once('=').ok_or_else(|| Failure::GroupFlag { given: given.clone() })?;
        Ok((group.to_owned(), slashed(file)))
    };
    let groups = group.iter().map(split).collect::<Result<Vec<_>, Failure>>()?;
    let slashed_all = |files: Vec<String>| files.iter().map(|file| slashed(file)).collect::<Vec<_>>();
    Ok(Options {
        main: slashed_all(main),
        groups,
        constraints: slashed_all(constraints),
        ignore: slashed_all(ignore),
        python,
        environment: from_venv,
        frozen: freeze.as_deref().map(frozen).transpose()?,
        index_strategy: match index_strategy {
            IndexStrategyArg::BestMatch => IndexStrategy::BestMatch,
            IndexStrategyArg::FirstIndex => IndexStrategy::FirstIndex,
        },
        members: match (workspace, separate) {
            (true, _) => Members::Workspace,
            (false, true) => Members::Separate,
            (false, false) => Members::Alone,
        },
        backend: match build_backend {
            BuildBackendArg::Keep => BuildBackend::Keep,
            BuildBackendArg::Hatchling => BuildBackend::Hatchling,
            BuildBackendArg::UvBuild => BuildBackend::UvBuild,
        },
        rewrite: Some(RewriteOptions::default()),
        ..Options::default()
    })
}

fn slashed(file: &str) -> String {
    let file = file.replace('\\', "/");
    file.strip_prefix("./").map_or(file.clone(), str::to_owned)
}

fn frozen(path: &Path) -> Result<Installed, Failure> {
    let bytes = std::fs::read(path).map_err(|source| Failure::Read { path: path.to_owned(), source })?;
    Ok(Installed::of_freeze(&path.display().to_string(), &String::from_utf8_lossy(&bytes)))
}

fn lock_strategy(args: &LockArgs) -> LockStrategy {
    let LockArgs { no_lock, upgrade } = args;
    match (no_lock, upgrade) {
        (true, _) => LockStrategy::None,
        (false, true) => LockStrategy::Newest,
        (false, false) => LockStrategy::KeepPins,
    }
}

fn old_files(args: &OldFilesArgs) -> OldFiles {
    let OldFilesArgs { keep_old_files, remove_old_files } = args;
    match (keep_old_files, remove_old_files) {
        (true, _) => OldFiles::Keep,
        (false, true) => OldFiles::RemoveAll,
        (false, false) => OldFiles::RemoveUnnamed,
    }
}

//! `uvshift venv migrate`: an environment made anew with uv at its place.

use std::path::Path;

use uvshift_venv::{LocalFiles, Migrate, MigrateError, OldEnvironment, Plan, Recovered, RecreateError, Uv};

use super::{allowances, indexes, python, uv_variables};
use crate::args::{LocalFilesArg, VenvMigrateArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::progress::Spinner;
use crate::settings::Settings;
use crate::surroundings::Sources;
use crate::{interrupt, report, uv, wire};

pub(crate) fn run(args: &VenvMigrateArgs, settings: &Settings, printer: &Printer) -> Result<Exit, Failure> {
    let VenvMigrateArgs {
        environment,
        python: asked,
        keep_old,
        local_files,
        allow,
        dry_run,
        yes: _,
        uv: uv_args,
    } = args;
    if !dry_run {
        recover(environment, printer)?;
        super::refuse_missing(environment)?;
    }
    let runner = interrupt::runner();
    let program = uv::find_or_install(uv_args, settings, printer, &runner)?.ok_or(Failure::NoUv)?;
    let sources = Sources::of_pip(Some(environment));
    let certificates = sources.certificates.clone();
    let (choice, indexes, allowed) =
        (python(asked.as_deref(), allow), indexes(sources, allow), allowances(allow));
    let variables = uv_variables(certificates.as_deref());
    let migration = Migrate {
        path: environment,
        python: &choice,
        uv: Uv { program: &program.program, folder: Path::new("."), variables: &variables },
        indexes: &indexes,
        allow: &allowed,
        local: match local_files {
            LocalFilesArg::Stop => LocalFiles::Stop,
            LocalFilesArg::Carry => LocalFiles::Carry,
            LocalFilesArg::Drop => LocalFiles::Drop,
        },
        old: if *keep_old { OldEnvironment::Keep } else { OldEnvironment::Remove },
    };
    let plan = planned(&migration)?;
    printer.text(&report::venv::plan(&plan, printer.out, printer.is_verbose() || *dry_run))?;
    if let Some(exit) = stop(&plan, args, printer)? {
        return Ok(exit);
    }
    let spinner = Spinner::new(settings);
    let result = uvshift_venv::migrate(&migration, &runner, &mut |step| spinner.venv(step));
    spinner.finish();
    match result {
        Ok(done) => {
            printer.text(&report::venv::migrated(&done, environment, printer.out))?;
            printer.json(&wire::venv::Migration::done(&plan, &done))?;
            Ok(Exit::Done)
        }
        Err(error) => {
            if let MigrateError::Recreate(RecreateError::Refused { refusals }) = &error {
                printer.text(&report::venv::refusals(refusals, printer.out))?;
                if printer.is_json() {
                    printer.json(&wire::venv::Migration::refused(&plan, refusals))?;
                    return Ok(Exit::Findings);
                }
            }
            Err(error.into())
        }
    }
}

/// The plan. What a killed run has moved away is not missing, and a dry run does not put it back.
fn planned(migration: &Migrate<'_>) -> Result<Plan, Failure> {
    uvshift_venv::plan(migration).map_err(|error| match error {
        MigrateError::Read(_) => super::refuse_missing(migration.path).err().unwrap_or(error.into()),
        error => error.into(),
    })
}

/// Whether it ends here, and how.
fn stop(plan: &Plan, args: &VenvMigrateArgs, printer: &Printer) -> Result<Option<Exit>, Failure> {
    if plan.needs_decision {
        printer.json(&wire::venv::Migration::planned(plan, wire::venv::MigrationStatus::NeedsDecision))?;
        printer.say("Nothing was changed: decide about what is named above first.");
        return Ok(Some(Exit::Findings));
    }
    if args.dry_run {
        printer.json(&wire::venv::Migration::planned(plan, wire::venv::MigrationStatus::Planned))?;
        return Ok(Some(Exit::Done));
    }
    if !args.yes && !printer.confirm("Make the environment anew?")? {
        printer.json(&wire::venv::Migration::planned(plan, wire::venv::MigrationStatus::Planned))?;
        printer.say("Nothing was changed. To do it, run again with `--yes`.");
        return Ok(Some(Exit::Findings));
    }
    Ok(None)
}

/// Puts right what an earlier run left that was killed.
pub(super) fn recover(environment: &Path, printer: &Printer) -> Result<(), Failure> {
    let shown = environment.display();
    match uvshift_venv::recover(environment)? {
        Recovered::PutBack => printer.say(&format!("An earlier run was killed; {shown} was put back.")),
        Recovered::Finished => {
            printer.say(&format!("An earlier run was killed; what was left of it for {shown} was done."));
        }
        Recovered::Untouched => printer
            .say(&format!("An earlier run was killed before it touched {shown}; its rest was removed.")),
        _ => {}
    }
    Ok(())
}

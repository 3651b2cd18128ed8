//! `uvshift venv restore`: an environment from its archive.

use std::path::Path;

use uvshift_process::Runner;
use uvshift_requirements::normalize_name;
use uvshift_venv::{
    ArchiveContents, ArchiveError, ArchiveKind, Existing, Rebuild, RebuildRequest, Rebuilt, Recreate,
    RecreateError, RestoreOptions, RestoreRecovered, RestoreWay, Uv, Way, inspect_archive, recover_restore,
    recreate, restore,
};

use super::backup::watch;
use super::{allowances, indexes, python, uv_variables};
use crate::args::RestoreArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::progress::Spinner;
use crate::settings::Settings;
use crate::surroundings::Sources;
use crate::{interrupt, report, uv, wire};

pub(crate) fn run(args: &RestoreArgs, settings: &Settings, printer: &Printer) -> Result<Exit, Failure> {
    let spinner = Spinner::new(settings);
    let contents = inspect_archive(&args.archive, &mut watch(&spinner));
    spinner.finish();
    let contents = contents?;
    expect_sum(args, &contents)?;
    let at = args.environment.clone().unwrap_or_else(|| contents.root.clone());
    let way = way(args, &contents, &at);
    printer.text(&report::venv::contents(&contents, &at, way, printer.out, printer.is_verbose()))?;
    if args.dry_run {
        printer.json(&wire::venv::Restore::planned(&contents, &at, way))?;
        return Ok(Exit::Done);
    }
    recover(&at, printer)?;
    if !args.replace && is_occupied(&at) {
        return Err(Failure::Occupied { path: at });
    }
    if !args.yes && !printer.confirm(&format!("Restore the environment to {}?", at.display()))? {
        printer.json(&wire::venv::Restore::planned(&contents, &at, way))?;
        printer.say("Nothing was changed. To do it, run again with `--yes`.");
        return Ok(Exit::Findings);
    }
    let options = RestoreOptions {
        archive: args.archive.clone(),
        sha256: args.sha256.clone(),
        at: args.environment.clone(),
        existing: if args.replace { Existing::Replace } else { Existing::Refuse },
        way,
    };
    let runner = interrupt::runner();
    let builder = match way {
        RestoreWay::Files => None,
        RestoreWay::Rebuild => Some(Builder::new(args, settings, printer, &runner)?),
    };
    let spinner = Spinner::new(settings);
    let mut build = builder.as_ref().map(|builder| builder.function(&spinner));
    let rebuild = build.as_mut().map(|build| build as &mut Rebuild<'_>);
    let result = restore(&options, rebuild, &mut watch(&spinner));
    spinner.finish();
    let done = match result {
        Ok(done) => done,
        Err(error) => {
            if let Some(RecreateError::Refused { refusals }) = refused(&error) {
                printer.text(&report::venv::refusals(refusals, printer.out))?;
            }
            if let ArchiveError::Exists { path } = error {
                return Err(Failure::Occupied { path });
            }
            return Err(error.into());
        }
    };
    printer.text(&report::venv::restored(&done, printer.out))?;
    printer.json(&wire::venv::Restore::done(&contents, &done))?;
    Ok(Exit::Done)
}

/// Holds the sum of the archive against the one that was asked for, before anything of it is believed.
fn expect_sum(args: &RestoreArgs, contents: &ArchiveContents) -> Result<(), Failure> {
    let Some(expected) = &args.sha256 else { return Ok(()) };
    let expected = expected.trim().trim_start_matches("sha256:").to_ascii_lowercase();
    if expected == contents.sha256 {
        return Ok(());
    }
    let (archive, found) = (args.archive.clone(), contents.sha256.clone());
    Err(ArchiveError::OtherArchive { archive, expected, found }.into())
}

/// Puts right what an earlier run left that was killed.
fn recover(at: &Path, printer: &Printer) -> Result<(), Failure> {
    let shown = at.display();
    match recover_restore(at)? {
        RestoreRecovered::PutBack => {
            printer.say(&format!("An earlier run was killed; {shown} was put back."));
        }
        RestoreRecovered::Cleaned => {
            printer.say(&format!("An earlier run was killed; its rest beside {shown} was removed."));
        }
        RestoreRecovered::Nothing => {}
    }
    Ok(())
}

/// Whether something is there that has to make way.
fn is_occupied(at: &Path) -> bool {
    std::fs::read_dir(at).is_ok_and(|mut entries| entries.next().is_some()) || at.is_file()
}

/// Its own files where that can be, and nobody asked for something else.
fn way(args: &RestoreArgs, contents: &ArchiveContents, at: &Path) -> RestoreWay {
    let same = |left: &Path, right: &Path| match (std::path::absolute(left), std::path::absolute(right)) {
        (Ok(left), Ok(right)) => left == right,
        _ => left == right,
    };
    let asked = args.rebuild || args.python.is_some();
    if asked || contents.kind == ArchiveKind::Light || !same(at, &contents.root) {
        RestoreWay::Rebuild
    } else {
        RestoreWay::Files
    }
}

/// Makes the environment with uv.
struct Builder<'a> {
    args: &'a RestoreArgs,
    program: std::path::PathBuf,
    sources: Sources,
    runner: &'a dyn Runner,
}

impl<'a> Builder<'a> {
    fn new(
        args: &'a RestoreArgs,
        settings: &Settings,
        printer: &Printer,
        runner: &'a dyn Runner,
    ) -> Result<Self, Failure> {
        let program = uv::find_or_install(&args.uv, settings, printer, runner)?.ok_or(Failure::NoUv)?.program;
        let sources = Sources::of_pip(None);
        Ok(Self { args, program, sources, runner })
    }

    fn function<'b>(
        &'b self,
        spinner: &'b Spinner,
    ) -> impl FnMut(&RebuildRequest<'_>) -> Result<Rebuilt, Box<dyn std::error::Error + Send + Sync>> + 'b
    {
        move |request| {
            let allow = &self.args.allow;
            let choice = python(self.args.python.as_deref(), allow);
            let (indexes, allowed) = (indexes(self.sources.clone(), allow), allowances(allow));
            let variables = uv_variables(self.sources.certificates.as_deref());
            let asked = Recreate {
                snapshot: request.snapshot,
                at: request.at,
                python: &choice,
                uv: Uv { program: &self.program, folder: Path::new("."), variables: &variables },
                indexes: &indexes,
                allow: &allowed,
                old_tree: Some(request.old_tree),
                first: &[],
            };
            let made = recreate(&asked, self.runner, &mut |step| spinner.venv(step))?;
            let left_out = made.packages.iter().filter(|made| made.way == Way::LeftOut);
            let left_out = left_out.map(|made| normalize_name(&made.name)).collect();
            Ok(Rebuilt { notes: made.notes, left_out, other_files: allowed.other_files.clone() })
        }
    }
}

/// Why the environment could not be built.
fn refused(error: &ArchiveError) -> Option<&RecreateError> {
    match error {
        ArchiveError::Rebuild { source } => source.downcast_ref(),
        _ => None,
    }
}

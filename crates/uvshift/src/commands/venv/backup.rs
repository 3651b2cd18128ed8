//! `uvshift venv backup`: an environment as one archive.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

use uvshift_venv::{ArchiveKind, ArchiveProgress, BackupOptions, Destination, Existing, backup};

use crate::args::BackupArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::progress::Spinner;
use crate::settings::{self, Settings};
use crate::{interrupt, report, surroundings, wire};

pub(crate) fn run(args: &BackupArgs, settings: &Settings, printer: &Printer) -> Result<Exit, Failure> {
    let BackupArgs { environment, output, full, force } = args;
    let options = BackupOptions {
        root: environment.clone(),
        kind: if *full { ArchiveKind::Full } else { ArchiveKind::Light },
        destination: destination(output.as_ref()),
        existing: if *force { Existing::Replace } else { Existing::Refuse },
        seconds: settings::now(),
        variables: surroundings::variables(),
        configuration: surroundings::configuration(),
    };
    let spinner = Spinner::new(settings);
    let result = backup(&options, &mut watch(&spinner));
    spinner.finish();
    let mut done = result?;
    // As short as it can be said.
    done.archive = uvshift_process::real_path(&done.archive).unwrap_or(done.archive);
    printer.text(&report::venv::backup(&done, environment, printer.out))?;
    printer.json(&wire::venv::Backup::of(&done))?;
    Ok(Exit::Done)
}

fn destination(output: Option<&PathBuf>) -> Destination {
    match output {
        None => Destination::Folder(PathBuf::from(".")),
        Some(path) if path.is_dir() => Destination::Folder(path.clone()),
        Some(path) => Destination::File(path.clone()),
    }
}

/// Shows how far it is, and stops when the user interrupts.
pub(super) fn watch(spinner: &Spinner) -> impl FnMut(&ArchiveProgress<'_>) -> ControlFlow<()> {
    let flag = interrupt::flag();
    move |progress| {
        spinner.archive(progress);
        if flag.load(Ordering::SeqCst) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

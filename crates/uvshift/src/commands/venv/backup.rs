//! `uvshift venv backup`: an environment as one archive.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
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
    super::refuse_missing(environment)?;
    if let Some(path) = output {
        refuse_other_ending(path)?;
    }
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

/// Refuses a name that says that the archive is in another form.
fn refuse_other_ending(path: &Path) -> Result<(), Failure> {
    const OTHERS: [&str; 9] =
        [".tar.gz", ".tar.xz", ".tar.bz2", ".tgz", ".txz", ".gz", ".zip", ".xz", ".bz2"];
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let ending = OTHERS.iter().find(|ending| name.to_ascii_lowercase().ends_with(*ending));
    let Some(ending) = ending.filter(|_| !path.is_dir()) else { return Ok(()) };
    let stem = name.get(..name.len().saturating_sub(ending.len())).unwrap_or_default();
    let better = path.with_file_name(format!("{stem}.tar.zst"));
    Err(Failure::ArchiveName { path: path.to_owned(), better })
}

/// Shows how far it is, and stops when the user interrupts.
pub(super) fn watch(spinner: &Spinner) -> impl FnMut(&ArchiveProgress<'_>) -> ControlFlow<()> {
    let flag = interrupt::flag();
    move |progress| {
        spinner.archive(progress);
        if flag.load(Ordering::SeqCst) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

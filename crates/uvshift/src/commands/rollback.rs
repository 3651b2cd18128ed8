//! `uvshift rollback`: the last run undone, byte for byte.

use uvshift_changeset::{JournalState, RollbackMode, journals, rollback};

use super::migrate::recover;
use crate::args::RollbackArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::{recorded, wire};

pub(crate) fn run(args: RollbackArgs, printer: &Printer) -> Result<Exit, Failure> {
    let RollbackArgs { path, dry_run, yes, force } = args;
    if let Some(recovered) = recover(&path, printer)?.filter(|_| !dry_run) {
        // The last run is undone; the one before it was not meant.
        printer.json(&wire::RolledBack::recovered(&recovered))?;
        return Ok(Exit::Done);
    }
    let last = journals(&path)?.into_iter().rfind(|entry| entry.state == JournalState::Committed);
    let Some(last) = last else {
        printer.text("Nothing to undo: no run of uvshift is recorded here.\n")?;
        if let Some(above) = recorded::above(&path) {
            printer.text(&format!(
                "One is recorded in a folder above:  uvshift rollback {}\n",
                above.display()
            ))?;
        }
        printer.json(&wire::RolledBack::planned(None))?;
        return Ok(Exit::Nothing);
    };
    if dry_run {
        printer.text(&format!("Would undo {} and put back:\n", last.id))?;
        for file in &last.files {
            printer.text(&format!("  {file}\n"))?;
        }
        printer.json(&wire::RolledBack::planned(Some(&last)))?;
        return Ok(Exit::Done);
    }
    // Asking for a rollback on a terminal is no accident to be asked about, unless it overwrites something.
    if force && !yes && printer.can_ask() && !printer.confirm("Set changed files aside and roll back?")? {
        printer.say("Nothing was changed.");
        return Ok(Exit::Findings);
    }
    let done = rollback(&path, if force { RollbackMode::Force } else { RollbackMode::Check })?;
    printer.json(&wire::RolledBack::of(&done))?;
    let files: Vec<&str> = done.restored.iter().map(uvshift_changeset::TreePath::as_str).collect();
    printer.text(&format!("{} {}\n", printer.out.green("Undone, byte for byte:"), files.join(", ")))?;
    for saved in &done.saved {
        printer.text(&format!(
            "  `{}` was changed since; it is now {}\n",
            saved.path,
            saved.backup.display()
        ))?;
    }
    Ok(Exit::Done)
}

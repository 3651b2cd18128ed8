//! `uvshift verify`: the migrated project against the old one.

use uvshift_migrate::Uv;
use uvshift_process::SystemRunner;

use crate::args::{UvArgs, VerifyArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::settings::Settings;
use crate::{recorded, report, uv, wire};

pub(crate) fn run(args: VerifyArgs, settings: &Settings, printer: &Printer) -> Result<Exit, Failure> {
    let VerifyArgs { path, uv: UvArgs { uv: program, install_uv: _ } } = args;
    recorded::refuse_interrupted(&path)?;
    let uv = uv::find(program.as_deref(), settings)?.map(Uv::new);
    if uv.is_none() {
        printer.say("uv is not installed, so `uv lock --check` is left out.");
    }
    let verified = uvshift_migrate::verify(&path, uv.as_ref(), &SystemRunner::new());
    let (checked, pins) = verified.map_err(|error| match (&error, recorded::above(&path)) {
        (uvshift_migrate::Error::NoJournal, Some(above)) => Failure::RecordedAbove { above },
        _ => error.into(),
    })?;
    printer.json(&wire::Verification::of(&checked, &pins))?;
    let paint = printer.out;
    if checked.differences.is_empty() {
        let verdict = if checked.is_fix {
            "The dependencies are as the fix has left them."
        } else {
            "The project means what it meant before the migration."
        };
        printer.text(&format!("{}\n", paint.green(verdict)))?;
    } else {
        printer
            .text(&format!("{}\n", paint.red(&report::plural(checked.differences.len(), "difference"))))?;
        for found in &checked.differences {
            printer.text(&format!("  {}: {}\n", found.place, found.what))?;
        }
    }
    printer.text(&format!("  verified  {}\n", report::checked(&checked)))?;
    printer.text(&report::pin_lines(&pins, paint, printer.is_verbose()))?;
    Ok(if checked.differences.is_empty() { Exit::Done } else { Exit::Findings })
}

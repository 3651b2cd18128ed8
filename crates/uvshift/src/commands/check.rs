//! `uvshift check`: what is here and what stands in the way.

use uvshift_migrate::Planned;
use uvshift_migrate::inventory::inventory;
use uvshift_process::SystemRunner;

use super::migrate::{diagnostics, options, plan_here};
use crate::args::CheckArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::settings::Settings;
use crate::{recorded, report, wire};

pub(crate) fn run(args: CheckArgs, settings: &Settings, printer: &Printer) -> Result<Exit, Failure> {
    let CheckArgs { sources } = args;
    let path = sources.path.clone();
    let options = options(sources)?;
    recorded::refuse_interrupted(&path)?;
    let planned = plan_here(&path, options.clone(), settings, &SystemRunner::new())?;
    let inventory = inventory(&path, &planned, &options, settings.today)?;
    printer.text(&report::inventory(&inventory, printer.out, printer.is_verbose()))?;
    let plan = match planned {
        Planned::Nothing(nothing) => {
            printer.text(&report::nothing(&nothing, "check", recorded::project_above(&path).as_deref()))?;
            printer.json(&wire::Migration::nothing(wire::Command::Check, &nothing).with(&inventory))?;
            return Ok(Exit::Nothing);
        }
        Planned::Plan(plan) => plan,
    };
    printer.text(&report::plan(&plan, printer.out, printer.is_verbose()))?;
    diagnostics(&plan, printer);
    printer.json(&wire::Migration::planned(wire::Command::Check, &plan, false).with(&inventory))?;
    if plan.needs_decision() {
        return Ok(Exit::Findings);
    }
    printer.text("\nNothing stands in the way. Next:  uvshift migrate\n")?;
    Ok(Exit::Done)
}

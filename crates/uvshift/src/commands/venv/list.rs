//! `uvshift venv list`: which environments there are.

use uvshift_venv::{Home, ListOptions, Place, list};

use crate::args::ListArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::{report, surroundings, wire};

pub(crate) fn run(args: ListArgs, printer: &Printer) -> Result<Exit, Failure> {
    let ListArgs { path, within, project_only, sizes } = args;
    let mut homes: Vec<Home> =
        within.into_iter().map(|folder| Home { place: Place::Virtualenvwrapper, folder }).collect();
    if !project_only {
        homes.extend(surroundings::homes());
    }
    let options = ListOptions {
        projects: path,
        named: Vec::new(),
        homes,
        conda_list: surroundings::conda_list().filter(|_| !project_only),
        active: surroundings::active(),
        with_size: sizes,
    };
    let listing = list(&options);
    printer.text(&report::venv::listing(&listing, printer.out))?;
    printer.json(&wire::venv::Listing::of(&listing))?;
    if !printer.is_json() {
        for problem in &listing.problems {
            printer.warn(&problem.to_string());
        }
    }
    Ok(if listing.found.is_empty() { Exit::Nothing } else { Exit::Done })
}

//! `uvshift venv`: environments.

mod backup;
mod list;
mod migrate;
mod restore;
mod snapshot;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::Path;

use uvshift_venv::{Allowances, Indexes, PythonChoice, Selection};

use crate::args::{AllowArgs, VenvArgs, VenvCommand};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::settings::{self, Settings};
use crate::surroundings::Sources;

pub(crate) fn run(args: VenvArgs, settings: &Settings, printer: &Printer) -> Result<Exit, Failure> {
    match args.command {
        VenvCommand::Snapshot(args) => snapshot::run(&args, printer),
        VenvCommand::List(args) => list::run(args, printer),
        VenvCommand::Backup(args) => backup::run(&args, settings, printer),
        VenvCommand::Restore(args) => restore::run(&args, settings, printer),
        VenvCommand::Migrate(args) => migrate::run(&args, settings, printer),
    }
}

/// Says so where there is no environment at the usual place. One that was named and is not there is a slip of the finger.
fn refuse_missing(environment: &Path) -> Result<(), Failure> {
    let is_usual = environment == Path::new(".venv");
    if is_usual && !environment.exists() && environment.symlink_metadata().is_err() {
        return Err(Failure::NoEnvironment { path: environment.to_owned() });
    }
    Ok(())
}

/// The Python that was asked for.
fn python(asked: Option<&str>, args: &AllowArgs) -> PythonChoice {
    match asked {
        None => PythonChoice::Same,
        Some(python) if args.download_python => PythonChoice::Download(python.to_owned()),
        Some(python) => PythonChoice::Other(python.to_owned()),
    }
}

/// What was allowed.
fn allowances(args: &AllowArgs) -> Allowances {
    let AllowArgs { any_index, pre, build, carry, without, other_files, .. } = args;
    Allowances {
        prereleases: *pre,
        build: selection(build),
        carry: names(carry),
        without: names(without),
        other_files: selection(other_files),
        any_index: *any_index,
    }
}

fn selection(given: &[String]) -> Selection {
    if given.iter().any(|name| name == ":all:") {
        Selection::All
    } else if given.is_empty() {
        Selection::None
    } else {
        Selection::Of(names(given))
    }
}

fn names(given: &[String]) -> BTreeSet<String> {
    let words = given.iter().flat_map(|value| value.split(',')).map(str::trim);
    words.filter(|name| !name.is_empty()).map(uvshift_requirements::normalize_name).collect()
}

/// Where packages come from: what pip is configured with, and what was named.
fn indexes(sources: Sources, args: &AllowArgs) -> Indexes {
    let Sources {
        index_url,
        extra_index_urls,
        find_links,
        no_index,
        trusted_hosts,
        certificates,
        constraints,
    } = sources;
    let both = |named: &[String], known: Vec<String>| named.iter().cloned().chain(known).collect();
    Indexes {
        default: index_url,
        extra: both(&args.index, extra_index_urls),
        find_links: both(&args.find_links, find_links),
        none: no_index,
        trusted_hosts,
        certificates,
        constraints,
    }
}

/// What uv is given beside its own environment: the certificates that pip is set to, unless it has some.
fn uv_variables(certificates: Option<&Path>) -> Vec<(OsString, OsString)> {
    const NAME: &str = "SSL_CERT_FILE";
    let own = settings::variable(NAME).is_some_and(|value| !value.is_empty());
    let file = certificates.filter(|_| !own);
    file.map(|file| (OsString::from(NAME), file.as_os_str().to_owned())).into_iter().collect()
}

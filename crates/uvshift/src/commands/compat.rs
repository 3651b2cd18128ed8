//! `uvshift compat`: every requirement under pip and under uv.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use uvshift_bench::compat::{
    self, Builds, Caches, Compat, CompatPlan, IndexSettings, Progress, Requested, Setting, check,
};
use uvshift_diagnostics::Severity;
use uvshift_migrate::Wanted;
use uvshift_requirements::normalize_name;

use crate::args::{CompatArgs, Format};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::deliver;
use crate::printer::Printer;
use crate::progress::Bar;
use crate::settings::Settings;
use crate::surroundings::Sources;
use crate::{interrupt, surroundings, uv};

pub(crate) fn run(args: &CompatArgs, settings: &Settings, printer: &Printer) -> Result<Exit, Failure> {
    let wanted = wanted(&args.path, printer)?;
    let requirements = requested(&wanted, &args.only)?;
    if requirements.is_empty() {
        let is_broken = wanted.diagnostics.iter().any(|found| found.severity == Severity::Error);
        printer.say("Nothing here asks an index for a package.");
        if args.format == Format::Json {
            let content = shown(&nothing_asked(), args.format, Path::new(""))?;
            deliver(content.as_bytes(), args.format, args.output.as_deref(), printer)?;
        }
        return Ok(if is_broken { Exit::Findings } else { Exit::Nothing });
    }
    for (line, why) in &wanted.left_out {
        printer.say(&format!("left out: {} ({}:{}): {why}", line.text, line.file, line.line));
    }
    let runner = interrupt::runner();
    let uv = uv::find_or_install(&args.uv, settings, printer, &runner)?.ok_or(Failure::NoUv)?;
    let python = uv::named_python(args.python.as_deref(), settings, &runner)?;
    let sources = Sources::of_python(&python).with_uv_variables().below(Path::new(".")).with_project(&wanted);
    let state = state_folder(args, settings)?;
    let limits = constraints(&wanted)?;
    let mut index = index(sources, &args.path);
    index.constraints.extend(limits.as_ref().map(|file| file.path().to_owned()));
    let plan = plan(args, requirements, (python, uv.program), index, (state.clone(), settings));
    let bar = Bar::new(settings, plan.requirements.len());
    let found = check(&plan, &runner, &|progress| advance(&bar, progress), &interrupt::flag());
    bar.finish();
    let found = found?;
    let content = shown(&found, args.format, &state)?;
    deliver(content.as_bytes(), args.format, args.output.as_deref(), printer)?;
    Ok(exit(&found, args))
}

/// The result where there is nothing to ask: programs read one object all the same.
fn nothing_asked() -> Compat {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Compat {
        started: now.map_or(0, |since| since.as_secs()),
        seconds: 0.0,
        setting: Setting::default(),
        rows: Vec::new(),
        together: Vec::new(),
        interrupted: false,
    }
}

/// Options of files that change what pip chooses and are not part of what is asked here.
fn not_taken(wanted: &Wanted, printer: &Printer) {
    let options = [
        ("--pre", wanted.prereleases),
        ("--only-binary", !wanted.only_binary.is_empty()),
        ("--no-binary", !wanted.no_binary.is_empty()),
        ("--prefer-binary", wanted.prefer_binary),
        ("--trusted-host", !wanted.trusted_hosts.is_empty()),
    ];
    let names: Vec<&str> = options.iter().filter(|(_, set)| *set).map(|(name, _)| *name).collect();
    if !names.is_empty() {
        printer.warn(&format!("the files say {}, which is not taken into account here", names.join(", ")));
    }
}

/// What the project or file asks for, and what cannot be read of it.
pub(super) fn wanted(path: &Path, printer: &Printer) -> Result<Wanted, Failure> {
    let wanted = if path.is_file() { Wanted::of_file(path)? } else { Wanted::read(path)? };
    for found in wanted.diagnostics.iter().filter(|found| found.severity == Severity::Error) {
        printer.diagnostic(found);
    }
    not_taken(&wanted, printer);
    Ok(wanted)
}

fn requested(wanted: &Wanted, only: &[String]) -> Result<Vec<Requested>, Failure> {
    let only: BTreeSet<String> = only.iter().map(|name| normalize_name(name)).collect();
    let known: BTreeSet<&str> = wanted.requirements.iter().map(|line| line.name.as_str()).collect();
    if let Some(given) = only.iter().find(|name| !known.contains(name.as_str())) {
        let nearest = String::new();
        return Err(Failure::UnknownPackage { given: given.clone(), nearest });
    }
    let chosen = wanted.requirements.iter().filter(|line| only.is_empty() || only.contains(&line.name));
    let row = |line: &uvshift_migrate::WantedLine| Requested {
        text: line.text.clone(),
        file: Some(line.file.clone()),
        line: Some(line.line).filter(|line| *line > 0),
    };
    Ok(chosen.map(row).collect())
}

fn index(sources: Sources, path: &Path) -> IndexSettings {
    let Sources { index_url, extra_index_urls, find_links, no_index, certificates, constraints, .. } =
        sources;
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let folder = if path.is_file() { parent.unwrap_or(Path::new(".")) } else { path };
    IndexSettings {
        index_url,
        extra_index_urls,
        find_links,
        no_index,
        certificates,
        constraints,
        netrc: surroundings::netrc(),
        secrets: Vec::new(),
        folder: Some(std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned())),
    }
}

fn plan(
    args: &CompatArgs,
    requirements: Vec<Requested>,
    (python, uv): (PathBuf, PathBuf),
    index: IndexSettings,
    (state, settings): (PathBuf, &Settings),
) -> CompatPlan {
    let timeout = Duration::from_secs(args.timeout);
    let shared = settings.cache.as_deref().map(|cache| cache.join("compat-cache"));
    CompatPlan {
        requirements,
        python,
        uv,
        index,
        state,
        caches: shared
            .map_or(Caches::State, |folder| Caches::At { pip: folder.join("pip"), uv: folder.join("uv") }),
        builds: if args.allow_builds { Builds::Allowed } else { Builds::Refused },
        parallel: args.jobs.map_or_else(cores, usize::from),
        timeout,
        together_timeout: timeout.saturating_mul(5),
        together: !args.no_together,
        try_flags: !args.no_flags,
        fresh: args.fresh,
    }
}

/// Resolving waits for the network most of the time.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from).saturating_mul(2).clamp(2, 16)
}

/// The constraints of the project as a file, which lives as long as the check.
fn constraints(wanted: &Wanted) -> Result<Option<tempfile::NamedTempFile>, Failure> {
    use std::io::Write as _;
    if wanted.constraints.is_empty() {
        return Ok(None);
    }
    let mut file = tempfile::Builder::new().prefix("uvshift-").suffix(".txt").tempfile()?;
    file.write_all((wanted.constraints.join("\n") + "\n").as_bytes())?;
    file.flush()?;
    Ok(Some(file))
}

/// A folder for each project, so that a check can go on where it was interrupted.
fn state_folder(args: &CompatArgs, settings: &Settings) -> Result<PathBuf, Failure> {
    if let Some(folder) = &args.state_folder {
        return Ok(std::path::absolute(folder).unwrap_or_else(|_| folder.clone()));
    }
    let cache = settings.cache.as_deref().ok_or(Failure::NoCache)?;
    let place = args.path.canonicalize().unwrap_or_else(|_| args.path.clone());
    let mut hasher = DefaultHasher::new();
    place.hash(&mut hasher);
    let name = place.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(cache.join("compat").join(format!("{name}-{:016x}", hasher.finish())))
}

fn advance(bar: &Bar, progress: &Progress) {
    match progress {
        Progress::Started(_) => {}
        Progress::Finished { done, .. } => bar.at(*done, "requirements"),
        Progress::Together(_) => bar.say("all of them together"),
    }
}

fn shown(found: &Compat, format: Format, state: &Path) -> Result<String, Failure> {
    let log = |path: &str| compat::read_log(state, path);
    Ok(match format {
        Format::Json => serde_json::to_string_pretty(&compat::wire(found))? + "\n",
        Format::Csv => compat::csv(found),
        Format::Markdown => compat::markdown(found),
        Format::Html => compat::html(found, &log),
        _ => compat::text(found),
    })
}

fn exit(found: &Compat, args: &CompatArgs) -> Exit {
    match () {
        () if found.interrupted => Exit::Outside,
        () if args.exit_zero => Exit::Done,
        () if found.agrees() => Exit::Done,
        () => Exit::Findings,
    }
}

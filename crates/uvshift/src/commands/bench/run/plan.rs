//! What is measured, and how, as the flags say.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use uvshift_bench::{ContenderKind, IndexSettings, Operation, Plan, Requirements, ScenarioSpec};
use uvshift_migrate::Wanted;
use uvshift_pyproject::Scope;

use super::absolute;
use crate::args::{BenchRunArgs, OperationArg};
use crate::commands::compat::wanted;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::surroundings::{self, Sources};
use crate::wire;

/// The scenario that stands for the project.
const PROJECT: &str = "project";

/// How many runs there are unless the flags say otherwise.
const RUNS: u32 = 10;

/// The scenarios that there are.
pub(super) fn list(args: &BenchRunArgs, printer: &Printer) -> Result<Exit, Failure> {
    let known = known(args)?;
    let width = known.iter().map(|spec| spec.name.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for spec in &known {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "{:<width$}  {}", spec.name, spec.description);
        if printer.is_verbose()
            && let Requirements::Texts(texts) = &spec.requirements
        {
            let _ = writeln!(text, "{:<width$}  {}", "", texts.join(" "));
        }
    }
    let _ = writeln!(text, "{PROJECT:<width$}  the requirements of the project (the default)");
    printer.text(&text)?;
    printer.json(&wire::bench::Scenarios::of(&known))?;
    Ok(Exit::Done)
}

/// The plan of the flags.
pub(super) fn of(
    args: &BenchRunArgs,
    python: &Path,
    work: &Path,
    printer: &Printer,
) -> Result<Plan, Failure> {
    let (scenarios, wanted) = scenarios(args, work, printer)?;
    let mut sources = Sources::of_python(python).with_uv_variables().below(Path::new("."));
    if let Some(wanted) = &wanted {
        sources = sources.with_project(wanted).below(&args.project);
    }
    let mut plan = if args.quick { Plan::quick(scenarios, work) } else { Plan::new(scenarios, work) };
    if !args.operation.is_empty() {
        plan.operations = args.operation.iter().map(|operation| self::operation(*operation)).collect();
    }
    if !args.quick {
        plan.runs = args.runs.unwrap_or(RUNS);
        plan.warmups = args.warmups.unwrap_or(1);
        plan.timeout = Duration::from_secs(args.timeout);
    }
    plan.max_time = args.max_time.map(Duration::from_mins).or(plan.max_time);
    // Any number does, as long as it is told: the result has it.
    plan.seed = args.seed.unwrap_or_else(|| u64::from(std::process::id()));
    if args.no_newest_pip {
        plan.contenders
            .retain(|kind| !matches!(kind, ContenderKind::PipNewest | ContenderKind::PipNewestNoCompile));
    }
    plan.index = index(sources);
    Ok(plan)
}

fn index(sources: Sources) -> IndexSettings {
    let Sources { index_url, extra_index_urls, find_links, no_index, certificates, trusted_hosts, .. } =
        sources;
    let words = |flag: &str| trusted_hosts.iter().flat_map(|host| [flag.to_owned(), host.clone()]).collect();
    let variables = surroundings::network_variables().into_iter();
    IndexSettings {
        url: index_url,
        extra_urls: extra_index_urls,
        find_links,
        no_index,
        certificate: certificates,
        variables: variables
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect(),
        extra_pip_args: words("--trusted-host"),
        extra_uv_args: words("--allow-insecure-host"),
        local: false,
    }
}

/// The scenarios that were asked for; the project, where that is one of them.
fn scenarios(
    args: &BenchRunArgs,
    work: &Path,
    printer: &Printer,
) -> Result<(Vec<ScenarioSpec>, Option<Wanted>), Failure> {
    let known = known(args)?;
    let names = if args.scenario.is_empty() { vec![PROJECT.to_owned()] } else { args.scenario.clone() };
    let (mut chosen, mut project) = (Vec::new(), None);
    for name in &names {
        if let Some(spec) = known.iter().find(|spec| spec.name == *name) {
            chosen.push(spec.clone());
        } else if name == PROJECT {
            let wanted = wanted(&args.project, printer)?;
            chosen.push(of_project(&wanted, work, printer)?);
            project = Some(wanted);
        } else {
            let known = known.iter().map(|spec| spec.name.as_str()).chain([PROJECT]).collect::<Vec<_>>();
            return Err(Failure::UnknownScenario { given: name.clone(), known: known.join(", ") });
        }
    }
    Ok((chosen, project))
}

fn known(args: &BenchRunArgs) -> Result<Vec<ScenarioSpec>, Failure> {
    let mut known = Vec::new();
    if let Some(file) = &args.scenarios {
        let read = std::fs::read_to_string(file);
        let text = read.map_err(|source| Failure::Read { path: file.clone(), source })?;
        known =
            ScenarioSpec::read(&text).map_err(|source| Failure::Scenarios { path: file.clone(), source })?;
    }
    let own: Vec<String> = known.iter().map(|spec| spec.name.clone()).collect();
    let built_in = ScenarioSpec::built_in()
        .map_err(|source| Failure::Scenarios { path: PathBuf::from("the scenarios of uvshift"), source })?;
    known.extend(built_in.into_iter().filter(|spec| !own.contains(&spec.name)));
    Ok(known)
}

/// What the project needs to run, and its groups; extras may exclude each other.
fn of_project(wanted: &Wanted, work: &Path, printer: &Printer) -> Result<ScenarioSpec, Failure> {
    for (line, why) in &wanted.left_out {
        printer.say(&format!("left out: {} ({}:{}): {why}", line.text, line.file, line.line));
    }
    let lines = wanted.requirements.iter().filter(|line| !matches!(line.scope, Scope::Extra(_)));
    let mut texts: Vec<String> = lines.map(|line| line.text.clone()).collect();
    if texts.is_empty() {
        return Err(Failure::NoRequirements);
    }
    if wanted.constraints.is_empty() {
        return Ok(ScenarioSpec::of_project(Requirements::Texts(texts)));
    }
    let folder = absolute(work).parent().map(Path::to_owned).unwrap_or_default();
    let limits = folder.join("constraints.txt");
    crate::output::write(&limits, (wanted.constraints.join("\n") + "\n").as_bytes())?;
    texts.push("-c constraints.txt".to_owned());
    let file = folder.join("requirements.txt");
    crate::output::write(&file, (texts.join("\n") + "\n").as_bytes())?;
    Ok(ScenarioSpec::of_project(Requirements::File(file)))
}

fn operation(operation: OperationArg) -> Operation {
    match operation {
        OperationArg::Resolve => Operation::Resolve,
        OperationArg::InstallCold => Operation::InstallCold,
        OperationArg::InstallWarm => Operation::InstallWarm,
        OperationArg::NoOp => Operation::NoOp,
        OperationArg::SyncAfterChange => Operation::SyncAfterChange,
        OperationArg::CreateEnvironment => Operation::CreateEnvironment,
    }
}

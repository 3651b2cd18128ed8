//! `uvshift graph`: what a project depends on, and why.

use std::collections::BTreeSet;

use uvshift_depgraph::Scope;
use uvshift_depgraph::draw::{self, Options};
use uvshift_depgraph::graph::{Filter, Graph, Platform, Scopes, Target};
use uvshift_migrate::{DepsOptions, GraphReport, graph};

use crate::args::{Format, GraphArgs, GraphFilterArgs, GraphQueryArgs, PlatformArg};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::deliver;
use crate::printer::Printer;
use crate::{recorded, report, wire};

/// How many of the shortest ways to a package are told.
const MOST_PATHS: usize = 1_000;

/// How many edges Mermaid 11 draws where nobody configures it.
const MOST_EDGES: usize = 500;

pub(crate) fn run(args: &GraphArgs, printer: &Printer) -> Result<Exit, Failure> {
    let GraphArgs { path, format, output, query, filter, lock, environment, no_imports } = args;
    if let Some(file) = lock.as_ref().filter(|file| !file.is_file()) {
        return Err(Failure::NoLock { path: file.clone() });
    }
    recorded::refuse_interrupted(path)?;
    let options = DepsOptions {
        environment: environment.clone(),
        lock: lock.clone(),
        without_imports: *no_imports,
        ..DepsOptions::default()
    };
    let report = graph(path, &options)?;
    // What needs a package is counted from the package.
    let depth = filter.depth.filter(|_| query.reverse.is_none());
    let graph = part(&report.graph, filter, depth)?;
    for found in report.deps.diagnostics() {
        printer.diagnostic(found);
    }
    if is_empty(&report) && *format != Format::Json {
        printer.say("Nothing is declared, locked or installed here.");
        if let Some(above) = recorded::project_above(path) {
            printer.say(report::project_above("graph", &above).trim_end());
        }
        return Ok(Exit::Nothing);
    }
    let text = answer(&report, &graph, query, *format, filter.depth, printer)?;
    if *format == Format::Mermaid && text.matches("->").count() > MOST_EDGES {
        printer.say(&format!(
            "Mermaid draws at most {MOST_EDGES} edges unless its `maxEdges` says otherwise; `--depth`, `--why` or `--reverse` give fewer."
        ));
    }
    deliver(text.as_bytes(), *format, output.as_deref(), printer)?;
    Ok(if is_empty(&report) { Exit::Nothing } else { Exit::Done })
}

/// Whether the project at the root is all there is.
fn is_empty(report: &GraphReport) -> bool {
    let deps = &report.deps;
    report.graph.packages.node_count() <= 1
        && deps.lock.is_none()
        && deps.environment.is_none()
        && deps.projects.iter().all(|project| project.name.is_none())
}

/// The part that the filters leave.
fn part(graph: &Graph, args: &GraphFilterArgs, depth: Option<usize>) -> Result<Graph, Failure> {
    let GraphFilterArgs { depth: _, package, group, extra, no_dev, only_main, platform, python } = args;
    let groups: BTreeSet<&str> = scopes(graph, |scope| match scope {
        Scope::Group(name) => Some(name),
        _ => None,
    });
    let extras: BTreeSet<&str> = scopes(graph, |scope| match scope {
        Scope::Extra(name) => Some(name),
        _ => None,
    });
    known("group", group, &groups)?;
    known("extra", extra, &extras)?;
    if let Some(name) = package {
        wanted(graph, name)?;
    }
    // To name one is to leave out the others.
    let has_names = !group.is_empty() || !extra.is_empty();
    let only = |names: &[String], none: bool| {
        (has_names || none).then(|| names.iter().cloned().collect::<BTreeSet<String>>())
    };
    let platform = platform.map(|platform| match platform {
        PlatformArg::Linux => Platform::Linux,
        PlatformArg::Macos => Platform::Macos,
        PlatformArg::Windows => Platform::Windows,
    });
    Ok(graph.filtered(&Filter {
        scopes: Scopes {
            main: true,
            extras: only(extra, *only_main),
            groups: only(group, *only_main || *no_dev),
        },
        package: package.clone(),
        target: Target { platform, python: python.clone() },
        depth,
    }))
}

fn scopes(graph: &Graph, name: impl Fn(&Scope) -> Option<&String>) -> BTreeSet<&str> {
    let packages = graph.packages.node_weights();
    packages.flat_map(|package| &package.declared).filter_map(name).map(String::as_str).collect()
}

fn known(what: &'static str, given: &[String], known: &BTreeSet<&str>) -> Result<(), Failure> {
    match given.iter().find(|name| !known.contains(name.as_str())) {
        Some(name) => Err(Failure::UnknownScope {
            what,
            given: name.clone(),
            known: known.iter().copied().collect::<Vec<_>>().join(", "),
        }),
        None => Ok(()),
    }
}

/// A package that is not there is a slip of the finger, or gone.
fn wanted(graph: &Graph, name: &str) -> Result<(), Failure> {
    if graph.versions(name).is_empty() {
        let nearest = graph.nearest(name).join(", ");
        return Err(Failure::UnknownPackage { given: name.to_owned(), nearest });
    }
    Ok(())
}

/// Whether a list is asked for, by which flag, and what makes it.
type List = (bool, &'static str, fn(&Graph) -> String);

/// The whole output.
fn answer(
    report: &GraphReport,
    graph: &Graph,
    query: &GraphQueryArgs,
    format: Format,
    depth: Option<usize>,
    printer: &Printer,
) -> Result<String, Failure> {
    let GraphQueryArgs { why, reverse, cycles, duplicates, licences, sizes } = query;
    let options = Options { title: report.title.clone(), depth, imports: printer.is_verbose() };
    if let Some(name) = why {
        wanted(graph, name)?;
        let found = graph.paths_to(name, MOST_PATHS);
        let part = graph.along(&found);
        return match format {
            Format::Text => Ok(report::graph::why(graph, &found)),
            Format::Json => json(report, &part, Some(&part.paths_to(name, MOST_PATHS))),
            _ => drawn(report, &part, format, &options),
        };
    }
    if let Some(name) = reverse {
        wanted(graph, name)?;
        let part = graph.leading_to(name);
        return match format {
            Format::Text | Format::Tree => Ok(draw::tree_to(&part, name, &options)),
            // A picture counts from the projects.
            _ => drawn(report, &part, format, &Options { depth: None, ..options }),
        };
    }
    let lists: [List; 4] = [
        (*cycles, "--cycles", report::graph::cycles),
        (*duplicates, "--duplicates", report::graph::duplicates),
        (*licences, "--licences", report::graph::licences),
        (*sizes, "--sizes", report::graph::sizes),
    ];
    let asked = lists.iter().find(|(asked, ..)| *asked);
    match (asked, format) {
        (Some((.., list)), Format::Text) => Ok(list(graph)),
        (Some((_, question, _)), format) if format != Format::Json => Err(Failure::NoPicture { question }),
        (None, Format::Text) => {
            Ok(format!("{}\n{}", draw::tree(graph, &options), report::graph::summary(graph)))
        }
        _ => drawn(report, graph, format, &options),
    }
}

fn drawn(report: &GraphReport, graph: &Graph, format: Format, options: &Options) -> Result<String, Failure> {
    Ok(match format {
        Format::Json => json(report, graph, None)?,
        Format::Dot => draw::dot(graph, options),
        Format::Mermaid => draw::mermaid(graph, options),
        Format::Svg => draw::svg(graph, options),
        Format::Html => draw::html(graph, options),
        _ => draw::tree(graph, options),
    })
}

fn json(
    report: &GraphReport,
    graph: &Graph,
    why: Option<&[uvshift_depgraph::graph::Paths]>,
) -> Result<String, Failure> {
    Ok(serde_json::to_string_pretty(&wire::Graph::of(report, graph, why))? + "\n")
}

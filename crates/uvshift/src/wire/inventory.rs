//! The inventory as `check --format json` prints it.

use std::collections::BTreeMap;

use serde::Serialize;
use uvshift_migrate::inventory as model;
use uvshift_project::Provenance;

/// What is here, and what may go wrong.
#[derive(Debug, Serialize)]
pub(crate) struct Inventory {
    sources: Vec<Source>,
    declared: Declared,
    categories: BTreeMap<&'static str, Vec<String>>,
    direct: Vec<Direct>,
    locks: Vec<LockFile>,
    environment: Option<Environment>,
    tools: Vec<Tool>,
    ci: Vec<Place>,
    containers: Vec<Place>,
    scripts: Vec<Place>,
    python: Pythons,
    risks: Vec<Risk>,
    unread: Vec<String>,
}

#[derive(Debug, Serialize)]
struct At {
    file: String,
    line: usize,
}

#[derive(Debug, Serialize)]
struct Counts {
    exact: usize,
    bounded: usize,
    open: usize,
    direct: usize,
}

#[derive(Debug, Serialize)]
struct Source {
    path: String,
    kind: String,
    role: Option<String>,
    counts: Counts,
    hashed: usize,
    includes: Vec<String>,
    constraints: Vec<String>,
    left_alone: Option<String>,
}

#[derive(Debug, Serialize)]
struct Declared {
    main: usize,
    extras: usize,
    groups: usize,
    packages: usize,
    counts: Counts,
    pinned_percent: Option<usize>,
}

#[derive(Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of the JSON")]
struct Direct {
    name: Option<String>,
    /// `git`, `vcs`, `url` or `path`
    kind: &'static str,
    location: String,
    reference: Option<String>,
    fixed: bool,
    editable: bool,
    itself: bool,
    outside: bool,
    file: String,
    line: usize,
}

#[derive(Debug, Serialize)]
struct LockFile {
    path: String,
    kind: &'static str,
    packages: Option<usize>,
}

#[derive(Debug, Serialize)]
struct Environment {
    path: String,
    python: Option<String>,
    packages: usize,
    elsewhere: Vec<Elsewhere>,
    unneeded: Vec<String>,
    problems: usize,
}

#[derive(Debug, Serialize)]
struct Elsewhere {
    name: String,
    version: String,
    kind: &'static str,
    origin: String,
}

#[derive(Debug, Serialize)]
struct Tool {
    name: String,
    kind: &'static str,
    configured: Vec<String>,
    declared: Vec<At>,
    hook: Option<Hook>,
}

#[derive(Debug, Serialize)]
struct Hook {
    rev: String,
    file: String,
    line: usize,
}

#[derive(Debug, Serialize)]
struct Place {
    path: String,
    system: &'static str,
    calls: Vec<Call>,
    python: Vec<String>,
    images: Vec<Image>,
}

#[derive(Debug, Serialize)]
struct Call {
    line: usize,
    program: &'static str,
    command: String,
}

#[derive(Debug, Serialize)]
struct Image {
    line: usize,
    image: String,
}

#[derive(Debug, Serialize)]
struct Pythons {
    requires_python: Option<String>,
    evidence: Vec<Evidence>,
    contradictions: Vec<String>,
    versions: Vec<OnePython>,
}

#[derive(Debug, Serialize)]
struct Evidence {
    what: String,
    specifier: String,
    file: String,
    line: usize,
}

#[derive(Debug, Serialize)]
struct OnePython {
    version: String,
    end_of_life: Option<String>,
    past: bool,
    /// `managed`, `installed-only` or `no`
    uv: &'static str,
    /// If not, the range merely allows it.
    named: bool,
    places: Vec<At>,
}

#[derive(Debug, Serialize)]
struct Risk {
    code: &'static str,
    name: &'static str,
    /// `high`, `medium` or `low`
    severity: &'static str,
    package: Option<String>,
    what: String,
    places: Vec<At>,
    why: String,
    mitigation: String,
}

impl Inventory {
    pub(crate) fn of(inventory: &model::Inventory) -> Self {
        let model::Inventory {
            sources,
            declared,
            categories,
            direct,
            locks,
            environment,
            tools,
            ci,
            containers,
            scripts,
            python,
            risks,
            unread,
        } = inventory;
        Self {
            sources: sources.iter().map(source).collect(),
            declared: Declared {
                main: declared.main,
                extras: declared.extras,
                groups: declared.groups,
                packages: declared.packages,
                counts: counts(declared.counts),
                pinned_percent: declared.pinned_percent(),
            },
            categories: categories.iter().map(|(found, names)| (found.as_str(), names.clone())).collect(),
            direct: direct.iter().map(of_direct).collect(),
            locks: locks
                .iter()
                .map(|lock| LockFile { path: lock.path.clone(), kind: lock.kind, packages: lock.packages })
                .collect(),
            environment: environment.as_ref().map(of_environment),
            tools: tools.iter().map(tool).collect(),
            ci: ci.iter().map(place).collect(),
            containers: containers.iter().map(place).collect(),
            scripts: scripts.iter().map(place).collect(),
            python: of_python(python),
            risks: risks.iter().map(risk).collect(),
            unread: unread.clone(),
        }
    }
}

fn at(places: &[Provenance]) -> Vec<At> {
    places.iter().map(|place| At { file: place.file.clone(), line: place.line }).collect()
}

fn counts(counts: model::Counts) -> Counts {
    let model::Counts { exact, bounded, open, direct } = counts;
    Counts { exact, bounded, open, direct }
}

fn source(found: &model::SourceSummary) -> Source {
    let model::SourceSummary { path, kind, role, counts: counted, hashed, includes, constraints, left_alone } =
        found;
    Source {
        path: path.clone(),
        kind: kind.clone(),
        role: role.clone(),
        counts: counts(*counted),
        hashed: *hashed,
        includes: includes.clone(),
        constraints: constraints.clone(),
        left_alone: left_alone.clone(),
    }
}

fn of_direct(found: &model::DirectDependency) -> Direct {
    let model::DirectDependency { name, kind, location, reference, fixed, editable, itself, outside, from } =
        found;
    Direct {
        name: name.clone(),
        kind: kind.as_str(),
        location: location.clone(),
        reference: reference.clone(),
        fixed: *fixed,
        editable: *editable,
        itself: *itself,
        outside: *outside,
        file: from.file.clone(),
        line: from.line,
    }
}

fn of_environment(found: &model::EnvironmentSummary) -> Environment {
    let model::EnvironmentSummary { path, python, packages, elsewhere, unneeded, problems } = found;
    let elsewhere = elsewhere.iter().map(|found| Elsewhere {
        name: found.name.clone(),
        version: found.version.clone(),
        kind: found.kind,
        origin: found.origin.clone(),
    });
    Environment {
        path: path.clone(),
        python: Some(python.clone()).filter(|python| !python.is_empty()),
        packages: *packages,
        elsewhere: elsewhere.collect(),
        unneeded: unneeded.clone(),
        problems: *problems,
    }
}

fn tool(found: &model::ToolSummary) -> Tool {
    let hook = found.hook.as_ref();
    Tool {
        name: found.name.clone(),
        kind: found.kind.as_str(),
        configured: found.configured.clone(),
        declared: at(&found.declared),
        hook: hook.map(|(rev, from)| Hook { rev: rev.clone(), file: from.file.clone(), line: from.line }),
    }
}

fn place(found: &model::Place) -> Place {
    let call = |call: &model::Call| Call {
        line: call.line,
        program: call.program.as_str(),
        command: call.command.clone(),
    };
    Place {
        path: found.path.clone(),
        system: found.system,
        calls: found.calls.iter().map(call).collect(),
        python: found.python.clone(),
        images: found
            .images
            .iter()
            .map(|(line, image)| Image { line: *line, image: image.clone() })
            .collect(),
    }
}

fn of_python(found: &model::PythonSummary) -> Pythons {
    let evidence = found.evidence.iter().map(|found| Evidence {
        what: found.what.clone(),
        specifier: found.specifier.clone(),
        file: found.from.file.clone(),
        line: found.from.line,
    });
    let version = |found: &model::PythonVersion| OnePython {
        version: found.version.clone(),
        end_of_life: found.end_of_life.map(|day| day.to_string()),
        past: found.is_past,
        uv: found.uv.as_str(),
        named: found.is_named,
        places: at(&found.places),
    };
    Pythons {
        requires_python: found.requires_python.clone(),
        evidence: evidence.collect(),
        contradictions: found.contradictions.clone(),
        versions: found.versions.iter().map(version).collect(),
    }
}

fn risk(found: &model::Risk) -> Risk {
    Risk {
        code: found.code.id(),
        name: found.code.name(),
        severity: found.severity.as_str(),
        package: found.package.clone(),
        what: found.what.clone(),
        places: at(&found.places),
        why: found.why.clone(),
        mitigation: found.mitigation.clone(),
    }
}

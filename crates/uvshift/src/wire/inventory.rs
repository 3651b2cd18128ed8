//! The inventory as `check --format json` prints it.

use std::collections::BTreeMap;

use serde::Serialize;
use uvshift_depgraph::catalogue::Category;
use uvshift_migrate::inventory::{
    self as model, DirectKind, ElsewhereKind, Program, RiskSeverity, ToolKind, UvSupport,
};
use uvshift_project::Provenance;

use super::words::Word;
#[cfg(test)]
use super::words::names;

/// What is here, and what may go wrong.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory"))]
pub(crate) struct Inventory {
    /// Every file that says what the project depends on.
    sources: Vec<Source>,
    /// All sources together, without constraints, locks and compiled files.
    declared: Declared,
    /// What the declared packages are for, each with their names; what nothing is for is left out.
    #[cfg_attr(test, schemars(extend("propertyNames" = names::<Category>())))]
    categories: BTreeMap<Word<Category>, Vec<String>>,
    /// Dependencies that are not looked up in an index.
    direct: Vec<Direct>,
    /// Lock files, and requirements files that a tool has compiled.
    locks: Vec<LockFile>,
    /// The environment that was given, or `.venv`; null where there is none.
    environment: Option<Environment>,
    /// Linters, test runners and the like.
    tools: Vec<Tool>,
    /// Files of CI.
    ci: Vec<Place>,
    /// Files of containers.
    containers: Vec<Place>,
    /// Scripts, only those that call pip or something like it.
    scripts: Vec<Place>,
    /// Which Python versions the project supports, and where that is said.
    python: Pythons,
    /// What may go wrong, the most severe first, then by code.
    risks: Vec<Risk>,
    /// Files of a known name that are no text of at most 1 MiB.
    unread: Vec<String>,
}

/// A place in a file.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_at"))]
struct At {
    /// The file, relative to the root.
    file: String,
    /// The line, counted from 1.
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: usize,
}

/// How tightly requirements are held.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_counts"))]
struct Counts {
    /// `==` without a wildcard, `===`, or a hash.
    exact: usize,
    /// With an upper limit.
    bounded: usize,
    /// Without an upper limit.
    open: usize,
    /// From a repository, a URL or a path.
    direct: usize,
}

/// A file that says what the project depends on.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_source"))]
struct Source {
    /// The file, relative to the root.
    path: String,
    /// Such as `requirements file` or `Poetry`.
    kind: String,
    /// Such as `main`, `group dev`, `constraints`; null where the file has several parts.
    role: Option<String>,
    /// How tightly its requirements are held.
    counts: Counts,
    /// Requirements with hashes.
    hashed: usize,
    /// The files that it takes in with `-r`.
    includes: Vec<String>,
    /// The files that it takes in with `-c`.
    constraints: Vec<String>,
    /// Why it is not read; null where it is.
    left_alone: Option<String>,
}

/// All sources together, without constraints, locks and compiled files.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_declared"))]
struct Declared {
    /// Requirements that the project needs to run.
    main: usize,
    /// Requirements of extras.
    extras: usize,
    /// Requirements of dependency groups.
    groups: usize,
    /// Distinct packages.
    packages: usize,
    /// How tightly all of them are held.
    counts: Counts,
    /// Exact versions among those that are looked up in an index, in percent; null without any.
    #[cfg_attr(test, schemars(range(max = 100)))]
    pinned_percent: Option<usize>,
}

/// A dependency that is not looked up in an index.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_direct"))]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of the JSON")]
struct Direct {
    /// The normalised name, where it is told.
    name: Option<String>,
    /// What it points at.
    kind: Word<DirectKind>,
    /// The URL or path, without credentials.
    location: String,
    /// A branch, tag or commit.
    reference: Option<String>,
    /// A whole commit, a URL with a hash, or a path.
    fixed: bool,
    /// Whether it is installed in place.
    editable: bool,
    /// Whether it is the project itself.
    itself: bool,
    /// Whether it is a path that leads out of the project.
    outside: bool,
    /// The file that has it.
    file: String,
    /// The line, counted from 1.
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: usize,
}

/// A lock file, or a requirements file that a tool has compiled.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_lock"))]
struct LockFile {
    /// The file, relative to the root.
    path: String,
    /// What made it, such as `Poetry` or `compiled requirements`.
    kind: &'static str,
    /// How many packages, each version and the project itself, too; null where it cannot be read here.
    packages: Option<usize>,
}

/// The environment that was given, or `.venv`.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_environment"))]
struct Environment {
    /// Its folder, as it was given.
    path: String,
    /// Its Python, such as `3.11`; null where nothing tells.
    python: Option<String>,
    /// How many distributions, with pip, setuptools and the like.
    packages: usize,
    /// What does not come from an index.
    elsewhere: Vec<Elsewhere>,
    /// Neither declared nor needed by what is.
    unneeded: Vec<String>,
    /// How many things are broken in it.
    problems: usize,
}

/// An installed distribution that does not come from an index.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_elsewhere"))]
struct Elsewhere {
    /// The name as its metadata has it.
    name: String,
    /// The version; empty where nothing tells.
    version: String,
    /// What kind of place it is from.
    kind: Word<ElsewhereKind>,
    /// The URL, the path or the installer, without credentials.
    origin: String,
}

/// A tool that the project uses.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_tool"))]
struct Tool {
    /// The tool.
    name: String,
    /// What it is for.
    kind: Word<ToolKind>,
    /// Files with its settings.
    configured: Vec<String>,
    /// Where its package is declared.
    declared: Vec<At>,
    /// Its hook of pre-commit.
    hook: Option<Hook>,
}

/// A hook of pre-commit.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_hook"))]
struct Hook {
    /// The revision.
    rev: String,
    /// The file that has it.
    file: String,
    /// The line, counted from 1.
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: usize,
}

/// A file of CI, of containers or of scripts.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_place"))]
struct Place {
    /// The file, relative to the root.
    path: String,
    /// Such as `GitHub Actions`, `Docker` or `make`.
    system: &'static str,
    /// Its lines that call pip or something like it.
    calls: Vec<Call>,
    /// The Python versions that it names.
    python: Vec<String>,
    /// The images that it is built from.
    images: Vec<Image>,
}

/// A line that calls pip or something like it.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_call"))]
struct Call {
    /// The line, counted from 1.
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: usize,
    /// What it runs.
    program: Word<Program>,
    /// The command, at most 160 characters, without credentials.
    command: String,
}

/// An image that a file is built from.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_image"))]
struct Image {
    /// The line, counted from 1.
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: usize,
    /// The image, without credentials.
    image: String,
}

/// Which Python versions the project supports, and where that is said.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_python"))]
struct Pythons {
    /// The range that follows.
    requires_python: Option<String>,
    /// Every place that says something.
    evidence: Vec<Evidence>,
    /// What does not fit together, a sentence each.
    contradictions: Vec<String>,
    /// Those that are named, oldest first, and the oldest one that the range allows.
    versions: Vec<OnePython>,
}

/// A place that says something about Python versions.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_evidence"))]
struct Evidence {
    /// What kind of place, such as `classifiers`.
    what: String,
    /// A range or versions, as written.
    specifier: String,
    /// The file, relative to the root.
    file: String,
    /// The line, counted from 1.
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: usize,
}

/// A Python version that the project names or allows.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_version"))]
struct OnePython {
    /// Such as `3.9`.
    version: String,
    /// The last day of its support, such as `2026-10-31`; null where that is not known.
    end_of_life: Option<String>,
    /// Whether that day is over.
    past: bool,
    /// Whether uv downloads it, works with one that is installed, or refuses it.
    uv: Word<UvSupport>,
    /// Whether somebody names it; if not, the range merely allows it.
    named: bool,
    /// Where the project names it, or where the range stands.
    places: Vec<At>,
}

/// What may go wrong, and what to do about it.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_risk"))]
struct Risk {
    /// The stable code, whose heading in `docs/diagnostics.md` tells more.
    #[cfg_attr(test, schemars(regex(pattern = "^[A-Z][0-9]{3}$")))]
    code: &'static str,
    /// The name of the code.
    name: &'static str,
    /// How much it matters.
    severity: Word<RiskSeverity>,
    /// The package that it is about, where it is about one.
    package: Option<String>,
    /// What is the matter.
    what: String,
    /// Where that can be seen.
    places: Vec<At>,
    /// Why it matters.
    why: String,
    /// What to do about it.
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
            categories: categories.iter().map(|(found, names)| (Word(*found), names.clone())).collect(),
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
        kind: Word(*kind),
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
        kind: Word(found.kind),
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
        kind: Word(found.kind),
        configured: found.configured.clone(),
        declared: at(&found.declared),
        hook: hook.map(|(rev, from)| Hook { rev: rev.clone(), file: from.file.clone(), line: from.line }),
    }
}

fn place(found: &model::Place) -> Place {
    let call = |call: &model::Call| Call {
        line: call.line,
        program: Word(call.program),
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
        uv: Word(found.uv),
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
        severity: Word(found.severity),
        package: found.package.clone(),
        what: found.what.clone(),
        places: at(&found.places),
        why: found.why.clone(),
        mitigation: found.mitigation.clone(),
    }
}

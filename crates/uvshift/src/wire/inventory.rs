//! The inventory as `check --format json` prints it.

use std::collections::BTreeMap;

use serde::Serialize;
use uvshift_migrate::inventory as model;
use uvshift_project::Provenance;

/// What is here, and what may go wrong.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory"))]
pub(crate) struct Inventory {
    sources: Vec<Source>,
    declared: Declared,
    /// What the declared packages are for: core, database, web, ml, testing, linting, development, deployment or utilities, each with their names.
    categories: BTreeMap<&'static str, Vec<String>>,
    direct: Vec<Direct>,
    locks: Vec<LockFile>,
    environment: Option<Environment>,
    tools: Vec<Tool>,
    ci: Vec<Place>,
    containers: Vec<Place>,
    /// Only those that call pip or something like it.
    scripts: Vec<Place>,
    python: Pythons,
    /// The most severe first, then by code.
    risks: Vec<Risk>,
    /// Files of a known name that are no text of at most 1 MiB.
    unread: Vec<String>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_at"))]
struct At {
    file: String,
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
    path: String,
    /// Such as `requirements file` or `Poetry`.
    kind: String,
    /// Such as `main`, `group dev`, `constraints`; null where the file has several parts.
    role: Option<String>,
    counts: Counts,
    /// Requirements with hashes.
    hashed: usize,
    /// With `-r`.
    includes: Vec<String>,
    /// With `-c`.
    constraints: Vec<String>,
    /// Why it is not read.
    left_alone: Option<String>,
}

/// All sources together, without constraints, locks and compiled files.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_declared"))]
struct Declared {
    main: usize,
    extras: usize,
    groups: usize,
    /// Distinct packages.
    packages: usize,
    counts: Counts,
    /// Exact versions among those that are looked up in an index; null without any.
    #[cfg_attr(test, schemars(range(max = 100)))]
    pinned_percent: Option<usize>,
}

/// A dependency that is not looked up in an index.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_direct"))]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of the JSON")]
struct Direct {
    name: Option<String>,
    #[cfg_attr(test, schemars(extend("enum" = ["git", "vcs", "url", "path"])))]
    kind: &'static str,
    location: String,
    /// A branch, tag or commit.
    reference: Option<String>,
    /// A whole commit, a URL with a hash, or a path.
    fixed: bool,
    editable: bool,
    /// It is the project.
    itself: bool,
    /// It is a path that leads out of the project.
    outside: bool,
    file: String,
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: usize,
}

/// A lock file, or a requirements file that a tool has compiled.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_lock"))]
struct LockFile {
    path: String,
    kind: &'static str,
    /// Null where it cannot be read here.
    packages: Option<usize>,
}

/// The environment that was given, or `.venv`.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_environment"))]
struct Environment {
    path: String,
    python: Option<String>,
    /// Without pip, setuptools and the like.
    packages: usize,
    /// What does not come from an index.
    elsewhere: Vec<Elsewhere>,
    /// Neither declared nor needed by what is.
    unneeded: Vec<String>,
    problems: usize,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_elsewhere"))]
struct Elsewhere {
    name: String,
    version: String,
    #[cfg_attr(test, schemars(extend("enum" = ["git", "vcs", "url", "path", "editable", "conda", "unknown installer"])))]
    kind: &'static str,
    origin: String,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_tool"))]
struct Tool {
    name: String,
    #[cfg_attr(test, schemars(extend("enum" = ["linter", "formatter", "type checker", "tests", "task runner", "documents", "packaging", "release"])))]
    kind: &'static str,
    /// Files with its settings.
    configured: Vec<String>,
    declared: Vec<At>,
    hook: Option<Hook>,
}

/// A hook of pre-commit.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_hook"))]
struct Hook {
    rev: String,
    file: String,
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: usize,
}

/// A file of CI, of containers or of scripts.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_place"))]
struct Place {
    path: String,
    /// Such as `GitHub Actions`, `Docker` or `make`.
    system: &'static str,
    calls: Vec<Call>,
    /// The versions that it names.
    python: Vec<String>,
    images: Vec<Image>,
}

/// A line that calls pip or something like it.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_call"))]
struct Call {
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: usize,
    #[cfg_attr(test, schemars(extend("enum" = ["pip", "pip-tools", "virtualenv", "setup.py", "easy_install", "poetry", "pipenv", "pdm", "conda"])))]
    program: &'static str,
    command: String,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_image"))]
struct Image {
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: usize,
    image: String,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_python"))]
struct Pythons {
    requires_python: Option<String>,
    evidence: Vec<Evidence>,
    contradictions: Vec<String>,
    /// Those that are named, and the oldest one that the range allows.
    versions: Vec<OnePython>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_evidence"))]
struct Evidence {
    what: String,
    specifier: String,
    file: String,
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: usize,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_version"))]
struct OnePython {
    version: String,
    /// A day, such as `2026-10-31`.
    end_of_life: Option<String>,
    past: bool,
    /// Whether uv downloads it, works with one that is installed, or refuses it.
    #[cfg_attr(test, schemars(extend("enum" = ["managed", "installed-only", "no"])))]
    uv: &'static str,
    /// If not, the range merely allows it.
    named: bool,
    places: Vec<At>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "inventory_risk"))]
struct Risk {
    #[cfg_attr(test, schemars(extend("pattern" = "^[A-Z][0-9]{3}$")))]
    code: &'static str,
    name: &'static str,
    #[cfg_attr(test, schemars(extend("enum" = ["high", "medium", "low"])))]
    severity: &'static str,
    /// The package that it is about, where it is about one.
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

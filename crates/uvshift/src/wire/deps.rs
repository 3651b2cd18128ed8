//! What `deps` prints.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use uvshift_depgraph::modules::MappedBy;
use uvshift_depgraph::{Action, Analysis, Class, Finding, Form, Import, Need, Origin, ResolvedImport, Rule};
use uvshift_diagnostics::Severity;
use uvshift_migrate::Deps as Read;

use super::rows::diagnostic;
use super::words::Word;
#[cfg(test)]
use super::words::names;
use super::{VERSION, WireDiagnostic};

/// What `deps` prints.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "deps"))]
pub(crate) struct Deps<'a> {
    /// The version of this form.
    #[cfg_attr(test, schemars(extend("const" = VERSION)))]
    version: u32,
    /// The command that was run.
    #[cfg_attr(test, schemars(extend("const" = "deps")))]
    command: &'static str,
    /// What came of it.
    status: DepsStatus,
    /// Counts, and what was asked.
    summary: Summary<'a>,
    /// Every place that names a module, by file and line.
    #[serde(serialize_with = "imports")]
    #[cfg_attr(test, schemars(with = "Vec<WireImport<'a>>"))]
    imports: &'a [ResolvedImport<'a>],
    /// Every requirement that the projects declare.
    declared: Vec<WireDeclared<'a>>,
    /// What imports and declarations do not agree about, by severity, rule and package.
    findings: Vec<WireFinding<'a>>,
    /// What else there is to say.
    diagnostics: Vec<WireDiagnostic>,
    /// With `--fix`: what it does or did.
    fix: Option<WireFix>,
}

/// What came of `deps`.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
pub(crate) enum DepsStatus {
    /// Nothing was found, or only notes.
    Clean,
    /// A warning or an error was found; with `--fix`, no change of it is safe.
    Findings,
    /// With `--fix`: it was not agreed to; nothing is written.
    Planned,
    /// With `--fix`: it is done.
    Fixed,
    /// There is neither code nor a declaration.
    NothingToDo,
}

/// Counts, and what was asked.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "deps_summary"))]
struct Summary<'a> {
    /// How many files were scanned.
    files: usize,
    /// How many places name a module.
    imports: usize,
    /// How many requirements are declared.
    declared: usize,
    /// The file of the lock, if there is one.
    lock: Option<&'a str>,
    /// The environment that was asked, if there is one.
    environment: Option<&'a str>,
    /// How many findings each rule has; one without any is left out.
    #[cfg_attr(test, schemars(extend("propertyNames" = names::<Rule>())))]
    findings: BTreeMap<Word<Rule>, usize>,
}

/// One place that names a module.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "import"))]
struct WireImport<'a> {
    /// As written, without leading dots; empty for `from . import a`.
    module: &'a str,
    /// What a `from` statement takes of it.
    names: &'a [Arc<str>],
    /// Leading dots.
    level: u32,
    /// The file, relative to the root.
    file: &'a str,
    /// The line, counted from 1; in a notebook within its cell.
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: u32,
    /// The cell of a notebook, counted from 1.
    #[cfg_attr(test, schemars(range(min = 1)))]
    cell: Option<u32>,
    /// How the module is named.
    form: Word<Form>,
    /// What it asks of whoever installs the project.
    class: Word<Need>,
    /// Where the module is from.
    origin: ModuleOrigin,
    /// The distributions that can be meant, the likeliest first.
    packages: Vec<&'a str>,
    /// How they are known; null unless the module is of a third party.
    mapped_by: Option<Word<MappedBy>>,
}

/// Where a module is from.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
enum ModuleOrigin {
    StandardLibrary,
    /// The project itself, or another project of the repository.
    Own,
    ThirdParty,
}

/// One requirement.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "declared"))]
struct WireDeclared<'a> {
    /// The normalised name.
    package: &'a str,
    /// The requirement, without credentials.
    text: String,
    /// The key of pyproject.toml where it belongs.
    scope: String,
    /// The file that declares it.
    file: &'a str,
    /// The line, counted from 1; null where it is not known.
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: Option<usize>,
}

/// Something that imports and declarations do not agree about.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "finding"))]
struct WireFinding<'a> {
    /// The rule.
    rule: Word<Rule>,
    /// Its stable code, whose heading in `docs/diagnostics.md` tells more.
    #[cfg_attr(test, schemars(regex(pattern = "^[A-Z][0-9]{3}$")))]
    code: &'static str,
    /// The normalised name of the distribution.
    package: &'a str,
    /// What kind of dependency it is about.
    class: Word<Class>,
    /// How much it matters.
    severity: Word<Severity>,
    /// What is the matter.
    message: &'a str,
    /// Where that can be seen, the most telling place first; never empty.
    evidence: Vec<WireEvidence<'a>>,
    /// What to do about it.
    help: Option<&'a str>,
    /// What `--fix` does, as commands of uv; null where no change is safe.
    fix: Option<Vec<String>>,
}

/// A place that shows it.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "evidence"))]
struct WireEvidence<'a> {
    /// The file, relative to the root.
    file: &'a str,
    /// The line, counted from 1; null where it is not known.
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: Option<usize>,
    /// The cell of a notebook, counted from 1.
    #[cfg_attr(test, schemars(range(min = 1)))]
    cell: Option<usize>,
    /// How the place names it: that of an import, `declared`, or `locked`.
    #[cfg_attr(test, schemars(extend("enum" = Form::ALL.map(Form::as_str).into_iter().chain(["declared", "locked"]).collect::<Vec<_>>())))]
    form: &'static str,
    /// What stands there: the module, or the requirement without credentials.
    text: String,
}

/// What `--fix` does or did.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "deps_fix"))]
pub(crate) struct WireFix {
    /// A unified diff, where nothing was written yet.
    pub(crate) diff: Option<String>,
    /// What has to be done by hand.
    pub(crate) not_fixed: Vec<NotFixed>,
    /// The files that were changed.
    pub(crate) changed: Vec<String>,
    /// The run that a rollback undoes.
    pub(crate) journal: Option<String>,
}

/// What has to be done by hand.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "not_fixed"))]
pub(crate) struct NotFixed {
    /// The normalised name of the distribution.
    pub(crate) package: String,
    /// Why it is not done.
    pub(crate) why: String,
    /// What to do.
    pub(crate) help: String,
}

impl<'a> Deps<'a> {
    pub(crate) fn found(read: &'a Read, analysis: &'a Analysis<'a>, has_findings: bool) -> Self {
        let mut by_rule = BTreeMap::new();
        for finding in &analysis.findings {
            *by_rule.entry(Word(finding.rule)).or_default() += 1;
        }
        let declared = read.projects.iter().flat_map(|project| &project.declared).map(declared).collect();
        Self {
            version: VERSION,
            command: "deps",
            status: if has_findings { DepsStatus::Findings } else { DepsStatus::Clean },
            summary: Summary {
                files: read.scan.files.len(),
                imports: analysis.imports.len(),
                declared: read.declared(),
                lock: read.lock.as_ref().map(|(_, file)| file.as_str()),
                environment: read.environment.as_ref().map(|(_, shown)| shown.as_str()),
                findings: by_rule,
            },
            imports: &analysis.imports,
            declared,
            findings: analysis.findings.iter().map(finding).collect(),
            diagnostics: read.diagnostics().into_iter().map(diagnostic).collect(),
            fix: None,
        }
    }

    pub(crate) fn nothing(self) -> Self {
        Self { status: DepsStatus::NothingToDo, ..self }
    }

    pub(crate) fn with_fix(self, status: DepsStatus, fix: WireFix) -> Self {
        Self { status, fix: Some(fix), ..self }
    }
}

/// One after the other: a large project has hundreds of thousands.
fn imports<S: Serializer>(found: &&[ResolvedImport<'_>], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(found.iter().map(import))
}

fn import<'a>(found: &'a ResolvedImport<'a>) -> WireImport<'a> {
    let Import { module, names, level, line, cell, form, .. } = found.import;
    let (origin, by) = match &found.origin {
        Origin::StandardLibrary => (ModuleOrigin::StandardLibrary, None),
        Origin::Own => (ModuleOrigin::Own, None),
        Origin::Distribution(mapped) => (ModuleOrigin::ThirdParty, Some(Word(mapped.by))),
    };
    WireImport {
        module,
        names,
        level: *level,
        file: found.file,
        line: *line,
        cell: *cell,
        form: Word(*form),
        class: Word(found.need),
        origin,
        packages: found.candidates().iter().map(|name| &**name).collect(),
        mapped_by: by,
    }
}

fn declared(found: &uvshift_depgraph::Declared) -> WireDeclared<'_> {
    WireDeclared {
        package: &found.name,
        text: uvshift_project::redacted(&found.text),
        scope: found.scope.key(),
        file: &found.file,
        line: (found.line > 0).then_some(found.line),
    }
}

fn finding(finding: &Finding) -> WireFinding<'_> {
    let evidence = finding.evidence.iter().map(|evidence| WireEvidence {
        file: &evidence.file,
        line: (evidence.line > 0).then_some(evidence.line),
        cell: evidence.cell,
        form: evidence.form,
        text: uvshift_project::redacted(&evidence.text),
    });
    WireFinding {
        rule: Word(finding.rule),
        code: finding.rule.code().id(),
        package: &finding.package,
        class: Word(finding.class),
        severity: Word(finding.severity),
        message: &finding.message,
        evidence: evidence.collect(),
        help: finding.help.as_deref(),
        fix: finding.action.as_ref().map(Action::commands),
    }
}

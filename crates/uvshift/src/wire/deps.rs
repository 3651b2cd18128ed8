//! What `deps` prints.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use uvshift_depgraph::{Action, Analysis, Finding, Import, Origin, ResolvedImport};
use uvshift_migrate::Deps as Read;

use super::rows::diagnostic;
use super::{VERSION, WireDiagnostic};

/// What `deps` prints.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "deps"))]
pub(crate) struct Deps<'a> {
    #[cfg_attr(test, schemars(extend("const" = 1)))]
    version: u32,
    #[cfg_attr(test, schemars(extend("const" = "deps")))]
    command: &'static str,
    #[cfg_attr(test, schemars(extend("enum" = ["clean", "findings", "planned", "fixed", "nothing-to-do"])))]
    status: &'static str,
    summary: Summary<'a>,
    #[serde(serialize_with = "imports")]
    #[cfg_attr(test, schemars(with = "Vec<WireImport<'a>>"))]
    imports: &'a [ResolvedImport<'a>],
    declared: Vec<WireDeclared<'a>>,
    findings: Vec<WireFinding<'a>>,
    diagnostics: Vec<WireDiagnostic>,
    fix: Option<WireFix>,
}

/// Counts, and what was asked.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "deps_summary"))]
struct Summary<'a> {
    files: usize,
    imports: usize,
    declared: usize,
    /// The file of the lock, if there is one.
    lock: Option<&'a str>,
    /// The environment that was asked, if there is one.
    environment: Option<&'a str>,
    /// Findings by rule.
    findings: BTreeMap<&'static str, usize>,
}

/// One place that names a module.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "import"))]
struct WireImport<'a> {
    /// As written, without leading dots; empty for `from . import a`.
    module: &'a str,
    names: &'a [Arc<str>],
    /// Leading dots.
    level: u32,
    file: &'a str,
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: u32,
    #[cfg_attr(test, schemars(range(min = 1)))]
    cell: Option<u32>,
    #[cfg_attr(test, schemars(extend("enum" = ["import", "from", "lazy-import", "lazy-from", "cimport", "from-cimport", "import-module", "dunder-import", "find-spec", "importorskip", "exec", "doctest", "django-setting", "database-url", "pytest-plugin"])))]
    form: &'static str,
    #[cfg_attr(test, schemars(extend("enum" = ["required", "optional", "type-only", "development"])))]
    class: &'static str,
    #[cfg_attr(test, schemars(extend("enum" = ["standard-library", "own", "third-party"])))]
    origin: &'static str,
    /// The distributions that can be meant, the likeliest first.
    packages: Vec<&'a str>,
    /// How they are known.
    #[cfg_attr(test, schemars(extend("enum" = serde_json::json!(["told", "environment", "lock", "table", "namespace", "guess", null]))))]
    mapped_by: Option<&'static str>,
}

/// One requirement.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "declared"))]
struct WireDeclared<'a> {
    package: &'a str,
    text: String,
    /// The key of pyproject.toml where it belongs.
    scope: String,
    file: &'a str,
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: Option<usize>,
}

/// Something that imports and declarations do not agree about.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "finding"))]
struct WireFinding<'a> {
    #[cfg_attr(test, schemars(extend("enum" = ["unused", "missing", "transitive", "misplaced", "declared-twice", "conflicting", "unpinned", "legacy", "system-libraries", "overlapping"])))]
    rule: &'static str,
    #[cfg_attr(test, schemars(extend("pattern" = "^[A-Z][0-9]{3}$")))]
    code: &'static str,
    package: &'a str,
    #[cfg_attr(test, schemars(extend("enum" = ["required", "optional", "type-only", "plugin-or-tool", "stub", "test-only"])))]
    class: &'static str,
    #[cfg_attr(test, schemars(extend("enum" = ["error", "warning", "note"])))]
    severity: &'static str,
    message: &'a str,
    evidence: Vec<WireEvidence<'a>>,
    help: Option<&'a str>,
    /// What `--fix` does, as commands of uv.
    fix: Option<Vec<String>>,
}

/// A place that shows it.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "evidence"))]
struct WireEvidence<'a> {
    file: &'a str,
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: Option<usize>,
    #[cfg_attr(test, schemars(range(min = 1)))]
    cell: Option<usize>,
    /// That of an import, or `declared`, `locked`.
    form: &'static str,
    text: String,
}

/// What `--fix` does or did.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "deps_fix"))]
pub(crate) struct WireFix {
    pub(crate) diff: Option<String>,
    pub(crate) not_fixed: Vec<NotFixed>,
    pub(crate) changed: Vec<String>,
    pub(crate) journal: Option<String>,
}

/// What has to be done by hand.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "not_fixed"))]
pub(crate) struct NotFixed {
    pub(crate) package: String,
    pub(crate) why: String,
    pub(crate) help: String,
}

impl<'a> Deps<'a> {
    pub(crate) fn found(read: &'a Read, analysis: &'a Analysis<'a>, has_findings: bool) -> Self {
        let mut by_rule = BTreeMap::new();
        for finding in &analysis.findings {
            *by_rule.entry(finding.rule.name()).or_default() += 1;
        }
        let declared = read.projects.iter().flat_map(|project| &project.declared).map(declared).collect();
        Self {
            version: VERSION,
            command: "deps",
            status: if has_findings { "findings" } else { "clean" },
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
        Self { status: "nothing-to-do", ..self }
    }

    pub(crate) fn with_fix(self, status: &'static str, fix: WireFix) -> Self {
        Self { status, fix: Some(fix), ..self }
    }
}

/// One after the other: a large project has hundreds of thousands.
fn imports<S: Serializer>(found: &&[ResolvedImport<'_>], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(found.iter().map(import))
}

fn import<'a>(found: &'a ResolvedImport<'a>) -> WireImport<'a> {
    let Import { module, names, level, line, cell, form, .. } = found.import;
    let by = match &found.origin {
        Origin::Distribution(mapped) => Some(mapped.by.as_str()),
        _ => None,
    };
    WireImport {
        module,
        names,
        level: *level,
        file: found.file,
        line: *line,
        cell: *cell,
        form: form.as_str(),
        class: found.need.as_str(),
        origin: found.origin.as_str(),
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
        rule: finding.rule.name(),
        code: finding.rule.code().id(),
        package: &finding.package,
        class: finding.class.as_str(),
        severity: finding.severity.as_str(),
        message: &finding.message,
        evidence: evidence.collect(),
        help: finding.help.as_deref(),
        fix: finding.action.as_ref().map(Action::commands),
    }
}

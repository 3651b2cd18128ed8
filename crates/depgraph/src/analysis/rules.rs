//! The rules.

mod declared;
mod imported;
mod known;
mod unused;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use uvshift_diagnostics::Severity;
use uvshift_pyproject::Scope;
use uvshift_requirements::redacted;

use super::reach::Resolved;
use super::{AnalysisInput, Mentions, Project, ResolvedImport, places};
use crate::modules::ModuleMap;
use crate::scan::{Ignored, ScannedFile};
use crate::{Class, Declared, Evidence, Finding, Guards, Need, Rule};

pub use unused::Sought;

/// How many places a finding shows.
const MOST_EVIDENCE: usize = 20;

/// What the rules look at, for one project.
struct Subject<'i, 'a> {
    input: &'i AnalysisInput<'a>,
    project: &'a Project,
    /// The imports of its files that name a distribution.
    imports: Vec<&'i ResolvedImport<'a>>,
    /// The same by each distribution that can be meant.
    uses: BTreeMap<Arc<str>, Vec<&'i ResolvedImport<'a>>>,
    /// What the project declares, by name.
    declared: BTreeMap<&'a str, Vec<&'a Declared>>,
    map: &'i ModuleMap,
    resolved: &'i Resolved<'a>,
    ignored: &'i IgnoredLines<'a>,
    scripts: BTreeMap<&'a str, &'a ScannedFile>,
}

/// Checks every project. Findings that somebody has ignored are left out.
pub(super) fn check<'a>(
    input: &AnalysisInput<'a>,
    map: &ModuleMap,
    imports: &[ResolvedImport<'a>],
    mentions: Mentions<'_>,
) -> Vec<Finding> {
    let resolved = Resolved::of(input);
    let ignored = IgnoredLines::of(input);
    let everywhere: BTreeSet<&str> =
        imports.iter().flat_map(ResolvedImport::candidates).map(|name| &**name).collect();
    let mut findings = Vec::new();
    for (at, project) in input.projects.iter().enumerate() {
        let first = findings.len();
        let ours = imports.iter().filter(|import| import.project == at && !import.candidates().is_empty());
        let subject = Subject::new(input, project, ours.collect(), map, &resolved, &ignored);
        findings.extend(imported::check(&subject));
        findings.extend(unused::check(&subject, &everywhere, mentions));
        findings.extend(declared::check(&subject));
        findings.extend(known::check(&subject));
        findings.iter_mut().skip(first).for_each(|finding| leave_to_member(finding, project));
    }
    findings.retain(|found| !is_ignored(input, found));
    findings.sort_by(|left, right| order(left).cmp(&order(right)));
    findings
}

/// What is declared in a folder below is changed by a command that names its project.
fn leave_to_member(finding: &mut Finding, project: &Project) {
    let Some(name) = project.name.as_ref().filter(|_| !project.folder.is_empty()) else { return };
    let Some(action) = finding.action.take() else { return };
    let named = |command: String| {
        let words = command.splitn(3, ' ').collect::<Vec<_>>();
        match words.as_slice() {
            [uv, verb, rest] => format!("{uv} {verb} --package {name} {rest}"),
            _ => command,
        }
    };
    let commands: Vec<String> = action.commands().into_iter().map(named).collect();
    finding.help = Some(commands.join(" && "));
}

/// The worst first, then by rule and package.
fn order(finding: &Finding) -> (std::cmp::Reverse<Severity>, Rule, &str) {
    (std::cmp::Reverse(finding.severity), finding.rule, &finding.package)
}

/// Whether settings have the finding ignored. Comments were heeded where the evidence was gathered.
fn is_ignored(input: &AnalysisInput<'_>, finding: &Finding) -> bool {
    let modules: Vec<&str> =
        finding.evidence.iter().filter_map(|evidence| evidence.text.split('.').next()).collect();
    finding.evidence.is_empty() || input.settings.leaves_alone(finding.rule, &finding.package, &modules)
}

impl<'i, 'a> Subject<'i, 'a> {
    fn new(
        input: &'i AnalysisInput<'a>,
        project: &'a Project,
        imports: Vec<&'i ResolvedImport<'a>>,
        map: &'i ModuleMap,
        resolved: &'i Resolved<'a>,
        ignored: &'i IgnoredLines<'a>,
    ) -> Self {
        let mut uses: BTreeMap<Arc<str>, Vec<&ResolvedImport<'a>>> = BTreeMap::new();
        for import in &imports {
            for name in import.candidates() {
                uses.entry(Arc::clone(name)).or_default().push(import);
            }
        }
        let mut declared: BTreeMap<&str, Vec<&Declared>> = BTreeMap::new();
        for found in &project.declared {
            declared.entry(&found.name).or_default().push(found);
        }
        let with_metadata = input.scan.files.iter().filter(|file| file.script.is_some());
        let scripts = with_metadata.map(|file| (&*file.path, file)).collect();
        Self { input, project, imports, uses, declared, map, resolved, ignored, scripts }
    }

    /// The declarations of a distribution.
    fn declared<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'a Declared> + 's {
        self.declared.get(name).into_iter().flatten().copied()
    }

    /// The imports that can mean a distribution, but for those of scripts that have dependencies of their own.
    /// Neither do those of files that build the project count: for them there is `build-system.requires`.
    fn uses(&self, name: &str) -> impl Iterator<Item = &'i ResolvedImport<'a>> + '_ {
        let uses = self.uses.get(name).into_iter().flatten().copied();
        uses.filter(|import| {
            !self.scripts.contains_key(import.file) && !places::is_build(self.within(import.file))
        })
    }

    /// The path of a file within its project.
    fn within<'p>(&self, file: &'p str) -> &'p str {
        file.strip_prefix(self.project.folder.as_str()).unwrap_or(file).trim_start_matches('/')
    }

    /// Whether an import runs only for those who use a part of the project: within a function, or in a package of plug-ins.
    fn is_aside(&self, import: &ResolvedImport<'_>) -> bool {
        let path = self.within(import.file);
        import.import.guards.has(Guards::FUNCTION) || places::is_aside(path) || places::is_vendored(path)
    }

    /// What kind of dependency some imports make.
    fn class_of(&self, imports: &[&ResolvedImport<'_>]) -> Class {
        let all = |needs: &[Need]| imports.iter().all(|import| needs.contains(&import.need));
        if imports.iter().any(|import| import.need == Need::Required && !self.is_aside(import)) {
            Class::Required
        } else if imports.iter().any(|import| import.need == Need::Required) {
            Class::Optional
        } else if all(&[Need::TypeOnly]) {
            Class::TypeOnly
        } else if all(&[Need::Optional, Need::TypeOnly]) {
            Class::Optional
        } else {
            Class::TestOnly
        }
    }

    /// Whether a requirement can be added for the user: where others of its kind are written by hand, or `[project]` can take it.
    fn can_add(&self, to: &Scope) -> bool {
        let is_development = *to != Scope::Main;
        let mut alike =
            self.project.declared.iter().filter(|found| found.is_development() == is_development).peekable();
        if alike.peek().is_none() { self.project.has_project } else { alike.any(|found| found.is_changeable) }
    }

    /// The places of some imports, but for those that a comment has ignored.
    fn evidence(&self, rule: Rule, imports: &[&ResolvedImport<'_>]) -> Vec<Evidence> {
        let told = imports.iter().filter(|import| {
            let (line, cell) = (import.import.line, import.import.cell);
            !self.ignored.has(import.file, line, cell, rule)
        });
        told.take(MOST_EVIDENCE).map(|import| place(import)).collect()
    }
}

/// The places of some declarations, but for those that a comment has ignored.
fn declarations(rule: Rule, declared: &[&Declared]) -> Vec<Evidence> {
    let told = declared.iter().filter(|found| !found.ignores(rule));
    told.map(|found| Evidence {
        file: found.file.clone(),
        line: found.line,
        cell: None,
        form: "declared",
        text: redacted(&found.text),
    })
    .collect()
}

fn place(import: &ResolvedImport<'_>) -> Evidence {
    let module = &import.import.module;
    Evidence {
        file: import.file.to_owned(),
        line: import.import.line as usize,
        cell: import.import.cell.map(|cell| cell as usize),
        form: import.import.form.as_str(),
        text: module.to_string(),
    }
}

/// A line of a file, or of a cell of a notebook.
type Line<'a> = (&'a str, Option<u32>, u32);

/// The comments that have rules ignored, by their places.
struct IgnoredLines<'a>(HashMap<Line<'a>, Vec<&'a Ignored>>);

impl<'a> IgnoredLines<'a> {
    fn of(input: &AnalysisInput<'a>) -> Self {
        let mut lines: HashMap<Line<'a>, Vec<&Ignored>> = HashMap::new();
        for file in &input.scan.files {
            for comment in &file.ignored {
                lines.entry((&file.path, comment.cell, comment.line)).or_default().push(comment);
            }
        }
        Self(lines)
    }

    fn has(&self, file: &str, line: u32, cell: Option<u32>, rule: Rule) -> bool {
        let comments = self.0.get(&(file, cell, line)).into_iter().flatten();
        comments.into_iter().any(|found| {
            found.rules.is_empty() || found.rules.iter().any(|name| Rule::of(name) == Some(rule))
        })
    }
}

/// The normalised names of some requirements.
fn names<'d>(declared: impl Iterator<Item = &'d Declared>) -> BTreeSet<&'d str> {
    declared.map(|found| found.name.as_str()).collect()
}

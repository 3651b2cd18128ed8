//! `uvshift deps`: what the files import against what is declared.

mod fix;

use std::collections::BTreeSet;
use std::mem::ManuallyDrop;
use std::path::Path;

use uvshift_depgraph::report::{Report, Summary, github, markdown, sarif};
use uvshift_depgraph::{Analysis, Rule};
use uvshift_diagnostics::Severity;
use uvshift_migrate::{Deps, DepsOptions};

use super::migrate::recover;
use crate::args::{DepsArgs, Format};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::settings::Settings;
use crate::{recorded, report, wire};

pub(crate) fn run(args: &DepsArgs, settings: &Settings, printer: &Printer) -> Result<Exit, Failure> {
    let rules = Rules::of(args)?;
    let options = DepsOptions {
        python: args.python.clone(),
        environment: args.environment.clone(),
        exclude: args.exclude.clone(),
        ..DepsOptions::default()
    };
    if args.fix {
        recover(&args.path, printer)?;
    } else {
        recorded::refuse_interrupted(&args.path)?;
    }
    // The process ends here, and the system takes its memory back faster than it could be given back piece by piece.
    let deps = ManuallyDrop::new(Deps::read(&args.path, &options)?);
    let mut analysis = deps.analyze();
    analysis.findings.retain(|finding| rules.has(finding.rule));
    if deps.scan.files.is_empty() && deps.declared() == 0 {
        printer.text("There is no Python file here, and nothing that declares a dependency.\n")?;
        printer.json(&wire::Deps::found(&deps, &analysis, false).nothing())?;
        return Ok(Exit::Nothing);
    }
    hint_above(args, &deps, printer);
    let has_findings = analysis.findings.iter().any(|finding| finding.severity > Severity::Note);
    show(args, &deps, &analysis, printer)?;
    if args.fix && has_findings {
        return fix::run(args, &deps, &analysis, settings, printer);
    }
    printer.json(&wire::Deps::found(&deps, &analysis, has_findings))?;
    Ok(if has_findings && !args.exit_zero { Exit::Findings } else { Exit::Done })
}

/// Where nothing is declared, that may be because the project is a folder above.
fn hint_above(args: &DepsArgs, deps: &Deps, printer: &Printer) {
    if deps.declared() > 0 || deps.projects.iter().any(|project| project.name.is_some()) {
        return;
    }
    if let Some(above) = recorded::project_above(&args.path) {
        printer.say(report::project_above("deps", &above).trim_end());
    }
}

/// Which rules are checked.
struct Rules {
    only: BTreeSet<Rule>,
    ignored: BTreeSet<Rule>,
}

impl Rules {
    fn of(args: &DepsArgs) -> Result<Self, Failure> {
        Ok(Self { only: rules(&args.only)?, ignored: rules(&args.ignore)? })
    }

    fn has(&self, rule: Rule) -> bool {
        (self.only.is_empty() || self.only.contains(&rule)) && !self.ignored.contains(&rule)
    }
}

fn rules(names: &[String]) -> Result<BTreeSet<Rule>, Failure> {
    let known = || Rule::ALL.map(Rule::name).join(", ");
    let rule = |name: &String| {
        Rule::of(name).ok_or_else(|| Failure::UnknownRule { given: name.clone(), known: known() })
    };
    names.iter().map(rule).collect()
}

/// The findings in the form of another program.
fn for_others(args: &DepsArgs, deps: &Deps, analysis: &Analysis<'_>) -> Option<String> {
    let form = match args.format {
        Format::Markdown => markdown,
        Format::Github => github,
        Format::Sarif => |report: &Report<'_>| sarif(report, env!("CARGO_PKG_VERSION")),
        _ => return None,
    };
    let diagnostics: Vec<_> = deps.diagnostics().into_iter().cloned().collect();
    let summary =
        Summary { files: deps.scan.files.len(), imports: analysis.imports.len(), packages: deps.declared() };
    let folder = folder_in_repository(&args.path);
    let mut findings = analysis.findings.clone();
    if !deps.has_project() {
        // uv's commands want a pyproject.toml; what is to be done says the help.
        for finding in &mut findings {
            finding.action = None;
        }
    }
    Some(form(&Report { findings: &findings, diagnostics: &diagnostics, summary, folder: &folder }))
}

/// Annotations name files as the repository does, wherever the project lies in it.
fn folder_in_repository(path: &Path) -> String {
    let Ok(project) = path.canonicalize() else { return String::new() };
    let repository = project.ancestors().find(|folder| folder.join(".git").exists());
    let folder = repository.and_then(|repository| project.strip_prefix(repository).ok());
    let parts: Vec<_> = folder.into_iter().flatten().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

fn show(args: &DepsArgs, deps: &Deps, analysis: &Analysis<'_>, printer: &Printer) -> Result<(), Failure> {
    if let Some(text) = for_others(args, deps, analysis) {
        Printer::data(&text)?;
    }
    if args.format == Format::Text {
        for found in deps.diagnostics() {
            printer.diagnostic(found);
        }
        if args.imports {
            printer.text(&report::imports(analysis, printer.out))?;
        }
        printer.text(&report::deps(deps, analysis, printer.out, printer.is_verbose()))?;
    }
    Ok(())
}

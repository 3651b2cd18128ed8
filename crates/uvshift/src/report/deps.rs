//! What people read of imports and dependencies.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use uvshift_depgraph::{Analysis, Evidence, Finding, Origin, Rule};
use uvshift_diagnostics::Severity;
use uvshift_migrate::{Deps, FixDone, FixPlan};

use crate::paint::Paint;

/// How many places a finding shows where nobody asks for more.
const PLACES: usize = 3;

/// What is here, at a glance; then the findings, rule by rule.
pub(crate) fn deps(deps: &Deps, analysis: &Analysis<'_>, paint: Paint, verbose: bool) -> String {
    let mut text = summary(deps, analysis, paint);
    let style = Style { paint, verbose, has_project: deps.has_project() };
    let shown = |finding: &&Finding| verbose || finding.severity > Severity::Note;
    for rule in Rule::ALL {
        let of_rule: Vec<&Finding> =
            analysis.findings.iter().filter(|found| found.rule == rule).filter(shown).collect();
        if of_rule.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n{}  {}", paint.bold(rule.name()), paint.dim(rule.code().id()));
        for finding in of_rule {
            text.push_str(&one(finding, &style));
        }
    }
    text.push_str(&notes(&analysis.findings, paint, verbose));
    let is_whole = deps.diagnostics().iter().all(|told| told.severity == Severity::Note);
    text.push_str(&verdict(&analysis.findings, is_whole, paint));
    text
}

fn summary(deps: &Deps, analysis: &Analysis<'_>, paint: Paint) -> String {
    let count =
        |holds: fn(&Origin) -> bool| analysis.imports.iter().filter(|found| holds(&found.origin)).count();
    let (standard, own, others) = (
        count(|origin| *origin == Origin::StandardLibrary),
        count(|origin| *origin == Origin::Own),
        count(|origin| matches!(origin, Origin::Distribution(_))),
    );
    let mut text = format!(
        "{}   {} in {}",
        paint.bold("Imports"),
        plural(analysis.imports.len(), "import"),
        plural(deps.scan.files.len(), "file")
    );
    let parts = format!("  ({standard} standard library, {own} own, {others} of distributions)");
    let _ = writeln!(text, "{}", paint.dim(&parts));
    let known: Vec<&str> =
        [deps.lock.as_ref().map(|(_, file)| file), deps.environment.as_ref().map(|(_, shown)| shown)]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
    let known = if known.is_empty() {
        "no lock and no environment: modules are known by table and name, and what these bring in is not known".to_owned()
    } else {
        format!("with {}", known.join(" and "))
    };
    let declared = plural(deps.declared(), "requirement");
    let _ = writeln!(text, "{}  {declared}{}", paint.bold("Declared"), paint.dim(&format!("  ({known})")));
    text
}

/// How findings are shown.
struct Style {
    paint: Paint,
    verbose: bool,
    /// Whether there is a `[project]` that commands of uv can change.
    has_project: bool,
}

fn one(finding: &Finding, style: &Style) -> String {
    let Style { paint, verbose, has_project } = *style;
    let label = match finding.severity {
        Severity::Error => paint.red("error"),
        Severity::Warning => paint.yellow("warning"),
        Severity::Note => paint.cyan("note"),
    };
    let mut text =
        format!("  {label}  {}{}\n", finding.message, paint.dim(&format!("  [{}]", finding.class)));
    let most = if verbose { usize::MAX } else { PLACES };
    for evidence in finding.evidence.iter().take(most) {
        let _ = writeln!(
            text,
            "    {}  {}",
            place(evidence),
            paint.dim(&format!("{}: {}", evidence.form, evidence.text))
        );
    }
    if finding.evidence.len() > most {
        let _ = writeln!(
            text,
            "    {}",
            paint.dim(&format!("and {} more (-v shows them)", finding.evidence.len() - most))
        );
    }
    match (&finding.action, &finding.help) {
        (Some(action), _) if has_project => {
            let _ = writeln!(text, "    {} {}", paint.cyan("fix:"), action.commands().join(" && "));
        }
        (_, Some(help)) => {
            let _ = writeln!(text, "    {} {help}", paint.cyan("help:"));
        }
        _ => {}
    }
    text
}

fn place(evidence: &Evidence) -> String {
    match (evidence.cell, evidence.line) {
        (_, 0) => evidence.file.clone(),
        (Some(cell), line) => format!("{}:cell {cell}:{line}", evidence.file),
        (None, line) => format!("{}:{line}", evidence.file),
    }
}

/// The notes that are not shown, counted.
fn notes(findings: &[Finding], paint: Paint, verbose: bool) -> String {
    if verbose {
        return String::new();
    }
    let mut counts: BTreeMap<Rule, usize> = BTreeMap::new();
    for finding in findings.iter().filter(|found| found.severity == Severity::Note) {
        *counts.entry(finding.rule).or_default() += 1;
    }
    if counts.is_empty() {
        return String::new();
    }
    let listed: Vec<String> = counts.iter().map(|(rule, count)| format!("{count} {rule}")).collect();
    format!("\n{}  {}{}\n", paint.bold("Notes"), listed.join(", "), paint.dim("  (-v shows them)"))
}

fn verdict(findings: &[Finding], is_whole: bool, paint: Paint) -> String {
    let count = |severity| findings.iter().filter(|found| found.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    if errors + warnings == 0 {
        if !is_whole {
            return format!(
                "\n{}\n",
                paint.yellow("What could be read agrees; what could not is named above.")
            );
        }
        let verdict = if findings.is_empty() {
            "What is imported and what is declared agree."
        } else {
            "No errors, no warnings: what is imported and what is declared agree."
        };
        return format!("\n{}\n", paint.green(verdict));
    }
    let fixable =
        findings.iter().filter(|found| found.severity > Severity::Note && found.action.is_some()).count();
    let mut text =
        format!("\n{}, {}", paint.red(&plural(errors, "error")), paint.yellow(&plural(warnings, "warning")));
    if fixable > 0 {
        let _ = write!(text, "; {fixable} of them can be fixed:  uvshift deps --fix");
    }
    text.push('\n');
    text
}

/// Every import, a line each.
pub(crate) fn imports(analysis: &Analysis<'_>, paint: Paint) -> String {
    let mut text = format!("{}\n", paint.bold("Imports"));
    for found in &analysis.imports {
        let import = found.import;
        let cell = import.cell.map(|cell| format!(":cell {cell}")).unwrap_or_default();
        let dots = ".".repeat(import.level as usize);
        let from = match &found.origin {
            Origin::Distribution(mapped) => {
                format!("{} by {}", mapped.distributions.join(" or "), mapped.by.as_str())
            }
            other => other.as_str().to_owned(),
        };
        let about = format!("{} {}  {from}", import.form, found.need);
        let _ = writeln!(
            text,
            "  {}{cell}:{}  {dots}{}  {}",
            found.file,
            import.line,
            import.module,
            paint.dim(&about)
        );
    }
    text.push('\n');
    text
}

/// What `--fix` would change, and what it leaves.
pub(crate) fn fix(plan: &FixPlan, paint: Paint) -> String {
    let mut text = String::new();
    if !plan.is_empty() {
        let _ = writeln!(text, "\n{}", paint.diff(plan.diff().trim_end()).trim_end());
    }
    for left in &plan.left {
        let what = left.action.commands().join(" && ");
        let _ = writeln!(text, "{}  {what}: {}", paint.yellow("left"), left.reason);
        let _ = writeln!(text, "  {} {}", paint.cyan("help:"), left.help);
    }
    for note in &plan.notes {
        let _ = writeln!(text, "{}  {note}", paint.cyan("note"));
    }
    text.push('\n');
    text
}

/// What was changed, and how to undo it.
pub(crate) fn fixed(plan: &FixPlan, done: &FixDone, path: &str, paint: Paint) -> String {
    let mut text = format!("{}\n", paint.green(&format!("{} mended.", plural(plan.fixed.len(), "finding"))));
    let _ = writeln!(text, "  changed   {}", done.changed.join(", "));
    let place = if path == "." { String::new() } else { format!(" {path}") };
    let _ = writeln!(text, "\nUndo:  uvshift rollback{place}");
    text
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

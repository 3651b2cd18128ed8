//! Findings for machines and for reviews: Markdown, annotations of GitHub, SARIF.
//!
//! Everything in a finding can come from a hostile project: names, requirements, paths, messages. Each form escapes what it is
//! given, so that no text leaves its cell, its line or its string.

mod github;
mod markdown;
mod sarif;
mod words;

use std::borrow::Cow;

use uvshift_diagnostics::{Diagnostic, Severity};

use crate::{Action, Evidence, Finding};

pub use github::github;
pub use markdown::markdown;
pub use sarif::sarif;

/// What is reported.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// What the analysis found, in its order.
    pub findings: &'a [Finding],
    /// What could not be read.
    pub diagnostics: &'a [Diagnostic],
    /// How much was looked at.
    pub summary: Summary,
    /// The folder of the project within its repository, with `/` between its parts; empty for the repository itself. The files of
    /// findings are relative to the project, those of annotations and of SARIF to the repository.
    pub folder: &'a str,
}

/// How much was looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files that were scanned.
    pub files: usize,
    /// Imports that were found in them.
    pub imports: usize,
    /// Distributions that are declared.
    pub packages: usize,
}

impl Report<'_> {
    /// How many findings and diagnostics are of this severity.
    fn count(&self, severity: Severity) -> usize {
        self.severities().filter(|found| *found == severity).count()
    }

    /// `2 errors, 1 warning`, or nothing.
    fn counts(&self) -> String {
        let words = [Severity::Error, Severity::Warning, Severity::Note].map(|severity| {
            let count = self.count(severity);
            (count > 0).then(|| counted(count, severity.as_str()))
        });
        words.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    fn severities(&self) -> impl Iterator<Item = Severity> {
        let findings = self.findings.iter().map(|finding| finding.severity);
        findings.chain(self.diagnostics.iter().map(|diagnostic| diagnostic.severity))
    }

    /// A file of the project as the repository names it.
    fn path(&self, file: &str) -> String {
        let mut parts: Vec<&str> = Vec::new();
        for part in self.folder.split('/').chain(file.split('/')) {
            match part {
                "" | "." => {}
                ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        parts.join("/")
    }
}

impl Summary {
    /// `12 files, 30 imports, 1 declared package`
    fn words(self) -> String {
        let Self { files, imports, packages } = self;
        [counted(files, "file"), counted(imports, "import"), counted(packages, "declared package")].join(", ")
    }
}

/// `1 file`, `2 files`
fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

/// A text as a sentence of one line: a capital where it begins with a word that is no `name`, a full stop. A command after
/// a colon and two spaces (`do it:  uv lock`), or that the text is, stands in backticks.
fn sentence(text: &str, name: &str) -> String {
    let line = one_line(text);
    let text = line.trim();
    let is_command = ["uv add ", "uv remove ", "uv lock"].iter().any(|start| text.starts_with(start));
    if is_command {
        return format!("Run `{text}`");
    }
    let (words, command) = match text.split_once(":  ") {
        Some((words, rest)) => match rest.split_once("; ") {
            Some((command, more)) => (words, format!(": `{}`; {more}.", command.trim())),
            None => (words, format!(": `{}`", rest.trim())),
        },
        None if text.is_empty() || text.ends_with(['.', '!', '?', ':']) => (text, String::new()),
        None => (text, ".".to_owned()),
    };
    let is_name = !name.is_empty() && words.starts_with(name);
    let mut letters = words.chars();
    let first = letters.next().filter(|_| !is_name).into_iter().flat_map(char::to_uppercase);
    let rest = if is_name { words } else { letters.as_str() };
    first.chain(rest.chars()).chain(command.chars()).collect()
}

/// The same text without line ends and control characters.
fn one_line(text: &str) -> Cow<'_, str> {
    let is_bad = |letter: char| letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}');
    if text.contains(is_bad) { Cow::Owned(text.replace(is_bad, " ")) } else { Cow::Borrowed(text) }
}

/// All that there is to say of a finding, as sentences of one line; at most so many further places are named.
fn sentences(report: &Report<'_>, finding: &Finding, places: usize) -> String {
    let place = |evidence: &Evidence| place(&report.path(&evidence.file), evidence);
    let Finding { package, message, evidence, help, action, .. } = finding;
    let mut said = vec![sentence(message, package)];
    if let Some(first) = evidence.first().filter(|first| first.cell.is_some()) {
        said.push(format!("See {}.", place(first)));
    }
    let others: Vec<String> = evidence.iter().skip(1).take(places).map(place).collect();
    if !others.is_empty() {
        let left = evidence.len().saturating_sub(1 + places);
        let more = if left > 0 { format!(" and {left} more") } else { String::new() };
        said.push(format!("Also: {}{more}.", others.join(", ")));
    }
    said.extend(help.as_deref().map(|help| sentence(help, package)));
    let commands = action.as_ref().map(Action::commands).unwrap_or_default();
    if !commands.is_empty() {
        said.push(format!("Run: {}", commands.join(" && ")));
    }
    said.retain(|sentence| !sentence.is_empty());
    one_line(&said.join(" ")).into_owned()
}

/// What a diagnostic says, as sentences of one line.
fn sentences_of(diagnostic: &Diagnostic) -> String {
    let help = diagnostic.help.as_deref().map(|help| sentence(help, ""));
    [Some(sentence(&diagnostic.message, "")), help].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Where something is in a file, for people: `a.py:3`, `a.ipynb, cell 2, line 3`.
fn place(file: &str, evidence: &Evidence) -> String {
    match (evidence.cell, evidence.line) {
        (Some(cell), 0) => format!("{file}, cell {cell}"),
        (Some(cell), line) => format!("{file}, cell {cell}, line {line}"),
        (None, 0) => file.to_owned(),
        (None, line) => format!("{file}:{line}"),
    }
}

#[cfg(test)]
mod tests;

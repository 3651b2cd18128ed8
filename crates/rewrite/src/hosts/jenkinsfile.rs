//! Jenkins: the shell steps of a Jenkinsfile and what they would become. Groovy is not edited.

use std::ops::Range;

use uvshift_diagnostics::Diagnostic;

use crate::codes;
use crate::context::Context;
use crate::embedded::{Embedded, Encoding};
use crate::engine::{Environment, Scope};
use crate::hosts::{Host, Kind};
use crate::model::{Left, RewriteOptions, Rewritten};
use crate::script;

/// The quotes of Groovy, the longer ones first.
const QUOTES: &[&str] = &["'''", "\"\"\"", "'", "\""];

/// The host.
pub(crate) const HOST: Host = Host {
    name: "jenkinsfile",
    title: "Jenkins",
    kind: Kind::Reported,
    is: |path, _| {
        let name = path.rsplit('/').next().unwrap_or(path);
        name == "Jenkinsfile" || name.starts_with("Jenkinsfile.") || name.ends_with(".jenkinsfile")
    },
    rewrite: |_, text, context, _: &RewriteOptions| rewrite(text, context),
};

/// A step that runs a script.
struct Step {
    is_shell: bool,
    /// The string without its quotes.
    content: Range<usize>,
    /// `${...}` in it is Groovy's.
    is_template: bool,
}

fn rewrite(text: &str, context: &Context) -> Rewritten {
    let mut found = Rewritten::default();
    let start = Scope { has_uv: true, host_brings_uv: true, ..Scope::at_root() };
    let mut scope = start.clone();
    for step in steps(text) {
        if !step.is_shell {
            tell_windows(text, &step, &mut found);
            continue;
        }
        let embedded = embedded(text, &step);
        let before = scope.clone();
        script::rewrite(&embedded, &mut scope, context, &mut found);
        // Each step has a shell of its own; stages may run on other machines, so what was installed is not taken for granted
        // by what follows unless it is in the same folder, which Jenkins keeps.
        if scope.environment == Environment::Active {
            scope.environment = if scope.synced.is_some() { Environment::Uv } else { before.environment };
        }
        scope.folder.clone_from(&start.folder);
    }
    if !found.edits.is_empty() || !found.left.is_empty() {
        found.diagnostics.push(
            Diagnostic::note(
                codes::REPORTED,
                "a Jenkinsfile is a program, so its steps are shown and not edited",
            )
            .with_help(
                "the machines of Jenkins need uv: in their image, or by `pip install uv` in a first step",
            ),
        );
    }
    found
}

/// The steps `sh`, `bat`, `powershell` and `pwsh` with a string behind them. Comments are passed over.
fn steps(text: &str) -> Vec<Step> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut word = 0..0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("/*") {
            at += rest.find("*/").map_or(rest.len(), |end| end + 2);
        } else if let Some(quote) = QUOTES.iter().find(|quote| rest.starts_with(**quote)) {
            let content = at + quote.len()..end_of_string(text, at + quote.len(), quote);
            at = (content.end + quote.len()).min(text.len());
            let name = text.get(word.clone()).unwrap_or_default();
            if ["sh", "bat", "powershell", "pwsh"].contains(&name) {
                found.push(Step { is_shell: name == "sh", content, is_template: quote.starts_with('"') });
            }
            word = 0..0;
        } else {
            let letter = rest.chars().next().unwrap_or(' ');
            let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
            if is_part(letter) {
                let length = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
                let name = rest.get(..length).unwrap_or_default();
                // `sh(script: '...')` and `sh script: '...'` are the same step.
                if !["script", "label", "returnStdout", "true", "false", "returnStatus"].contains(&name) {
                    word = at..at + length;
                }
                at += length;
            } else {
                if !letter.is_whitespace() && !['(', ':', ','].contains(&letter) {
                    word = 0..0;
                }
                at += letter.len_utf8();
            }
        }
    }
    found
}

fn end_of_string(text: &str, from: usize, quote: &str) -> usize {
    let mut at = from;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with(quote) || (quote.len() == 1 && rest.starts_with('\n')) {
            return at;
        }
        let step = usize::from(rest.starts_with('\\'));
        let letters = rest.chars().take(step + 1);
        at += letters.map(char::len_utf8).sum::<usize>();
    }
    text.len()
}

/// The script of a string, with what Groovy's escapes stand for.
fn embedded(text: &str, step: &Step) -> Embedded {
    let mut script = Embedded::new(Encoding::Verbatim);
    let content = text.get(step.content.clone()).unwrap_or_default();
    let mut from = 0;
    let mut letters = content.char_indices();
    while let Some((at, letter)) = letters.next() {
        if letter != '\\' {
            continue;
        }
        let Some((_, escaped)) = letters.next() else { break };
        let decoded = match escaped {
            'n' => "\n",
            't' => "\t",
            '\\' => "\\",
            '\'' => "'",
            '"' => "\"",
            '$' if step.is_template => "$",
            _ => continue,
        };
        script.push(text, step.content.start + from..step.content.start + at);
        from = at + 1 + escaped.len_utf8();
        script.push_decoded(decoded, step.content.start + at..step.content.start + from);
    }
    script.push(text, step.content.start + from..step.content.end);
    script
}

fn tell_windows(text: &str, step: &Step, found: &mut Rewritten) {
    let content = text.get(step.content.clone()).unwrap_or_default();
    if ["pip install", "poetry ", "pipenv ", "python -m venv"].iter().any(|it| content.contains(it)) {
        let reason = "commands for cmd and PowerShell are not read".to_owned();
        found.left.push(Left { span: step.content.clone(), reason, suggestion: None });
    }
}

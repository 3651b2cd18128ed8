//! Scripts of a file through the engine, and what they make of the file.

use std::ops::Range;

use uvshift_diagnostics::{Diagnostic, Safety, Span};

use crate::codes;
use crate::context::Context;
use crate::embedded::Embedded;
use crate::engine::{Scope, rewrite_script};
use crate::invocation::{Invocation, Via};
use crate::model::{Edit, Left, Rewritten};
use crate::plan::apply;
use crate::rules::WITHOUT_PIP;
use crate::shell;

/// What was done with a script.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Done {
    /// The script as it is then.
    pub(crate) after: String,
    /// Whether anything changes.
    pub(crate) changed: bool,
    /// Whether it uses uv now, or did before.
    pub(crate) uses_uv: bool,
    /// Whether no command is left.
    pub(crate) is_empty: bool,
}

/// Rewrites a script of a file, and adds what comes of it to what was found.
pub(crate) fn rewrite(
    script: &Embedded,
    scope: &mut Scope,
    context: &Context,
    found: &mut Rewritten,
) -> Done {
    let outcome = rewrite_script(script.text(), scope, context);
    let done = Done {
        after: apply(script.text(), &outcome.edits).unwrap_or_else(|| script.text().to_owned()),
        changed: !outcome.edits.is_empty(),
        uses_uv: outcome.uses_uv,
        is_empty: outcome.is_empty && !outcome.edits.is_empty(),
    };
    add(found, script.edits(outcome.edits));
    found.left.extend(script.left(outcome.left));
    if let Some(problem) = outcome.problem {
        let at = script.span(&(problem.at..problem.at)).start;
        let message = format!("this script cannot be read to its end: {}", problem.message);
        found.diagnostics.push(Diagnostic::warning(codes::SCRIPT_UNREADABLE, message).at(Span::new(at, at)));
    }
    done
}

/// Adds edits, those that belong together under numbers of their own.
pub(crate) fn add(found: &mut Rewritten, edits: Vec<Edit>) {
    let used = found.edits.iter().map(|edit| edit.together).max().unwrap_or(0);
    let own =
        |edit: Edit| Edit { together: if edit.together == 0 { 0 } else { edit.together + used }, ..edit };
    found.edits.extend(edits.into_iter().map(own));
}

/// A word of a command that is given as a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Argument {
    /// The word as the program gets it.
    pub(crate) text: String,
    /// Where it stands in the file, quotes included.
    pub(crate) span: Range<usize>,
}

/// What becomes of a command that is given as a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewCommand {
    /// The words; none when the command goes.
    pub(crate) words: Vec<String>,
    /// Why.
    pub(crate) reason: String,
    /// The rule that says so.
    pub(crate) rule: &'static str,
    /// Whether it does the same.
    pub(crate) safety: Safety,
}

/// Rewrites a command that is given as a list of words. What stays is added to what was found.
pub(crate) fn rewrite_words(
    words: &[Argument],
    scope: &mut Scope,
    context: &Context,
    found: &mut Rewritten,
) -> Option<NewCommand> {
    let mut script = Embedded::default();
    for (index, word) in words.iter().enumerate() {
        let blank = if index == 0 { "" } else { " " };
        script.push_decoded(&format!("{blank}{}", quoted(&word.text)), word.span.clone());
    }
    let outcome = rewrite_script(script.text(), scope, context);
    found.left.extend(script.left(outcome.left));
    let first = outcome.edits.first()?;
    let after = apply(script.text(), &outcome.edits)?;
    let is_safe = outcome.edits.iter().all(|edit| edit.safety == Safety::Safe);
    let new = NewCommand {
        words: split(&after)?,
        reason: first.reason.clone(),
        rule: first.rule,
        safety: if is_safe { Safety::Safe } else { Safety::NeedsReview },
    };
    Some(new)
}

/// A word as a shell reads it back as one.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "_-./:@=+,%^".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    // Variables of the file's own program, such as `${workspaceFolder}`, must not look like text.
    if word.contains("${") && !word.contains(['"', '`', '\\']) {
        return format!("\"{word}\"");
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// The words of a script that is one simple command, or none at all.
fn split(script: &str) -> Option<Vec<String>> {
    let parsed = shell::parse(script);
    if parsed.problem.is_some() || parsed.commands.len() > 1 {
        return None;
    }
    let Some(command) = parsed.commands.first() else { return Some(Vec::new()) };
    if !command.assignments.is_empty() || !command.redirections.is_empty() {
        return None;
    }
    let word = |word: &shell::Word| {
        word.literal().or_else(|| Some(word.raw(script).strip_prefix('"')?.strip_suffix('"')?.to_owned()))
    };
    command.words.iter().map(word).collect()
}

/// A command that installs uv the way the script installs its packages: with the same pip, and from the same index.
pub(crate) fn install_uv(script: &str, context: &Context) -> String {
    let requirement = format!("uv=={}", context.uv_version);
    let parsed = shell::parse(script);
    let scope = Scope::default();
    let pip = parsed.commands.iter().find_map(|command| {
        let invocation = Invocation::of(script, command, &scope).filter(|found| found.program == "pip")?;
        // Within an environment of its own, uv would not be on `PATH` for the commands that follow.
        (!matches!(invocation.via, Via::Path(_))).then_some(invocation)
    });
    let Some(pip) = pip.filter(|pip| pip.subcommand().as_deref() == Some("install")) else {
        return format!("pip install {requirement}");
    };
    let start = pip.sudo.as_ref().map_or(pip.program_span.start, |sudo| sudo.start);
    let program = script.get(start..pip.program_span.end).unwrap_or("pip");
    let options = kept_options(script, &pip);
    format!("{program} install {options}{requirement}")
}

/// The options of an install that say where to install to, and where from.
fn kept_options(script: &str, pip: &Invocation<'_>) -> String {
    // Not `--user`: where it is needed, pip does it by itself, and where it is not, nobody looks for programs there.
    const FLAGS: &[&str] = &["--break-system-packages", "-q", "--quiet", "--no-cache-dir"];
    const VALUES: &[&str] =
        &["-i", "--index-url", "--extra-index-url", "--trusted-host", "--proxy", "--cert"];
    let mut options = String::new();
    let mut words = pip.args.iter();
    while let Some(word) = words.next() {
        let raw = word.raw(script);
        let name = raw.split_once('=').map_or(raw, |(name, _)| name);
        let takes_next = VALUES.contains(&name) && name == raw;
        if FLAGS.contains(&raw) || VALUES.contains(&name) {
            options.push_str(raw);
            options.push(' ');
        }
        if takes_next && let Some(value) = words.next() {
            options.push_str(value.raw(script));
            options.push(' ');
        }
    }
    options
}

/// Holds what takes away a newer pip while something is still installed with it.
pub(crate) fn keep_pip(text: &str, found: &mut Rewritten) {
    const BOOTSTRAP: &str = "pip-bootstrap";
    let is_install = |span: &Range<usize>| {
        text.get(span.clone()).is_some_and(|it| it.contains("pip") && it.contains("install"))
    };
    let for_review = |edit: &Edit| edit.rule == "pip-install" && edit.safety != Safety::Safe;
    let stays = found.left.iter().any(|left| is_install(&left.span)) || found.edits.iter().any(for_review);
    for edit in found.edits.iter_mut().filter(|edit| stays && edit.rule == BOOTSTRAP) {
        edit.safety = Safety::NeedsReview;
        edit.reason.push_str("; as long as nobody has looked at the others, pip is still run");
    }
}

/// Holds what a manager installs while it is still asked for the environment that it makes, as by `pipenv --venv`.
pub(crate) fn keep_managers(text: &str, found: &mut Rewritten) {
    let says = |span: &Range<usize>, tool: &str| {
        let said = text.get(span.clone()).unwrap_or_default();
        said.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|word| word == tool)
            && !["publish", "config", "version"].iter().any(|word| said.contains(word))
    };
    for tool in ["pipenv", "poetry", "pdm"] {
        let waits = |edit: &Edit| edit.safety != Safety::Safe && says(&edit.span, tool);
        if !found.left.iter().any(|left| says(&left.span, tool)) && !found.edits.iter().any(waits) {
            continue;
        }
        for edit in
            found.edits.iter_mut().filter(|edit| edit.safety == Safety::Safe && says(&edit.span, tool))
        {
            edit.safety = Safety::NeedsReview;
            edit.reason.push_str("; as long as nobody has looked at the others, ");
            edit.reason.push_str(tool);
            edit.reason.push_str(" is still asked for its own environment");
        }
    }
}

/// An environment in which pip is still run, as long as nobody has looked at the other changes, gets one.
pub(crate) fn seed(text: &str, found: &mut Rewritten) {
    let runs_pip = |span: &Range<usize>| {
        text.get(span.clone()).is_some_and(|it| it.to_ascii_lowercase().contains("pip"))
    };
    let waits = |edit: &&Edit| edit.safety != Safety::Safe && runs_pip(&edit.span);
    if !found.left.iter().any(|left| runs_pip(&left.span)) && !found.edits.iter().any(|edit| waits(&edit)) {
        return;
    }
    for edit in found.edits.iter_mut().filter(|edit| edit.rule == "venv" && !edit.new.contains("--seed")) {
        edit.new = edit.new.replacen("uv venv", "uv venv --seed", 1);
        let why = "pip is still run in the environment, which `--seed` puts into it";
        edit.reason = edit.reason.replacen(WITHOUT_PIP, why, 1);
        edit.safety = Safety::NeedsReview;
    }
}

/// Something that stays, without a suggestion.
pub(crate) fn left(span: Range<usize>, reason: impl Into<String>) -> Left {
    Left { span, reason: reason.into(), suggestion: None }
}

//! Commands that may run a Python whose environment is not on `PATH` any more, and that no rule has looked at.

use std::fmt::Write as _;

use uvshift_diagnostics::Safety;

use crate::engine::{Environment, Scope};
use crate::model::Rewritten;
use crate::shell::{Command, Word, parse};

/// Programs that run a command which stands among their arguments.
const RUNNERS: [&str; 10] =
    ["find", "nohup", "parallel", "screen", "su", "tmux", "trap", "watch", "xargs", "eval"];

/// Holds all edits of a script that moves packages into an environment which a later command of it does not see.
pub(super) fn hold(text: &str, scope: &Scope, found: &mut Rewritten) {
    let moves = found.edits.iter().any(|edit| edit.new.contains("uv sync"));
    if scope.environment != Environment::Uv || !moves {
        return;
    }
    let script = parse(text);
    let is_edited = |command: &Command| {
        found
            .edits
            .iter()
            .any(|edit| edit.span.start < command.span.end && command.span.start < edit.span.end)
    };
    let unseen = script.commands.iter().find(|command| may_run_python(text, command) && !is_edited(command));
    let Some(command) = unseen else { return };
    let shown: String = text.get(command.span.clone()).unwrap_or_default().chars().take(60).collect();
    for edit in &mut found.edits {
        edit.safety = Safety::NeedsReview;
        // Writing into a string cannot fail.
        let _ =
            write!(edit.reason, "; `{shown}` may run programs of the environment and would not find them");
    }
}

fn may_run_python(text: &str, command: &Command) -> bool {
    let Some((program, arguments)) = command.words.split_first() else { return false };
    let raw = program.raw(text);
    if raw.starts_with("./")
        || raw.starts_with("../")
        || raw.rsplit_once('.').is_some_and(|(_, ending)| ending == "sh")
    {
        return true;
    }
    let name = raw.rsplit('/').next().unwrap_or(raw);
    let names_python = |word: &Word| {
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        word.raw(text).split(|letter| !is_part(letter)).any(|part| ["python", "python3"].contains(&part))
    };
    let is_piped = name.starts_with("python") && arguments.iter().any(|word| word.raw(text) == "-");
    is_piped || (RUNNERS.contains(&name) && arguments.iter().any(names_python))
}

//! nox: what the sessions of a noxfile install is told, with a patch. A noxfile is a program, so nothing in it is changed.

mod calls;

use crate::Safety;
use crate::context::Context;
use crate::engine::{Environment, Scope, rewrite_script};
use crate::hosts::{Host, Kind};
use crate::model::{Edit, RewriteOptions, Rewritten};
use crate::plan::apply;
use crate::shell;

use calls::Call;

/// The host.
pub(crate) const HOST: Host = Host {
    name: "noxfile",
    title: "nox",
    kind: Kind::Reported,
    is: |path, _| path.rsplit('/').next() == Some("noxfile.py"),
    rewrite: |path, text, context, _: &RewriteOptions| rewrite(path, text, context),
};

const RULE: &str = "nox-session";

fn rewrite(path: &str, text: &str, context: &Context) -> Rewritten {
    let mut found = Rewritten::default();
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut scope = Scope::default();
    let mut function = None;
    let mut syncs = false;
    for call in calls::read(text) {
        if function != Some(call.function) {
            function = Some(call.function);
            scope = Scope { folder: Some(folder.to_owned()), ..Scope::default() };
        }
        let Some(new) = replacement(&call, &mut scope, context) else { continue };
        syncs |= new.syncs;
        found.edits.push(Edit {
            span: call.span,
            new: new.text,
            rule: RULE,
            reason: new.reason,
            safety: Safety::NeedsReview,
            together: 0,
        });
    }
    if syncs && !text.contains("default_venv_backend") {
        found.edits.extend(backend(text));
    }
    found
}

struct New {
    text: String,
    reason: String,
    syncs: bool,
}

/// What stands in the place of a call of `session.install` or `session.run`.
fn replacement(call: &Call, scope: &mut Scope, context: &Context) -> Option<New> {
    let words: Vec<String> = call.arguments.iter().map(|word| quoted(word)).collect();
    let (script, environment) = match call.method.as_str() {
        "install" => (format!("pip install {}", words.join(" ")), Environment::System),
        "run" | "run_always" | "run_install" if installs(&call.arguments) => {
            (words.join(" "), Environment::System)
        }
        "run" => (words.join(" "), Environment::Foreign),
        _ => return None,
    };
    let before = scope.clone();
    scope.environment = environment;
    let outcome = rewrite_script(&script, scope, context);
    let [edit] = outcome.edits.as_slice() else {
        *scope = before;
        return None;
    };
    let after = apply(&script, &outcome.edits)?;
    let parsed = shell::parse(&after);
    let [command] = parsed.commands.as_slice() else { return None };
    let words: Option<Vec<String>> = command.words.iter().map(shell::Word::literal).collect();
    let words = words?;
    match words.iter().map(String::as_str).take(2).collect::<Vec<_>>().as_slice() {
        ["uv", "sync"] => Some(sync(call, &words, &edit.reason)),
        // `session.install` calls uv by itself where the backend is uv.
        ["uv", "pip" | "tool"] => None,
        _ => Some(New { text: call_of(call, "run", &words, ""), reason: edit.reason.clone(), syncs: false }),
    }
}

/// Whether a program of the session installs or runs by way of another tool.
fn installs(arguments: &[String]) -> bool {
    let mut words = arguments.iter().map(String::as_str);
    let program = words.next().unwrap_or_default();
    let command = words.next().unwrap_or_default();
    matches!((program, command), ("poetry" | "pipenv" | "pdm", "install" | "sync") | ("pip", "install"))
}

/// uv is told to use the environment of the session.
fn sync(call: &Call, words: &[String], reason: &str) -> New {
    let session = &call.session;
    let more = format!(", env={{\"UV_PROJECT_ENVIRONMENT\": {session}.virtualenv.location}}, external=True");
    New {
        text: call_of(call, "run_install", words, &more),
        reason: format!("{reason}, in the environment of the session"),
        syncs: true,
    }
}

fn call_of(call: &Call, method: &str, words: &[String], more: &str) -> String {
    let words: Vec<String> =
        words.iter().map(|word| serde_json::Value::from(word.as_str()).to_string()).collect();
    format!("{}.{method}({}{more})", call.session, words.join(", "))
}

/// A word as a shell reads it back.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:@=+,".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// `nox.options.default_venv_backend` behind the imports.
fn backend(text: &str) -> Option<Edit> {
    let mut at = 0;
    let mut end = None;
    for line in text.split_inclusive('\n') {
        at += line.len();
        if line.trim_end() == "import nox" {
            end = Some(at);
        }
    }
    let end = end?;
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    Some(Edit {
        span: end..end,
        new: format!("{newline}nox.options.default_venv_backend = \"uv\"{newline}"),
        rule: RULE,
        reason: "nox makes its environments with uv then, and `session.install` calls uv".to_owned(),
        safety: Safety::NeedsReview,
        together: 0,
    })
}

//! Shell scripts, and the `.envrc` of direnv.

mod fresh;
mod unseen;

use crate::context::Context;
use crate::embedded::Embedded;
use crate::engine::Scope;
use crate::hosts::{Host, Kind};
use crate::model::{Left, RewriteOptions, Rewritten};
use crate::script;
use crate::shell::{Word, parse};

/// The host.
pub(crate) const HOST: Host = Host {
    name: "shell",
    title: "shell scripts",
    kind: Kind::Edited,
    is: |path, text| is_script(path, text),
    rewrite: |path, text, context, _: &RewriteOptions| rewrite(path, text, context),
};

fn is_script(path: &str, text: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.') {
        Some((_, "sh" | "bash")) => interpreter(text).is_none_or(is_shell),
        Some(("", "envrc")) => true,
        // A program without an ending, such as `bin/setup`.
        None => interpreter(text).is_some_and(is_shell),
        Some(_) => false,
    }
}

/// The program behind `#!`.
pub(crate) fn interpreter(text: &str) -> Option<&str> {
    let line = text.strip_prefix("#!")?.lines().next()?;
    let mut words = line.split_whitespace();
    let program = words.next()?.rsplit('/').next()?;
    if program != "env" {
        return Some(program);
    }
    words.find(|word| !word.starts_with('-') && !word.contains('='))
}

/// Whether a program reads what POSIX sh or bash reads.
pub(crate) fn is_shell(program: &str) -> bool {
    matches!(program, "sh" | "bash" | "dash" | "ash")
}

fn rewrite(path: &str, text: &str, context: &Context) -> Rewritten {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    // Who runs a script of a uv project has uv, as one who ran it before had pip.
    let mut scope = Scope {
        script_folder: Some(folder.to_owned()),
        has_uv: true,
        host_brings_uv: true,
        ..Scope::at_root()
    };
    let mut found = Rewritten::default();
    script::rewrite(&Embedded::verbatim(text, 0..text.len()), &mut scope, context, &mut found);
    unseen::hold(text, &scope, &mut found);
    script::keep_pip(text, &mut found);
    script::keep_managers(text, &mut found);
    script::seed(text, &mut found);
    fresh::hold(text, &mut found);
    if path.rsplit('/').next() == Some(".envrc") {
        found.left.extend(layouts(text));
    }
    found
}

/// The environments that direnv makes by itself.
fn layouts(text: &str) -> Vec<Left> {
    let script = parse(text);
    let layout = |words: &[Word]| match words {
        [first, second, ..] => first.literal().as_deref() == Some("layout") && makes_one(second),
        _ => false,
    };
    let found = script.commands.iter().filter(|command| layout(&command.words));
    let left = found.map(|command| Left {
        span: command.span.clone(),
        reason: "direnv makes an environment of its own here, and uv has `.venv`".to_owned(),
        suggestion: Some("uv sync && source .venv/bin/activate".to_owned()),
    });
    left.collect()
}

fn makes_one(word: &Word) -> bool {
    let name = word.literal().unwrap_or_default();
    ["python", "pipenv", "poetry", "pyenv", "anaconda", "hatch"].iter().any(|start| name.starts_with(start))
}

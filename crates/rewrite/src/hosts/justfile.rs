//! Recipes of just.

mod read;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use uvshift_diagnostics::{Diagnostic, Span};

use crate::codes;
use crate::context::Context;
use crate::engine::{Environment, Scope};
use crate::hosts::shell_script::is_shell;
use crate::hosts::{Host, Kind};
use crate::model::{RewriteOptions, Rewritten};
use crate::references::{Referring, is_name};
use crate::script;
use crate::targets::{self, Doubts, Script, Target, hold};
use read::{Justfile, Recipe, read};

/// The host.
pub(crate) const HOST: Host = Host {
    name: "justfile",
    title: "justfiles",
    kind: Kind::Edited,
    is: |path, _| is_justfile(path),
    rewrite: |path, text, context, _: &RewriteOptions| rewrite(path, text, context),
};

fn is_justfile(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    matches!(name.as_str(), "justfile" | ".justfile")
        || name.strip_suffix(".just").is_some_and(|stem| !stem.is_empty())
}

fn rewrite(path: &str, text: &str, context: &Context) -> Rewritten {
    let file = read(text);
    if let Some((at, message)) = file.problem {
        let message = format!("just cannot read this: {message}");
        let found = Diagnostic::error(codes::UNREADABLE, message).at(Span::new(at, at));
        return Rewritten { diagnostics: vec![found], ..Rewritten::default() };
    }
    if let Some((name, place)) = file.shell.as_ref().filter(|(name, _)| !is_shell(name)) {
        let reason = format!("recipes are for `{name}`, whose commands are not read");
        return Rewritten { left: vec![script::left(place.clone(), reason)], ..Rewritten::default() };
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let values: BTreeMap<String, String> = file
        .variables
        .iter()
        .filter_map(|variable| Some((variable.name.clone(), variable.value.clone()?)))
        .collect();
    let on_path = |variable: &read::Variable| {
        variable.name == "PATH"
            && text.get(variable.line.clone()).is_some_and(|line| line.contains(".venv/bin"))
    };
    let is_active = file.variables.iter().any(on_path);
    let base = Scope {
        environment: if is_active { Environment::Active } else { Environment::System },
        folder: if file.has_folder { None } else { Some(folder.to_owned()) },
        script_folder: Some(folder.to_owned()),
        programs: values,
        has_uv: true,
        host_brings_uv: true,
        ..Scope::default()
    };
    let targets = targets(text, &file);
    let (mut found, base) = targets::rewrite(&targets, &base, context);
    targets::hold_runs(&mut found);
    doubt(text, &file, &targets, &base, &mut found);
    script::keep_pip(text, &mut found);
    script::seed(text, &mut found);
    tell_others(text, &file, &mut found);
    found
}

/// Makes all changes ones for review where recipes may not fit them.
fn doubt(text: &str, file: &Justfile, targets: &[Target], base: &Scope, found: &mut Rewritten) {
    let value = |name: &str| base.programs.get(name).cloned();
    let place = |name: &str| {
        let variable = file.variables.iter().find(|variable| variable.name == name)?;
        Some(variable.line.clone())
    };
    let expanded = |words: &str| expanded(words, &base.programs);
    let doubts = Doubts { text, targets, base, value: &value, place: &place, expanded: &expanded };
    if let Some(doubt) = doubts.first(&found.edits) {
        hold(&doubt, found);
    }
}

/// How often references in values are followed.
const MAX_DEPTH: usize = 6;

/// No text that is looked at is longer with its references filled in.
const MAX_LENGTH: usize = 20_000;

/// A text with the values of `{{name}}` in it, as far as they are known.
fn expanded(words: &str, values: &BTreeMap<String, String>) -> String {
    let mut words = words.replace("{{", "${").replace("}}", "}").replace("${ ", "${");
    for _ in 0..MAX_DEPTH {
        let mut next = String::new();
        let mut rest = words.as_str();
        while let Some((before, behind)) = rest.split_once("${") {
            next.push_str(before);
            let known =
                behind.split_once('}').and_then(|(name, after)| Some((values.get(name.trim())?, after)));
            if let Some((value, after)) = known {
                next.push_str(value);
                rest = after;
            } else {
                next.push_str("${");
                rest = behind;
            }
        }
        next.push_str(rest);
        if next == words || next.len() > MAX_LENGTH {
            break;
        }
        words = next;
    }
    words
}

fn targets(text: &str, file: &Justfile) -> Vec<Target> {
    let named: BTreeMap<&str, usize> =
        file.recipes.iter().enumerate().map(|(index, recipe)| (recipe.name.as_str(), index)).collect();
    let shells = shell_variables(text);
    let target = |recipe: &Recipe| Target {
        needs: recipe.needs.iter().filter_map(|name| named.get(name.as_str())).copied().take(200).collect(),
        scripts: scripts(text, recipe, &shells),
    };
    file.recipes.iter().map(target).collect()
}

/// Each line is a script, or all of them are one behind `#!`.
fn scripts(text: &str, recipe: &Recipe, shells: &BTreeSet<&str>) -> Vec<Script> {
    match recipe.interpreter.as_deref() {
        Some(interpreter) if !is_shell(interpreter) => Vec::new(),
        Some(_) => {
            let Some((first, last)) = recipe.lines.first().zip(recipe.lines.last()) else {
                return Vec::new();
            };
            let mut script = Referring::new("$", &recipe.indent);
            let mut end = first.start;
            for line in &recipe.lines {
                if line.start > end {
                    script.decoded("\n", end..line.start);
                }
                append(&mut script, text, line.clone(), shells);
                end = line.end;
            }
            vec![Script { content: script, place: first.start..last.end, arm: None }]
        }
        None => {
            let script = |line: &Range<usize>| {
                let mut script = Referring::new("$", &recipe.indent);
                let content = text.get(line.clone()).unwrap_or_default();
                let start = line.end - content.trim_start_matches(['@', '-']).len();
                append(&mut script, text, start..line.end, shells);
                Script { content: script, place: whole_line(text, line), arm: None }
            };
            recipe.lines.iter().map(script).collect()
        }
    }
}

/// A line with its indentation and its end.
fn whole_line(text: &str, line: &Range<usize>) -> Range<usize> {
    let before = text.get(..line.start).unwrap_or_default();
    let start = before.trim_end_matches([' ', '\t']).len();
    let behind = text.get(line.end..).unwrap_or_default();
    let end = behind.find('\n').map_or(behind.len(), |at| at + 1);
    start..line.end + end
}

fn append(script: &mut Referring, text: &str, span: Range<usize>, shells: &BTreeSet<&str>) {
    let mut at = span.start;
    while let Some(rest) = text.get(at..span.end).filter(|rest| !rest.is_empty()) {
        let length = rest.find("{{").unwrap_or(rest.len());
        script.push(text, at..at + length);
        at += length;
        let Some(behind) = rest.get(length..).filter(|behind| !behind.is_empty()) else { return };
        if behind.starts_with("{{{{") {
            script.decoded("{{", at..at + 4);
            at += 4;
            continue;
        }
        let Some(close) = behind.find("}}") else {
            script.push(text, at..span.end);
            return;
        };
        let place = at..at + close + 2;
        let name = behind.get(2..close).unwrap_or_default().trim();
        if is_name(name) && !shells.contains(name) {
            script.variable(name, text, place.clone());
        } else {
            script.opaque(text, place.clone());
        }
        at = place.end;
    }
}

/// The names of the variables that shells of the file have themselves.
fn shell_variables(text: &str) -> BTreeSet<&str> {
    let names = text.split('$').skip(1).map(|rest| {
        let rest = rest.strip_prefix('{').unwrap_or(rest);
        let end =
            rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default()
    });
    names.filter(|name| !name.is_empty()).collect()
}

/// Recipes in other languages are not read.
fn tell_others(text: &str, file: &Justfile, found: &mut Rewritten) {
    let others = file.recipes.iter().filter_map(|recipe| {
        let interpreter = recipe.interpreter.as_deref().filter(|interpreter| !is_shell(interpreter))?;
        let (first, last) = recipe.lines.first().zip(recipe.lines.last())?;
        let old = ["pip install", "\"pip\"", "'pip'", "poetry", "pipenv", "virtualenv"];
        let body = text.get(first.start..last.end)?;
        let at = old.iter().find_map(|old| body.find(old))?;
        let line = body.get(..at)?.rfind('\n').map_or(0, |at| at + 1);
        let length = body.get(line..)?.find('\n').unwrap_or(body.len() - line);
        let start = first.start + line;
        let blank =
            text.get(start..start + length)?.len() - text.get(start..start + length)?.trim_start().len();
        Some((start + blank..start + length, interpreter))
    });
    for (place, interpreter) in others {
        let reason = format!("this recipe is for `{interpreter}`, which is not read");
        found.left.push(script::left(place, reason));
    }
}

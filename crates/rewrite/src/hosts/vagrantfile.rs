//! Vagrantfile: scripts of the provisioner `shell` that stand in the file. They are told and not changed: the machine may have
//! been made long ago, and what runs in it cannot be tried.

use std::ops::Range;

use crate::context::Context;
use crate::embedded::Embedded;
use crate::engine::{Scope, rewrite_script};
use crate::hosts::{Host, Kind};
use crate::model::{Left, RewriteOptions, Rewritten};

/// The host.
pub(crate) const HOST: Host =
    Host { name: "vagrantfile", title: "Vagrantfile", kind: Kind::Reported, is, rewrite };

fn is(path: &str, _text: &str) -> bool {
    path.rsplit('/').next() == Some("Vagrantfile")
}

fn rewrite(_path: &str, text: &str, context: &Context, _options: &RewriteOptions) -> Rewritten {
    let mut rewritten = Rewritten::default();
    let mut scope = Scope::at_root();
    for span in scripts(text) {
        let script = Embedded::verbatim(text, span.clone());
        let outcome = rewrite_script(script.text(), &mut scope, context);
        rewritten.left.extend(script.left(outcome.left));
        rewritten.edits.extend(script.edits(outcome.edits));
    }
    if !rewritten.edits.is_empty() && !rewritten.edits.iter().any(|edit| edit.new.contains("install uv")) {
        let at = rewritten.edits.first().map_or(0, |edit| edit.span.start);
        rewritten.left.push(Left {
            span: at..at,
            reason: "the machine needs uv before these commands run".to_owned(),
            suggestion: Some("pip3 install uv".to_owned()),
        });
    }
    rewritten
}

/// The documents `<<-SCRIPT` of lines that speak of a shell, and `inline: "..."`.
fn scripts(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open: Option<(&str, usize)> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim();
        if let Some((name, from)) = open {
            if content == name {
                found.push(from..start);
                open = None;
            }
        } else if !content.starts_with('#') {
            match document(content) {
                Some(name) => open = Some((name, start + line.len())),
                None => found.extend(inline(line).map(|span| start + span.start..start + span.end)),
            }
        }
        start += line.len();
    }
    found
}

/// The name of the document that a line starts.
fn document(line: &str) -> Option<&str> {
    let (_, after) = line.split_once("<<")?;
    let after = after.trim_start_matches(['-', '~']).trim_start_matches(['\'', '"']);
    let end = after.find(|letter: char| !(letter.is_alphanumeric() || letter == '_')).unwrap_or(after.len());
    after.get(..end).filter(|name| name.starts_with(|letter: char| letter.is_ascii_uppercase()))
}

fn inline(line: &str) -> Option<Range<usize>> {
    let at = line.find("inline:")? + "inline:".len();
    let rest = line.get(at..)?;
    let start = at + rest.len() - rest.trim_start().len();
    let quote = line.get(start..)?.chars().next().filter(|letter| "'\"".contains(*letter))?;
    let inner = line.get(start + 1..)?;
    let length = inner.find(quote)?;
    let script = inner.get(..length)?;
    (!script.contains('\\')).then_some(start + 1..start + 1 + length)
}

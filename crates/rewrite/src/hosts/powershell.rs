//! PowerShell scripts: commands are looked for line by line, and what would have to change is told.

use std::ops::Range;

use crate::context::Context;
use crate::embedded::{Embedded, Encoding};
use crate::engine::Scope;
use crate::hosts::{Host, Kind};
use crate::model::{RewriteOptions, Rewritten};
use crate::script;
use crate::shell::parse;

/// The host.
pub(crate) const HOST: Host = Host {
    name: "powershell",
    title: "PowerShell scripts",
    kind: Kind::Reported,
    is: |path, _| path.to_ascii_lowercase().ends_with(".ps1"),
    rewrite: |path, text, context, _: &RewriteOptions| rewrite(path, text, context),
};

fn rewrite(path: &str, text: &str, context: &Context) -> Rewritten {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut scope = Scope {
        script_folder: Some(folder.to_owned()),
        has_uv: true,
        host_brings_uv: true,
        ..Scope::at_root()
    };
    let mut found = Rewritten::default();
    for command in commands(text).into_iter().flat_map(|line| statements(text, line)) {
        let script = as_shell(text, command.clone());
        if parse(script.text()).problem.is_none() {
            // Variables are of PowerShell, so none of them is looked up.
            let mut own = Rewritten::default();
            script::rewrite(&script, &mut scope, context, &mut own);
            script::add(&mut found, own.edits);
            found.left.extend(own.left);
        } else if is_about(text.get(command.clone()).unwrap_or_default()) {
            found.left.push(script::left(command, "this line of PowerShell cannot be read for sure"));
        }
    }
    found
}

/// Whether a line runs an installer.
fn is_about(line: &str) -> bool {
    ["pip install", "pip3 install", "poetry ", "pipenv ", "virtualenv "].iter().any(|old| line.contains(old))
}

/// The lines with a command, with those that continue them, without comments and long texts.
fn commands(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    let mut until: Option<&str> = None;
    let mut continues = false;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let content = line.trim_end();
        if let Some(end) = until {
            if content.contains(end) {
                until = None;
            }
            continue;
        }
        until = match content {
            content if content.contains("<#") && !content.contains("#>") => Some("#>"),
            content if content.ends_with("@\"") => Some("\"@"),
            content if content.ends_with("@'") => Some("'@"),
            _ => None,
        };
        let trimmed = content.trim_start();
        let begin = start + (content.len() - trimmed.len());
        match found.last_mut() {
            Some(last) if continues => last.end = start + content.len(),
            _ if until.is_none() && is_command(trimmed) => {
                let call = trimmed.strip_prefix('&').map_or(trimmed, str::trim_start);
                found.push(begin + (trimmed.len() - call.len())..start + content.len());
            }
            _ => {}
        }
        continues =
            content.ends_with('`') && found.last().is_some_and(|last| last.end == start + content.len());
    }
    found
}

/// What stands between `;` in a line without quotes.
fn statements(text: &str, line: Range<usize>) -> Vec<Range<usize>> {
    let content = text.get(line.clone()).unwrap_or_default();
    if content.contains(['"', '\'', '(']) && !content.contains("; if (") {
        return vec![line];
    }
    let mut at = line.start;
    let mut found = Vec::new();
    for part in content.split(';') {
        let start = at + (part.len() - part.trim_start().len());
        found.push(start..at + part.trim_end().len().max(start - at));
        at += part.len() + 1;
    }
    found.retain(|part| is_command(text.get(part.clone()).unwrap_or_default()));
    found
}

/// Lines that begin with a program. Blocks, variables and comments do not.
fn is_command(line: &str) -> bool {
    !line.is_empty() && !line.starts_with(['#', '$', '{', '}', '(', ')', '[', '@', '|'])
}

/// A line as the parser of shells reads it: `\` divides folders, and a backquote continues a line.
fn as_shell(text: &str, span: Range<usize>) -> Embedded {
    let mut script = Embedded::new(Encoding::Verbatim);
    let mut at = span.start;
    while let Some(rest) = text.get(at..span.end).filter(|rest| !rest.is_empty()) {
        let length = rest.find(['\\', '`']).unwrap_or(rest.len());
        script.push(text, at..at + length);
        at += length;
        match rest.as_bytes().get(length) {
            Some(b'\\') => {
                script.push_decoded("/", at..at + 1);
                at += 1;
            }
            Some(_) => {
                let end =
                    rest.get(length..).and_then(|rest| rest.find('\n')).map_or(span.end, |end| at + end + 1);
                script.push_decoded(" ", at..end);
                at = end;
            }
            None => {}
        }
    }
    script
}

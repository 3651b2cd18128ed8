//! Commands of an environment of tox, which stand in an environment that tox has made.

use uvshift_ini::{Key, Section};

use super::Tox;
use super::deps::folder_of;
use crate::embedded::{Embedded, Encoding};
use crate::engine::{Environment, Scope};
use crate::model::Rewritten;
use crate::script;

/// Rewrites the commands of an environment.
pub(super) fn rewrite(tox: &Tox<'_>, section: &Section, found: &mut Rewritten) {
    let scope =
        Scope { environment: Environment::Foreign, folder: folder_of(tox, section), ..Scope::default() };
    for key in section
        .keys
        .iter()
        .filter(|key| matches!(key.name.as_str(), "commands" | "commands_pre" | "commands_post"))
    {
        let taken = tox.span_of(key);
        if found.edits.iter().any(|edit| edit.span.start <= taken.start && taken.end <= edit.span.end) {
            continue;
        }
        for command in commands(tox, key) {
            script::rewrite(&command, &mut scope.clone(), tox.context, found);
        }
    }
}

/// The commands of a key; a backslash at the end of a line continues one.
fn commands(tox: &Tox<'_>, key: &Key) -> Vec<Embedded> {
    let mut found = Vec::new();
    let mut open: Option<Embedded> = None;
    for part in key.parts.iter().filter(|part| !part.text.is_empty()) {
        let Some(line) = tox.document.lines().get(part.line.saturating_sub(1)) else { continue };
        let text = line.span.text(tox.text).unwrap_or_default();
        // The text stands last on its line, but for a comment.
        let Some(at) = text.rfind(&part.text) else { continue };
        let start = line.span.start + at;
        let end = start + part.text.len();
        let continued = part.text.ends_with('\\');
        let skipped = if open.is_some() { 0 } else { prefix(&part.text) };
        let script = open.get_or_insert_with(|| Embedded::new(Encoding::Verbatim));
        script.push(tox.text, start + skipped..end);
        if continued {
            script.push(tox.text, end..line.span.end);
        } else if let Some(script) = open.take() {
            found.push(script);
        }
    }
    found.extend(open);
    found
}

/// What stands before a command: factors, and `-` or `!` for what is made of its exit status.
fn prefix(text: &str) -> usize {
    let mut at = 0;
    if let Some((factor, rest)) = text.split_once(": ") {
        let is_factor = |letter: char| letter.is_ascii_alphanumeric() || "-_.,!{} ".contains(letter);
        if factor.chars().all(is_factor) && !factor.contains("  ") && !factor.starts_with("- ") {
            at = text.len() - rest.trim_start().len();
        }
    }
    let rest = text.get(at..).unwrap_or_default();
    let trimmed = rest.trim_start_matches(['-', '!', ' ']);
    text.len() - trimmed.len()
}

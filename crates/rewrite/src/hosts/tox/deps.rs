//! What an environment of tox installs, and what that became.

use std::collections::BTreeSet;
use std::ops::Range;

use uvshift_diagnostics::Safety;
use uvshift_ini::{Key, Section};

use super::Tox;
use crate::context::{Became, Selection, UvProject, distribution, joined};
use crate::engine::{Scope, rewrite_script};

/// References to other sections are followed so deep.
const MAX_DEPTH: usize = 6;

/// What an environment installs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Deps {
    /// Nothing of its own, or what has nothing to do with old files.
    Own,
    /// What became parts of pyproject.toml, and nothing else.
    Locked {
        /// The parts.
        selection: Selection,
        /// Groups for some factors only, as `py311: dev`.
        by_factor: Vec<(String, String)>,
        /// Commands that installed them, with their lines.
        installs: Vec<Range<usize>>,
        /// The groups have more than was asked for.
        more: bool,
    },
    /// Both.
    Mixed {
        /// Why it stays.
        reason: String,
    },
}

impl Deps {
    pub(super) fn safety(&self) -> Safety {
        match self {
            Self::Locked { more: true, .. } => Safety::NeedsReview,
            _ => Safety::Safe,
        }
    }
}

#[derive(Default)]
struct Found {
    selection: Selection,
    by_factor: Vec<(String, String)>,
    /// An old file was among it.
    became: bool,
    more: bool,
    /// A line that is something else.
    other: Option<String>,
}

/// What an environment installs.
pub(super) fn read(tox: &Tox<'_>, section: &Section, project: &UvProject) -> Deps {
    let mut found = Found::default();
    if let Some(key) = section.key("deps") {
        for part in &key.parts {
            line(tox, &part.text, project, &mut found, 0);
        }
    }
    let installs = installs(tox, section, &mut found);
    if !installs.is_empty()
        && section.key("deps").is_none()
        && let Some(key) = tox.inherited(section, "deps")
    {
        for part in &key.parts {
            line(tox, &part.text, project, &mut found, 0);
        }
    }
    let Found { selection, by_factor, became, more, other } = found;
    match (became, other) {
        (false, _) => Deps::Own,
        (true, Some(other)) => Deps::Mixed {
            reason: format!(
                "`{other}` is in no group of the project, beside files that are in pyproject.toml now"
            ),
        },
        (true, None) => Deps::Locked { selection, by_factor, installs, more },
    }
}

/// A line of `deps`.
fn line(tox: &Tox<'_>, text: &str, project: &UvProject, found: &mut Found, depth: usize) {
    let (factor, text) = factor(text.trim());
    let text = text.trim();
    if text.is_empty() || found.other.is_some() {
        return;
    }
    if let Some(key) = referred(tox, text).filter(|_| depth < MAX_DEPTH && factor.is_none()) {
        for part in &key.parts {
            line(tox, &part.text, project, found, depth + 1);
        }
        return;
    }
    let selection = match meaning(tox, text, project) {
        Meaning::Became(selection) => {
            found.became = true;
            selection
        }
        Meaning::Declared(selection) => {
            found.more |= !selection.groups.is_empty();
            selection
        }
        Meaning::Nothing => return,
        Meaning::Other => {
            found.other = Some(text.to_owned());
            return;
        }
    };
    match factor {
        None => found.selection.join(&selection),
        Some(factor) if !selection.main && selection.extras.is_empty() => {
            found.by_factor.extend(selection.groups.into_iter().map(|group| (factor.to_owned(), group)));
        }
        Some(_) => found.other = Some(text.to_owned()),
    }
}

enum Meaning {
    Became(Selection),
    Declared(Selection),
    Nothing,
    Other,
}

fn meaning(tox: &Tox<'_>, text: &str, project: &UvProject) -> Meaning {
    for (option, is_constraint) in
        [("--requirement", false), ("-r", false), ("--constraint", true), ("-c", true)]
    {
        let Some(file) = text.strip_prefix(option) else { continue };
        let file = file.trim_start_matches(['=', ' ', '\t']);
        let file = ["{toxinidir}/", "{tox_root}/", "./"]
            .iter()
            .fold(file, |file, start| file.strip_prefix(start).unwrap_or(file));
        return match tox.context.became(tox.folder, file) {
            Some(Became::Selection(selection)) if !is_constraint => Meaning::Became(selection.clone()),
            Some(_) => Meaning::Nothing,
            None => Meaning::Other,
        };
    }
    let path = text.strip_prefix("-e").map_or(text, str::trim);
    if let Some(extras) = path.strip_prefix('.').and_then(extras) {
        let known = extras.iter().all(|extra| project.extras.contains(extra));
        let selection = Selection { main: true, groups: BTreeSet::new(), extras };
        return if known { Meaning::Declared(selection) } else { Meaning::Other };
    }
    let name = distribution(text);
    // A version of its own is another wish than that of the project.
    match project.declared.get(&name).and_then(|places| places.first()) {
        Some(place) if text.len() == name.len() && place.extras.is_empty() => {
            Meaning::Declared(place.clone())
        }
        _ => Meaning::Other,
    }
}

/// The extras of `[a,b]`; none of nothing.
fn extras(text: &str) -> Option<BTreeSet<String>> {
    if text.is_empty() {
        return Some(BTreeSet::new());
    }
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    Some(inner.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect())
}

/// `py311,lint: text`: the factors, and the text behind them.
fn factor(text: &str) -> (Option<&str>, &str) {
    let Some((factor, rest)) = text.split_once(':') else { return (None, text) };
    let is_factor = |letter: char| letter.is_ascii_alphanumeric() || "-_.,!{} ".contains(letter);
    let good = !factor.is_empty() && factor.chars().all(is_factor) && rest.starts_with([' ', '\t']);
    if good && !factor.starts_with(['-', '.']) { (Some(factor.trim()), rest) } else { (None, text) }
}

/// `{[section]deps}`
fn referred<'d>(tox: &'d Tox<'_>, text: &str) -> Option<&'d Key> {
    let inner = text.strip_prefix("{[")?.strip_suffix('}')?;
    let (section, key) = inner.split_once(']')?;
    tox.document.section(section)?.key(key)
}

/// Commands in front of all others that do nothing but install parts of pyproject.toml.
fn installs(tox: &Tox<'_>, section: &Section, found: &mut Found) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let Some(key) = section.key("commands_pre") else { return spans };
    let commands: Vec<_> = key.parts.iter().filter(|part| !part.text.is_empty()).collect();
    if commands.iter().any(|part| part.text.ends_with('\\')) {
        return spans;
    }
    for part in &commands {
        let mut scope = Scope { folder: Some(tox.folder.to_owned()), ..Scope::default() };
        let outcome = rewrite_script(&part.text, &mut scope, tox.context);
        let (Some(selection), [edit]) = (scope.synced, outcome.edits.as_slice()) else { return Vec::new() };
        if edit.safety != Safety::Safe
            || !edit.new.starts_with("uv sync")
            || edit.span != (0..part.text.len())
        {
            return Vec::new();
        }
        found.selection.join(&selection);
        found.became = true;
    }
    if !commands.is_empty() {
        let whole = tox.span_of(key);
        spans.push(tox.with_newline(&whole));
    }
    spans
}

/// A path of a command, from the root.
pub(super) fn folder_of(tox: &Tox<'_>, section: &Section) -> Option<String> {
    let key = ["changedir", "change_dir"].iter().find_map(|name| tox.inherited(section, name));
    let Some(key) = key else { return Some(tox.folder.to_owned()) };
    let value = key.value.as_deref()?.trim();
    let value = ["{toxinidir}", "{tox_root}"]
        .iter()
        .fold(value, |value, start| value.strip_prefix(start).unwrap_or(value));
    if value.contains('{') { None } else { joined(tox.folder, value.trim_start_matches('/')) }
}

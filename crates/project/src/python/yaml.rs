//! CI configuration in YAML, read as text: a parser turns an unquoted `3.10` into `3.1`, and a file with a
//! mistake in it still says which versions it means.

use super::container::image_version;
use super::token::{self, unquoted};
use super::{EvidenceKind, Found, ci};

/// Keys that hold versions of Python in one service or another, in lower case without `-`, `_` and `.`.
const KEYS: &[&str] = &[
    "pythonversion",
    "pythonversions",
    "python",
    "pythons",
    "pyversion",
    "pyversions",
    "pyver",
    "py",
    "versionspec",
    "pythonver",
];
/// Keys whose value is an image.
const IMAGE_KEYS: &[&str] = &["image", "container", "name", "docker", "baseimage"];
/// Keys whose value is a name of a tox environment.
const TOX_KEYS: &[&str] = &["toxenv", "toxenvs", "tox", "toxpython", "env", "toxfactor"];

/// A line without its comment.
#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    number: usize,
    indent: usize,
    text: &'a str,
}

/// Finds every version that a CI file names.
pub(super) fn scan(text: &str, what: EvidenceKind, found: &mut Found<'_>) {
    let lines = lines(text);
    let extra = matrix_names(&lines);
    for (index, line) in lines.iter().enumerate() {
        let (key_indent, body) = without_dashes(*line);
        // `- python:3.9` and `- "3.9"` have no key; those that matter are read with the key above them.
        for (key, value) in pairs(body) {
            let key = plain(key);
            if KEYS.contains(&key.as_str()) || extra.contains(&key) {
                found.versions(line.number, what, values(&lines, index, key_indent, value));
            } else if IMAGE_KEYS.contains(&key.as_str()) {
                found.versions(line.number, what, image_version(value));
            } else if TOX_KEYS.contains(&key.as_str()) {
                found.versions(
                    line.number,
                    what,
                    tox_environments(&values(&lines, index, key_indent, value)),
                );
            } else if what == EvidenceKind::ReadTheDocs && key == "version" && under_python(&lines, index) {
                found.versions(line.number, what, [value]);
            }
        }
        if let Some((_, environment)) = body.split_once("TOXENV=") {
            let list = environment.split_whitespace().next().unwrap_or_default().trim_matches(['"', '\'']);
            found.versions(line.number, what, ci::environments(list));
        }
    }
}

/// `TOXENV: py39` and `env: py39-django`; `env:` is also the key of a table, which has no such values.
fn tox_environments(values: &[String]) -> Vec<String> {
    values
        .iter()
        .filter(|value| !value.contains(['=', '$', ' ']))
        .flat_map(|value| ci::environments(value))
        .collect()
}

/// The lines that are not blank, not comments and not inside the text of a script.
fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut block: Option<usize> = None;
    for (number, line) in text.lines().enumerate() {
        let indent = line.len() - line.trim_start().len();
        if block.is_some_and(|block| indent > block || line.trim().is_empty()) {
            continue;
        }
        block = None;
        let body = without_comment(line).trim();
        if body.is_empty() {
            continue;
        }
        let line = Line { number: number + 1, indent, text: body };
        let (key_indent, rest) = without_dashes(line);
        if let Some((key, value)) = pairs(rest).first().filter(|_| !rest.starts_with('{'))
            && value.starts_with(['|', '>'])
            && !KEYS.contains(&plain(key).as_str())
        {
            block = Some(key_indent);
        } else if rest.starts_with(['|', '>']) && rest.len() <= 2 {
            // `- |` opens a script too.
            block = Some(indent);
        }
        lines.push(line);
    }
    lines
}

fn without_comment(line: &str) -> &str {
    let mut quote = None;
    let mut before = ' ';
    for (at, character) in line.char_indices() {
        match (character, quote) {
            ('#', None) if before.is_whitespace() => return line.get(..at).unwrap_or_default(),
            ('"' | '\'', None) => quote = Some(character),
            (_, Some(open)) if open == character => quote = None,
            _ => {}
        }
        before = character;
    }
    line
}

/// The text behind the dashes of a list, and where it is indented to.
fn without_dashes(line: Line<'_>) -> (usize, &str) {
    let mut text = line.text;
    while let Some(rest) = text.strip_prefix("- ") {
        text = rest.trim_start();
    }
    (line.indent + line.text.len() - text.len(), text)
}

/// The keys of a line with their values: one, or those of `{ python: "3.9", os: linux }`.
fn pairs(text: &str) -> Vec<(&str, &str)> {
    if let Some(inner) = text.strip_prefix('{') {
        let inner = inner.trim_end().trim_end_matches(',').trim_end_matches('}');
        return split_flow(inner).into_iter().flat_map(pairs).collect();
    }
    let Some((key, value)) =
        text.split_once(':').filter(|(_, value)| value.is_empty() || value.starts_with(' '))
    else {
        return Vec::new();
    };
    let (key, value) = (key.trim(), value.trim());
    if value.starts_with('{') {
        let mut all = pairs(value);
        all.insert(0, (key, ""));
        return all;
    }
    vec![(key, value)]
}

/// The parts of a flow list or map, split at its own commas.
fn split_flow(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start, mut quote) = (0_usize, 0, None);
    for (at, character) in text.char_indices() {
        match (character, quote) {
            ('"' | '\'', None) => quote = Some(character),
            (_, Some(open)) if open == character => quote = None,
            ('[' | '{', None) => depth += 1,
            (']' | '}', None) => depth = depth.saturating_sub(1),
            (',', None) if depth == 0 => {
                parts.push(text.get(start..at).unwrap_or_default().trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or_default().trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// The values of a key: a scalar, a list in either form, the lines of a block, `fromJSON('[...]')`.
fn values(lines: &[Line<'_>], index: usize, key_indent: usize, value: &str) -> Vec<String> {
    if value.contains("${{") {
        return json_strings(value);
    }
    if value.starts_with('[') {
        return flow_list(lines, index, value);
    }
    if !value.is_empty() && !value.starts_with(['|', '>', '&']) {
        return vec![unquoted(value).to_owned()];
    }
    let mut found = Vec::new();
    for (offset, line) in lines.iter().enumerate().skip(index + 1) {
        let is_item = line.text.starts_with("- ");
        if line.indent < key_indent || (line.indent == key_indent && !is_item) {
            break;
        }
        if line.text.starts_with('[') {
            return flow_list(lines, offset, line.text);
        }
        let (_, item) = without_dashes(*line);
        if item.starts_with('{') || !pairs(item).is_empty() {
            continue;
        }
        if is_item || value.starts_with(['|', '>']) {
            found.push(unquoted(item.trim_matches([',', '[', ']'])).to_owned());
        }
    }
    found
}

/// A flow list that starts in a line and may go on in the next ones.
fn flow_list(lines: &[Line<'_>], index: usize, start: &str) -> Vec<String> {
    let mut text = start.to_owned();
    for line in lines.iter().skip(index + 1) {
        if text.contains(']') {
            break;
        }
        text.push(' ');
        text.push_str(line.text);
    }
    let inner = text.trim_start_matches('[').split(']').next().unwrap_or_default();
    split_flow(inner).into_iter().map(|item| unquoted(item).to_owned()).collect()
}

/// The quoted strings of `${{ fromJSON('["3.9", "3.10"]') }}`.
fn json_strings(text: &str) -> Vec<String> {
    let parts = text.split(['"', '\'', '[', ']', ',']).map(str::trim);
    parts.filter(|part| token::version(part).is_some()).map(str::to_owned).collect()
}

/// The names of other keys that a version is taken from: `${{ matrix.NAME }}`.
fn matrix_names(lines: &[Line<'_>]) -> Vec<String> {
    let mut names = Vec::new();
    for line in lines {
        for (key, value) in pairs(without_dashes(*line).1) {
            let is_image = IMAGE_KEYS.contains(&plain(key).as_str()) && value.contains("python:");
            if !KEYS.contains(&plain(key).as_str()) && !is_image {
                continue;
            }
            for (_, rest) in value
                .match_indices("matrix.")
                .filter_map(|(at, word)| value.split_at_checked(at + word.len()))
            {
                let end = rest.find(|next: char| !next.is_alphanumeric() && next != '-' && next != '_');
                names.push(plain(rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()));
            }
        }
    }
    names
}

/// A key in lower case without what separates its words.
fn plain(key: &str) -> String {
    unquoted(key)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

/// Whether the key above is `python:`, as in the older form of Read the Docs.
fn under_python(lines: &[Line<'_>], index: usize) -> bool {
    let Some(line) = lines.get(index) else { return false };
    let above = lines.get(..index).unwrap_or_default().iter().rev().find(|other| other.indent < line.indent);
    above.is_some_and(|above| above.text == "python:")
}

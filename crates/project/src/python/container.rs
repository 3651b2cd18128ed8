//! Images of containers.

use std::collections::BTreeMap;

use super::{EvidenceKind, Found, token};

/// `FROM python:3.10-slim AS x` with its `ARG`s.
pub(super) fn dockerfile(text: &str, found: &mut Found<'_>) {
    let mut arguments: BTreeMap<String, String> = BTreeMap::new();
    for (number, instruction) in instructions(text) {
        let Some((word, rest)) = instruction.trim().split_once(char::is_whitespace) else { continue };
        if word.eq_ignore_ascii_case("arg") {
            for pair in rest.split_whitespace() {
                if let Some((name, value)) = pair.split_once('=') {
                    let value = substituted(token::unquoted(value), &arguments);
                    arguments.insert(name.to_owned(), value);
                }
            }
        } else if word.eq_ignore_ascii_case("from") {
            let image = rest.split_whitespace().find(|word| !word.starts_with("--"));
            let image = substituted(image.unwrap_or_default(), &arguments);
            if let Some(version) = image_version(&image) {
                found.versions(number, EvidenceKind::Dockerfile, [version]);
            }
        }
    }
}

/// The instructions with the line each starts on; continued lines are joined.
fn instructions(text: &str) -> Vec<(usize, String)> {
    let mut instructions: Vec<(usize, String)> = Vec::new();
    let mut continues = false;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (part, goes_on) = line.strip_suffix('\\').map_or((line, false), |part| (part, true));
        match instructions.last_mut() {
            Some((_, last)) if continues => {
                last.push(' ');
                last.push_str(part);
            }
            _ => instructions.push((number + 1, part.to_owned())),
        }
        continues = goes_on;
    }
    instructions
}

/// `$NAME`, `${NAME}`, `${NAME:-default}` by the defaults of the arguments.
fn substituted(text: &str, arguments: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let (name, default, remaining) = if let Some(braced) = after.strip_prefix('{') {
            let (inner, remaining) = braced.split_once('}').unwrap_or((braced, ""));
            let (name, default) =
                inner.split_once(":-").or_else(|| inner.split_once('-')).unwrap_or((inner, ""));
            (name, default, remaining)
        } else {
            let end = after.find(|character: char| !character.is_alphanumeric() && character != '_');
            let (name, remaining) = after.split_at(end.unwrap_or(after.len()));
            (name, "", remaining)
        };
        out.push_str(arguments.get(name).map_or(default, String::as_str));
        rest = remaining;
    }
    out.push_str(rest);
    out
}

/// The version of Python of an image, as a word for [`token::read`]: from the tag of an image called `python`
/// (`cimg/python:3.9`, `python:3.10-slim@sha256:..`), or from `python3.12` in the tag of any other.
pub(super) fn image_version(image: &str) -> Option<String> {
    let image = token::unquoted(image);
    let image = image.split('@').next().unwrap_or_default();
    let (repository, tag) = image.rsplit_once(':')?;
    let name = repository.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    if name == "pypy" || name == "graalpy" {
        return Some(format!("{name}:{tag}"));
    }
    let tag = if name == "python" || name == "python-dev" {
        tag
    } else {
        tag.split_once("python").map(|(_, version)| version.trim_start_matches('-'))?
    };
    let (major, minor) = token::version(tag).or_else(|| token::version_within(tag))?;
    Some(format!("{major}.{minor}"))
}

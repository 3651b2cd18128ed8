//! `per-file-ignores`.

use std::collections::BTreeSet;

use uvshift_diagnostics::Diagnostic;

use crate::codes::OVERLAPPING_PATTERNS;
use crate::report::Outcome;
use crate::section::Section;

use super::flake8::option;
use super::globs::from_fnmatch;
use super::output::Output;
use super::selection::{Selection, is_known};
use super::values::{lines, refuse};

/// Takes the option over.
pub(crate) fn read(tool: &str, section: &Section, selection: &Selection, out: &mut Output) {
    let Some(key) = section.keys.iter().find(|key| option(key) == "per-file-ignores") else { return };
    let lines = lines(section, key, out);
    let text = lines.iter().map(|line| line.content.as_str()).collect::<Vec<_>>().join("\n");
    let Some(entries) = mapping(&text) else {
        refuse(section, key, "`pattern: codes` on each line", out);
        return out.row(tool, section, key, None, Outcome::Dropped("flake8 refuses it".to_owned()));
    };
    let all = selection.rules(&[]);
    let mut seen: Vec<&str> = Vec::new();
    let mut unknown: BTreeSet<&str> = BTreeSet::new();
    for (pattern, codes) in &entries {
        if seen.contains(&pattern.as_str()) {
            let message = format!("`{pattern}` stands twice in `{}`; flake8 takes the first only", key.name);
            out.say(&section.place(key), Diagnostic::note(OVERLAPPING_PATTERNS, message));
            continue;
        }
        seen.push(pattern);
        for code in codes.iter().filter(|code| !is_known(code)) {
            unknown.insert(code);
            out.external.insert(code.clone());
        }
        let left = selection.rules(codes);
        let ignored: BTreeSet<String> = all.difference(&left).cloned().collect();
        if !ignored.is_empty() {
            out.per_file.entry(from_fnmatch(pattern)).or_default().extend(ignored);
        }
    }
    overlapping(&section.place(key), &entries, out);
    let mut why = format!("the codes are those that {tool} would not report in these files");
    if !unknown.is_empty() {
        why = format!("{why}; ruff has no {}", unknown.into_iter().collect::<Vec<_>>().join(", "));
    }
    out.row(tool, section, key, Some("lint.per-file-ignores"), Outcome::Changed(why));
}

/// Says which files ruff may ignore more in: flake8 takes the longest pattern that matches, ruff all of them.
fn overlapping(place: &crate::model::Place, entries: &[(String, Vec<String>)], out: &mut Output) {
    for (at, (one, codes)) in entries.iter().enumerate() {
        for (other, others) in entries.iter().skip(at + 1) {
            let is_wide = |pattern: &str, name: &str| {
                pattern.contains('/')
                    && pattern.ends_with('*')
                    && (!name.contains('/') || name.starts_with(pattern.trim_end_matches('*')))
            };
            // Of the two, the longer one counts; one with a slash is longer, since flake8 puts the folder in front.
            let length = |pattern: &str| (pattern.contains('/'), pattern.len());
            let (counts, hidden) =
                if length(one) >= length(other) { (codes, others) } else { (others, codes) };
            let is_same =
                hidden.iter().all(|code| counts.iter().any(|prefix| code.starts_with(prefix.as_str())));
            if one != other && !is_same && (is_wide(one, other) || is_wide(other, one)) {
                let message = format!(
                    "`{one}` and `{other}` of `per-file-ignores` may match one file; flake8 takes the longer pattern only, ruff both"
                );
                let help = "ruff ignores the codes of both there; that can only hide findings, never add any";
                let diagnostic = Diagnostic::warning(OVERLAPPING_PATTERNS, message).with_help(help);
                out.say(place, diagnostic);
            }
        }
    }
}

/// The pairs of pattern and codes, as flake8 reads them; nothing where it refuses the text.
pub(crate) fn mapping(text: &str) -> Option<Vec<(String, Vec<String>)>> {
    let mut out = Vec::new();
    if text.trim().is_empty() {
        return Some(out);
    }
    let (mut files, mut codes): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let (mut separated, mut after_colon) = (true, false);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_end = |character: char| character.is_whitespace() || matches!(character, ':' | ',');
        let end = rest.find(is_end).unwrap_or(rest.len());
        if end == 0 {
            // White space around a colon is a part of it.
            let trimmed = rest.trim_start();
            if trimmed.starts_with(':') {
                if after_colon {
                    return None;
                }
                (after_colon, separated) = (true, true);
                rest = trimmed.strip_prefix(':').unwrap_or_default().trim_start();
            } else {
                separated = true;
                rest = rest.get(first.len_utf8()..).unwrap_or_default();
            }
            continue;
        }
        let (word, behind) = rest.split_at(end);
        rest = behind;
        let is_code = is_code(word) && !behind.starts_with(':');
        if !separated || (!after_colon && is_code) {
            return None;
        }
        separated = false;
        if after_colon && is_code {
            codes.push(word.to_owned());
        } else if after_colon {
            close(&mut files, &mut codes, &mut out);
            after_colon = false;
            files.push(word.to_owned());
        } else {
            files.push(word.to_owned());
        }
    }
    if !after_colon {
        return None;
    }
    close(&mut files, &mut codes, &mut out);
    Some(out)
}

fn close(files: &mut Vec<String>, codes: &mut Vec<String>, out: &mut Vec<(String, Vec<String>)>) {
    if !codes.is_empty() {
        out.extend(files.iter().map(|file| (file.clone(), codes.clone())));
    }
    files.clear();
    codes.clear();
}

fn is_code(word: &str) -> bool {
    let digits = word.trim_start_matches(|letter: char| letter.is_ascii_uppercase());
    digits.len() < word.len() && digits.bytes().all(|digit| digit.is_ascii_digit())
}

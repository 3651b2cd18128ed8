//! A line of a recipe as the shell gets it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::read::{Makefile, Recipe, Rule};
use crate::references::{Referring, is_name};

/// The script of a recipe line.
pub(super) fn script(text: &str, rule: &Rule, recipe: &Recipe, names: &Names<'_>) -> Referring {
    let mut script = Referring::new("$$", "\t");
    let start = begin(text, &recipe.span);
    append(&mut script, text, start..recipe.span.end, rule, names);
    script
}

/// All of a recipe as one script, and where it stands.
pub(super) fn whole(text: &str, rule: &Rule, names: &Names<'_>) -> Option<(Referring, Range<usize>)> {
    let first = rule.recipe.first()?;
    let mut script = Referring::new("$$", "\t");
    let mut end = first.span.end;
    for (index, recipe) in rule.recipe.iter().enumerate() {
        let start = if index == 0 { begin(text, &recipe.span) } else { recipe.span.start };
        if index > 0 {
            script.decoded("\n", end..start);
        }
        append(&mut script, text, start..recipe.span.end, rule, names);
        end = recipe.span.end;
    }
    Some((script, first.span.start..end))
}

/// Names that mean something in all recipes of a file.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    /// Variables that shells of the file have themselves: `$$NAME`, `$${NAME}`.
    shells: BTreeSet<&'a str>,
    /// Variables of make that name an old file.
    files: BTreeMap<&'a str, String>,
}

impl<'a> Names<'a> {
    pub(super) fn of(text: &'a str, makefile: &'a Makefile, is_old: impl Fn(&str) -> bool) -> Self {
        let shells = text.split("$$").skip(1).map(|rest| {
            let rest = rest.strip_prefix('{').unwrap_or(rest);
            let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
            rest.split(|letter| !is_part(letter)).next().unwrap_or_default()
        });
        let files = makefile.variables.iter().take(MAX_VARIABLES).filter_map(|variable| {
            let value = value(text, makefile, &variable.name).filter(|value| is_old(value))?;
            Some((variable.name.as_str(), value))
        });
        Self { shells: shells.filter(|name| !name.is_empty()).collect(), files: files.collect() }
    }
}

/// No Makefile of a project has more variables.
const MAX_VARIABLES: usize = 200;

/// What a word is that is one variable with a plain value.
pub(super) fn plain(text: &str, makefile: &Makefile, word: &str) -> Option<String> {
    let behind = word.strip_prefix('$')?;
    let name = behind.strip_prefix('(').and_then(|name| name.strip_suffix(')'));
    let name = name.or_else(|| behind.strip_prefix('{')?.strip_suffix('}'))?;
    value(text, makefile, name).filter(|value| !value.contains(['$', ' ']))
}

/// The value of a variable as a shell reads it; none when make works it out.
pub(super) fn value(text: &str, makefile: &Makefile, name: &str) -> Option<String> {
    let mut found = makefile.variables.iter().filter(|variable| variable.name == name);
    let variable = found.next()?;
    if found.next().is_some() || variable.is_local || matches!(variable.operator, "+=" | "!=") {
        return None;
    }
    let mut script = Referring::new("$$", "");
    append_value(&mut script, text, variable.value.clone());
    let value = script.text();
    (!value.contains("${{")).then(|| value.to_owned())
}

/// The value of a variable, which no target has a say in.
pub(super) fn append_value(script: &mut Referring, text: &str, value: Range<usize>) {
    append(script, text, value, &Rule::default(), &Names::default());
}

/// Where the command begins, behind `@`, `-` and `+`.
fn begin(text: &str, span: &Range<usize>) -> usize {
    let line = text.get(span.clone()).unwrap_or_default();
    span.end - line.trim_start_matches(['@', '-', '+', ' ', '\t']).len()
}

fn append(script: &mut Referring, text: &str, span: Range<usize>, rule: &Rule, names: &Names<'_>) {
    let mut at = span.start;
    while let Some(rest) = text.get(at..span.end).filter(|rest| !rest.is_empty()) {
        let length = rest.find(['$', '\n']).unwrap_or(rest.len());
        script.push(text, at..at + length);
        at += length;
        match rest.as_bytes().get(length) {
            Some(b'$') => at = reference(script, text, at, span.end, rule, names),
            Some(_) => {
                // make takes the tab off a line that continues another one.
                script.push(text, at..at + 1);
                at += 1;
                at += usize::from(text.as_bytes().get(at) == Some(&b'\t') && at < span.end);
            }
            None => {}
        }
    }
}

/// What begins with `$`; where it ends.
fn reference(
    script: &mut Referring,
    text: &str,
    at: usize,
    end: usize,
    rule: &Rule,
    names: &Names<'_>,
) -> usize {
    let Some(behind) = text.get(at + 1..end) else { return end };
    let Some(first) = behind.chars().next() else {
        script.push(text, at..end);
        return end;
    };
    let span = at..at + 1 + first.len_utf8();
    let automatic = |words: &[Range<usize>]| -> Option<String> {
        let words: Vec<&str> = words.iter().filter_map(|word| text.get(word.clone())).collect();
        let is_plain = |word: &&str| !word.contains(['$', '%', '\'', '"', ' ', '\\']);
        (!words.is_empty() && words.iter().all(is_plain)).then(|| words.join(" "))
    };
    let found = match first {
        '$' => Some("$".to_owned()),
        '<' => automatic(rule.prerequisites.get(..1).unwrap_or_default()),
        '^' | '+' => automatic(&rule.prerequisites),
        '@' if rule.targets.len() == 1 => automatic(&rule.targets),
        '(' | '{' => return bracketed(script, text, at, end, names),
        _ => None,
    };
    match found {
        Some(found) => script.decoded(&found, span.clone()),
        None => script.opaque(text, span.clone()),
    }
    span.end
}

/// `$(NAME)`, or a function.
fn bracketed(script: &mut Referring, text: &str, at: usize, end: usize, names: &Names<'_>) -> usize {
    let mut depth = 0_usize;
    let rest = text.get(at..end).unwrap_or_default();
    let close = rest.bytes().position(|byte| {
        depth += usize::from(matches!(byte, b'(' | b'{'));
        depth -= usize::from(matches!(byte, b')' | b'}') && depth > 0);
        depth == 0 && matches!(byte, b')' | b'}')
    });
    let Some(close) = close else {
        script.push(text, at..end);
        return end;
    };
    let span = at..at + close + 1;
    let name = text.get(at + 2..at + close).unwrap_or_default();
    if let Some(file) = names.files.get(name) {
        script.decoded(file, span.clone());
    } else if is_name(name) && !names.shells.contains(name) {
        script.variable(name, text, span.clone());
    } else {
        script.opaque(text, span.clone());
    }
    span.end
}

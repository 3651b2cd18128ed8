//! A line of a recipe as the shell gets it.

use std::collections::BTreeSet;
use std::ops::Range;

use super::read::{Makefile, Recipe, Rule};
use crate::references::{Referring, is_name};

/// The script of a recipe line. `shells` are the names of variables that the shell has itself anywhere in the file.
pub(super) fn script(text: &str, rule: &Rule, recipe: &Recipe, shells: &BTreeSet<&str>) -> Referring {
    let mut script = Referring::new("$$", "\t");
    let start = begin(text, &recipe.span);
    append(&mut script, text, start..recipe.span.end, rule, shells);
    script
}

/// All of a recipe as one script, and where it stands.
pub(super) fn whole(text: &str, rule: &Rule, shells: &BTreeSet<&str>) -> Option<(Referring, Range<usize>)> {
    let first = rule.recipe.first()?;
    let mut script = Referring::new("$$", "\t");
    let mut end = first.span.end;
    for (index, recipe) in rule.recipe.iter().enumerate() {
        let start = if index == 0 { begin(text, &recipe.span) } else { recipe.span.start };
        if index > 0 {
            script.decoded("\n", end..start);
        }
        append(&mut script, text, start..recipe.span.end, rule, shells);
        end = recipe.span.end;
    }
    Some((script, first.span.start..end))
}

/// The names of the variables that shells of the file have themselves: `$$NAME`, `$${NAME}`.
pub(super) fn shell_variables(text: &str) -> BTreeSet<&str> {
    let names = text.split("$$").skip(1).map(|rest| {
        let rest = rest.strip_prefix('{').unwrap_or(rest);
        let end =
            rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default()
    });
    names.filter(|name| !name.is_empty()).collect()
}

/// The value of a variable as a shell reads it; none when make works it out.
pub(super) fn value(text: &str, makefile: &Makefile, name: &str) -> Option<String> {
    let mut found = makefile.variables.iter().filter(|variable| variable.name == name);
    let variable = found.next()?;
    if found.next().is_some() || variable.is_local || matches!(variable.operator, "+=" | "!=") {
        return None;
    }
    let mut script = Referring::new("$$", "");
    append(&mut script, text, variable.value.clone(), &Rule::default(), &BTreeSet::new());
    let value = script.text();
    (!value.contains("${{")).then(|| value.to_owned())
}

/// Where the command begins, behind `@`, `-` and `+`.
fn begin(text: &str, span: &Range<usize>) -> usize {
    let line = text.get(span.clone()).unwrap_or_default();
    span.end - line.trim_start_matches(['@', '-', '+', ' ', '\t']).len()
}

fn append(script: &mut Referring, text: &str, span: Range<usize>, rule: &Rule, shells: &BTreeSet<&str>) {
    let mut at = span.start;
    while let Some(rest) = text.get(at..span.end).filter(|rest| !rest.is_empty()) {
        let length = rest.find(['$', '\n']).unwrap_or(rest.len());
        script.push(text, at..at + length);
        at += length;
        match rest.as_bytes().get(length) {
            Some(b'$') => at = reference(script, text, at, span.end, rule, shells),
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
    shells: &BTreeSet<&str>,
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
        '(' | '{' => return bracketed(script, text, at, end, shells),
        _ => None,
    };
    match found {
        Some(found) => script.decoded(&found, span.clone()),
        None => script.opaque(text, span.clone()),
    }
    span.end
}

/// `$(NAME)`, or a function.
fn bracketed(script: &mut Referring, text: &str, at: usize, end: usize, shells: &BTreeSet<&str>) -> usize {
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
    if is_name(name) && !shells.contains(name) {
        script.variable(name, text, span.clone());
    } else {
        script.opaque(text, span.clone());
    }
    span.end
}

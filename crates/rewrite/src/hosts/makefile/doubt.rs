//! What a Makefile has that the changed commands of it may not fit: then a person looks at all of them.

use std::ops::Range;

use super::read::{Makefile, Recipe, Rule};
use super::{now, recipe};
use crate::context::Context;
use crate::engine::Scope;
use crate::model::{Edit, Rewritten};
use crate::targets::{Doubts, Target, hold, is_within};

/// How often references in values are followed.
const MAX_DEPTH: usize = 6;

/// No line of a recipe that is looked at is longer with its references filled in.
const MAX_LENGTH: usize = 20_000;

/// No Makefile of a project compiles more files, each with a rule of its own.
const MAX_COMPILED: usize = 40;

/// A Makefile with the changes that were found for it.
pub(super) struct Doubted<'a> {
    pub(super) text: &'a str,
    pub(super) folder: &'a str,
    pub(super) makefile: &'a Makefile,
    pub(super) context: &'a Context,
}

impl Doubted<'_> {
    /// Makes all changes ones for review where there is a doubt.
    pub(super) fn review(&self, targets: &[Target], base: &Scope, found: &mut Rewritten) {
        let value = |name: &str| recipe::value(self.text, self.makefile, name);
        let place = |name: &str| {
            let variable = self.makefile.variables.iter().find(|variable| variable.name == name)?;
            Some(variable.value.clone())
        };
        let expanded = |words: &str| self.expanded(words);
        let doubts =
            Doubts { text: self.text, targets, base, value: &value, place: &place, expanded: &expanded };
        let doubt = doubts.first(&found.edits).or_else(|| self.compiled_file(&found.edits));
        if let Some(doubt) = doubt {
            hold(&doubt, found);
        }
    }

    /// A file that a changed recipe made, and that others still use.
    fn compiled_file(&self, edits: &[Edit]) -> Option<String> {
        // `uv pip compile` makes it as before.
        let edits: Vec<&Edit> = edits.iter().filter(|edit| !edit.new.contains("pip compile")).collect();
        let is_changed = |line: &Recipe| edits.iter().any(|edit| is_within(&edit.span, &place(line)));
        let rules = self.makefile.rules.iter().filter(|rule| rule.recipe.iter().any(is_changed));
        let makes_file = |rule: &&Rule| {
            let mut names = rule.targets.iter().filter_map(|target| self.text.get(target.clone()));
            names.any(|name| name.starts_with(['%', '$']) || now(self.folder, name, self.context).is_some())
        };
        for rule in rules.filter(makes_file).take(MAX_COMPILED) {
            for target in rule.targets.iter().filter_map(|target| self.text.get(target.clone())) {
                let target = self.expanded(target);
                let suffix = target.strip_prefix('%').filter(|suffix| has_ending(suffix, "txt"));
                let is_it = |word: &str| match suffix {
                    Some(suffix) => word.ends_with(suffix),
                    None => word.trim_start_matches("./") == target,
                };
                if suffix.is_none() && now(self.folder, &target, self.context).is_none() {
                    continue;
                }
                let others = self.makefile.rules.iter().filter(|other| !std::ptr::eq(*other, rule));
                let uses = |other: &Rule| {
                    let lines = other.recipe.iter().filter(|line| !is_changed(line)).map(|line| &line.span);
                    let words = other.prerequisites.iter().chain(lines);
                    let mut words = words.filter_map(|words| self.text.get(words.clone()));
                    words.any(|words| self.expanded(words).split_whitespace().any(is_it))
                };
                if others.filter(|other| !other.recipe.is_empty() || !is_phony(self.text, other)).any(uses) {
                    return Some(format!("`{target}` is not made any more, and other targets use it"));
                }
            }
        }
        None
    }

    /// A text with the values of variables in it, as far as they are known.
    fn expanded(&self, words: &str) -> String {
        let mut words = words.to_owned();
        for _ in 0..MAX_DEPTH {
            let mut next = String::new();
            let mut rest = words.as_str();
            while let Some((before, behind)) = rest.split_once('$') {
                next.push_str(before);
                let end = behind.find([')', '}']).map_or(0, |end| end + 1);
                let (reference, after) = behind.split_at_checked(end).unwrap_or(("", behind));
                let name = reference.trim_matches(['(', ')', '{', '}']);
                let value = recipe::value(self.text, self.makefile, name).filter(|_| end > 0);
                if let Some(value) = value {
                    next.push_str(&value);
                } else {
                    next.push('$');
                    next.push_str(reference);
                }
                rest = after;
            }
            next.push_str(rest);
            if next == words || next.len() > MAX_LENGTH {
                break;
            }
            words = next;
        }
        words
    }
}

fn place(line: &Recipe) -> Range<usize> {
    line.line.clone().unwrap_or(line.span.clone())
}

fn has_ending(path: &str, ending: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, found)| found == ending)
}

fn is_phony(text: &str, rule: &Rule) -> bool {
    rule.targets.iter().filter_map(|target| text.get(target.clone())).any(super::is_special)
}

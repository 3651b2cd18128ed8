//! Findings against facts.

use super::tools::Told;
use super::truth::{Fact, Truth, Verdict};

/// The findings of one tool under one rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Score {
    pub(crate) right: Vec<String>,
    /// Said, and not so.
    pub(crate) wrong: Vec<String>,
    /// So, and not said.
    pub(crate) overlooked: Vec<String>,
}

impl Score {
    /// The part of what was said that is so; 1 where nothing was said.
    pub(crate) fn precision(&self) -> f64 {
        part(self.right.len(), self.wrong.len())
    }

    /// The part of what is so that was said; 1 where nothing is.
    pub(crate) fn recall(&self) -> f64 {
        part(self.right.len(), self.overlooked.len())
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.right.extend_from_slice(&other.right);
        self.wrong.extend_from_slice(&other.wrong);
        self.overlooked.extend_from_slice(&other.overlooked);
    }
}

#[expect(clippy::cast_precision_loss, reason = "there are dozens of them")]
fn part(right: usize, others: usize) -> f64 {
    if right + others == 0 { 1.0 } else { right as f64 / (right + others) as f64 }
}

/// Unused requirements, of those that users install or of the extras for development. What a group lists is not judged.
pub(crate) fn unused(truth: &Truth, told: &Told, for_development: bool) -> Score {
    let facts: Vec<&Fact> =
        truth.declared.iter().filter(|fact| fact.is_for_development == for_development).collect();
    let said = told.unused.iter().filter(|name| facts.iter().any(|fact| is(fact, name)));
    compare(said, &facts, |verdict| verdict == Verdict::Unused)
}

/// Imports that are not declared; with those that something else brings, or without.
pub(crate) fn missing(truth: &Truth, told: &Told, with_transitive: bool) -> Score {
    let transitive = told.transitive.iter().filter(|_| with_transitive);
    let facts: Vec<&Fact> = truth.imported.iter().collect();
    compare(told.missing.iter().chain(transitive), &facts, |verdict| {
        verdict == Verdict::Missing || with_transitive && verdict == Verdict::Transitive
    })
}

fn compare<'a>(
    said: impl Iterator<Item = &'a String>,
    facts: &[&Fact],
    is_so: impl Fn(Verdict) -> bool,
) -> Score {
    let mut score = Score::default();
    for name in said {
        match facts.iter().find(|fact| is(fact, name)).map(|fact| (fact, fact.verdict)) {
            Some((_, Verdict::Open | Verdict::Misplaced)) => {}
            Some((fact, verdict)) if is_so(verdict) => score.right.push(fact.package.clone()),
            _ => score.wrong.push(name.clone()),
        }
    }
    score.right.sort();
    score.right.dedup();
    let overlooked = facts.iter().filter(|fact| is_so(fact.verdict) && !score.right.contains(&fact.package));
    score.overlooked = overlooked.map(|fact| fact.package.clone()).collect();
    score
}

fn is(fact: &Fact, name: &str) -> bool {
    fact.package == name || fact.aliases.iter().any(|alias| alias == name)
}

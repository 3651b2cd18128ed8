//! Poetry's version constraints as PEP 440 and PEP 508 have them, after poetry-core 2.5.
//!
//! A constraint is a choice (`||`) of lists of clauses (`,` or space). A clause always has an equal in PEP 440; a choice
//! has one only where its gaps can be written with `!=`. In a marker, every choice is an `or`.

mod clause;
mod marker;
mod python;
mod ranges;
mod split;

#[cfg(test)]
pub(super) mod oracle;
#[cfg(test)]
mod tests;

use pep440_rs::{Version, VersionSpecifiers};

use self::clause::Clause;
use self::ranges::Ranges;
use crate::meaning::around;

pub(super) use self::marker::platform_marker;

/// Why a constraint cannot be carried, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    /// Lower case, no full stop.
    pub(super) why: String,
    /// An imperative.
    pub(super) advice: String,
}

impl Problem {
    pub(super) fn new(why: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { why: why.into(), advice: advice.into() }
    }
}

/// A constraint in PEP 440.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Translation {
    /// Specifiers joined with commas; empty for any version.
    pub(super) text: String,
    /// A pre-release that only one of the two allows, where PEP 440 cannot draw the line.
    pub(super) differs_at: Option<Version>,
}

/// A constraint as Poetry reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Constraint {
    alternatives: Vec<Vec<Clause>>,
}

/// More clauses than any project has; what comes from a file may not take forever.
const MOST_CLAUSES: usize = 200;

impl Constraint {
    /// Reads a constraint, or says what Poetry would not read either.
    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        let alternatives: Vec<Vec<Clause>> = split::alternatives(text)
            .into_iter()
            .map(|alternative| split::clauses(alternative).into_iter().map(Clause::parse).collect())
            .collect::<Result<_, _>>()?;
        if alternatives.iter().map(Vec::len).sum::<usize>() > MOST_CLAUSES {
            let why = format!("the constraint has more than {MOST_CLAUSES} clauses");
            return Err(Problem::new(why, "write it shorter"));
        }
        Ok(Self { alternatives })
    }

    /// Whether it says nothing.
    pub(super) fn is_any(&self) -> bool {
        self.alternatives.iter().any(|clauses| clauses.iter().all(|clause| *clause == Clause::Any))
    }

    /// Whether the constraint allows a version; none if PEP 440 cannot say.
    pub(super) fn allows(&self, version: &Version) -> Option<bool> {
        Some(self.each_alone()?.iter().any(|specifiers| contains(specifiers, version)))
    }

    /// The same in PEP 440.
    pub(super) fn specifiers(&self) -> Result<Translation, Problem> {
        if self.is_any() {
            return Ok(Translation { text: String::new(), differs_at: None });
        }
        match self.alternative_texts()?.as_slice() {
            [text] => Ok(Translation { text: text.clone(), differs_at: None }),
            texts => self.one_for_all(texts),
        }
    }

    /// The same as a marker about the Python that a dependency is for; empty for any Python.
    pub(super) fn python_marker(&self) -> Result<String, Problem> {
        if self.is_any() {
            return Ok(String::new());
        }
        let parts: Vec<Vec<String>> = self
            .alternatives
            .iter()
            .map(|clauses| clauses.iter().map(marker::python_clause).collect::<Result<Vec<_>, _>>())
            .map(|parts| parts.map(|parts| parts.concat()))
            .collect::<Result<_, _>>()?;
        if let [only] = parts.as_slice() {
            return Ok(only.join(" and "));
        }
        let parts: Vec<String> = parts
            .iter()
            .map(|part| if part.len() == 1 { part.concat() } else { format!("({})", part.join(" and ")) })
            .collect();
        Ok(parts.join(" or "))
    }

    /// `Requires-Python` as poetry-core writes it for the `python` of a project; none for any Python.
    pub(super) fn requires_python(&self) -> Result<Option<String>, Problem> {
        if self.is_any() {
            return Ok(None);
        }
        let nothing = || Problem::new("the constraint allows no Python", "write one that some Python meets");
        python::requires_python(self).map(Some).ok_or_else(nothing)
    }

    /// Every clause of every alternative as one range set.
    fn ranges(&self, clause: impl Fn(&Clause) -> Ranges) -> Ranges {
        let alternatives = self.alternatives.iter().map(|clauses| {
            clauses.iter().map(&clause).fold(Ranges::all(), |known, next| known.intersection(&next))
        });
        alternatives.fold(Ranges::none(), |known, next| known.union(&next))
    }

    fn each_alone(&self) -> Option<Vec<VersionSpecifiers>> {
        self.alternative_texts().ok()?.iter().map(|text| text.parse().ok()).collect()
    }

    /// Every alternative as a list of specifiers.
    fn alternative_texts(&self) -> Result<Vec<String>, Problem> {
        let text = |clauses: &Vec<Clause>| {
            let texts: Vec<_> = clauses.iter().map(Clause::specifiers).collect::<Result<_, _>>()?;
            Ok(texts.concat().join(","))
        };
        self.alternatives.iter().map(text).collect()
    }

    /// A choice as one list: bounds and gaps, checked on every version around each of them.
    fn one_for_all(&self, texts: &[String]) -> Result<Translation, Problem> {
        let refused = || {
            let why = format!("one list of PEP 440 cannot say `{}`", texts.join("` or `"));
            Problem::new(
                why,
                "keep one of the ranges, or list the dependency once per range with `python` or `markers`",
            )
        };
        let text = self.ranges(Clause::ranges).to_specifiers().ok_or_else(refused)?;
        let differs_at = self.differences(&text).ok_or_else(refused)?.into_iter().next();
        match differs_at {
            Some(version) if !version.any_prerelease() => Err(refused()),
            differs_at => Ok(Translation { text, differs_at }),
        }
    }

    /// Versions that only one of this and the text allows, final ones first. None if the text is not PEP 440.
    fn differences(&self, text: &str) -> Option<Vec<Version>> {
        let alone = self.each_alone()?;
        let together: VersionSpecifiers = text.parse().ok()?;
        let clauses = alone.iter().flat_map(|specifiers| specifiers.iter()).chain(together.iter());
        let mut grid: Vec<Version> = clauses.flat_map(|clause| around(clause.version())).collect();
        grid.sort_unstable();
        grid.dedup();
        grid.retain(|version| {
            alone.iter().any(|specifiers| contains(specifiers, version)) != contains(&together, version)
        });
        grid.sort_by_key(Version::any_prerelease);
        Some(grid)
    }
}

/// Whether specifiers allow a version. `pep440_rs` 0.7 forgets to fill up a short version with zeros, so that `==1.2.*`
/// would allow 1.
fn contains(specifiers: &VersionSpecifiers, version: &Version) -> bool {
    let longest = specifiers.iter().map(|clause| clause.version().release().len()).max().unwrap_or(0);
    let mut release = version.release().to_vec();
    release.resize(longest.max(release.len()), 0);
    specifiers.contains(&version.clone().with_release(release))
}

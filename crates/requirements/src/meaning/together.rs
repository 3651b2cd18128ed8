//! What several requirements of one package ask for together, in one environment after the other.

use std::collections::{BTreeSet, HashMap};
use std::str::FromStr as _;

use pep440_rs::{Version, VersionSpecifiers};

use super::environment::{Environment, environments};
use super::specifier_difference;
use crate::marker::Marker;
use crate::{Requirement, normalize_name};

/// In what two lists of requirements of one package differ, in words, where the project can be installed at all.
///
/// `python` is the `Requires-Python` of the project: an environment outside of it does not count. An extra counts
/// alone and not at all, because that is how pip evaluates markers. A list of several requirements and another list
/// may divide the environments differently and still mean the same.
pub fn together_difference(ours: &[&Requirement], theirs: &[&Requirement], python: &str) -> Option<String> {
    difference_in(environments(), ours, theirs, python)
}

/// The same only for the Pythons that can have built a wheel here: metadata that a setup.py computes speak for these alone.
pub fn together_difference_here(
    ours: &[&Requirement],
    theirs: &[&Requirement],
    python: &str,
) -> Option<String> {
    difference_in(environments().filter(Environment::is_like_here), ours, theirs, python)
}

fn difference_in(
    environments: impl Iterator<Item = Environment>,
    ours: &[&Requirement],
    theirs: &[&Requirement],
    python: &str,
) -> Option<String> {
    let (left, right) = (parsed(ours), parsed(theirs));
    let mut extras: BTreeSet<&str> = BTreeSet::from([""]);
    for (_, marker) in left.iter().chain(&right) {
        extras.extend(marker.iter().flat_map(Marker::extras));
    }
    let specifiers = VersionSpecifiers::from_str(python).ok();
    let mut known: HashMap<(Vec<usize>, Vec<usize>), Option<String>> = HashMap::new();
    for environment in environments.filter(|it| is_inside(it, specifiers.as_ref())) {
        for extra in &extras {
            let (first, second) = (active(&left, &environment, extra), active(&right, &environment, extra));
            let found = known.entry((first.clone(), second.clone())).or_insert_with(|| {
                let asked = |all: &[Parsed<'_>], which: &[usize]| {
                    Asked::of(which.iter().filter_map(|at| all.get(*at)).map(|(requirement, _)| *requirement))
                };
                asked(&left, &first).difference(&asked(&right, &second))
            });
            if let Some(found) = found {
                let with = if extra.is_empty() { String::new() } else { format!(" with the extra {extra}") };
                let (python, system) = (environment.python_full_version, environment.sys_platform);
                return Some(format!("{found} (Python {python}, {system}{with})"));
            }
        }
    }
    None
}

type Parsed<'a> = (&'a Requirement, Option<Marker>);

fn parsed<'a>(requirements: &[&'a Requirement]) -> Vec<Parsed<'a>> {
    requirements.iter().map(|requirement| (*requirement, requirement.parsed_marker())).collect()
}

fn is_inside(environment: &Environment, python: Option<&VersionSpecifiers>) -> bool {
    let version = Version::from_str(environment.python_full_version);
    python.is_none_or(|python| version.is_ok_and(|version| python.contains(&version)))
}

/// The requirements whose marker holds. One that pip cannot evaluate counts, so that it is compared.
fn active(all: &[Parsed<'_>], environment: &Environment, extra: &str) -> Vec<usize> {
    let holds = |marker: &Option<Marker>| {
        marker.as_ref().is_none_or(|marker| {
            marker.evaluate(|variable| environment.value(variable, extra)).unwrap_or(true)
        })
    };
    all.iter().enumerate().filter(|(_, (_, marker))| holds(marker)).map(|(at, _)| at).collect()
}

/// What the requirements that hold in one environment ask for.
#[derive(Default)]
struct Asked {
    required: bool,
    extras: BTreeSet<String>,
    urls: BTreeSet<String>,
    clauses: BTreeSet<String>,
}

impl Asked {
    fn of<'a>(requirements: impl Iterator<Item = &'a Requirement>) -> Self {
        let mut asked = Self::default();
        for requirement in requirements {
            asked.required = true;
            asked.extras.extend(requirement.extras().map(normalize_name));
            asked.urls.extend(requirement.url().map(str::to_owned));
            let clauses = requirement.specifiers();
            asked.clauses.extend(clauses.map(|it| format!("{}{}", it.operator.as_str(), it.version)));
        }
        asked
    }

    fn difference(&self, other: &Self) -> Option<String> {
        match (self.required, other.required) {
            (true, false) => return Some("no longer required".to_owned()),
            (false, true) => return Some("not required before".to_owned()),
            _ => {}
        }
        if self.extras != other.extras {
            return Some(format!("extras {:?} instead of {:?}", other.extras, self.extras));
        }
        if self.urls != other.urls {
            return Some("another URL".to_owned());
        }
        let joined = |asked: &Self| asked.clauses.iter().map(String::as_str).collect::<Vec<_>>().join(",");
        specifier_difference(&joined(self), &joined(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    fn differ(ours: &str, theirs: &str, python: &str) -> Option<String> {
        let (ours, theirs) = (parse(ours), parse(theirs));
        let all = |document: &crate::Document| -> Vec<Requirement> {
            document.requirements().map(|(_, requirement)| requirement.clone()).collect()
        };
        let (ours, theirs) = (all(&ours), all(&theirs));
        together_difference(&ours.iter().collect::<Vec<_>>(), &theirs.iter().collect::<Vec<_>>(), python)
    }

    #[test]
    fn the_same_divided_otherwise() {
        for (ours, theirs, python) in [
            ("a; sys_platform=='win32'\na; sys_platform!='win32'", "a", ""),
            ("a>=1\na<2", "a<2,>=1.0", ""),
            ("a (>=1)", "a>=1", ""),
            ("a; extra == 'X_y'", "a; (extra=='x-y')", ""),
            ("a; python_version >= '3.8'", "a", ">=3.8"),
            ("a; python_version >= '3.8' and extra == 'x'", "a; extra == 'x'", ">=3.8"),
            ("a; extra == 'x' or extra == 'y'", "a; extra == 'x'\na; extra == 'y'", ""),
        ] {
            assert_eq!(differ(ours, theirs, python), None, "{ours} = {theirs}");
        }
    }

    #[test]
    fn what_is_not_the_same_is_said() {
        for (ours, theirs, python, expected) in [
            ("a; python_version >= '3.8'", "a", "", "not required before"),
            (
                "a; extra == 'x'",
                "a; extra == 'y'",
                "",
                "no longer required (Python 2.7.18, linux with the extra x)",
            ),
            ("a; extra == 'x'", "a", "", "not required before (Python 2.7.18, linux)"),
            ("a[x]", "a", "", "extras {} instead of {\"x\"}"),
            ("a>=1", "a>1", "", "`>=1` and `>1` disagree about 1"),
            ("a @ https://index.example/1", "a @ https://index.example/2", "", "another URL"),
        ] {
            let found = differ(ours, theirs, python).unwrap_or_default();
            assert!(found.starts_with(expected), "{ours} != {theirs}: {found}");
        }
    }
}

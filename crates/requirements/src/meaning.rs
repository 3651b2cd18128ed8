//! Whether two requirements mean the same: over a grid of versions and environments, not letter by letter.

mod environment;
mod together;

use std::collections::BTreeSet;
use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifier, VersionSpecifiers};
use pep508_rs::{ExtraName, MarkerEnvironment};

use crate::Requirement;
use environment::environments;
pub use together::{together_difference, together_difference_here};

/// In what two requirements differ, in words; nothing if they mean the same.
///
/// Sources and hashes are compared elsewhere.
pub fn difference(ours: &Requirement, theirs: &Requirement) -> Option<String> {
    if ours.normalized_name() != theirs.normalized_name() {
        return Some("another package".to_owned());
    }
    let extras =
        |found: &Requirement| -> BTreeSet<String> { found.extras().map(crate::normalize_name).collect() };
    if extras(ours) != extras(theirs) {
        return Some(format!("extras {:?} instead of {:?}", extras(theirs), extras(ours)));
    }
    if let Some(found) = specifier_difference(ours.specifier(), theirs.specifier()) {
        return Some(found);
    }
    let marker =
        |found: &Requirement| if found.is_editable() { None } else { found.marker().map(str::to_owned) };
    if marker(ours) == marker(theirs) {
        return None;
    }
    differing_environment(ours, theirs)
}

/// In what two version specifiers such as `>=1,<2` differ, in words. An empty one allows everything.
pub fn specifier_difference(ours: &str, theirs: &str) -> Option<String> {
    if ours == theirs {
        return None;
    }
    let disagree = |about: &str| Some(format!("`{ours}` and `{theirs}` disagree about {about}"));
    let (Some(left), Some(right)) = (specifiers(ours), specifiers(theirs)) else {
        return disagree("every version");
    };
    let grid: BTreeSet<Version> =
        left.iter().chain(right.iter()).flat_map(|clause| around(clause.version())).collect();
    let version = grid.into_iter().find(|version| left.contains(version) != right.contains(version))?;
    disagree(&version.to_string())
}

/// Whether no version satisfies both requirements in an environment where both hold. Where that cannot be told, they do not.
pub fn exclude_each_other(left: &Requirement, right: &Requirement) -> bool {
    let (Some(ours), Some(theirs)) = (specifiers(left.specifier()), specifiers(right.specifier())) else {
        return false;
    };
    let grid = ours.iter().chain(theirs.iter()).flat_map(|clause| around(clause.version()));
    let mut common = grid.filter(|version| ours.contains(version) && theirs.contains(version));
    if ours.is_empty() || theirs.is_empty() || common.next().is_some() {
        return false;
    }
    let (Ok(left), Ok(right)) = (left.marker_tree(), right.marker_tree()) else { return false };
    let holds =
        |environment: &MarkerEnvironment| left.evaluate(environment, &[]) && right.evaluate(environment, &[]);
    environments().any(|environment| environment.for_uv().is_some_and(|it| holds(&it)))
}

fn specifiers(text: &str) -> Option<VersionSpecifiers> {
    // Anybody may call this, so a clause without an operator must not be passed over.
    let written = text.split(',').filter(|clause| !clause.trim().is_empty()).count();
    let clauses: Vec<_> = crate::version::clauses(text).collect();
    let parsed: Result<Vec<VersionSpecifier>, String> =
        clauses.iter().map(|clause| crate::version::to_pep440(*clause)).collect();
    parsed.ok().filter(|parsed| parsed.len() == written).map(|parsed| parsed.into_iter().collect())
}

/// A version and its neighbours on every side of a comparison: where two specifiers differ, they differ at one of these.
pub fn around(version: &Version) -> Vec<Version> {
    let mut texts: Vec<String> = Vec::new();
    let release: Vec<u64> = version.release().to_vec();
    // A version of thousands of parts, which nobody has, must not take minutes.
    for place in 0..release.len().min(16) {
        for step in [-1_i64, 0, 1] {
            let mut other = release.clone();
            other[place] = other[place].saturating_add_signed(step);
            let other = other.iter().map(u64::to_string).collect::<Vec<_>>().join(".");
            for tail in ["", ".0", ".1", "a1", "b1", "rc1", ".dev1", ".post1", "+local"] {
                texts.push(format!("{other}{tail}"));
            }
        }
        let short: Vec<String> = release[..=place].iter().map(u64::to_string).collect();
        texts.push(short.join("."));
    }
    let mut versions: Vec<Version> = texts.iter().filter_map(|text| Version::from_str(text).ok()).collect();
    versions.push(version.clone());
    versions
}

/// An environment in which one marker holds and the other does not.
fn differing_environment(ours: &Requirement, theirs: &Requirement) -> Option<String> {
    let (Ok(left), Ok(right)) = (ours.marker_tree(), theirs.marker_tree()) else {
        return Some("a marker that cannot be evaluated".to_owned());
    };
    let named = [ours, theirs].map(Requirement::parsed_marker);
    let named = named.iter().flatten().flat_map(crate::Marker::extras).map(str::to_owned);
    let extras: Vec<ExtraName> = named.filter_map(|name| ExtraName::new(name).ok()).collect();
    let differs = |environment: &MarkerEnvironment| {
        let with =
            |extras: &[ExtraName]| left.evaluate(environment, extras) != right.evaluate(environment, extras);
        with(&[]) || extras.iter().any(|extra| with(std::slice::from_ref(extra)))
    };
    environments().find(|environment| environment.for_uv().is_some_and(|it| differs(&it))).map(
        |environment| {
            let (python, system) = (environment.python_full_version, environment.sys_platform);
            format!("the markers disagree on Python {python} and {system}")
        },
    )
}

#[cfg(test)]
mod tests {
    use crate::parse;

    use super::{difference, exclude_each_other, specifier_difference};

    fn differ(ours: &str, theirs: &str) -> bool {
        let (ours, theirs) = (parse(ours), parse(theirs));
        let first = |document: &crate::Document| document.requirements().next().unwrap().1.clone();
        difference(&first(&ours), &first(&theirs)).is_some()
    }

    #[test]
    fn what_no_version_satisfies_is_found() {
        let exclude = |ours: &str, theirs: &str| {
            let (ours, theirs) = (parse(ours), parse(theirs));
            let first = |document: &crate::Document| document.requirements().next().unwrap().1.clone();
            exclude_each_other(&first(&ours), &first(&theirs))
        };
        for (ours, theirs) in [
            ("a==1", "a==2"),
            ("a<2", "a>=2"),
            ("a~=1.4", "a>=2; sys_platform=='linux'"),
            ("a==1.*", "a!=1.*,<3,>=1.5"),
        ] {
            assert!(exclude(ours, theirs) && exclude(theirs, ours), "{ours} {theirs}");
        }
        for (ours, theirs) in [
            ("a", "a==2"),
            ("a<2", "a>=1.9"),
            ("a<=2", "a>=2"),
            ("a==1; python_version<'3.9'", "a==2; python_version>='3.9'"),
            ("a>1", "a<5"),
        ] {
            assert!(!exclude(ours, theirs) && !exclude(theirs, ours), "{ours} {theirs}");
        }
    }

    #[test]
    fn the_same_in_other_words() {
        for (ours, theirs) in [
            ("Foo_Bar [b, a] >= 1.0", "foo-bar[a,b]>=1.0"),
            ("a==1.0", "a == 1.0.0"),
            ("a<2,>=1", "a>=1,<2"),
            ("a~=1.4", "a>=1.4,==1.*"),
            ("a; python_version<'3.9'", "a ; python_full_version < '3.9.0'"),
        ] {
            assert!(!differ(ours, theirs), "{ours} = {theirs}");
        }
    }

    #[test]
    fn what_is_no_specifier_differs_from_everything_else() {
        assert_eq!(specifier_difference("3.8", "3.8"), None);
        assert_eq!(specifier_difference("", ""), None);
        assert_eq!(specifier_difference(">=3.8, <4", "<4.0,>=3.8,"), None);
        assert!(specifier_difference("3.8", "").is_some());
        assert!(specifier_difference("", ">=3.8").is_some());
    }

    #[test]
    fn small_differences_are_found() {
        for (ours, theirs) in [
            ("a>=1.0", "a>1.0"),
            ("a~=1.2.3", "a~=1.2"),
            ("a==1.*", "a>=1"),
            ("a[x]", "a"),
            ("a; python_version<'3.9'", "a; python_version<='3.9'"),
            ("a; sys_platform=='win32'", "a"),
            ("a; extra=='x'", "a; extra=='y'"),
            (
                "a; os_name=='nt' and (python_version<'3.8' or python_version>'3.10')",
                "a; os_name=='nt' and python_version<'3.8' or python_version>'3.10'",
            ),
        ] {
            assert!(differ(ours, theirs), "{ours} != {theirs}");
        }
    }
}

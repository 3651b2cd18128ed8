//! Whether two requirements mean the same: over a grid of versions and environments, not letter by letter.

use std::collections::BTreeSet;
use std::str::FromStr;

use pep440_rs::Version;
use pep508_rs::{MarkerEnvironment, MarkerEnvironmentBuilder};
use uvshift_requirements::Requirement;

/// In what two requirements differ, in words; nothing if they mean the same.
///
/// Sources and hashes are compared elsewhere.
pub fn difference(ours: &Requirement, theirs: &Requirement) -> Option<String> {
    if ours.normalized_name() != theirs.normalized_name() {
        return Some("another package".to_owned());
    }
    let extras = |found: &Requirement| -> BTreeSet<String> {
        found.extras().map(uvshift_requirements::normalize_name).collect()
    };
    if extras(ours) != extras(theirs) {
        return Some(format!("extras {:?} instead of {:?}", extras(theirs), extras(ours)));
    }
    if let Some(version) = differing_version(ours, theirs) {
        return Some(format!("`{}` and `{}` disagree about {version}", ours.specifier(), theirs.specifier()));
    }
    let marker =
        |found: &Requirement| if found.is_editable() { None } else { found.marker().map(str::to_owned) };
    if marker(ours) == marker(theirs) {
        return None;
    }
    differing_environment(ours, theirs)
}

/// A version that one specifier allows and the other does not.
fn differing_version(ours: &Requirement, theirs: &Requirement) -> Option<String> {
    if ours.specifier() == theirs.specifier() {
        return None;
    }
    let (Ok(left), Ok(right)) = (ours.version_specifiers(), theirs.version_specifiers()) else {
        return Some("every version".to_owned());
    };
    let grid: BTreeSet<Version> =
        left.iter().chain(right.iter()).flat_map(|clause| around(clause.version())).collect();
    grid.into_iter()
        .find(|version| left.contains(version) != right.contains(version))
        .map(|version| version.to_string())
}

/// A version and its neighbours on every side of a comparison.
fn around(version: &Version) -> Vec<Version> {
    let mut texts: Vec<String> = Vec::new();
    let release: Vec<u64> = version.release().to_vec();
    for place in 0..release.len() {
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
    let differs =
        |environment: &MarkerEnvironment| left.evaluate(environment, &[]) != right.evaluate(environment, &[]);
    environments().find(differs).map(|environment| {
        format!(
            "the markers disagree on Python {} and {}",
            environment.python_full_version(),
            environment.sys_platform()
        )
    })
}

/// Every supported Python on the common systems, processors and implementations.
fn environments() -> impl Iterator<Item = MarkerEnvironment> {
    const SYSTEMS: [(&str, &str, &str); 4] = [
        ("linux", "Linux", "posix"),
        ("darwin", "Darwin", "posix"),
        ("win32", "Windows", "nt"),
        ("cygwin", "CYGWIN_NT-10.0", "posix"),
    ];
    const PYTHONS: [(&str, &str); 14] = [
        ("2.7", "2.7.18"),
        ("3.5", "3.5.10"),
        ("3.6", "3.6.15"),
        ("3.7", "3.7.17"),
        ("3.8", "3.8.0"),
        ("3.8", "3.8.20"),
        ("3.9", "3.9.21"),
        ("3.10", "3.10.0"),
        ("3.10", "3.10.16"),
        ("3.11", "3.11.11"),
        ("3.12", "3.12.8"),
        ("3.13", "3.13.1"),
        ("3.14", "3.14.0"),
        ("4.0", "4.0.0"),
    ];
    const IMPLEMENTATIONS: [(&str, &str); 2] = [("cpython", "CPython"), ("pypy", "PyPy")];
    PYTHONS.iter().flat_map(|python| {
        SYSTEMS.iter().flat_map(move |system| {
            ["x86_64", "aarch64", "arm64", "AMD64"].iter().flat_map(move |machine| {
                IMPLEMENTATIONS
                    .iter()
                    .filter_map(move |implementation| environment(*python, *system, machine, *implementation))
            })
        })
    })
}

fn environment(
    (python_version, python_full_version): (&str, &str),
    (sys_platform, platform_system, os_name): (&str, &str, &str),
    platform_machine: &str,
    (implementation_name, platform_python_implementation): (&str, &str),
) -> Option<MarkerEnvironment> {
    MarkerEnvironment::try_from(MarkerEnvironmentBuilder {
        implementation_name,
        implementation_version: python_full_version,
        os_name,
        platform_machine,
        platform_python_implementation,
        platform_release: "6.1.0",
        platform_system,
        platform_version: "#1 SMP",
        python_full_version,
        python_version,
        sys_platform,
    })
    .ok()
}

#[cfg(test)]
mod tests {
    use uvshift_requirements::parse;

    use super::difference;

    fn differ(ours: &str, theirs: &str) -> bool {
        let (ours, theirs) = (parse(ours), parse(theirs));
        let first =
            |document: &uvshift_requirements::Document| document.requirements().next().unwrap().1.clone();
        difference(&first(&ours), &first(&theirs)).is_some()
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
    fn small_differences_are_found() {
        for (ours, theirs) in [
            ("a>=1.0", "a>1.0"),
            ("a~=1.2.3", "a~=1.2"),
            ("a==1.*", "a>=1"),
            ("a[x]", "a"),
            ("a; python_version<'3.9'", "a; python_version<='3.9'"),
            ("a; sys_platform=='win32'", "a"),
            (
                "a; os_name=='nt' and (python_version<'3.8' or python_version>'3.10')",
                "a; os_name=='nt' and python_version<'3.8' or python_version>'3.10'",
            ),
        ] {
            assert!(differ(ours, theirs), "{ours} != {theirs}");
        }
    }
}

//! Which Python a job, an image or a matrix asks for, and whether the project takes it: uv stops at one that it does not.

use std::str::FromStr as _;

use pep440_rs::VersionSpecifiers;

use crate::context::{Selection, UvProject};

/// Templates are filled in with so many values.
const MAX_VALUES: usize = 64;

/// The Pythons that uv can be installed with.
pub(crate) const OF_UV: &str = ">=3.8";

/// The minor versions of `CPython` 3 that uv 0.13.9 brings: each with its last micro version, and those before that it lacks.
const BROUGHT: &[(u64, u64, &[u64])] = &[
    (8, 20, &[0, 1, 4]),
    (9, 25, &[8, 9]),
    (10, 22, &[1, 10]),
    (11, 18, &[0, 2]),
    (12, 16, &[]),
    (13, 18, &[]),
    (14, 10, &[]),
    (15, 2, &[]),
];

/// The first minor version of `CPython` 3 that there is without the global lock.
const FREE_THREADED: u64 = 13;

/// The minor versions of `PyPy` 3 that uv brings.
const BROUGHT_PYPY: std::ops::RangeInclusive<u64> = 8..=12;

/// The micro versions that a version without one can stand for. A machine has a later one than `3.12.0`.
const MICROS: std::ops::RangeInclusive<u64> = 1..=40;

/// Whether uv brings a Python of a version such as `3.12`, `3.12.4`, `3.13t` or `pypy3.10`.
pub(crate) fn is_brought(python: &str) -> bool {
    let Some(Version { major: 3, minor, micro }) = Version::of(python) else { return false };
    if python.trim().starts_with("pypy") {
        return BROUGHT_PYPY.contains(&minor) && micro.is_none();
    }
    let known = BROUGHT.iter().find(|(known, ..)| *known == minor);
    let is_free = python.trim().ends_with('t');
    known.is_some_and(|(_, last, lacks)| {
        micro.is_none_or(|micro| micro <= *last && !lacks.contains(&micro))
            && (!is_free || minor >= FREE_THREADED)
    })
}

/// Why uv stops at a Python, when it does. `selection` is what is installed: groups can ask for more than the project.
pub(crate) fn refused(python: &str, project: &UvProject, selection: &Selection) -> Option<String> {
    if let Some(requires) = project.requires_python.as_deref().filter(|it| is_refused(python, it)) {
        return Some(format!(
            "the job runs with Python {python}, and the project asks for Python {requires}"
        ));
    }
    let groups = selection.groups.iter().filter_map(|name| Some((name, project.group_pythons.get(name)?)));
    let mut refusing = groups.filter(|(_, requires)| is_refused(python, requires));
    let (group, requires) = refusing.next()?;
    Some(format!("the job runs with Python {python}, and the group `{group}` asks for Python {requires}"))
}

/// Whether no Python of a version such as `3.9`, `3.9.1` or `pypy3.9` is one that `requires-python` takes. What cannot be
/// told is not refused.
pub(crate) fn is_refused(python: &str, requires: &str) -> bool {
    let Some(python) = Version::of(python) else { return false };
    let Ok(requires) = VersionSpecifiers::from_str(requires) else { return false };
    !python.all().any(|version| requires.contains(&version))
}

/// A version that is asked for: any micro version when none is named.
#[derive(Debug, Clone, Copy)]
struct Version {
    major: u64,
    minor: u64,
    micro: Option<u64>,
}

impl Version {
    fn of(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches("pypy").trim_start_matches("python");
        let text = text.trim_start_matches('-');
        let text = text.split(['-', 't', 'v', '+']).next()?;
        let mut parts = text.split('.').map(str::parse::<u64>);
        let (major, minor) = (parts.next()?.ok()?, parts.next());
        let minor = match minor {
            Some(minor) => minor.ok()?,
            // Python 2 ended with 2.7.
            None if major == 2 => 7,
            None => return None,
        };
        Some(Self { major, minor, micro: parts.next().and_then(Result::ok) })
    }

    /// The versions that it stands for.
    fn all(self) -> impl Iterator<Item = pep440_rs::Version> {
        let micros = self.micro.map_or(MICROS, |micro| micro..=micro);
        micros.map(move |micro| pep440_rs::Version::new([self.major, self.minor, micro]))
    }
}

/// The version of Python that an image is known to have: `python:3.8-slim`, `cimg/python:3.9.1`.
pub(crate) fn of_image(image: &str) -> Option<String> {
    let image = image.split('@').next()?;
    let name = image.rsplit('/').next()?;
    let (name, tag) = name.split_once(':')?;
    let tag = match tag.split_once("python") {
        Some((_, version)) => version,
        None if name.contains("python") || name.contains("pypy") => tag,
        None => return None,
    };
    let is_part = |letter: char| letter.is_ascii_digit() || letter == '.';
    let end = tag.find(|letter| !is_part(letter)).unwrap_or(tag.len());
    let version = tag.get(..end)?.trim_end_matches('.');
    version.starts_with(|letter: char| letter.is_ascii_digit()).then(|| version.to_owned())
}

/// What a text can say whose variables are filled in, as `$NAME` and between `open` and `close`. `values` knows the values of
/// a name; a text with an unknown one says nothing.
pub(crate) fn filled<'v>(
    text: &str,
    (open, close): (&str, &str),
    values: &dyn Fn(&str) -> Vec<&'v str>,
) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut rest = text;
    while let Some(at) = rest.find(open) {
        let before = rest.get(..at).unwrap_or_default();
        let inside = rest.get(at + open.len()..).unwrap_or_default();
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
        let end = if close.is_empty() {
            inside.find(|letter| !is_part(letter)).unwrap_or(inside.len())
        } else {
            let Some(end) = inside.find(close) else { return Vec::new() };
            end
        };
        let found = values(inside.get(..end).unwrap_or_default().trim());
        all = all
            .iter()
            .flat_map(|start| found.iter().map(move |value| format!("{start}{before}{value}")))
            .take(MAX_VALUES)
            .collect();
        rest = inside.get(end + close.len()..).unwrap_or_default();
    }
    all.iter().map(|start| format!("{start}{rest}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uv_stops_at_what_the_project_does_not_take() {
        for (python, requires, is) in [
            ("3.8", ">=3.9", true),
            ("3.9", ">=3.9", false),
            ("3.9", ">=3.9.2", false),
            ("3.9.1", ">=3.9.2", true),
            ("3.13", ">=3.9,<3.13", true),
            ("3.12", ">=3.9, <3.13", false),
            ("3.13", ">=3.9,<4", false),
            ("3.12", "<=3.12", true),
            ("3.12", "<=3.13", false),
            ("3.11", "==3.11.*", false),
            ("3.10", "==3.11.*", true),
            ("3.9", "!=3.9.*,>=3.8", true),
            ("3.9", "!=3.9.1", false),
            ("3.10", "~=3.9", false),
            ("3.8", "~=3.9", true),
            ("3.10", "~=3.9.1", true),
            ("2.7", ">=3.6", true),
            ("pypy3.8", ">=3.9", true),
            ("pypy-3.8-v7.3.11", ">=3.9", true),
            ("3.13-dev", "<3.13", true),
            ("3", ">=3.9", false),
            ("3.x", ">=3.9", false),
            (">=3.8", ">=3.9", false),
            ("3.8", "", false),
        ] {
            assert_eq!(is_refused(python, requires), is, "{python} {requires}");
        }
    }

    /// The list is part of the program, so that nothing is downloaded.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test asks uv")]
    fn uv_brings_what_it_says() {
        let arguments = ["--only-downloads", "--all-versions", "--all-platforms", "--offline"];
        let mut command = std::process::Command::new(uvshift_testkit::uv());
        let output = command.args(["python", "list", "--output-format", "json"]).args(arguments).output();
        let listed: serde_json::Value = serde_json::from_slice(&output.unwrap().stdout).unwrap();
        let is = |python: &serde_json::Value, key: &str, value: &str| python[key] == value;
        let has = |minor: u64, micro: Option<u64>, variant: &str| {
            listed.as_array().unwrap().iter().any(|python| {
                let parts = &python["version_parts"];
                is(python, "implementation", "cpython")
                    && is(python, "os", "linux")
                    && is(python, "arch", "x86_64")
                    && is(python, "variant", variant)
                    && parts["minor"] == minor
                    && micro.is_none_or(|micro| parts["patch"] == micro)
                    && !python["version"].as_str().unwrap().contains(['a', 'b', 'r'])
            })
        };
        let pypy = |minor: u64| {
            let mut listed = listed.as_array().unwrap().iter();
            listed.any(|it| is(it, "implementation", "pypy") && it["version_parts"]["minor"] == minor)
        };
        for minor in 0..20 {
            assert_eq!(is_brought(&format!("3.{minor}")), has(minor, None, "default"), "3.{minor}");
            assert_eq!(is_brought(&format!("3.{minor}t")), has(minor, None, "freethreaded"), "3.{minor}t");
            assert_eq!(is_brought(&format!("pypy3.{minor}")), pypy(minor), "pypy3.{minor}");
            for micro in 0..40 {
                let version = format!("3.{minor}.{micro}");
                assert_eq!(is_brought(&version), has(minor, Some(micro), "default"), "{version}");
            }
        }
        for python in ["2.7", "3", "4.8", "3.x", "graalpy-24", "", "pypy3.10.1"] {
            assert!(!is_brought(python), "{python}");
        }
    }

    #[test]
    fn images_tell_their_python() {
        for (image, python) in [
            ("python:3.8-slim", Some("3.8")),
            ("registry.example:5000/python:3.9.1@sha256:0", Some("3.9.1")),
            ("cimg/python:3.10.2-node", Some("3.10.2")),
            ("ghcr.io/astral-sh/uv:0.5-python3.9-bookworm", Some("3.9")),
            ("python:latest", None),
            ("ubuntu:22.04", None),
            ("python", None),
        ] {
            assert_eq!(of_image(image).as_deref(), python, "{image}");
        }
    }

    #[test]
    fn texts_are_filled_in() {
        let values = |name: &str| if name == "V" { vec!["3.8", "3.9"] } else { vec![] };
        assert_eq!(filled("python:${V}-slim", ("${", "}"), &values), ["python:3.8-slim", "python:3.9-slim"]);
        assert_eq!(filled("python:$V", ("$", ""), &values), ["python:3.8", "python:3.9"]);
        assert!(filled("python:$X", ("$", ""), &values).is_empty());
        assert_eq!(filled("python:3", ("$", ""), &values), ["python:3"]);
    }
}

use std::str::FromStr as _;

use pep440_rs::{Version, VersionSpecifiers};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use super::clause::{Clause, Comparison};
use super::{Constraint, oracle, platform_marker, split};
use crate::meaning::around;

fn specifiers(text: &str) -> Result<String, String> {
    Constraint::parse(text)
        .and_then(|constraint| constraint.specifiers())
        .map(|translation| translation.text)
        .map_err(|problem| problem.why)
}

#[test]
fn every_form_has_its_equal() {
    for (constraint, expected) in [
        ("*", ""),
        ("x.X", ""),
        ("^1.2.3", ">=1.2.3,<2.0.0"),
        ("^1", ">=1,<2"),
        ("^0.2.3", ">=0.2.3,<0.3.0"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^0.0", ">=0.0,<0.1"),
        ("^0", ">=0,<1"),
        ("^0.0.3a1", ">=0.0.3a1,<0.0.4"),
        ("^1.2.3.post1", ">=1.2.3.post1,<2.0.0"),
        ("^1!2.3", ">=1!2.3,<1!3.0"),
        ("~1", ">=1,<2"),
        ("~1.2", ">=1.2,<1.3"),
        ("~1.2.3", ">=1.2.3,<1.3.0"),
        ("~1.2.3.4", ">=1.2.3.4,<1.3.0.0"),
        ("~2.0b1", ">=2.0b1,<2.1"),
        ("~=1.2.3.4", "~=1.2.3.4"),
        ("~=1", ">=1,<2"),
        ("1.2.3", "==1.2.3"),
        ("=1.2.3", "==1.2.3"),
        ("v1.2", "==1.2"),
        ("1.2.*", "==1.2.*"),
        ("1.2.*.*", "==1.2.*"),
        ("!=1.2.*", "!=1.2.*"),
        (">=1.2.*", ">=1.2"),
        ("1.2a1.*", ">=1.2a1.dev0,<1.2a2.dev0"),
        ("!=2.30.0", "!=2.30.0"),
        ("1.0+local", "==1.0+local"),
        (">= 1.0 , < 2,", ">=1.0,<2"),
        (">=1.0 <2 !=1.5", ">=1.0,<2,!=1.5"),
        ("1.0-1", "==1.0.post1"),
        ("^1.0 | ^2.0", ">=1.0,<3.0"),
        ("^1.5 || ^2.0 || ^3.1", ">=1.5,!=3.0.*,<4.0"),
        (">=1,<2 || >=2.1", ">=1,!=2.0.*"),
        ("~2.7 || >=3.2", ">=2.7,!=2.8.*"),
        ("<2 || >=2.1.2", "!=2.0.*,!=2.1.0.*,!=2.1.1.*"),
        (">=2,!=3.* || ^3.0.0", ">=2"),
        ("1.* || 2.*", ">=1,<3"),
        ("^1.0 || *", ""),
        ("1.2 || 1.2", "==1.2"),
    ] {
        // `~2.7 || >=3.2` has endless numbers in its gap, so it is no list.
        let expected = if constraint == "~2.7 || >=3.2" { None } else { Some(expected) };
        assert_eq!(specifiers(constraint).ok().as_deref(), expected, "{constraint}");
    }
}

#[test]
fn what_is_no_constraint_or_no_specifier_is_refused() {
    for text in [
        "",
        "latest",
        "1.x",
        "^",
        "1.0 - 2.0",
        ">=1,,<2",
        "||",
        "<>1",
        ">1.0+a",
        "^1.0+a",
        "!=1.2a1.*",
        "1.2.3.4.*.*",
    ] {
        assert!(specifiers(text).is_err(), "{text}");
    }
    for text in ["<=1.5 || >=1.6", "<2 || >2", "1.0 || 1.2", "^1 || ^3!1", &"1 ".repeat(500)] {
        assert!(specifiers(text).is_err(), "{text}");
    }
}

#[test]
fn a_python_constraint_is_a_marker() {
    for (constraint, expected) in [
        ("*", ""),
        ("^3.8", r#"python_version >= "3.8" and python_version < "4.0""#),
        (">=3.8.1", r#"python_full_version >= "3.8.1""#),
        ("<=3.8", r#"python_full_version <= "3.8.0""#),
        (">3.8", r#"python_full_version > "3.8.0""#),
        ("3.7.*", r#"python_version == "3.7""#),
        ("!=3.*", r#"python_version != "3.*""#),
        ("<3.7||>=3.9,<4", r#"python_version < "3.7" or (python_version >= "3.9" and python_version < "4")"#),
    ] {
        assert_eq!(Constraint::parse(constraint).unwrap().python_marker().unwrap(), expected, "{constraint}");
    }
    for (platform, expected) in [
        ("*", ""),
        ("linux", r#"sys_platform == "linux""#),
        ("!=win32,!=cygwin", r#"sys_platform != "win32" and sys_platform != "cygwin""#),
        ("linux || darwin", r#"sys_platform == "linux" or sys_platform == "darwin""#),
    ] {
        assert_eq!(platform_marker(platform).unwrap(), expected, "{platform}");
    }
    assert!(platform_marker("a\" or \"").is_err());
}

#[test]
fn requires_python_is_that_of_the_metadata() {
    for (constraint, expected) in [
        ("*", None),
        ("^3.8", Some(">=3.8,<4.0")),
        ("3.8", Some(">=3.8,<3.9")),
        ("3", Some(">=3.0,<4.0")),
        ("3.8.1", Some("==3.8.1")),
        ("~2.7 || ^3.6", Some(">=2.7, !=3.0.*, !=3.1.*, !=3.2.*, !=3.3.*, !=3.4.*, !=3.5.*")),
    ] {
        assert_eq!(Constraint::parse(constraint).unwrap().requires_python().unwrap().as_deref(), expected);
    }
}

/// Constraints of every form, with versions that have something in common.
fn constraint() -> impl Strategy<Value = String> {
    let release = prop::collection::vec(0..4_u64, 1..=4)
        .prop_map(|numbers| numbers.iter().map(u64::to_string).collect::<Vec<_>>().join("."));
    let tail = prop_oneof![
        12 => Just(""), 1 => Just("a1"), 1 => Just("b2"), 1 => Just("rc1"), 1 => Just(".post1"), 1 => Just(".dev2"),
        1 => Just("-1"), 1 => Just("a1.dev0"),
    ];
    let epoch = prop_oneof![9 => Just(""), 1 => Just("1!"), 1 => Just("v")];
    let version =
        (epoch, release.clone(), tail).prop_map(|(epoch, release, tail)| format!("{epoch}{release}{tail}"));
    let operator = prop::sample::select(vec![
        "^", "~", "~=", "", "==", "=", "!=", ">", ">=", "<", "<=", "^ ", ">= ", "~ ",
    ]);
    let clause = prop_oneof![
        8 => (operator, version).prop_map(|(operator, version)| format!("{operator}{version}")),
        2 => (prop::sample::select(vec!["", "==", "!=", ">="]), release)
            .prop_map(|(operator, release)| format!("{operator}{release}.*")),
        1 => prop::sample::select(vec!["*", "x", "1.x", "dev", "latest", "1 - 2", "1.2+local"])
            .prop_map(str::to_owned),
    ];
    let separator = prop::sample::select(vec![",", " ", ", ", " , ", ",,", "  ", " - "]);
    let list = (prop::collection::vec((clause, separator), 1..=3)).prop_map(|parts| {
        let mut text = String::new();
        for (at, (clause, separator)) in parts.iter().enumerate() {
            if at > 0 {
                text.push_str(separator);
            }
            text.push_str(clause);
        }
        text
    });
    prop_oneof![
        3 => list.clone(),
        1 => prop::collection::vec(list, 2..=3).prop_map(|lists| lists.join(" || ")),
    ]
}

/// Asks poetry-core what a constraint allows, and packaging what our translation of it allows.
const ALLOWS: &str = r"
import json, sys
from packaging.specifiers import SpecifierSet
from poetry.core.constraints.version import Version, parse_constraint

def answer(text, versions, alternatives, together):
    try:
        constraint = parse_constraint(text)
    except Exception:
        return None
    def contains(specifiers):
        return [any(one.contains(version, prereleases=True) for one in specifiers) for version in versions]
    return [[constraint.allows(Version.parse(version)) for version in versions],
            contains(list(map(SpecifierSet, alternatives))),
            contains([SpecifierSet(together)]) if together is not None else None]

print(json.dumps([answer(*item) for item in json.load(sys.stdin)]))
";

/// Asks poetry-core for `Requires-Python`, and on which Pythons a dependency with this `python` is wanted.
const PYTHON: &str = r#"
import json, sys
from packaging.markers import Marker
from poetry.core.constraints.version import parse_constraint, parse_marker_version_constraint
from poetry.core.packages.utils.utils import create_nested_marker
from poetry.core.version.helpers import format_python_constraint

def evaluate(marker, pythons):
    environments = [{"python_version": ".".join(python.split(".")[:2]), "python_full_version": python}
                    for python in pythons]
    return [not marker or Marker(marker).evaluate(environment) for environment in environments]

def answer(text, ours, pythons):
    try:
        required = format_python_constraint(parse_marker_version_constraint(text))
        marker = create_nested_marker("python_version", parse_constraint(text))
    except Exception:
        return None
    return [required, marker, evaluate(marker, pythons), evaluate(ours, pythons)]

question = json.load(sys.stdin)
print(json.dumps([answer(*item, question["pythons"]) for item in question["items"]]))
"#;

fn generated(count: usize) -> Vec<String> {
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let strategy = constraint();
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

/// Versions around all that a constraint mentions.
fn grid(text: &str) -> Vec<Version> {
    let digits = |character: char| !(character.is_ascii_alphanumeric() || "!.+-".contains(character));
    let mut versions: Vec<Version> = text
        .split(digits)
        .filter_map(|part| Version::from_str(part.trim_end_matches(".*").trim_end_matches('.')).ok())
        .flat_map(|version| {
            let below = |place: usize| {
                let mut release = version.release().to_vec();
                release.resize(3.max(release.len()), 0);
                release[place] += 1;
                release[place + 1..].fill(0);
                Version::new(release).with_epoch(version.epoch())
            };
            [around(&version), around(&below(0)), around(&below(1)), around(&below(2))].concat()
        })
        .collect();
    versions.sort_unstable();
    versions.dedup();
    versions
}

/// Where poetry-core is not of one mind with PEP 440 about the very same specifier: `>1.2a1` and 1.2.post1,
/// `<1.2.post1` and 1.2a1, and the post-releases that poetry-core loses when it takes two `!=` apart.
fn is_known_difference(text: &str, version: &Version) -> bool {
    let exclusive = text.contains('>') || text.contains("!=");
    (version.is_post() && exclusive)
        || (version.any_prerelease() && text.contains("post"))
        || version.is_local()
}

#[test]
fn poetry_core_allows_the_same_versions() {
    let Some(python) = oracle::python() else { return };
    let texts = generated(500);
    let question = |text: &String| {
        let ours = Constraint::parse(text);
        let alternatives = ours.as_ref().ok().and_then(|ours| ours.alternative_texts().ok());
        let together = ours.and_then(|ours| ours.specifiers()).ok().map(|translation| translation.text);
        let grid: Vec<String> = grid(text).iter().map(Version::to_string).collect();
        json!([text, grid, alternatives.unwrap_or_default(), together])
    };
    let answers = oracle::ask(&python, ALLOWS, &texts.iter().map(question).collect());
    let (mut compared, mut lists) = (0, 0);
    for (text, answer) in texts.iter().zip(answers.as_array().unwrap()) {
        let ours = Constraint::parse(text);
        assert_eq!(ours.is_ok(), !answer.is_null(), "{text:?}: {ours:?}");
        let Ok(constraint) = ours else { continue };
        if constraint.alternative_texts().is_err() {
            continue;
        }
        let list = constraint.specifiers().ok();
        lists += usize::from(list.is_some());
        for (at, version) in grid(text).iter().enumerate() {
            let [theirs, alone, together] = [0, 1, 2].map(|row| answer[row][at].as_bool());
            if is_known_difference(text, version) {
                continue;
            }
            compared += 1;
            assert_eq!(alone, theirs, "{text:?} and {version}: {list:?}");
            if list.is_some() && !version.any_prerelease() {
                assert_eq!(together, theirs, "{text:?} and {version}: {list:?}");
            }
        }
    }
    assert!(compared > 20_000 && lists > 150, "{compared} comparisons, {lists} lists");
}

#[test]
fn poetry_core_derives_the_same_requires_python_and_markers() {
    let Some(python) = oracle::python() else { return };
    let only_releases =
        |text: &String| !text.contains(|letter: char| letter.is_ascii_alphabetic() || "!+-".contains(letter));
    let real = [
        "^3.8",
        "~2.7 || ^3.6",
        ">=2.7,<3.0 || >=3.4",
        ">=3.8,!=3.9.7,<4.0",
        "3.8",
        "3",
        "3.8.1",
        ">3.7,<=3.11",
    ];
    let texts: Vec<String> =
        generated(3000).into_iter().filter(only_releases).chain(real.map(str::to_owned)).collect();
    let pythons: Vec<String> = (0..5)
        .flat_map(|major| {
            (0..5).flat_map(move |minor| (0..4).map(move |patch| format!("{major}.{minor}.{patch}")))
        })
        .collect();
    let marker = |text: &String| Constraint::parse(text).and_then(|constraint| constraint.python_marker());
    let items: Vec<Value> =
        texts.iter().map(|text| json!([text, marker(text).unwrap_or_default()])).collect();
    let answers = oracle::ask(&python, PYTHON, &json!({ "items": items, "pythons": pythons }));
    let mut compared = 0;
    for (text, answer) in texts.iter().zip(answers.as_array().unwrap()) {
        let (Ok(constraint), Some(theirs)) = (Constraint::parse(text), answer[0].as_str()) else { continue };
        // What is left of `3.0 ~3` is one version, and which of its texts counts is poetry-core's own affair.
        let clauses = constraint.alternatives.concat();
        let is_equality = |clause: &Clause| matches!(clause, Clause::Compare(Comparison::Equal, _));
        if clauses.len() > 1 && clauses.iter().any(is_equality) {
            continue;
        }
        compared += 1;
        match constraint.requires_python() {
            Ok(None) => assert_eq!(theirs, "*", "{text:?}"),
            Ok(Some(ours)) => {
                // Of two texts of one version, such as 4 and 4.0, either will do.
                let parsed = |text: &str| VersionSpecifiers::from_str(text).unwrap();
                assert_eq!(parsed(&ours), parsed(theirs), "{text:?}: {ours} and {theirs}");
            }
            Err(_) => assert_eq!(theirs, "<empty>", "{text:?}"),
        }
        assert_eq!(answer[3], answer[2], "{text:?}: {:?} and {}", marker(text), answer[1]);
    }
    assert!(compared > 300, "{compared} compared");
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,40}") {
        if let Ok(constraint) = Constraint::parse(&text) {
            let _ = (constraint.specifiers(), constraint.python_marker(), constraint.requires_python());
        }
        let _ = platform_marker(&text);
    }

    #[test]
    fn nothing_but_separators_is_lost_by_cutting(text in "[0-9a<>=!~^.,| -]{0,30}") {
        for alternative in split::alternatives(&text) {
            let kept: String = split::clauses(alternative).concat();
            let plain = |text: &str| text.replace([',', ' '], "");
            prop_assert_eq!(plain(&kept), plain(alternative));
        }
    }

    #[test]
    fn what_is_written_is_read_by_others(text in constraint()) {
        if let Ok(translation) = Constraint::parse(&text).and_then(|constraint| constraint.specifiers()) {
            prop_assert!(VersionSpecifiers::from_str(&translation.text).is_ok(), "{}", translation.text);
        }
    }
}

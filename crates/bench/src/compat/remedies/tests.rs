//! That the data is whole, and that it is found.

use std::collections::HashSet;

use super::*;
use crate::compat::model::{Chosen, Failure};

fn outcome(status: Status) -> Outcome {
    Outcome { status, seconds: 0.0, at: 0, taken: false, log: None }
}

fn failed(class: FailureClass, about: Option<&str>) -> Outcome {
    let about = about.map(str::to_owned);
    outcome(Status::Failed(Failure { class, message: String::new(), about }))
}

#[test]
fn every_entry_is_read_and_says_something() {
    let data: DocumentMut = include_str!("../../../data/remedies.toml").parse().unwrap();
    let tables = data["remedy"].as_array_of_tables().unwrap();
    assert_eq!(entries().len(), tables.len());
    assert!(tables.len() >= 40);
    let known = ["packages", "missing", "advice", "alternatives", "debian", "fedora", "alpine", "homebrew"];
    assert!(tables.iter().flat_map(|table| table.iter()).all(|(key, _)| known.contains(&key)));
    let mut seen = HashSet::new();
    for entry in entries() {
        assert!(!entry.packages.is_empty() || !entry.missing.is_empty());
        assert!(
            !entry.remedy.advice.is_empty() && !entry.remedy.advice.ends_with('.'),
            "{}",
            entry.remedy.advice
        );
        for name in &entry.packages {
            assert_eq!(*name, normalize_name(name));
            assert!(seen.insert(("package", name.clone())), "{name} twice");
        }
        for name in &entry.missing {
            assert!(seen.insert(("missing", name.clone())), "{name} twice");
        }
    }
}

#[test]
fn what_is_missing_comes_before_the_package() {
    let uv = failed(FailureClass::MissingLibrary, Some("curl-config"));
    let pip = failed(FailureClass::MissingLibrary, Some("curl-config"));
    let found = remedies(Some("pycurl"), &pip, &uv);
    let about: Vec<_> = found.iter().map(|remedy| remedy.about.as_str()).collect();
    // What is known of the package is the same, and is not told twice.
    assert_eq!(about, ["curl-config"]);
    assert_eq!(
        found[0].system[0],
        ("debian".to_owned(), vec!["libcurl4-openssl-dev".to_owned(), "libssl-dev".to_owned()])
    );
}

#[test]
fn a_package_that_others_need_is_found_too() {
    let failure = failed(FailureClass::NeedsBuild, Some("psycopg2"));
    let found = remedies(Some("some-framework"), &failure, &failure);
    assert_eq!(found.len(), 1);
    assert!(found[0].alternatives.contains(&"psycopg2-binary".to_owned()));
}

#[test]
fn what_is_built_at_installation_is_told_although_it_resolves() {
    let chosen = |from_source| {
        let version = Some("2.9".to_owned());
        outcome(Status::Resolved(vec![Chosen {
            name: "psycopg2".to_owned(),
            version,
            from_source,
            direct: false,
        }]))
    };
    assert_eq!(remedies(Some("psycopg2"), &chosen(true), &chosen(false)).len(), 1);
    assert!(remedies(Some("psycopg2"), &chosen(false), &chosen(false)).is_empty());
}

#[test]
fn the_network_is_no_reason_for_another_package() {
    let failure = failed(FailureClass::Network, None);
    assert!(remedies(Some("psycopg2"), &failure, &failure).is_empty());
}

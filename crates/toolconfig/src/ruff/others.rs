//! pydocstyle, pyupgrade, autoflake, bandit and pylint.

use std::collections::BTreeSet;

use crate::model::{Setting, Table, Value};
use crate::report::Outcome;

use super::output::Output;
use super::rules::{Rule, catalogue};
use super::tables::{Given, is_true, strings, texts};

/// Takes over pydocstyle's settings.
pub(crate) fn pydocstyle(table: &Table, out: &mut Output) {
    let items = |name: &str| {
        let known = table.settings.iter().find(|setting| setting.key.replace('-', "_") == name);
        known.map(|setting| strings(&setting.value))
    };
    let all = || catalogue().under("D").map(|rule| rule.code.clone()).collect::<BTreeSet<_>>();
    let of = |prefixes: &[String]| {
        all()
            .into_iter()
            .filter(|code| prefixes.iter().any(|prefix| code.starts_with(prefix.as_str())))
            .collect::<BTreeSet<_>>()
    };
    let convention = items("convention").and_then(|names| names.into_iter().next());
    let (mut rules, named) = match (items("select"), items("ignore"), convention) {
        (Some(select), ..) => (of(&select), "all".to_owned()),
        (_, Some(ignore), _) => (&all() - &of(&ignore), "all".to_owned()),
        (.., name) => {
            let name = name.unwrap_or_else(|| "pep257".to_owned());
            let left_out = catalogue().conventions.get(&name).cloned().unwrap_or_default();
            (&all() - &left_out, name)
        }
    };
    rules.extend(of(&items("add_select").unwrap_or_default()));
    rules = &rules - &of(&items("add_ignore").unwrap_or_default());
    if items("match").is_none() {
        // Tests are left out by default.
        out.per_file.entry("test_*.py".to_owned()).or_default().extend(rules.iter().cloned());
    }
    out.rules.extend(rules);
    out.convention = out.convention.take().or(Some(named));
    for setting in &table.settings {
        let given = Given { tool: "pydocstyle", setting };
        match setting.key.replace('-', "_").as_str() {
            "convention" => given.row(Some("lint.pydocstyle.convention"), Outcome::Carried, out),
            "select" | "ignore" | "add_select" | "add_ignore" => {
                given.row(
                    Some("lint.select"),
                    Outcome::Changed("the rules that are left are selected".to_owned()),
                    out,
                );
            }
            "match" => given
                .lost("it is a regular expression for files; write them into `lint.per-file-ignores`", out),
            name => given.by_data(name, out),
        }
    }
}

/// Takes over pyupgrade's arguments.
pub(crate) fn pyupgrade(table: &Table, out: &mut Output) {
    out.rules.extend(stable("UP").map(|rule| rule.code.clone()));
    for setting in &table.settings {
        let given = Given { tool: "pyupgrade", setting };
        let name = setting.key.trim_start_matches('-').replace('_', "-");
        let minor = name.strip_prefix("py3").and_then(|rest| rest.strip_suffix("-plus"));
        match (minor, name.as_str()) {
            (Some(minor), _) => {
                out.target(minor.parse().unwrap_or(0));
                given.row(Some("target-version"), Outcome::Carried, out);
            }
            (None, "keep-percent-format") => without("UP031", &given, out),
            (None, "keep-mock") => without("UP026", &given, out),
            (None, name) => given.by_data(name, out),
        }
    }
}

fn without(code: &str, given: &Given<'_>, out: &mut Output) {
    out.rules.remove(code);
    given.row(Some("lint.ignore"), Outcome::Changed(format!("{code} is not selected")), out);
}

fn stable(prefix: &str) -> impl Iterator<Item = &Rule> {
    catalogue().under(prefix).filter(|rule| rule.state == super::rules::State::Stable)
}

/// Takes over autoflake's settings.
pub(crate) fn autoflake(table: &Table, out: &mut Output) {
    out.rules.insert("F401".to_owned());
    for setting in &table.settings {
        let given = Given { tool: "autoflake", setting };
        let rule = match setting.key.replace('_', "-").as_str() {
            "remove-unused-variables" => "F841",
            "remove-duplicate-keys" => "F601",
            "ignore-init-module-imports" if is_true(&setting.value) => {
                out.per_file.entry("__init__.py".to_owned()).or_default().insert("F401".to_owned());
                given.row(Some("lint.per-file-ignores"), Outcome::Carried, out);
                continue;
            }
            "exclude" => {
                for pattern in strings(&setting.value) {
                    out.per_file.entry(pattern).or_default().extend(["F401".to_owned(), "F841".to_owned()]);
                }
                given.row(Some("lint.per-file-ignores"), Outcome::Carried, out);
                continue;
            }
            name => {
                given.by_data(name, out);
                continue;
            }
        };
        if is_true(&setting.value) {
            out.rules.insert(rule.to_owned());
            given.row(Some("lint.select"), Outcome::Carried, out);
        } else {
            given.row(None, Outcome::Dropped("it is off".to_owned()), out);
        }
    }
}

/// Takes over bandit's settings. The codes differ in their letter only.
pub(crate) fn bandit(table: &Table, out: &mut Output) {
    let items = |name: &str| table.get(name).map(strings).unwrap_or_default();
    let in_ruff = |codes: Vec<String>| {
        let code = |code: String| Some(format!("S{}", code.strip_prefix('B')?));
        codes.into_iter().filter_map(code).collect::<BTreeSet<String>>()
    };
    let (tests, skips) = (in_ruff(items("tests")), in_ruff(items("skips")));
    let all = catalogue().under("S").map(|rule| rule.code.clone());
    let rules: BTreeSet<String> =
        all.filter(|code| (tests.is_empty() || tests.contains(code)) && !skips.contains(code)).collect();
    for setting in &table.settings {
        let given = Given { tool: "bandit", setting };
        match setting.key.as_str() {
            "tests" | "skips" => {
                let codes = in_ruff(strings(&setting.value)).into_iter();
                let unknown: Vec<String> = codes.filter(|code| catalogue().rule(code).is_none()).collect();
                let mut why = "bandit's B101 is ruff's S101, and so on".to_owned();
                if !unknown.is_empty() {
                    why = format!("{why}; ruff has no {}", unknown.join(", "));
                }
                given.row(Some("lint.select"), Outcome::Changed(why), out);
            }
            "exclude_dirs" | "exclude" => {
                for folder in strings(&setting.value) {
                    let folder = folder.trim_start_matches("./").trim_matches('/').to_owned();
                    let pattern = if folder.contains('*') || is_module(&folder) {
                        folder
                    } else {
                        format!("**/{folder}/**")
                    };
                    out.per_file.entry(pattern).or_default().extend(rules.iter().cloned());
                }
                given.row(
                    Some("lint.per-file-ignores"),
                    Outcome::Changed("the files are not checked by the rules of bandit".to_owned()),
                    out,
                );
            }
            "assert_used" => asserts(&given, out),
            _ => given.by_data(&setting.key, out),
        }
    }
    out.rules.extend(rules);
}

/// Whether a path is that of a module and not of a folder.
pub(crate) fn is_module(path: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|extension| extension == "py")
}

fn asserts(given: &Given<'_>, out: &mut Output) {
    let (Value::Table(table) | Value::Inline(table)) = &given.setting.value else {
        return given.row(None, Outcome::Dropped("it is no table".to_owned()), out);
    };
    for pattern in table.get("skips").map(strings).unwrap_or_default() {
        out.per_file.entry(pattern).or_default().insert("S101".to_owned());
    }
    given.row(Some("lint.per-file-ignores"), Outcome::Carried, out);
}

/// Takes over pylint's settings, in whichever of its tables they stand.
pub(crate) fn pylint(table: &Table, out: &mut Output) {
    let mut settings: Vec<&Setting> = Vec::new();
    flatten(table, &mut settings);
    let items = |name: &str| {
        let known = settings.iter().filter(|setting| setting.key.replace('_', "-") == name);
        known.flat_map(|setting| strings(&setting.value)).collect::<Vec<_>>()
    };
    let (enable, disable) = (items("enable"), items("disable"));
    let names = |message: &String, code: &str, name: &str| {
        message == name
            || code.strip_prefix("PL").is_some_and(|code| {
                code == message || message.len() == 1 && code.starts_with(message.as_str())
            })
    };
    let is_all = |list: &[String]| list.iter().any(|name| name == "all");
    let has = |list: &[String], code: &str, name: &str| list.iter().any(|message| names(message, code, name));
    let on = texts("pylint-messages")
        .filter(|(code, name)| !(is_all(&disable) || has(&disable, code, name)) || has(&enable, code, name));
    let off = others().into_iter().filter(|(code, name)| has(&enable, code, name));
    out.rules.extend(on.chain(off).map(|(code, _)| code.to_owned()));
    for setting in settings {
        let given = Given { tool: "pylint", setting };
        match setting.key.replace('_', "-").as_str() {
            "enable" | "disable" => {
                let all = || texts("pylint-messages").chain(others());
                let known = |message: &String| {
                    message == "all" || all().any(|(code, name)| names(message, code, name))
                };
                let unknown: Vec<String> =
                    strings(&setting.value).into_iter().filter(|message| !known(message)).collect();
                let mut why = "the messages that ruff has are selected by their codes".to_owned();
                if !unknown.is_empty() {
                    why = format!("{why}; ruff's PL rules have no {}", unknown.join(", "));
                }
                given.row(Some("lint.select"), Outcome::Changed(why), out);
            }
            name => given.by_data(name, out),
        }
    }
}

/// The rules whose messages must be enabled, by the names of pylint. Those of its extensions have the same name in ruff.
fn others() -> Vec<(&'static str, &'static str)> {
    let on: BTreeSet<&str> = texts("pylint-messages").map(|(code, _)| code).collect();
    let off: Vec<(&str, &str)> = texts("pylint-messages-off").collect();
    let listed = |code: &str| on.contains(code) || off.iter().any(|(known, _)| *known == code);
    let rules = ["PLC", "PLE", "PLR", "PLW"].into_iter().flat_map(|prefix| catalogue().under(prefix));
    let rest = rules.filter(|rule| !listed(&rule.code)).map(|rule| (rule.code.as_str(), rule.name.as_str()));
    off.iter().copied().chain(rest.collect::<Vec<_>>()).collect()
}

fn flatten<'a>(table: &'a Table, out: &mut Vec<&'a Setting>) {
    for setting in &table.settings {
        match &setting.value {
            Value::Table(below) | Value::Inline(below) => flatten(below, out),
            _ => out.push(setting),
        }
    }
}

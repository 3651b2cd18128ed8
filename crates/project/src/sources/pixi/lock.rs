//! pixi.lock (versions 6 and 7): the versions that were installed, for uv.lock.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr as _;

use pep440_rs::Version;
use serde_yaml::Value;
use uvshift_diagnostics::Diagnostic;
use uvshift_requirements::normalize_name;

use crate::sources::Given;
use crate::sources::entry::{carry, leave_out, open};
use crate::sources::pins::{by_name, contradiction, say_out_of_date, wanted_of};
use crate::{Fate, OldFile, Pin, Provenance, Reading, codes};

const LOCK: &str = "pixi.lock";

pub(super) fn read(given: &Given<'_>, out: &mut Reading) {
    if !given.tree.has(LOCK) {
        return;
    }
    let Some(text) = open(given.tree, LOCK, out) else { return };
    let document = match serde_yaml::from_str::<Value>(&text) {
        Ok(document) => document,
        Err(error) => {
            let line = error.location().map_or(1, |location| location.line());
            return broken(line, &error.to_string(), out);
        }
    };
    let version = document.get("version").and_then(Value::as_u64).unwrap_or_default();
    let Some(packages) = document.get("packages").and_then(Value::as_sequence).filter(|_| version >= 6)
    else {
        return broken(
            1,
            &format!("uvshift reads versions 6 and 7 of it, and this is version {version}"),
            out,
        );
    };
    pins(packages, &lines(&text), out);
    let (path, what) = (LOCK.to_owned(), "the lock of Pixi".to_owned());
    out.old_files.push(OldFile { path, what, fate: Fate::Remove });
}

fn broken(line: usize, why: &str, out: &mut Reading) {
    let found = Diagnostic::error(codes::M041, format!("{LOCK} cannot be read: {why}")).in_file(LOCK, line);
    let help = format!("make it anew with `pixi lock`, or leave it out with `--ignore {LOCK}`");
    out.diagnostics.push(found.with_help(help));
}

/// Where each package begins, by the URL that it begins with; the last place is the one with its version.
fn lines(text: &str) -> BTreeMap<&str, usize> {
    let item = |line: &'_ str| line.trim_start().strip_prefix("- ").map(str::len);
    text.lines()
        .enumerate()
        .filter(|(_, line)| item(line).is_some())
        .filter_map(|(at, line)| Some((line.split_once(": ")?.1.trim(), at + 1)))
        .collect()
}

/// A package as the lock has it, or why it pins nothing.
enum Locked {
    Version { name: String, version: String },
    Nothing { text: String, why: &'static str },
}

fn pins(packages: &[Value], lines: &BTreeMap<&str, usize>, out: &mut Reading) {
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut rows: Vec<(Provenance, Locked)> = Vec::new();
    for package in packages {
        let url = url_of(package).unwrap_or_default();
        let from = Provenance::new(LOCK, lines.get(url).copied().unwrap_or(1));
        let locked = locked(package);
        if let Locked::Version { name, version } = &locked {
            versions.entry(name.clone()).or_default().insert(version.clone());
        }
        rows.push((from, locked));
    }
    let wanted = wanted_of(out);
    let wanted = by_name(&wanted);
    let (mut seen, mut unfit) = (BTreeSet::new(), Vec::new());
    for (from, row) in rows {
        match row {
            // One build for each platform, all of the same version.
            Locked::Version { name, version } if seen.insert(format!("{name}=={version}")) => {
                let text = format!("{name}=={version}");
                if versions.get(&name).is_some_and(|versions| versions.len() > 1) {
                    leave_out(
                        out,
                        from,
                        &text,
                        "environments or platforms have other versions of it, so uv chooses",
                    );
                } else if let Some((other, place)) = contradiction(&version, wanted.get(&name)) {
                    unfit.push(format!("`{text}` does not fit `{}` of {place}", other.text()));
                    leave_out(out, from, &text, format!("{place} asks for `{}`", other.text()));
                } else {
                    carry(out, from.clone(), &text, "uv.lock");
                    out.manifest.pins.push(Pin { name, version, marker: None, from });
                }
            }
            Locked::Nothing { text, why } if seen.insert(text.clone()) => leave_out(out, from, &text, why),
            _ => {}
        }
    }
    if !unfit.is_empty() {
        say_out_of_date(LOCK, &unfit.join("; "), out);
    }
}

fn url_of(package: &Value) -> Option<&str> {
    package.get("pypi").or_else(|| package.get("conda"))?.as_str()
}

fn locked(package: &Value) -> Locked {
    let text = |key: &str| package.get(key).and_then(Value::as_str);
    let url = url_of(package).unwrap_or_default();
    let nothing = |text: &str, why| Locked::Nothing { text: text.to_owned(), why };
    let file = url.rsplit('/').next().unwrap_or(url);
    if package.get("pypi").is_some() {
        let (Some(name), Some(version)) = (text("name"), text("version")) else {
            return nothing(file, "its source says where it comes from");
        };
        if url.starts_with("git+") || !url.contains("://") {
            return nothing(name, "its source says where it comes from");
        }
        return Locked::Version { name: normalize_name(name), version: version.to_owned() };
    }
    let Some((name, version)) = conda_file(file) else {
        return nothing(file, "it is no package of conda with a version");
    };
    let purls = package.get("purls").and_then(Value::as_sequence).into_iter().flatten();
    let on_index = purls.filter_map(Value::as_str).find_map(|purl| purl.strip_prefix("pkg:pypi/"));
    let on_index = on_index.and_then(|rest| rest.split(['?', '@', '#']).next());
    match on_index {
        None => nothing(name, "Pixi says that it is no Python distribution"),
        Some(_) if Version::from_str(version).is_err() => nothing(name, "its version is none of PEP 440"),
        Some(found) => Locked::Version { name: normalize_name(found), version: version.to_owned() },
    }
}

/// Name and version of `NAME-VERSION-BUILD.conda`.
fn conda_file(file: &str) -> Option<(&str, &str)> {
    let stem = file.strip_suffix(".conda").or_else(|| file.strip_suffix(".tar.bz2"))?;
    let (rest, _) = stem.rsplit_once('-')?;
    rest.rsplit_once('-')
}

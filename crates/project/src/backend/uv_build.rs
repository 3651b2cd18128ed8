//! The words of uv's own build backend: `[tool.uv.build-backend]`.

use std::collections::BTreeSet;
use std::str::FromStr as _;

use pep440_rs::{Version, VersionSpecifiers};
use uvshift_pyproject::Value;
use uvshift_requirements::normalize_name;

use super::contents::{Contents, is_kind, rest};
use super::hatchling::Setting;
use super::{Packed, Stay, glob, licence};
use crate::codes;

pub(super) fn settings(packed: &Packed<'_>, contents: &Contents) -> Result<Vec<Setting>, Stay> {
    let cannot = |what: String| Stay::new(codes::M073, format!("uv_build cannot pack {what}"));
    let python = packed.document.requires_python().map(VersionSpecifiers::from_str);
    let is_old = |python: &VersionSpecifiers| python.contains(&Version::new([2, 7, 18]));
    if python.is_some_and(|python| python.is_ok_and(|python| is_old(&python))) {
        return Err(cannot("a wheel for Python 2".to_owned()));
    }
    let mut folders = BTreeSet::new();
    for root in &contents.roots {
        if is_kind(&root.from, "py") || root.to.is_empty() {
            return Err(cannot(format!("`{}`, which is not a package", root.from)));
        }
        match root.from.strip_suffix(root.to.as_str()) {
            Some(folder) if folder.is_empty() || folder.ends_with('/') => {
                folders.insert(folder.trim_end_matches('/').to_owned());
            }
            _ => return Err(cannot(format!("`{}` as `{}`", root.from, root.to))),
        }
    }
    let folder = match folders.into_iter().collect::<Vec<_>>().as_slice() {
        [folder] => folder.clone(),
        _ => return Err(cannot("packages from more than one folder".to_owned())),
    };
    let left = rest(packed, contents);
    if let Some((from, _)) = left.missing.first() {
        return Err(cannot(format!("`{from}`, which is outside of the packages")));
    }
    let mut pairs: Vec<(&str, Value)> = Vec::new();
    if folder != "src" {
        pairs.push(("module-root", Value::String(folder)));
    }
    let modules: Vec<String> = contents.roots.iter().map(|root| root.to.replace('/', ".")).collect();
    let expected = normalize_name(packed.document.project_name().unwrap_or_default()).replace('-', "_");
    match modules.as_slice() {
        [only] if *only == expected => {}
        [only] => pairs.push(("module-name", Value::String(only.clone()))),
        several => pairs.push(("module-name", Value::strings(several))),
    }
    let is_package = |folder: &str| {
        packed.tree.has(&format!("{folder}/__init__.py"))
            || packed.tree.has(&format!("{folder}/__init__.pyi"))
    };
    if !contents.roots.iter().all(|root| is_package(&root.from)) {
        pairs.push(("namespace", Value::Bool(true)));
    }
    let exclude: Vec<String> = contents.exclude.iter().chain(&left.extra).cloned().collect();
    if !exclude.is_empty() {
        pairs.push(("wheel-exclude", Value::strings(&exclude)));
    }
    archive(packed, contents, &mut pairs);
    data(contents, &mut pairs)?;
    let table = ["tool", "uv", "build-backend"].map(str::to_owned).to_vec();
    let settings = pairs.into_iter().map(|(key, value)| (table.clone(), key.to_owned(), value));
    Ok(settings.chain(licence_files(packed)?).collect())
}

/// The other backends pack files of licences unasked. `license-files` may only stand beside a licence expression, so a
/// table becomes one.
fn licence_files(packed: &Packed<'_>) -> Result<Vec<Setting>, Stay> {
    if packed.document.has_project_field("license-files") {
        return Ok(Vec::new());
    }
    let usual = ["LICEN[CS]E*", "COPYING*", "NOTICE*", "AUTHORS*"];
    let present = |pattern: &&str| packed.below("").any(|file| glob::matches(pattern, file));
    let mut patterns: Vec<String> = usual.into_iter().filter(present).map(str::to_owned).collect();
    let mut settings = Vec::new();
    let mut set =
        |key: &str, value: Value| settings.push((vec!["project".to_owned()], key.to_owned(), value));
    if matches!(packed.document.value(&["project", "license"]), Some(Value::Table(_))) {
        let (file, text) = ["file", "text"].map(|key| packed.text(&["project", "license", key])).into();
        match text.as_deref().map(str::trim) {
            Some(text) if licence::is_expression(text) => set("license", Value::from(text)),
            Some(_) if patterns.is_empty() => {}
            Some(_) => {
                let why = "`project.license` is a text, beside which uv_build packs no licence files";
                return Err(Stay::new(codes::M073, why));
            }
            None => {}
        }
        if let Some(file) = file.filter(|file| !patterns.iter().any(|pattern| glob::matches(pattern, file))) {
            patterns.push(file);
        }
    }
    if !patterns.is_empty() {
        set("license-files", Value::strings(patterns));
    }
    Ok(settings)
}

/// Whether `project.license` is a table that `license-files` takes the place of.
pub(super) fn replaces_licence(packed: &Packed<'_>, settings: &[Setting]) -> bool {
    settings.iter().any(|(table, key, _)| table == &["project"] && key.starts_with("license"))
        && matches!(packed.document.value(&["project", "license"]), Some(Value::Table(_)))
}

/// The source distribution.
fn archive(packed: &Packed<'_>, contents: &Contents, pairs: &mut Vec<(&str, Value)>) {
    let mut include: Vec<String> = contents.sdist.clone().unwrap_or_default();
    if contents.sdist.is_none() {
        // Whatever git does not ignore was there: the usual companions of a package come along.
        let companions = ["tests", "docs", "CHANGELOG*", "CHANGES*", "tox.ini"];
        let is_there = |pattern: &&str| packed.named(pattern).next().is_some();
        include.extend(companions.into_iter().filter(is_there).map(|pattern| format!("/{pattern}")));
    }
    include.retain(|pattern| packed.named(pattern.trim_start_matches('/')).next().is_some());
    // A folder is named with all that is in it.
    let whole = include.into_iter().map(|pattern| {
        let path = pattern.trim_start_matches('/');
        if packed.tree.has_folder(path) { format!("{pattern}/**") } else { pattern }
    });
    let whole: Vec<String> = whole.map(|pattern| pattern.trim_start_matches('/').to_owned()).collect();
    if !whole.is_empty() {
        pairs.push(("source-include", Value::strings(whole)));
    }
    if !contents.exclude.is_empty() {
        pairs.push(("source-exclude", Value::strings(&contents.exclude)));
    }
}

/// A folder for each kind of data is all that it has.
fn data(contents: &Contents, pairs: &mut Vec<(&str, Value)>) -> Result<(), Stay> {
    for data in &contents.data {
        if data.script || !data.to.is_empty() {
            return Err(Stay::new(
                codes::M073,
                format!("uv_build cannot pack `{}` as a file by itself", data.from),
            ));
        }
        pairs.push(("data", Value::table([("data", data.from.as_str())])));
    }
    Ok(())
}

//! The words of hatchling: `[tool.hatch.build]`.

use std::collections::BTreeMap;

use uvshift_pyproject::Value;

use super::Packed;
use super::contents::{Contents, Root, is_kind, rest};

/// A setting: the table, the key, the value.
pub(super) type Setting = (Vec<String>, String, Value);

pub(super) fn settings(packed: &Packed<'_>, contents: &Contents) -> Vec<Setting> {
    let wheel = ["tool", "hatch", "build", "targets", "wheel"];
    let mut settings = Vec::new();
    let mut set = |table: &[&str], key: &str, value: Value| {
        settings.push((table.iter().map(|part| (*part).to_owned()).collect(), key.to_owned(), value));
    };
    places(&contents.roots, |key, value| set(&wheel, key, value));
    let left = rest(packed, contents);
    let exclude: Vec<String> = contents.exclude.iter().chain(&left.extra).cloned().collect();
    if !exclude.is_empty() {
        set(&wheel, "exclude", Value::strings(exclude));
    }
    if !contents.artifacts.is_empty() {
        set(&wheel, "artifacts", Value::strings(&contents.artifacts));
    }
    let table = |name: &'static str| [&wheel[..], &[name]].concat();
    for (from, to) in &left.missing {
        set(&table("force-include"), from, Value::String(to.clone()));
    }
    for data in &contents.data {
        let name = if data.script { "shared-scripts" } else { "shared-data" };
        set(&table(name), &data.from, Value::String(data.to.clone()));
    }
    if let Some(more) = &contents.sdist {
        let sdist = ["tool", "hatch", "build", "targets", "sdist"];
        let roots = contents.roots.iter().map(|root| format!("/{}", root.from));
        let mut include: Vec<String> = roots.collect();
        let data = contents.data.iter().map(|data| format!("/{}", data.from));
        for pattern in more.iter().cloned().chain(data) {
            if !include.contains(&pattern) {
                include.push(pattern);
            }
        }
        set(&sdist, "include", Value::strings(include));
        if !contents.exclude.is_empty() {
            set(&sdist, "exclude", Value::strings(&contents.exclude));
        }
    }
    let requirements = packed
        .document
        .dependencies()
        .into_iter()
        .chain(packed.document.optional_dependencies().into_iter().flat_map(|(_, entries)| entries));
    let is_direct = |text: &str| text.split(';').next().is_some_and(|text| text.contains('@'));
    if requirements.into_iter().any(|entry| is_direct(&entry.text)) {
        set(&["tool", "hatch", "metadata"], "allow-direct-references", Value::Bool(true));
    }
    settings
}

/// Where the packages are, and where they go.
fn places(roots: &[Root], mut set: impl FnMut(&str, Value)) {
    let is_plain =
        |root: &Root| root.from.rsplit('/').next() == Some(root.to.as_str()) && !is_kind(&root.to, "py");
    if !roots.is_empty() && roots.iter().all(is_plain) {
        return set("packages", Value::strings(roots.iter().map(|root| &root.from)));
    }
    set("only-include", Value::strings(roots.iter().map(|root| &root.from)));
    let mut sources: BTreeMap<&str, &str> = BTreeMap::new();
    for root in roots.iter().filter(|root| root.from != root.to) {
        match root.from.strip_suffix(root.to.as_str()).and_then(|rest| rest.strip_suffix('/')) {
            Some(prefix) => sources.insert(prefix, ""),
            None => sources.insert(&root.from, &root.to),
        };
    }
    if sources.values().all(|to| to.is_empty()) && !sources.is_empty() {
        set("sources", Value::strings(sources.into_keys()));
    } else if !sources.is_empty() {
        set("sources", Value::table(sources));
    }
}

//! `[[tool.pdm.source]]`, and the index of pdm.toml.

use toml_edit::{Item, TableLike, Value};
use uvshift_pyproject::{PyProject, Source, SourceKind};
use uvshift_requirements::{normalize_name, parse, split_credentials};

use crate::convert::settle_indexes;
use crate::sources::Given;
use crate::sources::entry::{Document, carry, change, leave_out, refuse};
use crate::sources::index::{OtherIndex, Use, add_index};
use crate::{IndexStrategy, NamedSource, Provenance, Reading, Scope};

const PATH: [&str; 3] = ["tool", "pdm", "source"];

/// PDM takes the best version of all sources, unless their order counts. The one called `pypi` replaces the public index.
pub(super) fn read(document: Document<'_>, given: &Given<'_>, out: &mut Reading) {
    let lines = document.toml.table_lines(&PATH);
    let tables: Vec<&dyn TableLike> = match document.toml.get(&PATH) {
        Some(Item::ArrayOfTables(tables)) => tables.iter().map(|table| table as &dyn TableLike).collect(),
        Some(Item::Value(Value::Array(array))) => {
            array.iter().filter_map(|value| Some(value.as_inline_table()? as &dyn TableLike)).collect()
        }
        _ => Vec::new(),
    };
    for (at, table) in tables.into_iter().enumerate() {
        source(table, Provenance::new(document.file, lines.get(at).copied().unwrap_or(1)), given, out);
    }
    let order = ["tool", "pdm", "resolution", "respect-source-order"];
    let by_order = document.toml.get(&order).and_then(Item::as_bool) == Some(true);
    settle_indexes(out, if by_order { IndexStrategy::FirstIndex } else { given.options.index_strategy });
}

fn source(table: &dyn TableLike, from: Provenance, given: &Given<'_>, out: &mut Reading) {
    let text = |key: &str| table.get(key).and_then(Item::as_str);
    let name = text("name").unwrap_or("index");
    let shown = format!("source {name}");
    let Some(url) = text("url") else {
        return refuse(out, from, &shown, "the source has no URL", "give it one, or remove it");
    };
    if table.contains_key("exclude_packages") {
        let advice = "name the index of each private package in [tool.uv.sources], and remove the key";
        return refuse(out, from, &shown, "uv cannot keep packages out of an index", advice);
    }
    if text("type") == Some("find_links") {
        return find_links(url, &shown, from, out);
    }
    let only = strings(table, "include_packages");
    let use_for = match (name == "pypi", only.is_empty()) {
        (true, _) => Use::Default,
        (false, true) => Use::All,
        (false, false) => Use::Named,
    };
    let verify = table.get("verify_ssl").and_then(Item::as_bool) != Some(false);
    let index = OtherIndex { name, url, use_for, verify, from: from.clone(), shown };
    if let Some(index) = add_index(index, out)
        && !only.is_empty()
    {
        include(&only, &index, from, given, out);
    }
}

fn find_links(url: &str, shown: &str, from: Provenance, out: &mut Reading) {
    let url = url.replace("file:///${PROJECT_ROOT}/", "");
    if split_credentials(&url).1.is_some() || url.contains("${") {
        let advice = "write the URL without them; uv takes credentials from netrc or `uv auth login`";
        return refuse(out, from, shown, "the URL has credentials or variables", advice);
    }
    carry(out, from, shown, "tool.uv.find-links");
    out.manifest.uv.find_links.push(url);
}

/// The packages that come from this index and no other: those that the project names get a source.
fn include(only: &[String], index: &str, from: Provenance, given: &Given<'_>, out: &mut Reading) {
    let own = given.pyproject.map(PyProject::dependencies).unwrap_or_default();
    let own: Vec<String> = own.iter().filter_map(|entry| name_of(&entry.text)).collect();
    let known = out.manifest.all().map(|(_, found)| found.name.clone());
    let names: Vec<String> = own.into_iter().chain(known).collect();
    let mut taken: Vec<String> = Vec::new();
    for pattern in only {
        let pattern = pattern.to_ascii_lowercase().replace(['_', '.'], "-");
        let exact = !pattern.contains(['*', '?', '[']);
        let found = names.iter().filter(|name| matches(&pattern, name)).cloned();
        taken.extend(found.chain(exact.then(|| normalize_name(&pattern))));
    }
    taken.sort_unstable();
    taken.dedup();
    for name in taken {
        let source = Source::new(SourceKind::Index(index.to_owned()));
        out.manifest.sources.push(NamedSource { name, source, scope: Scope::Main, from: from.clone() });
    }
    let why = "uv takes the packages of an index by name, and only those that the project itself asks for";
    change(out, from, &format!("include_packages = {only:?}"), "tool.uv.sources", why);
}

fn name_of(requirement: &str) -> Option<String> {
    let document = parse(requirement);
    document.requirements().next().and_then(|(_, found)| found.normalized_name())
}

/// Whether a name fits a pattern with `*` and `?`.
fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    // `fits[j]`: the pattern so far fits the first `j` letters.
    let mut fits = vec![false; name.len() + 1];
    fits[0] = true;
    for letter in pattern {
        let mut next = vec![false; name.len() + 1];
        next[0] = fits[0] && letter == '*';
        for at in 1..=name.len() {
            next[at] = match letter {
                '*' => next[at - 1] || fits[at],
                '?' => fits[at - 1],
                letter => fits[at - 1] && name[at - 1] == letter,
            };
        }
        fits = next;
    }
    fits[name.len()]
}

fn strings(table: &dyn TableLike, key: &str) -> Vec<String> {
    let array = table.get(key).and_then(Item::as_array);
    array.into_iter().flatten().filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

/// `pdm.toml`: the index is the only setting that says what is installed.
pub(super) fn of_own_file(document: Document<'_>, given: &Given<'_>, out: &mut Reading) {
    for (key, item) in document.toml.root() {
        let (from, text) = (document.from(&[key]), document.written(&[key]));
        let url = item.as_table_like().and_then(|table| table.get("url")).and_then(Item::as_str);
        let (Some(url), "pypi") = (url, key) else {
            leave_out(out, from, &text, "it says how PDM works here, and uv has its own ways");
            continue;
        };
        let verify = item.as_table_like().and_then(|table| table.get("verify_ssl")).and_then(Item::as_bool);
        let is_there = out.manifest.indexes.iter().any(|index| index.default);
        let use_for = if is_there { Use::All } else { Use::Default };
        let index =
            OtherIndex { name: "pypi", url, use_for, verify: verify != Some(false), from, shown: text };
        add_index(index, out);
        settle_indexes(out, given.options.index_strategy);
    }
}

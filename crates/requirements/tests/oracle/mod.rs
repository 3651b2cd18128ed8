//! A document in the form in which the pip oracle prints it, for the example and for the comparison with pip.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use uvshift_requirements::{
    Document, GlobalOption, IncludeKind, InvalidReason, Line, LineKind, Requirement, Target,
};

/// The logical lines that pip sees: no blank lines, no comments.
pub(crate) fn lines(document: &Document, constraint: bool) -> Vec<Value> {
    document.lines().iter().filter_map(|it| line(it, constraint)).collect()
}

fn line(line: &Line, constraint: bool) -> Option<Value> {
    let mut row = Map::new();
    row.insert("line".into(), line.line().into());
    row.insert("end_line".into(), line.end_line().into());
    let (kind, error) = match line.kind() {
        LineKind::Requirement(requirement) => {
            row.insert("req".into(), requirement_row(requirement, constraint, None));
            (requirement_kind(requirement), Value::Null)
        }
        LineKind::Invalid(invalid) => {
            let message = invalid.message.as_str();
            let kind = if let Some(requirement) = &invalid.requirement {
                row.insert("req".into(), requirement_row(requirement, constraint, Some(message)));
                requirement_kind(requirement)
            } else {
                assert!(matches!(invalid.reason, InvalidReason::Options | InvalidReason::TooLarge));
                "error"
            };
            (kind, message.into())
        }
        LineKind::Include(include) => {
            row.insert("target".into(), include.target.as_str().into());
            let kind = match include.kind {
                IncludeKind::Requirements => "include",
                IncludeKind::Constraints => "constraint",
            };
            (kind, Value::Null)
        }
        LineKind::Options(options) => {
            row.insert("opts".into(), Value::Object(option_row(options)));
            ("options", Value::Null)
        }
        _ => return None,
    };
    row.insert("kind".into(), kind.into());
    row.insert("error".into(), error);
    row.entry("req").or_insert(Value::Null);
    Some(Value::Object(row))
}

fn requirement_kind(requirement: &Requirement) -> &'static str {
    if requirement.is_editable() { "editable" } else { "requirement" }
}

fn requirement_row(requirement: &Requirement, constraint: bool, error: Option<&str>) -> Value {
    let mut hashes = BTreeMap::<_, Vec<_>>::new();
    for hash in requirement.hashes().iter() {
        hashes.entry(hash.algorithm.as_str()).or_default().push(hash.digest);
    }
    let mut options = Map::new();
    for (key, value) in requirement.config_settings() {
        let settings = options.entry("config_settings").or_insert_with(|| json!({}));
        match settings.get_mut(key) {
            None => settings[key] = json!(value),
            Some(Value::Array(values)) => values.push(json!(value)),
            Some(single) => *single = json!([single.clone(), value]),
        }
    }
    let mut row = json!({
        "editable": requirement.is_editable(), "constraint": constraint,
        "hashes": hashes, "options": options, "error": error,
    });
    if error.is_none() {
        let plain = !requirement.is_direct_reference() && !requirement.is_editable();
        let wheel = (plain && requirement.target() != Target::Index).then(|| requirement.wheel()).flatten();
        let mut specifier: Vec<String> = requirement
            .specifiers()
            .map(|clause| format!("{}{}", clause.operator.as_str(), clause.version))
            .collect();
        let mut name = requirement.name().map(ToOwned::to_owned);
        if let Some(wheel) = wheel {
            // pip makes `name==version` of a wheel's file name, both in their normal form.
            name = Some(uvshift_requirements::normalize_name(&wheel.name));
            specifier = wheel
                .version
                .parse::<pep440_rs::Version>()
                .iter()
                .map(|version| format!("=={version}"))
                .collect();
        }
        specifier.sort();
        row["name"] = json!(name);
        row["specifier"] = json!(specifier);
        row["extras"] = json!(extras(requirement));
        row["marker"] = json!(requirement.parsed_marker().map(|marker| marker.to_string()));
        row["url"] = json!(url(requirement));
    }
    row
}

/// pip puts extras into lower case when they end the text, where it first looks for those of a path.
fn extras(requirement: &Requirement) -> BTreeSet<String> {
    let text = requirement.text();
    let head = match text.split_once(';') {
        Some((head, _)) if !requirement.is_editable() => head.trim_end(),
        _ => text,
    };
    let lower = head.ends_with(']');
    let extras = requirement.extras();
    extras.map(|extra| if lower { extra.to_lowercase() } else { extra.to_owned() }).collect()
}

fn url(requirement: &Requirement) -> Option<String> {
    match requirement.target() {
        Target::Path(path) if !requirement.is_direct_reference() => Some(path_url(&path)),
        _ => {
            let url = requirement.url()?;
            if requirement.is_direct_reference() {
                return Some(url.to_owned());
            }
            let bare =
                ["git:", "hg:", "bzr:", "svn:"].into_iter().find(|bare| url.to_lowercase().starts_with(bare));
            if let Some(bare) = bare {
                return Some(format!("{}+{url}", &bare[..bare.len() - 1]));
            }
            // pip rebuilds such a URL from its path alone.
            if url.to_lowercase().starts_with("file:") && url.contains("../") && !requirement.is_editable() {
                let rest = &url[5..];
                let path = rest
                    .strip_prefix("//")
                    .map_or(rest, |rest| &rest[rest.find('/').unwrap_or(rest.len())..]);
                let path = path.split(['#', '?']).next().unwrap_or_default();
                return Some(path_url(&path.replace('\t', "")));
            }
            Some(url.to_owned())
        }
    }
}

/// pip's `path_to_url`, with the placeholders of the recorded answers for the current directory.
fn path_url(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let mut above = false;
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.is_empty() => above = true,
            ".." => drop(parts.pop()),
            other => parts.push(other),
        }
    }
    let tail = parts.iter().fold(String::new(), |tail, part| tail + "/" + &quote(part));
    let tail = if tail.is_empty() && path.starts_with('/') { "/".to_owned() } else { tail };
    match (path.starts_with('/'), above) {
        (true, _) => format!("file://{tail}"),
        (false, true) => format!("file:///${{PARENT}}{tail}"),
        (false, false) => format!("file://${{CWD}}{tail}"),
    }
}

fn quote(part: &str) -> String {
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'~');
    part.bytes()
        .map(|byte| if safe(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// The options in the words of pip's option parser.
fn option_row(options: &[GlobalOption]) -> Map<String, Value> {
    let mut row = Map::new();
    let push = |row: &mut Map<String, Value>, key: &str, value: &str| {
        if let Some(list) = row.entry(key).or_insert_with(|| json!([])).as_array_mut() {
            list.push(json!(value));
        }
    };
    for option in options {
        match option {
            GlobalOption::IndexUrl(url) => drop(row.insert("index_url".into(), json!(url))),
            GlobalOption::ExtraIndexUrl(url) => push(&mut row, "extra_index_urls", url),
            GlobalOption::FindLinks(url) => push(&mut row, "find_links", url),
            GlobalOption::TrustedHost(host) => push(&mut row, "trusted_hosts", host),
            GlobalOption::UseFeature(name) => push(&mut row, "features_enabled", name),
            GlobalOption::NoIndex => drop(row.insert("no_index".into(), json!(true))),
            GlobalOption::Pre => drop(row.insert("pre".into(), json!(true))),
            GlobalOption::PreferBinary => drop(row.insert("prefer_binary".into(), json!(true))),
            GlobalOption::RequireHashes => drop(row.insert("require_hashes".into(), json!(true))),
            GlobalOption::NoRequireHashes => drop(row.insert("no_require_hashes".into(), json!(true))),
            GlobalOption::NoBinary(names) => {
                control(&mut row, "format_control", ["no_binary", "only_binary"], names);
            }
            GlobalOption::OnlyBinary(names) => {
                control(&mut row, "format_control", ["only_binary", "no_binary"], names);
            }
            GlobalOption::AllReleases(names) => {
                control(&mut row, "release_control", ["all_releases", "only_final"], names);
            }
            GlobalOption::OnlyFinal(names) => {
                control(&mut row, "release_control", ["only_final", "all_releases"], names);
            }
            _ => {}
        }
    }
    // The oracle leaves out what has its default value.
    row.retain(|_, value| value.as_object().is_none_or(|sets| sets.values().any(|set| set != &json!([]))));
    row
}

/// pip's `handle_mutual_excludes`.
fn control(row: &mut Map<String, Value>, key: &str, [target, other]: [&str; 2], names: &str) {
    let entry = row.entry(key).or_insert_with(|| json!({ target: [], other: [] }));
    let set = |entry: &Value, name: &str| -> BTreeSet<String> {
        entry[name]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|it| it.as_str().map(ToOwned::to_owned))
            .collect()
    };
    let (mut ours, mut theirs) = (set(entry, target), set(entry, other));
    let mut new: Vec<&str> = names.split(',').collect();
    while let Some(all) = new.iter().position(|name| *name == ":all:") {
        theirs.clear();
        ours = [":all:".to_owned()].into();
        new.drain(..=all);
        if !new.contains(&":none:") {
            new.clear();
        }
    }
    for name in new {
        if name == ":none:" {
            ours.clear();
        } else {
            let name = uvshift_requirements::normalize_name(name);
            theirs.remove(&name);
            ours.insert(name);
        }
    }
    *entry = json!({ target: ours, other: theirs });
}

//! Which Python a step asks for, and whether uv understands it.

use super::File;
use super::job::Job;
use super::step::Step;
use crate::pythons::is_brought;
use crate::yaml::Node;

/// The Python that setup-python is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    /// None: it finds one itself, as uv does.
    Nothing,
    /// `python-version`, which means the same to uv.
    Same,
    /// `python-version-file: .python-version`, which uv finds itself.
    File,
    /// Something that uv does not bring, does not understand, or understands in another way.
    Other,
}

/// What a step asks for.
pub(super) fn asked(file: &File<'_>, job: &Job<'_>, step: &Step<'_>) -> Asked {
    if let Some(version) = step.input("python-version") {
        let Some(text) = version.as_str() else { return Asked::Other };
        let values = values(file, job, text);
        let is_taken = |version: &String| is_understood(version) && is_brought(version);
        let is_same = |values: Vec<String>| !values.is_empty() && values.iter().all(is_taken);
        return if values.is_some_and(is_same) { Asked::Same } else { Asked::Other };
    }
    match step.input("python-version-file").map(|it| it.as_str().unwrap_or_default()) {
        None => Asked::Nothing,
        Some(path) if path.trim_start_matches("./") == ".python-version" => Asked::File,
        Some(_) => Asked::Other,
    }
}

/// Whether uv takes a version for what setup-python takes it for: `3.12`, `3.12.4`, `3.13t`, `pypy3.10`.
pub(super) fn is_understood(version: &str) -> bool {
    let version = version.strip_prefix("pypy-").or_else(|| version.strip_prefix("pypy")).unwrap_or(version);
    let version = version.strip_suffix('t').unwrap_or(version);
    let parts: Vec<&str> = version.split('.').collect();
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (2..=3).contains(&parts.len()) && parts.iter().all(is_number)
}

/// The versions that a step asks for, as far as they are known.
pub(super) fn versions(file: &File<'_>, job: &Job<'_>, step: &Step<'_>) -> Vec<String> {
    let text = step.input("python-version").and_then(Node::as_str);
    let values = text.and_then(|text| values(file, job, text)).unwrap_or_default();
    values.iter().flat_map(|value| value.split_whitespace()).map(str::to_owned).collect()
}

/// Every value that an input can have; none when it is not known.
fn values(file: &File<'_>, job: &Job<'_>, text: &str) -> Option<Vec<String>> {
    let Some(expression) = expression(text) else {
        return (!text.contains("${{")).then(|| vec![text.to_owned()]);
    };
    let (context, name) = expression.split_once('.')?;
    match context {
        "matrix" => {
            let nodes = matrix(job, name)?;
            Some(nodes.iter().filter_map(|node| node.as_str().map(str::to_owned)).collect())
        }
        "env" => {
            let own = job.home.node().get("env").and_then(|env| env.get(name));
            let value = own.or_else(|| file.root.at(&["env", name]))?;
            Some(vec![value.as_str()?.to_owned()])
        }
        "inputs" => {
            let places: [&[&str]; 3] = [
                &["inputs", name, "default"],
                &["on", "workflow_call", "inputs", name, "default"],
                &["on", "workflow_dispatch", "inputs", name, "default"],
            ];
            let found = places.iter().filter_map(|keys| file.root.at(keys)?.as_str());
            let mut found: Vec<String> = found.map(str::to_owned).collect();
            if let Some(given) = file.callers.inputs.get(name) {
                found.extend(given.clone()?);
            }
            Some(found)
        }
        _ => None,
    }
}

/// `name` of `${{ name }}`, when nothing else stands there.
fn expression(text: &str) -> Option<&str> {
    let inner = text.trim().strip_prefix("${{")?.strip_suffix("}}")?.trim();
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    inner.chars().all(is_part).then_some(inner)
}

/// The values of a row of the matrix; none when they are computed.
fn matrix<'y>(job: &Job<'y>, name: &str) -> Option<Vec<Node<'y>>> {
    let matrix = job.home.node().at(&["strategy", "matrix"]).filter(|matrix| matrix.is_mapping())?;
    let row = matrix.get(name);
    if row.is_some_and(|row| !row.is_sequence()) {
        return None;
    }
    let included = matrix.get("include");
    if included.is_some_and(|included| !included.is_sequence()) {
        return None;
    }
    let included = included.into_iter().flat_map(Node::items).filter_map(|item| item.resolved().get(name));
    let values: Vec<Node<'y>> =
        row.into_iter().flat_map(Node::items).map(Node::resolved).chain(included).collect();
    values.iter().all(|node| node.as_str().is_some_and(|it| !it.contains("${{"))).then_some(values)
}

/// Values of Python versions that are numbers to YAML, and lose their zero: `3.10`.
pub(super) fn unquoted<'y>(file: &File<'y>, job: &Job<'y>, version: Node<'y>) -> Vec<Node<'y>> {
    let Some(text) = version.as_str() else { return Vec::new() };
    let Some(name) = expression(text) else { return vec![version] };
    let Some((context, name)) = name.split_once('.') else { return Vec::new() };
    match context {
        "matrix" => {
            let excluded = job.home.node().at(&["strategy", "matrix", "exclude"]);
            let excluded = excluded.into_iter().flat_map(Node::items).filter_map(|item| item.get(name));
            matrix(job, name).unwrap_or_default().into_iter().chain(excluded).collect()
        }
        "env" => {
            let own = job.home.node().get("env").and_then(|env| env.get(name));
            own.or_else(|| file.root.at(&["env", name])).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::is_understood;

    #[test]
    fn uv_is_only_trusted_with_what_it_reads_alike() {
        for version in ["3.10", "3.12.4", "3.13t", "pypy3.10", "pypy-3.9"] {
            assert!(is_understood(version), "{version}");
        }
        for version in
            ["3", "3.x", "3.13-dev", "3.12.x", ">=3.11", "~3.11", "3.13.0-rc.1", "graalpy-24", "", "3."]
        {
            assert!(!is_understood(version), "{version}");
        }
    }
}

//! What the environment of the project holds that its files do not explain.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use uvshift_depgraph::Declared;
use uvshift_installed::{Distribution, Environment};
use uvshift_project::{Installed, Place, Scope, redacted};
use uvshift_requirements::{LineKind, normalize_name, parse};

use super::Given;
use super::listed::Listed;
use super::model::{ElsewhereKind, EnvironmentSummary, InstalledElsewhere};
use crate::Options;

/// The environment that was given, or `.venv` where it is one; none that cannot be read.
pub(super) fn summary(given: &Given<'_>, options: &Options, listed: &[Listed]) -> Option<EnvironmentSummary> {
    let root = given.tree.root();
    let path = options.environment.clone().unwrap_or_else(|| root.join(".venv"));
    let environment = Environment::read(&path).ok()?;
    let shown = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
    let installed = Installed::of_environment(&environment, &shown, root);
    let mut elsewhere = Vec::new();
    for (package, distribution) in installed.packages.iter().zip(&environment.distributions) {
        if let Some((kind, origin)) = origin(&package.place, distribution, root) {
            elsewhere.push(InstalledElsewhere {
                name: package.name.clone(),
                version: package.version.clone(),
                kind,
                origin: redacted(&origin),
            });
        }
    }
    Some(EnvironmentSummary {
        path: shown,
        python: installed.python.clone(),
        packages: installed.packages.len(),
        elsewhere,
        unneeded: unneeded(given, &environment, listed),
        problems: environment.problems.len(),
    })
}

/// Where a distribution is from, if not from an index.
fn origin(place: &Place, distribution: &Distribution, root: &Path) -> Option<(ElsewhereKind, String)> {
    Some(match place {
        Place::Git { url, commit, .. } => {
            let commit = commit.get(..12).unwrap_or(commit);
            (ElsewhereKind::Git, format!("{url}@{commit}"))
        }
        Place::Url { url, .. } => (ElsewhereKind::Url, url.clone()),
        Place::Path { path, editable } => {
            let kind = if *editable { ElsewhereKind::Editable } else { ElsewhereKind::Path };
            let shown = path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
            (kind, if shown.is_empty() { ".".to_owned() } else { shown })
        }
        Place::Other(what) => (ElsewhereKind::Vcs, what.clone()),
        Place::Index => match distribution.installer.as_deref() {
            Some("conda") => (ElsewhereKind::Conda, "conda".to_owned()),
            Some(installer) if !is_known(installer) => {
                (ElsewhereKind::UnknownInstaller, installer.to_owned())
            }
            _ => return None,
        },
    })
}

/// Installers that take what they install from an index unless they say otherwise.
fn is_known(installer: &str) -> bool {
    let name = installer.split([' ', '/']).next().unwrap_or_default().to_ascii_lowercase();
    matches!(
        name.as_str(),
        "pip" | "uv" | "poetry" | "pdm" | "pipenv" | "pipx" | "easy_install" | "installer" | "rye"
    )
}

/// Distributions that are neither declared nor required by one that is. A marker that does not ask for an extra counts
/// as true, so that nothing is called needless that another environment would need.
fn unneeded(given: &Given<'_>, environment: &Environment, listed: &[Listed]) -> Vec<String> {
    let declared = listed.iter().filter(|listed| listed.scope.is_some());
    let mut queue: Vec<(String, Vec<String>)> =
        declared.filter_map(|listed| Some((listed.name.clone()?, listed.extras.clone()))).collect();
    if queue.is_empty() {
        return Vec::new();
    }
    let by_name: BTreeMap<&str, &Distribution> =
        environment.distributions.iter().map(|found| (found.normalized_name.as_str(), found)).collect();
    let mut reached: BTreeSet<String> = BTreeSet::new();
    let mut seen: BTreeSet<(String, Vec<String>)> = BTreeSet::new();
    while let Some((name, extras)) = queue.pop() {
        let Some(found) = by_name.get(name.as_str()) else { continue };
        reached.insert(name.clone());
        if seen.insert((name, extras.clone())) {
            queue.extend(found.requires.iter().filter_map(|text| required(text, &extras)));
        }
    }
    let itself = given.names();
    let is_unneeded = |found: &&Distribution| {
        !found.is_seed()
            && !reached.contains(&found.normalized_name)
            && !itself.contains(&found.normalized_name)
    };
    environment.distributions.iter().filter(is_unneeded).map(|found| found.name.clone()).collect()
}

/// The name and the extras that a requirement asks for, if it holds with these extras.
pub(super) fn required(text: &str, extras: &[String]) -> Option<(String, Vec<String>)> {
    let document = parse(text);
    let requirement = document.lines().iter().find_map(|line| match line.kind() {
        LineKind::Requirement(requirement) => Some(requirement),
        _ => None,
    });
    let Some(requirement) = requirement else {
        return Declared::new(text, Scope::Main, "", 0).map(|declared| (declared.name, Vec::new()));
    };
    if let Some(marker) = requirement.marker() {
        let quoted: Vec<String> = marker.split(['"', '\'']).skip(1).step_by(2).map(normalize_name).collect();
        let asks = marker
            .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .any(|word| word == "extra");
        if asks && !quoted.iter().any(|name| extras.contains(name)) {
            return None;
        }
    }
    Some((requirement.normalized_name()?, requirement.extras().map(normalize_name).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_requirement_of_an_extra_counts_where_the_extra_is_asked_for() {
        let some = |name: &str, extras: &[&str]| {
            Some((name.to_owned(), extras.iter().map(|extra| (*extra).to_owned()).collect()))
        };
        let check = |text: &str, extras: &[String], expected: Option<(String, Vec<String>)>| {
            assert_eq!(required(text, extras), expected, "{text}");
        };
        let none = &[][..];
        check("Click>=8", none, some("click", &[]));
        check("celery[Redis] ; sys_platform == 'win32'", none, some("celery", &["redis"]));
        check("pytest ; extra == 'test'", none, None);
        check(
            "pytest ; python_version > '3' and extra == \"test\"",
            &["test".to_owned()],
            some("pytest", &[]),
        );
        check("pytest (>=3)", none, some("pytest", &[]));
    }
}

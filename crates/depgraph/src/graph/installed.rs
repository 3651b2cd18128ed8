//! The packages and edges of an environment, and what it knows of packages.

use std::collections::BTreeSet;

use uvshift_installed::{Distribution, Environment, Interpreter};
use uvshift_pyproject::Scope;
use uvshift_requirements::{Marker, normalize_name, parse};

use super::build::Builder;
use super::{Need, Package, PackageSource};
use crate::catalogue::category;

/// Adds every distribution but the tools that each environment has.
pub(super) fn add_packages(builder: &mut Builder<'_>, environment: &Environment) {
    let needed: BTreeSet<String> = environment
        .distributions
        .iter()
        .flat_map(|found| &found.requires)
        .filter_map(|text| parse(text).requirements().next()?.1.normalized_name())
        .chain(builder.input.projects.iter().flat_map(|it| &it.declared).map(|it| it.name.clone()))
        .collect();
    for found in &environment.distributions {
        if found.is_seed() && !needed.contains(&found.normalized_name) {
            continue;
        }
        let version = Some(found.version.clone()).filter(|version| !version.is_empty());
        builder.add(Package { version, source: source(found), ..Package::new(&found.normalized_name) });
    }
}

/// Adds an edge for each requirement whose marker holds in the environment. A package of a lock has them only where the same
/// version of it is installed.
pub(super) fn add_edges(builder: &mut Builder<'_>, environment: &Environment) {
    for found in &environment.distributions {
        let Some(from) = place(builder, found) else { continue };
        // The project itself is installed as editable; what it needs is declared.
        if builder.graph.package(from).is_some_and(|package| package.is_project) {
            continue;
        }
        for text in &found.requires {
            let document = parse(text);
            let Some((_, requirement)) = document.requirements().next() else { continue };
            let Some(name) = requirement.normalized_name() else { continue };
            let specifier = Some(requirement.specifier().to_owned()).filter(|text| !text.is_empty());
            for (scope, marker) in scopes(&environment.interpreter, requirement.marker()) {
                let need = Need {
                    scope,
                    extras: requirement.extras().map(normalize_name).collect(),
                    specifier: specifier.clone(),
                    marker,
                };
                for to in builder.meant(&name, specifier.as_deref()) {
                    builder.connect(from, to, need.clone());
                }
            }
        }
    }
}

/// Tells licences, sizes and categories.
pub(super) fn add_facts(builder: &mut Builder<'_>, environment: &Environment) {
    for found in &environment.distributions {
        let Some(at) = place(builder, found) else { continue };
        let Some(package) = builder.graph.packages.node_weight_mut(at) else { continue };
        package.category = category(&package.name, &found.classifiers);
        package.licence = licence(found);
        package.size = size(found).or(package.size);
    }
}

/// The package that a distribution is. Another version than the locked one tells nothing of it.
fn place(builder: &Builder<'_>, found: &Distribution) -> Option<petgraph::graph::NodeIndex> {
    let same = |at: &&petgraph::graph::NodeIndex| {
        builder.graph.package(**at).is_some_and(|package| match &package.version {
            Some(version) => *version == found.version,
            None => package.is_project,
        })
    };
    builder.versions(&found.normalized_name).iter().find(same).copied()
}

/// What of a distribution has a requirement here: itself, or those of the extras in its marker with which it holds.
fn scopes(interpreter: &Interpreter, marker: Option<&str>) -> Vec<(Scope, Option<String>)> {
    let Some(text) = marker else { return vec![(Scope::Main, None)] };
    let Ok(parsed) = Marker::parse(text) else { return Vec::new() };
    let extras = parsed.extras();
    if interpreter.holds(text, None) {
        return vec![(Scope::Main, Some(text.to_owned()).filter(|_| extras.is_empty()))];
    }
    let holding = extras.into_iter().filter(|extra| interpreter.holds(text, Some(extra)));
    holding.map(|extra| (Scope::Extra(extra.to_owned()), None)).collect()
}

fn source(found: &Distribution) -> PackageSource {
    use uvshift_installed::Origin;
    match &found.origin {
        Origin::Index => PackageSource::Index,
        Origin::Vcs { .. } => PackageSource::Git,
        Origin::Archive { url, .. } if !url.starts_with("file:") => PackageSource::Url,
        Origin::Archive { .. } | Origin::Directory { .. } => PackageSource::Path,
    }
}

/// What is installed, in bytes, as far as the distribution tells.
fn size(found: &Distribution) -> Option<u64> {
    let (entries, _) = found.record();
    let sizes: Vec<u64> = entries.into_iter().filter_map(|entry| entry.size).collect();
    (!sizes.is_empty()).then(|| sizes.into_iter().fold(0, u64::saturating_add))
}

/// Classifiers that mean one licence of SPDX, so that old and new metadata of one licence count together. `BSD License` and
/// `Apache Software License` are not here: they leave open which one.
const LICENCES: [(&str, &str); 14] = [
    ("MIT License", "MIT"),
    ("MIT No Attribution License (MIT-0)", "MIT-0"),
    ("ISC License (ISCL)", "ISC"),
    ("Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0"),
    ("Python Software Foundation License", "PSF-2.0"),
    ("The Unlicense (Unlicense)", "Unlicense"),
    ("Boost Software License 1.0 (BSL-1.0)", "BSL-1.0"),
    ("GNU General Public License v2 (GPLv2)", "GPL-2.0-only"),
    ("GNU General Public License v2 or later (GPLv2+)", "GPL-2.0-or-later"),
    ("GNU General Public License v3 (GPLv3)", "GPL-3.0-only"),
    ("GNU General Public License v3 or later (GPLv3+)", "GPL-3.0-or-later"),
    ("GNU Lesser General Public License v3 (LGPLv3)", "LGPL-3.0-only"),
    ("GNU Lesser General Public License v3 or later (LGPLv3+)", "LGPL-3.0-or-later"),
    ("GNU Affero General Public License v3", "AGPL-3.0-only"),
];

/// The SPDX expression, the classifiers, or a short licence field: older metadata has the whole text there.
fn licence(found: &Distribution) -> Option<String> {
    const LONGEST: usize = 60;
    if let Some(expression) = &found.license_expression {
        return Some(expression.trim().to_owned()).filter(|text| !text.is_empty());
    }
    let classified: BTreeSet<&str> = found
        .classifiers
        .iter()
        .filter_map(|classifier| classifier.strip_prefix("License :: "))
        .filter_map(|classifier| classifier.rsplit(" :: ").next())
        .filter(|name| *name != "OSI Approved")
        .map(|name| LICENCES.iter().find(|(known, _)| *known == name).map_or(name, |(_, spdx)| *spdx))
        .collect();
    if !classified.is_empty() {
        return Some(classified.into_iter().collect::<Vec<_>>().join(", "));
    }
    let text = found.license.as_deref()?.lines().next()?.trim();
    let is_name =
        !text.is_empty() && text.chars().count() <= LONGEST && !text.eq_ignore_ascii_case("unknown");
    is_name.then(|| text.to_owned())
}

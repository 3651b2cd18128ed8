//! The fields of `METADATA` by meaning (core metadata specification).

use std::collections::BTreeSet;
use std::str::FromStr as _;

use pep440_rs::Version;
use uvshift_requirements::normalize_name;

use super::people::people;
use super::urls::urls;
use super::{Comparison, Tolerance, requires};
use crate::{Metadata, Wheel};

/// Fields that have a rule of their own below, or that say how the metadata is written and not what it says. The files
/// that `License-File` names are compared as files.
const SPECIAL: [&str; 24] = [
    "metadata-version",
    "dynamic",
    "license-file",
    "name",
    "version",
    "summary",
    "keywords",
    "author",
    "author-email",
    "maintainer",
    "maintainer-email",
    "home-page",
    "download-url",
    "project-url",
    "license",
    "license-expression",
    "classifier",
    "requires-dist",
    "requires-python",
    "provides-extra",
    "description",
    "description-content-type",
    "import-name",
    "import-namespace",
];

pub(super) fn compare(
    old_wheel: &Wheel,
    new_wheel: &Wheel,
    tolerance: Tolerance,
    comparison: &mut Comparison,
) {
    let (old, new) = (&old_wheel.metadata, &new_wheel.metadata);
    single(old, new, "Name", normalize_name, comparison);
    version(old, new, comparison);
    single(old, new, "Summary", words, comparison);
    keywords(old, new, comparison);
    for role in ["Author", "Maintainer"] {
        let place = format!("METADATA {role}");
        let (before, after) = (people(old, role), people(new, role));
        let only_first = tolerance.other_backend && old_wheel.info.generator.starts_with("poetry");
        if only_first && before != after && !before.is_empty() && before.is_subset(&after) {
            comparison.accept(&place, "poetry-core names only the first of several");
        } else {
            comparison.compare_sets(&place, "name or address", &before, &after);
        }
    }
    comparison.compare_sets("METADATA Project-URL", "URL", &urls(old), &urls(new));
    licence(old_wheel, new_wheel, comparison);
    classifiers(old, new, comparison);
    requires::compare(old, new, tolerance, comparison);
    requires::compare_python(old, new, tolerance, comparison);
    let (before, after) = (requires::extras(old), requires::extras(new));
    comparison.compare_sets("METADATA Provides-Extra", "extra", &before, &after);
    description(old, new, comparison);
    import_names(old_wheel, new_wheel, comparison);
    others(old, new, comparison);
}

/// A field that has one value.
fn single(
    old: &Metadata,
    new: &Metadata,
    field: &str,
    meaning: fn(&str) -> String,
    comparison: &mut Comparison,
) {
    let (before, after) = (old.first(field), new.first(field));
    if before.map(meaning) != after.map(meaning) {
        comparison.differ(&format!("METADATA {field}"), "another value", before, after);
    }
}

/// `1.0` and `1.0.0` are the same (PEP 440).
fn version(old: &Metadata, new: &Metadata, comparison: &mut Comparison) {
    let field = "Version";
    let parsed = |metadata: &Metadata| Version::from_str(metadata.first(field)?).ok();
    match (parsed(old), parsed(new)) {
        (Some(ours), Some(theirs)) if ours == theirs => {}
        _ => single(old, new, field, str::to_owned, comparison),
    }
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Commas divide keywords now; older backends wrote spaces.
fn keywords(old: &Metadata, new: &Metadata, comparison: &mut Comparison) {
    let divided = |metadata: &Metadata, also_by_space: bool| -> BTreeSet<String> {
        let all = metadata.all("Keywords").flat_map(|text| text.split(','));
        let parts: Vec<String> = all.map(words).filter(|part| !part.is_empty()).collect();
        if !also_by_space {
            return parts.into_iter().collect();
        }
        parts.iter().flat_map(|part| part.split(' ')).map(str::to_owned).collect()
    };
    let by_space = divided(old, true) == divided(new, true);
    if !by_space {
        let place = "METADATA Keywords";
        comparison.compare_sets(place, "keyword", &divided(old, false), &divided(new, false));
    }
}

/// The text of the licence, in whichever field.
fn licence(old: &Wheel, new: &Wheel, comparison: &mut Comparison) {
    let place = "METADATA License";
    let said = |wheel: &Wheel| {
        let metadata = &wheel.metadata;
        metadata.first("License-Expression").or_else(|| metadata.first("License")).map(words)
    };
    let is_file =
        |text: &str| [old, new].iter().all(|wheel| wheel.licences().any(|file| words(file) == text));
    let (before, after) = (said(old), said(new));
    if before == after {
        return;
    }
    match (&before, &after) {
        (None, Some(expression)) if expression_says_classifiers(&old.metadata, expression) => {
            comparison.accept(place, format!("`{expression}` says what the classifier said"));
        }
        (None, Some(text)) | (Some(text), None) if is_file(text) => {
            comparison
                .accept(place, "only one of them repeats the text of the licence file, which both hold");
        }
        _ => comparison.differ(place, "another licence", before.as_deref(), after.as_deref()),
    }
}

/// Licence expressions and the classifiers that say the same.
const LICENCES: [(&str, &str); 14] = [
    ("MIT", "License :: OSI Approved :: MIT License"),
    ("Apache-2.0", "License :: OSI Approved :: Apache Software License"),
    ("BSD-2-Clause", "License :: OSI Approved :: BSD License"),
    ("BSD-3-Clause", "License :: OSI Approved :: BSD License"),
    ("ISC", "License :: OSI Approved :: ISC License (ISCL)"),
    ("MPL-2.0", "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)"),
    ("GPL-2.0-only", "License :: OSI Approved :: GNU General Public License v2 (GPLv2)"),
    ("GPL-3.0-only", "License :: OSI Approved :: GNU General Public License v3 (GPLv3)"),
    ("GPL-3.0-or-later", "License :: OSI Approved :: GNU General Public License v3 or later (GPLv3+)"),
    ("LGPL-3.0-only", "License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)"),
    ("AGPL-3.0-only", "License :: OSI Approved :: GNU Affero General Public License v3"),
    ("Unlicense", "License :: OSI Approved :: The Unlicense (Unlicense)"),
    ("PSF-2.0", "License :: OSI Approved :: Python Software Foundation License"),
    ("0BSD", "License :: OSI Approved :: Zero-Clause BSD (0BSD)"),
];

fn expression_says_classifiers(metadata: &Metadata, expression: &str) -> bool {
    let mut licences = metadata.all("Classifier").filter(|it| it.starts_with("License ::")).peekable();
    licences.peek().is_some() && licences.all(|classifier| LICENCES.contains(&(expression, classifier)))
}

fn classifiers(old: &Metadata, new: &Metadata, comparison: &mut Comparison) {
    let place = "METADATA Classifier";
    let all = |metadata: &Metadata| -> BTreeSet<String> { metadata.all("Classifier").map(words).collect() };
    let (mut before, after) = (all(old), all(new));
    // PEP 639: a licence expression takes the place of the classifiers, which may not stand beside it.
    if let Some(expression) = new.first("License-Expression") {
        let replaced = |classifier: &String| {
            LICENCES.contains(&(expression, classifier.as_str())) && !after.contains(classifier)
        };
        for gone in before.extract_if(.., replaced) {
            comparison.accept(place, format!("`{gone}` is said by the licence expression `{expression}`"));
        }
    }
    comparison.compare_sets(place, "classifier", &before, &after);
}

fn description(old: &Metadata, new: &Metadata, comparison: &mut Comparison) {
    let text = |metadata: &Metadata| {
        let text = metadata.description().unwrap_or_default();
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        lines.join("\n").trim_matches('\n').to_owned()
    };
    let (before, after) = (text(old), text(new));
    if before != after {
        let pair = before.lines().zip(after.lines()).find(|(ours, theirs)| ours != theirs);
        let (ours, theirs) = pair.map_or((None, None), |(ours, theirs)| (Some(ours), Some(theirs)));
        comparison.differ("METADATA Description", "another text", ours, theirs);
    }
    let place = "METADATA Description-Content-Type";
    let kind = |metadata: &Metadata| {
        let value = metadata.first("Description-Content-Type")?;
        Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
    };
    match (kind(old), kind(new)) {
        (None, Some(new)) => {
            comparison.accept(place, format!("`{new}` is said now; before, nothing was said"));
        }
        (old, new) if old != new => comparison.differ(place, "another type", old.as_deref(), new.as_deref()),
        _ => {}
    }
}

/// Which names can be imported (PEP 794). Some backends say so and some do not; the files of the wheel show it anyway.
fn import_names(old: &Wheel, new: &Wheel, comparison: &mut Comparison) {
    for field in ["Import-Name", "Import-Namespace"] {
        let place = format!("METADATA {field}");
        let said = |wheel: &Wheel| -> BTreeSet<String> { wheel.metadata.all(field).map(words).collect() };
        let (before, after) = (said(old), said(new));
        let (names, other) = match (before.is_empty(), after.is_empty()) {
            (false, true) => (&before, new),
            (true, false) => (&after, old),
            _ => {
                comparison.compare_sets(&place, "name", &before, &after);
                continue;
            }
        };
        let top = other.top_level();
        let first = |name: &str| name.split(['.', ';', ' ']).next().unwrap_or_default().to_owned();
        if names.iter().all(|name| top.contains(first(name).as_str())) {
            comparison.accept(&place, "only one of the build backends writes it; the files show it");
        } else {
            comparison.compare_sets(&place, "name", &before, &after);
        }
    }
}

/// Every other field, value by value. `Platform: UNKNOWN` counts as nothing said.
fn others(old: &Metadata, new: &Metadata, comparison: &mut Comparison) {
    let all = |metadata: &Metadata| -> BTreeSet<String> {
        let fields = metadata.fields().map(|(name, value)| (name.to_ascii_lowercase(), value));
        fields
            .filter(|(name, value)| !SPECIAL.contains(&name.as_str()) && !matches!(*value, "" | "UNKNOWN"))
            .map(|(name, value)| format!("{name}: {}", words(value)))
            .collect()
    };
    comparison.compare_sets("METADATA", "field", &all(old), &all(new));
}

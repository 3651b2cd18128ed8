//! `.dist-info` folders.

use std::path::Path;

use uvshift_requirements::normalize_name;

use crate::metadata::{self, Metadata};
use crate::problem::{ProblemKind, Problems};
use crate::{Distribution, Form, files, origin};

/// Reads a folder `NAME-VERSION.dist-info`, whose name without the ending is `stem`.
pub(crate) fn read(folder: &Path, stem: &str, problems: &mut Problems) -> Option<Distribution> {
    let path = folder.join("METADATA");
    let text = files::read_text(&path, problems);
    if text.is_none() {
        problems.add(&path, ProblemKind::NoMetadata);
    }
    let metadata = text.as_deref().map(metadata::parse).unwrap_or_default();
    let mut found = distribution(metadata, folder, stem, problems)?;
    found.installer = installer(folder, problems);
    found.requested = folder.join("REQUESTED").exists();
    found.origin = origin::read(folder, problems).unwrap_or_default();
    Some(found)
}

/// The first line of `INSTALLER` that has something in it.
pub(crate) fn installer(folder: &Path, problems: &mut Problems) -> Option<String> {
    let text = files::read_text(&folder.join("INSTALLER"), problems)?;
    text.lines().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned)
}

/// A distribution with what its metadata says, and where that says nothing, what the name of its folder says.
pub(crate) fn distribution(
    metadata: Metadata,
    location: &Path,
    stem: &str,
    problems: &mut Problems,
) -> Option<Distribution> {
    let (stem_name, stem_version) = stem.split_once('-').unwrap_or((stem, ""));
    let readable = metadata != Metadata::default();
    if readable && metadata.name.is_none() {
        problems.add(location, ProblemKind::NoName);
    }
    if readable && metadata.version.is_none() {
        problems.add(location, ProblemKind::NoVersion);
    }
    let name = metadata.name.unwrap_or_else(|| stem_name.to_owned());
    if !is_name(&name) {
        problems.add(location, ProblemKind::NoName);
        return None;
    }
    // `1.0-py3.11` is a version and the Python that an egg is for.
    let stem_version = stem_version.split("-py").next().unwrap_or_default();
    Some(Distribution {
        normalized_name: normalize_name(&name),
        name,
        version: metadata.version.unwrap_or_else(|| stem_version.to_owned()),
        requires: metadata.requires,
        requires_python: metadata.requires_python,
        extras: metadata.extras,
        installer: None,
        requested: false,
        origin: crate::Origin::Index,
        form: Form::DistInfo,
        location: location.to_owned(),
        top_level: top_level(location, problems),
        classifiers: metadata.classifiers,
        license_expression: metadata.license_expression,
        license: metadata.license,
    })
}

fn top_level(location: &Path, problems: &mut Problems) -> Vec<String> {
    if !location.is_dir() {
        return Vec::new();
    }
    let text = files::read_text(&location.join("top_level.txt"), problems).unwrap_or_default();
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// The names that PEP 508 allows.
fn is_name(name: &str) -> bool {
    let edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = name.as_bytes();
    edge(bytes.first())
        && edge(bytes.last())
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

//! What setuptools and distutils left before wheels: `.egg-info`, `.egg`, `.egg-link`.

use std::path::{Path, PathBuf};

use crate::metadata::{self, Metadata};
use crate::problem::{ProblemKind, Problems};
use crate::{Distribution, Form, Origin, checkout, dist_info, files};

/// Reads `NAME-VERSION-pyX.Y.egg-info`: a folder of setuptools, or a file of distutils.
pub(crate) fn read_info(path: &Path, stem: &str, problems: &mut Problems) -> Option<Distribution> {
    let (metadata, is_there) = if path.is_dir() {
        folder_metadata(path, problems)
    } else {
        let text = files::read_text(path, problems);
        (text.as_deref().map(metadata::parse).unwrap_or_default(), text.is_some())
    };
    if !is_there {
        problems.add(path, ProblemKind::NoMetadata);
    }
    let mut found = dist_info::distribution(metadata, path, stem, problems)?;
    found.form = Form::EggInfo;
    if path.is_dir() {
        found.installer = dist_info::installer(path, problems);
        found.requested = path.join("REQUESTED").exists();
    }
    Some(found)
}

/// Reads `NAME-VERSION-pyX.Y.egg`, which `easy_install` unpacked.
pub(crate) fn read_egg(path: &Path, stem: &str, problems: &mut Problems) -> Option<Distribution> {
    if !path.is_dir() {
        problems.add(path, ProblemKind::ZippedEgg);
        return None;
    }
    read_info(&path.join("EGG-INFO"), stem, problems)
}

/// Reads `NAME.egg-link`: its first line is the folder with the `.egg-info`, its second one leads to `setup.py` from there.
pub(crate) fn read_link(path: &Path, stem: &str, problems: &mut Problems) -> Option<Distribution> {
    let text = files::read_text(path, problems)?;
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let Some(first) = lines.next() else {
        problems.add(path, ProblemKind::DanglingLink);
        return None;
    };
    let folder = PathBuf::from(first);
    let project = project_folder(&folder, lines.next().unwrap_or("."));
    let name = files::names(&folder, problems).into_iter().find(|name| {
        let stem_there = name.strip_suffix(".egg-info");
        stem_there.is_some_and(|there| same(there.split('-').next().unwrap_or(there), stem))
    });
    let Some(name) = name else {
        problems.add(path, ProblemKind::DanglingLink);
        return None;
    };
    let location = folder.join(&name);
    let mut found = read_info(&location, name.strip_suffix(".egg-info").unwrap_or(stem), problems)?;
    found.form = Form::EggLink;
    // Nobody but the user makes such a link.
    found.requested = true;
    let checkout = checkout::find(&project);
    found.origin = Origin::Directory { path: project, editable: true, checkout };
    Some(found)
}

fn same(left: &str, right: &str) -> bool {
    uvshift_requirements::normalize_name(left) == uvshift_requirements::normalize_name(right)
}

/// `..` of a link is taken off the path rather than followed.
fn project_folder(folder: &Path, relative: &str) -> PathBuf {
    let mut path = folder.to_owned();
    for part in relative.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            part => path.push(part),
        }
    }
    path
}

fn folder_metadata(folder: &Path, problems: &mut Problems) -> (Metadata, bool) {
    let text = files::read_text(&folder.join("PKG-INFO"), problems);
    let mut metadata = text.as_deref().map(metadata::parse).unwrap_or_default();
    let requires = files::read_text(&folder.join("requires.txt"), problems);
    if let Some(requires) = requires.filter(|_| metadata.requires.is_empty()) {
        let (requires, extras) = metadata::egg_requires(&requires);
        metadata.requires = requires;
        let new = extras.into_iter().filter(|extra| !metadata.extras.contains(extra)).collect::<Vec<_>>();
        metadata.extras.extend(new);
    }
    (metadata, text.is_some())
}

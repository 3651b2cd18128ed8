//! Editable installs of setuptools that only their `__editable__` files tell.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use uvshift_requirements::normalize_name;

use crate::{Distribution, Origin, checkout};

/// An editable install: the normalised name and a folder that Python imports from.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Editable {
    name: String,
    folder: PathBuf,
}

/// Such files hold some paths.
const MAXIMUM_SIZE: u64 = 1024 * 1024;

/// A project has its setup file at most this far above what is imported.
const MAXIMUM_DEPTH: usize = 4;

/// The editable installs among the names in a site-packages folder: `__editable__.NAME-VERSION.pth` holds a path, or
/// imports a finder `__editable___NAME_VERSION_finder.py`, whose `MAPPING` holds paths.
pub(crate) fn find(folder: &Path, names: &[String]) -> Vec<Editable> {
    let mut found = Vec::new();
    for name in names {
        let Some(stem) = name.strip_prefix("__editable__.").and_then(|rest| rest.strip_suffix(".pth")) else {
            continue;
        };
        let Some(text) = read(&folder.join(name)) else { continue };
        let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
        let path = line.and_then(|line| match line.strip_prefix("import ") {
            None => Some(line.to_owned()),
            Some(rest) => finder_path(folder, rest.split([';', ',']).next()?.trim()),
        });
        let distribution = stem.rsplit_once('-').map_or(stem, |(name, _)| name);
        if let Some(path) = path {
            found.push(Editable { name: normalize_name(distribution), folder: PathBuf::from(path) });
        }
    }
    found
}

/// The first path in the `MAPPING` of a finder: what is imported is in the folder above it.
fn finder_path(folder: &Path, module: &str) -> Option<String> {
    if !module.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return None;
    }
    let text = read(&folder.join(format!("{module}.py")))?;
    let line = text.lines().find(|line| line.starts_with("MAPPING"))?;
    // `MAPPING: dict[str, str] = {'name': '/path/name'}`
    let (_, entries) = line.split_once('{')?;
    let (_, value) = entries.split_once("': ")?;
    let quote = value.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
    let path = value.get(1..)?.split(quote).next()?.replace("\\\\", "\\");
    Some(PathBuf::from(path).parent()?.to_string_lossy().into_owned())
}

fn read(path: &Path) -> Option<String> {
    fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    let mut text = String::new();
    fs::File::open(path).ok()?.take(MAXIMUM_SIZE).read_to_string(&mut text).ok()?;
    Some(text)
}

/// Gives a distribution the origin that its `__editable__` files tell, where `direct_url.json` told none.
pub(crate) fn apply(editables: &[Editable], distribution: &mut Distribution) {
    if distribution.origin != Origin::Index {
        return;
    }
    let Some(found) = editables.iter().find(|found| found.name == distribution.normalized_name) else {
        return;
    };
    let is_project = |folder: &&Path| {
        ["pyproject.toml", "setup.py", "setup.cfg"].iter().any(|file| folder.join(file).is_file())
    };
    let project = found.folder.ancestors().take(MAXIMUM_DEPTH).find(is_project).unwrap_or(&found.folder);
    let (path, checkout) = (project.to_owned(), checkout::find(project));
    distribution.origin = Origin::Directory { path, editable: true, checkout };
}

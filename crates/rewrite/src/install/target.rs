//! What an argument of `pip install` names.

use crate::context::{Context, UvProject, distribution, joined};
use uvshift_requirements::normalize_name;

/// What an argument names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// A distribution, normalised; whether a version, a marker or a URL is with it, and its extras.
    Distribution { name: String, extras: Vec<String>, is_plain: bool },
    /// The folder of a project of uv, with extras.
    Project { folder: String, extras: Vec<String> },
    /// Something else: a wheel, a URL, a folder, a variable.
    Other,
}

impl Target {
    /// What a text names for a command in `folder`.
    pub(crate) fn of(text: &str, folder: Option<&str>, context: &Context) -> Self {
        let text = text.trim();
        let is_path =
            text.starts_with(['.', '/', '~']) || text.contains(['/', '\\']) || text.starts_with("file:");
        if is_path && !text.contains("://") && !text.contains(" @ ") {
            let (path, extras) = without_extras(text);
            let path = folder.and_then(|folder| joined(folder, path));
            let project = path.filter(|path| context.projects.iter().any(|project| project.folder == *path));
            return project.map_or(Self::Other, |folder| Self::Project { folder, extras });
        }
        let name = distribution(text);
        let is_file = [".whl", ".zip", ".tar.gz", ".tar.bz2"].iter().any(|ending| text.ends_with(ending));
        if name.is_empty() || is_file || text.contains("://") || text.contains(['*', '?', '{']) {
            return Self::Other;
        }
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
        let rest = text.trim_start_matches(is_part).trim();
        let (rest, extras) = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((extras, rest)) => (rest.trim(), names(extras)),
            None => (rest, Vec::new()),
        };
        Self::Distribution { name, extras, is_plain: rest.is_empty() }
    }
}

/// A path and the extras behind it.
fn without_extras(text: &str) -> (&str, Vec<String>) {
    match text.strip_suffix(']').and_then(|text| text.rsplit_once('[')) {
        Some((path, extras)) => (path, names(extras)),
        None => (text, Vec::new()),
    }
}

fn names(list: &str) -> Vec<String> {
    list.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// The name under which a project has an extra or a group that is written in another way.
pub(crate) fn known<'a>(names: impl IntoIterator<Item = &'a String>, wanted: &str) -> Option<&'a String> {
    let wanted = normalize_name(wanted);
    names.into_iter().find(|name| normalize_name(name) == wanted)
}

/// Whether this is the distribution that a project makes.
pub(crate) fn is_own(project: &UvProject, name: &str) -> bool {
    !project.name.is_empty() && normalize_name(&project.name) == name
}

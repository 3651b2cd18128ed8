//! Packages that lie in the project: folders and archives, and what they are called.

use uvshift_tree::without_detours;

use crate::{Tree, names};

/// Whether a path of a requirement is the project's own folder.
pub(crate) fn is_project_itself(path: &str) -> bool {
    let path = path.replace('\\', "/");
    path.strip_prefix("file:").unwrap_or(&path).split('/').all(|part| part.is_empty() || part == ".")
        && !path.starts_with('/')
}

/// The path relative to the project, with `/`.
///
/// pip looks from the folder it is run in, which is the project's; people also write paths from the file's own folder.
pub(crate) fn locate(tree: &Tree, file: &str, path: &str) -> String {
    let path =
        path.strip_prefix("file:").filter(|rest| !rest.starts_with("//")).unwrap_or(path).replace('\\', "/");
    let from_root = without_detours(&path);
    let there = |path: &str| tree.has(path) || tree.has_folder(path);
    if there(&from_root) || path.starts_with('/') {
        return from_root;
    }
    match file.rsplit_once('/') {
        Some((folder, _)) => {
            let beside = without_detours(&format!("{folder}/{path}"));
            if there(&beside) { beside } else { from_root }
        }
        None => from_root,
    }
}

/// The same for `--find-links`, which pip looks for beside the file first.
pub(crate) fn beside_or_root(tree: &Tree, file: &str, path: &str) -> String {
    let beside = file
        .rsplit_once('/')
        .map(|(folder, _)| without_detours(&format!("{folder}/{}", path.replace('\\', "/"))));
    let beside = beside.filter(|path| tree.has(path) || tree.has_folder(path));
    beside.unwrap_or_else(|| locate(tree, file, path))
}

/// The distribution name in the file name of a wheel or source distribution.
pub(crate) fn name_of_archive(path: &str) -> Option<String> {
    let path = path.split(['?', '#']).next()?;
    let file = path.rsplit(['/', '\\']).next()?;
    if let Some(stem) = file.strip_suffix(".whl") {
        let parts: Vec<&str> = stem.split('-').collect();
        return (parts.len() >= 5).then(|| parts[0].replace('_', "-"));
    }
    let endings = [".tar.gz", ".tgz", ".zip", ".tar.bz2", ".tar.xz"];
    let stem = endings.iter().find_map(|ending| file.strip_suffix(ending))?;
    let (name, version) = stem.rsplit_once('-')?;
    let is_version = version.starts_with(|first: char| first.is_ascii_digit());
    let valid = !name.is_empty()
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter));
    (is_version && valid).then(|| name.to_owned())
}

/// The name that the metadata of a folder gives, read as text: nothing of it is run.
pub(crate) fn name_of_folder(tree: &Tree, folder: &str) -> Option<String> {
    let inside = |file: &str| tree.text(&format!("{folder}/{file}"));
    if let Some(found) = inside("pyproject.toml").and_then(|text| {
        let document = uvshift_pyproject::PyProject::parse(&text).ok()?;
        document.project_name().map(str::to_owned)
    }) {
        return Some(found);
    }
    let configured = inside("setup.cfg").and_then(|text| assigned(section(&text, "metadata")?, "name"));
    let configured = configured.or_else(|| assigned(&inside("setup.py")?, "name"));
    configured
        .filter(|name| names::normalized(name).len() >= name.len().saturating_sub(2) && !name.is_empty())
}

fn section<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let header = format!("[{name}]");
    let start = text.find(&header)? + header.len();
    let rest = &text[start..];
    Some(rest.find("\n[").map_or(rest, |end| &rest[..end]))
}

/// The value of `key = value` or `key="value"` on a line of its own or in a call.
fn assigned(text: &str, key: &str) -> Option<String> {
    for (at, _) in text.match_indices(key) {
        let before = text[..at].chars().next_back();
        let Some(rest) = text[at + key.len()..].trim_start().strip_prefix('=') else { continue };
        if before.is_some_and(|before| before.is_alphanumeric() || before == '_' || before == '.') {
            continue;
        }
        let rest = rest.trim_start();
        let quoted = rest.strip_prefix(['"', '\'']);
        let end = |letter: char| !(letter.is_ascii_alphanumeric() || "-_.".contains(letter));
        let value = quoted.unwrap_or(rest);
        let value = &value[..value.find(end).unwrap_or(value.len())];
        // A bare word in setup.py is a variable, whose value nobody ran.
        let plain = quoted.is_some() || !text.contains("setup(");
        if plain && !value.is_empty() {
            return Some(value.to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archives_tell_their_name() {
        for (path, name) in [
            ("wheels/foo_bar-1.0-py3-none-any.whl", Some("foo-bar")),
            ("https://index.example/a/foo-1.0.tar.gz?x=1#sha256=0", Some("foo")),
            ("https://index.example/archive/main.zip", None),
            ("libs/foo", None),
        ] {
            assert_eq!(name_of_archive(path).as_deref(), name, "{path}");
        }
    }

    #[test]
    fn the_project_itself_has_many_spellings() {
        for path in [".", "./", ".\\", "file:."] {
            assert!(is_project_itself(path), "{path}");
        }
        for path in ["..", "./libs", "/", "file:///srv"] {
            assert!(!is_project_itself(path), "{path}");
        }
    }

    #[test]
    fn setup_files_are_read_as_text() {
        assert_eq!(assigned("setup(\n  name='alpha', version=V)", "name").as_deref(), Some("alpha"));
        assert_eq!(assigned("setup(name=NAME)", "name"), None);
        assert_eq!(
            assigned(section("[metadata]\nname = beta\n[options]\nname = no\n", "metadata").unwrap(), "name")
                .as_deref(),
            Some("beta")
        );
    }
}

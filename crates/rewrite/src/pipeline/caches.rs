//! Caches: which folder is kept, and which file its key is made of.

use uvshift_diagnostics::Safety;

use crate::context::{Context, joined};
use crate::model::{Edit, Rewritten};
use crate::yaml::{Change, Node};

/// Files of other tools that fix versions.
const LOCKS: &[&str] = &["poetry.lock", "Pipfile.lock", "pdm.lock", "Pipfile"];

/// Folders of what other tools download, with where uv keeps it.
const FOLDERS: &[(&str, &str)] = &[
    (".cache/pip", ".cache/uv"),
    (".cache/pypoetry", ".cache/uv"),
    (".cache/pipenv", ".cache/uv"),
    ("Library/Caches/pip", ".cache/uv"),
    ("pip-cache", "uv-cache"),
    ("pip_cache", "uv_cache"),
    ("$PIP_CACHE_DIR", "$UV_CACHE_DIR"),
    ("${PIP_CACHE_DIR}", "${UV_CACHE_DIR}"),
    ("$(PIP_CACHE_DIR)", "$(UV_CACHE_DIR)"),
];

/// What caches are made of in one file.
pub(crate) struct Caches<'a> {
    /// What is known of the repository.
    pub(crate) context: &'a Context,
    /// The folder that paths start from.
    pub(crate) folder: &'a str,
}

impl Caches<'_> {
    /// The lock that took the place of a file.
    pub(crate) fn lock(&self, path: &str) -> Option<String> {
        let path = path.trim_start_matches("./");
        let name = path.rsplit('/').next().unwrap_or(path);
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let is_lock = LOCKS.contains(&name);
        if !is_lock && self.context.became(self.folder, path).is_none() {
            return None;
        }
        let project = self.context.project(&joined(self.folder, folder)?)?;
        if !project.locked {
            return None;
        }
        let lock = project.lock();
        if self.folder.is_empty() {
            Some(lock)
        } else {
            lock.strip_prefix(self.folder)?.strip_prefix('/').map(str::to_owned)
        }
    }

    /// A folder with what uv keeps in the place of what another tool kept there.
    pub(crate) fn kept(path: &str) -> Option<String> {
        if let Some((old, new)) = FOLDERS.iter().find(|(old, _)| path.contains(old)) {
            return Some(path.replacen(old, new, 1));
        }
        let before = path.trim_end_matches('/').strip_suffix(".pip")?;
        (before.is_empty() || before.ends_with('/')).then(|| format!("{before}.uv"))
    }

    /// A list of files that a key is made of: each becomes the lock, once.
    pub(crate) fn key_files(&self, list: Node<'_>, found: &mut Rewritten) {
        let files = list.strings();
        let mut has_lock = files.iter().any(|file| file.as_str().is_some_and(|it| it.ends_with("uv.lock")));
        for file in files {
            let Some(lock) = file.as_str().and_then(|path| self.lock(path)) else { continue };
            let change = if has_lock { file.without_item() } else { Some(file.with_value(&lock)) };
            has_lock = true;
            push(found, change, "cache-key", format!("what is installed is fixed by {lock}"));
        }
    }

    /// A list of folders that are kept. What pip still needs stays beside uv's.
    pub(crate) fn folders(list: Node<'_>, keep_old: bool, found: &mut Rewritten) {
        let folders = list.strings();
        let mut there: Vec<String> = folders.iter().filter_map(|it| it.as_str().map(str::to_owned)).collect();
        for folder in folders {
            let Some(new) = folder.as_str().and_then(Self::kept) else { continue };
            let change = match (keep_old, there.contains(&new)) {
                (true, true) => None,
                (true, false) => folder.with_item_after(&format!("- {}", folder.yaml().scalar(&new))),
                (false, true) => folder.without_item(),
                (false, false) => Some(folder.with_value(&new)),
            };
            there.push(new);
            push(found, change, "cache-folder", "uv keeps what it downloads there".to_owned());
        }
    }

    /// A text with `checksum "FILE"` of templates, or with names of files between blanks and `|`: old files become the lock,
    /// once.
    pub(crate) fn checksums(&self, key: &str) -> Option<String> {
        let mut new = key.to_owned();
        let mut has_lock = key.contains("uv.lock");
        let mut from = 0;
        while let Some(start) = new.get(from..).and_then(|rest| rest.find("{{")).map(|at| from + at) {
            let Some(end) = new.get(start..).and_then(|rest| rest.find("}}")).map(|at| start + at + 2) else {
                break;
            };
            let template = new.get(start..end).unwrap_or_default().to_owned();
            from = end;
            let Some(path) = checksum_of(&template) else { continue };
            let Some(lock) = self.lock(path) else { continue };
            if has_lock {
                let before = new.get(..start).unwrap_or_default();
                let cut = before.trim_end_matches(['-', '_', '.', ':']).len();
                new.replace_range(cut..end, "");
                from = cut;
            } else {
                let with_lock = template.replace(path, &lock);
                new.replace_range(start..end, &with_lock);
                from = start + with_lock.len();
            }
            has_lock = true;
        }
        (new != key).then_some(new)
    }
}

/// The file in `{{ checksum "FILE" }}`.
fn checksum_of(template: &str) -> Option<&str> {
    let inner = template.strip_prefix("{{")?.strip_suffix("}}")?.trim();
    let path = inner.strip_prefix("checksum")?.trim();
    let quote = path.chars().next().filter(|quote| ['"', '\'', '`'].contains(quote))?;
    path.strip_prefix(quote)?.strip_suffix(quote)
}

/// Adds an edit of a setting, when there is one.
pub(crate) fn push(found: &mut Rewritten, change: Option<Change>, rule: &'static str, reason: String) {
    let edit = change.map(|change| -> Edit { change.edit(rule, reason, Safety::Safe, 0) });
    found.edits.extend(edit);
}

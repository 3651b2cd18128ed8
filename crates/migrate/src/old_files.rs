//! Which of the old files can go.

mod platforms;
mod programs;

use std::collections::{BTreeMap, BTreeSet};

use uvshift_project::{Fate, Tree};
use uvshift_tree::references::{Reference, find_references};

use crate::OldFiles;
use crate::members::joined;
use crate::project::ReadProject;

/// An old file that stays.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeptFile {
    /// The file.
    pub path: String,
    /// Why it stays.
    pub why: String,
    /// Who names it.
    pub references: Vec<Reference>,
}

#[derive(Default)]
pub(crate) struct Sorted {
    pub(crate) removed: Vec<String>,
    /// Files that stay with another text.
    pub(crate) edited: Vec<(String, String)>,
    pub(crate) kept: Vec<KeptFile>,
}

/// Tells the files of all projects that go from those that stay. A file that stays keeps what it names.
pub(crate) fn sort(tree: &Tree, read: &[ReadProject], old_files: OldFiles) -> Sorted {
    let mut sorted = Sorted::default();
    let links = linked(tree);
    for ReadProject { project, not_carried, .. } in read {
        let requirements = project.layout.files.iter().map(|file| (&file.path, &Fate::Remove));
        // A file of another folder belongs to the project that lies there.
        let requirements = requirements.filter(|(path, _)| !path.starts_with("../"));
        let others = project.old_files.iter().map(|file| (&file.path, &file.fate));
        for (file, fate) in requirements.chain(others) {
            let path = joined(&project.folder, file);
            let why = match fate {
                Fate::Keep(why) => why.as_str(),
                // Somebody has to do this, or the file would say what nobody reads any more.
                Fate::Edit(text) if !tree.is_link(&path) => {
                    sorted.edited.push((path, text.clone()));
                    continue;
                }
                _ if old_files == OldFiles::Keep => "you asked to keep the old files",
                _ if tree.is_link(&path) => "it is a symbolic link",
                _ if not_carried.contains(file) => "not every line of it is carried",
                _ => {
                    let link = links.get(&path).filter(|_| old_files == OldFiles::RemoveUnnamed);
                    let Some(why) = link else {
                        sorted.removed.push(path);
                        continue;
                    };
                    why.as_str()
                }
            };
            sorted.kept.push(KeptFile { path, why: why.to_owned(), references: Vec::new() });
        }
    }
    if old_files == OldFiles::RemoveUnnamed && !sorted.removed.is_empty() {
        keep_named(tree, read, &mut sorted.removed, &mut sorted.kept);
        shrink_named(read, &mut sorted);
    }
    sorted.removed.sort_unstable();
    sorted.removed.dedup();
    sorted
}

/// Files to which a symbolic link of the tree leads, each with the reason to keep it: a link is never removed, and would lead
/// nowhere.
fn linked(tree: &Tree) -> BTreeMap<String, String> {
    let Ok(root) = tree.root().canonicalize() else { return BTreeMap::new() };
    let target = |link: &String| {
        let target = root.join(link).canonicalize().ok()?;
        let parts: Vec<_> =
            target.strip_prefix(&root).ok()?.iter().map(|part| part.to_string_lossy()).collect();
        Some((parts.join("/"), format!("the symbolic link {link} leads to it")))
    };
    tree.files().iter().filter(|path| tree.is_link(path)).filter_map(target).collect()
}

/// A file that stays because somebody names it, but whose text would say again what pyproject.toml says, gets a shorter one.
fn shrink_named(read: &[ReadProject], sorted: &mut Sorted) {
    let files = read.iter().flat_map(|read| {
        read.project.old_files.iter().map(|file| (joined(&read.project.folder, &file.path), file))
    });
    for (path, file) in files {
        let Fate::RemoveOr(text) = &file.fate else { continue };
        let named = sorted.kept.iter_mut().find(|kept| kept.path == path && !kept.references.is_empty());
        if let Some(kept) = named {
            kept.why.push_str("; what pyproject.toml says now is taken out of it");
            sorted.edited.push((path, text.clone()));
        }
    }
}

/// The files of a project that stay with another text, which is what counts.
fn written(read: &ReadProject) -> Vec<(String, String)> {
    let ReadProject { project, .. } = read;
    let document = without_own_settings(&project.document.to_string());
    let shrunk = project.old_files.iter().filter_map(|file| match &file.fate {
        Fate::RemoveOr(text) | Fate::Edit(text) => Some((joined(&project.folder, &file.path), text.clone())),
        Fate::Remove | Fate::Keep(_) => None,
    });
    std::iter::once((joined(&project.folder, "pyproject.toml"), document)).chain(shrunk).collect()
}

/// The text without the lines of `[tool.uvshift]`: that we were told of a file does not keep it.
fn without_own_settings(pyproject: &str) -> String {
    let mut own = false;
    let mut text = String::with_capacity(pyproject.len());
    for line in pyproject.split_inclusive('\n') {
        if line.starts_with('[') {
            own = line.starts_with("[tool.uvshift]") || line.starts_with("[tool.uvshift.");
        }
        // The others keep their numbers.
        text.push_str(if own { "\n" } else { line });
    }
    text
}

/// Files that tools write: what they name says nothing about the project.
fn is_made(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or(path);
    file == "uv.lock" || path.contains(".egg-info/") || path.contains(".dist-info/")
}

/// Texts for people: documents, change logs, licences.
fn is_prose(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or(path);
    match file.rsplit_once('.') {
        Some((_, ending)) => matches!(ending, "rst" | "md" | "txt" | "html" | "adoc" | "po" | "pot"),
        None => file.chars().all(|letter| letter.is_ascii_uppercase() || "-_".contains(letter)),
    }
}

/// Texts that tell what was changed from release to release.
fn is_history(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or(path);
    let (stem, ending) = file.split_once('.').unwrap_or((file, "txt"));
    let stem = stem.to_ascii_lowercase().replace(['-', '_'], "");
    matches!(stem.as_str(), "changelog" | "changes" | "history" | "news" | "releasenotes")
        && matches!(ending, "rst" | "md" | "txt" | "html" | "adoc")
}

/// Where a setup.py puts the name of a file together, as in `open("requirements/{}.txt".format(name))`, so that no search finds it.
fn composed(script: &str, bytes: &[u8], path: &str) -> Option<Reference> {
    let (folder, _) = script.rsplit_once('/').unwrap_or(("", script));
    let within = path.strip_prefix(folder)?.trim_start_matches('/');
    let (folders, name) = within.rsplit_once('/').unwrap_or(("", within));
    let (_, suffix) = name.rsplit_once('.')?;
    let text = String::from_utf8_lossy(bytes);
    let has_folders = folders.split('/').all(|part| text.contains(part));
    let is_pattern = |line: &str, piece: &str| {
        let stem = piece.strip_suffix(suffix).and_then(|rest| rest.strip_suffix('.'));
        stem.is_some_and(|stem| stem.contains(['{', '%']) || (stem.is_empty() && line.contains('+')))
    };
    let strings = |line: &'_ str| -> bool {
        line.split(['"', '\'']).skip(1).step_by(2).any(|piece| is_pattern(line, piece))
    };
    let (at, line) = text.lines().enumerate().find(|(_, line)| strings(line))?;
    has_folders.then(|| reference(script, at, line))
}

/// A line that names a file in its own way, as the search for names tells it. `at` counts from 0.
fn reference(file: &str, at: usize, line: &str) -> Reference {
    Reference { file: file.to_owned(), line: at + 1, text: line.trim().chars().take(160).collect() }
}

fn keep_named(tree: &Tree, read: &[ReadProject], removed: &mut Vec<String>, kept: &mut Vec<KeptFile>) {
    let written: Vec<(String, String)> = read.iter().flat_map(written).collect();
    let texts: Vec<(&str, Vec<u8>)> = tree
        .files()
        .iter()
        .filter(|path| !is_made(path))
        .filter_map(|path| match written.iter().find(|(file, _)| file == path) {
            Some((_, text)) => Some((path.as_str(), text.clone().into_bytes())),
            // A name is found whatever the file is encoded in.
            None => Some((path.as_str(), tree.text_bytes(path)?)),
        })
        .collect();
    let targets: Vec<&str> = removed.iter().map(String::as_str).collect();
    let mut found = find_references(&targets, texts.iter().map(|(path, bytes)| (*path, bytes.as_slice())));
    for (path, references) in targets.iter().zip(&mut found) {
        let scripts = texts.iter().filter(|(script, _)| script.rsplit('/').next() == Some("setup.py"));
        references.extend(scripts.filter_map(|(script, bytes)| composed(script, bytes, path)));
    }
    for (path, references) in targets.iter().zip(&mut found) {
        // What was done to a file once is no use of it.
        references.retain(|reference| !is_history(&reference.file));
        references.extend(platforms::reads(tree, path));
        references.extend(texts.iter().flat_map(|(file, bytes)| programs::reads(file, bytes, path)));
    }
    let has_substitute = |path: &str| {
        read.iter().any(|read| {
            let mut files = read.project.old_files.iter();
            files.any(|file| {
                matches!(file.fate, Fate::RemoveOr(_)) && joined(&read.project.folder, &file.path) == path
            })
        })
    };
    for (path, references) in targets.iter().zip(&mut found).filter(|(path, _)| has_substitute(path)) {
        // A word about setup.py in a text is no command that needs it.
        references.retain(|reference| !is_prose(&reference.file) && reference.file != *path);
    }
    let mut named: Vec<(String, Vec<Reference>)> =
        targets.iter().map(|path| (*path).to_owned()).zip(found).collect();
    // A file that stays names others, which then stay too, until nothing changes.
    loop {
        let going: BTreeSet<String> = named.iter().map(|(path, _)| path.clone()).collect();
        let stays = |(_, references): &(String, Vec<Reference>)| {
            references.iter().any(|reference| !going.contains(&reference.file))
        };
        let Some(at) = named.iter().position(stays) else { break };
        let (path, mut references) = named.remove(at);
        references.retain(|reference| !going.contains(&reference.file));
        kept.push(KeptFile { path, why: "the project still names it".to_owned(), references });
    }
    *removed = named.into_iter().map(|(path, _)| path).collect();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tells_of_releases_uses_no_file() {
        for history in
            ["CHANGELOG.md", "docs/ChangeLog.rst", "CHANGES", "HISTORY.rst", "NEWS.txt", "debian/changelog"]
        {
            assert!(is_history(history), "{history}");
        }
        for other in ["README.md", "changes.py", "history.sh", "docs/news/install.md", "CHANGES.toml"] {
            assert!(!is_history(other), "{other}");
        }
    }

    #[test]
    fn a_name_that_setup_py_puts_together_is_a_name() {
        let line = |script: &str, text: &str, path: &str| {
            composed(script, text.as_bytes(), path).map(|found| found.line)
        };
        let text = "def pip(name):\n    return open(os.path.join('requirements', '{0}.pip'.format(name)))\n";
        assert_eq!(line("setup.py", text, "requirements/install.pip"), Some(2));
        assert_eq!(line("a/setup.py", text, "a/requirements/install.pip"), Some(2));
        assert_eq!(line("a/setup.py", text, "requirements/install.pip"), None);
        assert_eq!(line("setup.py", text, "requirements/install.txt"), None);
        assert_eq!(line("setup.py", text, "other/install.pip"), None);
        assert_eq!(line("setup.py", "open(name + '.txt')\n", "dev.txt"), Some(1));
        assert_eq!(line("setup.py", "open('%s.txt' % name)\n", "dev.txt"), Some(1));
        for other in
            ["open('README.txt')\n", "package_data={'': ['*.txt']}\n", "if name.endswith('.txt'): pass\n"]
        {
            assert_eq!(line("setup.py", other, "dev.txt"), None, "{other}");
        }
    }
}

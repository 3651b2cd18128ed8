//! The programs of a package: entry points, files that its `RECORD` shows, and what `setup.py develop` wrote.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use uvshift_installed::{Distribution, Environment, Form, Problem, ProblemKind, record_paths};
use uvshift_requirements::normalize_name;

use super::{Script, ScriptKind};

/// The mark that `setup.py develop` puts into a script is in one of the first lines.
const HEAD: u64 = 1024;

/// The folders of programs of an environment.
pub(super) struct Programs {
    folders: [PathBuf; 2],
    /// The scripts of develop installs and of `easy_install`, by normalised name.
    developed: BTreeMap<String, Vec<String>>,
}

impl Programs {
    pub(super) fn of(environment: &Environment) -> Self {
        let folders = [environment.root.join("bin"), environment.root.join("Scripts")];
        // Those of `.egg` folders, which `easy_install` made, are marked in the same way.
        let is_marked =
            |found: &Distribution| found.form == Form::EggLink || found.location.ends_with("EGG-INFO");
        let developed = if environment.distributions.iter().any(is_marked) {
            developed(&folders)
        } else {
            BTreeMap::new()
        };
        Self { folders, developed }
    }

    /// The programs of a distribution, by kind and name.
    pub(super) fn scripts(
        &self,
        found: &Distribution,
        record: Option<&str>,
        problems: &mut Vec<Problem>,
    ) -> Vec<Script> {
        let mut scripts = entry_points(found, problems);
        let taken: BTreeSet<String> = scripts.iter().map(|script| script.name.clone()).collect();
        let mut files = self.files(found, record.unwrap_or_default(), problems);
        files.extend(self.developed.get(&found.normalized_name).into_iter().flatten().cloned());
        let files = files.into_iter().filter(|name| !taken.contains(name) && !is_half(name, &taken));
        scripts.extend(files.map(|name| Script { name, kind: ScriptKind::File, entry_point: None }));
        scripts
    }

    /// The files of a `RECORD` that are in a folder of programs, without `.exe`.
    fn files(&self, found: &Distribution, record: &str, problems: &mut Vec<Problem>) -> BTreeSet<String> {
        let start = match found.form {
            Form::DistInfo => found.location.parent().unwrap_or(&found.location),
            _ => &found.location,
        };
        let mut files = BTreeSet::new();
        for path in record_paths(record) {
            // Most paths are below the folder of packages; those of programs lead out of it.
            if !path.starts_with("..") && !Path::new(&*path).is_absolute() {
                continue;
            }
            let Some(path) = resolved(start, &path) else { continue };
            let Some(at) = self.folders.iter().position(|folder| path.parent() == Some(folder)) else {
                continue;
            };
            if let Some(name) = path.file_name().and_then(|name| name.to_str()) {
                let bare = if at == 1 { name.strip_suffix(".exe").unwrap_or(name) } else { name };
                if is_file_name(bare) {
                    files.insert(bare.to_owned());
                } else {
                    problems.push(misnamed(found, "RECORD", bare));
                }
            }
        }
        files
    }
}

/// `console_scripts` and `gui_scripts`, each name once.
fn entry_points(found: &Distribution, problems: &mut Vec<Problem>) -> Vec<Script> {
    let (points, mut told) = found.entry_points();
    problems.append(&mut told);
    let mut scripts: BTreeMap<String, (ScriptKind, String)> = BTreeMap::new();
    for point in points {
        let kind = match point.group.as_str() {
            "console_scripts" => ScriptKind::Console,
            "gui_scripts" => ScriptKind::Gui,
            _ => continue,
        };
        if is_file_name(&point.name) {
            // `module:attribute [extra]`
            let value = point.value.split('[').next().unwrap_or_default().trim().to_owned();
            scripts.entry(point.name).or_insert((kind, value));
        } else {
            problems.push(misnamed(found, "entry_points.txt", &point.name));
        }
    }
    let script = |(name, (kind, value))| Script { name, kind, entry_point: Some(value) };
    let mut scripts: Vec<Script> = scripts.into_iter().map(script).collect();
    scripts.sort_by_key(|script| script.kind == ScriptKind::Gui);
    scripts
}

fn misnamed(found: &Distribution, file: &str, name: &str) -> Problem {
    Problem { path: found.location.join(file), kind: ProblemKind::ScriptName(name.to_owned()) }
}

/// A name that leads nowhere else and can be shown.
fn is_file_name(name: &str) -> bool {
    !matches!(name, "" | "." | "..")
        && !name.contains(['/', '\\', ':'])
        && !name.chars().any(char::is_control)
}

/// What stands beside the program of an entry point on Windows.
fn is_half(name: &str, known: &BTreeSet<String>) -> bool {
    ["-script.py", "-script.pyw", ".exe.manifest"]
        .iter()
        .any(|ending| name.strip_suffix(ending).is_some_and(|stem| known.contains(stem)))
}

/// A path of `RECORD` with its `..` taken off, without a look at the disk.
fn resolved(base: &Path, path: &str) -> Option<PathBuf> {
    let mut resolved = base.to_owned();
    for part in Path::new(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                if !resolved.pop() {
                    return None;
                }
            }
            part => resolved.push(part),
        }
    }
    Some(resolved)
}

/// The scripts that name a distribution in their head, as those of `setup.py develop` do.
fn developed(folders: &[PathBuf]) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let entries = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
    for entry in entries {
        let (Ok(name), true) =
            (entry.file_name().into_string(), entry.file_type().is_ok_and(|kind| kind.is_file()))
        else {
            continue;
        };
        let mut head = Vec::new();
        let read = File::open(entry.path()).and_then(|file| file.take(HEAD).read_to_end(&mut head));
        if let (Ok(_), Some(owner)) = (read, owner(&String::from_utf8_lossy(&head))) {
            found.entry(owner).or_default().push(name);
        }
    }
    found
}

/// `# EASY-INSTALL-ENTRY-SCRIPT: 'name==1.0','console_scripts','program'`, or `-DEV-SCRIPT`, or `-SCRIPT`.
fn owner(head: &str) -> Option<String> {
    let line = head.lines().find(|line| line.starts_with("# EASY-INSTALL-"))?;
    let (_, rest) = line.split_once("SCRIPT: '")?;
    let name: &str = rest.split(['=', '\'', '>', '<', '!', '~', ' ']).next()?;
    Some(normalize_name(name)).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn develop_scripts_name_their_owner() {
        for (head, expected) in [
            ("#!/x\n# EASY-INSTALL-ENTRY-SCRIPT: 'My.Thing==1.0','console_scripts','t'\n", Some("my-thing")),
            ("#!/x\n# EASY-INSTALL-ENTRY-SCRIPT: 'thing','console_scripts','t'\n", Some("thing")),
            ("#!/x\n# EASY-INSTALL-DEV-SCRIPT: 'thing==0.1','run.py'\n", Some("thing")),
            ("#!/x\n# EASY-INSTALL-SCRIPT: ''\n", None),
            ("#!/x\nimport re\n", None),
        ] {
            assert_eq!(owner(head).as_deref(), expected, "{head}");
        }
    }

    #[test]
    fn names_that_lead_elsewhere_are_none() {
        for name in ["", ".", "..", "../x", "a/b", "a\\b", "C:x", "a\nb", "\u{1b}[31m"] {
            assert!(!is_file_name(name), "{name:?}");
        }
        assert!(is_file_name("py.test") && is_file_name("größe run"));
    }
}

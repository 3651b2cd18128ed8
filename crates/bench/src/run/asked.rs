//! The requirements as they were asked for, in a file that both tools read.

use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

use uvshift_process::real_path;
use uvshift_requirements::{
    LineKind, LoadError, Loader, Options, Requirement, Resolved, Role, Target, redacted, resolve,
};

use crate::scenario::Requirements;

/// The largest requirements file that is read.
const LARGEST: u64 = 16 << 20;

/// What to measure with.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// The file of the user, as it is.
    File(PathBuf),
    /// The lines of a file to write.
    Text(String),
}

/// The requirements without folders and files of this machine: building the user's project would write into it, and would
/// measure a build. Gives what was left out, for people.
pub(super) fn asked(requirements: &Requirements) -> io::Result<(Asked, Vec<String>)> {
    match requirements {
        Requirements::Texts(texts) => {
            let (local, kept): (Vec<_>, Vec<_>) = texts.iter().partition(|text| is_local_text(text));
            let text = kept.into_iter().flat_map(|text| [text.as_str(), "\n"]).collect();
            Ok((Asked::Text(text), local.into_iter().map(|text| redacted(text)).collect()))
        }
        Requirements::File(path) => {
            let path = real_path(path)?;
            let (root, below) = split(&path);
            // A file that cannot be read is an error; those that it includes are for the tools to complain about.
            read(&path)?;
            let resolved = resolve(&below, &Disk { root: root.clone() }, &Options::default());
            let local: Vec<_> =
                requirements_of(&resolved).filter(|it| is_local(it)).map(|it| redacted(it.text())).collect();
            if local.is_empty() {
                Ok((Asked::File(path), local))
            } else {
                Ok((Asked::Text(flat(&resolved, &root)), local))
            }
        }
    }
}

/// The requirements of a file and of those that it includes, for people.
pub(super) fn texts(requirements: &Requirements) -> Vec<String> {
    match requirements {
        Requirements::Texts(texts) => texts.iter().map(|text| redacted(text)).collect(),
        Requirements::File(path) => {
            let Ok(path) = real_path(path) else { return Vec::new() };
            let (root, below) = split(&path);
            let resolved = resolve(&below, &Disk { root }, &Options::default());
            requirements_of(&resolved).map(|it| redacted(it.text())).collect()
        }
    }
}

fn requirements_of(resolved: &Resolved) -> impl Iterator<Item = &Requirement> {
    let files = resolved.files.iter().filter(|file| file.role == Role::Requirements);
    files.flat_map(|file| file.document.requirements().map(|(_, requirement)| requirement))
}

/// One file without what is local, which includes nothing but constraints.
fn flat(resolved: &Resolved, root: &Path) -> String {
    let mut text = String::new();
    for file in &resolved.files {
        if file.role == Role::Constraints {
            text.extend(["-c ", &root.join(&file.path).to_string_lossy(), "\n"]);
            continue;
        }
        for line in file.document.lines() {
            let span = line.span();
            let kept = match line.kind() {
                LineKind::Requirement(requirement) => {
                    if file.role == Role::Constraints || is_local(requirement) {
                        None
                    } else {
                        Some(requirement.text())
                    }
                }
                LineKind::Options(_) => file.document.text().get(span.start..span.end),
                _ => None,
            };
            if let Some(kept) = kept {
                text.push_str(kept.trim_end());
                text.push('\n');
            }
        }
    }
    text
}

fn is_local(requirement: &Requirement) -> bool {
    requirement.is_editable()
        || match requirement.target() {
            Target::Path(_) => true,
            Target::Url(url) => is_file_url(&url),
            _ => false,
        }
}

fn is_local_text(text: &str) -> bool {
    let text = text.trim();
    let url = text.split_once('@').map_or("", |(_, url)| url.trim());
    text.starts_with(['.', '/', '-']) || is_file_url(url)
}

fn is_file_url(url: &str) -> bool {
    url.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("file:"))
}

/// The root of the file system that a path is in, and the path below it, with `/`.
fn split(path: &Path) -> (PathBuf, String) {
    let is_root = |part: &Component<'_>| matches!(part, Component::Prefix(_) | Component::RootDir);
    let root = path.components().take_while(is_root).collect();
    let below: Vec<_> =
        path.components().skip_while(is_root).map(|part| part.as_os_str().to_string_lossy()).collect();
    (root, below.join("/"))
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(LARGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Files below a root.
struct Disk {
    root: PathBuf,
}

impl Loader for Disk {
    fn load(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        read(&self.root.join(path)).map_err(|_| LoadError::NotFound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> (tempfile::TempDir, Requirements) {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let mut file = std::fs::File::create(folder.path().join(name)).unwrap();
            io::Write::write_all(&mut file, text.as_bytes()).unwrap();
        };
        write("base.txt", "idna==3.20  # why\n");
        write("pins.txt", "click==8.5.1\n");
        write("requirements.txt", text);
        let path = folder.path().join("requirements.txt");
        (folder, Requirements::File(path))
    }

    #[test]
    fn a_file_without_local_things_is_handed_on_as_it_is() {
        let (folder, requirements) = file("-r base.txt\nclick>=8\n");
        let (found, local) = asked(&requirements).unwrap();
        assert_eq!(found, Asked::File(folder.path().canonicalize().unwrap().join("requirements.txt")));
        assert!(local.is_empty());
        assert_eq!(texts(&requirements), ["click>=8", "idna==3.20"]);
    }

    #[test]
    fn folders_of_the_user_are_never_built() {
        let text = "--pre\n-r base.txt\n-c pins.txt\n-e .\n./vendor/x\ny @ file:///srv/y.whl\nclick>=8 ; python_version > '3'\n";
        let (folder, requirements) = file(text);
        let (found, local) = asked(&requirements).unwrap();
        let constraints = folder.path().canonicalize().unwrap().join("pins.txt");
        let expected =
            format!("--pre\nclick>=8 ; python_version > '3'\nidna==3.20\n-c {}\n", constraints.display());
        assert_eq!(found, Asked::Text(expected));
        assert_eq!(local.len(), 3, "{local:?}");
        let texts = ["a", "b @ FILE:///x", "./c", "d @ https://x.example/d.whl"].map(str::to_owned).to_vec();
        let (found, local) = asked(&Requirements::Texts(texts)).unwrap();
        assert_eq!(found, Asked::Text("a\nd @ https://x.example/d.whl\n".into()));
        assert_eq!(local, ["b @ FILE:///x", "./c"]);
        assert!(asked(&Requirements::File("/never/was".into())).is_err());
    }
}

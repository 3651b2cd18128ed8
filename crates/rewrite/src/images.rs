//! What other files of a repository say of its images: what they are built from, and which lines count on a Python at a
//! certain place.

mod builds;
mod lines;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use uvshift_tree::Tree;

use crate::context::UvProject;

pub(crate) use lines::{Line, What};

/// Files that are read at most, and how large one may be.
const MAX_FILES: usize = 3000;
const MAX_SIZE: usize = 1 << 16;

/// What is known of images beside their own files. Empty where there are no Dockerfiles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImageNotes {
    /// The folders that an image is built from, by the path of its file.
    pub(crate) contexts: BTreeMap<String, BTreeSet<String>>,
    /// Where services mount something, by the path of the file of their image.
    pub(crate) mounts: BTreeMap<String, Vec<Mount>>,
    /// Lines of files that may come into an image.
    pub(crate) lines: Vec<Line>,
    /// Programs in Python and scripts that name pip, by their path.
    pub(crate) with_pip: BTreeSet<String>,
    /// Every file of the repository, in order.
    files: Arc<Vec<String>>,
}

/// A volume of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mount {
    /// The folder in the image.
    pub(crate) target: String,
    /// The compose file, and the line.
    pub(crate) path: String,
    pub(crate) line: usize,
}

impl ImageNotes {
    /// Reads what the files of a tree say.
    pub(crate) fn read(tree: &Tree, projects: &[UvProject]) -> Self {
        if !tree.files().iter().any(|path| is_image(path)) {
            return Self::default();
        }
        let mut files = tree.files().to_vec();
        files.sort_unstable();
        let mut notes = Self { files: Arc::new(files), ..Self::default() };
        let wanted =
            |path: &&String| (lines::is_wanted(path) || builds::is_wanted(path)) && !tree.is_link(path);
        // Of many files, programs in Python have the least to say.
        let (programs, others): (Vec<&String>, Vec<&String>) =
            tree.files().iter().filter(wanted).partition(|path| ending(path) == "py");
        for path in others.into_iter().chain(programs).take(MAX_FILES) {
            let Some(text) = tree.text(path).filter(|text| text.len() <= MAX_SIZE) else { continue };
            if builds::is_wanted(path) {
                builds::read(path, &text, &mut notes);
            }
            if matches!(ending(path), "py" | "sh" | "bash") && names_pip(&text) {
                notes.with_pip.insert(path.clone());
            }
            if lines::is_wanted(path) {
                lines::read(path, &text, projects, &mut notes.lines);
            }
        }
        notes
    }

    /// Whether the repository has a file or a folder of this path.
    pub(crate) fn has(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        let at = self.files.partition_point(|file| file.as_str() < path);
        let below = self.files.partition_point(|file| *file < folder);
        self.files.get(at).is_some_and(|file| file == path)
            || self.files.get(below).is_some_and(|file| file.starts_with(&folder))
    }
}

/// Whether a program names pip as a word, but for `pip` in a path or in another name.
fn names_pip(text: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || "_-./".contains(letter);
    text.lines().filter(|line| !line.trim_start().starts_with('#')).any(|line| {
        line.split(|letter| !is_part(letter)).any(|word| matches!(word, "pip" | "pip3" | "ensurepip"))
    })
}

/// What follows the last point of a file's name; empty when there is none.
fn ending(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// Whether a path is that of a Dockerfile or the like.
fn is_image(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    name.contains("dockerfile") || name.contains("containerfile")
}

#[cfg(test)]
mod tests;

//! Reading files that somebody else wrote: bounded, regular files only, never fatal.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use crate::problem::{Problem, ProblemKind, Problems};

/// No metadata file is larger; descriptions of 1 MiB exist.
const MAXIMUM_SIZE: u64 = 16 * 1024 * 1024;

/// The text of a metadata file; `None` where there is none. It is bounded, regular files only, and what is no UTF-8 is replaced.
pub fn read_file(path: &Path) -> (Option<String>, Vec<Problem>) {
    let mut problems = Problems::default();
    (read_text(path, &mut problems), problems.0)
}

/// The text of a file; `None` where there is none. What is wrong with it is added to `problems`.
pub(crate) fn read_text(path: &Path, problems: &mut Problems) -> Option<String> {
    let bytes = read(path, problems)?;
    match String::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) => {
            problems.add(path, ProblemKind::NotUtf8);
            Some(String::from_utf8_lossy(error.as_bytes()).into_owned())
        }
    }
}

fn read(path: &Path, problems: &mut Problems) -> Option<Vec<u8>> {
    // Asked before the file is opened: opening a pipe waits for somebody who writes into it.
    let size = match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => metadata.len(),
        Ok(_) => {
            problems.add(path, ProblemKind::NotAFile);
            return None;
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        Err(error) => {
            problems.add(path, ProblemKind::Unreadable(error.to_string()));
            return None;
        }
    };
    let mut bytes = Vec::with_capacity(usize::try_from(size.min(MAXIMUM_SIZE)).unwrap_or_default());
    let read = File::open(path).and_then(|file| file.take(MAXIMUM_SIZE + 1).read_to_end(&mut bytes));
    match read {
        Ok(count) if count as u64 > MAXIMUM_SIZE => {
            problems.add(path, ProblemKind::TooLarge);
            bytes.truncate(usize::try_from(MAXIMUM_SIZE).unwrap_or_default());
            Some(bytes)
        }
        Ok(_) => Some(bytes),
        Err(error) => {
            problems.add(path, ProblemKind::Unreadable(error.to_string()));
            None
        }
    }
}

/// The names in a folder, sorted; none where there is no such folder.
pub(crate) fn names(folder: &Path, problems: &mut Problems) -> Vec<String> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Vec::new(),
        Err(error) => {
            problems.add(folder, ProblemKind::Unreadable(error.to_string()));
            return Vec::new();
        }
    };
    let mut names: Vec<String> = Vec::new();
    for entry in entries.flatten() {
        match entry.file_name().into_string() {
            Ok(name) => names.push(name),
            // What may be of a distribution is told; a file of one is nothing that is looked for.
            Err(name) if name.to_string_lossy().ends_with("-info") => {
                problems.add(entry.path(), ProblemKind::Unreadable("its name is not UTF-8".to_owned()));
            }
            Err(_) => {}
        }
    }
    names.sort_unstable();
    names
}

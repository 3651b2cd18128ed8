//! Where the runs of a project are recorded: in its folder, or in one above.

use std::path::{Path, PathBuf};

use uvshift_changeset::{JournalState, is_busy, journals};
use uvshift_migrate::PROJECT_FILES;

use crate::failure::Failure;
use crate::settings;

/// The nearest folder above this one in which a run is recorded, as one would type it here. A repository is not left.
pub(crate) fn above(path: &Path) -> Option<PathBuf> {
    nearest(path, has_runs)
}

/// The nearest folder above this one that holds a project, as one would type it here. A repository is not left, and what lies in
/// the home folder is no project.
pub(crate) fn project_above(path: &Path) -> Option<PathBuf> {
    let home = settings::home().and_then(|home| home.canonicalize().ok());
    let is_project = |folder: &Path| PROJECT_FILES.iter().any(|file| folder.join(file).is_file());
    nearest(path, |folder| is_project(folder) && Some(folder) != home.as_deref())
}

fn nearest(path: &Path, is_it: impl Fn(&Path) -> bool) -> Option<PathBuf> {
    let start = path.canonicalize().ok()?;
    let mut typed = path.to_owned();
    for folder in start.ancestors() {
        if folder != start {
            typed.push("..");
            if is_it(folder) {
                return Some(shortened(&typed));
            }
        }
        if folder.join(".git").exists() {
            return None;
        }
    }
    None
}

/// A command that changes nothing puts nothing back either, and what a killed run left is no project to tell anything of.
pub(crate) fn refuse_interrupted(path: &Path) -> Result<(), Failure> {
    if !path.join(".uvshift").is_dir() {
        return Ok(());
    }
    let unfinished = journals(path)?.into_iter().rfind(|entry| entry.state != JournalState::Committed);
    match unfinished {
        Some(_) if is_busy(path)? => Err(uvshift_changeset::Error::Busy { root: path.to_owned() }.into()),
        Some(entry) => Err(Failure::Interrupted { id: entry.id, path: path.to_owned() }),
        None => Ok(()),
    }
}

fn has_runs(folder: &Path) -> bool {
    let is_done = |state: JournalState| state == JournalState::Committed;
    folder.join(".uvshift").is_dir()
        && journals(folder).is_ok_and(|found| found.iter().any(|entry| is_done(entry.state)))
}

/// `./..` and `a/..` as people write them.
fn shortened(path: &Path) -> PathBuf {
    use std::path::Component;
    let mut short = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(short.components().next_back(), Some(Component::Normal(_))) => {
                short.pop();
            }
            part => short.push(part),
        }
    }
    if short.as_os_str().is_empty() { PathBuf::from(".") } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_as_people_write_them() {
        for (path, short) in
            [("./..", ".."), ("a/b/..", "a"), ("a/..", "."), ("../..", "../.."), ("/a/b/..", "/a")]
        {
            assert_eq!(shortened(Path::new(path)), Path::new(short), "{path}");
        }
    }
}

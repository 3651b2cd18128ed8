//! A copy of the repository, for a rehearsal.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::run::quietly;

/// Copies what git knows or would take, as it is now, into a new folder, with the tags and commits that there are.
pub(super) fn of(root: &Path) -> Outcome<PathBuf> {
    let copy = std::env::temp_dir().join(format!("uvshift-release-{}", std::process::id()));
    let failed = |error: std::io::Error| format!("cannot copy to `{}`: {error}", copy.display());
    let mut clone = Command::new("git");
    clone.args(["clone", "--quiet", "--no-checkout", "--shared"]).arg(root).arg(&copy);
    quietly(&mut clone)?;
    let mut list = Command::new("git");
    list.current_dir(root).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    for file in quietly(&mut list)?.split_terminator('\0') {
        let (from, to) = (root.join(file), copy.join(file));
        // Links and what was deleted meanwhile matter to no package.
        if !from.symlink_metadata().is_ok_and(|it| it.is_file()) {
            continue;
        }
        fs::create_dir_all(to.parent().unwrap_or(&copy)).map_err(failed)?;
        fs::copy(&from, &to).map_err(failed)?;
    }
    quietly(Command::new("git").current_dir(&copy).args(["reset", "--quiet"]))?;
    Ok(copy)
}

//! The Python behind an environment.

use std::path::{Path, PathBuf};

use uvshift_installed::Config;

use crate::Snapshot;

/// More than a `pyvenv.cfg` ever is.
const MAXIMUM_SIZE: u64 = 1024 * 1024;

/// The base Python of an environment, and the folder in which it should be.
///
/// The snapshot knows it. Where it does not, it is the link of the environment, or the Python of that version in `home` of
/// `pyvenv.cfg`.
pub(crate) fn find(snapshot: &Snapshot) -> (Option<PathBuf>, Option<PathBuf>) {
    let home = home(&snapshot.root);
    if let Some(base) = snapshot.python.base.as_ref().filter(|path| path.is_file()) {
        return (Some(base.clone()), home);
    }
    let linked = super::uv::python_of(&snapshot.root).canonicalize().ok();
    let linked = linked.filter(|path| cfg!(unix) && !path.starts_with(&snapshot.root));
    let found = linked.or_else(|| in_home(home.as_deref()?, snapshot.python.version.as_deref()));
    (found, home)
}

fn home(root: &Path) -> Option<PathBuf> {
    let path = root.join("pyvenv.cfg");
    std::fs::metadata(&path).ok().filter(|found| found.is_file() && found.len() <= MAXIMUM_SIZE)?;
    let text = std::fs::read_to_string(path).ok()?;
    Config::parse(&text).home.map(PathBuf::from)
}

/// The Python with this version, as its name tells; one without a version in its name may be any.
fn in_home(home: &Path, version: Option<&str>) -> Option<PathBuf> {
    let short = version.and_then(|version| {
        let mut parts = version.split('.');
        Some(format!("{}.{}", parts.next()?, parts.next()?))
    });
    let name = if cfg!(windows) { "python.exe".to_owned() } else { format!("python{}", short?) };
    Some(home.join(name)).filter(|path| path.is_file())
}

//! The Python behind an environment.

use std::path::{Path, PathBuf};

use uvshift_installed::Config;

use crate::Snapshot;

/// The base Python of an environment, and the folder in which it should be.
///
/// The path in `home` of `pyvenv.cfg` is the one that the user chose; links are not followed, since what is behind them is often
/// the folder of one release, which the next update removes. Where nothing is there, it is what the snapshot knows.
pub(crate) fn find(snapshot: &Snapshot) -> (Option<PathBuf>, Option<PathBuf>) {
    let home = home(&snapshot.root);
    let found = in_home(home.as_deref(), snapshot.python.version.as_deref());
    (found.or_else(|| snapshot.python.base.clone().filter(|path| path.is_file())), home)
}

fn home(root: &Path) -> Option<PathBuf> {
    let text = uvshift_installed::read_file(&root.join("pyvenv.cfg")).0?;
    Config::parse(&text).home.map(PathBuf::from)
}

/// The Python with this version, as its name tells; one without a version in its name may be any.
fn in_home(home: Option<&Path>, version: Option<&str>) -> Option<PathBuf> {
    let name = if cfg!(windows) { "python.exe".to_owned() } else { format!("python{}", minor(version?)?) };
    Some(home?.join(name)).filter(|path| path.is_file())
}

/// `3.11` of `3.11.7`.
pub(crate) fn minor(version: &str) -> Option<String> {
    let mut parts = version.split('.');
    Some(format!("{}.{}", parts.next()?, parts.next()?))
}

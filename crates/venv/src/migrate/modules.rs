//! Which modules the Python of an environment finds.

use std::collections::BTreeSet;
use std::path::Path;

use uvshift_installed::Origin;
use uvshift_process::{CommandSpec, Runner};

use crate::Snapshot;

/// Finds modules without importing them. Only what Python itself runs at its start is run: lines of `.pth` files, as with every use of
/// the environment. Nothing is written.
const SCRIPT: &str = "\
import importlib.util, json, sys
found = []
for name in sys.argv[1:]:
    try:
        if importlib.util.find_spec(name) is not None:
            found.append(name)
    except BaseException:
        pass
print(json.dumps(found))
";

/// More names would be too many for the command line of some systems.
const AT_ONCE: usize = 300;

/// The modules of the packages that a Python finds; `None` where it cannot be asked.
pub(super) fn found(
    python: &Path,
    names: &BTreeSet<String>,
    runner: &dyn Runner,
) -> Option<BTreeSet<String>> {
    let names: Vec<&String> = names.iter().collect();
    let mut found = BTreeSet::new();
    for some in names.chunks(AT_ONCE) {
        let spec = CommandSpec::new(python)
            .args(["-I", "-B", "-c", SCRIPT])
            .args(some.iter().map(|name| name.as_str()))
            .env_remove("PYTHON*");
        let output = runner.run(&spec).ok().filter(uvshift_process::Output::success)?;
        let last = output.stdout_text().lines().last().map(str::to_owned)?;
        found.extend(serde_json::from_str::<Vec<String>>(&last).ok()?);
    }
    Some(found)
}

/// The names to ask for: modules at the top, of packages that stay.
pub(super) fn names(snapshot: &Snapshot, stays: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for package in snapshot.packages.iter().filter(|package| stays(&package.normalized_name)) {
        names.extend(package.top_level.iter().filter(|name| is_plain(name)).cloned());
        if let (true, Origin::Directory { .. }) = (package.top_level.is_empty(), &package.origin) {
            // An editable install does not list its modules; most are named like it.
            names.insert(package.normalized_name.replace('-', "_"));
        }
    }
    names
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|character| character.is_alphanumeric() || character == '_')
}

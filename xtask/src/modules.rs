//! `cargo xtask modules`: the tables of `crates/depgraph/data`, made from published data, and compared with real wheels.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::args::Args;
use crate::run::{quietly, tool, visibly};
use crate::{Outcome, setup};

/// What the tables are made from, pinned: a new version is a change to be read.
const SOURCES: [&str; 3] = ["guarddog==3.2.0", "pigar==2.2.0", "stdlibs==2026.9.3"];

/// Makes the tables, or compares some of their rows with what is in the wheels of the package index.
pub(crate) fn run(root: &Path, args: &Args) -> Outcome {
    args.positional([])?;
    setup::run(root)?;
    let scripts = root.join("xtask/src/modules");
    let data = root.join("crates/depgraph/data");
    let folder = temporary()?;
    let python = tool(root, "pip", "python");
    let outcome = match args.values("--check").last() {
        Some(_) => {
            let count = args.number("--check", 0)?.to_string();
            let mut check = Command::new(&python);
            check.arg(scripts.join("check.py")).args([&folder, &data]).arg(count);
            visibly(&mut check)
        }
        None => download(&python, &folder).and_then(|()| {
            let mut table = Command::new(&python);
            visibly(table.arg(scripts.join("table.py")).args([&folder, &scripts, &data]))
        }),
    };
    let _ = fs::remove_dir_all(&folder);
    outcome
}

/// The sources without what they depend on; nothing of them is run but the lists of `stdlibs`, which are Python.
fn download(python: &Path, folder: &Path) -> Outcome {
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:", "--target"]);
    quietly(pip.arg(folder).args(SOURCES)).map(|_| ())
}

fn temporary() -> Outcome<PathBuf> {
    let folder = std::env::temp_dir().join(format!("uvshift-modules-{}", std::process::id()));
    fs::create_dir_all(&folder).map_err(|error| format!("cannot make `{}`: {error}", folder.display()))?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_is_pinned_and_in_the_notice_and_the_tables() {
        let data = crate::root().join("crates/depgraph/data");
        let read = |file: &str| fs::read_to_string(data.join(file)).unwrap();
        let (notice, tables) = (read("NOTICE"), read("modules.txt") + &read("stdlib.txt"));
        for source in SOURCES {
            let named = source.replace("==", " ");
            assert!(named != source && notice.contains(&named) && tables.contains(&named), "{source}");
        }
    }
}

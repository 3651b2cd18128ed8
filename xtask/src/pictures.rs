//! `cargo xtask pictures`: what a terminal shows, as a picture for the documents.
//!
//! The demo is really migrated and rolled back. The picture is text with places, so it looks the same whatever fonts there are, and
//! follows the reader's light or dark.

mod ansi;
mod svg;

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::Outcome;
use crate::run::{cargo, quietly, visibly};

/// Where the picture goes.
const PICTURE: &str = "docs/pictures/demo.svg";

/// A command as it is typed, and what it printed.
struct Take {
    typed: &'static str,
    printed: String,
}

/// Makes the picture.
pub(crate) fn run(root: &Path) -> Outcome {
    visibly(cargo(root).args(["build", "--quiet", "--package", "uvshift"]))?;
    let program = root.join("target/debug").join(format!("uvshift{}", std::env::consts::EXE_SUFFIX));
    let folder = root.join("target/pictures");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(|error| format!("cannot make `{}`: {error}", folder.display()))?;
    // The demo brings the project along; it is undone at once, so that the picture begins with a project of pip.
    quietly(Command::new(&program).args(["demo", "shop", "--quiet"]).current_dir(&folder))?;
    let shop = folder.join("shop");
    record(&program, &shop, &["rollback", "--yes"])?;
    let takes = [
        Take { typed: "uvshift migrate --yes", printed: record(&program, &shop, &["migrate", "--yes"])? },
        Take { typed: "uvshift rollback", printed: record(&program, &shop, &["rollback", "--yes"])? },
    ];
    let picture = svg::picture("uvshift migrates a project of pip, and undoes it", &takes);
    fs::write(root.join(PICTURE), picture).map_err(|error| format!("cannot write `{PICTURE}`: {error}"))?;
    println!("made {PICTURE}");
    Ok(())
}

/// What a command prints on a terminal with colours, its talk included.
fn record(program: &Path, folder: &Path, words: &[&str]) -> Outcome<String> {
    let mut command = Command::new(program);
    command.args(words).args(["--color", "always", "--no-progress"]).current_dir(folder);
    let output = command.output().map_err(|error| format!("cannot start uvshift: {error}"))?;
    let printed =
        [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    if output.status.success() { Ok(printed) } else { Err(printed) }
}

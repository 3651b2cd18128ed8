//! `uvshift graph` on a lock of 300 packages.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::{Taken, cells, measure};
use crate::Outcome;

const PACKAGES: usize = 300;

/// Prints what each form of the graph takes.
pub(super) fn run(root: &Path, program: &Path, work: &Path, runs: usize) -> Outcome {
    let folder = work.join("graph");
    let failed = |error| format!("cannot write below `{}`: {error}", folder.display());
    fs::create_dir_all(&folder).map_err(failed)?;
    fs::write(folder.join("pyproject.toml"), pyproject()).map_err(failed)?;
    fs::write(folder.join("uv.lock"), lock()).map_err(failed)?;
    println!("\n`uvshift graph` on {PACKAGES} locked packages:\n");
    println!(
        "| form | CPU, median | least | most | elapsed, median | peak memory |\n|---|--:|--:|--:|--:|--:|"
    );
    for form in ["text", "json", "dot", "mermaid", "svg", "html"] {
        let words = ["graph", "--format", form, "."].map(OsString::from);
        let words: Vec<OsString> = std::iter::once(program.into()).chain(words).collect();
        let mut taken = Taken::default();
        for _ in 0..runs {
            match measure(root, &folder, &words) {
                Ok(measured) => taken.add(&measured)?,
                Err(message) => {
                    println!("\nskipped: {message}");
                    return Ok(());
                }
            }
        }
        println!("| {form} | {} |", cells(&taken));
    }
    Ok(())
}

fn pyproject() -> String {
    let direct: Vec<String> = (0..20).map(|index| format!("    \"package-{index}\",\n")).collect();
    format!(
        "[project]\nname = \"bench-graph\"\nversion = \"1\"\nrequires-python = \">=3.11\"\ndependencies = [\n{}]\n",
        direct.concat()
    )
}

/// Each package needs up to four that come later, near and far.
fn lock() -> String {
    let mut text = "version = 1\nrevision = 3\nrequires-python = \">=3.11\"\n".to_owned();
    let direct: Vec<usize> = (0..20).collect();
    package(&mut text, "bench-graph", "{ virtual = \".\" }", &direct);
    for index in 0..PACKAGES {
        let later = [index + 20, index + 33, index * 2 + 21, index + 150];
        let later: Vec<usize> = later.into_iter().filter(|later| *later < PACKAGES).collect();
        package(
            &mut text,
            &format!("package-{index}"),
            "{ registry = \"https://index.example/simple\" }",
            &later,
        );
    }
    text
}

fn package(text: &mut String, name: &str, source: &str, needs: &[usize]) {
    // Writing to a `String` cannot fail.
    let _ = write!(text, "\n[[package]]\nname = \"{name}\"\nversion = \"1.0\"\nsource = {source}\n");
    if !needs.is_empty() {
        text.push_str("dependencies = [\n");
        for need in needs {
            let _ = writeln!(text, "    {{ name = \"package-{need}\" }},");
        }
        text.push_str("]\n");
    }
}

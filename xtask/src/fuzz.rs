//! `cargo xtask fuzz`: a fuzz target for some seconds, with the stable compiler, as `fuzz/README.md` describes it.

use std::path::Path;

use crate::Outcome;
use crate::args::Args;
use crate::run::{cargo, quietly, visibly};

/// Runs the target that `args` name, or all of them, each for so many seconds.
pub(crate) fn run(root: &Path, args: &Args) -> Outcome {
    let [target, seconds] = args.positional(["TARGET", "SECONDS"])?;
    let seconds: u32 = seconds.parse().map_err(|_| format!("`{seconds}` is not a number of seconds"))?;
    let folder = root.join("fuzz");
    let known = targets(&folder);
    if target != "all" && !known.iter().any(|name| name == target) {
        return Err(format!("there is no fuzz target `{target}`; there are: all, {}", known.join(", ")));
    }
    let chosen = known.iter().filter(|name| target == "all" || *name == target);
    // A crash in one does not keep the others from being tried.
    let failed: Vec<String> = chosen.filter_map(|name| one(root, &folder, name, seconds).err()).collect();
    if failed.is_empty() { Ok(()) } else { Err(failed.join("\n")) }
}

fn one(root: &Path, folder: &Path, target: &str, seconds: u32) -> Outcome {
    let corpus = folder.join("corpus").join(target);
    std::fs::create_dir_all(&corpus)
        .map_err(|error| format!("cannot make `{}`: {error}", corpus.display()))?;
    // Named, because the flags that turn on coverage feedback may reach the target alone, not build scripts.
    let host = quietly(std::process::Command::new("rustc").args(["--print", "host-tuple"]))?;
    let mut fuzz = cargo(folder);
    fuzz.args(["run", "--release", "--target", host.trim(), "--bin", target, "--"]);
    fuzz.arg(format!("corpus/{target}"));
    let seeds = root.join("crates/requirements/testdata");
    if seeds.exists() {
        fuzz.arg("../crates/requirements/testdata");
    }
    fuzz.args(["-dict=dictionary.txt", "-max_len=4096"]).arg(format!("-max_total_time={seconds}"));
    visibly(&mut fuzz)
}

fn targets(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder.join("fuzz_targets")).into_iter().flatten().flatten();
    let mut names: Vec<_> =
        entries.filter_map(|entry| Some(entry.path().file_stem()?.to_string_lossy().into_owned())).collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::root;

    #[test]
    fn every_target_is_a_program_of_the_manifest() {
        let manifest = std::fs::read_to_string(root().join("fuzz/Cargo.toml")).unwrap();
        let names = targets(&root().join("fuzz"));
        assert!(names.len() >= 5);
        for name in names {
            assert!(
                manifest.contains(&format!("name = \"{name}\"")),
                "{name} is no program of fuzz/Cargo.toml"
            );
        }
    }

    #[test]
    fn unknown_targets_are_told_with_those_that_there_are() {
        let words = ["gone".to_owned(), "1".to_owned()];
        let args = Args::parse(&words, &[], &[]).unwrap();
        assert!(run(&root(), &args).unwrap_err().contains("all, archive"));
    }
}

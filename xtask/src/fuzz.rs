//! `cargo xtask fuzz`: a fuzz target for some seconds, with the stable compiler, as `fuzz/README.md` describes it.

use std::path::Path;

use crate::Outcome;
use crate::args::Args;
use crate::run::{cargo, quietly, visibly};

/// Runs the target that `args` name.
pub(crate) fn run(root: &Path, args: &Args) -> Outcome {
    let [target, seconds] = args.positional(["TARGET", "SECONDS"])?;
    let seconds: u32 = seconds.parse().map_err(|_| format!("`{seconds}` is not a number of seconds"))?;
    let folder = root.join("fuzz");
    if !folder.join(format!("fuzz_targets/{target}.rs")).exists() {
        return Err(format!(
            "there is no fuzz target `{target}`; there are: {}",
            targets(&folder).join(", ")
        ));
    }
    let corpus = folder.join("corpus").join(target);
    std::fs::create_dir_all(&corpus)
        .map_err(|error| format!("cannot make `{}`: {error}", corpus.display()))?;
    // Named, because the flags that turn on coverage feedback may reach the target alone, not build scripts.
    let host = quietly(std::process::Command::new("rustc").args(["--print", "host-tuple"]))?;
    let mut fuzz = cargo(&folder);
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

//! `cargo xtask release`: a version in every place, the change log turned, every crate packed; a person pushes.

mod changelog;
mod copy;
mod packages;
mod promises;

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::args::Args;
use crate::run::{cargo, quietly};
use crate::{Outcome, calendar, versions};

pub(crate) use packages::published;

/// Makes the release that `args` name, or rehearses it only. What would keep it from being published shows in the rehearsal, so a
/// release that is refused has changed nothing.
pub(crate) fn run(root: &Path, args: &Args) -> Outcome {
    let [version] = args.positional(["VERSION"])?;
    let depth = if args.has("--list") { Depth::List } else { Depth::Compile };
    if args.has("--dry-run") {
        return rehearse_only(root, version, depth);
    }
    clean(root)?;
    let skipped = rehearse(root, version, depth)?;
    write(root, version)?;
    print!("{}", last_words(skipped.as_deref(), version));
    Ok(())
}

/// How much is asked of the packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// What is in them.
    List,
    /// Whether they compile, each from what the others would publish.
    Compile,
}

/// The next version by its last number, in a copy, without compiling.
pub(crate) fn check(root: &Path) -> Outcome {
    let version = versions::workspace(root)?;
    let (start, last) = version.rsplit_once('.').ok_or("the version has no dots")?;
    let last: u64 = last.parse().map_err(|_| format!("`{version}` does not end with a number"))?;
    rehearse_only(root, &format!("{start}.{}", last + 1), Depth::List)
}

fn rehearse_only(root: &Path, version: &str, depth: Depth) -> Outcome {
    let skipped = rehearse(root, version, depth)?;
    println!("\nThis was a rehearsal: nothing has changed here. The release itself would end with:");
    print!("{}", last_words(skipped.as_deref(), version));
    Ok(())
}

/// Does everything in a copy that is removed afterwards, and gives what could not be asked.
fn rehearse(root: &Path, version: &str, depth: Depth) -> Outcome<Option<String>> {
    let old = versions::workspace(root)?;
    // The first release is of the version that stands there from the beginning.
    let first = version == old && !promises::knows(root, &format!("v{old}"));
    if !first && !is_newer(version, &old) {
        return Err(format!("`{version}` is no version that comes after `{old}`"));
    }
    let copy = copy::of(root)?;
    // What was compiled in the last rehearsal is not compiled again.
    let place = Place { root: &copy, target: &root.join("target") };
    let outcome = write(&copy, version)
        .and_then(|()| packages::check(&place, depth == Depth::Compile))
        .and_then(|()| promises::check(&place, &old, version));
    let _ = fs::remove_dir_all(&copy);
    outcome
}

/// A folder with the sources, and the one where cargo builds.
#[derive(Debug, Clone, Copy)]
struct Place<'a> {
    root: &'a Path,
    target: &'a Path,
}

impl Place<'_> {
    fn cargo(&self) -> Command {
        let mut cargo = cargo(self.root);
        cargo.env("CARGO_TARGET_DIR", self.target);
        cargo
    }
}

/// Puts the version into every place and turns the change log.
fn write(root: &Path, version: &str) -> Outcome {
    let old = versions::workspace(root)?;
    let places = versions::set(root, &old, version)?;
    // The first release is of the version that is there already.
    for (file, count) in places.into_iter().filter(|_| version != old) {
        println!("release: {file}: {count} times {old} -> {version}");
    }
    let log = root.join("CHANGELOG.md");
    let text =
        fs::read_to_string(&log).map_err(|error| format!("cannot read `{}`: {error}", log.display()))?;
    let text = changelog::turn(&text, version, &calendar::today())?;
    fs::write(&log, text).map_err(|error| format!("cannot write `{}`: {error}", log.display()))?;
    println!("release: CHANGELOG.md: Unreleased -> {version}");
    Ok(())
}

/// Whether a version of three numbers comes after another one.
fn is_newer(version: &str, old: &str) -> bool {
    let numbers = |text: &str| {
        let numbers: Option<Vec<u64>> = text.split('.').map(|part| part.parse().ok()).collect();
        numbers.filter(|numbers| numbers.len() == 3)
    };
    matches!((numbers(version), numbers(old)), (Some(new), Some(old)) if new > old)
}

/// A release holds what is committed, and nothing else.
fn clean(root: &Path) -> Outcome {
    let changed = quietly(Command::new("git").current_dir(root).args(["status", "--porcelain"]))?;
    if changed.is_empty() { Ok(()) } else { Err(format!("commit or put away first:\n{changed}")) }
}

/// What was left out, where a reader of a long output sees it, and what a person does then.
fn last_words(skipped: Option<&str>, version: &str) -> String {
    let skipped = skipped.map(|what| format!("\nskipped: {what}\n")).unwrap_or_default();
    skipped + &next(version)
}

/// What a person does then.
fn next(version: &str) -> String {
    format!(
        "\nRead `git diff`, then:\n\
         \n  git commit --all --message \"release: {version}\"\
         \n  git tag --annotate v{version} --message \"uvshift {version}\"\
         \n  git push origin main v{version}\
         \n\nThe tag starts `.github/workflows/release.yml`, which builds, attests and publishes.\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_only_grow() {
        for (version, newer) in [
            ("0.1.1", true),
            ("0.2.0", true),
            ("1.0.0", true),
            ("0.1.0", false),
            ("0.0.9", false),
            ("0.10.0", true),
            ("0.2", false),
            ("v0.2.0", false),
            ("0.2.0-rc1", false),
        ] {
            assert_eq!(is_newer(version, "0.1.0"), newer, "{version}");
        }
    }

    #[test]
    fn the_last_words_are_commands() {
        let words = last_words(Some("nobody was asked"), "1.2.3");
        assert!(words.contains("\n  git push origin main v1.2.3\n"));
        assert!(words.starts_with("\nskipped: nobody was asked\n"));
        assert!(!last_words(None, "1.2.3").contains("skipped"));
    }
}

//! Whether the libraries keep their promises to those who use the last release: cargo-semver-checks knows.

use std::path::Path;
use std::process::Command;

use super::{Place, packages};
use crate::Outcome;
use crate::metadata::{metadata, packages as members, text};
use crate::run::{exists, quietly, shown};

/// Compares each library with the last release, and gives what could not be asked.
pub(super) fn check(place: &Place<'_>, old: &str, version: &str) -> Outcome<Option<String>> {
    let tag = format!("v{old}");
    if !knows(place.root, &tag) {
        return Ok(Some(format!(
            "there is no tag `{tag}` to compare the libraries with (cargo-semver-checks)"
        )));
    }
    if !exists(place.cargo().arg("semver-checks")) {
        return Ok(Some(format!(
            "whether the libraries keep the promises of {old} was not asked; \
             `cargo install --locked cargo-semver-checks` gets what knows it"
        )));
    }
    let mut broken = Vec::new();
    for name in libraries(place, &tag)? {
        match ask(place, &tag, &name)? {
            Answer::Fits => println!("release: {name}: {version} fits what has changed since {old}"),
            Answer::Broken(said) => {
                println!("{said}");
                broken.push(name);
            }
            Answer::Unknown(said) => return Err(format!("{said}\n{}", no_answer(&name, &tag))),
        }
    }
    if broken.is_empty() { Ok(None) } else { Err(way_out(&broken, version)) }
}

/// What cargo-semver-checks says of a library, in its own words where it does not fit.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Fits,
    Broken(String),
    Unknown(String),
}

/// Asks about one library, so that its name is known whatever is said of it.
fn ask(place: &Place<'_>, tag: &str, name: &str) -> Outcome<Answer> {
    let mut semver = place.cargo();
    semver.args(["semver-checks", "check-release", "--baseline-rev", tag, "--package", name]);
    let line = shown(&semver);
    let output = semver.output().map_err(|error| format!("cannot start `{line}`: {error}"))?;
    let text = |bytes: &[u8]| format!("$ {line}\n{}", String::from_utf8_lossy(bytes).trim_end());
    Ok(answer(output.status.code(), text(&output.stdout), text(&output.stderr)))
}

/// 100 is a comparison that came to its end and found something; whatever else went wrong says nothing about the library.
fn answer(code: Option<i32>, findings: String, trouble: String) -> Answer {
    match code {
        Some(0) => Answer::Fits,
        Some(100) => Answer::Broken(findings),
        _ => Answer::Unknown(trouble),
    }
}

/// The published libraries that the last release had already.
fn libraries(place: &Place<'_>, tag: &str) -> Outcome<Vec<String>> {
    let published = packages::published(place.root)?;
    let metadata = metadata(place.root, &["--no-deps", "--offline"])?;
    let mut names = Vec::new();
    for package in members(&metadata).filter(|package| is_library(package)) {
        let name = text(package, "name");
        let manifest = text(package, "manifest_path").replace('\\', "/");
        let folder = manifest.rsplit('/').nth(1).unwrap_or_default();
        if !published.iter().any(|it| it == name) {
            continue;
        }
        if knows(place.root, &format!("{tag}:crates/{folder}/Cargo.toml")) {
            names.push(name.to_owned());
        } else {
            println!("release: {name} is new since {tag}");
        }
    }
    Ok(names)
}

fn is_library(package: &serde_json::Value) -> bool {
    let mut targets = package["targets"].as_array().into_iter().flatten();
    targets
        .any(|target| target["kind"].as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "lib")))
}

/// Whether git has such an object.
pub(super) fn knows(root: &Path, object: &str) -> bool {
    let mut git = Command::new("git");
    quietly(git.current_dir(root).args(["rev-parse", "--verify", "--quiet", object])).is_ok()
}

/// What to do with a version that is too small for its changes.
fn way_out(broken: &[String], version: &str) -> String {
    let (names, next) = (broken.join(", "), breaking(version));
    format!(
        "{version} promises that whoever uses the libraries can update without a change; for {names} that is not so (above). \
         Bring back what was taken away, or make it `cargo xtask release {next}`. Nothing has changed here."
    )
}

/// What to do when the comparison did not come to its end.
fn no_answer(name: &str, tag: &str) -> String {
    format!(
        "cargo-semver-checks could not compare {name} with `{tag}` (above), so it is not known whether promises are kept. Both have to \
         compile, the packages that they use have to be there or a network, and the program has to be new enough for this Rust. \
         Nothing has changed here."
    )
}

/// The next version that may break promises.
fn breaking(version: &str) -> String {
    let mut numbers = version.split('.').map(|part| part.parse::<u64>().unwrap_or_default());
    match (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default()) {
        (0, minor) => format!("0.{}.0", minor + 1),
        (major, _) => format!("{}.0.0", major + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, answer, breaking, way_out};

    #[test]
    fn a_broken_promise_needs_the_next_big_version() {
        let next = ["0.1.1", "0.9.0", "1.0.1", "1.2.0"].map(breaking);
        assert_eq!(next, ["0.2.0", "0.10.0", "2.0.0", "2.0.0"]);
    }

    #[test]
    fn only_a_finished_comparison_breaks_a_promise() {
        let of = |code| answer(code, "findings".to_owned(), "trouble".to_owned());
        assert_eq!(of(Some(0)), Answer::Fits);
        assert_eq!(of(Some(100)), Answer::Broken("findings".to_owned()));
        for failed in [Some(101), Some(1), None] {
            assert_eq!(of(failed), Answer::Unknown("trouble".to_owned()), "{failed:?}");
        }
    }

    #[test]
    fn a_refusal_names_the_libraries_and_the_way_out() {
        let message = way_out(&["uvshift-ini".to_owned(), "uvshift-tree".to_owned()], "0.1.1");
        assert!(message.contains("for uvshift-ini, uvshift-tree"), "{message}");
        assert!(message.contains("`cargo xtask release 0.2.0`"), "{message}");
    }
}

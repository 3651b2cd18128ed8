//! `cargo xtask dist`: what a release hands out for one machine, in `target/dist`.

mod archive;
mod build;
mod extras;
mod formula;
mod join;
mod sbom;
mod try_out;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::args::Args;
use crate::run::quietly;
use crate::{Outcome, setup, versions};

/// The most bytes that the program may have.
const LARGEST_PROGRAM: u64 = 15_000_000;

/// Documents that stand beside the program in an archive.
const DOCUMENTS: [&str; 4] = ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"];

/// What is made, and for which machine.
struct Release<'a> {
    root: &'a Path,
    version: String,
    /// The target triple.
    target: String,
    /// Where everything ends.
    out: PathBuf,
    /// The time in all files, in seconds since 1970: that of the commit.
    time: u64,
    /// Whether zig links, so that the program runs with an old glibc.
    zig: bool,
    /// Whether the sources are packed, too.
    sdist: bool,
}

/// Makes everything for the machine at hand or for `--target`, joins what several machines made, or tries a wheel out.
pub(crate) fn run(root: &Path, args: &Args) -> Outcome {
    args.positional([])?;
    if let Some(folder) = args.values("--join").last() {
        return join::run(root, Path::new(folder));
    }
    if let Some(wheel) = args.values("--try").last() {
        setup::run(root)?;
        // The programs that look for it run in other folders.
        let wheel = std::path::absolute(wheel).map_err(failed("find", Path::new(wheel)))?;
        return try_out::run(root, &wheel);
    }
    let target = args.values("--target").last().map_or_else(host, |target| Ok(target.to_owned()))?;
    let plain = release(root, target)?;
    make(&Release { zig: args.has("--zig"), sdist: args.has("--sdist"), ..plain }).map(drop)
}

/// Makes everything for the machine at hand, installs it and runs it.
pub(crate) fn check(root: &Path) -> Outcome {
    let wheel = make(&Release { sdist: true, ..release(root, host()?)? })?;
    try_out::run(root, &wheel)
}

fn release(root: &Path, target: String) -> Outcome<Release<'_>> {
    let version = versions::workspace(root)?;
    let out = root.join("target/dist");
    Ok(Release { root, version, target, out, time: time(root), zig: false, sdist: false })
}

/// Makes everything and gives the wheel.
fn make(release: &Release<'_>) -> Outcome<PathBuf> {
    let Release { root, version, target, out, .. } = release;
    setup::only(root, "dist")?;
    if out.exists() {
        fs::remove_dir_all(out).map_err(failed("empty", out))?;
    }
    fs::create_dir_all(out).map_err(failed("make", out))?;
    let bill = out.join(format!("uvshift-{version}-{target}.cdx.json"));
    write(&bill, sbom::bill(release)?)?;
    sbom::validate(root, &bill)?;
    let wheel = build::wheel(release, &bill)?;
    let program = build::program(release, &wheel)?;
    small_enough(&program)?;
    if release.sdist {
        build::sdist(release)?;
    }
    archive::release(release, &program)?;
    let files = archive::sums(out)?;
    println!("dist: in {}:", out.display());
    print!("{files}");
    Ok(wheel)
}

fn small_enough(program: &Path) -> Outcome {
    let bytes = fs::metadata(program).map_err(failed("read", program))?.len();
    println!("dist: the program has {bytes} bytes; allowed are {LARGEST_PROGRAM}");
    if bytes <= LARGEST_PROGRAM { Ok(()) } else { Err("dist: the program is too big".into()) }
}

/// The triple of the machine at hand.
pub(crate) fn host() -> Outcome<String> {
    let said = quietly(Command::new("rustc").arg("-vV"))?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "rustc does not tell its host".to_owned())
}

/// The time of the last commit, so that the same commit gives the same files.
fn time(root: &Path) -> u64 {
    let told = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.parse().ok());
    let of_commit = || {
        let mut git = Command::new("git");
        let said = quietly(git.current_dir(root).args(["log", "-1", "--format=%ct"])).ok()?;
        said.trim().parse().ok()
    };
    told.or_else(of_commit).unwrap_or(0)
}

/// The ending of programs of a target.
fn ending(target: &str) -> &'static str {
    if target.contains("windows") { ".exe" } else { "" }
}

fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Outcome {
    fs::write(path, bytes).map_err(failed("write", path))
}

fn read(path: &Path) -> Outcome<Vec<u8>> {
    fs::read(path).map_err(failed("read", path))
}

/// The message of something that went wrong with a file.
fn failed(verb: &str, path: &Path) -> impl FnOnce(std::io::Error) -> String {
    move |error| format!("cannot {verb} `{}`: {error}", path.display())
}

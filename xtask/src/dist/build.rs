//! Compiling: maturin makes the wheel, and the program of every archive is the one in the wheel.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use zip::ZipArchive;

use super::{Release, ending, failed, write};
use crate::run::{quietly, tool, visibly};
use crate::{Outcome, setup};

/// What links for an old glibc or for musl. It is big, so it is only gotten where it is asked for.
const ZIG: &str = "ziglang==0.15.2";

/// Tells the linker to leave out the tables for unwinding: 1.5 MB that nobody reads in a stripped program that aborts on a panic.
const NO_UNWINDING: &str = "xtask/src/dist/no-unwinding.ld";

/// The project of the wheel.
const PROJECT: &str = "crates/uvshift";

/// Builds the program and packs it into a wheel.
pub(super) fn wheel(release: &Release<'_>, bill: &Path) -> Outcome<PathBuf> {
    let mut maturin = maturin(release, "build")?;
    maturin.args(["--release", "--locked", "--target", &release.target, "--sbom-include"]).arg(bill);
    if release.zig {
        setup::add(release.root, "dist", ZIG)?;
        let oldest = if release.target.contains("musl") { "musllinux_1_2" } else { "manylinux_2_17" };
        maturin.args(["--zig", "--compatibility", oldest]);
    }
    if release.target.contains("linux") {
        // For the program alone, and in the words of rustc: it is linked in the root of the workspace, whatever that is called.
        maturin.args(["--", "-C", &format!("link-arg=-Wl,--no-eh-frame-hdr,-T,{NO_UNWINDING}")]);
    }
    visibly(&mut maturin)?;
    only(&release.out, ".whl")
}

/// Packs the sources, for machines that no wheel is for.
pub(super) fn sdist(release: &Release<'_>) -> Outcome {
    visibly(&mut maturin(release, "sdist")?)
}

/// Takes the program out of the wheel, so that there is one program however it is installed.
pub(super) fn program(release: &Release<'_>, wheel: &Path) -> Outcome<PathBuf> {
    let broken = |error: zip::result::ZipError| format!("cannot read `{}`: {error}", wheel.display());
    let mut archive = ZipArchive::new(File::open(wheel).map_err(failed("open", wheel))?).map_err(broken)?;
    let name = format!("uvshift{}", ending(&release.target));
    let inside = format!("uvshift-{}.data/scripts/{name}", release.version);
    let mut bytes = Vec::new();
    archive.by_name(&inside).map_err(broken)?.read_to_end(&mut bytes).map_err(failed("read", wheel))?;
    let folder = release.root.join("target/dist-work").join(&release.target);
    std::fs::create_dir_all(&folder).map_err(failed("make", &folder))?;
    let program = folder.join(name);
    write(&program, bytes)?;
    executable(&program)?;
    Ok(program)
}

/// maturin with what makes its results the same on every machine: the time of the commit, and no paths of this machine.
fn maturin(release: &Release<'_>, command: &str) -> Outcome<Command> {
    let root = release.root;
    let python = tool(root, "dist", "python");
    let mut maturin = Command::new(tool(root, "dist", "maturin"));
    maturin.current_dir(root.join(PROJECT)).arg(command).arg("--out").arg(&release.out);
    maturin.env("SOURCE_DATE_EPOCH", release.time.to_string());
    // maturin finds zig as a package of the Python that comes first.
    let bin = python.parent().unwrap_or(root).to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(bin).chain(std::env::split_paths(&path)));
    maturin.env("PATH", path.map_err(|error| format!("PATH: {error}"))?);
    let mut flags = vec![
        format!("--remap-path-prefix={}=/uvshift", root.display()),
        format!("--remap-path-prefix={}=/cargo", cargo_home(root)?.display()),
    ];
    // A Windows without the redistributable libraries of Visual C++ could not start the program.
    if ["musl", "windows-msvc"].iter().any(|kind| release.target.contains(kind)) {
        flags.extend(["-C", "target-feature=+crt-static"].map(str::to_owned));
    }
    maturin.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    Ok(maturin)
}

/// The folder of cargo, which the sources of dependencies are in.
fn cargo_home(root: &Path) -> Outcome<PathBuf> {
    if let Some(home) = std::env::var_os("CARGO_HOME") {
        return Ok(home.into());
    }
    let home = std::env::home_dir().ok_or("there is no home folder, and CARGO_HOME is not set")?;
    let home = home.join(".cargo");
    if home.is_dir() { Ok(home) } else { Ok(root.join(".cargo")) }
}

/// The one file in a folder that ends so.
pub(super) fn only(folder: &Path, ending: &str) -> Outcome<PathBuf> {
    let entries = std::fs::read_dir(folder).map_err(failed("read", folder))?;
    let mut found: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    found.retain(|path| path.to_string_lossy().ends_with(ending));
    match <[PathBuf; 1]>::try_from(found) {
        Ok([path]) => Ok(path),
        Err(found) => Err(format!("expected one `*{ending}` in `{}`: {found:?}", folder.display())),
    }
}

#[cfg(unix)]
fn executable(program: &Path) -> Outcome {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(program, std::fs::Permissions::from_mode(0o755)).map_err(failed("mark", program))
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the signature is that of Unix")]
fn executable(_: &Path) -> Outcome {
    Ok(())
}

/// What the program prints.
pub(super) fn says(program: &Path, words: &[&str]) -> Outcome<String> {
    quietly(Command::new(program).args(words))
}

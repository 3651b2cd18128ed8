//! Puts the files of `templates` into the library. A file that comes or goes makes it anew, which `include_str!` alone would not.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(said_by_cargo("CARGO_MANIFEST_DIR")?);
    let folder = root.join("templates");
    let mut files = Vec::new();
    collect(&folder, &mut files)?;
    files.sort();
    let mut code = String::from("&[\n");
    for file in &files {
        let name = file.strip_prefix(&folder)?.to_string_lossy().replace('\\', "/");
        let _ = writeln!(code, "    ({name:?}, include_str!({:?})),", file.to_string_lossy());
    }
    code.push_str("]\n");
    let target = PathBuf::from(said_by_cargo("OUT_DIR")?);
    write(&target.join("templates.rs"), &code)?;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts through the environment")]
fn said_by_cargo(name: &str) -> Result<std::ffi::OsString, String> {
    std::env::var_os(name).ok_or_else(|| format!("cargo does not say {name}"))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    let line = format!("cargo::rerun-if-changed={}\n", folder.display());
    std::io::Write::write_all(&mut std::io::stdout(), line.as_bytes())?;
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a build script writes into its own folder")]
fn write(path: &Path, code: &str) -> std::io::Result<()> {
    std::fs::write(path, code)
}

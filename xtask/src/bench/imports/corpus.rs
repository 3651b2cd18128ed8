//! The files: wheels from the package index, in a folder that later runs find again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::run::{quietly, tool};

const PINS: &str = include_str!("../imports.txt");

/// Files that end deptry 0.25.1 with a `ValueError`, because of a relative `importlib.import_module`. Nobody gets them.
pub(super) const CRASHING: [&str; 3] = [
    "django/core/management/commands/flush.py",
    "django/core/management/commands/migrate.py",
    "pylint/checkers/variables.py",
];

/// What the projects declare: some of what the files import, and some that they do not.
const DECLARED: &str = "attrs, cryptography, defusedxml, fsspec, h5py, hypothesis, jinja2, lxml, packaging, pillow, psycopg2-binary, \
                        pytest, python-dateutil, pyyaml, requests, tqdm, typing-extensions, urllib3, flask, uvicorn, pytest-cov, black";

/// All files that there are.
pub(super) struct Corpus {
    folder: PathBuf,
    /// Relative to the installed packages, sorted.
    paths: Vec<PathBuf>,
    pub(super) files: usize,
    pub(super) bytes: u64,
    pub(super) distributions: usize,
}

/// A project with a part of the files.
pub(super) struct Project {
    pub(super) path: PathBuf,
    pub(super) files: usize,
}

impl Corpus {
    /// Installs what is not there yet.
    pub(super) fn get(root: &Path, folder: &Path) -> Outcome<Self> {
        let pins: Vec<&str> = PINS.lines().filter(|line| !line.starts_with('#')).collect();
        let (installed, stamp) = (folder.join("installed"), folder.join("installed.txt"));
        if fs::read_to_string(&stamp).ok().as_deref() != Some(PINS) {
            let _ = fs::remove_dir_all(folder);
            fs::create_dir_all(folder)
                .map_err(|error| format!("cannot make `{}`: {error}", folder.display()))?;
            eprintln!("installing {} wheels", pins.len());
            let mut uv = Command::new(tool(root, "tools", "uv"));
            // Another Python would get other wheels.
            uv.args([
                "pip",
                "install",
                "--quiet",
                "--no-deps",
                "--only-binary",
                ":all:",
                "--python-version",
                "3.11",
            ]);
            quietly(uv.arg("--target").arg(&installed).args(&pins))?;
            fs::write(&stamp, PINS)
                .map_err(|error| format!("cannot write `{}`: {error}", stamp.display()))?;
        }
        let (mut paths, mut bytes) = (Vec::new(), 0);
        collect(&installed, &installed, &mut paths, &mut bytes)?;
        paths.sort();
        Ok(Self { folder: folder.to_owned(), files: paths.len(), paths, bytes, distributions: pins.len() })
    }

    /// A project with every `share`th of the files.
    pub(super) fn project(&self, share: usize) -> Outcome<Project> {
        let path = self.folder.join(format!("project-{share}"));
        let _ = fs::remove_dir_all(&path);
        let chosen: Vec<&PathBuf> = self.paths.iter().step_by(share).collect();
        for file in &chosen {
            let to = path.join(file);
            let failed = |error| format!("cannot write `{}`: {error}", to.display());
            fs::create_dir_all(to.parent().unwrap_or(&path)).map_err(failed)?;
            // All projects share the bytes, and the page cache.
            fs::hard_link(self.folder.join("installed").join(file), &to).map_err(failed)?;
        }
        let declared: Vec<String> = DECLARED.split(", ").map(|name| format!("    {name:?},\n")).collect();
        let text = format!(
            "[project]\nname = \"bench-imports\"\nversion = \"1\"\nrequires-python = \">=3.11\"\ndependencies = [\n{}]\n",
            declared.concat()
        );
        fs::write(path.join("pyproject.toml"), text).map_err(|error| format!("pyproject.toml: {error}"))?;
        Ok(Project { path, files: chosen.len() })
    }
}

/// Every .py file below `folder`, relative to `top`.
fn collect(top: &Path, folder: &Path, paths: &mut Vec<PathBuf>, bytes: &mut u64) -> Outcome {
    let failed = |error| format!("cannot read `{}`: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let path = entry.path();
        if entry.file_type().map_err(failed)?.is_dir() {
            collect(top, &path, paths, bytes)?;
        } else if path.extension().is_some_and(|ending| ending == "py") {
            let relative = path.strip_prefix(top).unwrap_or(&path).to_owned();
            if !CRASHING.iter().any(|crashing| relative == Path::new(crashing)) {
                *bytes += entry.metadata().map_err(failed)?.len();
                paths.push(relative);
            }
        }
    }
    Ok(())
}

use std::io;
use std::path::PathBuf;

use crate::verify::{Cause, Difference};

/// Why a migration did not happen. Whatever it is, the project is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The project could not be read.
    #[error(transparent)]
    Project(#[from] uvshift_project::Error),
    /// The project's files could not be read.
    #[error(transparent)]
    Tree(#[from] uvshift_tree::Error),
    /// Tool settings could not be read or moved.
    #[error(transparent)]
    Tools(#[from] uvshift_toolconfig::Error),
    /// The imports of the project could not be analysed.
    #[error(transparent)]
    Deps(#[from] uvshift_depgraph::Error),
    /// `uv.lock` could not be read.
    #[error(transparent)]
    Lock(#[from] uvshift_project::LockError),
    /// pyproject.toml could not be edited.
    #[error("cannot use pyproject.toml")]
    PyProject {
        /// Where and why.
        #[from]
        source: uvshift_pyproject::Error,
    },
    /// The changes could not be made or undone.
    #[error(transparent)]
    ChangeSet(#[from] uvshift_changeset::Error),
    /// A command could not be run.
    #[error("cannot run uv")]
    Process {
        /// Why.
        #[from]
        source: uvshift_process::ProcessError,
    },
    /// There is no uv.
    #[error("uv is not installed")]
    UvMissing,
    /// uv found no solution, no index, or no Python.
    #[error("`uv lock` failed:\n{}", tail(stderr))]
    LockFailed {
        /// What uv said.
        stderr: String,
    },
    /// uv does not accept its own lock.
    #[error("`uv lock --check` does not accept the lock:\n{}", tail(stderr))]
    LockCheck {
        /// What uv said.
        stderr: String,
    },
    /// The result differs from the source.
    #[error("the result differs from the source")]
    Verification {
        /// In what.
        differences: Vec<Difference>,
    },
    /// The project could not be copied for a build.
    #[error("cannot copy `{path}` to build it")]
    Copy {
        /// The project.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The project does not build.
    #[error("`uv build` failed:\n{}", tail(stderr))]
    BuildFailed {
        /// What uv and the build backend said.
        stderr: String,
    },
    /// A wheel that was built cannot be read.
    #[error(transparent)]
    Wheel(#[from] uvshift_wheel::Error),
    /// Commands could not be rewritten.
    #[error(transparent)]
    Rewrite(#[from] uvshift_rewrite::Error),
    /// A file could not be read.
    #[error("cannot read `{path}`")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// `requires-python` cannot be read.
    #[error("`{given}` is no range of Python versions")]
    Python {
        /// What was given.
        given: String,
    },
    /// The environment could not be read.
    #[error(transparent)]
    Environment(#[from] uvshift_installed::Error),
    /// A setting in `[tool.uvshift]` has the wrong form.
    #[error("`tool.uvshift.{key}` in pyproject.toml must be {expected}")]
    Setting {
        /// The key.
        key: String,
        /// The form that it must have.
        expected: &'static str,
    },
    /// There is nothing to compare with.
    #[error("no migration of this project is recorded")]
    NoJournal,
    /// A migrated project has lost its pyproject.toml.
    #[error("pyproject.toml is gone")]
    NoPyProject,
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Project(error) => error.hint(),
            Self::Lock(error) => error.hint(),
            Self::Tree(error) => error.hint(),
            Self::Tools(error) => error.hint(),
            Self::Deps(error) => error.hint(),
            Self::Rewrite(error) => error.hint(),
            Self::PyProject { source } => source.hint(),
            Self::ChangeSet(error) => error.hint(),
            Self::Process { source } => source.hint(),
            Self::UvMissing => Some("install uv, name it with `--uv PATH`, or pass `--install-uv`"),
            Self::LockFailed { stderr } => Some(lock_hint(stderr)),
            Self::LockCheck { .. } => Some("run again with `--no-lock`, then `uv lock` by hand"),
            Self::Copy { .. } => {
                Some("make room in the folder for temporary files, or point TMPDIR elsewhere")
            }
            Self::BuildFailed { .. } => Some("make `uv build` work first"),
            Self::Wheel(error) => error.hint(),
            Self::Verification { differences } => Some(verification_hint(differences)),
            Self::Python { .. } => Some("give a version such as `3.10` or a range such as `>=3.10,<3.13`"),
            Self::Environment(error) => error.hint(),
            Self::Setting { .. } => Some(
                "`main`, `constraints`, `ignore` take paths, `groups` a table such as { dev = \"requirements-dev.txt\" }",
            ),
            Self::NoJournal => Some("run `uvshift migrate` first"),
            Self::NoPyProject => Some("run `uvshift rollback` to get the old project back"),
            _ => None,
        }
    }
}

fn verification_hint(differences: &[Difference]) -> &'static str {
    let all = |cause: Cause| differences.iter().all(|found| found.cause == cause);
    if all(Cause::OtherFiles) {
        "the project is as it was; find out why the index has other files than those that were hashed"
    } else if all(Cause::SomebodyElse) {
        "the project is as it was; run again when nothing else writes into it"
    } else if all(Cause::Wheel) {
        "the project is as it was; keep its build backend, or correct what is named and run again"
    } else if all(Cause::Tool) {
        "the project is as it was; leave what is named out with `--skip`, or mend what a warning above says of it"
    } else {
        "the project is as it was; this is a defect of uvshift, please report it"
    }
}

/// What uv says when it cannot lock, in lower case, and what to do; the first that fits counts.
const LOCK_HINTS: [(&[&str], &str); 8] = [
    (
        &[
            "setuptools-scm was unable",
            "setuptools_scm was unable",
            "versioning for this project requires",
            "notvcserror",
        ],
        "the version comes from git: run in a clone with its tags, or set SETUPTOOLS_SCM_PRETEND_VERSION (PBR_VERSION for pbr)",
    ),
    (&["git describe", "'git', 'describe'"], "the version comes from git: run in a clone with its tags"),
    (
        &["failed to inspect python interpreter"],
        "name a Python that works and fits `requires-python` in UV_PYTHON",
    ),
    (
        &["python-build-standalone"],
        "install a Python that fits `requires-python`, so that uv need not download one, or check the network",
    ),
    (
        &["does not satisfy python", "requires-python", "python 2.7"],
        "give the Python versions that the project supports with `--python '>=3.X'`",
    ),
    (
        &["401", "403", "unauthorized"],
        "set the UV_INDEX_<NAME>_USERNAME and _PASSWORD variables of the index",
    ),
    (
        &[
            "dns",
            "connect",
            "network",
            "timed out",
            "unreachable",
            "offline",
            "resolve host",
            "unable to access",
        ],
        "check the network, or pass `--no-lock` and run `uv lock` later",
    ),
    (
        &["are incompatible"],
        "loosen one of them, set them apart with `conflicts` in [tool.uv], or pass `--no-lock` and run `uv lock` by hand",
    ),
];

fn lock_hint(stderr: &str) -> &'static str {
    let lower = stderr.to_ascii_lowercase();
    let fits = |(words, _): &&(&[&str], &'static str)| words.iter().any(|word| lower.contains(word));
    let found = LOCK_HINTS.iter().find(fits).map(|(_, hint)| *hint);
    found.unwrap_or("correct the requirements, or pass `--no-lock` and run `uv lock` by hand")
}

/// The last lines of a long output, which hold the cause.
pub(crate) fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(14)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::lock_hint;

    #[test]
    fn hints_tell_what_to_do_about_what_uv_says() {
        for (said, hint) in [
            (
                "LookupError: setuptools-scm was unable to detect version for /x.",
                "the version comes from git",
            ),
            (
                "subprocess.CalledProcessError: Command '['git', 'describe', '--long']' returned non-zero exit status 128.",
                "the version comes from git: run in a clone",
            ),
            (
                "error: Failed to inspect Python interpreter from search path at `/shims/python3.12`\n  pyenv: python3.12: command not found",
                "name a Python that works",
            ),
            ("[stderr]\n  This backport is for Python 2.7 only.", "give the Python versions"),
            ("fatal: unable to access 'https://git.example/x/': Could not resolve host", "check the network"),
            ("we can conclude that a[dev] and a[docs] are incompatible.", "loosen one of them"),
            (
                "Failed to download `https://x.example/python-build-standalone/y`: dns error",
                "install a Python",
            ),
            ("something else", "correct the requirements"),
        ] {
            assert!(lock_hint(said).starts_with(hint), "{said}: {}", lock_hint(said));
        }
    }
}

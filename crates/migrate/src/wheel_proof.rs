//! The wheel as proof: built from the project as it was and as it is, in copies, and compared by meaning.

mod code;
mod copy;
mod settings;
mod versioned;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;
use uvshift_changeset::TreePath;
use uvshift_process::{ProcessError, Runner};
use uvshift_project::BuiltMetadata;
use uvshift_pyproject::PyProject;
use uvshift_wheel::{Accepted, Comparison, Tolerance, Wheel, compare};

use crate::error::tail;
use crate::lock::Uv;
use crate::project::Project;
use crate::verify::{Cause, Difference};
use crate::{Error, Plan};

/// Whether wheels are built. A build can run code of the project.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WheelProof {
    /// Where that runs no code of the project.
    #[default]
    Auto,
    /// Whatever it runs.
    Always,
    /// Not at all.
    Never,
}

/// What came of the proof for one project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectWheel {
    /// The folder of the project, relative to the root; empty for the root itself.
    pub folder: String,
    /// What came of it.
    pub report: WheelReport,
}

/// What came of the proof. A difference is an error, [`Error::Verification`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WheelReport {
    /// Both wheels hold and say the same.
    Same {
        /// How many files were compared by content.
        files: usize,
        /// What is different and harmless, with the reason.
        accepted: Vec<Accepted>,
    },
    /// The project did not build before, so nothing can be compared.
    NotBuilt {
        /// What stood in the way.
        why: String,
    },
    /// No wheel was to be built.
    NotAsked {
        /// Why not.
        why: String,
    },
}

/// The projects as they were, kept in a temporary folder until they can be compared.
#[derive(Debug)]
pub(crate) struct Proof {
    /// For each project, why no wheel is built, if so.
    projects: Vec<Option<WheelReport>>,
    kept: Option<Kept>,
}

#[derive(Debug)]
struct Kept {
    /// Removed when it is dropped.
    folder: TempDir,
    /// The root in it.
    old: PathBuf,
}

/// How long one build may take.
const BUILD_LIMIT: Duration = Duration::from_mins(15);

/// What both builds take for the present, in seconds: 1 January 2020.
const EPOCH: &str = "1577836800";

impl Proof {
    /// Keeps a copy of everything if wheels are to be built. Nothing may be changed before.
    pub(crate) fn before(root: &Path, wanted: WheelProof, projects: &[Project]) -> Self {
        let mut reports: Vec<Option<WheelReport>> = projects
            .iter()
            .map(|project| {
                let place = root.join(&project.folder);
                if wanted == WheelProof::Auto && !changes_package(project) {
                    return Some("nothing changes that the wheel is made from".to_owned());
                }
                reason_against(&place, wanted, project.before.as_ref(), &project.document)
            })
            .map(|reason| reason.map(|why| WheelReport::NotAsked { why }))
            .collect();
        if reports.iter().all(Option::is_some) {
            return Self { projects: reports, kept: None };
        }
        match keep(root) {
            Ok(kept) => Self { projects: reports, kept: Some(kept) },
            Err(source) => {
                let why = format!("the project cannot be copied: {source}");
                for report in reports.iter_mut().filter(|report| report.is_none()) {
                    *report = Some(WheelReport::NotBuilt { why: why.clone() });
                }
                Self { projects: reports, kept: None }
            }
        }
    }

    /// Whether wheels will be built.
    pub(crate) fn is_wanted(&self) -> bool {
        self.kept.is_some()
    }

    /// Builds the old and the new wheel of each project and compares them; the two are built at the same time.
    ///
    /// Files that the migration wrote or removed are taken from the root as they are now. `documents` are pyproject.toml
    /// of the projects as they are now.
    pub(crate) fn after(
        self,
        plan: &Plan,
        documents: &[PyProject],
        uv: Option<&Uv>,
        runner: &dyn Runner,
    ) -> Result<Vec<ProjectWheel>, Error> {
        let trees = match (self.kept, uv) {
            (Some(kept), Some(uv)) => {
                let changed: Vec<&str> = plan.changes.paths().map(TreePath::as_str).collect();
                let mut trees = Trees::new(&plan.root, kept, &changed, runner)?;
                trees.tolerance.told_requires_python = plan.options.python.is_some();
                trees.tolerance.computed_requirements =
                    plan.projects.iter().any(|project| project.manifest.has_conditions);
                Some((trees, uv))
            }
            _ => None,
        };
        let mut differences = Vec::new();
        let mut wheels = Vec::new();
        for ((project, document), report) in plan.projects.iter().zip(documents).zip(self.projects) {
            let report = match (report, &trees) {
                (Some(report), _) => report,
                (None, None) => WheelReport::NotAsked { why: "there is no uv to build it".to_owned() },
                (None, Some((trees, uv))) => {
                    let python = document.requires_python();
                    match trees.prove(&plan.root, &project.folder, python, uv, runner)? {
                        Ok(report) => report,
                        Err(found) => {
                            differences.extend(found);
                            continue;
                        }
                    }
                }
            };
            wheels.push(ProjectWheel { folder: project.folder.clone(), report });
        }
        if differences.is_empty() { Ok(wheels) } else { Err(Error::Verification { differences }) }
    }
}

/// Why no wheel of a project is built, if so.
fn reason_against(
    place: &Path,
    wanted: WheelProof,
    before: Option<&PyProject>,
    after: &PyProject,
) -> Option<String> {
    if wanted == WheelProof::Never {
        return Some("no wheel was to be built".to_owned());
    }
    if !is_package(place, before) {
        return Some("the project is not built as a package".to_owned());
    }
    if wanted == WheelProof::Always {
        return None;
    }
    let runs = code::run_by_build(place, before).or_else(|| code::run_by_build(place, Some(after)));
    runs.map(|what| format!("a build can run code of the project: {what}"))
}

/// Whether the migration touches what a build backend reads. Dependency groups and `[tool.uv]` are none of its business.
fn changes_package(project: &Project) -> bool {
    let manifest = &project.manifest;
    project.is_package || manifest.build.is_some() || manifest.undynamic || !manifest.removals.is_empty()
}

/// The root as it was and as it is.
struct Trees {
    tolerance: Tolerance,
    _folder: TempDir,
    old: PathBuf,
    new: PathBuf,
}

impl Trees {
    fn new(root: &Path, kept: Kept, paths: &[&str], runner: &dyn Runner) -> Result<Self, Error> {
        let Kept { folder, old } = kept;
        let new = folder.path().join("new").join(old.file_name().unwrap_or_default());
        copy::tree(&old, &new, copy::What::Everything)
            .and_then(|()| copy::lay_over(root, &new, paths))
            .map_err(|source| Error::Copy { path: root.to_owned(), source })?;
        versioned::hide(&new, paths, runner)?;
        Ok(Self { tolerance: Tolerance::default(), _folder: folder, old, new })
    }

    fn prove(
        &self,
        root: &Path,
        project: &str,
        python: Option<&str>,
        uv: &Uv,
        runner: &dyn Runner,
    ) -> Result<Result<WheelReport, Vec<Difference>>, Error> {
        let (old, new) = (self.old.join(project), self.new.join(project));
        settings::share(root, project, &self.new, &[&old, &new])
            .map_err(|source| Error::Copy { path: root.join(project), source })?;
        let (before, after) = std::thread::scope(|scope| {
            let before = scope.spawn(|| build(&old, python, uv, runner));
            let after = build(&new, python, uv, runner);
            match before.join() {
                Ok(before) => (before, after),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        });
        let before = match before? {
            Ok(wheel) => wheel,
            Err(why) => return Ok(Ok(WheelReport::NotBuilt { why })),
        };
        Ok(match after? {
            Ok(after) => report(&before, &after, self.tolerance),
            Err(why) => {
                let place = format!("the wheel of {}", before.file_name);
                Err(vec![difference(&place, &format!("it no longer builds:\n{why}"))])
            }
        })
    }
}

/// Asks the build backend of a project what it is, in a copy. This runs code of the project.
pub fn backend_metadata(root: &Path, uv: &Uv, runner: &dyn Runner) -> Result<BuiltMetadata, Error> {
    let copy_failed = |source| Error::Copy { path: root.to_owned(), source };
    let Kept { folder: _folder, old } = keep(root).map_err(copy_failed)?;
    let wheel = build(&old, None, uv, runner)?.map_err(|stderr| Error::BuildFailed { stderr })?;
    let text = |file: &str| wheel.text(file).map(str::to_owned);
    Ok(BuiltMetadata {
        metadata: text("METADATA").unwrap_or_default(),
        entry_points: text("entry_points.txt"),
    })
}

/// Whether pip would build the project rather than only install what it lists.
fn is_package(root: &Path, before: Option<&PyProject>) -> bool {
    let says_no = before
        .and_then(|document| document.get(&["tool", "poetry", "package-mode"]))
        .is_some_and(|mode| mode.as_bool() == Some(false));
    let setup_cfg = || {
        let text = std::fs::read_to_string(root.join("setup.cfg")).unwrap_or_default();
        text.lines().any(|line| line.trim_end() == "[metadata]")
    };
    !says_no
        && (before.is_some_and(PyProject::has_build_system) || root.join("setup.py").is_file() || setup_cfg())
}

/// The name of the folder stays: some builds take the name or the version of the project from it.
fn name_of(root: &Path) -> &OsStr {
    root.file_name().unwrap_or_else(|| OsStr::new("project"))
}

fn keep(root: &Path) -> std::io::Result<Kept> {
    let folder = TempDir::with_prefix("uvshift-wheel-")?;
    // A folder that is named through a link or as `.` has a real name.
    let root = root.canonicalize()?;
    let old = folder.path().join("old").join(name_of(&root));
    copy::tree(&root, &old, copy::What::Sources)?;
    if versioned::is_versioned(&root) {
        versioned::copy_repository(&root, &old)?;
    }
    Ok(Kept { folder, old })
}

/// The wheel of a copy, or the last words of its build.
fn build(
    copy: &Path,
    python: Option<&str>,
    uv: &Uv,
    runner: &dyn Runner,
) -> Result<Result<Wheel, String>, Error> {
    let out = TempDir::with_prefix("uvshift-wheel-")
        .map_err(|source| Error::Copy { path: copy.to_owned(), source })?;
    let mut spec = uv
        .command(copy, &["build", "--wheel"])
        .arg("--out-dir")
        .arg(out.path())
        .env("SOURCE_DATE_EPOCH", EPOCH)
        .env("PYTHONHASHSEED", "0")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .timeout(BUILD_LIMIT.min(uv.timeout));
    if let Some(python) = python.filter(|_| !uv.env.iter().any(|(name, _)| name == "UV_PYTHON")) {
        spec = spec.args(["--python", python]);
    }
    let output = match runner.run(&spec) {
        Ok(output) => output,
        Err(ProcessError::TimedOut { after, .. }) => {
            return Ok(Err(format!("the build took longer than {} s", after.as_secs())));
        }
        Err(source) => return Err(source.into()),
    };
    if !output.success() {
        return Ok(Err(tail(&output.stderr)));
    }
    let entries = std::fs::read_dir(out.path()).into_iter().flatten().flatten();
    let mut wheels =
        entries.map(|entry| entry.path()).filter(|path| path.extension() == Some("whl".as_ref()));
    match wheels.next() {
        Some(path) => Ok(Ok(Wheel::open(&path)?)),
        None => Ok(Err(format!("the build made no wheel:\n{}", tail(&output.stderr)))),
    }
}

fn report(old: &Wheel, new: &Wheel, tolerance: Tolerance) -> Result<WheelReport, Vec<Difference>> {
    let tolerance =
        Tolerance { other_backend: maker(old) != maker(new), added_requires_python: true, ..tolerance };
    let Comparison { files, differences, accepted } = compare(old, new, &tolerance);
    if differences.is_empty() {
        return Ok(WheelReport::Same { files, accepted });
    }
    let place = format!("the wheel of {}", new.file_name);
    Err(differences.iter().map(|found| difference(&place, &found.to_string())).collect())
}

/// The build backend without its version. Old setuptools had a tool of its own for wheels.
fn maker(wheel: &Wheel) -> &str {
    match wheel.info.generator.split([' ', '-', '_']).next().unwrap_or_default() {
        "bdist" => "setuptools",
        maker => maker,
    }
}

fn difference(place: &str, what: &str) -> Difference {
    Difference { place: place.to_owned(), what: what.to_owned(), cause: Cause::Wheel }
}

#[cfg(test)]
mod tests;

//! A job, or the steps of a composite action, as one change.

use uvshift_diagnostics::Safety;

use super::python::versions;
use super::scripts::{self, Run};
use super::step::{Kind, Step};
use super::{File, caches, setup};
use crate::context::Selection;
use crate::model::{Edit, Left, Rewritten};
use crate::pipeline::variables;
use crate::pythons;
use crate::yaml::Node;

/// What the steps stand in.
#[derive(Debug, Clone, Copy)]
pub(super) enum Home<'y> {
    /// A job of a workflow.
    Job(Node<'y>),
    /// `runs` of a composite action.
    Action(Node<'y>),
}

impl<'y> Home<'y> {
    /// The node.
    pub(super) fn node(self) -> Node<'y> {
        match self {
            Self::Job(node) | Self::Action(node) => node,
        }
    }

    /// A default of the scripts of the job or of the workflow.
    pub(super) fn default(self, file: &File<'y>, key: &str) -> Option<Node<'y>> {
        let Self::Job(job) = self else { return None };
        job.at(&["defaults", "run", key]).or_else(|| file.root.at(&["defaults", "run", key]))
    }

    /// Whether the shell of a script that names none can be PowerShell.
    pub(super) fn may_be_windows(self) -> bool {
        let Self::Job(job) = self else { return false };
        let Some(runs_on) = job.get("runs-on") else { return false };
        if runs_on.raw().contains("${{") {
            let matrix = job.at(&["strategy", "matrix"]);
            return matrix.is_none_or(|matrix| {
                matrix.raw().to_ascii_lowercase().contains("windows") || matrix.raw().contains("fromJ")
            }) || runs_on.raw().to_ascii_lowercase().contains("windows");
        }
        runs_on.raw().to_ascii_lowercase().contains("windows")
    }
}

/// A job while it is rewritten.
pub(super) struct Job<'y> {
    pub(super) home: Home<'y>,
    pub(super) steps: Vec<Step<'y>>,
    pub(super) run: Run<'y>,
    /// Whether setup-uv puts the environment on `PATH`, for what cannot be rewritten.
    pub(super) active: bool,
}

impl Job<'_> {
    /// Whether a text stands in what stays of the job.
    pub(super) fn still_names(&self, file: &File<'_>, name: &str) -> bool {
        let text = file.yaml.text();
        let span = self.home.node().span();
        let mut places = text.get(span.clone()).unwrap_or_default().match_indices(name);
        let goes = |at: usize| {
            let mut cuts = file.found.edits.iter().skip(file.first).filter(|edit| edit.new.is_empty());
            cuts.any(|edit| edit.span.contains(&at))
        };
        places.any(|(at, _)| !goes(span.start + at))
    }
}

/// Programs that are surely not of the environment, and need nothing of it. Any other one may be.
const KNOWN: &[&str] = &[
    "uv",
    "uvx",
    "python",
    "python3",
    "pip",
    "pip3",
    "pipx",
    "conda",
    "twine",
    "poetry",
    "pdm",
    "pipenv",
    "hatch",
    "[",
    "[[",
    ":",
    "!",
    "alias",
    "apt",
    "apt-get",
    "awk",
    "aws",
    "az",
    "base64",
    "basename",
    "brew",
    "bunzip2",
    "bzip2",
    "cargo",
    "cat",
    "cd",
    "chmod",
    "choco",
    "chown",
    "cp",
    "curl",
    "cut",
    "date",
    "declare",
    "df",
    "diff",
    "dirname",
    "dnf",
    "docker",
    "docker-compose",
    "du",
    "echo",
    "egrep",
    "env",
    "eval",
    "exit",
    "export",
    "false",
    "file",
    "find",
    "free",
    "gcc",
    "gcloud",
    "gh",
    "git",
    "go",
    "gpg",
    "grep",
    "gunzip",
    "gzip",
    "head",
    "helm",
    "hostname",
    "id",
    "jq",
    "kubectl",
    "ldd",
    "let",
    "ln",
    "local",
    "locale-gen",
    "ls",
    "lsb_release",
    "md5sum",
    "mkdir",
    "mktemp",
    "mv",
    "mysql",
    "nc",
    "node",
    "npm",
    "npx",
    "openssl",
    "pg_isready",
    "pnpm",
    "popd",
    "printenv",
    "printf",
    "psql",
    "pushd",
    "pwd",
    "read",
    "readlink",
    "realpath",
    "redis-cli",
    "return",
    "rm",
    "rmdir",
    "rsync",
    "rustup",
    "scp",
    "sed",
    "seq",
    "set",
    "sha256sum",
    "shift",
    "shopt",
    "sleep",
    "snap",
    "sort",
    "source",
    ".",
    "ssh",
    "stat",
    "sudo",
    "sw_vers",
    "systemctl",
    "tail",
    "tar",
    "tee",
    "terraform",
    "test",
    "timeout",
    "touch",
    "tr",
    "tree",
    "trap",
    "true",
    "type",
    "uname",
    "unzip",
    "uniq",
    "unset",
    "wait",
    "wc",
    "wget",
    "which",
    "whoami",
    "xargs",
    "yarn",
    "yum",
    "zip",
];

/// Jobs with more steps are no jobs that anybody has written.
const MAX_STEPS: usize = 1000;

/// Rewrites a job.
pub(super) fn rewrite<'y>(file: &mut File<'y>, home: Home<'y>) {
    let steps: Vec<Step<'y>> = home
        .node()
        .entry("steps")
        .into_iter()
        .flat_map(|entry| entry.value.items())
        .filter(|item| !item.is_alias() || Step::of(item.resolved()).kind == Kind::SetupUv)
        .map(|item| Step::of(item.resolved()))
        .collect();
    if steps.is_empty() {
        return;
    }
    if steps.len() > MAX_STEPS {
        let reason = format!("a job with more than {MAX_STEPS} steps is not rewritten");
        let span = home.node().entry("steps").map_or(0..0, |entry| entry.key.span());
        file.found.left.push(Left { span, reason, suggestion: None });
        return;
    }
    file.group += 1;
    file.first = file.found.edits.len();
    let job = read(file, home, steps);
    for step in &job.steps {
        tell_step(file, step);
    }
    if !job.run.uses_uv() || !job.run.moves() {
        let left = job.run.done.iter().flat_map(|done| done.script.left(done.outcome.left.clone()));
        file.found.left.extend(left);
        if !job.run.uses_uv() {
            let idle = idle_installers(&job);
            file.found.left.extend(idle);
        }
        return;
    }
    let before = file.found.edits.len();
    job.run.finish(file, job.home);
    caches::rewrite(file, &job);
    setup::rewrite(file, &job);
    tell_variables(file, &job);
    if job.run.still_installs() {
        hold(file, before, "the job goes on installing into another environment");
    }
    if shares_steps(file, home, before) {
        give_up(file, before);
        return;
    }
    if caches::hands_on(file, &job) {
        hold(file, before, "jobs hand an environment to each other by a cache");
    }
    if matches!(home, Home::Action(_)) && file.callers.go_on_with_pip {
        hold(file, before, "a job that uses this action goes on with another installer");
    }
    if job.run.is_blocked() {
        hold(file, before, "a script of the job that cannot be changed belongs to it");
    }
    if let Some(reason) = needs_pip(&job) {
        hold(file, before, &reason);
    }
    if let Some(reason) = refused_python(file, &job) {
        hold(file, before, &reason);
    }
}

/// Installs of another manager in a job whose commands have nothing for uv to do: an action may need it.
fn idle_installers(job: &Job<'_>) -> Vec<Left> {
    let mut found = Vec::new();
    for done in &job.run.done {
        let text = |edit: &Edit| done.script.text().get(edit.span.clone()).unwrap_or_default();
        let is_idle = |edit: &&Edit| {
            let names = ["poetry", "pipenv", "pdm", "hatch"];
            edit.new.is_empty() && names.iter().any(|name| text(edit).contains(name))
        };
        let reason = "no command of this job uses it, but an action may".to_owned();
        let left = done.outcome.edits.iter().filter(is_idle).map(|edit| Left {
            span: edit.span.clone(),
            reason: reason.clone(),
            suggestion: None,
        });
        found.extend(done.script.left(left.collect()));
    }
    found
}

/// Why an action may not work once a job syncs: it installs with pip, or what it does is not seen from here.
fn needs_pip(job: &Job<'_>) -> Option<String> {
    let first = job.run.first_use().filter(|_| job.run.scope.synced.is_some())?;
    if job.steps.iter().any(|step| step.kind == Kind::PreCommit) {
        let reason = "pre-commit/action installs with the pip of the Python on `PATH`, which an environment of uv does not \
                      have, and hooks of `language: system` may need the environment";
        return Some(reason.to_owned());
    }
    let local = job.steps.iter().skip(first).find(|step| step.kind == Kind::Local)?;
    Some(format!("`{}` may need what pip installed before", local.text("uses")?))
}

/// Whether a step that changes is one of another job, too, or a step of another job is one of this one.
fn shares_steps(file: &File<'_>, home: Home<'_>, from: usize) -> bool {
    let own = home.node().span();
    let edits: Vec<_> = file.found.edits.iter().skip(from).map(|edit| edit.span.clone()).collect();
    file.aliases.iter().any(|alias| {
        let target = alias.resolved().span();
        let is_elsewhere = !own.contains(&target.start) && own.contains(&alias.span().start);
        let brings = is_elsewhere && {
            let step = Step::of(alias.resolved());
            alias.resolved().is_mapping()
                && !matches!(step.kind, Kind::Checkout | Kind::SetupUv | Kind::Other)
        };
        let changes = own.contains(&target.start)
            && edits.iter().any(|edit| target.start <= edit.start && edit.end <= target.end);
        let is_step = alias.parent().is_some_and(Node::is_sequence);
        (brings && is_step) || changes
    })
}

/// Reads a job; once more, when something in it needs the environment on `PATH`.
fn read<'y>(file: &File<'y>, home: Home<'y>, steps: Vec<Step<'y>>) -> Job<'y> {
    let activates = |step: &Step<'_>| {
        step.kind == Kind::SetupUv && step.input("activate-environment").is_some_and(Node::is_true)
    };
    if steps.iter().any(activates) {
        let run = scripts::run(file, home, &steps, true);
        return Job { home, steps, run, active: true };
    }
    let run = scripts::run(file, home, &steps, false);
    let has_project = file.context.project(&project_folder(&run)).is_some();
    let has_uv = steps.iter().any(|step| step.kind == Kind::SetupUv);
    let synced = run.first_use().filter(|_| run.scope.synced.is_some());
    let needed = synced.is_some_and(|from| {
        matches!(home, Home::Action(_)) || has_opaque(&run, from) || has_opaque_step(&steps, from)
    });
    // Its Python needs pip, which the environment on `PATH` would not have.
    let has_pre_commit = steps.iter().any(|step| step.kind == Kind::PreCommit);
    if !needed || !has_project || has_uv || has_pre_commit {
        return Job { home, steps, run, active: false };
    }
    let run = scripts::run(file, home, &steps, true);
    Job { home, steps, run, active: true }
}

fn has_opaque(run: &Run<'_>, from: usize) -> bool {
    // A script that activates the environment finds its programs itself.
    let activates = |done: &scripts::Done<'_>| {
        let script = done.after.to_ascii_lowercase();
        ["bin/activate", "scripts/activate", "scripts\\activate"].iter().any(|path| script.contains(path))
    };
    let programs = run.programs(|done| done.at >= from && !activates(done));
    programs.iter().any(|program| !KNOWN.contains(&program.as_str()))
}

fn has_opaque_step(steps: &[Step<'_>], from: usize) -> bool {
    steps.iter().skip(from).any(|step| step.kind == Kind::InEnvironment)
}

/// The folder of the project that the scripts of a job work in.
pub(super) fn project_folder(run: &Run<'_>) -> String {
    run.folders.first().cloned().unwrap_or_default()
}

/// Why a job is for review at whose Python uv stops: it is too old for uv, or the project, or what is installed of it, does
/// not take it.
fn refused_python(file: &File<'_>, job: &Job<'_>) -> Option<String> {
    let is_python = |step: &&Step<'_>| matches!(step.kind, Kind::SetupPython | Kind::SetupUv);
    let versions = job.steps.iter().filter(is_python).flat_map(|step| versions(file, job, step));
    let image = job.home.node().get("container");
    let image = image.and_then(|image| image.as_str().or_else(|| image.get("image")?.as_str()));
    let pythons: Vec<String> = versions.chain(image.and_then(pythons::of_image)).collect();
    let too_old = pythons.iter().find(|python| pythons::is_refused(python, pythons::OF_UV));
    if let Some(python) = too_old {
        return Some(format!("the job runs with Python {python}, and uv asks for {}", pythons::OF_UV));
    }
    let project = file.context.project(&project_folder(&job.run))?;
    let none = Selection::default();
    let synced = job.run.scope.synced.as_ref().unwrap_or(&none);
    pythons.iter().find_map(|python| pythons::refused(python, project, synced))
}

/// A job that shares steps stays as it is, since both would have to change alike.
fn give_up(file: &mut File<'_>, from: usize) {
    let reason = "another job shares steps of this one, and what one needs of them the other may not";
    for edit in file.found.edits.drain(from..).filter(|edit| !edit.span.is_empty()) {
        let suggestion = Some(edit.new).filter(|new| !new.is_empty());
        file.found.left.push(Left { span: edit.span, reason: reason.to_owned(), suggestion });
    }
}

/// A job that uv would do something else in is changed when somebody has looked at it.
fn hold(file: &mut File<'_>, from: usize, reason: &str) {
    let group = file.group;
    for edit in file.found.edits.iter_mut().skip(from).filter(|edit| edit.together == group) {
        if edit.safety == Safety::Safe {
            edit.safety = Safety::NeedsReview;
            edit.reason = format!("{}; {reason}", edit.reason);
        }
    }
}

/// Actions that have to do with Python and stay.
fn tell_step(file: &mut File<'_>, step: &Step<'_>) {
    let Kind::OtherPython(name) = step.kind else { return };
    let Some(uses) = step.node.get("uses") else { return };
    let reason = format!("{name} has an environment of its own, which uv does not take the place of");
    file.found.left.push(Left { span: uses.span(), reason, suggestion: None });
}

/// Variables that pip reads and uv does not.
fn tell_variables<'y>(file: &mut File<'y>, job: &Job<'y>) {
    let keeps = job.run.still_installs();
    let own = job.home.node().get("env");
    let of_steps = job.steps.iter().filter_map(|step| step.node.get("env"));
    let of_file = file.root.get("env");
    for mapping in of_file.into_iter().chain(own).chain(of_steps).filter(|env| env.is_mapping()) {
        let mut found = Rewritten::default();
        variables(mapping, keeps, &mut found);
        for left in found.left {
            if !file.found.left.contains(&left) {
                file.found.left.push(left);
            }
        }
    }
}

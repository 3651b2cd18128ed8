//! Stage by stage: what becomes of each instruction, and what a stage needs so that it works.

use std::ops::Range;

use uvshift_diagnostics::{Diagnostic, Safety};

use super::copy::{self, FileCopy};
use super::hazards::Hazard;
use super::parse::{Dockerfile, Instruction};
use super::place::{self, Place};
use super::stage::{Copied, Stage, State, assignments, globals};
use super::{finish, hazards, run};
use crate::context::{Context, Selection};
use crate::engine::{Environment, Scope};
use crate::model::{Edit, Left, Rewritten};
use crate::rules::build_is_taken_over;

/// A person who has so many things to look at needs no more of them.
const MAX_DOUBTS: usize = 8;

/// More than anybody copies; what comes after is taken to be unknown.
const MAX_COPIED: usize = 1000;

/// A file with all that is known of it.
pub(crate) struct File<'a> {
    pub(crate) text: &'a str,
    pub(crate) parsed: &'a Dockerfile,
    pub(crate) stages: &'a [Stage],
    pub(crate) context: &'a Context,
    /// The same without projects, for stages that do not install one.
    pub(crate) bare: &'a Context,
    /// Whether cache mounts may be used.
    pub(crate) has_buildkit: bool,
    /// The build context, from the root of the repository.
    pub(crate) root: &'a str,
    /// The path of the file itself.
    pub(crate) path: &'a str,
}

/// What becomes of one stage.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that a stage does or has")]
pub(crate) struct StageWork {
    /// What holds at its end.
    pub(crate) state: State,
    /// What the engine knows at its end.
    pub(crate) scope: Scope,
    pub(crate) edits: Vec<Edit>,
    pub(crate) left: Vec<Left>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The first instruction that changes: its place in the file.
    pub(crate) first: Option<usize>,
    /// `uv sync` runs here.
    pub(crate) syncs: bool,
    /// Something reads pyproject.toml and uv.lock here.
    pub(crate) reads: bool,
    /// uv runs here.
    pub(crate) uses_uv: bool,
    /// `uv pip` runs here.
    pub(crate) uses_uv_pip: bool,
    /// Cache mounts are used.
    pub(crate) has_mounts: bool,
    /// Why a person has to look at it.
    pub(crate) doubts: Vec<String>,
    /// `COPY` of files that uv does not read, by instruction.
    pub(crate) copies: Vec<(usize, FileCopy)>,
    /// Where packages go.
    pub(crate) place: Place,
    /// Settings of other tools.
    pub(crate) settings: Vec<Left>,
    /// Variables that name package indexes, for pip.
    pub(crate) indexes: Vec<String>,
    /// What an environment may not reach.
    pub(crate) hazards: Vec<Hazard>,
    /// Stages that this one stands or falls with.
    pub(crate) linked: Vec<usize>,
    /// Who syncs, when it is not root.
    pub(crate) user: Option<String>,
    /// The project itself was synced, not its dependencies alone.
    pub(crate) has_project: bool,
    /// The environment of another stage was copied into this one.
    pub(crate) has_environment: bool,
    /// The first instruction that starts a program of the environment and changes.
    pub(crate) starts: Option<usize>,
    /// A stage that is built on this one reads pyproject.toml and uv.lock where they are copied to here.
    pub(crate) lends: bool,
    /// The environment that a command makes.
    pub(crate) made: Option<String>,
    /// The image is the official one of Python.
    pub(crate) is_python: bool,
    /// A command gives on what uv.lock has, as it does without a change.
    pub(crate) exports: bool,
}

impl File<'_> {
    pub(crate) fn rewrite(&self) -> Rewritten {
        let mut done: Vec<StageWork> = Vec::new();
        for number in 0..self.stages.len() {
            let work = self.stage(number, &done);
            done.push(work);
        }
        self.lend(&mut done);
        hazards::spread(&mut done);
        if !done.iter().any(|work| work.uses_uv || work.state.has_uv || work.scope.has_uv) {
            for work in done.iter_mut().filter(|work| !work.edits.is_empty()) {
                work.doubt("nothing here uses uv, so what goes may be what others have this image for");
            }
        }
        let groups = groups(&done);
        let mut out = Rewritten::default();
        for ((number, work), group) in done.iter().enumerate().zip(groups) {
            let (edits, left) = finish::finish(self, number, work, &done);
            out.edits.extend(edits.into_iter().map(|edit| Edit { together: group, ..edit }));
            out.left.extend(left);
            out.diagnostics.extend(work.diagnostics.iter().cloned());
        }
        if self.text.contains("\r\n") {
            for edit in &mut out.edits {
                edit.new = edit.new.replace("\r\n", "\n").replace('\n', "\r\n");
            }
        }
        out
    }

    /// Stages that copy files of old for those that are built on them copy uv's.
    fn lend(&self, done: &mut [StageWork]) {
        for number in 0..done.len() {
            if !done.get(number).is_some_and(|work| work.reads && work.copies.is_empty()) {
                continue;
            }
            let mut above = self.stages.get(number).and_then(|stage| stage.base);
            while let Some(base) = above {
                let Some(work) = done.get_mut(base) else { break };
                if !work.copies.is_empty() {
                    work.lends = true;
                    break;
                }
                above = self.stages.get(base).and_then(|stage| stage.base);
            }
        }
        for number in 0..done.len() {
            let needs_old = |other: &usize| {
                self.stages.get(*other).is_some_and(|stage| stage.base == Some(number))
                    && done.get(*other).is_some_and(|work| !work.reads && !work.left.is_empty())
            };
            if (0..done.len()).any(|other| needs_old(&other))
                && let Some(work) = done.get_mut(number).filter(|work| work.lends)
            {
                work.doubt("a stage that is built on this one may still read what is copied here");
            }
        }
    }

    /// A stage with the environment of the project on `PATH`, if it syncs it; else one that works with the Python of the
    /// image.
    fn stage(&self, number: usize, done: &[StageWork]) -> StageWork {
        let active = self.walk(number, done, Environment::Active);
        if active.reads || active.exports || active.has_environment || active.scope.synced.is_some() {
            return active;
        }
        let system = self.walk(number, done, Environment::System);
        // What uv does for a project cannot be said where none is installed; what it does for pip can.
        if system.uses_uv_pip { system } else { active }
    }

    fn walk(&self, number: usize, done: &[StageWork], environment: Environment) -> StageWork {
        let Some(stage) = self.stages.get(number) else {
            return StageWork::new(State::fresh(), Scope::default());
        };
        let base = stage.base.and_then(|base| done.get(base));
        let mut work = match base {
            Some(base) => StageWork::new(base.state.clone(), base.scope.clone()),
            None => StageWork::new(State::fresh(), Scope::default()),
        };
        work.linked.extend(stage.base);
        work.state.is_windows |= place::is_windows(&stage.image);
        work.indexes.extend(base.into_iter().flat_map(|base| base.indexes.iter().cloned()));
        work.scope.host_brings_uv = true;
        work.scope.is_fresh = true;
        let instructions = self.parsed.instructions.get(stage.instructions.clone()).unwrap_or_default();
        let runs = instructions.iter().filter(|it| it.name == "RUN").map(|it| it.arguments(self.text));
        let runs: Vec<String> = runs.collect();
        work.scope.builds = build_is_taken_over(runs.iter().map(String::as_str));
        work.made = base.and_then(|base| base.made.clone());
        work.hazards.extend(base.into_iter().flat_map(|base| base.hazards.iter().cloned()));
        work.has_project = base.is_some_and(|base| base.has_project);
        work.scope.without_project = !work.has_project;
        if work.scope.synced.is_none() {
            work.scope.environment = environment;
        }
        let globals = globals(self.parsed, self.text);
        work.is_python = place::is_official_python(&place::image(stage, self.stages));
        hazards::started(&self.context.images, &mut work);
        for index in stage.instructions.clone() {
            let Some(instruction) = self.parsed.instructions.get(index) else { break };
            hazards::read(instruction, self.text, &mut work);
            if instruction.name == "RUN"
                && let Some(made) = place::made(&instruction.arguments(self.text), &work.state)
            {
                work.made = Some(made);
            }
            self.instruction(index, instruction, &mut work, done);
            work.state.take(instruction, self.text, &globals);
        }
        work.place = match base {
            Some(base) if base.scope.synced.is_some() => base.place.clone(),
            _ => place::place(self.parsed, self.text, stage, self.stages, &work.state, work.made.as_ref()),
        };
        if let (Some(user), Place::Virtual { path, is_old: false }) = (&work.user, &mut work.place) {
            let home = format!("/home/{user}");
            // The code of the project may bring a `.venv` of its own into the working folder.
            let is_code = work.state.folder.as_ref() == Some(&home);
            *path = format!("{home}/{}", if is_code { ".local/share/venv" } else { ".venv" });
        }
        hazards::mounted(self, &mut work);
        work
    }

    fn instruction(&self, index: usize, instruction: &Instruction, work: &mut StageWork, done: &[StageWork]) {
        if instruction.is_trigger {
            run::trigger(self, instruction, work);
            return;
        }
        match instruction.name.as_str() {
            "COPY" | "ADD" => self.copy(index, instruction, work, done),
            "RUN" => run::run(self, index, instruction, work),
            "CMD" | "ENTRYPOINT" | "HEALTHCHECK" => run::start(self, index, instruction, work),
            "ENV" | "ARG" => {
                let settings = self.settings(instruction);
                for setting in settings.iter().filter(|setting| is_about_indexes(setting)) {
                    work.indexes.push(self.text.get(setting.span.clone()).unwrap_or_default().to_owned());
                }
                work.settings.extend(settings);
            }
            _ => {}
        }
    }

    fn copy(&self, index: usize, instruction: &Instruction, work: &mut StageWork, done: &[StageWork]) {
        if let Some(from) = instruction.flag("from") {
            work.has_brought_uv(from);
            self.copy_between(from, instruction, work, done);
            return;
        }
        let copies = copy::read(instruction, self.text, &work.state, self.root, self.context);
        if work.state.copied.len() > MAX_COPIED {
            return;
        }
        for copied in &copies.copied {
            hazards::copied(self, copied, work);
        }
        work.state.copied.extend(copies.copied);
        if let Some(mut files) = copies.files {
            let there = Copied {
                source: super::joined_path(&files.project, "pyproject.toml"),
                target: format!("{}/pyproject.toml", files.target.trim_end_matches('/')),
                is_folder: false,
            };
            files.is_there = files.is_all && work.state.copied.contains(&there);
            work.state.copied.push(there);
            work.copies.push((index, files));
        }
    }

    /// `COPY --from` of the environment of a stage: what runs here runs in that.
    fn copy_between(&self, from: &str, instruction: &Instruction, work: &mut StageWork, done: &[StageWork]) {
        let by_name = self.stages.iter().position(|stage| stage.name == from.to_ascii_lowercase());
        let Some(number) = by_name.or_else(|| from.parse().ok()) else { return };
        let Some(other) = done.get(number) else { return };
        let words = instruction.words(self.text);
        let sources = words.split_last().map(|(_, sources)| sources).unwrap_or_default();
        self.files_between(other, instruction, work);
        let place = other.place.path();
        let takes = sources.iter().any(|word| {
            let source = other.state.expand_or_keep(&word.text);
            let source = source.trim_end_matches('/');
            let is_above =
                place.strip_prefix(source).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            is_above || (other.place == Place::Prefix && source.starts_with(place))
        });
        if takes && other.scope.synced.is_some() {
            work.linked.push(number);
            work.has_environment = true;
            work.scope.synced.clone_from(&other.scope.synced);
            work.scope.environment = Environment::Active;
            work.has_project |= other.has_project;
            work.scope.without_project = !work.has_project;
        }
    }

    /// Files of another stage: those of the repository are it still; what was made there is nothing that uv reads.
    fn files_between(&self, other: &StageWork, instruction: &Instruction, work: &mut StageWork) {
        let words = instruction.words(self.text);
        let Some((target, sources)) = words.split_last() else { return };
        let target = work.state.expand(&target.text).and_then(|target| work.state.absolute(&target));
        for word in sources {
            let Some(source) = other.state.expand(&word.text).and_then(|text| other.state.absolute(&text))
            else {
                continue;
            };
            let name = source.rsplit('/').next().unwrap_or_default();
            let known =
                other.state.in_repository(&source).filter(|path| self.context.became.contains_key(path));
            match (known, &target) {
                (Some(path), Some(target)) if !other.exports && !other.reads => {
                    let is_file = target.rsplit('/').next().is_some_and(|last| last.contains('.'));
                    let target = if is_file {
                        target.clone()
                    } else {
                        format!("{}/{name}", target.trim_end_matches('/'))
                    };
                    work.state.copied.push(Copied { source: path, target, is_folder: false });
                }
                _ => {
                    let made = super::joined_path(self.root, name);
                    if self.context.became.contains_key(&made) {
                        work.scope.edited.insert(made);
                    }
                }
            }
        }
    }

    /// Variables that tell pip, Poetry and their kin something.
    fn settings(&self, instruction: &Instruction) -> Vec<Left> {
        let names = assignments(&instruction.arguments(self.text)).into_iter().map(|(name, _)| name);
        names
            .filter_map(|name| {
                let (reason, suggestion) = setting(&name)?;
                let inside = instruction.body.clone();
                let at = self.text.get(inside.clone())?.find(name.as_str())? + inside.start;
                Some(Left { span: at..at + name.len(), reason, suggestion })
            })
            .collect()
    }

    /// The uv project of the working folder.
    pub(crate) fn folder(&self, work: &StageWork) -> String {
        let folder = work.state.repository_folder().unwrap_or_else(|| self.root.to_owned());
        if self.context.project(&folder).is_none()
            && let Some((_, files)) = work.copies.last()
        {
            return files.project.clone();
        }
        folder
    }

    /// What is known of the repository, as far as it matters to a stage.
    pub(crate) fn context(&self, work: &StageWork) -> &Context {
        if work.scope.environment == Environment::System { self.bare } else { self.context }
    }
}

impl StageWork {
    fn new(state: State, scope: Scope) -> Self {
        Self {
            state,
            scope,
            edits: Vec::new(),
            left: Vec::new(),
            diagnostics: Vec::new(),
            first: None,
            syncs: false,
            reads: false,
            uses_uv: false,
            uses_uv_pip: false,
            has_mounts: false,
            doubts: Vec::new(),
            copies: Vec::new(),
            place: Place::Prefix,
            settings: Vec::new(),
            indexes: Vec::new(),
            hazards: Vec::new(),
            linked: Vec::new(),
            user: None,
            has_project: false,
            has_environment: false,
            starts: None,
            lends: false,
            made: None,
            is_python: false,
            exports: false,
        }
    }

    fn has_brought_uv(&mut self, from: &str) {
        self.state.has_uv |= from.contains("astral-sh/uv");
    }

    /// Notes that an instruction changes.
    pub(crate) fn touch(&mut self, index: usize) {
        self.first = Some(self.first.map_or(index, |first| first.min(index)));
    }

    /// What has been synced, for those who want to know whether anything was.
    pub(crate) fn synced(&self) -> Option<&Selection> {
        self.scope.synced.as_ref()
    }

    /// Adds a reason for a person to look.
    pub(crate) fn doubt(&mut self, reason: impl Into<String>) {
        let reason = reason.into();
        if self.doubts.len() < MAX_DOUBTS && !self.doubts.contains(&reason) {
            self.doubts.push(reason);
        }
    }
}

/// An edit of this host.
pub(crate) fn edit(
    span: Range<usize>,
    new: impl Into<String>,
    rule: &'static str,
    reason: impl Into<String>,
) -> Edit {
    Edit { span, new: new.into(), rule, reason: reason.into(), safety: Safety::Safe, together: 0 }
}

/// What a variable of another tool says, and how uv is told the same.
fn setting(name: &str) -> Option<(String, Option<String>)> {
    let (same, means) = match name {
        "PIP_INDEX_URL" => ("UV_DEFAULT_INDEX", "the package index"),
        "PIP_EXTRA_INDEX_URL" => ("UV_INDEX", "more package indexes"),
        "PIP_TRUSTED_HOST" => ("UV_INSECURE_HOST", "hosts whose certificates are not checked"),
        "PIP_DEFAULT_TIMEOUT" => ("UV_HTTP_TIMEOUT", "how long to wait for the network"),
        "PIP_CONSTRAINT" => ("UV_CONSTRAINT", "constraints"),
        "PIP_CERT" => ("SSL_CERT_FILE", "certificates"),
        "PIP_NO_CACHE_DIR" => ("UV_NO_CACHE", "that nothing is cached"),
        _ if name.starts_with("PIP_") => ("", "a setting of pip"),
        _ if name.starts_with("POETRY_") => ("", "a setting of Poetry"),
        _ if name.starts_with("PIPENV_") => ("", "a setting of Pipenv"),
        _ if name.starts_with("PDM_") => ("", "a setting of PDM"),
        _ => return None,
    };
    let suggestion = (!same.is_empty()).then(|| same.to_owned());
    Some((format!("{name} is {means}; uv does not read it"), suggestion))
}

/// Whether a setting tells pip where packages come from.
fn is_about_indexes(setting: &Left) -> bool {
    setting
        .suggestion
        .as_deref()
        .is_some_and(|same| matches!(same, "UV_DEFAULT_INDEX" | "UV_INDEX" | "UV_INSECURE_HOST"))
}

/// A number for each stage; stages that stand or fall together have the same.
fn groups(done: &[StageWork]) -> Vec<u32> {
    let mut groups: Vec<u32> = (1..).take(done.len()).collect();
    for (number, work) in done.iter().enumerate() {
        for other in &work.linked {
            let (Some(one), Some(two)) = (groups.get(number).copied(), groups.get(*other).copied()) else {
                continue;
            };
            let lower = one.min(two);
            for group in &mut groups {
                if *group == one || *group == two {
                    *group = lower;
                }
            }
        }
    }
    groups
}

//! `testdata/NAME/{in,out,ledger.txt,report.txt}`: adding a folder adds a test, `UPDATE=1` rewrites what is expected.
//!
//! | file | what it is |
//! |---|---|
//! | `in/` | the project before |
//! | `options.toml` | what the command line would say |
//! | `index.txt` | the packages of the index, see `index.rs` |
//! | `secrets.txt` | texts that may appear nowhere but in `in/` |
//! | `out/` | the project after, with `uv.lock.txt` (names and versions) for `uv.lock`; none if nothing is written |
//! | `ledger.txt` | what became of each line |
//! | `report.txt` | roles, Python, diagnostics, old files, pins |

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use toml_edit::{DocumentMut, Item};
use uvshift_changeset::{RollbackMode, rollback};
use uvshift_migrate::{
    Done, LockStrategy, Members, OldFiles, Options, PinState, Plan, Planned, Silent, Uv, WheelProof,
    WheelReport, backend_metadata, execute, plan, verify,
};
use uvshift_process::{CommandSpec, Runner as _, SystemRunner};
use uvshift_project::{BuildBackend, Fate, IndexStrategy, Installed};

use crate::index;
use crate::support::{
    Thing, copy_tree, differences, hermetic_uv, picture, picture_of_project, read, remove_file, remove_tree,
    uv_program, variable, write,
};

#[test]
fn every_fixture() {
    let Some(uv) = uv_program() else {
        eprintln!("SKIPPED: there is no uv; run `cargo xtask setup`");
        return;
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let only = variable("FIXTURE");
    let mut names: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("testdata")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.join("in").is_dir())
        .filter(|path| only.as_ref().is_none_or(|only| path.ends_with(only)))
        .collect();
    names.sort();
    assert!(!names.is_empty());
    let cache = tempfile::tempdir().expect("a temporary folder");
    let next = AtomicUsize::new(0);
    let work = || {
        let mut failures = String::new();
        while let Some(path) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
            let mut fixture = Fixture::new(path, &uv, cache.path());
            fixture.run();
            for failure in &fixture.failures {
                let _ = writeln!(failures, "{}: {failure}", path.file_name().unwrap_or_default().display());
            }
        }
        failures
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    // uv waits most of the time, and what it asks the Python for is remembered for all.
    let failures: String = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        running.into_iter().map(|thread| thread.join().expect("a fixture that ends")).collect()
    });
    assert!(failures.is_empty(), "\n{failures}\nUPDATE=1 rewrites what is expected");
    eprintln!("{} fixtures", names.len());
}

struct Fixture<'a> {
    path: &'a Path,
    program: &'a Path,
    /// One for all, so that uv looks at the Python only once.
    cache: &'a Path,
    temporary: tempfile::TempDir,
    root: PathBuf,
    settings: DocumentMut,
    failures: Vec<String>,
}

impl<'a> Fixture<'a> {
    fn new(path: &'a Path, program: &'a Path, cache: &'a Path) -> Self {
        let temporary = tempfile::tempdir().expect("a temporary folder");
        let root = temporary.path().join(path.file_name().expect("a name"));
        copy_tree(&path.join("in"), &root);
        let settings = read(&path.join("options.toml")).parse().expect("options.toml");
        Self { path, program, cache, temporary, root, settings, failures: Vec::new() }
    }

    fn run(&mut self) {
        let before = picture(&self.root);
        let options = self.options();
        let planned = match plan(&self.root, &options) {
            Ok(planned) => planned,
            Err(error) => {
                return self.text("ledger.txt", &format!("error: {error}\nhint: {:?}\n", error.hint()));
            }
        };
        self.same("planning changes nothing", &differences(&before, &picture(&self.root)));
        let planned = self.ask_backend(planned, options);
        let plan = match planned {
            Planned::Nothing(nothing) => return self.text("ledger.txt", &format!("{nothing:?}\n")),
            Planned::Plan(plan) => plan,
        };
        self.text("ledger.txt", &plan.ledger.to_string());
        let mut report = planned_report(&plan);
        if plan.needs_decision() {
            if variable("UPDATE").is_some() {
                remove_tree(&self.path.join("out"));
            } else if self.path.join("out").exists() {
                self.failures.push("a refused project has an `out`".to_owned());
            }
            return self.text("report.txt", &report);
        }
        let uv = self.uv(&plan);
        match execute(&plan, Some(&uv), &SystemRunner::new(), &mut Silent) {
            Ok(done) => report.push_str(&done_report(&done)),
            Err(error) => {
                self.failures.push(format!("{error}\n{error:?}"));
                return self
                    .same("a failed run changes nothing", &differences(&before, &picture(&self.root)));
            }
        }
        self.text("report.txt", &report);
        self.accepted(&uv);
        match verify(&self.root, Some(&uv), &SystemRunner::new()) {
            Ok((checked, _)) => {
                let found: Vec<String> =
                    checked.differences.iter().map(|it| format!("{}: {}", it.place, it.what)).collect();
                self.same("verify", &found);
            }
            Err(error) => self.failures.push(format!("verify: {error}")),
        }
        self.result();
        match rollback(&self.root, RollbackMode::Check) {
            Ok(_) => self.same("rollback", &differences(&before, &picture(&self.root))),
            Err(error) => self.failures.push(format!("rollback: {error}")),
        }
    }

    /// What cannot be read is asked of the build backend where the fixture allows it, as `--run-build` does.
    fn ask_backend(&mut self, planned: Planned, mut options: Options) -> Planned {
        let Planned::Plan(first) = planned else { return planned };
        if options.wheel != WheelProof::Always || !first.needs_decision() {
            return Planned::Plan(first);
        }
        let uv = self.uv(&first);
        options.built =
            Some(backend_metadata(&self.root, &uv, &SystemRunner::new()).expect("the backend answers"));
        plan(&self.root, &options).expect("a plan")
    }

    /// Compares the tree with `out`, or writes `out`.
    fn result(&mut self) {
        let mut found = picture_of_project(&self.root);
        let locks: Vec<String> = found.keys().filter(|path| path.ends_with("uv.lock")).cloned().collect();
        for path in locks {
            let Some(Thing::File { bytes, mode }) = found.remove(&path) else { continue };
            let text = String::from_utf8(bytes).expect("UTF-8");
            self.secrets(&path, &text);
            let bytes = locked(&text).into_bytes();
            found.insert(format!("{path}.txt"), Thing::File { bytes, mode });
        }
        for (path, thing) in &found {
            // A file that stays may hold what it held.
            if let Thing::File { bytes, .. } = thing
                && !self.path.join("in").join(path).exists()
            {
                self.secrets(path, &String::from_utf8_lossy(bytes));
            }
        }
        let out = self.path.join("out");
        if variable("UPDATE").is_some() {
            remove_tree(&out);
            for (path, thing) in &found {
                if let Thing::File { bytes, .. } = thing {
                    write(&out, path, bytes);
                }
            }
            return;
        }
        let plain = |picture: crate::support::Picture| -> crate::support::Picture {
            let modeless = picture.into_iter().filter_map(|(path, thing)| match thing {
                Thing::File { bytes, .. } => Some((path, Thing::File { bytes, mode: 0 })),
                Thing::Folder { .. } => None,
                link @ Thing::Link(_) => Some((path, link)),
            });
            modeless.collect()
        };
        self.same("out", &differences(&plain(picture(&out)), &plain(found)));
    }

    /// uv reads pyproject.toml without a complaint, whether or not the lock could be made. It does so in a copy: the builds
    /// that it asks for leave traces.
    fn accepted(&mut self, uv: &Uv) {
        let copy = self.temporary.path().join("accepted").join(self.root.file_name().expect("a name"));
        copy_tree(&self.root, &copy);
        let mut spec = CommandSpec::new(&uv.program).args(["lock", "--dry-run", "--color", "never"]);
        spec = spec.current_dir(&copy).timeout(uv.timeout);
        for (name, value) in &uv.env {
            spec = spec.env(name, value);
        }
        let output = SystemRunner::new().run(&spec).expect("a run of uv");
        for bad in ["warning", "parse", "unknown field", "invalid"] {
            if output.stderr.to_ascii_lowercase().contains(bad) {
                self.failures.push(format!("uv complains: {}", output.stderr));
                return;
            }
        }
    }

    fn options(&self) -> Options {
        let strings = |key: &str| -> Vec<String> {
            let items = self.settings.get(key).and_then(Item::as_array).into_iter().flatten();
            items.map(|item| item.as_str().expect("a string").to_owned()).collect()
        };
        let string = |key: &str| self.settings.get(key).and_then(Item::as_str).map(str::to_owned);
        let flag = |key: &str| self.settings.get(key).and_then(Item::as_bool).unwrap_or_default();
        let pair = |given: String| {
            let (group, file) = given.split_once('=').expect("GROUP=FILE");
            (group.to_owned(), file.to_owned())
        };
        let frozen = string("freeze").map(|file| Installed::of_freeze(&file, &read(&self.root.join(&file))));
        Options {
            main: strings("main"),
            groups: strings("group").into_iter().map(pair).collect(),
            constraints: strings("constraints"),
            ignore: strings("ignore"),
            python: string("python"),
            fallback_python: Some("3.10".to_owned()),
            index_strategy: match string("index-strategy").as_deref() {
                Some("first-index") => IndexStrategy::FirstIndex,
                _ => IndexStrategy::BestMatch,
            },
            old_files: match (flag("keep-old-files"), flag("remove-old-files")) {
                (true, _) => OldFiles::Keep,
                (_, true) => OldFiles::RemoveAll,
                _ => OldFiles::RemoveUnnamed,
            },
            lock: match (flag("no-lock"), flag("upgrade")) {
                (true, _) => LockStrategy::None,
                (_, true) => LockStrategy::Newest,
                _ => LockStrategy::KeepPins,
            },
            frozen,
            environment: string("from-venv").map(|folder| self.root.join(folder)),
            skip_refused: flag("skip-refused"),
            backend: match string("build-backend").as_deref() {
                Some("hatchling") => BuildBackend::Hatchling,
                Some("uv-build") => BuildBackend::UvBuild,
                _ => BuildBackend::Keep,
            },
            wheel: if flag("run-build") { WheelProof::Always } else { WheelProof::Auto },
            members: match string("members").as_deref() {
                Some("workspace") => Members::Workspace,
                Some("separate") => Members::Separate,
                _ => Members::Alone,
            },
            ..Options::default()
        }
    }

    fn uv(&self, plan: &Plan) -> Uv {
        let folder = self.temporary.path();
        let index = index::build(&folder.join("index"), &read(&self.path.join("index.txt")));
        let indexes = plan.projects.iter().flat_map(|project| project.document.uv().indexes);
        let named: Vec<String> = indexes.filter_map(|index| index.name).collect();
        hermetic_uv(self.program, self.cache, &index, &named)
    }

    fn same(&mut self, what: &str, differences: &[String]) {
        if !differences.is_empty() {
            self.failures.push(format!("{what}:\n{}", differences.join("\n")));
        }
    }

    fn text(&mut self, name: &str, found: &str) {
        self.secrets(name, found);
        let place = self.path.join(name);
        if variable("UPDATE").is_some() {
            if found.is_empty() { remove_file(&place) } else { write(self.path, name, found) }
        } else if read(&place) != found {
            self.failures.push(format!("{name} is\n{found}"));
        }
    }

    fn secrets(&mut self, place: &str, text: &str) {
        for secret in read(&self.path.join("secrets.txt")).lines().filter(|line| !line.is_empty()) {
            if text.contains(secret) {
                self.failures.push(format!("{place} holds the secret {secret}"));
            }
        }
    }
}

fn planned_report(plan: &Plan) -> String {
    let mut text = String::new();
    let mut line = |line: String| text.push_str(&(line + "\n"));
    for project in &plan.projects {
        if !project.folder.is_empty() {
            line(format!("member {}", project.folder));
        }
        for file in &project.layout.files {
            line(format!("file   {}  {:?}  ({})", file.path, file.role, file.why));
        }
        for file in &project.old_files {
            let fate = match &file.fate {
                Fate::Remove | Fate::RemoveOr(_) => "goes",
                Fate::Edit(_) => "is edited",
                Fate::Keep(_) => "stays",
            };
            line(format!("file   {}  ({}, {fate})", file.path, file.what));
        }
        for left in &project.layout.left_alone {
            line(format!("left   {}  ({})", left.path, left.why));
        }
        let python = &project.python;
        line(format!(
            "python {:?} because {:?}",
            python.requires_python.as_deref().unwrap_or("-"),
            python.because
        ));
    }
    for found in plan.blockers.iter().chain(&plan.diagnostics) {
        let place = format!("{}:{}", found.file.as_deref().unwrap_or("-"), found.line.unwrap_or(0));
        line(format!("{} {} {place}  {}", found.severity.as_str(), found.code.id(), found.message));
        for (who, what) in [("pip", &found.pip), ("uv", &found.uv), ("help", &found.help)] {
            if let Some(what) = what {
                line(format!("       {who}: {what}"));
            }
        }
    }
    for path in &plan.removed {
        line(format!("gone   {path}"));
    }
    for kept in &plan.kept {
        line(format!("kept   {}  ({})", kept.path, kept.why));
        for reference in &kept.references {
            line(format!("       {}:{}  {}", reference.file, reference.line, reference.text));
        }
    }
    for secret in plan.secrets() {
        line(format!("secret {}={}  {}", secret.name, secret.value, secret.from));
    }
    text
}

fn done_report(done: &Done) -> String {
    let checked = &done.checked;
    let mut text = format!(
        "proven {} requirements, {} constraints, {} hashes",
        checked.requirements, checked.constraints, checked.hashes
    );
    if checked.settings > 0 {
        let _ = write!(text, ", {} settings", checked.settings);
    }
    text.push('\n');
    if let Some(raise) = done.lock.as_ref().and_then(|lock| lock.python.as_ref()) {
        let _ = writeln!(text, "raised {} to {}  ({})", raise.from, raise.to, raise.why);
    }
    for limit in done.lock.iter().flat_map(|lock| &lock.groups) {
        let what = limit.group.as_deref().unwrap_or("the lock");
        let _ = writeln!(text, "limited {what} to {}  ({})", limit.limit, limit.why);
    }
    for wheel in &done.wheels {
        match &wheel.report {
            WheelReport::Same { files, accepted } => {
                let _ = writeln!(text, "wheel  the same, {files} files");
                for found in accepted {
                    let _ = writeln!(text, "       {found}");
                }
            }
            WheelReport::NotBuilt { why } => {
                let _ = writeln!(text, "wheel  not built: {why}");
            }
            // That nothing was to be compared is the rule for what is no package.
            WheelReport::NotAsked { why } if !why.contains("code of the project") => {}
            WheelReport::NotAsked { why } => {
                let _ = writeln!(text, "wheel  not compared: {why}");
            }
        }
    }
    for pin in &done.pins {
        let state = match &pin.state {
            PinState::Kept => "kept".to_owned(),
            PinState::Drifted { locked, why } => format!("drifted to {}  ({why})", locked.join(", ")),
            PinState::Absent { why } => format!("absent  ({why})"),
        };
        let _ = writeln!(text, "pin    {}=={}  {}  {state}", pin.pin.name, pin.pin.version, pin.pin.from);
    }
    text
}

/// `name version` of every package of a lock.
fn locked(text: &str) -> String {
    let lock: DocumentMut = text.parse().expect("uv.lock");
    let packages = lock.get("package").and_then(Item::as_array_of_tables).into_iter().flatten();
    let field =
        |table: &toml_edit::Table, key: &str| table.get(key).and_then(Item::as_str).unwrap_or("-").to_owned();
    let lines: Vec<String> =
        packages.map(|table| format!("{} {}\n", field(table, "name"), field(table, "version"))).collect();
    lines.concat()
}

//! Killed at every step, the tree is as before or as after, byte for byte.
//!
//! The steps are counted, not picked: a run records them, then every one of them is hit. Each hit is a real process
//! that really dies; only where two hits meet (a run and the recovery from it) the first one is simulated by letting
//! every step from there on fail, which leaves the same tree.

use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;

use serde_json::{Value, json};
use uvshift_changeset::failpoints::{Fault, Operation, Step, failpoint, freeze_from, kill_at, record};
use uvshift_changeset::{ChangeSet, RollbackMode, Transaction, recover, rollback};

use crate::support::{self, Picture, picture, picture_of_project};

/// What a child does; the name travels through its standard input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scene {
    /// Begin, apply, a tool, another write, commit.
    Run,
    /// The same up to the other write, then undo.
    Undo,
    /// Rolling back a committed run.
    Rollback,
    /// Rolling back a committed run whose files somebody changed.
    Force,
    /// Recovery from a run that died just before its commit.
    RecoverRun,
    /// Recovery from a rollback that died in its middle.
    RecoverRollback,
}

const SCENES: [Scene; 6] =
    [Scene::Run, Scene::Undo, Scene::Rollback, Scene::Force, Scene::RecoverRun, Scene::RecoverRollback];

const LOCK: &str = "version = 1\nrevision = 3\n";

/// One of everything: modes, links, folders that come, files that give way to folders.
fn build(root: &Path) {
    support::write(root, "pyproject.toml", "[project]\nname = 'x'\n");
    support::write_with_mode(root, "requirements.txt", "flask\r\n", 0o600);
    support::write(root, "requirements/dev.txt", "pytest\n");
    support::write_with_mode(root, "scripts/run.sh", "#!/bin/sh\n", 0o755);
    support::write(root, "other/only.txt", "only");
    support::write(root, "thing", "was a file");
    support::write(root, "untouched.bin", b"\0\xff\n");
    support::folder(root, "empty/still");
    support::link(root, "link", "requirements.txt");
    support::link(root, "old-link", "nowhere/at/all");
}

fn changes() -> ChangeSet {
    let mut set = ChangeSet::new();
    fill(&mut set).expect("changes that fit each other");
    set
}

fn fill(set: &mut ChangeSet) -> Result<(), uvshift_changeset::Error> {
    set.edit("pyproject.toml", "[project]\nname = 'x'\n", "[project]\nname = 'x'\n[tool.uv]\n")?;
    set.delete("requirements.txt", "flask\r\n")?;
    set.delete("other/only.txt", "only")?;
    set.rename("requirements/dev.txt", "deps/new/dev.txt")?;
    set.edit("deps/new/dev.txt", "pytest\n", "pytest>=8\n")?;
    set.create_with_mode("docs/page.sh", "#!/bin/sh\n", 0o755)?;
    set.symlink("new-link", "docs/page.sh")?;
    set.delete_symlink("old-link", "nowhere/at/all")?;
    set.set_mode("scripts/run.sh", 0o755, 0o644)?;
    set.delete("thing", "was a file")?;
    set.create("thing/inside.txt", "now a folder")
}

/// A migration with its locking step, as a caller of this crate does it.
fn run(root: &Path, commit: bool) -> Result<(), uvshift_changeset::Error> {
    let mut transaction = Transaction::begin(root, &changes(), &["uv.lock"], json!({ "run": true }))?;
    transaction.apply()?;
    transaction.write("pyproject.toml", b"[tool.uv]\nconstraint-dependencies = ['flask==3']\n")?;
    // Each of these is a place to die at while the tool works.
    failpoint("tool starts");
    support::write(root, "uv.lock", &LOCK[..7]);
    failpoint("tool is half done");
    support::write(root, "uv.lock", LOCK);
    failpoint("tool is done");
    transaction.write("pyproject.toml", b"[project]\nname = 'x'\n[tool.uv]\n# final\n")?;
    if commit { transaction.commit().map(drop) } else { transaction.undo().map(drop) }
}

/// Changes of the user between a run and its rollback.
fn meddle(root: &Path) {
    support::write(root, "pyproject.toml", "my work");
    support::write(root, "requirements.txt", "came back");
    support::remove(root, "docs/page.sh");
    support::folder(root, "docs/page.sh/folder");
}

/// Brings a fresh tree to where the scene starts.
fn prepare(scene: Scene, root: &Path) {
    build(root);
    match scene {
        Scene::Run | Scene::Undo => {}
        Scene::Rollback | Scene::Force => {
            run(root, true).expect("a run");
            if scene == Scene::Force {
                meddle(root);
            }
        }
        Scene::RecoverRun => {
            let ((), steps) = record_on_copy(Scene::Run);
            let commit =
                steps.iter().rposition(|step| step.operation == Operation::Rename).expect("a commit");
            freeze_from(commit + 1, false, || run(root, true).expect_err("frozen"));
        }
        Scene::RecoverRollback => {
            let ((), steps) = record_on_copy(Scene::Rollback);
            run(root, true).expect("a run");
            freeze_from(steps.len() / 2, false, || rollback(root, RollbackMode::Check).expect_err("frozen"));
        }
    }
}

fn record_on_copy(scene: Scene) -> ((), Vec<Step>) {
    let root = support::new_root();
    prepare(scene, root.path());
    record(|| play(scene, root.path()))
}

fn play(scene: Scene, root: &Path) {
    match scene {
        Scene::Run => run(root, true).expect("a run"),
        Scene::Undo => run(root, false).expect("a run"),
        Scene::Rollback => drop(rollback(root, RollbackMode::Check).expect("a rollback")),
        Scene::Force => drop(rollback(root, RollbackMode::Force).expect("a rollback")),
        Scene::RecoverRun | Scene::RecoverRollback => {
            drop(recover(root).expect("a recovery").expect("pending"));
        }
    }
}

/// The two trees that a kill may leave once it is recovered from.
struct Allowed {
    before: Picture,
    after: Picture,
}

fn allowed() -> Allowed {
    let root = support::new_root();
    build(root.path());
    let before = picture(root.path());
    run(root.path(), true).expect("a run");
    Allowed { before, after: picture_of_project(root.path()) }
}

#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Before,
    After,
}

/// Recovers and compares; after that nothing is pending any more and a kept run can be rolled back.
fn check(scene: Scene, root: &Path, allowed: &Allowed, context: &str) -> Outcome {
    let recovery = recover(root).unwrap_or_else(|error| panic!("{context}: {error}"));
    assert!(recover(root).expect("a second recovery").is_none(), "{context}: recovery is idempotent");
    let found = picture_of_project(root);
    if found == allowed.before {
        if scene == Scene::Force {
            check_backup(root, context);
        } else {
            assert_eq!(picture(root), allowed.before, "{context}: the state folder is gone");
        }
        return Outcome::Before;
    }
    if scene == Scene::Force {
        let mut after = allowed.after.clone();
        after.extend(with_meddling());
        assert_eq!(found, after, "{context}: {recovery:?}");
        rollback(root, RollbackMode::Force).expect("a rollback");
        check_backup(root, context);
        assert_eq!(picture_of_project(root), allowed.before, "{context}");
    } else {
        assert_eq!(found, allowed.after, "{context}: {recovery:?}");
        rollback(root, RollbackMode::Check).unwrap_or_else(|error| panic!("{context}: {error}"));
        assert_eq!(picture(root), allowed.before, "{context}: what was kept can be rolled back");
    }
    Outcome::After
}

fn with_meddling() -> Picture {
    let root = support::new_root();
    meddle_on_empty(root.path());
    let mut found = picture(root.path());
    found.remove("docs");
    found
}

fn meddle_on_empty(root: &Path) {
    support::write(root, "docs/page.sh", "");
    meddle(root);
}

/// What the user wrote is in the backup once and whole.
fn check_backup(root: &Path, context: &str) {
    let saved = picture(&root.join(".uvshift/backup"));
    let files: Vec<(&str, &support::Thing)> = saved
        .iter()
        .filter_map(|(path, thing)| Some((path.split_once('/')?.1, thing)))
        .filter(|(path, _)| !path.is_empty())
        .collect();
    let mut expected = with_meddling();
    expected.extend(picture_of_docs());
    let expected: Vec<(&str, &support::Thing)> =
        expected.iter().map(|(path, thing)| (path.as_str(), thing)).collect();
    assert_eq!(files, expected, "{context}");
}

fn picture_of_docs() -> Picture {
    let root = support::new_root();
    support::folder(root.path(), "docs");
    picture(root.path())
}

/// Every step of the scene, dying before it, in its middle if it writes, and after it.
fn kill_everywhere(scene: Scene) {
    let allowed = allowed();
    let ((), steps) = record_on_copy(scene);
    let mut outcomes = [0, 0];
    let mut kills = 0;
    for step in &steps {
        let mut moments = vec![("before", Fault::KillBefore), ("after", Fault::KillAfter)];
        if step.operation == Operation::Write {
            moments.push(("within", Fault::KillWithin));
        }
        for (moment, _) in moments {
            let root = support::new_root();
            prepare(scene, root.path());
            let context = format!(
                "{scene:?} killed {moment} step {} ({} `{}`)",
                step.number,
                step.operation,
                step.path.display()
            );
            let input = json!({ "scene": format!("{scene:?}"), "root": root.path(), "step": step.number, "moment": moment });
            let output = support::run_child("kill::child", &[], &input.to_string());
            assert!(output.status.signal().is_some(), "{context}: the child did not die: {output:?}");
            kills += 1;
            match check(scene, root.path(), &allowed, &context) {
                Outcome::Before => outcomes[0] += 1,
                Outcome::After => {
                    assert!(
                        !matches!(scene, Scene::Undo | Scene::RecoverRun | Scene::RecoverRollback),
                        "{context}"
                    );
                    outcomes[1] += 1;
                }
            }
        }
    }
    eprintln!(
        "{scene:?}: {} steps, {kills} kills: {} before, {} after",
        steps.len(),
        outcomes[0],
        outcomes[1]
    );
    assert!(outcomes[0] > 0, "{scene:?}: no kill came early enough to matter");
}

/// A child that says that it is done is believed: then the tree is as after.
#[test]
fn a_run_that_reported_its_commit_is_kept() {
    let allowed = allowed();
    let root = support::new_root();
    build(root.path());
    let input = json!({ "scene": "Run", "root": root.path(), "step": 0, "moment": "reported" });
    let output = support::run_child("kill::child", &[], &input.to_string());
    assert!(String::from_utf8_lossy(&output.stdout).contains("REPORTED"), "{output:?}");
    assert!(output.status.signal().is_some(), "{output:?}");
    assert_eq!(check(Scene::Run, root.path(), &allowed, "reported"), Outcome::After);
}

#[test]
fn a_run_killed_at_every_step() {
    kill_everywhere(Scene::Run);
}

#[test]
fn an_undo_killed_at_every_step() {
    kill_everywhere(Scene::Undo);
}

#[test]
fn a_rollback_killed_at_every_step() {
    kill_everywhere(Scene::Rollback);
}

#[test]
fn a_forced_rollback_killed_at_every_step() {
    kill_everywhere(Scene::Force);
}

#[test]
fn a_recovery_killed_at_every_step() {
    kill_everywhere(Scene::RecoverRun);
    kill_everywhere(Scene::RecoverRollback);
}

/// Every state that a dead run, undo or rollback can leave, and in each of them every step of the recovery.
#[test]
fn every_recovery_from_every_death_can_itself_die_everywhere() {
    let allowed = allowed();
    let mut pairs = 0;
    for scene in [Scene::Run, Scene::Undo, Scene::Rollback, Scene::Force] {
        let ((), steps) = record_on_copy(scene);
        for step in &steps {
            let torn = step.operation == Operation::Write;
            let die = |root: &Path| {
                prepare(scene, root);
                freeze_from(step.number, torn, || match scene {
                    Scene::Rollback => drop(rollback(root, RollbackMode::Check)),
                    Scene::Force => drop(rollback(root, RollbackMode::Force)),
                    _ => drop(run(root, scene == Scene::Run)),
                });
            };
            let root = support::new_root();
            die(root.path());
            let (_, recovery) = record(|| recover(root.path()).expect("a recovery"));
            for second in &recovery {
                let root = support::new_root();
                die(root.path());
                freeze_from(second.number, second.operation == Operation::Write, || {
                    drop(recover(root.path()));
                });
                let context = format!("{scene:?} dead at {step:?}, recovery dead at {second:?}");
                check(scene, root.path(), &allowed, &context);
                pairs += 1;
            }
        }
    }
    eprintln!("{pairs} pairs of deaths");
    assert!(pairs > 1000);
}

/// The process that dies. It does nothing unless the tests above start it.
#[test]
#[ignore = "the tests of this file run it in a process of its own"]
fn child() {
    let Some(input) = support::child_input() else { return };
    let input: Value = serde_json::from_str(&input).expect("JSON");
    let root = Path::new(input["root"].as_str().expect("a root"));
    let scene = *SCENES.iter().find(|scene| format!("{scene:?}") == input["scene"]).expect("a scene");
    let fault = match input["moment"].as_str().expect("a moment") {
        "before" => Fault::KillBefore,
        "within" => Fault::KillWithin,
        "after" => Fault::KillAfter,
        _ => {
            play(scene, root);
            println!("REPORTED");
            std::process::abort();
        }
    };
    let step = usize::try_from(input["step"].as_u64().expect("a step")).expect("a small number");
    kill_at(step, fault, || play(scene, root));
}

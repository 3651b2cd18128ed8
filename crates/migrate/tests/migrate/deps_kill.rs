//! A fix of dependencies, with its lock, and its rollback killed at every step: after recovery every byte, mode and link is as
//! before or as after.

use std::path::Path;

use serde_json::{Value, json};
use uvshift_changeset::failpoints::{Fault, Operation, Step, failpoint, kill_at, record};
use uvshift_changeset::{RollbackMode, rollback};
use uvshift_depgraph::Action;
use uvshift_migrate::{Error, FixDone, Silent, Uv, execute_fix, plan_fix};
use uvshift_process::{CommandSpec, Output};
use uvshift_pyproject::Scope;
use uvshift_testkit::{FakeRunner, output};

use crate::kill::{Allowed, check};
use crate::support::{
    child_input, differences, link, picture, picture_of_project, quick_folder, run_child, set_mode, write,
};

/// What a child does; the name travels through its standard input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scene {
    /// A file is edited, the lock is made anew, the result is read back.
    Fix,
    /// uv finds no solution after it wrote half a lock: everything is undone.
    LockFails,
    /// The lock lacks what was added: everything is undone.
    VerifyFails,
    /// Rolling a fix back.
    Rollback,
}

const SCENES: [Scene; 4] = [Scene::Fix, Scene::LockFails, Scene::VerifyFails, Scene::Rollback];

fn build(root: &Path) {
    write(
        root,
        "pyproject.toml",
        "# ours\r\n[project]\r\nname = \"shop\"\r\ndependencies = [\"flask\", \"pytest\", \"rich\"]\r\n",
    );
    set_mode(&root.join("pyproject.toml"), 0o640);
    write(root, "requirements-dev.txt", "# tests\nblack\n");
    set_mode(&root.join("requirements-dev.txt"), 0o600);
    write(root, "uv.lock", lock_text(&["flask", "pytest", "rich"]));
    write(root, "data.bin", b"\0\xff\r\n");
    link(root, "current", "data.bin");
}

fn lock_text(names: &[&str]) -> String {
    let package = |name: &&str| format!("[[package]]\nname = \"{name}\"\nversion = \"1\"\n");
    format!("version = 1\n\n{}", names.iter().map(package).collect::<Vec<_>>().join("\n"))
}

/// An instant uv. Each of its fail points is a place to die at while uv works.
fn uv(scene: Scene, root: &Path, spec: &CommandSpec) -> Output {
    assert_eq!(spec.arguments().first().map(|argument| argument == "lock"), Some(true));
    failpoint("uv starts");
    let names: &[&str] = if scene == Scene::VerifyFails { &["flask"] } else { &["flask", "django"] };
    let text = lock_text(names);
    write(root, "uv.lock", &text[..text.len() / 2]);
    failpoint("uv is half done");
    if scene == Scene::LockFails {
        return output(1, "", "error: No solution found");
    }
    write(root, "uv.lock", text);
    failpoint("uv is done");
    output(0, "", "")
}

fn fix(scene: Scene, root: &Path) -> Result<FixDone, Error> {
    let to = Scope::Group("dev".to_owned());
    let actions = [
        Action::Add { requirement: "django>=5".to_owned(), to: Scope::Main },
        Action::Remove { name: "rich".to_owned(), from: Scope::Main },
        Action::Move { name: "pytest".to_owned(), requirement: "pytest".to_owned(), from: Scope::Main, to },
    ];
    let plan = plan_fix(root, &actions)?;
    assert_eq!((plan.fixed.len(), plan.changes.len(), plan.lock), (3, 1, true));
    let place = root.to_owned();
    let runner = FakeRunner::new(move |spec| Ok(uv(scene, &place, spec)));
    execute_fix(root, &plan, Some(&Uv::new("uv")), &runner, &mut Silent)
}

fn prepare(scene: Scene, root: &Path) {
    build(root);
    if scene == Scene::Rollback {
        fix(Scene::Fix, root).expect("a fix");
    }
}

fn play(scene: Scene, root: &Path) {
    match scene {
        Scene::Fix => drop(fix(scene, root).expect("a fix")),
        Scene::LockFails => {
            let result = fix(scene, root);
            assert!(matches!(result, Err(Error::LockFailed { .. })), "{result:?}");
        }
        Scene::VerifyFails => {
            let result = fix(scene, root);
            assert!(matches!(result, Err(Error::Verification { .. })), "{result:?}");
        }
        Scene::Rollback => drop(rollback(root, RollbackMode::Check).expect("a rollback")),
    }
}

fn allowed() -> Allowed {
    let root = quick_folder();
    build(root.path());
    let before = picture(root.path());
    let done = fix(Scene::Fix, root.path()).expect("a fix");
    assert_eq!(done.changed, ["pyproject.toml", "uv.lock"]);
    Allowed { before, after: picture_of_project(root.path()) }
}

fn steps(scene: Scene) -> Vec<Step> {
    let root = quick_folder();
    prepare(scene, root.path());
    record(|| play(scene, root.path())).1
}

/// Every step of the scene, dying before it, in its middle if it writes, and after it.
fn kill_everywhere(scene: Scene) {
    let allowed = allowed();
    let steps = steps(scene);
    let (mut before, mut after) = (0, 0);
    for step in &steps {
        let mut moments = vec!["before", "after"];
        if step.operation == Operation::Write {
            moments.push("within");
        }
        for moment in moments {
            let root = quick_folder();
            prepare(scene, root.path());
            let place = step.path.display();
            let context =
                format!("{scene:?} killed {moment} step {} ({} `{place}`)", step.number, step.operation);
            let input = json!({
                "scene": format!("{scene:?}"), "root": root.path(), "step": step.number, "moment": moment,
            });
            let output = run_child("deps_kill::child", &input.to_string());
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(!output.status.success() && !said.contains("SURVIVED"), "{context}: {output:?}");
            if check(root.path(), &allowed, &context) { after += 1 } else { before += 1 }
        }
    }
    eprintln!("{scene:?}: {} steps, {before} kills end before, {after} after", steps.len());
    assert!(before > 0, "{scene:?}: no kill came early enough to matter");
    match scene {
        Scene::Fix | Scene::Rollback => assert!(after > 0, "{scene:?}: no kill came late enough to matter"),
        _ => assert_eq!(after, 0, "{scene:?}: a run that fails leaves nothing"),
    }
    if scene != Scene::Rollback {
        for name in ["fix applied", "uv is half done", "fix locked"] {
            let passes = steps.iter().any(|step| step.path.as_os_str() == name);
            assert!(passes, "{scene:?} does not pass `{name}`");
        }
    }
}

#[test]
fn a_fix_killed_at_every_step() {
    kill_everywhere(Scene::Fix);
}

#[test]
fn an_undone_fix_killed_at_every_step() {
    kill_everywhere(Scene::LockFails);
    kill_everywhere(Scene::VerifyFails);
}

#[test]
fn a_rollback_of_a_fix_killed_at_every_step() {
    kill_everywhere(Scene::Rollback);
}

/// A failed fix leaves the tree as it was without any recovery.
#[test]
fn a_failed_fix_leaves_nothing() {
    for scene in [Scene::LockFails, Scene::VerifyFails] {
        let root = quick_folder();
        build(root.path());
        let before = picture(root.path());
        play(scene, root.path());
        let left = differences(&before, &picture(root.path()));
        assert!(left.is_empty(), "{scene:?}\n{}", left.join("\n"));
    }
}

/// The process that dies. It does nothing unless the tests above start it.
#[test]
#[ignore = "the tests of this file run it in a process of its own"]
fn child() {
    let Some(input) = child_input() else { return };
    let input: Value = serde_json::from_str(&input).expect("JSON");
    let root = Path::new(input["root"].as_str().expect("a root"));
    let scene = *SCENES.iter().find(|scene| format!("{scene:?}") == input["scene"]).expect("a scene");
    let fault = match input["moment"].as_str().expect("a moment") {
        "before" => Fault::KillBefore,
        "within" => Fault::KillWithin,
        _ => Fault::KillAfter,
    };
    let step = usize::try_from(input["step"].as_u64().expect("a step")).expect("a small number");
    kill_at(step, fault, || play(scene, root));
    println!("SURVIVED");
}

//! A run that is killed or that fails at any step leaves the old environment as it was, or the new one complete.

#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "tests change the environments that they make")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

#[expect(dead_code, reason = "each test file uses a part of it")]
mod world;

use std::cell::{Cell, RefCell};
use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::rc::Rc;
use std::time::{Duration, Instant};

use uvshift_process::SystemRunner;
use uvshift_testkit::{Snapshot as Tree, assert_same_tree, snapshot};
use uvshift_venv::failpoints::with_hook;
use uvshift_venv::{
    Allowances, Indexes, LocalFiles, Migrate, MigrateError, Migrated, OldEnvironment, Progress, PythonChoice,
    Recovered, Snapshot, Uv, migrate, recover,
};
use world::{World, program_of, run, text};

/// An environment with one package, a program and a loose file.
fn environment(world: &World) -> PathBuf {
    let place = world.place();
    World::venv(&place, &[]);
    world.pip(&place, &["beta==1.0", "tool"]);
    let site = Snapshot::read(&place).unwrap().site_packages[0].clone();
    fs::write(site.join("loose.py"), "here = True\n").unwrap();
    place
}

fn exchange(
    place: &Path,
    uv: Uv<'_>,
    indexes: &Indexes,
    progress: &mut Progress<'_>,
) -> Result<Migrated, MigrateError> {
    let asked = Migrate {
        path: place,
        python: &PythonChoice::Same,
        uv,
        indexes,
        allow: &Allowances::default(),
        local: LocalFiles::Carry,
        old: OldEnvironment::Remove,
    };
    migrate(&asked, &SystemRunner::new(), progress)
}

/// Whether the environment is whole and has everything, whichever it is.
#[track_caller]
fn assert_works(world: &World, place: &Path) {
    assert_eq!(run(&mut Command::new(program_of(place, "tool-run"))), "this is tool\n");
    let code = "import beta, loose; print(beta.__version__, loose.here)";
    assert_eq!(run(Command::new(program_of(place, "python")).args(["-I", "-B", "-c", code])), "1.0 True\n");
    assert_eq!(world.pip_says(place, &["freeze"]), "beta==1.0\ntool==1.0\n");
}

/// Whether only the environment is there, and nothing beside it.
#[track_caller]
fn assert_alone(place: &Path) {
    let mut names: Vec<OsString> =
        fs::read_dir(place.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.retain(|name| name.to_string_lossy().contains(".venv"));
    assert_eq!(names, [".venv"]);
    assert!(!place.join(".uvshift-unfinished").exists());
}

/// At any moment, the old tree is somewhere as it was, or the new environment is at its place.
#[track_caller]
fn assert_one_is_whole(world: &World, place: &Path, old: &Tree, what: &str) {
    let aside = place.with_file_name(".venv.uvshift").join("old");
    for candidate in [place, &aside] {
        if candidate.is_dir() && snapshot(candidate) == *old {
            return;
        }
    }
    assert!(place.is_dir(), "neither is there: {what}");
    assert_works(world, place);
}

/// Recovers as soon as what the killed run had started is over.
#[track_caller]
fn recovered(place: &Path) -> Recovered {
    let started = Instant::now();
    loop {
        match recover(place) {
            Err(MigrateError::Busy { .. }) if started.elapsed() < Duration::from_mins(1) => {
                std::thread::sleep(Duration::from_millis(5));
            }
            other => return other.unwrap(),
        }
    }
}

/// What was written is on the disk before the journal says that it counts, and the old environment goes after that.
#[test]
fn a_power_cut_takes_no_more_than_one_environment() {
    let world = World::new();
    let place = environment(&world);
    let steps = Rc::new(RefCell::new(Vec::new()));
    let seen = Rc::clone(&steps);
    let hook = move |name: &'static str, path: &Path| {
        seen.borrow_mut().push((name, path.to_owned()));
        Ok(())
    };
    with_hook(Box::new(hook), || exchange(&place, world.uv(), &world.indexes, &mut |_| {})).unwrap();
    let steps = steps.take();
    let state = place.with_file_name(".venv.uvshift");
    let last =
        |name: &str, path: PathBuf| steps.iter().rposition(|step| *step == (name, path.clone())).unwrap();
    let flushed = last("flush", place.clone());
    let verified = last("renamed", state.join("journal.json"));
    let moved = last("rename", state.join("old"));
    assert!(flushed < verified && verified < moved, "{steps:?}");
    let between = &steps[flushed + 1..verified];
    assert!(between.iter().all(|(_, path)| path.starts_with(&state)), "{between:?}");
}

/// This program again, which migrates and ends itself at a step, with an abort.
fn killed_at(world: &World, place: &Path, at: &str) -> (ExitStatus, String) {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "a_child_that_is_killed", "--ignored", "--nocapture"]);
    child.env("UVSHIFT_PLACE", place).env("UVSHIFT_AT", at).env("UVSHIFT_PROGRAM", &world.uv);
    child.env("UVSHIFT_LINKS", &world.indexes.find_links[0]);
    for (name, value) in &world.variables {
        child.env(name, value);
    }
    let output = child.output().unwrap();
    (output.status, String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
#[ignore = "started by another test"]
fn a_child_that_is_killed() {
    let of = |name: &str| std::env::var(name).ok();
    let (Some(place), Some(program), Some(links), Some(at)) =
        (of("UVSHIFT_PLACE"), of("UVSHIFT_PROGRAM"), of("UVSHIFT_LINKS"), of("UVSHIFT_AT"))
    else {
        return;
    };
    let (place, program) = (PathBuf::from(place), PathBuf::from(program));
    let folder = place.parent().unwrap();
    let indexes = Indexes { none: true, find_links: vec![links], ..Indexes::default() };
    let uv = Uv { program: &program, folder, variables: &[] };
    let steps = Cell::new(0);
    // A number counts steps, anything else is a part of what is done at one.
    let kill = Rc::new(move |what: &str| {
        // Lines of uv are no steps of ours.
        steps.set(steps.get() + usize::from(!what.starts_with("Line")));
        if at.parse() == Ok(steps.get()) || what.contains(&at) {
            use std::io::Write as _;
            let _ = writeln!(io::stderr(), "killed at {}: {what}", steps.get());
            std::process::abort();
        }
    });
    let in_progress = Rc::clone(&kill);
    let hook = Box::new(move |name: &'static str, path: &Path| {
        kill(&format!(
            "{name}: {}",
            path.file_name().unwrap_or_default().to_string_lossy().replace(char::is_numeric, "")
        ));
        Ok(())
    });
    with_hook(hook, || {
        exchange(&place, uv, &indexes, &mut |step| {
            in_progress(&format!("{step:?}").replace(char::is_numeric, ""));
        })
        .unwrap();
    });
}

#[test]
fn a_run_killed_at_every_step() {
    let world = World::new();
    let place = environment(&world);
    let mut old = snapshot(&place);
    let mut seen = Vec::new();
    for step in 1.. {
        let (status, said) = killed_at(&world, &place, &step.to_string());
        if status.success() {
            break;
        }
        let what = said.lines().find(|line| line.starts_with("killed at")).unwrap_or(&said).to_owned();
        assert!(what.starts_with("killed at"), "{said}");
        assert_one_is_whole(&world, &place, &old, &what);
        let outcome = recovered(&place);
        assert_alone(&place);
        if outcome == Recovered::Finished || seen.last() == Some(&Recovered::Finished) {
            assert_works(&world, &place);
            old = snapshot(&place);
        } else {
            assert_same_tree(&old, &snapshot(&place));
        }
        seen.push(outcome);
    }
    assert!(seen.len() > 25, "{seen:?}");
    for outcome in [Recovered::Nothing, Recovered::Untouched, Recovered::PutBack, Recovered::Finished] {
        assert!(seen.contains(&outcome), "{seen:?}");
    }
    assert_works(&world, &place);
}

/// Copies of an environment in the state in which a killed run left it, to try many recoveries.
#[test]
fn a_recovery_killed_at_every_step() {
    let world = World::new();
    let place = environment(&world);
    let old = snapshot(&place);
    for (phase, expected) in [("exchange", Recovered::PutBack), ("verified", Recovered::Finished)] {
        for step in 1.. {
            let root = world.project.beside(&format!("{phase}-{step}"));
            let (place, aside) = (root.join(".venv"), root.join(".venv.uvshift/old"));
            copy(&world.place(), &aside);
            copy(&world.place(), &place);
            fs::write(place.join("new"), "").unwrap();
            fs::write(place.join(".uvshift-unfinished"), "7-7").unwrap();
            let journal =
                format!("{{\"version\": 1, \"id\": \"7-7\", \"phase\": \"{phase}\", \"keep\": false}}");
            fs::write(root.join(".venv.uvshift/journal.json"), journal).unwrap();
            let steps = Rc::new(Cell::new(0));
            let count = Rc::clone(&steps);
            // Every step from this one on fails, as if the program were gone; only a panic or an abort would be more like it.
            let hook = Box::new(move |_: &'static str, _: &Path| {
                count.set(count.get() + 1);
                if count.get() >= step { Err(io::Error::other("killed")) } else { Ok(()) }
            });
            let result = with_hook(hook, || recover(&place));
            let ended = steps.get() < step;
            assert!(!ended || result.is_ok(), "{result:?}");
            let outcome = recovered(&place);
            if !ended {
                assert!(
                    [expected, Recovered::Nothing, Recovered::Untouched].contains(&outcome),
                    "{phase} {step}: {outcome:?}"
                );
            }
            assert_alone(&place);
            match expected {
                Recovered::PutBack => assert_same_tree(&old, &snapshot(&place)),
                _ => assert!(place.join("new").exists()),
            }
            fs::remove_dir_all(&root).unwrap();
            if ended {
                break;
            }
        }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    run(Command::new("cp").arg("-a").arg(from).arg(to));
}

#[test]
fn a_run_that_fails_at_every_step() {
    let world = World::new();
    let place = environment(&world);
    let mut old = snapshot(&place);
    let mut exchanged = 0;
    let mut locked = false;
    for step in 1.. {
        let kind = if step % 2 == 0 { io::ErrorKind::PermissionDenied } else { io::ErrorKind::StorageFull };
        let steps = Rc::new(Cell::new(0));
        let failed_at = Rc::new(RefCell::new(String::new()));
        let (count, told) = (Rc::clone(&steps), Rc::clone(&failed_at));
        let hook = Box::new(move |name: &'static str, path: &Path| {
            count.set(count.get() + 1);
            if count.get() == step {
                *told.borrow_mut() = format!("{name} {}", path.display());
                return Err(io::Error::from(kind));
            }
            Ok(())
        });
        let result = with_hook(hook, || exchange(&place, world.uv(), &world.indexes, &mut |_| {}));
        if steps.get() < step {
            assert!(result.is_ok(), "{result:?}");
            break;
        }
        let what = failed_at.borrow().clone();
        match result {
            Ok(done) => {
                exchanged += 1;
                assert_works(&world, &place);
                assert!(done.kept.is_none_or(|kept| kept.exists()), "{what}");
                recovered(&place);
                assert_alone(&place);
                old = snapshot(&place);
            }
            Err(error) => {
                locked |= matches!(&error, MigrateError::Locked { .. });
                assert!(error.hint().is_some(), "{error:?}");
                assert_one_is_whole(&world, &place, &old, &what);
                recovered(&place);
                let now = snapshot(&place);
                if now != old {
                    // What counts was written down before it failed.
                    assert_works(&world, &place);
                    old = now;
                }
            }
        }
        assert_alone(&place);
    }
    assert!(exchanged > 0 && locked);
}

#[test]
fn uv_that_outlives_its_killed_run_keeps_the_next_one_away() {
    let mut world = World::new();
    let place = environment(&world);
    let old = snapshot(&place);
    let real = std::mem::replace(&mut world.uv, world.project.beside("slow").join("uv"));
    let script = format!(
        "#!/bin/sh\ncase \"$*\" in *\"pip install\"*\"--python {}/bin\"*) echo slow >&2; sleep 2;; esac\nexec '{}' \"$@\"\n",
        text(&place),
        text(&real)
    );
    fs::write(&world.uv, script).unwrap();
    fs::set_permissions(&world.uv, PermissionsExt::from_mode(0o755)).unwrap();
    let (_, said) = killed_at(&world, &place, "Line(\"slow\")");
    assert!(said.contains("killed at"), "{said}");
    assert!(matches!(recover(&place), Err(MigrateError::Busy { .. })), "uv is still at work");
    assert_eq!(recovered(&place), Recovered::PutBack);
    std::thread::sleep(Duration::from_millis(300));
    assert_same_tree(&old, &snapshot(&place));
    assert_alone(&place);
}

#[test]
fn what_somebody_made_since_is_not_removed() {
    let world = World::new();
    let place = world.place();
    let aside = world.project.path().join(".venv.uvshift/old");
    World::venv(&aside, &[]);
    World::venv(&place, &[]);
    let journal = "{\"version\": 1, \"id\": \"7-7\", \"phase\": \"exchange\", \"keep\": false}";
    world.project.write(".venv.uvshift/journal.json", journal);
    let (mine, old) = (snapshot(&place), snapshot(&aside));
    let error = recover(&place).unwrap_err();
    assert!(matches!(&error, MigrateError::Stranger { old, .. } if *old == aside), "{error:?}");
    assert_same_tree(&mine, &snapshot(&place));
    assert_same_tree(&old, &snapshot(&aside));
    fs::rename(&place, world.project.path().join("mine")).unwrap();
    assert_eq!(recover(&place).unwrap(), Recovered::PutBack);
    assert_same_tree(&old, &snapshot(&place));
}

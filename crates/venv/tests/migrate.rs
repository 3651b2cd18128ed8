//! Environments exchanged at their place with the pinned uv.

#![expect(clippy::disallowed_methods, reason = "tests change the environments that they make")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod world;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use uvshift_process::SystemRunner;
use uvshift_testkit::{WheelOptions, assert_same_tree, git_repo, snapshot, wheel};
use uvshift_venv::{
    Allowances, Cause, LocalFiles, LocalKind, Migrate, MigrateError, Migrated, OldEnvironment, PythonChoice,
    Recovered, RecreateError, Selection, Snapshot, Step, plan, recover,
};
use world::{World, base_python, program_of, run, text};

fn request<'a>(world: &'a World, path: &'a Path, allow: &'a Allowances) -> Migrate<'a> {
    Migrate {
        path,
        python: &PythonChoice::Same,
        uv: world.uv(),
        indexes: &world.indexes,
        allow,
        local: LocalFiles::Stop,
        old: OldEnvironment::Remove,
    }
}

fn migrate(asked: &Migrate<'_>) -> Result<Migrated, MigrateError> {
    uvshift_venv::migrate(asked, &SystemRunner::new(), &mut |_| {})
}

/// The names beside the environment.
fn beside(world: &World) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(world.project.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with(".venv"))
        .collect();
    names.sort();
    names
}

#[test]
fn an_environment_with_everything_is_exchanged() {
    let world = World::new();
    let old = world.full();
    let frozen = world.pip_says(&old, &["freeze", "--all"]);
    let allow = Allowances::default();
    let done = migrate(&request(&world, &old, &allow)).unwrap();
    assert_eq!(world.pip_says(&old, &["freeze", "--all"]), frozen);
    assert_eq!(run(&mut Command::new(program_of(&old, "tool-run"))), "this is tool\n");
    assert!(done.comparison.holds(), "{:?}", done.comparison);
    assert!(
        done.comparison.compared.files > 20 && done.comparison.compared.scripts >= 2,
        "{:?}",
        done.comparison
    );
    assert_eq!(done.snapshot.created_by.as_deref(), Some("uv 0.13.9"));
    assert!(done.snapshot.packages.iter().all(|package| package.installer.as_deref() == Some("uv")));
    assert_eq!(beside(&world), [".venv"]);
    assert!(!old.join(".uvshift-unfinished").exists());
    assert!(done.size.before > 0 && done.size.after > 0 && done.kept.is_none());
}

/// A small environment: `alpha`, `beta` and a program.
fn small(world: &World) -> PathBuf {
    let place = world.place();
    small_at(world, &place);
    place
}

fn small_at(world: &World, place: &Path) {
    World::venv(place, &[]);
    world.pip(place, &["alpha==1.0", "beta==1.0", "tool"]);
}

fn site(place: &Path) -> PathBuf {
    Snapshot::read(place).unwrap().site_packages[0].clone()
}

/// Runs something that has to fail and to leave everything as it was.
#[track_caller]
fn fails_and_changes_nothing(world: &World, asked: &Migrate<'_>) -> MigrateError {
    let before = snapshot(world.project.path());
    let error = migrate(asked).unwrap_err();
    assert_same_tree(&before, &snapshot(world.project.path()));
    error
}

#[cfg(unix)]
#[test]
fn what_was_done_by_hand_is_decided_on_first() {
    let world = World::new();
    let place = small(&world);
    let site = site(&place);
    fs::write(site.join("beta/__init__.py"), "patched = True\n").unwrap();
    fs::write(site.join("mine.pth"), "/work/mine\n").unwrap();
    fs::create_dir(site.join("loose")).unwrap();
    fs::write(site.join("loose/__init__.py"), "here = True\n").unwrap();
    fs::write(place.join("bin/own"), "#!/bin/sh\necho own\n").unwrap();
    let activate = fs::read_to_string(place.join("bin/activate")).unwrap() + "export OWN_SETTING=1\n";
    fs::write(place.join("bin/activate"), &activate).unwrap();
    let linked = world.project.write("linked.py", "linked = True\n");
    fs::remove_file(site.join("tool/__init__.py")).unwrap();
    std::os::unix::fs::symlink(&linked, site.join("tool/__init__.py")).unwrap();
    let allow = Allowances::default();
    let asked = request(&world, &place, &allow);
    let plan = plan(&asked).unwrap();
    assert!(plan.needs_decision && plan.refusals.is_empty());
    let error = fails_and_changes_nothing(&world, &asked);
    let MigrateError::LocalChanges { changes, .. } = &error else { panic!("{error:?}") };
    let told: Vec<String> =
        changes.iter().map(|it| it.path.file_name().unwrap().to_string_lossy().into()).collect();
    assert_eq!(told, ["activate", "own", "__init__.py", "loose", "mine.pth", "__init__.py"]);
    assert_eq!(changes[2].kind, LocalKind::Patched { package: "beta".to_owned() });
    assert!(error.hint().unwrap().contains("--local-files"));

    let done = migrate(&Migrate { local: LocalFiles::Carry, ..asked }).unwrap();
    assert_eq!((done.carried.len(), done.dropped.len()), (6, 0));
    let code = "import beta, loose; print(beta.patched, loose.here)";
    assert_eq!(run(Command::new(program_of(&place, "python")).args(["-c", code])), "True True\n");
    assert_eq!(fs::read_to_string(place.join("bin/activate")).unwrap(), activate);
    assert_eq!(fs::read_link(site.join("tool/__init__.py")).unwrap(), linked);
    // The cache of uv, which files are linked to, still has what was published.
    let at = world.project.path().join("other");
    world.recreate(&Snapshot::read(&place).unwrap(), &at, &allow).unwrap();
    let code = "import beta; print(beta.__version__)";
    assert_eq!(run(Command::new(program_of(&at, "python")).args(["-c", code])), "1.0\n");

    let done = migrate(&Migrate { local: LocalFiles::Drop, ..asked }).unwrap();
    assert_eq!((done.carried.len(), done.dropped.len()), (0, 6));
    assert!(!site.join("loose").exists() && !site.join("mine.pth").exists());
}

#[test]
fn other_files_for_the_same_version_are_a_difference() {
    let world = World::new();
    let place = small(&world);
    let other = WheelOptions {
        modules: vec![("beta/__init__.py".to_owned(), "evil = True\n".to_owned())],
        ..WheelOptions::default()
    };
    wheel(world.index(), "beta", "1.0", &other);
    let allow = Allowances::default();
    let error = fails_and_changes_nothing(&world, &request(&world, &place, &allow));
    assert!(matches!(&error, MigrateError::Differs { .. }), "{error:?}");
    assert!(error.to_string().contains("beta: file beta/__init__.py"), "{error}");
    let allow = Allowances { carry: BTreeSet::from(["beta".to_owned()]), ..Allowances::default() };
    migrate(&request(&world, &place, &allow)).unwrap();
    let code = "import beta; print(beta.__version__)";
    assert_eq!(run(Command::new(program_of(&place, "python")).args(["-c", code])), "1.0\n");
    let allow = Allowances { other_files: Selection::All, ..Allowances::default() };
    migrate(&request(&world, &place, &allow)).unwrap();
    let code = "import beta; print(beta.evil)";
    assert_eq!(run(Command::new(program_of(&place, "python")).args(["-c", code])), "True\n");
}

#[test]
fn what_no_index_has_is_told_and_nothing_is_changed() {
    let world = World::new();
    let place = small(&world);
    fs::remove_file(world.index().join("alpha-1.0-py3-none-any.whl")).unwrap();
    let allow = Allowances::default();
    let error = fails_and_changes_nothing(&world, &request(&world, &place, &allow));
    let MigrateError::Recreate(RecreateError::Refused { refusals }) = error else { panic!("{error:?}") };
    assert_eq!((&*refusals[0].name, refusals[0].cause), ("alpha", Cause::NoSuchVersion));
}

/// A program in the place of uv: a shell script that runs before, instead of or after it when it installs into the place.
#[cfg(unix)]
fn wrapped(world: &mut World, place: &Path, script: &str) {
    use std::os::unix::fs::PermissionsExt;
    let uv = text(&world.uv);
    let path = world.project.beside("wrapped").join("uv");
    let place = text(place);
    let text = format!(
        "#!/bin/sh\nUV='{uv}'\nPLACE='{place}'\ncase \"$*\" in\n  *\"pip install\"*\"--python $PLACE/bin\"*)\n{script}\n;;\n  *) exec \"$UV\" \"$@\";;\nesac\n"
    );
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
    world.uv = path;
}

#[cfg(unix)]
#[test]
fn what_goes_wrong_at_the_place_puts_the_old_one_back() {
    let mut world = World::new();
    let place = small(&world);
    let real = world.uv.clone();
    let allow = Allowances::default();
    for (script, expected) in [
        ("echo 'error: it broke' >&2; exit 2", "the environment cannot be made anew"),
        ("\"$UV\" \"$@\"; rm -r \"$PLACE\"/lib/python3*/site-packages/alpha", "differs from the old one"),
        ("\"$UV\" \"$@\"; rm \"$PLACE\"/bin/tool-run", "differs from the old one"),
        ("ulimit -f 0; trap '' XFSZ; \"$UV\" \"$@\"", "the environment cannot be made anew"),
        ("rm -r \"$PLACE\"/bin; exit 1", "the environment cannot be made anew"),
    ] {
        wrapped(&mut world, &place, script);
        let error = fails_and_changes_nothing(&world, &request(&world, &place, &allow));
        assert!(error.to_string().contains(expected), "{script}: {error} {error:?}");
        world.uv.clone_from(&real);
    }
    assert_eq!(run(&mut Command::new(program_of(&place, "tool-run"))), "this is tool\n");
}

#[test]
fn an_interrupted_run_puts_the_old_one_back() {
    let world = World::new();
    let place = small(&world);
    let allow = Allowances::default();
    let before = snapshot(world.project.path());
    let flag = Arc::new(AtomicBool::new(false));
    let runner = SystemRunner::new().interrupted_by(Arc::clone(&flag));
    let asked = request(&world, &place, &allow);
    let error = uvshift_venv::migrate(&asked, &runner, &mut |step| {
        if step == Step::PuttingAside {
            flag.store(true, Ordering::Relaxed);
        }
    });
    assert!(matches!(error, Err(MigrateError::Recreate(RecreateError::Process(_)))), "{error:?}");
    assert_same_tree(&before, &snapshot(world.project.path()));
}

#[test]
fn two_runs_at_once_are_refused() {
    let world = World::new();
    let place = small(&world);
    let allow = Allowances::default();
    let asked = request(&world, &place, &allow);
    let mut seen = Vec::new();
    uvshift_venv::migrate(&asked, &SystemRunner::new(), &mut |step| {
        if matches!(step, Step::Rehearsing | Step::PuttingAside | Step::Comparing) {
            seen.push(matches!(migrate(&asked), Err(MigrateError::Busy { .. })));
            seen.push(matches!(recover(&place), Err(MigrateError::Busy { .. })));
        }
    })
    .unwrap();
    assert_eq!(seen, [true; 8]);
    assert_eq!(recover(&place).unwrap(), Recovered::Nothing);
}

#[test]
fn the_old_one_is_kept_when_asked() {
    let world = World::new();
    let place = small(&world);
    let before = snapshot(&place);
    let allow = Allowances::default();
    let asked = Migrate { old: OldEnvironment::Keep, ..request(&world, &place, &allow) };
    let done = migrate(&asked).unwrap();
    let kept = done.kept.unwrap();
    assert_same_tree(&before, &snapshot(&kept));
    assert!(kept.file_name().unwrap().to_string_lossy().starts_with(".venv.uvshift-old-"));
    assert_eq!(beside(&world).len(), 2);
}

#[cfg(unix)]
#[test]
fn places_with_odd_names_and_links_above() {
    let world = World::new();
    let real = world.project.beside("real folder");
    let link = world.project.path().join("a link");
    std::os::unix::fs::symlink(&real, &link).unwrap();
    let allow = Allowances::default();
    for place in [world.project.path().join("mein é 環境 (1)"), link.join("env")] {
        small_at(&world, &place);
        migrate(&request(&world, &place, &allow)).unwrap();
        assert_eq!(run(&mut Command::new(program_of(&place, "tool-run"))), "this is tool\n");
    }
    let place = link.join("env");
    let to_env = world.project.path().join("env");
    std::os::unix::fs::symlink(&place, &to_env).unwrap();
    let error = fails_and_changes_nothing(&world, &request(&world, &to_env, &allow));
    let MigrateError::Link { target, .. } = &error else { panic!("{error:?}") };
    assert_eq!(*target, real.join("env"));
}

#[test]
fn what_is_no_virtual_environment_is_refused() {
    let world = World::new();
    let allow = Allowances::default();
    let error_of = |name: &str| {
        let path = world.project.path().join(name);
        fails_and_changes_nothing(&world, &request(&world, &path, &allow))
    };
    assert!(matches!(error_of("missing"), MigrateError::Read(_)));
    world.project.write("folder/file", "");
    assert!(matches!(error_of("folder"), MigrateError::Read(_)));
    world.project.write("conda/conda-meta/history", "");
    world.project.write("conda/lib/python3.11/site-packages/x.py", "");
    assert!(matches!(error_of("conda"), MigrateError::Conda { .. }));
    world.project.write("python/lib/python3.11/site-packages/x.py", "");
    assert!(matches!(error_of("python"), MigrateError::System { .. }));
    let mixed = world.project.path().join("mixed");
    World::venv(&mixed, &[]);
    world.project.write("mixed/pyproject.toml", "");
    assert!(matches!(error_of("mixed"), MigrateError::Project { file: "pyproject.toml", .. }));
    world.project.write("strange.uvshift/notes", "mine");
    World::venv(&world.project.path().join("strange"), &[]);
    assert!(matches!(error_of("strange"), MigrateError::State { .. }));
}

#[cfg(unix)]
#[test]
fn a_python_that_is_gone_is_told_and_another_one_helps() {
    let world = World::new();
    let place = small(&world);
    let config = place.join("pyvenv.cfg");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, text.replace("home = ", "home = /nowhere")).unwrap();
    for name in ["python", "python3", "python3.11"] {
        let _ = fs::remove_file(place.join("bin").join(name));
    }
    std::os::unix::fs::symlink("/nowhere/python3", place.join("bin/python")).unwrap();
    let allow = Allowances::default();
    let asked = request(&world, &place, &allow);
    let error = fails_and_changes_nothing(&world, &asked);
    assert!(matches!(&error, MigrateError::Recreate(RecreateError::PythonGone { .. })), "{error:?}");
    assert!(error.hint().unwrap().contains("--python"));
    let python = PythonChoice::Other(world::text(&base_python()));
    let done = migrate(&Migrate { python: &python, ..asked }).unwrap();
    assert_eq!(run(&mut Command::new(program_of(&place, "tool-run"))), "this is tool\n");
    assert!(done.notes.iter().any(|note| note.contains("does not run")), "{:?}", done.notes);
}

#[test]
fn a_checkout_inside_the_environment_is_taken_along() {
    let world = World::new();
    let place = small(&world);
    let repository = world.project.beside("repository");
    let manifest = world::pyproject("versioned");
    let files = [("pyproject.toml", &*manifest), ("src/versioned/__init__.py", "WHERE = 'repository'\n")];
    let made = git_repo(repository, &files, None);
    world.pip(&place, &["-e", &format!("versioned @ {}", made.url())]);
    let checkout = place.join("src/versioned");
    fs::write(checkout.join("src/versioned/__init__.py"), "WHERE = 'changed here'\n").unwrap();
    let before = snapshot(&checkout);
    let allow = Allowances::default();
    let done = migrate(&request(&world, &place, &allow)).unwrap();
    assert_same_tree(&before, &snapshot(&checkout));
    let code = "import versioned; print(versioned.WHERE)";
    assert_eq!(run(Command::new(program_of(&place, "python")).args(["-c", code])), "changed here\n");
    assert!(done.snapshot.find("versioned").unwrap().origin.is_editable());
}

#[test]
fn a_develop_link_becomes_an_editable_install() {
    let world = World::new();
    let place = small(&world);
    world.project.write(
        "linked/setup.py",
        "from setuptools import setup\nsetup(name='linked', version='1', py_modules=['linked'])\n",
    );
    world.project.write("linked/linked.py", "WHERE = 'linked'\n");
    world
        .project
        .write("linked/linked.egg-info/PKG-INFO", "Metadata-Version: 2.1\nName: linked\nVersion: 1\n");
    let folder = world::text(&world.project.path().join("linked"));
    fs::write(site(&place).join("linked.egg-link"), format!("{folder}\n.")).unwrap();
    fs::write(site(&place).join("easy-install.pth"), format!("{folder}\n")).unwrap();
    let allow = Allowances::default();
    let done = migrate(&request(&world, &place, &allow)).unwrap();
    let code = "import linked; print(linked.WHERE)";
    assert_eq!(run(Command::new(program_of(&place, "python")).args(["-c", code])), "linked\n");
    assert!(done.snapshot.find("linked").unwrap().origin.is_editable());
}

#[test]
fn what_is_there_twice_or_half_is_not_made_again() {
    let world = World::new();
    let place = small(&world);
    let site = site(&place);
    world.project.write("unused", "");
    fs::remove_file(site.join("alpha/__init__.py")).unwrap();
    for name in ["beta-9.dist-info", "~lpha-0.9.dist-info"] {
        fs::create_dir(site.join(name)).unwrap();
        fs::write(site.join(name).join("METADATA"), "Metadata-Version: 2.1\nName: beta\nVersion: 9\n")
            .unwrap();
    }
    let allow = Allowances::default();
    let done = migrate(&request(&world, &place, &allow)).unwrap();
    assert_eq!(world.pip_says(&place, &["freeze"]), "alpha==1.0\nbeta==1.0\ntool==1.0\n");
    assert!(done.notes.iter().any(|note| note.contains("beta is installed twice")), "{:?}", done.notes);
    assert!(done.notes.iter().any(|note| note.contains("interrupted")), "{:?}", done.notes);
    assert!(done.notes.iter().any(|note| note.contains("a file of alpha")), "{:?}", done.notes);
}

#[cfg(target_os = "linux")]
#[test]
fn programs_that_run_from_it_are_told() {
    let world = World::new();
    let place = small(&world);
    let mut child = Command::new(program_of(&place, "python"))
        .args(["-c", "import time; time.sleep(60)"])
        .spawn()
        .unwrap();
    let allow = Allowances::default();
    let asked = request(&world, &place, &allow);
    let id = format!("process {} runs from it", child.id());
    let found = (0..200).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        plan(&asked).unwrap().notes.iter().any(|note| note.contains(&id))
    });
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(found);
}

#[test]
fn a_plan_runs_nothing_and_shows_no_secrets() {
    let mut world = World::new();
    let place = small(&world);
    world.indexes.none = false;
    world.indexes.default = Some("https://robot:s3cr3t-t0ken@index.example/simple".to_owned());
    let before = snapshot(world.project.path());
    let allow = Allowances::default();
    let plan = plan(&request(&world, &place, &allow)).unwrap();
    assert_same_tree(&before, &snapshot(world.project.path()));
    assert!(!plan.needs_decision);
    assert!(!format!("{plan:?}").contains("s3cr3t"));
    let steps = plan.steps.join("\n");
    assert!(steps.contains("uv venv --no-project") && steps.contains("pip install --no-deps"), "{steps}");
    assert_eq!(plan.packages.len(), 3);
}

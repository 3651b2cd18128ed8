//! Environments made anew with the pinned uv have what pip put into the old ones.

#![expect(clippy::disallowed_methods, reason = "tests change the environments that they make")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod world;

use std::fs;
use std::process::Command;

use serde_json::Value;
use uvshift_process::SystemRunner;
use uvshift_testkit::{FakeRunner, WheelOptions, output, pip_python, wheel};
use uvshift_venv::{
    Allowances, Cause, Indexes, Offer, PythonChoice, Recreate, RecreateError, Selection, Snapshot, Way,
    recreate,
};
use world::{World, program, program_of, run, text};

#[test]
fn everything_is_as_pip_sees_it_before() {
    let world = World::new();
    let old = world.full();
    let before = Snapshot::read(&old).unwrap();
    let at = world.project.path().join("new é one");
    let made = world.recreate(&before, &at, &Allowances::default()).unwrap();

    let freeze = ["freeze", "--all"];
    let frozen = world.pip_says(&at, &freeze);
    assert_eq!(frozen, world.pip_says(&old, &freeze));
    for line in
        ["alpha==1.0", "beta==1.0", "gamma-ray==2.0rc1", "local==2.1+cu118", "needy==1.0", "setuptools=="]
    {
        assert!(frozen.contains(line), "no {line} in\n{frozen}");
    }
    assert!(frozen.contains("edited one") && frozen.contains("versioned @ git+file:"), "{frozen}");
    let inspect = ["inspect", "--local"];
    let (old_says, new_says) = (world.pip_says(&old, &inspect), world.pip_says(&at, &inspect));
    assert_eq!(inspected(&new_says), inspected(&old_says));
    let said = run(&mut Command::new(program_of(&at, "tool-run")));
    assert_eq!(said, "this is tool\n");
    let code = "import edited, folder, versioned, boxed; print(edited.WHERE, folder.WHERE, versioned.WHERE)";
    assert_eq!(run(Command::new(program_of(&at, "python")).args(["-c", code])), "edited folder repository\n");
    assert_eq!(made.snapshot.prompt.as_deref(), Some("the web"));
    assert_eq!(made.snapshot.python.version, before.python.version);
    let way = |name: &str| made.packages.iter().find(|package| package.name == name).unwrap().way;
    assert_eq!((way("alpha"), way("edited"), way("folder")), (Way::Index, Way::Editable, Way::Directory));
    assert_eq!((way("versioned"), way("boxed")), (Way::Vcs, Way::Archive));
}

/// What `pip inspect` tells of each distribution, without where it is and what installed it.
fn inspected(json: &str) -> Vec<Value> {
    let mut all: Value = serde_json::from_str(json).unwrap();
    let mut found: Vec<Value> = std::mem::take(all["installed"].as_array_mut().unwrap());
    for distribution in &mut found {
        let table = distribution.as_object_mut().unwrap();
        table.remove("metadata_location");
        assert!(matches!(table.remove("installer").unwrap().as_str(), Some("pip" | "uv")));
    }
    found.sort_by_key(|it| it["metadata"]["name"].to_string());
    found
}

#[test]
fn a_plain_version_is_not_taken_from_a_local_one() {
    let world = World::new();
    let old = world.place();
    World::venv(&old, &[]);
    world.pip(&old, &["local===2.1"]);
    let before = Snapshot::read(&old).unwrap();
    let at = world.project.path().join("new");
    world.recreate(&before, &at, &Allowances::default()).unwrap();
    assert_eq!(world.pip_says(&at, &["freeze"]), "local==2.1\n");
}

/// An environment with some packages of the index.
fn with(world: &World, packages: &[&str]) -> Snapshot {
    let old = world.place();
    World::venv(&old, &[]);
    world.pip(&old, &[&["--no-deps"], packages].concat());
    Snapshot::read(&old).unwrap()
}

/// What is refused, by name.
fn refused(
    world: &World,
    snapshot: &Snapshot,
    allow: &Allowances,
) -> Vec<(String, Cause, Vec<Offer>, String)> {
    let at = world.project.path().join("new");
    let error = world.recreate(snapshot, &at, allow).unwrap_err();
    assert!(!at.exists(), "nothing is left of what was begun");
    let RecreateError::Refused { refusals } = error else { panic!("{error:?}") };
    refusals.into_iter().map(|it| (it.name, it.cause, it.offers, it.reason)).collect()
}

fn set(name: &str) -> std::collections::BTreeSet<String> {
    std::collections::BTreeSet::from([name.to_owned()])
}

#[test]
fn every_package_that_cannot_be_had_is_told_with_its_reason() {
    let world = World::new();
    let snapshot =
        with(&world, &["alpha==1.0", "beta==1.0", "gamma-ray==2.0rc1", "tool", "local==2.1+cu118"]);
    let index = world.index();
    // Another project of this name has the only version that is left; the second one is gone as a whole.
    fs::remove_file(index.join("alpha-1.0-py3-none-any.whl")).unwrap();
    fs::remove_file(index.join("tool-1.0-py3-none-any.whl")).unwrap();
    fs::remove_file(index.join("local-2.1+cu118-py3-none-any.whl")).unwrap();
    let found = refused(&world, &snapshot, &Allowances::default());
    let told: Vec<(&str, Cause)> = found.iter().map(|it| (&*it.0, it.1)).collect();
    assert_eq!(told.len(), 3, "{found:?}");
    for expected in
        [("alpha", Cause::NoSuchVersion), ("tool", Cause::NotFound), ("local", Cause::NoSuchVersion)]
    {
        assert!(told.contains(&expected), "{found:?}");
    }
    let of = |name: &str| found.iter().find(|it| it.0 == name).unwrap();
    assert_eq!(of("alpha").2, [Offer::AnyIndex, Offer::OtherIndex, Offer::Carry, Offer::LeaveOut]);
    assert_eq!(of("local").2, [Offer::OtherIndex, Offer::Carry, Offer::LeaveOut]);
    assert!(of("alpha").3.contains("there is no version of alpha"), "{}", of("alpha").3);
}

#[test]
fn what_the_user_allows_is_done_and_nothing_else() {
    let world = World::new();
    let snapshot = with(&world, &["alpha==1.0", "tool", "beta==1.0"]);
    fs::remove_file(world.index().join("tool-1.0-py3-none-any.whl")).unwrap();
    fs::remove_file(world.index().join("beta-1.0-py3-none-any.whl")).unwrap();
    let allow = Allowances { carry: set("tool"), without: set("beta"), ..Allowances::default() };
    let at = world.project.path().join("new");
    let made = world.recreate(&snapshot, &at, &allow).unwrap();
    let ways: Vec<(&str, Way)> = made.packages.iter().map(|it| (&*it.name, it.way)).collect();
    assert_eq!(ways, [("alpha", Way::Index), ("beta", Way::LeftOut), ("tool", Way::Carried)]);
    assert_eq!(world.pip_says(&at, &["freeze"]), "alpha==1.0\ntool==1.0\n");
    // At another place its first line names the Python of that place.
    fs::remove_dir_all(world.place()).unwrap();
    assert_eq!(run(&mut Command::new(program_of(&at, "tool-run"))), "this is tool\n");
}

#[test]
fn nothing_is_built_from_source_unless_it_is_allowed() {
    let world = World::new();
    let snapshot = with(&world, &["beta==1.0"]);
    let index = world.index();
    fs::remove_file(index.join("beta-1.0-py3-none-any.whl")).unwrap();
    uvshift_testkit::sdist(&index, "beta", "1.0", &WheelOptions::default(), &[]);
    let found = refused(&world, &snapshot, &Allowances::default());
    assert_eq!((found[0].1, found[0].2[0]), (Cause::OnlySource, Offer::BuildFromSource), "{found:?}");
    let allow = Allowances { build: Selection::Of(set("beta")), ..Allowances::default() };
    let at = world.project.path().join("new");
    world.recreate(&snapshot, &at, &allow).unwrap();
    assert_eq!(world.pip_says(&at, &["freeze"]), "beta==1.0\n");
}

#[test]
fn a_pre_release_that_settings_forbid_is_offered() {
    let mut world = World::new();
    let snapshot = with(&world, &["gamma-ray==2.0rc1"]);
    world.variables.push(("UV_PRERELEASE".into(), "disallow".into()));
    let found = refused(&world, &snapshot, &Allowances::default());
    assert_eq!((found[0].1, found[0].2[0]), (Cause::Prerelease, Offer::Prerelease), "{found:?}");
    let allow = Allowances { prereleases: true, ..Allowances::default() };
    world.recreate(&snapshot, &world.project.path().join("new"), &allow).unwrap();
}

#[test]
fn sources_and_archives_that_are_gone_or_others_are_refused() {
    let world = World::new();
    world.sources();
    let archive = world.project.beside("archives").join("boxed-1.0-py3-none-any.whl");
    let old = world.place();
    World::venv(&old, &[]);
    world.pip(&old, &["-e", "./edited one", "./folder", &text(&archive)]);
    let snapshot = Snapshot::read(&old).unwrap();
    // Another wheel with this name and version.
    let other = WheelOptions { requires_python: Some(">=3.2".to_owned()), ..program("boxed") };
    wheel(archive.parent().unwrap(), "boxed", "1.0", &other);
    let found = refused(&world, &snapshot, &Allowances::default());
    assert_eq!((&*found[0].0, found[0].1), ("boxed", Cause::OtherHash), "{found:?}");
    fs::remove_file(&archive).unwrap();
    fs::remove_dir_all(world.project.path().join("edited one")).unwrap();
    let found = refused(&world, &snapshot, &Allowances::default());
    let told: Vec<(&str, Cause, &[Offer])> = found.iter().map(|it| (&*it.0, it.1, &*it.2)).collect();
    let carry: &[Offer] = &[Offer::Carry, Offer::LeaveOut];
    assert_eq!(told, [("boxed", Cause::Gone, carry), ("edited", Cause::Gone, &[Offer::LeaveOut])]);
    let allow = Allowances { carry: set("boxed"), without: set("edited"), ..Allowances::default() };
    let at = world.project.path().join("new");
    world.recreate(&snapshot, &at, &allow).unwrap();
    assert_eq!(run(&mut Command::new(program_of(&at, "boxed-run"))), "this is boxed\n");
}

#[test]
fn what_does_not_build_is_told_with_the_words_of_the_backend() {
    let world = World::new();
    world.sources();
    let old = world.place();
    World::venv(&old, &[]);
    world.pip(&old, &["./folder", "beta==1.0"]);
    let snapshot = Snapshot::read(&old).unwrap();
    world.project.write("folder/src/folder/__init__.py", "raise\nnot python");
    world.project.write("folder/pyproject.toml", "[project]\nname = \"folder\"\nversion = \"0.1\"\n[build-system]\nrequires = []\nbuild-backend = \"nothing\"\n");
    let found = refused(&world, &snapshot, &Allowances::default());
    assert_eq!((found.len(), &*found[0].0, found[0].1), (1, "folder", Cause::BuildFailed), "{found:?}");
    assert!(found[0].3.contains("No module named 'nothing'"), "{}", found[0].3);
}

#[test]
fn uv_and_python_that_are_missing_are_errors_with_a_way_out() {
    let mut world = World::new();
    let mut snapshot = with(&world, &["beta==1.0"]);
    let at = world.project.path().join("new");
    let none = Allowances::default();
    let real = std::mem::replace(&mut world.uv, "/nowhere/uv".into());
    let error = world.recreate(&snapshot, &at, &none).unwrap_err();
    assert!(matches!(&error, RecreateError::UvMissing { program } if program == "/nowhere/uv"), "{error:?}");
    assert!(error.hint().unwrap().contains("--uv"));
    world.uv = real;
    let python = PythonChoice::Other("/nowhere/python3".to_owned());
    let request = Recreate { python: &python, ..world.request(&snapshot, &at, &none) };
    let error = recreate(&request, &SystemRunner::new(), &mut |_| {}).unwrap_err();
    assert!(matches!(&error, RecreateError::PythonRefused { .. }), "{error:?}");
    snapshot.python.base = None;
    let config = snapshot.root.join("pyvenv.cfg");
    let changed = fs::read_to_string(&config).unwrap().replace("home = ", "home = /nowhere");
    fs::write(&config, changed).unwrap();
    let error = world.recreate(&snapshot, &at, &none).unwrap_err();
    assert!(matches!(&error, RecreateError::PythonGone { home: Some(_), .. }), "{error:?}");
    assert!(error.hint().unwrap().contains("--python"));
    assert!(!at.exists());
}

#[test]
fn secrets_of_indexes_are_in_no_arguments_and_no_errors() {
    let mut world = World::new();
    let snapshot = with(&world, &["beta==1.0"]);
    world.indexes.none = false;
    world.indexes.find_links.clear();
    world.indexes.extra = vec!["https://robot:s3cr3t-t0ken@index.example/simple".to_owned()];
    let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let told = std::sync::Arc::clone(&seen);
    let runner = FakeRunner::new(move |spec| {
        let arguments = spec.arguments().iter().map(|it| text(it.as_ref()));
        told.lock().unwrap().extend(arguments);
        let code = i32::from(spec.arguments()[0] == "pip");
        Ok(output(
            code,
            "",
            &spec.redact("error: cannot reach https://robot:s3cr3t-t0ken@index.example and s3cr3t-t0ken"),
        ))
    });
    let at = world.project.path().join("new");
    let error =
        recreate(&world.request(&snapshot, &at, &Allowances::default()), &runner, &mut |_| {}).unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("s3cr3t"), "{shown}");
    assert!(seen.lock().unwrap().iter().all(|argument| !argument.contains("s3cr3t")));
}

#[test]
fn system_packages_stay_visible_and_are_not_taken_for_installed() {
    let world = World::new();
    let old = world.place();
    World::venv(&old, &["--system-site-packages"]);
    world.pip(&old, &["--ignore-installed", "beta==1.0"]);
    let snapshot = Snapshot::read(&old).unwrap();
    let at = world.project.path().join("new");
    let made = world.recreate(&snapshot, &at, &Allowances::default()).unwrap();
    assert!(made.snapshot.system_site_packages);
    assert_eq!(made.snapshot.packages.len(), 1);
}

#[test]
fn something_that_is_there_is_not_touched() {
    let world = World::new();
    let snapshot = with(&world, &["beta==1.0"]);
    world.project.write("new/file", "mine");
    let at = world.project.path().join("new");
    let error = world.recreate(&snapshot, &at, &Allowances::default()).unwrap_err();
    assert!(matches!(error, RecreateError::Occupied { .. }));
    assert_eq!(world.project.text("new/file"), "mine");
}

#[test]
fn a_version_that_was_withdrawn_is_installed_and_told() {
    let mut world = World::new();
    let snapshot = with(&world, &["beta==1.0"]);
    let file = "beta-1.0-py3-none-any.whl";
    let page = format!("<a href=\"{file}\" data-yanked=\"it was bad\">{file}</a>");
    fs::write(world.index().join("index.html"), page).unwrap();
    world.indexes.find_links = vec![text(&world.index().join("index.html"))];
    let made = world.recreate(&snapshot, &world.project.path().join("new"), &Allowances::default()).unwrap();
    assert!(
        made.notes.iter().any(|note| note.contains("yanked") && note.contains("it was bad")),
        "{:?}",
        made.notes
    );
}

#[test]
fn an_index_that_does_not_answer_is_told_once() {
    let mut world = World::new();
    let snapshot = with(&world, &["beta==1.0", "tool", "alpha==1.0"]);
    // Offline, uv says at once what it would say of a server that does not answer.
    world.indexes =
        Indexes { default: Some("https://index.example/simple".to_owned()), ..Indexes::default() };
    let found = refused(&world, &snapshot, &Allowances::default());
    assert_eq!((found.len(), found[0].1), (1, Cause::Unreachable), "{found:?}");
    assert!(found[0].3.contains("not tried"), "{}", found[0].3);
}

#[test]
fn indexes_are_those_that_pip_itself_looks_in() {
    let world = World::new();
    let home = world.project.beside("home");
    let legacy = "[install]\nindex_url = https://install.example/simple\n[global]\nindex-url = https://lost.example\n[download]\nno-index = true\n";
    let user = "[global]\nindex-url = https://user.example/simple\nextra-index-url =\n    https://a.example/simple\n    https://b.example/simple\n";
    for (path, text) in [(".pip/pip.conf", legacy), ("config/pip/pip.conf", user)] {
        fs::create_dir_all(home.join(path).parent().unwrap()).unwrap();
        fs::write(home.join(path), text).unwrap();
    }
    let variables = [("PIP_EXTRA_INDEX_URL", "https://c.example/simple https://d.example/simple")];
    for variables in [&variables[..0], &variables[..]] {
        let mut command = world.pip_command(pip_python().ancestors().nth(2).unwrap());
        command.args(["install", "--dry-run", "--retries", "0", "no-such-thing"]);
        // A proxy that nobody listens to: no name is looked up.
        command.env("https_proxy", "http://127.0.0.1:9").env_remove("no_proxy").env_remove("NO_PROXY");
        command.envs(variables.iter().copied());
        let said = String::from_utf8(command.output().unwrap().stdout).unwrap();
        let line = said.lines().find_map(|line| line.strip_prefix("Looking in indexes: ")).unwrap_or(&said);
        let found = Indexes::of_pip([legacy, user], variables.iter().copied());
        let ours: Vec<String> = found.default.into_iter().chain(found.extra).collect();
        assert_eq!(ours.join(", "), line);
    }
}

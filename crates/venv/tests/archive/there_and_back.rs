//! Real environments, there and back.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use uvshift_process::SystemRunner;
use uvshift_testkit::{assert_same_tree, snapshot, uv_command};
use uvshift_venv::{Allowances, Existing, Rebuild, Rebuilt, RestoreWay, Snapshot, inspect_archive};

use crate::support::{Small, full, light, quietly, rebuilt, restored};
use crate::world::{World, program_of, run, text};

/// What `pip inspect` tells of each distribution, without where it is and what installed it.
fn inspected(world: &World, environment: &Path) -> Vec<Value> {
    let said = world.pip_says(environment, &["inspect", "--local"]);
    let mut all: Value = serde_json::from_str(&said).unwrap();
    let mut found: Vec<Value> = std::mem::take(all["installed"].as_array_mut().unwrap());
    for distribution in &mut found {
        let table = distribution.as_object_mut().unwrap();
        table.remove("metadata_location");
        table.remove("installer");
    }
    found.sort_by_key(|it| it["metadata"]["name"].to_string());
    assert!(!found.is_empty());
    found
}

/// Rebuilds with the pinned uv.
fn with_uv(world: &World) -> Box<Rebuild<'_>> {
    Box::new(move |request| {
        let allow = Allowances::default();
        let mut asked = world.request(request.snapshot, request.at, &allow);
        asked.old_tree = Some(request.old_tree);
        let made = uvshift_venv::recreate(&asked, &SystemRunner::new(), &mut |_| {})?;
        Ok(Rebuilt { notes: made.notes, ..Rebuilt::default() })
    })
}

/// When each file and folder changed last.
fn times(root: &Path) -> Vec<(String, std::time::SystemTime)> {
    let time = |path: &Path| path.symlink_metadata().unwrap().modified().unwrap();
    let mut times: Vec<_> =
        snapshot(root).into_keys().map(|name| (name.clone(), time(&root.join(name)))).collect();
    times.push((String::new(), time(root)));
    times
}

#[test]
fn an_environment_with_everything_comes_back_either_way() {
    let world = World::new();
    let root = world.full();
    byte_for_byte(&world, &root);
    built_again(&world, &root);
}

fn byte_for_byte(world: &World, root: &Path) {
    let deep = root.join("deep").join("a".repeat(120)).join("b".repeat(200));
    fs::create_dir_all(&deep).unwrap();
    fs::write(deep.join("größe, 大きさ"), "x").unwrap();
    fs::create_dir(root.join("empty")).unwrap();
    let (before, inspect) = (snapshot(root), inspected(world, root));
    let (frozen, changed) = (world.pip_says(root, &["freeze", "--all"]), times(root));

    let archive = world.project.beside("backups").join("all.tar.zst");
    let written = full(root, &archive).unwrap();
    assert_same_tree(&before, &snapshot(root));
    let contents = inspect_archive(&archive, &mut quietly).unwrap();
    assert_eq!((&contents.sha256, contents.size), (&written.sha256, written.size));
    let sum = run(Command::new("sha256sum").arg(&archive));
    assert!(sum.starts_with(&written.sha256), "{sum}");
    assert_eq!(contents.snapshot.packages.len(), inspect.len());

    // Another version, another file, and one less: all of it is undone.
    world.pip(root, &["--force-reinstall", "--no-deps", "alpha==2.0"]);
    fs::remove_file(root.join("pyvenv.cfg")).unwrap();
    fs::write(root.join("pyvenv.cfg"), "broken").unwrap();
    let report = restored(&archive, None, Existing::Replace).unwrap();
    assert_eq!((report.way, report.files), (RestoreWay::Files, before.len() + 1));
    assert_eq!((report.kept, report.dangling), (None, Vec::new()));
    assert_same_tree(&before, &snapshot(root));
    assert_eq!(inspected(world, root), inspect);
    assert_eq!(world.pip_says(root, &["freeze", "--all"]), frozen);
    assert_eq!(times(root), changed);
    assert_eq!(run(&mut Command::new(program_of(root, "tool-run"))), "this is tool\n");

    // It is there again after it was gone.
    fs::remove_dir_all(root).unwrap();
    restored(&archive, None, Existing::Refuse).unwrap();
    assert_same_tree(&before, &snapshot(root));
}

/// What is kept without the tree is enough, at another place and at its own.
fn built_again(world: &World, root: &Path) {
    let inspect = inspected(world, root);
    let frozen = world.pip_says(root, &["freeze", "--all"]);
    let archive = world.project.beside("backups").join("light.tar.zst");
    let written = light(root, &archive).unwrap();
    assert!(written.size < 100_000, "{} bytes", written.size);
    let contents = inspect_archive(&archive, &mut quietly).unwrap();
    assert_eq!(contents.freeze, frozen);
    let names = |json: &Value| -> Vec<String> {
        let all = json.as_array().unwrap().iter();
        let mut names: Vec<_> = all.map(|it| it["metadata"]["name"].as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(names(&contents.inspect["installed"]), names(&Value::from(inspect.clone())));

    let other = world.project.path().join("elsewhere");
    let report = rebuilt(&archive, Some(&other), Existing::Refuse, &mut *with_uv(world)).unwrap();
    assert_eq!((report.way, report.at.as_path()), (RestoreWay::Rebuild, other.as_path()));
    assert_eq!(inspected(world, &other), inspect);
    assert_eq!(world.pip_says(&other, &["freeze", "--all"]), frozen);
    assert_eq!(run(&mut Command::new(program_of(&other, "tool-run"))), "this is tool\n");

    fs::write(root.join("stray"), "x").unwrap();
    rebuilt(&archive, None, Existing::Replace, &mut *with_uv(world)).unwrap();
    assert!(!root.join("stray").exists());
    assert_eq!(inspected(world, root), inspect);
    let beside = fs::read_dir(root.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(!beside.into_iter().any(|name| name.to_string_lossy().contains("uvshift")));
}

#[test]
fn an_environment_of_uv_comes_back_and_goes_elsewhere() {
    let world = World::new();
    let root = world.place();
    let mut make = uv_command(&world.project);
    run(make.args(["venv", "--quiet"]).arg(&root));
    let mut install = uv_command(&world.project);
    install.args(["pip", "install", "--quiet", "--no-index", "--find-links"]).arg(world.index());
    run(install.arg("--python").arg(program_of(&root, "python")).args(["alpha==1.0", "tool", "gamma-ray"]));
    let before = snapshot(&root);
    let archive = world.project.beside("backups").join("uv.tar.zst");
    full(&root, &archive).unwrap();
    fs::remove_dir_all(&root).unwrap();
    restored(&archive, None, Existing::Refuse).unwrap();
    assert_same_tree(&before, &snapshot(&root));
    assert_eq!(run(&mut Command::new(program_of(&root, "tool-run"))), "this is tool\n");

    // Scripts hold the path of the environment: elsewhere its files would run what is here.
    let other = world.project.path().join("other");
    let report = rebuilt(&archive, Some(&other), Existing::Refuse, &mut *with_uv(&world)).unwrap();
    assert_eq!(report.way, RestoreWay::Rebuild);
    let script = fs::read_to_string(program_of(&other, "tool-run")).unwrap();
    assert!(script.contains(&text(&other)) && !script.contains(&text(&root)), "{script}");
    let versions = |root: &Path| -> Vec<(String, String)> {
        let found = Snapshot::read(root).unwrap().packages;
        found.into_iter().map(|package| (package.name, package.version)).collect()
    };
    assert_eq!(versions(&other), versions(&root));
}

#[test]
fn the_same_environment_gives_the_same_archive() {
    let small = Small::new();
    let (first, second) = (small.beside("1.tar.zst"), small.beside("2.tar.zst"));
    let report = full(&small.root, &first).unwrap();
    assert_eq!(full(&small.root, &second).unwrap().sha256, report.sha256);
    assert_eq!(fs::read(&first).unwrap(), fs::read(&second).unwrap());
}

#[test]
fn any_tar_reads_an_archive() {
    let small = Small::new();
    let long = small.root.join("l".repeat(130)).join("m".repeat(90));
    crate::support::write(&long, "x");
    std::os::unix::fs::symlink("n".repeat(150), small.root.join("long-link")).unwrap();
    let archive = small.archive();
    let plain = small.beside("a.tar");
    fs::write(&plain, zstd::decode_all(fs::File::open(&archive).unwrap()).unwrap()).unwrap();
    let out = small.beside("out");
    fs::create_dir(&out).unwrap();
    run(Command::new("tar").arg("-xpf").arg(&plain).arg("-C").arg(&out));
    assert_same_tree(&small.tree(), &snapshot(out.join("tree")));
    let freeze = fs::read_to_string(out.join("freeze.txt")).unwrap();
    assert_eq!(freeze, "alpha==1.0\n");
}

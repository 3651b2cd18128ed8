//! Environments exchanged at their place with the pinned uv.

#![expect(clippy::disallowed_methods, reason = "tests change the environments that they make")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod world;

use std::fs;
use std::path::Path;
use std::process::Command;

use uvshift_process::SystemRunner;
use uvshift_testkit::{assert_same_tree, snapshot};
use uvshift_venv::{
    Allowances, LocalFiles, LocalKind, Migrate, MigrateError, Migrated, OldEnvironment, PythonChoice,
    Recovered, Snapshot, recover,
};
use world::{World, program_of, run, text};

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

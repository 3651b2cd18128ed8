//! Environments made anew with the pinned uv have what pip put into the old ones.

#![expect(clippy::disallowed_methods, reason = "tests change the environments that they make")]

mod world;

use std::process::Command;

use serde_json::Value;
use uvshift_venv::{Allowances, Cause, Offer, RecreateError, Selection, Snapshot, Way};
use world::{World, program_of, run};

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
    world.venv(&old, &[]);
    world.pip(&old, &["local===2.1"]);
    let before = Snapshot::read(&old).unwrap();
    let at = world.project.path().join("new");
    world.recreate(&before, &at, &Allowances::default()).unwrap();
    assert_eq!(world.pip_says(&at, &["freeze"]), "local==2.1\n");
}

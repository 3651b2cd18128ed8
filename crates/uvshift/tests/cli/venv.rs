//! `uvshift venv` with a real uv and a real pip, and no network.

#![expect(clippy::disallowed_methods, reason = "tests make and change environments")]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use uvshift_testkit::{WheelOptions, assert_same_tree, pip_python, snapshot, uv, wheel};

use crate::schema::checked_with;
use crate::support::{Ran, World};

/// A project with an environment that pip made of local wheels.
struct Place {
    world: World,
    wheels: PathBuf,
}

/// Runs with the real uv and the real pip, which know these wheels alone.
pub(crate) fn run_with_wheels(world: &World, wheels: &Path, arguments: &[&str]) -> Ran {
    let (uv, config, nothing) = (uv(), world.beside("pip.conf"), Path::new("1"));
    let text = format!("[global]\nno-index = true\nfind-links = {}\n", wheels.display());
    std::fs::write(&config, text).expect("a written file");
    let cache = world.beside("uv-cache");
    let path = format!("{}:/usr/bin:/bin", pip_python().parent().expect("a folder").display());
    let variables = [
        ("UVSHIFT_UV", uv.as_path()),
        ("PIP_CONFIG_FILE", &config),
        ("UV_CACHE_DIR", &cache),
        ("UV_OFFLINE", nothing),
        ("PATH", Path::new(&path)),
    ];
    world.run_with(arguments, &variables)
}

impl Place {
    fn new() -> Self {
        let world = World::new(&[("app.py", "import flask\n")]);
        let wheels = world.beside("wheels");
        wheel(&wheels, "Flask", "3.0", &WheelOptions::requiring(["werkzeug>=3"]));
        wheel(&wheels, "werkzeug", "3.1", &WheelOptions::default());
        wheel(&wheels, "werkzeug", "3.0", &WheelOptions::default());
        let environment = world.project().join(".venv");
        let succeeds = |command: &mut Command| {
            let output = command
                .env_remove("PIP_INDEX_URL")
                .env("PIP_CONFIG_FILE", "/dev/null")
                .output()
                .expect("a command");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        };
        succeeds(Command::new(pip_python()).args(["-m", "venv", "--without-pip"]).arg(&environment));
        let mut pip = Command::new(pip_python());
        pip.args(["-m", "pip", "--python"]).arg(environment.join("bin/python"));
        pip.args(["install", "--quiet", "--no-index", "--find-links"])
            .arg(&wheels)
            .args(["flask", "werkzeug==3.0"]);
        succeeds(&mut pip);
        Self { world, wheels }
    }

    fn environment(&self) -> PathBuf {
        self.world.project().join(".venv")
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        run_with_wheels(&self.world, &self.wheels, arguments)
    }

    fn shows(&self, name: &str, arguments: &[&str], code: i32) {
        let ran = self.run(arguments);
        self.world.compare(name, arguments, &ran);
        assert_eq!(ran.code, code, "{}{}", ran.stdout, ran.stderr);
    }
}

#[test]
fn an_environment_is_told_from_its_files() {
    let place = Place::new();
    place.shows("venv-snapshot", &["venv", "snapshot"], 0);
    let freeze = place.run(&["venv", "snapshot", "--format", "freeze"]);
    assert_eq!(freeze.stdout, "Flask==3.0\nwerkzeug==3.0\n");
    let json = checked_with(&place.run(&["venv", "snapshot", "--format", "json"]), "venv_snapshot");
    assert_eq!(json["environment"]["packages"][0]["name"], "Flask");
    checked_with(&place.run(&["venv", "snapshot", "wheels", "--format", "json"]), "failed");
    let inspect: Value =
        serde_json::from_str(&place.run(&["venv", "snapshot", "--format", "inspect"]).stdout).expect("JSON");
    assert_eq!(inspect["installed"].as_array().map(Vec::len), Some(2));
    place.shows("venv-snapshot-nothing", &["venv", "snapshot", "wheels"], 2);
}

/// Every origin, what conda brought, and what is broken.
#[test]
fn whatever_an_environment_holds_is_in_the_schema() {
    let world = World::new(&[]);
    let root = world.project().join(".venv");
    let packages = root.join("lib/python3.11/site-packages");
    let git = r#"{"url":"https://git.example/a.git","vcs_info":{"vcs":"git","commit_id":"0123456789012345678901234567890123456789","requested_revision":"main"},"subdirectory":"a"}"#;
    let archive = r#"{"url":"https://files.example/b.zip","archive_info":{"hashes":{"sha256":"00"}}}"#;
    let folder = r#"{"url":"file:///src/c","dir_info":{"editable":true}}"#;
    for (name, direct) in [("a", git), ("b", archive), ("c", folder), ("d", "{")] {
        let info = packages.join(format!("{name}-1.dist-info"));
        std::fs::create_dir_all(&info).expect("folders");
        std::fs::write(info.join("METADATA"), format!("Name: {name}\nVersion: 1\n")).expect("a file");
        std::fs::write(info.join("direct_url.json"), direct).expect("a file");
        std::fs::write(info.join("entry_points.txt"), "[console_scripts]\nx = a:b\n").expect("a file");
    }
    std::fs::write(root.join("pyvenv.cfg"), "home = /nowhere\nversion = 3.11.7\n").expect("a file");
    let conda = world.project().join("conda/conda-meta");
    std::fs::create_dir_all(&conda).expect("folders");
    let python = r#"{"name":"python","version":"3.11.7","build":"h0","channel":"conda-forge","files":[]}"#;
    std::fs::write(conda.join("python-3.11.7-h0.json"), python).expect("a file");
    std::fs::write(conda.join("history"), "").expect("a file");
    let json = checked_with(&world.run(&["venv", "snapshot", "--format", "json"]), "venv_snapshot");
    let kind = |at: usize| json["environment"]["packages"][at]["origin"]["type"].clone();
    assert_eq!([kind(0), kind(1), kind(2)], ["vcs", "archive", "directory"], "{json:#}");
    let json = checked_with(&world.run(&["venv", "snapshot", "conda", "--format", "json"]), "venv_snapshot");
    assert_eq!(json["environment"]["conda_packages"][0]["name"], "python", "{json:#}");
    let listed = checked_with(&world.run(&["venv", "list", "--format", "json"]), "venv_list");
    assert!(listed["environments"][0]["broken"].is_string(), "{listed:#}");
}

#[test]
fn environments_are_listed() {
    let place = Place::new();
    let json = checked_with(&place.run(&["venv", "list", "--format", "json"]), "venv_list");
    assert_eq!(json["environments"].as_array().map(Vec::len), Some(1));
    assert_eq!(json["environments"][0]["name"], ".venv");
    assert_eq!(json["environments"][0]["size"], Value::Null);
    let sized = checked_with(&place.run(&["venv", "list", "--sizes", "--format", "json"]), "venv_list");
    assert!(sized["environments"][0]["size"].is_u64(), "{sized:#}");
    let text = place.run(&["venv", "list", "--sizes"]);
    assert!(text.stdout.contains("/shop/.venv") && text.code == 0, "{}{}", text.stdout, text.stderr);
    assert_eq!(place.run(&["venv", "list", "--project-only", "wheels"]).code, 10);
}

#[test]
fn a_full_backup_comes_back_byte_for_byte() {
    let place = Place::new();
    let before = snapshot(place.environment());
    place.shows("venv-backup", &["venv", "backup", "--full", "-o", "../kept.tar.zst"], 0);
    place.shows("venv-backup-again", &["venv", "backup", "--full", "-o", "../kept.tar.zst"], 1);
    std::fs::remove_dir_all(place.environment()).expect("a removed environment");
    let planned = place.run(&["venv", "restore", "../kept.tar.zst", "--dry-run", "--format", "json"]);
    let planned = checked_with(&planned, "venv_restore");
    assert_eq!((planned["status"].as_str(), planned["way"].as_str()), (Some("planned"), Some("files")));
    place.shows("venv-restore-dry-run", &["venv", "restore", "../kept.tar.zst", "--dry-run"], 0);
    assert!(!place.environment().exists());
    place.shows("venv-restore-without-yes", &["venv", "restore", "../kept.tar.zst"], 1);
    assert!(!place.environment().exists());
    place.shows("venv-restore", &["venv", "restore", "../kept.tar.zst", "--yes"], 0);
    assert_same_tree(&before, &snapshot(place.environment()));
    place.shows("venv-restore-occupied", &["venv", "restore", "../kept.tar.zst", "--yes"], 1);
}

#[test]
fn a_light_backup_is_made_anew_with_uv() {
    let place = Place::new();
    let backup = checked_with(
        &place.run(&["venv", "backup", "--format", "json", "-o", "../kept.tar.zst"]),
        "venv_backup",
    );
    let digest = backup["sha256"].as_str().expect("a digest").to_owned();
    let looked = place.run(&["venv", "restore", "../kept.tar.zst", "--dry-run", "--sha256", &"0".repeat(64)]);
    assert_eq!(looked.code, 4, "a dry run believes no other archive: {}", looked.stdout);
    let other =
        place.run(&["venv", "restore", "../kept.tar.zst", "../other", "--yes", "--sha256", &"0".repeat(64)]);
    assert_eq!(other.code, 4, "{}", other.stderr);
    let restored = place.run(&[
        "venv",
        "restore",
        "../kept.tar.zst",
        "../other",
        "--yes",
        "--sha256",
        &digest,
        "--format",
        "json",
    ]);
    let json = checked_with(&restored, "venv_restore");
    assert_eq!((json["status"].as_str(), json["way"].as_str()), (Some("restored"), Some("rebuild")));
    let freeze = place.run(&["venv", "snapshot", "../other", "--format", "freeze"]);
    assert_eq!(freeze.stdout, "Flask==3.0\nwerkzeug==3.0\n");
}

#[test]
fn an_archive_that_was_changed_is_refused() {
    let place = Place::new();
    assert_eq!(place.run(&["venv", "backup", "-o", "../kept.tar.zst"]).code, 0);
    let archive = place.world.beside("kept.tar.zst");
    let mut bytes = std::fs::read(&archive).expect("an archive");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&archive, bytes).expect("a written archive");
    let ran = place.run(&["venv", "restore", "../kept.tar.zst", "../other", "--yes"]);
    assert_eq!(ran.code, 4, "{}{}", ran.stdout, ran.stderr);
    assert!(!place.world.beside("other").exists());
}

#[test]
fn an_environment_is_made_anew_at_its_place() {
    let place = Place::new();
    let before = snapshot(place.environment());
    place.shows("venv-migrate-dry-run", &["venv", "migrate", "--dry-run"], 0);
    let planned = checked_with(&place.run(&["venv", "migrate", "--format", "json"]), "venv_migrate");
    assert_eq!((&planned["status"], &planned["result"]), (&"planned".into(), &Value::Null));
    place.shows("venv-migrate-without-yes", &["venv", "migrate"], 1);
    assert_same_tree(&before, &snapshot(place.environment()));
    place.shows("venv-migrate", &["venv", "migrate", "--yes"], 0);
    let config = std::fs::read_to_string(place.environment().join("pyvenv.cfg")).expect("a config");
    assert!(config.contains("uv = "), "{config}");
    let freeze = place.run(&["venv", "snapshot", "--format", "freeze"]);
    assert_eq!(freeze.stdout, "Flask==3.0\nwerkzeug==3.0\n");
}

#[test]
fn what_cannot_be_had_stops_it_and_is_told_with_what_helps() {
    let place = Place::new();
    std::fs::remove_file(place.wheels.join("werkzeug-3.0-py3-none-any.whl")).expect("a removed wheel");
    let before = snapshot(place.environment());
    let refused = checked_with(&place.run(&["venv", "migrate", "--yes", "--format", "json"]), "venv_migrate");
    assert_eq!(refused["status"], "needs-decision");
    assert!(refused["refusals"][0]["offers"].as_array().is_some_and(|it| !it.is_empty()), "{refused:#}");
    place.shows("venv-migrate-refused", &["venv", "migrate", "--yes"], 1);
    assert_same_tree(&before, &snapshot(place.environment()));
    let json = checked_with(
        &place.run(&["venv", "migrate", "--yes", "--carry", "werkzeug", "--format", "json"]),
        "venv_migrate",
    );
    assert_eq!(json["status"], "migrated", "{json:#}");
}

#[test]
fn files_that_nobody_brought_want_a_decision() {
    let place = Place::new();
    let packages = place.run(&["venv", "snapshot", "--format", "json"]);
    let json: Value = serde_json::from_str(&packages.stdout).expect("JSON");
    let folder = PathBuf::from(json["environment"]["site_packages"][0].as_str().expect("a folder"));
    std::fs::write(folder.join("mine.py"), "MINE = 1\n").expect("a written file");
    let told = checked_with(&place.run(&["venv", "migrate", "--format", "json"]), "venv_migrate");
    assert_eq!(told["local_changes"][0]["kind"], "loose");
    place.shows("venv-migrate-local", &["venv", "migrate", "--yes"], 1);
    let carried = ["venv", "migrate", "--yes", "--local-files", "carry", "--keep-old", "--format", "json"];
    let carried = checked_with(&place.run(&carried), "venv_migrate");
    let outcome = &carried["result"];
    assert!(outcome["carried"].as_array().is_some_and(|all| all.len() == 1), "{carried:#}");
    assert!(outcome["kept"].is_string() && outcome["seconds"].is_number(), "{carried:#}");
    assert_eq!(std::fs::read_to_string(folder.join("mine.py")).expect("a file"), "MINE = 1\n");
}

#[test]
fn what_was_done_by_hand_and_what_is_replaced_are_in_the_schema() {
    let place = Place::new();
    let backup = place.run(&["venv", "backup", "--full", "-o", "../kept.tar.zst", "--format", "json"]);
    assert_eq!(checked_with(&backup, "venv_backup")["kind"], "full");
    let taken = place.run(&["venv", "snapshot", "--format", "json"]);
    let json: Value = serde_json::from_str(&taken.stdout).expect("JSON");
    let folder = PathBuf::from(json["environment"]["site_packages"][0].as_str().expect("a folder"));
    std::fs::write(folder.join("werkzeug/__init__.py"), "MINE = 1\n").expect("a written file");
    std::fs::remove_file(folder.join("flask/__init__.py")).expect("a removed file");
    let told = place.run(&["venv", "migrate", "--dry-run", "--format", "json"]);
    let told = checked_with(&told, "venv_migrate");
    let changes = told["local_changes"].as_array().expect("a list");
    let has = |kind: &str, package: &str| {
        changes.iter().any(|it| it["kind"] == kind && it["package"].as_str().is_some_and(|it| it == package))
    };
    assert!(has("patched", "werkzeug") && has("deleted", "Flask"), "{told:#}");
    let dropped = ["venv", "migrate", "--yes", "--local-files", "drop", "--format", "json"];
    let dropped = checked_with(&place.run(&dropped), "venv_migrate");
    assert!(dropped["result"]["dropped"].as_array().is_some_and(|all| !all.is_empty()), "{dropped:#}");
    let replaced = ["venv", "restore", "../kept.tar.zst", "--replace", "--yes", "--format", "json"];
    let replaced = checked_with(&place.run(&replaced), "venv_restore");
    assert!(replaced["result"]["files"].as_u64().is_some_and(|files| files > 0), "{replaced:#}");
}

#[test]
fn nothing_of_the_folder_is_run_and_a_project_is_not_replaced() {
    let place = Place::new();
    // Python looks into the current folder first.
    place.world.write("pip.py", "open('ran', 'w')\n");
    assert_eq!(place.run(&["venv", "migrate", "--dry-run"]).code, 0);
    assert_eq!(place.run(&["venv", "backup", "-o", "../kept.tar.zst"]).code, 0);
    assert!(!place.world.project().join("ran").exists());
    place.world.write(".venv/pyproject.toml", "[project]\n");
    let refused = place.run(&["venv", "migrate", "--yes"]);
    assert_eq!(refused.code, 1, "{}", refused.stderr);
    let replaced = place.run(&["venv", "restore", "../kept.tar.zst", "--replace", "--yes"]);
    assert_eq!(replaced.code, 1, "{}", replaced.stderr);
    assert!(place.environment().join("pyproject.toml").exists());
}

/// No environment is nothing to do; one that was named and is not there is a slip of the finger.
#[test]
fn no_environment_is_said_in_these_words() {
    let world = World::new(&[("app.py", "import flask\n")]);
    let uv = uv();
    for (arguments, code) in [
        (&["venv", "snapshot"][..], 10),
        (&["venv", "migrate"], 10),
        (&["venv", "migrate", "--dry-run"], 10),
        (&["venv", "backup"], 10),
        (&["venv", "snapshot", "elsewhere"], 2),
    ] {
        let ran = world.run_with(arguments, &[("UVSHIFT_UV", uv.as_path())]);
        assert_eq!(ran.code, code, "{arguments:?}: {}", ran.stderr);
        let is_said =
            ran.stderr.contains("there is no environment here") && ran.stderr.contains("`uv venv` makes one");
        assert_eq!(is_said, code == 10, "{arguments:?}: {}", ran.stderr);
    }
}

#[test]
fn an_archive_has_a_name_that_says_what_it_is() {
    let place = Place::new();
    for (name, better) in [
        ("a.tar.gz", "a.tar.zst"),
        ("b.TGZ", "b.tar.zst"),
        ("c.zip", "c.tar.zst"),
        ("d.1.tar.bz2", "d.1.tar.zst"),
    ] {
        let ran = place.world.run(&["venv", "backup", "-o", name]);
        assert_eq!(ran.code, 2, "{name}: {}", ran.stderr);
        assert!(ran.stderr.contains(&format!("name it `{better}`")), "{}", ran.stderr);
        assert!(!place.world.project().join(name).exists());
    }
    assert_eq!(place.world.run(&["venv", "backup", "-o", "e.tar.zst"]).code, 0);
}

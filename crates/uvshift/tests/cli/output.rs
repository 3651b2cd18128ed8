//! What the command prints, word for word.

use crate::support::{FakeUv, World, shop};

#[test]
fn check() {
    let world = shop();
    let before = world.picture();
    world.snapshot("check", &["check"], 0);
    assert_eq!(world.picture(), before);
}

#[test]
fn migrate_and_everything_after_it() {
    let world = shop();
    let before = world.picture();
    world.snapshot("migrate-dry-run", &["migrate", "--dry-run"], 0);
    world.snapshot("migrate-without-yes", &["migrate"], 1);
    assert_eq!(world.picture(), before, "neither writes");
    world.snapshot("migrate-yes", &["migrate", "--yes"], 0);
    world.snapshot("migrate-again", &["migrate", "--yes"], 10);
    world.snapshot("check-again", &["check"], 10);
    world.snapshot("verify", &["verify"], 0);
    world.snapshot("rollback-dry-run", &["rollback", "--dry-run"], 0);
    world.snapshot("rollback", &["rollback"], 0);
    assert_eq!(world.picture(), before);
    assert!(!world.project().join(".uvshift").exists());
    world.snapshot("rollback-again", &["rollback"], 10);
    world.snapshot("verify-without-a-run", &["verify"], 1);
}

#[test]
fn verify_tells_what_was_changed() {
    let world = shop();
    assert_eq!(world.run(&["migrate", "--yes"]).code, 0);
    let changed = world.read("pyproject.toml").replace("flask>=3", "flask>=2");
    world.write("pyproject.toml", changed);
    world.snapshot("verify-tampered", &["verify"], 1);
    world.snapshot("verify-tampered-json", &["verify", "--format", "json"], 1);
    let ran = world.snapshot("rollback-refused", &["rollback"], 1);
    assert!(ran.stdout.is_empty());
    assert!(world.read("pyproject.toml").contains("flask>=2"), "a refused rollback changes nothing");
    world.snapshot("rollback-forced", &["rollback", "--force"], 0);
    assert!(world.read("requirements.txt").contains("flask>=3"));
}

#[test]
fn refused() {
    let world = shop();
    world.write(
        "requirements.txt",
        "flask>=3\nhg+https://hg.example/old#egg=old\nrequests==2.31.0\ngamma>=1.*\n",
    );
    let before = world.picture();
    world.snapshot("refused", &["migrate", "--yes"], 1);
    assert_eq!(world.picture(), before);
    world.snapshot("refused-skipped", &["migrate", "--yes", "--skip-refused"], 1);
    assert!(world.read("pyproject.toml").contains("requests==2.31.0"));
    assert!(world.read("requirements.txt").contains("hg.example"));
}

#[test]
fn nothing_to_do() {
    World::new(&[("app.py", "")]).snapshot("nothing", &["migrate", "--yes"], 10);
    let lone = World::new(&[("app.py", "")]);
    lone.snapshot("nothing-json", &["check", "--format", "json"], 10);
    let world = World::new(&[
        ("pyproject.toml", "[project]\nname = \"a\"\nversion = \"1\"\n[tool.uv]\n"),
        ("uv.lock", "version = 1\n"),
    ]);
    world.snapshot("already-uv", &["migrate", "--yes"], 10);
}

#[test]
fn usage() {
    let world = shop();
    for arguments in [
        &["migrate", "--no-such-flag"][..],
        &["migrate", "--no-lock", "--upgrade"],
        &["migrate", "--group", "dev"],
        &["migrate", "--main", "no-such-file.txt"],
        &["migrate", "--python", "three"],
        &["migrate", "no-such-folder"],
        &[],
    ] {
        let ran = world.run(arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stdout.is_empty() && !ran.stderr.is_empty(), "{arguments:?}");
    }
    world.snapshot("usage-group", &["migrate", "--group", "dev"], 2);
}

#[test]
fn quiet_prints_nothing_when_all_is_well() {
    let world = shop();
    let ran = world.run(&["migrate", "--yes", "--quiet"]);
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", ""));
}

#[test]
fn a_secret_is_never_printed() {
    let files = [
        (".python-version", "3.10\n"),
        (
            "requirements.txt",
            "--index-url https://joe:s3cret-word@index.example/simple\n\
             --extra-index-url https://${U}:${P}@other.example/simple\n\
             -f https://t0ken-word@links.example/\n\
             requests==2.31.0\nflask>=3\n\
             alpha @ https://bob:hunter2-word@files.example/alpha-1.0-py3-none-any.whl\n\
             git+https://gh-t0ken-word@git.example/beta.git#egg=beta\n\
             bad===https://eve:ev1l-word@x.example\n",
        ),
        (
            "Dockerfile",
            "RUN pip install -i https://joe:s3cret-word@index.example/simple -r requirements.txt\n",
        ),
    ];
    let secrets = ["s3cret-word", "t0ken-word", "hunter2-word", "gh-t0ken-word", "ev1l-word", "joe:", "bob:"];
    let world = World::new(&files);
    let removed = World::new(&files);
    let all = removed.read("requirements.txt");
    removed.write("requirements.txt", all.rsplit_once("bad===").expect("the refused line").0);
    removed.write("Dockerfile", "FROM python:3.10\n");
    for arguments in [&["migrate"][..], &["migrate", "--dry-run", "--format", "json"]] {
        let ran = removed.run(arguments);
        assert!(ran.stdout.contains("-f https://****@links.example/"), "the diff is there\n{}", ran.stdout);
        for secret in secrets {
            assert!(!ran.stdout.contains(secret) && !ran.stderr.contains(secret), "{secret}\n{}", ran.stdout);
        }
    }
    for arguments in [
        &["check"][..],
        &["check", "--format", "json", "-v"],
        &["migrate", "--dry-run", "-v"],
        &["migrate", "--yes", "--no-lock", "--skip-refused", "-v"],
    ] {
        let ran = world.run(arguments);
        for secret in secrets {
            assert!(!ran.stdout.contains(secret), "{arguments:?} prints {secret}\n{}", ran.stdout);
            assert!(!ran.stderr.contains(secret), "{arguments:?} prints {secret}\n{}", ran.stderr);
        }
    }
    for secret in secrets {
        assert!(!world.read("pyproject.toml").contains(secret), "{secret}");
    }
    assert!(!world.read("pyproject.toml").is_empty());
}

#[test]
fn uv_that_is_no_uv() {
    let world = shop();
    let before = world.picture();
    world.uv(FakeUv::Instant);
    let place = world.project().join("app.py").display().to_string();
    world.snapshot("not-uv", &["migrate", "--yes", "--uv", &place], 3);
    assert_eq!(world.picture(), before);
}

//! Backup and restore are killed at every point: in a process of their own, which ends there without cleaning up.

use std::cell::Cell;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use uvshift_testkit::{Snapshot as Tree, assert_same_tree, snapshot};
use uvshift_venv::{
    ArchiveError, ArchiveKind, ArchiveProgress, Existing, RebuildRequest, Rebuilt, RestoreRecovered, backup,
    inspect_archive, recover_restore, restore,
};

use crate::support::{Small, fill, full, light, options, quietly, restore_options, write};

const JOB: &str = "UVSHIFT_TEST_JOB";
const POINT: &str = "UVSHIFT_TEST_POINT";
const FOLDER: &str = "UVSHIFT_TEST_FOLDER";

/// The exit status of a process that was killed, which no test has.
const KILLED: i32 = 86;

/// What a killed process does. In a normal run there is no job, and nothing is done.
#[test]
fn a_job_of_a_killed_process() {
    let Ok(job) = std::env::var(JOB) else { return };
    let point: usize = std::env::var(POINT).unwrap().parse().unwrap();
    let folder = PathBuf::from(std::env::var(FOLDER).unwrap());
    let passed = Cell::new(0);
    let pass = || {
        passed.set(passed.get() + 1);
        #[expect(clippy::exit, reason = "a process that is killed does not come back")]
        if passed.get() == point {
            // Nothing is dropped, so that no file is removed.
            std::process::exit(KILLED);
        }
    };
    run_job(&job, &folder, &pass);
}

fn run_job(job: &str, folder: &Path, pass: &dyn Fn()) {
    let mut watch = |_: &ArchiveProgress<'_>| {
        pass();
        ControlFlow::Continue(())
    };
    let (root, archive) = (folder.join("env"), folder.join("a.tar.zst"));
    if let Some(job) = job.strip_prefix("full-disk-") {
        return run_on_a_full_disk(job, &root, &archive);
    }
    let mut rebuild = |request: &RebuildRequest<'_>| {
        pass();
        write(&request.at.join("half"), "x");
        pass();
        fs::remove_file(request.at.join("half")).unwrap();
        fill(request.at);
        pass();
        Ok(Rebuilt::default())
    };
    if job == "backup" {
        let mut options = options(&root, ArchiveKind::Full, &archive);
        options.existing = Existing::Replace;
        backup(&options, &mut watch).unwrap();
    } else {
        let at = (job == "rebuild").then_some(root.as_path());
        restore(&restore_options(&archive, at, Existing::Replace), Some(&mut rebuild), &mut watch).unwrap();
    }
}

/// No file may be longer than a few kilobytes here, which is like a disk that is full.
fn run_on_a_full_disk(job: &str, root: &Path, archive: &Path) {
    let result = if job == "backup" {
        full(root, &archive.with_file_name("b.tar.zst")).map(drop)
    } else {
        crate::support::restored(archive, None, Existing::Replace).map(drop)
    };
    let Err(error @ ArchiveError::Write { .. }) = result else { panic!("{result:?}") };
    assert!(error.hint().unwrap().contains("free some space"), "{:?}", error.hint());
}

#[test]
fn a_full_disk_is_told_and_leaves_everything_as_it_was() {
    let small = Small::new();
    // Nothing that can be compressed: a sum of sums.
    let mut state = 1_u64;
    let noise: Vec<u8> = (0..200_000)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state.to_be_bytes()[0]
        })
        .collect();
    fs::write(small.root.join("noise"), noise).unwrap();
    small.archive();
    write(&small.root.join("old"), "x");
    let before = snapshot(small.root.parent().unwrap());
    for job in ["full-disk-backup", "full-disk-restore"] {
        let mut child = Command::new("sh");
        // Without the trap the system would end the process instead of refusing to write.
        child.args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\""]);
        child.arg(std::env::current_exe().unwrap()).args(["--exact", "killed::a_job_of_a_killed_process"]);
        child.env(JOB, job).env(POINT, "0").env(FOLDER, small.root.parent().unwrap());
        let output = child.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        assert_same_tree(&before, &snapshot(small.root.parent().unwrap()));
    }
}

/// Runs a job that is killed at a point; whether it came that far.
fn killed(job: &str, point: usize, folder: &Path) -> bool {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "killed::a_job_of_a_killed_process"]);
    child.env(JOB, job).env(POINT, point.to_string()).env(FOLDER, folder);
    let output = child.output().unwrap();
    match output.status.code() {
        Some(0) => false,
        Some(KILLED) => true,
        _ => panic!("{}", String::from_utf8_lossy(&output.stderr)),
    }
}

/// Kills a job at every point. `prepare` makes what is there before, `check` looks at what is there afterwards.
fn at_every_point(job: &str, prepare: impl Fn(&Small), check: impl Fn(&Small, usize)) -> usize {
    let mut point = 1;
    loop {
        let small = Small::new();
        prepare(&small);
        let was_killed = killed(job, point, small.root.parent().unwrap());
        check(&small, point);
        if !was_killed {
            return point - 1;
        }
        point += 1;
    }
}

/// How trees of small environments differ from each other though they are the same: they hold their own path.
fn is_new(tree: &Tree) -> bool {
    !tree.contains_key("old") && tree.contains_key("pyvenv.cfg") && tree.len() == *ENTRIES
}

fn is_old(tree: &Tree) -> bool {
    tree.contains_key("old") && tree.len() == *ENTRIES + 1
}

/// How many files, folders and links there are in a small environment.
static ENTRIES: LazyLock<usize> = LazyLock::new(|| Small::new().tree().len());

#[test]
fn a_backup_that_is_killed_leaves_the_old_archive_or_the_new_one() {
    let points = at_every_point(
        "backup",
        |small| {
            light(&small.root, &small.beside("a.tar.zst")).unwrap();
        },
        |small, _| {
            let contents = inspect_archive(&small.beside("a.tar.zst"), &mut quietly).unwrap();
            assert_eq!(contents.freeze, "alpha==1.0\n");
            assert!(is_new(&small.tree()));
            assert_eq!(small.names(&[".uvshift-backup-"]), ["a.tar.zst", "env"]);
        },
    );
    assert!(points > 30, "{points}");
}

#[test]
fn a_restore_of_files_that_is_killed_leaves_the_old_environment_or_the_new_one() {
    let points = at_every_point(
        "restore",
        |small| {
            small.archive();
            write(&small.root.join("old"), "x");
        },
        |small, point| {
            // At its place, at every moment.
            let tree = small.tree();
            assert!(is_old(&tree) || is_new(&tree), "{point}: {tree:?}");
            let recovered = recover_restore(&small.root).unwrap();
            assert_ne!(recovered, RestoreRecovered::PutBack);
            assert_same_tree(&tree, &small.tree());
            assert_eq!(small.names(&[]), ["a.tar.zst", "env"]);
        },
    );
    assert!(points > 60, "{points}");
}

#[test]
fn a_rebuild_that_is_killed_leaves_the_old_environment_or_the_new_one() {
    for (kind, least) in [(ArchiveKind::Light, 10), (ArchiveKind::Full, 40)] {
        let points = at_every_point(
            "rebuild",
            |small| {
                prepare_rebuild(small, kind);
                write(&small.root.join("old"), "x");
            },
            |small, point| {
                let aside = small.beside(".env.uvshift-restore/aside");
                let (here, beside) = (found(&small.root), found(&aside));
                let is_whole = is_old(&here) || is_new(&here) || is_old(&beside);
                assert!(is_whole, "{point}: {here:?} and {beside:?}");
                recover_restore(&small.root).unwrap();
                let tree = small.tree();
                assert!(is_old(&tree) || is_new(&tree), "{point}: {tree:?}");
                assert_eq!(small.names(&[]), ["a.tar.zst", "env"]);
            },
        );
        assert!(points >= least, "{points}");
    }
}

#[test]
fn a_rebuild_where_nothing_was_leaves_nothing_or_all_of_it() {
    at_every_point(
        "rebuild",
        |small| {
            prepare_rebuild(small, ArchiveKind::Light);
            fs::remove_dir_all(&small.root).unwrap();
        },
        |small, point| {
            recover_restore(&small.root).unwrap();
            let tree = found(&small.root);
            assert!(tree.is_empty() || is_new(&tree), "{point}: {tree:?}");
            assert!(small.names(&[]).len() <= 2);
        },
    );
}

/// An archive that can only be built again at the place of the environment: it was made elsewhere.
fn prepare_rebuild(small: &Small, kind: ArchiveKind) {
    let archive = small.beside("a.tar.zst");
    if kind == ArchiveKind::Light {
        light(&small.root, &archive).unwrap();
        return;
    }
    full(&small.root, &archive).unwrap();
    let mut forged = crate::forged::Forged::read(&archive);
    forged.manifest["root"] = "/nowhere/env".into();
    fs::write(&archive, forged.bytes()).unwrap();
}

fn found(root: &Path) -> Tree {
    if root.exists() { snapshot(root) } else { Tree::new() }
}

#[test]
fn the_next_restore_puts_right_what_a_killed_one_left() {
    let small = Small::new();
    prepare_rebuild(&small, ArchiveKind::Light);
    write(&small.root.join("old"), "x");
    let before = small.tree();
    // In the middle of building: the old one is aside, half of a new one is at its place.
    let half = (1..1000).find(|point| {
        assert!(killed("rebuild", *point, small.root.parent().unwrap()));
        small.root.join("half").exists()
    });
    assert!(half.is_some() && !is_old(&small.tree()));
    assert_eq!(recover_restore(&small.root).unwrap(), RestoreRecovered::PutBack);
    assert_same_tree(&before, &small.tree());
    assert!(killed("rebuild", half.unwrap(), small.root.parent().unwrap()));
    assert!(!killed("rebuild", 1000, small.root.parent().unwrap()));
    assert!(is_new(&small.tree()));
    assert_eq!(small.names(&[]), ["a.tar.zst", "env"]);
    assert_eq!(recover_restore(&small.root).unwrap(), RestoreRecovered::Nothing);
}

/// By the system, at moments that nobody chose: also within the exchange and while the old one is removed.
#[test]
fn a_restore_that_the_system_kills_leaves_the_old_environment_or_the_new_one() {
    let small = Small::new();
    for number in 0..600 {
        write(&small.root.join(format!("lib/many/{}/{number}.py", number % 20)), "x = 1\n");
    }
    small.archive();
    let new = small.tree();
    let (mut seen_old, mut seen_new) = (0, 0);
    for turn in 0..12 {
        write(&small.root.join("old"), "x");
        let old = small.tree();
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "killed::a_job_of_a_killed_process"]).stdout(std::process::Stdio::null());
        child.env(JOB, "restore").env(POINT, "0").env(FOLDER, small.root.parent().unwrap());
        let mut child = child.spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(turn * 40));
        child.kill().unwrap();
        child.wait().unwrap();
        let found = small.tree();
        if found.contains_key("old") {
            assert_same_tree(&old, &found);
            seen_old += 1;
        } else {
            assert_same_tree(&new, &found);
            seen_new += 1;
        }
        recover_restore(&small.root).unwrap();
        assert_same_tree(&found, &small.tree());
        assert_eq!(small.names(&[]), ["a.tar.zst", "env"]);
    }
    assert!(seen_old > 0, "{seen_old} and {seen_new}");
}

#[test]
fn a_folder_of_somebody_else_is_not_trusted() {
    let small = Small::new();
    let before = small.tree();
    write(&small.beside("planted/aside/pyvenv.cfg"), "evil");
    std::os::unix::fs::symlink(small.beside("planted"), small.beside(".env.uvshift-restore")).unwrap();
    assert!(recover_restore(&small.root).is_err());
    assert_same_tree(&before, &small.tree());
}

#[test]
fn two_restores_at_the_same_time_do_not_meet() {
    let small = Small::new();
    let archive = small.archive();
    let before = small.tree();
    let mut inner = None;
    let result = restore(&restore_options(&archive, None, Existing::Replace), None, &mut |progress| {
        if progress.step == uvshift_venv::ArchiveStep::Check && inner.is_none() {
            inner = Some(crate::support::restored(&archive, None, Existing::Replace));
        }
        ControlFlow::Continue(())
    });
    result.unwrap();
    let inner = inner.unwrap();
    assert!(matches!(inner, Err(ArchiveError::Busy { .. })), "{inner:?}");
    assert_same_tree(&before, &small.tree());
}

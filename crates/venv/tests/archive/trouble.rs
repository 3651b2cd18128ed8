//! What can go wrong, and that everything is as before then.

use std::fs;
use std::ops::ControlFlow;

use uvshift_testkit::{assert_same_tree, snapshot};
use uvshift_venv::{
    ArchiveError, ArchiveKind, ArchiveStep, Destination, Existing, LeftOutKind, RebuildRequest, Rebuilt,
    backup, inspect_archive, restore,
};

use crate::support::{
    SECONDS, Small, fill, full, light, mode, options, quietly, rebuilt, restore_options, restored, write,
};

#[test]
fn an_archive_replaces_another_one_only_when_told() {
    let small = Small::new();
    let mut options = options(&small.root, ArchiveKind::Light, &small.beside("unused"));
    options.destination = Destination::Folder(small.folder.path().to_owned());
    let first = backup(&options, &mut quietly).unwrap();
    assert_eq!(
        first.archive.file_name().unwrap().to_str().unwrap().split_once('-').unwrap().1,
        "20261128-142212.tar.zst"
    );
    let bytes = fs::read(&first.archive).unwrap();
    let Err(ArchiveError::Exists { path }) = backup(&options, &mut quietly) else { panic!() };
    assert_eq!(path, first.archive);
    assert_eq!(fs::read(&first.archive).unwrap(), bytes);
    options.existing = Existing::Replace;
    options.kind = ArchiveKind::Full;
    backup(&options, &mut quietly).unwrap();
    assert_ne!(fs::read(&first.archive).unwrap(), bytes);
    let at = options.seconds;
    assert_eq!(at, SECONDS);
    // Nobody else may read it, and nothing is left.
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&first.archive.metadata().unwrap().permissions()) & 0o777,
        0o600
    );
    assert_eq!(small.names(&[]).len(), 2);
}

#[test]
fn an_archive_does_not_go_into_its_environment() {
    let small = Small::new();
    let inside = small.root.join("include/a.tar.zst");
    assert!(matches!(full(&small.root, &inside), Err(ArchiveError::Inside { .. })));
    std::os::unix::fs::symlink(&small.root, small.beside("link")).unwrap();
    let inside = small.beside("link").join("a.tar.zst");
    assert!(matches!(full(&small.root, &inside), Err(ArchiveError::Inside { .. })));
    let nowhere = small.beside("no/such/folder/a.tar.zst");
    assert!(matches!(full(&small.root, &nowhere), Err(ArchiveError::Write { .. })));
    assert!(matches!(light(&small.beside("no"), &small.beside("a")), Err(ArchiveError::Environment { .. })));
}

#[test]
fn a_file_that_changes_while_it_is_read_is_named() {
    type Change = fn(&std::path::Path);
    let changes: [(&str, Change); 5] = [
        ("bin/activate", |path| write(path, "other content\n")),
        ("bin/activate", |path| fs::remove_file(path).unwrap()),
        ("include", |path| write(&path.join("new"), "x")),
        ("lib/python3.11/site-packages/alpha/__init__.py", |path| {
            // The same size, another time.
            write(path, "VALUE = 2\n");
        }),
        ("pyvenv.cfg", |path| {
            fs::rename(path, path.with_extension("old")).unwrap();
            fs::copy(path.with_extension("old"), path).unwrap();
        }),
    ];
    for (name, change) in changes {
        let small = Small::new();
        let path = small.root.join(name);
        let mut done = false;
        let result =
            backup(&options(&small.root, ArchiveKind::Full, &small.beside("a.tar.zst")), &mut |progress| {
                if progress.step == ArchiveStep::Write && !std::mem::replace(&mut done, true) {
                    change(&path);
                }
                ControlFlow::Continue(())
            });
        let Err(ArchiveError::Changed { path: told }) = result else { panic!("{name}: {result:?}") };
        // A new name beside `pyvenv.cfg` changes the folder first.
        assert!(path.starts_with(&told) && told.starts_with(&small.root), "{name}: {}", told.display());
        assert_eq!(small.names(&[]), ["env"]);
    }
}

#[test]
fn a_run_that_is_stopped_leaves_everything_as_it_was() {
    let small = Small::new();
    let archive = small.archive();
    fs::write(small.root.join("bin/activate"), "changed").unwrap();
    let (before, bytes) = (small.tree(), fs::read(&archive).unwrap());
    let mut stops = 0;
    for stop in 1.. {
        let mut asked = 0;
        let mut last = None;
        let mut watch = |progress: &uvshift_venv::ArchiveProgress<'_>| {
            asked += 1;
            last = Some(progress.step);
            if asked >= stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let mut options = options(&small.root, ArchiveKind::Full, &archive);
        options.existing = Existing::Replace;
        let written = backup(&options, &mut watch);
        if written.is_ok() {
            break;
        }
        assert!(matches!(written, Err(ArchiveError::Interrupted)));
        assert_eq!(fs::read(&archive).unwrap(), bytes);
        assert_eq!(small.names(&[]), ["a.tar.zst", "env"]);
        stops = stop;
    }
    assert!(stops > 30, "{stops}");
    fs::write(&archive, &bytes).unwrap();
    for stop in 1.. {
        let mut asked = 0;
        let mut last = None;
        let result = restore(&restore_options(&archive, None, Existing::Replace), None, &mut |progress| {
            asked += 1;
            last = Some(progress.step);
            if asked >= stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!(small.names(&[]), ["a.tar.zst", "env"], "{last:?}");
        if result.is_ok() {
            assert_eq!(last, Some(ArchiveStep::Clean));
            break;
        }
        assert!(matches!(result, Err(ArchiveError::Interrupted)), "{result:?}");
        assert_same_tree(&before, &small.tree());
    }
    assert_ne!(before, small.tree());
}

#[test]
fn a_project_that_is_an_environment_too_is_not_replaced() {
    let small = Small::new();
    let archive = small.archive();
    for file in [".git/HEAD", "pyproject.toml", "setup.py"] {
        write(&small.root.join(file), "mine");
        let before = small.tree();
        let result = restored(&archive, None, Existing::Replace);
        let Err(ArchiveError::NotReplaced { why, .. }) = result else { panic!("{file}: {result:?}") };
        assert!(why.contains("project"), "{why}");
        assert_same_tree(&before, &small.tree());
        let top = small.root.join(file.split('/').next().unwrap());
        if top.is_dir() { fs::remove_dir_all(top).unwrap() } else { fs::remove_file(top).unwrap() }
    }
    assert_eq!(small.names(&[]), ["a.tar.zst", "env"]);
}

#[test]
fn a_place_that_goes_up_is_the_one_it_leads_to() {
    let small = Small::new();
    let before = small.tree();
    let around = small.root.join("include/../../env");
    let archive = full(&around, &small.beside("a.tar.zst")).unwrap().archive;
    assert_eq!(inspect_archive(&archive, &mut quietly).unwrap().root, small.root);
    // The folder that the path goes through is a part of what is replaced.
    let report = restored(&archive, Some(&around), Existing::Replace).unwrap();
    assert_eq!(report.at, small.root);
    assert_same_tree(&before, &small.tree());
    assert_eq!(small.names(&[]), ["a.tar.zst", "env"]);
}

/// What was built is on the disk before the mark is, and the old environment is there until both are.
#[test]
fn a_power_cut_takes_no_more_than_one_environment() {
    let small = Small::new();
    let archive = small.archive();
    let beside = small.beside(".env.uvshift-restore");
    let (at, seen) = (small.root.clone(), std::rc::Rc::new(std::cell::RefCell::new(Vec::new())));
    let told = std::rc::Rc::clone(&seen);
    let place = beside.clone();
    let hook = move |name: &'static str, path: &std::path::Path| {
        let old_is_there = place.join("aside/pyvenv.cfg").exists();
        if old_is_there && (path == at || path == place) {
            told.borrow_mut().push((name, path == at, place.join("verified").exists()));
        }
        Ok(())
    };
    let mut build = |request: &RebuildRequest<'_>| {
        fill(request.at);
        Ok(Rebuilt::default())
    };
    let options = uvshift_venv::RestoreOptions {
        way: uvshift_venv::RestoreWay::Rebuild,
        ..restore_options(&archive, None, Existing::Replace)
    };
    let run = || restore(&options, Some(&mut build), &mut quietly);
    uvshift_venv::failpoints::with_hook(Box::new(hook), run).unwrap();
    let names = "flush the names of";
    assert_eq!(*seen.borrow(), [(names, false, false), ("flush", true, false), (names, false, true)]);
    assert!(!beside.exists());
}

#[test]
fn only_an_environment_is_replaced() {
    let small = Small::new();
    let archive = small.archive();
    let before = small.tree();
    assert!(matches!(restored(&archive, None, Existing::Refuse), Err(ArchiveError::Exists { .. })));
    assert_same_tree(&before, &small.tree());
    fs::rename(&small.root, small.beside("kept")).unwrap();
    write(&small.root.join("thesis.txt"), "years of work");
    let result = restored(&archive, None, Existing::Replace);
    assert!(matches!(result, Err(ArchiveError::NotReplaced { .. })), "{result:?}");
    assert_eq!(fs::read_to_string(small.root.join("thesis.txt")).unwrap(), "years of work");
    fs::remove_dir_all(&small.root).unwrap();
    std::os::unix::fs::symlink(small.beside("kept"), &small.root).unwrap();
    for existing in [Existing::Refuse, Existing::Replace] {
        assert!(matches!(restored(&archive, None, existing), Err(ArchiveError::NotReplaced { .. })));
    }
    assert_same_tree(&before, &snapshot(small.beside("kept")));
    fs::remove_file(&small.root).unwrap();
    fs::create_dir(&small.root).unwrap();
    restored(&archive, None, Existing::Refuse).unwrap();
    assert_same_tree(&before, &small.tree());
    assert_eq!(small.names(&[]), ["a.tar.zst", "env", "kept"]);
}

#[test]
fn another_archive_than_the_one_that_was_noted_is_refused() {
    let small = Small::new();
    let report = full(&small.root, &small.beside("a.tar.zst")).unwrap();
    fs::remove_dir_all(&small.root).unwrap();
    let mut options = restore_options(&report.archive, None, Existing::Refuse);
    options.sha256 = Some("0".repeat(64));
    let result = restore(&options, None, &mut quietly);
    let Err(ArchiveError::OtherArchive { found, .. }) = result else { panic!("{result:?}") };
    assert_eq!(found, report.sha256);
    assert!(!small.root.exists());
    options.sha256 = Some(format!(" sha256:{}", report.sha256.to_uppercase()));
    assert_eq!(restore(&options, None, &mut quietly).unwrap().sha256, report.sha256);
}

#[test]
fn a_base_python_that_is_gone_is_told_and_nothing_is_written() {
    let small = Small::new();
    fs::remove_file(small.root.join("bin/python")).unwrap();
    let gone = small.beside("gone");
    write(&gone, "");
    std::os::unix::fs::symlink(&gone, small.root.join("bin/python")).unwrap();
    std::os::unix::fs::symlink("nowhere", small.root.join("include/dangling")).unwrap();
    std::os::unix::fs::symlink(small.root.join("lib64/python3.11"), small.root.join("include/inside"))
        .unwrap();
    let archive = small.archive();
    let before = small.tree();
    let report = restored(&archive, None, Existing::Replace).unwrap();
    assert_eq!(report.dangling, [(small.root.join("include/dangling"), "nowhere".to_owned())]);
    fs::remove_file(&gone).unwrap();
    let result = restored(&archive, None, Existing::Replace);
    let Err(error @ ArchiveError::BasePython { .. }) = result else { panic!("{result:?}") };
    assert!(error.hint().unwrap().contains("--python"));
    assert_same_tree(&before, &small.tree());
}

#[test]
fn bits_of_other_users_and_sockets_do_not_travel() {
    let small = Small::new();
    let program = small.root.join("bin/activate");
    mode(&program, 0o4755);
    mode(&small.root.join("include"), 0o2755);
    let socket = small.root.join("include/socket");
    let listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let report = full(&small.root, &small.beside("a.tar.zst")).unwrap();
    drop(listener);
    let told: Vec<_> = report.left_out.iter().map(|it| (it.path.clone(), it.kind)).collect();
    assert_eq!(told, [(program.clone(), LeftOutKind::SetUserBit), (socket.clone(), LeftOutKind::Special)]);
    fs::remove_file(&socket).unwrap();
    restored(&report.archive, None, Existing::Replace).unwrap();
    let mode = |path: &std::path::Path| {
        std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions()) & 0o7777
    };
    assert_eq!((mode(&program), mode(&small.root.join("include"))), (0o755, 0o2755));
}

#[test]
fn a_rebuild_that_fails_or_differs_puts_the_old_one_back() {
    let small = Small::new();
    let archive = light(&small.root, &small.beside("a.tar.zst")).unwrap().archive;
    write(&small.root.join("mine"), "x");
    let before = small.tree();
    let result = rebuilt(&archive, None, Existing::Replace, &mut |request: &RebuildRequest<'_>| {
        write(&request.at.join("half"), "x");
        Err("the network is gone".into())
    });
    assert!(matches!(result, Err(ArchiveError::Rebuild { .. })), "{result:?}");
    assert_same_tree(&before, &small.tree());
    let result = rebuilt(&archive, None, Existing::Replace, &mut |request: &RebuildRequest<'_>| {
        fill(request.at);
        fs::remove_dir_all(request.at.join("lib/python3.11/site-packages/alpha-1.0.dist-info")).unwrap();
        Ok(Rebuilt::default())
    });
    let Err(ArchiveError::Differs { differences }) = result else { panic!("{result:?}") };
    assert_eq!(differences, ["alpha: distribution 1.0 is missing"]);
    assert_same_tree(&before, &small.tree());
    assert_eq!(small.names(&[]), ["a.tar.zst", "env"]);
    // Where nothing was, nothing is afterwards.
    let other = small.beside("other");
    let result = rebuilt(&archive, Some(&other), Existing::Refuse, &mut |request: &RebuildRequest<'_>| {
        write(&request.at.join("half"), "x");
        Err("the network is gone".into())
    });
    assert!(result.is_err() && small.names(&[]) == ["a.tar.zst", "env"]);
    assert!(matches!(restored(&archive, Some(&other), Existing::Refuse), Err(ArchiveError::NoUv)));
}

#[test]
fn a_restored_tree_that_is_not_the_one_of_the_snapshot_is_put_back() {
    let small = Small::new();
    let archive = small.archive();
    write(&small.root.join("mine"), "x");
    let before = small.tree();
    // Somebody writes into the environment at the moment of the exchange.
    let metadata = small.root.join("lib/python3.11/site-packages/alpha-1.0.dist-info/METADATA");
    let result = restore(&restore_options(&archive, None, Existing::Replace), None, &mut |progress| {
        if progress.step == ArchiveStep::Clean {
            write(&metadata, "Name: alpha\nVersion: 6.6\n");
        }
        ControlFlow::Continue(())
    });
    let Err(ArchiveError::Differs { differences }) = result else { panic!("{result:?}") };
    assert_eq!(differences, ["alpha is 6.6 instead of 1.0"]);
    assert_same_tree(&before, &small.tree());
}

#[test]
fn what_an_archive_holds_is_told_without_restoring() {
    let small = Small::new();
    let archive = small.archive();
    let names = small.names(&[]);
    let contents = inspect_archive(&archive, &mut quietly).unwrap();
    assert_eq!(contents.created, "2026-11-28T14:22:12Z");
    assert_eq!((contents.kind, contents.root), (ArchiveKind::Full, small.root.clone()));
    assert_eq!((contents.freeze.as_str(), contents.snapshot.packages.len()), ("alpha==1.0\n", 1));
    assert_eq!(contents.environment["variables"]["PATH"], "/usr/bin");
    assert_eq!(contents.platform["python"]["version"], "3.11.7");
    assert_eq!(contents.pyvenv.as_deref(), Some("home = /usr/bin\nversion = 3.11.7\n"));
    assert!(contents.members.iter().any(|(name, size)| name == "tree/bin/activate" && *size > 10));
    assert_eq!(small.names(&[]), names);
}

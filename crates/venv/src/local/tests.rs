use super::*;

fn write(path: PathBuf, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    io::Write::write_all(&mut File::create(path).unwrap(), text.as_bytes()).unwrap();
}

/// An environment with `alpha`, whose files are as they were installed.
fn environment(root: &Path) -> PathBuf {
    let site = root.join("lib/python3.11/site-packages");
    let info = site.join("alpha-1.0.dist-info");
    write(root.join("pyvenv.cfg"), "home = /usr/bin\nversion = 3.11.7\n");
    write(root.join("bin/activate"), "VIRTUAL_ENV=/x\nexport VIRTUAL_ENV\n    export PATH\nexport PS1\n");
    write(root.join("bin/python"), "");
    write(root.join("bin/alpha"), "#!/x/bin/python\n");
    write(site.join("_virtualenv.pth"), "import _virtualenv");
    write(site.join("alpha-1.0.virtualenv"), "");
    write(site.join("alpha/__init__.py"), "x=1");
    write(site.join("alpha/__pycache__/__init__.cpython-311.pyc"), "");
    write(info.join("METADATA"), "Metadata-Version: 2.1\nName: alpha\nVersion: 1.0\n");
    write(info.join("entry_points.txt"), "[console_scripts]\nalpha = alpha:main\n");
    let hash = hash(&site.join("alpha/__init__.py"), "sha256=").unwrap();
    let record = format!(
        "alpha/__init__.py,{hash},3\n../../../bin/alpha,,\nalpha/__pycache__/x.cpython-311.pyc,,\nalpha/never.cpython-311.pyc,,\n"
    );
    write(info.join("RECORD"), &record);
    site
}

fn told(root: &Path) -> Vec<(String, LocalKind)> {
    let changes = local_changes(&Snapshot::read(root).unwrap()).unwrap();
    changes.into_iter().map(|it| (it.path.to_string_lossy().replace('\\', "/"), it.kind)).collect()
}

#[test]
fn an_environment_as_it_was_installed_has_none() {
    let folder = tempfile::tempdir().unwrap();
    environment(folder.path());
    assert_eq!(told(folder.path()), []);
}

#[test]
fn every_change_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let site = environment(root);
    write(site.join("alpha/__init__.py"), "x=2");
    fs::remove_dir_all(site.join("alpha/__pycache__")).unwrap();
    write(site.join("alpha/added.py"), "");
    write(site.join("mine.pth"), "/work/mine\n");
    write(site.join("loose/deep/er.py"), "1234");
    write(site.join("removed/__pycache__/x.cpython-311.pyc"), "");
    write(site.join("alpha-0.9.dist-info/METADATA"), "Name: alpha\nVersion: 0.9\n");
    write(root.join("bin/own-script"), "");
    write(root.join("etc/settings.toml"), "");
    write(root.join("src/beta/pyproject.toml"), "");
    write(root.join("src/stray/file"), "");
    write(site.join("__editable__.beta-1.0.pth"), &root.join("src/beta").to_string_lossy());
    write(site.join("beta-1.0.dist-info/METADATA"), "Name: beta\nVersion: 1.0\n");
    write(site.join("beta-1.0.dist-info/RECORD"), "__editable__.beta-1.0.pth,,\n");
    let activate = fs::read_to_string(root.join("bin/activate")).unwrap() + "export PATH DATABASE_URL=x\n";
    write(root.join("bin/activate"), &activate);
    write(root.join("bin/activate.fish"), "set -gx DATABASE_URL x\n");
    let inner = |path: &str| format!("lib/python3.11/site-packages/{path}");
    let package = || "alpha".to_owned();
    // The first metadata of a name counts, which is that of the older version.
    let expected = [
        ("bin/activate".to_owned(), LocalKind::Activation),
        ("bin/activate.fish".to_owned(), LocalKind::Activation),
        ("bin/alpha".to_owned(), LocalKind::Loose),
        ("bin/own-script".to_owned(), LocalKind::Loose),
        ("etc".to_owned(), LocalKind::Loose),
        (inner("alpha"), LocalKind::Loose),
        (inner("alpha-1.0.dist-info"), LocalKind::Leftover),
        (inner("loose"), LocalKind::Loose),
        (inner("mine.pth"), LocalKind::Loose),
        ("src/beta".to_owned(), LocalKind::Source { package: "beta".to_owned() }),
        ("src/stray".to_owned(), LocalKind::Loose),
    ];
    assert_eq!(told(root), expected);
    fs::remove_dir_all(site.join("alpha-0.9.dist-info")).unwrap();
    let found = told(root);
    for expected in [
        (inner("alpha/__init__.py"), LocalKind::Patched { package: package() }),
        (inner("alpha/added.py"), LocalKind::Loose),
    ] {
        assert!(found.contains(&expected), "{found:?}");
    }
    fs::remove_dir_all(site.join("alpha")).unwrap();
    assert!(told(root).contains(&(inner("alpha/__init__.py"), LocalKind::Deleted { package: package() })));
}

#[cfg(unix)]
#[test]
#[expect(clippy::disallowed_methods, reason = "a test changes the environment that it makes")]
fn what_only_looks_like_a_part_of_every_environment_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    environment(root);
    let made = [
        "python3",
        "python3.11",
        "python3.13t",
        "pypy3.10",
        "activate.fish",
        "Activate.ps1",
        "deactivate.bat",
    ];
    for name in made {
        write(root.join("bin").join(name), "");
    }
    write(root.join(".gitignore"), "# Created by venv; see its page\n*\n");
    write(root.join("CACHEDIR.TAG"), "Signature: 8a477f597d28d172789f06886806bc55\n");
    write(root.join(".lock"), "");
    fs::create_dir_all(root.join("include/python3.11")).unwrap();
    std::os::unix::fs::symlink("lib", root.join("lib64")).unwrap();
    assert_eq!(told(root), []);
    let headers = root.join("lib/python3.11/site-packages/alpha-1.0.dist-info/RECORD");
    let record = fs::read_to_string(&headers).unwrap() + "../../../include/site/python3.11/alpha/alpha.h,,\n";
    write(headers, &record);
    write(root.join("include/site/python3.11/alpha/alpha.h"), "");
    assert_eq!(told(root), []);
    write(root.join("include/site/python3.11/alpha/mine.h"), "");
    write(root.join("include/mine.h"), "");
    let own =
        ["python-deploy.sh", "activate.local", "deactivate-all", "python3.11.bak", "pythons", "pythontd.sh"];
    for name in own {
        write(root.join("bin").join(name), "");
    }
    fs::remove_file(root.join("lib64")).unwrap();
    write(root.join("lib64/mine"), "");
    write(root.join(".gitignore"), "*\n!keep\n");
    write(root.join("CACHEDIR.TAG"), "notes");
    write(root.join(".lock"), "state");
    let mut expected: Vec<_> = own.iter().map(|name| format!("bin/{name}")).collect();
    expected.extend(
        [
            ".gitignore",
            ".lock",
            "CACHEDIR.TAG",
            "lib64",
            "include/mine.h",
            "include/site/python3.11/alpha/mine.h",
        ]
        .map(str::to_owned),
    );
    expected.sort();
    let found = told(root);
    assert!(found.iter().all(|(_, kind)| *kind == LocalKind::Loose), "{found:?}");
    assert_eq!(found.into_iter().map(|(path, _)| path).collect::<Vec<_>>(), expected);
}

#[test]
fn hashes_are_those_of_record() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    write(path.clone(), "");
    let empty = "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
    assert_eq!(hash(&path, empty).as_deref(), Some(empty));
    assert_eq!(hash(&path, &format!("{empty}=")), Some(format!("{empty}=")));
    assert_eq!(hash(&path, "md5=1"), None);
    assert!(hash(&path, "sha512=").unwrap().starts_with("sha512=z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg"));
}

#[cfg(unix)]
#[test]
fn a_link_to_something_endless_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let site = environment(folder.path());
    fs::remove_dir_all(site.join("alpha")).unwrap();
    fs::create_dir(site.join("alpha")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", site.join("alpha/__init__.py")).unwrap();
    let patched = LocalKind::Patched { package: "alpha".to_owned() };
    assert_eq!(told(folder.path()), [("lib/python3.11/site-packages/alpha/__init__.py".to_owned(), patched)]);
}

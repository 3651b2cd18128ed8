use super::*;

/// An environment in a folder with one package, made by hand.
fn environment(root: &Path, files: &[(&str, &str)], record: &str) -> Snapshot {
    let site = root.join("lib/python3.11/site-packages");
    let info = site.join("alpha-1.0.dist-info");
    let write = |path: PathBuf, text: &str| {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut file = std::fs::File::create(path).unwrap();
        std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
    };
    write(root.join("pyvenv.cfg"), "home = /usr/bin\nversion = 3.11.7\n");
    write(info.join("METADATA"), "Metadata-Version: 2.1\nName: alpha\nVersion: 1.0\n");
    write(info.join("WHEEL"), "Root-Is-Purelib: true\n");
    write(info.join("RECORD"), record);
    for (path, text) in files {
        write(site.join(path), text);
    }
    Snapshot::read(root).unwrap()
}

fn told(comparison: &Comparison) -> Vec<String> {
    comparison.differences.iter().map(|it| format!("{:?} {it}", it.weight)).collect()
}

const RECORD: &str = "alpha/__init__.py,sha256=aa,3\nalpha-1.0.dist-info/METADATA,sha256=m,\nalpha-1.0.dist-info/INSTALLER,sha256=i,4\nalpha-1.0.dist-info/RECORD,,\n";

#[test]
fn what_is_the_same_is_the_same() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let files = [("alpha/__init__.py", "x=1"), ("alpha-1.0.dist-info/INSTALLER", "pip\n")];
    let before = environment(one.path(), &files, RECORD);
    let after = environment(two.path(), &files, &RECORD.replace("sha256=i", "sha256=other"));
    let found = compare(&before, &after);
    // The names of the folders are the prompts.
    assert_eq!(found.differences.iter().map(|it| it.kind).collect::<Vec<_>>(), [DifferenceKind::Prompt]);
    assert!(found.holds());
    assert_eq!(found.compared, Compared { distributions: 1, files: 2, scripts: 0, modules: 1 });
}

#[test]
fn each_difference_is_told() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let files = [("alpha/__init__.py", "x=1"), ("alpha-1.0.dist-info/INSTALLER", "pip\n")];
    let mut before = environment(one.path(), &files, RECORD);
    let changed = RECORD.replace("sha256=aa", "sha256=bb").replace("sha256=m", "sha256=n")
        + "alpha/new.py,sha256=cc,3\n";
    let mut after = environment(two.path(), &files, &changed);
    after.python.version = Some("3.12.1".to_owned());
    after.system_site_packages = true;
    before.prompt = Some("web".to_owned());
    after.prompt = Some("web".to_owned());
    before.packages[0].version = "0.9".to_owned();
    before.packages[0].origin =
        Origin::Directory { path: "/work/alpha".into(), editable: false, checkout: None };
    let found = compare(&before, &after);
    assert_eq!(
        told(&found),
        [
            "Breaks Python was 3.11.7, is 3.12.1",
            "Breaks system site packages was false, is true",
            "Breaks alpha: version was 0.9, is 1.0",
            "Breaks alpha: origin was /work/alpha, is an index",
            "Breaks alpha: file alpha/__init__.py: another content",
            "Breaks alpha: file alpha/new.py is new",
            "Note alpha: file (1 that may differ): another content",
        ]
    );
    let empty = Snapshot { packages: Vec::new(), ..before.clone() };
    assert_eq!(told(&compare(&before, &empty)), ["Breaks alpha: distribution 0.9 is missing"]);
    assert_eq!(told(&compare(&empty, &before)), ["Breaks alpha: distribution 0.9 is new"]);
}

#[test]
fn a_file_that_is_cut_short_is_found() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let before = environment(one.path(), &[("alpha/__init__.py", "x=1")], RECORD);
    let after = environment(two.path(), &[("alpha/__init__.py", "x")], RECORD);
    let breaking: Vec<String> = compare(&before, &after).breaking().map(ToString::to_string).collect();
    assert!(breaking.iter().any(|it| it.contains("__init__.py of 3 bytes")), "{breaking:?}");
}

#[test]
fn tools_that_distributors_change_and_compiled_wheels_are_notes() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let files = [("alpha/__init__.py", "x=1"), ("alpha-1.0.dist-info/INSTALLER", "pip\n")];
    let before = environment(one.path(), &files, RECORD);
    let after = environment(two.path(), &files, &RECORD.replace("=aa", "=bb"));
    assert!(!compare(&before, &after).holds());
    let renamed = |snapshot: &Snapshot| {
        let mut snapshot = snapshot.clone();
        snapshot.packages[0].normalized_name = "pip".to_owned();
        snapshot.packages[0].name = "pip".to_owned();
        snapshot
    };
    assert!(compare(&renamed(&before), &renamed(&after)).holds());
    let mut compiled = before;
    compiled.packages[0].pure = Some(false);
    assert!(compare(&compiled, &after).holds());
}

#[test]
fn a_program_that_is_named_after_its_python_follows_it() {
    let folder = tempfile::tempdir().unwrap();
    let before = environment(folder.path(), &[], RECORD);
    let mut after = before.clone();
    after.python.version = Some("3.12.1".to_owned());
    let name = |name: &str| renamed(name, &before, &after);
    assert_eq!((name("pip3.11").as_str(), name("pip3").as_str()), ("pip3.12", "pip3"));
    assert_eq!((name("x13.11").as_str(), name("3.11").as_str()), ("x13.11", "3.12"));
    assert_eq!(renamed("pip3.11", &before, &before), "pip3.11");
}

#[test]
fn a_program_that_is_missing_breaks_unless_virtualenv_made_it() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut before = environment(one.path(), &[("../../../bin/alpha-3", "")], RECORD);
    let mut after = environment(two.path(), &[], RECORD);
    let script = crate::Script { name: "alpha-3".to_owned(), kind: ScriptKind::File, entry_point: None };
    before.packages[0].scripts = vec![script];
    let told = |before: &Snapshot, after: &Snapshot| {
        let found =
            compare(before, after).differences.into_iter().find(|it| it.kind == DifferenceKind::Script);
        found.map(|it| (it.weight, it.to_string()))
    };
    let missing = |name: &str, weight| Some((weight, format!("{name}: program alpha-3 is missing")));
    assert_eq!(told(&before, &after), missing("alpha", Weight::Breaks));
    for snapshot in [&mut before, &mut after] {
        snapshot.packages[0].name = "pip".to_owned();
        snapshot.packages[0].normalized_name = "pip".to_owned();
    }
    assert_eq!(told(&before, &after), missing("pip", Weight::Note));
}

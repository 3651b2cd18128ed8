//! The byte scanner agrees with the syntax tree about every file of the standard library and of the environments in `.tools`.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use uvshift_depgraph::{Guards, Import, scan::oracle, scan::scan_file};

fn tools() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.tools")
}

/// `lib/python3.X` of the interpreter that the environments are made of, and the environments themselves.
fn folders() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for environment in std::fs::read_dir(tools()).into_iter().flatten().flatten() {
        let library = environment.path().join("lib");
        let pythons = std::fs::read_dir(&library).into_iter().flatten().flatten();
        folders.extend(
            pythons.map(|python| python.path().join("site-packages")).filter(|folder| folder.is_dir()),
        );
        let settings = std::fs::read_to_string(environment.path().join("pyvenv.cfg")).unwrap_or_default();
        let home = settings.lines().find_map(|line| line.strip_prefix("home = "));
        let base = home.and_then(|home| Path::new(home).parent()).map(|base| base.join("lib"));
        for python in base.iter().flat_map(|base| std::fs::read_dir(base).into_iter().flatten().flatten()) {
            let has_library = python.path().join("importlib").is_dir();
            if has_library && !folders.contains(&python.path()) {
                folders.push(python.path());
            }
        }
    }
    folders.sort();
    folders
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let walk = WalkBuilder::new(folder).standard_filters(false).build();
    let is_python = |path: &Path| path.extension().is_some_and(|suffix| suffix == "py" || suffix == "pyi");
    walk.flatten()
        .map(|entry| entry.path().to_owned())
        .filter(|path| is_python(path) && path.is_file())
        .collect()
}

/// What is compared: where the scanner leaves the guards to the tree, everything but these.
fn seen(imports: &[Import], is_unclear: bool) -> Vec<Import> {
    let guards = |import: &Import| if is_unclear { Guards::NONE } else { import.guards };
    imports.iter().map(|import| Import { guards: guards(import), ..import.clone() }).collect()
}

#[test]
fn bytes_and_trees_agree() {
    let folders = folders();
    if folders.is_empty() {
        println!("SKIPPED: there are no environments in `.tools`; `cargo xtask setup` makes them");
        return;
    }
    let (mut compared, mut records, mut unclear, mut trees, mut refused, mut no_text) =
        (0, 0, 0, 0, Vec::new(), 0);
    let mut differences = Vec::new();
    for file in folders.iter().flat_map(|folder| files(folder)) {
        let Ok(text) = std::fs::read_to_string(&file) else {
            no_text += 1;
            continue;
        };
        let found = oracle::compare(text.trim_start_matches('\u{feff}'));
        let Some(parsed) = found.parsed else {
            refused.push(file);
            continue;
        };
        compared += 1;
        records += parsed.len();
        unclear += usize::from(found.is_unclear);
        trees += usize::from(found.needs_tree);
        let (scanned, parsed) = (seen(&found.scanned, found.is_unclear), seen(&parsed, found.is_unclear));
        if scanned != parsed {
            let at = scanned.iter().zip(&parsed).position(|(left, right)| left != right);
            let at = at.unwrap_or(scanned.len().min(parsed.len()));
            differences.push(format!(
                "{}: {:?}\n  tree: {:?}",
                file.display(),
                scanned.get(at),
                parsed.get(at)
            ));
        }
    }
    println!(
        "{compared} files with {records} import statements compared; in {unclear} the guards are left to the tree; \
         a scan reads {trees} as trees; {} are refused by the tree, {no_text} are no UTF-8",
        refused.len()
    );
    for file in &refused {
        let found = std::fs::read(file).ok().and_then(|bytes| scan_file("a.py", &bytes));
        let imports = found.as_ref().map_or(0, |found| found.imports.len());
        println!("refused: {}, with {imports} imports", file.display());
    }
    assert!(differences.is_empty(), "{} differences\n{}", differences.len(), differences.join("\n"));
    assert!(compared > 1000, "only {compared} files");
    // The tree is what costs time.
    assert!(trees * 5 < compared, "{trees} of {compared} files are read as trees");
}

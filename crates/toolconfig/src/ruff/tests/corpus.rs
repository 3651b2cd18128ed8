//! Every `[flake8]` of real projects.

use super::*;

/// The folder with the corpus and the oracles: beside the clone, or one folder further up.
fn shared() -> Option<PathBuf> {
    let places = [
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared"),
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../shared"),
    ];
    let found = places.into_iter().map(PathBuf::from).find(|place| place.join("corpus/toolconfig").exists());
    if found.is_none() {
        println!("SKIPPED: no shared corpus");
    }
    found
}

/// The sections of the shared corpus, each with the folder of its project.
fn sections() -> Vec<(PathBuf, Section)> {
    let Some(shared) = shared() else { return Vec::new() };
    let projects = std::fs::read_dir(shared.join("corpus/toolconfig")).unwrap();
    let mut found = Vec::new();
    for project in projects.map(|project| project.unwrap().path()) {
        let winner = ["setup.cfg", "tox.ini", ".flake8"].into_iter().find_map(|name| {
            let text = std::fs::read_to_string(project.join(name)).ok()?;
            Section::of(&Document::parse(&text, &Dialect::RAW), name, "flake8")
        });
        if let Some(section) = winner {
            found.push((project, section));
        }
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
}

#[test]
fn flake8_and_ruff_agree_on_every_real_project() {
    let (Some(shared), Some(python)) = (shared(), linter("python")) else { return };
    let oracle = shared.join("oracles/compare.py");
    let (mut different, mut refused) = (Vec::new(), 0);
    let sections = sections();
    for (project, section) in &sections {
        let converted = to_ruff(&Linters { flake8: Some(section), ..Linters::default() });
        assert_eq!(converted.rows.len(), section.keys.len(), "{}", project.display());
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("pyproject.toml"), text(&converted)).unwrap();
        let old = tempfile::tempdir().unwrap();
        let file = std::fs::read_to_string(project.join(&section.file)).unwrap();
        let compare = |file: &str| {
            std::fs::write(old.path().join(&section.file), file).unwrap();
            let compared = Command::new(&python)
                .arg(&oracle)
                .args([old.path(), folder.path()])
                .arg("flake8")
                .output()
                .unwrap();
            String::from_utf8(compared.stdout).unwrap()
        };
        let mut said = compare(&file);
        if said.contains("OLDERR") {
            // flake8 of today refuses comments behind codes: what it would say without them is what counts.
            refused += 1;
            let lines = file.lines().map(|line| line.split_once(" #").map_or(line, |(before, _)| before));
            said = compare(&lines.collect::<Vec<_>>().join("\n"));
        }
        if !said.contains("SAME") {
            different.push(format!("{}: {said}", project.display()));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
    assert_eq!((sections.len(), refused), (27, 2));
}

#[test]
fn what_ruff_enables_is_what_was_decided_for_every_real_project() {
    for (project, section) in sections() {
        let mut out = output::Output::default();
        flake8::read("flake8", &section, &[], &mut out);
        let converted = to_ruff(&Linters { flake8: Some(&section), ..Linters::default() });
        if let Some(codes) = enabled(&converted) {
            assert_eq!(codes, out.rules.into_iter().collect::<Vec<_>>(), "{}", project.display());
        }
    }
}

//! Every skeleton, made from the files of this repository without writing any.

use super::*;
use crate::root;

/// What is left of a row without its names.
fn shape(line: &str) -> String {
    line.chars().filter(|it| !it.is_alphanumeric() && !" _-./:".contains(*it)).collect()
}

#[test]
fn every_skeleton_is_made_at_its_place() {
    for recipe in RECIPES {
        let changes = plan(&root(), recipe, "mmm-thing").unwrap();
        for (path, _) in recipe.files {
            let path = filled(path, "mmm-thing");
            assert!(changes.iter().any(|change| change.path == path), "{path}");
        }
        for change in &changes {
            let filled = ["@name@", "@module@", "@title@"].iter().all(|it| !change.text.contains(it));
            assert!(filled, "{}", change.path);
            // How it is wrapped depends on the name; that it can be read does not.
            formatted(change).unwrap();
            if Path::new(&change.path).extension().is_some_and(|ending| ending == "toml") {
                change.text.parse::<toml_edit::DocumentMut>().unwrap();
            }
        }
    }
}

#[test]
fn rows_land_among_their_kind() {
    for recipe in RECIPES {
        let changes = plan(&root(), recipe, "mmm-thing").unwrap();
        for row in recipe.rows.iter().filter(|row| !matches!(row.block, Block::End)) {
            let change = changes.iter().find(|change| change.path == row.file).unwrap();
            let lines: Vec<&str> = change.text.lines().collect();
            let wanted = filled(row.text, "mmm-thing");
            let at = lines.iter().position(|line| *line == wanted).unwrap();
            let before = lines.get(at - 1).copied().unwrap_or_default();
            assert_eq!(shape(before), shape(&wanted), "{}: `{wanted}` stands behind `{before}`", row.file);
            if !matches!(row.block, Block::Last(..)) {
                assert!(before < wanted.as_str() && wanted.as_str() < lines[at + 1], "{}", row.file);
            }
        }
    }
}

#[test]
fn a_diagnostic_of_every_crate_gets_the_next_number() {
    for (of_crate, file) in TABLES {
        let changes = diagnostic::plan(&root(), of_crate, "mmm-thing").unwrap();
        let [table, reference] = &changes[..] else { panic!("two files") };
        assert_eq!((table.path.as_str(), reference.path.as_str()), (*file, REFERENCE));
        formatted(table).unwrap();
        let entry = reference.text.split("\n## ").find(|entry| entry.contains("`mmm-thing`")).unwrap();
        let code = &entry[..4];
        assert!(
            !read(&root(), REFERENCE).unwrap().contains(&format!("## {code}\n")),
            "{code} is used already"
        );
        assert!(table.text.contains(&format!("\"{code}\", \"mmm-thing\"")), "{file}");
    }
}

#[test]
fn what_cannot_be_a_name_is_refused() {
    for name in ["", "Name", "a_b", "../x", "a/b", "-a", "a-", "1a"] {
        assert!(plan(&root(), &RECIPES[0], name).is_err(), "{name}");
    }
    let there = RECIPES.iter().find(|recipe| recipe.command == "new-rule").unwrap();
    assert!(plan(&root(), there, "twine").unwrap_err().contains("is there already"));
    assert!(diagnostic::plan(&root(), "changeset", "x").unwrap_err().contains("requirements"));
}

//! Every project of the fixtures, before and after its move, is one that every file can be made for.

#![expect(clippy::print_stdout, reason = "a developer may want to see what was found")]

use std::path::Path;

use uvshift_migrate::facts_on;
use uvshift_migrate::inventory::Day;
use uvshift_project::Tree;
use uvshift_scaffold::{Catalogue, Existing, Language, Request, plan};

const TODAY: Day = Day { year: 2026, month: 11, day: 28 };

#[test]
fn every_file_can_be_made_for_every_project_of_the_fixtures() {
    let catalogue = Catalogue::built_in().unwrap();
    let names: Vec<String> = catalogue.templates().map(|template| template.name.clone()).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let mut seen = 0;
    for fixture in std::fs::read_dir(folder).unwrap() {
        for side in ["in", "out"] {
            let root = fixture.as_ref().unwrap().path().join(side);
            if !root.is_dir() {
                continue;
            }
            let tree = Tree::from_disk(&root).unwrap();
            let project = match facts_on(&root, &tree, "0.13.9", TODAY) {
                Ok(project) => project,
                // Some fixtures are broken, which is to be said and no more.
                Err(error) => {
                    println!("{}: {error}", root.display());
                    continue;
                }
            };
            assert!(!project.name.is_empty() && !project.repository.name.is_empty(), "{}", root.display());
            assert!(!project.python_versions.is_empty(), "{}", root.display());
            assert!(project.python_versions.contains(&project.python), "{}", root.display());
            for name in &names {
                for language in [Language::En, Language::Ko] {
                    let request = Request { names: vec![name.clone()], language, ..Request::default() };
                    let made = plan(&catalogue, &project, &request, &Existing::below(&root));
                    assert!(made.is_ok(), "{}: {name}: {:#?}", root.display(), made.err());
                }
            }
            seen += 1;
        }
    }
    assert!(seen > 40, "{seen}");
}

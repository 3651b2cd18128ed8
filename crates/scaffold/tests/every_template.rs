//! Every template for every shape in every language, and for projects that lack this or that.

mod shapes;

use uvshift_scaffold::{Application, Entry, Index, Project, Repository, Tasks};

/// A change to a project.
type Lack = (&'static str, fn(&mut Project));

const LACKS: [Lack; 9] = [
    ("no server", |project| project.entry.command.clear()),
    ("no lock", |project| project.has_lock = false),
    ("no tasks", |project| project.tasks = Tasks::default()),
    ("no tools and no groups", |project| {
        project.tools.clear();
        project.groups.clear();
        project.default_groups.clear();
    }),
    ("no folders", |project| {
        project.module.clear();
        project.module_folder.clear();
        project.source_folders.clear();
        project.tests_folder.clear();
    }),
    ("no repository", |project| {
        project.repository = Repository { name: "x".into(), branch: "main".into(), ..Repository::default() };
    }),
    ("a private index", |project| {
        project.indexes.push(Index {
            name: "internal".into(),
            url: "https://index.example/simple".into(),
            is_default: true,
            variables: vec!["UV_INDEX_INTERNAL_USERNAME".into(), "UV_INDEX_INTERNAL_PASSWORD".into()],
        });
    }),
    ("a module that is run", |project| {
        project.entry = Entry {
            kind: Application::Command,
            target: "shop".into(),
            command: vec!["python".into(), "-m".into(), "shop".into()],
            ..Entry::default()
        };
    }),
    ("one Python", |project| project.python_versions.truncate(1)),
];

#[test]
fn every_template_is_rendered_for_projects_that_lack_something() {
    for (shape, project) in shapes::SHAPES {
        for (lack, change) in LACKS {
            for language in shapes::LANGUAGES {
                let mut project = project();
                change(&mut project);
                for name in shapes::names() {
                    for file in shapes::rendered(std::slice::from_ref(&name), &project, language) {
                        assert!(
                            file.text.len() > 1,
                            "{shape} with {lack}: {name} makes an empty {}",
                            file.path
                        );
                    }
                }
            }
        }
    }
}

//! What becomes of files that are there, of templates of one's own, and of mistakes in them.

#![expect(clippy::unwrap_used, reason = "a helper that cannot go on ends the test")]
#![expect(clippy::disallowed_methods, reason = "tests write their own temporary folders")]

mod shapes;

use std::error::Error as _;
use std::path::Path;

use tempfile::TempDir;
use uvshift_changeset::{Change, ChangeSet, Transaction};
use uvshift_diagnostics::Diagnostic;
use uvshift_scaffold::{
    Catalogue, Error, Existing, Fate, Index, Language, Plan, Project, Request, init_template, plan, variables,
};

/// A folder of templates of one's own.
fn own(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn catalogue(folder: &Path) -> Result<Catalogue, Error> {
    let mut catalogue = Catalogue::built_in().unwrap();
    catalogue.lay_over(folder)?;
    Ok(catalogue)
}

fn request(name: &str) -> Request {
    Request { names: vec![name.to_owned()], today: "2026-11-28".into(), ..Request::default() }
}

/// The plan of a template `own` with this manifest, below the description, and this text.
fn of(manifest: &str, text: &str, existing: &Existing) -> Result<Plan, Error> {
    let manifest = format!("description = \"own\"\ncategory = \"other\"\n{manifest}");
    let folder = own(&[("own/manifest.toml", &manifest), ("own/own.tera", text)]);
    plan(&catalogue(folder.path())?, &shapes::web(), &request("own"), existing)
}

fn apply_to(root: &Path, changes: &ChangeSet) {
    let mut transaction = Transaction::begin(root, changes, &[], serde_json::Value::Null).unwrap();
    transaction.apply().unwrap();
    transaction.commit().unwrap();
}

fn output(rest: &str) -> String {
    format!("[[outputs]]\npath = \"a.txt\"\ntemplate = \"own.tera\"\n{rest}")
}

/// What a built-in template has to say of a project.
fn said(name: &str, project: &Project) -> Vec<String> {
    let plan = plan(&Catalogue::built_in().unwrap(), project, &request(name), &Existing::none()).unwrap();
    plan.diagnostics.into_iter().map(|it| it.message).collect()
}

#[test]
fn what_somebody_should_know_of_a_project_is_said() {
    for name in ["github-ci", "gitlab-ci", "dockerfile", "compose"] {
        assert!(said(name, &shapes::web()).is_empty(), "{name}: {:?}", said(name, &shapes::web()));
    }
    let has = |name: &str, project: &Project, part: &str| {
        let said = said(name, project);
        assert!(said.iter().any(|it| it.contains(part)), "{name} does not say `{part}`: {said:?}");
    };
    has("github-ci", &shapes::script(), "no tests");
    has("gitlab-ci", &shapes::script(), "no tests");
    let mut project = shapes::web();
    project.workflows = vec![".github/workflows/tests.yml".into()];
    has("github-ci", &project, "`.github/workflows/tests.yml` tests or lints already");
    project.public_indexes = vec![Index { name: "mirror".into(), ..Index::default() }];
    has("dockerfile", &project, "`mirror`: taken for public");
    project.entry.proposal = vec!["gunicorn".into(), "x:app".into()];
    has("dockerfile", &project, "`uv add gunicorn`");
    project.services[0].variables.clear();
    has("github-ci", &project, "where `db` is");
    project.compose = "docker-compose.yml".into();
    has("compose", &project, "`docker-compose.yml` is there");
    let only = vec![".github/workflows/ci.yml".to_owned()];
    let project = Project { workflows: only, ..shapes::web() };
    assert!(said("github-ci", &project).is_empty(), "one that would be replaced is not doubled");
}

#[test]
fn of_a_file_that_stays_nothing_is_said() {
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join("Dockerfile"), "FROM scratch\n").unwrap();
    let mut project = shapes::web();
    project.entry.proposal = vec!["gunicorn".into(), "x:app".into()];
    let catalogue = Catalogue::built_in().unwrap();
    let said = |request: &Request| {
        plan(&catalogue, &project, request, &Existing::below(root.path())).unwrap().diagnostics.len()
    };
    assert_eq!(said(&request("dockerfile")), 0);
    assert_eq!(said(&Request { force: true, ..request("dockerfile") }), 1, "it is replaced");
}

#[test]
fn ci_runs_only_tools_that_the_project_is_held_to() {
    let mut project = shapes::web();
    for task in [&mut project.tasks.lint, &mut project.tasks.format_check, &mut project.tasks.type_check] {
        task.as_mut().unwrap().is_established = false;
    }
    project.tasks.format = None;
    for name in ["github-ci", "gitlab-ci", "pre-commit"] {
        let text = &shapes::rendered(&[name.to_owned()], &project, Language::En)[0].text;
        assert!(!text.contains("ruff") && !text.contains("mypy"), "{name}:\n{text}");
    }
    let said = said("github-ci", &project);
    assert_eq!(said.len(), 3, "{said:?}");
    let makefile = &shapes::rendered(&["makefile".to_owned()], &project, Language::En)[0].text;
    assert!(makefile.contains("ruff check") && !makefile.contains("check: lock-check lint"), "{makefile}");
}

#[test]
fn an_image_without_a_server_for_production_starts_none() {
    let mut project = shapes::web();
    project.entry.command.clear();
    project.entry.development = vec!["python".into(), "manage.py".into(), "runserver".into()];
    project.entry.proposal = vec!["gunicorn".into(), "config.wsgi:application".into()];
    let text = &shapes::rendered(&["dockerfile".to_owned()], &project, Language::En)[0].text;
    let (before, runtime) = text.split_once(" AS runtime").unwrap();
    assert!(before.contains("CMD [\"python\", \"manage.py\", \"runserver\"]"), "{text}");
    assert!(!runtime.contains("runserver") && !runtime.contains("\nCMD"), "{runtime}");
    assert!(runtime.contains("`uv add gunicorn`"), "{runtime}");
}

#[test]
fn a_guide_says_what_stays_and_what_is_done() {
    let mut project = shapes::web();
    project.migration.became.push(("requirements/base.txt".into(), "main".into()));
    project.has_lock = false;
    for (language, stays, gone, goes) in [
        (
            Language::En,
            "These old files stay: `requirements/base.txt`.",
            "These files are gone",
            "Nothing has been changed yet",
        ),
        (
            Language::Ko,
            "남아 있습니다: `requirements/base.txt`",
            "다음 파일은 삭제되었습니다",
            "아직 바뀐 것은 없습니다",
        ),
    ] {
        let text = |project: &Project| {
            shapes::rendered(&["migration-guide".to_owned()], project, language)[0].text.clone()
        };
        let done = text(&project);
        assert!(done.contains(stays) && done.contains(gone) && !done.contains(goes), "{done}");
        let mut planned = project.clone();
        planned.migration.journal = String::new();
        let planned = text(&planned);
        assert!(planned.contains(goes) && !planned.contains(gone), "{planned}");
    }
}

#[test]
fn names_of_images_are_small() {
    let project = Project { name: "Acme.Shop".into(), ..shapes::web() };
    let text = |name: &str| shapes::rendered(&[name.to_owned()], &project, Language::En)[0].text.clone();
    assert!(text("compose").contains("\nname: acme-shop\n"), "{}", text("compose"));
    // `.env.example` and the guides name these addresses.
    assert!(text("compose").contains("- \"127.0.0.1:5432:5432\""), "{}", text("compose"));
    assert!(text("makefile").contains("docker build --tag acme-shop:dev ."), "{}", text("makefile"));
}

#[test]
fn variables_with_defaults_are_no_values_in_the_example() {
    let text = &shapes::rendered(&["env-example".to_owned()], &shapes::web(), Language::En)[0].text;
    assert!(text.contains("\nSECRET_KEY=\n") && text.contains("\n# LOG_LEVEL=info\n"), "{text}");
    assert_eq!(text.matches("DATABASE_URL=").count(), 1, "{text}");
}

#[test]
fn a_file_that_is_there_stays_unless_forced() {
    let mut existing = Existing::none();
    existing.add(".editorconfig", "root = false\n");
    let catalogue = Catalogue::built_in().unwrap();
    let request = request("editorconfig");
    let gentle = plan(&catalogue, &Project::default(), &request, &existing).unwrap();
    assert_eq!(gentle.files[0].fate, Fate::LeftAlone);
    assert!(gentle.changes.is_empty() && gentle.diagnostics.is_empty());

    let request = Request { force: true, ..request };
    let forced = plan(&catalogue, &Project::default(), &request, &existing).unwrap();
    assert_eq!(forced.files[0].fate, Fate::Replaced);
    assert!(forced.changes.diff().contains("-root = false\n+# https"));
}

#[test]
fn the_same_text_with_other_line_ends_is_unchanged() {
    let text = of(&output(""), "a\nb", &Existing::none()).unwrap().files[0].text.clone();
    assert_eq!(text, "a\nb\n");
    let mut existing = Existing::none();
    existing.add("a.txt", "a\r\nb\r\n");
    let again = of(&output(""), "a\nb", &existing).unwrap();
    assert_eq!(again.files[0].fate, Fate::Unchanged);
    assert!(again.changes.is_empty());
}

#[test]
fn files_are_joined_as_the_manifest_says() {
    let mut existing = Existing::none();
    existing.add("a.txt", "mine\n");
    let joined = of(&output("merge = \"lines\"\n"), "mine\nours\n", &existing).unwrap();
    assert_eq!(joined.files[0].fate, Fate::Merged);
    let Some(Change::Edit { after, .. }) = joined.changes.iter().next() else { panic!("no edit") };
    assert_eq!(after, b"mine\n\nours\n");
}

#[test]
fn a_file_that_cannot_be_joined_stays_and_is_told() {
    let mut existing = Existing::none();
    existing.add("a.txt", "{\n  oops\n");
    let plan = of(&output("merge = \"jsonc\"\n"), "{\"a\": 1}", &existing).unwrap();
    assert_eq!(plan.files[0].fate, Fate::LeftAlone);
    assert!(plan.changes.is_empty());
    assert_eq!(
        plan.diagnostics[0].to_string(),
        "a.txt:1: warning[K002]: `a.txt` stays as it is: line 2: a name between quotes is missing"
    );
}

#[test]
fn two_outputs_at_one_path_are_joined_or_refused() {
    let two = format!("{}{}", output("merge = \"lines\"\n"), output("merge = \"lines\"\n")).replacen(
        "own.tera",
        "other.tera",
        1,
    );
    let manifest = format!("description = \"own\"\ncategory = \"other\"\n{two}");
    let files =
        [("own/manifest.toml", manifest.as_str()), ("own/own.tera", "a\nb"), ("own/other.tera", "a\nc")];
    let folder = own(&files);
    let plan = |folder: &TempDir| {
        plan(&catalogue(folder.path()).unwrap(), &Project::default(), &request("own"), &Existing::none())
    };
    let Some(Change::Create { bytes, .. }) = plan(&folder).unwrap().changes.iter().next().cloned() else {
        panic!("no file");
    };
    assert_eq!(bytes, b"a\nc\n\nb\n");

    let apart = manifest.replace("merge = \"lines\"\n", "");
    let folder = own(&[("own/manifest.toml", &apart), files[1], files[2]]);
    let error = plan(&folder).unwrap_err();
    assert_eq!(error.to_string(), "the templates `own` and `own` both make `a.txt`");
}

#[test]
fn paths_out_of_the_project_are_refused() {
    for path in ["../a", "/etc/passwd", ".git/hooks/pre-commit", "a//b", "C:/a", ".uvshift/x", ""] {
        let manifest = output("").replace("a.txt", path);
        let error = of(&manifest, "x", &Existing::none()).unwrap_err();
        assert!(matches!(error, Error::UnsafePath { .. }), "{path}: {error:?}");
    }
    let sly = output("").replace("a.txt", "[= project.name =]/../../a");
    assert!(matches!(of(&sly, "x", &Existing::none()), Err(Error::UnsafePath { .. })));
}

#[cfg(unix)]
#[test]
fn links_and_folders_in_the_way_are_left_alone() {
    let root = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(outside.path(), root.path().join("linked")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("x"), root.path().join("link.txt")).unwrap();
    std::fs::create_dir(root.path().join("folder")).unwrap();
    for (path, why) in
        [("linked/a.txt", "`linked` is a link"), ("link.txt", "it is a link"), ("folder", "it is a folder")]
    {
        let manifest = output("").replace("a.txt", path);
        let plan = of(&manifest, "x", &Existing::below(root.path())).unwrap();
        assert_eq!(plan.files[0].fate, Fate::LeftAlone);
        assert!(plan.changes.is_empty());
        let expected = format!("{path}:1: warning[K001]: `{path}` is not made: {why}");
        assert_eq!(plan.diagnostics[0].to_string(), expected);
    }
}

#[cfg(unix)]
#[test]
fn programs_are_executable_new_or_replaced() {
    use std::os::unix::fs::PermissionsExt as _;
    let root = tempfile::tempdir().unwrap();
    let mode = || std::fs::metadata(root.path().join("a.txt")).unwrap().permissions().mode() & 0o777;
    let manifest = output("executable = true\nmerge = \"lines\"\n");
    let apply = |text: &str| {
        let plan = of(&manifest, text, &Existing::below(root.path())).unwrap();
        apply_to(root.path(), &plan.changes);
    };
    apply("#!/bin/sh\n");
    assert_eq!(mode(), 0o755);
    std::fs::set_permissions(root.path().join("a.txt"), std::fs::Permissions::from_mode(0o640)).unwrap();
    apply("#!/bin/sh\ntrue\n");
    assert_eq!(mode(), 0o750);
}

#[test]
fn one_file_of_a_template_can_be_ones_own() {
    let folder =
        own(&[("editorconfig/editorconfig.tera", "# of [= project.name =]"), ("README.md", "[= no")]);
    let catalogue = catalogue(folder.path()).unwrap();
    let plan = plan(&catalogue, &shapes::web(), &request("editorconfig"), &Existing::none()).unwrap();
    assert_eq!(plan.files[0].text, "# of acme-shop\n");
    assert!(catalogue.template("editorconfig").unwrap().is_own);
}

#[test]
fn mistakes_in_templates_are_told_with_file_and_line() {
    let told = |manifest: &str, text: &str| {
        let error = of(manifest, text, &Existing::none()).unwrap_err();
        let source = error.source().map(ToString::to_string).unwrap_or_default();
        format!("{error}: {source}")
    };
    let cases = [
        ("a\n[= project.nothing =]\n", "the template `own/own.tera` cannot be rendered: line 2: "),
        ("a\n\n[% if project.name %]\n", "the template `own/own.tera` cannot be rendered: line "),
        ("a\n[= project.name | nothing =]\n", "the template `own/own.tera` cannot be rendered: line 2: "),
        ("[% include \"_shared/none.tera\" %]", "the template `own/own.tera` cannot be rendered: line 1: "),
    ];
    for (text, expected) in cases {
        let told = told(&output(""), text);
        assert!(told.starts_with(expected), "{told}");
    }
    let when = output("when = \"project.nothing.at.all\"\n");
    let expected = "the template `own/manifest.toml` cannot be rendered: line 6: ";
    assert!(told(&when, "x").starts_with(expected), "{}", told(&when, "x"));
    let other = output("").replace("own.tera", "other.tera");
    assert!(
        told(&other, "x").starts_with("`own/manifest.toml` names `other.tera`, which the template has not")
    );
    let unknown = output("colour = 1\n");
    assert!(told(&unknown, "x").contains("line 6"), "{}", told(&unknown, "x"));
}

#[test]
fn a_folder_without_manifest_is_no_template() {
    let folder = own(&[("other/a.tera", "x")]);
    let error = catalogue(folder.path()).unwrap_err();
    assert_eq!(error.to_string(), "`other` has files of a template and no `manifest.toml`");
    assert!(catalogue(&folder.path().join("none")).unwrap_err().to_string().starts_with("cannot read"));
}

#[test]
fn answers_are_used_and_slips_are_refused() {
    let question =
        "[[questions]]\nname = \"owner\"\nprompt = \"Who\"\ndefault = \"[= project.repository.owner =]\"\n";
    let manifest = format!("description = \"own\"\ncategory = \"other\"\n{}{question}", output(""));
    let folder = own(&[("own/manifest.toml", &manifest), ("own/own.tera", "by [= answers.owner =]")]);
    let catalogue = catalogue(folder.path()).unwrap();
    let plan = |answers: &[(&str, &str)]| {
        let answers = answers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        plan(&catalogue, &shapes::web(), &Request { answers, ..request("own") }, &Existing::none())
    };
    assert_eq!(plan(&[]).unwrap().files[0].text, "by acme\n");
    assert_eq!(plan(&[("owner", "me")]).unwrap().files[0].text, "by me\n");
    let error = plan(&[("holder", "me")]).unwrap_err();
    assert_eq!(error.to_string(), "no template that was named asks for `holder`");
    assert_eq!(error.hint().unwrap(), "they ask for owner");
}

#[test]
fn inputs_that_are_not_given_are_not_there() {
    let text = "[% if inputs.hours %][= inputs.hours =][% else %]none[% endif %]";
    assert_eq!(of(&output(""), text, &Existing::none()).unwrap().files[0].text, "none\n");
}

#[test]
fn the_start_of_a_template_is_a_template() {
    let root = tempfile::tempdir().unwrap();
    let start = init_template("release-notes", "templates", &Existing::below(root.path())).unwrap();
    apply_to(root.path(), &start.changes);
    let catalogue = catalogue(&root.path().join("templates")).unwrap();
    let made = plan(&catalogue, &shapes::web(), &request("release-notes"), &Existing::none()).unwrap();
    let expected = "# acme-shop\n\nOrders and stock of a small shop.\n\nacme looks after it.\n\n\
                    `uv run pytest` runs the tests.\n";
    assert_eq!(made.files[0].text, expected);
    assert!(start.files[2].text.contains("| `project.tasks.*.command` | text |"));

    let again = init_template("release-notes", "templates", &Existing::below(root.path())).unwrap();
    assert!(again.changes.is_empty());
    for name in ["", "A", "../x", "a b", "-x"] {
        let error = init_template(name, "templates", &Existing::none()).unwrap_err();
        assert!(matches!(error, Error::TemplateName { .. }), "{name}");
    }
    assert!(init_template("a", "../x", &Existing::none()).is_err());
}

#[test]
fn every_variable_is_documented_and_every_documented_one_is_there() {
    let mut found = Vec::new();
    leaves("project", &serde_json::to_value(shapes::web()).unwrap(), &mut found);
    let documented: Vec<String> = variables().into_iter().map(|variable| variable.name).collect();
    for name in &found {
        let any = match name.splitn(4, '.').collect::<Vec<_>>().as_slice() {
            ["project", "tasks", _, field] => format!("project.tasks.*.{field}"),
            _ => name.clone(),
        };
        assert!(documented.contains(&any), "{name} is not documented");
    }
    assert!(variables().iter().all(|variable| !variable.description.is_empty()));
    for name in ["project.tools[].name", "project.tasks.*.group", "project.entry.kind", "answers"] {
        assert!(documented.iter().any(|known| known == name), "{name}");
    }
}

fn leaves(path: &str, value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                let path = format!("{path}.{name}");
                found.push(path.clone());
                leaves(&path, value, found);
            }
        }
        serde_json::Value::Array(items) => {
            for item in items.iter().filter(|item| item.is_object()) {
                leaves(&format!("{path}[]"), item, found);
            }
        }
        _ => {}
    }
}

#[test]
fn everything_at_once_is_one_plan_and_a_second_run_changes_nothing() {
    let catalogue = Catalogue::built_in().unwrap();
    for (shape, project) in shapes::SHAPES {
        for language in shapes::LANGUAGES {
            let root = tempfile::tempdir().unwrap();
            let request = Request { names: shapes::names(), language, ..request("") };
            let existing = Existing::below(root.path());
            let first = plan(&catalogue, &project(), &request, &existing).unwrap();
            let is_known = |said: &Diagnostic| matches!(said.code.id(), "K003" | "K004");
            assert!(first.diagnostics.iter().all(is_known), "{shape}: {:?}", first.diagnostics);
            apply_to(root.path(), &first.changes);
            let second = plan(&catalogue, &project(), &request, &existing).unwrap();
            assert!(second.changes.is_empty(), "{shape}: {}", second.changes.diff());
        }
    }
}

#[test]
fn of_several_forms_of_one_thing_the_usual_one_is_made() {
    let manifest = |more: &str| {
        format!(
            "description = \"x\"\ncategory = \"other\"\n{more}\n[[outputs]]\npath = \"x\"\ntemplate = \"a.tera\"\n"
        )
    };
    let folder = own(&[
        ("usual/manifest.toml", &manifest("")),
        ("usual/a.tera", "usual"),
        ("other/manifest.toml", &manifest("instead_of = \"usual\"")),
        ("other/a.tera", "other"),
    ]);
    let catalogue = catalogue(folder.path()).unwrap();
    let of = |names: &[&str]| {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        plan(&catalogue, &shapes::script(), &Request { names, ..request("") }, &Existing::none()).unwrap()
    };
    assert_eq!(of(&["other"]).files[0].text, "other\n");
    let both = of(&["other", "usual"]);
    assert_eq!(both.files.len(), 1);
    assert_eq!(both.files[0].text, "usual\n");
    let expected = "note[K003]: `other` is left out: it is another form of `usual`, which is made";
    assert_eq!(both.diagnostics[0].to_string(), expected);
}

#[test]
fn what_is_made_in_the_same_run_is_there_for_the_others() {
    let manifest = |path: &str| {
        format!(
            "description = \"x\"\ncategory = \"other\"\n[[outputs]]\npath = \"{path}\"\ntemplate = \"a.tera\"\n"
        )
    };
    let folder = own(&[
        ("image/manifest.toml", &manifest("Dockerfile")),
        ("image/a.tera", "FROM scratch"),
        ("other/manifest.toml", &manifest("other.txt")),
        ("other/a.tera", "[= project.has_dockerfile =]"),
    ]);
    let catalogue = catalogue(folder.path()).unwrap();
    let of = |names: &[&str]| {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        let request = Request { names, ..request("") };
        plan(&catalogue, &shapes::script(), &request, &Existing::none()).unwrap().files.remove(0).text
    };
    assert_eq!(of(&["other"]), "false\n");
    assert_eq!(of(&["other", "image"]), "true\n");
}

#[test]
fn a_template_that_is_not_there_in_a_language_says_so() {
    let manifest = format!("languages = [\"en\", \"ko\"]\n{}", output(""));
    let manifest = format!("description = \"own\"\ncategory = \"other\"\n{manifest}");
    let folder = own(&[("own/manifest.toml", &manifest), ("own/own.tera", "[= lang =]")]);
    let catalogue = catalogue(folder.path()).unwrap();
    let request = Request { language: Language::Ko, ..request("own") };
    let made = plan(&catalogue, &Project::default(), &request, &Existing::none()).unwrap();
    assert_eq!(made.files[0].text, "ko\n");
}

#[test]
fn only_a_package_is_published() {
    let catalogue = Catalogue::built_in().unwrap();
    let made = |is_package: bool| {
        let project = Project { is_package, ..shapes::library() };
        plan(&catalogue, &project, &request("github-cd"), &Existing::none()).unwrap()
    };
    let text = |plan: &Plan| {
        plan.files.iter().find(|file| file.path.ends_with("cd.yml")).map(|file| file.text.clone()).unwrap()
    };
    let (package, code) = (made(true), made(false));
    assert!(
        text(&package).contains("uv publish") && package.diagnostics.is_empty(),
        "{:?}",
        package.diagnostics
    );
    assert!(!text(&code).contains("uv publish"), "{}", text(&code));
    assert!(code.diagnostics[0].message.starts_with("nothing tells how"), "{:?}", code.diagnostics);
}

#[test]
fn an_image_without_its_dockerfile_is_told() {
    let catalogue = Catalogue::built_in().unwrap();
    let project = Project { has_dockerfile: false, ..shapes::web() };
    let told = |names: &[&str]| {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        let plan = plan(&catalogue, &project, &Request { names, ..request("") }, &Existing::none()).unwrap();
        plan.diagnostics.iter().any(|said| said.to_string().contains("there is no Dockerfile at the root"))
    };
    assert!(told(&["docker-publish"]));
    assert!(!told(&["docker-publish", "dockerfile"]));
}

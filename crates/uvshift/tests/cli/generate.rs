//! `uvshift generate`: word for word, and the project afterwards.

use std::fs;
use std::os::unix::fs::symlink;

use crate::schema::checked;
use crate::support::World;

fn project() -> World {
    World::new(&[
        (
            "pyproject.toml",
            "[project]\nname = \"shop\"\nversion = \"1\"\nrequires-python = \">=3.12\"\ndependencies = [\"flask\"]\n\n\
             [dependency-groups]\ndev = [\"pytest\"]\n",
        ),
        ("uv.lock", "version = 1\n"),
        ("shop/__init__.py", ""),
        ("tests/test_shop.py", "def test_shop():\n    pass\n"),
        (".gitignore", "# mine\n*.log\n.venv/\n"),
    ])
}

#[test]
fn files_are_made_joined_or_left_alone_and_come_back() {
    let world = project();
    world.write("Makefile", "all:\n\techo mine\n");
    let before = world.picture();
    world.snapshot(
        "generate-dry-run",
        &["generate", "editorconfig", "gitignore", "makefile", "--dry-run"],
        0,
    );
    world.snapshot("generate-without-yes", &["generate", "editorconfig"], 1);
    assert_eq!(world.picture(), before, "neither writes");
    world.snapshot("generate-yes", &["generate", "editorconfig", "gitignore", "makefile", "--yes"], 0);
    assert!(world.read(".gitignore").starts_with("# mine\n*.log\n.venv/\n"), "{}", world.read(".gitignore"));
    assert_eq!(world.read("Makefile"), "all:\n\techo mine\n");
    world.snapshot("generate-again", &["generate", "editorconfig", "gitignore", "--yes"], 10);
    assert_eq!(world.run(&["rollback"]).code, 0);
    assert_eq!(world.picture(), before);
    assert_eq!(world.run(&["generate", "makefile", "--yes", "--force"]).code, 0);
    assert!(world.read("Makefile").contains("uv run pytest"), "{}", world.read("Makefile"));
    assert_eq!(world.run(&["rollback"]).code, 0);
    assert_eq!(world.picture(), before);
}

#[test]
fn mistakes_are_told_with_a_way_out() {
    let world = project();
    let before = world.picture();
    let unknown = world.run(&["generate", "makefil", "--yes"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("there is no template `makefil`"), "{}", unknown.stderr);
    world.snapshot("generate-unknown-answer", &["generate", "makefile", "--set", "colour=red"], 2);
    world.snapshot("generate-no-answer", &["generate", "makefile", "--set", "colour"], 2);
    assert_eq!(world.picture(), before);
    world.write("inputs.toml", "a = [\n");
    world.snapshot("generate-broken-inputs", &["generate", "makefile", "--inputs", "inputs.toml"], 2);
}

#[test]
fn a_folder_behind_the_names_is_the_project() {
    let world = World::new(&[
        (
            "service/pyproject.toml",
            "[project]\nname = \"service\"\nversion = \"1\"\nrequires-python = \">=3.12\"\n",
        ),
        ("service/uv.lock", "version = 1\n"),
        // A folder that is called like a template is not meant.
        ("editorconfig/readme.md", ""),
    ]);
    let ran = world.run(&["generate", "editorconfig", "service", "--yes"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(!world.read("service/.editorconfig").is_empty());
    let ran = world.run(&["generate", "makefile", "editorconfig", "-C", "service", "--force", "--yes"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(!world.read("service/Makefile").is_empty() && world.read("editorconfig/Makefile").is_empty());
    let ran = world.run(&["generate", "init-template", "mine", "--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(world.run(&["generate", "makefile", "nowhere", "--yes"]).stderr.contains("`nowhere`"));
}

#[test]
fn nothing_is_written_through_a_link() {
    let world = project();
    fs::create_dir(world.beside("elsewhere")).expect("a folder");
    symlink(world.beside("elsewhere"), world.project().join("docs")).expect("a link");
    let ran = world.run(&["generate", "developer-guide", "--yes"]);
    assert!(ran.stderr.contains("K001"), "{}{}", ran.stdout, ran.stderr);
    assert_eq!(fs::read_dir(world.beside("elsewhere")).expect("a folder").count(), 0);
}

#[test]
fn a_template_of_ones_own_goes_before() {
    let world = project();
    world.snapshot("generate-init-template", &["generate", "init-template", "hello"], 0);
    world.write(".uvshift-templates/hello/hello.tera", "Hello [= project.name =]\n");
    world.write(".uvshift-templates/editorconfig/editorconfig.tera", "# ours\n");
    assert_eq!(world.run(&["generate", "hello", "editorconfig", "--yes"]).code, 0);
    assert_eq!(
        (world.read("hello.md"), world.read(".editorconfig")),
        ("Hello shop\n".into(), "# ours\n".into())
    );
    world.write(".uvshift-templates/hello/hello.tera", "one\n[= project.nonsense =]\n");
    world.snapshot("generate-broken-template", &["generate", "hello", "--force", "--yes"], 1);
    world.write(".uvshift-templates/hello/hello.tera", "fine\n");
    let manifest = world.read(".uvshift-templates/hello/manifest.toml");
    world.write(
        ".uvshift-templates/hello/manifest.toml",
        manifest.replace("path = \"hello.md\"", "path = \"../out.md\""),
    );
    world.snapshot("generate-unsafe-path", &["generate", "hello", "--yes"], 1);
    assert!(!world.beside("out.md").exists());
}

#[test]
fn json_is_as_the_schema_says() {
    let world = project();
    let list = checked(&world, &["generate", "list"], "generate_list");
    let templates = list["templates"].as_array().expect("a list");
    assert!(templates.len() > 20, "{}", templates.len());
    for template in templates {
        assert!(template["outputs"].as_array().is_some_and(|outputs| !outputs.is_empty()), "{template}");
    }
    let planned = checked(&world, &["generate", "makefile", "--dry-run"], "generate");
    assert_eq!((&planned["status"], &planned["files"][0]["fate"]), (&"planned".into(), &"created".into()));
    let done = checked(&world, &["generate", "makefile", "--yes"], "generate");
    assert!(done["status"] == "generated" && done["journal"].is_string(), "{done:#}");
    assert_eq!(checked(&world, &["generate", "makefile", "--yes"], "generate")["status"], "nothing-to-do");
    checked(&world, &["generate", "init-template", "mine"], "generate");
}

#[test]
fn every_template_fits_a_real_project() {
    let world = project();
    let before = world.picture();
    for language in ["en", "ko"] {
        let ran = world.run(&["generate", "all", "--lang", language, "--dry-run", "--format", "json"]);
        let fine = ran.code == 0 || ran.stderr.contains("both make");
        assert!(fine, "{}{}", ran.stdout, ran.stderr);
    }
    assert_eq!(world.picture(), before);
}

//! `uvshift deps`: word for word, and what a person does about it.

use crate::support::World;

const PYPROJECT: &str = "[project]\nname = \"shop\"\nversion = \"1\"\nrequires-python = \">=3.10\"\ndependencies = [\n    \"requests>=2\",\n    \
    \"PyYAML>=6\",\n    \"left-over>=1\",  # nobody knows why\n    \"pytest>=8\",\n]\n\n[dependency-groups]\ndev = [\"httpx>=0.27\"]\n";

const CODE: &str = "\"\"\"The shop.\"\"\"\n\nimport json\n\nimport httpx\nimport requests\nimport yaml\nfrom bs4 import BeautifulSoup\n\n\
    try:\n    import ujson\nexcept ImportError:\n    ujson = None\n\n\ndef lazily():\n    import importlib\n\n    return importlib.import_module(\"odd_module.part\")\n";

/// A project with one of each.
fn disagreeing() -> World {
    World::new(&[
        ("pyproject.toml", PYPROJECT),
        ("shop/__init__.py", CODE),
        ("shop/broken.py", "import requests\ndef (:\n"),
        ("tests/test_shop.py", "import shop\nimport pytest\nimport responses\n"),
    ])
}

#[test]
fn findings_word_for_word() {
    let world = disagreeing();
    let before = world.picture();
    world.snapshot("deps", &["deps"], 1);
    world.snapshot("deps-verbose", &["deps", "-v", "--imports"], 1);
    world.snapshot("deps-only", &["deps", "--only", "missing", "--ignore", "X004"], 1);
    world.snapshot("deps-exit-zero", &["deps", "--exit-zero", "--only", "unused"], 0);
    world.snapshot("deps-unknown-rule", &["deps", "--only", "misplaces"], 2);
    world.snapshot("deps-markdown", &["deps", "--format", "markdown"], 1);
    world.snapshot("deps-github", &["deps", "--format", "github"], 1);
    assert_eq!(world.picture(), before, "nothing writes");
}

#[test]
fn a_project_that_agrees_says_so() {
    let world = World::new(&[
        (
            "pyproject.toml",
            "[project]\nname = \"shop\"\nversion = \"1\"\ndependencies = [\"requests>=2,<3\"]\n",
        ),
        ("shop.py", "import requests\n"),
    ]);
    world.snapshot("deps-clean", &["deps"], 0);
    world.snapshot("deps-settings-wrong", &["deps", "nowhere"], 2);
    world.write("pyproject.toml", "[tool.uvshift.deps]\nknown-first-party = []\n");
    world.snapshot("deps-settings-unknown", &["deps"], 1);
}

#[test]
fn requirements_files_declare_too() {
    let world = World::new(&[
        ("requirements.txt", "flask>=3\nrequests==2.31.0  # uvshift: ignore[unused]\n"),
        ("requirements-dev.txt", "-r requirements.txt\npytest\n"),
        ("app.py", "import flask\nimport click\n"),
        ("test_app.py", "import pytest\n"),
    ]);
    world.snapshot("deps-requirements", &["deps"], 1);
}

#[test]
fn a_fix_and_its_way_back() {
    let world = disagreeing();
    let before = world.picture();
    world.snapshot("deps-fix-dry-run", &["deps", "--fix", "--dry-run"], 0);
    world.snapshot("deps-fix-without-yes", &["deps", "--fix"], 1);
    assert_eq!(world.picture(), before, "neither writes");
    world.snapshot("deps-fix", &["deps", "--fix", "--yes"], 0);
    let document = world.read("pyproject.toml");
    assert!(document.contains("\"httpx>=0.27\"") && !document.contains("left-over"), "{document}");
    world.snapshot("deps-fix-verify", &["verify"], 0);
    world.snapshot("deps-fix-again", &["deps", "--fix", "--yes"], 1);
    assert_eq!(world.run(&["rollback"]).code, 0);
    assert_eq!(world.picture(), before);
}

/// With credentials in every place where a URL can have them.
fn secretive() -> World {
    let pyproject = "[project]\nname = \"shop\"\nversion = \"1\"\nrequires-python = \">=3.10\"\ndependencies = [\n    \
        \"pkg @ https://joe:s3cret@host.example/pkg.whl\",\n    \"pkg @ https://joe:s3cret@other.example/pkg.whl\",\n    \
        \"pytest @ git+https://s3cret@host.example/pytest.git\",\n    \"six @ https://host.example/six.whl?token=s3cret\",\n]\n\n\
        [dependency-groups]\ndev = [\"httpx @ https://joe:s3cret@host.example/httpx.whl\"]\n\n[tool.uv.sources]\n\
        yaml = { git = \"https://s3cret@host.example/yaml.git\" }\n";
    let lock = "version = 1\nrequires-python = \">=3.10\"\n\n[[package]]\nname = \"six\"\nversion = \"1\"\n\
        source = { registry = \"https://joe:s3cret@index.example/simple\" }\n\
        wheels = [{ url = \"https://joe:s3cret@index.example/six-1-py3-none-any.whl\", hash = \"sha256:aa\", size = 5 }]\n\n\
        [[package]]\nname = \"pkg\"\nversion = \"1\"\nsource = { url = \"https://joe:s3cret@host.example/pkg.whl\" }\n\n\
        [[package]]\nname = \"shop\"\nversion = \"1\"\nsource = { virtual = \".\" }\n\
        dependencies = [{ name = \"six\" }, { name = \"pkg\" }]\n\n[package.metadata]\n\
        requires-dist = [{ name = \"pkg\", url = \"https://joe:s3cret@host.example/pkg.whl\" }]\n";
    World::new(&[
        ("pyproject.toml", pyproject),
        ("uv.lock", lock),
        ("shop/__init__.py", "import httpx\n"),
        ("tests/test_shop.py", "import pytest\n"),
        (
            "run.py",
            "# /// script\n# dependencies = [\"rich @ https://joe:s3cret@host.example/rich.whl\"]\n# ///\n",
        ),
    ])
}

#[test]
fn no_output_has_a_secret() {
    let listed = World::new(&[
        (
            "requirements.txt",
            "--extra-index-url https://joe:s3cret@index.example/simple\npkg @ https://joe:s3cret@host.example/pkg.whl\n\
             pytest @ git+https://s3cret@host.example/two.git\n-e git+https://s3cret@host.example/three.git#egg=three\n\
             https://joe:s3cret@host.example/four-1.0-py3-none-any.whl?token=s3cret\n",
        ),
        ("test_app.py", "import pytest\n"),
    ]);
    let mut commands = vec![vec!["check"], vec!["check", "--format", "json"], vec!["graph", "--why", "pkg"]];
    commands
        .extend([vec!["deps", "--fix", "--dry-run"], vec!["deps", "--fix", "--dry-run", "--format", "json"]]);
    commands.extend([vec!["deps", "-v", "--imports"], vec!["graph", "--reverse", "pkg"]]);
    commands
        .extend(["text", "json", "markdown", "github", "sarif"].map(|form| vec!["deps", "--format", form]));
    commands.extend(
        ["text", "json", "dot", "mermaid", "svg", "html"].map(|form| vec!["graph", "--format", form]),
    );
    for world in [secretive(), listed] {
        for command in &commands {
            let ran = world.run(command);
            assert!(ran.code < 2 || command[0] == "check", "{command:?}: {} {}", ran.code, ran.stderr);
            let said = format!("{}{}", ran.stdout, ran.stderr);
            assert!(!said.contains("s3cret"), "{command:?}: {said}");
        }
    }
}

#[test]
fn what_is_no_requirement_is_told() {
    let world = World::new(&[
        (
            "pyproject.toml",
            "[project]\nname = \"shop\"\nversion = \"1\"\ndependencies = [\"requests>=2,<3\", 3, \"!!bad\"]\n[dependency-groups]\ndocs = \"x\"\n",
        ),
        ("requirements-dev.txt", "pytest<9\n4 + 4\n"),
        ("shop.py", "import requests\n"),
        ("test_shop.py", "import pytest\n"),
    ]);
    world.snapshot("deps-no-requirement", &["deps"], 0);
}

//! Dockerfiles are really built as they were and as they are rewritten, and the images have the same packages and start the
//! same programs.

#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]

use std::collections::BTreeMap;

use uvshift_changeset::Change;
use uvshift_rewrite::{Became, Context, RewriteOptions, Selection, plan};
use uvshift_testkit::{Images, Project, flat_index, uv_command};
use uvshift_tree::Tree;

const BASES: &[&str] = &["docker.io/library/python:3.11-slim", "docker.io/library/python:3.11"];
const UV: &str = "ghcr.io/astral-sh/uv:0.13.9";
const PACKAGES: &str = "import importlib.metadata as m; print(sorted(f'{d.name}=={d.version}' for d in m.distributions() if d.name not in ('pip', 'setuptools', 'wheel')))";

/// An index in the image, so that neither pip nor uv needs a network.
const SETTINGS: &str = "ENV PIP_NO_INDEX=1 PIP_FIND_LINKS=/app/wheels UV_OFFLINE=1\n";

fn cases() -> Vec<(&'static str, String)> {
    let single = format!(
        "FROM docker.io/library/python:3.11-slim\n{SETTINGS}WORKDIR /app\nCOPY wheels wheels\nRUN pip install --upgrade pip\nCOPY requirements.txt .\nRUN pip install --no-cache-dir --upgrade -r requirements.txt\nCOPY . .\nCMD [\"python\", \"main.py\"]\n"
    );
    let environment = format!(
        "FROM docker.io/library/python:3.11 AS builder\n{SETTINGS}WORKDIR /app\nCOPY wheels wheels\nRUN python -m venv /opt/venv\nENV PATH=\"/opt/venv/bin:$PATH\"\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n\nFROM docker.io/library/python:3.11-slim\nCOPY --from=builder /opt/venv /opt/venv\nENV PATH=\"/opt/venv/bin:$PATH\"\nWORKDIR /srv\nCOPY main.py .\nUSER nobody\nCMD [\"python\", \"main.py\"]\n"
    );
    let packages = format!(
        "FROM docker.io/library/python:3.11 AS builder\n{SETTINGS}WORKDIR /app\nCOPY wheels wheels\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\n\nFROM docker.io/library/python:3.11-slim\nCOPY --from=builder /usr/local/lib/python3.11/site-packages /usr/local/lib/python3.11/site-packages\nWORKDIR /srv\nCOPY main.py .\nCMD [\"python\", \"main.py\"]\n"
    );
    vec![("single", single), ("environment", environment), ("packages", packages)]
}

#[test]
fn images_have_the_same_packages_before_and_after() {
    let Some(images) = Images::new(BASES, UV) else { return };
    let project = Project::new();
    flat_index(
        project.path().join("wheels"),
        &[("alpha", "1.0", &["beta>=2"]), ("beta", "2.1", &[]), ("gamma", "3.0", &[])],
    );
    project.write("requirements.txt", "alpha==1.0\nbeta==2.1\n");
    project.write("main.py", "import alpha, beta\nprint(alpha.__version__, beta.__version__)\n");
    project.write("pyproject.toml", "[project]\nname = \"shop\"\nversion = \"1.0\"\nrequires-python = \">=3.10\"\ndependencies = [\"alpha\"]\n\n[dependency-groups]\ndev = [\"gamma\"]\n\n[[tool.uv.index]]\nname = \"local\"\nurl = \"wheels\"\nformat = \"flat\"\ndefault = true\n");
    let locked = uv_command(&project).arg("lock").output().expect("uv runs");
    assert!(locked.status.success(), "{}", String::from_utf8_lossy(&locked.stderr));
    for (name, text) in cases() {
        let before = build(&images, &project, &text, &format!("localhost/{name}-before"));
        project.write("Dockerfile", &text);
        let after = rewritten(&project);
        assert!(after.contains("uv sync --locked --no-dev"), "{after}");
        assert!(!after.contains("pip install"), "{after}");
        let after = build(&images, &project, &after, &format!("localhost/{name}-after"));
        assert_eq!(before, after, "{name}");
        assert_eq!(before, ["['alpha==1.0', 'beta==2.1']", "1.0 2.1"], "{name}");
    }
}

/// Builds an image, with a last step that says its packages and what its command says.
fn build(images: &Images, project: &Project, text: &str, name: &str) -> Vec<String> {
    project
        .write("Dockerfile", format!("{text}RUN echo said: && python -c \"{PACKAGES}\" && python main.py\n"));
    let said = images.build(project.path(), "Dockerfile", name, &[]);
    let said = said.unwrap_or_else(|said| panic!("{name}: {said}"));
    said.lines().skip_while(|line| *line != "said:").skip(1).take(2).map(str::to_owned).collect()
}

fn rewritten(project: &Project) -> String {
    let tree = Tree::from_disk(project.path()).expect("a tree");
    let became = BTreeMap::from([("requirements.txt".to_owned(), Became::Selection(Selection::main()))]);
    let context = Context::read(&tree, became, "0.13.9").expect("a context");
    let plan = plan(&tree, &context, &RewriteOptions::default()).expect("a plan");
    let change = plan.changes.iter().find_map(|change| match change {
        Change::Edit { path, after, .. } if path.as_str() == "Dockerfile" => Some(after.clone()),
        _ => None,
    });
    String::from_utf8(change.expect("the Dockerfile changes")).expect("UTF-8")
}

//! The steps of a job, as far as Python is concerned.

use crate::yaml::Node;

/// A step.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step<'y> {
    pub(super) node: Node<'y>,
    pub(super) kind: Kind<'y>,
}

/// What a step does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind<'y> {
    /// `run`
    Run,
    /// `actions/checkout`
    Checkout,
    /// `actions/setup-python` and what works alike.
    SetupPython,
    /// `astral-sh/setup-uv`
    SetupUv,
    /// `actions/cache`
    Cache,
    /// Installs a program that uv takes the place of: its name.
    Installer(&'static str),
    /// Another way to have Python, which stays.
    OtherPython(&'y str),
    /// An action of the repository itself.
    Local,
    /// An action that runs programs of the environment.
    InEnvironment,
    /// An action that installs pre-commit with pip, into the Python on `PATH`, and runs it there.
    PreCommit,
    /// Anything else.
    Other,
}

/// Actions that install one program.
const INSTALLERS: &[(&str, &str)] = &[
    ("snok/install-poetry", "poetry"),
    ("abatilo/actions-poetry", "poetry"),
    ("gr1n/setup-poetry", "poetry"),
    ("dschep/install-poetry-action", "poetry"),
    ("packetcoders/action-setup-cache-python-poetry", "poetry"),
    ("dschep/install-pipenv-action", "pipenv"),
    ("tiangolo/install-pipenv-action", "pipenv"),
    ("pypa/hatch", "hatch"),
    ("eifinger/setup-rye", "rye"),
];

impl<'y> Step<'y> {
    /// Reads a step.
    pub(super) fn of(node: Node<'y>) -> Self {
        let kind = node.get("uses").and_then(Node::as_str).map_or(Kind::Run, kind_of);
        Self { node, kind }
    }

    /// The text of a key.
    pub(super) fn text(&self, key: &str) -> Option<&'y str> {
        self.node.get(key)?.as_str()
    }

    /// An input of an action.
    pub(super) fn input(&self, key: &str) -> Option<Node<'y>> {
        self.node.at(&["with", key]).filter(|value| !value.is_null())
    }

    /// Whether it may not run: it has an `if` that is not about what went before.
    pub(super) fn is_conditional(&self) -> bool {
        let Some(condition) = self.text("if") else { return false };
        let plain = condition.trim().trim_start_matches("${{").trim_end_matches("}}").trim();
        !matches!(plain, "always()" | "success()" | "!cancelled()" | "true" | "success() || failure()")
    }
}

fn kind_of(uses: &str) -> Kind<'_> {
    let name = uses.split('@').next().unwrap_or(uses);
    let lower = name.to_ascii_lowercase();
    if let Some((_, program)) = INSTALLERS.iter().find(|(action, _)| *action == lower) {
        return Kind::Installer(program);
    }
    match lower.as_str() {
        "actions/checkout" => Kind::Checkout,
        "actions/setup-python" | "pdm-project/setup-pdm" => Kind::SetupPython,
        "astral-sh/setup-uv" => Kind::SetupUv,
        "actions/cache" => Kind::Cache,
        "pre-commit/action" => Kind::PreCommit,
        "jakebailey/pyright-action" | "codspeedhq/action" => Kind::InEnvironment,
        _ if name.starts_with("./") => Kind::Local,
        _ if is_other_python(&lower) => Kind::OtherPython(name),
        _ => Kind::Other,
    }
}

fn is_other_python(name: &str) -> bool {
    name.starts_with("conda-incubator/")
        || name.starts_with("py-actions/")
        || name.starts_with("mamba-org/")
        || name == "deadsnakes/action"
        || name == "matthewfeickert/setup-miniconda"
        || name == "bsfishy/pip-action"
        || name == "syphar/restore-virtualenv"
        || name == "syphar/restore-pip-download-cache"
        // It sets an environment up with a tool that is no installer of its own here.
        || (["poetry", "pipenv", "setup-pdm"].iter().any(|tool| name.contains(tool)) && !name.contains("cache"))
}

/// Whether an action is named by a commit.
pub(super) fn is_pinned(uses: &str) -> bool {
    let commit = uses.split_once('@').map(|(_, commit)| commit);
    uses.contains('/')
        && commit.is_some_and(|it| it.len() == 40 && it.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

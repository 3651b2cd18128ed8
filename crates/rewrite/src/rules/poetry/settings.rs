//! `poetry config`, `env`, `shell`.

use super::Poetry;
use crate::engine::Scope;
use crate::manager::{Call, is_read, left, place_of_environment};
use crate::rules::Verdict;
use crate::shell::Word;

/// `poetry config`: what says how Poetry works goes with it, credentials have another place.
pub(super) fn config(call: &Call<'_>) -> Verdict {
    let options = call.options(&["--local", "--list", "--unset", "--no-interaction", "-n", "--migrate"], &[]);
    let words: Vec<&Word> = options.positional;
    let Some(key) = words.first().and_then(|word| word.literal()) else {
        return Verdict::safe("", "it shows or moves the settings of Poetry, which is not used any more");
    };
    let value = |at: usize| words.get(at).map(|word| word.raw(call.script)).unwrap_or_default();
    let (table, name) = key.split_once('.').unwrap_or((key.as_str(), ""));
    match table {
        "virtualenvs" if name == "in-project" => {
            Verdict::safe("", "uv makes the environment of a project in `.venv` of its folder")
        }
        "virtualenvs" if name == "create" && value(1) == "false" => Verdict::safe(
            "",
            "uv installs into `.venv` of the project, which needs nothing of the system's Python",
        ),
        "virtualenvs" | "installer" | "solver" | "cache-dir" | "data-dir" | "experimental" | "keyring"
        | "requests" | "system-git-client" => {
            Verdict::safe("", "it says how Poetry works, and uv has its own ways")
        }
        "pypi-token" => {
            left("uv takes the token from its environment", format!("export UV_PUBLISH_TOKEN={}", value(1)))
        }
        "http-basic" => {
            let name = variable(name);
            left(
                "uv takes the credentials of an index from its environment",
                format!("export UV_INDEX_{name}_USERNAME={} UV_INDEX_{name}_PASSWORD={}", value(1), value(2)),
            )
        }
        "repositories" => left(
            "uv reads its indexes from pyproject.toml",
            format!("an index `{name}` with `publish-url = \"{}\"` in [[tool.uv.index]]", value(1)),
        ),
        "certificates" => left("uv takes certificates from its environment", "export SSL_CERT_FILE=..."),
        _ => Verdict::left(format!("uvshift does not know what `{key}` of Poetry is in uv")),
    }
}

/// The name of an index in a variable of uv.
fn variable(name: &str) -> String {
    let letters = name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' });
    letters.collect::<String>().to_ascii_uppercase()
}

pub(super) fn shell() -> Verdict {
    left("uv starts no shell of its own", ". .venv/bin/activate")
}

/// `poetry env use`, `info`, `remove`.
pub(super) fn env(poetry: &Poetry<'_, '_>, scope: &Scope) -> Verdict {
    let options = poetry.options(&["-p", "--path", "-e", "--executable", "--all", "--full-path"], &[]);
    let words = &options.positional;
    let action = words.first().and_then(|word| word.literal()).unwrap_or_default();
    match action.as_str() {
        "use" => {
            let python = words.get(1).map(|word| word.raw(poetry.call.script)).unwrap_or_default();
            Verdict::review(
                format!("uv python pin {python}"),
                "the Python of the project from here on, which uv writes into `.python-version`",
            )
        }
        "info" if options.has(&["-p", "--path"]) => place_of_environment(scope, poetry.project),
        "info" if options.has(&["-e", "--executable"]) => {
            Verdict::safe("uv python find", "the Python of the environment of the project")
        }
        "info" if !is_read(poetry.invocation) => {
            Verdict::safe("uv python find", "the Python of the environment of the project")
        }
        "remove" => Verdict::review("rm -rf .venv", "the environment of the project"),
        "activate" => {
            Verdict::review("echo . .venv/bin/activate", "what is to be evaluated to enter the environment")
        }
        _ => Verdict::left(format!("uv has nothing for `poetry env {action}`")),
    }
}

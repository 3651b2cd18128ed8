//! What a script does before an install that uv would not notice: settings of pip, and old files that are edited.

use super::{Scope, path_of};
use crate::context::Context;
use crate::invocation::Invocation;
use crate::shell::{Command, Word};

/// Settings of pip that change what is installed, or where from, or where to.
const SETTINGS: &[&str] = &[
    "PIP_BUILD_CONSTRAINT",
    "PIP_CERT",
    "PIP_CLIENT_CERT",
    "PIP_CONFIG_FILE",
    "PIP_CONSTRAINT",
    "PIP_EXTRA_INDEX_URL",
    "PIP_FIND_LINKS",
    "PIP_INDEX_URL",
    "PIP_NO_BINARY",
    "PIP_NO_BUILD_ISOLATION",
    "PIP_NO_DEPS",
    "PIP_NO_INDEX",
    "PIP_ONLY_BINARY",
    "PIP_PRE",
    "PIP_PREFIX",
    "PIP_REQUIREMENT",
    "PIP_TARGET",
    "PIP_TRUSTED_HOST",
    "PIP_UPGRADE",
    "PIP_USER",
];

/// Rules of commands that read what pip is set to, and requirements files.
const INSTALLS: &[&str] =
    &["build", "pip-install", "pip-sync", "pip-wheel", "pip-compile", "pipenv", "pipx", "setup-py"];

impl Scope {
    /// Takes note of a variable that has a value from here on, if pip reads it.
    pub(crate) fn set(&mut self, name: &str) {
        self.settings.extend(SETTINGS.iter().find(|setting| **setting == name).copied());
    }

    /// Takes note of the variables that a script gives to the steps behind it.
    pub(crate) fn set_by_file(&mut self, script: &str) {
        if ["GITHUB_ENV", "BASH_ENV", "task.setvariable"].iter().any(|way| script.contains(way)) {
            let given = |name: &&&str| {
                script.contains(&format!("{name}=")) || script.contains(&format!("variable={name}"))
            };
            self.settings.extend(SETTINGS.iter().filter(given));
        }
    }

    /// Why an install has to be looked at, when a rule makes one.
    pub(super) fn doubt(&self, rule: &str) -> Option<String> {
        if !INSTALLS.contains(&rule) {
            return None;
        }
        let setting = self.settings.first().map(|name| format!("`{name}` means nothing to uv"));
        let edited =
            || Some(format!("the script changes `{}`, which uv does not read", self.edited.first()?));
        setting.or_else(edited)
    }
}

/// The old file that a command edits, although its requirements are in pyproject.toml now.
pub(super) fn edited(script: &str, command: &Command, scope: &Scope, context: &Context) -> Option<String> {
    if context.became.is_empty() {
        return None;
    }
    let writes = |operator: &str| operator.contains('>') && !operator.ends_with('&');
    let targets = command.redirections.iter().filter(|found| writes(&found.operator));
    let mut words: Vec<&Word> = targets.map(|found| &found.target).collect();
    if let Some(invocation) = Invocation::of(script, command, scope) {
        words.extend(written(&invocation));
    }
    words
        .into_iter()
        .find(|word| has_moved(script, word, scope, context))
        .map(|word| word.raw(script).to_owned())
}

/// The arguments that may be files which a command writes.
fn written<'a>(invocation: &Invocation<'a>) -> Vec<&'a Word> {
    let args = invocation.args;
    let has = |is: fn(&str) -> bool| args.iter().any(|word| is(word.raw(invocation.script)));
    let all = match invocation.program.as_str() {
        "sed" | "gsed" => has(|raw| raw.starts_with("-i") || raw.starts_with("--in-place") || is_short(raw)),
        "perl" | "ruby" => has(is_short),
        "tee" | "mv" | "ed" | "ex" | "truncate" | "patch" | "curl" | "wget" => true,
        "cp" | "install" | "ln" => return args.last().into_iter().collect(),
        _ => false,
    };
    if all { args.iter().collect() } else { Vec::new() }
}

/// Options of one letter with `i` among them: `-Ei`, `-pi`.
fn is_short(raw: &str) -> bool {
    let letters = raw.strip_prefix('-').filter(|letters| !letters.starts_with('-'));
    letters.is_some_and(|letters| letters.split('.').next().unwrap_or_default().contains('i'))
}

fn has_moved(script: &str, word: &Word, scope: &Scope, context: &Context) -> bool {
    if let Some(path) = word.literal() {
        return context.became(scope.folder.as_deref().unwrap_or_default(), &path).is_some();
    }
    path_of(script, word, scope).is_some_and(|path| context.became("", &path).is_some())
}

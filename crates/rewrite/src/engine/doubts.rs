//! What a script does before an install that uv would not notice: settings of pip, old files that are edited, other
//! revisions.

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
        let revision = || {
            let command = self.revision.as_ref()?;
            Some(format!("`{command}` puts another revision here, which may have no uv.lock"))
        };
        setting.or_else(edited).or_else(revision)
    }
}

/// Revisions that are the one that is tested, or the newest of a branch.
const OWN_REVISIONS: &[&str] = &["-", "HEAD", "main", "master", "develop", "dev", "trunk"];

/// Takes note of a command that puts another revision of the repository here, or this one again.
pub(super) fn check_out(script: &str, command: &Command, scope: &mut Scope) {
    let words: Vec<&str> = command.words.iter().map(|word| word.raw(script)).collect();
    let ["git", verb @ ("checkout" | "switch" | "reset"), rest @ ..] = words.as_slice() else { return };
    let makes = |word: &&&str| matches!(**word, "-b" | "-B" | "-c" | "-C" | "--orphan" | "--create" | "--");
    if rest.iter().any(|word| makes(&word)) || (*verb == "reset" && !rest.contains(&"--hard")) {
        return;
    }
    let mut named = rest.iter().filter(|word| **word == "-" || !word.starts_with('-'));
    // With more words, or a dot, files of a revision are taken.
    let (Some(revision), None) = (named.next(), named.next()) else { return };
    let plain = revision.trim_matches(['"', '\'']).trim_start_matches("origin/");
    let lower = plain.to_ascii_lowercase();
    let is_own = OWN_REVISIONS.contains(&plain)
        || ["github.sha", "github_sha", "commit_sha", "head_ref", "github.ref"]
            .iter()
            .any(|it| lower.contains(it));
    if is_own {
        scope.revision = None;
    } else if plain != "." && !plain.contains(".txt") {
        scope.revision = Some(words.join(" "));
        // Another revision may need something else.
        scope.maybe = scope.may_have();
        (scope.synced, scope.certain) = (None, None);
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

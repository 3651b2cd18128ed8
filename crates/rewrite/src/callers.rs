//! Files that call each other: a script that comes to need uv, and the job or image that calls it and has none.

use std::fmt::Write as _;

use uvshift_diagnostics::Safety;

use crate::hosts::{Host, Kind};
use crate::model::Rewritten;

/// Hosts whose files start on a machine of their own, where uv is only what they bring.
const CALLERS: [&str; 9] = [
    "azure-pipelines",
    "bitbucket",
    "circleci",
    "dockerfile",
    "drone",
    "github-actions",
    "gitlab-ci",
    "jenkinsfile",
    "travis",
];
/// Hosts whose files use what is there.
const CALLED: [&str; 3] = ["justfile", "makefile", "shell"];

/// A file with what a host makes of it.
pub(crate) struct Draft {
    pub(crate) path: String,
    pub(crate) host: &'static Host,
    pub(crate) text: String,
    /// None: the user has left files of this kind out.
    pub(crate) rewritten: Option<Rewritten>,
}

/// Holds what would break a caller: the called file is for review when a file that calls it will have no uv.
pub(crate) fn hold(drafts: &mut [Draft], review: bool) {
    let without: Vec<(String, String)> = drafts
        .iter()
        .filter(|draft| CALLERS.contains(&draft.host.name) && !has_uv(draft, review))
        .map(|draft| (draft.path.clone(), commands(&draft.text)))
        .collect();
    let of_tox: Vec<(String, String)> = drafts
        .iter()
        .filter(|draft| draft.host.name == "tox")
        .map(|draft| (draft.path.clone(), commands(&draft.text)))
        .collect();
    for draft in drafts.iter_mut().filter(|draft| CALLED.contains(&draft.host.name)) {
        if let Some((caller, _)) = of_tox.iter().find(|(_, text)| calls(text, draft)) {
            let reason = format!(
                "; {caller} calls this file in an environment of tox, which `uv sync` does not install into"
            );
            for edit in draft.rewritten.iter_mut().flat_map(|rewritten| &mut rewritten.edits) {
                edit.safety = Safety::NeedsReview;
                edit.reason.push_str(&reason);
            }
        }
        let caller = without.iter().find(|(_, text)| calls(text, draft));
        let (Some((caller, _)), Some(rewritten)) = (caller, &mut draft.rewritten) else { continue };
        for edit in &mut rewritten.edits {
            edit.safety = Safety::NeedsReview;
            // Writing into a string cannot fail.
            let _ = write!(edit.reason, "; {caller} calls this file and has no uv");
        }
    }
}

/// Whether uv is there, as the file is or as it will be.
fn has_uv(draft: &Draft, review: bool) -> bool {
    let names_uv = |text: &str| {
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        text.split(|letter| !is_part(letter)).any(|word| word == "uv")
    };
    let made = draft.rewritten.iter().filter(|_| draft.host.kind == Kind::Edited);
    let mut edits = made.flat_map(|rewritten| &rewritten.edits);
    names_uv(&draft.text) || edits.any(|edit| (review || edit.safety == Safety::Safe) && names_uv(&edit.new))
}

/// A text without its comments of whole lines.
fn commands(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with('#')).collect::<Vec<_>>().join("\n")
}

fn calls(caller: &str, draft: &Draft) -> bool {
    let name = draft.path.rsplit('/').next().unwrap_or(&draft.path);
    match draft.host.name {
        "makefile" => runs(caller, "make", &draft.text),
        "justfile" => runs(caller, "just", &draft.text),
        _ => {
            let is_part = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
            caller.split(|letter| !is_part(letter)).any(|word| word == name)
        }
    }
}

/// Whether a text runs `make` or `just` with a target of this file, or with none at the end of a line.
fn runs(caller: &str, program: &str, file: &str) -> bool {
    let is_target = |word: &str| {
        let word = word.trim_matches(['"', '\'', ']', ',', ';']);
        !word.is_empty()
            && file
                .lines()
                .any(|line| line.strip_prefix(word).is_some_and(|rest| rest.starts_with([':', ' '])))
    };
    caller.lines().any(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        words.iter().enumerate().any(|(at, word)| {
            word.trim_matches(['"', '\'', '[']) == program
                && words
                    .get(at + 1..)
                    .is_some_and(|rest| rest.is_empty() || rest.iter().any(|word| is_target(word)))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_called_and_a_word_is_not() {
        let makefile = "install:\n\tpip install -r requirements.txt\n";
        assert!(runs("      - run: make install\n", "make", makefile));
        assert!(runs("RUN make\n", "make", makefile));
        assert!(!runs("name: make sure that it works\n", "make", makefile));
        assert!(!runs("run: cmake install\n", "make", makefile));
    }
}

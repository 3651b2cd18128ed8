//! Scripts that may run where there is no uv yet.

use uvshift_diagnostics::Safety;

use crate::model::{Edit, Rewritten};
use crate::shell::{Command, Word, parse};

/// Programs that install packages of the system.
const MANAGERS: [&str; 9] =
    ["apt", "apt-get", "aptitude", "yum", "dnf", "apk", "pacman", "zypper", "microdnf"];

/// Holds what a script that makes a new machine ready would do with uv, which nothing brings there.
pub(super) fn hold(text: &str, found: &mut Rewritten) {
    if installs_python(text) && !brings_uv(text, &found.edits) {
        let reason = "the script installs Python on a machine that may be new, and nothing brings uv there";
        let safe = found.edits.iter_mut().filter(|edit| edit.safety == Safety::Safe);
        safe.for_each(|edit| wait(edit, reason));
    }
}

fn wait(edit: &mut Edit, reason: &str) {
    edit.safety = Safety::NeedsReview;
    edit.reason = format!("{}; {reason}", edit.reason);
}

fn brings_uv(text: &str, edits: &[Edit]) -> bool {
    let brings = |text: &str| text.contains("astral.sh/uv") || text.contains("install uv");
    brings(text) || edits.iter().any(|edit| brings(&edit.new))
}

/// `sudo apt-get install -y python3-venv`
fn installs_python(text: &str) -> bool {
    let installs = |command: &Command| {
        let words: Vec<String> = command.words.iter().filter_map(Word::literal).collect();
        let is_manager = |word: &String| MANAGERS.contains(&word.rsplit('/').next().unwrap_or(word));
        let Some(at) = words.iter().take(4).position(is_manager) else { return false };
        let mut rest = words.iter().skip(at + 1);
        rest.any(|word| ["install", "add", "-S", "-Sy", "-Syu"].contains(&word.as_str()))
            && rest.any(|word| {
                word.starts_with("python") || word.ends_with("-pip") || word.ends_with("virtualenv")
            })
    };
    parse(text).commands.iter().any(installs)
}

//! What somebody wrote into the scripts that activate an environment.

use std::path::{Path, PathBuf};

use super::{LocalChange, LocalKind};

/// What the activation of venv, uv 0.13.9 and virtualenv 21 sets of itself, beside what begins with `_OLD_`.
const VARIABLES: [&str; 9] = [
    "VIRTUAL_ENV",
    "VIRTUAL_ENV_PROMPT",
    "PATH",
    "PS1",
    "PYTHONHOME",
    "SCRIPT_PATH",
    "TCL_LIBRARY",
    "TK_LIBRARY",
    "PKG_CONFIG_PATH",
];

/// What it makes aliases of.
const ALIASES: [&str; 2] = ["deactivate", "pydoc"];

/// The scripts and their shells.
const SCRIPTS: [(&str, Shell); 3] =
    [("activate", Shell::Posix), ("activate.fish", Shell::Fish), ("activate.csh", Shell::Csh)];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shell {
    Posix,
    Fish,
    Csh,
}

/// The scripts in `bin` that export a variable or make an alias that activation does not know of: many put such lines there. What
/// else was changed in them is not seen.
pub(super) fn changed(root: &Path) -> Vec<LocalChange> {
    let told = |(name, shell): (&str, Shell)| {
        let path: PathBuf = Path::new("bin").join(name);
        let text = uvshift_installed::read_file(&root.join(&path)).0?;
        let size = u64::try_from(text.len()).unwrap_or(u64::MAX);
        let own = text.lines().flat_map(statements).any(|words| is_own(&words, shell));
        own.then_some(LocalChange { path, kind: LocalKind::Activation, size })
    };
    SCRIPTS.into_iter().filter_map(told).collect()
}

/// Whether a statement is of a kind that activation has, too, with a name that it has not.
fn is_own(words: &[String], shell: Shell) -> bool {
    let Some((command, rest)) = words.split_first() else { return false };
    let (flags, rest): (Vec<&String>, Vec<&String>) = rest.iter().partition(|word| word.starts_with('-'));
    let name = |word: &str| word.split('=').next().unwrap_or(word).to_owned();
    let has_flag = |flag| flags.iter().any(|word| !word.starts_with("--") && word.contains(flag));
    let mut names = rest.iter().map(|word| name(word));
    match (command.as_str(), shell) {
        ("export", Shell::Posix) => names.any(|name| is_foreign(&name)),
        ("declare" | "typeset", Shell::Posix) if has_flag('x') => names.any(|name| is_foreign(&name)),
        ("export", Shell::Fish) | ("setenv", Shell::Csh | Shell::Fish) => {
            names.next().is_some_and(|name| is_foreign(&name))
        }
        ("set", Shell::Fish) if has_flag('x') || flags.iter().any(|flag| *flag == "--export") => {
            names.next().is_some_and(|name| is_foreign(&name))
        }
        ("alias", _) => names.next().is_some_and(|name| is_name(&name) && !ALIASES.contains(&&*name)),
        _ => false,
    }
}

fn is_foreign(name: &str) -> bool {
    let is_variable = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_variable && !name.is_empty() && !VARIABLES.contains(&name) && !name.starts_with("_OLD_")
}

/// Whether something can be the name of an alias, and is not the way to somewhere else such as `>/dev/null`.
fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_alphanumeric() || matches!(first, '_' | '.' | '~'))
        && !name.contains('>')
}

/// The statements of a line, each in words; what stands in quotes or brackets is a part of its word.
fn statements(line: &str) -> Vec<Vec<String>> {
    let (mut all, mut words, mut word) = (Vec::new(), Vec::new(), String::new());
    let (mut quote, mut depth, mut is_escaped) = (None, 0_usize, false);
    for letter in line.chars() {
        let is_inside = quote.is_some() || depth > 0 || is_escaped;
        match letter {
            '#' if !is_inside && word.is_empty() => break,
            ';' | '&' | '|' if !is_inside => {
                words.push(std::mem::take(&mut word));
                all.push(std::mem::take(&mut words));
                continue;
            }
            _ if letter.is_whitespace() && !is_inside => {
                words.push(std::mem::take(&mut word));
                continue;
            }
            _ if is_escaped => is_escaped = false,
            '\\' if quote != Some('\'') => is_escaped = true,
            '"' | '\'' if quote.is_none() => quote = Some(letter),
            _ if quote == Some(letter) => quote = None,
            '(' if quote.is_none() => depth += 1,
            ')' if quote.is_none() => depth = depth.saturating_sub(1),
            _ => {}
        }
        word.push(letter);
    }
    words.push(word);
    all.push(words);
    for words in &mut all {
        words.retain(|word| !word.is_empty());
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(text: &str, shell: Shell) -> bool {
        text.lines().flat_map(statements).any(|words| is_own(&words, shell))
    }

    #[test]
    fn lines_of_somebody_are_told() {
        for line in [
            "export FOO=abc",
            "  export PATH FOO=abc",
            "export VIRTUAL_ENV; export FOO",
            "export PATH=\"a b\" FOO",
            "[ -n x ] && export FOO",
            "declare -x FOO=1",
            "alias ll='ls -l'",
        ] {
            assert!(own(line, Shell::Posix), "{line}");
        }
        for line in ["set -gx FOO abc", "set --global --export FOO abc", "alias ll 'ls -l'", "export FOO=1"] {
            assert!(own(line, Shell::Fish), "{line}");
        }
        for line in ["setenv FOO abc", "alias ll 'ls -l'"] {
            assert!(own(line, Shell::Csh), "{line}");
        }
    }

    #[test]
    fn lines_of_the_templates_are_not() {
        for line in [
            "export PS1 # export FOO",
            "# export FOO=1",
            "export VIRTUAL_ENV=$(cygpath \"/my env/FOO\")",
            "export PATH=\"a FOO\"",
            "alias pydoc 2>/dev/null >/dev/null && unalias pydoc || true",
            "declare FOO=1",
        ] {
            assert!(!own(line, Shell::Posix), "{line}");
        }
        for line in ["set -gx _OLD_VIRTUAL_PATH $PATH", "set -l FOO 1", "set -gx VIRTUAL_ENV '/a b'"] {
            assert!(!own(line, Shell::Fish), "{line}");
        }
        for line in
            ["setenv VIRTUAL_ENV '/a b'", "alias deactivate 'setenv FOO 1; x'", "alias pydoc python -m pydoc"]
        {
            assert!(!own(line, Shell::Csh), "{line}");
        }
    }
}

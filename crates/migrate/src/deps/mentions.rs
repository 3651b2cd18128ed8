//! Where something names a distribution without importing it: a module in a string, a command in a script.

use std::collections::BTreeSet;

use uvshift_depgraph::scan::Scan;
use uvshift_depgraph::{Evidence, Project, Sought};
use uvshift_project::Tree;

/// Files in which a line is a command.
const SCRIPTS: [&str; 9] = [
    "Makefile",
    "GNUmakefile",
    "makefile",
    "justfile",
    "Justfile",
    "Procfile",
    "Dockerfile",
    "Containerfile",
    "tox.ini",
];

/// Ends of such files.
const SCRIPT_ENDS: [&str; 7] = [".sh", ".bash", ".ps1", ".yml", ".yaml", ".mk", ".service"];

/// Ends of files that configure something.
const CONFIGURATION_ENDS: [&str; 6] = [".toml", ".cfg", ".ini", ".json", ".yml", ".yaml"];

/// Words of a line that installs, where a name is no use.
const INSTALLS: [&str; 7] = ["install", "add", "pip", "download", "uninstall", "conda", "requires"];

/// One answer for each distribution that is sought: the first place that names it.
pub(super) fn find(
    tree: &Tree,
    scan: &Scan,
    projects: &[Project],
    sought: &[Sought],
) -> Vec<Option<Evidence>> {
    let mut found: Vec<Option<Evidence>> = vec![None; sought.len()];
    let declared: BTreeSet<(&str, usize)> = projects
        .iter()
        .flat_map(|project| project.declared.iter().map(|found| (found.file.as_str(), found.line)))
        .collect();
    let python: BTreeSet<&str> = scan.files.iter().map(|file| &*file.path).collect();
    for path in tree.files() {
        let is_python = python.contains(path.as_str());
        let (is_script, is_configuration) = (is_script(path), is_configuration(path));
        if !(is_python || is_script || is_configuration) || path.ends_with("setup.py") || is_lock(path) {
            continue;
        }
        if found.iter().all(Option::is_some) {
            break;
        }
        let Some(text) = tree.text(path) else { continue };
        let hopeful: Vec<usize> = (0..sought.len())
            .filter(|at| {
                let sought = &sought[*at];
                found[*at].is_none()
                    && (may_name(&text, sought, is_script) || word_in(&text, sought, is_python).is_some())
            })
            .collect();
        if hopeful.is_empty() {
            continue;
        }
        for (index, line) in text.lines().enumerate() {
            // What is commented out is not used.
            if declared.contains(&(path.as_str(), index + 1)) || line.trim_start().starts_with('#') {
                continue;
            }
            for at in &hopeful {
                if found[*at].is_none()
                    && let Some(named) = name_in(line, &sought[*at], is_script)
                        .or_else(|| word_in(line, &sought[*at], is_python))
                {
                    found[*at] = Some(evidence(path, index + 1, &named));
                }
            }
        }
    }
    found
}

fn evidence(file: &str, line: usize, text: &str) -> Evidence {
    Evidence { file: file.to_owned(), line, cell: None, form: "mentioned", text: text.to_owned() }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn is_script(path: &str) -> bool {
    let name = file_name(path);
    SCRIPTS.contains(&name)
        || name.starts_with("Dockerfile.")
        || name.ends_with(".Dockerfile")
        || SCRIPT_ENDS.iter().any(|end| name.ends_with(end))
}

fn is_configuration(path: &str) -> bool {
    CONFIGURATION_ENDS.iter().any(|end| path.ends_with(end))
}

fn is_lock(path: &str) -> bool {
    uvshift_lockfile::LockKind::of_name(path).is_some()
        // These list what is to be installed; nothing of them is a use.
        || file_name(path).starts_with("environment.")
        || file_name(path) == ".pre-commit-config.yaml"
}

/// Whether a closer look is worth it.
fn may_name(text: &str, sought: &Sought, is_script: bool) -> bool {
    sought.modules.iter().any(|module| text.contains(module.as_str()))
        || (is_script && sought.commands.iter().any(|command| text.contains(command.as_str())))
}

/// What of a line names the distribution.
fn name_in(line: &str, sought: &Sought, is_script: bool) -> Option<String> {
    let module = sought.modules.iter().find_map(|module| module_in(line, module));
    module.or_else(|| {
        let is_install = || {
            line.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|word| INSTALLS.contains(&word))
        };
        let commands = sought.commands.iter().filter(|_| is_script);
        commands.filter(|command| is_command(line, command)).find(|_| !is_install()).cloned()
    })
}

/// What is called of another distribution, which then needs this one.
fn word_in(text: &str, sought: &Sought, is_python: bool) -> Option<String> {
    let mut words = sought.words.iter().filter(|_| is_python);
    words.find(|word| text.contains(**word)).map(|word| (*word).to_owned())
}

/// A dotted name in quotes or as a value, or the operand of `-m`.
fn module_in(line: &str, module: &str) -> Option<String> {
    for (start, _) in line.match_indices(module) {
        let (before, after) = (line.get(..start)?, line.get(start + module.len()..)?);
        let is_quoted = before.ends_with(['"', '\'']);
        let is_value =
            is_quoted || before.trim_end().ends_with(['=', ':', ',', '[', '-']) || before.trim().is_empty();
        let is_run = before.trim_end().ends_with(" -m") || before.trim_end().ends_with("-m");
        let is_dotted = after
            .strip_prefix('.')
            .is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_alphabetic() || next == '_'));
        let ends = after.starts_with(['"', '\'']) && is_quoted;
        let is_over = after.is_empty() || after.starts_with(char::is_whitespace);
        if (is_value && is_dotted) || ends || (is_run && (is_over || is_dotted)) {
            let length =
                after.find(|letter: char| !(letter.is_ascii_alphanumeric() || "._".contains(letter)));
            return Some(format!("{module}{}", after.get(..length.unwrap_or(after.len()))?));
        }
    }
    None
}

/// Whether a line runs a command.
fn is_command(line: &str, command: &str) -> bool {
    line.match_indices(command).any(|(start, _)| {
        let (before, after) =
            (line.get(..start).unwrap_or_default(), line.get(start + command.len()..).unwrap_or_default());
        let is_whole = after.is_empty() || after.starts_with([' ', '\t', '"', '\'', ';', ')', ',']);
        let before = before.trim_end_matches(['"', '\'', '[', '(', '@', '-', ' ', '\t']);
        let last = before.rsplit([' ', '\t']).next().unwrap_or_default();
        let is_first = before.is_empty()
            || before.ends_with([':', '&', '|', ';', '$', '=', '`'])
            || ["run", "exec", "RUN", "CMD", "ENTRYPOINT", "sudo", "then", "do", "else", "time", "env"]
                .contains(&last);
        is_whole && is_first
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_in_a_string_is_a_mention() {
        for (line, expected) in [
            ("'()': \"pythonjsonlogger.json.Formatter\",", Some("pythonjsonlogger.json.Formatter")),
            ("extensions = ['pythonjsonlogger']", Some("pythonjsonlogger")),
            ("class = pythonjsonlogger.json.Formatter", Some("pythonjsonlogger.json.Formatter")),
            ("python -m pythonjsonlogger --x", Some("pythonjsonlogger")),
            ("see pythonjsonlogger.json", None),
            ("my_pythonjsonlogger.x", None),
            ("pythonjsonlogger is good", None),
        ] {
            assert_eq!(module_in(line, "pythonjsonlogger").as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn code_that_needs_it_is_a_mention() {
        let sought = Sought {
            package: "lxml".to_owned(),
            modules: Vec::new(),
            commands: Vec::new(),
            words: vec!["read_html"],
        };
        assert_eq!(word_in("pd.read_html(page)[0]", &sought, true).as_deref(), Some("read_html"));
        assert_eq!(word_in("read_html: yes", &sought, false), None);
        assert_eq!(word_in("pd.read_csv(page)", &sought, true), None);
    }

    #[test]
    fn a_command_stands_first() {
        for (line, expected) in [
            ("web: honcho start", true),
            ("\thoncho start", true),
            ("CMD [\"honcho\", \"start\"]", true),
            ("uv run honcho start", true),
            ("cd x && honcho", true),
            ("echo honcho", false),
            ("honcho-x start", false),
        ] {
            assert_eq!(is_command(line, "honcho"), expected, "{line}");
        }
    }
}

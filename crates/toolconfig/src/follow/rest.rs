//! What still names a file that goes.

use uvshift_diagnostics::Diagnostic;
use uvshift_tree::references::{Reference, find_references};

use crate::codes;
use crate::follow::{Gone, table};

/// Larger files are data.
pub(crate) const LARGEST: usize = 1 << 20;

/// Endings of files that hold commands.
const ENDINGS: [&str; 19] = [
    "ini",
    "cfg",
    "toml",
    "yml",
    "yaml",
    "json",
    "sh",
    "bash",
    "zsh",
    "fish",
    "ps1",
    "bat",
    "cmd",
    "mk",
    "env",
    "envrc",
    "just",
    "groovy",
    "dockerfile",
];
/// Names that files with commands begin with.
const NAMES: [&str; 10] = [
    "makefile",
    "gnumakefile",
    "justfile",
    ".justfile",
    "dockerfile",
    "containerfile",
    "jenkinsfile",
    "procfile",
    ".envrc",
    ".env",
];
/// Python files that hold commands.
const PYTHON: [&str; 6] = ["noxfile.py", "tasks.py", "dodo.py", "fabfile.py", "toxfile.py", "setup.py"];
/// Endings of documents.
const DOCUMENTS: [&str; 5] = ["md", "rst", "txt", "adoc", "html"];
/// Commands that read or copy a file.
const READERS: [&str; 16] = [
    "COPY", "ADD", "cp", "mv", "cat", "sed", "grep", "install", "rsync", "source", "diff", "awk", "ln",
    "head", "tail", "rm",
];

/// Whether a file is none of this module's business.
pub(crate) fn is_left_alone(file: &str) -> bool {
    let name = name(file);
    name == ".pre-commit-config.yaml" || name.rsplit_once('.').is_some_and(|(_, ending)| ending == "lock")
}

/// Whether a file is a Makefile.
pub(crate) fn is_makefile(file: &str) -> bool {
    let name = name(file).to_ascii_lowercase();
    name.starts_with("makefile") || name.starts_with("gnumakefile") || ending(&name) == "mk"
}

/// Whether a file holds commands, by its name or by its first line.
pub(crate) fn holds_commands(file: &str, text: &str) -> bool {
    let name = name(file).to_ascii_lowercase();
    NAMES.iter().any(|known| name.starts_with(known))
        || PYTHON.contains(&name.as_str())
        || ENDINGS.contains(&ending(&name))
        || text.starts_with("#!") && ending(&name) != "py"
}

fn name(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}

fn ending(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// Tells of each line that names a file which goes.
pub(crate) fn tell(files: &[(&str, Vec<u8>)], gone: &[Gone], diagnostics: &mut Vec<Diagnostic>) {
    let mut targets: Vec<&str> =
        gone.iter().filter(|entry| entry.whole).map(|entry| entry.file.as_str()).collect();
    targets.sort_unstable();
    targets.dedup();
    let found = find_references(&targets, files.iter().map(|(file, bytes)| (*file, bytes.as_slice())));
    for (target, references) in targets.iter().zip(found) {
        let Some(entry) = gone.iter().find(|entry| entry.file == *target) else { continue };
        for reference in references {
            let text = files.iter().find(|(file, _)| *file == reference.file);
            let text = text.map(|(_, bytes)| String::from_utf8_lossy(bytes)).unwrap_or_default();
            diagnostics.push(about(&reference, entry, &text));
        }
    }
    for (file, bytes) in files.iter().filter(|(file, _)| name(file) == "tox.ini") {
        sections(file, &String::from_utf8_lossy(bytes), gone, diagnostics);
    }
}

fn about(reference: &Reference, gone: &Gone, text: &str) -> Diagnostic {
    let Reference { file, line, text: shown } = reference;
    if fails(file, text, shown, &gone.file) {
        let message = format!("this command names `{}`, which goes: {shown}", gone.file);
        let help = format!(
            "let it name `{}` or leave the file out of the command, then run again; or `--skip {}`",
            gone.to, gone.tool
        );
        return Diagnostic::error(codes::BROKEN_COMMAND, message).in_file(file, *line).with_help(help);
    }
    let message = format!("`{}` goes, and this line names it: {shown}", gone.file);
    let help = format!("its settings are in `{}` now", gone.to);
    Diagnostic::warning(codes::STALE_MENTION, message).in_file(file, *line).with_help(help)
}

/// Whether a line is part of a command that fails without the file.
fn fails(file: &str, text: &str, line: &str, gone: &str) -> bool {
    let lower = name(file).to_ascii_lowercase();
    if !holds_commands(file, text) || DOCUMENTS.contains(&ending(&lower)) {
        return false;
    }
    if line.starts_with(['#', ';']) || line.starts_with("//") || line.contains("hashFiles(") {
        return false;
    }
    let parts = |letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'' | ',' | '(' | '[' | '=');
    let words: Vec<&str> = line.split(parts).filter(|word| !word.is_empty()).collect();
    let position = words.iter().position(|word| word.contains(name(gone))).unwrap_or(words.len());
    let before = words.get(..position).unwrap_or_default();
    if before.last().is_some_and(|word| word.starts_with('-') && word.len() > 1) {
        return true;
    }
    let base = |word: &&str| word.rsplit('/').next().unwrap_or(word).to_owned();
    let runs =
        before.iter().map(base).any(|word| table::is_command(&word) || READERS.contains(&word.as_str()));
    let is_label = before.first().is_some_and(|word| matches!(*word, "name:" | "description:"));
    match ending(&lower) {
        "ini" | "cfg" | "toml" | "json" | "py" => runs,
        "yml" | "yaml" => {
            let rest = before.iter().filter(|word| **word != "-").count();
            runs || before.contains(&"run:")
                || (rest > 0 && !is_label && !before.iter().any(|word| word.ends_with(':')))
        }
        _ => true,
    }
}

/// tox.ini that takes a value from a section which went fails as a whole.
fn sections(file: &str, text: &str, gone: &[Gone], diagnostics: &mut Vec<Diagnostic>) {
    for entry in gone.iter().filter(|entry| !entry.whole && entry.file == file) {
        let names = [format!("{{[{}]", entry.tool), format!("{{[tool:{}]", entry.tool)];
        for (index, line) in text.lines().enumerate() {
            if names.iter().any(|name| line.contains(name)) {
                let message = format!("this takes a value from the section of {}, which goes", entry.tool);
                let help = "write the value itself there, then run again";
                let found = Diagnostic::error(codes::BROKEN_COMMAND, message);
                diagnostics.push(found.in_file(file, index + 1).with_help(help));
            }
        }
    }
}

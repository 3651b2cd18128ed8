//! What holds in a stage at the place where an instruction stands: the working folder, the user, variables, which files of
//! the repository lie where.

use std::collections::BTreeMap;

use super::parse::{Dockerfile, Instruction};

/// More stages than anybody writes; a file with more is left alone.
pub(crate) const MAX_STAGES: usize = 100;

/// Longer values are no paths; a variable that doubles itself would fill the memory.
const MAX_VALUE: usize = 4096;

/// A stage: its instructions, and what it starts from.
#[derive(Debug, Clone)]
pub(crate) struct Stage {
    /// The place of its `FROM` in the file.
    pub(crate) from: usize,
    /// The instructions after that.
    pub(crate) instructions: std::ops::Range<usize>,
    /// The image, variables put in as far as they are known.
    pub(crate) image: String,
    /// The earlier stage that it starts from.
    pub(crate) base: Option<usize>,
    /// Its name, in lower case; empty when it has none.
    pub(crate) name: String,
}

/// Where a file or a folder of the repository was copied to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Copied {
    /// The path in the repository, from its root.
    pub(crate) source: String,
    /// The absolute path in the image: that of the file, or of the folder that the folder's content went into.
    pub(crate) target: String,
    /// Whether it is a folder, as far as the text tells.
    pub(crate) is_folder: bool,
}

/// What holds at a place.
#[derive(Debug, Clone, Default)]
pub(crate) struct State {
    /// The working folder, absolute; none when a variable in it is not known.
    pub(crate) folder: Option<String>,
    /// Who runs commands; none is root.
    pub(crate) user: Option<String>,
    /// Variables of `ARG` and `ENV`; none when a value is not known.
    pub(crate) variables: BTreeMap<String, Option<String>>,
    /// Whether commands run in a shell like that of POSIX.
    pub(crate) is_windows: bool,
    /// What lies where.
    pub(crate) copied: Vec<Copied>,
    /// Whether uv was brought.
    pub(crate) has_uv: bool,
}

/// The stages of a file, and the values of the `ARG`s before the first.
pub(crate) fn stages(file: &Dockerfile, text: &str) -> Vec<Stage> {
    let mut globals = State::default();
    let mut stages: Vec<Stage> = Vec::new();
    for (at, instruction) in file.instructions.iter().enumerate() {
        if stages.len() > MAX_STAGES {
            break;
        }
        if instruction.name != "FROM" || instruction.is_trigger {
            match stages.last_mut() {
                Some(stage) => stage.instructions.end = at + 1,
                None => globals.take_argument(&instruction.arguments(text), None),
            }
            continue;
        }
        let words: Vec<String> = instruction.words(text).into_iter().map(|word| word.text).collect();
        let image = words.first().map(|image| globals.expand_or_keep(image)).unwrap_or_default();
        let name = match words.as_slice() {
            [_, word, name, ..] if word.eq_ignore_ascii_case("as") => name.to_ascii_lowercase(),
            _ => String::new(),
        };
        let base = stages
            .iter()
            .rposition(|stage| !stage.name.is_empty() && stage.name == image.to_ascii_lowercase());
        stages.push(Stage { from: at, instructions: at + 1..at + 1, image, base, name });
    }
    stages
}

/// The variables of the `ARG`s before the first stage.
pub(crate) fn globals(file: &Dockerfile, text: &str) -> State {
    let mut state = State::default();
    for instruction in file.instructions.iter().take_while(|instruction| instruction.name != "FROM") {
        state.take_argument(&instruction.arguments(text), None);
    }
    state
}

impl State {
    /// The state at the start of an image that is no stage of this file.
    pub(crate) fn fresh() -> Self {
        Self { folder: Some("/".to_owned()), ..Self::default() }
    }

    /// Takes what an instruction changes, other than what it copies.
    pub(crate) fn take(&mut self, instruction: &Instruction, text: &str, globals: &Self) {
        if instruction.is_trigger {
            return;
        }
        let arguments = instruction.arguments(text);
        match instruction.name.as_str() {
            "WORKDIR" => {
                let path = self.expand(unquoted(&arguments));
                self.folder = path.and_then(|path| self.absolute(&path));
            }
            "USER" => {
                let user = self.expand_or_keep(unquoted(&arguments));
                let name = user.split(':').next().unwrap_or_default();
                self.user = (!matches!(name, "root" | "0" | "")).then(|| name.to_owned());
            }
            "ARG" => self.take_argument(&arguments, Some(globals)),
            "ENV" => {
                for (name, value) in assignments(&arguments) {
                    let value = self.expand(&value);
                    self.variables.insert(name, value);
                }
            }
            "SHELL" => {
                let program = instruction.exec_form(text).and_then(|words| words.into_iter().next());
                let program = program.unwrap_or_default().to_ascii_lowercase();
                self.is_windows = ["powershell", "pwsh", "cmd"].iter().any(|shell| program.contains(shell));
            }
            _ => {}
        }
    }

    fn take_argument(&mut self, arguments: &str, globals: Option<&Self>) {
        for word in arguments.split_whitespace() {
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name, self.expand(unquoted(value))),
                None => (word, globals.and_then(|globals| globals.variables.get(word).cloned().flatten())),
            };
            self.variables.insert(name.to_owned(), value);
        }
    }

    /// A path from the root of the image; none when the working folder is not known.
    pub(crate) fn absolute(&self, path: &str) -> Option<String> {
        let mut parts: Vec<&str> = Vec::new();
        let folder = if path.starts_with('/') { "" } else { self.folder.as_deref()? };
        for part in folder.split('/').chain(path.split('/')) {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        Some(format!("/{}", parts.join("/")))
    }

    /// A text with its variables put in; none when one of them is not known.
    pub(crate) fn expand(&self, text: &str) -> Option<String> {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            out.push_str(rest.get(..at)?);
            let after = rest.get(at + 1..)?;
            let (name, operation, length) = variable(after)?;
            let known = self.variables.get(name).and_then(Option::as_deref);
            match (known, operation) {
                (Some(value), "") => out.push_str(value),
                (known, operation) if operation.starts_with(":-") => {
                    out.push_str(known.filter(|value| !value.is_empty()).unwrap_or(operation.get(2..)?));
                }
                _ => return None,
            }
            rest = after.get(length..)?;
            if out.len() > MAX_VALUE {
                return None;
            }
        }
        out.push_str(rest);
        Some(out)
    }

    /// The same; as it is written when a variable is not known.
    pub(crate) fn expand_or_keep(&self, text: &str) -> String {
        self.expand(text).unwrap_or_else(|| text.to_owned())
    }

    /// The path in the repository of a path in the image: of the last thing that was copied there.
    pub(crate) fn in_repository(&self, path: &str) -> Option<String> {
        self.copied.iter().rev().find_map(|copied| {
            if copied.target == path {
                return Some(copied.source.clone());
            }
            let below = copied.target.trim_end_matches('/');
            let rest = path.strip_prefix(below)?.strip_prefix('/')?;
            let source = copied.source.as_str();
            copied
                .is_folder
                .then(|| if source.is_empty() { rest.to_owned() } else { format!("{source}/{rest}") })
        })
    }

    /// The folder of the repository that the working folder stands for: that of a folder that was copied there, or of a file.
    pub(crate) fn repository_folder(&self) -> Option<String> {
        let folder = self.folder.as_deref()?;
        let of_folder = self.copied.iter().rev().find_map(|copied| {
            let below = copied.target.trim_end_matches('/');
            let rest = folder.strip_prefix(below)?;
            (copied.is_folder && (rest.is_empty() || rest.starts_with('/')))
                .then(|| super::super::dockerfile::joined_path(&copied.source, rest.trim_start_matches('/')))
        });
        of_folder.or_else(|| {
            self.copied.iter().rev().find_map(|copied| {
                let (above, _) = copied.target.rsplit_once('/')?;
                let above = if above.is_empty() { "/" } else { above };
                (!copied.is_folder && above == folder)
                    .then(|| copied.source.rsplit_once('/').map_or("", |(above, _)| above).to_owned())
            })
        })
    }
}

/// What follows `$`: the name, what is done with it, and the length.
fn variable(after: &str) -> Option<(&str, &str, usize)> {
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    if let Some(braced) = after.strip_prefix('{') {
        let end = braced.find('}')?;
        let inner = braced.get(..end)?;
        let length = inner.find(|letter| !is_name(letter)).unwrap_or(inner.len());
        return Some((inner.get(..length)?, inner.get(length..)?, end + 2));
    }
    let length = after.find(|letter| !is_name(letter)).unwrap_or(after.len());
    (length > 0).then(|| after.get(..length).map(|name| (name, "", length))).flatten()
}

/// `A=1 B="x y"`, or `A 1`, of `ENV`.
pub(crate) fn assignments(arguments: &str) -> Vec<(String, String)> {
    let first = arguments.split_whitespace().next().unwrap_or_default();
    if !first.contains('=') {
        let value = arguments.get(first.len()..).unwrap_or_default().trim();
        return vec![(first.to_owned(), value.to_owned())];
    }
    let mut found = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    for letter in arguments.chars().chain([' ']) {
        match letter {
            '\'' | '"' if quote == Some(letter) => quote = None,
            '\'' | '"' if quote.is_none() => quote = Some(letter),
            letter if letter.is_whitespace() && quote.is_none() => {
                if let Some((name, value)) = word.split_once('=') {
                    found.push((name.to_owned(), value.to_owned()));
                }
                word.clear();
            }
            letter => word.push(letter),
        }
    }
    found
}

fn unquoted(text: &str) -> &str {
    let text = text.trim();
    ["\"", "'"].iter().find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote)).unwrap_or(text)
}

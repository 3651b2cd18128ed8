//! The commands of `RUN`, `CMD` and their kin as scripts, with the way back into the file.

use crate::context::{Context, joined};
use crate::embedded::{Embedded, Encoding};

use super::parse::Instruction;
use super::stage::State;

/// The script of an instruction; none when there is none in a shell's language.
pub(crate) fn script(
    instruction: &Instruction,
    text: &str,
    state: &State,
    folder: &str,
    context: &Context,
) -> Option<Embedded> {
    let known = Known { state, folder, context };
    if state.is_windows || instruction.exec_form(text).is_some() {
        return None;
    }
    let mut script = Embedded::new(Encoding::Verbatim);
    if let [document] = instruction.heredocs.as_slice()
        && text.get(instruction.body.clone()).map(str::trim) == text.get(document.word.clone())
    {
        let body = text.get(document.body.clone())?;
        if body.starts_with("#!") && !body.lines().next().is_some_and(|line| line.ends_with("sh")) {
            return None;
        }
        push(&mut script, text, document.body.clone(), &known);
        return Some(script);
    }
    for piece in &instruction.pieces {
        push(&mut script, text, piece.text.clone(), &known);
        if piece.continuation.is_empty() {
            continue;
        }
        if text.get(piece.continuation.clone()) == Some("\\\n") {
            script.push(text, piece.continuation.clone());
        } else {
            script.push_decoded("\\\n", piece.continuation.clone());
        }
    }
    if !instruction.heredocs.is_empty() {
        let rest = instruction.body.end..instruction.span.end;
        script.push(text, rest);
    }
    Some(script)
}

/// The words of an array as a script, each of them one piece.
pub(crate) fn exec_script(words: &[String]) -> String {
    let quote = |word: &String| {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:=@%+,[]".contains(letter);
        if !word.is_empty() && word.chars().all(plain) && !word.contains('[') {
            word.clone()
        } else {
            format!("'{}'", word.replace('\'', "'\\''"))
        }
    };
    words.iter().map(quote).collect::<Vec<_>>().join(" ")
}

/// Adds a line, with paths of files that a migration turned into parts of pyproject.toml as the repository has them.
fn push(script: &mut Embedded, text: &str, span: std::ops::Range<usize>, known: &Known<'_>) {
    let Some(line) = text.get(span.clone()) else { return };
    let mut done = 0;
    let mut at = 0;
    for word in line.split_inclusive([' ', '\t', '\n', '\'', '"', ';', '&', '|', '(', ')']) {
        let start = at;
        at += word.len();
        let word = word.trim_end_matches([' ', '\t', '\n', '\r', '\'', '"', ';', '&', '|', '(', ')']);
        let skip = if word.starts_with("--") {
            word.find('=').map_or(word.len(), |at| at + 1)
        } else if word.starts_with("-r") || word.starts_with("-c") {
            2
        } else {
            0
        };
        let path = word.get(skip..).unwrap_or_default();
        let said = known.path(path).or_else(|| installer(path).map(str::to_owned));
        if let Some(said) = said {
            let from = span.start + start + skip;
            script.push(text, span.start + done..from);
            script.push_decoded(&said, from..from + path.len());
            done = start + word.len();
        }
    }
    script.push(text, span.start + done..span.end);
}

/// An installer whose version is in a variable: which one it is matters, the version does not.
fn installer(word: &str) -> Option<&str> {
    let (name, version) = word.split_once("==")?;
    let known =
        matches!(name, "poetry" | "pipenv" | "pdm" | "pip" | "uv" | "pip-tools" | "setuptools" | "wheel");
    (known && version.contains('$')).then_some(name)
}

/// What the words of a script are looked up in.
struct Known<'a> {
    state: &'a State,
    /// The folder of the repository that the working folder stands for.
    folder: &'a str,
    context: &'a Context,
}

impl Known<'_> {
    /// The path of a file as the repository has it, from the folder that the working folder stands for.
    fn path(&self, path: &str) -> Option<String> {
        if path.len() < 5 || !path.contains('.') {
            return None;
        }
        let source = self.state.in_repository(&self.state.absolute(&self.state.expand(path)?)?)?;
        if !self.context.became.contains_key(&source)
            || joined(self.folder, path).as_deref() == Some(source.as_str())
        {
            return None;
        }
        let ups = if self.folder.is_empty() { 0 } else { self.folder.matches('/').count() + 1 };
        Some(format!("{}{source}", "../".repeat(ups)))
    }
}

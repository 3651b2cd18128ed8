//! Dockerfiles read without loss, as `BuildKit` reads them: directives, continuation lines with comments in between,
//! heredocs.

use std::ops::Range;

/// A Dockerfile.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dockerfile {
    /// The character that continues a line: `\`, or a backquote.
    pub(crate) escape: char,
    /// Whether `# syntax=` names a frontend.
    pub(crate) has_syntax: bool,
    /// Every instruction.
    pub(crate) instructions: Vec<Instruction>,
    /// Where reading had to stop, and why.
    pub(crate) problem: Option<(usize, &'static str)>,
}

/// An instruction. Spans are in bytes of the file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Instruction {
    /// From the keyword to the end of its last line, heredocs included, without the line end.
    pub(crate) span: Range<usize>,
    /// The lines it stands on, with the last line end.
    pub(crate) lines: Range<usize>,
    /// The keyword in capitals; what follows `ONBUILD` for a trigger.
    pub(crate) name: String,
    /// Whether `ONBUILD` stands in front.
    pub(crate) is_trigger: bool,
    /// `--name=value` in front of the arguments.
    pub(crate) flags: Vec<Flag>,
    /// The arguments, from the first to the last byte of the logical line; empty when there are none.
    pub(crate) body: Range<usize>,
    /// The parts of the body that count, without comment lines and empty lines in between; each but the last ends with a
    /// continuation.
    pub(crate) pieces: Vec<Piece>,
    /// The documents below.
    pub(crate) heredocs: Vec<Heredoc>,
}

/// A part of an instruction's arguments on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    /// The text, without the continuation.
    pub(crate) text: Range<usize>,
    /// The continuation with its line end; empty at the end.
    pub(crate) continuation: Range<usize>,
}

/// A flag of an instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flag {
    /// All of it.
    pub(crate) span: Range<usize>,
    /// The name, without its dashes.
    pub(crate) name: String,
    /// The value; empty when there is none.
    pub(crate) value: String,
}

/// A document below an instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heredoc {
    /// The lines of the document.
    pub(crate) body: Range<usize>,
    /// `<<EOF` in the arguments.
    pub(crate) word: Range<usize>,
}

/// A word of `COPY` and its kin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Argument {
    /// Where it stands, with its quotes.
    pub(crate) span: Range<usize>,
    /// Without its quotes.
    pub(crate) text: String,
}

const INSTRUCTIONS: &[&str] = &[
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

/// Reads a Dockerfile.
pub(crate) fn parse(text: &str) -> Dockerfile {
    let mut reader = Reader { text, at: if text.starts_with('\u{feff}') { 3 } else { 0 } };
    let mut file = Dockerfile { escape: '\\', ..Dockerfile::default() };
    reader.directives(&mut file);
    while file.problem.is_none() && reader.at < text.len() {
        let line = reader.line();
        let content = text.get(line.clone()).unwrap_or_default().trim();
        if content.is_empty() || content.starts_with('#') {
            reader.at = reader.after(&line);
            continue;
        }
        match reader.instruction(file.escape) {
            Ok(instruction) => file.instructions.push(instruction),
            Err(problem) => file.problem = Some(problem),
        }
    }
    if file.problem.is_none() {
        file.problem = order(&file.instructions);
    }
    file
}

/// Only `ARG` may stand before the first `FROM`.
fn order(instructions: &[Instruction]) -> Option<(usize, &'static str)> {
    let first = instructions.iter().find(|instruction| instruction.name != "ARG")?;
    (first.name != "FROM" || first.is_trigger).then_some((first.span.start, "no `FROM` stands before this"))
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    /// The line at the current place, without its end.
    fn line(&self) -> Range<usize> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest.find('\n').unwrap_or(rest.len());
        let without_return = rest.get(..length).map_or(length, |line| line.trim_end_matches('\r').len());
        self.at..self.at + without_return
    }

    /// The start of the line after one.
    fn after(&self, line: &Range<usize>) -> usize {
        let rest = self.text.get(line.end..).unwrap_or_default();
        rest.find('\n').map_or(self.text.len(), |length| line.end + length + 1)
    }

    fn directives(&mut self, file: &mut Dockerfile) {
        while self.at < self.text.len() {
            let line = self.line();
            let content = self.text.get(line.clone()).unwrap_or_default().trim();
            let Some((name, value)) = content.strip_prefix('#').and_then(|rest| rest.split_once('=')) else {
                return;
            };
            let name = name.trim().to_ascii_lowercase();
            if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                return;
            }
            match name.as_str() {
                "escape" if value.trim() == "`" => file.escape = '`',
                "syntax" => file.has_syntax = true,
                _ => {}
            }
            self.at = self.after(&line);
        }
    }

    fn instruction(&mut self, escape: char) -> Result<Instruction, (usize, &'static str)> {
        let start = self.at;
        let pieces = self.pieces(escape);
        let mut instruction = Instruction { pieces, ..Instruction::default() };
        instruction.span.start = instruction.pieces.first().map_or(start, |piece| piece.text.start);
        self.keyword(&mut instruction)?;
        if instruction.name == "ONBUILD" {
            instruction.is_trigger = true;
            self.keyword(&mut instruction)?;
        }
        self.flags(&mut instruction);
        let end = instruction.pieces.last().map_or(self.at, |piece| piece.text.end);
        let body = instruction.pieces.first().map_or(end, |piece| piece.text.start);
        instruction.body = body..end;
        instruction.span.end = end;
        if matches!(instruction.name.as_str(), "RUN" | "COPY" | "ADD") {
            self.heredocs(&mut instruction)?;
        }
        instruction.lines = start..self.at;
        Ok(instruction)
    }

    /// The parts of a logical line, from the first byte that is no space.
    fn pieces(&mut self, escape: char) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        while self.at < self.text.len() {
            let line = self.line();
            let content = self.text.get(line.clone()).unwrap_or_default();
            let next = self.after(&line);
            self.at = next;
            let trimmed = content.trim();
            if !pieces.is_empty() && (trimmed.is_empty() || trimmed.starts_with('#')) {
                continue;
            }
            let indent = if pieces.is_empty() { content.len() - content.trim_start().len() } else { 0 };
            let kept = content.trim_end();
            let start = line.start + indent;
            let before = kept.strip_suffix(escape).filter(|before| !before.ends_with(escape));
            let end = (line.start + before.unwrap_or(kept).len()).max(start);
            let is_last = before.is_none();
            pieces.push(Piece { text: start..end, continuation: end..if is_last { end } else { next } });
            if is_last {
                break;
            }
        }
        pieces
    }

    /// Takes the keyword from the front of the pieces.
    fn keyword(&self, instruction: &mut Instruction) -> Result<(), (usize, &'static str)> {
        self.skip_space(instruction);
        let Some(piece) = instruction.pieces.first_mut() else {
            return Err((instruction.span.start, "an instruction is expected"));
        };
        let text = self.text.get(piece.text.clone()).unwrap_or_default();
        let length = text.find(char::is_whitespace).unwrap_or(text.len());
        let name = text.get(..length).unwrap_or_default().to_ascii_uppercase();
        if !INSTRUCTIONS.contains(&name.as_str()) {
            return Err((piece.text.start, "this is no instruction of a Dockerfile"));
        }
        instruction.name = name;
        piece.text.start += length;
        self.skip_space(instruction);
        Ok(())
    }

    /// Takes space, and pieces that have nothing else, from the front.
    fn skip_space(&self, instruction: &mut Instruction) {
        let mut empty = 0;
        for piece in &mut instruction.pieces {
            let text = self.text.get(piece.text.clone()).unwrap_or_default();
            piece.text.start += text.len() - text.trim_start().len();
            if !piece.text.is_empty() {
                break;
            }
            empty += 1;
        }
        instruction.pieces.drain(..empty);
    }

    fn flags(&self, instruction: &mut Instruction) {
        loop {
            let Some(piece) = instruction.pieces.first_mut() else { return };
            let text = self.text.get(piece.text.clone()).unwrap_or_default();
            if !text.starts_with("--") {
                return;
            }
            let length = text.find(char::is_whitespace).unwrap_or(text.len());
            let flag = text.get(2..length).unwrap_or_default();
            let (name, value) = flag.split_once('=').unwrap_or((flag, ""));
            let span = piece.text.start..piece.text.start + length;
            piece.text.start = span.end;
            instruction.flags.push(Flag {
                span,
                name: name.to_ascii_lowercase(),
                value: value.trim_matches('"').to_owned(),
            });
            self.skip_space(instruction);
        }
    }

    /// The documents that `<<EOF` in the arguments asks for.
    fn heredocs(&mut self, instruction: &mut Instruction) -> Result<(), (usize, &'static str)> {
        for piece in instruction.pieces.clone() {
            for (word, name, strips) in markers(self.text, &piece.text) {
                let start = self.at;
                loop {
                    if self.at >= self.text.len() {
                        return Err((word.start, "the end of this document is missing"));
                    }
                    let line = self.line();
                    let content = self.text.get(line.clone()).unwrap_or_default();
                    let content = if strips { content.trim_start_matches('\t') } else { content };
                    let at = self.at;
                    self.at = self.after(&line);
                    if content == name {
                        instruction.heredocs.push(Heredoc { body: start..at, word: word.clone() });
                        instruction.span.end = line.end;
                        break;
                    }
                }
            }
        }
        Ok(())
    }
}

/// `<<EOF`, `<<-EOF`, `<<"EOF"` outside of quotes: the place, the name, and whether tabs in front do not count.
fn markers(text: &str, within: &Range<usize>) -> Vec<(Range<usize>, String, bool)> {
    let content = text.get(within.clone()).unwrap_or_default();
    let mut found = Vec::new();
    let mut quote = None;
    let mut letters = content.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => drop(letters.next()),
            '\'' | '"' if quote == Some(letter) => quote = None,
            '\'' | '"' if quote.is_none() => quote = Some(letter),
            '<' if quote.is_none() => {
                let rest = content.get(at..).unwrap_or_default();
                let arrows = rest.len() - rest.trim_start_matches('<').len();
                let Some(marker) = (arrows == 2).then(|| marker(rest)).flatten() else {
                    while letters.next_if(|(_, letter)| *letter == '<').is_some() {}
                    continue;
                };
                let (length, name, strips) = marker;
                let start = within.start + at;
                found.push((start..start + length, name, strips));
                while letters.next_if(|(next, _)| *next < at + length).is_some() {}
            }
            _ => {}
        }
    }
    found
}

/// The length, the name and the dash of a text that starts with `<<`.
fn marker(rest: &str) -> Option<(usize, String, bool)> {
    let after = rest.strip_prefix("<<")?;
    let strips = after.starts_with('-');
    let after = after.strip_prefix('-').unwrap_or(after);
    let quote = after.chars().next().filter(|letter| "'\"".contains(*letter));
    let is_name = |letter: char| letter.is_alphanumeric() || "_-.".contains(letter);
    let name = if let Some(quote) = quote {
        after.get(1..)?.split(quote).next()?
    } else {
        after.get(..after.find(|letter| !is_name(letter)).unwrap_or(after.len()))?
    };
    let length = 2 + usize::from(strips) + name.len() + if quote.is_some() { 2 } else { 0 };
    (!name.is_empty()).then(|| (length, name.to_owned(), strips))
}

impl Instruction {
    /// The value of a flag.
    pub(crate) fn flag(&self, name: &str) -> Option<&str> {
        self.flags.iter().find(|flag| flag.name == name).map(|flag| flag.value.as_str())
    }

    /// The arguments on one line, continuations taken out.
    pub(crate) fn arguments(&self, text: &str) -> String {
        self.pieces.iter().filter_map(|piece| text.get(piece.text.clone())).collect()
    }

    /// The strings of an array of JSON, which is how a program is named without a shell.
    pub(crate) fn exec_form(&self, text: &str) -> Option<Vec<String>> {
        let arguments = self.arguments(text);
        if !arguments.starts_with('[') {
            return None;
        }
        serde_json::from_str(&arguments).ok()
    }

    /// The words of the arguments with their places: those of `COPY`, in either form.
    pub(crate) fn words(&self, text: &str) -> Vec<Argument> {
        let is_array = self.exec_form(text).is_some();
        self.pieces.iter().flat_map(|piece| words(text, &piece.text, is_array)).collect()
    }
}

fn words(text: &str, within: &Range<usize>, is_array: bool) -> Vec<Argument> {
    let content = text.get(within.clone()).unwrap_or_default();
    let mut found = Vec::new();
    let mut word: Option<(usize, String)> = None;
    let mut quote = None;
    for (at, letter) in content.char_indices() {
        let is_space = letter.is_whitespace() || (is_array && ",[]".contains(letter));
        if quote.is_none() && is_space {
            if let Some((start, text)) = word.take() {
                found.push(Argument { span: within.start + start..within.start + at, text });
            }
            continue;
        }
        let (_, so_far) = word.get_or_insert_with(|| (at, String::new()));
        match letter {
            '\'' | '"' if quote == Some(letter) => quote = None,
            '\'' | '"' if quote.is_none() => quote = Some(letter),
            _ => so_far.push(letter),
        }
    }
    if let Some((start, text)) = word {
        found.push(Argument { span: within.start + start..within.end, text });
    }
    found
}

#[cfg(test)]
mod tests;

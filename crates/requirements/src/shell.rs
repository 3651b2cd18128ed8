//! Python's `shlex.split`, which pip uses for options, with the place of every word.

use crate::text::Part;

/// One word after quotes and backslashes are gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) text: String,
    /// The word as it stands in the source, quotes included.
    pub(crate) part: Part,
    /// Where `text` stands in the source, if it stands there in one piece.
    pub(crate) at: Option<u32>,
}

/// Why a text cannot be split into words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ShellError {
    /// A quote is never closed.
    OpenQuote,
    /// A backslash is the last character.
    LoneBackslash,
}

enum State {
    Between,
    Word,
    Quote(char),
    /// After a backslash, and where to go back to.
    Escape(Option<char>),
}

/// Splits a part of the source into words.
pub(crate) fn split(source: &str, part: Part) -> Result<Vec<Word>, ShellError> {
    let mut words = Vec::new();
    let mut word = Partial::default();
    let mut state = State::Between;
    for (offset, character) in part.of(source).char_indices() {
        let at = part.start() + offset;
        state = match state {
            State::Between | State::Word => match character {
                ' ' | '\t' | '\r' | '\n' => {
                    word.finish(at, &mut words);
                    State::Between
                }
                '\\' => {
                    word.begin(at);
                    State::Escape(None)
                }
                '\'' | '"' => {
                    word.begin(at);
                    State::Quote(character)
                }
                _ => {
                    word.begin(at);
                    word.push(character, at);
                    State::Word
                }
            },
            State::Quote(quote) => {
                word.quoted = true;
                if character == quote {
                    State::Word
                } else if character == '\\' && quote == '"' {
                    State::Escape(Some(quote))
                } else {
                    word.push(character, at);
                    State::Quote(quote)
                }
            }
            State::Escape(quote) => {
                if let Some(quote) = quote
                    && character != '\\'
                    && character != quote
                {
                    word.push('\\', at - 1);
                }
                word.push(character, at);
                quote.map_or(State::Word, State::Quote)
            }
        };
    }
    match state {
        State::Quote(_) => Err(ShellError::OpenQuote),
        State::Escape(_) => Err(ShellError::LoneBackslash),
        State::Between | State::Word => {
            word.finish(part.end(), &mut words);
            Ok(words)
        }
    }
}

#[derive(Default)]
struct Partial {
    text: String,
    start: Option<usize>,
    first: usize,
    scattered: bool,
    quoted: bool,
}

impl Partial {
    fn begin(&mut self, at: usize) {
        self.start.get_or_insert(at);
    }

    fn push(&mut self, character: char, at: usize) {
        if self.text.is_empty() {
            self.first = at;
        } else if self.first + self.text.len() != at {
            self.scattered = true;
        }
        self.text.push(character);
    }

    fn finish(&mut self, end: usize, words: &mut Vec<Word>) {
        let word = std::mem::take(self);
        let Some(start) = word.start else { return };
        if word.text.is_empty() && !word.quoted {
            return;
        }
        let first = if word.text.is_empty() { start } else { word.first };
        let at = (!word.scattered).then(|| Part::new(first, first).start);
        words.push(Word { text: word.text, part: Part::new(start, end), at });
    }
}

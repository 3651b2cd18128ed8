//! Text into a syntax tree, with guards against texts that would exhaust the stack.

use ruff_python_ast::{ModModule, token::TokenKind};
use ruff_python_parser::{Mode, ParseError, ParseOptions, Parsed, lexer, parse_unchecked};
use ruff_text_size::TextSize;

use crate::Error;

/// Bytes of the longest text that is read.
pub(crate) const LONGEST: usize = 2_000_000;
/// The deepest nesting of brackets, blocks and operators. Hand-written code stays below 50.
const DEEPEST: usize = 1000;

/// A text, its tree and its lines.
pub(crate) struct Source {
    pub(crate) text: String,
    pub(crate) parsed: Parsed<ModModule>,
    line_starts: Vec<usize>,
}

impl Source {
    /// Parses a text. Syntax errors are kept beside what the parser could recover.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        if text.len() > LONGEST {
            return Err(Error::TooLong { size: text.len(), limit: LONGEST });
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let line_starts: Vec<usize> = std::iter::once(0).chain(line_ends(text)).collect();
        if too_deep(text) {
            return Err(Error::TooDeep);
        }
        let parsed = parse_unchecked(text, ParseOptions::from(Mode::Module))
            .try_into_module()
            .ok_or(Error::Syntax { line: 1, message: "this is not a module".to_owned() })?;
        Ok(Self { text: text.to_owned(), parsed, line_starts })
    }

    /// The line of an offset, from 1.
    pub(crate) fn line(&self, offset: TextSize) -> usize {
        line_at(&self.line_starts, offset.to_usize())
    }

    /// The text of a line, from 1, without its end.
    pub(crate) fn line_text(&self, line: usize) -> &str {
        let start = self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len());
        self.text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default()
    }

    pub(crate) fn errors(&self) -> &[ParseError] {
        self.parsed.errors()
    }
}

fn line_ends(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().filter_map(move |(at, byte)| match byte {
        b'\n' => Some(at + 1),
        b'\r' if bytes.get(at + 1) != Some(&b'\n') => Some(at + 1),
        _ => None,
    })
}

fn line_at(line_starts: &[usize], offset: usize) -> usize {
    line_starts.partition_point(|start| *start <= offset)
}

/// Whether the tree would get deeper than [`DEEPEST`].
///
/// A tree is as deep as brackets and blocks are nested, plus what chains between two commas: operators, attributes, calls.
/// Both the parser and the drop of its tree recurse that deep, so this is looked at before there is a tree.
fn too_deep(text: &str) -> bool {
    let mut tokens = lexer::lex(text, Mode::Module);
    let mut open: Vec<usize> = vec![0];
    let mut depth = 0;
    let mut blocks = 0;
    loop {
        match tokens.next_token() {
            TokenKind::EndOfFile => return false,
            TokenKind::Lpar
            | TokenKind::Lsqb
            | TokenKind::Lbrace
            | TokenKind::FStringStart
            | TokenKind::TStringStart => {
                open.push(0);
                depth += 1;
            }
            TokenKind::Rpar
            | TokenKind::Rsqb
            | TokenKind::Rbrace
            | TokenKind::FStringEnd
            | TokenKind::TStringEnd
                if open.len() > 1 =>
            {
                depth -= 1 + open.pop().unwrap_or_default();
                // `f()()()` nests although each bracket is closed again.
                deepen(&mut open);
                depth += 1;
            }
            TokenKind::Indent => blocks += 1,
            TokenKind::Dedent => blocks -= blocks.min(1),
            TokenKind::Newline | TokenKind::Semi => {
                open = vec![0];
                depth = 0;
            }
            TokenKind::Comma => depth -= open.last_mut().map(std::mem::take).unwrap_or_default(),
            TokenKind::Name
            | TokenKind::Int
            | TokenKind::Float
            | TokenKind::String
            | TokenKind::FStringMiddle
            | TokenKind::TStringMiddle
            | TokenKind::Comment
            | TokenKind::NonLogicalNewline
            | TokenKind::Elif
            | TokenKind::Equal => {}
            _ => {
                deepen(&mut open);
                depth += 1;
            }
        }
        if depth + blocks * 2 > DEEPEST {
            return true;
        }
    }
}

fn deepen(open: &mut [usize]) {
    if let Some(last) = open.last_mut() {
        *last += 1;
    }
}

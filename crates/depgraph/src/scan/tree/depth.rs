//! Whether a tree would be so deep that dropping it exhausts the stack.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, lexer};

use super::Shape;

/// More brackets or blocks than Python itself reads (200 and 100).
const MOST_NESTED: usize = 200;
/// A statement of so many bytes cannot get too deep.
const SHORT: usize = 32 << 10;
/// The longest chain of operators, attributes and calls.
const LONGEST_CHAIN: usize = 32 << 10;

/// Looks at the shape, and at the tokens only where a statement is long.
pub(super) fn is_too_deep(text: &str, shape: Shape<'_>) -> bool {
    // The parser counts offsets in 32 bits.
    let is_huge = u32::try_from(text.len()).is_err();
    let is_nested = shape.brackets > MOST_NESTED || shape.blocks > MOST_NESTED;
    is_huge || is_nested || (shape.longest > SHORT && has_long_chain(text))
}

/// Counts what can make a tree deeper, for each pair of brackets from comma to comma: `a + b + c`, `f()()`, `not not x`.
fn has_long_chain(text: &str) -> bool {
    let mut tokens = lexer::lex(text, Mode::Module);
    // The links of the chain in each open bracket, and in all of them.
    let mut open = vec![Links::default()];
    let mut all = 0_usize;
    loop {
        match tokens.next_token() {
            TokenKind::EndOfFile => return false,
            TokenKind::Newline => {
                open.truncate(1);
                open.fill(Links::default());
                all = 0;
            }
            TokenKind::Comma => {
                if let Some(last) = open.last_mut() {
                    all -= std::mem::take(&mut last.chain);
                }
            }
            TokenKind::Lpar
            | TokenKind::Lsqb
            | TokenKind::Lbrace
            | TokenKind::FStringStart
            | TokenKind::TStringStart => open.push(Links::default()),
            TokenKind::Rpar
            | TokenKind::Rsqb
            | TokenKind::Rbrace
            | TokenKind::FStringEnd
            | TokenKind::TStringEnd => {
                if open.len() > 1 {
                    all -= open.pop().map_or(0, |links| links.chain + links.lambdas);
                }
                all += link(&mut open);
            }
            TokenKind::Lambda => {
                if let Some(last) = open.last_mut() {
                    last.lambdas += 1;
                    all += 1;
                }
            }
            TokenKind::Name
            | TokenKind::Int
            | TokenKind::Float
            | TokenKind::String
            | TokenKind::FStringMiddle
            | TokenKind::TStringMiddle
            | TokenKind::Comment
            | TokenKind::NonLogicalNewline => {}
            _ => all += link(&mut open),
        }
        if all + open.len() > LONGEST_CHAIN {
            return true;
        }
    }
}

/// What makes a tree deeper within one pair of brackets.
#[derive(Debug, Clone, Copy, Default)]
struct Links {
    /// Since the last comma.
    chain: usize,
    /// Since the opening bracket: the commas after a `lambda` are those of its parameters.
    lambdas: usize,
}

fn link(open: &mut [Links]) -> usize {
    open.last_mut().map_or(0, |last| {
        last.chain += 1;
        1
    })
}

//! What the heads of compound statements say about the imports below them, as far as their bytes tell.

use super::cursor::{Cursor, word_at};

/// Whether the condition of an `if` is about type checkers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Checking {
    /// It says nothing about them.
    Unrelated,
    /// `TYPE_CHECKING`
    Yes,
    /// `not TYPE_CHECKING`
    No,
    /// The bytes do not tell.
    Unclear,
}

/// What a clause does with a failed import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Catches {
    /// It lets it pass.
    Nothing,
    /// It catches it.
    Failures,
    /// The bytes do not tell.
    Unclear,
}

/// Whether code of this name of an exception catches a failed import.
pub(super) fn is_failure(name: &[u8]) -> bool {
    matches!(name, b"ImportError" | b"ModuleNotFoundError" | b"Exception" | b"BaseException")
}

/// Contexts that end at the exceptions they are told: `contextlib.suppress`, `pytest.raises`, `TestCase.assertRaises`.
const SUPPRESSING: [&str; 3] = ["suppress", "raises", "assertRaises"];

/// Whether a context of this name ends at the exceptions it is told.
pub(super) fn is_suppressing(name: &[u8]) -> bool {
    SUPPRESSING.iter().any(|known| known.as_bytes() == name)
}

const TYPE_CHECKING: &[u8] = b"TYPE_CHECKING";

/// Looks at the condition of an `if`.
pub(super) fn checking(condition: &[u8]) -> Checking {
    if memchr::memmem::find(condition, TYPE_CHECKING).is_none() {
        return Checking::Unrelated;
    }
    let mut cursor = Cursor::new(condition);
    cursor.skip_spaces();
    let mut is_positive = true;
    while cursor.word() == b"not" {
        cursor.at += 3;
        cursor.skip_spaces();
        is_positive = !is_positive;
    }
    let last = dotted_last(&mut cursor, false);
    cursor.skip_spaces();
    match (last == TYPE_CHECKING && cursor.is_at_end(), is_positive) {
        (false, _) => Checking::Unclear,
        (true, true) => Checking::Yes,
        (true, false) => Checking::No,
    }
}

/// Looks at what stands between `except` and its colon.
pub(super) fn except(head: &[u8]) -> Catches {
    let mut cursor = Cursor::new(head);
    cursor.skip_spaces();
    if cursor.next() == b'*' {
        cursor.at += 1;
        cursor.skip_spaces();
    }
    if cursor.is_at_end() {
        return Catches::Failures;
    }
    exceptions(&mut cursor)
}

/// Looks at what stands between `with` and its colon.
pub(super) fn with(head: &[u8]) -> Catches {
    let is_possible = SUPPRESSING.iter().any(|name| memchr::memmem::find(head, name.as_bytes()).is_some());
    if !is_possible || !names_failure(head) {
        return Catches::Nothing;
    }
    let mut cursor = Cursor::new(head);
    cursor.skip_spaces();
    let is_suppress = is_suppressing(dotted_last(&mut cursor, false));
    cursor.skip_spaces();
    // One call and nothing else.
    if !is_suppress || cursor.next() != b'(' {
        return Catches::Unclear;
    }
    match exceptions(&mut cursor) {
        // Further contexts follow.
        Catches::Nothing => Catches::Unclear,
        found => found,
    }
}

/// Reads names, also in one pair of brackets, separated by commas, and `as name`.
fn exceptions(cursor: &mut Cursor<'_>) -> Catches {
    if !names_failure(cursor.text) {
        return Catches::Nothing;
    }
    let in_brackets = cursor.next() == b'(';
    cursor.at += usize::from(in_brackets);
    let mut found = Catches::Nothing;
    loop {
        skip(cursor, in_brackets);
        let last = dotted_last(cursor, in_brackets);
        if last.is_empty() && !(in_brackets && cursor.next() == b')') {
            return Catches::Unclear;
        }
        if is_failure(last) {
            found = Catches::Failures;
        }
        skip(cursor, in_brackets);
        match cursor.next() {
            b',' => cursor.at += 1,
            b')' if in_brackets => {
                cursor.at += 1;
                break;
            }
            _ => break,
        }
    }
    if is_named_to_its_end(cursor) { found } else { Catches::Unclear }
}

/// Whether only `as name` follows, or `, name` of Python 2.
fn is_named_to_its_end(cursor: &mut Cursor<'_>) -> bool {
    cursor.skip_spaces();
    let word = cursor.word();
    if word == b"as" || cursor.next() == b',' {
        cursor.at += word.len().max(1);
        cursor.skip_spaces();
        let name = cursor.word();
        // `except (A), ImportError:` of Python 3.14
        if is_failure(name) {
            return false;
        }
        cursor.at += name.len();
        cursor.skip_spaces();
    }
    cursor.is_at_end()
}

fn names_failure(text: &[u8]) -> bool {
    [&b"ImportError"[..], b"ModuleNotFoundError", b"Exception"]
        .iter()
        .any(|name| memchr::memmem::find(text, name).is_some())
}

/// The last part of a dotted name, which is passed over; empty where there is none.
fn dotted_last<'a>(cursor: &mut Cursor<'a>, in_brackets: bool) -> &'a [u8] {
    loop {
        let word = word_at(cursor.text, cursor.at);
        cursor.at += word.len();
        let before = cursor.at;
        skip(cursor, in_brackets);
        if word.is_empty() || cursor.next() != b'.' {
            cursor.at = before;
            return word;
        }
        cursor.at += 1;
        skip(cursor, in_brackets);
    }
}

fn skip(cursor: &mut Cursor<'_>, in_brackets: bool) {
    if in_brackets {
        cursor.skip_trivia();
    } else {
        cursor.skip_spaces();
    }
}

/// Whether `except A, b:` has its second name as Python 2 has it, in contrast to `except A, B:` of Python 3.14.
pub(super) fn is_python2(head: &[u8]) -> bool {
    let Some(comma) = memchr::memrchr(b',', head) else { return false };
    let (types, name) = head.split_at(comma);
    let name = name.get(1..).unwrap_or_default().trim_ascii();
    let types = types.trim_ascii();
    let is_one =
        memchr::memchr(b',', types).is_none() || types.first() == Some(&b'(') && types.ends_with(b")");
    let is_name = !name.is_empty() && word_at(name, 0).len() == name.len();
    is_one && is_name && name.first().is_some_and(|byte| byte.is_ascii_lowercase() || *byte == b'_')
}

//! What an import statement names.

use std::borrow::Cow;

use super::cursor::Cursor;

/// The names of an import statement, as places of its text.
#[derive(Debug, Default)]
pub(super) struct Named<'a> {
    /// Of `import`: each module. Of `from`: the module, which can be empty, and how many dots stand before it.
    pub(super) modules: Vec<Name<'a>>,
    /// The dots of a `from` statement.
    pub(super) level: u32,
    /// Of `from`: what it takes out.
    pub(super) names: Vec<Name<'a>>,
    /// Whether it is `cimport` of Cython.
    pub(super) is_cimport: bool,
}

/// A dotted name of a text.
#[derive(Debug, Default)]
pub(super) struct Name<'a> {
    /// The name without spaces.
    pub(super) text: Cow<'a, [u8]>,
    /// Whether it is known by another name.
    pub(super) is_renamed: bool,
}

/// Reads what follows `import`.
pub(super) fn after_import<'a>(cursor: &mut Cursor<'a>) -> Named<'a> {
    let mut named = Named::default();
    loop {
        cursor.skip_spaces();
        let Some(mut name) = dotted(cursor) else {
            cursor.flaws.syntax(cursor.at, "an import statement names nothing");
            return named;
        };
        name.is_renamed = renamed(cursor, false);
        named.modules.push(name);
        cursor.skip_spaces();
        if cursor.next() != b',' {
            return named;
        }
        cursor.at += 1;
    }
}

/// Reads what follows `from`; nothing where it is no import.
pub(super) fn after_from<'a>(cursor: &mut Cursor<'a>) -> Option<Named<'a>> {
    let mut named = Named::default();
    cursor.skip_spaces();
    while cursor.next() == b'.' {
        named.level = named.level.saturating_add(1);
        cursor.at += 1;
        cursor.skip_spaces();
    }
    // `from . import x`: the keyword is no module.
    let is_keyword = matches!(cursor.word(), b"import" | b"cimport") && named.level > 0;
    let module = if is_keyword { None } else { dotted(cursor) };
    if module.is_none() && named.level == 0 {
        return None;
    }
    named.modules.push(module.unwrap_or_default());
    cursor.skip_spaces();
    let word = cursor.word();
    if !matches!(word, b"import" | b"cimport") {
        return None;
    }
    named.is_cimport = word == b"cimport";
    cursor.at += word.len();
    cursor.skip_spaces();
    let in_brackets = cursor.next() == b'(';
    if in_brackets {
        cursor.at += 1;
    }
    taken_names(cursor, &mut named, in_brackets);
    Some(named)
}

fn taken_names<'a>(cursor: &mut Cursor<'a>, named: &mut Named<'a>, in_brackets: bool) {
    loop {
        let mut end = cursor.at;
        skip(cursor, in_brackets);
        if cursor.next() == b'*' {
            cursor.at += 1;
            named.names.push(Name { text: Cow::Borrowed(b"*"), is_renamed: false });
            end = cursor.at;
        } else if let Some(name) = plain(cursor) {
            let is_renamed = renamed(cursor, in_brackets);
            named.names.push(Name { text: Cow::Borrowed(name), is_renamed });
            end = cursor.at;
        }
        skip(cursor, in_brackets);
        match cursor.next() {
            b',' => cursor.at += 1,
            b')' if in_brackets => {
                cursor.at += 1;
                return;
            }
            _ => {
                if in_brackets {
                    // What follows on other lines is not of this statement.
                    cursor.at = end;
                    cursor.flaws.syntax(end, "a bracket is never closed");
                }
                return;
            }
        }
    }
}

fn skip(cursor: &mut Cursor<'_>, in_brackets: bool) {
    if in_brackets {
        cursor.skip_trivia();
    } else {
        cursor.skip_spaces();
    }
}

/// A name; within brackets that are not closed, no keyword of the next statement.
fn plain<'a>(cursor: &mut Cursor<'a>) -> Option<&'a [u8]> {
    let word = cursor.word();
    if word.is_empty() || matches!(word, b"import" | b"from" | b"def" | b"class" | b"if" | b"try" | b"for") {
        return None;
    }
    cursor.at += word.len();
    Some(word)
}

/// Passes over `as name`, if it follows.
fn renamed(cursor: &mut Cursor<'_>, in_brackets: bool) -> bool {
    let before = cursor.at;
    skip(cursor, in_brackets);
    if cursor.word() != b"as" {
        cursor.at = before;
        return false;
    }
    cursor.at += 2;
    skip(cursor, in_brackets);
    let word = cursor.word();
    cursor.at += word.len();
    true
}

/// A dotted name, which may have spaces around its dots.
fn dotted<'a>(cursor: &mut Cursor<'a>) -> Option<Name<'a>> {
    let start = cursor.at;
    let mut text = Cow::Borrowed(plain(cursor)?);
    loop {
        let before = cursor.at;
        cursor.skip_spaces();
        if cursor.next() != b'.' {
            cursor.at = before;
            return Some(Name { text, is_renamed: false });
        }
        cursor.at += 1;
        cursor.skip_spaces();
        let Some(word) = plain(cursor) else {
            cursor.at = before;
            return Some(Name { text, is_renamed: false });
        };
        // Without spaces, the name is a piece of the text.
        let length = text.len() + 1 + word.len();
        text = match cursor.text.get(start..cursor.at) {
            Some(written) if written.len() == length => Cow::Borrowed(written),
            _ => {
                let mut text = text.into_owned();
                text.push(b'.');
                text.extend_from_slice(word);
                Cow::Owned(text)
            }
        };
    }
}

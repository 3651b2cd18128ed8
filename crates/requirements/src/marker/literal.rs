//! Quoted strings in markers are Python literals, escapes included.

use std::borrow::Cow;

/// Whether Python accepts what stands between the quotes.
///
/// The tokenizer ends the string at the first quote, so a backslash before it leaves Python an open string.
pub(super) fn is_valid(inner: &str) -> bool {
    if memchr::memchr2(b'\\', 0, inner.as_bytes()).is_none() {
        return true;
    }
    unescape(inner).is_some()
}

/// The value of a literal, or nothing where Python refuses it.
pub(super) fn unescape(inner: &str) -> Option<Cow<'_, str>> {
    if inner.contains('\0') {
        return None;
    }
    if !inner.contains('\\') {
        return Some(Cow::Borrowed(inner));
    }
    let mut value = String::with_capacity(inner.len());
    let mut rest = inner.chars();
    while let Some(character) = rest.next() {
        if character != '\\' {
            value.push(character);
            continue;
        }
        match rest.next()? {
            '\\' => value.push('\\'),
            '\'' => value.push('\''),
            '"' => value.push('"'),
            'a' => value.push('\u{7}'),
            'b' => value.push('\u{8}'),
            'f' => value.push('\u{c}'),
            'n' => value.push('\n'),
            'r' => value.push('\r'),
            't' => value.push('\t'),
            'v' => value.push('\u{b}'),
            'x' => value.push(hexadecimal(&mut rest, 2)?),
            'u' => value.push(hexadecimal(&mut rest, 4)?),
            'U' => value.push(hexadecimal(&mut rest, 8)?),
            // Character names would need the Unicode database; no requirements file has been seen with one.
            'N' => return None,
            digit @ '0'..='7' => value.push(octal(digit, &mut rest)?),
            other => {
                value.push('\\');
                value.push(other);
            }
        }
    }
    Some(Cow::Owned(value))
}

fn hexadecimal(rest: &mut std::str::Chars<'_>, length: usize) -> Option<char> {
    let digits = rest.as_str().get(..length)?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    *rest = rest.as_str().get(length..)?.chars();
    char::from_u32(u32::from_str_radix(digits, 16).ok()?)
}

fn octal(first: char, rest: &mut std::str::Chars<'_>) -> Option<char> {
    let mut value = first.to_digit(8)?;
    for _ in 0..2 {
        let Some(digit) = rest.as_str().chars().next().and_then(|next| next.to_digit(8)) else { break };
        value = value * 8 + digit;
        rest.next();
    }
    char::from_u32(value)
}

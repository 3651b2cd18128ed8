//! Authors and maintainers: `Author: X` with `Author-email: a@b` says the same as `Author-email: X <a@b>`.

use std::collections::BTreeSet;

use crate::Metadata;

/// Names and addresses of a role (`Author` or `Maintainer`).
///
/// Old backends join several names in one field and several addresses in another, so which name has which address
/// cannot be compared.
pub(super) fn people(metadata: &Metadata, role: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for names in metadata.all(role) {
        found.extend(pieces(names).filter_map(|name| clean(&name)));
    }
    for people in metadata.all(&format!("{role}-email")) {
        for person in pieces(people) {
            match person.split_once('<') {
                Some((name, address)) => {
                    found.extend(pieces(&unquoted(&decoded(name.trim()))).filter_map(|name| clean(&name)));
                    found.extend(clean(address.trim_end().trim_end_matches('>')));
                }
                None => found.extend(clean(&person)),
            }
        }
    }
    found
}

/// What commas outside of quotes divide.
fn pieces(text: &str) -> impl Iterator<Item = String> + use<> {
    let mut pieces = vec![String::new()];
    let (mut quoted, mut escaped) = (false, false);
    for letter in text.chars() {
        if letter == ',' && !quoted {
            pieces.push(String::new());
            continue;
        }
        quoted ^= letter == '"' && !escaped;
        escaped = letter == '\\' && !escaped;
        if let Some(piece) = pieces.last_mut() {
            piece.push(letter);
        }
    }
    pieces.into_iter()
}

fn unquoted(name: &str) -> String {
    match name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => inner.replace("\\\"", "\"").replace("\\\\", "\\"),
        None => name.to_owned(),
    }
}

fn clean(text: &str) -> Option<String> {
    let text = unquoted(&decoded(text.trim())).split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

/// Encoded words of mail headers (RFC 2047) in UTF-8, as `email.utils.formataddr` writes them.
fn decoded(text: &str) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some((before, word, after)) = encoded_word(rest) {
        // White space between two encoded words is not part of the text.
        if result.is_empty() || !before.trim().is_empty() {
            result.push_str(before);
        }
        result.push_str(&word);
        rest = after;
    }
    result.push_str(rest);
    result
}

/// What stands before the first encoded word, the word, and what stands after it.
fn encoded_word(text: &str) -> Option<(&str, String, &str)> {
    let start = text.find("=?")?;
    let mut parts = text.get(start + 2..)?.splitn(3, '?');
    let (charset, encoding, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let (content, after) = rest.split_once("?=")?;
    let bytes = match encoding {
        "q" | "Q" => quoted_printable(content),
        "b" | "B" => base64(content)?,
        _ => return None,
    };
    let word = charset.eq_ignore_ascii_case("utf-8").then(|| String::from_utf8(bytes).ok()).flatten()?;
    Some((&text[..start], word, after))
}

fn quoted_printable(content: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = content.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (b'_', _) => bytes.push(b' '),
            (b'=', [high, low, after @ ..]) => {
                let digits = [*high, *low];
                let byte = std::str::from_utf8(&digits).ok().and_then(|it| u8::from_str_radix(it, 16).ok());
                bytes.push(byte.unwrap_or(b'='));
                rest = if byte.is_some() { after } else { rest };
            }
            _ => bytes.push(*first),
        }
    }
    bytes
}

fn base64(content: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut group, mut bits) = (0_u32, 0_u32);
    for letter in content.trim_end_matches('=').bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        group = (group << 6 | u32::from(value)) & 0xff_ffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(group >> bits & 0xff).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authors(text: &str) -> BTreeSet<String> {
        people(&Metadata::parse(text), "Author")
    }

    #[test]
    fn one_author_in_every_spelling() {
        let expected = BTreeSet::from(["Jörg X".to_owned(), "j@x.example".to_owned()]);
        for text in [
            "Author: Jörg X\nAuthor-email: j@x.example\n",
            "Author-email: Jörg X <j@x.example>\n",
            "Author-email: \"Jörg X\" <j@x.example>\n",
            "Author: Jörg X\nAuthor-email: \"Jörg X\" <j@x.example>\n",
            "Author-email: =?utf-8?q?J=C3=B6rg_X?= <j@x.example>\n",
            "Author-email: =?UTF-8?B?SsO2cmcgWA==?= <j@x.example>\n",
        ] {
            assert_eq!(authors(text), expected, "{text}");
        }
    }

    #[test]
    fn several_authors_with_commas_in_names() {
        let joined = authors("Author: A, B, Inc.\nAuthor-email: a@x.example, b@x.example\n");
        assert_eq!(joined, authors("Author-email: A <a@x.example>, \"B, Inc.\" <b@x.example>\n"));
        assert_ne!(joined, authors("Author-email: A <a@x.example>\n"));
        for broken in ["=?utf-8?q?=C", "=?utf-8?q?=ZZ?=", "=?", "\"", "<", "=?utf-8?b?!!?="] {
            assert!(authors(&format!("Author-email: {broken}\n")).len() <= 1, "{broken}");
        }
    }
}

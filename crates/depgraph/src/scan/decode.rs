//! The bytes of a file as text, as PEP 263 has it.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use uvshift_diagnostics::Diagnostic;

use crate::codes;

/// A text, and what was wrong with its bytes.
#[derive(Debug)]
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) diagnostic: Option<Diagnostic>,
}

/// Decodes a file; the diagnostic says why it is no text.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded<'_>, Box<Diagnostic>> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes)
        && (encoding == UTF_16LE || encoding == UTF_16BE)
    {
        let (text, _, _) = encoding.decode(bytes);
        let message = format!("this is {}, which Python does not read", encoding.name());
        return Ok(Decoded { text, diagnostic: Some(wrong(message)) });
    }
    if let Some(at) = memchr::memchr(0, bytes) {
        let line = lines_before(bytes, at);
        return Err(Box::new(
            Diagnostic::warning(codes::BINARY, "a NUL byte: this is not text").on_line(line),
        ));
    }
    let (has_mark, bytes) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => (true, rest),
        None => (false, bytes),
    };
    let cookie = cookie(bytes);
    match (std::str::from_utf8(bytes), cookie) {
        (Ok(text), None) => Ok(Decoded { text: text.into(), diagnostic: None }),
        (Ok(text), Some(label)) => Ok(declared(text, &label, has_mark)),
        (Err(error), None) => {
            let line = lines_before(bytes, error.valid_up_to());
            let diagnostic = wrong("not UTF-8, and no comment says which encoding it is").on_line(line);
            Ok(Decoded { text: String::from_utf8_lossy(bytes), diagnostic: Some(diagnostic) })
        }
        (Err(error), Some(label)) => {
            let line = lines_before(bytes, error.valid_up_to());
            Ok(foreign(bytes, &label, line))
        }
    }
}

/// A text that is UTF-8 and says what it is.
fn declared<'a>(text: &'a str, label: &str, has_mark: bool) -> Decoded<'a> {
    let encoding = encoding(label);
    let is_utf8 = encoding == Some(UTF_8);
    let diagnostic = match encoding {
        None => Some(wrong(format!("there is no encoding `{label}`")).on_line(1)),
        Some(_) if has_mark && !is_utf8 => {
            Some(wrong(format!("a byte order mark of UTF-8, and a comment that says `{label}`")).on_line(1))
        }
        Some(_) => None,
    };
    // Names are ASCII almost always, and then every encoding agrees about them.
    match encoding {
        Some(encoding) if !is_utf8 && !has_mark && !text.is_ascii() => {
            let text = encoding.decode_without_bom_handling(text.as_bytes()).0.into_owned();
            Decoded { text: text.into(), diagnostic }
        }
        _ => Decoded { text: text.into(), diagnostic },
    }
}

/// A text that is not UTF-8 and says what it is.
fn foreign<'a>(bytes: &'a [u8], label: &str, line: usize) -> Decoded<'a> {
    let Some(encoding) = encoding(label) else {
        let diagnostic = wrong(format!("there is no encoding `{label}`")).on_line(1);
        return Decoded { text: String::from_utf8_lossy(bytes), diagnostic: Some(diagnostic) };
    };
    let (text, is_wrong) = encoding.decode_without_bom_handling(bytes);
    let diagnostic = is_wrong.then(|| wrong(format!("not `{label}`, as a comment says it is")).on_line(line));
    Decoded { text, diagnostic }
}

fn wrong(message: impl Into<String>) -> Diagnostic {
    Diagnostic::warning(codes::WRONG_ENCODING, message)
}

/// The encoding of a name that Python knows.
fn encoding(label: &str) -> Option<&'static Encoding> {
    let label = label.to_ascii_lowercase().replace('_', "-");
    let known = match label.as_str() {
        "latin-1" | "iso-latin-1" | "latin" | "l1" | "iso-8859-1-unix" | "latin-1-unix" | "cp819" => "latin1",
        "utf-8-sig" | "u8" | "utf" | "utf8-unix" | "utf-8-unix" | "utf-8-dos" | "utf-8-emacs" | "mbcs" => {
            "utf-8"
        }
        "646" | "ansi-x3.4-1968" => "us-ascii",
        "cp932" | "ms932" | "mskanji" => "shift_jis",
        "cp949" | "ms949" | "uhc" => "euc-kr",
        "cp936" | "ms936" | "936" => "gbk",
        "cp950" | "ms950" | "950" => "big5",
        "eucjp" | "ujis" | "u-jis" => "euc-jp",
        other => other,
    };
    Encoding::for_label(known.as_bytes())
        .or_else(|| Encoding::for_label(known.replace('-', "_").as_bytes()))
        .or_else(|| Encoding::for_label(known.replace("cp", "windows-").as_bytes()))
}

/// What a comment in the first two lines says (PEP 263).
fn cookie(bytes: &[u8]) -> Option<String> {
    let mut rest = bytes;
    for _ in 0..2 {
        let end = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        let line = line.trim_ascii_start();
        if line.first().is_some_and(|byte| *byte != b'#') {
            return None;
        }
        if let Some(label) = label(line) {
            return Some(label);
        }
        rest = after.strip_prefix(b"\r\n").or_else(|| after.get(1..)).unwrap_or_default();
    }
    None
}

/// `coding: latin-1` or `coding=latin-1`
fn label(comment: &[u8]) -> Option<String> {
    memchr::memmem::find_iter(comment, b"coding").find_map(|at| {
        let rest = comment.get(at + b"coding".len()..)?;
        let (b':' | b'=') = rest.first()? else { return None };
        let rest = rest.get(1..)?.trim_ascii_start();
        let is_label = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
        let length = rest.iter().take_while(|byte| is_label(byte)).count();
        let label = rest.get(..length).filter(|label| !label.is_empty())?;
        Some(String::from_utf8_lossy(label).into_owned())
    })
}

fn lines_before(bytes: &[u8], at: usize) -> usize {
    let before = bytes.get(..at).unwrap_or_default();
    usize::try_from(super::cursor::count_lines(before, 0)).unwrap_or(usize::MAX).saturating_add(1)
}

//! The words of a text that can be paths, and what they can stand for.

use std::ops::Range;

/// More alternatives than this are not written by hand.
const MAX_ALTERNATIVES: usize = 64;

/// A path as it is written, with its wildcards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// `/...`, `~/...`, `//host/...`, `C:/...`
    pub(super) is_absolute: bool,
    pub(super) parts: Vec<Part>,
}

impl Word {
    /// The folder that a relative path begins with, and the path from there.
    pub(super) fn below_first(&self) -> Option<(String, Self)> {
        let (Part::Name(pieces), rest) = self.parts.split_first()? else { return None };
        let letter = |piece: &Piece| if let Piece::Letter(letter) = piece { Some(*letter) } else { None };
        let folder: Option<String> = pieces.iter().map(letter).collect();
        let below = Self { is_absolute: false, parts: rest.to_vec() };
        folder.filter(|_| !self.is_absolute && !rest.is_empty()).map(|folder| (folder, below))
    }
}

/// What stands between two slashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// `..`
    Parent,
    /// `**`
    AnyFolders,
    /// A variable alone, which may hold any number of folders.
    Variable,
    /// A name or a pattern.
    Name(Vec<Piece>),
}

/// A piece of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    Letter(char),
    /// `?`, `[ab]`
    One,
    /// `*`
    Any,
    /// `${ENV}`, `{{ env }}`, `%s`
    Variable,
}

/// The word around a hit; none if the name goes on behind the hit.
pub(super) fn span(bytes: &[u8], hit: Range<usize>, other_letters: bool) -> Option<Range<usize>> {
    let is_word = |byte: u8| {
        byte.is_ascii_alphanumeric() || b"_-./\\~$%*?".contains(&byte) || (other_letters && !byte.is_ascii())
    };
    let mut start = hit.start;
    while let Some(before) = start.checked_sub(1).and_then(|at| bytes.get(at)) {
        start = match before {
            byte if is_word(*byte) => start - 1,
            b'}' | b')' | b']' | b'>' => match group_start(bytes, start - 1) {
                Some(open) => open,
                None => break,
            },
            _ => break,
        };
    }
    let last = *bytes.get(hit.end.checked_sub(1)?)?;
    let mut end = hit.end;
    if matches!(last, b'*' | b'$' | b'{' | b'%') {
        // The place is inside a pattern, which goes on.
        if last == b'{' {
            end = group_end(bytes, end - 1)?;
        }
        loop {
            end = match bytes.get(end) {
                Some(byte) if is_word(*byte) => end + 1,
                Some(b'{' | b'[') => match group_end(bytes, end) {
                    Some(after) => after,
                    None => break,
                },
                _ => break,
            };
        }
        return Some(start..end);
    }
    let next = |offset: usize| bytes.get(hit.end + offset).copied().unwrap_or(b' ');
    let goes_on = |byte: u8| byte.is_ascii_alphanumeric() || b"_*?$%{".contains(&byte);
    let goes_on = match next(0) {
        b'.' | b'-' | b'~' => {
            next(1).is_ascii_alphanumeric() || (next(0) == b'~' && !next(1).is_ascii_alphanumeric())
        }
        b'/' => !matches!(next(1), b' ' | b'\n' | b'*'),
        byte => goes_on(byte),
    };
    (!goes_on).then_some(start..end)
}

/// The start of a `${...}`, `{{...}}`, `$(...)`, `[...]` or `<...>` that closes at a byte of the same line.
fn group_start(bytes: &[u8], close: usize) -> Option<usize> {
    let (opener, closer) = match bytes.get(close)? {
        b'}' => (b'{', b'}'),
        b')' => (b'(', b')'),
        b']' => (b'[', b']'),
        _ => (b'<', b'>'),
    };
    let mut depth = 0_usize;
    let mut at = close;
    loop {
        let byte = *bytes.get(at)?;
        if byte == closer {
            depth += 1;
        } else if byte == opener {
            depth -= 1;
            if depth == 0 {
                break;
            }
        } else if byte == b'\n' || (closer == b'>' && byte.is_ascii_whitespace()) {
            return None;
        }
        at = at.checked_sub(1)?;
    }
    let dollar = at.checked_sub(1).filter(|before| bytes.get(*before) == Some(&b'$'));
    // `(` without a `$` is punctuation.
    if closer == b')' { dollar } else { dollar.or(Some(at)) }
}

fn group_end(bytes: &[u8], open: usize) -> Option<usize> {
    let (opener, closer) = if bytes.get(open) == Some(&b'{') { (b'{', b'}') } else { (b'[', b']') };
    let mut depth = 0_usize;
    for (at, byte) in bytes.iter().enumerate().skip(open) {
        if *byte == opener {
            depth += 1;
        } else if *byte == closer {
            depth -= 1;
            if depth == 0 {
                return Some(at + 1);
            }
        } else if *byte == b'\n' {
            return None;
        }
    }
    None
}

/// What a word can stand for; several for `{dev,test}.txt`.
pub(super) fn read(written: &str) -> Vec<Word> {
    let path = written.replace('\\', "/");
    let mut words = Vec::new();
    for path in alternatives(&path) {
        words.push(word(&path));
        // `-rdev.txt` and `-cdev.txt` are options with their value.
        if let Some(value) = path.strip_prefix("-r").or_else(|| path.strip_prefix("-c")) {
            words.push(word(value));
        }
    }
    words
}

/// `{dev,test}.txt` is `dev.txt` and `test.txt`.
fn alternatives(path: &str) -> Vec<String> {
    let mut done = Vec::new();
    let mut open = vec![path.to_owned()];
    while let Some(path) = open.pop() {
        match brace_list(&path) {
            Some((before, list, after)) if done.len() + open.len() < MAX_ALTERNATIVES => {
                open.extend(list.split(',').map(|choice| format!("{before}{choice}{after}")));
            }
            _ => done.push(path),
        }
    }
    done
}

fn brace_list(path: &str) -> Option<(&str, &str, &str)> {
    path.match_indices('{').find_map(|(at, _)| {
        let (before, rest) = (path.get(..at)?, path.get(at + 1..)?);
        let (list, after) = rest.split_once('}')?;
        let is_list = list.contains(',') && !list.contains('{') && !before.ends_with(['$', '{']);
        is_list.then_some((before, list, after))
    })
}

fn word(path: &str) -> Word {
    let is_absolute = path.starts_with('/') || path.starts_with("~/");
    let mut parts = Vec::new();
    for part in split_path(path) {
        parts.push(match part {
            "" | "." | "~" => continue,
            ".." => Part::Parent,
            "**" => Part::AnyFolders,
            _ => match pieces(part) {
                pieces if pieces == [Piece::Variable] => Part::Variable,
                pieces => Part::Name(pieces),
            },
        });
    }
    Word { is_absolute, parts }
}

/// Splits at slashes that are not inside brackets.
fn split_path(path: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (at, character) in path.char_indices() {
        match character {
            '{' | '(' | '[' | '<' => depth += 1,
            '}' | ')' | ']' | '>' => depth = depth.saturating_sub(1),
            '/' if depth == 0 => {
                parts.push(path.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(path.get(start..).unwrap_or_default());
    parts
}

fn pieces(part: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = part;
    while let Some(character) = rest.chars().next() {
        let (piece, length) = match character {
            '*' => (Piece::Any, 1),
            '?' => (Piece::One, 1),
            '[' => (Piece::One, closed(rest, ']')),
            '{' => (Piece::Variable, closed(rest, '}')),
            '<' => (Piece::Variable, closed(rest, '>')),
            '$' => (Piece::Variable, dollar(rest)),
            '%' => (Piece::Variable, percent(rest)),
            other => (Piece::Letter(other), other.len_utf8()),
        };
        // Two variables side by side are one; so are `*` and what follows it.
        if piece != Piece::Variable || pieces.last() != Some(&Piece::Variable) {
            pieces.push(piece);
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    pieces
}

/// The length of a bracketed group; of `{{ x }}` with both of its braces.
fn closed(rest: &str, closer: char) -> usize {
    let end = rest.find(closer).map_or(rest.len(), |end| end + 1);
    end + rest
        .get(end..)
        .unwrap_or_default()
        .chars()
        .take_while(|next| *next == closer && closer == '}')
        .count()
}

/// The length of `$NAME`, `$$NAME`, `${NAME}`, `$(NAME)`, `${{ name }}`.
fn dollar(rest: &str) -> usize {
    let dollars = rest.len() - rest.trim_start_matches('$').len();
    let name = rest.get(dollars..).unwrap_or_default();
    let length = match name.chars().next() {
        Some('{') => closed(name, '}'),
        Some('(') => closed(name, ')'),
        _ => name.find(|next: char| !next.is_ascii_alphanumeric() && next != '_').unwrap_or(name.len()),
    };
    dollars + length
}

/// The length of `%s`, `%(name)s`, `%NAME%`.
fn percent(rest: &str) -> usize {
    let inner = rest.get(1..).unwrap_or_default();
    if let Some((name, _)) = inner.split_once('%').filter(|(name, _)| !name.contains(['/', '.', '*'])) {
        return name.len() + 2;
    }
    if inner.starts_with('(') {
        return 1 + closed(inner, ')') + 1;
    }
    if inner.starts_with(['s', 'd', 'r']) { 2 } else { 1 }
}

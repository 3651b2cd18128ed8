//! Python versions as people write them.

/// What a word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// A version of `CPython`.
    Version((u8, u8)),
    /// A version of another interpreter.
    OtherInterpreter,
    /// No version: `3.x`, `${{ matrix.python }}`, `system`, the name of a virtual environment.
    Nothing,
}

const OTHER_INTERPRETERS: &[&str] = &[
    "pypy",
    "graalpy",
    "jython",
    "ironpython",
    "micropython",
    "rustpython",
    "stackless",
    "pyston",
    "cinder",
];

/// Reads `3.9`, `3.9.1`, `3.13-dev`, `3.13t`, `python3.9`, `cpython-3.9.2-linux`, `>=3.9,<4`, `~3.9`.
pub(super) fn read(word: &str) -> Token {
    let lower = word.trim().to_ascii_lowercase();
    if OTHER_INTERPRETERS.iter().any(|name| lower.contains(name)) {
        return Token::OtherInterpreter;
    }
    let mut rest = lower.as_str();
    for prefix in ["cpython", "python", "py", "v"] {
        rest = rest.strip_prefix(prefix).unwrap_or(rest);
    }
    let rest = rest.trim_start_matches(['-', '=', '>', '<', '~', '^', ' ']);
    version(rest).map_or(Token::Nothing, Token::Version)
}

/// The `3.9` a text starts with.
pub(super) fn version(text: &str) -> Option<(u8, u8)> {
    let (major, rest) = text.split_once('.')?;
    let end = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
    let version = (major.parse().ok()?, rest.get(..end)?.parse().ok()?);
    // 2.0 to 2.7 and 3.0 on; anything else is not a version of Python.
    matches!(version, (2, 0..=7) | (3, 0..=50)).then_some(version)
}

/// The first `3.9` in a text, as in `slim-3.9` or `1-3.11-bookworm`.
pub(super) fn version_within(text: &str) -> Option<(u8, u8)> {
    let starts = |(at, _): &(usize, char)| {
        let before = text.get(..*at).and_then(|before| before.chars().next_back());
        !before.is_some_and(|before| before.is_ascii_digit() || before == '.')
    };
    text.char_indices().filter(starts).find_map(|(at, _)| version(text.get(at..)?))
}

/// `py39`, `py310`, `py3.9`: a factor of a tox environment.
pub(super) fn tox_factor(factor: &str) -> Option<String> {
    let rest = factor.strip_prefix("py").unwrap_or(factor);
    if version(rest).is_some() && rest.chars().all(|character| character.is_ascii_digit() || character == '.')
    {
        return Some(rest.to_owned());
    }
    let digits = factor.strip_prefix("py").or_else(|| factor.strip_prefix("cpython"))?;
    let (major, minor) = digits.split_at_checked(1)?;
    let is_number = !minor.is_empty() && digits.chars().all(|character| character.is_ascii_digit());
    is_number.then(|| format!("{major}.{minor}"))
}

/// A word without the quotes around it.
pub(super) fn unquoted(word: &str) -> &str {
    let word = word.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = word.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return inner.trim();
        }
    }
    word
}

/// The string literals of a Python expression that starts at a byte: one string, or those of a list, a tuple
/// or a set up to its end. Comments and prefixes are passed.
pub(super) fn python_strings(text: &str, at: usize) -> Vec<String> {
    let mut strings = Vec::new();
    let mut depth = 0_usize;
    let mut rest = text.get(at..).unwrap_or_default();
    while let Some(character) = rest.chars().next() {
        let mut length = character.len_utf8();
        match character {
            '[' | '(' | '{' => depth += 1,
            ']' | ')' | '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    break;
                }
            }
            '#' => length = rest.find('\n').unwrap_or(rest.len()),
            '"' | '\'' => {
                let inner = rest.get(1..).unwrap_or_default();
                let end = inner.find([character, '\n']).unwrap_or(inner.len());
                strings.push(inner.get(..end).unwrap_or_default().to_owned());
                length = (end + 2).min(rest.len());
                if depth == 0 {
                    break;
                }
            }
            ',' | '\n' if depth == 0 => break,
            _ => {}
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    strings
}

/// Every place where a name stands as a whole word in Python code, outside of comments: the byte after it.
pub(super) fn words<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = usize> + 'a {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    text.match_indices(name).filter_map(move |(at, _)| {
        let before = text.get(..at)?;
        let after = text.get(at + name.len()..)?;
        let line = before.rsplit('\n').next().unwrap_or_default();
        let whole = !before.ends_with(is_part) && !after.starts_with(is_part);
        (whole && !line.trim_start().starts_with('#')).then_some(at + name.len())
    })
}

/// The value that is given to a name at a byte: after `=`, or after `:` behind a quoted name.
pub(super) fn assigned(text: &str, after_name: usize) -> Option<usize> {
    let rest = text.get(after_name..)?;
    let mut cut = rest.trim_start_matches(['"', '\'']).trim_start();
    // `NAME: Final = ...`
    if let Some((annotation, value)) = cut.split_once('=')
        && annotation.starts_with(':')
        && !annotation.contains(['\n', '"', '\'', ','])
    {
        cut = value;
    } else {
        cut = cut.strip_prefix('=').or_else(|| cut.strip_prefix(':'))?;
    }
    // `==` compares.
    (!cut.starts_with('=')).then(|| text.len() - cut.trim_start_matches([' ', '\t']).len())
}

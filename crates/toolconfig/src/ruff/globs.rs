//! flake8's patterns for files, which are those of Python's `fnmatch`, as ruff's, which are those of globset.
//!
//! Both match a pattern with a slash against the whole path below the folder of the settings, and one without against each name; in both a
//! star takes slashes, too. The rest differs.

/// The pattern of ruff that matches what a pattern of flake8 matches.
pub(crate) fn from_fnmatch(from: &str) -> String {
    let mut pattern = from;
    while let Some(rest) = pattern.strip_prefix("./") {
        pattern = rest.trim_start_matches('/');
    }
    if pattern.len() > 1 {
        pattern = pattern.trim_end_matches('/');
    }
    // A name without a slash is one anywhere; with `./` in front or `/` behind it is that below the folder of the settings, in both.
    let is_here = from.contains('/') && !pattern.contains('/');
    let mut out = String::from(if is_here { "./" } else { "" });
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            // Two stars are one to fnmatch, and any number of folders, also none, to globset.
            '*' => {
                while characters.next_if_eq(&'*').is_some() {}
                out.push('*');
            }
            '{' | '}' => out.extend(['[', character, ']']),
            '!' if out.is_empty() => out.push_str("\\!"),
            '\\' => out.push_str("\\\\"),
            '[' => class(&mut characters, &mut out),
            other => out.push(other),
        }
    }
    out
}

/// A class of characters as it is; a bracket that nothing closes is a bracket to fnmatch and an error to globset.
fn class(characters: &mut std::iter::Peekable<std::str::Chars<'_>>, out: &mut String) {
    let rest: String = characters.clone().collect();
    let inner = rest.strip_prefix('!').unwrap_or(&rest);
    let inner = inner.strip_prefix(']').unwrap_or(inner);
    let Some(close) = inner.find(']') else {
        out.push_str("[[]");
        return;
    };
    let length = rest.len() - inner.len() + close + 1;
    out.push('[');
    out.push_str(rest.get(..length).unwrap_or_default());
    let taken = rest.get(..length).map_or(0, |text| text.chars().count());
    for _ in 0..taken {
        characters.next();
    }
}

//! Factors: which environments a line is for, and which environments a name stands for.

/// Groups of factors; one of the groups has to hold, with all its factors, each of them `(name, negated)`.
pub(super) type Groups = Vec<Vec<(String, bool)>>;

const MINOR_MIN: u32 = 11;
const MINOR_MAX: u32 = 15;

/// A line as its factors, if it has any, and its content.
pub(super) fn split(line: &str) -> (Option<Groups>, &str) {
    let ends = |at: &usize| line[at + 1..].chars().next().is_none_or(char::is_whitespace);
    let marker = line.match_indices(':').map(|(at, _)| at).find(ends);
    let Some(at) = marker else { return (None, line) };
    match groups(line[..at].trim()) {
        Some(groups) => (Some(groups), line[at + 1..].trim()),
        None => (None, line),
    }
}

/// The groups of `{py27,py36}-{a,!b},c`; none for a text that is no expression of factors.
pub(super) fn groups(text: &str) -> Option<Groups> {
    let text = ranges(text);
    let mut groups = Groups::new();
    for expression in pieces(&text) {
        for name in product(expression)? {
            let factors: Vec<&str> = name.split('-').collect();
            if !factors.iter().all(|factor| is_factor(factor)) {
                return None;
            }
            let factor = |factor: &&str| match factor.strip_prefix('!') {
                Some(name) => (name.to_owned(), true),
                None => ((*factor).to_owned(), false),
            };
            groups.push(factors.iter().map(factor).collect());
        }
    }
    Some(groups)
}

/// The names of environments that an expression stands for.
pub(super) fn names(text: &str) -> Option<Vec<String>> {
    Some(groups(text)?.iter().map(|group| explode(group)).collect())
}

/// The name of the environment that a group is a condition for.
pub(super) fn explode(group: &[(String, bool)]) -> String {
    group.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join("-")
}

/// Groups as a condition of tox's TOML.
pub(super) fn condition(groups: &Groups) -> String {
    let factor = |(name, negated): &(String, bool)| {
        let identifier = name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
            && name.chars().next().is_some_and(|first| !first.is_ascii_digit())
            && !KEYWORDS.contains(&name.as_str());
        let not = if *negated { "not " } else { "" };
        if identifier { format!("{not}factor.{name}") } else { format!("{not}factor['{name}']") }
    };
    let group = |group: &Vec<(String, bool)>| group.iter().map(factor).collect::<Vec<_>>().join(" and ");
    groups.iter().map(group).collect::<Vec<_>>().join(" or ")
}

const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

fn is_factor(factor: &str) -> bool {
    let name = factor.strip_prefix('!').unwrap_or(factor);
    let plain = |character: char| {
        character.is_alphanumeric() || matches!(character, '_' | '.' | '*' | '?' | '[' | ']')
    };
    factor.is_empty() || (!name.is_empty() && name.chars().all(plain))
}

/// The end of a group `{..}` that starts at the beginning of a text; an empty one is none.
fn brace(text: &str) -> Option<usize> {
    let end = text.strip_prefix('{')?.find('}')?;
    (end > 0).then_some(end + 2)
}

/// The parts between commas that are not within braces.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(character) = text[at..].chars().next() {
        if let Some(length) = brace(&text[at..]) {
            at += length;
            continue;
        }
        if character == ',' {
            pieces.push(&text[start..at]);
            start = at + 1;
        }
        at += character.len_utf8();
    }
    pieces.push(&text[start..]);
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// The names of `a{b,c}`; none where they are too many to be meant.
fn product(text: &str) -> Option<Vec<String>> {
    let mut rest = text.trim();
    let mut names = vec![String::new()];
    while !rest.is_empty() {
        let (choices, length) = if let Some(length) = brace(rest) {
            (rest[1..length - 1].split(',').map(str::trim).collect(), length)
        } else {
            let next = rest.char_indices().skip(1).find(|(at, _)| brace(&rest[*at..]).is_some());
            let end = next.map_or(rest.len(), |(at, _)| at);
            (vec![rest[..end].trim()], end)
        };
        if names.len() * choices.len() > 4096 {
            return None;
        }
        names = names
            .iter()
            .flat_map(|name| choices.iter().map(move |choice| format!("{name}{choice}")))
            .collect();
        rest = &rest[length..];
    }
    Some(names)
}

/// `{10-13}`, `{10-}` and `{-13}` written out.
fn ranges(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let digits = |from: usize| characters[from..].iter().take_while(|digit| digit.is_ascii_digit()).count();
    let number = |from: usize, length: usize| -> Option<u32> {
        characters[from..from + length]
            .iter()
            .collect::<String>()
            .parse()
            .ok()
            .filter(|number| *number < 1000)
    };
    let closed = |at: usize| matches!(characters.get(at), Some(',' | '}'));
    let mut out = String::new();
    let mut at = 0;
    while at < characters.len() {
        let before = at.checked_sub(1).map(|before| characters[before]);
        let opens =
            before.is_none_or(|before| !(before.is_alphanumeric() || matches!(before, '_' | '.' | '-')));
        let first = digits(at);
        let dash = at + first;
        let second = if characters.get(dash) == Some(&'-') { digits(dash + 1) } else { 0 };
        let end = dash + 1 + second;
        let range = characters.get(dash) == Some(&'-') && closed(end);
        let list = match (number(at, first), range.then(|| number(dash + 1, second)).flatten()) {
            (Some(low), Some(high)) if opens && low <= high => (low..=high).collect(),
            (Some(low), Some(high)) if opens => (high..=low).rev().collect(),
            (Some(low), None) if opens && range && second == 0 => (low..=MINOR_MAX.max(low)).collect(),
            (None, Some(high)) if first == 0 && matches!(before, Some('{' | ',')) => {
                (MINOR_MIN.min(high)..=high).collect()
            }
            _ => Vec::new(),
        };
        if list.is_empty() {
            out.push(characters[at]);
            at += 1;
        } else {
            out.push_str(&list.iter().map(u32::to_string).collect::<Vec<_>>().join(","));
            at = end;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_tox() {
        let all = |text: &str| names(text).unwrap().join(" ");
        assert_eq!(all("py3{12,11},pypy3{9,8}"), "py312 py311 pypy39 pypy38");
        assert_eq!(
            all("{py311,py312}-django{42,50}"),
            "py311-django42 py311-django50 py312-django42 py312-django50"
        );
        assert_eq!(all("{,ci-}py{36,py3}, fuzz"), "py36 pypy3 ci-py36 ci-pypy3 fuzz");
        assert_eq!(all("py3{10-12}"), "py310 py311 py312");
        assert_eq!(all("py3{13-}"), "py313 py314 py315");
        assert_eq!(all("py3{-12}"), "py311 py312");
        assert_eq!(names("[run locally after tests]"), None);
    }

    #[test]
    fn lines_are_split_at_the_first_colon_before_a_space() {
        let (groups, content) = split("a,b-!c: deps>=1");
        assert_eq!(content, "deps>=1");
        assert_eq!(condition(&groups.unwrap()), "factor.a or factor.b and not factor.c");
        assert_eq!(split("git+https://x"), (None, "git+https://x"));
        assert_eq!(condition(&split("3.11: x").0.unwrap()), "factor['3.11']");
    }
}

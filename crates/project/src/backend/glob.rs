//! Globs as Python's `glob` and `pathlib` have them.

/// Whether a pattern names the file, or a folder that it is in. `**` stands for any folders, also none.
pub(super) fn names(pattern: &str, path: &str) -> bool {
    let pattern: Vec<&str> = pattern.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    let path: Vec<&str> = path.split('/').collect();
    !pattern.is_empty() && below(&pattern, &path)
}

/// Whether a pattern matches the whole path.
pub(super) fn matches(pattern: &str, path: &str) -> bool {
    let pattern: Vec<&str> = pattern.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    let path: Vec<&str> = path.split('/').collect();
    exactly(&pattern, &path)
}

/// Whether a text is a pattern and not a plain path.
pub(super) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// The part of a pattern before its first wild card, which is a folder.
pub(super) fn fixed(pattern: &str) -> String {
    let parts = pattern.split('/').take_while(|part| !is_pattern(part));
    parts.collect::<Vec<_>>().join("/")
}

fn below(pattern: &[&str], path: &[&str]) -> bool {
    // Two `**` in one pattern are rare, and paths are short: no need to remember what was tried.
    (1..=path.len()).any(|length| exactly(pattern, &path[..length]))
}

fn exactly(pattern: &[&str], path: &[&str]) -> bool {
    match (pattern, path) {
        ([], _) => path.is_empty(),
        (["**"], _) => true,
        (["**", rest @ ..], _) => (0..=path.len()).any(|skipped| exactly(rest, &path[skipped..])),
        ([first, rest @ ..], [name, path @ ..]) => segment(first, name) && exactly(rest, path),
        (_, []) => false,
    }
}

/// `fnmatch` within one name.
pub(super) fn segment(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut from) = (0, 0);
    // Where the last `*` stands, and how much of the name it has taken.
    let mut star: Option<(usize, usize)> = None;
    while from < name.len() {
        match one(&pattern[at.min(pattern.len())..], name[from]) {
            Some(length) => (at, from) = (at + length, from + 1),
            None if pattern.get(at) == Some(&'*') => {
                star = Some((at, from));
                at += 1;
            }
            None => match &mut star {
                Some((place, taken)) => {
                    *taken += 1;
                    (at, from) = (*place + 1, *taken);
                }
                None => return false,
            },
        }
    }
    pattern[at.min(pattern.len())..].iter().all(|letter| *letter == '*')
}

/// How much of the pattern one letter of the name takes.
fn one(pattern: &[char], letter: char) -> Option<usize> {
    match pattern {
        ['?', ..] => Some(1),
        ['*', ..] | [] => None,
        ['[', rest @ ..] => {
            let close = rest.iter().skip(1).position(|found| *found == ']').map(|at| at + 1);
            let Some(close) = close else { return (letter == '[').then_some(1) };
            let (negated, set) = match &rest[..close] {
                ['!', set @ ..] => (true, set),
                set => (false, set),
            };
            (in_set(set, letter) != negated).then_some(close + 2)
        }
        [other, ..] => (*other == letter).then_some(1),
    }
}

fn in_set(set: &[char], letter: char) -> bool {
    match set {
        [low, '-', high, rest @ ..] => (*low..=*high).contains(&letter) || in_set(rest, letter),
        [one, rest @ ..] => *one == letter || in_set(rest, letter),
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_name_files_and_what_is_in_folders() {
        for (pattern, path) in [
            ("demo", "demo/a/b.py"),
            ("demo/", "demo/a.py"),
            ("./demo", "demo/a.py"),
            ("demo/**/*", "demo/a/b.py"),
            ("demo/**/*.py", "demo/b.py"),
            ("demo/**", "demo/a/b"),
            ("**/*.js", "a/b/c.js"),
            ("**/tests", "a/tests/x.py"),
            ("d?mo/[a-c].py", "demo/b.py"),
            ("[!x]*", "demo/b.py"),
            ("a*b*c", "axxbyyc"),
        ] {
            assert!(names(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("demo", "demos/a.py"),
            ("*.py", "demo/b.txt"),
            ("demo/*.py", "demo/a/b.js"),
            ("", "a"),
            ("a*b", "ac"),
        ] {
            assert!(!names(pattern, path), "{pattern} {path}");
        }
        assert_eq!(fixed("src/demo/**/*.py"), "src/demo");
        assert!(segment("[", "[") && segment("[]]", "]") && !segment("[]", "]"));
    }
}

//! What uv says when it finds no solution, read as data.

use uvshift_project::Pin;
use uvshift_requirements::normalize_name;

pub(super) fn is_missing(message: &str, pin: &Pin) -> bool {
    message.contains(&format!("no version of {}=={}", pin.name, pin.version))
}
/// The Python version that a pin is said to need.
pub(super) fn floor(message: &str, pin: &Pin) -> Option<(u64, u64)> {
    let words = format!("{}=={} depends on Python>=", pin.name, pin.version);
    let (_, rest) = message.split_once(&words)?;
    version(rest)
}

/// The markers of the part of the resolution that failed, if it was not the whole.
pub(super) fn split(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("for split (markers: ")?;
    // A marker holds parentheses of its own.
    let mut depth = 1_usize;
    let end = rest.find(|letter| {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    Some(&rest[..end])
}

/// The opposite of a marker that joins plain comparisons with `and`.
pub(super) fn outside(marker: &str) -> Option<String> {
    let parts: Option<Vec<String>> = marker.split(" and ").map(negated).collect();
    Some(parts?.join(" or "))
}

pub(super) fn negated(comparison: &str) -> Option<String> {
    let (variable, rest) = comparison.trim().split_once(' ')?;
    let (operator, value) = rest.split_once(' ')?;
    let quoted = value.len() > 1 && value.starts_with('\'') && value[1..].find('\'') == Some(value.len() - 2);
    let plain = variable.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    let opposite = match operator {
        "==" => "!=",
        "!=" => "==",
        "<" => ">=",
        ">=" => "<",
        ">" => "<=",
        "<=" => ">",
        _ => return None,
    };
    (quoted && plain).then(|| format!("{variable} {opposite} {value}"))
}

/// uv wraps its explanation; one line is easier to search. It also writes a pin with a marker as
/// `name{marker}==1.0`; without the marker it is named like every other pin.
pub(super) fn unwrapped(stderr: &str) -> String {
    let noise = ["Using CPython", "Using PyPy", "warning:", "Resolved ", "hint:"];
    let text = stderr
        .lines()
        .filter(|line| !noise.iter().any(|start| line.trim_start().starts_with(start)))
        .flat_map(str::split_whitespace)
        .filter(|word| !matches!(*word, "│" | "╰─▶" | "├─▶" | "×"))
        .collect::<Vec<_>>()
        .join(" ");
    let mut plain = String::with_capacity(text.len());
    let mut depth = 0_usize;
    for letter in text.chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(letter),
            _ => {}
        }
    }
    plain
}

/// The part of uv's explanation that names something.
pub(super) fn sentence_with(message: &str, what: &str) -> String {
    let parts = message.split(", ").flat_map(|part| part.split(". "));
    let found = parts.filter(|part| part.contains(what)).find(|part| !part.starts_with("And because we"));
    let text = found.unwrap_or(message);
    let after = |word: &str| text.find(word).map(|at| &text[at + word.len()..]);
    let text = after("Because ").or_else(|| after("because ")).unwrap_or(text);
    format!("uv: {}", text.chars().take(200).collect::<String>())
}

/// The highest `Python>=X.Y` that a package is said to need.
pub(super) fn needed_python(message: &str) -> Option<(u64, u64)> {
    if !message.contains("does not satisfy Python") {
        return None;
    }
    let bounds =
        message.match_indices("Python>=").filter_map(|(at, text)| version(&message[at + text.len()..]));
    bounds.max()
}

/// The lowest of these versions above the given one. Older releases of a package often do with less than the newest,
/// so that going up by the smallest step gives up no more Pythons than needed.
pub(super) fn next_python(message: &str, above: &str) -> Option<String> {
    if !message.contains("does not satisfy Python") {
        return None;
    }
    let bound = numbers(&above[above.find(">=")? + 2..])?;
    let bounds = message.match_indices("Python>=");
    let bounds = bounds.filter_map(|(at, text)| numbers(&message[at + text.len()..]));
    bounds.filter(|numbers| *numbers > bound).min().map(|numbers| shown(&numbers))
}

/// The package that is said to need a newer Python than the requested one, normalised, and that version.
///
/// uv names either the package, or the group of this project whose package it is.
pub(super) fn too_new(message: &str) -> Option<(String, String)> {
    let rest = message.split_once("does not satisfy Python>=").map(|(_, rest)| rest);
    let of_package = rest.and_then(|rest| rest.split_once(" depends on Python>="));
    if let Some((head, tail)) = of_package.or_else(|| message.split_once(" requires Python >=")) {
        return Some((package_name(head.rsplit(' ').next()?), shown(&numbers(tail)?)));
    }
    let (version, blamed) = rest?.split_once(" and ")?;
    let (group, package) = blamed.split_once(" depends on ")?;
    let is_group = group.contains(':') && !group.contains(' ');
    is_group.then(|| Some((package_name(package), shown(&numbers(version)?))))?
}

/// Two groups of this project that uv finds to be incompatible with each other, and with nothing else.
pub(super) fn apart(message: &str, project: &str) -> Option<(String, String)> {
    let group = |word: &str| word.strip_prefix(project)?.strip_prefix(':').map(str::to_owned);
    message.match_indices(" are incompatible").find_map(|(at, _)| {
        let (rest, second) = message[..at].rsplit_once(" and ")?;
        Some((group(rest.rsplit(' ').next()?)?, group(second)?))
    })
}

/// The name at the start of a requirement, normalised.
fn package_name(text: &str) -> String {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let end = text.find(|letter| !is_part(letter)).unwrap_or(text.len());
    normalize_name(&text[..end])
}

/// The release at the start of a text, filled up with zeros.
fn numbers(text: &str) -> Option<[u64; 3]> {
    let text = text.trim_start();
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    let mut parts = text[..end].split('.').filter(|part| !part.is_empty());
    let mut next = || parts.next().map_or(Some(0), |part| part.parse().ok());
    let [major, minor, patch] = [next()?, next()?, next()?];
    (major > 0).then_some([major, minor, patch])
}

fn shown([major, minor, patch]: &[u64; 3]) -> String {
    if *patch == 0 { format!("{major}.{minor}") } else { format!("{major}.{minor}.{patch}") }
}

pub(super) fn lower_bound(requires_python: &str) -> Option<(u64, u64)> {
    let at = requires_python.find(">=")?;
    version(requires_python[at + 2..].trim_start())
}

pub(super) fn version(text: &str) -> Option<(u64, u64)> {
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    let mut parts = text[..end].split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGE: &str = "  × No solution found when resolving dependencies:\n  ╰─▶ Because the requested Python version (>=3.8) does not satisfy\n      Python>=3.10 and numpy==2.2.0 depends on Python>=3.10, we can conclude\n      that numpy==2.2.0 cannot be used.";

    #[test]
    fn the_needed_python_is_read_from_the_explanation() {
        assert_eq!(needed_python(&unwrapped(MESSAGE)), Some((3, 10)));
        assert_eq!(needed_python("Python>=3.10"), None);
        let found = |package: &str, version: &str| Some((package.to_owned(), version.to_owned()));
        assert_eq!(too_new(&unwrapped(MESSAGE)), found("numpy", "3.10"));
        let other = "Because parser==1.0 requires Python >=3.11 and only parser==1.0 is available";
        assert_eq!(too_new(other), found("parser", "3.11"));
        let group = "Because the requested Python version (>=3.8) does not satisfy Python>=3.8.1 and bleach:flake8 depends on flake8==6.0.0, we";
        assert_eq!(too_new(group), found("flake8", "3.8.1"));
        assert_eq!(too_new("(>=3.8) does not satisfy Python>=3.8.1 and we can depends on x"), None);
        assert_eq!(too_new("numpy==2.2.0 depends on Python>=3.10"), None);
        assert_eq!(lower_bound(">=3.8,<4"), Some((3, 8)));
        assert_eq!(lower_bound("<4"), None);
    }

    #[test]
    fn groups_that_do_not_go_together_are_named() {
        let message = "that flake8==4.0.1 and sphinx==5.1.1 are incompatible. And because docker:test depends on flake8==4.0.1, we can conclude that docker:docs and docker:test are incompatible. And because your project requires docker:docs";
        assert_eq!(apart(message, "docker"), Some(("docs".to_owned(), "test".to_owned())));
        assert_eq!(apart(message, "other"), None);
        assert_eq!(apart("that docker:docs and six are incompatible", "docker"), None);
    }

    #[test]
    fn pythons_go_up_by_the_smallest_step() {
        let message = "the requested Python version (>=2.7) does not satisfy Python>=3.13 and old<=3.5 depends on Python>=3.5 and new depends on Python>=3.10.1";
        let next = |above: &str| next_python(message, above);
        assert_eq!(next(">=2.7, !=3.0.*").as_deref(), Some("3.5"));
        assert_eq!(next(">=3.5").as_deref(), Some("3.10.1"));
        assert_eq!(next(">=3.10.1").as_deref(), Some("3.13"));
        assert_eq!(next(">=3.13"), None);
        assert_eq!(next("<4"), None);
    }

    #[test]
    fn a_pin_under_a_marker_is_named_like_any_other() {
        let text =
            "Because trio:docs depends on sphinx{python_full_version < '3.12'}==9.0.4 and\n  sphinx==8.1.3";
        assert_eq!(unwrapped(text), "Because trio:docs depends on sphinx==9.0.4 and sphinx==8.1.3");
    }

    #[test]
    fn the_part_that_failed_is_turned_into_where_a_pin_can_hold() {
        let message = "error: No solution found when resolving dependencies for split (markers: python_full_version == '3.8.*' and sys_platform == 'win32') cause: Because";
        let found = split(message).and_then(outside);
        assert_eq!(found.as_deref(), Some("python_full_version != '3.8.*' or sys_platform != 'win32'"));
        assert_eq!(
            split("for split (markers: (a == 'b' or c == 'd') and e == 'f') x"),
            Some("(a == 'b' or c == 'd') and e == 'f'")
        );
        assert_eq!(outside("(a == 'b' or c == 'd') and e == 'f'"), None);
        assert_eq!(outside("a == 'b' or c == 'd'"), None);
        assert_eq!(split("No solution found"), None);
    }

    #[test]
    fn the_explanation_names_what_it_is_about() {
        let why = sentence_with(&unwrapped(MESSAGE), "numpy==");
        assert!(why.contains("numpy==2.2.0 depends on Python>=3.10"), "{why}");
    }
}

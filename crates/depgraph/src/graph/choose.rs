//! Which version of a package is meant.

use std::str::FromStr as _;

use pep440_rs::{Version, VersionSpecifiers};

/// Whether a version fits a specifier in the words of PEP 440 or of Poetry. A specifier that nobody understands fits nothing.
pub(super) fn fits(specifier: &str, version: &str) -> bool {
    let Ok(found) = Version::from_str(version) else {
        return specifier.trim_start_matches('=').trim() == version;
    };
    specifier.split("||").any(|part| part.split(',').all(|clause| clause_fits(clause.trim(), &found)))
}

fn clause_fits(clause: &str, version: &Version) -> bool {
    if clause.is_empty() || clause == "*" {
        return true;
    }
    if let Some(lower) = clause.strip_prefix('^') {
        return between(lower, version, |release| {
            // The first number that is not zero may not change.
            release.iter().position(|number| *number != 0).unwrap_or(release.len().saturating_sub(1))
        });
    }
    if let Some(lower) = clause.strip_prefix('~').filter(|rest| !rest.starts_with('=')) {
        return between(lower, version, |release| usize::from(release.len() > 1));
    }
    let exact = clause.starts_with(|letter: char| letter.is_ascii_digit());
    let clause = if exact { format!("=={clause}") } else { clause.to_owned() };
    VersionSpecifiers::from_str(&clause).is_ok_and(|specifiers| specifiers.contains(version))
}

/// From a version up to where the number at some place of its release grows.
fn between(lower: &str, version: &Version, place: impl Fn(&[u64]) -> usize) -> bool {
    let Ok(lower) = Version::from_str(lower.trim()) else { return false };
    let place = place(lower.release());
    let mut upper: Vec<u64> = lower.release().iter().take(place + 1).copied().collect();
    if let Some(last) = upper.last_mut() {
        *last = last.saturating_add(1);
    }
    lower <= *version && *version < Version::new(upper)
}

/// The names that are most like one: those that begin with it or hold it, then those with the fewest changed letters.
pub(super) fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let name = uvshift_requirements::normalize_name(name);
    let most = name.len().div_ceil(3);
    let mut found: Vec<(usize, &str)> = names
        .filter_map(|known| {
            if name.len() > 2 && known.contains(name.as_str()) {
                return Some((0, known));
            }
            let changed = changes(&name, known);
            (changed <= most).then_some((changed, known))
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|(_, known)| known).take(3).collect()
}

/// How many letters have to be put in, taken out or replaced.
fn changes(left: &str, right: &str) -> usize {
    // No name is that long, and the table grows with both.
    const LONGEST: usize = 100;
    let (left, right): (Vec<char>, Vec<char>) =
        (left.chars().take(LONGEST).collect(), right.chars().take(LONGEST).collect());
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (row, letter) in left.iter().enumerate() {
        let mut line = vec![row + 1];
        for ((other, corner), up) in right.iter().zip(&above).zip(above.iter().skip(1)) {
            let before = line.last().copied().unwrap_or_default();
            line.push((corner + usize::from(letter != other)).min(before + 1).min(up + 1));
        }
        above = line;
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specifiers_of_every_tool() {
        let cases = [
            (">=1,<2", "1.5", true),
            (">=1,<2", "2.0", false),
            ("^1.2", "1.9", true),
            ("^1.2", "2.0", false),
            ("^0.2.3", "0.2.9", true),
            ("^0.2.3", "0.3.0", false),
            ("^0.0.3", "0.0.4", false),
            ("^0", "0.9", true),
            ("~1.2.3", "1.2.9", true),
            ("~1.2.3", "1.3", false),
            ("~1", "1.9", true),
            ("~=1.2", "1.9", true),
            ("1.2.3", "1.2.3", true),
            ("1.*", "1.7", true),
            ("*", "7", true),
            ("", "7", true),
            ("<1 || >=2", "2.1", true),
            ("<1 || >=2", "1.1", false),
            ("==1.0", "1", true),
            ("nonsense", "1", false),
            ("==not-a-version", "not-a-version", true),
        ];
        for (specifier, version, expected) in cases {
            assert_eq!(fits(specifier, version), expected, "{version} in {specifier}");
        }
    }

    #[test]
    fn a_slip_of_the_finger() {
        let names = ["requests", "flask", "requests-oauthlib", "numpy"];
        assert_eq!(nearest("Request", names.into_iter()), ["requests", "requests-oauthlib"]);
        assert_eq!(nearest("nmupy", names.into_iter()), ["numpy"]);
        assert_eq!(nearest("nump", names.into_iter()), ["numpy"]);
        assert_eq!(nearest("django", names.into_iter()), Vec::<&str>::new());
    }
}

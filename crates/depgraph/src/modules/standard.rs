//! The standard library, by version of Python.

use std::ops::RangeInclusive;
use std::sync::OnceLock;

use foldhash::HashMap;

use crate::modules::Pythons;
use crate::modules::table::rows;

const DATA: &str = include_str!("../../data/stdlib.txt");

/// What the table says of a module.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Versions {
    /// Only Python 2 has it.
    Python2,
    /// Minor versions of Python 3; the table does not look further back than 3.8.
    Python3(RangeInclusive<u8>),
}

/// Whether a module is in the standard library of any Python 3 minor version from `oldest` to `newest`.
///
/// Any version suffices: code for several versions imports `tomllib` or `distutils` where it is there. Private modules such as `_thread`
/// count, and so do `sitecustomize` and `_typeshed`, which nobody installs. Only the first part of a dotted name is looked at. Source: the
/// lists of `stdlibs` for Python 3.8 to 3.15; older versions are taken for 3.8, newer ones for 3.15.
pub fn is_standard_library(module: &str, pythons: &Pythons) -> bool {
    match versions(module) {
        // The program itself.
        None if module == "__main__" => true,
        Some(Versions::Python3(known)) => {
            let (oldest, newest) = (pythons.oldest.clamp(*OLDEST_KNOWN, NEWEST_KNOWN), pythons.newest);
            known.start() <= &newest.clamp(*OLDEST_KNOWN, NEWEST_KNOWN) && known.end() >= &oldest
        }
        _ => false,
    }
}

/// Whether a module was in the standard library of Python 2.7 and is in none of Python 3, such as `urllib2`.
///
/// Nothing on a package index is meant by it, though some have such a name. Modules that a well-known distribution has today, such as
/// `panel`, are left out.
pub fn is_python2_standard_library(module: &str) -> bool {
    versions(module) == Some(&Versions::Python2) || NOT_LISTED.contains(&module)
}

/// Modules of Python 2.7.18 that the lists of `stdlibs` leave out.
const NOT_LISTED: [&str; 2] = ["HTMLParser", "sgmllib"];

const OLDEST_KNOWN: &u8 = &8;
const NEWEST_KNOWN: u8 = 15;

fn versions(module: &str) -> Option<&'static Versions> {
    static TABLE: OnceLock<HashMap<&str, Versions>> = OnceLock::new();
    let table =
        TABLE.get_or_init(|| rows(DATA).filter_map(|(module, text)| Some((module, parse(text)?))).collect());
    let top = module.split('.').next().unwrap_or_default();
    table.get(top)
}

/// `2`, `-`, `-12`, `11-`, `9-11`
fn parse(text: &str) -> Option<Versions> {
    let Some((oldest, newest)) = text.split_once('-') else {
        return (text == "2").then_some(Versions::Python2);
    };
    let minor = |text: &str, default: u8| if text.is_empty() { Some(default) } else { text.parse().ok() };
    Some(Versions::Python3(minor(oldest, *OLDEST_KNOWN)?..=minor(newest, NEWEST_KNOWN)?))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    fn within(module: &str, oldest: u8, newest: u8) -> bool {
        is_standard_library(module, &Pythons { oldest, newest })
    }

    #[test]
    fn every_line_of_the_table_is_understood_and_in_order() {
        let lines: Vec<_> = rows(DATA).collect();
        assert!(lines.len() > 400 && lines.iter().all(|(_, text)| parse(text).is_some()));
        assert!(lines.is_sorted_by(|left, right| left.0 < right.0));
    }

    #[test]
    fn modules_come_and_go() {
        assert!(within("os.path", 8, 8) && within("__future__", 9, 15) && within("_thread", 9, 9));
        assert!(within("tomllib", 8, 11) && !within("tomllib", 8, 10));
        assert!(within("distutils", 11, 14) && !within("distutils.core", 12, 14));
        assert!(within("compression", 9, 14) && !within("compression.zstd", 9, 13));
        assert!(within("asyncore", 9, 14) && !within("imp", 12, 15) && within("imp", 10, 12));
        assert!(
            within("os", 16, 17) && within("os", 2, 3) && !within("requests", 8, 15) && !within("", 8, 15)
        );
        assert!(within("_typeshed", 9, 14) && within("sitecustomize", 9, 14) && within("test", 9, 9));
    }

    #[test]
    fn modules_of_python_2_are_known_apart() {
        for module in [
            "urllib2",
            "ConfigParser",
            "StringIO",
            "cPickle",
            "Queue",
            "httplib",
            "urlparse",
            "__builtin__",
            "Tkinter",
            "commands",
            "HTMLParser",
        ] {
            assert!(is_python2_standard_library(module), "{module}");
            assert!(!within(module, 8, 15), "{module}");
        }
        for module in ["os", "panel", "requests", "imp"] {
            assert!(!is_python2_standard_library(module), "{module}");
        }
    }

    #[test]
    fn every_python_here_agrees() {
        let mut asked = 0;
        for python in
            ["python3".to_owned()].into_iter().chain((10..=15).map(|minor| format!("python3.{minor}")))
        {
            #[expect(
                clippy::disallowed_methods,
                reason = "the interpreter is what the table is compared with"
            )]
            let mut command = Command::new(&python);
            command.args([
                "-I",
                "-c",
                "import sys; print(sys.version_info[1], *sorted(sys.stdlib_module_names))",
            ]);
            let Some(output) = command.output().ok().filter(|output| output.status.success()) else {
                continue;
            };
            let text = String::from_utf8(output.stdout).unwrap();
            let mut words = text.split_whitespace();
            let minor: u8 = words.next().unwrap().parse().unwrap();
            let missing: Vec<_> = words.filter(|module| !within(module, minor, minor)).collect();
            assert!(missing.is_empty(), "{python}: {missing:?}");
            asked += 1;
        }
        assert!(asked > 0, "there is no Python to ask");
    }
}

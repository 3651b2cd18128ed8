//! Which names a member may have.

use super::error::ArchiveFault;

/// Longer paths reach no file on any system.
const LONGEST_PATH: usize = 4096;

/// Longer names no file has.
const LONGEST_NAME: usize = 255;

/// Deeper trees are no environments, and systems have limits of their own.
const DEEPEST: usize = 128;

/// Holds a name against the rules of this system.
pub(crate) fn check(name: &str) -> Result<(), ArchiveFault> {
    let refuse = |why| Err(ArchiveFault::Name { name: shown(name), why });
    if name.is_empty() {
        return refuse("it is empty");
    }
    if name.len() > LONGEST_PATH || name.split('/').count() > DEEPEST {
        return refuse("it is too long");
    }
    if name.contains('\0') {
        return refuse("it has a NUL in it");
    }
    if name.starts_with('/') {
        return refuse("it is absolute");
    }
    for part in name.split('/') {
        match part {
            ".." => return refuse("it leads out"),
            "" | "." => return refuse("a part of it is empty"),
            _ if part.len() > LONGEST_NAME => return refuse("a part of it is too long"),
            _ if cfg!(windows) && !windows_has(part) => return refuse("Windows has no such names"),
            _ => {}
        }
    }
    Ok(())
}

/// Holds what a link says against what a link can say. Where it leads is its own affair: nothing is written through it.
pub(crate) fn check_target(name: &str, target: &str) -> Result<(), ArchiveFault> {
    let refuse = |why| Err(ArchiveFault::Name { name: shown(name), why });
    match target {
        "" => refuse("its link leads nowhere"),
        _ if target.contains('\0') => refuse("its link has a NUL in it"),
        _ if target.len() > LONGEST_PATH => refuse("its link is too long"),
        _ => Ok(()),
    }
}

/// Whether a file of Windows can have a name: no reserved characters, no device, no dot or space at the end.
pub(crate) fn windows_has(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part).trim_end().to_ascii_uppercase();
    let is_numbered = |prefix: &str| {
        let number = stem.strip_prefix(prefix).map(|rest| rest.chars().collect::<Vec<_>>());
        matches!(number.as_deref(), Some(['0'..='9' | '\u{b9}' | '\u{b2}' | '\u{b3}']))
    };
    let is_device = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"].contains(&stem.as_str())
        || is_numbered("COM")
        || is_numbered("LPT");
    let is_reserved = |letter: char| letter.is_control() || "<>:\"\\|?*".contains(letter);
    !is_device && !part.ends_with(['.', ' ']) && !part.contains(is_reserved)
}

/// A name for a message: short, and nothing in it that a terminal obeys.
pub(crate) fn shown(name: &str) -> String {
    let escaped: String = name.chars().take(200).flat_map(char::escape_debug).collect();
    if name.chars().nth(200).is_some() { format!("{escaped}...") } else { escaped }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        let long = "a".repeat(256);
        let longer = "a/".repeat(3000);
        for (name, why) in [
            ("", "it is empty"),
            ("/etc/passwd", "it is absolute"),
            ("tree/../x", "it leads out"),
            ("..", "it leads out"),
            ("tree/./x", "a part of it is empty"),
            ("tree//x", "a part of it is empty"),
            ("tree/", "a part of it is empty"),
            ("tree/a\0b", "it has a NUL in it"),
            (&long, "a part of it is too long"),
            (&longer, "it is too long"),
        ] {
            let Err(ArchiveFault::Name { why: found, .. }) = check(name) else {
                panic!("{name:?} is accepted")
            };
            assert_eq!(found, why, "{name:?}");
        }
        for name in ["tree", "tree/lib/größe.py", "tree/..x", "tree/a b"] {
            assert_eq!(check(name), Ok(()), "{name:?}");
        }
        assert_eq!(check("tree/x..").is_ok(), !cfg!(windows), "a name that Windows does not have");
    }

    #[test]
    fn devices_of_windows_are_no_files() {
        for name in
            ["con", "NUL.txt", "com1", "LPT9.log", "COM\u{b9}", "aux .py", "a:b", "a\\b", "a.", "a ", "a?"]
        {
            assert!(!windows_has(name), "{name:?}");
        }
        for name in ["console", "com", "com10", "null", ".x", "a.b", "größe"] {
            assert!(windows_has(name), "{name:?}");
        }
    }

    #[test]
    fn messages_hold_nothing_that_a_terminal_obeys() {
        assert_eq!(shown("a\u{1b}[31m\n"), r"a\u{1b}[31m\n");
        assert_eq!(shown(&"x".repeat(300)).len(), 203);
    }
}

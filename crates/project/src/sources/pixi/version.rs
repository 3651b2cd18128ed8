//! Versions of Pixi's `[dependencies]` as specifiers of PEP 440.

use crate::sources::conda::spec::{Specifier, specifier};

/// `1.26` is that version and no other, as py-rattler 0.26 has it; the rest is as conda has it.
pub(super) fn of(text: &str) -> Result<Specifier, String> {
    let text: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    let exact = |clause: &str| {
        let bare = clause.starts_with(|first: char| first.is_ascii_digit());
        if bare && !clause.ends_with('*') { format!("=={clause}") } else { clause.to_owned() }
    };
    specifier(&text.split(',').map(exact).collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use super::of;

    /// The right side was held against what `rattler.VersionSpec` takes.
    #[test]
    fn versions_mean_what_rattler_takes() {
        for (text, specifier) in [
            ("*", ""),
            ("3.10", "==3.10"),
            ("==3.10", "==3.10"),
            ("3.10.*", "==3.10.*"),
            ("=3.10", "==3.10.*"),
            ("1.26*", "==1.26.*"),
            ("~=3.10", "~=3.10"),
            (">=3.10, <3.12", ">=3.10,<3.12"),
            (">= 1.0", ">=1.0"),
            ("!=1.5.*", "!=1.5.*"),
        ] {
            assert_eq!(of(text).unwrap().text, specifier, "{text}");
        }
        for text in ["3.10.1|3.10.2", "1.1.1w", "^1.2$", "", "x", "==", ">"] {
            assert!(of(text).is_err(), "{text}");
        }
    }
}

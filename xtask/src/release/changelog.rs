//! What was unreleased gets a version and a date.

use crate::Outcome;

const UNRELEASED: &str = "## Unreleased\n";

/// The change log with a heading for `version`, and an empty one for what comes next.
pub(super) fn turn(text: &str, version: &str, date: &str) -> Outcome<String> {
    let (before, after) =
        text.split_once(&format!("\n{UNRELEASED}")).ok_or("CHANGELOG.md has no heading `## Unreleased`")?;
    if after.contains(&format!("\n## {version} ")) {
        return Err(format!("CHANGELOG.md has a heading for {version} already"));
    }
    let written = after.split("\n## ").next().unwrap_or_default();
    if !written.lines().any(|line| line.starts_with("- ")) {
        return Err("CHANGELOG.md tells nothing below `## Unreleased`".to_owned());
    }
    Ok(format!("{before}\n{UNRELEASED}\n## {version} - {date}\n{after}"))
}

#[cfg(test)]
mod tests {
    use super::turn;

    #[test]
    fn what_was_unreleased_gets_a_version() {
        let text = "# Changelog\n\nWords.\n\n## Unreleased\n\n### Added\n- a\n\n## 0.1.0 - 2026-01-01\n- b\n";
        let expected = "# Changelog\n\nWords.\n\n## Unreleased\n\n## 0.2.0 - 2026-11-28\n\n### Added\n- a\n\n\
            ## 0.1.0 - 2026-01-01\n- b\n";
        let turned = turn(text, "0.2.0", "2026-11-28").unwrap();
        assert_eq!(turned, expected);
        assert!(turn(&turned, "0.3.0", "2026-11-29").unwrap_err().contains("tells nothing"));
        assert!(turn(text, "0.1.0", "2026-11-28").unwrap_err().contains("already"));
        assert!(turn("# Changelog\n", "0.2.0", "2026-11-28").is_err());
    }
}

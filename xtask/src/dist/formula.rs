//! The formula of Homebrew, with the places and checksums of the archives.

use std::path::Path;

use super::archive::name;
use crate::{Outcome, versions};

const TEMPLATE: &str = include_str!("formula.rb");

/// The formula for a version; `digest` gives the checksum of the archive for a target.
pub(super) fn formula(
    root: &Path,
    version: &str,
    digest: impl Fn(&str) -> Outcome<String>,
) -> Outcome<String> {
    let repository = versions::repository(root)?;
    let mut text = String::new();
    let mut rest = TEMPLATE;
    while let Some((before, after)) = rest.split_once("\"{") {
        let (field, after) = after.split_once('}').ok_or("a field of the formula has no end")?;
        text.push_str(before);
        text.push('"');
        let value = match field.split_once(' ') {
            Some(("url", target)) => {
                format!("{repository}/releases/download/v{version}/{}", name(version, target))
            }
            Some(("sha256", target)) => digest(target)?,
            None if field == "version" => version.to_owned(),
            None if field == "repository" => repository.clone(),
            _ => return Err(format!("the formula has an unknown field `{field}`")),
        };
        text.push_str(&value);
        rest = after;
    }
    text.push_str(rest);
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dist::join::TARGETS;

    #[test]
    fn every_field_is_filled() {
        let made = formula(&crate::root(), "1.2.3", |target| {
            assert!(TARGETS.contains(&target), "{target}");
            Ok("0".repeat(64))
        })
        .unwrap();
        assert_eq!(made.matches('{').count(), made.matches("#{").count(), "{made}");
        assert_eq!(made.matches(&"0".repeat(64)).count(), 4);
        let url = "/releases/download/v1.2.3/uvshift-1.2.3-aarch64-apple-darwin.tar.gz\"";
        assert!(made.contains(url), "{made}");
        // Ruby knows whether it is Ruby, where there is one.
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("uvshift.rb");
        std::fs::write(&path, &made).unwrap();
        match std::process::Command::new("ruby").arg("-c").arg(&path).output() {
            Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr)),
            Err(_) => println!("skipped: ruby is not on this machine"),
        }
    }
}

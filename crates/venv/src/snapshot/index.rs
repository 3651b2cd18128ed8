//! Where a package came from, as files beside its metadata tell it.

use serde_json::Value;
use uvshift_requirements::split_credentials;

/// `url` of `direct_url.json`, without what is secret in it.
pub(super) fn direct_url(text: &str) -> Option<String> {
    let value: Value = serde_json::from_str(text).ok()?;
    value.get("url")?.as_str().map(without_secrets)
}

/// `index_url`, or else `url`, of `provenance_url.json` (PEP 710), without credentials.
pub(super) fn provenance(text: &str) -> Option<String> {
    let value: Value = serde_json::from_str(text).ok()?;
    let told = value.get("index_url").or_else(|| value.get("url"))?.as_str()?;
    Some(split_credentials(told).0).filter(|url| !url.is_empty())
}

/// Keeps what is no secret, as PEP 610 does: the user of SSH, `git`, and names of variables.
pub(crate) fn without_secrets(url: &str) -> String {
    let (without, credentials) = split_credentials(url);
    let harmless = credentials.is_none_or(|found| match found.password.as_deref() {
        None => found.username == "git" || is_variable(&found.username) || is_ssh(url),
        Some(password) => is_variable(&found.username) && is_variable(password),
    });
    if harmless { url.to_owned() } else { without }
}

fn is_ssh(url: &str) -> bool {
    url.split_once("://").is_some_and(|(scheme, _)| scheme == "ssh" || scheme.ends_with("+ssh"))
}

fn is_variable(text: &str) -> bool {
    let name = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    name.is_some_and(|name| {
        !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_and_names_stay() {
        for (url, expected) in [
            ("https://me:secret@git.example/a", "https://git.example/a"),
            ("https://token@git.example/a", "https://git.example/a"),
            ("ssh://git@git.example/a", "ssh://git@git.example/a"),
            ("ssh://me@git.example/a", "ssh://me@git.example/a"),
            ("ssh://me:secret@git.example/a", "ssh://git.example/a"),
            ("https://${USER}:${PASS}@git.example/a", "https://${USER}:${PASS}@git.example/a"),
            ("https://${USER}:secret@git.example/a", "https://git.example/a"),
            ("file:///a@b", "file:///a@b"),
        ] {
            assert_eq!(without_secrets(url), expected);
        }
    }

    #[test]
    fn provenance_is_that_of_pep_710() {
        let text = r#"{"url": "https://u:p@files.example/a.whl", "archive_info": {"hashes": {}}}"#;
        assert_eq!(provenance(text).as_deref(), Some("https://files.example/a.whl"));
        assert_eq!(provenance("[]"), None);
        assert_eq!(provenance("{\"url\": 3}"), None);
    }
}

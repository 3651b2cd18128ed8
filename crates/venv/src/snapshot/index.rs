//! Where a package came from, as files beside its metadata tell it.

use serde_json::Value;
use uvshift_requirements::split_credentials;

use crate::url::without_secrets;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn provenance_is_that_of_pep_710() {
        let text = r#"{"url": "https://u:p@files.example/a.whl", "archive_info": {"hashes": {}}}"#;
        assert_eq!(provenance(text).as_deref(), Some("https://files.example/a.whl"));
        assert_eq!(provenance("[]"), None);
        assert_eq!(provenance("{\"url\": 3}"), None);
    }
}

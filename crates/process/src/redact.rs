//! Taking secrets out of what is shown.

const MASK: &str = "****";

/// `text` without the `secrets` and without the credentials of URLs. `secrets` are tried in order.
pub(crate) fn redact(text: &str, secrets: &[String]) -> String {
    let mut shown = text.to_owned();
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        if shown.contains(secret.as_str()) {
            shown = shown.replace(secret.as_str(), MASK);
        }
    }
    if shown.contains("://") { mask_credentials(&shown) } else { shown }
}

fn mask_credentials(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(found) = rest.find("://") {
        let (before, after) = rest.split_at(found + 3);
        shown.push_str(before);
        let authority =
            after.find(|c: char| "/?#'\"<>".contains(c) || c.is_whitespace()).unwrap_or(after.len());
        rest = after;
        // The last `@` ends the credentials: a password may hold one that nobody escaped.
        if let Some(at) = after[..authority].rfind('@')
            && !is_harmless(&after[..at])
        {
            shown.push_str(MASK);
            rest = &after[at..];
        }
    }
    shown.push_str(rest);
    shown
}

/// A login name that everybody knows, or variables that hold the secret elsewhere.
fn is_harmless(credentials: &str) -> bool {
    if credentials == "git" || credentials == MASK {
        return true;
    }
    credentials.split(':').all(|part| {
        part.strip_prefix("${")
            .and_then(|part| part.strip_suffix('}'))
            .is_some_and(|name| !name.contains(['$', '}']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_go_and_everything_else_stays() {
        for (text, expected) in [
            ("get https://u:p@index.example/s/x", "get https://****@index.example/s/x"),
            ("https://token@index.example", "https://****@index.example"),
            ("https://u:p@ss@index.example/", "https://****@index.example/"),
            ("ssh://git@git.example/a", "ssh://git@git.example/a"),
            ("https://${USER}:${PASS}@index.example/", "https://${USER}:${PASS}@index.example/"),
            ("https://${USER}:real@index.example/", "https://****@index.example/"),
            ("https://index.example/a@b", "https://index.example/a@b"),
            (
                "see https://index.example and x@index.example",
                "see https://index.example and x@index.example",
            ),
            ("a://b:c@d e://f:g@h", "a://****@d e://****@h"),
        ] {
            assert_eq!(redact(text, &[]), expected);
        }
    }

    #[test]
    fn secrets_are_replaced_wherever_they_stand() {
        assert_eq!(redact("a=s3cret&b=s3cret", &["s3cret".into(), String::new()]), "a=****&b=****");
    }
}

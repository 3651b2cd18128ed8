//! Text that may be shown: credentials in URLs are covered, references such as `${TOKEN}` stay.

use crate::url::split_credentials;

/// Parameters of a query that let somebody in: tokens of hosts of code, and signatures of object stores.
const SECRET_PARAMETERS: [&str; 12] = [
    "token",
    "access_token",
    "private_token",
    "job_token",
    "auth",
    "key",
    "api_key",
    "apikey",
    "password",
    "sig",
    "signature",
    "x-amz-signature",
];

/// The text with the user information of every URL covered by `****`, and the values of parameters such as `token`, unless they
/// only refer to variables.
pub fn redacted(text: &str) -> String {
    if !text.contains("://") {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let start =
            rest[..at].rfind(|letter: char| !(letter.is_ascii_alphanumeric() || "+.-".contains(letter)));
        let start =
            start.map_or(0, |before| before + rest[before..].chars().next().map_or(1, char::len_utf8));
        let end = rest[at..].find(|letter: char| letter.is_whitespace() || "'\"`<>".contains(letter));
        let end = end.map_or(rest.len(), |length| at + length);
        out.push_str(&rest[..start]);
        out.push_str(&covered(&rest[start..end]));
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// `https://host/t/TOKEN/channel`, as conda has it.
fn without_token(url: &str) -> String {
    let token = url.split_once("/t/").and_then(|(before, rest)| {
        let host = before.split_once("://")?.1;
        let end = rest.find('/').unwrap_or(rest.len());
        (!host.contains('/') && end >= SHORTEST_TOKEN).then(|| format!("{before}/t/****{}", &rest[end..]))
    });
    token.unwrap_or_else(|| url.to_owned())
}

/// Tokens are long; a page below `/t/` often has a short name.
const SHORTEST_TOKEN: usize = 8;

/// `https://host/a.whl?token=TOKEN`
fn without_parameters(url: &str) -> String {
    let Some((before, query)) = url.split_once('?') else { return url.to_owned() };
    let (query, fragment) = query.split_at(query.find('#').unwrap_or(query.len()));
    let shown = query.split('&').map(|parameter| match parameter.split_once('=') {
        Some((key, value)) if is_secret(key, value) => {
            // Punctuation of the text around it, such as that of JSON in a diff, is no part of it.
            let end = value.find([',', ';', ')', ']', '}', '\\']).unwrap_or(value.len());
            format!("{key}=****{}", value.get(end..).unwrap_or_default())
        }
        _ => parameter.to_owned(),
    });
    format!("{before}?{}{fragment}", shown.collect::<Vec<_>>().join("&"))
}

fn is_secret(key: &str, value: &str) -> bool {
    let is_reference = value.starts_with("${") && value.ends_with('}');
    !is_reference && SECRET_PARAMETERS.iter().any(|name| key.eq_ignore_ascii_case(name))
}

fn covered(url: &str) -> String {
    let url = &without_parameters(&without_token(url));
    let (_, credentials) = split_credentials(url);
    match credentials {
        // `git@` in front of an SSH host is how to log in, no secret.
        Some(found) if found.password.is_none() && url.contains("ssh://") => url.to_owned(),
        Some(found) if !found.is_reference() => {
            let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
            let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
            match rest[..end].rfind('@') {
                Some(at) => format!("{scheme}://****{}", &rest[at..]),
                None => url.to_owned(),
            }
        }
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::redacted;

    #[test]
    fn covers_secrets_and_keeps_references() {
        for (text, shown) in [
            (
                "--index-url https://joe:s3cret@index.example/simple",
                "--index-url https://****@index.example/simple",
            ),
            ("a @ git+https://t0ken@git.example/a.git@v1", "a @ git+https://****@git.example/a.git@v1"),
            ("-i https://${USER}:${TOKEN}@index.example/", "-i https://${USER}:${TOKEN}@index.example/"),
            ("git+ssh://git@git.example/a", "git+ssh://git@git.example/a"),
            ("no url: a@b", "no url: a@b"),
            ("https://conda.example/t/se-cr3t-9/main", "https://conda.example/t/****/main"),
            ("https://index.example/t/page", "https://index.example/t/page"),
            (
                "[\"a @ https://git.example/a.whl?x=1&Token=s3cret#egg=a\"]",
                "[\"a @ https://git.example/a.whl?x=1&Token=****#egg=a\"]",
            ),
            ("https://git.example/a.whl?token=${TOKEN}", "https://git.example/a.whl?token=${TOKEN}"),
        ] {
            assert_eq!(redacted(text), shown);
        }
    }
}

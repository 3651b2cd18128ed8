//! Which variables matter, and what in them and in files is secret.
//!
//! In doubt more is covered than has to be.

use serde_json::Value;
use uvshift_requirements::{redacted, split_credentials};

use crate::archive::TREE;

/// What stands where a secret stood.
const COVER: &str = "****";

/// Variables that matter begin so.
const PREFIXES: [&str; 6] = ["PIP_", "UV_", "VIRTUAL_ENV", "CONDA_", "PYTHON", "LC_"];

/// Or are called so.
const NAMES: [&str; 14] = [
    "PATH",
    "LANG",
    "LANGUAGE",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "WORKON_HOME",
    "LD_LIBRARY_PATH",
];

/// A name with such a word in it is that of a secret.
const SECRET_WORDS: [&str; 13] = [
    "AUTH",
    "AUTHORIZATION",
    "BEARER",
    "COOKIE",
    "KEY",
    "KEYS",
    "KEYRING",
    "LOGIN",
    "PASS",
    "PWD",
    "SIGNATURE",
    "USER",
    "USERNAME",
];

/// A word with such a part in it is that of a secret.
const SECRET_PARTS: [&str; 9] =
    ["TOKEN", "PASSW", "PASSPHRASE", "SECRET", "CREDENTIAL", "APIKEY", "ACCESSKEY", "PRIVATEKEY", "USERPASS"];

/// Settings whose names look like those of secrets and that have none.
const HARMLESS: [&str; 5] = ["CACHE-KEYS", "PIP-USER", "USER", "INSTALL-USER", "PYTHONUSERBASE"];

/// Values that say how to get a secret, and are none.
const HARMLESS_VALUES: [&str; 12] =
    ["auto", "disabled", "import", "subprocess", "always", "never", "true", "false", "0", "1", "yes", "no"];

/// Whether a variable matters to pip, uv or Python.
pub(super) fn is_relevant(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    NAMES.contains(&upper.as_str()) || PREFIXES.iter().any(|prefix| upper.starts_with(prefix))
}

/// Whether a name is that of a secret.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase().replace('_', "-");
    if HARMLESS.contains(&name.as_str()) {
        return false;
    }
    name.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|word| {
        SECRET_WORDS.contains(&word)
            || SECRET_PARTS.iter().any(|part| word.contains(part))
            || word.ends_with("AUTH")
            || (word.ends_with("KEY") && word.len() > 3)
    })
}

fn is_harmless_value(value: &str) -> bool {
    let value = value.trim().trim_matches(['"', '\'']).to_ascii_lowercase();
    HARMLESS_VALUES.contains(&value.as_str())
}

/// The value of a variable, or what may be shown of it.
pub(super) fn cover_variable(name: &str, value: &str) -> String {
    if is_secret(name) && !value.is_empty() && !is_harmless_value(value) {
        COVER.to_owned()
    } else {
        cover(value)
    }
}

/// A text without credentials: in URLs, in what stands where a URL could, and in parameters of queries.
pub(super) fn cover(text: &str) -> String {
    redacted(&without_bare_credentials(&without_authorities(text)))
}

/// `https://user:password@host`, whatever letters the password has.
fn without_authorities(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(found) = rest.find("://") {
        let (before, after) = rest.split_at(found + 3);
        shown.push_str(before);
        rest = after;
        let word = after.split(char::is_whitespace).next().unwrap_or_default();
        // The next URL of a list has an authority of its own.
        let word = word.split("://").next().unwrap_or_default();
        let Some(at) = end_of_credentials(word) else { continue };
        let (credentials, host) = after.split_at(at);
        if !is_harmless(before, credentials) {
            shown.push_str(COVER);
            rest = host;
        }
    }
    shown.push_str(rest);
    shown
}

/// Where the `@` is that ends credentials.
fn end_of_credentials(word: &str) -> Option<usize> {
    let authority = word.find(['/', '?', '#']).unwrap_or(word.len());
    let (before, _) = word.split_at(authority);
    if let Some(at) = before.rfind('@') {
        return Some(at);
    }
    // A password with a slash that nobody escaped: what stands after the colon is no port.
    let (_, port) = before.split_once(':')?;
    let is_port = port.chars().all(|digit| digit.is_ascii_digit());
    if is_port { None } else { word.rfind('@') }
}

/// The name that everybody logs in to a host of repositories with, or references to variables.
fn is_harmless(before: &str, credentials: &str) -> bool {
    if credentials == COVER || (credentials == "git" && before.ends_with("ssh://")) {
        return true;
    }
    split_credentials(&format!("x://{credentials}@host")).1.is_some_and(|found| found.is_reference())
}

/// `user:password@proxy:3128`, as a proxy may be written.
fn without_bare_credentials(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for word in text.split_inclusive(|letter: char| letter.is_whitespace() || letter == ',') {
        let Some(at) = word.rfind('@').filter(|_| !word.contains("://")) else {
            shown.push_str(word);
            continue;
        };
        let (before, host) = word.split_at(at);
        let start = before.rfind(['=', '"', '\'', '(', '[', '{']).map_or(0, |at| at + 1);
        let (lead, credentials) = before.split_at(start);
        match credentials.split_once(':') {
            // A list of folders is none.
            Some((user, password))
                if !user.is_empty()
                    && !user.contains('/')
                    && !password.is_empty()
                    && !password.starts_with('\\') =>
            {
                shown.push_str(lead);
                shown.push_str(COVER);
                shown.push_str(host);
            }
            _ => shown.push_str(word),
        }
    }
    shown
}

/// A configuration file (ini or TOML) with the values of secret settings covered, over several lines too, and the credentials
/// of all URLs. Comments are treated like everything else.
pub(super) fn cover_configuration(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut covering = false;
    let mut open: Option<&str> = None;
    for line in text.split_inclusive('\n') {
        let end = if line.ends_with("\r\n") {
            "\r\n"
        } else if line.ends_with('\n') {
            "\n"
        } else {
            ""
        };
        if let Some(quotes) = open {
            covering = true;
            if line.contains(quotes) {
                open = None;
            }
            shown.push_str(end);
            continue;
        }
        if covering && !begins_item(line) {
            if !line.trim().is_empty() {
                shown.push_str("    ");
                shown.push_str(COVER);
            }
            shown.push_str(end);
            continue;
        }
        covering = false;
        match secret_value(line) {
            None => shown.push_str(&cover(line)),
            Some((setting, value)) => {
                covering = true;
                if value.trim().is_empty() {
                    // It stands in the lines below.
                    shown.push_str(line);
                    continue;
                }
                open = ["\"\"\"", "'''"].into_iter().find(|quotes| value.matches(quotes).count() == 1);
                shown.push_str(&cover(setting));
                let quote = if value.trim_start().starts_with(['"', '\'']) { "\"" } else { "" };
                shown.extend([" ", quote, COVER, quote, end]);
            }
        }
    }
    shown
}

/// Whether a line begins a setting or a section, so that it cannot belong to the value before it.
fn begins_item(line: &str) -> bool {
    let word = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    if let Some(section) = line.strip_prefix('[') {
        return section.trim_start_matches('[').starts_with(word);
    }
    let rest = line.trim_start_matches(word);
    rest.len() < line.len() && rest.trim_start().starts_with(['=', ':'])
}

/// A line split where the value of a secret setting begins.
fn secret_value(line: &str) -> Option<(&str, &str)> {
    let places = line.match_indices(['=', ':']).map(|(at, _)| at);
    places.filter(|at| !line.get(*at..).is_some_and(|rest| rest.starts_with("://"))).find_map(|at| {
        let (before, value) = line.split_at(at + 1);
        let name = before.trim_end_matches(['=', ':']).trim_end().trim_end_matches(['"', '\'']);
        let start = name
            .rfind(|letter: char| !(letter.is_ascii_alphanumeric() || "-_.".contains(letter)))
            .map_or(0, |at| {
                at + name.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
            });
        let name = name.get(start..).unwrap_or_default();
        (is_secret(name) && !is_harmless_value(value)).then_some((before, value))
    })
}

/// Whether a file of the tree is one that pip, uv or git writes credentials into, or reads them from. What packages bring under
/// such names is their own.
pub(super) fn may_hold_secrets(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let settings = ["pip.conf", "pip.ini", "uv.toml", ".pypirc", ".condarc", "condarc"];
    (folder == TREE && settings.contains(&name))
        || (folder.ends_with(".dist-info") && name == "direct_url.json")
        || (folder.ends_with("/.git") && ["config", "FETCH_HEAD"].contains(&name))
}

/// A file of the tree without credentials.
pub(super) fn cover_file(path: &str, bytes: &[u8]) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return cover_configuration(&String::from_utf8_lossy(bytes)).into_bytes();
    };
    if path.ends_with("/direct_url.json") {
        return cover_direct_url(text).into_bytes();
    }
    cover_configuration(text).into_bytes()
}

/// `direct_url.json` as pip writes it: the URL without credentials, rather than with stars that look like a user.
fn cover_direct_url(text: &str) -> String {
    let Ok(mut value) = serde_json::from_str::<Value>(text) else { return cover_configuration(text) };
    let Some(url) = value.get("url").and_then(Value::as_str).map(str::to_owned) else { return cover(text) };
    if cover(&url) == url {
        return cover(text);
    }
    let clean = cover(&split_credentials(&url).0);
    let quoted = |url: &str| Value::from(url).to_string();
    if text.matches(&quoted(&url)).count() == 1 {
        return cover(&text.replace(&quoted(&url), &quoted(&clean)));
    }
    if let Some(place) = value.get_mut("url") {
        *place = Value::from(clean);
    }
    cover(&value.to_string())
}

#[cfg(test)]
mod tests;

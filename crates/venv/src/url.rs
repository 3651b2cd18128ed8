//! URLs as they may be shown and written down.

use std::fmt::Write as _;
use std::path::Path;

use uvshift_requirements::split_credentials;

/// A URL without what is secret in it. What is no secret stays, as PEP 610 has it: the user of SSH, `git`, names of variables.
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

/// The `file:` URL of a path, quoted as Python's `pathname2url` does.
pub(crate) fn of_path(path: &Path) -> String {
    // A path that is no text keeps its bytes, quoted; those of Windows are turned to slashes.
    let bytes = path.as_os_str().as_encoded_bytes();
    let share = share_of_windows(bytes);
    // What a real path of Windows may begin with is for its own interface, no part of a URL.
    let interface = if cfg!(windows) { br"\\?\".as_slice() } else { b"" };
    let bytes = share.unwrap_or_else(|| bytes.strip_prefix(interface).unwrap_or(bytes));
    let mut url = "file://".to_owned();
    if share.is_none() && !bytes.starts_with(b"/") {
        url.push('/');
    }
    for byte in bytes {
        match byte {
            b'\\' if cfg!(windows) => url.push('/'),
            b':' if cfg!(windows) => url.push(':'),
            b'/' | b'_' | b'.' | b'-' | b'~' => url.push(char::from(*byte)),
            byte if byte.is_ascii_alphanumeric() => url.push(char::from(*byte)),
            byte => quote(&mut url, *byte),
        }
    }
    url
}

/// `host\share\..` of a path of Windows in a network, whose URL names the host.
fn share_of_windows(path: &[u8]) -> Option<&[u8]> {
    let real = path.strip_prefix(br"\\?\UNC\");
    let written = || path.strip_prefix(br"\\").filter(|rest| !rest.starts_with(b"?"));
    real.or_else(written).filter(|_| cfg!(windows))
}

/// A URL that is one word of a requirements file: nothing in it ends the line, goes on with the next one, or begins a comment, and
/// variables are named in its credentials only. pip would put in the value of a `${NAME}` anywhere, and send it to the server.
pub(crate) fn in_one_word(url: &str) -> String {
    let start = url.find("://").map_or(0, |at| at + 3);
    let (scheme, rest) = url.split_at(start);
    let authority = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let credentials =
        if start == 0 { 0 } else { rest.get(..authority).and_then(|it| it.rfind('@')).unwrap_or(0) };
    let (credentials, rest) = rest.split_at(credentials);
    let mut word = String::with_capacity(url.len());
    let mut add = |text: &str, variables: bool| {
        for character in text.chars() {
            if ends_something(character) || (character == '$' && !variables) {
                character.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| quote(&mut word, byte));
            } else {
                word.push(character);
            }
        }
    };
    add(scheme, false);
    add(credentials, true);
    add(rest, false);
    word
}

/// Whether a character ends a line for pip, which splits as Python does, or a word, or is none that can be shown. A backslash at
/// the end of a line joins it with the next one.
pub(crate) fn ends_something(character: char) -> bool {
    character.is_whitespace() || character.is_control() || matches!(character, '\\' | '\u{2028}' | '\u{2029}')
}

fn quote(text: &mut String, byte: u8) {
    // Writing to a `String` cannot fail.
    let _ = write!(text, "%{byte:02X}");
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

    #[cfg(unix)]
    #[test]
    fn paths_are_quoted_as_python_does() {
        assert_eq!(of_path(Path::new("/a b/ü+@~x.whl")), "file:///a%20b/%C3%BC%2B%40~x.whl");
    }

    #[cfg(windows)]
    #[test]
    fn paths_of_windows_have_slashes_and_no_prefix() {
        for (path, expected) in [
            (r"C:\a b\x.whl", "file:///C:/a%20b/x.whl"),
            (r"\\?\C:\a", "file:///C:/a"),
            (r"\\host\share\a", "file://host/share/a"),
            (r"\\?\UNC\host\share\a", "file://host/share/a"),
        ] {
            assert_eq!(of_path(Path::new(path)), expected);
        }
    }

    #[test]
    fn a_url_stays_in_its_line_and_asks_for_no_variables() {
        for (url, expected) in [
            ("https://a.example/\n-r x\u{2028}#", "https://a.example/%0A-r%20x%E2%80%A8#"),
            ("https://a.example/x\\", "https://a.example/x%5C"),
            ("https://${U}:${P}@a.example/${TOKEN}", "https://${U}:${P}@a.example/%24{TOKEN}"),
            ("https://${TOKEN}.a.example/x@y", "https://%24{TOKEN}.a.example/x@y"),
            ("${TOKEN}@", "%24{TOKEN}@"),
        ] {
            assert_eq!(in_one_word(url), expected);
        }
    }
}

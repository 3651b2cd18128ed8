//! What in a text asks for more than its import statements.

use memchr::memmem;

use super::tree::DIALECTS;

/// What a text holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Triggers(u8);

impl Triggers {
    /// Something that only a tree tells.
    pub(crate) const TREE: Self = Self(1);
    /// A prompt of a doctest.
    pub(crate) const DOCTEST: Self = Self(2);
    /// A comment that has rules ignored.
    pub(crate) const IGNORE: Self = Self(4);
    /// The first line of inline metadata.
    pub(crate) const SCRIPT: Self = Self(8);

    pub(crate) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// Looks for everything at once.
pub(crate) fn triggers(text: &[u8]) -> Triggers {
    let mut found = Triggers::default();
    if needs_tree(text) {
        found.add(Triggers::TREE);
    }
    if memmem::find(text, b">>> ").is_some() {
        found.add(Triggers::DOCTEST);
    }
    if memmem::find(text, b"uvshift:").is_some() {
        found.add(Triggers::IGNORE);
    }
    if memmem::find(text, b"# /// script").is_some() {
        found.add(Triggers::SCRIPT);
    }
    found
}

fn needs_tree(text: &[u8]) -> bool {
    let rest = |at: usize| text.get(at..).unwrap_or_default();
    let before = |at: usize| text.get(..at).unwrap_or_default();
    memmem::find_iter(text, b"import").any(|at| {
        let after = rest(at + 6);
        after.starts_with(b"_module")
            || after.starts_with(b"orskip")
            || (after.starts_with(b"__") && before(at).ends_with(b"__"))
    }) || memmem::find(text, b"find_spec").is_some()
        || [&b"exec("[..], b"eval("]
            .iter()
            .any(|call| memmem::find_iter(text, call).any(|at| is_string(rest(at + call.len()))))
        || memmem::find_iter(text, b"://").any(|at| is_database(before(at)))
        || [&b"_APPS"[..], b"MIDDLEWARE", b"ENGINE", b"BACKEND", b"ROOT_URLCONF", b"pytest_plugins"]
            .iter()
            .any(|name| memmem::find_iter(text, name).any(|at| is_setting(rest(at + name.len()))))
}

/// Whether a string begins.
fn is_string(rest: &[u8]) -> bool {
    let rest = rest.trim_ascii_start();
    let prefix = rest.iter().take(2).take_while(|byte| byte.is_ascii_alphabetic()).count();
    matches!(rest.get(prefix), Some(b'"' | b'\''))
}

/// Whether a scheme with the driver of a database ends here.
fn is_database(before: &[u8]) -> bool {
    let scheme = before.get(before.len().saturating_sub(60)..).unwrap_or_default();
    let Some(plus) = memchr::memrchr(b'+', scheme) else { return false };
    let (dialect, driver) = scheme.split_at(plus);
    let driver = driver.get(1..).unwrap_or_default();
    driver.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        && DIALECTS.iter().any(|name| dialect.ends_with(name.as_bytes()))
}

/// No setting has a longer name.
const LONGEST_NAME: usize = 64;

/// Whether a value is given: `NAME = ...`, `NAME += ...`, `"NAME": ...`, `NAME: list = ...`, `NAME.append(...)`.
fn is_setting(rest: &[u8]) -> bool {
    let rest = match rest {
        [b'S' | b'_', rest @ ..] => {
            let is_name = |byte: &&u8| byte.is_ascii_uppercase() || **byte == b'_';
            let name = rest.iter().take(LONGEST_NAME).take_while(is_name).count();
            rest.get(name..).unwrap_or_default()
        }
        [b'"' | b'\'', rest @ ..] => return rest.trim_ascii_start().first() == Some(&b':'),
        rest => rest,
    };
    let rest = rest.trim_ascii_start();
    match rest {
        [b'=', b'=', ..] => false,
        [b'=' | b':', ..] | [b'+', b'=', ..] => true,
        [b'.', rest @ ..] => [&b"append"[..], b"insert", b"extend"].iter().any(|name| rest.starts_with(name)),
        _ => false,
    }
}

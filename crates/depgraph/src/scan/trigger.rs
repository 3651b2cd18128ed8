//! What in a text asks for more than its import statements.

use std::sync::OnceLock;

use aho_corasick::packed::Searcher;
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

/// What is looked for, each with the flag that it gives where what stands around it agrees.
const WORDS: [(&[u8], Triggers); 16] = [
    (b"import_module", Triggers::TREE),
    (b"importorskip", Triggers::TREE),
    (b"__import__", Triggers::TREE),
    (b"find_spec", Triggers::TREE),
    (b"exec(", Triggers::TREE),
    (b"eval(", Triggers::TREE),
    (b"://", Triggers::TREE),
    (b"_APPS", Triggers::TREE),
    (b"MIDDLEWARE", Triggers::TREE),
    (b"ENGINE", Triggers::TREE),
    (b"BACKEND", Triggers::TREE),
    (b"ROOT_URLCONF", Triggers::TREE),
    (b"pytest_plugins", Triggers::TREE),
    (b">>> ", Triggers::DOCTEST),
    (b"uvshift:", Triggers::IGNORE),
    (b"# /// script", Triggers::SCRIPT),
];

/// Looks for everything in one pass.
pub(crate) fn triggers(text: &[u8]) -> Triggers {
    let mut found = Triggers::default();
    let mut look = |word: usize, start: usize| {
        let Some((name, flag)) = WORDS.get(word) else { return };
        let before = text.get(..start).unwrap_or_default();
        let after = text.get(start + name.len()..).unwrap_or_default();
        if !found.has(*flag) && agrees(name, before, after) {
            found.add(*flag);
        }
    };
    match searcher() {
        Some(searcher) => {
            searcher.find_iter(text).for_each(|hit| look(hit.pattern().as_usize(), hit.start()));
        }
        // A processor without vectors.
        None => WORDS.iter().enumerate().for_each(|(word, (name, _))| {
            memmem::find_iter(text, name).for_each(|start| look(word, start));
        }),
    }
    found
}

fn searcher() -> Option<&'static Searcher> {
    static SEARCHER: OnceLock<Option<Searcher>> = OnceLock::new();
    SEARCHER.get_or_init(|| Searcher::new(WORDS.iter().map(|(name, _)| name))).as_ref()
}

/// Whether what stands around a word makes it what it looks like.
fn agrees(name: &[u8], before: &[u8], after: &[u8]) -> bool {
    match name {
        b"exec(" | b"eval(" => is_string(after),
        b"://" => is_database(before),
        b"_APPS" | b"MIDDLEWARE" | b"ENGINE" | b"BACKEND" | b"ROOT_URLCONF" | b"pytest_plugins" => {
            is_setting(after)
        }
        _ => true,
    }
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

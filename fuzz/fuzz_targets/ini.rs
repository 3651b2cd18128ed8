//! Reading ini files never panics, gives the input back, and taking sections out leaves the others as they were.

#![no_main]

use libfuzzer_sys::fuzz_target;
use uvshift_ini::{Cut, Dialect, Document};
use uvshift_toolconfig::{TOX_DIALECT, tox_to_toml};

const DIALECTS: [Dialect; 4] = [
    Dialect::RAW,
    Dialect::INTERPOLATING,
    Dialect::SETUPTOOLS,
    Dialect { inline_comment_prefixes: &["#", ";"], strict: false, ..Dialect::INTERPOLATING },
];

fuzz_target!(|text: &str| {
    for dialect in &DIALECTS {
        let document = Document::parse(text, dialect);
        assert_eq!(document.to_string(), text);
        let covered: usize = document.lines().iter().map(|line| line.span.end - line.span.start).sum();
        assert!(covered == text.len() || text.starts_with('\u{feff}'));
        for section in document.sections() {
            let cuts = [Cut::Section(&section.name)];
            if let Some(rest) = document.without(&cuts) {
                assert!(Document::parse(&rest, dialect).section(&section.name).is_none());
            }
        }
    }
    let document = Document::parse(text, &TOX_DIALECT);
    let _ = tox_to_toml(&document, "tox.ini", "tox");
});

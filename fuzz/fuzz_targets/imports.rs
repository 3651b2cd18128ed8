//! Finding imports never panics, and the byte scanner agrees with the syntax tree about every text that is Python.

#![no_main]

use libfuzzer_sys::fuzz_target;
use uvshift_depgraph::scan::{oracle, scan_file};
use uvshift_depgraph::{Guards, Import};

fuzz_target!(|bytes: &[u8]| {
    for path in ["a.py", "a.pyx", "a.ipynb", "a"] {
        let _ = scan_file(path, bytes);
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    // A mark is taken off before, and a NUL byte is no text.
    if text.starts_with('\u{feff}') || text.contains('\0') {
        return;
    }
    let found = oracle::compare(text);
    let Some(parsed) = found.parsed else { return };
    let seen = |imports: &[Import]| -> Vec<Import> {
        let plain = |import: &Import| Import { guards: Guards::NONE, ..import.clone() };
        if found.is_unclear { imports.iter().map(plain).collect() } else { imports.to_vec() }
    };
    // Names beyond ASCII are written in another form than they are compared in.
    if parsed.iter().all(|import| import.module.is_ascii() && import.names.iter().all(|name| name.is_ascii()))
    {
        assert_eq!(seen(&found.scanned), seen(&parsed));
    }
});

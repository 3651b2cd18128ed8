//! Parsing never panics, gives the input back, covers it with lines, and include resolution ends.

#![no_main]

use libfuzzer_sys::fuzz_target;
use uvshift_requirements::{
    Document, LineKind, LoadError, Loader, Options, Role, VariablePolicy, decode, parse, resolve,
};

/// A project of two files whose contents the fuzzer chooses; every other path is missing.
struct Project<'a>([(&'static str, &'a [u8]); 2]);

impl Loader for Project<'_> {
    fn load(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        let found = self.0.iter().find(|(name, _)| *name == path);
        found.map(|(_, bytes)| bytes.to_vec()).ok_or(LoadError::NotFound)
    }
}

fn check(document: &Document, text: &str) {
    assert_eq!(document.to_string(), text);
    let mut position = 0;
    for line in document.lines() {
        assert_eq!(line.span().start, position);
        position = line.span().end;
        if let Some(comment) = line.comment() {
            assert!(comment.text(text).is_some_and(|comment| comment.starts_with('#')));
        }
        let requirement = match line.kind() {
            LineKind::Requirement(requirement) => requirement,
            LineKind::Invalid(invalid) => match &invalid.requirement {
                Some(requirement) => requirement,
                None => continue,
            },
            _ => continue,
        };
        let _ = (requirement.target(), requirement.wheel(), requirement.pin(), requirement.extras().count());
        let _ = (
            requirement.version_specifiers(),
            requirement.marker_tree(),
            requirement.hashes().iter().count(),
        );
        let _ = (requirement.normalized_name(), requirement.parsed_marker().map(|marker| marker.to_string()));
    }
    assert_eq!(position, text.len());
    for found in document.diagnostics() {
        assert!(found.span.is_none_or(|span| span.text(text).is_some()));
    }
}

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        check(&parse(text), text);
    }
    let Ok(decoded) = decode(bytes) else { return };
    assert_eq!(decoded.encode(&decoded.text).as_deref(), Some(bytes));
    check(&parse(&decoded.text), &decoded.text);

    let middle = bytes.len() / 2;
    let project = Project([("a", &bytes[..middle]), ("b/c", &bytes[middle..])]);
    for (entry, role) in [("a", Role::Requirements), ("b/c", Role::Constraints)] {
        let variables = VariablePolicy::Values([("A".to_owned(), "b".to_owned())].into());
        let resolved = resolve(entry, &project, &Options { role, variables });
        assert!(resolved.files.len() <= 4);
    }
});

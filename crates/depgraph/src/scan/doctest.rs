//! Import statements in the examples of docstrings.

use crate::{Form, Import};

use super::cursor::count_lines;
use super::intern::Interner;
use super::statements::{Wanted, statements};

const PROMPT: &[u8] = b">>> ";

/// Finds what the examples of the docstrings, given as places of a text in their order, import.
pub(super) fn doctests(text: &[u8], docstrings: &[(usize, usize)], interner: &mut Interner) -> Vec<Import> {
    let mut found = Vec::new();
    let (mut line, mut counted) = (1_u32, 0);
    for (start, end) in docstrings {
        let Some(docstring) = text.get(*start..*end) else { continue };
        if memchr::memmem::find(docstring, PROMPT).is_none() {
            continue;
        }
        line = line.saturating_add(count_lines(text.get(counted..*start).unwrap_or_default(), 0));
        counted = *start;
        examples(docstring, line, interner, &mut found);
    }
    found
}

fn examples(docstring: &[u8], first: u32, interner: &mut Interner, found: &mut Vec<Import>) {
    let mut example: Vec<u8> = Vec::new();
    let mut start = first;
    let mut finish = |example: &mut Vec<u8>, start: u32| {
        if memchr::memmem::find(example, b"import").is_some() {
            for import in statements(example, Wanted::default(), interner).imports {
                let line = start.saturating_add(import.line - 1);
                found.push(Import { line, form: Form::Doctest, ..import });
            }
        }
        example.clear();
    };
    for (number, line) in lines(docstring).enumerate() {
        let line = line.trim_ascii();
        // The first line begins with the quotes of the string.
        let line = if number == 0 { without_quotes(line) } else { line };
        if let Some(source) = line.strip_prefix(PROMPT) {
            finish(&mut example, start);
            start = first.saturating_add(u32::try_from(number).unwrap_or(u32::MAX));
            example.extend_from_slice(source);
        } else if let Some(source) = line.strip_prefix(b"...").filter(|_| !example.is_empty()) {
            example.push(b'\n');
            example.extend_from_slice(source.strip_prefix(b" ").unwrap_or(source));
        } else {
            finish(&mut example, start);
        }
    }
    finish(&mut example, start);
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split_inclusive(|byte| *byte == b'\n')
}

fn without_quotes(line: &[u8]) -> &[u8] {
    let line = line.strip_prefix(b"r").or_else(|| line.strip_prefix(b"R")).unwrap_or(line);
    let start = line.iter().take_while(|byte| matches!(byte, b'"' | b'\'')).count();
    line.get(start..).unwrap_or_default().trim_ascii_start()
}

//! One text: what its bytes say, and what its tree adds.

use uvshift_diagnostics::Diagnostic;

use crate::{Import, Rule, codes};

use super::doctest::doctests;
use super::ignored::ignored;
use super::intern::Interner;
use super::statements::{Docstrings, Statements, Wanted, statements};
use super::tree::{self, Shape, Tree};
use super::trigger::{Triggers, triggers};
use super::{FileKind, Ignored, ScriptMetadata, metadata};

/// What a text says.
#[derive(Debug, Default)]
pub(super) struct Source {
    pub(super) imports: Vec<Import>,
    pub(super) script: Option<ScriptMetadata>,
    pub(super) ignored: Vec<Ignored>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Reads a text.
pub(super) fn source(text: &str, kind: FileKind, interner: &mut Interner) -> Source {
    let bytes = text.as_bytes();
    let triggers = triggers(bytes);
    let is_cython = kind == FileKind::Cython;
    let docstrings = if triggers.has(Triggers::DOCTEST) { Docstrings::Listed } else { Docstrings::Skipped };
    let mut found = statements(bytes, Wanted { is_cython, docstrings }, interner);
    let mut source = Source::default();
    let mut others = doctests(bytes, &found.docstrings, interner);
    if triggers.has(Triggers::TREE) || found.is_unclear {
        match tree::read(text, Shape::of(&found), interner) {
            Some(tree) => others.extend(join(&mut found, tree, is_cython, &mut source.diagnostics)),
            None => source.diagnostics.push(too_deep()),
        }
    }
    if source.diagnostics.is_empty() {
        source.diagnostics.extend(flaw(bytes, &found));
    }
    source.imports = found.imports;
    if !others.is_empty() {
        source.imports.extend(others);
        source.imports.sort_by_key(|import| import.line);
    }
    source.imports.shrink_to_fit();
    if triggers.has(Triggers::IGNORE) {
        source.ignored = ignored(bytes, &found.spans);
        source.diagnostics.extend(source.ignored.iter().flat_map(unknown_rules));
    }
    if triggers.has(Triggers::SCRIPT) && matches!(kind, FileKind::Module | FileKind::Script) {
        let (script, diagnostics) = metadata::metadata(text);
        source.script = script;
        source.diagnostics.extend(diagnostics);
    }
    source
}

/// Lets a tree without errors decide what its bytes did not tell; gives what it adds.
fn join(
    found: &mut Statements,
    tree: Tree,
    is_cython: bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Import> {
    match tree.error {
        None => {
            if found.is_unclear {
                found.imports = tree.statements;
            }
        }
        // What is not quite Python tells nothing where no Python is expected.
        Some(_) if is_cython => {}
        // The bytes have found out why.
        Some(_) if found.flaws.python2.is_some() => {}
        Some((line, message)) => {
            let line = usize::try_from(line).unwrap_or(usize::MAX);
            let message = decapitalized(&message);
            diagnostics.push(Diagnostic::warning(codes::SYNTAX_ERROR, message).on_line(line));
        }
    }
    tree.others
}

/// What the bytes alone show to be broken.
fn flaw(text: &[u8], found: &Statements) -> Option<Diagnostic> {
    let line = |at: usize| {
        let before = text.get(..at).unwrap_or_default();
        usize::try_from(super::cursor::count_lines(before, 0)).unwrap_or(usize::MAX).saturating_add(1)
    };
    if let Some((at, message)) = found.flaws.python2 {
        return Some(Diagnostic::note(codes::PYTHON_2, message).on_line(line(at)));
    }
    let (at, message) = found.flaws.syntax?;
    Some(Diagnostic::warning(codes::SYNTAX_ERROR, message).on_line(line(at)))
}

/// A slip in a comment would have nothing ignored.
fn unknown_rules(ignored: &Ignored) -> impl Iterator<Item = Diagnostic> {
    let line = usize::try_from(ignored.line).unwrap_or(usize::MAX);
    let unknown = ignored.rules.iter().filter(|name| Rule::of(name).is_none());
    unknown.map(move |name| {
        Diagnostic::warning(codes::UNKNOWN_RULE, format!("`{name}` in a comment is no rule of uvshift"))
            .on_line(line)
    })
}

fn too_deep() -> Diagnostic {
    Diagnostic::note(
        codes::TOO_DEEP,
        "nested too deep for a syntax tree; import statements are found all the same",
    )
}

/// Messages begin in lower case.
fn decapitalized(message: &str) -> String {
    let mut letters = message.chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

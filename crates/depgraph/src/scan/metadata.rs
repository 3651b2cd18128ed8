//! Inline metadata of scripts (PEP 723).

use toml_edit::{Document, Item, Value};
use uvshift_diagnostics::Diagnostic;

use crate::codes;

use super::ScriptMetadata;

/// A block of comments, with the number of its first line of content.
struct Block {
    content: String,
    line: usize,
}

/// Reads the `script` block of a text.
pub(super) fn metadata(text: &str) -> (Option<ScriptMetadata>, Vec<Diagnostic>) {
    let (blocks, mut diagnostics) = blocks(text);
    let [block] = blocks.as_slice() else {
        if let Some(second) = blocks.get(1) {
            diagnostics.push(broken("there is more than one `script` block", second.line - 1));
        }
        return (None, diagnostics);
    };
    match Document::parse(block.content.as_str()) {
        Ok(document) => {
            let found = read(block, &document, &mut diagnostics);
            (Some(found), diagnostics)
        }
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            let message = format!("the metadata of the script is no TOML: {}", error.message().trim());
            let message = message.lines().next().unwrap_or_default().to_owned();
            diagnostics.push(broken(message, block.line_at(at)));
            (None, diagnostics)
        }
    }
}

fn read<S>(block: &Block, document: &Document<S>, diagnostics: &mut Vec<Diagnostic>) -> ScriptMetadata {
    let mut found = ScriptMetadata::default();
    let at = |span: Option<std::ops::Range<usize>>| block.line_at(span.map_or(0, |span| span.start));
    match document.get("dependencies") {
        Some(Item::Value(Value::Array(array))) => {
            for value in array {
                match value.as_str() {
                    Some(text) => found.dependencies.push((text.to_owned(), at(value.span()))),
                    None => diagnostics.push(broken("a dependency is no string", at(value.span()))),
                }
            }
        }
        Some(item) => diagnostics.push(broken("`dependencies` is no list", at(item.span()))),
        None => {}
    }
    if let Some(item) = document.get("requires-python") {
        found.requires_python = item.as_str().map(str::to_owned);
        if found.requires_python.is_none() {
            diagnostics.push(broken("`requires-python` is no string", at(item.span())));
        }
    }
    found
}

/// Finds the `script` blocks, as the regular expression of the PEP does: a block ends at the last `# ///` of its comment.
fn blocks(text: &str) -> (Vec<Block>, Vec<Diagnostic>) {
    let (mut blocks, mut diagnostics) = (Vec::new(), Vec::new());
    let mut lines = text.lines().enumerate().peekable();
    while let Some((number, line)) = lines.next() {
        if line != "# /// script" {
            continue;
        }
        let (mut content, mut closed) = (String::new(), None);
        while let Some((_, line)) = lines.next_if(|(_, line)| *line == "#" || line.starts_with("# ")) {
            if line == "# ///" {
                closed = Some(content.len());
            }
            content.push_str(line.get(2..).unwrap_or_default());
            content.push('\n');
        }
        if let Some(end) = closed {
            content.truncate(end);
            blocks.push(Block { content, line: number + 2 });
        } else {
            diagnostics.push(broken("the metadata of the script is never closed by `# ///`", number + 1));
        }
    }
    (blocks, diagnostics)
}

impl Block {
    fn line_at(&self, offset: usize) -> usize {
        let before = self.content.get(..offset).unwrap_or_default();
        self.line + memchr::memchr_iter(b'\n', before.as_bytes()).count()
    }
}

fn broken(message: impl Into<String>, line: usize) -> Diagnostic {
    Diagnostic::warning(codes::BROKEN_SCRIPT_METADATA, message).on_line(line)
}

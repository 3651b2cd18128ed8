//! A script with references that another program fills in: `$(PIP)` of make, `{{ python }}` of just.
//!
//! The engine sees a variable it can look up, or a template it leaves alone; what it writes gets the references back.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::context::Context;
use crate::embedded::{Embedded, Encoding};
use crate::engine::Scope;
use crate::model::Rewritten;
use crate::script::{self, Done};

/// A script of a file with references in it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Referring {
    script: Embedded,
    /// What stands in the file, by what stands in the script.
    written: BTreeMap<String, String>,
    /// How a `$` that is the shell's own is written.
    dollar: &'static str,
    /// What stands in front of each line after the first.
    indent: String,
}

impl Referring {
    pub(crate) fn new(dollar: &'static str, indent: &str) -> Self {
        Self {
            dollar,
            indent: indent.to_owned(),
            script: Embedded::new(Encoding::Verbatim),
            ..Self::default()
        }
    }

    pub(crate) fn text(&self) -> &str {
        self.script.text()
    }

    /// What stands in the file byte for byte.
    pub(crate) fn push(&mut self, file: &str, span: Range<usize>) {
        if !span.is_empty() {
            self.script.push(file, span);
        }
    }

    /// What the file writes in another way than the shell reads it.
    pub(crate) fn decoded(&mut self, text: &str, span: Range<usize>) {
        self.script.push_decoded(text, span);
    }

    /// A reference by name.
    pub(crate) fn variable(&mut self, name: &str, file: &str, span: Range<usize>) {
        self.reference(format!("${{{name}}}"), file, span);
    }

    /// A reference that nobody can look up.
    pub(crate) fn opaque(&mut self, file: &str, span: Range<usize>) {
        self.reference(format!("${{{{{}}}}}", self.written.len()), file, span);
    }

    fn reference(&mut self, shown: String, file: &str, span: Range<usize>) {
        self.script.push_decoded(&shown, span.clone());
        self.written.insert(shown, file.get(span).unwrap_or_default().to_owned());
    }

    /// Rewrites the script, and adds what comes of it to what was found.
    pub(crate) fn rewrite(&self, scope: &mut Scope, context: &Context, found: &mut Rewritten) -> Done {
        let mut own = Rewritten::default();
        let done = script::rewrite(&self.script, scope, context, &mut own);
        for edit in &mut own.edits {
            edit.new = self.restore(&edit.new);
        }
        for left in &mut own.left {
            left.suggestion = left.suggestion.as_deref().map(|suggestion| self.restore(suggestion));
        }
        script::add(found, own.edits);
        found.left.extend(own.left);
        found.diagnostics.extend(own.diagnostics);
        done
    }

    /// A text of the script as it is written in the file.
    fn restore(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            let (before, behind) = rest.split_at(at);
            out.push_str(before);
            let close = if behind.starts_with("${{") { "}}" } else { "}" };
            let token = behind.find(close).and_then(|end| behind.get(..end + close.len()));
            if let Some((token, written)) = token.and_then(|token| Some((token, self.written.get(token)?))) {
                out.push_str(written);
                rest = behind.get(token.len()..).unwrap_or_default();
            } else {
                out.push_str(self.dollar);
                rest = behind.get(1..).unwrap_or_default();
            }
        }
        out.push_str(rest);
        out.replace('\n', &format!("\n{}", self.indent))
    }
}

/// Whether a shell could have a variable of this name.
pub(crate) fn is_name(name: &str) -> bool {
    name.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

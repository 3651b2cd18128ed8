//! What there is to say about a line: what pip does with it, what uv does with it, and what to do.

mod lines;
mod options;
mod refusal;
mod requirement;

pub(crate) use lines::{joined_comment, line, line_ends, too_large};
pub(crate) use options::{option_problem, options, shell_error};
pub(crate) use refusal::refusal;
pub(crate) use requirement::requirement;

use uvshift_diagnostics::{Edit, Fix, Safety, Span};

/// A fix of one replacement.
fn replace(title: impl Into<String>, safety: Safety, span: Span, replacement: impl Into<String>) -> Fix {
    Fix { title: title.into(), safety, edits: vec![Edit { span, replacement: replacement.into() }] }
}

const UV_REFUSES: &str = "refuses the file";

//! `${NAME}` by pip's rule: upper-case letters, digits and `_`, anywhere in a line.

use uvshift_diagnostics::Span;

/// A reference to an environment variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Variable<'a> {
    /// The name between `${` and `}`.
    pub name: &'a str,
    /// The whole reference in the searched text.
    pub span: Span,
}

/// The `${NAME}` references in a text, in order.
///
/// ```
/// let names: Vec<_> = uvshift_requirements::variables("${USER_1}:${lower}$HOME").map(|it| it.name).collect();
/// assert_eq!(names, ["USER_1"]);
/// ```
pub fn variables(text: &str) -> impl Iterator<Item = Variable<'_>> {
    memchr::memmem::find_iter(text.as_bytes(), b"${").filter_map(move |start| {
        let name = &text[start + 2..];
        let length =
            name.bytes().take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_').count();
        if length == 0 || name.as_bytes().get(length) != Some(&b'}') {
            return None;
        }
        let name = &name[..length];
        Some(Variable { name, span: Span::new(start, start + length + 3) })
    })
}

/// Whether a text is nothing but one reference.
pub(crate) fn is_reference(text: &str) -> bool {
    variables(text).next().is_some_and(|variable| variable.span == Span::new(0, text.len()))
}

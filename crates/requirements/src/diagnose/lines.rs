//! Line ends, comments that go astray, and variables.

use uvshift_diagnostics::{Diagnostic, Span};

use crate::codes;
use crate::document::{GlobalOption, LineKind};
use crate::lines::{Joined, special_length};
use crate::parse::Context;
use crate::text::{Part, is_space};
use crate::url;
use crate::variables::variables;

pub(crate) fn too_large() -> Diagnostic {
    Diagnostic::error(codes::FILE_TOO_LARGE, "the file is larger than 4 GiB and was not read")
        .with_help("split the file and include the parts with `-r`")
}

/// Line ends that `str.splitlines` knows and uv does not; only the first one is reported.
pub(crate) fn line_ends(text: &str, diagnostics: &mut Vec<Diagnostic>) {
    let bytes = text.as_bytes();
    let mut line = 1;
    let mut position = 0;
    while position < bytes.len() {
        let width = match bytes[position] {
            0x0b | 0x0c | 0x1c..=0x1e => 1,
            b'\n' => 0,
            b'\r' if bytes.get(position + 1) != Some(&b'\n') => 0,
            _ => {
                let Some(width) = special_length(bytes, position) else {
                    position += 1;
                    continue;
                };
                width
            }
        };
        if width > 0 {
            diagnostics.push(
                Diagnostic::warning(
                    codes::UNUSUAL_LINE_END,
                    format!("U+{:04X} ends the line here", char_at(text, position)),
                )
                .at(Span::new(position, position + width))
                .on_line(line)
                .with_pip("ends the line, as Python's `str.splitlines` does")
                .with_uv("goes on with the same line")
                .with_help("use line feeds only"),
            );
            return;
        }
        line += 1;
        position += 1;
    }
}

fn char_at(text: &str, position: usize) -> u32 {
    text.get(position..).and_then(|rest| rest.chars().next()).map_or(0, u32::from)
}

/// A comment within joined lines: it either swallows the next line or ends the joining.
pub(crate) fn joined_comment(context: &Context<'_>, joined: &Joined, at: usize, found: &mut Vec<Diagnostic>) {
    let line = context.logical.first as usize;
    let index = joined.pieces.partition_point(|&(logical, _)| logical as usize <= at);
    let span = Span::new(joined.physical(at), context.logical.content.end());
    if let Some(&(next, _)) = joined.pieces.get(index) {
        let swallowed = joined.text.get(next as usize..).unwrap_or_default().trim_matches(is_space);
        if !swallowed.is_empty() && !swallowed.starts_with('#') {
            found.push(
                Diagnostic::warning(
                    codes::COMMENT_SWALLOWS_LINE,
                    "the comment ends in a backslash, so the next line belongs to it",
                )
                .at(span)
                .on_line(line)
                .with_pip("joins the lines first and then drops the comment with everything in it")
                .with_uv("ends the comment at the end of its own line")
                .with_help("remove the backslash, or the next line"),
            );
        }
        return;
    }
    let own_line = joined.pieces.last().is_some_and(|&(logical, _)| {
        joined.text.get(logical as usize..at).is_some_and(|before| before.trim_matches(is_space).is_empty())
    });
    let more = context.logical.content.end() < context.document_len();
    if own_line && more && joined.text.trim_end_matches(is_space).ends_with('\\') {
        found.push(
            Diagnostic::warning(codes::COMMENT_ENDS_CONTINUATION, "the comment line ends the continued line")
                .at(span)
                .on_line(line)
                .with_pip("ends the line at the comment; what follows is a line of its own")
                .with_uv("ends the line at the comment, too")
                .with_help("move the comment above the first line"),
        );
    }
}

/// Variables, and credentials where no requirement is involved.
pub(crate) fn line(context: &Context<'_>, kind: &LineKind, found: &mut Vec<Diagnostic>) {
    let body = context.body.of(context.source);
    if memchr::memchr(b'$', body.as_bytes()).is_some() {
        variable(context, body, kind, found);
    }
    match kind {
        LineKind::Include(include) if url::has_secret(&include.target) => {
            credentials(context, context.body, found);
        }
        LineKind::Options(options) => {
            let secret = options.iter().any(|option| match option {
                GlobalOption::IndexUrl(url)
                | GlobalOption::ExtraIndexUrl(url)
                | GlobalOption::FindLinks(url) => url::has_secret(url),
                _ => false,
            });
            if secret {
                credentials(context, context.body, found);
            }
        }
        _ => {}
    }
}

/// Says that a URL holds a secret, without repeating it.
pub(crate) fn credentials(context: &Context<'_>, part: Part, found: &mut Vec<Diagnostic>) {
    found.push(
        Diagnostic::warning(codes::CREDENTIALS_IN_URL, "the URL holds a user name or password")
            .at(context.locate(part).span())
            .with_pip("sends them to the server")
            .with_uv("sends them to the server, and would keep them in pyproject.toml and uv.lock")
            .with_help("take them out of the file and give them through the environment or a keyring"),
    );
}

fn variable(context: &Context<'_>, body: &str, kind: &LineKind, found: &mut Vec<Diagnostic>) {
    let expanded_by_uv = match kind {
        LineKind::Requirement(requirement) => {
            requirement.url().is_some() || requirement.is_editable() || requirement.wheel().is_some()
        }
        LineKind::Include(_) | LineKind::Options(_) => true,
        _ => false,
    };
    for variable in variables(body) {
        let name = variable.name;
        let start = context.body.start() + variable.span.start;
        let part = Part::new(start, start + variable.span.len());
        let message = format!("the line depends on the environment variable `{name}`");
        let diagnostic = if expanded_by_uv {
            Diagnostic::note(codes::VARIABLE, message).with_uv("puts its value in, too")
        } else {
            Diagnostic::warning(codes::VARIABLE, message)
                .with_uv("expands variables in URLs, paths and values of options only")
                .with_help("write the value into the file, or split it off into a file per environment")
        };
        found.push(
            diagnostic
                .at(context.locate(part).span())
                .with_pip("puts its value in before it parses the line; unset or empty, the reference stays"),
        );
    }
}

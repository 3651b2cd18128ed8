//! Requirements that pip refuses: why, and what was probably meant.

use uvshift_diagnostics::{Diagnostic, Safety, Span};

use super::{UV_REFUSES, replace};
use crate::classify::{Cause, Refusal};
use crate::codes;
use crate::document::InvalidReason;
use crate::parse::Context;
use crate::text::{Part, is_space, strip};
use crate::version::{Operator, is_specifier};

/// One diagnostic for one refused requirement.
pub(crate) fn refusal(
    context: &Context<'_>,
    source: &str,
    part: Part,
    refusal: &Refusal,
    found: &mut Vec<Diagnostic>,
) {
    // The value of a quoted editable has no place in the document, the line has.
    let own = source.len() == context.source.len();
    let whole = context.locate(if own { strip(source, part) } else { context.body });
    let pip = format!("refuses the file: {}", refusal.message);
    if part.of(source).trim_end_matches(is_space).ends_with('\\') {
        found.push(space_after_backslash(whole.span()));
        return;
    }
    let diagnostic = match (refusal.cause, refusal.reason) {
        (Cause::Egg, _) => invalid_egg(source, part),
        (Cause::EditableTarget | Cause::EditableName, _) => {
            Diagnostic::error(codes::INVALID_EDITABLE, refusal.message)
                .with_help("write a path that begins with `./`, or a repository as `git+URL#egg=name`")
        }
        (Cause::WheelName, _) | (_, InvalidReason::Url) => {
            Diagnostic::error(codes::INVALID_URL, refusal.message)
                .with_help("correct the URL or the file name")
        }
        (_, InvalidReason::Marker) => Diagnostic::error(codes::INVALID_MARKER, refusal.message)
            .with_help("compare a marker variable with a quoted text, as in `python_version < \"3.12\"`"),
        _ => match legacy(context, source, part, refusal.at) {
            Some(diagnostic) => diagnostic,
            None => Diagnostic::error(codes::INVALID_REQUIREMENT, refusal.message)
                .with_help("write `name`, `name>=1.0`, `name @ URL`, a URL, or a path with a slash in it"),
        },
    };
    let uv = if refusal.cause == Cause::Egg {
        "accepts it and ignores the extras and the version"
    } else {
        UV_REFUSES
    };
    found.push(diagnostic.at(whole.span()).with_pip(pip).with_uv(uv));
}

/// A backslash joins lines only as the very last character.
pub(super) fn space_after_backslash(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::SPACE_AFTER_BACKSLASH,
        "a space follows the backslash, so the lines are not joined",
    )
    .at(span)
    .with_pip("refuses the file")
    .with_uv(UV_REFUSES)
    .with_help("remove everything after the backslash")
}

fn invalid_egg(source: &str, part: Part) -> Diagnostic {
    let text = part.of(source);
    let mut help = "write `name[extra] @ URL`, and the version as a tag of the URL".to_owned();
    if let Some(range) = crate::url::fragment_range(text, "egg")
        && let (Some(egg), Some(url)) = (text.get(range.clone()), text.get(..range.start.saturating_sub(5)))
        && egg.ends_with(']')
    {
        let (clean, _) = crate::url::split_credentials(url);
        help = format!("write `{egg} @ {clean}`");
    }
    Diagnostic::error(codes::INVALID_EGG, "`egg=` holds more than a project name").with_help(help)
}

/// Whether the text before ends in an operator and a version.
fn follows_version(before: &str) -> bool {
    before.ends_with(|c: char| c.is_ascii_alphanumeric()) && before.contains(['<', '>', '~'])
}

fn legacy_diagnostic(what: &str) -> Diagnostic {
    let message = format!("pip before 24 accepted {what}, pip now refuses it");
    Diagnostic::error(codes::LEGACY_SPECIFIER, message)
}

/// Specifiers that pip before 24 accepted.
fn legacy(context: &Context<'_>, source: &str, part: Part, at: usize) -> Option<Diagnostic> {
    let rest = source.get(at..part.end())?;
    let place = |start, end| context.locate(Part::new(start, end)).span();
    let review = Safety::NeedsReview;
    if rest.starts_with(".*") {
        let base =
            legacy_diagnostic("`.*` after this operator").with_help("`.*` goes with `==` and `!=` only");
        let before = source.get(part.start()..at)?;
        let operator = before.rfind(['<', '>', '=', '~'])?;
        let fitting = before[..=operator].ends_with(">=") || before[..=operator].ends_with('<');
        return Some(if fitting {
            base.with_fix(replace("drop the `.*`", review, place(at, at + 2), ""))
        } else {
            base
        });
    }
    if rest.starts_with('+') && follows_version(source.get(part.start()..at)?) {
        let base = legacy_diagnostic("a local version after this operator");
        let end = at + rest.find([',', ' ', ';', ')']).unwrap_or(rest.len());
        return Some(base.with_help("local versions go with `==` and `!=` only").with_fix(replace(
            "drop the local version",
            review,
            place(at, end),
            "",
        )));
    }
    if rest.starts_with("<>") {
        let fix = replace("write `!=`", review, place(at, at + 2), "!=");
        return Some(legacy_diagnostic("`<>`").with_help("write `!=`").with_fix(fix));
    }
    mistyped_operator(context, rest, at).or_else(|| legacy_version(context, rest, at))
}

/// `=>1` and `=1`, which no pip ever accepted.
fn mistyped_operator(context: &Context<'_>, rest: &str, at: usize) -> Option<Diagnostic> {
    let place = |start, end| context.locate(Part::new(start, end)).span();
    let review = Safety::NeedsReview;
    if rest.starts_with("=>") || rest.starts_with("=<") {
        let turned = if rest.starts_with("=>") { ">=" } else { "<=" };
        let help = format!("write `{turned}`");
        let fix = replace(help.clone(), review, place(at, at + 2), turned);
        return Some(
            Diagnostic::error(codes::INVALID_REQUIREMENT, "the operator is the wrong way round")
                .with_help(help)
                .with_fix(fix),
        );
    }
    if let Some(version) = rest.strip_prefix('=')
        && !version.starts_with('=')
    {
        let doubled = format!("={rest}");
        let fits = is_specifier(&doubled);
        let base =
            Diagnostic::error(codes::INVALID_REQUIREMENT, "`=` is no operator").with_help("write `==`");
        let fix = replace("write `==`", review, place(at, at + 1), "==");
        return Some(if fits { base.with_fix(fix) } else { base });
    }
    None
}

/// `==dev`: a clause whose version is none.
fn legacy_version(context: &Context<'_>, rest: &str, at: usize) -> Option<Diagnostic> {
    let operator = Operator::at(rest.as_bytes())?;
    let version = rest[operator.as_str().len()..].trim_start_matches(is_space);
    let end = version.find([',', ' ', ';', ')']).unwrap_or(version.len());
    let version = &version[..end];
    let is_legacy = !version.is_empty() && !version.contains(['<', '>', '=', '!', '~', '$', '{']);
    let stop = at + rest.find(version)? + version.len();
    is_legacy.then(|| {
        let place = context.locate(Part::new(at, stop)).span();
        legacy_diagnostic(&format!("`{version}` as a version"))
            .with_help("write a PEP 440 version, or `name @ URL` for a branch of a repository")
            .with_fix(replace("drop the clause", Safety::NeedsReview, place, ""))
    })
}

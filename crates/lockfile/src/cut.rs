//! `uv.lock` without the constraints of one resolution.

use toml_edit::Document;

/// The lock without the constraints that one resolution had, so that it fits pyproject.toml without them.
///
/// Only the `constraints` of `[manifest]` go, by span; all else stays byte for byte. `kept` are those that
/// pyproject.toml itself has: with any of them the text is left for uv to write again, and nothing is given back.
pub fn without_constraints(text: &str) -> Option<String> {
    let document = Document::parse(text).ok()?;
    let manifest = document.get("manifest")?.as_table()?;
    let (key, value) = manifest.get_key_value("constraints")?;
    let start = key.span()?.start;
    let end = value.span()?.end;
    let line_end = text[end..].find('\n').map_or(text.len(), |length| end + length + 1);
    let only = manifest.len() == 1;
    let from = if only {
        text[..start].rfind("[manifest]")?
    } else {
        text[..start].rfind('\n').map_or(0, |at| at + 1)
    };
    let rest = if only { text[line_end..].trim_start_matches('\n') } else { &text[line_end..] };
    Some(format!("{}{rest}", &text[..from]))
}

//! `%(key)s` and `%%`, as Python's `BasicInterpolation` resolves them.

use uvshift_diagnostics::Diagnostic;

use crate::document::{Document, Key, Section};
use crate::{Dialect, Interpolation, codes};

/// Python's `MAX_INTERPOLATION_DEPTH`.
const DEPTH: usize = 10;

/// How many pieces and bytes one document may grow by: ten levels of references can ask for any number.
const BUDGET: usize = 1 << 22;

pub(crate) fn interpolate(document: &mut Document) {
    if document.dialect.interpolation == Interpolation::None {
        for key in document.sections.iter_mut().flat_map(|section| &mut section.keys) {
            key.value.clone_from(&key.raw);
        }
        return;
    }
    let mut budget = BUDGET;
    let mut resolved = Vec::new();
    for section in &document.sections {
        for key in &section.keys {
            let scope = Scope { dialect: document.dialect, section, defaults: document.defaults() };
            resolved.push(scope.resolve_key(key, &mut budget));
        }
    }
    let keys = document.sections.iter_mut().flat_map(|section| &mut section.keys);
    for (key, resolved) in keys.zip(resolved) {
        match resolved {
            Ok(Resolved { value, parts }) => {
                key.value = value;
                for (part, text) in key.parts.iter_mut().zip(parts) {
                    part.text = text;
                }
            }
            Err(message) => document.diagnostics.push(
                Diagnostic::error(codes::INTERPOLATION, format!("`{}`: {message}", key.written))
                    .on_line(key.line)
                    .with_help("write `%%` for a `%`"),
            ),
        }
    }
}

/// The value of a default, for a section.
pub(crate) fn inherited(document: &Document, section: &Section, key: &Key) -> Option<String> {
    let scope = Scope { dialect: document.dialect, section, defaults: document.defaults() };
    scope.resolve_key(key, &mut { BUDGET }).ok()?.value
}

struct Resolved {
    value: Option<String>,
    /// The lines of the value, if they can be resolved one by one.
    parts: Vec<String>,
}

struct Scope<'a> {
    dialect: Dialect,
    section: &'a Section,
    defaults: Option<&'a Section>,
}

impl Scope<'_> {
    fn resolve_key(&self, key: &Key, budget: &mut usize) -> Result<Resolved, String> {
        let Some(raw) = key.raw.as_deref() else { return Ok(Resolved { value: None, parts: Vec::new() }) };
        if !raw.contains('%') {
            return Ok(Resolved { value: Some(raw.to_owned()), parts: Vec::new() });
        }
        let mut value = String::new();
        self.resolve(raw, &mut value, 1, budget)?;
        let parts: Result<Vec<String>, String> = key
            .parts
            .iter()
            .map(|part| {
                let mut text = String::new();
                self.resolve(&part.text, &mut text, 1, budget)?;
                Ok(text)
            })
            .collect();
        Ok(Resolved { value: Some(value), parts: parts.unwrap_or_default() })
    }

    fn resolve(
        &self,
        mut rest: &str,
        out: &mut String,
        depth: usize,
        budget: &mut usize,
    ) -> Result<(), String> {
        if depth > DEPTH {
            return Err(format!("references are nested deeper than {DEPTH}"));
        }
        while !rest.is_empty() {
            let at = rest.find('%').unwrap_or(rest.len());
            *budget = budget.checked_sub(at + 1).ok_or("references grow without end")?;
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            if let Some(after) = rest.strip_prefix("%%") {
                out.push('%');
                rest = after;
            } else if let Some(after) = rest.strip_prefix("%(") {
                rest = self.reference(after, out, depth, budget)?;
            } else if !rest.is_empty() {
                return Err("`%` must be followed by `%` or `(`".to_owned());
            }
        }
        Ok(())
    }

    /// What follows a reference, whose value goes to the result.
    fn reference<'t>(
        &self,
        text: &'t str,
        out: &mut String,
        depth: usize,
        budget: &mut usize,
    ) -> Result<&'t str, String> {
        let (name, after) = text
            .split_once(')')
            .and_then(|(name, after)| Some((name, after.strip_prefix('s')?)))
            .filter(|(name, _)| !name.is_empty())
            .ok_or("a reference is written `%(name)s`")?;
        let name = self.dialect.key(name);
        let found = self.section.key(&name).or_else(|| self.defaults?.key(&name));
        let value = found
            .and_then(|key| key.raw.as_deref())
            .ok_or_else(|| format!("there is no `{name}` to refer to"))?;
        if value.contains('%') {
            self.resolve(value, out, depth + 1, budget)?;
        } else {
            *budget = budget.checked_sub(value.len()).ok_or("references grow without end")?;
            out.push_str(value);
        }
        Ok(after)
    }
}

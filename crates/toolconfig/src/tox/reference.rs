//! `{[section]key}`: a `ref` where the whole line is one, written out elsewhere.

use uvshift_ini::{Document, Key};

use super::lines::{Line, lines};
use super::settings::{Kind, known};
use super::token::{Token, reference, tokens};
use super::{Inexact, factor};
use crate::model::{Table, Value};

/// A line after its references are resolved.
pub(super) enum Item {
    /// A line without a reference.
    Line(Line),
    /// A `ref`, and the line that it is from. `array` says that the other value is one, in `set_env`.
    Reference { line: Line, value: Value, array: bool },
}

/// What resolving needs and finds.
pub(super) struct Resolver<'a> {
    pub(super) document: &'a Document,
    pub(super) core: &'a str,
    /// The names of all environments.
    pub(super) environments: Vec<String>,
    /// The other sections that a `ref` reaches, each with its key.
    pub(super) reached: Vec<(String, String)>,
    /// The keys that are written out where they are used.
    pub(super) written_out: Vec<(String, String)>,
}

const DEPTH: usize = 12;

impl Resolver<'_> {
    /// The lines of a key with all references resolved.
    pub(super) fn items(&mut self, kind: Kind, all: Vec<Line>) -> Result<Vec<Item>, Inexact> {
        self.nested(kind, all, 0)
    }

    fn nested(&mut self, kind: Kind, all: Vec<Line>, depth: usize) -> Result<Vec<Item>, Inexact> {
        let mut items = Vec::new();
        for line in all {
            let Some((section, key)) = whole(&line) else {
                items.push(Item::Line(self.expanded(line, depth)?));
                continue;
            };
            if let Some((value, array)) = self.reference(kind, &section, &key) {
                items.push(Item::Reference { line, value, array });
                continue;
            }
            let mut inner = self.target(&section, &key, line.number, depth)?;
            for other in &mut inner {
                other.number = line.number;
                if line.condition.is_some() && other.condition.is_some() {
                    return Err(Inexact::new(line.number, "it refers to lines that depend on factors, too"));
                }
                other.condition = other.condition.take().or_else(|| line.condition.clone());
            }
            if let Some(first) = inner.first_mut() {
                first.comments.splice(0..0, line.comments.iter().cloned());
            }
            items.extend(self.nested(kind, inner, depth + 1)?);
        }
        Ok(items)
    }

    /// A line with its references written out.
    fn expanded(&mut self, mut line: Line, depth: usize) -> Result<Line, Inexact> {
        let number = line.number;
        for (_, text) in &mut line.segments {
            *text = self.written(text, number, depth)?;
        }
        Ok(line)
    }

    fn written(&mut self, text: &str, number: usize, depth: usize) -> Result<String, Inexact> {
        let mut text = text.to_owned();
        for _ in 0..DEPTH * 4 {
            let found = tokens(&text).into_iter().find_map(|token| match token {
                Token::Substitution(inner) => innermost(&inner),
                Token::Literal(_) => None,
            });
            let Some(inner) = found else { return Ok(text) };
            let (section, key) = reference(&inner).ok_or_else(|| {
                Inexact::new(number, format!("`{{{inner}}}` has a default, which TOML reads otherwise"))
            })?;
            let target = self.target(section, key, number, depth)?;
            let parts: Option<Vec<String>> =
                target.iter().map(|line| line.text().filter(|_| line.condition.is_none())).collect();
            let parts =
                parts.ok_or_else(|| Inexact::new(number, "it refers to lines that depend on factors"))?;
            let joined = parts.join(" ");
            let quotes = |text: &str| text.contains(['"', '\'']);
            if quotes(&text) && (quotes(&joined) || joined.contains('\\')) {
                return Err(Inexact::new(number, "it refers to text with quotes, and has quotes itself"));
            }
            text = text.replace(&format!("{{{inner}}}"), &joined);
        }
        Err(Inexact::new(number, "its references refer to each other"))
    }

    /// The lines that a reference names.
    fn target(
        &mut self,
        section: &str,
        key: &str,
        number: usize,
        depth: usize,
    ) -> Result<Vec<Line>, Inexact> {
        let found = self.document.section(section).and_then(|section| section.key(key));
        let found = found.filter(|_| depth < DEPTH && section != self.core);
        let found = found.ok_or_else(|| {
            Inexact::new(number, format!("`{{[{section}]{key}}}` names nothing that can be written out"))
        })?;
        self.written_out.push((section.to_owned(), key.to_owned()));
        lines(found, &|_| Vec::new()).map_err(|problem| Inexact::new(number, problem.why))
    }

    /// A reference as TOML, if the other value has the same type and a path of its own.
    pub(super) fn reference(&mut self, kind: Kind, section: &str, key: &str) -> Option<(Value, bool)> {
        let row = known(false, key).filter(|row| row.kind == kind)?;
        let name = section.strip_prefix("testenv:");
        let Some(found) = self.document.section(section).and_then(|section| section.key(key)) else {
            let name = name.filter(|name| self.environments.iter().any(|known| known == name))?;
            let mut table = Table::default();
            table.insert("replace", "ref");
            table.insert("env", name);
            table.insert("key", row.key.as_str());
            return (kind != Kind::SetEnv).then_some((Value::Inline(table), false));
        };
        let other = table_name(section);
        let path: Vec<&str> = match (section, name) {
            ("testenv", _) => vec!["env_run_base"],
            ("pkgenv", _) => vec!["env_pkg_base"],
            (_, Some(name)) => vec!["env", name],
            _ => vec![&other],
        };
        if path.iter().any(|part| part.contains('.')) || !self.has_table(section, name) {
            return None;
        }
        if path.len() == 1 && !section.ends_with("env") {
            self.reached.push((section.to_owned(), key.to_owned()));
        }
        let path = ["tool", "tox"].into_iter().chain(path).chain([row.key.as_str()]);
        let mut table = Table::default();
        table.insert("replace", "ref");
        table.insert("of", Value::strings(path));
        Some((Value::Inline(table), kind == Kind::SetEnv && is_array(found)))
    }

    /// Whether a section becomes a table of that name.
    fn has_table(&self, section: &str, name: Option<&str>) -> bool {
        let Some(name) = name else { return section != self.core };
        let covers = |section: &str| {
            let other = section.strip_prefix("testenv:").and_then(factor::names);
            other.is_some_and(|names| names.iter().any(|other| other == name))
        };
        let first = self.document.sections().iter().find(|section| covers(&section.name));
        first.is_some_and(|first| first.name == section)
    }
}

/// Whether `set_env` with these lines is an array in TOML.
fn is_array(key: &Key) -> bool {
    let file = |line: &&Line| line.text().is_some_and(|text| text.starts_with("file|"));
    let Ok(lines) = lines(key, &|_| Vec::new()) else { return true };
    lines.iter().any(|line| line.condition.is_some() || whole(line).is_some())
        || lines.iter().filter(file).count() > 1
}

/// The name of the table for a section that is no environment: tox takes a table with the name of a setting for that setting.
pub(super) fn table_name(section: &str) -> String {
    let tables = ["env", "env_base", "env_run_base", "env_pkg_base", "legacy_tox_ini"];
    let taken =
        tables.contains(&section) || [true, false].into_iter().any(|core| known(core, section).is_some());
    if taken { format!("shared_{section}") } else { section.to_owned() }
}

/// The reference that is all of a line.
pub(super) fn whole(line: &Line) -> Option<(String, String)> {
    let text = line.text()?;
    let (section, key) = reference(text.trim().strip_prefix('{')?.strip_suffix('}')?)?;
    Some((section.to_owned(), key.to_owned()))
}

/// A reference within a substitution, or the substitution itself if it is one.
fn innermost(inner: &str) -> Option<String> {
    if inner.starts_with('[') {
        return Some(inner.to_owned());
    }
    tokens(inner).into_iter().find_map(|token| match token {
        Token::Substitution(inner) if inner != "posargs" => innermost(&inner),
        _ => None,
    })
}

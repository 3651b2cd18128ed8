//! Values of the simple kinds.

use super::Inexact;
use super::factor;
use super::lines::Line;
use super::settings::Kind;
use crate::model::{Element, Table, Value};

/// `{ replace = "if", .. }`
pub(super) fn condition(condition: &str, then: Value, otherwise: Option<Value>, extend: bool) -> Value {
    let mut table = Table::default();
    table.insert("replace", "if");
    table.insert("condition", condition);
    table.insert("then", then);
    if let Some(otherwise) = otherwise {
        table.insert("else", otherwise);
    }
    if extend {
        table.insert("extend", true);
    }
    Value::Inline(table)
}

/// A value of one line, or of text.
pub(super) fn scalar(kind: Kind, lines: &[Line], number: usize) -> Result<Value, Inexact> {
    if lines.iter().any(|line| line.condition.is_some()) {
        return if kind == Kind::Text { conditional_text(lines, number) } else { Err(conditional(number)) };
    }
    let text = texts(lines)?.join("\n").trim().to_owned();
    let substituted = text.contains(['{', '[']);
    match kind {
        Kind::Bool => match text.to_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Ok(Value::Bool(true)),
            "false" | "0" | "no" | "off" | "" => Ok(Value::Bool(false)),
            _ => Err(Inexact::new(number, format!("`{text}` is neither true nor false as it stands"))),
        },
        Kind::Number if !substituted => match (text.parse::<i64>(), text.parse::<f64>()) {
            (Ok(number), _) => Ok(Value::Integer(number)),
            (_, Ok(value)) if value.is_finite() => Ok(Value::Float(format!("{value:?}"))),
            _ => Err(Inexact::new(number, format!("`{text}` is no number"))),
        },
        _ => Ok(Value::String(text)),
    }
}

fn texts(lines: &[Line]) -> Result<Vec<String>, Inexact> {
    let text = |line: &Line| line.text().ok_or_else(|| conditional(line.number));
    lines.iter().map(text).collect()
}

fn conditional(number: usize) -> Inexact {
    Inexact::new(number, "it depends on factors in a way that TOML has no form for")
}

/// A text of which one line is for some environments only.
fn conditional_text(lines: &[Line], number: usize) -> Result<Value, Inexact> {
    let mut conditions = lines.iter().filter_map(|line| line.condition.as_ref());
    let (Some(groups), None) = (conditions.next(), conditions.next()) else {
        return Err(conditional(number));
    };
    if lines.len() < 2 {
        return Err(conditional(number));
    }
    let with = texts(lines)?.join("\n");
    let rest: Vec<Line> = lines.iter().filter(|line| line.condition.is_none()).cloned().collect();
    let without = texts(&rest)?.join("\n");
    Ok(condition(&factor::condition(groups), Value::String(with), Some(Value::String(without)), false))
}

/// The items of a list, each with its line: lines, or what stands between commas if there is one line.
pub(super) fn items(kind: Kind, lines: &[Line]) -> Result<Vec<(Line, String)>, Inexact> {
    let split = kind != Kind::Requirements && lines.len() == 1;
    let commas = kind != Kind::Requirements
        && lines.iter().any(|line| line.text().is_some_and(|text| text.contains(',')));
    let always = lines.iter().filter(|line| line.condition.is_none()).count();
    if commas && lines.len() > 1 && always < 2 && always < lines.len() {
        return Err(Inexact::new(lines[0].number, "whether its commas split depends on factors"));
    }
    let mut items = Vec::new();
    for line in lines {
        let text = line.text().ok_or_else(|| conditional(line.number))?;
        let parts: Vec<&str> = if split { text.split(',').collect() } else { vec![&text] };
        for (index, part) in parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).enumerate() {
            let mut line = line.clone();
            if index > 0 {
                line.comments.clear();
                line.trailing = None;
            }
            items.push((line, part.to_owned()));
        }
    }
    Ok(items)
}

/// A value as an item of an array, for the environments that its line is for.
pub(super) fn element(line: &Line, value: Value) -> Element {
    let value = match &line.condition {
        None => value,
        Some(groups) => {
            let then = Value::Array(vec![Element::new(value)]);
            condition(&factor::condition(groups), then, None, true)
        }
    };
    Element { value, comments: line.comments.clone(), trailing: line.trailing.clone() }
}

/// The names of environments.
pub(super) fn environments(lines: &[Line]) -> Result<Value, Inexact> {
    let mut elements: Vec<Element> = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for line in lines {
        let text =
            line.text().filter(|_| line.condition.is_none()).ok_or_else(|| conditional(line.number))?;
        let names = factor::names(&text).filter(|_| !text.contains("{["));
        let names =
            names.ok_or_else(|| Inexact::new(line.number, "it is no list of environments as it stands"))?;
        let mut comments = line.comments.clone();
        for name in names {
            if name.contains(['{', '}']) {
                return Err(Inexact::new(line.number, "it is no list of environments as it stands"));
            }
            if !seen.contains(&name) {
                seen.push(name.clone());
                elements.push(Element { comments: std::mem::take(&mut comments), ..Element::new(name) });
            }
        }
        if let Some(last) = elements.last_mut() {
            last.trailing.clone_from(&line.trailing);
        }
    }
    Ok(Value::Array(elements))
}

/// `key = value` lines; the values are names of environments, or text.
pub(super) fn map(kind: Kind, lines: &[Line]) -> Result<Value, Inexact> {
    let mut table = Table::default();
    for line in lines {
        let text =
            line.text().filter(|_| line.condition.is_none()).ok_or_else(|| conditional(line.number))?;
        let pair = text.split_once('=').ok_or_else(|| Inexact::new(line.number, "it is no `key = value`"))?;
        let (key, text) = (pair.0.trim().to_owned(), pair.1.trim().to_owned());
        let value = if kind == Kind::EnvironmentMap {
            environments(&[Line {
                segments: vec![(None, text)],
                comments: Vec::new(),
                trailing: None,
                ..line.clone()
            }])?
        } else {
            Value::String(text)
        };
        let mut setting = crate::Setting::new(key, value).with_comments(line.comments.clone());
        setting.trailing.clone_from(&line.trailing);
        table.set(setting);
    }
    Ok(if table.is_empty() { Value::Inline(table) } else { Value::Table(table) })
}

//! The three ways to format strings.

use std::rc::Rc;

use ruff_python_ast::{ConversionFlag, FStringPart, FStringValue, InterpolatedStringElement};

use super::calls::Args;
use super::expression::Known;
use super::heap::reason;
use super::operator::LONGEST;
use super::path::PLACE;
use super::text::{combined, excerpt};
use super::value::{Kind, Taint, Val};
use super::{Eval, Interpreter};

impl<'a> Interpreter<'a> {
    pub(super) fn f_string(&mut self, value: &'a FStringValue, line: usize) -> Eval {
        let mut parts: Vec<Val> = Vec::new();
        for part in value {
            match part {
                FStringPart::Literal(it) => parts.push(Val::text(it.as_str(), line)),
                FStringPart::FString(it) => {
                    for element in &it.elements {
                        match element {
                            InterpolatedStringElement::Literal(it) => parts.push(Val::text(&*it.value, line)),
                            InterpolatedStringElement::Interpolation(it) => {
                                let inner = self.eval(&it.expression)?;
                                let plain = it.format_spec.is_none()
                                    && it.debug_text.is_none()
                                    && matches!(it.conversion, ConversionFlag::None | ConversionFlag::Str);
                                match as_text(&inner) {
                                    Ok(text) if plain => parts.push(text),
                                    Ok(_) => {
                                        return Ok(Val::unknown(line, "a format of its own in an f-string"));
                                    }
                                    Err(taint) => return Ok(Val::tainted(taint)),
                                }
                            }
                        }
                    }
                }
            }
        }
        Ok(self.concatenated(&parts, line))
    }

    /// These texts one after the other.
    pub(super) fn concatenated(&mut self, parts: &[Val], line: usize) -> Val {
        let length: usize = parts.iter().map(|it| it.as_str().map_or(0, |text| text.len())).sum();
        if length > LONGEST {
            return Val::unknown(line, "a very long string");
        }
        self.spend(length / 16);
        let text: String = parts.iter().filter_map(Val::as_str).map(Rc::as_ref).collect();
        let references: Vec<&Val> = parts.iter().collect();
        Val::text(text, line).with_from(combined(&references))
    }

    /// `format % values`
    pub(super) fn percent(&mut self, format_value: &Val, format: &str, values: &Val, line: usize) -> Val {
        let mut positional = match &values.kind {
            Kind::Tuple(_) => match self.plain_items(values) {
                Ok(items) => items,
                Err(taint) => return Val::tainted(taint),
            },
            _ => vec![values.clone()],
        }
        .into_iter();
        let named = matches!(values.kind, Kind::Dict(_));
        let mut parts: Vec<Val> = Vec::new();
        let mut rest = format;
        while let Some(at) = rest.find('%') {
            parts.push(piece(format_value, rest.get(..at).unwrap_or_default(), line));
            rest = rest.get(at + 1..).unwrap_or_default();
            let mut value = None;
            if let Some(inner) = rest.strip_prefix('(') {
                let Some((name, after)) = inner.split_once(')') else { return odd(line) };
                let found = if named { self.entry(values, name) } else { None };
                let Some(found) = found else { return odd(line) };
                value = Some(found);
                rest = after;
            }
            let (letter, after) = match rest.chars().next() {
                Some(letter) => (letter, rest.get(letter.len_utf8()..).unwrap_or_default()),
                None => return odd(line),
            };
            rest = after;
            match letter {
                '%' => parts.push(Val::text("%", line)),
                's' | 'd' | 'i' => {
                    let Some(value) = value.or_else(|| positional.next()) else { return odd(line) };
                    if letter != 's'
                        && !matches!(value.kind, Kind::Int(_) | Kind::Unknown(_) | Kind::Environment(_))
                    {
                        return odd(line);
                    }
                    match as_text(&value) {
                        Ok(text) => parts.push(text),
                        Err(taint) => return Val::tainted(taint),
                    }
                }
                _ => return odd(line),
            }
        }
        if !named && positional.next().is_some() {
            return odd(line);
        }
        parts.push(piece(format_value, rest, line));
        self.concatenated(&parts, line)
    }

    /// `format.format(...)`
    pub(super) fn str_format(&mut self, format_value: &Val, format: &str, args: &Args, line: usize) -> Val {
        let mut parts: Vec<Val> = Vec::new();
        let mut next = 0;
        let mut rest = format;
        while let Some(at) = rest.find(['{', '}']) {
            parts.push(piece(format_value, rest.get(..at).unwrap_or_default(), line));
            let tail = rest.get(at..).unwrap_or_default();
            if let Some(after) = tail.strip_prefix("{{").or_else(|| tail.strip_prefix("}}")) {
                parts.push(Val::text(tail.get(..1).unwrap_or_default(), line));
                rest = after;
                continue;
            }
            let Some((field, after)) = tail.strip_prefix('{').and_then(|it| it.split_once('}')) else {
                return odd(line);
            };
            rest = after;
            let value = if field.is_empty() {
                next += 1;
                args.positional.get(next - 1)
            } else if let Ok(at) = field.parse::<usize>() {
                args.positional.get(at)
            } else {
                args.named(field)
            };
            let Some(value) = self.field(value.cloned(), field, args) else { return odd(line) };
            match as_text(&value) {
                Ok(text) => parts.push(text),
                Err(taint) => return Val::tainted(taint),
            }
        }
        parts.push(piece(format_value, rest, line));
        self.concatenated(&parts, line)
    }

    /// A field such as `{0}`, `{name}` or `{about[version]}`.
    fn field(&mut self, value: Option<Val>, field: &str, args: &Args) -> Option<Val> {
        if value.is_some() {
            return value;
        }
        let (name, key) = field.strip_suffix(']')?.split_once('[')?;
        let owner = match name.parse::<usize>() {
            Ok(at) => args.positional.get(at)?,
            Err(_) => args.named(name)?,
        };
        match (&owner.kind, key.parse::<i64>()) {
            (Kind::Dict(_), _) => self.entry(owner, key),
            (Kind::List(_) | Kind::Tuple(_), Ok(at)) => {
                let items = self.plain_items(owner).ok()?;
                super::assign::index(at, items.len()).and_then(|at| items.get(at).cloned())
            }
            _ => None,
        }
    }

    fn entry(&mut self, dictionary: &Val, key: &str) -> Option<Val> {
        let entries = self.entries(dictionary).ok()?;
        entries
            .into_iter()
            .find(|(it, _)| it.as_str().is_some_and(|it| it.as_ref() == key))
            .map(|(_, value)| value)
    }

    /// What `bool(value)` gives as a value.
    pub(super) fn as_bool(&mut self, value: &Val, line: usize) -> Val {
        match self.truth(value) {
            Known::Certain(truth) => Val::new(Kind::Bool(truth), line),
            Known::Marker(marker) => Val::new(Kind::Condition(marker), line),
            Known::Unknown(taint) => Val::tainted(taint),
        }
    }
}

fn odd(line: usize) -> Val {
    Val::unknown(line, "a format that is not followed")
}

/// `str(value)`
pub(super) fn as_text(value: &Val) -> Result<Val, Rc<Taint>> {
    let text: Rc<str> = match &value.kind {
        Kind::Str(_) => return Ok(value.clone()),
        Kind::Unknown(taint) => return Err(taint.clone()),
        Kind::Int(int) => Rc::from(int.to_string()),
        Kind::Environment(super::condition::Environment::Major) => Rc::from("3"),
        Kind::Bool(true) => Rc::from("True"),
        Kind::Bool(false) => Rc::from("False"),
        Kind::None => Rc::from("None"),
        Kind::Path(path) => Rc::from(super::path::tidy(path)),
        // Short decimals look the same in both languages.
        Kind::Float(float) if float.abs() < 1e6 && float.to_string().len() < 8 => {
            let text = float.to_string();
            Rc::from(if text.contains('.') { text } else { format!("{text}.0") })
        }
        _ => return Err(reason(value.line, format!("the text of {}", value.kind.noun()))),
    };
    Ok(Val::text(text, value.line).with_from(value.from.clone()))
}

/// A part of a format that stays as it is.
fn piece(format: &Val, text: &str, line: usize) -> Val {
    if text.contains(PLACE) {
        return Val::text(text, line);
    }
    let from = if text.is_empty() { None } else { excerpt(format.from.as_ref()) };
    Val::text(text, line).with_from(from)
}

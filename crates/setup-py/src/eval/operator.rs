//! Operators: arithmetic, comparison, slices, attributes.

use std::rc::Rc;

use ruff_python_ast::Operator;
use ruff_text_size::Ranged;

use super::Interpreter;
use super::condition::Environment;
use super::path::PLACE;
use super::state::with_aliases;
use super::text::{combined, excerpt};
use super::value::{Kind, Val};

/// Bytes of the longest string that is computed.
pub(super) const LONGEST: usize = 4_000_000;

impl Interpreter<'_> {
    pub(super) fn binary(&mut self, left: &Val, op: Operator, right: &Val, node: &impl Ranged) -> Val {
        let line = self.line(node);
        if let Some(taint) = left.taint().or(right.taint()) {
            let mut ids = left.ids();
            ids.extend(right.ids());
            return Val::tainted(with_aliases(taint, ids));
        }
        let value = match (&left.kind, op, &right.kind) {
            (Kind::Str(format), Operator::Mod, _) => Some(self.percent(left, format, right, line)),
            (Kind::Str(_) | Kind::Bytes(_) | Kind::Path(_), ..) => self.binary_text(left, op, right, line),
            (Kind::Packages(_) | Kind::List(_), Operator::Add, Kind::Packages(_) | Kind::List(_))
            | (Kind::Tuple(_), Operator::Add, Kind::Tuple(_)) => {
                match (self.items(left), self.items(right)) {
                    (Ok(mut items), Ok(more)) => {
                        items.extend(more);
                        let tuple = matches!(left.kind, Kind::Tuple(_));
                        Some(if tuple { self.tuple(items, line) } else { self.list(items, line) })
                    }
                    (Err(taint), _) | (_, Err(taint)) => Some(Val::tainted(taint)),
                }
            }
            (Kind::External(one), Operator::BitOr, Kind::External(two)) if one.starts_with("re.") => {
                (one.len() < 100).then(|| Val::external(&format!("{one}|{two}"), line))
            }
            (Kind::Dict(_), Operator::BitOr, Kind::Dict(_)) => {
                let merged = self.dict(Vec::new(), line);
                if let Some(id) = merged.id() {
                    self.update(id, left);
                    self.update(id, right);
                }
                Some(merged)
            }
            (Kind::Set(_), Operator::BitOr, Kind::Set(_)) => {
                Some(self.set_operation(left, "union", std::slice::from_ref(right), line))
            }
            (Kind::Set(_), Operator::BitAnd, Kind::Set(_)) => {
                Some(self.set_operation(left, "intersection", std::slice::from_ref(right), line))
            }
            (Kind::Set(_), Operator::Sub, Kind::Set(_)) => {
                Some(self.set_operation(left, "difference", std::slice::from_ref(right), line))
            }
            (Kind::Int(one), _, Kind::Int(two)) => arithmetic(*one, op, *two).map(|it| Val::new(it, line)),
            _ => None,
        };
        value.unwrap_or_else(|| {
            let reason = self.unknown(node, format!("`{}`", self.code(node)));
            // What may be iterated here gives nothing more afterwards.
            self.taint_value(left, &reason);
            self.taint_value(right, &reason);
            reason
        })
    }

    fn binary_text(&mut self, left: &Val, op: Operator, right: &Val, line: usize) -> Option<Val> {
        match (&left.kind, op, &right.kind) {
            (Kind::Str(one), Operator::Add, Kind::Str(two))
            | (Kind::Bytes(one), Operator::Add, Kind::Bytes(two)) => {
                if one.len() + two.len() > LONGEST {
                    return None;
                }
                self.spend((one.len() + two.len()) / 16);
                let text = Rc::from(format!("{one}{two}"));
                let kind =
                    if matches!(left.kind, Kind::Str(_)) { Kind::Str(text) } else { Kind::Bytes(text) };
                Some(Val::new(kind, line_of_text(left, line)).with_from(combined(&[left, right])))
            }
            (Kind::Str(text), Operator::Mult, Kind::Int(times)) => {
                let times = usize::try_from(*times).unwrap_or(0);
                if text.len().saturating_mul(times) > LONGEST {
                    return None;
                }
                self.spend(text.len() * times / 16);
                Some(Val::text(text.repeat(times), line).with_from(excerpt(left.from.as_ref())))
            }
            (Kind::Path(one), Operator::Div, Kind::Str(two) | Kind::Path(two))
            | (Kind::Str(one), Operator::Div, Kind::Path(two)) => {
                Some(Val::new(Kind::Path(Rc::from(super::path::join(&[one, two]))), line))
            }
            _ => None,
        }
    }

    pub(super) fn slice(&mut self, owner: &Val, bounds: &[Option<Val>; 3], node: &impl Ranged) -> Val {
        let line = self.line(node);
        if let Some(taint) = bounds.iter().flatten().chain([owner]).find_map(Val::taint) {
            return Val::tainted(with_aliases(taint, owner.ids()));
        }
        let bound = |it: &Option<Val>| match it {
            Some(value) if !matches!(value.kind, Kind::None) => value.kind.int().map(Some),
            _ => Some(None),
        };
        let [Some(lower), Some(upper), Some(step)] =
            [bound(&bounds[0]), bound(&bounds[1]), bound(&bounds[2])]
        else {
            return self.unknown(node, format!("`{}`", self.code(node)));
        };
        let step = step.unwrap_or(1);
        match &owner.kind {
            Kind::Environment(Environment::VersionInfo) if lower.unwrap_or(0) == 0 && step == 1 => {
                match upper {
                    Some(1) => Val::new(Kind::Environment(Environment::MajorTuple), line),
                    Some(2) => Val::new(Kind::Environment(Environment::MajorMinor), line),
                    None => owner.clone(),
                    _ => self.unknown(node, format!("`{}` is known only where it runs", self.code(node))),
                }
            }
            Kind::Arguments => owner.clone(),
            Kind::Str(text) if !text.contains(PLACE) => {
                let chars: Vec<char> = text.chars().collect();
                self.spend(chars.len() / 16);
                let taken: Option<String> =
                    sliced(&chars, lower, upper, step).map(|it| it.into_iter().collect());
                match taken {
                    Some(text) => {
                        Val::text(text, line_of_text(owner, line)).with_from(excerpt(owner.from.as_ref()))
                    }
                    None => self.unknown(node, "a step of zero"),
                }
            }
            Kind::List(_) | Kind::Tuple(_) => match self.plain_items(owner) {
                Ok(items) => match sliced(&items, lower, upper, step) {
                    Some(items) if matches!(owner.kind, Kind::List(_)) => self.list(items, line),
                    Some(items) => self.tuple(items, line),
                    None => self.unknown(node, "a step of zero"),
                },
                Err(taint) => Val::tainted(taint),
            },
            _ => self.unknown(node, format!("`{}`", self.code(node))),
        }
    }
}

impl Kind {
    pub(super) fn int(&self) -> Option<i64> {
        match self {
            Self::Int(int) => Some(*int),
            _ => None,
        }
    }
}

fn arithmetic(one: i64, op: Operator, two: i64) -> Option<Kind> {
    let result = match op {
        Operator::Add => one.checked_add(two),
        Operator::Sub => one.checked_sub(two),
        Operator::Mult => one.checked_mul(two),
        Operator::FloorDiv if two > 0 => one.checked_div_euclid(two),
        Operator::Mod if two > 0 => one.checked_rem_euclid(two),
        _ => None,
    };
    result.map(Kind::Int)
}

fn sliced<T: Clone>(items: &[T], lower: Option<i64>, upper: Option<i64>, step: i64) -> Option<Vec<T>> {
    let length = i64::try_from(items.len()).ok()?;
    let clamp =
        |at: i64, low: i64, high: i64| (if at < 0 { at.saturating_add(length) } else { at }).clamp(low, high);
    let mut out = Vec::new();
    let (mut at, end) = match step {
        0 => return None,
        1.. => (clamp(lower.unwrap_or(0), 0, length), clamp(upper.unwrap_or(length), 0, length)),
        _ => {
            let start = lower.map_or(length - 1, |it| clamp(it, -1, length - 1));
            (start, upper.map_or(-1, |it| clamp(it, -1, length - 1)))
        }
    };
    while (step > 0 && at < end) || (step < 0 && at > end) {
        out.push(items.get(usize::try_from(at).ok()?)?.clone());
        at = at.saturating_add(step);
    }
    Some(out)
}

/// A text keeps the line of its literal where it has one.
pub(super) fn line_of_text(value: &Val, line: usize) -> usize {
    if value.from.is_none() { value.line } else { line }
}

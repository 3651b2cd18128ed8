//! Expressions.

use std::rc::Rc;

use ruff_python_ast::{BoolOp, DictItem, Expr, ExprBoolOp, ExprIf, ExprSubscript, Number, UnaryOp};
use ruff_text_size::Ranged;

use super::assign::index;
use super::condition::{Environment, Marker, Truth};
use super::heap::settle;
use super::names::is_builtin;
use super::state::{Fresh, Split, join_value, with_aliases};
use super::text::excerpt;
use super::value::{Cell, Kind, Taint, Val};
use super::{Eval, Halt, Interpreter};

/// What is known of a condition.
#[derive(Debug, Clone)]
pub(super) enum Known {
    Certain(bool),
    Marker(Rc<Marker>),
    Unknown(Rc<Taint>),
}

impl From<Truth> for Known {
    fn from(truth: Truth) -> Self {
        match truth {
            Truth::Known(truth) => Self::Certain(truth),
            Truth::Marker(marker) => Self::Marker(marker),
        }
    }
}

impl<'a> Interpreter<'a> {
    pub(super) fn eval(&mut self, expression: &'a Expr) -> Eval {
        if !self.spend(1) && !expression.is_literal_expr() {
            return Ok(Val::unknown(self.line(expression), "setup.py does too much to be followed"));
        }
        match self.deeper(|this| this.expression(expression)) {
            Some(Ok(value)) => {
                // Whatever is not known may as well be an error.
                self.may_raise(&value);
                Ok(value)
            }
            Some(Err(Halt)) => Err(Halt),
            None => Ok(Val::unknown(self.line(expression), "this is nested too deeply to be followed")),
        }
    }

    fn expression(&mut self, expression: &'a Expr) -> Eval {
        let line = self.line(expression);
        let kind = match expression {
            Expr::NoneLiteral(_) => Kind::None,
            Expr::BooleanLiteral(it) => Kind::Bool(it.value),
            Expr::NumberLiteral(it) => match &it.value {
                Number::Int(int) => match int.as_i64() {
                    Some(int) => Kind::Int(int),
                    None => return Ok(Val::unknown(line, "a number of more than 64 bits")),
                },
                Number::Float(float) => Kind::Float(*float),
                Number::Complex { .. } => return Ok(Val::unknown(line, "a complex number")),
            },
            Expr::StringLiteral(it) => {
                let text = it.value.to_str();
                self.spend(text.len() / 16);
                if text.contains(super::path::PLACE) {
                    return Ok(Val::unknown(line, "a private character"));
                }
                Kind::Str(Rc::from(text))
            }
            Expr::BytesLiteral(it) => match String::from_utf8(it.value.bytes().collect()) {
                Ok(text) => Kind::Bytes(Rc::from(text)),
                Err(_) => return Ok(Val::unknown(line, "bytes that are not text")),
            },
            Expr::Name(it) => return Ok(self.look_up(&it.id, line)),
            Expr::Attribute(it) => {
                let owner = self.eval(&it.value)?;
                return self.attribute(&owner, &it.attr, expression);
            }
            Expr::Call(it) => return self.call(it),
            Expr::BinOp(it) => {
                let left = self.eval(&it.left)?;
                let right = self.eval(&it.right)?;
                return Ok(self.binary(&left, it.op, &right, expression));
            }
            Expr::Subscript(it) => return self.subscript(it),
            Expr::If(it) => return self.conditional(it),
            Expr::BoolOp(it) => return self.boolean(it),
            Expr::FString(it) => return self.f_string(&it.value, line),
            _ => return self.other_expression(expression, line),
        };
        Ok(Val::new(kind, line))
    }

    fn other_expression(&mut self, expression: &'a Expr, line: usize) -> Eval {
        match expression {
            Expr::List(it) => {
                let items = self.display(&it.elts)?;
                Ok(items.map_or_else(Val::tainted, |items| self.list(items, line)))
            }
            Expr::Tuple(it) => {
                let items = self.display(&it.elts)?;
                Ok(items.map_or_else(Val::tainted, |items| self.tuple(items, line)))
            }
            Expr::Set(it) => {
                let items = self.display(&it.elts)?;
                Ok(items.map_or_else(Val::tainted, |items| self.set(items, line)))
            }
            Expr::Dict(it) => self.dict_display(&it.items, line),
            Expr::UnaryOp(it) => self.unary(it.op, &it.operand, expression),
            Expr::Compare(it) => Ok(match self.compare(it)? {
                Known::Certain(truth) => Val::new(Kind::Bool(truth), line),
                Known::Marker(marker) => Val::new(Kind::Condition(marker), line),
                Known::Unknown(taint) => Val::tainted(taint),
            }),
            Expr::Named(it) => {
                let value = self.eval(&it.value)?;
                self.assign(&it.target, value.clone())?;
                Ok(value)
            }
            Expr::ListComp(it) => self.comprehension(&it.generators, &it.elt, None, Kind::List, line),
            Expr::Generator(it) => self.comprehension(&it.generators, &it.elt, None, Kind::Iterator, line),
            Expr::SetComp(it) => self.comprehension(&it.generators, &it.elt, None, Kind::Set, line),
            Expr::DictComp(it) => match &it.key {
                Some(key) => self.comprehension(&it.generators, &it.value, Some(key), Kind::Dict, line),
                None => Ok(self.unknown(expression, "a comprehension without a key")),
            },
            Expr::Lambda(it) => self.lambda(it),
            Expr::Yield(it) => {
                let value = match &it.value {
                    Some(value) => self.eval(value)?,
                    None => Val::new(Kind::None, line),
                };
                self.give(vec![value]);
                Ok(Val::new(Kind::None, line))
            }
            Expr::YieldFrom(it) => {
                let value = self.eval(&it.value)?;
                let items = self.items(&value).unwrap_or_else(|taint| vec![Val::tainted(taint)]);
                self.give(items);
                Ok(Val::new(Kind::None, line))
            }
            Expr::Starred(it) => self.eval(&it.value),
            _ => Ok(self.unknown(expression, format!("`{}`", self.code(expression)))),
        }
    }

    fn dict_display(&mut self, items: &'a [DictItem], line: usize) -> Eval {
        let dict = self.dict(Vec::new(), line);
        for item in items {
            let Some(id) = dict.id() else { break };
            if let Some(key) = &item.key {
                let key = self.eval(key)?;
                let value = self.eval(&item.value)?;
                self.set_entry(id, &key, value);
            } else {
                let more = self.eval(&item.value)?;
                self.update(id, &more);
            }
        }
        Ok(dict)
    }

    /// What a generator gives.
    fn give(&mut self, items: Vec<Val>) {
        if let Some(id) = self.yields.last() {
            self.extend(*id, items, self.here);
        }
    }

    fn look_up(&mut self, name: &str, line: usize) -> Val {
        match self.name(name) {
            Some(mut value) => {
                // A literal keeps its own line, so that each item of a list can be pointed at.
                if value.line == 0 {
                    value.line = line;
                }
                value
            }
            None if is_builtin(name) => Val::external(name, line),
            None => {
                let value = Val::unknown(line, format!("`{name}` is not set anywhere before"));
                self.may_raise(&value);
                value
            }
        }
    }

    /// The items of a display, stars unpacked.
    pub(super) fn display(&mut self, elements: &'a [Expr]) -> Eval<Result<Vec<Val>, Rc<Taint>>> {
        let mut items = Vec::with_capacity(elements.len());
        let mut failed: Option<Rc<Taint>> = None;
        for element in elements {
            let value = self.eval(element)?;
            match element {
                Expr::Starred(_) => match self.items(&value) {
                    Ok(more) => items.extend(more),
                    Err(taint) => failed = Some(failed.unwrap_or(taint)),
                },
                _ => items.push(settle(value)),
            }
        }
        Ok(match failed {
            Some(taint) => Err(with_aliases(&taint, items.iter().flat_map(Val::ids).collect())),
            None => Ok(items),
        })
    }

    fn subscript(&mut self, it: &'a ExprSubscript) -> Eval {
        let owner = self.eval(&it.value)?;
        if let Expr::Slice(slice) = &*it.slice {
            let mut bounds = [None, None, None];
            for (bound, part) in bounds.iter_mut().zip([&slice.lower, &slice.upper, &slice.step]) {
                if let Some(part) = part {
                    *bound = Some(self.eval(part)?);
                }
            }
            return Ok(self.slice(&owner, &bounds, it));
        }
        let key = self.eval(&it.slice)?;
        self.item(&owner, &key, it)
    }

    pub(super) fn item(&mut self, owner: &Val, key: &Val, node: &impl Ranged) -> Eval {
        let line = self.line(node);
        match (&owner.kind, &key.kind) {
            (Kind::Unknown(_), _) => {
                self.may_raise(owner);
                Ok(owner.clone())
            }
            (_, Kind::Unknown(taint)) => Ok(Val::tainted(with_aliases(taint, owner.ids()))),
            (
                Kind::Environment(Environment::VersionInfo | Environment::MajorMinor),
                Kind::Int(at @ (0 | 1)),
            ) => {
                let part = if *at == 0 { Environment::Major } else { Environment::Minor };
                Ok(Val::new(Kind::Environment(part), line))
            }
            (Kind::Arguments, _) => Ok(Val::new(Kind::Arguments, line)),
            (Kind::Match(found), _) => Ok(self.group(found, std::slice::from_ref(key), line)),
            (Kind::External(name), _) if name.as_ref() == "os.environ" => {
                Ok(self.environment_variable(key, node))
            }
            _ => match self.found_item(owner, key, line) {
                Some(Ok(Some(value))) => Ok(value),
                Some(Ok(None)) => {
                    let error = if matches!(key.kind, Kind::Int(_)) { "IndexError" } else { "KeyError" };
                    self.raise(node, error, format!("`{}`: there is no such item", self.code(node)))
                }
                Some(Err(taint)) => Ok(Val::tainted(taint)),
                None => Ok(self.unknown(node, format!("`{}`", self.code(node)))),
            },
        }
    }

    /// The item of a container. The outer `None`: not something that has items; the inner one: no such item.
    fn found_item(&mut self, owner: &Val, key: &Val, line: usize) -> Option<Result<Option<Val>, Rc<Taint>>> {
        Some(match (&owner.kind, &key.kind) {
            (Kind::List(_) | Kind::Tuple(_), Kind::Int(at)) => self
                .plain_items(owner)
                .map(|items| index(*at, items.len()).and_then(|at| items.get(at).cloned())),
            (Kind::Dict(_), _) if self.hashable(key).is_some() => self.entries(owner).map(|entries| {
                let found = entries.into_iter().find(|(it, _)| self.equal(it, key) == Some(true));
                found.map(|(_, value)| value)
            }),
            (Kind::Str(text), Kind::Int(at)) if !text.contains(super::path::PLACE) => {
                let chars: Vec<char> = text.chars().collect();
                self.spend(chars.len() / 16);
                let found = index(*at, chars.len()).and_then(|at| chars.get(at));
                Ok(found.map(|it| Val::text(it.to_string(), line).with_from(excerpt(owner.from.as_ref()))))
            }
            (Kind::External(name), Kind::Str(key)) => match name.as_ref() {
                "locals()" => Ok(self.name(&format!("locals:{key}")).or_else(|| self.name(key))),
                "globals()" => Ok(self.global(key)),
                _ => return None,
            },
            _ => return None,
        })
    }

    fn conditional(&mut self, it: &'a ExprIf) -> Eval {
        let split = match self.condition(&it.test)? {
            Known::Certain(true) => return self.eval(&it.body),
            Known::Certain(false) => return self.eval(&it.orelse),
            Known::Unknown(taint) => Split::Unknown(taint),
            Known::Marker(marker) => {
                let why = format!("it depends on `{}`", self.code(&*it.test));
                Split::Marker(marker, super::heap::reason(self.line(&*it.test), why))
            }
        };
        self.either(&split, |this| this.eval(&it.body), |this| this.eval(&it.orelse))
    }

    /// The value of one path or of the other.
    pub(super) fn either(
        &mut self,
        split: &Split,
        first: impl FnOnce(&mut Self) -> Eval,
        second: impl FnOnce(&mut Self) -> Eval,
    ) -> Eval {
        let (one, two, after_one, after_two) = self.split(split, first, second)?;
        match (one, two) {
            (Some(one), Some(two)) => {
                let mut fresh = Fresh::after(&self.state);
                let value = join_value((&after_one, &one), (&after_two, &two), &mut fresh, split);
                fresh.put_into(&mut self.state);
                Ok(value)
            }
            (Some(value), None) | (None, Some(value)) => Ok(value),
            (None, None) => Err(Halt),
        }
    }

    fn boolean(&mut self, it: &'a ExprBoolOp) -> Eval {
        let Some((first, rest)) = it.values.split_first() else {
            return Ok(self.unknown(it, "an operator without operands"));
        };
        let mut value = self.eval(first)?;
        for next in rest {
            let go_on = it.op == BoolOp::And;
            value = match self.truth(&value) {
                Known::Certain(truth) if truth == go_on => self.eval(next)?,
                Known::Certain(_) => return Ok(value),
                Known::Unknown(taint) => {
                    let left = value.clone();
                    let split = Split::Unknown(taint.clone());
                    let both = self.either(&split, |this| this.eval(next), |_| Ok(left))?;
                    // `unknown and False` is as good as False where only its truth counts.
                    match (self.truth(&both), both.kind) {
                        (_, Kind::Unknown(other)) => {
                            Val::tainted(with_aliases(&taint, other.aliases.clone()))
                        }
                        (_, kind) => Val::new(kind, value.line),
                    }
                }
                Known::Marker(marker) => self.boolean_marker(&value, &marker, go_on, next)?,
            };
        }
        Ok(value)
    }

    fn boolean_marker(&mut self, left: &Val, marker: &Rc<Marker>, and: bool, next: &'a Expr) -> Eval {
        let taint = super::heap::reason(left.line, format!("it depends on `{}`", marker.text));
        let split = Split::Unknown(taint.clone());
        let kept = left.clone();
        let (right, _, _, _) = self.split(&split, |this| this.eval(next), |_| Ok(kept))?;
        let Some(right) = right else { return Ok(left.clone()) };
        Ok(match self.truth(&right) {
            Known::Certain(truth) if truth == and => left.clone(),
            Known::Certain(truth) if matches!(right.kind, Kind::Bool(_)) => {
                Val::new(Kind::Bool(truth), left.line)
            }
            Known::Marker(other) => {
                let both = if and { marker.and(&other) } else { marker.or(&other) };
                match both {
                    Some(both) => Val::new(Kind::Condition(Rc::new(both)), left.line),
                    None => Val::tainted(taint),
                }
            }
            Known::Unknown(other) => Val::tainted(with_aliases(&other, right.ids())),
            Known::Certain(_) => Val::tainted(with_aliases(&taint, right.ids())),
        })
    }

    fn unary(&mut self, op: UnaryOp, operand: &'a Expr, node: &'a Expr) -> Eval {
        let value = self.eval(operand)?;
        let line = self.line(node);
        Ok(match (op, &value.kind) {
            (UnaryOp::Not, _) => match self.truth(&value) {
                Known::Certain(truth) => Val::new(Kind::Bool(!truth), line),
                Known::Marker(marker) => Val::new(Kind::Condition(Rc::new(marker.not())), line),
                Known::Unknown(taint) => Val::tainted(taint),
            },
            (UnaryOp::UAdd, Kind::Int(_) | Kind::Float(_)) | (_, Kind::Unknown(_)) => value,
            (UnaryOp::USub, Kind::Int(int)) => match int.checked_neg() {
                Some(int) => Val::new(Kind::Int(int), line),
                None => self.unknown(node, "a number of more than 64 bits"),
            },
            (UnaryOp::USub, Kind::Float(float)) => Val::new(Kind::Float(-float), line),
            _ => self.unknown(node, format!("`{}`", self.code(node))),
        })
    }

    /// What is known of a condition.
    pub(super) fn condition(&mut self, test: &'a Expr) -> Eval<Known> {
        let value = self.eval(test)?;
        Ok(self.truth(&value))
    }

    /// Whether a value is true in the sense of `bool()`.
    pub(super) fn truth(&mut self, value: &Val) -> Known {
        let unknown = |why: String| Known::Unknown(super::heap::reason(value.line, why));
        match &value.kind {
            Kind::Unknown(taint) => Known::Unknown(taint.clone()),
            Kind::Condition(marker) => Known::Marker(marker.clone()),
            Kind::None => Known::Certain(false),
            Kind::Bool(truth) => Known::Certain(*truth),
            Kind::Int(int) => Known::Certain(*int != 0),
            Kind::Float(float) => Known::Certain(*float != 0.0),
            Kind::Str(text) | Kind::Bytes(text) => Known::Certain(!text.is_empty()),
            Kind::List(id) | Kind::Tuple(id) | Kind::Set(id) | Kind::Dict(id) => match self.cell(*id) {
                Cell::Items(items) if items.is_empty() => Known::Certain(false),
                Cell::Items(items) if items.iter().any(|it| it.marker.is_none()) => Known::Certain(true),
                Cell::Entries(entries) if entries.is_empty() => Known::Certain(false),
                Cell::Entries(entries) if entries.iter().any(|it| it.0.marker.is_none()) => {
                    Known::Certain(true)
                }
                Cell::Unknown(taint) => Known::Unknown(taint.clone()),
                _ => unknown("it depends on markers whether the list is empty".to_owned()),
            },
            Kind::Environment(Environment::Major) => Known::Certain(true),
            Kind::Environment(_) => unknown("a fact about the interpreter".to_owned()),
            Kind::Arguments => unknown("the command line".to_owned()),
            Kind::External(name) if !super::names::is_object(name) => {
                unknown(format!("`{name}` is known only where it runs"))
            }
            _ => Known::Certain(true),
        }
    }
}

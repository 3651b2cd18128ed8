//! Calls and attributes.

use std::rc::Rc;

use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::Ranged;

use super::condition::Environment;
use super::environ::external_attribute;
use super::files::path_attribute;
use super::heap::settle;
use super::state::with_aliases;
use super::value::{Kind, Taint, Val};
use super::{Eval, Interpreter};
use crate::{RemarkKind, UnknownKind};

/// The arguments of a call.
#[derive(Debug, Default)]
pub(super) struct Args {
    pub(super) positional: Vec<Val>,
    pub(super) named: Vec<(Rc<str>, Val)>,
    /// There may be more arguments, through a star that is not known.
    pub(super) rest: Option<Rc<Taint>>,
}

impl Args {
    /// An argument by its place or its name.
    pub(super) fn get(&self, at: usize, name: &str) -> Option<&Val> {
        self.positional.get(at).or_else(|| self.named(name))
    }

    pub(super) fn named(&self, name: &str) -> Option<&Val> {
        self.named.iter().find(|(it, _)| it.as_ref() == name).map(|(_, value)| value)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Val> {
        self.positional.iter().chain(self.named.iter().map(|(_, value)| value))
    }

    /// The first argument that is not known.
    pub(super) fn taint(&self) -> Option<&Rc<Taint>> {
        self.all().find_map(Val::taint).or(self.rest.as_ref())
    }

    /// Only `count` arguments by place, and none by name.
    pub(super) fn are(&self, count: usize) -> bool {
        self.positional.len() == count && self.named.is_empty() && self.rest.is_none()
    }
}

impl<'a> Interpreter<'a> {
    pub(super) fn call(&mut self, call: &'a ExprCall) -> Eval {
        let callee = self.eval(&call.func)?;
        if let Kind::External(name) = &callee.kind
            && super::setup::is_setup(name)
        {
            return self.setup_call(call);
        }
        if callee.taint().is_some() && self.names_a_function(&call.func) {
            self.effect(call);
        }
        let args = self.args(call)?;
        self.apply(&callee, args, call)
    }

    /// Whether the code names a function itself, or one of a module, rather than a method of some value.
    fn names_a_function(&self, function: &Expr) -> bool {
        match function {
            Expr::Name(_) => true,
            Expr::Attribute(it) => match &*it.value {
                Expr::Name(owner) => {
                    self.name(&owner.id).is_some_and(|it| matches!(it.kind, Kind::Module(_)))
                }
                _ => false,
            },
            _ => false,
        }
    }

    pub(super) fn args(&mut self, call: &'a ExprCall) -> Eval<Args> {
        let mut args = Args::default();
        for argument in &call.arguments.args {
            let value = self.eval(argument)?;
            match argument {
                Expr::Starred(_) => match self.plain_items(&value) {
                    Ok(items) => args.positional.extend(items),
                    Err(taint) => args.rest = Some(with_aliases(&taint, value.ids())),
                },
                _ => args.positional.push(settle(value)),
            }
        }
        for keyword in &call.arguments.keywords {
            let value = self.eval(&keyword.value)?;
            match &keyword.arg {
                Some(name) => args.named.push((Rc::from(name.as_str()), settle(value))),
                None => match self.entries(&value) {
                    Ok(entries) => {
                        for (key, value) in entries {
                            match key.as_str() {
                                Some(name) => args.named.push((name.clone(), value)),
                                None => {
                                    args.rest =
                                        Some(super::heap::reason(key.line, "a name that is not known"));
                                }
                            }
                        }
                    }
                    Err(taint) => args.rest = Some(with_aliases(&taint, value.ids())),
                },
            }
        }
        Ok(args)
    }

    pub(super) fn apply(&mut self, callee: &Val, args: Args, node: &(impl Ranged + Sized)) -> Eval {
        let line = self.line(node);
        match &callee.kind {
            Kind::External(name) => self.external(name, &args, node),
            Kind::Method(method) => self.method(&method.0, &method.1, &args, node),
            Kind::Function(at) => self.call_function(*at, args, line),
            Kind::Class(name) => {
                let reason =
                    Val::unknown(line, format!("`{name}(...)` makes an object of a class of setup.py"));
                self.give_away(callee, &args, &reason);
                self.may_raise(&reason);
                Ok(Val::new(Kind::Object(name.clone()), line))
            }
            Kind::Unknown(taint) => {
                self.give_away(callee, &args, callee);
                self.may_raise(callee);
                Ok(Val::tainted(taint.clone()))
            }
            Kind::Object(name) if name.as_ref() == "functools.partial" => Ok(self.opaque(name, &args, node)),
            _ => {
                let reason =
                    self.unknown(node, format!("`{}` calls {}", self.code(node), callee.kind.noun()));
                self.give_away(callee, &args, &reason);
                Ok(reason)
            }
        }
    }

    /// Code that is not followed gets these values and may change them.
    pub(super) fn give_away(&mut self, callee: &Val, args: &Args, reason: &Val) {
        let mut ids: Vec<usize> = args.rest.iter().flat_map(|it| it.aliases.clone()).collect();
        ids.extend(callee.ids());
        self.taint(&ids, reason);
        self.escape(callee, reason);
        for value in args.all() {
            self.escape(value, reason);
            self.taint_value(value, reason);
        }
    }

    /// A call of code outside of the project.
    pub(super) fn opaque(&mut self, name: &str, args: &Args, node: &impl Ranged) -> Val {
        let code = self.code(node);
        let git = name.starts_with("subprocess.") && code.contains("git");
        let kind = if git { UnknownKind::VersionControl } else { super::environ::kind_of(name) };
        let value = Val::unknown_kind(self.line(node), format!("`{code}` is known only where it runs"), kind);
        self.may_raise(&value);
        self.give_away(&Val::external(name, 0), args, &value);
        value
    }

    pub(super) fn effect(&mut self, node: &impl Ranged) {
        let line = self.line(node);
        self.remark(line, RemarkKind::Effect, format!("runs `{}`", self.code(node)));
    }

    fn method(&mut self, owner: &Val, name: &str, args: &Args, node: &impl Ranged) -> Eval {
        let result = match &owner.kind {
            Kind::Str(_) | Kind::Bytes(_) => self.text_method(owner, name, args, node)?,
            Kind::List(id) => self.list_method(*id, name, args, node)?,
            Kind::Dict(id) => self.dict_method(owner, *id, name, args, node)?,
            Kind::Set(id) => self.set_method(owner, *id, name, args, node),
            Kind::Tuple(_) => self.tuple_method(owner, name, args, node),
            Kind::File(id) => self.file_method(*id, name, args, node),
            Kind::Path(path) => self.path_method(path, name, args, node)?,
            Kind::Match(found) => match name {
                "group" | "__getitem__" => Some(self.group(found, &args.positional, self.line(node))),
                "groups" if args.are(0) => Some(self.all_groups(found, self.line(node))),
                "groupdict" if args.are(0) => Some(self.named_groups(found, self.line(node))),
                _ => None,
            },
            Kind::Pattern(pattern) => self.pattern_method(&pattern.clone(), name, args, node),
            Kind::Environment(environment) => self.environment_method(*environment, name, args, node),
            Kind::Arguments => {
                let (line, code) = (self.line(node), self.code(node));
                self.remark(
                    line,
                    RemarkKind::CommandLine,
                    format!("changes or asks for the command line: `{code}`"),
                );
                Some(Val::unknown(line, "it depends on the command line"))
            }
            Kind::None => {
                let why = format!("`{}`: there is nothing here, `None`", self.code(node));
                return self.raise(node, "AttributeError", why);
            }
            _ => None,
        };
        if let Some(value) = result {
            return Ok(value);
        }
        let why = format!("`{}` is not followed", self.code(node));
        let reason = match args.taint() {
            Some(taint) if !matches!(owner.kind, Kind::List(_) | Kind::Dict(_)) => {
                Val::tainted(taint.clone())
            }
            _ => self.unknown(node, why),
        };
        self.may_raise(&reason);
        self.give_away(owner, args, &reason);
        Ok(reason)
    }

    pub(super) fn attribute(&mut self, owner: &Val, name: &str, node: &impl Ranged) -> Eval {
        let line = self.line(node);
        Ok(match &owner.kind {
            Kind::External(outer) => external_attribute(outer, name, line),
            Kind::Environment(Environment::VersionInfo) if name == "major" => {
                Val::new(Kind::Environment(Environment::Major), line)
            }
            Kind::Environment(Environment::VersionInfo) if name == "minor" => {
                Val::new(Kind::Environment(Environment::Minor), line)
            }
            Kind::Path(path) => match path_attribute(path, name, line) {
                Some(value) => value,
                None => Val::new(Kind::Method(Rc::new((owner.clone(), Box::from(name)))), line),
            },
            Kind::Module(path) => {
                let path = path.clone();
                return self.module_attribute(&path, name, node);
            }
            Kind::Unknown(_) => {
                self.may_raise(owner);
                owner.clone()
            }
            // What pip's own `parse_requirements` gives is kept as the text of each requirement.
            Kind::Str(_) if matches!(name, "req" | "requirement") => owner.clone(),
            Kind::Method(_) | Kind::Function(_) | Kind::Class(_) | Kind::Object(_) | Kind::Packages(_) => {
                self.unknown(node, format!("`{}`", self.code(node)))
            }
            _ => Val::new(Kind::Method(Rc::new((owner.clone(), Box::from(name)))), line),
        })
    }
}

//! Builtin functions, and functions of the standard library that only compute.

use std::rc::Rc;

use ruff_text_size::Ranged;

use super::calls::Args;
use super::expression::Known;
use super::names::{is_constructor, is_pure};
use super::state::with_aliases;
use super::value::{Kind, Val};
use super::{Eval, Interpreter};

impl Interpreter<'_> {
    /// Calls something outside of the project.
    pub(super) fn external(&mut self, name: &str, args: Args, node: &impl Ranged) -> Eval {
        let line = self.line(node);
        if let Some(value) = self.module_call(name, &args, node)? {
            return Ok(value);
        }
        if let Some(value) = self.file_function(name, &args, node)? {
            return Ok(value);
        }
        if let Some(value) = self.environment_function(name, &args, node) {
            return Ok(value);
        }
        if let Some(function) = name.strip_prefix("re.")
            && args.taint().is_none()
            && let Some(value) = self.regular_expression(function, &args, node)
        {
            return Ok(value);
        }
        if let Some(value) = self.builtin(name, &args, node)? {
            return Ok(value);
        }
        if is_constructor(name) {
            for value in args.all() {
                let reason = Val::unknown(line, format!("`{}` may change it", self.code(node)));
                self.taint_value(value, &reason);
            }
            return Ok(Val::new(Kind::Object(Rc::from(name)), line));
        }
        if let Some(taint) = args.taint()
            && is_pure(name)
        {
            let ids: Vec<usize> = args.all().flat_map(Val::ids).collect();
            let value = Val::tainted(with_aliases(taint, ids));
            self.may_raise(&value);
            return Ok(value);
        }
        if !is_pure(name) {
            self.effect(node);
        }
        Ok(self.opaque(name, &args, node))
    }

    fn builtin(&mut self, name: &str, args: &Args, node: &impl Ranged) -> Eval<Option<Val>> {
        let line = self.line(node);
        if args.rest.is_some() {
            return Ok(None);
        }
        if let Some(value) = self.build_container(name, args, line) {
            return Ok(Some(value));
        }
        if let Some(value) = self.gone_through(name, args, node)? {
            return Ok(Some(value));
        }
        Ok(match (name, args.positional.as_slice()) {
            ("print" | "warnings.warn" | "warnings.simplefilter" | "warnings.filterwarnings", _) => {
                Some(Val::new(Kind::None, line))
            }
            ("sys.stderr.write" | "sys.stdout.write" | "sys.stdout.flush" | "sys.stderr.flush", _) => {
                Some(Val::new(Kind::None, line))
            }
            ("sys.exit" | "exit" | "quit", _) => return Err(self.throw("SystemExit")),
            ("len", [value]) => match &value.kind {
                Kind::Str(text) if !text.contains(super::path::PLACE) => {
                    Some(Val::new(Kind::Int(i64::try_from(text.chars().count()).unwrap_or(0)), line))
                }
                Kind::List(_) | Kind::Tuple(_) | Kind::Set(_) | Kind::Dict(_) => {
                    let items =
                        self.items(value).ok().filter(|items| items.iter().all(|it| it.marker.is_none()));
                    items.and_then(|it| i64::try_from(it.len()).ok()).map(|it| Val::new(Kind::Int(it), line))
                }
                _ => None,
            },
            ("str" | "unicode", [value]) => self.as_text(value).ok(),
            ("str", []) => Some(Val::text("", line)),
            ("bool", [value]) => Some(self.as_bool(value, line)),
            ("int", [value]) => match &value.kind {
                Kind::Int(_) => Some(value.clone()),
                Kind::Bool(truth) => Some(Val::new(Kind::Int(i64::from(*truth)), line)),
                Kind::Str(text) => match text.trim().parse() {
                    Ok(int) if text.is_ascii() => {
                        Some(Val::new(Kind::Int(int), line).with_from(self.excerpt(&value.from)))
                    }
                    _ => return self.raise(node, "ValueError", "a string that is no number").map(Some),
                },
                _ => None,
            },
            ("isinstance", [value, kind]) => {
                is_instance(&value.kind, &kind.kind).map(|it| Val::new(Kind::Bool(it), line))
            }
            ("hasattr", [Val { kind: Kind::External(module), .. }, name]) if module.as_ref() == "sys" => {
                let pypy = name
                    .as_str()
                    .is_some_and(|it| matches!(it.as_ref(), "pypy_version_info" | "pypy_translation_info"));
                match super::condition::is_pypy() {
                    super::condition::Truth::Marker(marker) if pypy => {
                        Some(Val::new(Kind::Condition(marker), line))
                    }
                    _ => None,
                }
            }
            ("repr", [value]) => match &value.kind {
                Kind::Int(_) | Kind::Bool(_) | Kind::None => self.as_text(value).ok(),
                _ => None,
            },
            ("ast.literal_eval", [value]) => self.literal(value, line),
            ("textwrap.dedent", [value]) => value
                .as_str()
                .filter(|it| !it.contains(super::path::PLACE))
                .cloned()
                .map(|it| Val::text(super::files::dedent(&it), line).with_from(self.excerpt(&value.from))),
            ("getattr", [owner, name, rest @ ..]) => match (&owner.kind, name.as_str(), rest) {
                (Kind::Module(_), Some(name), []) => {
                    return self.attribute(owner, &name.clone(), node).map(Some);
                }
                _ => None,
            },
            ("io.StringIO" | "StringIO.StringIO", [value]) => self.string_io(value, line),
            ("setuptools.find_packages" | "find_packages", _) => Some(self.find_packages(args, false, node)),
            ("setuptools.find_namespace_packages" | "setuptools.PEP420PackageFinder.find", _) => {
                Some(self.find_packages(args, true, node))
            }
            ("setuptools.PackageFinder.find", _) => Some(self.find_packages(args, false, node)),
            _ => None,
        })
    }

    fn build_container(&mut self, name: &str, args: &Args, line: usize) -> Option<Val> {
        let items = |this: &mut Self| match args.positional.as_slice() {
            [] => Some(Ok(Vec::new())),
            [value] => Some(this.items(value)),
            _ => None,
        };
        Some(match name {
            "list" | "tuple" | "iter" => match items(self)? {
                Ok(items) if name == "tuple" => self.tuple(items, line),
                Ok(items) => self.list(items, line),
                Err(taint) => Val::tainted(taint),
            },
            "set" | "frozenset" => match items(self)? {
                Ok(items) => self.set(items, line),
                Err(taint) => Val::tainted(taint),
            },
            "dict" | "collections.OrderedDict" | "OrderedDict" => {
                let dict = self.dict(Vec::new(), line);
                let id = dict.id()?;
                if let Some(more) = args.positional.first() {
                    self.update(id, more);
                }
                for (name, value) in &args.named {
                    self.set_entry(id, &Val::text(name.clone(), value.line), value.clone());
                }
                dict
            }
            "sorted" if args.are(1) => {
                let value = args.positional.first()?;
                match self.plain_items(value) {
                    Ok(_) => self.sorted(value)?,
                    Err(taint) => Val::tainted(taint),
                }
            }
            "itertools.chain.from_iterable" | "itertools.chain" => {
                let lists = match (name, args.positional.as_slice()) {
                    ("itertools.chain", lists) => lists.to_vec(),
                    (_, [lists]) => match self.plain_items(lists) {
                        Ok(lists) => lists,
                        Err(taint) => return Some(Val::tainted(taint)),
                    },
                    _ => return None,
                };
                let mut all = Vec::new();
                for list in lists {
                    match self.items(&list) {
                        Ok(items) => all.extend(items),
                        Err(taint) => return Some(Val::tainted(taint)),
                    }
                }
                self.list(all, line)
            }
            _ => return None,
        })
    }

    /// Functions that go through all items of something.
    fn gone_through(&mut self, name: &str, args: &Args, node: &impl Ranged) -> Eval<Option<Val>> {
        let line = self.line(node);
        let (function, over) = match (name, args.positional.as_slice()) {
            ("map" | "filter", [function, over]) => (Some(function), over),
            ("sum", [over, ..])
            | ("any" | "all" | "enumerate" | "reversed" | "next" | "min" | "max", [over]) => (None, over),
            ("next", [over, _]) => (None, over),
            ("zip", [_, _]) => return Ok(self.zip(args, line)),
            ("range", _) => return Ok(self.range(args, line)),
            _ => return Ok(None),
        };
        let items = match self.plain_items(over) {
            Ok(items) => items,
            Err(taint) => return Ok(Some(Val::tainted(with_aliases(&taint, over.ids())))),
        };
        Ok(match (name, function) {
            ("map", Some(function)) => {
                let mut out = Vec::new();
                for item in items {
                    let args = Args { positional: vec![item], ..Args::default() };
                    out.push(self.apply_within(function, args, node)?);
                }
                Some(self.list(out, line))
            }
            ("filter", Some(function)) => {
                let mut out = Vec::new();
                for item in items {
                    let args = Args { positional: vec![item.clone()], ..Args::default() };
                    let keep = match function.kind {
                        Kind::None => item.clone(),
                        _ => self.apply_within(function, args, node)?,
                    };
                    match self.truth(&keep) {
                        Known::Certain(true) => out.push(item),
                        Known::Certain(false) => {}
                        _ => return Ok(None),
                    }
                }
                Some(self.list(out, line))
            }
            ("sum", _) => {
                let start = args.positional.get(1).cloned().unwrap_or(Val::new(Kind::Int(0), line));
                let mut total = start;
                for item in items {
                    total = self.binary(&total, ruff_python_ast::Operator::Add, &item, node)?;
                }
                Some(total)
            }
            ("any" | "all", _) => {
                let wanted = name == "any";
                for item in items {
                    match self.truth(&item) {
                        Known::Certain(truth) if truth == wanted => {
                            return Ok(Some(Val::new(Kind::Bool(wanted), line)));
                        }
                        Known::Certain(_) => {}
                        _ => return Ok(None),
                    }
                }
                Some(Val::new(Kind::Bool(!wanted), line))
            }
            ("enumerate", _) => {
                let pairs = (0i64..)
                    .zip(items)
                    .map(|(at, it)| self.tuple(vec![Val::new(Kind::Int(at), line), it], line));
                let pairs = pairs.collect();
                Some(self.list(pairs, line))
            }
            ("reversed", _) => Some(self.list(items.into_iter().rev().collect(), line)),
            // A generator that is asked twice gives its second item, which a list does not.
            ("next", _) if matches!(over.kind, Kind::List(_)) && args.positional.len() <= 2 => {
                match (items.first(), args.positional.get(1)) {
                    (Some(item), _) => Some(item.clone()),
                    (None, Some(default)) => Some(default.clone()),
                    (None, None) => {
                        return self.raise(node, "StopIteration", "there is no such item").map(Some);
                    }
                }
            }
            _ => None,
        })
    }

    /// A call from within a builtin.
    fn apply_within(&mut self, function: &Val, args: Args, node: &impl Ranged) -> Eval {
        let range = node.range();
        self.deeper(|this| this.apply(function, args, &range))
            .unwrap_or_else(|| Ok(Val::unknown(0, "this is nested too deeply to be followed")))
    }

    fn zip(&mut self, args: &Args, line: usize) -> Option<Val> {
        let one = self.plain_items(args.positional.first()?).ok()?;
        let two = self.plain_items(args.positional.get(1)?).ok()?;
        let pairs = one.into_iter().zip(two).map(|(one, two)| self.tuple(vec![one, two], line)).collect();
        Some(self.list(pairs, line))
    }

    fn range(&mut self, args: &Args, line: usize) -> Option<Val> {
        let numbers: Option<Vec<i64>> = args.positional.iter().map(|it| it.kind.int()).collect();
        let (from, to) = match numbers?.as_slice() {
            [to] => (0, *to),
            [from, to] => (*from, *to),
            _ => return None,
        };
        if to.saturating_sub(from) > 10_000 {
            return None;
        }
        let items = (from..to).map(|it| Val::new(Kind::Int(it), line)).collect();
        Some(self.list(items, line))
    }
}

fn is_instance(value: &Kind, class: &Kind) -> Option<bool> {
    let Kind::External(class) = class else { return None };
    match (class.as_ref(), value) {
        (_, Kind::Unknown(_) | Kind::Environment(_) | Kind::External(_) | Kind::Object(_)) => None,
        ("str" | "unicode", it) => Some(matches!(it, Kind::Str(_))),
        ("list", it) => Some(matches!(it, Kind::List(_))),
        ("dict", it) => Some(matches!(it, Kind::Dict(_))),
        ("tuple", it) => Some(matches!(it, Kind::Tuple(_))),
        ("bytes", it) => Some(matches!(it, Kind::Bytes(_))),
        _ => None,
    }
}

//! Builtin functions, and functions of the standard library that only compute.

use std::rc::Rc;

use ruff_python_ast::Operator;
use ruff_text_size::Ranged;

use super::calls::Args;
use super::condition::{Truth, is_pypy};
use super::expression::Known;
use super::format::as_text;
use super::heap::settle;
use super::names::{is_constructor, is_pure, is_silent};
use super::path::PLACE;
use super::state::with_aliases;
use super::text::excerpt;
use super::value::{Cell, Kind, Val};
use super::{Eval, Interpreter};

impl Interpreter<'_> {
    /// Calls something outside of the project.
    pub(super) fn external(&mut self, name: &str, args: &Args, node: &impl Ranged) -> Eval {
        let line = self.line(node);
        if let Some(value) = self.module_call(name, args, node)? {
            return Ok(value);
        }
        if let Some(value) = self.file_function(name, args, node)? {
            return Ok(value);
        }
        if let Some(value) = self.environment_function(name, args, node) {
            return Ok(value);
        }
        if let Some(function) = name.strip_prefix("re.")
            && args.taint().is_none()
            && let Some(value) = self.regular_expression(function, args, node)
        {
            return Ok(value);
        }
        if let Some(value) = self.builtin(name, args, node)? {
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
        Ok(self.opaque(name, args, node))
    }

    fn builtin(&mut self, name: &str, args: &Args, node: &impl Ranged) -> Eval<Option<Val>> {
        let line = self.line(node);
        if args.rest.is_some() {
            return Ok(None);
        }
        if is_silent(name) {
            return Ok(Some(Val::new(Kind::None, line)));
        }
        if matches!(name, "sys.exit" | "exit" | "quit") {
            return Err(self.throw("SystemExit"));
        }
        let built = match self.build_container(name, args, line) {
            Some(value) => Some(value),
            None => self.gone_through(name, args, node)?,
        };
        if let Some(value) = built {
            let sources = args.all().flat_map(Val::ids).collect();
            return Ok(Some(self.lazy(value, sources)));
        }
        if let Some(value) = self.convert(name, args, node)? {
            return Ok(Some(value));
        }
        Ok(match (name, args.positional.as_slice()) {
            ("isinstance", [value, kind]) => {
                is_instance(&value.kind, &kind.kind).map(|it| Val::new(Kind::Bool(it), line))
            }
            ("hasattr", [Val { kind: Kind::External(module), .. }, name]) if module.as_ref() == "sys" => {
                match (name.as_str().map(Rc::as_ref), is_pypy()) {
                    (Some("pypy_version_info" | "pypy_translation_info"), Truth::Marker(marker)) => {
                        Some(Val::new(Kind::Condition(marker), line))
                    }
                    _ => None,
                }
            }
            ("getattr", [owner @ Val { kind: Kind::Module(_), .. }, name]) => match name.as_str() {
                Some(name) => return self.attribute(owner, name, node).map(Some),
                None => None,
            },
            ("find_packages", _) => Some(self.find_packages(args, false, node)),
            _ => match name.strip_prefix("setuptools.") {
                Some("find_packages" | "PackageFinder.find") => Some(self.find_packages(args, false, node)),
                Some("find_namespace_packages" | "PEP420PackageFinder.find") => {
                    Some(self.find_packages(args, true, node))
                }
                _ => None,
            },
        })
    }

    /// Functions that make a value of another kind of one value.
    fn convert(&mut self, name: &str, args: &Args, node: &impl Ranged) -> Eval<Option<Val>> {
        let line = self.line(node);
        let [value] = args.positional.as_slice() else {
            return Ok((name == "str" && args.are(0)).then(|| Val::text("", line)));
        };
        Ok(match name {
            "len" => self.length(value).map(|it| Val::new(Kind::Int(it), line)),
            "str" | "unicode" => as_text(value).ok(),
            "bool" => Some(self.as_bool(value, line)),
            "int" => match &value.kind {
                Kind::Int(_) => Some(value.clone()),
                Kind::Bool(truth) => Some(Val::new(Kind::Int(i64::from(*truth)), line)),
                Kind::Str(text) => match text.trim().parse() {
                    Ok(int) if text.is_ascii() => {
                        Some(Val::new(Kind::Int(int), line).with_from(excerpt(value.from.as_ref())))
                    }
                    _ => return self.raise(node, "ValueError", "a string that is no number").map(Some),
                },
                _ => None,
            },
            "repr" if matches!(value.kind, Kind::Int(_) | Kind::Bool(_) | Kind::None) => as_text(value).ok(),
            "ast.literal_eval" | "eval" => self.literal(value, line),
            "textwrap.dedent" => value
                .as_str()
                .filter(|it| !it.contains(PLACE))
                .map(|it| Val::text(super::files::dedent(it), line).with_from(excerpt(value.from.as_ref()))),
            "io.StringIO" | "StringIO.StringIO" => self.string_io(value, line),
            _ => None,
        })
    }

    fn length(&mut self, value: &Val) -> Option<i64> {
        let length = match &value.kind {
            Kind::Str(text) if !text.contains(PLACE) => text.chars().count(),
            Kind::List(_) | Kind::Tuple(_) | Kind::Set(_) | Kind::Dict(_) => {
                let items = self.items(value).ok()?;
                if items.iter().any(|it| it.marker.is_some()) {
                    return None;
                }
                items.len()
            }
            _ => return None,
        };
        i64::try_from(length).ok()
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
                Ok(items) if name == "iter" => self.iterator(items, line),
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
            "sorted" if args.are(1) => match items(self)? {
                Ok(items) => {
                    let list = self.list(items, line);
                    self.sorted(&list)?
                }
                Err(taint) => Val::tainted(taint),
            },
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
                self.iterator(all, line)
            }
            _ => return None,
        })
    }

    /// Functions that go through all items of something.
    fn gone_through(&mut self, name: &str, args: &Args, node: &impl Ranged) -> Eval<Option<Val>> {
        let line = self.line(node);
        let (function, over) = match (name, args.positional.as_slice()) {
            ("map" | "filter", [function, over]) => (Some(function), over),
            ("sum" | "next", [over] | [over, _]) | ("any" | "all" | "enumerate" | "reversed", [over]) => {
                (None, over)
            }
            ("zip", [_, _]) => return Ok(self.zip(args, line)),
            ("range", _) => return Ok(self.range(args, line)),
            _ => return Ok(None),
        };
        if name == "next" {
            return self.next(over, args.positional.get(1), node).map(Some);
        }
        let items = match self.plain_items(over) {
            Ok(items) => items,
            Err(taint) => return Ok(Some(Val::tainted(with_aliases(&taint, over.ids())))),
        };
        Ok(match (name, function) {
            (_, Some(function)) => self.map_or_filter(name == "map", function, items, node)?,
            ("sum", _) => {
                let mut total = args.positional.get(1).cloned().unwrap_or(Val::new(Kind::Int(0), line));
                for item in items {
                    total = self.binary(&total, Operator::Add, &item, node);
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
                let numbers = (0i64..).map(|at| Val::new(Kind::Int(at), line));
                let pairs = numbers.zip(items).map(|(at, it)| self.tuple(vec![at, it], line)).collect();
                Some(self.iterator(pairs, line))
            }
            _ => Some(self.iterator(items.into_iter().rev().collect(), line)),
        })
    }

    fn map_or_filter(
        &mut self,
        map: bool,
        function: &Val,
        items: Vec<Val>,
        node: &impl Ranged,
    ) -> Eval<Option<Val>> {
        // Nobody knows when, or whether at all, such a call would change the container.
        if matches!(function.kind, Kind::Method(_)) && !function.ids().is_empty() {
            return Ok(None);
        }
        let mut out = Vec::new();
        for item in items {
            let args = Args { positional: vec![item.clone()], ..Args::default() };
            let result = match function.kind {
                Kind::None if !map => item.clone(),
                _ => self.apply_within(function, args, node)?,
            };
            if map {
                out.push(result);
                continue;
            }
            match self.truth(&result) {
                Known::Certain(true) => out.push(item),
                Known::Certain(false) => {}
                _ => return Ok(None),
            }
        }
        Ok(Some(self.iterator(out, self.line(node))))
    }

    /// `next(iterator, default)`
    fn next(&mut self, over: &Val, default: Option<&Val>, node: &impl Ranged) -> Eval {
        let Kind::Iterator(id) = over.kind else {
            let reason = self.unknown(node, format!("`{}`", self.code(node)));
            self.taint_value(over, &reason);
            return Ok(reason);
        };
        let first = match self.cell_mut(id) {
            Some(Cell::Items(items)) if items.is_empty() => None,
            Some(Cell::Items(items)) => Some(settle(items.remove(0))),
            Some(Cell::Unknown(taint)) => return Ok(Val::tainted(taint.clone())),
            _ => return Ok(self.unknown(node, format!("`{}`", self.code(node)))),
        };
        match first.or_else(|| default.cloned()) {
            Some(value) => Ok(value),
            None => self.raise(node, "StopIteration", "there is no such item"),
        }
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
        Some(self.iterator(pairs, line))
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

//! Functions of setup.py.

use std::collections::BTreeSet;
use std::rc::Rc;

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, ExprLambda, Parameters, Stmt, StmtFunctionDef};

use super::calls::Args;
use super::value::{Cell, Frame, Id, Kind, Val};
use super::{DEEPEST_CALLS, Eval, Exit, Halt, Interpreter};

/// Where a frame keeps what its function returns. No name of Python looks like this.
pub(super) const RETURNED: &str = "return";

/// A function or a lambda.
#[derive(Clone)]
pub(super) struct Function<'a> {
    parameters: Option<&'a Parameters>,
    body: Body<'a>,
    /// The frame in which it was defined.
    parent: usize,
    /// Values of the parameters that have a default, by name.
    defaults: Rc<[(Rc<str>, Val)]>,
    generator: bool,
}

#[derive(Clone, Copy)]
enum Body<'a> {
    Statements(&'a [Stmt]),
    Expression(&'a Expr),
}

impl<'a> Interpreter<'a> {
    pub(super) fn define(&mut self, it: &'a StmtFunctionDef) -> Eval<()> {
        let line = self.line(it);
        let harmless = ["lru_cache", "cache", "wraps", "staticmethod"];
        let mut plain = !it.is_async;
        for decorator in &it.decorator_list {
            let code = self.code(&decorator.expression);
            plain &= harmless.iter().any(|name| code.split('(').next().is_some_and(|it| it.ends_with(name)));
        }
        let defaults = self.defaults(&it.parameters)?;
        if !plain {
            let value = self.unknown(it, format!("`{}` is decorated or asynchronous", it.name));
            self.set_name(&it.name, value);
            return Ok(());
        }
        let mut yields = Yields(false);
        it.body.iter().for_each(|inner| yields.visit_stmt(inner));
        self.functions.push(Function {
            parameters: Some(&it.parameters),
            body: Body::Statements(&it.body),
            parent: self.frame,
            defaults: Rc::from(defaults),
            generator: yields.0,
        });
        self.set_name(&it.name, Val::new(Kind::Function(self.functions.len() - 1), line));
        Ok(())
    }

    pub(super) fn lambda(&mut self, it: &'a ExprLambda) -> Eval {
        let defaults = match &it.parameters {
            Some(parameters) => self.defaults(parameters)?,
            None => Vec::new(),
        };
        self.functions.push(Function {
            parameters: it.parameters.as_deref(),
            body: Body::Expression(&it.body),
            parent: self.frame,
            defaults: Rc::from(defaults),
            generator: false,
        });
        Ok(Val::new(Kind::Function(self.functions.len() - 1), self.line(it)))
    }

    fn defaults(&mut self, parameters: &'a Parameters) -> Eval<Vec<(Rc<str>, Val)>> {
        let mut defaults = Vec::new();
        for parameter in parameters.iter_non_variadic_params() {
            if let Some(default) = &parameter.default {
                defaults.push((Rc::from(parameter.parameter.name.as_str()), self.eval(default)?));
            }
        }
        Ok(defaults)
    }

    pub(super) fn call_function(&mut self, at: usize, args: Args, line: usize) -> Eval {
        let Some(function) = self.functions.get(at).cloned() else {
            return Ok(Val::unknown(line, "a function that is not known"));
        };
        if self.call_depth >= DEEPEST_CALLS {
            self.give_up(line, "functions call each other too deeply to be followed");
            return Ok(Val::unknown(line, "functions call each other too deeply to be followed"));
        }
        self.spend(10);
        let given: Vec<Id> =
            if function.generator { args.all().flat_map(Val::ids).collect() } else { Vec::new() };
        let mut frame = Frame { parent: Some(function.parent), ..Frame::default() };
        if let Err(why) = self.bind(&function, args, &mut frame, line) {
            let value = Val::unknown(line, why);
            return Ok(value);
        }
        self.state.frames.push(Rc::new(frame));
        let outer = std::mem::replace(&mut self.frame, self.state.frames.len() - 1);
        self.call_depth += 1;
        let result = match function.body {
            Body::Expression(body) => self.eval(body),
            Body::Statements(body) => self.run_body(body, function.generator, line),
        };
        self.call_depth -= 1;
        self.frame = outer;
        match (result, function.body) {
            (Ok(value), Body::Statements(body)) if function.generator => {
                let mut mentions = Mentions::default();
                for statement in body {
                    mentions.visit_stmt(statement);
                }
                let mut sources = self.mentioned(&mentions);
                sources.extend(given);
                Ok(self.lazy(value, sources))
            }
            (result, _) => result,
        }
    }

    fn run_body(&mut self, body: &'a [Stmt], generator: bool, line: usize) -> Eval {
        self.returns.push(Exit::default());
        let loops = std::mem::take(&mut self.loops);
        if generator {
            let id = self.alloc(Cell::Items(Vec::new()));
            self.yields.push(id);
        }
        let done = self.block(body);
        self.loops = loops;
        let yielded = if generator { self.yields.pop() } else { None };
        let mut exit = self.returns.pop().unwrap_or_default();
        if done.is_ok() {
            self.set_name(RETURNED, Val::new(Kind::None, line));
            let state = std::mem::take(&mut self.state);
            exit.add(state, &self.reason.clone());
        }
        self.state = exit.state.ok_or(Halt)?;
        let returned = self.state.frames.get(self.frame).and_then(|frame| frame.names.get(RETURNED).cloned());
        if let Some(id) = yielded {
            return Ok(Val::new(Kind::Iterator(id), line));
        }
        Ok(returned.unwrap_or_else(|| Val::unknown(line, "a function that returns nothing known")))
    }

    /// Gives the parameters their values.
    fn bind(
        &mut self,
        function: &Function<'a>,
        args: Args,
        frame: &mut Frame,
        line: usize,
    ) -> Result<(), String> {
        if let Some(taint) = &args.rest {
            return Err(taint.why.clone());
        }
        let Some(parameters) = function.parameters else {
            return if args.positional.is_empty() && args.named.is_empty() {
                Ok(())
            } else {
                Err("a function is called with arguments that it does not take".to_owned())
            };
        };
        let mut positional = args.positional.into_iter();
        for parameter in parameters.posonlyargs.iter().chain(&parameters.args) {
            if let Some(value) = positional.next() {
                frame.names.insert(Rc::from(parameter.parameter.name.as_str()), value);
            }
        }
        let more: Vec<Val> = positional.collect();
        match &parameters.vararg {
            Some(vararg) => {
                let tuple = self.tuple(more, line);
                frame.names.insert(Rc::from(vararg.name.as_str()), tuple);
            }
            None if more.is_empty() => {}
            None => return Err("a function is called with more arguments than it takes".to_owned()),
        }
        let mut keywords = Vec::new();
        for (name, value) in args.named {
            let known = parameters.args.iter().chain(&parameters.kwonlyargs);
            if known.into_iter().any(|it| it.parameter.name.as_str() == name.as_ref()) {
                frame.names.insert(name, value);
            } else {
                keywords.push((Val::text(name, line), value));
            }
        }
        match &parameters.kwarg {
            Some(kwarg) => {
                let dict = self.dict(keywords, line);
                frame.names.insert(Rc::from(kwarg.name.as_str()), dict);
            }
            None if keywords.is_empty() => {}
            None => return Err("a function is called with arguments that it does not take".to_owned()),
        }
        for parameter in parameters.iter_non_variadic_params() {
            let name = parameter.parameter.name.as_str();
            if frame.names.contains_key(name) {
                continue;
            }
            match function.defaults.iter().find(|(it, _)| it.as_ref() == name) {
                Some((name, value)) => frame.names.insert(name.clone(), value.clone()),
                None => return Err(format!("a function is called without its argument `{name}`")),
            };
        }
        Ok(())
    }
}

impl Interpreter<'_> {
    /// Code of setup.py that is not followed may run: what it mentions may change.
    pub(super) fn escape(&mut self, value: &Val, reason: &Val) {
        let body: Vec<&Stmt> = match &value.kind {
            Kind::Function(at) => match self.functions.get(*at).map(|it| it.body) {
                Some(Body::Statements(body)) => body.iter().collect(),
                _ => return,
            },
            Kind::Class(name) => {
                let bodies = self.classes.iter().filter(|(it, _)| *it == name.as_ref());
                bodies.flat_map(|(_, body)| body.iter()).collect()
            }
            _ => return,
        };
        let mut mentions = Mentions::default();
        for statement in body {
            mentions.visit_stmt(statement);
        }
        for name in mentions.set {
            let frame = std::mem::replace(&mut self.frame, 0);
            self.set_name(&name, reason.clone());
            self.frame = frame;
        }
        for name in mentions.read {
            if let Some(value) = self.name(&name)
                && !value.ids().is_empty()
            {
                self.taint_value(&value, reason);
            }
        }
    }

    /// The containers that code mentions by name.
    pub(super) fn mentioned(&self, mentions: &Mentions) -> Vec<Id> {
        mentions.read.iter().filter_map(|name| self.name(name)).flat_map(|it| it.ids()).collect()
    }

    /// An iterator that looks at these containers only when it is asked for its items.
    pub(super) fn lazy(&mut self, iterator: Val, sources: Vec<Id>) -> Val {
        if let Kind::Iterator(id) = iterator.kind {
            for source in sources {
                let links = self.state.links.entry(source).or_default();
                if source != id && !links.contains(&id) {
                    links.push(id);
                }
            }
        }
        iterator
    }
}

/// Names that code reads, and names that it says are global.
#[derive(Default)]
pub(super) struct Mentions {
    read: BTreeSet<String>,
    set: BTreeSet<String>,
}

impl<'a> Visitor<'a> for Mentions {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        if let Stmt::Global(it) = statement {
            self.set.extend(it.names.iter().map(ToString::to_string));
        }
        walk_stmt(self, statement);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Name(it) = expression {
            self.read.insert(it.id.to_string());
        }
        walk_expr(self, expression);
    }
}

/// Whether a function is a generator.
struct Yields(bool);

impl<'a> Visitor<'a> for Yields {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        if !matches!(statement, Stmt::FunctionDef(_) | Stmt::ClassDef(_)) {
            walk_stmt(self, statement);
        }
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Yield(_) | Expr::YieldFrom(_) => self.0 = true,
            Expr::Lambda(_) => {}
            _ => walk_expr(self, expression),
        }
    }
}

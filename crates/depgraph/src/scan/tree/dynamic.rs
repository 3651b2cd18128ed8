//! Functions that import what a string names.

use std::collections::HashMap;

use ruff_python_ast::{Alias, Expr, ExprCall, Stmt};

use crate::scan::intern::Interner;
use crate::scan::statements::{Wanted, statements};
use crate::{Form, Import};

use super::{Shape, Walk, depth};

/// Something that a name can stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    Importlib,
    ImportlibUtil,
    Pytest,
    Builtins,
    ImportModule,
    DunderImport,
    FindSpec,
    ImportOrSkip,
    Exec,
    TypeChecking,
    /// A name that means something else in this file.
    Other,
}

/// What the names of a file stand for.
#[derive(Debug, Default)]
pub(super) struct Aliases {
    names: HashMap<String, Known>,
}

impl Aliases {
    /// `import importlib as il`
    pub(super) fn on_import(&mut self, alias: &Alias) {
        let known = module(&alias.name);
        match (&alias.asname, known) {
            (Some(name), Some(known)) => drop(self.names.insert(name.to_string(), known)),
            // `import importlib.util` makes `importlib` known, as it is anyway.
            (Some(name), None) => self.forget(name),
            (None, _) => {}
        }
    }

    /// `from importlib import import_module as im`
    pub(super) fn on_from(&mut self, from: &str, alias: &Alias) {
        let local = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
        let whole = module(&format!("{from}.{}", alias.name));
        match whole.or_else(|| function(&alias.name)) {
            Some(known) => drop(self.names.insert(local.to_owned(), known)),
            None => self.forget(local),
        }
    }

    /// `im = importlib.import_module`
    pub(super) fn on_assignment(&mut self, statement: &Stmt) {
        let Stmt::Assign(assignment) = statement else { return };
        let ([Expr::Name(target)], Some(known)) = (&*assignment.targets, self.of(&assignment.value)) else {
            return;
        };
        if known != Known::Other {
            self.names.insert(target.id.to_string(), known);
        }
    }

    /// Whether a name stands for something.
    pub(super) fn is(&self, name: &str, known: Known) -> bool {
        self.of_name(name) == Some(known)
    }

    fn forget(&mut self, name: &str) {
        if self.of_name(name).is_some() {
            self.names.insert(name.to_owned(), Known::Other);
        }
    }

    fn of_name(&self, name: &str) -> Option<Known> {
        self.names.get(name).copied().or_else(|| module(name)).or_else(|| function(name))
    }

    /// What an expression stands for.
    fn of(&self, expression: &Expr) -> Option<Known> {
        match expression {
            Expr::Name(name) => self.of_name(&name.id),
            Expr::Attribute(attribute) => {
                let base = match &*attribute.value {
                    Expr::Name(name) => self.of_name(&name.id)?,
                    Expr::Attribute(inner) => {
                        let Expr::Name(name) = &*inner.value else { return None };
                        let is_util = self.is(&name.id, Known::Importlib) && inner.attr.as_str() == "util";
                        is_util.then_some(Known::ImportlibUtil)?
                    }
                    _ => return None,
                };
                member(base, &attribute.attr)
            }
            _ => None,
        }
    }
}

fn module(name: &str) -> Option<Known> {
    Some(match name {
        "importlib" => Known::Importlib,
        "importlib.util" => Known::ImportlibUtil,
        "pytest" | "py.test" => Known::Pytest,
        "builtins" | "__builtin__" => Known::Builtins,
        _ => return None,
    })
}

fn function(name: &str) -> Option<Known> {
    Some(match name {
        "import_module" => Known::ImportModule,
        "__import__" => Known::DunderImport,
        "find_spec" => Known::FindSpec,
        "importorskip" => Known::ImportOrSkip,
        "exec" | "eval" => Known::Exec,
        "TYPE_CHECKING" => Known::TypeChecking,
        _ => return None,
    })
}

fn member(base: Known, name: &str) -> Option<Known> {
    match (base, function(name)?) {
        (Known::Importlib, found @ (Known::ImportModule | Known::DunderImport))
        | (Known::ImportlibUtil, found @ Known::FindSpec)
        | (Known::Pytest, found @ Known::ImportOrSkip)
        | (Known::Builtins, found @ (Known::DunderImport | Known::Exec)) => Some(found),
        _ => None,
    }
}

impl Walk<'_> {
    /// Looks whether a call imports something.
    pub(super) fn call(&mut self, call: &ExprCall) {
        let (form, keyword) = match self.aliases.of(&call.func) {
            Some(Known::ImportModule) => (Form::ImportModule, "name"),
            Some(Known::DunderImport) => (Form::DunderImport, "name"),
            Some(Known::FindSpec) => (Form::FindSpec, "name"),
            Some(Known::ImportOrSkip) => (Form::ImportOrSkip, "modname"),
            Some(Known::Exec) => return self.executed(call),
            _ => return,
        };
        let argument = call.arguments.find_argument_value(keyword, 0);
        let Some(Expr::StringLiteral(literal)) = argument else { return };
        let text = literal.value.to_str();
        let name = text.trim_start_matches('.');
        let mut level = u32::try_from(text.len() - name.len()).unwrap_or(u32::MAX);
        if form == Form::DunderImport {
            level = level.max(level_of(call));
        }
        let is_named = is_dotted(name) || (name.is_empty() && level > 0);
        if is_named {
            self.name(name, level, self.line(call), form);
        }
    }

    /// `exec("import a")`
    fn executed(&mut self, call: &ExprCall) {
        let Some(Expr::StringLiteral(literal)) = call.arguments.find_argument_value("source", 0) else {
            return;
        };
        let line = self.line(call);
        let text = literal.value.to_str();
        let found = statements(text.as_bytes(), Wanted::default(), self.interner);
        // Once is enough: code in a string in a string is for nobody to read.
        let has_calls = !self.is_inner && memchr::memmem::find(text.as_bytes(), b"__import__").is_some();
        let calls = if has_calls { inner(text, Shape::of(&found), self.interner) } else { Vec::new() };
        for import in found.imports.into_iter().chain(calls) {
            let guards = self.guards.with(import.guards);
            self.tree.others.push(Import { line, form: Form::Exec, guards, ..import });
        }
    }
}

/// What calls in a string of code import.
fn inner(text: &str, shape: Shape<'_>, interner: &mut Interner) -> Vec<Import> {
    if depth::is_too_deep(text, shape) {
        return Vec::new();
    }
    let mut walk = Walk::new(text, interner);
    walk.is_inner = true;
    walk.piece(text);
    walk.tree.others
}

/// The level that `__import__` is told as its fifth argument.
fn level_of(call: &ExprCall) -> u32 {
    match call.arguments.find_argument_value("level", 4) {
        Some(Expr::NumberLiteral(number)) => {
            number.value.as_int().and_then(ruff_python_ast::Int::as_u8).map_or(0, u32::from)
        }
        _ => 0,
    }
}

/// Whether a string is a dotted name.
pub(super) fn is_dotted(text: &str) -> bool {
    !text.is_empty() && text.split('.').all(is_identifier)
}

fn is_identifier(part: &str) -> bool {
    let is_start = |letter: char| letter.is_alphabetic() || letter == '_';
    part.starts_with(is_start) && part.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
}

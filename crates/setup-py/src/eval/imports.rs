//! Imports, and other Python files of the project that are run for their names.

use std::collections::BTreeMap;
use std::rc::Rc;

use ruff_python_ast::{StmtImport, StmtImportFrom};
use ruff_text_size::Ranged;

use super::environ::external_attribute;
use super::path;
use super::value::{Kind, Val};
use super::{Budget, Eval, Interpreter};
use crate::source::Source;
use crate::{Evaluated, Item, Origin, Value};

/// What a Python file of the project leaves behind.
pub(super) struct Module {
    pub(super) names: BTreeMap<String, Evaluated>,
    /// It imports something that need not be installed.
    needs_others: bool,
}

impl<'a> Interpreter<'a> {
    pub(super) fn import(&mut self, it: &'a StmtImport) -> Eval<()> {
        let line = self.line(it);
        for alias in &it.names {
            let full = alias.name.as_str();
            self.note_import(full, line)?;
            let (name, bound) = if let Some(name) = &alias.asname {
                (name.as_str(), full)
            } else {
                let top = full.split('.').next().unwrap_or(full);
                (top, top)
            };
            let value = self.module_value(bound, line);
            self.set_name(name, value);
        }
        Ok(())
    }

    pub(super) fn import_from(&mut self, it: &'a StmtImportFrom) -> Eval<()> {
        let line = self.line(it);
        let module = it.module.as_ref().map_or("", |it| it.as_str());
        let full = match it.level {
            0 => module.to_owned(),
            level => self.relative(level, module),
        };
        if it.level == 0 {
            self.note_import(&full, line)?;
        }
        let file = self.resolve(&full);
        for alias in &it.names {
            let name = alias.name.as_str();
            let bound = alias.asname.as_ref().map_or(name, |it| it.as_str());
            match &file {
                Some(path) if name == "*" => self.import_all(path, line),
                Some(path) => {
                    let value = self.module_attribute(path, name, it)?;
                    self.set_name(bound, value);
                }
                None if name == "*" => {}
                None => {
                    let value = if let Some(path) = self.resolve(&format!("{full}.{name}")) {
                        Val::new(Kind::Module(Rc::from(path)), line)
                    } else {
                        if full == "pip" || full.starts_with("pip.") {
                            self.note_import(&format!("{full}.{name}"), line)?;
                        }
                        external_attribute(&full, name, line)
                    };
                    self.set_name(bound, value);
                }
            }
        }
        Ok(())
    }

    fn import_all(&mut self, path: &str, line: usize) {
        if let Ok(module) = self.load(path) {
            for (name, value) in &module.names {
                if !name.starts_with('_') {
                    let value = self.import_value(value, path, name, line);
                    self.set_name(name, value);
                }
            }
        }
    }

    /// The dotted name of a relative import.
    fn relative(&self, level: u32, module: &str) -> String {
        let mut folder = path::dirname(self.path);
        for _ in 1..level {
            folder = path::dirname(folder);
        }
        let package = folder.replace('/', ".");
        match (package.is_empty(), module.is_empty()) {
            (true, _) => module.to_owned(),
            (false, true) => package,
            (false, false) => format!("{package}.{module}"),
        }
    }

    /// Records an import and what can go wrong with it.
    pub(super) fn note_import(&mut self, module: &str, line: usize) -> Eval<()> {
        let known = self.imports.iter().any(|(it, _)| it == module);
        if !known && self.imports.len() < 1000 {
            self.imports.push((module.to_owned(), line));
        }
        let gone = [
            "ConfigParser",
            "StringIO",
            "__builtin__",
            "cStringIO",
            "commands",
            "httplib",
            "pip.download",
            "pip.req",
            "urllib2",
            "urlparse",
        ];
        if gone.contains(&module) && !self.tries.is_empty() && self.resolve(module).is_none() {
            return Err(self.throw("ModuleNotFoundError"));
        }
        let why = format!("it depends on whether `{module}` can be imported");
        match self.resolve(module) {
            Some(path) => {
                let uncertain = self.load(&path).map_or(true, |it| it.needs_others);
                if uncertain {
                    self.may_raise(&Val::unknown(line, why));
                }
            }
            None if is_certain(module) => {}
            None => self.may_raise(&Val::unknown(line, why)),
        }
        Ok(())
    }

    pub(super) fn module_value(&mut self, module: &str, line: usize) -> Val {
        match self.resolve(module) {
            Some(path) => Val::new(Kind::Module(Rc::from(path)), line),
            None => Val::external(module, line),
        }
    }

    /// The file of a module of the project.
    fn resolve(&mut self, module: &str) -> Option<String> {
        if module.is_empty() || module.len() > 200 {
            return None;
        }
        let tail = module.replace('.', "/");
        let listing = self.listing();
        let mut found = self.search.iter().flat_map(|folder| {
            let start = if folder.is_empty() { tail.clone() } else { format!("{folder}/{tail}") };
            [format!("{start}/__init__.py"), format!("{start}.py")]
        });
        found.find(|it| listing.contains(it) && it != "setup.py")
    }

    /// Runs a file of the project for its names.
    pub(super) fn load(&mut self, path: &str) -> Result<Rc<Module>, String> {
        if let Some(module) = self.modules.get(path) {
            return module.clone();
        }
        let ran = self.ran.borrow().get(path).filter(|(allowed, _)| *allowed >= self.budget.modules).cloned();
        if let Some((_, module)) = ran {
            self.modules.insert(path.to_owned(), Ok(module.clone()));
            return Ok(module);
        }
        // A file that runs itself finds nothing.
        self.modules.insert(path.to_owned(), Err(format!("`{path}` imports itself")));
        let module = match self.read_project_file(path) {
            Some((path, text)) => self.run_text(&text, &path),
            None => Err(format!("the file `{path}` cannot be read")),
        };
        self.modules.insert(path.to_owned(), module.clone());
        if let Ok(module) = &module {
            let entry = (self.budget.modules, Rc::clone(module));
            self.ran.borrow_mut().insert(path.to_owned(), entry);
        }
        module
    }

    pub(super) fn run_text(&mut self, text: &str, path: &str) -> Result<Rc<Module>, String> {
        let Some(modules) = self.budget.modules.checked_sub(1) else {
            return Err("too many files that run each other".to_owned());
        };
        let source = Source::parse(text).map_err(|_| format!("`{path}` cannot be parsed"))?;
        if let Some(error) = source.errors().first() {
            return Err(format!("`{path}`, line {}: {}", source.line(error.location.start()), error.error));
        }
        // One file must not use up what the others need.
        let share = self.budget.fuel / 2;
        let (run, left) = super::run_with(
            &source,
            self.files,
            path,
            Budget { modules, fuel: share, ..self.budget },
            self.listing.clone(),
            Rc::clone(&self.ran),
        );
        self.budget.fuel = self.budget.fuel.saturating_sub(share - left.fuel.min(share));
        let needs_others =
            run.imports.iter().any(|(module, _)| !is_certain(module) && self.resolve(module).is_none());
        Ok(Rc::new(Module { names: run.names.into_iter().collect(), needs_others }))
    }

    pub(super) fn module_attribute(&mut self, path: &str, name: &str, node: &impl Ranged) -> Eval {
        let line = self.line(node);
        let module = match self.load(path) {
            Ok(module) => module,
            Err(why) => return Ok(self.unknown(node, why)),
        };
        if let Some(value) = module.names.get(name) {
            return Ok(self.import_value(value, path, name, line));
        }
        let folder = path.strip_suffix("/__init__.py").unwrap_or_default();
        let listing = self.listing();
        for inner in [format!("{folder}/{name}/__init__.py"), format!("{folder}/{name}.py")] {
            if listing.contains(&inner) {
                return Ok(Val::new(Kind::Module(Rc::from(inner)), line));
            }
        }
        let this = Val::new(Kind::Module(Rc::from(path)), line);
        match name {
            // The steps of importlib, with which a file is loaded by its path.
            "loader" => Ok(this),
            "load_module" | "exec_module" => {
                Ok(Val::new(Kind::Method(Rc::new((this, Box::from(name)))), line))
            }
            _ => self.raise(node, "AttributeError", format!("`{path}` does not set `{name}`")),
        }
    }

    /// A value of another file as one of setup.py.
    pub(super) fn import_value(&mut self, value: &Evaluated, path: &str, name: &str, line: usize) -> Val {
        match value {
            Evaluated::Static { value, .. } => {
                let origin = Origin::Attribute { path: path.to_owned(), name: name.to_owned() };
                self.revive(value, &Rc::from([origin]), line)
            }
            Evaluated::Unknown(unknown) => {
                let why = format!(
                    "`{name}` of `{path}` is not known: line {} there, {}",
                    unknown.line, unknown.why
                );
                let value = Val::unknown_kind(line, why, unknown.kind);
                self.may_raise(&value);
                value
            }
        }
    }

    pub(super) fn revive(&mut self, value: &Value, from: &Rc<[Origin]>, line: usize) -> Val {
        let mut items = |items: &[Item]| -> Vec<Val> {
            items.iter().map(|it| self.revive(&it.value, from, line)).collect()
        };
        let kind = match value {
            Value::None => Kind::None,
            Value::Bool(it) => Kind::Bool(*it),
            Value::Int(it) => Kind::Int(*it),
            Value::Float(it) => Kind::Float(*it),
            Value::Str(it) => Kind::Str(Rc::from(it.as_str())),
            Value::List(it) => {
                let items = items(it);
                return self.list(items, line).with_from(Some(from.clone()));
            }
            Value::Tuple(it) => {
                let items = items(it);
                return self.tuple(items, line).with_from(Some(from.clone()));
            }
            Value::Set(it) => {
                let items = items(it);
                return self.set(items, line).with_from(Some(from.clone()));
            }
            Value::Dict(entries) => {
                let mut out = Vec::new();
                for (key, value) in entries {
                    out.push((self.revive(&key.value, from, line), self.revive(&value.value, from, line)));
                }
                return self.dict(out, line).with_from(Some(from.clone()));
            }
            Value::Object { name } if super::export::is_function(name) => return Val::external(name, line),
            Value::FindPackages(_) | Value::Object { .. } => {
                return Val::unknown(line, "an object that another file makes");
            }
        };
        Val::new(kind, line).with_from(Some(from.clone()))
    }
}

/// Modules that are there wherever setup.py runs.
pub(super) fn is_certain(module: &str) -> bool {
    TOP.contains(&module.split('.').next().unwrap_or_default())
}

impl Module {
    /// The name that holds this text, the usual names of a version first.
    pub(super) fn name_of(&self, text: &str) -> Option<String> {
        let holds = |value: &Evaluated| value.value().and_then(Value::as_str) == Some(text);
        let usual = ["__version__", "version", "VERSION"];
        let usual = usual.iter().find(|name| self.names.get(**name).is_some_and(holds));
        match usual {
            Some(name) => Some((*name).to_owned()),
            None => self.names.iter().find(|(_, value)| holds(value)).map(|(name, _)| name.clone()),
        }
    }
}

/// Modules of the standard library that a setup.py uses, and those of the build tools.
const TOP: &[&str] = &[
    "__future__",
    "argparse",
    "ast",
    "builtins",
    "codecs",
    "collections",
    "configparser",
    "contextlib",
    "copy",
    "ctypes",
    "datetime",
    "distutils",
    "email",
    "errno",
    "fnmatch",
    "functools",
    "glob",
    "hashlib",
    "importlib",
    "inspect",
    "io",
    "itertools",
    "json",
    "locale",
    "logging",
    "math",
    "multiprocessing",
    "operator",
    "os",
    "pathlib",
    "pip",
    "pkg_resources",
    "pkgutil",
    "platform",
    "pprint",
    "re",
    "runpy",
    "setuptools",
    "shlex",
    "shutil",
    "site",
    "socket",
    "stat",
    "string",
    "struct",
    "subprocess",
    "sys",
    "sysconfig",
    "tempfile",
    "textwrap",
    "threading",
    "time",
    "tokenize",
    "traceback",
    "types",
    "typing",
    "unittest",
    "urllib",
    "uuid",
    "warnings",
    "zipfile",
];

//! Imports, and other Python files of the project that are run for their names.

use std::collections::BTreeMap;
use std::rc::Rc;

use ruff_python_ast::{StmtImport, StmtImportFrom};
use ruff_text_size::Ranged;

use super::calls::Args;
use super::files::requirement_lines;
use super::path;
use super::value::{Kind, Val};
use super::{Budget, Eval, Interpreter};
use crate::source::Source;
use crate::{Evaluated, Item, Origin, Value};

/// What a Python file of the project leaves behind.
pub(super) struct Module {
    names: BTreeMap<String, Evaluated>,
    /// It imports something that need not be installed.
    needs_others: bool,
}

impl<'a> Interpreter<'a> {
    pub(super) fn import(&mut self, it: &'a StmtImport) -> Eval<()> {
        let line = self.line(it);
        for alias in &it.names {
            let full = alias.name.as_str();
            self.note_import(full, line)?;
            let (name, bound) = match &alias.asname {
                Some(name) => (name.as_str(), full),
                None => {
                    let top = full.split('.').next().unwrap_or(full);
                    (top, top)
                }
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
                    let value = match self.resolve(&format!("{full}.{name}")) {
                        Some(path) => Val::new(Kind::Module(Rc::from(path)), line),
                        None => {
                            if full == "pip" || full.starts_with("pip.") {
                                self.note_import(&format!("{full}.{name}"), line)?;
                            }
                            self.external_attribute(&full, name, line)
                        }
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
    fn note_import(&mut self, module: &str, line: usize) -> Eval<()> {
        let known = self.imports.iter().any(|(it, _)| it == module);
        if !known && self.imports.len() < 1000 {
            self.imports.push((module.to_owned(), line));
        }
        let gone = [
            "ConfigParser", "StringIO", "__builtin__", "cStringIO", "commands", "httplib", "pip.download", "pip.req",
            "urllib2", "urlparse",
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

    fn module_value(&mut self, module: &str, line: usize) -> Val {
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
        // A file that runs itself finds nothing.
        self.modules.insert(path.to_owned(), Err(format!("`{path}` imports itself")));
        let module = match self.read_project_file(path) {
            Some((path, text)) => self.run_text(&text, &path),
            None => Err(format!("the file `{path}` cannot be read")),
        };
        self.modules.insert(path.to_owned(), module.clone());
        module
    }

    fn run_text(&mut self, text: &str, path: &str) -> Result<Rc<Module>, String> {
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
        );
        self.budget.fuel = self.budget.fuel.saturating_sub(share - left.fuel.min(share));
        let needs_others = run.imports.iter().any(|(module, _)| !is_certain(module) && self.resolve(module).is_none());
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
            "load_module" | "exec_module" => Ok(Val::new(Kind::Method(Rc::new((this, Box::from(name)))), line)),
            _ => self.raise(node, "AttributeError", format!("`{path}` does not set `{name}`")),
        }
    }

    /// A value of another file as one of setup.py.
    fn import_value(&mut self, value: &Evaluated, path: &str, name: &str, line: usize) -> Val {
        match value {
            Evaluated::Static { value, .. } => {
                let origin = Origin::Attribute { path: path.to_owned(), name: name.to_owned() };
                self.revive(value, &Rc::from([origin]), line)
            }
            Evaluated::Unknown(unknown) => {
                let why = format!("`{name}` of `{path}` is not known: line {} there, {}", unknown.line, unknown.why);
                let value = Val::unknown_kind(line, why, unknown.kind);
                self.may_raise(&value);
                value
            }
        }
    }

    fn revive(&mut self, value: &Value, from: &Rc<[Origin]>, line: usize) -> Val {
        let mut items = |items: &[Item]| -> Vec<Val> { items.iter().map(|it| self.revive(&it.value, from, line)).collect() };
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

    /// Functions that run or import files.
    pub(super) fn module_call(&mut self, name: &str, args: &Args, node: &impl Ranged) -> Eval<Option<Val>> {
        let line = self.line(node);
        if args.rest.is_some() {
            return Ok(None);
        }
        let first = args.positional.first();
        let text = |at: usize| match args.positional.get(at).map(|it| &it.kind) {
            Some(Kind::Str(it) | Kind::Path(it)) => Some(it.clone()),
            _ => None,
        };
        Ok(match name {
            "compile" | "importlib.util.module_from_spec" => first.cloned(),
            "exec" => return self.exec(args, node).map(Some),
            "globals" => Some(Val::external("globals()", line)),
            "locals" | "vars" if args.are(0) => Some(Val::external("locals()", line)),
            "runpy.run_path" => match text(0).and_then(|it| path::in_project(&it)) {
                Some(path) => {
                    let dict = self.dict(Vec::new(), line);
                    self.fill(&path, &dict, node);
                    Some(dict)
                }
                None => None,
            },
            "imp.load_source"
            | "importlib.machinery.SourceFileLoader"
            | "importlib.util.spec_from_file_location" => match text(1).and_then(|it| path::in_project(&it)) {
                Some(path) => Some(Val::new(Kind::Module(Rc::from(path)), line)),
                None => None,
            },
            "__import__" | "importlib.import_module" => match text(0) {
                Some(module) => {
                    self.note_import(&module, line)?;
                    let top = module.split('.').next().unwrap_or_default();
                    let returns_top = name == "__import__" && args.positional.len() < 4 && args.named("fromlist").is_none();
                    Some(self.module_value(if returns_top { top } else { &module }, line))
                }
                None => None,
            },
            "pkg_resources.parse_requirements" => match first.map(|it| (&it.kind, it.from.clone())) {
                Some((Kind::Str(text), from)) => {
                    let kept = requirement_lines(text);
                    let from = self.excerpt(&from);
                    let items = kept.iter().map(|it| Val::text(it.as_str(), line).with_from(from.clone())).collect();
                    Some(self.list(items, line))
                }
                _ => None,
            },
            _ => None,
        })
    }

    /// `ast.literal_eval(text)`
    pub(super) fn literal(&mut self, text: &Val, line: usize) -> Option<Val> {
        let code = text.as_str().filter(|it| it.len() < 100_000)?;
        let module = self.run_text(&format!("value = ({}\n)", code.trim()), "<literal>").ok()?;
        let value = module.names.get("value")?.value()?.clone();
        let from = self.excerpt(&text.from);
        let mut value = self.revive(&value, &from.clone().unwrap_or_default(), line);
        value.from = from;
        Some(value)
    }

    /// `exec(text, names)`
    fn exec(&mut self, args: &Args, node: &impl Ranged) -> Eval {
        let line = self.line(node);
        let names = args.positional.get(1).cloned();
        let target = match names.as_ref().map(|it| &it.kind) {
            None => Val::external("globals()", line),
            Some(Kind::Dict(_) | Kind::None) if args.positional.len() == 3 => args.positional.get(2).cloned().unwrap_or(Val::new(Kind::None, line)),
            Some(_) => names.clone().unwrap_or(Val::new(Kind::None, line)),
        };
        match args.positional.first() {
            Some(Val { kind: Kind::Str(text) | Kind::Bytes(text), from, .. }) => match from.as_deref() {
                Some([Origin::FileContents { path }]) => self.fill(&path.clone(), &target, node),
                _ => {
                    let (text, fills) = (text.clone(), target.clone());
                    let module = self.run_text(&text, "<exec>");
                    self.fill_from(module, "", &fills, node);
                }
            },
            Some(value) => {
                let reason = value.clone();
                let reason = if reason.taint().is_some() { reason } else { self.unknown(node, self.code(node)) };
                self.wipe(&target, &reason);
            }
            None => {}
        }
        Ok(Val::new(Kind::None, line))
    }

    fn fill(&mut self, path: &str, target: &Val, node: &impl Ranged) {
        let module = self.load(path);
        self.fill_from(module, path, target, node);
    }

    /// Puts the names of a file into a dictionary or into those of setup.py.
    fn fill_from(&mut self, module: Result<Rc<Module>, String>, path: &str, target: &Val, node: &impl Ranged) {
        let line = self.line(node);
        let module = match module {
            Ok(module) => module,
            Err(why) => {
                let reason = self.unknown(node, why);
                return self.wipe(target, &reason);
            }
        };
        for (name, value) in &module.names {
            let mut value = self.import_value(value, path, name, line);
            if path.is_empty() {
                value.from = None;
            }
            match &target.kind {
                Kind::Dict(id) => self.set_entry(*id, &Val::text(name.as_str(), line), value),
                Kind::External(name_) if name_.as_ref() == "globals()" => {
                    if self.frame == 0 {
                        self.set_name(name, value);
                    } else {
                        // Python keeps these where only `locals()` finds them.
                        self.set_name(&format!("locals:{name}"), value);
                    }
                }
                _ => {}
            }
        }
    }

    /// Code that is not known ran over these names.
    fn wipe(&mut self, target: &Val, reason: &Val) {
        match &target.kind {
            Kind::Dict(id) => self.taint(&[*id], reason),
            _ => self.give_up(reason.line, "code is run that is not known"),
        }
    }
}

/// Modules that are there wherever setup.py runs.
pub(super) fn is_certain(module: &str) -> bool {
    const TOP: &[&str] = &[
        "__future__", "ast", "builtins", "codecs", "collections", "configparser", "contextlib", "copy", "ctypes",
        "datetime", "distutils", "email", "errno", "fnmatch", "functools", "glob", "hashlib", "importlib", "inspect",
        "io", "itertools", "json", "locale", "logging", "math", "multiprocessing", "operator", "os", "pathlib", "pip",
        "pkg_resources", "pkgutil", "platform", "pprint", "re", "runpy", "setuptools", "shlex", "shutil", "site",
        "socket", "stat", "string", "struct", "subprocess", "sys", "sysconfig", "tempfile", "textwrap", "threading",
        "time", "tokenize", "traceback", "types", "typing", "unittest", "urllib", "uuid", "warnings", "zipfile",
    ];
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

//! Functions that run or load Python files.

use std::rc::Rc;

use ruff_text_size::Ranged;

use super::calls::Args;
use super::files::requirement_lines;
use super::imports::Module;
use super::path;
use super::text::excerpt;
use super::value::{Kind, Val};
use super::{Eval, Interpreter};
use crate::Origin;

impl Interpreter<'_> {
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
            "exec" => Some(self.exec(args, node)),
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
            | "importlib.util.spec_from_file_location" => text(1)
                .and_then(|it| path::in_project(&it))
                .map(|path| Val::new(Kind::Module(Rc::from(path)), line)),
            "__import__" | "importlib.import_module" => match text(0) {
                Some(module) => {
                    self.note_import(&module, line)?;
                    let top = module.split('.').next().unwrap_or_default();
                    let returns_top =
                        name == "__import__" && args.positional.len() < 4 && args.named("fromlist").is_none();
                    Some(self.module_value(if returns_top { top } else { &module }, line))
                }
                None => None,
            },
            "pkg_resources.parse_requirements" => match first.map(|it| (&it.kind, it.from.clone())) {
                Some((Kind::Str(text), from)) => {
                    let kept = requirement_lines(text);
                    let from = excerpt(from.as_ref());
                    let items =
                        kept.iter().map(|it| Val::text(it.as_str(), line).with_from(from.clone())).collect();
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
        let from = excerpt(text.from.as_ref());
        let mut value = self.revive(&value, &from.clone().unwrap_or_default(), line);
        value.from = from;
        Some(value)
    }

    /// `exec(text, names)`
    fn exec(&mut self, args: &Args, node: &impl Ranged) -> Val {
        let line = self.line(node);
        let names = args.positional.get(1).cloned();
        let target = match names.as_ref().map(|it| &it.kind) {
            None => Val::external("globals()", line),
            Some(Kind::Dict(_) | Kind::None) if args.positional.len() == 3 => {
                args.positional.get(2).cloned().unwrap_or(Val::new(Kind::None, line))
            }
            Some(_) => names.clone().unwrap_or(Val::new(Kind::None, line)),
        };
        match args.positional.first() {
            Some(Val { kind: Kind::Str(text) | Kind::Bytes(text), from, .. }) => {
                if let Some([Origin::FileContents { path }]) = from.as_deref() {
                    self.fill(&path.clone(), &target, node);
                } else {
                    let (text, fills) = (text.clone(), target.clone());
                    let module = self.run_text(&text, "<exec>");
                    self.fill_from(module, "", &fills, node);
                }
            }
            Some(value) => {
                let reason = value.clone();
                let reason =
                    if reason.taint().is_some() { reason } else { self.unknown(node, self.code(node)) };
                self.wipe(&target, &reason);
            }
            None => {}
        }
        Val::new(Kind::None, line)
    }

    fn fill(&mut self, path: &str, target: &Val, node: &impl Ranged) {
        let module = self.load(path);
        self.fill_from(module, path, target, node);
    }

    /// Puts the names of a file into a dictionary or into those of setup.py.
    fn fill_from(
        &mut self,
        module: Result<Rc<Module>, String>,
        path: &str,
        target: &Val,
        node: &impl Ranged,
    ) {
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

//! What the interpreter, the platform and the command line are asked for.

use std::rc::Rc;

use ruff_text_size::Ranged;

use super::Interpreter;
use super::calls::Args;
use super::condition::{Environment, Truth, starts_with};
use super::expression::Known;
use super::value::{Kind, Val};
use crate::{RemarkKind, UnknownKind};

/// What a value that comes from this function is about.
pub(super) fn kind_of(name: &str) -> UnknownKind {
    if name.contains("versioneer") {
        UnknownKind::Versioneer
    } else if name.contains("scm") || name.contains("git") || name.contains("vcs") {
        UnknownKind::VersionControl
    } else if name.starts_with("os.environ") || name == "os.getenv" {
        UnknownKind::EnvironmentVariable
    } else if name.starts_with("platform.") || name.starts_with("sys.") || name.starts_with("sysconfig.") {
        UnknownKind::Platform
    } else {
        UnknownKind::Other
    }
}

impl Interpreter<'_> {
    pub(super) fn environment_function(
        &mut self,
        name: &str,
        args: &Args,
        node: &impl Ranged,
    ) -> Option<Val> {
        let line = self.line(node);
        let environment = match name {
            "platform.system" => Environment::PlatformSystem,
            "platform.machine" => Environment::PlatformMachine,
            "platform.python_implementation" => Environment::Implementation,
            "os.getenv" | "os.environ.get" => {
                return Some(self.environment_variable(args.positional.first()?, node));
            }
            "sys.path.insert" | "sys.path.append" => {
                let folder = args.positional.last()?;
                if let Kind::Str(path) | Kind::Path(path) = &folder.kind
                    && let Some(folder) = super::path::in_project(path)
                    && self.search.len() < 10
                {
                    self.search.push(folder);
                }
                return Some(Val::new(Kind::None, line));
            }
            "os.chdir" => {
                let inside = match &args.positional.first()?.kind {
                    Kind::Str(path) | Kind::Path(path) => super::path::in_project(path),
                    _ => None,
                };
                if inside.as_deref() != Some("") {
                    self.give_up(line, "the working directory is changed");
                }
                return Some(Val::new(Kind::None, line));
            }
            _ => return None,
        };
        Some(Val::new(Kind::Environment(environment), line))
    }

    pub(super) fn environment_variable(&mut self, name: &Val, node: &impl Ranged) -> Val {
        let line = self.line(node);
        let what = match name.as_str() {
            Some(name) => format!("the environment variable `{name}`"),
            None => "an environment variable".to_owned(),
        };
        self.remark(line, RemarkKind::EnvironmentVariable, format!("asks for {what}"));
        let value =
            Val::unknown_kind(line, format!("it depends on {what}"), UnknownKind::EnvironmentVariable);
        self.may_raise(&value);
        value
    }

    pub(super) fn environment_method(
        &mut self,
        environment: Environment,
        name: &str,
        args: &Args,
        node: &impl Ranged,
    ) -> Option<Val> {
        if name != "startswith" || !args.are(1) {
            return None;
        }
        let start = args.positional.first()?.as_str()?.clone();
        let kind = match starts_with(environment, &start)? {
            Truth::Known(truth) => Kind::Bool(truth),
            Truth::Marker(marker) => Kind::Condition(marker),
        };
        Some(Val::new(kind, self.line(node)))
    }

    /// Whether the command line holds this word while a build runs.
    pub(super) fn in_arguments(&mut self, word: &Val) -> Known {
        let line = word.line;
        match word.as_str() {
            Some(word) if !super::compare::is_build_command(word) => {
                self.remark(
                    line,
                    RemarkKind::CommandLine,
                    format!("does something else for `setup.py {word}`"),
                );
                Known::Certain(false)
            }
            _ => Known::Unknown(super::heap::reason(line, "it depends on the command line")),
        }
    }
}

/// An attribute of a module outside of the project.
pub(super) fn external_attribute(outer: &str, name: &str, line: usize) -> Val {
    let full = if outer.len() < 200 { format!("{outer}.{name}") } else { outer.to_owned() };
    let kind = match full.as_str() {
        "sys.version_info" => Kind::Environment(Environment::VersionInfo),
        "sys.platform" => Kind::Environment(Environment::SysPlatform),
        "os.name" => Kind::Environment(Environment::OsName),
        "sys.implementation.name" => Kind::Environment(Environment::ImplementationName),
        "sys.argv" => Kind::Arguments,
        "six.PY2" => Kind::Bool(false),
        "six.PY3" => Kind::Bool(true),
        "os.sep" | "os.path.sep" => Kind::Str(Rc::from("/")),
        "os.curdir" | "os.path.curdir" => Kind::Str(Rc::from(".")),
        "os.pardir" | "os.path.pardir" => Kind::Str(Rc::from("..")),
        _ => Kind::External(Rc::from(full)),
    };
    Val::new(kind, line)
}

//! Settings whose strings are modules: those of Django, and the plug-ins of pytest.

use ruff_python_ast::{Expr, Operator, Stmt};

use crate::{Form, Guards};

use super::dynamic::is_dotted;
use super::{Walk, with_stack};

/// Settings of Django 5 that are dotted names or lists of them.
const NAMES: [&str; 22] = [
    "MIDDLEWARE",
    "MIDDLEWARE_CLASSES",
    "AUTHENTICATION_BACKENDS",
    "ASGI_APPLICATION",
    "CSRF_FAILURE_VIEW",
    "DATABASE_ROUTERS",
    "DEFAULT_AUTO_FIELD",
    "DEFAULT_FILE_STORAGE",
    "EMAIL_BACKEND",
    "FILE_UPLOAD_HANDLERS",
    "FORM_RENDERER",
    "MESSAGE_STORAGE",
    "PASSWORD_HASHERS",
    "ROOT_URLCONF",
    "SESSION_ENGINE",
    "SESSION_SERIALIZER",
    "STATICFILES_FINDERS",
    "STATICFILES_STORAGE",
    "TEMPLATE_CONTEXT_PROCESSORS",
    "TEMPLATE_LOADERS",
    "TEST_RUNNER",
    "WSGI_APPLICATION",
];

/// Keys of the dictionaries in settings whose values are dotted names or lists of them.
const KEYS: [&str; 5] = ["ENGINE", "BACKEND", "context_processors", "loaders", "builtins"];

/// What the strings of a setting are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Strings {
    /// Names of modules, dotted or not.
    Modules,
    /// Dotted names.
    Dotted,
    /// Something else, but for the values of some keys.
    InKeys,
}

impl Walk<'_> {
    /// Looks whether a statement is a setting.
    pub(super) fn settings(&mut self, statement: &Stmt) {
        if self.guards.has(Guards::FUNCTION) {
            return;
        }
        match statement {
            Stmt::Assign(assignment) => {
                if let [Expr::Name(target)] = &*assignment.targets {
                    self.setting(&target.id, &assignment.value);
                }
            }
            Stmt::AnnAssign(assignment) => {
                if let (Expr::Name(target), Some(value)) = (&*assignment.target, &assignment.value) {
                    self.setting(&target.id, value);
                }
            }
            Stmt::AugAssign(assignment) if assignment.op == Operator::Add => {
                if let Expr::Name(target) = &*assignment.target {
                    self.setting(&target.id, &assignment.value);
                }
            }
            Stmt::Expr(statement) => self.appended(&statement.value),
            _ => {}
        }
    }

    /// `INSTALLED_APPS.append("a")`
    fn appended(&mut self, expression: &Expr) {
        let Expr::Call(call) = expression else { return };
        let Expr::Attribute(method) = &*call.func else { return };
        let Expr::Name(target) = &*method.value else { return };
        if matches!(method.attr.as_str(), "append" | "insert" | "extend") {
            call.arguments.args.iter().for_each(|argument| self.setting(&target.id, argument));
        }
    }

    fn setting(&mut self, name: &str, value: &Expr) {
        if name == "pytest_plugins" {
            return self.strings(value, Strings::Modules, Form::PytestPlugin);
        }
        let is_upper = name.chars().any(|letter| letter.is_ascii_uppercase())
            && !name.chars().any(|letter| letter.is_ascii_lowercase());
        if !is_upper {
            return;
        }
        let is_apps = name == "INSTALLED_APPS" || (self.has_apps && name.ends_with("_APPS"));
        let strings = if is_apps {
            Strings::Modules
        } else if NAMES.contains(&name) {
            Strings::Dotted
        } else {
            Strings::InKeys
        };
        self.strings(value, strings, Form::DjangoSetting);
    }

    fn strings(&mut self, value: &Expr, strings: Strings, form: Form) {
        with_stack(|| match value {
            Expr::StringLiteral(literal) => {
                let text = literal.value.to_str();
                let is_meant = match strings {
                    Strings::Modules => is_dotted(text),
                    Strings::Dotted => text.contains('.') && is_dotted(text),
                    Strings::InKeys => false,
                };
                if is_meant {
                    self.name(text, 0, self.line(value), form);
                }
            }
            Expr::List(list) => list.elts.iter().for_each(|value| self.strings(value, strings, form)),
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|value| self.strings(value, strings, form)),
            Expr::Set(set) => set.elts.iter().for_each(|value| self.strings(value, strings, form)),
            Expr::Starred(starred) => self.strings(&starred.value, strings, form),
            Expr::BinOp(sum) if sum.op == Operator::Add => {
                self.strings(&sum.left, strings, form);
                self.strings(&sum.right, strings, form);
            }
            Expr::If(choice) => {
                self.strings(&choice.body, strings, form);
                self.strings(&choice.orelse, strings, form);
            }
            Expr::Dict(dict) => {
                for item in &dict.items {
                    let is_key = item.key.as_ref().is_some_and(is_key);
                    let inner = if is_key { Strings::Dotted } else { Strings::InKeys };
                    self.strings(&item.value, inner, form);
                }
            }
            _ => {}
        });
    }
}

fn is_key(key: &Expr) -> bool {
    matches!(key, Expr::StringLiteral(literal) if KEYS.contains(&literal.value.to_str()))
}

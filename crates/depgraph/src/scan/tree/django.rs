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

/// The same of one setting: `LOGGING` is for `logging.config.dictConfig`.
const KEYS_OF: [(&str, &[&str]); 2] =
    [("LOGGING", &["class", "()"]), ("AUTH_PASSWORD_VALIDATORS", &["NAME"])];

/// What the strings of a setting are.
#[derive(Debug, Clone, Copy)]
enum Strings {
    /// Names of modules, dotted or not.
    Modules,
    /// Dotted names.
    Dotted,
    /// Dotted names of classes beside other things, as the settings of Django REST framework are.
    Classes,
    /// Something else, but for the values of these keys.
    InKeys(&'static [&'static str]),
}

impl Strings {
    /// What the strings of a setting are, by its name.
    fn of(name: &str, has_apps: bool) -> Self {
        if name == "INSTALLED_APPS" || (has_apps && name.ends_with("_APPS")) {
            return Self::Modules;
        }
        match name {
            "REST_FRAMEWORK" => Self::Classes,
            _ if NAMES.contains(&name) => Self::Dotted,
            _ => {
                Self::InKeys(KEYS_OF.iter().find(|(known, _)| *known == name).map_or(&KEYS, |(_, keys)| keys))
            }
        }
    }

    /// What the strings of a value in a dictionary are.
    fn of_value(self, key: Option<&Expr>) -> Self {
        let is_among = |keys: &[&str]| matches!(key, Some(Expr::StringLiteral(literal)) if keys.contains(&literal.value.to_str()));
        match self {
            Self::Classes => Self::Classes,
            Self::InKeys(keys) if is_among(keys) => Self::Dotted,
            Self::InKeys(keys) => Self::InKeys(keys),
            Self::Modules | Self::Dotted if is_among(&KEYS) => Self::Dotted,
            Self::Modules | Self::Dotted => Self::InKeys(&KEYS),
        }
    }

    /// Whether a string names a module.
    fn is_meant(self, text: &str) -> bool {
        let is_name = text.contains('.') && is_dotted(text);
        match self {
            Self::Modules => is_dotted(text),
            Self::Dotted => is_name,
            Self::Classes => {
                let class = text.rsplit('.').next().unwrap_or_default();
                is_name && class.starts_with(|letter: char| letter.is_ascii_uppercase())
            }
            Self::InKeys(_) => false,
        }
    }
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
        let strings = Strings::of(name, self.has_apps);
        self.strings(value, strings, Form::DjangoSetting);
    }

    fn strings(&mut self, value: &Expr, strings: Strings, form: Form) {
        with_stack(|| match value {
            Expr::StringLiteral(literal) => {
                let text = literal.value.to_str();
                if strings.is_meant(text) {
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
                    let inner = strings.of_value(item.key.as_ref());
                    self.strings(&item.value, inner, form);
                }
            }
            _ => {}
        });
    }
}

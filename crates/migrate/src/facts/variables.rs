//! Variables that the code reads from the environment: by `os`, by the libraries for settings, and by the project's own helpers.

use std::collections::{BTreeMap, BTreeSet};

use super::code::{at, lines};
use super::is_plain;
use super::words::{Kind, Word};

#[cfg(test)]
mod tests;

/// Variables that are the system's and not the project's.
const OF_SYSTEM: &[&str] = &[
    "CI",
    "COLUMNS",
    "DISPLAY",
    "EDITOR",
    "HOME",
    "HOSTNAME",
    "LANG",
    "LC_ALL",
    "LINES",
    "LOGNAME",
    "PATH",
    "PWD",
    "PYTHONPATH",
    "SHELL",
    "TEMP",
    "TERM",
    "TMP",
    "TMPDIR",
    "TZ",
    "USER",
    "USERNAME",
    "VIRTUAL_ENV",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
];

/// Methods that every mapping has; a helper of this name says nothing.
const OF_ANY_MAPPING: &[&str] = &["get", "getenv", "pop", "setdefault", "update"];

/// A call of more words than this is not looked through.
const LONGEST_CALL: usize = 200;

/// Parts of names whose defaults are nobody's example.
const SECRET: &[&str] = &["SECRET", "TOKEN", "PASSWORD", "PASSWD", "KEY", "CREDENTIAL"];

/// Whether the code goes on without a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Need {
    /// It does not.
    Required,
    /// It does, with this; none when that is no plain text.
    Optional(Option<String>),
}

/// What is read.
#[derive(Debug, Default)]
pub(super) struct Variables {
    found: BTreeMap<String, Need>,
    /// What is asked for first: `"NAME" in os.environ`.
    asked: BTreeSet<String>,
    /// Functions of the project that read the variable which they are called with, such as `envbool`, and whether they have a default.
    helpers: BTreeMap<String, bool>,
    /// Objects of libraries that read variables: `env`, `config`.
    objects: BTreeSet<String>,
    /// Classes of settings.
    classes: BTreeSet<String>,
    /// Calls with a text that could be a variable, by what is called; which of them are meant is known when all is read.
    calls: BTreeMap<String, Vec<(String, Need)>>,
}

impl Variables {
    /// What one file reads.
    pub(super) fn read(&mut self, text: &str, words: &[Word<'_>]) {
        self.objects_of(text, words);
        self.helpers_of(words);
        let imports_it = text.contains("from os import");
        // `with env.prefixed("DB_"):`
        let mut prefixes: Vec<(usize, &str)> = Vec::new();
        let mut column = 0;
        for (index, word) in words.iter().enumerate() {
            if let Some(start) = word.column {
                column = start;
                prefixes.retain(|(outer, _)| *outer < start);
            }
            let rest = at(words, index + 1);
            if let (Some("prefixed"), Some((prefix, _))) = (word.name(), of_call(rest)) {
                prefixes.push((column, prefix));
            }
            let before = |back: usize| index.checked_sub(back).and_then(|at| words.get(at));
            let of_os =
                before(2).and_then(Word::name) == Some("os") && before(1).is_some_and(|dot| dot.is('.'));
            match word.name() {
                // WSGI has a mapping of this name too.
                Some("environ" | "getenv") if !of_os && !imports_it => {}
                Some("environ") => match asked(words, index) {
                    Some(name) => {
                        self.asked.insert(name.to_owned());
                        self.add(name, Need::Optional(None));
                    }
                    None => self.add_found(of_mapping(rest)),
                },
                Some("getenv") => self.add_found(of_call(rest).map(|(name, rest)| (name, optional(rest)))),
                Some("from_envvar") => self.add_found(of_call(rest).map(|(name, _)| (name, Need::Required))),
                Some("dj_database_url") => self.database_url(rest),
                Some("envvar") => self.add_found(of_argument(rest)),
                Some("BaseSettings") => self.settings(words, index),
                Some(name) if self.classes.contains(name) => self.settings(words, index),
                Some(name) => self.call(name, rest, &prefixes),
                None => {}
            }
        }
    }

    /// Every variable, sorted.
    pub(super) fn finish(mut self) -> BTreeMap<String, Need> {
        let calls = std::mem::take(&mut self.calls);
        for (callee, names) in calls {
            let helper = self.helpers.get(&callee).copied();
            let object = callee.strip_suffix('.').unwrap_or(&callee);
            if helper.is_none() && !self.objects.contains(object) {
                continue;
            }
            for (name, need) in names {
                let goes_on = helper == Some(true) && need == Need::Required;
                self.add(&name, if goes_on { Need::Optional(None) } else { need });
            }
        }
        for name in &self.asked {
            if let Some(need @ Need::Required) = self.found.get_mut(name) {
                *need = Need::Optional(None);
            }
        }
        self.found
    }

    fn add_found(&mut self, found: Option<(&str, Need)>) {
        if let Some((name, need)) = found {
            self.add(name, need);
        }
    }

    fn add(&mut self, name: &str, need: Need) {
        if !is_variable(name) || OF_SYSTEM.contains(&name) {
            return;
        }
        let need = match need {
            Need::Optional(Some(_)) if SECRET.iter().any(|part| name.contains(part)) => Need::Optional(None),
            need => need,
        };
        match (self.found.get(name), &need) {
            (Some(Need::Required | Need::Optional(Some(_))), Need::Optional(_)) => {}
            _ => drop(self.found.insert(name.to_owned(), need)),
        }
    }

    /// `env = environ.Env(DEBUG=(bool, False))`, `from decouple import config`, `env = Env()`
    fn objects_of(&mut self, text: &str, words: &[Word<'_>]) {
        if text.contains("decouple") || text.contains("starlette.config") {
            self.objects.insert("config".to_owned());
        }
        if !text.contains("environs") && !text.contains("environ") && !text.contains("decouple") {
            return;
        }
        for line in lines(words) {
            let [name, equals, rest @ ..] = line else { continue };
            let (Some(name), true) = (name.name(), equals.is('=')) else { continue };
            let makes = ["Env", "FileAwareEnv", "AutoConfig", "Config"];
            let class =
                rest.iter().take(3).position(|word| word.name().is_some_and(|it| makes.contains(&it)));
            let Some(class) = class else { continue };
            self.objects.insert(name.to_owned());
            // The scheme of `environ.Env` names variables.
            for two in at(rest, class + 1).windows(2) {
                if let [key, equals] = two
                    && let (Some(key), true) = (key.name(), equals.is('='))
                {
                    self.add(key, Need::Optional(None));
                }
            }
        }
    }

    /// `def envbool(name, default=False): ... os.environ.get(name)`
    fn helpers_of(&mut self, words: &[Word<'_>]) {
        let mut current: Option<(&str, usize, &str, bool)> = None;
        for line in lines(words) {
            let column = line.first().and_then(|word| word.column).unwrap_or_default();
            if current.is_some_and(|(_, outer, ..)| column <= outer) {
                current = None;
            }
            let line = match line {
                [is_async, rest @ ..] if is_async.name() == Some("async") => rest,
                line => line,
            };
            if let [def, name, open, parameters @ ..] = line
                && def.name() == Some("def")
                && open.is('(')
                && let Some(name) = name.name().filter(|name| !OF_ANY_MAPPING.contains(name))
            {
                let has_default = until_closed(parameters).iter().any(|word| word.is('='));
                let mut names = parameters.iter().filter_map(Word::name);
                let parameter = names.find(|name| !matches!(*name, "self" | "cls"));
                current = parameter.map(|parameter| (name, column, parameter, has_default));
            }
            if let Some((name, _, parameter, has_default)) = current
                && reads(line, parameter)
            {
                self.helpers.insert(name.to_owned(), has_default);
            }
        }
    }

    /// A call that may be of a helper or of an object of a library: `envbool("X")`, `env("X")`, `env.int("X", 3)`.
    fn call(&mut self, name: &str, rest: &[Word<'_>], prefixes: &[(usize, &str)]) {
        let prefix: String = prefixes.iter().map(|(_, prefix)| *prefix).collect();
        let mut note = |callee: String, found: Option<(&str, &[Word<'_>])>| {
            let Some((variable, rest)) = found else { return };
            let variable = format!("{prefix}{variable}");
            if is_variable(&variable) {
                let need = if defaults(rest) { optional(rest) } else { Need::Required };
                self.calls.entry(callee).or_default().push((variable, need));
            }
        };
        note(name.to_owned(), of_call(rest));
        note(format!("{name}."), of_method(rest));
        // `env.db()` of django-environ reads the usual variable.
        if let [dot, method, open, close, ..] = rest
            && (dot.is('.') && open.is('(') && close.is(')'))
        {
            let usual = match method.name() {
                Some("db" | "db_url") => "DATABASE_URL",
                Some("cache" | "cache_url") => "CACHE_URL",
                Some("email" | "email_url") => "EMAIL_URL",
                _ => return,
            };
            self.calls.entry(format!("{name}.")).or_default().push((usual.to_owned(), Need::Required));
        }
    }

    /// `dj_database_url.config(default=..., env="X")`
    fn database_url(&mut self, rest: &[Word<'_>]) {
        let [dot, method, open, inside @ ..] = rest else { return };
        if dot.is('.') && method.name() == Some("config") && open.is('(') {
            let call = until_closed(inside);
            self.add(argument(call, "env").unwrap_or("DATABASE_URL"), optional(call));
        }
    }

    /// The fields of `class Settings(BaseSettings):`. `index` is where the base class is named.
    fn settings(&mut self, words: &[Word<'_>], index: usize) {
        let mut start = index;
        while start > 0
            && index - start < LONGEST_CALL
            && words.get(start).is_some_and(|word| word.column.is_none())
        {
            start -= 1;
        }
        let Some(first) = words.get(start).filter(|first| first.name() == Some("class")) else { return };
        let name = words.get(start + 1).filter(|_| start + 1 < index).and_then(Word::name);
        let Some(name) = name else { return };
        self.classes.insert(name.to_owned());
        let outer = first.column.unwrap_or_default();
        let body: Vec<&[Word<'_>]> = lines(at(words, start))
            .skip(1)
            .take_while(|line| line.first().and_then(|word| word.column).is_some_and(|column| column > outer))
            .collect();
        let prefix = body.iter().find_map(|line| prefix(line)).unwrap_or_default().to_uppercase();
        let inner = body.first().and_then(|line| line.first()).and_then(|word| word.column);
        for line in body {
            let [name, colon, rest @ ..] = line else { continue };
            let (Some(field), true) = (name.name(), colon.is(':') && name.column == inner) else { continue };
            let is_class = rest.iter().any(|word| word.name() == Some("ClassVar"));
            if is_class || matches!(field, "model_config" | "else" | "try" | "finally") {
                continue;
            }
            let need = need_of_field(rest);
            let aliases = aliases(rest);
            for alias in &aliases {
                self.add(
                    &alias.to_uppercase(),
                    if aliases.len() > 1 { Need::Optional(None) } else { need.clone() },
                );
            }
            if aliases.is_empty() {
                self.add(&format!("{prefix}{}", field.to_uppercase()), need);
            }
        }
    }
}

/// Whether a text is a name as variables have it.
fn is_variable(name: &str) -> bool {
    name.len() > 1
        && name.len() <= 64
        && !name.ends_with('_')
        && name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.chars().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_')
}

/// Whether a line reads the variable that a parameter names.
fn reads(line: &[Word<'_>], parameter: &str) -> bool {
    line.iter().enumerate().any(|(index, word)| {
        let rest = at(line, index + 1);
        let inside = match (word.name(), rest) {
            (Some("environ"), [open, inside, ..]) if open.is('[') => inside,
            (Some("environ"), [dot, _, open, inside, ..]) if dot.is('.') && open.is('(') => inside,
            (Some("getenv"), [open, inside, ..]) if open.is('(') => inside,
            _ => return false,
        };
        inside.name() == Some(parameter)
    })
}

/// `["NAME"]`, `.get("NAME"`, `.pop("NAME"`, `.setdefault("NAME"`
fn of_mapping<'a>(words: &[Word<'a>]) -> Option<(&'a str, Need)> {
    match words {
        [open, name, close, ..] if open.is('[') && close.is(']') => Some((name.text()?, Need::Required)),
        [dot, method, rest @ ..]
            if dot.is('.') && matches!(method.name(), Some("get" | "pop" | "setdefault")) =>
        {
            of_call(rest).map(|(name, rest)| (name, optional(rest)))
        }
        _ => None,
    }
}

/// `"NAME" in os.environ`, seen from `environ`.
fn asked<'a>(words: &[Word<'a>], index: usize) -> Option<&'a str> {
    let before = [1, 2, 3, 4].map(|back| index.checked_sub(back).and_then(|at| words.get(at)));
    let [Some(dot), Some(_), Some(is_in), Some(text)] = before else { return None };
    (dot.is('.') && is_in.name() == Some("in")).then(|| text.text()).flatten()
}

/// `("NAME"` and what follows it in the call.
fn of_call<'w, 'a>(words: &'w [Word<'a>]) -> Option<(&'a str, &'w [Word<'a>])> {
    match words {
        [open, name, end, ..] if open.is('(') && (end.is(',') || end.is(')')) => {
            Some((name.text()?, until_closed(at(words, 2))))
        }
        _ => None,
    }
}

/// `.int("NAME"`
fn of_method<'w, 'a>(words: &'w [Word<'a>]) -> Option<(&'a str, &'w [Word<'a>])> {
    match words {
        [dot, method, rest @ ..] if dot.is('.') && method.name().is_some() => of_call(rest),
        _ => None,
    }
}

/// `envvar="NAME"` of a command line.
fn of_argument<'a>(words: &[Word<'a>]) -> Option<(&'a str, Need)> {
    match words {
        [equals, name, ..] if equals.is('=') => Some((name.text()?, Need::Optional(None))),
        _ => None,
    }
}

/// The words of a call up to its end. The bracket before them is open.
fn until_closed<'w, 'a>(words: &'w [Word<'a>]) -> &'w [Word<'a>] {
    let words = words.get(..LONGEST_CALL).unwrap_or(words);
    let mut depth = 1_usize;
    let end = words.iter().position(|word| {
        match word.kind {
            Kind::Mark('(' | '[' | '{') => depth += 1,
            Kind::Mark(')' | ']' | '}') => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    words.get(..end.unwrap_or(words.len())).unwrap_or_default()
}

/// Whether a call says what to take when there is no variable: a second argument, or `default=`.
fn defaults(rest: &[Word<'_>]) -> bool {
    match rest {
        [comma, key, equals, ..] if comma.is(',') && equals.is('=') => {
            key.name() == Some("default")
                || rest.windows(2).any(
                    |two| matches!(two, [key, equals] if key.name() == Some("default") && equals.is('=')),
                )
        }
        [comma, _, ..] => comma.is(','),
        _ => false,
    }
}

/// The default of a call, from what follows its first argument.
fn optional(rest: &[Word<'_>]) -> Need {
    let value = match rest {
        [comma, value, end @ ..] if comma.is(',') && !end.first().is_some_and(|it| it.is('=')) => {
            Some((value, end.first()))
        }
        _ => rest.windows(3).enumerate().find_map(|(place, three)| match three {
            [key, equals, value] if key.name() == Some("default") && equals.is('=') => {
                Some((value, rest.get(place + 3)))
            }
            _ => None,
        }),
    };
    let is_whole = |end: Option<&Word<'_>>| end.is_none_or(|end| end.is(','));
    Need::Optional(value.filter(|(_, end)| is_whole(*end)).and_then(|(value, _)| literal(value)))
}

/// What a variable would hold to say the same.
fn literal(value: &Word<'_>) -> Option<String> {
    let text = match (value.text(), value.name()) {
        (Some(text), _) => text,
        (None, Some(name)) if matches!(name, "True" | "False") => name,
        (None, Some(name)) if name.starts_with(|first: char| first.is_ascii_digit()) => name,
        _ => return None,
    };
    is_plain(text, "/:@+,?=&*").then(|| text.to_owned())
}

/// Whether a field has to be given, from what follows its colon.
fn need_of_field(rest: &[Word<'_>]) -> Need {
    let mut depth = 0_usize;
    let equals = rest.iter().position(|word| {
        if word.is('[') || word.is('(') {
            depth += 1;
        } else if word.is(']') || word.is(')') {
            depth = depth.saturating_sub(1);
        }
        depth == 0 && word.is('=')
    });
    let Some(equals) = equals else { return Need::Required };
    match at(rest, equals + 1) {
        [value] => Need::Optional(literal(value)),
        [field, open, inside @ ..] if field.name() == Some("Field") && open.is('(') => {
            let call = until_closed(inside);
            match call {
                // `...` is what pydantic calls required.
                [first, second, ..] if first.is('.') && second.is('.') => Need::Required,
                [] => Need::Required,
                [value] => Need::Optional(literal(value)),
                [value, comma, ..] if comma.is(',') => Need::Optional(literal(value)),
                _ if call.iter().any(|word| matches!(word.name(), Some("default" | "default_factory"))) => {
                    optional(call)
                }
                _ => Need::Required,
            }
        }
        _ => Need::Optional(None),
    }
}

/// Other names of a field: `validation_alias="A"`, `env=["A", "B"]`, `AliasChoices("A", "B")`.
fn aliases<'a>(rest: &[Word<'a>]) -> Vec<&'a str> {
    for (index, word) in rest.iter().enumerate() {
        let follows = at(rest, index + 1);
        let is_key = matches!(word.name(), Some("validation_alias" | "alias" | "env"));
        if !is_key || !follows.first().is_some_and(|it| it.is('=')) {
            continue;
        }
        return match at(follows, 1) {
            [text, ..] if text.text().is_some() => text.text().into_iter().collect(),
            [_, open, inside @ ..] if open.is('(') => {
                until_closed(inside).iter().filter_map(Word::text).collect()
            }
            [open, inside @ ..] if open.is('[') => {
                until_closed(inside).iter().filter_map(Word::text).collect()
            }
            _ => Vec::new(),
        };
    }
    Vec::new()
}

/// `env_prefix="X_"`, `"env_prefix": "X_"`
fn prefix<'a>(line: &[Word<'a>]) -> Option<&'a str> {
    argument(line, "env_prefix").or_else(|| {
        line.windows(3).find_map(|three| match three {
            [key, colon, text] if key.text() == Some("env_prefix") && colon.is(':') => text.text(),
            _ => None,
        })
    })
}

/// The text of an argument: `key="text"`.
fn argument<'a>(words: &[Word<'a>], key: &str) -> Option<&'a str> {
    words.windows(3).find_map(|three| match three {
        [name, equals, text] if name.name() == Some(key) && equals.is('=') => text.text(),
        _ => None,
    })
}

//! What is common to all fields: taking them, writing down what became of them, and what stays.

use std::string::FromUtf8Error;

use uvshift_diagnostics::{Code, Diagnostic, Severity};
use uvshift_ini::{Dialect, Document};
use uvshift_setup_py::SetupScript;

use super::built::Built;
use super::field::{Field, Home, Told};
use super::{config, script};
use crate::sources::Given;
use crate::{Error, Outcome, Provenance, Reading, codes};
use uvshift_requirements::redacted;

/// What setuptools is told while it is moved.
pub(super) struct Migration<'a> {
    pub(super) given: &'a Given<'a>,
    pub(super) out: &'a mut Reading,
    /// Not yet moved, each attribute once.
    pub(super) fields: Vec<Field>,
    pub(super) script: Option<SetupScript>,
    pub(super) config: Option<Document>,
    pub(super) built: Option<Built>,
    /// Whether setup.py may say more than is read.
    pub(super) opaque: bool,
    /// What `[build-system]` gets from `setup_requires`.
    pub(super) setup_requires: Vec<String>,
    /// What stays where it is, with the reason.
    pub(super) stays: Vec<(Home, String)>,
    entries: Vec<(Provenance, String, Outcome)>,
}

impl<'a> Migration<'a> {
    pub(super) fn new(given: &'a Given<'a>, out: &'a mut Reading) -> Self {
        Self {
            given,
            out,
            fields: Vec::new(),
            script: None,
            config: None,
            built: given.options.built.as_ref().map(Built::parse),
            opaque: false,
            setup_requires: Vec::new(),
            stays: Vec::new(),
            entries: Vec::new(),
        }
    }

    /// Reads both files into fields. Whether they could be read.
    pub(super) fn collect(&mut self) -> Result<bool, Error> {
        let mut readable = true;
        let mut fields = Vec::new();
        if let Some(text) = self.text(config::PATH)? {
            readable &= text.is_ok();
            let document = Document::parse(&text.unwrap_or_default(), &Dialect::SETUPTOOLS);
            readable &= self.note_broken(&document);
            let config = config::read(&document, self.given.tree);
            for (label, from, why) in config.ignored.into_iter().filter(|_| readable) {
                self.entry(from, label, Outcome::Dropped { why: why.to_owned() });
            }
            fields = config.fields;
            self.config = Some(document);
        }
        match self.text(script::PATH)? {
            Some(Ok(text)) => readable &= self.read_script(&text),
            Some(Err(_)) => readable &= self.opaque(1, "it is not UTF-8"),
            None => {}
        }
        self.merge(fields);
        Ok(readable && !self.is_pbr())
    }

    /// A file if it is there, and its text if it is UTF-8.
    fn text(&mut self, path: &str) -> Result<Option<Result<String, FromUtf8Error>>, Error> {
        if !self.given.tree.has(path) {
            return Ok(None);
        }
        let text = String::from_utf8(self.given.tree.read(path)?);
        if text.is_err() && path == config::PATH {
            let (why, advice) = ("it is not UTF-8, which setuptools asks for", "save the file as UTF-8");
            let outcome = Outcome::Refused { why: why.to_owned(), advice: advice.to_owned() };
            self.entry(Provenance::new(path, 1), path, outcome);
            self.out.diagnostics.push(Diagnostic::error(codes::M022, why).in_file(path, 1).with_help(advice));
        }
        Ok(Some(text))
    }

    /// pbr and d2to1 read setup.cfg in their own way, and fill in requirements and versions beside `[project]`.
    fn is_pbr(&mut self) -> bool {
        let named = |field: &&Field| match field.name.as_str() {
            "pbr" | "d2to1" => field.value.is_true(),
            "setup_requires" => field.value.parts().is_some_and(|parts| {
                parts
                    .iter()
                    .any(|part| part.text.trim_start().starts_with("pbr") || part.text.starts_with("d2to1"))
            }),
            _ => false,
        };
        let Some(field) = self.fields.iter().find(named).cloned() else { return false };
        let advice =
            "replace pbr first: `setuptools-scm` gives the version, `[options]` of setup.cfg the rest";
        self.refuse(
            &field,
            codes::M024,
            "pbr decides what setup.cfg means, and it cannot do so beside `[project]`",
            advice,
        );
        true
    }

    /// Where setup.py says something true, setup.cfg is not asked.
    fn merge(&mut self, fields: Vec<Field>) {
        for field in fields {
            let Some(at) = self.fields.iter().position(|known| known.name == field.name) else {
                self.fields.push(field);
                continue;
            };
            let (loser, why) = if self.fields[at].value.is_true() {
                (field, "setup.py says it, too, and wins")
            } else {
                (std::mem::replace(&mut self.fields[at], field), "it is empty, so setup.cfg counts")
            };
            self.drop_field(&loser, why);
        }
    }

    /// Says what is wrong with setup.cfg; setuptools would stop at it, too.
    fn note_broken(&mut self, document: &Document) -> bool {
        let mut readable = true;
        for found in document.diagnostics() {
            readable &= found.severity != Severity::Error;
            let line = found.line.unwrap_or(1);
            let mut located = found.clone().in_file(config::PATH, line);
            located.message = redacted(&located.message);
            if found.severity == Severity::Error {
                let outcome = Outcome::Refused {
                    why: format!("setuptools cannot read it: {}", located.message),
                    advice: found.help.clone().unwrap_or_else(|| "correct the line".to_owned()),
                };
                self.entry(Provenance::new(config::PATH, line), config::PATH, outcome);
            }
            self.out.diagnostics.push(located);
        }
        readable
    }

    /// The field of an attribute, which is then somebody's to settle.
    pub(super) fn take(&mut self, name: &str) -> Option<Field> {
        let at = self.fields.iter().position(|field| field.name == name)?;
        Some(self.fields.remove(at))
    }

    /// The same for a value that is true for Python. One that is not says nothing, and goes.
    pub(super) fn take_told(&mut self, name: &str) -> Option<Field> {
        let field = self.take(name)?;
        if field.value.is_true() {
            return Some(field);
        }
        self.drop_field(&field, "it is empty");
        None
    }

    pub(super) fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    pub(super) fn entry(&mut self, from: Provenance, text: impl Into<String>, outcome: Outcome) {
        self.entries.push((from, redacted(&text.into()), outcome));
    }

    fn settle(&mut self, field: &Field, outcome: &Outcome) {
        for (home, from) in &field.homes {
            self.entry(from.clone(), told(home), outcome.clone());
        }
    }

    pub(super) fn carry(&mut self, field: &Field, to: &str) {
        self.settle(field, &Outcome::Carried { to: to.to_owned() });
    }

    /// Each key of a section has a place of its own.
    pub(super) fn carry_each(&mut self, field: &Field, whole: &str, place: impl Fn(&str) -> String) {
        for (home, from) in &field.homes {
            let to = match home {
                Home::Key { section, key } if section.starts_with("options.") => place(key),
                _ => whole.to_owned(),
            };
            self.entry(from.clone(), told(home), Outcome::Carried { to });
        }
    }

    pub(super) fn change(&mut self, field: &Field, to: &str, why: impl Into<String>) {
        self.settle(field, &Outcome::Changed { to: to.to_owned(), why: why.into() });
    }

    pub(super) fn drop_field(&mut self, field: &Field, why: impl Into<String>) {
        self.settle(field, &Outcome::Dropped { why: why.into() });
    }

    /// A person has to decide; nothing of it is moved.
    pub(super) fn refuse(&mut self, field: &Field, code: Code, why: &str, advice: &str) {
        self.settle(field, &Outcome::Refused { why: redacted(why), advice: redacted(advice) });
        let found = Diagnostic::error(code, redacted(why)).in_file(&field.from.file, field.from.line);
        self.out.diagnostics.push(found.with_help(advice));
        self.out.not_carried.insert(field.from.file.clone());
        self.stays.extend(field.homes.iter().map(|(home, _)| (home.clone(), why.to_owned())));
    }

    /// What cannot be known without running setup.py, and would be lost.
    pub(super) fn refuse_unknown(&mut self, field: &Field, why: &str) {
        let advice = "run again with `--run-build`, which asks the build backend, or write the value out";
        self.refuse(
            field,
            codes::M021,
            &format!("`{}` is not known without running setup.py: {why}", field.name),
            advice,
        );
    }

    /// Something stays where it is, and setuptools goes on reading it there.
    pub(super) fn stay(&mut self, field: &Field, why: impl Into<String>) {
        let why = why.into();
        let to = format!("{} (stays there: {why})", field.from.file);
        self.settle(field, &Outcome::Carried { to });
        self.stays.extend(field.homes.iter().map(|(home, _)| (home.clone(), why.clone())));
    }

    /// A field of `[project]` stays where it is: setuptools takes what `dynamic` lists from there.
    pub(super) fn stay_dynamic(&mut self, field: &Field, names: &[&str], why: impl Into<String>) {
        for name in names {
            self.dynamic(name);
        }
        self.stay(field, why);
    }

    pub(super) fn dynamic(&mut self, name: &str) {
        let dynamic = &mut self.out.manifest.metadata.dynamic;
        if !dynamic.iter().any(|known| known == name) {
            dynamic.push(name.to_owned());
        }
    }

    /// A note about a field that is carried, but odd.
    pub(super) fn note(&mut self, field: &Field, code: Code, message: &str, help: &str) {
        let found = Diagnostic::note(code, message).in_file(&field.from.file, field.from.line);
        self.out.diagnostics.push(found.with_help(help));
    }

    pub(super) fn set(
        &mut self,
        table: &[&str],
        key: &str,
        value: impl Into<uvshift_pyproject::Value>,
        from: &Provenance,
    ) {
        self.out.manifest.set(table, key, value, from);
    }

    /// Whether setup.py has to stay for something.
    pub(super) fn script_stays(&self) -> bool {
        let does_more = |script: &SetupScript| script.rest.is_some() || !script.is_declarative();
        self.stays.iter().any(|(home, _)| matches!(home, Home::Argument(_)))
            || self.script.as_ref().is_some_and(does_more)
    }

    /// What nobody has moved stays.
    pub(super) fn rest(&mut self) {
        for field in std::mem::take(&mut self.fields) {
            match field.name.as_str() {
                "test_suite" | "test_loader" | "test_runner" => {
                    self.drop_field(&field, "`setup.py test` is gone from setuptools since version 72");
                }
                _ if matches!(field.value, Told::Nothing) => self.drop_field(&field, "it says nothing"),
                _ => self.stay(&field, "pyproject.toml has no place for it"),
            }
        }
    }

    /// The ledger is in the order of the files, and tables come before what is in them.
    pub(super) fn finish(mut self) {
        let files = [script::PATH, config::PATH, "pyproject.toml"];
        let rank = |file: &str| files.iter().position(|known| *known == file).unwrap_or(files.len());
        self.entries.sort_by(|(left, ..), (right, ..)| {
            let key = |from: &Provenance| (rank(&from.file), from.file.clone(), from.line);
            key(left).cmp(&key(right))
        });
        for (from, text, outcome) in std::mem::take(&mut self.entries) {
            self.out.ledger.add(from, text, outcome);
        }
        self.out.manifest.settings.sort_by_key(|setting| {
            (setting.table.first().is_some_and(|table| table == "tool"), setting.table.len())
        });
    }
}

/// How a directive is named in the ledger.
pub(super) fn told(home: &Home) -> String {
    match home {
        Home::Argument(name) => name.clone(),
        Home::Key { section, key } if section.starts_with("options.") => format!("[{section}] {key}"),
        Home::Key { key, .. } => key.clone(),
    }
}

//! The sections as native tables.

use uvshift_ini::{Document, Key, LineKind, Section};

use super::lines::{Line, lines};
use super::reference::{Item, Resolver, table_name};
use super::set_env::{self, Entry};
use super::settings::{Kind, Known, is_of_plugin, known};
use super::token::{Token, tokens};
use super::{Inexact, command, factor, is_own, row, value};
use crate::model::{Element, Setting, Table, Value};
use crate::report::{Converted, Outcome};

/// Everything as native tables, with the names of the sections that are carried.
pub(super) fn native(
    document: &Document,
    file: &str,
    core: &str,
) -> Result<(Converted, Vec<String>), Inexact> {
    let own = |section: &&Section| is_own(&section.name, core);
    if let Some(section) =
        document.sections().iter().find(|section| is_of_plugin(&section.name) || section.name == "DEFAULT")
    {
        let why = format!("`[{}]` has to stay beside the settings of tox", section.name);
        return Err(Inexact::new(section.line, why));
    }
    let environments = environments(document, core)?;
    let names = environments.iter().map(|(name, _)| name.clone()).collect();
    let resolver =
        Resolver { document, core, environments: names, reached: Vec::new(), written_out: Vec::new() };
    let mut writer = Writer { resolver, file, notes: Vec::new(), converted: Converted::default() };
    if let Some(section) = document.section(core) {
        let table = writer.section(section, &[], true)?;
        writer.converted.table = table;
    }
    for (name, path) in [("testenv", "env_run_base"), ("pkgenv", "env_pkg_base")] {
        if let Some(section) = document.section(name) {
            let table = writer.section(section, &[path], false)?;
            let comments = comments_before(document, section.line);
            writer.converted.table.set(Setting::new(path, table).with_comments(comments));
        }
    }
    let mut table = Table::default();
    for section in document.sections().iter().filter(own) {
        writer.environment(section, &environments, &mut table)?;
    }
    for (name, section) in &environments {
        if section.is_none() && !listed(document, core).contains(name) && !name.is_empty() {
            table.insert(name.as_str(), Table::default());
        }
    }
    let others = writer.others()?;
    if !table.is_empty() {
        writer.converted.table.insert("env", table);
    }
    writer.settle();
    let carried = document.sections().iter().map(|section| section.name.clone());
    let carried = carried.filter(|name| is_own(name, core) || others.contains(name)).collect();
    Ok((writer.converted, carried))
}

/// The environments of the file in tox's order, each with the section that it is from.
fn environments(document: &Document, core: &str) -> Result<Vec<(String, Option<String>)>, Inexact> {
    let mut found: Vec<(String, Option<String>)> = Vec::new();
    for section in document.sections() {
        let Some(expression) = section.name.strip_prefix("testenv:") else { continue };
        let names = factor::names(expression)
            .ok_or_else(|| Inexact::new(section.line, "its name is no list of environments"))?;
        for name in names {
            if !found.iter().any(|(known, _)| *known == name) {
                found.push((name, Some(section.name.clone())));
            }
        }
    }
    for name in listed(document, core) {
        if !found.iter().any(|(known, _)| *known == name) {
            found.push((name, None));
        }
    }
    let factors: Vec<String> =
        found.iter().flat_map(|(name, _)| name.split('-').map(str::to_owned).collect::<Vec<_>>()).collect();
    let keys =
        document.sections().iter().filter(|section| is_own(&section.name, core) && section.name != "pkgenv");
    for line in keys.flat_map(|section| &section.keys).flat_map(|key| &key.parts) {
        for group in factor::split(&line.text).0.unwrap_or_default() {
            let name = factor::explode(&group);
            let new = name.split('-').any(|factor| !factors.iter().any(|known| known == factor));
            if new && !found.iter().any(|(known, _)| *known == name) {
                found.push((name, None));
            }
        }
    }
    Ok(found)
}

/// The names in `env_list`.
fn listed(document: &Document, core: &str) -> Vec<String> {
    let section = document.section(core);
    let key = section.and_then(|section| section.key("env_list").or_else(|| section.key("envlist")));
    let Some(lines) = key.and_then(|key| lines(key, &|_| Vec::new()).ok()) else { return Vec::new() };
    lines.iter().filter_map(Line::text).filter_map(|text| factor::names(&text)).flatten().collect()
}

struct Writer<'a> {
    resolver: Resolver<'a>,
    file: &'a str,
    notes: Vec<(usize, String)>,
    converted: Converted,
}

impl Writer<'_> {
    /// The table of a section that is one or several environments.
    fn environment(
        &mut self,
        section: &Section,
        environments: &[(String, Option<String>)],
        out: &mut Table,
    ) -> Result<(), Inexact> {
        let is_its = |from: &Option<String>| from.as_deref() == Some(section.name.as_str());
        let mut names = environments.iter().filter(|(_, from)| is_its(from)).map(|(name, _)| name);
        let Some(first) = names.next() else {
            if section.name.starts_with("testenv:") {
                return Err(Inexact::new(
                    section.line,
                    "every environment of this section has another one already",
                ));
            }
            return Ok(());
        };
        let table = self.section(section, &["env", first], false)?;
        let base = match table.get("base") {
            Some(Value::Array(elements)) => elements.clone(),
            Some(other) => vec![Element::new(other.clone())],
            None => vec![Element::new("env_run_base")],
        };
        let comments = comments_before(self.resolver.document, section.line);
        out.set(Setting::new(first.as_str(), table).with_comments(comments));
        for name in names {
            let mut table = Table::default();
            let base = [Element::new(first.as_str())].into_iter().chain(base.iter().cloned()).collect();
            table.insert("base", Value::Array(base));
            out.insert(name.as_str(), table);
        }
        Ok(())
    }

    /// The sections that a `ref` reaches, as tables of their own.
    fn others(&mut self) -> Result<Vec<String>, Inexact> {
        let mut done: Vec<String> = Vec::new();
        loop {
            let next =
                self.resolver.reached.iter().map(|(section, _)| section).find(|name| !done.contains(name));
            let Some(name) = next.cloned() else { break };
            done.push(name.clone());
            let Some(section) = self.resolver.document.section(&name) else { continue };
            let known_keys =
                section.keys.iter().filter(|key| known(false, &key.name).is_some()).cloned().collect();
            let part = Section { keys: known_keys, ..section.clone() };
            let table_name = table_name(&name);
            let table = self.section(&part, &[&table_name], false)?;
            for key in section.keys.iter().filter(|key| known(false, &key.name).is_none()) {
                let why = Outcome::Dropped("written out where it is used".to_owned());
                self.converted.rows.push(row(self.file, key, None, why));
            }
            let comments = comments_before(self.resolver.document, section.line);
            self.converted.table.set(Setting::new(table_name, table).with_comments(comments));
        }
        let written = self.resolver.written_out.clone();
        for section in self.resolver.document.sections() {
            let is_written = written.iter().any(|(name, _)| *name == section.name);
            let own = is_own(&section.name, self.resolver.core) || done.contains(&section.name);
            if !is_written || own || super::legacy::is_of_another_tool(&section.name) {
                continue;
            }
            done.push(section.name.clone());
            for key in &section.keys {
                let why = Outcome::Dropped("written out where it is used".to_owned());
                self.converted.rows.push(row(self.file, key, None, why));
            }
        }
        Ok(done)
    }

    fn section(&mut self, section: &Section, path: &[&str], core: bool) -> Result<Table, Inexact> {
        let mut table = Table::default();
        let base = path == ["env_run_base"] || path == ["env_pkg_base"];
        for key in &section.keys {
            let to = |name: &str| {
                let path: Vec<&str> = ["tool", "tox"].iter().chain(path).copied().chain([name]).collect();
                Some(uvshift_pyproject::text::dotted(&path))
            };
            let Some(row_of) = known(core, &key.name) else {
                let outcome = self.unknown(section, key)?;
                self.converted.rows.push(row(self.file, key, None, outcome));
                continue;
            };
            if row_of.kind == Kind::Gone {
                let outcome = Outcome::Dropped("tox 4 does not read it".to_owned());
                self.converted.rows.push(row(self.file, key, None, outcome));
                continue;
            }
            if key.name != row_of.key && section.key(&row_of.key).is_some() {
                let outcome = Outcome::Dropped(format!("`{}` in the same section wins", row_of.key));
                self.converted.rows.push(row(self.file, key, None, outcome));
                continue;
            }
            self.notes.clear();
            let setting = self.setting(key, row_of, base).map_err(|mut problem| {
                // A target of a reference has lines of its own.
                problem.line = problem.line.clamp(key.line, key.end_line);
                problem
            })?;
            let outcome = match self.notes.first() {
                Some((_, note)) => Outcome::Changed(note.clone()),
                None => Outcome::Carried,
            };
            self.converted.rows.push(row(self.file, key, to(&row_of.key), outcome));
            table.set(setting);
        }
        Ok(table)
    }

    /// What becomes of a key that tox has no setting for.
    fn unknown(&self, section: &Section, key: &Key) -> Result<Outcome, Inexact> {
        let sign = format!("{{[{}]{}", section.name, key.name);
        let all = self.resolver.document.sections().iter().flat_map(|section| &section.keys);
        let mut values = all.filter_map(|key| key.raw.as_deref());
        if values.any(|value| value.contains(&sign)) {
            return Ok(Outcome::Dropped("written out where it is used".to_owned()));
        }
        // A setting in the wrong kind of section is one that tox never saw.
        let is_core = matches!(section.name.as_str(), "tox" | "tox:tox");
        if known(!is_core, &key.name).is_some() {
            let place = if is_core { "[testenv]" } else { "[tox]" };
            return Ok(Outcome::Dead(format!("tox reads it in {place} only")));
        }
        let why =
            format!("tox has no setting `{}`; if a plugin has, its type is not known here", key.written);
        Err(Inexact::new(key.line, why))
    }

    fn setting(&mut self, key: &Key, row: &Known, base: bool) -> Result<Setting, Inexact> {
        let document = self.resolver.document;
        let all = lines(key, &|line| comments_before(document, line))?;
        let only_some = !all.is_empty() && all.iter().all(|line| line.condition.is_some());
        let falls_back =
            matches!(row.key.as_str(), "base_python" | "base" | "default_base_python" | "base_python_file");
        if only_some && (!base || falls_back) {
            let why = "for other factors it is what another section says, or the default";
            return Err(Inexact::new(key.line, why));
        }
        let items = self.resolver.items(row.kind, all)?;
        let mut setting = Setting::new(row.key.as_str(), Value::Bool(false));
        setting.comments = comments_before(document, key.line);
        setting.value = match row.kind {
            Kind::SetEnv => {
                let (value, comments) = set_env(items)?;
                setting.comments.extend(comments);
                value
            }
            Kind::Commands => self.commands(items)?,
            Kind::List | Kind::Requirements => list(row, items)?,
            _ => self.scalar(row.kind, items, key.line, &mut setting)?,
        };
        Ok(setting)
    }

    fn commands(&mut self, items: Vec<Item>) -> Result<Value, Inexact> {
        let mut elements = Vec::new();
        for item in items {
            match item {
                Item::Reference { line, value, .. } => elements.push(extended(&line, value)),
                Item::Line(line) => {
                    let words = prefixed(command::command(&line, &mut self.notes)?);
                    elements.push(value::element(&line, Value::Array(words)));
                }
            }
        }
        Ok(Value::Array(elements))
    }

    /// A value that is no list: all of it is a reference, or none.
    fn scalar(
        &mut self,
        kind: Kind,
        items: Vec<Item>,
        number: usize,
        setting: &mut Setting,
    ) -> Result<Value, Inexact> {
        let mut all = Vec::new();
        let only = items.len() == 1;
        for item in items {
            match item {
                Item::Reference { line, value, .. } if only && line.condition.is_none() => {
                    setting.comments.extend(line.comments);
                    return Ok(value);
                }
                Item::Reference { .. } => {
                    return Err(Inexact::new(number, "it refers to a whole value within a text"));
                }
                Item::Line(line) => all.push(line),
            }
        }
        match kind {
            Kind::Environments => return value::environments(&all),
            Kind::EnvironmentMap | Kind::Map => return value::map(kind, &all),
            _ => {}
        }
        for line in &mut all {
            setting.comments.append(&mut line.comments);
            setting.trailing = line.trailing.take().or(setting.trailing.take());
        }
        if kind != Kind::Command {
            return value::scalar(kind, &all, number);
        }
        let text: Option<Vec<String>> =
            all.iter().map(|line| line.text().filter(|_| line.condition.is_none())).collect();
        let text = text.ok_or_else(|| Inexact::new(number, "a single command depends on factors"))?.join(" ");
        Ok(Value::Array(prefixed(command::split(&text, number, &mut self.notes)?)))
    }

    /// Rows in the order of the file.
    fn settle(&mut self) {
        self.converted.rows.sort_by_key(|row| row.from.line);
    }
}

/// A command whose first word starts with a dash: tox ignores how it ends.
fn prefixed(mut words: Vec<Element>) -> Vec<Element> {
    if let Some(Element { value: Value::String(first), .. }) = words.first_mut()
        && let Some(rest) = first.strip_prefix('-').filter(|rest| !rest.is_empty())
    {
        *first = rest.to_owned();
        words.insert(0, Element::new("-"));
    }
    words
}

/// A `ref` whose items become items here.
fn extended(line: &Line, mut reference: Value) -> Element {
    let value = match &line.condition {
        None => {
            if let Value::Inline(table) = &mut reference {
                table.insert("extend", true);
            }
            reference
        }
        Some(groups) => value::condition(&factor::condition(groups), reference, None, true),
    };
    Element { value, comments: line.comments.clone(), trailing: line.trailing.clone() }
}

fn list(row: &Known, items: Vec<Item>) -> Result<Value, Inexact> {
    let mut elements = Vec::new();
    let plain: Vec<Line> = items
        .iter()
        .filter_map(|item| if let Item::Line(line) = item { Some(line.clone()) } else { None })
        .collect();
    let mixed = plain.len() < items.len();
    for item in items {
        match item {
            Item::Reference { line, value, .. } => elements.push(extended(&line, value)),
            Item::Line(line) => {
                // Beside a reference there are several lines, so that commas do not split.
                let parts = if mixed || plain.len() > 1 {
                    value::items(row.kind, &plain)?;
                    value::items(Kind::Requirements, std::slice::from_ref(&line))?
                } else {
                    value::items(row.kind, std::slice::from_ref(&line))?
                };
                for (line, text) in parts {
                    elements.push(value::element(&line, Value::String(item_of(row, &line, text)?)));
                }
            }
        }
    }
    if row.key.ends_with("base_python")
        && elements.len() == 1
        && matches!(elements[0].value, Value::String(_))
    {
        return Ok(elements.remove(0).value);
    }
    Ok(Value::Array(elements))
}

fn item_of(row: &Known, line: &Line, text: String) -> Result<String, Inexact> {
    if row.key == "base" {
        return match text.as_str() {
            "testenv" => Ok("env_run_base".to_owned()),
            "pkgenv" => Ok("env_pkg_base".to_owned()),
            other => other.strip_prefix("testenv:").map(str::to_owned).ok_or_else(|| {
                Inexact::new(line.number, "it inherits from a section that is no environment")
            }),
        };
    }
    let alone = tokens(&text);
    if row.kind == Kind::List
        && let [Token::Substitution(inner)] = alone.as_slice()
        && (inner.contains([':', '[']) || inner == "posargs")
    {
        return Err(Inexact::new(line.number, format!("`{{{inner}}}` may be several items or none")));
    }
    Ok(text)
}

fn set_env(items: Vec<Item>) -> Result<(Value, Vec<String>), Inexact> {
    let mut entries = Vec::new();
    for item in items {
        match item {
            Item::Reference { line, .. } if line.condition.is_some() => {
                return Err(Inexact::new(line.number, "it refers to variables for some factors only"));
            }
            Item::Reference { value: Value::Inline(mut table), array, .. } => {
                if array {
                    table.insert("extend", true);
                }
                entries.push((None, Entry::Reference(Value::Inline(table))));
            }
            Item::Reference { line, .. } => return Err(Inexact::new(line.number, "it is no reference")),
            Item::Line(line) => {
                let text = line
                    .text()
                    .ok_or_else(|| Inexact::new(line.number, "a part of it depends on factors"))?;
                entries.push((line.condition.clone(), set_env::pair(&line, &text)?));
            }
        }
    }
    let file = |(_, entry): &&(_, Entry)| matches!(entry, Entry::Pair(setting) if setting.key == "file");
    let refers = entries.iter().any(|(_, entry)| matches!(entry, Entry::Reference(_)));
    if refers && entries.iter().any(|entry| file(&entry)) {
        return Err(Inexact::new(1, "it reads a file and refers to other variables"));
    }
    Ok(set_env::value(entries))
}

/// The comments between a line and the last one before it that is none.
fn comments_before(document: &Document, line: usize) -> Vec<String> {
    let above = document.lines().iter().take(line.saturating_sub(1)).rev();
    let gap = above.take_while(|line| matches!(line.kind, LineKind::Blank | LineKind::Comment));
    let mut comments: Vec<String> =
        gap.filter_map(|line| document.comment(line)).map(str::to_owned).collect();
    comments.reverse();
    comments
}

//! From the files of a project to everything that would change in them, without changing anything.

use std::collections::BTreeMap;

use uvshift_changeset::ChangeSet;
use uvshift_diagnostics::{Diagnostic, Severity};
use uvshift_pyproject::PyProject;
use uvshift_tree::Tree;

use crate::Error;
use crate::catalogue::{Tool, Wins};
use crate::codes;
use crate::find::{File, Found, found};
use crate::model::{Setting, Value};
use crate::read::{Reading, Source, hashed, one_line};
use crate::render::render_below;
use crate::report::{Outcome, Row};
use crate::section::Section;
use crate::tools::{self, Known};

mod comments;
mod finish;
mod hooks;
mod ruff_move;

use ruff_move::Collected;

const PYPROJECT: &str = "pyproject.toml";

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Only these tools; empty for all.
    pub only: Vec<String>,
    /// Not these tools.
    pub skip: Vec<String>,
    /// flake8 and its friends become ruff.
    pub to_ruff: bool,
    /// Edit or generate hooks of pre-commit: pins and uv's hooks. Hooks follow their settings without this, too.
    pub pre_commit: bool,
    /// The version of uv for its hook, where none is locked.
    pub uv_version: Option<String>,
}

impl Options {
    fn wants(&self, tool: &str) -> bool {
        let named = |list: &[String]| list.iter().any(|name| name == tool);
        (self.only.is_empty() || named(&self.only)) && !named(&self.skip)
    }
}

/// Everything that a consolidation would do.
#[derive(Debug, Default)]
pub struct Plan {
    /// The tools whose settings move, each with the file that they are from.
    pub moved: Vec<Moved>,
    /// What becomes of each setting.
    pub rows: Vec<Row>,
    /// What there is to say.
    pub diagnostics: Vec<Diagnostic>,
    /// What stands in the way; with any of these nothing is written.
    pub blockers: Vec<Diagnostic>,
    /// All changes; [`Transaction`](uvshift_changeset::Transaction) makes them, and takes them back.
    pub changes: ChangeSet,
    /// Files that go.
    pub removed: Vec<String>,
    /// Files that stay with less in them, or with other commands.
    pub edited: Vec<String>,
}

/// A tool whose settings move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The tool.
    pub tool: String,
    /// The file that its settings are from; none if only dead ones go.
    pub from: Option<String>,
    /// The table that they are in now.
    pub to: String,
}

/// Reads the settings of a project's tools and works out what moving them would do. Changes nothing.
///
/// Where something that stays would hide the new settings of a tool from it, that tool is left where it is, and a diagnostic
/// says so.
pub fn plan(tree: &Tree, options: &Options) -> Result<Plan, Error> {
    let mut options = options.clone();
    let mut left: Vec<Diagnostic> = Vec::new();
    // Each round leaves one tool out at least, so there are never more rounds than tools.
    loop {
        let mut work = match Work::new(tree, &options)? {
            Ok(work) => work,
            Err(blocker) => return Ok(Plan { blockers: vec![blocker], ..Plan::default() }),
        };
        for (tool, known) in tools::all().filter(|(tool, _)| options.wants(&tool.name)) {
            work.take(tool, known)?;
        }
        let shadowed = work.finish()?;
        if shadowed.is_empty() {
            work.plan.diagnostics.extend(left);
            return Ok(work.plan);
        }
        for (tool, diagnostic) in shadowed {
            options.skip.push(tool);
            left.push(diagnostic);
        }
    }
}

/// A plan in the making.
struct Work<'a> {
    tree: &'a Tree,
    /// The files that any tool looks into.
    files: Vec<File>,
    before: Option<PyProject>,
    document: PyProject,
    /// The sections that go, by file.
    cuts: BTreeMap<String, Vec<String>>,
    /// Files that are one tool's and go as a whole.
    whole: Vec<String>,
    plan: Plan,
    /// Tools that must find their settings in pyproject.toml afterwards.
    expected: Vec<&'static Tool>,
    /// What goes to ruff, if that is asked for.
    linters: Option<Collected>,
    /// Hooks are to match the lock.
    pre_commit: bool,
    uv_version: Option<String>,
}

impl<'a> Work<'a> {
    fn new(tree: &'a Tree, options: &Options) -> Result<Result<Self, Diagnostic>, Error> {
        let mut files: Vec<File> = Vec::new();
        for path in tools::files() {
            if !tree.has(path) || files.iter().any(|file| file.path == path) {
                continue;
            }
            match String::from_utf8(tree.read(path)?) {
                Ok(text) => files.push(File { path: path.to_owned(), text }),
                Err(_) => return Ok(Err(not_utf8(path))),
            }
        }
        let before =
            match files.iter().find(|file| file.path == PYPROJECT).map(|file| PyProject::parse(&file.text)) {
                None => None,
                Some(Ok(document)) => Some(document),
                Some(Err(error)) => return Ok(Err(broken_toml(&error))),
            };
        Ok(Ok(Self {
            tree,
            files,
            document: before.clone().unwrap_or_default(),
            before,
            cuts: BTreeMap::new(),
            whole: Vec::new(),
            plan: Plan::default(),
            expected: Vec::new(),
            linters: options.to_ruff.then(Collected::default),
            pre_commit: options.pre_commit,
            uv_version: options.uv_version.clone(),
        }))
    }

    /// Looks where a tool's settings are and moves them.
    fn take(&mut self, tool: &'static Tool, known: &Known) -> Result<(), Error> {
        if tool.name == ruff_move::PYUPGRADE {
            self.collect_pyupgrade();
            return Ok(());
        }
        let files = std::mem::take(&mut self.files);
        let spots = found(tool, &files, self.before.as_ref());
        let result = self.take_found(tool, known, &spots);
        self.files = files;
        result
    }

    fn take_found(&mut self, tool: &'static Tool, known: &Known, spots: &[Found<'_>]) -> Result<(), Error> {
        let Some(winner) = spots.iter().find(|found| found.wins) else { return Ok(()) };
        if winner.spot.wins == Wins::Hides && winner.sections.is_empty() {
            self.not_read(tool, spots, winner);
            return Ok(());
        }
        if self.linters.is_some() && ruff_move::replaces(&tool.name) {
            return self.collect(tool, known, spots, winner);
        }
        if spots.iter().all(|found| found.spot.file == PYPROJECT) {
            return Ok(());
        }
        if let Some(why) = &tool.stays {
            self.stay(tool, winner, why);
            return Ok(());
        }
        if let Some(why) = tool.alone.as_ref().filter(|_| spots.len() > 1) {
            self.stay(tool, winner, why);
            return Ok(());
        }
        let mut from = None;
        if winner.spot.file != PYPROJECT {
            from = Some(winner.spot.file.clone());
            let Some(sections) = self.sections(winner) else { return Ok(()) };
            let head = sections.first().map(|section| section.comments.clone()).unwrap_or_default();
            let (file, text, document) = (winner.spot.file.as_str(), winner.text, &winner.document);
            let mut reading = (known.read)(&Source { tool, file, text, document, sections });
            if let Some(why) = &reading.stays {
                self.stay(tool, winner, why);
                self.plan.rows.extend(reading.converted.rows);
                return Ok(());
            }
            let carried = reading.sections.clone();
            let gone = carried.as_ref().unwrap_or(&winner.sections);
            let (mut above, below) =
                comments::left_over(&winner.document, gone, &reading.converted.table, &head);
            // Comments of a section that is a table below are written there.
            let table = &reading.converted.table;
            let is_own = |setting: &Setting| !matches!(setting.value, Value::Table(_) | Value::Tables(_));
            if table.is_empty() || table.settings.iter().any(is_own) {
                above.extend(head);
            }
            reading.converted.table.closing.extend(below);
            self.put(tool, reading, &above)?;
            match carried {
                Some(sections) => self.cuts.entry(winner.spot.file.clone()).or_default().extend(sections),
                None => self.cut(winner),
            }
        }
        for dead in spots.iter().filter(|found| found.spot.file != winner.spot.file) {
            self.bury(tool, dead, &winner.spot.file);
        }
        self.expected.push(tool);
        let to = format!("tool.{}", tool.table.join("."));
        self.plan.moved.push(Moved { tool: tool.name.clone(), from, to });
        Ok(())
    }

    /// The sections of the file that wins, or nothing where its tool would stop at them, too.
    fn sections(&mut self, winner: &Found<'_>) -> Option<Vec<Section>> {
        winner.read().map_err(|errors| self.plan.blockers.extend(errors)).ok()
    }

    /// Settings behind a file that hides them stay: a command may name their file.
    fn not_read(&mut self, tool: &Tool, spots: &[Found<'_>], winner: &Found<'_>) {
        let file = &winner.spot.file;
        for found in spots.iter().filter(|found| found.spot.file != *file && !found.sections.is_empty()) {
            let line = found.document.section(&found.sections[0]).map_or(1, |section| section.line);
            let message = format!("{} reads {file} and not its settings in {}", tool.name, found.spot.file);
            self.plan.diagnostics.push(
                Diagnostic::note(codes::NOT_READ, message)
                    .in_file(found.spot.file.as_str(), line)
                    .with_help(format!("they stay; move them to `[tool.{}]` if they are wanted", tool.name)),
            );
        }
    }

    fn stay(&mut self, tool: &Tool, winner: &Found<'_>, why: &str) {
        let line = winner
            .sections
            .first()
            .and_then(|name| winner.document.section(name))
            .map_or(1, |found| found.line);
        let note =
            Diagnostic::note(codes::STAYS, format!("{} stays in {}: {why}", tool.name, winner.spot.file));
        self.plan.diagnostics.push(note.in_file(winner.spot.file.as_str(), line));
    }

    /// Settings that the tool did not see go, and each is told.
    fn bury(&mut self, tool: &Tool, dead: &Found<'_>, winner: &str) {
        let file = dead.spot.file.as_str();
        let why = format!("{} reads {winner} and never saw this", tool.name);
        let mut line = 1;
        if file == PYPROJECT {
            let path = tool.path();
            let before = self.before.as_ref();
            line = before.map_or(1, |before| before.line_of(&path));
            let outcome = Outcome::Dead(why);
            let setting = format!("[{}]", path.join("."));
            let from = crate::model::Place::new(file, line);
            self.plan.rows.push(Row { tool: tool.name.clone(), from, setting, to: None, outcome });
        } else {
            let sections = dead.sections.iter().filter_map(|name| dead.document.section(name));
            for section in sections {
                line = if line == 1 { section.line } else { line };
                for key in &section.keys {
                    let from = crate::model::Place::new(file, key.line);
                    let value = one_line(key.value.as_deref().unwrap_or_default());
                    let setting = format!("{} = {value}", key.name);
                    let outcome = Outcome::Dead(why.clone());
                    self.plan.rows.push(Row { tool: tool.name.clone(), from, setting, to: None, outcome });
                }
            }
            if dead.document.text().is_empty() && !dead.text.trim().is_empty() {
                let from = crate::model::Place::new(file, 1);
                let outcome = Outcome::Dead(why.clone());
                let setting = format!("all of {file}");
                self.plan.rows.push(Row { tool: tool.name.clone(), from, setting, to: None, outcome });
                self.plan.blockers.extend(tools::more_in(tool, dead));
            }
            self.cut(dead);
        }
        let message = format!("settings of {} in {file} had no effect: {winner} wins", tool.name);
        self.plan.diagnostics.push(
            Diagnostic::note(codes::DEAD_SETTINGS, message)
                .in_file(file, line)
                .with_help("they go; move what you want to keep into the other file first"),
        );
    }

    fn cut(&mut self, found: &Found<'_>) {
        let file = found.spot.file.clone();
        if found.document.text().is_empty() && found.spot.file != PYPROJECT {
            self.whole.push(file);
        } else {
            self.cuts.entry(file).or_default().extend(found.sections.iter().cloned());
        }
    }

    /// Writes a tool's tables into the document.
    fn put(&mut self, tool: &Tool, reading: Reading, head: &[String]) -> Result<(), Error> {
        let Reading { converted, text, others, .. } = reading;
        let (errors, said): (Vec<_>, Vec<_>) =
            converted.diagnostics.into_iter().partition(|found| found.severity == Severity::Error);
        self.plan.diagnostics.extend(said);
        self.plan.blockers.extend(errors);
        self.plan.rows.extend(converted.rows);
        let path = tool.path();
        let comments: Vec<String> = head.iter().map(|comment| hashed(comment)).collect();
        let text = text.unwrap_or_else(|| render_below(&path, &converted.table, &comments));
        let name = tool.table.first().map_or("", String::as_str);
        self.document.replace_tool(name, &text)?;
        for (name, table) in others {
            self.document.replace_tool(&name, &crate::render(&["tool", &name], &table))?;
        }
        Ok(())
    }
}

fn not_utf8(path: &str) -> Diagnostic {
    Diagnostic::error(codes::UNREADABLE, format!("`{path}` is not UTF-8"))
        .in_file(path, 1)
        .with_help("save the file as UTF-8")
}

fn broken_toml(error: &uvshift_pyproject::Error) -> Diagnostic {
    let line = if let uvshift_pyproject::Error::Syntax { line, .. } = error { *line } else { 1 };
    Diagnostic::error(codes::UNREADABLE, error.to_string())
        .in_file(PYPROJECT, line)
        .with_help("correct the file at that place first")
}

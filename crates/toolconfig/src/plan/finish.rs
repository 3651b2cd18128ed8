//! What a plan changes in the end: pyproject.toml, what is left of the old files, and commands that name them.

use uvshift_diagnostics::{Diagnostic, Severity};
use uvshift_ini::{Cut, Dialect, Document};

use super::hooks::HOOKS;
use super::{Moved, PYPROJECT, Work, comments};
use crate::Error;
use crate::catalogue::Tool;
use crate::codes;
use crate::find::{File, found};
use crate::follow::{Gone, follow};
use crate::tools;

impl Work<'_> {
    /// Makes the changes; or gives the tools that would not find their settings then.
    pub(super) fn finish(&mut self) -> Result<Vec<(String, Diagnostic)>, Error> {
        self.finish_ruff()?;
        if self.plan.moved.is_empty() {
            if self.pre_commit {
                self.hooks()?;
            }
            return Ok(Vec::new());
        }
        let mut after = self.ini_files()?;
        self.make_room(&mut after);
        let shadowed = self.shadowed(&after);
        if !shadowed.is_empty() {
            return Ok(shadowed);
        }
        self.check_writable(&after);
        self.changes(after)?;
        self.follow()?;
        self.hooks()?;
        Ok(shadowed)
    }

    fn changes(&mut self, after: Vec<(String, Option<String>)>) -> Result<(), Error> {
        let text = self.document.to_string();
        if let Some(before) = self.text_of(PYPROJECT) {
            self.plan.changes.edit(PYPROJECT, before, text)?;
        } else {
            self.plan.diagnostics.push(new_pyproject());
            self.plan.changes.create(PYPROJECT, text)?;
        }
        for (path, after) in after {
            match (self.text_of(&path), after) {
                (Some(before), Some(after)) => {
                    self.plan.changes.edit(&path, before, after)?;
                    self.plan.edited.push(path);
                }
                (Some(before), None) => {
                    self.plan.changes.delete(&path, before)?;
                    self.plan.removed.push(path);
                }
                (None, Some(after)) => self.plan.changes.create(&path, after)?,
                (None, None) => {}
            }
        }
        Ok(())
    }

    /// Commands that name what goes are changed, too; one that would fail and is not understood stands in the way.
    fn follow(&mut self) -> Result<(), Error> {
        let tree = self.tree.after(&self.plan.changes);
        let followed = follow(&tree, &self.gone())?;
        for (path, text) in followed.edits {
            self.plan.changes.edit(&path, tree.read(&path)?, text)?;
            if path != PYPROJECT && !self.plan.edited.contains(&path) {
                self.plan.edited.push(path);
            }
        }
        self.plan.rows.extend(followed.rows);
        // A comment that moves along may still speak of the file it stood in.
        let text = self.document.to_string();
        let is_comment = |found: &Diagnostic| {
            let line = found.line.and_then(|line| text.lines().nth(line.checked_sub(1)?));
            found.file.as_deref() == Some(PYPROJECT)
                && line.is_some_and(|line| line.trim_start().starts_with('#'))
        };
        let (errors, said): (Vec<_>, Vec<_>) = followed
            .diagnostics
            .into_iter()
            .filter(|found| !is_comment(found))
            .partition(|found| found.severity == Severity::Error);
        self.plan.diagnostics.extend(said);
        self.plan.blockers.extend(errors);
        Ok(())
    }

    /// Which settings are no longer where they were.
    pub(super) fn gone(&self) -> Vec<Gone> {
        let gone = |moved: &Moved| {
            // A hook is no settings file that anybody names.
            let file = moved.from.clone().filter(|file| file != HOOKS)?;
            let whole = self.plan.removed.contains(&file);
            let to_ruff = moved.to == "tool.ruff" && moved.tool != "ruff";
            Some(Gone { file, whole, tool: moved.tool.clone(), to: PYPROJECT.to_owned(), to_ruff })
        };
        self.plan.moved.iter().filter_map(gone).collect()
    }

    fn text_of(&self, path: &str) -> Option<String> {
        self.files.iter().find(|file| file.path == path).map(|file| file.text.clone())
    }

    /// What becomes of each file: its new text, or nothing.
    fn ini_files(&mut self) -> Result<Vec<(String, Option<String>)>, Error> {
        let mut after: Vec<(String, Option<String>)> =
            self.whole.iter().map(|path| (path.clone(), None)).collect();
        let mut orphans: Vec<String> = Vec::new();
        for (path, sections) in &self.cuts {
            let Some(file) = self.files.iter().find(|file| file.path == *path) else { continue };
            // Only the lines matter here, so what one dialect would refuse is no reason to stop.
            let dialect =
                Dialect { strict: false, allow_no_value: true, byte_order_mark: true, ..Dialect::RAW };
            let document = Document::parse(&file.text, &dialect);
            let cuts: Vec<Cut<'_>> = sections.iter().map(|name| Cut::Section(name)).collect();
            if document.is_empty_after(&cuts) {
                orphans.extend(comments::staying(&document, &cuts));
                after.push((path.clone(), None));
                continue;
            }
            match document.without(&cuts) {
                Some(text) => after.push((path.clone(), Some(text))),
                None => self.plan.blockers.push(cannot_cut(path)),
            }
        }
        // Comments that stood above the sections of several tools are nobody's; they stay, at the end.
        let text = self.document.to_string();
        orphans.retain(|comment| !text.contains(comment.as_str()));
        self.document.append_comments(&orphans)?;
        Ok(after)
    }

    /// Every tool has to find its settings in pyproject.toml when all is done; those that would not, and why.
    fn shadowed(&mut self, after: &[(String, Option<String>)]) -> Vec<(String, Diagnostic)> {
        let files: Vec<File> = self
            .files
            .iter()
            .filter_map(|file| match after.iter().find(|(path, _)| *path == file.path) {
                Some((path, text)) => Some(File { path: path.clone(), text: text.clone()? }),
                None => Some(file.clone()),
            })
            .collect();
        self.plan.blockers.extend(self.hidden_from_others(&files));
        let hidden = |tool: &&'static Tool| {
            let spots = found(tool, &files, Some(&self.document));
            let winner = spots.iter().find(|found| found.wins)?;
            let sections: Vec<String> =
                winner.document.sections().iter().map(|section| format!("[{}]", section.name)).collect();
            let file = winner.spot.file.as_str();
            (file != PYPROJECT).then(|| (tool.name.clone(), hides(&tool.name, file, &sections.join(", "))))
        };
        self.expected.iter().filter_map(hidden).collect()
    }

    /// Tools that were left out and would not see their settings any more: some look no further than a pyproject.toml that
    /// is there.
    fn hidden_from_others(&self, files: &[File]) -> Vec<Diagnostic> {
        let mut found_hidden = Vec::new();
        for (tool, _) in tools::all() {
            let is_moved = self.plan.moved.iter().any(|moved| moved.tool == tool.name);
            if is_moved || tool.stays.is_some() {
                continue;
            }
            let winner = |spots: Vec<crate::find::Found<'_>>| {
                let winner = spots.into_iter().find(|found| found.wins)?;
                let is_empty = winner.spot.file != PYPROJECT && winner.sections.is_empty();
                (!is_empty).then(|| winner.spot.file.clone())
            };
            let before = winner(found(tool, &self.files, self.before.as_ref()));
            let after = winner(found(tool, files, Some(&self.document)));
            if let (Some(before), Some(after)) = (&before, &after)
                && before != after
            {
                let message = format!("{after} would hide the settings in {before} from {}", tool.name);
                found_hidden.push(
                    Diagnostic::error(codes::SHADOWED, message)
                        .in_file(before.as_str(), 1)
                        .with_help(format!("let {} move, too", tool.name)),
                );
            }
        }
        found_hidden
    }

    /// `[tool.tox]` is hidden by any tox.ini. What other tools say there moves to a file that they read instead, if they read
    /// none before it.
    fn make_room(&mut self, after: &mut Vec<(String, Option<String>)>) {
        let Some(at) = after.iter().position(|(path, text)| path == "tox.ini" && text.is_some()) else {
            return;
        };
        if !self.expected.iter().any(|tool| tool.name == "tox") {
            return;
        }
        let Some(text) = after[at].1.clone() else { return };
        let document = Document::parse(&text, &Dialect { strict: false, ..Dialect::RAW });
        let homes: Option<Vec<(&str, &str)>> = document
            .sections()
            .iter()
            .map(|section| Some((section.name.as_str(), self.home(&section.name)?)))
            .collect();
        let Some(homes) = homes else { return };
        after[at].1 = None;
        for (section, home) in homes {
            let others = document.sections().iter().filter(|other| other.name != section);
            let cuts: Vec<Cut<'_>> = others.map(|other| Cut::Section(&other.name)).collect();
            let Some(moved) = document.without(&cuts) else { continue };
            let line = document.section(section).map_or(1, |found| found.line);
            let message =
                format!("[{section}] moves from tox.ini to {home}: any tox.ini hides `[tool.tox]` from tox");
            self.plan
                .diagnostics
                .push(Diagnostic::note(codes::SECTION_MOVES, message).in_file("tox.ini", line));
            if let Some((_, text)) = after.iter_mut().find(|(path, _)| path == home) {
                *text = Some(joined(text.take().unwrap_or_default(), &moved));
            } else {
                let text = self.text_of(home).unwrap_or_default();
                after.push((home.to_owned(), Some(joined(text, &moved))));
            }
        }
    }

    /// Where a section of tox.ini is read as well, if nothing stands in its way there.
    fn home(&self, section: &str) -> Option<&'static str> {
        let header = format!("[{section}]");
        let is_said = |path: &str| self.text_of(path).is_some_and(|text| text.contains(&header));
        match section {
            "flake8" if !self.tree.has(".flake8") && !is_said("setup.cfg") => Some(".flake8"),
            "pep8" | "pycodestyle" if !is_said("setup.cfg") => Some("setup.cfg"),
            _ => None,
        }
    }

    fn check_writable(&mut self, after: &[(String, Option<String>)]) {
        for path in after.iter().map(|(path, _)| path.as_str()).chain([PYPROJECT]) {
            self.check_path(path);
        }
    }

    /// A file that may not be written stands in the way.
    pub(super) fn check_path(&mut self, path: &str) {
        if !self.tree.has(path) {
            return;
        }
        let metadata = std::fs::metadata(self.tree.root().join(path));
        let read_only = metadata.is_ok_and(|found| found.permissions().readonly());
        if read_only || self.tree.is_link(path) {
            let what = if read_only { "is read-only" } else { "is a symbolic link" };
            self.plan.blockers.push(
                Diagnostic::error(codes::NOT_CHANGEABLE, format!("`{path}` {what}"))
                    .in_file(path, 1)
                    .with_help("make it a file that may be written, and run again"),
            );
        }
    }
}

/// A file with more lines behind a blank one.
fn joined(mut text: String, more: &str) -> String {
    if !text.is_empty() {
        if !text.ends_with('\n') {
            text.push('\n');
        }
        text.push('\n');
    }
    text.push_str(more);
    text
}

fn hides(tool: &str, winner: &str, sections: &str) -> Diagnostic {
    let message =
        format!("{tool} stays where it is: what has to stay in {winner} would hide pyproject.toml from it");
    Diagnostic::warning(codes::SHADOWED, message)
        .in_file(winner, 1)
        .with_help(format!("move {sections} to another file, and run again"))
}

fn cannot_cut(path: &str) -> Diagnostic {
    let message = format!("sections of `{path}` cannot be taken out without changing how the rest is read");
    Diagnostic::error(codes::UNREADABLE, message)
        .in_file(path, 1)
        .with_help("write section headers and keys at the start of their lines")
}

fn new_pyproject() -> Diagnostic {
    Diagnostic::note(codes::NEW_PYPROJECT, "the project gets a pyproject.toml, which it had not")
        .with_pip("builds in isolation then, with setuptools unless `[build-system]` says otherwise")
        .with_help("run `uvshift migrate` to give it a `[project]` table, too")
}

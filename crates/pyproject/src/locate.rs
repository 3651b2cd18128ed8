//! Where a key or a table has to be written, given how the file is written already.

use std::ops::ControlFlow;

use crate::document::PyProject;
use crate::error::Error;
use crate::syntax::{Header, KeyValue, Node, NodeKind, StatementKind};

/// The place of a table that gets a key.
#[derive(Debug, Clone)]
pub(crate) enum Target {
    /// Lines below a header (none: the root), each key with this dotted prefix.
    Body { header: Option<usize>, prefix: Vec<String> },
    /// Inside an inline table, each key with this dotted prefix.
    Inline { node: Node, prefix: Vec<String> },
    /// Nowhere yet: the table wants a header of its own.
    New,
}

/// The order in which keys are written, for the tables where there is a customary one.
const ORDERS: &[(&[&str], &[&str])] = &[
    (
        &["project"],
        &[
            "name",
            "version",
            "description",
            "readme",
            "requires-python",
            "license",
            "license-files",
            "authors",
            "maintainers",
            "keywords",
            "classifiers",
            "dynamic",
            "dependencies",
            "optional-dependencies",
            "urls",
            "scripts",
            "gui-scripts",
            "entry-points",
        ],
    ),
    (&["build-system"], &["requires", "build-backend", "backend-path"]),
    (
        &["tool", "uv"],
        &[
            "required-version",
            "managed",
            "package",
            "default-groups",
            "environments",
            "required-environments",
            "python-preference",
            "dev-dependencies",
            "constraint-dependencies",
            "override-dependencies",
            "exclude-dependencies",
            "build-constraint-dependencies",
            "index-strategy",
            "find-links",
            "no-index",
            "prerelease",
            "resolution",
            "no-binary",
            "no-binary-package",
            "no-build",
            "no-build-package",
            "config-settings",
            "config-settings-package",
            "allow-insecure-host",
            "conflicts",
            "index",
            "sources",
        ],
    ),
];

/// The order of tables. A table comes after the last of its relatives that is not after it in this list.
const TABLES: &[&[&str]] = &[
    &["project"],
    &["project", "optional-dependencies"],
    &["project", "urls"],
    &["project", "scripts"],
    &["project", "gui-scripts"],
    &["project", "entry-points"],
    &["dependency-groups"],
    &["build-system"],
    &["tool", "uv"],
    &["tool", "uv", "sources"],
    &["tool", "uv", "index"],
];

/// The rank of a key in its table; `usize::MAX` where there is no custom.
pub(crate) fn key_rank(table: &[&str], key: &str) -> usize {
    let order = ORDERS.iter().find(|(path, _)| *path == table).map(|(_, keys)| *keys);
    order.and_then(|keys| keys.iter().position(|known| *known == key)).unwrap_or(usize::MAX)
}

fn table_rank<S: AsRef<str>>(path: &[S]) -> Option<usize> {
    let starts =
        |table: &&[&str]| path.len() >= table.len() && table.iter().zip(path).all(|(a, b)| *a == b.as_ref());
    let longest =
        TABLES.iter().enumerate().filter(|(_, table)| starts(table)).max_by_key(|(_, table)| table.len());
    longest.map(|(rank, _)| rank)
}

/// Tables that stand together: everything of the standards is one family, `[tool.uv]` another.
fn family<S: AsRef<str>>(path: &[S]) -> Option<u8> {
    match path.first()?.as_ref() {
        "project" | "dependency-groups" | "build-system" => Some(0),
        "tool" if path.get(1).is_some_and(|tool| tool.as_ref() == "uv") => Some(1),
        _ => None,
    }
}

fn same_path(full: &[String], path: &[&str]) -> bool {
    full.len() == path.len() && starts_with(full, path)
}

fn starts_with(full: &[String], path: &[&str]) -> bool {
    full.len() >= path.len() && full.iter().zip(path).all(|(a, b)| a == b)
}

fn owned(path: &[&str]) -> Vec<String> {
    path.iter().map(|part| (*part).to_owned()).collect()
}

impl PyProject {
    /// Where the keys of the table at `path` are written.
    pub(crate) fn target(&self, path: &[&str]) -> Result<Target, Error> {
        // The longest part of the path that the file defines decides the form.
        for depth in (1..=path.len()).rev() {
            let (defined, rest) = path.split_at(depth);
            if let ControlFlow::Break(target) = self.target_at(path, defined, rest)? {
                return Ok(target);
            }
        }
        Ok(Target::New)
    }

    fn target_at(
        &self,
        path: &[&str],
        defined: &[&str],
        rest: &[&str],
    ) -> Result<ControlFlow<Target>, Error> {
        if let Some(node) = self.syntax.value(defined) {
            let found = match node.kind {
                NodeKind::Inline(_) => {
                    let target = Target::Inline { node: node.clone(), prefix: owned(rest) };
                    return Ok(ControlFlow::Break(target));
                }
                NodeKind::Array(_) => "an array",
                NodeKind::Scalar => "a plain value",
            };
            return Err(Error::NotATable { key: defined.join("."), line: self.line(node.span.start), found });
        }
        if let Some((index, header)) =
            self.syntax.headers().find(|(_, header)| same_path(&header.path, defined))
        {
            if header.is_array {
                let (key, line) = (defined.join("."), self.line(header.span.start));
                return Err(Error::NotATable { key, line, found: "an array of tables" });
            }
            let target = if rest.is_empty() {
                Target::Body { header: Some(index), prefix: Vec::new() }
            } else {
                Target::New
            };
            return Ok(ControlFlow::Break(target));
        }
        let dotted = |(_, key): &(usize, &KeyValue)| {
            !key.in_array && key.header_length < defined.len() && starts_with(&key.path, defined)
        };
        Ok(match self.syntax.key_values().find(dotted) {
            // A table made by dotted keys cannot have a header, so it goes on with dotted keys.
            Some((_, key)) => ControlFlow::Break(Target::Body {
                header: key.header,
                prefix: owned(path.get(key.header_length..).unwrap_or_default()),
            }),
            None => ControlFlow::Continue(()),
        })
    }

    /// Where a new line with this key goes below a header: the byte, and whether a blank line comes first.
    pub(crate) fn place_in_body(
        &self,
        table: &[&str],
        header: Option<usize>,
        prefix: &[String],
        key: &str,
    ) -> (usize, bool) {
        let in_body: Vec<(usize, &KeyValue)> =
            self.syntax.key_values().filter(|(_, other)| other.header == header).collect();
        let after = if prefix.is_empty() {
            let rank = key_rank(table, key);
            let first = |other: &KeyValue| other.path.get(other.header_length).cloned().unwrap_or_default();
            let not_after = |other: &KeyValue| rank == usize::MAX || key_rank(table, &first(other)) <= rank;
            in_body.iter().rfind(|(_, other)| not_after(other)).copied()
        } else {
            let shared = |other: &KeyValue| {
                let own = other.path.get(other.header_length..).unwrap_or_default();
                own.iter().zip(prefix).take_while(|(a, b)| a == b).count()
            };
            in_body.iter().copied().max_by_key(|(index, other)| (shared(other), *index))
        };
        match after {
            None => (header.map_or(0, |index| self.line_end_of(index)), false),
            Some((index, _)) if in_body.last().is_some_and(|(last, _)| *last == index) => {
                self.after_last(index)
            }
            Some((index, _)) => (self.line_end_of(index), false),
        }
    }

    fn line_end_of(&self, statement: usize) -> usize {
        self.syntax.statements.get(statement).map_or(self.text().len(), |statement| statement.lines.end)
    }

    fn kind_of(&self, statement: usize) -> Option<&StatementKind> {
        self.syntax.statements.get(statement).map(|statement| &statement.kind)
    }

    /// After the last key of a body and after the comments that hang on it. Those are left with what they
    /// comment on, so a blank line keeps the new key apart.
    fn after_last(&self, statement: usize) -> (usize, bool) {
        let mut end = statement;
        while matches!(self.kind_of(end + 1), Some(StatementKind::Comment)) {
            end += 1;
        }
        match self.kind_of(end + 1) {
            // The comments lead over to a header without a gap; whose they are cannot be told.
            Some(StatementKind::Header(_)) => (self.line_end_of(statement), false),
            _ => (self.line_end_of(end), end > statement),
        }
    }

    /// Where the block of a new header goes: the byte.
    pub(crate) fn place_for_table(&self, path: &[&str]) -> usize {
        let rank = table_rank(path).unwrap_or(usize::MAX);
        let relatives: Vec<(usize, &Header)> = self
            .syntax
            .headers()
            .filter(|(_, header)| family(path).is_some() && family(&header.path) == family(path))
            .collect();
        let not_after = |header: &Header| table_rank(&header.path).is_some_and(|other| other <= rank);
        // A table that its own subtables imply comes before them.
        let implies = |header: &Header| header.path.len() > path.len() && starts_with(&header.path, path);
        let child = relatives.iter().find(|(_, header)| implies(header));
        if let Some(before) = child.and_then(|(child, _)| self.gap_before(*child)) {
            return before;
        }
        if let Some((index, _)) = relatives.iter().rfind(|(_, header)| not_after(header)) {
            return self.gap_after(*index);
        }
        if path != ["project"]
            && let Some(at) = self.place_before_relatives(&relatives)
        {
            return at;
        }
        match self.syntax.headers().next() {
            // `[build-system]` is often the first table of a file and stays that.
            Some((index, header)) if !relatives.is_empty() && same_path(&header.path, &["build-system"]) => {
                self.gap_after(index)
            }
            Some((index, _)) if path == ["project"] => {
                self.gap_before(index).unwrap_or_else(|| self.gap_after(index))
            }
            _ => self.text().len(),
        }
    }

    /// Before the first of the relatives, which all come later by custom; the tables of the standards also come
    /// before `[tool.uv]`.
    fn place_before_relatives(&self, relatives: &[(usize, &Header)]) -> Option<usize> {
        let uv = || self.syntax.headers().find(|(_, header)| family(&header.path) == Some(1));
        let (first, header) = relatives.first().copied().or_else(uv)?;
        if same_path(&header.path, &["build-system"]) { None } else { self.gap_before(first) }
    }

    /// The place before a header and the comments that lead to it, when there is a clear one.
    fn gap_before(&self, header: usize) -> Option<usize> {
        let mut start = header;
        while start > 0 && matches!(self.kind_of(start - 1), Some(StatementKind::Comment)) {
            start -= 1;
        }
        let clear = match start.checked_sub(1) {
            // Comments at the very top of the file may speak for the file.
            None => start == header,
            Some(before) => matches!(self.kind_of(before), Some(StatementKind::Blank)) || start == header,
        };
        let at = self.syntax.statements.get(start).map(|statement| statement.lines.start)?;
        (clear && !self.in_generated_block(at)).then_some(at)
    }

    /// The first clear gap after the table of a header: never between a table and its trailing comments, and
    /// never inside a block that comments mark as generated. The end of the file is always clear.
    pub(crate) fn gap_after(&self, header: usize) -> usize {
        let starts: Vec<usize> =
            self.syntax.headers().map(|(index, _)| index).filter(|index| *index > header).collect();
        let mut current = header;
        for next in starts {
            if let Some(at) = self.gap_between(current, next).filter(|at| !self.in_generated_block(*at)) {
                return at;
            }
            current = next;
        }
        self.text().len()
    }

    fn gap_between(&self, header: usize, next: usize) -> Option<usize> {
        let solid = |index: &usize| {
            matches!(self.kind_of(*index), Some(StatementKind::Header(_) | StatementKind::KeyValue(_)))
        };
        let last = (header..next).rev().find(solid)?;
        let comment = |index: &usize| matches!(self.kind_of(*index), Some(StatementKind::Comment));
        let hanging = (last + 1..next).take_while(comment).count();
        // Settings that were commented out belong to the table above them, wherever the blank lines are.
        let disabled = (last + 1..next).rev().filter(comment).find(|index| self.is_disabled_setting(*index));
        let end =
            disabled.map_or(last + hanging, |index| index + (index + 1..next).take_while(comment).count());
        if end + 1 == next {
            return (end == last).then(|| self.line_end_of(end));
        }
        Some(self.line_end_of(end))
    }

    fn statement_text(&self, index: usize) -> &str {
        let statement = self.syntax.statements.get(index);
        statement.and_then(|statement| self.text().get(statement.lines.clone())).unwrap_or_default()
    }

    /// A comment that looks like `# key = value`, `# [table]` or the end of a list.
    fn is_disabled_setting(&self, index: usize) -> bool {
        let text = self.statement_text(index).trim().trim_start_matches('#').trim();
        let key = text.split('=').next().unwrap_or_default().trim();
        let is_key = |key: &str| {
            !key.is_empty()
                && key.chars().all(|character| character.is_alphanumeric() || "-_.\"'".contains(character))
        };
        (text.contains('=') && is_key(key))
            || (text.starts_with('[') && text.ends_with(']'))
            || matches!(text, "]" | "}" | "],")
    }

    /// Whether a byte lies between a comment that opens a generated block and the one that closes it.
    fn in_generated_block(&self, at: usize) -> bool {
        let mut depth = 0_usize;
        let mut seen = false;
        for (index, statement) in self.syntax.statements.iter().enumerate() {
            if statement.lines.start >= at {
                // A block that is never closed is only a comment with such a word.
                let closes = |later: usize| self.marker(later) == Some(Marker::Close);
                return seen && depth > 0 && (index..self.syntax.statements.len()).any(closes);
            }
            match self.marker(index) {
                Some(Marker::Open) => {
                    depth += 1;
                    seen = true;
                }
                Some(Marker::Close) => depth = depth.saturating_sub(1),
                None => {}
            }
        }
        false
    }

    fn marker(&self, index: usize) -> Option<Marker> {
        if !matches!(self.kind_of(index), Some(StatementKind::Comment)) {
            return None;
        }
        let text = self.statement_text(index).to_ascii_lowercase();
        let word = |wanted: &str| {
            text.split(|character: char| !character.is_alphanumeric()).any(|word| word == wanted)
        };
        if text.contains("<<<") || text.contains("[[[end]]]") || word("end") || word("endregion") {
            return Some(Marker::Close);
        }
        let opens = text.contains(">>>")
            || text.contains("[[[cog")
            || word("begin")
            || word("start")
            || word("region");
        opens.then_some(Marker::Open)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Marker {
    Open,
    Close,
}

//! The edits that take something out.

use crate::array;
use crate::document::{Edit, PyProject};
use crate::error::Error;
use crate::model::{ArrayAt, Entry, Item};
use crate::syntax::{Header, InlineEntry, Node, NodeKind, Span, StatementKind};

const SETUPTOOLS_DYNAMIC: [&str; 3] = ["tool", "setuptools", "dynamic"];

impl PyProject {
    /// A copy with more constraints in `[tool.uv]`, for one resolution. The document itself is what the copy
    /// goes back to, byte for byte.
    pub fn with_constraints(&self, constraints: &[Item]) -> Result<Self, Error> {
        let mut copy = self.clone();
        copy.add_dependencies(ArrayAt::UvConstraints, constraints)?;
        Ok(copy)
    }

    /// Takes every constraint out of `[tool.uv]` for which `wanted` holds, and gives them back. An array that
    /// this empties goes too.
    pub fn take_constraints(&mut self, wanted: impl Fn(&str) -> bool) -> Result<Vec<Entry>, Error> {
        self.take(&["tool", "uv"], "constraint-dependencies", wanted)
    }

    /// Takes every string of an array for which `wanted` holds, and gives them back. An array that this
    /// empties goes too. Comments behind a string stay, on a line of their own.
    pub fn take_dependencies(
        &mut self,
        at: ArrayAt<'_>,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Vec<Entry>, Error> {
        let (table, key) = at.path();
        let key = if at.is_name() { self.spelling(&table, key) } else { key.to_owned() };
        self.take(&table, &key, wanted)
    }

    /// Takes a field out of `project.dynamic`; the key goes when nothing is left in it.
    pub fn remove_dynamic(&mut self, field: &str) -> Result<bool, Error> {
        self.take(&["project"], "dynamic", |other| other == field).map(|taken| !taken.is_empty())
    }

    /// Takes a field out of `[tool.setuptools.dynamic]`; the table goes when nothing is left in it.
    pub fn remove_setuptools_dynamic(&mut self, field: &str) -> Result<bool, Error> {
        let path = [SETUPTOOLS_DYNAMIC[0], SETUPTOOLS_DYNAMIC[1], SETUPTOOLS_DYNAMIC[2], field];
        if self.get(&path).is_none() {
            return Ok(false);
        }
        self.all_or_nothing(|document| {
            document.remove(&path)?;
            match document.table(&SETUPTOOLS_DYNAMIC) {
                Some(table) if table.is_empty() => document.remove(&SETUPTOOLS_DYNAMIC),
                _ => Ok(()),
            }
        })?;
        Ok(true)
    }

    /// Takes out what stands at a path, in whatever form: a key, dotted keys, a table with its subtables.
    /// Comments stay. A path that is not there is no error.
    pub fn remove(&mut self, path: &[&str]) -> Result<(), Error> {
        let edits = self.removal(path);
        if edits.is_empty() {
            return Ok(());
        }
        self.apply(&path.join("."), edits, &[path.to_vec()])
    }

    /// The same together with the comments above and behind, which the caller has from
    /// [`comments`](Self::comments) and writes elsewhere.
    pub fn remove_with_comments(&mut self, path: &[&str]) -> Result<(), Error> {
        let comments = self.comment_spans(path);
        let mut edits = self.removal(path);
        // A comment behind a value is in the lines that go; the removal of them would leave it.
        for span in comments.iter().flat_map(|(above, behind)| above.iter().chain(behind)) {
            for edit in edits.iter_mut().filter(|edit| edit.span.end == span.start) {
                edit.span = self.start_of_line(edit.span.start)..self.end_of_line(span.end);
            }
            if !edits.iter().any(|edit| edit.span.contains(&span.start)) {
                edits.push(Edit::remove(span.start..self.end_of_line(span.end)));
            }
        }
        // With a header that has comments above goes the blank line above them.
        if let Some((above, _)) = &comments
            && let Some(first) = above.first()
            && self.syntax.headers().any(|(_, header)| header.path == path)
        {
            let before = self.text().get(..first.start).unwrap_or_default();
            let blank = ["\r\n", "\n"].into_iter().find(|end| before.ends_with(&end.repeat(2)));
            edits.extend(blank.map(|end| Edit::remove(first.start - end.len()..first.start)));
        }
        if edits.is_empty() {
            return Ok(());
        }
        self.apply(&path.join("."), edits, &[path.to_vec()])
    }

    /// The comments that belong to what is written at a path, with their `#`: those above a key, as far as the key or header
    /// before it, or right above a header, and the one behind it.
    pub fn comments(&self, path: &[&str]) -> (Vec<String>, Option<String>) {
        let Some((above, behind)) = self.comment_spans(path) else { return (Vec::new(), None) };
        let text = |span: &Span| self.text().get(span.clone()).unwrap_or_default().trim().to_owned();
        (above.iter().map(text).collect(), behind.as_ref().map(text))
    }

    fn comment_spans(&self, path: &[&str]) -> Option<(Vec<Span>, Option<Span>)> {
        let statements = &self.syntax.statements;
        let (index, solid_end, is_header) =
            statements.iter().enumerate().find_map(|(index, statement)| match &statement.kind {
                StatementKind::Header(header) if header.path == path => Some((index, header.span.end, true)),
                StatementKind::KeyValue(key) if !key.in_array && key.path == path => {
                    Some((index, key.value.span.end, false))
                }
                _ => None,
            })?;
        let above = statements.get(..index)?.iter().rev();
        let above = above.take_while(|statement| match statement.kind {
            StatementKind::Comment => true,
            // A comment apart from a header stands for itself.
            StatementKind::Blank => !is_header,
            _ => false,
        });
        let mut above: Vec<Span> = above
            .filter(|statement| matches!(statement.kind, StatementKind::Comment))
            .map(|statement| statement.lines.clone())
            .collect();
        above.reverse();
        let end = statements.get(index)?.lines.end;
        let rest = self.text().get(solid_end..end)?;
        let behind = rest.find('#').map(|at| solid_end + at..solid_end + rest.trim_end().len());
        Some((above, behind))
    }

    /// The start of the line if only blanks stand between.
    fn start_of_line(&self, at: usize) -> usize {
        let before = self.text().get(..at).unwrap_or_default();
        at - (before.len() - before.trim_end_matches([' ', '\t']).len())
    }

    fn end_of_line(&self, at: usize) -> usize {
        let rest = self.text().get(at..).unwrap_or_default();
        if at > 0 && self.text().get(..at).is_some_and(|before| before.ends_with('\n')) {
            return at;
        }
        rest.find('\n').map_or(self.text().len(), |newline| at + newline + 1)
    }

    /// Takes out the header of a table that holds nothing itself and whose subtables have headers of their own. Anything
    /// else stays.
    pub fn remove_bare_header(&mut self, path: &[&str]) -> Result<(), Error> {
        let is_it = |header: &Header| header.path == path && !header.is_array;
        let found = self.syntax.headers().find(|(_, header)| is_it(header));
        let Some((index, span)) = found.map(|(index, header)| (index, header.span.clone())) else {
            return Ok(());
        };
        let holds = self.syntax.key_values().any(|(_, key)| key.header == Some(index));
        let below = |full: &[String]| full.len() > path.len() && full.iter().zip(path).all(|(a, b)| a == b);
        if holds || !self.syntax.headers().any(|(_, other)| below(&other.path)) {
            return Ok(());
        }
        let Some(statement) = self.syntax.statements.get(index) else { return Ok(()) };
        let edit = self.header_removal(index, statement.lines.clone(), &span);
        self.apply(&path.join("."), vec![edit], &[])
    }

    fn take(
        &mut self,
        table: &[&str],
        key: &str,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Vec<Entry>, Error> {
        let path: Vec<&str> = table.iter().copied().chain([key]).collect();
        let taken: Vec<Entry> = self.strings(&path).into_iter().filter(|entry| wanted(&entry.text)).collect();
        if taken.is_empty() {
            return Ok(taken);
        }
        self.all_or_nothing(|document| {
            // One at a time: taking the last element also takes the comma before it.
            while let Some(edits) = document.next_removal(&path, &wanted) {
                document.apply(&path.join("."), edits, std::slice::from_ref(&path))?;
            }
            match document.syntax.value(&path) {
                Some(Node { span, kind: NodeKind::Array(items) }) if items.is_empty() => {
                    // Comments that are left in the brackets are worth keeping.
                    let inner = document.text().get(span.start + 1..span.end - 1).unwrap_or_default();
                    if inner.trim().is_empty() { document.remove(&path) } else { Ok(()) }
                }
                _ => Ok(()),
            }
        })?;
        Ok(taken)
    }

    fn next_removal(&self, path: &[&str], wanted: &impl Fn(&str) -> bool) -> Option<Vec<Edit>> {
        let values = self.get(path)?.as_array()?;
        let index = values.iter().position(|value| value.as_str().is_some_and(wanted))?;
        let NodeKind::Array(elements) = &self.syntax.value(path)?.kind else { return None };
        Some(array::remove(self.text(), elements, index))
    }

    fn removal(&self, path: &[&str]) -> Vec<Edit> {
        let below = |full: &[String]| full.len() >= path.len() && full.iter().zip(path).all(|(a, b)| a == b);
        let mut edits = Vec::new();
        for (index, statement) in self.syntax.statements.iter().enumerate() {
            match &statement.kind {
                StatementKind::Header(header) if below(&header.path) => {
                    edits.push(self.header_removal(index, statement.lines.clone(), &header.span));
                }
                StatementKind::KeyValue(key) if below(&key.path) => {
                    edits.push(self.line_removal(statement.lines.clone(), key.key_start..key.value.span.end));
                }
                StatementKind::KeyValue(key) if !key.in_array && key.path.len() < path.len() => {
                    let rest = path.get(key.path.len()..).unwrap_or_default();
                    if key.path.iter().zip(path).all(|(a, b)| a == b) {
                        edits.extend(inline_removal(&key.value, rest));
                    }
                }
                _ => {}
            }
        }
        edits
    }

    /// Takes lines out, unless a comment stands behind what they hold.
    fn line_removal(&self, lines: Span, solid: Span) -> Edit {
        let after = self.text().get(solid.end..lines.end).unwrap_or_default();
        if after.trim().is_empty() {
            return Edit::remove(lines);
        }
        Edit::remove(solid.start..solid.end + (after.len() - after.trim_start().len()))
    }

    /// A header goes with one of the blank lines around it.
    fn header_removal(&self, index: usize, lines: Span, solid: &Span) -> Edit {
        let mut edit = self.line_removal(lines.clone(), solid.clone());
        let previous = index.checked_sub(1).and_then(|previous| self.syntax.statements.get(previous));
        if let Some(previous) = previous
            && edit.span == lines
            && matches!(previous.kind, StatementKind::Blank)
        {
            edit.span.start = previous.lines.start;
        }
        edit
    }
}

fn inline_removal(node: &Node, path: &[&str]) -> Vec<Edit> {
    let NodeKind::Inline(entries) = &node.kind else { return Vec::new() };
    let below = |entry: &InlineEntry| {
        entry.key.len() >= path.len() && entry.key.iter().zip(path).all(|(a, b)| a == b)
    };
    let mut edits = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        if below(entry) {
            let next = entries.get(index + 1);
            let previous = index.checked_sub(1).and_then(|previous| entries.get(previous));
            edits.push(Edit::remove(match (next, previous) {
                (Some(next), _) => entry.start..next.start,
                (None, Some(previous)) if !below(previous) => previous.node.span.end..entry.node.span.end,
                _ => entry.start..entry.node.span.end,
            }));
        } else if entry.key.len() < path.len() && entry.key.iter().zip(path).all(|(a, b)| a == b) {
            edits.extend(inline_removal(&entry.node, path.get(entry.key.len()..).unwrap_or_default()));
        }
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_that_says_nothing_goes() {
        let cut = |text: &str| {
            let mut document = PyProject::parse(text).unwrap();
            document.remove_bare_header(&["tool", "pdm"]).unwrap();
            document.to_string()
        };
        assert_eq!(
            cut("a = 1\n\n[tool.pdm]\n\n[tool.pdm.build]\nb = 1\n"),
            "a = 1\n\n[tool.pdm.build]\nb = 1\n"
        );
        for same in ["[tool.pdm]\n", "[tool.pdm]\na = 1\n[tool.pdm.b]\n", "[tool.pdmx]\n[tool.pdmx.b]\n", ""]
        {
            assert_eq!(cut(same), same);
        }
        assert_eq!(cut("[tool.pdm]  # why\n[tool.pdm.b]\n"), "# why\n[tool.pdm.b]\n");
    }
}

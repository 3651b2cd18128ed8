//! Adding to `[tool.uv.sources]` and `[[tool.uv.index]]`.

use crate::array::{self, NewElement};
use crate::document::{Edit, PyProject};
use crate::error::Error;
use crate::locate::Target;
use crate::model::{Index, Source, Value};
use crate::render;
use crate::syntax::{Header, Node, NodeKind};

const SOURCES: [&str; 3] = ["tool", "uv", "sources"];
const INDEX: [&str; 3] = ["tool", "uv", "index"];

impl PyProject {
    /// Adds a source of a package: one is an inline table, several are an array of them. A source that is
    /// there already is not added again.
    pub fn add_source(&mut self, name: &str, source: &Source) -> Result<(), Error> {
        let name = self.spelling(&SOURCES, name);
        let existing = self.uv().sources.into_iter().find(|(other, _)| *other == name);
        if existing.iter().any(|(_, entries)| entries.iter().any(|entry| entry.source == *source)) {
            return Ok(());
        }
        let text = render::source(source);
        let path = [SOURCES[0], SOURCES[1], SOURCES[2], name.as_str()];
        let key = path.join(".");
        match self.syntax.value(&path) {
            Some(Node { span, kind: NodeKind::Inline(_) }) => {
                let indent = array::indent_of(self.text(), span.start);
                // In an array that takes several lines each source has its own.
                let edits = vec![
                    Edit::insert(span.start, format!("[\n{indent}    ")),
                    Edit::insert(span.end, format!(",\n{indent}    {text},\n{indent}]")),
                ];
                self.apply(&key, edits, &[path.to_vec()])
            }
            Some(Node { span, kind: NodeKind::Array(old) }) => {
                let element = NewElement::with_comments(text, &[], None);
                let edits = array::append(self.text(), span, old, &[element]);
                self.apply(&key, edits, &[])
            }
            Some(node) => {
                let line = self.line(node.span.start);
                Err(Error::NotATable { key, line, found: "a plain value" })
            }
            None if existing.is_some() => self.add_source_table(&path, source),
            None => self.insert_key(&SOURCES, &name, |_| text.clone()),
        }
    }

    /// The source is there as `[tool.uv.sources.NAME]`, once or as an array of tables.
    fn add_source_table(&mut self, path: &[&str], source: &Source) -> Result<(), Error> {
        let key = path.join(".");
        let headers: Vec<(usize, Header)> = self
            .syntax
            .headers()
            .filter(|(_, header)| header.path == path)
            .map(|(index, header)| (index, header.clone()))
            .collect();
        let Some((last, header)) = headers.last() else {
            let reason =
                "its source is written with dotted keys, and several sources need an array".to_owned();
            return Err(Error::Unsupported { key, reason });
        };
        let mut edits = vec![self.block_at(
            self.gap_after(*last),
            &format!("[[{}]]\n{}", render::dotted(path), lines(&render::source_pairs(source))),
        )];
        if !header.is_array {
            edits.push(Edit::insert(header.span.start, "["));
            edits.push(Edit::insert(header.span.end, "]"));
        }
        self.apply(&key, edits, &[path.to_vec()])
    }

    /// Adds an index behind those that are there: their order is their priority. An equal one is not added
    /// again; another one of the same name is a conflict.
    pub fn add_index(&mut self, index: &Index) -> Result<(), Error> {
        let key = INDEX.join(".");
        let existing = self.uv().indexes;
        if existing.contains(index) {
            return Ok(());
        }
        if let Some(name) = &index.name
            && existing.iter().any(|other| other.name.as_ref() == Some(name))
        {
            return Err(Error::Conflict { key: format!("{key}.{name}"), line: self.line_of(&INDEX) });
        }
        let pairs = render::index(index);
        if self.syntax.headers().any(|(_, header)| header.path == INDEX && header.is_array)
            || (self.get(&INDEX).is_none() && self.takes_header(&INDEX)?)
        {
            let at = self.place_for_table(&INDEX);
            let edit = self.block_at(at, &format!("[[{key}]]\n{}", lines(&pairs)));
            return self.apply(&key, vec![edit], &[]);
        }
        // In an inline or dotted `tool.uv` the indexes are an array of inline tables.
        let element = NewElement::with_comments(render::inline(&Value::Table(pairs)), &[], None);
        self.append_elements(&INDEX[..2], INDEX[2], false, &[element])
    }

    /// Whether a subtable can be written with its own header.
    fn takes_header(&self, path: &[&str]) -> Result<bool, Error> {
        let parent = path.split_last().map_or(path, |(_, parent)| parent);
        Ok(match self.target(parent)? {
            Target::New => true,
            Target::Body { prefix, .. } => prefix.is_empty(),
            Target::Inline { .. } => false,
        })
    }
}

fn lines(pairs: &[(String, Value)]) -> String {
    let line =
        |(key, value): &(String, Value)| format!("{} = {}\n", render::key(key), render::block(value, ""));
    pairs.iter().map(line).collect()
}

//! Where things stand in a document, how they are written, and what is said beside them.

use toml_edit::Item as TomlItem;

use crate::document::PyProject;
use crate::model::Item;
use crate::syntax::{Element, KeyValue, Node, NodeKind, Span};

impl PyProject {
    /// The lines of the tables of an array, `[[path]]` or inline, from 1, in their order.
    pub fn table_lines(&self, path: &[&str]) -> Vec<usize> {
        let line = |span: Option<Span>| span.map_or(1, |span| self.line(span.start));
        match self.get(path) {
            Some(TomlItem::ArrayOfTables(tables)) => tables.iter().map(|table| line(table.span())).collect(),
            Some(item) => item.as_array().into_iter().flatten().map(|value| line(value.span())).collect(),
            None => Vec::new(),
        }
    }

    /// The key and its value as the file writes them, on one line; a table with a header is its header.
    pub fn written(&self, path: &[&str]) -> Option<String> {
        let header = || self.syntax.headers().find(|(_, header)| header.path == path);
        let span = if let Some(key) = self.key_value(path) {
            key.key_start..key.value.span.end
        } else if let Some((_, header)) = header() {
            header.span.clone()
        } else {
            let value = self.text().get(self.syntax.value(path)?.span.clone())?;
            return Some(one_line(&format!("{} = {value}", path.last()?)));
        };
        self.text().get(span).map(one_line)
    }

    /// The strings of an array with their comments and lines.
    pub fn items(&self, path: &[&str]) -> Vec<(Item, usize)> {
        let values = self.get(path).and_then(TomlItem::as_array);
        let nodes = self.syntax.value(path).map(|node| (node.span.start, &node.kind));
        let Some((values, (open, NodeKind::Array(elements)))) = values.zip(nodes) else { return Vec::new() };
        let mut from = open + 1;
        let mut found = Vec::new();
        for (value, element) in values.iter().zip(elements) {
            if let Some(text) = value.as_str() {
                let item = Item {
                    text: text.to_owned(),
                    comments_above: self.comments_between(from, &element.node),
                    comment_trailing: comment_behind(self.text(), end_of(element)),
                };
                found.push((item, self.line(element.node.span.start)));
            }
            let end = end_of(element);
            from = self.text()[end..].find('\n').map_or(end, |length| end + length);
        }
        found
    }

    fn comments_between(&self, from: usize, node: &Node) -> Vec<String> {
        let gap = self.text().get(from..node.span.start).unwrap_or_default();
        gap.lines().map(str::trim).filter(|line| line.starts_with('#')).map(str::to_owned).collect()
    }

    fn key_value(&self, path: &[&str]) -> Option<&KeyValue> {
        let mut found = self.syntax.key_values().filter(|(_, key)| !key.in_array && key.path == path);
        found.next().map(|(_, key)| key)
    }
}

fn end_of(element: &Element) -> usize {
    element.comma.map_or(element.node.span.end, |comma| comma + 1)
}

/// The comment between a place and the end of its line, if nothing else stands there.
fn comment_behind(text: &str, at: usize) -> Option<String> {
    let rest = text.get(at..)?.lines().next()?.trim();
    rest.starts_with('#').then(|| rest.to_owned())
}

/// Line breaks, with the space around them, become one space.
fn one_line(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_tell_their_text_lines_and_comments() {
        let text = "# near\n\n# nearer\na = '1' # behind\n[t]\nb.c = [\n  1,\n]\nd = { e = \"x\" }\n[[s]]\nx = 1\n[[s]]\n";
        let document = PyProject::parse(text).unwrap();
        assert_eq!(document.written(&["a"]).as_deref(), Some("a = '1'"));
        assert_eq!(document.written(&["t"]).as_deref(), Some("[t]"));
        assert_eq!(document.written(&["t", "b", "c"]).as_deref(), Some("b.c = [ 1, ]"));
        assert_eq!(document.written(&["t", "d", "e"]).as_deref(), Some("e = \"x\""));
        assert_eq!(document.written(&["t", "z"]), None);
        let (above, behind) = document.comments(&["a"]);
        assert_eq!(
            (above, behind.as_deref()),
            (vec!["# near".to_owned(), "# nearer".to_owned()], Some("# behind"))
        );
        assert_eq!(document.comments(&["t", "d"]), (Vec::new(), None));
        assert_eq!(document.table_lines(&["s"]), [10, 12]);
        assert_eq!(document.line_of(&["t", "d"]), 9);
    }

    #[test]
    fn array_items_have_their_comments() {
        let text = "a = [ # open\n  # one\n  'x', # behind x\n  # two\n  'y' # behind y\n]\nb = ['p', 'q'] # not of q\n";
        let document = PyProject::parse(text).unwrap();
        let found = document.items(&["a"]);
        let shown: Vec<String> = found
            .iter()
            .map(|(item, line)| {
                format!("{line} {} {} {:?}", item.text, item.comments_above.join("|"), item.comment_trailing)
            })
            .collect();
        assert_eq!(shown, ["3 x # open|# one Some(\"# behind x\")", "5 y # two Some(\"# behind y\")"]);
        assert!(document.items(&["b"]).iter().all(|(item, _)| item.comment_trailing.is_none()));
        assert!(document.items(&["c"]).is_empty());
    }
}

//! Tables as TOML text.

use std::fmt::Write as _;

use uvshift_pyproject::text::{comment_lines, dotted, key as bare_or_quoted, string};

use crate::model::{Element, Setting, Table, Value};

/// An array that is longer than this on one line takes a line an item.
const WIDTH: usize = 88;

/// A table with its header and all tables below it, each header after a blank line. `path` is that of the table.
///
/// A table that holds nothing but tables gets no header; an empty one does, since its being there may mean something.
pub fn render(path: &[&str], table: &Table) -> String {
    render_below(path, table, &[])
}

/// The same with comment lines above the header.
pub(crate) fn render_below(path: &[&str], table: &Table, comments: &[String]) -> String {
    let mut out = String::new();
    render_table(path, table, comments, &mut out);
    out
}

fn render_table(path: &[&str], table: &Table, comments: &[String], out: &mut String) {
    let has_keys =
        table.settings.iter().any(|setting| !is_below(&setting.value)) || !table.closing.is_empty();
    if has_keys || table.is_empty() || !comments.is_empty() {
        open(out, comments);
        let _ = writeln!(out, "[{}]", dotted(path));
        keys(table, out);
    }
    below(path, table, out);
}

/// Whether a value stands under a header of its own.
fn is_below(value: &Value) -> bool {
    matches!(value, Value::Table(_) | Value::Tables(_))
}

fn open(out: &mut String, comments: &[String]) {
    if !out.is_empty() {
        out.push('\n');
    }
    write_comments(out, comments, "");
}

fn keys(table: &Table, out: &mut String) {
    for setting in table.settings.iter().filter(|setting| !is_below(&setting.value)) {
        write_comments(out, &setting.comments, "");
        let _ = write!(out, "{} = {}", bare_or_quoted(&setting.key), block(&setting.value));
        finish_line(out, setting.trailing.as_deref());
    }
    write_comments(out, &table.closing, "");
}

fn below(path: &[&str], table: &Table, out: &mut String) {
    for Setting { key, value, comments, .. } in &table.settings {
        let path: Vec<&str> = path.iter().copied().chain([key.as_str()]).collect();
        match value {
            Value::Table(table) => render_table(&path, table, comments, out),
            Value::Tables(tables) => {
                for (index, table) in tables.iter().enumerate() {
                    open(out, if index == 0 { comments } else { &[] });
                    let _ = writeln!(out, "[[{}]]", dotted(&path));
                    keys(table, out);
                    below(&path, table, out);
                }
            }
            _ => {}
        }
    }
}

fn write_comments(out: &mut String, comments: &[String], indent: &str) {
    for line in comments.iter().flat_map(|comment| comment_lines(comment)) {
        let _ = writeln!(out, "{indent}{line}");
    }
}

fn finish_line(out: &mut String, trailing: Option<&str>) {
    if let Some(comment) = trailing {
        out.push_str("  ");
        out.push_str(&comment_lines(comment).join(" "));
    }
    out.push('\n');
}

/// A value behind `key = `.
fn block(value: &Value) -> String {
    match value {
        Value::String(text) => text_block(text),
        Value::Array(items) => {
            let on_one_line = inline(value);
            let has_comments = items.iter().any(|item| !item.comments.is_empty() || item.trailing.is_some());
            if items.len() <= 1 && !has_comments && on_one_line.len() <= WIDTH {
                return on_one_line;
            }
            let mut out = String::from("[\n");
            for Element { value, comments, trailing } in items {
                write_comments(&mut out, comments, "    ");
                let _ = write!(out, "    {},", inline(value));
                finish_line(&mut out, trailing.as_deref());
            }
            out.push(']');
            out
        }
        other => inline(other),
    }
}

/// A text of several lines as a literal block where that holds it, which regular expressions and commands read best in.
fn text_block(text: &str) -> String {
    let is_plain = |character: char| !character.is_control() || matches!(character, '\n' | '\t');
    let fits =
        text.contains('\n') && text.chars().all(is_plain) && !text.contains("'''") && !text.ends_with('\'');
    if fits { format!("'''\n{text}'''") } else { string(text) }
}

/// A value on one line.
fn inline(value: &Value) -> String {
    match value {
        Value::String(text) => string(text),
        Value::Bool(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Float(text) => text.clone(),
        Value::Array(items) => {
            format!("[{}]", items.iter().map(|item| inline(&item.value)).collect::<Vec<_>>().join(", "))
        }
        Value::Table(table) | Value::Inline(table) if table.is_empty() => "{}".to_owned(),
        Value::Table(table) | Value::Inline(table) => {
            let pair =
                |setting: &Setting| format!("{} = {}", bare_or_quoted(&setting.key), inline(&setting.value));
            format!("{{ {} }}", table.settings.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
        Value::Tables(tables) => {
            let tables: Vec<_> = tables.iter().map(|table| inline(&Value::Inline(table.clone()))).collect();
            format!("[{}]", tables.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_comments_and_values_are_toml() {
        let mut table = Table::default();
        table.set(Setting::new("strict", true).with_comments(vec!["why".to_owned()]));
        table.insert("exclude", "(?x)(\n  a\\.py\n)");
        table.insert("python_version", "3.10");
        table.at(&["a", "b c"]).insert("x", Value::Float("0.5".to_owned()));
        let mut first = Table::default();
        let commented = Element { comments: vec!["# one".to_owned()], ..Element::new("a.*") };
        first.insert("module", Value::Array(vec![commented, Element::new("b")]));
        table.insert("overrides", Value::Tables(vec![first, Table::default()]));
        let text = render(&["tool", "mypy"], &table);
        assert_eq!(
            text,
            "[tool.mypy]\n# why\nstrict = true\nexclude = '''\n(?x)(\n  a\\.py\n)'''\npython_version = \"3.10\"\n\n\
             [tool.mypy.a.\"b c\"]\nx = 0.5\n\n[[tool.mypy.overrides]]\nmodule = [\n    # one\n    \"a.*\",\n    \"b\",\n]\n\n\
             [[tool.mypy.overrides]]\n"
        );
        let read: toml_edit::DocumentMut = text.parse().unwrap();
        assert_eq!(read["tool"]["mypy"]["exclude"].as_str(), Some("(?x)(\n  a\\.py\n)"));
    }

    #[test]
    fn a_text_that_ends_in_a_quote_is_no_literal_block() {
        let mut table = Table::default();
        table.insert("a", "x\n'");
        table.insert("b", "x\r\ny");
        assert_eq!(render(&["t"], &table), "[t]\na = \"x\\n'\"\nb = \"x\\r\\ny\"\n");
    }
}

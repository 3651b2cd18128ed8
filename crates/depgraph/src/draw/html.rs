//! The graph as one page that runs in a browser, without any network.

mod data;
mod digest;

use super::Options;
use super::layout::{Label, Picture, layout};
use super::svg::{DARK, LIGHT, LOOKS, escaped};
use crate::graph::Graph;

/// What is on the page before its script runs.
const BODY: &str = include_str!("html/page.html");

/// The script, a part of the page each.
const SCRIPT: &str = concat!(
    "\"use strict\";\n(() => {\n",
    include_str!("html/model.js"),
    include_str!("html/place.js"),
    include_str!("html/view.js"),
    include_str!("html/panel.js"),
    include_str!("html/table.js"),
    include_str!("html/page.js"),
    "})();\n"
);

/// How the page looks, besides the colours.
const STYLE: &str = include_str!("html/page.css");

/// The graph as a page: a whole HTML file, which needs no other file and no network.
///
/// It can be zoomed, searched and filtered, tells all about each package, and has a table of the same packages. Its policy forbids
/// every connection, and every script and style but its own.
pub fn html(graph: &Graph, options: &Options) -> String {
    let picture = Picture::new(graph, options.depth);
    let labels: Vec<Label> =
        picture.nodes.iter().map(|node| Label::new(graph, node, picture.nodes.len())).collect();
    let layout = layout(&picture, &labels.iter().map(|label| label.width).collect::<Vec<_>>());
    let data = data::data(graph, &picture, &layout, &labels, &options.title);
    page(&escaped(data["title"].as_str().unwrap_or_default()), &in_script(&data))
}

fn page(title: &str, data: &str) -> String {
    let style = format!(
        ":root{{{LIGHT}}}\n@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{DARK}}}}}\n\
         :root[data-theme=dark]{{{DARK}}}\n{LOOKS}{STYLE}@media print{{:root:root:root{{{LIGHT}}}}}\n"
    );
    let (style_digest, script_digest) = (digest::digest(&style), digest::digest(SCRIPT));
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{style_digest}'; \
         script-src '{script_digest}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}: dependencies</title>\n<style>{style}</style>\n</head>\n<body>\n{BODY}\
         <script type=\"application/json\" id=\"data\">{data}</script>\n<script>{SCRIPT}</script>\n</body>\n</html>\n"
    )
}

/// JSON that ends no script, whatever the names in it are.
fn in_script(data: &serde_json::Value) -> String {
    let mut out = String::new();
    for letter in data.to_string().chars() {
        match letter {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            letter => out.push(letter),
        }
    }
    out
}

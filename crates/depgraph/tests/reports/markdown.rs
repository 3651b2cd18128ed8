//! Markdown, as a renderer of the dialect of GitHub shows it.

use std::process::Command;

use serde_json::Value;
use uvshift_depgraph::report;
use uvshift_depgraph::{Finding, Rule};
use uvshift_diagnostics::Severity;

use crate::{evidence, finding, report as report_of, run, sample, tool};

/// Tables with the text of their cells, blocks of code, and every tag that is not ours.
const RENDER: &str = r#"
import html.parser, json, sys
from markdown_it import MarkdownIt

OURS = {"h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "pre", "br", "details", "summary"}

class Reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tables, self.blocks, self.foreign, self.cell, self.block = [], [], [], None, None
    def handle_starttag(self, tag, attributes):
        if tag not in OURS:
            self.foreign.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.cell = []
        elif tag == "pre":
            self.block = []
        elif tag == "br" and self.cell is not None:
            self.cell.append(" ")
    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.tables[-1][-1].append("".join(self.cell))
            self.cell = None
        elif tag == "pre":
            self.blocks.append("".join(self.block))
            self.block = None
    def handle_data(self, data):
        for place in (self.cell, self.block):
            if place is not None:
                place.append(data)
    def handle_comment(self, data):
        self.foreign.append("comment")

renderer = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough")
found = []
for text in json.load(sys.stdin):
    reader = Reader()
    reader.feed(renderer.render(text))
    found.append({"tables": reader.tables, "blocks": reader.blocks, "foreign": reader.foreign})
json.dump(found, sys.stdout)
"#;

/// What the renderer makes of each text; none when it is not there.
pub(crate) fn rendered(texts: &[String]) -> Option<Vec<Value>> {
    let python = tool("oracles/bin/python").or_else(|| tool("oracles/Scripts/python.exe"));
    let has_renderer = |python: &std::path::PathBuf| {
        run(Command::new(python).args(["-I", "-c", "import markdown_it"]), "").status.success()
    };
    let Some(python) = python.filter(has_renderer) else {
        eprintln!("SKIPPED: markdown-it-py is not in .tools/oracles; run `cargo xtask setup`");
        return None;
    };
    let input = serde_json::to_string(texts).unwrap();
    let output = run(Command::new(python).args(["-I", "-c", RENDER]), &input);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// The rows of all tables, without their heads.
pub(crate) fn rows(rendered: &Value) -> Vec<Vec<&str>> {
    let tables = rendered["tables"].as_array().unwrap().iter();
    let rows = tables.flat_map(|table| table.as_array().unwrap().iter().skip(1));
    rows.map(|row| row.as_array().unwrap().iter().map(|cell| cell.as_str().unwrap()).collect()).collect()
}

#[test]
fn every_name_stays_in_its_cell() {
    let (findings, diagnostics) = sample();
    let text = report::markdown(&report_of(&findings, &diagnostics));
    let Some(rendered) = rendered(std::slice::from_ref(&text)) else { return };
    let rendered = &rendered[0];
    assert_eq!(rendered["foreign"], serde_json::json!([]), "{text}");
    let found = rows(rendered);
    assert_eq!(found.len(), findings.len() + diagnostics.len());
    let mut left: Vec<String> = findings.iter().map(|finding| finding.package.replace('\n', " ")).collect();
    for row in found.iter().filter(|row| row.len() == 5) {
        let at = left.iter().position(|name| name.trim() == row[1].trim());
        let name = left.remove(at.unwrap_or_else(|| panic!("{row:?}\n{text}")));
        assert_eq!(row[2], "required");
        assert!(row[4].ends_with("is what this is about. Do something about it."), "{row:?} {name}");
    }
    assert!(left.is_empty(), "{left:?}");
    assert_eq!(found.iter().filter(|row| row.len() == 4).count(), diagnostics.len());
    let commands = "uv remove requests\nuv add --dev 'requests[socks]>=2; python_version > '\\''3'\\'''\n";
    assert_eq!(rendered["blocks"], serde_json::json!([commands]));
}

#[test]
fn what_is_long_is_folded_away_and_fits_into_a_comment() {
    let many: Vec<Finding> = (0..5_000)
        .map(|number| {
            let places = (1..=30).map(|line| evidence("src/some/module.py", line, None)).collect();
            finding(Rule::Missing, &format!("package-{number}"), Severity::Error, places)
        })
        .collect();
    let some = report::markdown(&report_of(&many[..20], &[]));
    assert_eq!(some.matches("<summary>10 more</summary>").count(), 1, "{some}");
    assert_eq!(some.matches("<summary>27 more</summary>").count(), 20);
    let all = report::markdown(&report_of(&many, &[]));
    assert!(all.chars().count() < 65_536);
    assert!(all.contains("Left out here: 4900 more rows."), "{}", &all[all.len() - 200..]);
    assert!(all.starts_with("## Dependencies: 5000 errors\n"));
    if let Some(rendered) = rendered(&[some, all]) {
        let names: Vec<usize> = rendered.iter().map(|text| rows(text).len()).collect();
        assert_eq!(names, [20, 100]);
    }
}

#[test]
fn nothing_is_said_as_nothing() {
    let text = report::markdown(&report_of(&[], &[]));
    assert_eq!(text, "## Dependencies: nothing to report\n\n120 files, 800 imports, 14 declared packages.\n");
}

//! Pages, as text and in a browser.

#![expect(clippy::disallowed_methods, reason = "the tests ask a parser and a browser")]
#![expect(clippy::print_stdout, reason = "a test that has to be skipped says so")]

use std::process::Command;

use serde_json::{Value, json};

use super::*;
use crate::compare::{CompareOptions, compare};
use crate::file::from_json;
use crate::model::{Warning, WarningKind};
use crate::testing::{run, run_with, series_of, slower};

const HOSTILE: &str =
    "</script><img src=x onerror=\"window.ran=1\"><!--<script>window.ran=1</script>&#39;\u{202e}";

/// Reads a page and tells where its tags do not fit into each other.
const READER: &str = r#"
import sys
from html.parser import HTMLParser
VOID = {"meta", "input", "br", "hr", "img", "link"}
class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = []
    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"{tag} {names}"
        if tag not in VOID:
            self.open.append(tag)
    def handle_startendtag(self, tag, attrs):
        assert self.open.count("svg"), tag
    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}> in {self.open} at {self.getpos()}"
for path in sys.argv[1:]:
    reader = Reader()
    reader.feed(open(path, encoding="utf-8").read())
    reader.close()
    assert not reader.open, reader.open
"#;

/// A run in which every text is hostile, and one of its contenders failed.
fn hostile() -> Run {
    let mut run = run(2, 6);
    run.uvshift = HOSTILE.to_owned();
    for scenario in &mut run.scenarios {
        scenario.name = format!("{}{HOSTILE}", scenario.name);
        scenario.description = HOSTILE.to_owned();
        scenario.requirements.push(HOSTILE.to_owned());
    }
    for contender in &mut run.contenders {
        contender.label = format!("{} {HOSTILE}", contender.label);
        contender.version = HOSTILE.to_owned();
    }
    for series in &mut run.series {
        series.scenario = format!("{}{HOSTILE}", series.scenario);
        series.command =
            format!("{} {HOSTILE} --index-url https://user:hunter2@index.example/simple", series.command);
    }
    run.series[0].failure = Some(HOSTILE.to_owned());
    let texts = [
        &mut run.machine.release,
        &mut run.machine.processor,
        &mut run.machine.file_system,
        &mut run.machine.python,
    ];
    for text in texts {
        *text = Some(HOSTILE.to_owned());
    }
    run.machine.architecture = HOSTILE.to_owned();
    run.warnings.push(Warning {
        kind: WarningKind::Cache,
        place: Some(HOSTILE.to_owned()),
        message: HOSTILE.to_owned(),
    });
    run
}

fn compared(before: &Run, after: &Run) -> String {
    comparison_page(before, after, &compare(before, after, &CompareOptions::default()))
}

/// The data in a page.
fn data(page: &str) -> String {
    let rest = page.split_once("id=\"page-data\"").unwrap().1.split_once('>').unwrap().1;
    rest.split_once("</script>").unwrap().0.to_owned()
}

#[test]
fn a_page_is_sound_whatever_is_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(uvshift_testkit::pip_python());
    command.args(["-c", READER]);
    let none = run_with(Vec::new());
    let pages = [
        page(&hostile()),
        page(&run(1, 3)),
        page(&run(1, 1)),
        page(&none),
        page(&run_with(vec![series_of("s", crate::model::Operation::NoOp, "uv", &[f64::NAN, 1.0])])),
        compared(&hostile(), &hostile()),
        compared(&none, &run(1, 3)),
        compared(&none, &none),
    ];
    for (place, page) in pages.iter().enumerate() {
        let path = folder.path().join(format!("{place}.html"));
        std::fs::write(&path, page).unwrap();
        command.arg(path);
        let outside: Vec<&str> = page.split("://").skip(1).map(|rest| &rest[..10]).collect();
        assert!(outside.iter().all(|place| *place == "****@index"), "{outside:?}");
        for word in
            ["<img", "innerHTML", "eval(", "fetch(", " style=", " onclick=", "hunter2", "\u{202e}", ">NaN"]
        {
            assert!(!page.contains(word), "{word} in page {place}");
        }
        assert_eq!(page.matches("<script").count(), 2, "no name is a tag");
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(page(&run(1, 3)), pages[1], "the same run gives the same page");
}

#[test]
fn the_data_is_the_run() {
    let run = run(2, 3);
    assert_eq!(from_json(&data(&page(&run))).unwrap(), run);
    let compared: Value = serde_json::from_str(&data(&compared(&run, &run))).unwrap();
    assert_eq!(compared["kind"], "uvshift-bench-comparison");
}

/// The headline of a page.
fn heading(page: &str) -> &str {
    page.split_once("<h1>").unwrap().1.split_once("</h1>").unwrap().0
}

#[test]
fn the_headline_claims_what_was_measured() {
    use crate::model::Operation::InstallWarm;
    let of = |pip: &[f64], uv: &[f64]| {
        let of = |contender: &str, walls: &[f64]| series_of("project", InstallWarm, contender, walls);
        page(&run_with(vec![of("pip", pip), of("uv", uv)]))
    };
    let nine = |wall: f64| [wall, wall * 1.01, wall * 0.99, wall, wall * 1.02, wall, wall, wall, wall];
    assert_eq!(
        heading(&of(&nine(4.0), &nine(0.5))),
        "uv installs this project 8.0 times as fast as pip with a warm cache"
    );
    let slower = heading(&of(&nine(0.5), &nine(1.0))).to_owned();
    assert_eq!(
        slower,
        "uv installs this project slower than pip with a warm cache: it takes 2.0 times as long"
    );
    let same =
        heading(&of(&[1.0, 1.2, 0.9, 1.1, 1.0, 0.8, 1.3], &[1.1, 1.0, 1.0, 0.9, 1.2, 1.0, 1.0])).to_owned();
    assert!(same.starts_with("No difference between uv and pip was shown"), "{same}");
    assert!(
        heading(&of(&[4.0], &[0.5]))
            .starts_with("Too few runs to tell whether uv installs this project faster")
    );
    let few = heading(&of(&[4.0, 4.2, 4.1], &[0.5; 3])).to_owned();
    assert_eq!(
        few,
        "uv installs this project 8.0 to 8.4 times as fast as pip with a warm cache, in 3 pairs of runs"
    );
    assert_eq!(heading(&of(&[4.0], &[])), "Nothing could be compared");
}

#[test]
fn a_file_of_another_program_is_told_as_one() {
    let file = r#"{"results": [{"command": "pip list", "times": [0.5, 0.6]}, {"command": "uv pip list", "times": [0.01, 0.02]}]}"#;
    let page = page(&from_json(file).unwrap());
    assert_eq!(heading(&page), "How long 2 commands took");
    for word in ["Measured on", "1970", "id=\"again\"", "id=\"machine\"", "in each block"] {
        assert!(!page.contains(word), "{word}");
    }
    assert!(page.contains("does not tell how it measured") && page.contains("uv pip list"));
}

#[test]
fn the_way_to_repeat_is_that_of_the_settings() {
    let mut run = run(2, 3);
    let words = |run: &Run| {
        page(run).split_once("<pre><code>").unwrap().1.split_once("</code>").unwrap().0.to_owned()
    };
    assert_eq!(
        words(&run),
        "uvshift bench run --scenario small --scenario medium --runs 3 --warmups 1 --local-index --seed 2 --output run.json --html report.html"
    );
    run.settings.quick = true;
    run.settings.local_index = false;
    run.scenarios[0].name = "it's mine".to_owned();
    run.series.retain(|series| series.operation == crate::model::Operation::InstallWarm);
    assert_eq!(
        words(&run),
        "uvshift bench run --scenario &#39;it&#39;\\&#39;&#39;s mine&#39; --scenario medium --operation install-warm --quick --seed 2 --output run.json \
         --html report.html"
    );
}

/// What a browser saw of these pages, if there is one.
fn seen(pages: &[&str]) -> Option<Vec<Value>> {
    let folder = tempfile::tempdir().unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/page/browser.mjs");
    let mut command = Command::new("node");
    command.arg(script).arg(folder.path());
    for (place, page) in pages.iter().enumerate() {
        let path = folder.path().join(format!("{place}.html"));
        std::fs::write(&path, page).unwrap();
        command.arg(path);
    }
    let Ok(output) = command.output() else {
        println!("SKIPPED: there is no Node");
        return None;
    };
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stdout}{stderr}");
    if stdout.starts_with("SKIPPED") {
        println!("{stdout}");
        return None;
    }
    Some(serde_json::from_str(&stdout).unwrap())
}

#[test]
fn in_a_browser_pages_do_what_they_promise() {
    let hostile = hostile();
    let (run_page, before) = (page(&hostile), run(2, 8));
    let compared_page = compared(&before, &slower(&run(3, 8), "uv", 1.5));
    let Some(seen) = seen(&[&run_page, &compared_page]) else { return };
    for (page, seen) in [&run_page, &compared_page].into_iter().zip(&seen) {
        assert_eq!(seen["errors"], json!([]));
        assert!(
            seen["requests"].as_array().unwrap().iter().all(|it| it == "file" || it == "blob"),
            "{}",
            seen["requests"]
        );
        assert_eq!(seen["first"], "To the content");
        assert_structure(&seen["structure"]);
        assert_looks(seen);
        assert_tables(seen);
        let (saved, there): (Value, Value) = (
            serde_json::from_str(seen["saved"]["text"].as_str().unwrap()).unwrap(),
            serde_json::from_str(&data(page)).unwrap(),
        );
        assert_eq!(saved, there);
    }
    assert_eq!(seen[0]["saved"]["name"], "uvshift-bench.json");
    assert_eq!(seen[0]["plain"]["rows"], 24);
    let states: Vec<&str> =
        seen[1]["states"].as_array().unwrap().iter().map(|it| it[0].as_str().unwrap()).collect();
    assert!(states.contains(&"All 24") && states.iter().any(|it| it.starts_with("Slower ")), "{states:?}");
}

fn assert_structure(structure: &Value) {
    for (what, expected) in [
        ("headings", json!(1)),
        ("scripts", json!(2)),
        ("images", json!(0)),
        ("ran", json!("undefined")),
        ("headers", json!(true)),
        ("captions", json!(true)),
        ("pictures", json!(true)),
        ("names", json!(true)),
        ("links", json!(true)),
        ("ids", json!([])),
    ] {
        assert_eq!(structure[what], expected, "{what}");
    }
}

fn assert_looks(seen: &Value) {
    let colours = &seen["colours"];
    assert_eq!((&colours["faintLight"], &colours["faintDark"]), (&json!([]), &json!([])));
    for what in ["page", "letters", "picture"] {
        assert_ne!(colours["light"][what], colours["dark"][what], "{what}");
    }
    assert_eq!(
        colours["print"],
        json!({ "page": "rgb(255, 255, 255)", "letters": "rgb(0, 0, 0)", "picture": "rgb(28, 34, 43)" })
    );
    assert_eq!(colours["printTools"], 0);
    for (width, picture) in [("360", "chart narrow"), ("800", "chart wide"), ("1400", "chart wide")] {
        assert_eq!(seen["sizes"][width], json!({ "overflow": [0], "pictures": [picture] }), "{width}");
    }
}

fn assert_tables(seen: &Value) {
    let numbers = |keys: &Value| -> Vec<f64> {
        keys.as_array().unwrap().iter().map(|key| key.as_str().unwrap().parse().unwrap_or(f64::NAN)).collect()
    };
    let (once, twice) = (&seen["sorting"]["once"], &seen["sorting"]["twice"]);
    assert_eq!((&once["order"], &twice["order"]), (&json!("descending"), &json!("ascending")));
    assert!(numbers(&once["keys"]).is_sorted_by(|a, b| a >= b), "{once}");
    assert!(numbers(&twice["keys"]).is_sorted(), "{twice}");
    assert_eq!(seen["searching"]["rows"], 4, "uv and uv with bytecode, in two scenarios");
    assert_eq!(seen["searching"]["count"], "4 of 24 rows");
    assert_eq!(seen["searching"]["after"], 24);
    for state in seen["states"].as_array().unwrap() {
        let counted: u64 = state[0].as_str().unwrap().rsplit_once(' ').unwrap().1.parse().unwrap();
        assert_eq!((&state[1], state[2].as_u64().unwrap_or_default()), (&json!("true"), counted), "{state}");
    }
    assert_eq!((&seen["plain"]["rows"], &seen["plain"]["buttons"]), (&json!(24), &json!(0)));
}

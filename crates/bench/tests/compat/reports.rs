//! The reports: what they say, that no text gets out of its place, and the page in a browser.

use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use uvshift_bench::compat::{
    Attempt, Chosen, Compat, Difference, Effect, Failure, FailureClass, Outcome, Remedy, Requested, Row,
    Setting, Status, Together, Tool, Verdict, csv, html, markdown, text, wire,
};

const HOSTILE: &str =
    "</script><img src=x onerror=\"window.ran=1\">|`a`*b*[c](https://evil.example)\u{202e}\u{1b}[31m\n# d";

fn outcome(status: Status) -> Outcome {
    Outcome {
        status,
        seconds: 0.25,
        at: 1_795_000_000,
        taken: false,
        log: Some("logs/a-uv-00.log".to_owned()),
    }
}

fn resolved(name: &str, version: &str) -> Outcome {
    let version = Some(version.to_owned());
    outcome(Status::Resolved(vec![Chosen {
        name: name.to_owned(),
        version,
        from_source: false,
        direct: false,
    }]))
}

fn failed(class: FailureClass, message: &str) -> Outcome {
    outcome(Status::Failed(Failure { class, message: message.to_owned(), about: None }))
}

fn row(text: &str, verdict: Verdict, pip: Outcome, uv: Outcome) -> Row {
    Row {
        requested: Requested {
            text: text.to_owned(),
            file: Some("requirements.txt".to_owned()),
            line: Some(3),
        },
        name: text.split(['=', '[', ' ']).next().map(str::to_owned),
        pip,
        uv,
        verdict,
        differences: Vec::new(),
        attempts: Vec::new(),
        reason: None,
        remedies: Vec::new(),
    }
}

fn flask() -> Row {
    let mut flask =
        row("flask", Verdict::OtherVersion, resolved("flask", "3.0.0"), resolved("flask", "2.9.0"));
    flask.differences = vec![Difference {
        name: "flask".to_owned(),
        pip: Some("3.0.0".to_owned()),
        uv: Some("2.9.0".to_owned()),
    }];
    flask.reason = Some("with `--index-strategy unsafe-best-match` uv chooses what pip chooses".to_owned());
    flask.attempts = vec![Attempt {
        tool: Tool::Uv,
        flag: "--index-strategy unsafe-best-match".to_owned(),
        effect: Effect::Agrees,
        outcome: resolved("flask", "3.0.0"),
    }];
    flask
}

fn compat() -> Compat {
    let mut psycopg2 = row(
        "psycopg2",
        Verdict::Neither,
        failed(FailureClass::NeedsBuild, "no matching distribution"),
        failed(FailureClass::NeedsBuild, "no usable wheels"),
    );
    psycopg2.remedies = vec![Remedy {
        about: "psycopg2".to_owned(),
        advice: "it is built against the client library of PostgreSQL".to_owned(),
        alternatives: vec!["psycopg2-binary".to_owned()],
        system: vec![("debian".to_owned(), vec!["libpq-dev".to_owned()])],
    }];
    let hostile = row(
        HOSTILE,
        Verdict::OnlyPip,
        resolved("hostile", "1.0"),
        failed(FailureClass::Unknown, &format!("=1+1 {HOSTILE}")),
    );
    let rows = vec![
        row("click", Verdict::Same, resolved("click", "8.1.0"), resolved("click", "8.1.0")),
        flask(),
        psycopg2,
        hostile,
        row("=cmd()", Verdict::Same, resolved("a", "1"), resolved("a", "1")),
    ];
    let together = Together {
        members: vec![0, 1],
        left_out: vec![2, 3, 4],
        pip: failed(FailureClass::Conflict, "they contradict each other"),
        uv: resolved("click", "8.1.0"),
        verdict: Verdict::OnlyUv,
        differences: Vec::new(),
        attempts: Vec::new(),
        reason: None,
    };
    Compat {
        rows,
        together: vec![together],
        setting: setting(),
        started: 1_795_000_000,
        seconds: 12.5,
        interrupted: false,
    }
}

fn setting() -> Setting {
    Setting {
        pip: "26.3".to_owned(),
        uv: "0.13.9".to_owned(),
        python: "3.12.1".to_owned(),
        implementation: "cpython".to_owned(),
        platform: "linux-x86_64".to_owned(),
        sources: vec!["https://****@index.example/simple".to_owned()],
        builds: false,
        timeout: Duration::from_mins(1),
        parallel: 4,
    }
}

#[test]
fn the_text_has_matrix_reasons_and_summary() {
    let text = text(&compat());
    for line in [
        "pip 26.3 and uv 0.13.9 on Python 3.12.1 (linux-x86_64), wheels only",
        "=  click",
        "!  flask",
        "flask (requirements.txt:3): each chooses another version",
        "  differs  flask 3.0.0 under pip, 2.9.0 under uv",
        "  why      with `--index-strategy unsafe-best-match` uv chooses what pip chooses",
        "  remedy   psycopg2: it is built against the client library of PostgreSQL",
        "           Debian, Ubuntu: apt install libpq-dev",
        "5 requirements: 2 the same, 1 differ, 1 only with pip, 1 with neither; for 1 a flag makes uv agree",
        "2 requirements together (3 left out): only uv finds an answer",
    ] {
        assert!(text.lines().any(|it| it.starts_with(line)), "{line}\n{text}");
    }
    assert!(!text.contains(['\u{1b}', '\u{202e}']));
}

#[test]
fn json_says_the_same_in_a_version() {
    let value = wire(&compat());
    assert_eq!(value["version"], 1);
    assert_eq!(value["summary"]["only_pip"], 1);
    assert_eq!(value["agrees"], false);
    assert_eq!(value["requirements"][1]["uv"]["packages"][0]["version"], "2.9.0");
    assert_eq!(value["requirements"][1]["attempts"][0]["effect"], "agrees");
    assert_eq!(value["requirements"][2]["pip"]["class"], "needs-build");
    assert_eq!(value["requirements"][2]["remedies"][0]["system"][0]["name"], "debian");
    assert_eq!(value["together"][0]["left_out"], serde_json::json!([2, 3, 4]));
    assert_eq!(value["requirements"][3]["requirement"], HOSTILE);
}

#[test]
fn a_spreadsheet_calculates_nothing() {
    let csv = csv(&compat());
    // Python reads it as a spreadsheet does.
    let script = "import csv, io, json, sys; print(json.dumps(list(csv.reader(io.StringIO(sys.argv[1], newline='')))))";
    let output = Command::new(uvshift_testkit::pip_python()).args(["-c", script, &csv]).output().unwrap();
    let rows: Vec<Vec<String>> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(rows.len(), 6);
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    assert_eq!(rows[5][0], "'=cmd()");
    assert!(rows[4][11].starts_with("'=1+1 "), "{}", rows[4][11]);
    for cell in rows.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
    }
    assert_eq!((rows[2][6].as_str(), rows[2][10].as_str()), ("3.0.0", "2.9.0"));
}

#[test]
fn markdown_keeps_every_text_in_its_place() {
    let markdown = markdown(&compat());
    let table: Vec<&str> = markdown.lines().filter(|line| line.starts_with("| ")).collect();
    assert_eq!(table.len(), 6);
    for line in &table {
        let bars = line.replace("\\|", "").matches('|').count();
        assert_eq!(bars, 5, "{line}");
    }
    for wrong in ["<img", "](https://evil", "\u{1b}", "\u{202e}", "\n# d"] {
        // In code nothing is markup, so only what stands outside of it counts.
        let outside: String = outside_of_code(&markdown);
        assert!(!outside.contains(wrong), "{wrong:?} in\n{outside}");
    }
    assert!(markdown.contains("## What differs") && markdown.contains("### `flask` (requirements.txt:3)"));
}

/// The text without the spans of code (`CommonMark` 6.1).
fn outside_of_code(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('`') {
        // A backtick after a backslash is a letter.
        if rest[..start].ends_with('\\') {
            out.push_str(&rest[..=start]);
            rest = &rest[start + 1..];
            continue;
        }
        out.push_str(&rest[..start]);
        let fence: String = rest[start..].chars().take_while(|letter| *letter == '`').collect();
        let after = &rest[start + fence.len()..];
        let mut from = 0;
        let end = loop {
            let found = after[from..].find(&fence).map(|at| at + from);
            match found {
                Some(at) => {
                    let run = after[at..].chars().take_while(|letter| *letter == '`').count();
                    if run == fence.len() {
                        break Some(at);
                    }
                    from = at + run;
                }
                None => break None,
            }
        };
        let Some(end) = end else { panic!("a span of code does not end: {after}") };
        rest = &after[end + fence.len()..];
    }
    out + rest
}

#[test]
fn the_page_needs_nothing_else_and_bears_any_text() {
    let log = |_: &str| Some(format!("a log\n{HOSTILE}"));
    let page = html(&compat(), &log);
    assert_eq!(page, html(&compat(), &log));
    assert!(page.contains("default-src 'none'") && !page.contains("<img"));
    assert_eq!(page.matches("</script>").count(), 2, "the data and the script");
    let data = page
        .split_once("id=\"page-data\"")
        .unwrap()
        .1
        .split_once('>')
        .unwrap()
        .1
        .split_once("</script>")
        .unwrap()
        .0;
    let data: Value = serde_json::from_str(data).unwrap();
    assert_eq!(data["version"], 1);
    assert!(html(&compat(), &|_| None).contains("logs/a-uv-00.log"));
}

#[test]
fn the_page_is_searched_and_filtered_in_a_browser() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("compat.html");
    std::fs::write(&page, html(&compat(), &|_| Some("the log".to_owned()))).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/compat/browser.mjs");
    let Ok(output) = Command::new("node").arg(script).arg(folder.path()).arg(&page).output() else {
        println!("SKIPPED: there is no Node");
        return;
    };
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if said.starts_with("SKIPPED") {
        println!("{said}");
        return;
    }
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let seen: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(seen["errors"], serde_json::json!([]));
    assert_eq!(seen["ran"], false);
    assert_eq!(seen["requests"].as_array().unwrap().len(), 1, "{seen}");
    assert_eq!(seen["all"], 5);
    assert_eq!(seen["search"], serde_json::json!(["flask"]));
    assert_eq!(seen["nothing"], 0);
    assert_eq!(seen["filter"], serde_json::json!(["psycopg2"]));
    assert_eq!(seen["label"], "neither 1");
    assert_eq!(seen["jump"], "row-1");
    assert_eq!(seen["log"], "the log");
    assert_ne!(seen["light"], seen["dark"]);
    assert_eq!(seen["overflow"], false, "the page is not wider than a narrow window");
}

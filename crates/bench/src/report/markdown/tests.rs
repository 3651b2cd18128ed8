use super::*;
use crate::model::Operation;
use crate::testing::{run, run_with, series_of};

#[test]
fn a_report_has_a_table_a_scenario() {
    let text = markdown(&run(3, 12));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "# pip against uv");
    assert!(
        lines[2].starts_with(
            "**uv installs medium 50 times as fast as pip with warm caches (47 to 56); 2.1 times"
        )
    );
    assert!(lines.contains(&"## small: a few libraries"));
    assert!(lines.contains(&"Requirements: fastapi, sqlalchemy, pytest, black, mypy."));
    assert!(lines.contains(&"- pip compiles bytecode and uv does not, unless it is told to"));
    let rows: Vec<&&str> = lines.iter().filter(|line| line.starts_with('|')).collect();
    assert_eq!(rows.len(), 24 + 2 * 2);
    assert!(rows.iter().all(|row| row.matches('|').count() == 9), "{rows:?}");
    let cells = "| install-warm | uv 0.13.9 | 199 ms | 8.01 ms | 164 ms | 50.4 MiB | 50 times as fast (95 %: 47 to 56) | 50 (49 to 51) |";
    assert!(lines.contains(&cells), "{text}");
}

#[test]
fn what_is_slower_failed_or_unsure_is_said() {
    let mut failed = series_of("medium", Operation::NoOp, "uv-bytecode", &[]);
    failed.failure = Some("uv ended with 2".to_owned());
    let text = markdown(&run_with(vec![
        series_of("medium", Operation::NoOp, "pip", &[1.0; 8]),
        series_of("medium", Operation::NoOp, "uv", &[2.0; 8]),
        failed,
        series_of("medium", Operation::Resolve, "pip", &[1.0; 2]),
        series_of("medium", Operation::Resolve, "uv", &[1.0; 2]),
    ]));
    assert!(text.contains("| slower: the first is 2.0 times as fast (95 %: 2.0 to 2.0) |"), "{text}");
    assert!(text.contains("| not measured |  |  |  | failed: uv ended with 2 |  |"), "{text}");
    assert!(text.contains("| 2 pairs, too few to tell | too few to tell |"), "{text}");
}

#[test]
fn an_empty_run_says_so() {
    assert!(markdown(&run_with(Vec::new())).contains("**Nothing to compare was measured.**"));
}

#[test]
fn texts_of_a_file_are_only_text() {
    assert_eq!(escaped("a|b<script>`x`\n# no"), "a\\|b&lt;script&gt;\\`x\\`\u{fffd}\\# no");
    assert_eq!(escaped("x86_64 _a_ [l](u) @me"), "x86_64 \\_a\\_ \\[l\\](u) &#64;me");
    assert!(!escaped("https://me:hunter2@index.example/").contains("hunter2"));
    let mut evil = run(3, 8);
    evil.contenders[1].label = "uv | <img src=x>\n| forged".to_owned();
    let text = markdown(&evil);
    assert!(!text.contains("<img") && !text.contains("\n| forged"), "{text}");
}

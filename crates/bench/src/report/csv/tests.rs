use super::*;
use crate::model::Operation;
use crate::testing::{run, run_with, series_of};

/// Reads a table by the rules of RFC 4180.
fn rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field, mut is_quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match (character, is_quoted) {
            ('"', true) if rest.peek() == Some(&'"') => field.extend(rest.next()),
            ('"', _) => is_quoted = !is_quoted,
            (',', false) => row.push(std::mem::take(&mut field)),
            ('\r', false) => {
                assert_eq!(rest.next(), Some('\n'));
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            (other, _) => field.push(other),
        }
    }
    assert!(row.is_empty() && field.is_empty(), "the last line has no end");
    rows
}

#[test]
fn a_sample_has_a_row() {
    let mut run = run_with(vec![series_of("medium", Operation::NoOp, "uv", &[0.25, 0.5])]);
    run.series[0].samples[1].peak_memory = None;
    run.series[0].samples[1].load = None;
    assert_eq!(
        samples(&run),
        "scenario,operation,contender,label,version,block,position,wall,user,system,peak_memory,load\r\n\
         medium,no-op,uv,uv 0.13.9,0.13.9,0,0,0.25,0.1,0.025,67108864,0.5\r\n\
         medium,no-op,uv,uv 0.13.9,0.13.9,1,0,0.5,0.2,0.05,,\r\n"
    );
}

#[test]
fn every_row_has_the_fields_of_the_header() {
    let mut run = run(3, 8);
    run.series[0].samples.clear();
    run.series[0].failure = Some("it failed, \"badly\"\r\non two lines".to_owned());
    for (text, expected) in [(samples(&run), 23 * 8 + 1), (summary(&run), 25)] {
        let rows = rows(&text);
        assert_eq!(rows.len(), expected);
        assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    }
    assert_eq!(rows(&summary(&run))[1].last().unwrap(), "it failed, \"badly\"\r\non two lines");
}

#[test]
fn a_summary_has_the_figures_of_the_report() {
    let run = run(3, 12);
    let rows = rows(&summary(&run));
    let column = |name: &str| rows[0].iter().position(|header| header == name).unwrap();
    let figures = figures(&run);
    let row = rows.iter().find(|row| row[..3] == ["medium", "install-warm", "uv"]).unwrap();
    let group = figures
        .groups
        .iter()
        .find(|g| g.scenario == "medium" && g.operation == Operation::InstallWarm)
        .unwrap();
    let ratio = group.rows[1].times_as_fast.unwrap();
    assert_eq!(row[column("times_as_fast")], ratio.value.to_string());
    assert_eq!(row[column("times_as_fast_low")], ratio.interval.unwrap().low.to_string());
    assert_eq!(row[column("baseline")], "pip");
    assert_eq!(row[column("pairs")], "12");
    assert_eq!(row[column("median")], group.rows[1].wall.as_ref().unwrap().median.to_string());
    let pip = rows.iter().find(|row| row[..3] == ["medium", "install-warm", "pip"]).unwrap();
    assert_eq!((pip[column("baseline")].as_str(), pip[column("times_as_fast")].as_str()), ("", ""));
}

#[test]
fn a_spreadsheet_runs_nothing_of_a_file() {
    for (text, expected) in [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        (" =1", "' =1"),
        ("\r=1", "\"'\r=1\""),
        ("＝1", "'＝1"),
        ("=a,b", "\"'=a,b\""),
        ("uv --compile", "uv --compile"),
        ("say \"hi\"", "\"say \"\"hi\"\"\""),
        ("", ""),
    ] {
        assert_eq!(field(self::text(text)), expected, "{text:?}");
    }
    assert_eq!(field(number(Some(-1.5))), "-1.5");
    assert_eq!(field(number(Some(f64::NAN))), "");
    let secret = field(self::text("a @ https://me:hunter2@index.example/a.whl"));
    assert!(!secret.contains("hunter2"), "{secret}");
}

use super::*;
use crate::model::Operation;
use crate::testing::{run, run_with, series_of};

fn small() -> Run {
    let walls = [4.0, 4.04, 3.96, 4.02, 3.98, 4.0, 4.0];
    let mut failed = series_of("medium", Operation::Resolve, "uv-bytecode", &[]);
    failed.failure = Some("uv ended with 2".to_owned());
    run_with(vec![
        series_of("medium", Operation::InstallWarm, "pip", &walls),
        series_of("medium", Operation::InstallWarm, "uv", &walls.map(|wall| wall / 16.0)),
        series_of("medium", Operation::InstallWarm, "uv-bytecode", &walls.map(|wall| wall * 1.5)),
        series_of("medium", Operation::Resolve, "pip", &walls[..3]),
        series_of("medium", Operation::Resolve, "uv", &walls[..2]),
        failed,
    ])
}

#[test]
fn a_table_as_a_whole() {
    let mut run = small();
    run.settings.runs = 7;
    let expected = "\
uv installs medium 16 times as fast as pip with warm caches (16 to 16); but pip is 1.5 times as fast
as uv-bytecode when both compile bytecode (1.5 to 1.5). medium, resolve: too few runs to tell uv
from pip (2 pairs).
pip: pip 26.3; uv: uv 0.13.9; uv-bytecode: uv 0.13.9 --compile-bytecode
An Example Processor 3000, 2 threads, Debian GNU/Linux 12, x86_64, ext4, link mode hardlink, Python
3.12.11, packages from an index on this machine, 7 runs each

medium: a web service with its tools (5 requirements, 38 packages)
  install-warm
    pip          ██████████████████████████▋               4.00 s  ± 20.0 ms  CPU 2.00 s  64.0 MiB
    uv           █▋                                        250 ms  ± 1.25 ms  CPU 125 ms  64.0 MiB
      16 times as fast as pip (95 %: 16 to 16); 16 times less CPU
    uv-bytecode  ████████████████████████████████████████  6.00 s  ± 30.0 ms  CPU 3.00 s  64.0 MiB
      slower: takes 1.5 times as long (95 %: 1.5 to 1.5); 1.5 times as much CPU
  resolve
    pip          ███████████████████████████████████████▊  4.00 s  ± 40.0 ms  CPU 2.00 s  64.0 MiB
    uv           ████████████████████████████████████████  4.02 s  ± 20.0 ms  CPU 2.01 s  64.0 MiB
      2 pairs, too few to tell
";
    let found = table(&run, &Style::plain(100));
    assert!(found.starts_with(expected), "{found}");
    for line in [
        "      2 pairs, too few to tell",
        "    uv-bytecode                                                 -",
        "      failed: uv ended with 2",
        "warning: pip compiles bytecode and uv does not, unless it is told to",
        "warning: fewer than 6 samples have no interval: medium resolve pip, medium resolve uv",
    ] {
        assert!(found.contains(line), "{line} is not in\n{found}");
    }
}

#[test]
fn no_line_is_wider_than_asked_for() {
    for width in [40, 60, 80, 120] {
        let text = table(&run(3, 7), &Style::plain(width));
        let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
        // The figures of a row need 58.
        assert!(widest <= width.max(58), "{widest} at {width}:\n{text}");
        assert_eq!(text.contains('█'), width >= 80, "{width}:\n{text}");
    }
}

#[test]
fn the_caller_paints() {
    let paint = |role: Role, text: &str| format!("<{role:?}>{text}</>");
    let text = table(&small(), &Style { width: 100, paint: &paint });
    for expected in [
        "<Headline>uv installs medium 16",
        "<Heading>medium: a web service",
        "<Better>16 times as fast as pip",
        "<Worse>slower: takes 1.5 times",
        "<Faint>2 pairs, too few to tell",
        "<Warning>failed: uv ended",
        "<Warning>warning: pip compiles",
    ] {
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
    // Colours change nothing else: columns stay where they are.
    let bare = ["Headline", "Heading", "Bar", "Better", "Worse", "Faint", "Warning"]
        .iter()
        .fold(text.replace("</>", ""), |text, role| text.replace(&format!("<{role}>"), ""));
    assert_eq!(bare, table(&small(), &Style::plain(100)));
}

#[test]
fn bars_are_as_long_as_they_should_be() {
    assert_eq!(bar(1.0, 1.0, 4), "████");
    assert_eq!(bar(0.5, 1.0, 4), "██");
    assert_eq!(bar(0.53, 1.0, 4), "██▏");
    assert_eq!(bar(0.0001, 1.0, 4), "▏");
    assert_eq!(bar(5.0, 1.0, 4), "████");
    for (value, longest, width) in [(0.0, 1.0, 4), (1.0, 0.0, 4), (1.0, 1.0, 0), (f64::NAN, 0.0, 4)] {
        assert_eq!(bar(value, longest, width), "");
    }
}

#[test]
fn what_was_not_measured_takes_one_line() {
    let nothing = ["pip", "uv"].map(|id| series_of("medium", Operation::NoOp, id, &[]));
    let text = table(&run_with(nothing.to_vec()), &Style::plain(80));
    assert!(text.contains("\n  no-op: not measured\n"), "{text}");
    assert_eq!(text.matches("not measured").count(), 1);
}

#[test]
fn one_sample_has_no_spread() {
    let text = table(&run_with(vec![series_of("medium", Operation::NoOp, "uv", &[1.0])]), &Style::plain(80));
    assert!(text.contains("1.00 s") && !text.contains('±'), "{text}");
}

#[test]
fn an_empty_run_says_so() {
    let text = table(&run_with(Vec::new()), &Style::plain(80));
    assert!(text.starts_with("nothing to compare was measured\n"), "{text}");
}

#[test]
fn nothing_in_a_file_steers_the_terminal() {
    let mut run = small();
    let evil = "\u{1b}]0;owned\u{7}\nline";
    run.contenders[0].label = evil.to_owned();
    run.scenarios[1].description = evil.to_owned();
    run.warnings[0].message = evil.to_owned();
    run.warnings[0].place = Some(evil.to_owned());
    run.machine.processor = Some(evil.to_owned());
    run.series[5].failure = Some(evil.to_owned());
    for series in &mut run.series {
        series.scenario = "medium\u{1b}[2J".to_owned();
    }
    let text = table(&run, &Style::plain(100));
    assert!(text.chars().all(|character| character == '\n' || !character.is_control()), "{text:?}");
}

#[test]
fn words_wider_than_the_line_stand_alone() {
    assert_eq!(wrap("a bb cccccc d", 4, " "), ["a bb", " cccccc", " d"]);
    assert_eq!(wrap("", 4, " "), [""]);
}

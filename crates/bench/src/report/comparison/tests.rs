use super::*;
use crate::compare::{CompareOptions, compare};
use crate::model::Operation;
use crate::testing::{run, run_with, series_of, slower};

const WALLS: [f64; 8] = [1.0, 1.02, 0.98, 1.01, 0.99, 1.03, 0.97, 1.0];

fn small() -> Comparison {
    let series =
        |id: &str, factor: f64| series_of("medium", Operation::Resolve, id, &WALLS.map(|wall| wall * factor));
    let before = run_with(vec![series("pip", 1.0), series("uv", 0.1), series("pip-newest", 1.0)]);
    let after = run_with(vec![series("pip", 1.0), series("uv", 0.2)]);
    compare(&before, &after, &CompareOptions::default())
}

#[test]
fn a_comparison_as_a_whole() {
    let found = text(&small(), &Style::plain(100));
    let lines: Vec<&str> = found.lines().collect();
    assert_eq!(
        lines[0],
        "of 3 measurements: 1 slower, 1 the same, 1 in one run only (a change counts from 5 % on, and where"
    );
    assert_eq!(lines[1], "its interval excludes none)");
    assert_eq!(lines[3], "same     medium resolve pip         1.00 s -> 1.00 s  0.0 % (-2.5 % to +2.5 %)");
    assert_eq!(
        lines[4],
        "slower   medium resolve uv          100 ms -> 200 ms  +100 % (+95 % to +105 %)  CPU +100 %"
    );
    assert_eq!(lines[5], "missing  medium resolve pip-newest  1.00 s -> -");
}

#[test]
fn every_form_tells_the_same() {
    let before = run(3, 12);
    let comparison = compare(&before, &slower(&before, "uv", 2.0), &CompareOptions::default());
    let (markdown, csv, json) = (markdown(&comparison), csv(&comparison), json(&comparison));
    assert_eq!(markdown.lines().filter(|line| line.ends_with("| slower |")).count(), 8);
    assert_eq!(csv.matches(",slower,").count(), 8);
    assert_eq!(json["counts"]["slower"], 8);
    assert_eq!(json["changes"].as_array().unwrap().len(), 24);
    assert_eq!(json["changes"][1]["verdict"], "slower");
    assert!((json["changes"][1]["ratio"]["value"].as_f64().unwrap() - 2.0).abs() < 1e-9);
    assert!(csv.lines().all(|line| line.matches(',').count() == 13), "{csv}");
    assert_eq!(json["version"], 1);
}

#[test]
fn roles_follow_the_verdict() {
    let paint = |role: Role, text: &str| format!("<{role:?}>{text}");
    let found = text(&small(), &Style { width: 100, paint: &paint });
    for expected in ["<Headline>of 3", "<Faint>same", "<Worse>slower", "<Warning>missing"] {
        assert!(found.contains(expected), "{expected} is not in\n{found}");
    }
}

#[test]
fn too_few_samples_and_nothing_at_all() {
    let few = run_with(vec![series_of("medium", Operation::Resolve, "uv", &[1.0; 3])]);
    let found = text(&compare(&few, &few, &CompareOptions::default()), &Style::plain(80));
    assert!(found.contains("unclear  medium resolve uv  1.00 s -> 1.00 s  too few samples"), "{found}");
    let nothing = compare(&run_with(Vec::new()), &run_with(Vec::new()), &CompareOptions::default());
    assert_eq!(text(&nothing, &Style::plain(80)), "nothing was measured in either run\n\n");
}

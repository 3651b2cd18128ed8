//! Pictures: that they are whole, that they show what was measured, and that they bear any run.

#![expect(clippy::disallowed_methods, reason = "the tests ask an XML parser")]

use std::process::Command;

use super::*;
use crate::compare::{CompareOptions, Verdict, compare};
use crate::model::{Operation, Series};
use crate::report::words;
use crate::statistics::{Bootstrap, Measure, paired_ratio};
use crate::testing::{run, run_with, series_of, slower};

const HOSTILE: &str =
    "</text><script>ran()</script>\"'&\u{202e}\u{7}$x_1$ 漢字 https://user:secret@index.example/simple";

/// Reads pictures as XML and tells what is wrong with them; what every mark says of its place is checked.
const READER: &str = r#"
import sys, xml.etree.ElementTree as ET
NUMBERS = {"x": 0, "x1": 0, "x2": 0, "cx": 0, "y": 1, "y1": 1, "y2": 1, "cy": 1}
KNOWN = {"svg", "title", "desc", "style", "rect", "line", "circle", "text", "g"}
for path in sys.argv[1:]:
    root = ET.parse(path).getroot()
    size = [float(part) for part in root.get("viewBox").split()[2:]]
    for node in root.iter():
        name = node.tag.removeprefix("{http://www.w3.org/2000/svg}")
        assert name in KNOWN, f"{path}: <{name}>"
        assert not any(key.startswith("on") or key.endswith("href") for key in node.keys()), f"{path}: {node.attrib}"
        for key, side in NUMBERS.items():
            place = float(node.get(key, "0"))
            assert 0 <= place <= size[side], f"{path}: {key}={place} of {size}: {ET.tostring(node)}"
        for key in ("width", "height", "r"):
            assert 0 <= float(node.get(key, "0")) <= max(size), f"{path}: {key}: {ET.tostring(node)}"
    print("\n".join(text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text")))
"#;

/// The words of these pictures, as an XML parser reads them. Panics where one is not sound.
fn read(charts: &[(String, String)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(uvshift_testkit::pip_python());
    command.args(["-c", READER]);
    for (name, svg) in charts {
        let path = folder.path().join(format!("{name}.svg"));
        std::fs::write(&path, svg).unwrap();
        command.arg(path);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// All pictures of a run, wide and narrow, by name.
fn pictures(name: &str, run: &Run) -> Vec<(String, String)> {
    let view = View::of(run);
    let changed = compare(run, run, &CompareOptions::default());
    let mut plots = vec![
        ("forest".to_owned(), forest_plot(&view)),
        ("change".to_owned(), comparison_plot(run, run, &changed)),
    ];
    for (place, scenario) in view.scenarios().into_iter().enumerate() {
        plots.push((format!("samples-{place}"), distributions_plot(&view, scenario)));
        plots.push((format!("medians-{place}"), medians_plot(&view, scenario)));
    }
    let mut out = Vec::new();
    for (kind, plot) in plots {
        let Ok(plot) = plot else { continue };
        assert!(Chart::of(&plot).to_png().unwrap().len() > 1000);
        for (format, head) in
            [(Format::Wide, Head::Within), (Format::Wide, Head::Without), (Format::Narrow, Head::Without)]
        {
            out.push((format!("{name}-{kind}-{}", out.len()), plot.draw(format, head).to_svg()));
        }
    }
    out
}

fn pair(scenario: &str, pip: &[f64], uv: &[f64]) -> Vec<Series> {
    let of = |contender: &str, walls: &[f64]| series_of(scenario, Operation::InstallCold, contender, walls);
    vec![of("pip", pip), of("uv", uv)]
}

/// Runs that no machine makes, but that a file may hold.
fn strange() -> Vec<(&'static str, Run)> {
    let long = "a-very-long-name-of-something ".repeat(30);
    let mut hostile = run(1, 3);
    for series in &mut hostile.series {
        series.scenario = format!("{HOSTILE}{}", series.scenario);
        series.command = HOSTILE.to_owned();
        series.failure = Some(HOSTILE.to_owned());
    }
    hostile.contenders.iter_mut().for_each(|it| it.label = HOSTILE.to_owned());
    hostile.scenarios.iter_mut().for_each(|it| it.description = HOSTILE.to_owned());
    let mut many = Vec::new();
    for place in 0..21 {
        many.extend(pair(&format!("s{place:02}"), &[f64::from(place + 1); 7], &[0.5; 7]));
    }
    let mut odd = pair(&long, &[3.0, 3.1, 2.9, 3.0, 3.2, 3.0, 3.1], &[1.0; 7]);
    odd[1].contender = long.repeat(3);
    vec![
        ("hostile", hostile),
        ("one-sample", run_with(pair("s", &[2.0], &[1.0]))),
        ("equal", run_with(pair("s", &[1.0; 9], &[1.0; 9]))),
        ("one-series", run_with(pair("s", &[1.0, 2.0], &[])[..1].to_vec())),
        ("failed", run_with(pair("s", &[], &[]))),
        ("half-failed", run_with([pair("s", &[1.0; 7], &[]), pair("t", &[2.0; 7], &[1.0; 7])].concat())),
        ("zero", run_with(pair("s", &[0.0; 7], &[0.0; 7]))),
        ("negative", run_with(pair("s", &[-1.0; 7], &[1.0; 7]))),
        ("no-number", run_with(pair("s", &[f64::NAN; 7], &[f64::INFINITY; 7]))),
        ("huge", run_with(pair("s", &[1e300; 7], &[1e-300; 7]))),
        ("tiny", run_with(pair("s", &[5e-324; 7], &[1e-9; 7]))),
        ("wide-apart", run_with(pair("s", &[1e9, 1e8, 1e9, 1e7, 1e9, 1e6, 1e9], &[1e-6; 7]))),
        ("many", run_with(many)),
        ("long", run_with(odd)),
        ("empty", run_with(Vec::new())),
        ("no-names", run_with(pair("", &[2.0; 7], &[1.0; 7]))),
    ]
}

#[test]
fn strange_runs_are_drawn_or_refused() {
    let mut all = Vec::new();
    for (name, run) in strange() {
        let pictures = pictures(name, &run);
        for (_, svg) in &pictures {
            for bad in ["NaN", "inf", "secret", "\u{202e}", "\u{7}"] {
                assert!(!svg.contains(bad), "{bad} in {name}");
            }
            let outside: Vec<&str> = svg.split("://").skip(1).map(|rest| &rest[..10]).collect();
            assert!(outside.iter().all(|place| ["www.w3.org", "****@index"].contains(place)), "{outside:?}");
        }
        all.extend(pictures);
    }
    assert!(all.len() > 100, "{}", all.len());
    read(&all);
}

#[test]
fn what_cannot_be_drawn_is_told() {
    let told = |result: Result<Chart, ChartError>| result.map(|_| ()).unwrap_err().to_string();
    let failed = run_with(pair("s", &[], &[]));
    assert_eq!(
        told(forest(&failed)),
        "there is nothing to draw: no two contenders were measured in the same block"
    );
    assert_eq!(
        told(distributions(&failed, "s")),
        "there is nothing to draw: no command of this scenario was measured"
    );
    assert_eq!(told(medians(&failed, "other")), "the run has no scenario `other`, only `s`");
    assert_eq!(told(medians(&run_with(Vec::new()), "s")), "there is nothing to draw: the run has no series");
    let changed = compare(&failed, &failed, &CompareOptions::default());
    let error = comparison_forest(&failed, &failed, &changed).unwrap_err();
    assert_eq!(error.to_string(), "there is nothing to draw: nothing was measured in both runs");
    assert!(error.hint().is_some());
}

#[test]
fn ratios_are_those_of_the_statistics() {
    let run = run(3, 10);
    let words = read(&[("forest".to_owned(), forest(&run).unwrap().to_svg())]);
    for series in run.series.iter().filter(|series| series.contender == "uv") {
        let pip = run.find(&series.scenario, series.operation, "pip").unwrap();
        let ratio = paired_ratio(pip, series, Measure::Wall, &Bootstrap::seeded(run.settings.seed)).unwrap();
        let expected =
            format!("{}× ({})", words::ratio(ratio.value), words::interval(ratio.interval.unwrap()));
        assert!(words.contains(&expected), "{expected} in {words}");
    }
    assert!(words.contains("both compile bytecode") && words.contains("uv is faster →"), "{words}");
}

#[test]
fn changes_are_those_of_the_comparison() {
    let before = run(3, 12);
    let after = slower(&run(4, 12), "uv", 1.5);
    let changed = compare(&before, &after, &CompareOptions::default());
    let chart = comparison_forest(&before, &after, &changed).unwrap();
    let svg = chart.to_svg();
    let slower = changed.count(Verdict::Slower);
    assert!(slower >= changed.changes.iter().filter(|change| change.contender == "uv").count());
    assert_eq!(
        svg.matches("<circle class=\"f-bad\"").count(),
        slower,
        "each that is surely slower is a full dot"
    );
    let words = read(&[("change".to_owned(), svg)]);
    for change in &changed.changes {
        assert!(words.contains(&change_words(change)), "{} in {words}", change_words(change));
    }
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    let run = run(5, 3);
    let drawn = || [forest(&run), distributions(&run, "small"), medians(&run, "medium")].map(Result::unwrap);
    for (one, other) in drawn().into_iter().zip(drawn()) {
        assert_eq!(one.to_svg(), other.to_svg());
        assert_eq!(one.to_png().unwrap(), other.to_png().unwrap());
    }
}

#[test]
fn a_png_is_twice_as_large() {
    let chart = forest(&run(5, 3)).unwrap();
    let png = chart.to_png().unwrap();
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    let twice = [chart.drawing.width, chart.drawing.height].map(|length| format!("{}", length * 2.0));
    assert_eq!([number(16).to_string(), number(20).to_string()], twice);
}

#[test]
fn a_picture_that_no_memory_holds_is_refused_as_png() {
    let many: Vec<Series> = (0..2000).flat_map(|place| pair(&format!("s{place}"), &[2.0], &[1.0])).collect();
    let chart = forest(&run_with(many)).unwrap();
    let error = chart.to_png().unwrap_err();
    assert!(
        error.to_string().starts_with("the picture cannot be written as PNG: it would be 920 by"),
        "{error}"
    );
    assert_eq!(error.hint(), Some("write the picture as SVG, or measure fewer scenarios in one run"));
}

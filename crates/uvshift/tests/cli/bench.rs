//! `uvshift bench` and `uvshift compat` with a real uv and a real pip, and no network.

use std::path::PathBuf;

use serde_json::Value;
use uvshift_testkit::{WheelOptions, wheel};

use crate::schema::checked_with;
use crate::support::{Ran, World};
use crate::venv::run_with_wheels;

/// A project and the wheels that it may have.
struct Place {
    world: World,
    wheels: PathBuf,
}

impl Place {
    fn new(requirements: &str) -> Self {
        let world = World::new(&[("requirements.txt", requirements)]);
        let wheels = world.beside("wheels");
        wheel(&wheels, "Flask", "3.0", &WheelOptions::requiring(["werkzeug>=3"]));
        wheel(&wheels, "werkzeug", "3.0", &WheelOptions::default());
        wheel(&wheels, "werkzeug", "3.1", &WheelOptions::default());
        wheel(&wheels, "werkzeug", "4.0rc1", &WheelOptions::default());
        wheel(&wheels, "rich", "14.0", &WheelOptions::default());
        Self { world, wheels }
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        run_with_wheels(&self.world, &self.wheels, arguments)
    }

    /// A short run of the real tools, written to `NAME.json`.
    fn measured(&self, name: &str, more: &[&str]) -> Ran {
        let file = format!("{name}.json");
        let mut arguments =
            vec!["bench", "run", "--runs", "2", "--warmups", "0", "--no-newest-pip", "-o", &file];
        arguments.extend(["--operation", "install-warm", "--operation", "create-environment"]);
        arguments.extend(more);
        self.run(&arguments)
    }
}

#[test]
fn a_project_is_measured_and_reported_in_every_form() {
    let place = Place::new("flask\nwerkzeug==3.0\n");
    let ran = place.measured("first", &["--html", "page.html"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("install-warm") && ran.stdout.contains("uv"), "{}", ran.stdout);
    let json = checked_with(&place.run(&["bench", "report", "first.json", "--format", "json"]), "bench");
    let samples = |contender: &str| {
        let series = json["series"].as_array().expect("series").iter();
        let mut of =
            series.filter(|series| series["contender"] == contender && series["operation"] == "install-warm");
        of.next().and_then(|series| series["samples"].as_array()).map_or(0, Vec::len)
    };
    assert_eq!(samples("uv"), 2, "{json:#}");
    // What a small program needs is not hidden behind what uvshift itself needs.
    let peak = |contender: &str| {
        let mut series = json["series"].as_array().expect("series").iter();
        let of = series
            .find(|series| series["contender"] == contender && series["operation"] == "create-environment");
        of.and_then(|series| series["samples"][0]["peak_memory"].as_u64()).expect("a peak")
    };
    assert_ne!(peak("uv"), peak("venv-without-pip"), "{json:#}");
    assert!(place.world.read("page.html").starts_with("<!DOCTYPE html>"));
    let ran = place.measured("second", &["--format", "json"]);
    assert!(checked_with(&ran, "bench")["finished"].is_u64(), "{}", ran.stderr);
    let times = r#"{"results":[{"command":"true","mean":1,"stddev":null,"median":1,"user":1,"system":1,"min":1,"max":1,"times":[1],"exit_codes":[0]}]}"#;
    place.world.write("hyperfine.json", times);
    let foreign =
        checked_with(&place.run(&["bench", "report", "hyperfine.json", "--format", "json"]), "bench");
    assert_eq!(foreign["series"][0]["operation"], "command");
    let starts = [("markdown", "#"), ("csv", "scenario,"), ("html", "<!DOCTYPE html>"), ("svg", "<")];
    for (format, start) in starts {
        let ran = place.run(&["bench", "report", "first.json", "--format", format]);
        assert!(ran.code == 0 && ran.stdout.starts_with(start), "{format}: {}{}", ran.stdout, ran.stderr);
    }
    let png = place.run(&["bench", "report", "first.json", "--format", "png", "-o", "chart.png"]);
    assert_eq!(png.code, 0, "{}", png.stderr);
    assert!(
        std::fs::read(place.world.project().join("chart.png")).expect("a picture").starts_with(b"\x89PNG")
    );
}

#[test]
fn two_results_are_compared_and_thresholds_are_held() {
    let place = Place::new("rich\n");
    assert_eq!(place.measured("first", &[]).code, 0);
    let same = checked_with(
        &place.run(&["bench", "compare", "first.json", "first.json", "--format", "json"]),
        "bench_comparison",
    );
    assert_eq!(same["counts"]["slower"], 0);
    let text = place.world.read("first.json");
    let mut slow: Value = serde_json::from_str(&text).expect("JSON");
    for series in slow["series"].as_array_mut().expect("series") {
        for sample in series["samples"].as_array_mut().expect("samples") {
            sample["wall"] = Value::from(sample["wall"].as_f64().expect("a number") * 50.0);
        }
    }
    place.world.write("slow.json", slow.to_string());
    let ran = place.run(&["bench", "compare", "first.json", "slow.json", "--format", "json"]);
    let slower = checked_with(&ran, "bench_comparison");
    assert!(slower["changes"].as_array().expect("changes").iter().any(|it| it["ratio"]["value"].is_number()));
    let gone = slow["series"].as_array_mut().expect("series").iter_mut();
    let gone = gone.filter(|series| series["contender"] == "uv").last().expect("a series of uv");
    gone["samples"] = Value::Array(Vec::new());
    gone["failure"] = "it does not start".into();
    place.world.write("gone.json", slow.to_string());
    let ran = place.run(&["bench", "compare", "first.json", "gone.json", "--format", "json"]);
    let gone = checked_with(&ran, "bench_comparison");
    assert!(
        gone["changes"].as_array().expect("changes").iter().any(|it| it["failed"].is_string()),
        "{gone:#}"
    );
    slow["series"] = Value::Array(Vec::new());
    place.world.write("nothing.json", slow.to_string());
    checked_with(
        &place.run(&["bench", "compare", "first.json", "nothing.json", "--format", "json"]),
        "failed",
    );
    let compared = place.run(&["bench", "compare", "first.json", "slow.json"]);
    assert!(compared.stdout.contains("slower") || compared.stdout.contains("unclear"), "{}", compared.stdout);
    let held = place.run(&["bench", "report", "first.json", "--threshold", "install-warm:uv<=100s"]);
    assert!(held.stderr.contains("install-warm:uv<=100s"), "{}", held.stderr);
    let broken = place.run(&["bench", "report", "slow.json", "--threshold", "install-warm:uv<=1us"]);
    assert_eq!(broken.code, 1, "{}", broken.stderr);
    let wrong = place.run(&["bench", "report", "first.json", "--threshold", "install-warm"]);
    assert_eq!(wrong.code, 2, "{}", wrong.stderr);
}

#[test]
fn scenarios_are_listed_and_a_wrong_name_is_told() {
    let place = Place::new("");
    let json = checked_with(&place.run(&["bench", "run", "--list", "--format", "json"]), "bench_scenarios");
    let names: Vec<_> =
        json["scenarios"].as_array().expect("a list").iter().map(|it| it["name"].clone()).collect();
    for name in ["small", "medium", "large", "cold-cache", "warm-cache", "parallel", "complex"] {
        assert!(names.contains(&Value::from(name)), "{names:?}");
    }
    let wrong = place.run(&["bench", "run", "--scenario", "tiny"]);
    assert!(wrong.code == 2 && wrong.stderr.contains("small"), "{}", wrong.stderr);
    let nothing = place.run(&["bench", "run"]);
    assert!(nothing.stderr.contains("--scenario small"), "{}", nothing.stderr);
    let undecided = place.run(&["bench", "run", "--quick", "--threshold", "install-warm>=2x"]);
    assert_eq!(undecided.code, 2, "{}", undecided.stderr);
    let nowhere = place.run(&["bench", "run", "-o", "no/such/folder.json"]);
    assert!(nowhere.code == 3 && nowhere.stderr.contains("no/such/folder.json"), "{}", nowhere.stderr);
    place.world.write("not.json", "{");
    let broken = place.run(&["bench", "report", "not.json"]);
    assert!(broken.code != 0 && broken.stderr.contains("not.json"), "{}", broken.stderr);
}

#[test]
fn requirements_are_asked_of_both_tools() {
    let place = Place::new("flask\nwerkzeug>=3\nrich==99\n");
    let ran = place.run(&["compat", "--format", "json"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let json = checked_with(&ran, "compat");
    let verdict = |at: usize| json["requirements"][at]["verdict"].as_str().unwrap_or_default().to_owned();
    assert_eq!([verdict(0), verdict(1), verdict(2)], ["same", "same", "neither"], "{json:#}");
    let failed = &json["requirements"][2]["uv"];
    assert_eq!(
        (&failed["status"], &failed["class"]),
        (&"failed".into(), &"no-such-version".into()),
        "{json:#}"
    );
    assert!(!json["together"].as_array().expect("a list").is_empty(), "{json:#}");
    let again = place.run(&["compat"]);
    assert!(again.stdout.contains("flask") && again.stdout.contains("neither"), "{}", again.stdout);
    for (format, start) in [("csv", "requirement"), ("markdown", "#"), ("html", "<!DOCTYPE html>")] {
        let ran = place.run(&["compat", "--format", format, "--exit-zero"]);
        assert!(ran.code == 0 && ran.stdout.starts_with(start), "{format}: {}{}", ran.stdout, ran.stderr);
    }
    // A file of this folder, by its bare name; and no code of this folder.
    place.world.write("pip.py", "open('ran', 'w')\n");
    place.world.write("few.txt", "rich\n");
    let file = place.run(&["compat", "few.txt"]);
    assert_eq!(file.code, 0, "{}{}", file.stdout, file.stderr);
    assert!(!place.world.project().join("ran").exists());
    place.world.write("broken.txt", b"\xff\xfe\xff");
    assert_eq!(place.run(&["compat", "broken.txt"]).code, 1);
    let only = place.run(&["compat", "--only", "Flask"]);
    assert_eq!(only.code, 0, "{}{}", only.stdout, only.stderr);
    wheel(&place.wheels, "half", "2.0b1", &WheelOptions::default());
    let newer = WheelOptions { requires_python: Some(">=4".to_owned()), ..WheelOptions::default() };
    wheel(&place.wheels, "half", "1.0", &newer);
    place.world.write("odd.txt", "half\nrich ; python_version < '3'\n");
    let odd = checked_with(&place.run(&["compat", "odd.txt", "--format", "json"]), "compat");
    assert_eq!(odd["requirements"][0]["attempts"][0]["tool"], "pip", "{odd:#}");
    assert_eq!(odd["requirements"][1]["verdict"], "does-not-apply");
    assert_eq!(place.run(&["compat", "--only", "nothing"]).code, 1);
}

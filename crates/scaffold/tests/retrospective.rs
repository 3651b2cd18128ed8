//! The arithmetic of the retrospective: known inputs come to known figures, and without inputs there are none.

#![expect(clippy::unwrap_used, reason = "a helper that cannot go on ends the test")]

mod shapes;

use serde_json::{Value, json};
use shapes::LANGUAGES;
use uvshift_scaffold::Language;
use uvshift_testkit::validate;

/// Worked out by hand: 40 × 21 × 4.5 = 3,780 minutes at 0.008 are 30.24; 8 × 3 × 21 = 504 updates × 3.5 ÷ 60 are 29.4 hours, of
/// which half at 60 are 882; 24 + 12 hours at 60, and 100, are 2,260; 912.24 a month are 10,946.88 in a year.
fn inputs() -> Value {
    json!({
        "currency": "EUR",
        "horizon_months": 12,
        "ci": {
            "runs_per_day": 40, "days_per_month": 21, "minutes_before": 6.5, "minutes_after": 2,
            "cost_per_minute": 0.008
        },
        "developers": {
            "count": 8, "updates_per_day": 3, "days_per_month": 21, "minutes_before": 4, "minutes_after": 0.5,
            "counted_share": 0.5, "cost_per_hour": 60
        },
        "effort": {
            "hours": 24, "training_hours_per_developer": 1.5, "cost_per_hour": 60, "other_costs": 100
        },
        "sources": { "ci.minutes_before": "median of 60 runs" },
        "assumptions": ["The prices of runners stay."],
        "went_well": ["The lock."],
        "went_badly": ["The index."],
        "next_steps": ["The other repositories."]
    })
}

fn document(inputs: &Value, language: Language) -> String {
    let names = ["retrospective".to_owned()];
    let files = shapes::rendered_with(&names, &shapes::web(), language, inputs);
    files.iter().find(|file| Some("md") == file.path.rsplit('.').next()).unwrap().text.clone()
}

#[test]
fn known_inputs_come_to_known_figures() {
    for language in LANGUAGES {
        let text = document(&inputs(), language);
        let rows: Vec<String> = text.lines().filter(|line| line.starts_with("| ")).map(values).collect();
        for expected in [
            "840 40 21",
            "6.5 2",
            "3780 840 6.5 2",
            "30.24 3780 0.008",
            "504 8 3 21",
            "29.4 504 4 0.5 60",
            "14.7 29.4 0.5",
            "882 14.7 60",
            "12 8 1.5",
            "2260 24 12 60 100",
            "912.24 30.24 882",
            "2.48 2260 912.24",
            "12 10946.88 912.24 12",
            "8686.88 10946.88 2260",
            "384.38 10946.88 2260 2260 100",
        ] {
            assert!(
                rows.iter().any(|row| row.trim() == expected || row.trim() == format!("1 {expected}")),
                "{expected} in\n{text}"
            );
        }
        for said in ["median of 60 runs", "The prices of runners stay.", "- [ ] The other repositories."] {
            assert!(text.contains(said), "{said} in\n{text}");
        }
    }
}

#[test]
fn what_is_not_given_is_named_and_not_computed() {
    for language in LANGUAGES {
        let text = document(&json!({}), language);
        for name in
            ["ci.runs_per_day", "developers.counted_share", "effort.hours", "horizon_months", "currency"]
        {
            assert!(text.contains(&format!("`{name}`")), "{name} in\n{text}");
        }
        assert!(!text.contains('×') && !text.contains("EUR"), "{text}");
    }
    let mut partly = inputs();
    partly["developers"]["cost_per_hour"] = json!("a lot");
    let text = document(&partly, Language::En);
    assert!(text.contains("left out: `developers.cost_per_hour`."), "{text}");
    assert!(text.contains("### CI") && text.contains("### Effort"), "{text}");
    assert!(!text.contains("### Developers") && !text.contains("### Return"), "{text}");
}

#[test]
fn a_move_that_saves_nothing_is_not_paid_back() {
    let mut slower = inputs();
    slower["ci"]["minutes_after"] = json!(9);
    slower["developers"]["minutes_after"] = json!(4);
    let text = document(&slower, Language::En);
    assert!(text.contains("never: nothing is saved") && text.contains("CI has become slower"), "{text}");
    assert!(text.contains("| saved a month | -16.8 EUR |"), "{text}");
    let mut free = inputs();
    free["effort"] =
        json!({ "hours": 0, "training_hours_per_developer": 0, "cost_per_hour": 60, "other_costs": 0 });
    assert!(!document(&free, Language::En).contains("return on investment"));
}

#[test]
fn the_example_of_inputs_is_toml_without_figures() {
    for language in LANGUAGES {
        let names = ["retrospective".to_owned()];
        let files = shapes::rendered(&names, &shapes::web(), language);
        let example = files.iter().find(|file| file.path == "uv-retrospective.toml").unwrap();
        let parsed: toml_edit::DocumentMut = example.text.parse().unwrap();
        assert!(parsed.iter().all(|(_, item)| item.as_table().is_some_and(toml_edit::Table::is_empty)));
        let names_of = |value: &Value| -> Vec<String> {
            value
                .as_object()
                .unwrap()
                .values()
                .filter_map(Value::as_object)
                .flat_map(|table| table.keys().cloned())
                .collect()
        };
        for name in names_of(&inputs()).iter().filter(|name| !name.contains('.')) {
            assert!(example.text.contains(&format!("# {name} =")), "{name}");
        }
        assert_eq!(shapes::rendered_with(&names, &shapes::web(), language, &inputs()).len(), 1);
    }
}

#[test]
fn a_filled_in_retrospective_passes_the_validators() {
    let folder = tempfile::tempdir().unwrap();
    for language in LANGUAGES {
        for (shape, project) in shapes::SHAPES {
            let place = folder.path().join(shape).join(language.code());
            let names = ["retrospective".to_owned()];
            shapes::write(&place, &shapes::rendered_with(&names, &project(), language, &inputs()));
        }
    }
    validate(folder.path()).assert_clean();
}

/// The numbers of a line, in order.
fn values(line: &str) -> String {
    let is_part = |letter: char| letter.is_ascii_digit() || letter == '.';
    let words = line.split(|letter| !is_part(letter)).map(|word| word.trim_end_matches('.'));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

use std::fmt::Write as _;

use super::*;

fn joined(kind: Merge, there: &str, text: &str) -> String {
    String::from_utf8(merge(kind, there.as_bytes(), text).unwrap()).unwrap()
}

#[test]
fn lines_that_are_missing_come_with_their_comments() {
    let text = "# Python\n__pycache__/\n*.pyc\n\n# Environments\n.venv/\n";
    let there = "# mine\nsecret.txt\n*.pyc";
    let expected = "# mine\nsecret.txt\n*.pyc\n\n# Python\n__pycache__/\n\n# Environments\n.venv/\n";
    assert_eq!(joined(Merge::Lines, there, text), expected);
    assert_eq!(joined(Merge::Lines, expected, text), expected, "a second time changes nothing");
}

#[test]
fn lines_do_not_win_over_exceptions_that_are_there() {
    let there = "*\n!src\n";
    assert_eq!(joined(Merge::Lines, there, ".venv\n"), ".venv\n\n*\n!src\n");
}

#[test]
fn an_exception_comes_with_what_it_is_an_exception_of() {
    assert_eq!(joined(Merge::Lines, ".env\n", ".env\n!.env.example\n"), ".env\n\n.env\n!.env.example\n");
}

#[test]
fn line_ends_and_the_byte_order_mark_stay() {
    assert_eq!(joined(Merge::Lines, "\u{feff}a\r\n", "b\n"), "\u{feff}a\r\n\r\nb\r\n");
    assert_eq!(joined(Merge::Env, "A=1\r\n", "# what\nB=2\n"), "A=1\r\n\r\n# what\r\nB=2\r\n");
    assert_eq!(
        joined(Merge::Jsonc, "{\r\n\t\"a\": 1\r\n}\r\n", "{\n  \"b\": [\n    1\n  ]\n}\n"),
        "{\r\n\t\"a\": 1,\r\n\t\"b\": [\r\n\t\t1\r\n\t]\r\n}\r\n"
    );
}

#[test]
fn keys_of_an_environment_are_added_once() {
    let there = "A=mine\n# B=off\nexport C=3\n";
    let text = "# first\nA=1\nB=2\nC=3\n# fourth\nD=4\n";
    let expected = "A=mine\n# B=off\nexport C=3\n\n# fourth\nD=4\n";
    assert_eq!(joined(Merge::Env, there, text), expected);
    assert_eq!(joined(Merge::Env, expected, text), expected);
}

#[test]
fn members_of_json_are_added_and_all_else_stays() {
    let there = r#"{
    // mine
    "editor.rulers": [88], // one
    "files.exclude": {
        "**/.git": true /* always */
    },
    "python.testing.pytestEnabled": false // no
    // the end
}
"#;
    let text = r#"{
  "editor.rulers": [100],
  "files.exclude": {
    "**/__pycache__": true
  },
  "python.testing.pytestEnabled": true,
  // Where uv puts it.
  "python.defaultInterpreterPath": "${workspaceFolder}/.venv/bin/python",
  "[python]": {
    "editor.codeActionsOnSave": {
      "source.fixAll": "explicit"
    }
  }
}
"#;
    let expected = r#"{
    // mine
    "editor.rulers": [88, 100], // one
    "files.exclude": {
        "**/.git": true, /* always */
        "**/__pycache__": true
    },
    "python.testing.pytestEnabled": false, // no
    // the end
    // Where uv puts it.
    "python.defaultInterpreterPath": "${workspaceFolder}/.venv/bin/python",
    "[python]": {
        "editor.codeActionsOnSave": {
            "source.fixAll": "explicit"
        }
    }
}
"#;
    assert_eq!(joined(Merge::Jsonc, there, text), expected);
    assert_eq!(joined(Merge::Jsonc, expected, text), expected);
}

#[test]
fn objects_of_an_array_are_told_apart_by_their_names() {
    let there = "{\"tasks\": [\n  {\"label\": \"test\", \"command\": \"mine\"},\n]}";
    let text = "{\n  \"tasks\": [\n    {\n      \"label\": \"test\"\n    },\n    {\n      \"label\": \"lint\"\n    }\n  ]\n}\n";
    let expected = "{\"tasks\": [\n  {\"label\": \"test\", \"command\": \"mine\"},\n  {\n    \"label\": \"lint\"\n  }\n]}";
    assert_eq!(joined(Merge::Jsonc, there, text), expected);
}

#[test]
fn small_objects_take_members_in() {
    assert_eq!(joined(Merge::Jsonc, "{}", "{\n  \"a\": 1\n}\n"), "{\n  \"a\": 1\n}");
    assert_eq!(
        joined(Merge::Jsonc, "{\"a\": {}}", "{\n  \"a\": {\n    \"b\": 1\n  }\n}\n"),
        "{\"a\": {\n  \"b\": 1\n}}"
    );
    assert_eq!(
        joined(Merge::Jsonc, "{\"a\": [1, 2]}", "{\"a\": [2, 3], \"b\": 1}"),
        "{\"a\": [1, 2, 3], \"b\": 1}"
    );
    assert_eq!(joined(Merge::Jsonc, "{ \"a\": 1 }", "{\"b\": 1}"), "{ \"a\": 1, \"b\": 1 }");
    assert_eq!(joined(Merge::Jsonc, "\n", "{}\n"), "{}\n");
}

#[test]
fn what_is_not_json_is_told_with_its_line() {
    let problem = |there: &str| merge(Merge::Jsonc, there.as_bytes(), "{}").unwrap_err();
    assert_eq!(problem("{\n  \"a\": 1\n  \"b\": 2\n}"), "line 3: a comma is missing");
    assert_eq!(problem("{\n  a: 1\n}"), "line 2: a name between quotes is missing");
    assert_eq!(problem("{\"a\": \"x"), "line 1: a string has no end");
    assert_eq!(problem("{} {}"), "line 1: something follows the end");
    assert_eq!(problem(&"[".repeat(100_000)), "line 1: too many brackets within each other");
    assert_eq!(merge(Merge::Lines, b"\xff", "a\n").unwrap_err(), "it is not UTF-8");
}

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    /// JSON with comments, odd white space and trailing commas.
    fn json(&mut self, depth: usize) -> String {
        let gap = [" ", "", "\n", "\n  ", " /* c */ ", "\n\t// it's \"so\"\n"];
        let mut text = String::new();
        let kind = if depth == 0 { 2 + self.roll(2) } else { self.roll(4) };
        let (open, close) = if kind == 0 { ('{', '}') } else { ('[', ']') };
        match kind {
            0 | 1 => {
                text.push(open);
                let count = self.roll(4);
                for position in 0..count {
                    text.push_str(gap[self.roll(6)]);
                    if kind == 0 {
                        let number = (position + self.roll(2)) * 2 + self.roll(2);
                        let _ = write!(text, "\"k{number}\": ");
                    }
                    text.push_str(&self.json(depth - 1));
                    text.push_str(gap[self.roll(6)]);
                    if position + 1 < count || self.roll(3) == 0 {
                        text.push(',');
                    }
                }
                text.push_str(gap[self.roll(6)]);
                text.push(close);
            }
            2 => text.push_str(["1", "true", "null", "-2.5e3"][self.roll(4)]),
            _ => text.push_str(["\"a\"", "\"// no\"", "\"\\\"\\u00e9\"", "\"\""][self.roll(4)]),
        }
        text
    }
}

/// Whether all that `there` says is said by `joined` too, in its order.
fn holds(there: &serde_json::Value, joined: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Object};
    match (there, joined) {
        (Object(there), Object(joined)) => {
            there.iter().all(|(key, value)| joined.get(key).is_some_and(|new| holds(value, new)))
        }
        (Array(there), Array(joined)) => joined.starts_with(there),
        _ => there == joined,
    }
}

#[test]
fn whatever_is_joined_stays_json_and_keeps_what_was_there() {
    let mut dice = Dice(7);
    let mut joins = 0;
    for _ in 0..8_000 {
        let (there, ours) = (dice.json(3), dice.json(3));
        let Ok(before) = jsonc::value(&there) else { panic!("{there}") };
        let joined = joined(Merge::Jsonc, &there, &ours);
        let after =
            jsonc::value(&joined).unwrap_or_else(|problem| panic!("{problem}\n{there}\n{ours}\n{joined}"));
        assert!(holds(&before, &after), "{there}\n{ours}\n{joined}");
        assert_eq!(super::tests::joined(Merge::Jsonc, &joined, &ours), joined, "{there}\n{ours}");
        joins += usize::from(joined != there);
    }
    assert!(joins > 500, "{joins}");
}

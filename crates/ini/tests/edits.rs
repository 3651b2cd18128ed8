//! Sections and keys are taken out by span: what stays is byte for byte as it was.

#![expect(clippy::unwrap_used, reason = "the helpers of a test stop with it")]

use proptest::prelude::*;
use uvshift_ini::{Cut, Dialect, Document};

fn document(text: &str) -> Document {
    Document::parse(text, &Dialect::SETUPTOOLS)
}

#[track_caller]
fn check(text: &str, cuts: &[Cut<'_>], expected: &str) {
    for end in ["\n", "\r\n"] {
        for mark in ["", "\u{feff}"] {
            let convert = |text: &str| format!("{mark}{}", text.replace('\n', end));
            let left = document(&convert(text)).without(cuts).unwrap();
            assert_eq!(left, convert(expected));
            assert_eq!(document(&convert(text)).is_empty_after(cuts), document(&left).is_empty());
        }
    }
}

#[test]
fn a_section_goes_with_what_is_attached_to_it() {
    let text = "# Licence of this file.\n\n# what it is\n[metadata]\nname = a\n\n# where\nurl = b\n# old = c\n\n# stays\n\n# about flake8\n[flake8]\nx = 1\n";
    check(
        text,
        &[Cut::Section("metadata")],
        "# Licence of this file.\n\n# stays\n\n# about flake8\n[flake8]\nx = 1\n",
    );
    check(
        text,
        &[Cut::Section("flake8")],
        "# Licence of this file.\n\n# what it is\n[metadata]\nname = a\n\n# where\nurl = b\n# old = c\n\n# stays\n",
    );
    check(text, &[Cut::Section("metadata"), Cut::Section("flake8")], "# Licence of this file.\n\n# stays\n");
    check(text, &[Cut::Section("none")], text);
}

#[test]
fn keys_go_with_their_values() {
    let text = "[options]\n# zip\nzip_safe = false\ninstall_requires =\n    a\n    # why b\n    b\n\n    c\n    # no d\n\npackages = find:\n";
    check(
        text,
        &[Cut::Keys("options", &["install_requires"])],
        "[options]\n# zip\nzip_safe = false\n\npackages = find:\n",
    );
    check(
        text,
        &[Cut::Keys("options", &["zip_safe"])],
        "[options]\ninstall_requires =\n    a\n    # why b\n    b\n\n    c\n    # no d\n\npackages = find:\n",
    );
    check(
        text,
        &[Cut::Keys("options", &["packages"])],
        "[options]\n# zip\nzip_safe = false\ninstall_requires =\n    a\n    # why b\n    b\n\n    c\n    # no d\n",
    );
    check(text, &[Cut::Keys("options", &["packages", "zip_safe", "install_requires"])], "");
    check("[a]\nx = 1\n[b]\ny = 1\n", &[Cut::Keys("a", &["x"])], "[b]\ny = 1\n");
    check("[a]\nx =\n  1\n  # deeper\ny = 2\n", &[Cut::Keys("a", &["y"])], "[a]\nx =\n  1\n  # deeper\n");
    check("[a]\n[b]\ny = 1\n", &[Cut::Keys("a", &["x"])], "[a]\n[b]\ny = 1\n");
}

#[test]
fn a_gap_that_would_join_values_is_refused() {
    assert_eq!(document("[a]\nx = 1\n[b]\n  [c]\ny = 1\n").remove_section("b"), None);
    assert_eq!(
        document("[a]\nx = 1\n[b]\n  [c]\ny = 1\n").remove_section("a").as_deref(),
        Some("[b]\n  [c]\ny = 1\n")
    );
}

#[test]
fn what_is_left_of_a_file_is_known() {
    let text = "# head\n\n[metadata]\nname = a\n[flake8]\nx = 1\n";
    assert!(!document(text).is_empty_after(&[Cut::Section("metadata")]));
    assert!(document(text).is_empty_after(&[Cut::Section("metadata"), Cut::Section("flake8")]));
}

proptest! {
    #[test]
    fn everything_else_stays(
        lines in proptest::collection::vec(
            proptest::sample::select(vec![
                "[metadata]", "[options]", "[flake8]", "name = a", "key = b", "zip =", "  more", "    [deep]", "# c", "  # d",
                "", "", "x = 1", "y : 2",
            ]),
            0..24,
        ),
        end in proptest::sample::select(vec!["\n", "\r\n", "\r"]),
    ) {
        let text: String = ["[start]"].iter().chain(&lines).flat_map(|line| [*line, end]).collect();
        let before = document(&text);
        let cuts = [Cut::Section("metadata"), Cut::Keys("options", &["name", "zip"])];
        let Some(left) = before.without(&cuts) else {
            // Only a line that is indented can end up below another value.
            prop_assert!(text.contains("    [deep]") || text.contains("  more"));
            return Ok(());
        };

        // What is left are whole lines, in their order.
        let mut rest = text.as_str();
        for line in left.split_inclusive(end) {
            let at = rest.find(line).unwrap();
            rest = &rest[at + line.len()..];
        }
        let after = document(&left);
        prop_assert_eq!(after.without(&cuts), Some(left.clone()));
        prop_assert!(after.section("metadata").is_none());
        for section in before.sections().iter().filter(|section| section.name != "metadata") {
            for key in &section.keys {
                if section.name == "options" && ["name", "zip"].contains(&key.name.as_str()) {
                    continue;
                }
                prop_assert_eq!(&after.get(&section.name, &key.name).unwrap().value, &section.key(&key.name).unwrap().value);
            }
        }
    }
}

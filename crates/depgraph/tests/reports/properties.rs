//! Whatever the texts are: the number of lines, cells and results is right, and each text comes back.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use uvshift_depgraph::report;
use uvshift_depgraph::{Action, Finding, Rule, Scope};
use uvshift_diagnostics::Severity;

use crate::markdown::{rendered, rows};
use crate::{evidence, finding, report as report_of};

/// What texts are made of that are to break out.
#[rustfmt::skip]
const PIECES: [&str; 57] = [
    "|", "`", "``", "\\", "\\|", "<", ">", "<b>", "</td>", "<!--", "-->", "&", "&amp;", "&#124;", "[",
    "](", ")", "*", "_", "~~", "#", "\n", "\r", "\r\n", "\u{2028}", "%", "%0A", ":", ",", "::",
    "::error::", "\t", "\0", "\u{1b}[31m", " ", "a", "requests", "é", "日", "😀", "\u{202e}", "www.a.b",
    "https://a.b", "@octocat", "{", "}", "{0}", "'", "\"", "$", "```", "<details>", "</details>", "---",
    "- ", "\u{85}", "\u{b}",
];

fn text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(&PIECES[..]);
    let made = prop::collection::vec(pieces, 0..8).prop_map(|pieces| pieces.concat());
    prop_oneof![4 => made, 1 => any::<String>()]
}

fn findings() -> impl Strategy<Value = Vec<Finding>> {
    let one = (0..Rule::ALL.len(), text(), text(), text(), 0..3_usize, prop::option::of(1..9_usize))
        .prop_map(|(rule, package, message, file, line, cell)| {
            let severities = [Severity::Error, Severity::Warning, Severity::Note];
            let places = vec![evidence(&file, line, cell), evidence(&message, line, None)];
            let mut found = finding(Rule::ALL[rule], &package, severities[line], places);
            found.help = Some(file);
            found.action = Some(Action::Add { requirement: message.clone(), to: Scope::Main });
            found.message = message;
            found
        });
    prop::collection::vec(one, 0..5)
}

/// What the runner of GitHub does to a value.
fn unescaped(text: &str, is_property: bool) -> String {
    let mut text = text.to_owned();
    if is_property {
        text = text.replace("%3A", ":").replace("%2C", ",");
    }
    text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
}

fn visible(text: &str) -> String {
    text.replace(|letter: char| letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}'), " ")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_annotation_is_one_line_and_gives_its_title_back(findings in findings()) {
        let text = report::github(&report_of(&findings, &[]));
        prop_assert_eq!(text.lines().count(), findings.len());
        prop_assert_eq!(text.matches(['\n', '\r']).count(), findings.len());
        let mut titles: Vec<String> = findings.iter()
            .map(|found| visible(&format!("{} {}: {}", found.rule.code(), found.rule.name(), found.package)))
            .collect();
        for line in text.lines() {
            let (name, rest) = line.strip_prefix("::").unwrap().split_once(' ').unwrap();
            prop_assert!(["error", "warning", "notice"].contains(&name));
            let (properties, _) = rest.split_once("::").unwrap();
            let keys: Vec<&str> = properties.split(',').map(|pair| pair.split_once('=').unwrap().0).collect();
            prop_assert!(keys == ["file", "title"] || keys == ["file", "line", "title"], "{:?}", keys);
            let title = properties.split(',').next_back().unwrap().strip_prefix("title=").unwrap();
            let title = unescaped(title, true);
            let at = titles.iter().position(|known| *known == title);
            prop_assert!(at.is_some(), "{} {:?}", title, titles);
            titles.remove(at.unwrap());
        }
    }

    #[test]
    fn sarif_stays_json_with_relative_paths(findings in findings()) {
        let text = report::sarif(&report_of(&findings, &[]), "1");
        let log: serde_json::Value = serde_json::from_str(&text).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap();
        prop_assert_eq!(results.len(), findings.len());
        for (result, found) in results.iter().zip(&findings) {
            prop_assert_eq!(result["properties"]["package"].as_str(), Some(found.package.as_str()));
            let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
            prop_assert!(uri.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/%".contains(&byte)), "{}", uri);
            prop_assert!(!uri.starts_with('/') && !uri.contains("//"), "{}", uri);
            let message = result["message"]["text"].as_str().unwrap();
            // No placeholder and no link is left in it.
            let braces = message.replace("{{", "").replace("}}", "");
            prop_assert!(!braces.contains(['{', '}']) && !message.contains("]("), "{}", message);
            prop_assert_eq!(message.lines().count().max(1), 1);
        }
    }
}

/// Two hundred reports in one run of the renderer.
#[test]
fn a_renderer_finds_every_cell_whatever_it_holds() {
    let mut runner = TestRunner::deterministic();
    let cases: Vec<Vec<Finding>> =
        (0..200).map(|_| findings().new_tree(&mut runner).unwrap().current()).collect();
    let texts: Vec<String> =
        cases.iter().map(|findings| report::markdown(&report_of(findings, &[]))).collect();
    let Some(pages) = rendered(&texts) else { return };
    for ((page, findings), text) in pages.iter().zip(&cases).zip(&texts) {
        assert_eq!(page["foreign"], serde_json::json!([]), "{text}");
        let rows = rows(page);
        assert_eq!(rows.len(), findings.len(), "{text}\n{page}");
        let squeeze = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        for rule in Rule::ALL {
            let names = findings
                .iter()
                .filter(|found| found.rule == rule)
                .map(|found| squeeze(&visible(&found.package)));
            for name in names {
                assert!(
                    rows.iter().any(|row| row.len() == 5 && squeeze(row[1]) == name),
                    "{name:?}\n{text}\n{page}"
                );
            }
        }
        for (row, heading) in rows.iter().zip(std::iter::repeat(5)) {
            assert_eq!(row.len(), heading, "{text}");
        }
        assert!(page["blocks"].as_array().unwrap().len() <= 1, "{text}");
    }
}

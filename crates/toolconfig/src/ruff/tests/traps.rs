//! A case for each trap.

use uvshift_diagnostics::Severity;

use super::*;
use crate::model::Value;

fn list(converted: &Converted, path: &[&str]) -> Vec<String> {
    let (key, tables) = path.split_last().unwrap();
    let mut table = converted.table.clone();
    let Some(Value::Array(items)) = table.at(tables).get(key).cloned() else { return Vec::new() };
    let text = |value: Value| match value {
        Value::String(text) => text,
        other => panic!("{other:?}"),
    };
    items.into_iter().map(|item| text(item.value)).collect()
}

fn codes(converted: &Converted) -> Vec<&'static str> {
    converted.diagnostics.iter().map(|diagnostic| diagnostic.code.id()).collect()
}

#[test]
fn an_empty_section_is_flake8_by_default() {
    let converted = flake8("", &[]);
    let rendered = text(&converted);
    assert!(rendered.contains("line-length = 79\n"), "{rendered}");
    assert!(rendered.contains("preview = true\nexplicit-preview-rules = true\n"), "{rendered}");
    let select = list(&converted, &["lint", "select"]);
    assert!(select.contains(&"E203".to_owned()) && select.contains(&"F".to_owned()), "{select:?}");
    assert!(!select.iter().any(|code| code.starts_with('C')), "the complexity is off: {select:?}");
    assert!(!rendered.contains("E226") && !rendered.contains("E704"), "they are ignored by default");
}

#[test]
fn selectors_that_ruff_lacks_are_dropped_and_told() {
    let converted =
        flake8("extend-ignore = W503, E128, E12, SIM106, T000, DAR101\nselect = E,B950,T4\n", &[]);
    assert_eq!(codes(&converted), ["T021", "T021"]);
    let external = list(&converted, &["lint", "external"]);
    assert_eq!(external, ["B950", "DAR101", "E12", "E128", "SIM106", "T000", "T4", "W503"]);
    enabled(&converted);
}

#[test]
fn a_comment_behind_a_value_is_left_out() {
    let converted =
        flake8("max-line-length = 100  # wide\nignore =\n    E203,  # as black has it\n    W503\n", &[]);
    assert_eq!(codes(&converted).iter().filter(|code| **code == "T020").count(), 2);
    let rendered = text(&converted);
    assert!(rendered.contains("line-length = 100\n"), "{rendered}");
    assert!(rendered.contains("# E203: as black has it\n"), "{rendered}");
    assert!(!list(&converted, &["lint", "select"]).contains(&"E203".to_owned()));
}

#[test]
fn a_value_that_flake8_refuses_stands_in_the_way() {
    for wrong in [
        "max-line-length = wide\n",
        "avoid-escape = maybe\n",
        "pytest-parametrize-names-type = set\n",
        "per-file-ignores = E501\n",
    ] {
        let converted = flake8(wrong, &[]);
        assert!(converted.diagnostics.iter().any(|it| it.severity == Severity::Error), "{wrong}");
    }
}

#[test]
fn an_own_list_to_ignore_replaces_the_default_one() {
    let replaced = list(&flake8("ignore = E501\n", &[]), &["lint", "select"]);
    assert!(replaced.contains(&"E226".to_owned()), "{replaced:?}");
    let extended = list(&flake8("extend-ignore = E501\n", &[]), &["lint", "select"]);
    assert!(!extended.contains(&"E226".to_owned()), "{extended:?}");
}

#[test]
fn opinionated_rules_of_bugbear_are_off_unless_named() {
    let off = text(&flake8("ignore = E501\n", &["flake8-bugbear"]));
    assert!(!off.contains("B904") || off.contains("ignore"), "{off}");
    let Some(rules) = enabled(&flake8("ignore = E501\n", &["flake8-bugbear"])) else { return };
    assert!(rules.contains(&"B006".to_owned()) && !rules.iter().any(|code| code.starts_with("B9")));
    let rules = enabled(&flake8("select = B,B904\n", &[])).unwrap();
    assert!(rules.contains(&"B904".to_owned()) && !rules.contains(&"B905".to_owned()));
}

#[test]
fn docstring_rules_have_their_convention() {
    let converted = flake8("", &["flake8-docstrings"]);
    assert!(text(&converted).contains("[tool.ruff.lint.pydocstyle]\nconvention = \"pep257\"\n"));
    let Some(rules) = enabled(&converted) else { return };
    assert!(rules.contains(&"D100".to_owned()) && !rules.contains(&"D203".to_owned()));
    let converted = flake8("docstring-convention = all\n", &[]);
    assert_eq!(codes(&converted), ["T025", "T025"]);
    assert!(enabled(&converted).unwrap().contains(&"D404".to_owned()));
}

#[test]
fn patterns_for_files_are_those_of_ruff() {
    let converted = flake8(
        "per-file-ignores =\n    **/tests/*: S101, D\n    ./{a}.py:F401\n    x.py,y.py:E501,W503\n",
        &["flake8-docstrings", "flake8-bandit"],
    );
    let table = converted.table.clone().at(&["lint", "per-file-ignores"]).clone();
    let patterns: Vec<&str> = table.settings.iter().map(|setting| setting.key.as_str()).collect();
    assert_eq!(patterns, ["*/tests/*", "./[{]a[}].py", "x.py", "y.py"]);
    assert_eq!(table.get("x.py"), Some(&Value::strings(["E501"])));
    enabled(&converted);
}

#[test]
fn a_pattern_that_stands_twice_counts_once() {
    let converted = flake8("per-file-ignores =\n    a.py:F401\n    a.py:E501\n", &[]);
    assert_eq!(codes(&converted), ["T024"]);
    assert!(text(&converted).contains("\"a.py\" = [\"F401\"]\n"));
}

#[test]
fn a_line_longer_than_ruff_knows_turns_the_rule_off() {
    let converted = flake8("max-line-length = 1000\n", &[]);
    assert_eq!(codes(&converted), ["T026"]);
    assert!(!enabled(&converted).is_some_and(|rules| rules.contains(&"E501".to_owned())));
}

/// Every option of the data has a value that ruff takes.
#[test]
fn every_option_of_the_data_is_one_of_ruff() {
    let data: toml_edit::DocumentMut = include_str!("../../../data/ruff/flake8.toml").parse().unwrap();
    for (name, row) in data["options"].as_table().unwrap() {
        let row = row.as_array().unwrap();
        let [kind, to] = [0, 1].map(|at| row.get(at).unwrap().as_str().unwrap());
        let value = match kind {
            "list" => "alpha, beta",
            "integer" => "7",
            "boolean" | "not" => "true",
            "text" if to.ends_with("type") => "tuple",
            "text" => "alpha",
            other => panic!("{other}"),
        };
        let converted = flake8(&format!("{name} = {value}\n"), &[]);
        assert!(converted.diagnostics.is_empty(), "{name}: {:?}", converted.diagnostics);
        assert_eq!(converted.rows[0].to.as_deref(), Some(format!("tool.ruff.{to}").as_str()));
        enabled(&converted);
    }
    for (name, _) in data["dropped"].as_table().unwrap() {
        let converted = flake8(&format!("{name} = 1\n"), &[]);
        assert_eq!(converted.rows[0].outcome.word(), "dropped", "{name}");
        enabled(&converted);
    }
}

#[test]
fn options_with_a_way_of_their_own() {
    let converted = flake8(
        "inline-quotes = '\nmultiline-quotes = double\nban-relative-imports = true\nfilename = *.py,*.pyi\n\
         banned-modules =\n    json = use another\n    six.* = no\napplication-import-names = alpha\nimport-order-style = google\n",
        &[],
    );
    let rendered = text(&converted);
    for wanted in [
        "inline-quotes = \"single\"\n",
        "multiline-quotes = \"double\"\n",
        "ban-relative-imports = \"all\"\n",
        "include = [\n    \"*.py\",\n    \"*.pyi\",\n]\n",
        "json = { msg = \"use another\" }\n",
        "six = { msg = \"no\" }\n",
        "known-first-party = [\"alpha\"]\n",
    ] {
        assert!(rendered.contains(wanted), "no {wanted} in\n{rendered}");
    }
    let Some(rules) = enabled(&converted) else { return };
    assert!(rules.contains(&"TID251".to_owned()) && rules.contains(&"Q000".to_owned()));
    assert!(!rules.contains(&"I001".to_owned()), "another order than isort's is not checked");
}

#[test]
fn a_family_with_other_codes_is_decided_by_its_own() {
    let plugins = ["flake8-return", "flake8-eradicate", "flake8-logging-format"];
    let converted = flake8("extend-ignore = R503\nper-file-ignores = a.py:E800\n", &plugins);
    assert!(text(&converted).contains("\"a.py\" = [\"ERA001\"]\n"), "{}", text(&converted));
    let Some(rules) = enabled(&converted) else { return };
    let has = |code: &str| rules.contains(&code.to_owned());
    assert!(has("RET504") && !has("RET503") && has("ERA001"), "{rules:?}");
    assert!(!has("G001"), "flake8-logging-format is off unless it is named");
    assert!(enabled(&flake8("enable-extensions = G\n", &plugins)).unwrap().contains(&"G001".to_owned()));
}

#[test]
fn of_two_patterns_for_one_file_flake8_takes_the_longer() {
    let converted = flake8("per-file-ignores =\n    tests/*: E501\n    tests/a.py: F401\n", &[]);
    assert_eq!(codes(&converted), ["T024"]);
    let converted = flake8("per-file-ignores =\n    tests/*: E501\n    tests/a.py: E,F401\n", &[]);
    assert!(converted.diagnostics.is_empty(), "{:?}", converted.diagnostics);
}

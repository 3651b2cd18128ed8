//! The other linters, and settings of ruff that are there already.

use super::*;
use crate::model::{Setting, Value};

/// A table from its text.
fn table(text: &str) -> Table {
    fn value(found: &toml_edit::Value) -> Value {
        match found {
            toml_edit::Value::String(text) => Value::String(text.value().clone()),
            toml_edit::Value::Integer(number) => Value::Integer(*number.value()),
            toml_edit::Value::Boolean(value) => Value::Bool(*value.value()),
            toml_edit::Value::Array(items) => {
                Value::Array(items.iter().map(|item| crate::Element::new(value(item))).collect())
            }
            other => panic!("{other:?}"),
        }
    }
    fn below(table: &dyn toml_edit::TableLike) -> Table {
        let setting = |(key, item): (&str, &toml_edit::Item)| match item.as_value() {
            Some(found) if item.is_value() && !found.is_inline_table() => Setting::new(key, value(found)),
            _ => Setting::new(key, below(item.as_table_like().unwrap())),
        };
        Table { settings: table.iter().map(setting).collect(), ..Table::default() }
    }
    let document: toml_edit::DocumentMut = text.parse().unwrap();
    below(document.as_table())
}

#[track_caller]
fn check(converted: &Converted, wanted: &[&str]) {
    let text = text(converted);
    for wanted in wanted {
        assert!(text.contains(wanted), "no {wanted} in\n{text}");
    }
    enabled(converted);
}

#[test]
fn isort_with_its_profile() {
    let given = table(
        "profile = 'black'\nknown_first_party = 'alpha,beta'\nknown_django = ['django']\nforce_single_line = true\n\
         sections = ['FUTURE', 'STDLIB', 'DJANGO', 'THIRDPARTY', 'FIRSTPARTY', 'LOCALFOLDER']\nskip = ['build']\n\
         add_imports = ['from __future__ import annotations']\nreverse_relative = true\nimport_heading_stdlib = 'x'\n",
    );
    let converted = to_ruff(&Linters { isort: Some(&given), ..Linters::default() });
    assert_eq!(converted.rows.len(), given.settings.len());
    check(
        &converted,
        &[
            "line-length = 88\n",
            "select = [\"I\"]\n",
            "split-on-trailing-comma = true\n",
            "force-single-line = true\n",
            "relative-imports-order = \"closest-to-furthest\"\n",
            "required-imports = [\"from __future__ import annotations\"]\n",
            "    \"standard-library\",\n    \"django\",\n    \"third-party\",\n",
            "[tool.ruff.lint.isort.sections]\ndjango = [\"django\"]\n",
            "[tool.ruff.lint.per-file-ignores]\n\"**/build/**\" = [\"I001\"]\n",
        ],
    );
    assert!(converted.diagnostics.is_empty(), "{:?}", converted.diagnostics);
}

#[test]
fn every_profile_of_isort_is_taken() {
    for profile in
        ["black", "django", "pycharm", "google", "open_stack", "plone", "attrs", "hug", "wemake", "appnexus"]
    {
        let given = table(&format!("profile = '{profile}'\n"));
        let converted = to_ruff(&Linters { isort: Some(&given), ..Linters::default() });
        assert_eq!(converted.rows.len(), 1, "{profile}");
        enabled(&converted);
    }
}

#[test]
fn black_formats_and_flake8_has_its_own_length() {
    let given = table(
        "line-length = 100\ntarget-version = ['py310', 'py39']\nskip-string-normalization = true\nskip-magic-trailing-comma = true\n\
         extend-exclude = '/(vendored|gen\\.py)/'\n",
    );
    let lint = section("[flake8]\nmax-line-length = 120\n");
    let converted = to_ruff(&Linters { black: Some(&given), flake8: Some(&lint), ..Linters::default() });
    check(
        &converted,
        &[
            "line-length = 100\n",
            "target-version = \"py39\"\n",
            "[tool.ruff.lint.pycodestyle]\nmax-line-length = 120\n",
            "quote-style = \"preserve\"\n",
            "skip-magic-trailing-comma = true\n",
            "    \"vendored\",\n    \"gen.py\",\n",
        ],
    );
    let required =
        to_ruff(&Linters { black: Some(&given), requires_python: Some(">=3.9"), ..Linters::default() });
    assert!(!text(&required).contains("target-version"));
    let odd = table("exclude = '/(a(b|c)+)/'\n");
    let converted = to_ruff(&Linters { black: Some(&odd), ..Linters::default() });
    assert_eq!(converted.diagnostics[0].code.id(), "T026");
}

#[test]
fn pydocstyle_has_its_own_way_to_select() {
    let given = table("convention = 'numpy'\nadd_ignore = ['D107', 'D200']\n");
    let converted = to_ruff(&Linters { pydocstyle: Some(&given), ..Linters::default() });
    check(&converted, &["convention = \"numpy\"\n", "\"test_*.py\" = [\"D\"]\n"]);
    if let Some(rules) = enabled(&converted) {
        assert!(rules.contains(&"D100".to_owned()) && !rules.contains(&"D200".to_owned()));
    }
    let given = table("select = 'D203'\n");
    let rules = enabled(&to_ruff(&Linters { pydocstyle: Some(&given), ..Linters::default() }));
    assert!(rules.is_none_or(|rules| rules == ["D203"]));
}

#[test]
fn pyupgrade_and_autoflake_and_bandit() {
    let upgrade = table("py38-plus = true\nkeep-percent-format = true\n");
    let flake = table("remove-unused-variables = true\nignore-init-module-imports = true\nin-place = true\n");
    let bandit =
        table("skips = ['B102', 'B999']\nexclude_dirs = ['tests']\n[assert_used]\nskips = ['*_test.py']\n");
    let converted = to_ruff(&Linters {
        pyupgrade: Some(&upgrade),
        autoflake: Some(&flake),
        bandit: Some(&bandit),
        ..Linters::default()
    });
    assert_eq!(converted.rows.len(), 8);
    check(
        &converted,
        &[
            "target-version = \"py38\"\n",
            "\"__init__.py\" = [\"F401\"]\n",
            "\"*_test.py\" = [\"S101\"]\n",
            "\"**/tests/**\" = [\n    \"S\",\n    \"S401\",\n",
        ],
    );
    let Some(rules) = enabled(&converted) else { return };
    let has = |code: &str| rules.contains(&code.to_owned());
    assert!(has("UP006") && has("F401") && has("F841") && has("S101") && has("S301"), "{rules:?}");
    assert!(!has("UP031") && !has("S102") && !has("E501"), "{rules:?}");
    let only = table("tests = ['B301']\n");
    let rules = enabled(&to_ruff(&Linters { bandit: Some(&only), ..Linters::default() }));
    assert_eq!(rules.unwrap(), ["S301"]);
}

#[test]
fn pylint_by_name_and_by_code() {
    let given = table(
        "[main]\njobs = 2\n['messages control']\ndisable = ['all']\nenable = ['too-many-arguments', 'C0414', 'magic-value-comparison', 'invalid-name']\n\
         [design]\nmax-args = 8\n",
    );
    let converted = to_ruff(&Linters { pylint: Some(&given), ..Linters::default() });
    assert_eq!(converted.rows.len(), 4);
    check(&converted, &["max-args = 8\n"]);
    assert!(
        converted
            .rows
            .iter()
            .any(|row| row.outcome.why().is_some_and(|why| why.ends_with("no invalid-name")))
    );
    let Some(rules) = enabled(&converted) else { return };
    assert_eq!(rules, ["PLC0414", "PLR0913", "PLR2004"]);
    let given = table("disable = 'R,unnecessary-lambda-assignment'\n");
    let rules = enabled(&to_ruff(&Linters { pylint: Some(&given), ..Linters::default() })).unwrap();
    assert!(
        rules
            .iter()
            .all(|code| code.starts_with("PLC") || code.starts_with("PLE") || code.starts_with("PLW"))
    );
    assert!(!rules.is_empty() && !rules.contains(&"PLC3001".to_owned()));
}

#[test]
fn settings_that_are_there_are_kept_and_contradictions_stand_in_the_way() {
    let lint = section("[flake8]\nselect = F\n");
    let existing =
        table("line-length = 79\n[lint]\nselect = ['UP']\n[lint.isort]\ncombine-as-imports = true\n");
    let both = |existing: &Table| {
        to_ruff(&Linters { flake8: Some(&lint), existing: Some(existing), ..Linters::default() })
    };
    let converted = both(&existing);
    check(&converted, &["select = [\n    \"UP\",\n    \"F\",\n]\n", "combine-as-imports = true\n"]);
    assert!(converted.diagnostics.is_empty());
    let converted = both(&table("line-length = 100\n"));
    assert_eq!(
        converted.diagnostics[0].to_string(),
        "error[T023]: `tool.ruff.line-length` is set already, and the old linters say something else"
    );
    let converted = both(&table("[lint]\nignore = ['F4']\n"));
    assert!(
        converted.diagnostics[0].to_string().starts_with("error[T023]: `tool.ruff.lint.ignore` has F4, ")
    );
    assert!(both(&table("[lint]\nignore = ['D']\n")).diagnostics.is_empty());
}

#[test]
fn pycodestyle_without_flake8() {
    let rules = |text: &str| {
        let section = section(text);
        let converted = to_ruff(&Linters { pycodestyle: Some(&section), ..Linters::default() });
        assert_eq!(converted.rows.len(), section.keys.len());
        enabled(&converted)
    };
    let Some(default) = rules("[pycodestyle]\nmax_line_length = 100\n") else { return };
    assert!(default.contains(&"W605".to_owned()) && !default.iter().any(|code| code.starts_with('F')));
    assert_eq!(rules("[pep8]\nselect = W6,W291\nignore = W6\n").unwrap(), ["W291", "W605"]);
}

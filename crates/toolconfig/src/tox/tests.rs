use proptest::prelude::*;
use uvshift_ini::Document;

use super::*;

fn native(text: &str) -> String {
    let document = Document::parse(text, &TOX_DIALECT);
    let (converted, _) = tox_to_toml(&document, "tox.ini", "tox");
    crate::render(&["tool", "tox"], &converted.table)
}

fn forced(text: &str) -> Option<usize> {
    let document = Document::parse(text, &TOX_DIALECT);
    tox_to_toml(&document, "tox.ini", "tox").0.diagnostics.first().and_then(|diagnostic| diagnostic.line)
}

#[test]
fn settings_get_their_types_and_current_names() {
    let text = "[tox]\nenvlist = py3{11,12}, lint\nskipsdist = True\n\n# base\n[testenv]\n# needed\ndeps =\n  pytest  # tests\n  \
                py311: old; python_version < '3.12'\npassenv = A, B_*\nchangedir = {toxinidir}/docs\nsetenv =\n  A = {env:B:c}\n\
                commands =\n  - pytest {posargs:-x tests} \\\n    -v\n";
    assert_eq!(
        native(text),
        "[tool.tox]\nenv_list = [\n    \"py311\",\n    \"py312\",\n    \"lint\",\n]\nno_package = true\n\n\
         # base\n[tool.tox.env_run_base]\n# needed\ndeps = [\n    \"pytest\",  # tests\n    \
         { replace = \"if\", condition = \"factor.py311\", then = [\"old; python_version < '3.12'\"], extend = true },\n]\n\
         pass_env = [\n    \"A\",\n    \"B_*\",\n]\nchange_dir = \"{toxinidir}/docs\"\n\
         commands = [\n    [\"-\", \"pytest\", { replace = \"posargs\", default = [\"-x\", \"tests\"], extend = true }, \"-v\"],\n]\n\n\
         [tool.tox.env_run_base.set_env]\nA = \"{env:B:c}\"\n"
    );
}

#[test]
fn references_and_generated_environments_are_tables() {
    let text = "[base]\ndeps =\n  a\nflags = -x\n[testenv:{x,y}]\ndeps =\n  {[base]deps}\n  b\ncommands = run {[base]flags}\n";
    let out = native(text);
    assert!(
        out.contains(
            "{ replace = \"ref\", of = [\"tool\", \"tox\", \"shared_base\", \"deps\"], extend = true }"
        ),
        "{out}"
    );
    assert!(out.contains("[\"run\", \"-x\"]"), "{out}");
    assert!(out.contains("base = [\n    \"x\",\n    \"env_run_base\",\n]"), "{out}");
}

#[test]
fn what_toml_cannot_say_stays_ini_and_names_its_line() {
    assert_eq!(forced("[testenv]\ncommands =\n  a\n  b '{posargs}'\n"), Some(4));
    assert_eq!(forced("[testenv]\ncommands = a {env:X:}\n"), Some(2));
    assert_eq!(forced("[testenv:x]\ndeps = py: a\n"), Some(2));
    assert_eq!(forced("[tox]\n[gh-actions]\npython = x\n"), Some(2));
    assert_eq!(forced("[testenv]\ncommands = a {tty:--color} \"{env:X:}\" {posargs}\n"), None);
    let text = native("[flake8]\na = 1\n\n# c\n[testenv]\ncommands = a {env:X:}\n");
    assert_eq!(text, "[tool.tox]\nlegacy_tox_ini = '''\n# c\n[testenv]\ncommands = a {env:X:}\n'''\n");
}

proptest! {
    #[test]
    fn no_text_is_a_panic(lines in prop::collection::vec(
        prop_oneof![
            "\\[(tox|testenv|testenv:[a-z{},-]{0,6}|base)\\]",
            "(deps|commands|setenv|envlist|basepython|description|passenv|flags) *= *[ab:{}\\[\\]\\\\'\"#;=,!-]{0,14}",
            "  [ab:{}\\[\\]\\\\'\"#;=, !é-]{0,16}",
            "  \\{\\[(testenv|base)\\](deps|setenv|flags)\\}[ a]{0,2}",
        ], 0..14)) {
        let document = Document::parse(&lines.join("\n"), &TOX_DIALECT);
        let (converted, _) = tox_to_toml(&document, "tox.ini", "tox");
        let text = crate::render(&["tool", "tox"], &converted.table);
        prop_assert!(text.parse::<toml_edit::DocumentMut>().is_ok(), "{}", text);
    }
}

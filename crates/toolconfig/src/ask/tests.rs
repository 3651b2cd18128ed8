use uvshift_testkit::{FakeRunner, Project, output};

use super::*;

#[expect(clippy::needless_pass_by_value, reason = "the values are written where they are used")]
fn same(tool: &str, before: Value, after: Value) -> Vec<String> {
    compared(tool, &json!({ "settings": before }), &json!({ "settings": after }), &[])
}

#[test]
fn what_differs_is_told_with_its_place() {
    assert!(same("mypy", json!({"a": 1}), json!({"a": 1})).is_empty());
    assert_eq!(
        same("mypy", json!({"a": {"b": 1}, "c": 2}), json!({"a": {"b": [1]}})),
        ["a.b: 1 -> [1]", "c: 2 -> nothing"]
    );
}

#[test]
fn what_names_a_file_that_is_gone_may_follow_it() {
    let answer = |path: &str| json!({ "settings": { "start": ["x", format!("<DIR>/{path}")] } });
    let gone = [".coveragerc".to_owned()];
    assert!(compared("tox", &answer(".coveragerc"), &answer("pyproject.toml"), &gone).is_empty());
    assert_eq!(compared("tox", &answer("a.cfg"), &answer("pyproject.toml"), &gone).len(), 1);
}

#[test]
fn the_order_of_modules_counts_for_mypy() {
    let pairs =
        |names: &[&str]| json!({ "per_module": names.iter().map(|n| json!([n, {}])).collect::<Vec<_>>() });
    assert!(same("mypy", pairs(&["a.*", "b"]), pairs(&["a.*", "b"])).is_empty());
    let found = same("mypy", pairs(&["a.*", "b"]), pairs(&["b", "a.*"]));
    assert_eq!(found, [r#"the order of modules: ["a.*","b"] -> ["b","a.*"]"#]);
}

#[test]
fn a_refusal_counts_only_if_it_is_new() {
    let (fine, refused) = (json!({ "settings": {} }), json!({ "error": "no" }));
    assert!(compared("tox", &refused, &refused, &[]).is_empty());
    assert_eq!(compared("tox", &fine, &refused, &[]), ["it refuses the new settings: no"]);
    assert!(compared("tox", &fine, &json!({ "missing": true }), &[]).is_empty());
}

#[test]
fn rules_of_plugins_count_where_the_settings_name_the_plugin() {
    let flake8 = |written: &str| {
        json!({ "enabled": ["E501", "B006", "D100"], "written": { "select": written }, "options": {
            "max_line_length": 79, "max_doc_length": null, "max_complexity": -1 } })
    };
    let ruff = json!({ "enabled": ["E501"], "values": { "linter.pycodestyle.max_line_length": "88" } });
    assert_eq!(
        same(TO_RUFF, flake8("E,B0"), ruff.clone()),
        ["no longer reported: B006", "line length: 79 -> 88"]
    );
    assert_eq!(same(TO_RUFF, flake8("E"), ruff), ["line length: 79 -> 88"]);
}

#[test]
fn an_answer_too_few_is_no_answer() {
    let runner = FakeRunner::new(|_| Ok(output(0, "{\"settings\":{\"a\":1}}\n", "")));
    let copies = Copies { old: "old".into(), new: "new".into(), gone: Vec::new() };
    let python = ["uv", "run", "python"].map(str::to_owned);
    let asked = ask(&runner, &python, &copies, &["mypy"]).unwrap();
    assert_eq!(asked[0].before, json!({ "settings": { "a": 1 } }));
    assert_eq!(asked[0].differences, ["it refuses the new settings: it gave no answer"]);
    let line = &runner.lines()[0];
    assert!(line.starts_with("uv run python -I -X utf8 -c "), "{line}");
    assert!(line.contains("mypy\told") && line.contains("mypy\tnew"), "{line}");
}

#[test]
fn copies_hold_settings_before_and_after_and_no_code() {
    let project = Project::new();
    project.write("mypy.ini", "[mypy]\nstrict = True\n");
    project.write("tox.ini", "[flake8]\n");
    project.write("code.py", "raise SystemExit\n");
    let tree = Tree::from_disk(project.path()).unwrap();
    let plan = crate::plan(&tree, &crate::Options::default()).unwrap();
    let into = tempfile::tempdir().unwrap();
    let copies = copies(&tree, &plan.changes, into.path()).unwrap();
    let names = |folder: &Path| {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names(&copies.old), ["mypy.ini", "tox.ini"]);
    assert_eq!(names(&copies.new), ["pyproject.toml", "tox.ini"]);
}

#[test]
fn a_file_that_changes_twice_is_copied_as_it_was_and_as_it_will_be() {
    let folder = tempfile::tempdir().unwrap();
    let tree = Tree::from_disk(folder.path()).unwrap();
    let mut changes = ChangeSet::new();
    changes.create("pyproject.toml", "one\n").unwrap();
    changes.edit("pyproject.toml", "one\n", "two\n").unwrap();
    changes.edit("setup.cfg", "[a]\n", "[b]\n").unwrap();
    changes.edit("setup.cfg", "[b]\n", "[c]\n").unwrap();
    let into = tempfile::tempdir().unwrap();
    let copies = copies(&tree, &changes, into.path()).unwrap();
    let read = |folder: &Path, file: &str| std::fs::read_to_string(folder.join(file)).ok();
    assert_eq!(read(&copies.old, "pyproject.toml"), None);
    assert_eq!(read(&copies.new, "pyproject.toml").as_deref(), Some("two\n"));
    assert_eq!(read(&copies.old, "setup.cfg").as_deref(), Some("[a]\n"));
    assert_eq!(read(&copies.new, "setup.cfg").as_deref(), Some("[c]\n"));
}

use std::collections::BTreeMap;

use super::*;

fn gone(file: &str, tool: &str) -> Gone {
    Gone {
        file: file.to_owned(),
        whole: true,
        tool: tool.to_owned(),
        to: "pyproject.toml".to_owned(),
        to_ruff: false,
    }
}

fn follow_in(files: &[(&str, &str)], gone: &[Gone]) -> (BTreeMap<String, String>, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let mut tree = Tree::from_disk(folder.path()).unwrap();
    for (file, text) in files {
        tree.lay_over(file, Some(text.as_bytes().to_vec()));
    }
    let followed = follow(&tree, gone).unwrap();
    let told = followed.diagnostics.iter().map(|found| {
        format!(
            "{}:{} {}",
            found.file.as_deref().unwrap_or_default(),
            found.line.unwrap_or_default(),
            found.code
        )
    });
    assert_eq!(followed.edits.is_empty(), followed.rows.is_empty());
    (followed.edits.iter().cloned().collect(), told.collect())
}

/// One file in, one file out; nothing is left to say.
fn check(file: &str, before: &str, after: &str, gone: &[Gone]) {
    let (edits, told) = follow_in(&[(file, before)], gone);
    assert_eq!(edits.get(file).map_or(before, String::as_str), after, "{file}");
    assert_eq!(told, Vec::<String>::new(), "{file}: {before}");
}

/// Nothing is changed, and this is said.
fn tells(file: &str, text: &str, gone: &[Gone], expected: &[&str]) {
    let (edits, told) = follow_in(&[(file, text)], gone);
    assert_eq!(edits, BTreeMap::new(), "{file}");
    assert_eq!(told, expected, "{file}: {text}");
}

#[test]
fn options_of_makefiles_and_tox_follow() {
    let all = [gone("mypy.ini", "mypy"), gone(".coveragerc", "coverage"), gone("pytest.ini", "pytest")];
    check(
        "Makefile",
        "lint:\n\t$(BIN)/mypy --config-file mypy.ini src # why\n\tcoverage run --rcfile=./.coveragerc -m pytest -c pytest.ini\n",
        "lint:\n\t$(BIN)/mypy --config-file pyproject.toml src # why\n\tcoverage run --rcfile=./pyproject.toml -m pytest -c pyproject.toml\n",
        &all,
    );
    check(
        "tox.ini",
        "[testenv]\r\nsetenv =\r\n    COVERAGE_RCFILE = {toxinidir}/.coveragerc\r\ncommands =\r\n    pytest --cov --cov-config .coveragerc\r\n    mypy \\\r\n      --config-file \\\r\n      {toxinidir}/mypy.ini\r\n",
        "[testenv]\r\nsetenv =\r\n    COVERAGE_RCFILE = {toxinidir}/pyproject.toml\r\ncommands =\r\n    pytest --cov --cov-config pyproject.toml\r\n    mypy \\\r\n      --config-file \\\r\n      {toxinidir}/pyproject.toml\r\n",
        &all,
    );
    check(
        "pyproject.toml",
        "[tool.pytest.ini_options]\naddopts = \"--cov-config=.coveragerc\"\n[tool.x]\ncmd = [\"mypy\", \"--config-file\", \"mypy.ini\"]\nlist = [\n  \"mypy\",\n  '--config-file',\n  'mypy.ini',\n]\n",
        "[tool.pytest.ini_options]\naddopts = \"--cov-config=pyproject.toml\"\n[tool.x]\ncmd = [\"mypy\", \"--config-file\", \"pyproject.toml\"]\nlist = [\n  \"mypy\",\n  '--config-file',\n  'pyproject.toml',\n]\n",
        &all,
    );
}

/// Each row of `data/follow.toml`: the option as it is written before and after.
#[test]
fn every_option_of_the_table_follows() {
    let mut seen = 0;
    for tool in table::tools() {
        let file = format!("settings/{}.cfg", tool.name);
        let all = [gone(&file, &tool.name)];
        let value = if tool.takes_folder { "." } else { "pyproject.toml" };
        for (command, option) in tool.commands.iter().flat_map(|c| tool.options.iter().map(move |o| (c, o))) {
            let new = tool.to.as_deref().unwrap_or(option);
            check(
                "a.sh",
                &format!("{command} {option} {file} x\n"),
                &format!("{command} {new} {value} x\n"),
                &all,
            );
            let list = |option: &str, value: &str| {
                format!("session.run(\"{command}\", \"{option}\", \"{value}\", \"x\")\n")
            };
            check("noxfile.py", &list(option, &file), &list(new, value), &all);
            seen += 1;
        }
        for name in &tool.variables {
            for (before, after) in
                [("export ", "="), ("", ": "), ("ENV ", " "), ("", " = \""), ("env[\"", "\"] = \"")]
            {
                let line = |value: &str| format!("{before}{name}{after}{value}\n");
                check("a.sh", &line(&file), &line("pyproject.toml"), &all);
            }
            seen += 1;
        }
    }
    assert!(seen > 30, "{seen}");
}

#[test]
fn the_command_says_whose_option_it_is() {
    let mut both = vec![
        Gone { whole: false, ..gone("setup.cfg", "coverage") },
        Gone { whole: false, ..gone("setup.cfg", "mypy") },
    ];
    let text = "coverage run --rcfile=setup.cfg; pylint --rcfile=setup.cfg\npytest -c setup.cfg\nflake8 --config setup.cfg\n";
    let after = "coverage run --rcfile=pyproject.toml; pylint --rcfile=setup.cfg\npytest -c setup.cfg\nflake8 --config setup.cfg\n";
    check("run.sh", text, after, &both);
    // The file itself goes: what is left would fail.
    both[0].whole = true;
    let (edits, told) = follow_in(&[("run.sh", text)], &both);
    assert_eq!(edits["run.sh"], after);
    assert_eq!(told, ["run.sh:1 T050", "run.sh:2 T050", "run.sh:3 T050"]);
    // Without a command, the option says it.
    check("Makefile", "FLAGS = --config-file setup.cfg\n", "FLAGS = --config-file pyproject.toml\n", &both);
}

#[test]
fn paths_keep_what_stands_before_them() {
    let all = [gone("mypy.ini", "mypy"), gone("config/.coveragerc", "coverage")];
    check(
        ".github/workflows/ci.yml",
        "      - run: mypy --config-file ${{ github.workspace }}/mypy.ini\n",
        "      - run: mypy --config-file ${{ github.workspace }}/pyproject.toml\n",
        &all,
    );
    check(
        "docs/Makefile",
        "x:\n\tmypy --config-file=$(CURDIR)/mypy.ini\n",
        "x:\n\tmypy --config-file=$(CURDIR)/pyproject.toml\n",
        &all,
    );
    check("docs/run.sh", "mypy --config-file=../mypy.ini\n", "mypy --config-file=../pyproject.toml\n", &all);
    check(
        "config/run.sh",
        "coverage run --rcfile .coveragerc\n",
        "coverage run --rcfile ../pyproject.toml\n",
        &all,
    );
    check(
        "run.sh",
        "coverage run --rcfile config/.coveragerc\n",
        "coverage run --rcfile pyproject.toml\n",
        &all,
    );
    // Other files with the same end.
    check(
        "run.sh",
        "mypy --config-file old-mypy.ini; mypy --config-file other/mypy.ini; mypy --config-file mypy.ini.bak\n",
        "mypy --config-file old-mypy.ini; mypy --config-file other/mypy.ini; mypy --config-file mypy.ini.bak\n",
        &all,
    );
}

#[test]
fn bandit_gets_the_option_where_it_found_its_file() {
    let all = [gone(".bandit", "bandit")];
    check(
        "tox.ini",
        "[testenv]\ndeps = bandit\ncommands = bandit -x tests -r .\n",
        "[testenv]\ndeps = bandit\ncommands = bandit -c pyproject.toml -x tests -r .\n",
        &all,
    );
    check(
        "a.sh",
        "bandit --ini .bandit -r src\npython -m bandit -r ./ && echo\n",
        "bandit -c pyproject.toml -r src\npython -m bandit -c pyproject.toml -r ./ && echo\n",
        &all,
    );
    check(
        "noxfile.py",
        "session.run(\"bandit\", \"-r\", \".\")\n",
        "session.run(\"bandit\", \"-c\", \"pyproject.toml\", \"-r\", \".\")\n",
        &all,
    );
    check(
        "noxfile.py",
        "session.run('bandit', '--ini=.bandit', '-r', 'a')\n",
        "session.run('bandit', '-c', 'pyproject.toml', '-r', 'a')\n",
        &all,
    );
    // Below `src` there is no `.bandit`, so it was not read and pyproject.toml is not read now.
    let same = "bandit -r src\npip install bandit ruff\necho bandit .\nbandit -c pyproject.toml -r .\n";
    check("a.sh", same, same, &all);
    check(
        "Makefile",
        "all: bandit flake8\nbandit:\n\t@bandit -r .\n",
        "all: bandit flake8\nbandit:\n\t@bandit -c pyproject.toml -r .\n",
        &all,
    );
    tells("a.sh", "bandit -r $SRC\n", &all, &["a.sh:1 T053"]);
    tells("a.sh", "bandit -c b.yaml --ini .bandit -r .\n", &all, &["a.sh:1 T050"]);
}

#[test]
fn what_is_left_is_told() {
    let all = [gone("tox.ini", "tox"), gone("mypy.ini", "mypy")];
    tells("MANIFEST.in", "include tox.ini\n", &all, &["MANIFEST.in:1 T051"]);
    tells("README.md", "Run `mypy --config-file mypy.ini`.\n", &all, &["README.md:1 T051"]);
    tells("Dockerfile", "FROM x\nCOPY setup.py tox.ini ./\n", &all, &["Dockerfile:2 T050"]);
    tells("Makefile", "# see mypy.ini\nlint: mypy.ini\n", &all, &["Makefile:1 T051", "Makefile:2 T050"]);
    tells(
        "ci.yml",
        "on:\n  paths:\n    - mypy.ini\n  key: ${{ hashFiles('tox.ini') }}\n  run: ./x mypy.ini\n  script: |\n    ./y mypy.ini\n",
        &all,
        &["ci.yml:3 T051", "ci.yml:4 T051", "ci.yml:5 T050", "ci.yml:7 T050"],
    );
    tells("tests/test_a.py", "write('mypy.ini')\n", &all, &["tests/test_a.py:1 T051"]);
    let section = [Gone { whole: false, ..gone("tox.ini", "pytest") }];
    tells("tox.ini", "[testenv]\ncommands = pytest {[pytest]addopts}\n", &section, &["tox.ini:2 T050"]);
}

#[test]
fn commands_of_tools_that_went_to_ruff_are_told() {
    let all = [
        Gone { to_ruff: true, ..gone(".flake8", "flake8") },
        Gone { to_ruff: true, whole: false, ..gone("pyproject.toml", "black") },
    ];
    tells(
        "tox.ini",
        "[testenv:flake8]\ndeps = flake8\ncommands =\n    flake8 --config .flake8 src\n    black .\n",
        &all,
        &["tox.ini:4 T052", "tox.ini:4 T050", "tox.ini:5 T052"],
    );
}

proptest::proptest! {
    #[test]
    fn nothing_but_the_name_changes(lines in proptest::collection::vec("[ a-z\\-=\"'$(){}/.\\\\é]{0,12}(mypy|mypy\\.ini|--config-file|--ini|bandit|\\.bandit)?[ a-z=\"',.]{0,6}", 0..8), crlf: bool) {
        let text = lines.join(if crlf { "\r\n" } else { "\n" });
        let all = [gone("mypy.ini", "mypy"), gone(".bandit", "bandit")];
        let (edits, _) = follow_in(&[("run.sh", &text)], &all);
        if let Some(after) = edits.get("run.sh") {
            proptest::prop_assert_eq!(after.matches('\n').count(), text.matches('\n').count());
            proptest::prop_assert_ne!(after, &text);
            // Followed once, there is nothing more to follow.
            proptest::prop_assert_eq!(follow_in(&[("run.sh", after)], &all).0, BTreeMap::new());
        }
        // A text that names nothing stays.
        if !text.contains(".ini") && !text.contains("bandit") {
            proptest::prop_assert!(edits.is_empty());
        }
    }
}

#[test]
fn what_tox_hands_on_is_an_option_of_another_command() {
    let all = [gone("tox.ini", "coverage"), gone("tox.ini", "tox")];
    check(
        "ci.yml",
        "jobs:\n  a:\n    steps:\n      - run: python -m tox -- tests --cov-config=tox.ini --cov=shop\n",
        "jobs:\n  a:\n    steps:\n      - run: python -m tox -- tests --cov-config=pyproject.toml --cov=shop\n",
        &all,
    );
}

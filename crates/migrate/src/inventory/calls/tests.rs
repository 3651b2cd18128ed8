use super::show::LONGEST;
use super::*;

fn check(syntax: Syntax, text: &str, expected: &[&str]) {
    let found: Vec<String> = calls(text, syntax)
        .into_iter()
        .map(|call| format!("{} {}: {}", call.line, call.program.as_str(), call.command))
        .collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn commands_are_found_in_a_shell() {
    let shell = |text: &str, expected: &[&str]| check(Syntax::Shell, text, expected);
    shell("pip install -r requirements.txt", &["1 pip: pip install -r requirements.txt"]);
    shell(
        "sudo pip3.11 install x && python3 -m pip install 'y>1;z' || true",
        &["1 pip: pip3.11 install x", "1 pip: python3 -m pip install 'y>1;z'"],
    );
    shell("\t@$(VENV)/bin/pip install -e .", &["1 pip: $(VENV)/bin/pip install -e ."]);
    shell("$(PIP) install x", &["1 pip: $(PIP) install x"]);
    shell("${PYTHON} -m pip install x", &["1 pip: ${PYTHON} -m pip install x"]);
    shell("commands = {envpython} -m pip install x", &["1 pip: {envpython} -m pip install x"]);
    shell("{{ python }} -m venv .venv", &["1 virtualenv: {{ python }} -m venv .venv"]);
    shell("bash -c \"pip install x\"", &["1 pip: pip install x"]);
    shell("A=1 pip install \\\n  -r a.txt \\\n  -r b.txt\nls", &["1 pip: pip install -r a.txt -r b.txt"]);
    shell("python setup.py sdist bdist_wheel", &["1 setup.py: python setup.py sdist bdist_wheel"]);
    shell("./setup.py develop", &["1 setup.py: ./setup.py develop"]);
    shell("pip-compile requirements.in", &["1 pip-tools: pip-compile requirements.in"]);
    shell("venv: ; virtualenv -p python3 env", &["1 virtualenv: virtualenv -p python3 env"]);
    shell(
        "poetry install; pipenv sync; conda env create -f e.yml; pdm sync; easy_install x",
        &[
            "1 poetry: poetry install",
            "1 pipenv: pipenv sync",
            "1 conda: conda env create -f e.yml",
            "1 pdm: pdm sync",
            "1 easy_install: easy_install x",
        ],
    );
    shell("C:\\Python39\\python.exe -m pip install x", &["1 pip: C:\\Python39\\python.exe -m pip install x"]);
    shell("dir=$(pip cache dir)", &["1 pip: pip cache dir"]);
}

#[test]
fn words_about_commands_are_none() {
    for text in [
        "# pip install x",
        "echo \"run pip install x\"",
        "  @echo pip install x",
        "uv pip install x",
        "uvx pip install x",
        "apt-get install -y python3-pip python3-venv",
        "brew install pipenv run",
        "COPY setup.py setup.cfg ./",
        "which virtualenv",
        "pipeline install x",
        "PIP = pip",
        "allowlist_externals = poetry",
        "python app.py",
        "python -m pytest  # pip install x",
        "python -c 'import pip'",
        "pip",
    ] {
        check(Syntax::Shell, text, &[]);
    }
}

#[test]
fn yaml_values_are_commands_and_names_are_not() {
    let text = "jobs:\n  test:\n    steps:\n      - name: pip install everything\n      - run: pip install tox\n\
                \x20     - run: |\n          python -m pip install -U pip\n          uv sync\n      - script: ['pip install a', 'make']\n";
    check(
        Syntax::Yaml,
        text,
        &["5 pip: pip install tox", "7 pip: python -m pip install -U pip", "9 pip: pip install a"],
    );
}

#[test]
fn actions_bring_programs() {
    let text = "steps:\n- uses: snok/install-poetry@v1\n- name: x\n  uses: conda-incubator/setup-miniconda@v3\n- uses: actions/checkout@v4\n";
    check(
        Syntax::Yaml,
        text,
        &["2 poetry: uses: snok/install-poetry@v1", "4 conda: uses: conda-incubator/setup-miniconda@v3"],
    );
}

#[test]
fn instructions_of_images() {
    let text = "FROM python:3.12\nRUN --mount=type=cache,target=/root/.cache pip install \\\n    -r requirements.txt\n\
                RUN [\"pip\", \"install\", \"x\"]\nCMD [\"python\", \"app.py\"]\n";
    check(Syntax::Docker, text, &["2 pip: pip install -r requirements.txt", "4 pip: pip install x"]);
}

#[test]
fn sessions_of_nox_install_with_pip_unless_they_have_uv() {
    let text = "import nox\n@nox.session\ndef tests(session):\n    session.install(\"-e\", \".[test]\")\n    session.run(\"poetry\", \"install\", external=True)\n";
    check(
        Syntax::Nox,
        text,
        &["4 pip: session.install(\"-e\", \".[test]\")", "5 poetry: poetry install external=True"],
    );
    let uv = format!("nox.options.default_venv_backend = \"uv|virtualenv\"\n{text}");
    check(Syntax::Nox, &uv, &["6 poetry: poetry install external=True"]);
}

#[test]
fn secrets_are_covered_and_long_commands_cut() {
    let long = format!("pip install -i https://joe:s3cret@index.example/simple {}", "x".repeat(500));
    let found = calls(&long, Syntax::Shell);
    let command = &found[0].command;
    assert!(command.starts_with("pip install -i https://****@index.example/simple"), "{command}");
    assert_eq!(command.chars().count(), LONGEST + 1);
}

#[test]
fn passwords_of_options_are_covered() {
    let shell = |text: &str, expected: &[&str]| check(Syntax::Shell, text, expected);
    shell(
        "poetry config http-basic.inner joe s3cret && poetry config pypi-token.pypi \"$TOKEN\"",
        &[
            "1 poetry: poetry config http-basic.inner **** ****",
            "1 poetry: poetry config pypi-token.pypi \"$TOKEN\"",
        ],
    );
    shell(
        "poetry publish -u joe -p s3cret --password=s3cret",
        &["1 poetry: poetry publish -u joe -p **** --password=****"],
    );
    shell("virtualenv -p python3 env", &["1 virtualenv: virtualenv -p python3 env"]);
}

#[test]
fn hostile_text_ends() {
    for text in [
        "${{".repeat(10_000),
        "$(".repeat(50_000),
        "pip install \\\n".repeat(5_000),
        "é".repeat(9_000) + " pip",
    ] {
        let _ = calls(&text, Syntax::Shell);
        let _ = calls(&text, Syntax::Yaml);
    }
    assert_eq!(calls(&"pip install x\n".repeat(2_000), Syntax::Shell).len(), MOST);
}

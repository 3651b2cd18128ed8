#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test lays out files, asks pre-commit and tells what it left out"
)]

use std::process::Command;

use super::*;

const FILE: &str = ".pre-commit-config.yaml";
const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus/toolconfig");

/// What is given beside the text.
#[derive(Debug, Default, Clone)]
struct Facts {
    gone: Vec<Gone>,
    to_ruff: Vec<String>,
    versions: BTreeMap<String, String>,
    uv: Option<String>,
    tools: Vec<String>,
}

impl Facts {
    fn gone(files: &[(&str, &str)]) -> Self {
        let gone = files.iter().map(|(file, tool)| Gone {
            file: (*file).to_owned(),
            whole: true,
            tool: (*tool).to_owned(),
            to: "pyproject.toml".to_owned(),
            to_ruff: false,
        });
        Self { gone: gone.collect(), ..Self::default() }
    }

    fn ruff(tools: &[&str]) -> Self {
        Self { to_ruff: owned(tools), ..Self::default() }
    }

    fn locked(versions: &[(&str, &str)]) -> Self {
        let versions = versions.iter().map(|(name, version)| ((*name).to_owned(), (*version).to_owned()));
        Self { versions: versions.collect(), ..Self::default() }
    }

    fn uv(version: &str) -> Self {
        Self { uv: Some(version.to_owned()), ..Self::default() }
    }

    fn run(&self, text: Option<&str>) -> (Option<String>, Vec<Row>, Vec<String>) {
        let (after, rows, diagnostics) = pre_commit(
            FILE,
            &PreCommit {
                text,
                gone: &self.gone,
                to_ruff: &self.to_ruff,
                versions: &self.versions,
                uv_version: self.uv.as_deref(),
                tools: &self.tools,
            },
        );
        let told =
            diagnostics.iter().map(|found| format!("{}:{}", found.code, found.line.unwrap_or_default()));
        (after, rows, told.collect())
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// A file before and after, and what is said.
struct Case {
    name: &'static str,
    facts: Facts,
    before: &'static str,
    after: &'static str,
    told: &'static [&'static str],
}

fn follows() -> Vec<Case> {
    vec![
        Case {
            name: "flow and block lists, comments, quotes",
            facts: Facts::gone(&[("mypy.ini", "mypy"), (".pylintrc", "pylint"), ("setup.cfg", "isort")]),
            before: "# head\nrepos:\n- repo: https://github.com/pre-commit/mirrors-mypy  # types\n  rev: v1.9.0\n  hooks:\n  - id: mypy\n    args: [--strict, '--config-file', 'mypy.ini']   # why\n    exclude: ^docs/\n- repo: https://github.com/pylint-dev/pylint\n  rev: v3.1.0\n  hooks:\n  - id: pylint\n    args:\n    # one\n    - --rcfile=.pylintrc  # two\n    - \"-j0\"\n",
            after: "# head\nrepos:\n- repo: https://github.com/pre-commit/mirrors-mypy  # types\n  rev: v1.9.0\n  hooks:\n  - id: mypy\n    args: [--strict, '--config-file', 'pyproject.toml']   # why\n    exclude: ^docs/\n- repo: https://github.com/pylint-dev/pylint\n  rev: v3.1.0\n  hooks:\n  - id: pylint\n    args:\n    # one\n    - --rcfile=pyproject.toml  # two\n    - \"-j0\"\n",
            told: &[],
        },
        Case {
            name: "lists over several lines, indented lists, carriage returns",
            facts: Facts::gone(&[("mypy.ini", "mypy")]),
            before: "repos:\r\n  - repo: https://github.com/pre-commit/mirrors-mypy\r\n    rev: \"v1.9.0\"\r\n    hooks:\r\n      - id: mypy\r\n        args:\r\n          [\r\n            --strict, # a, b]\r\n            \"--config-file=mypy.ini\",\r\n          ]\r\n",
            after: "repos:\r\n  - repo: https://github.com/pre-commit/mirrors-mypy\r\n    rev: \"v1.9.0\"\r\n    hooks:\r\n      - id: mypy\r\n        args:\r\n          [\r\n            --strict, # a, b]\r\n            \"--config-file=pyproject.toml\",\r\n          ]\r\n",
            told: &[],
        },
        Case {
            name: "entries of local hooks",
            facts: Facts::gone(&[("mypy.ini", "mypy"), (".bandit", "bandit")]),
            before: "repos:\n  - repo: local\n    hooks:\n      - id: types\n        name: types\n        language: system\n        entry: mypy --config-file mypy.ini src\n      - id: sec\n        name: sec\n        language: system\n        entry: 'bandit -r .' # all\n",
            after: "repos:\n  - repo: local\n    hooks:\n      - id: types\n        name: types\n        language: system\n        entry: mypy --config-file pyproject.toml src\n      - id: sec\n        name: sec\n        language: system\n        entry: 'bandit -c pyproject.toml -r .' # all\n",
            told: &[],
        },
    ]
}

fn bandit_and_extras() -> Vec<Case> {
    vec![
        Case {
            name: "bandit without arguments, at the end without a newline",
            facts: Facts::gone(&[(".bandit", "bandit")]),
            before: "repos:\n  - repo: https://github.com/PyCQA/bandit\n    rev: 1.7.4\n    hooks:\n      - id: bandit",
            after: "repos:\n  - repo: https://github.com/PyCQA/bandit\n    rev: 1.7.4\n    hooks:\n      - id: bandit\n        args: [-c, pyproject.toml]\n        additional_dependencies: [\"bandit[toml]\"]",
            told: &[],
        },
        Case {
            name: "bandit with arguments of its own",
            facts: Facts::gone(&[(".bandit", "bandit")]),
            before: "repos:\n  - repo: https://github.com/PyCQA/bandit\n    rev: 1.7.4\n    hooks:\n      - id: bandit\n        args: [\"-q\"]\n        additional_dependencies:\n          - x\n      - id: bandit\n        args: []\n        additional_dependencies: ['.[toml]', tomli]\n",
            after: "repos:\n  - repo: https://github.com/PyCQA/bandit\n    rev: 1.7.4\n    hooks:\n      - id: bandit\n        args: [\"-c\", \"pyproject.toml\", \"-q\"]\n        additional_dependencies:\n          - x\n          - \"bandit[toml]\"\n      - id: bandit\n        args: [\"-c\", \"pyproject.toml\"]\n        additional_dependencies: ['.[toml]', tomli]\n",
            told: &[],
        },
        Case {
            name: "an option that becomes two words",
            facts: Facts::gone(&[(".bandit", "bandit")]),
            before: "repos:\n- repo: https://github.com/PyCQA/bandit\n  rev: 1.7.4\n  hooks:\n  - id: bandit\n    args:\n    - --ini=.bandit\n    - -q\n    additional_dependencies: [\"bandit[toml]\"]\n",
            after: "repos:\n- repo: https://github.com/PyCQA/bandit\n  rev: 1.7.4\n  hooks:\n  - id: bandit\n    args:\n    - -c\n    - pyproject.toml\n    - -q\n    additional_dependencies: [\"bandit[toml]\"]\n",
            told: &[],
        },
        Case {
            name: "what a tool needs to read TOML",
            facts: Facts::gone(&[
                (".pydocstyle", "pydocstyle"),
                ("setup.cfg", "codespell"),
                (".isort.cfg", "isort"),
            ]),
            before: "repos:\n- repo: https://github.com/pycqa/pydocstyle\n  rev: 6.1.1\n  hooks:\n  - id: pydocstyle\n- repo: https://github.com/codespell-project/codespell\n  rev: v2.2.4\n  hooks:\n  - id: codespell\n- repo: https://github.com/pycqa/isort\n  rev: 5.12.0\n  hooks: [{id: isort}]\n",
            after: "repos:\n- repo: https://github.com/pycqa/pydocstyle\n  rev: 6.1.1\n  hooks:\n  - id: pydocstyle\n    additional_dependencies: [\"pydocstyle[toml]\"]\n- repo: https://github.com/codespell-project/codespell\n  rev: v2.2.4\n  hooks:\n  - id: codespell\n    additional_dependencies: [tomli]\n- repo: https://github.com/pycqa/isort\n  rev: 5.12.0\n  hooks: [{id: isort}]\n",
            told: &[],
        },
    ]
}

fn left() -> Vec<Case> {
    vec![
        Case {
            name: "what is left is told",
            facts: Facts::gone(&[("mypy.ini", "mypy"), (".bandit", "bandit")]),
            before: "repos:\n- repo: local\n  hooks:\n  # reads mypy.ini\n  - id: x\n    name: x\n    language: system\n    entry: ./x mypy.ini\n    files: mypy.ini\n- repo: https://github.com/PyCQA/bandit\n  rev: 1.7.4\n  hooks:\n  - id: bandit\n    args: [-c, b.yaml]\n    additional_dependencies: [\"bandit[toml]\"]\n",
            after: "",
            told: &["T053:13", "T051:4", "T050:8", "T051:9"],
        },
        Case {
            name: "flow maps cannot be edited",
            facts: Facts::gone(&[("mypy.ini", "mypy")]),
            before: "repos:\n- repo: https://github.com/pre-commit/mirrors-mypy\n  rev: v1.9.0\n  hooks:\n  - {id: mypy, args: [--config-file=mypy.ini]}\n",
            after: "",
            told: &["T054:1"],
        },
        Case {
            name: "anchors cannot be edited",
            facts: Facts::gone(&[("mypy.ini", "mypy")]),
            before: "repos:\n- repo: https://github.com/pre-commit/mirrors-mypy\n  rev: v1.9.0\n  hooks:\n  - id: mypy\n    args: &a [--config-file=mypy.ini]\n  - id: mypy\n    args: *a\n",
            after: "",
            told: &["T054:1"],
        },
    ]
}

fn others() -> Vec<Case> {
    vec![
        Case {
            name: "ruff comes once, at the first",
            facts: Facts::ruff(&["flake8", "isort", "black"]),
            before: "repos:\n  - repo: https://github.com/pre-commit/pre-commit-hooks\n    rev: v4.5.0\n    hooks:\n      - id: check-yaml\n\n  # style\n  - repo: https://github.com/psf/black\n    rev: 24.1.0\n    hooks:\n      - id: black\n        args: [--safe, --check]\n        exclude: ^docs/\n\n  # sorted\n  - repo: https://github.com/pycqa/isort\n    rev: 5.12.0\n    hooks:\n      - id: isort\n        args: [--filter-files]\n\n  - repo: https://github.com/PyCQA/flake8\n    rev: 7.0.0\n    hooks:\n      - id: flake8\n        additional_dependencies: [flake8-bugbear]\n\n  - repo: https://github.com/pre-commit/mirrors-mypy\n    rev: v1.9.0\n    hooks:\n      - id: mypy\n",
            after: "repos:\n  - repo: https://github.com/pre-commit/pre-commit-hooks\n    rev: v4.5.0\n    hooks:\n      - id: check-yaml\n\n  # style\n  - repo: https://github.com/astral-sh/ruff-pre-commit\n    rev: v0.17.6\n    hooks:\n      - id: ruff-check\n        args: [--fix]\n      - id: ruff-format\n        args: [--check]\n        exclude: \"^docs/\"\n\n  - repo: https://github.com/pre-commit/mirrors-mypy\n    rev: v1.9.0\n    hooks:\n      - id: mypy\n",
            told: &[],
        },
        Case {
            name: "what differs is told; the last of the file",
            facts: Facts {
                versions: Facts::locked(&[("ruff", "0.16.0")]).versions,
                ..Facts::ruff(&["flake8", "pydocstyle"])
            },
            before: "repos:\n- repo: https://github.com/PyCQA/flake8\n  rev: 7.0.0\n  hooks:\n  - id: flake8\n    args: [--max-line-length=99]\n    files: ^src/\n    types: [python]\n\n- repo: https://github.com/pycqa/pydocstyle\n  rev: 6.1.1\n  hooks:\n  - id: pydocstyle\n    types: [python]\n",
            after: "repos:\n- repo: https://github.com/astral-sh/ruff-pre-commit\n  rev: v0.16.0\n  hooks:\n  - id: ruff-check\n    types: [python]\n",
            told: &["T055:5", "T055:5"],
        },
        Case {
            name: "a repository that keeps other hooks, and ruff that is there",
            facts: Facts::ruff(&["flake8", "black"]),
            before: "repos:\n- repo: https://github.com/x/all\n  rev: v1\n  hooks:\n  - id: other\n  # about it\n  - id: flake8\n- repo: https://github.com/psf/black\n  rev: 24.1.0\n  hooks:\n  - id: black\n- repo: https://github.com/astral-sh/ruff-pre-commit\n  rev: v0.5.0\n  hooks:\n  - id: ruff\n",
            after: "repos:\n- repo: https://github.com/x/all\n  rev: v1\n  hooks:\n  - id: other\n- repo: https://github.com/astral-sh/ruff-pre-commit\n  rev: v0.5.0\n  hooks:\n  - id: ruff-format\n- repo: https://github.com/astral-sh/ruff-pre-commit\n  rev: v0.5.0\n  hooks:\n  - id: ruff\n",
            told: &[],
        },
        Case {
            name: "local hooks stay, and are told",
            facts: Facts::ruff(&["black"]),
            before: "repos:\n- repo: local\n  hooks:\n  - id: black\n    name: black\n    language: system\n    entry: uv run black\n",
            after: "",
            told: &["T052:4"],
        },
    ]
}

fn pinned() -> Vec<Case> {
    vec![
        Case {
            name: "revisions match the lock",
            facts: Facts::locked(&[
                ("black", "26.1"),
                ("mypy", "2.4.0"),
                ("isort", "9.0.0"),
                ("tool-x", "1.0"),
            ]),
            before: "repos:\n- repo: https://github.com/psf/black\n  rev: 24.1.0 # old\n  hooks:\n  - id: black\n- repo: https://github.com/pre-commit/mirrors-mypy\n  rev: 'v1.9.0'\n  hooks:\n  - id: mypy\n- repo: https://github.com/pycqa/isort\n  rev: 0123456789012345678901234567890123456789  # frozen: 5.12.0\n  hooks:\n  - id: isort\n- repo: https://example.com/tool-x\n  rev: r1\n  hooks:\n  - id: tool_x\n",
            after: "repos:\n- repo: https://github.com/psf/black\n  rev: \"26.1\" # old\n  hooks:\n  - id: black\n- repo: https://github.com/pre-commit/mirrors-mypy\n  rev: 'v2.4.0'\n  hooks:\n  - id: mypy\n- repo: https://github.com/pycqa/isort\n  rev: 0123456789012345678901234567890123456789  # frozen: 5.12.0\n  hooks:\n  - id: isort\n- repo: https://example.com/tool-x\n  rev: r1\n  hooks:\n  - id: tool_x\n",
            told: &["T056:11", "T056:15"],
        },
        Case {
            name: "uv's hook is new",
            facts: Facts::uv("0.9.1"),
            before: "repos:\n- repo: meta\n  hooks:\n  - id: identity\n# the end\nfail_fast: true\n",
            after: "repos:\n- repo: meta\n  hooks:\n  - id: identity\n- repo: https://github.com/astral-sh/uv-pre-commit\n  rev: 0.9.1\n  hooks:\n  - id: uv-lock\n# the end\nfail_fast: true\n",
            told: &[],
        },
        Case {
            name: "uv's hook beside another of uv's",
            facts: Facts::uv("0.9.1"),
            before: "repos:\n- repo: https://github.com/astral-sh/uv-pre-commit\n  rev: 0.5.0\n  hooks:\n    - id: uv-export\n",
            after: "repos:\n- repo: https://github.com/astral-sh/uv-pre-commit\n  rev: 0.9.1\n  hooks:\n    - id: uv-export\n    - id: uv-lock\n",
            told: &[],
        },
    ]
}

#[test]
fn every_case_comes_out_as_it_should() {
    for case in cases() {
        let (after, rows, told) = case.facts.run(Some(case.before));
        assert_eq!(after.as_deref().unwrap_or_default(), case.after, "{}", case.name);
        assert_eq!(told, case.told, "{}", case.name);
        assert_eq!(rows.is_empty(), after.is_none(), "{}", case.name);
        // Done once, there is nothing more to do.
        if let Some(after) = after {
            assert_eq!(case.facts.run(Some(&after)).0, None, "{}", case.name);
        }
    }
}

fn cases() -> Vec<Case> {
    [follows(), bandit_and_extras(), left(), others(), pinned()].into_iter().flatten().collect()
}

fn generated() -> (Option<String>, Vec<Row>, Vec<String>) {
    let facts = Facts {
        uv: Some("0.9.1".to_owned()),
        tools: owned(&["ruff", "mypy", "bandit", "codespell", "coverage"]),
        ..Facts::locked(&[("ruff", "0.17.6"), ("mypy", "2.4.0"), ("bandit", "1.9.0")])
    };
    facts.run(None)
}

#[test]
fn a_new_file_has_the_tools_that_are_locked() {
    let (after, rows, told) = generated();
    let expected = "repos:\n  - repo: https://github.com/astral-sh/uv-pre-commit\n    rev: 0.9.1\n    hooks:\n      - id: uv-lock\n  - repo: https://github.com/astral-sh/ruff-pre-commit\n    rev: v0.17.6\n    hooks:\n      - id: ruff-check\n  - repo: https://github.com/pre-commit/mirrors-mypy\n    rev: v2.4.0\n    hooks:\n      - id: mypy\n  - repo: https://github.com/pycqa/bandit\n    rev: 1.9.0\n    hooks:\n      - id: bandit\n        args: [-c, pyproject.toml]\n        additional_dependencies: [\"bandit[toml]\"]\n";
    assert_eq!(after.as_deref(), Some(expected));
    assert_eq!((rows.len(), told), (4, owned(&["T056:1"])));
    assert_eq!(Facts::default().run(None), (None, Vec::new(), Vec::new()));
}

/// What can be wanted of a real file.
fn wishes() -> Facts {
    Facts {
        to_ruff: owned(&["flake8", "black", "isort", "pydocstyle", "autoflake"]),
        versions: Facts::locked(&[("mypy", "2.4.0"), ("ruff", "0.17.6"), ("pyupgrade", "9.0.0")]).versions,
        ..Facts::uv("0.9.1")
    }
}

#[test]
fn pre_commit_itself_accepts_every_output() {
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.tools/linters/bin/pre-commit");
    if !std::path::Path::new(program).exists() {
        println!("SKIPPED: pre-commit is not installed");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut texts: Vec<String> = follows()
        .into_iter()
        .chain(others())
        .filter_map(|case| case.facts.run(Some(case.before)).0)
        .collect();
    texts.extend(generated().0);
    for project in std::fs::read_dir(CORPUS).into_iter().flatten() {
        let text = std::fs::read_to_string(project.unwrap().path().join(FILE)).ok();
        texts.extend(text.and_then(|text| wishes().run(Some(&text)).0));
    }
    for (number, text) in texts.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{number}.yaml")), text).unwrap();
    }
    let names = (0..texts.len()).map(|number| format!("{number}.yaml"));
    let output =
        Command::new(program).arg("validate-config").args(names).current_dir(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn real_files_stay_where_nothing_is_needed() {
    let Ok(projects) = std::fs::read_dir(CORPUS) else {
        println!("SKIPPED: no corpus");
        return;
    };
    let mut seen = 0;
    for project in projects {
        let path = project.unwrap().path().join(FILE);
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        seen += 1;
        assert_eq!(
            Facts::gone(&[("no-such.ini", "mypy")]).run(Some(&text)),
            (None, Vec::new(), Vec::new()),
            "{path:?}"
        );
        let (after, _, told) = wishes().run(Some(&text));
        assert!(after.is_some() && !told.iter().any(|found| found.starts_with("T054")), "{path:?}: {told:?}");
    }
    assert!(seen >= 8, "{seen}");
}

#[test]
fn plugins_of_flake8_are_found() {
    let text = "repos:\n- repo: https://github.com/PyCQA/flake8\n  rev: 7.0.0\n  hooks:\n  - id: flake8\n    additional_dependencies: [Flake8_Bugbear==24.1, 'pep8-naming>=0.1', flake8-bugbear]\n";
    assert_eq!(flake8_plugins(text), ["flake8-bugbear", "pep8-naming"]);
    assert_eq!(flake8_plugins("repos: [}"), Vec::<String>::new());
}

/// How a repository of a test is written.
#[derive(Debug, Clone)]
struct Written {
    tool: usize,
    style: usize,
    comment: bool,
    blank: bool,
    exclude: usize,
}

const TOOLS: [(&str, &str); 4] = [
    ("https://github.com/pre-commit/mirrors-mypy", "mypy"),
    ("https://github.com/PyCQA/flake8", "flake8"),
    ("https://github.com/x/other", "other"),
    ("https://github.com/psf/black", "black"),
];

/// A repository with a dash at a column and its hooks' dashes further in.
fn repository(written: &Written, dash: usize, hook: usize) -> String {
    let (url, id) = TOOLS[written.tool % TOOLS.len()];
    let (lead, hook_lead, inner) =
        (" ".repeat(dash), " ".repeat(dash + 2 + hook), " ".repeat(dash + 4 + hook));
    let rev = ["1.0.0", "'v1.0'", "\"1.0\" # said"][written.style % 3];
    let blank = if written.blank { "\n" } else { "" };
    let comment = if written.comment {
        format!(
            "{lead}# about {id}: [x
"
        )
    } else {
        String::new()
    };
    let head = format!("{lead}- repo: {url}\n{lead}  rev: {rev}\n{lead}  hooks:\n{hook_lead}- id: {id}\n");
    let exclude = match written.exclude % 4 {
        0 => String::new(),
        1 => format!("{inner}exclude: '^a''[b]: #'  # it's\n"),
        2 => format!("{inner}exclude: |\n{inner}  (?x)^(\n{inner}    a: b # no comment\n{inner}  )$\n"),
        _ => format!("{inner}exclude: ^docs/\n{inner}  |^x\n"),
    };
    let args = match written.style % 6 {
        _ if id != "mypy" => String::new(),
        0 => format!("{inner}args: [--strict, --config-file=mypy.ini]\n"),
        1 => format!("{inner}args: ['--config-file', 'mypy.ini', \"a, b]\"] # c\n"),
        2 => format!("{inner}args:\n{inner}- --config-file\n{inner}# c\n{inner}- mypy.ini # c\n"),
        3 => format!("{inner}args:\n{inner}  - \"--config-file=mypy.ini\"\n\n{inner}  - 'é'\n"),
        4 => format!("{inner}args: [\n{inner}  --config-file, # one\n{inner}  mypy.ini,\n{inner}]\n"),
        _ => format!("{inner}args:\n{inner}  [--config-file, mypy.ini]\n"),
    };
    [blank, &comment, &head, &exclude, &args].concat()
}

fn any_repository() -> impl proptest::strategy::Strategy<Value = Written> {
    use proptest::prelude::*;
    (0..4_usize, 0..6_usize, any::<bool>(), any::<bool>(), 0..4_usize)
        .prop_map(|(tool, style, comment, blank, exclude)| Written { tool, style, comment, blank, exclude })
}

proptest::proptest! {
    #[test]
    fn nothing_but_what_is_wanted_changes(
        repos in proptest::collection::vec(any_repository(), 1..6),
        dash in 0..3_usize,
        hook in 0..3_usize,
        crlf: bool,
        unended: bool,
    ) {
        let ended = |text: String| {
            let text = if unended { text.trim_end().to_owned() } else { text };
            if crlf { text.replace('\n', "\r\n") } else { text }
        };
        let all: String = repos.iter().map(|repo| repository(repo, dash, hook)).collect();
        let text = ended(format!("---\n# head\nrepos:\n{all}"));
        // Arguments: the name and nothing else.
        let (after, _, told) = Facts::gone(&[("mypy.ini", "mypy")]).run(Some(&text));
        proptest::prop_assert_eq!(told, Vec::<String>::new());
        proptest::prop_assert_eq!(after.unwrap_or_else(|| text.clone()), text.replace("mypy.ini", "pyproject.toml"));
        // Hooks: the lines of the others stay as they are, in order.
        let (after, _, told) = Facts::ruff(&["flake8", "black"]).run(Some(&text));
        proptest::prop_assert!(!told.iter().any(|found| found.starts_with("T054")), "{:?}", told);
        let after = after.unwrap_or(text);
        let others: Vec<String> = repos.iter().filter(|repo| repo.tool % 2 == 0).map(|repo| repository(repo, dash, hook)).collect();
        let is_other = |line: &&str| !line.trim().is_empty();
        let mut left = after.lines().filter(is_other);
        for line in others.iter().flat_map(|repo| repo.lines()).filter(is_other) {
            proptest::prop_assert!(left.any(|found| found == line), "{:?} of\n{}", line, after);
        }
        proptest::prop_assert!(!after.contains("id: flake8") && !after.contains("id: black"));
        let ruffs = usize::from(repos.iter().any(|repo| repo.tool % 2 == 1));
        proptest::prop_assert_eq!(after.matches("ruff-pre-commit").count(), ruffs);
    }

    #[test]
    fn any_text_is_survived(text in "(repos:\n)?([ ]{0,4}(- )?(repo|rev|hooks|id|args|entry)?:? ?[\\[{\"'&*#|>a-z,.\\]}-]{0,9}(mypy.ini)?\r?\n){0,9}") {
        let facts = Facts { to_ruff: owned(&["flake8"]), versions: Facts::locked(&[("mypy", "2.4")]).versions, ..Facts::gone(&[("mypy.ini", "mypy")]) };
        let (after, _, _) = facts.run(Some(&text));
        if let Some(after) = after {
            proptest::prop_assert!(serde_yaml::from_str::<Value>(&after).is_ok());
        }
    }
}

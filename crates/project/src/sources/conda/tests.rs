use crate::ReadOptions;
use crate::sources::testing::{Read, read_tree, read_tree_with};

/// pyproject.toml without its name and version, which nobody says.
fn check(files: &[(&str, &str)], pyproject: &str, ledger: &str) -> Read {
    let read = read_tree(files);
    assert_eq!(read.ledger.to_string(), ledger);
    let written =
        read.pyproject.lines().filter(|line| !line.starts_with("name =") && !line.starts_with("version ="));
    assert_eq!(written.collect::<Vec<_>>().join("\n"), pyproject.trim_end());
    read
}

const WEB: &str = "\
name: web
channels:
  - conda-forge
  - defaults
dependencies:
  - python=3.11
  # arrays
  - numpy=1.26  # fast
  - pandas>=2,<3
  - pytorch==2.1.0
  - conda-forge::scipy
  - dask
  - pip
  - pip:
    - requests>=2  # http
    # ours
    - x @ git+https://me:secret-word@git.example/x.git@v1
    - --extra-index-url https://index.example/simple
prefix: /home/me/envs/web
";

#[test]
fn an_environment_becomes_dependencies() {
    let pyproject = r#"
[project]
requires-python = ">=3.11"
dependencies = [
    # arrays
    "numpy==1.26.*",  # fast
    "pandas>=2,<3",
    "torch==2.1.0",
    "scipy",
    "dask[complete]",
    "requests>=2",  # http
    # ours
    "x",
]

[tool.uv]
index-strategy = "unsafe-best-match"

[tool.uv.sources]
x = { git = "https://git.example/x.git", rev = "v1" }

[[tool.uv.index]]
url = "https://index.example/simple"
"#;
    let ledger = "\
dropped  environment.yml:1  name: web  (uv keeps the environment in .venv)
dropped  environment.yml:3  channel conda-forge  (the packages come from the package index)
dropped  environment.yml:4  channel defaults  (the packages come from the package index)
changed  environment.yml:6  python=3.11  -> project.requires-python (a lower bound; conda wanted 3.11 and no other, as `uv python pin 3.11` does)
carried  environment.yml:8  numpy=1.26  -> project.dependencies
carried  environment.yml:9  pandas>=2,<3  -> project.dependencies
changed  environment.yml:10  pytorch==2.1.0  -> project.dependencies (the package index calls it torch)
changed  environment.yml:11  conda-forge::scipy  -> project.dependencies (without the channel conda-forge)
changed  environment.yml:12  dask  -> project.dependencies (the package index calls it dask[complete])
dropped  environment.yml:13  pip  (uv does what pip did)
carried  environment.yml:15  requests>=2  -> project.dependencies
changed  environment.yml:17  x @ git+https://****@git.example/x.git@v1  -> project.dependencies and tool.uv.sources.x (without its credentials)
carried  environment.yml:18  --extra-index-url https://index.example/simple  -> tool.uv.index index-example
dropped  environment.yml:19  prefix  (it is a folder of the machine that exported the file)
";
    // The prefix alone tells of an export; what it held is written by hand here.
    let read = check(&[("environment.yml", WEB)], pyproject.trim_start(), ledger);
    assert_eq!(read.old_files, ["environment.yml: remove"]);
    let codes: Vec<&str> =
        read.diagnostics.iter().filter_map(|found| found.split(['[', ']']).nth(1)).collect();
    assert_eq!(codes, ["M001", "M067", "M003"]);
}

#[test]
fn what_is_nothing_to_uv_is_refused_one_by_one() {
    let text = "\
channels: [conda-forge, 'https://conda.example/t/secret-token/private', acme]
variables:
  API_KEY: secret-value
dependencies:
  - ffmpeg
  - cudatoolkit=11.8
  - r-ggplot2
  - gcc_linux-64
  - zlib
  - postgresql
  - numpy=1.26=*openblas*
  - scipy=1.10|1.11
  - acme::thing
  - openssl_thing=1.1.1w
  - 12
  - npm:
    - left-pad
";
    let read = read_tree(&[("environment.yml", text)]);
    let refused: Vec<String> =
        read.ledger.refused().map(|entry| format!("{} {}", entry.from.line, entry.text)).collect();
    assert_eq!(
        refused,
        [
            "1 channel https://conda.example/t/****/private",
            "1 channel acme",
            "3 variable API_KEY",
            "5 ffmpeg",
            "6 cudatoolkit=11.8",
            "7 r-ggplot2",
            "8 gcc_linux-64",
            "9 zlib",
            "10 postgresql",
            "11 numpy=1.26=*openblas*",
            "12 scipy=1.10|1.11",
            "13 acme::thing",
            "14 openssl_thing=1.1.1w",
            "15 12",
            "16 npm",
        ]
    );
    let all = format!("{}{}{}", read.ledger, read.pyproject, read.diagnostics.join("\n"));
    assert!(!all.contains("secret-") && !read.pyproject.contains("thing"), "{all}");
    assert!(read.reading.not_carried.contains("environment.yml"));
}

#[test]
fn an_export_leaves_out_what_only_conda_needs() {
    let text = "\
name: x
channels: [defaults]
dependencies:
  - _libgcc_mutex=0.1=main
  - ca-certificates=2024.3.11=h06a4308_0
  - libffi=3.4.4=h6a678d5_0
  - numpy=1.26.4=py311h08b1b3b_0
  - openssl=3.0.13=h7f8727e_1
  - python=3.11.8=h955ad1f_0
  - setuptools=68.2.2=py311h06a4308_0
  - xz=5.4.6=h5eee18b_0
";
    let read = read_tree(&[("environment.yml", text)]);
    assert_eq!(read.ledger.refused().count(), 0, "{}", read.ledger);
    let why = "without the build py311h08b1b3b_0, as wheels have builds of their own";
    let numpy = format!(
        "changed  environment.yml:7  numpy=1.26.4=py311h08b1b3b_0  -> project.dependencies ({why})\n"
    );
    assert!(read.ledger.to_string().contains(&numpy), "{}", read.ledger);
    assert!(read.pyproject.contains("dependencies = [\n    \"numpy==1.26.4\",\n]"), "{}", read.pyproject);
    assert!(read.pyproject.contains("requires-python = \">=3.11\""), "{}", read.pyproject);
    assert!(read.diagnostics.iter().any(|found| found.contains("M067")), "{:?}", read.diagnostics);
}

#[test]
fn further_files_are_groups_and_locks_are_refused() {
    let read = read_tree(&[
        ("environment.yml", "dependencies: [python>=3.9, numpy]\n"),
        ("environment-dev.yml", "dependencies:\n  - python=3.11\n  - pytest\n  - pip: ['black==24.1.0']\n"),
        ("conda-lock.yml", "version: 1\n"),
        ("linux.txt", "# platform: linux-64\n@EXPLICIT\nhttps://conda.example/numpy-1.26.4-0.conda\n"),
        ("notes.txt", "nothing\n"),
    ]);
    let ledger = read.ledger.to_string();
    assert!(
        read.pyproject.contains("[dependency-groups]\ndev = [\n    \"pytest\",\n    \"black==24.1.0\",\n]"),
        "{}",
        read.pyproject
    );
    assert!(read.pyproject.contains("requires-python = \">=3.9\""), "{}", read.pyproject);
    assert!(ledger.contains("dropped  environment-dev.yml:2  python=3.11  (another file says"), "{ledger}");
    let refused: Vec<&str> = read.ledger.refused().map(|entry| entry.text.as_str()).collect();
    assert_eq!(refused, ["conda-lock.yml", "linux.txt"]);
    let alone = read_tree(&[("environment-dev.yml", "dependencies:\n  - pytest\n")]);
    assert!(alone.pyproject.contains("dependencies = [\n    \"pytest\",\n]"), "{}", alone.pyproject);
}

#[test]
fn files_that_the_pip_section_names_are_read_for_themselves() {
    let read = read_tree(&[
        (
            "environment.yml",
            "dependencies:\n  - pip:\n    - -r requirements.txt\n    - -c constraints.txt\n    - -r gone.txt\n    - -c ../out.txt\n    - -e .\n",
        ),
        ("requirements.txt", "flask\n"),
        ("constraints.txt", "six<2\n"),
    ]);
    let outcomes: Vec<&str> = read.ledger.entries().iter().map(|entry| entry.outcome.as_str()).collect();
    assert_eq!(outcomes, ["changed", "changed", "refused", "refused", "refused"], "{}", read.ledger);
    assert_eq!(read.reading.main_files, ["requirements.txt"]);
    let options = ReadOptions { installable: true, ..ReadOptions::default() };
    let itself = read_tree_with(&[("environment.yml", "dependencies:\n  - pip:\n    - -e .\n")], &options);
    assert!(itself.reading.installs_itself && itself.ledger.refused().count() == 0, "{}", itself.ledger);
}

#[test]
fn a_package_keeps_what_it_requires() {
    let project = "[project]\nname = \"demo\"\nversion = \"1\"\ndependencies = [\"six\"]\n\n[build-system]\nrequires = [\"setuptools\"]\n";
    let read = read_tree(&[("environment.yml", "dependencies:\n  - numpy\n"), ("pyproject.toml", project)]);
    assert!(read.pyproject.contains("dependencies = [\"six\"]"), "{}", read.pyproject);
    assert!(read.pyproject.contains("requirements = [\n    \"numpy\",\n]"), "{}", read.pyproject);
    assert!(read.pyproject.contains("default-groups"), "{}", read.pyproject);
}

#[test]
fn selectors_and_assumed_names_are_told() {
    let read = read_tree(&[(
        "environment.yml",
        "dependencies:\n  - pywin32  # [win]\n  - some-thing  # because [1]\n",
    )]);
    assert_eq!(
        read.diagnostics,
        [
            "environment.yml:2: note[M066]: `# [win]` is a comment to conda, and stays one",
            "environment.yml:1: note[M065]: these names of conda are taken to be the same on the package index: some-thing",
        ]
    );
    assert!(read.pyproject.contains("\"pywin32\",  # [win]"), "{}", read.pyproject);
}

#[test]
fn broken_files_stop_everything() {
    let level = |at: usize| {
        let inner = if at == 0 { "x".to_owned() } else { vec![format!("*a{}", at - 1); 9].join(", ") };
        format!("a{at}: &a{at} [{inner}]")
    };
    let bomb = (0..20).map(level).collect::<Vec<_>>().join("\n");
    let deep = format!("dependencies: {}1{}\n", "[".repeat(5000), "]".repeat(5000));
    for (text, line) in [
        ("dependencies:\n  - a\n - b\n", Some(3)),
        ("- a\n", Some(1)),
        ("", Some(1)),
        ("a: 1\na: 2\n", None),
        (bomb.as_str(), None),
        (deep.as_str(), None),
    ] {
        let read = read_tree(&[("environment.yml", text)]);
        let found = read.diagnostics.first().unwrap_or_else(|| panic!("nothing said of {text:.60}"));
        assert!(found.contains("error[M040]"), "{found}");
        if let Some(line) = line {
            assert!(found.starts_with(&format!("environment.yml:{line}:")), "{found}");
        }
    }
    let odd = read_tree(&[(
        "environment.yml",
        "1: 2\ndependencies: text\nplatforms:\nunknown: {a: b}\nvariables: 3\n",
    )]);
    assert_eq!(odd.ledger.refused().count(), 4, "{}", odd.ledger);
}

proptest::proptest! {
    /// Whatever stands in the list, each item has an entry and nothing panics.
    #[test]
    fn every_item_has_an_entry(items in proptest::collection::vec("[a-z0-9_=<>.,|*:\\[\\] -]{1,20}", 1..8)) {
        let items: Vec<String> = items.iter().map(|item| item.trim().replace('\'', "")).filter(|item| !item.is_empty()).collect();
        let list = items.iter().map(|item| format!("  - '{item}'")).collect::<Vec<_>>().join("\n");
        let read = read_tree(&[("environment.yml", &format!("dependencies:\n{list}"))]);
        let broken = read.diagnostics.iter().any(|found| found.contains("M040"));
        proptest::prop_assert!(broken || items.is_empty() || read.ledger.entries().len() == items.len());
    }
}

#[test]
fn an_environment_without_packages_leaves_the_dependencies_to_others() {
    for (text, lists) in [
        ("name: x\n", false),
        ("name: x\ndependencies:\n", false),
        ("name: x\ndependencies:\n  - python=3.11\n  - pip\n", false),
        ("name: x\ndependencies:\n  - python-dateutil\n", true),
        ("name: x\ndependencies:\n  - pip:\n    - six\n", true),
    ] {
        assert_eq!(read_tree(&[("environment.yml", text)]).reading.lists_dependencies, lists, "{text}");
    }
}

use super::super::testing::{Read, read_tree};

fn read(text: &str) -> Read {
    read_tree(&[(super::FILE, text)])
}

#[track_caller]
fn check(text: &str, pyproject: &str, ledger: &str) {
    let read = read(text);
    assert_eq!(read.pyproject, pyproject, "{}", read.ledger);
    assert_eq!(read.ledger.to_string(), ledger);
}

#[test]
fn packages_of_conda_and_of_the_index() {
    check(
        "[workspace]\nname = \"web\"\nchannels = [\"conda-forge\", \"https://conda.example/own\"]\n\n[dependencies]\n\
         python = \"3.11.*\"\npytorch = { version = \">=2\", channel = \"pytorch\" }\n# why\nnumpy = \"1.26\" # exactly\n\
         ffmpeg = \"*\"\n\n[pypi-dependencies]\nflask = { version = \">=3\", extras = [\"async\"] }\n\
         web = { path = \".\", editable = true }\nblack = { git = \"https://git.example/black\", tag = \"24.1\" }\n\
         own = { version = \"*\", index = \"https://index.example/simple\" }\nbare = \"1.2\"\n",
        r#"[project]
name = "web"
version = ""
requires-python = ">=3.11"
dependencies = [
    "torch>=2",
    # why
    "numpy==1.26",  # exactly
    "flask[async]>=3",
    "black",
    "own",
]

[tool.uv.sources]
black = { git = "https://git.example/black", rev = "24.1" }
own = { index = "own-index" }

[[tool.uv.index]]
name = "own-index"
url = "https://index.example/simple"
explicit = true
"#,
        r#"carried  pixi.toml:2  name = "web"  -> project.name
dropped  pixi.toml:3  channel conda-forge  (the packages come from the package index)
refused  pixi.toml:3  channel https://conda.example/own  (uv reads no channels of conda, and this is none of the public ones; add the index that has these packages to `extra-index-urls` of [pypi-options], and remove the channel)
changed  pixi.toml:6  python = "3.11.*"  -> project.requires-python (a lower bound; Pixi took 3.11 and no other, as `uv python pin 3.11` does)
changed  pixi.toml:7  pytorch = { version = ">=2", channel = "pytorch" }  -> project.dependencies (without the channel pytorch, as wheels have none; the package index calls it torch)
carried  pixi.toml:9  numpy = "1.26"  -> project.dependencies
refused  pixi.toml:10  ffmpeg = "*"  (it is a program or a library of the system and no Python distribution; install it with the system, or keep it in a container)
carried  pixi.toml:13  flask = { version = ">=3", extras = ["async"] }  -> project.dependencies
refused  pixi.toml:14  web = { path = ".", editable = true }  (the project has nothing that pip could install; add a [build-system] to pyproject.toml, or remove the line)
carried  pixi.toml:15  black = { git = "https://git.example/black", tag = "24.1" }  -> project.dependencies and tool.uv.sources.black
carried  pixi.toml:16  index https://index.example/simple  -> tool.uv.index own-index
carried  pixi.toml:16  own = { version = "*", index = "https://index.example/simple" }  -> project.dependencies
refused  pixi.toml:17  bare = "1.2"  (`1.2` is no specifier of PEP 440; write one such as ">=1.0", or "*")
"#,
    );
}

#[test]
fn features_are_groups() {
    check(
        "[dependencies]\npython = \">=3.10\"\n\n[environments]\ndefault = { features = [\"lint\"], solve-group = \"a\" }\n\
         test = [\"test\"]\ndocs = { features = [\"docs\"], no-default-feature = true }\npy39 = [\"py39\"]\n\n\
         [environments.own.dependencies]\nalpha = \"*\"\n\n[feature.test.dependencies]\npytest = \"*\"\n\n\
         [feature.lint.pypi-dependencies]\nruff = \"~=0.8\"\n\n[feature.docs.dependencies]\nsphinx = \">=7,<9\"\n\n\
         [feature.py39.dependencies]\npython = \"3.9.*\"\n",
        r#"[project]
name = ""
version = ""
requires-python = ">=3.10"
dependencies = []

[dependency-groups]
test = [
    "pytest",
]
lint = [
    "ruff~=0.8",
]
docs = [
    "sphinx>=7,<9",
]
own = [
    "alpha",
]

[tool.uv]
default-groups = [
    "lint",
]
"#,
        r#"carried  pixi.toml:2  python = ">=3.10"  -> project.requires-python
carried  pixi.toml:14  pytest = "*"  -> dependency-groups.test
carried  pixi.toml:17  ruff = "~=0.8"  -> dependency-groups.lint
carried  pixi.toml:20  sphinx = ">=7,<9"  -> dependency-groups.docs
dropped  pixi.toml:23  python = "3.9.*"  (the project has one range of Pythons; `uv run --python VERSION` takes one of them)
changed  pixi.toml:5  default = { features = ["lint"], solve-group = "a" }  -> tool.uv.default-groups (`uv sync` makes it, with lint)
changed  pixi.toml:6  test = ["test"]  -> dependency-groups (`uv sync --group test` makes it)
changed  pixi.toml:7  docs = { features = ["docs"], no-default-feature = true }  -> dependency-groups (`uv sync --only-group docs` makes it)
changed  pixi.toml:8  py39 = ["py39"]  -> the project (`uv sync` makes it)
carried  pixi.toml:11  alpha = "*"  -> dependency-groups.own
changed  pixi.toml:10  environments.own  -> dependency-groups (`uv sync --group own` makes it)
"#,
    );
}

#[test]
fn platforms_are_markers() {
    check(
        "[dependencies]\nscipy = \"*\"\n\n[target.win.dependencies]\npywin32 = \"*\"\nscipy = \"<1\"\n\n\
         [target.linux-64.pypi-dependencies]\nuvloop = { version = \"*\", env-markers = \"python_version < '3.14'\" }\n\n\
         [target.linux-riscv64.dependencies]\na = \"*\"\n\n[feature.gpu.target.osx-arm64.dependencies]\nmlx = \"*\"\n",
        r#"[project]
name = ""
version = ""
dependencies = [
    "scipy",
    "pywin32 ; sys_platform == 'win32'",
    "uvloop ; (python_version < '3.14') and sys_platform == 'linux' and platform_machine == 'x86_64'",
]

[dependency-groups]
gpu = [
    "mlx ; sys_platform == 'darwin' and platform_machine == 'arm64'",
]
"#,
        r#"carried  pixi.toml:2  scipy = "*"  -> project.dependencies
carried  pixi.toml:5  pywin32 = "*"  -> project.dependencies
refused  pixi.toml:6  scipy = "<1"  (it takes the place of the version for all platforms, and markers only add; name the package under [target] only, once for each platform)
carried  pixi.toml:9  uvloop = { version = "*", env-markers = "python_version < '3.14'" }  -> project.dependencies
refused  pixi.toml:11  target.linux-riscv64  (uvshift has no marker for `linux-riscv64`; remove it, or write its packages with a marker into another table)
carried  pixi.toml:15  mlx = "*"  -> dependency-groups.gpu
"#,
    );
}

#[test]
fn nothing_is_lost_in_silence() {
    check(
        "surprise = 1\n\n[workspace]\nname = \"a b\"\nversion = \"1.x\"\nconda-pypi-map = false\n\n\
         [activation]\nscripts = [\"env.sh\"]\nenv = { TOKEN = \"hunter2\" }\n\n[tasks]\ntest = \"pytest\"\n\n\
         [feature.a.tasks]\ntest = \"pytest -x\"\n\n[host-dependencies]\ncmake = \"*\"\n\n[dependencies]\n\
         numpy = { version = \"*\", build = \"*cuda*\" }\nscipy = \"1|2\"\npandas = { workspace = true }\nx = 3\n\n\
         [pypi-dependencies]\nlocal = { path = \"lib\", editable = true, env-markers = \"python_version > '3'\" }\n\
         model = { git = \"https://git.example/m\", lfs = true }\n",
        r#"[project]
name = ""
version = ""
dependencies = []

[tool.uvshift.scripts]
test = "pytest"
"#,
        r#"refused  pixi.toml:1  surprise = 1  (uvshift does not know what it is for uv; remove it, or write what it does into pyproject.toml by hand)
dropped  pixi.toml:4  name = "a b"  (no distribution can have this name)
dropped  pixi.toml:5  version = "1.x"  (no distribution can have this version)
refused  pixi.toml:6  conda-pypi-map = false  (uvshift does not know what it is for uv; remove it, or write what it does into pyproject.toml by hand)
refused  pixi.toml:9  scripts = ["env.sh"]  (an environment of uv runs no scripts; call the scripts yourself, or from the task that needs them, and remove the key)
refused  pixi.toml:10  variable TOKEN  (an environment of uv sets no variables; write it into a file such as .env, and run `uv run --env-file .env`)
changed  pixi.toml:13  test = "pytest"  -> tool.uvshift.scripts.test (uv runs no commands by a short name; type `uv run pytest`)
refused  pixi.toml:15  [feature.a.tasks]  (another table has a task called test; give one of them another name)
refused  pixi.toml:18  [host-dependencies]  (it is for packages that Pixi builds, and uv builds none for conda; remove it if the wheels of the package index do; otherwise keep Pixi for what it builds)
refused  pixi.toml:22  numpy = { version = "*", build = "*cuda*" }  (the build *cuda* chooses a variant, and the package index has none; remove the build; a variant for other hardware is on an index of its own, which `index` in [pypi-dependencies] can name)
refused  pixi.toml:23  scipy = "1|2"  (PEP 440 has no `|` between versions; write a version that the package index has, such as `>=1.2,<2`)
refused  pixi.toml:24  pandas = { workspace = true }  (no `[workspace.dependencies]` has it; write its version here)
refused  pixi.toml:25  x = 3  (it is neither a version nor a table; write a version, or "*" for any)
refused  pixi.toml:28  local = { path = "lib", editable = true, env-markers = "python_version > '3'" }  (an editable package has no marker in a requirements file; take `editable` or the marker out, and set them in [tool.uv.sources] after the migration)
refused  pixi.toml:29  model = { git = "https://git.example/m", lfs = true }  (uvshift cannot carry the key `lfs`; remove the key, and write what it says into [tool.uv.sources] after the migration)
"#,
    );
}

#[test]
fn options_constraints_and_the_pool() {
    check(
        "[workspace.dependencies]\npandas = \"2.*\"\nloop = { workspace = true }\n\n[dependencies]\npandas = { workspace = true }\n\
         loop = { workspace = true }\n\n[constraints]\nnumpy = \"<2\"\nopenssl = \">=3\"\n\n[pypi-options]\n\
         index-url = \"https://u:hunter2@index.example/simple\"\nextra-index-urls = [\"https://extra.example/simple\"]\n\
         find-links = [{ path = \"./wheels\" }]\nno-build = [\"pandas\"]\nprerelease-mode = \"allow\"\n\
         index-strategy = \"unsafe-best-match\"\nno-build-isolation = [\"a\"]\n",
        r#"[project]
name = ""
version = ""
dependencies = [
    "pandas==2.*",
]

[tool.uv]
constraint-dependencies = [
    "numpy<2",
]
index-strategy = "unsafe-best-match"
find-links = [
    "./wheels",
]
prerelease = "allow"
no-build-package = [
    "pandas",
]

[[tool.uv.index]]
name = "extra"
url = "https://extra.example/simple"

[[tool.uv.index]]
name = "default"
url = "https://index.example/simple"
default = true
"#,
        r#"dropped  pixi.toml:1  [workspace.dependencies]  (the packages that say `workspace = true` have it from here)
carried  pixi.toml:6  pandas = { workspace = true }  -> project.dependencies
refused  pixi.toml:7  loop = { workspace = true }  (no `[workspace.dependencies]` has it; write its version here)
carried  pixi.toml:10  numpy = "<2"  -> tool.uv.constraint-dependencies
dropped  pixi.toml:11  openssl = ">=3"  (it is no Python distribution, and none of them brings it along)
carried  pixi.toml:15  index https://extra.example/simple  -> tool.uv.index extra
changed  pixi.toml:14  index https://****@index.example/simple  -> tool.uv.index default (without its credentials)
carried  pixi.toml:16  find-links ./wheels  -> tool.uv.find-links
carried  pixi.toml:17  no-build = ["pandas"]  -> tool.uv.no-build
carried  pixi.toml:18  prerelease-mode = "allow"  -> tool.uv.prerelease
carried  pixi.toml:19  index-strategy = "unsafe-best-match"  -> tool.uv.index-strategy
refused  pixi.toml:20  no-build-isolation = ["a"]  (uvshift does not know what it is for uv; remove it, or write what it does into pyproject.toml by hand)
"#,
    );
}

#[test]
fn a_package_keeps_what_it_requires() {
    let pyproject = "[build-system]\nrequires = [\"hatchling\"]\nbuild-backend = \"hatchling.build\"\n\n[project]\n\
                     name = \"web\"\nversion = \"1\"\ndependencies = [\"flask\"]\nrequires-python = \">=3.12\"\n";
    let pixi = "[workspace]\nname = \"other\"\n\n[dependencies]\npython = \"3.11\"\nflask = \"*\"\n";
    let read = read_tree(&[("pyproject.toml", pyproject), (super::FILE, pixi)]);
    // Nothing but the group of what Pixi installed on top is new.
    assert_eq!(
        read.pyproject,
        format!(
            "{pyproject}\n[dependency-groups]\nrequirements = [\n    \"flask\",\n]\n\n[tool.uv]\ndefault-groups = [\n    \"requirements\",\n]\n"
        )
    );
    assert_eq!(read.old_files, ["pixi.toml: remove"]);
}

#[test]
fn the_lock_gives_pins() {
    let lock = "version: 7\nenvironments: {}\npackages:\n\
                - conda: https://conda.example/noarch/numpy-1.26.4-py311_0.conda\n  purls:\n  - pkg:pypi/numpy?source=hash-mapping\n\
                - conda: https://conda.example/linux-64/openssl-3.3.1-h_3.conda\n  purls: []\n\
                - pypi: https://files.example/flask-3.0.0-py3-none-any.whl\n  name: Flask\n  version: 3.0.0\n\
                - pypi: https://files.example/a-1-py3-none-any.whl\n  name: a\n  version: '1'\n\
                - pypi: https://files.example/a-2-py3-none-any.whl\n  name: a\n  version: '2'\n\
                - pypi: ./\n  name: web\n  version: 0.1.0\n";
    let read = read_tree(&[(super::FILE, "[dependencies]\nnumpy = \"*\"\n"), ("pixi.lock", lock)]);
    let pins = read.reading.manifest.pins.iter().map(|pin| format!("{}=={}", pin.name, pin.version));
    assert_eq!(pins.collect::<Vec<_>>(), ["numpy==1.26.4", "flask==3.0.0"]);
    assert_eq!(
        read.ledger.to_string(),
        r#"carried  pixi.toml:2  numpy = "*"  -> project.dependencies
carried  pixi.lock:4  numpy==1.26.4  -> uv.lock
dropped  pixi.lock:7  openssl  (Pixi says that it is no Python distribution)
carried  pixi.lock:9  flask==3.0.0  -> uv.lock
dropped  pixi.lock:12  a==1  (environments or platforms have other versions of it, so uv chooses)
dropped  pixi.lock:15  a==2  (environments or platforms have other versions of it, so uv chooses)
dropped  pixi.lock:18  web  (its source says where it comes from)
"#
    );
    assert_eq!(read.old_files, ["pixi.lock: remove", "pixi.toml: remove"]);
}

#[test]
fn a_pin_that_does_not_fit_is_left_out() {
    let lock = "version: 6\npackages:\n- pypi: https://files.example/flask-2-py3-none-any.whl\n  name: flask\n  version: '2'\n";
    let read = read_tree(&[(super::FILE, "[pypi-dependencies]\nflask = \">=3\"\n"), ("pixi.lock", lock)]);
    assert!(read.reading.manifest.pins.is_empty());
    assert!(read.diagnostics.iter().any(|found| found.contains("M043")), "{:?}", read.diagnostics);
}

#[test]
fn a_lock_that_cannot_be_read_stops() {
    for lock in ["version: 5\npackages: []\n", "version: 6\n", "[", "- a\n"] {
        let read = read_tree(&[(super::FILE, "[dependencies]\nnumpy = \"*\"\n"), ("pixi.lock", lock)]);
        let [found] = read.diagnostics.as_slice() else { panic!("{:?}", read.diagnostics) };
        assert!(found.contains("M041") && found.contains("pixi.lock"), "{found}");
    }
}

#[test]
fn what_is_no_name_of_a_distribution_is_none_of_the_project() {
    for name in ["https://u:secret@index.example/simple", "a>=1", "web app", "-a", ""] {
        let read = read(&format!("[workspace]\nname = \"{name}\"\n\n[dependencies]\nnumpy = \"*\"\n"));
        assert!(
            !read.pyproject.contains("secret") && !read.ledger.to_string().contains("secret"),
            "{name}: {}",
            read.ledger
        );
        assert!(
            read.ledger.to_string().contains("no distribution can have this name"),
            "{name}: {}",
            read.ledger
        );
        assert!(
            !read.pyproject.contains(&format!("name = \"{name}\"")) || name.is_empty(),
            "{name}: {}",
            read.pyproject
        );
    }
}

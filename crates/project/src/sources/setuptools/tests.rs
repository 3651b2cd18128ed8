//! Small projects: what pyproject.toml becomes, what the ledger says, and what becomes of the files.

use crate::sources::testing::read_tree;

#[track_caller]
fn check(files: &[(&str, &str)], pyproject: &str, ledger: &str, diagnostics: &[&str], old_files: &[&str]) {
    let read = read_tree(files);
    assert_eq!(format!("\n{}", read.ledger), ledger);
    assert_eq!(read.diagnostics, diagnostics);
    assert_eq!(format!("\n{}", read.pyproject), pyproject);
    assert_eq!(read.old_files, old_files);
}

// cases

#[test]
fn a_declarative_setup_cfg_goes() {
    check(
        &[
            (
                "setup.cfg",
                r#"# How alpha is built.

[metadata]
name = alpha
version = attr: alpha.__version__
description = 100%% of it
long_description = file: README.md
long_description_content_type = text/markdown
author = Ada
author_email = ada@mail.example
license = MIT
license_files = LICENSE
url = https://alpha.example
project_urls =
    Source = https://git.example/alpha
keywords = one, two
classifiers =
    Programming Language :: Python :: 3
    Private :: Do Not Upload

[options]
packages = find:
package_dir =
    = src
python_requires = >=3.9
install_requires =
    # the web
    flask>=2  # really
    importlib-metadata; python_version < "3.10"
zip_safe = no

[options.packages.find]
where = src

[options.extras_require]
dev =
    black

[options.entry_points]
console_scripts =
    alpha = alpha.cli:main
alpha.plugins =
    one = alpha.one:One

[options.package_data]
* = py.typed
alpha = data/*.json
"#,
            ),
            (
                "setup.py",
                r"from setuptools import setup

setup()
",
            ),
            (
                "README.md",
                r"# alpha
",
            ),
            (
                "src/alpha/__init__.py",
                r#"__version__ = "1.0"
"#,
            ),
        ],
        r#"
[project]
name = "alpha"
description = "100% of it"
readme = "README.md"
requires-python = ">=3.9"
license = "MIT"
license-files = ["LICENSE"]
authors = [{ name = "Ada", email = "ada@mail.example" }]
keywords = [
    "one",
    "two",
]
classifiers = [
    "Programming Language :: Python :: 3",
    "Private :: Do Not Upload",
]
dynamic = [
    "version",
]
dependencies = [
    # the web
    "flask>=2",  # really
    'importlib-metadata; python_version < "3.10"',
]

[project.optional-dependencies]
dev = [
    "black",
]

[project.urls]
Homepage = "https://alpha.example"
Source = "https://git.example/alpha"

[project.scripts]
alpha = "alpha.cli:main"

[project.entry-points."alpha.plugins"]
one = "alpha.one:One"

[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[tool.setuptools]
package-dir = { "" = "src" }
include-package-data = false
zip-safe = false

[tool.setuptools.dynamic]
version = { attr = "alpha.__version__" }

[tool.setuptools.package-data]
"*" = ["py.typed"]
alpha = ["data/*.json"]

[tool.setuptools.packages.find]
where = ["src"]
namespaces = false
"#,
        r#"
carried  setup.cfg:4  name  -> project.name
carried  setup.cfg:5  version  -> tool.setuptools.dynamic.version
carried  setup.cfg:6  description  -> project.description
carried  setup.cfg:7  long_description  -> project.readme
carried  setup.cfg:8  long_description_content_type  -> project.readme
carried  setup.cfg:9  author  -> project.authors
carried  setup.cfg:10  author_email  -> project.authors
carried  setup.cfg:11  license  -> project.license
carried  setup.cfg:12  license_files  -> project.license-files
carried  setup.cfg:13  url  -> project.urls.Homepage
carried  setup.cfg:14  project_urls  -> project.urls
carried  setup.cfg:16  keywords  -> project.keywords
carried  setup.cfg:17  classifiers  -> project.classifiers
carried  setup.cfg:22  packages  -> tool.setuptools.packages.find
carried  setup.cfg:23  package_dir  -> tool.setuptools.package-dir
carried  setup.cfg:25  python_requires  -> project.requires-python
carried  setup.cfg:26  install_requires  -> project.dependencies
carried  setup.cfg:28  flask>=2  -> project.dependencies
carried  setup.cfg:29  importlib-metadata; python_version < "3.10"  -> project.dependencies
carried  setup.cfg:30  zip_safe  -> tool.setuptools.zip-safe
carried  setup.cfg:33  [options.packages.find] where  -> tool.setuptools.packages.find
carried  setup.cfg:36  [options.extras_require] dev  -> project.optional-dependencies.dev
carried  setup.cfg:37  black  -> project.optional-dependencies.dev
carried  setup.cfg:40  [options.entry_points] console_scripts  -> project.scripts
carried  setup.cfg:42  [options.entry_points] alpha.plugins  -> project.entry-points.alpha.plugins
carried  setup.cfg:46  [options.package_data] *  -> tool.setuptools.package-data
carried  setup.cfg:47  [options.package_data] alpha  -> tool.setuptools.package-data
"#,
        &[],
        &[r"setup.cfg: remove", r"setup.py: remove"],
    );
}

#[test]
fn other_sections_of_setup_cfg_stay() {
    check(
        &[(
            "setup.cfg",
            r"[bdist_wheel]
universal = 1

# who we are
[metadata]
name = beta
version = 1.0-beta
license_file = LICENSE
description-file = README

# style
[flake8]
max-line-length = 99

[options]
py_modules = beta
namespace_packages = nsp
",
        )],
        r#"
[project]
name = "beta"
version = "1.0b0"
dependencies = []

[build-system]
requires = ["setuptools>=61"]
build-backend = "setuptools.build_meta"

[tool.setuptools]
license-files = ["LICENSE"]
py-modules = ["beta"]
include-package-data = false
"#,
        r"
carried  setup.cfg:6  name  -> project.name
changed  setup.cfg:7  version  -> project.version (`1.0-beta` in the form in which setuptools writes it)
carried  setup.cfg:8  license_file  -> tool.setuptools.license-files
dropped  setup.cfg:9  [metadata] description-file  (setuptools does not know this key)
carried  setup.cfg:16  py_modules  -> tool.setuptools.py-modules
carried  setup.cfg:17  namespace_packages  -> setup.cfg (stays there: setuptools takes it from setup.py and setup.cfg only)
",
        &[],
        &[r"setup.cfg: edit
[bdist_wheel]
universal = 1

# style
[flake8]
max-line-length = 99

[options]
namespace_packages = nsp
"],
    );
}

#[test]
fn arguments_of_setup_py_win_over_setup_cfg() {
    check(
        &[
            (
                "setup.py",
                r#"from setuptools import find_packages, setup

setup(
    name="gamma",
    version="2.0",
    description="",
    packages=find_packages(exclude=["tests"]),
    install_requires=[
        "six",  # for now
        "attrs>=20",
    ],
    tests_require=["pytest"],
    test_suite="tests",
)
"#,
            ),
            (
                "setup.cfg",
                r"[metadata]
name = other
description = said here

[options]
install_requires =
    none
",
            ),
        ],
        r#"
[project]
name = "gamma"
version = "2.0"
description = "said here"
dependencies = [
    "six",  # for now
    "attrs>=20",
]

[dependency-groups]
test = [
    "pytest",
]

[build-system]
requires = ["setuptools>=61"]
build-backend = "setuptools.build_meta"

[tool.setuptools]
include-package-data = false

[tool.setuptools.packages.find]
exclude = ["tests"]
namespaces = false
"#,
        r"
carried  setup.py:4  name  -> project.name
carried  setup.py:5  version  -> project.version
dropped  setup.py:6  description  (it is empty, so setup.cfg counts)
carried  setup.py:7  packages  -> tool.setuptools.packages.find
carried  setup.py:8  install_requires  -> project.dependencies
carried  setup.py:9  six  -> project.dependencies
carried  setup.py:10  attrs>=20  -> project.dependencies
carried  setup.py:12  pytest  -> dependency-groups.test
changed  setup.py:12  tests_require  -> dependency-groups.test (setuptools does not run tests any more; `uv run --group test` has these)
dropped  setup.py:13  test_suite  (`setup.py test` is gone from setuptools since version 72)
dropped  setup.cfg:2  name  (setup.py says it, too, and wins)
carried  setup.cfg:3  description  -> project.description
dropped  setup.cfg:6  install_requires  (setup.py says it, too, and wins)
",
        &[],
        &[r"setup.cfg: remove", r"setup.py: remove"],
    );
}

#[test]
fn what_has_no_place_stays_in_setup_py() {
    check(
        &[
            (
                "setup.py",
                r#"import versioneer
from setuptools import Extension, setup

setup(
    name="delta",
    version=versioneer.get_version(),
    cmdclass=versioneer.get_cmdclass(),
    author="Ada, Bob",
    author_email="team@mail.example",
    setup_requires=["cffi>=1.0"],
    ext_modules=[Extension("delta", ["delta.c"])],
    zip_safe=False,
)
"#,
            ),
            (
                "versioneer.py",
                r#"def get_version(): return "1"
"#,
            ),
        ],
        r#"
[project]
name = "delta"
authors = [
    { name = "Ada" },
    { name = "Bob" },
    { email = "team@mail.example" },
]
dynamic = [
    "version",
]
dependencies = []

[build-system]
requires = [
    "setuptools>=61",
    "cffi>=1.0",
]
build-backend = "setuptools.build_meta:__legacy__"

[tool.setuptools]
packages = []
py-modules = []
include-package-data = false
zip-safe = false
"#,
        r"
carried  setup.py:5  name  -> project.name
carried  setup.py:6  version  -> setup.py (stays there: line 6: an object that another file makes)
carried  setup.py:7  cmdclass  -> setup.py (stays there: pyproject.toml has no place for it)
carried  setup.py:8  author  -> project.authors
carried  setup.py:9  author_email  -> project.authors
changed  setup.py:10  setup_requires  -> build-system.requires (the build frontend installs it before setup.py runs)
carried  setup.py:11  ext_modules  -> setup.py (stays there: pyproject.toml has no place for it)
carried  setup.py:12  zip_safe  -> tool.setuptools.zip-safe
",
        &[
            r"setup.py:1: note[M028]: setup.py imports `versioneer` from beside it, so the build backend is `setuptools.build_meta:__legacy__`",
        ],
        &[r#"setup.py: edit
import versioneer
from setuptools import Extension, setup

setup(
    version=versioneer.get_version(),
    cmdclass=versioneer.get_cmdclass(),
    ext_modules=[Extension("delta", ["delta.c"])],
)
"#],
    );
}

#[test]
fn lists_from_requirements_files_are_carried() {
    check(
        &[
            (
                "setup.py",
                r#"from setuptools import setup


def read(path):
    with open(path) as file:
        return file.read().splitlines()


setup(
    name="epsilon",
    version="1",
    py_modules=["epsilon"],
    install_requires=read("requirements.txt"),
    extras_require={"fast:python_version < '3.12'": ["uvloop"], "none": []},
    entry_points="""
        [console_scripts]
        epsilon = epsilon:main

        [flask.commands]
        run = epsilon:run
    """,
)
"#,
            ),
            (
                "requirements.txt",
                r"# web
flask

requests>=2  # http
",
            ),
            ("epsilon.py", r""),
        ],
        r#"
[project]
name = "epsilon"
version = "1"
dependencies = [
    # web
    "flask",
    "requests>=2",  # http
]

[project.optional-dependencies]
fast = [
    "uvloop ; python_version < '3.12'",
]
none = []

[project.scripts]
epsilon = "epsilon:main"

[project.entry-points."flask.commands"]
run = "epsilon:run"

[build-system]
requires = ["setuptools>=61"]
build-backend = "setuptools.build_meta"

[tool.setuptools]
py-modules = ["epsilon"]
include-package-data = false
"#,
        r"
carried  setup.py:10  name  -> project.name
carried  setup.py:11  version  -> project.version
carried  setup.py:12  py_modules  -> tool.setuptools.py-modules
carried  setup.py:13  install_requires  -> project.dependencies
changed  setup.py:14  uvloop  -> project.optional-dependencies.fast (its condition is a marker now)
carried  setup.py:14  extras_require  -> project.optional-dependencies
carried  setup.py:15  entry_points  -> project.scripts, project.entry-points.flask.commands
carried  requirements.txt:2  flask  -> project.dependencies
carried  requirements.txt:4  requests>=2  -> project.dependencies
",
        &[],
        &[r"setup.py: remove"],
    );
}

#[test]
fn dependencies_that_only_running_tells_are_refused() {
    check(
        &[(
            "setup.py",
            r#"import os
from setuptools import setup

setup(
    name="zeta",
    version="1",
    install_requires=os.environ["REQUIRES"].split(),
)
"#,
        )],
        r#"
[project]
name = "zeta"
version = "1"
dependencies = []

[build-system]
requires = ["setuptools>=61"]
build-backend = "setuptools.build_meta"

[tool.setuptools]
include-package-data = false
"#,
        r"
carried  setup.py:5  name  -> project.name
carried  setup.py:6  version  -> project.version
refused  setup.py:7  install_requires  (`install_requires` is not known without running setup.py: line 7: it depends on the environment variable `REQUIRES`; run again with `--run-build`, which asks the build backend, or write the value out)
",
        &[
            r"setup.py:7: error[M021]: `install_requires` is not known without running setup.py: line 7: it depends on the environment variable `REQUIRES`",
        ],
        &[r#"setup.py: edit
import os
from setuptools import setup

setup(
    install_requires=os.environ["REQUIRES"].split(),
)
"#],
    );
}

#[test]
fn a_license_expression_is_one() {
    check(
        &[
            (
                "setup.py",
                r#"from setuptools import setup

setup(
    name="eta",
    version="1",
    license="Apache-2.0 OR MIT",
    license_files=["LICENSE.*"],
    python_requires=">=3.10",
    long_description=open("README.md").read(),
    data_files=[("share/eta", ["one.txt", "two.txt"])],
    package_data={"": ["*.txt"]},
    include_package_data=True,
    scripts=["bin/eta"],
    platforms="any",
)
"#,
            ),
            (
                "README.md",
                r"eta
",
            ),
            (
                "pyproject.toml",
                r#"[build-system]
requires = ["setuptools>=40", "wheel"]
build-backend = "setuptools.build_meta"

[tool.black]
line-length = 99
"#,
            ),
        ],
        r#"
[build-system]
requires = [
    "setuptools>=77",
    "wheel",
]
build-backend = "setuptools.build_meta"

[project]
name = "eta"
version = "1"
readme = { file = "README.md", content-type = "text/x-rst" }
requires-python = ">=3.10"
license = "Apache-2.0 OR MIT"
license-files = ["LICENSE.*"]
dependencies = []

[tool.black]
line-length = 99

[tool.setuptools]
platforms = ["any"]
include-package-data = true
script-files = ["bin/eta"]

[tool.setuptools.package-data]
"*" = ["*.txt"]

[tool.setuptools.data-files]
"share/eta" = [
    "one.txt",
    "two.txt",
]
"#,
        r"
carried  setup.py:4  name  -> project.name
carried  setup.py:5  version  -> project.version
carried  setup.py:6  license  -> project.license
carried  setup.py:7  license_files  -> project.license-files
carried  setup.py:8  python_requires  -> project.requires-python
carried  setup.py:9  long_description  -> project.readme
carried  setup.py:10  data_files  -> tool.setuptools.data-files
carried  setup.py:11  package_data  -> tool.setuptools.package-data
carried  setup.py:12  include_package_data  -> tool.setuptools.include-package-data
carried  setup.py:13  scripts  -> tool.setuptools.script-files
carried  setup.py:14  platforms  -> tool.setuptools.platforms
changed  pyproject.toml:2  setuptools>=40  -> build-system.requires (setuptools 77 is the first that reads this pyproject.toml)
",
        &[
            r"setup.py:9: note[M023]: nobody says that `README.md` is Markdown, so it is published as reStructuredText",
        ],
        &[r"setup.py: remove"],
    );
}

#[test]
fn pbr_is_refused() {
    check(
        &[
            (
                "setup.py",
                r#"from setuptools import setup

setup(setup_requires=["pbr>=2"], pbr=True)
"#,
            ),
            (
                "setup.cfg",
                r"[metadata]
name = theta

[files]
packages =
    theta
",
            ),
        ],
        r#"
[project]
name = ""
version = ""
dependencies = []
"#,
        r"
refused  setup.py:3  setup_requires  (pbr decides what setup.cfg means, and it cannot do so beside `[project]`; replace pbr first: `setuptools-scm` gives the version, `[options]` of setup.cfg the rest)
",
        &[
            r"setup.py:3: error[M024]: pbr decides what setup.cfg means, and it cannot do so beside `[project]`",
        ],
        &[],
    );
}

#[test]
fn a_broken_setup_cfg_is_refused() {
    check(
        &[(
            "setup.cfg",
            r"[metadata]
name = iota
name = again
description = 100%
",
        )],
        r#"
[project]
name = ""
version = ""
dependencies = []
"#,
        r"
refused  setup.cfg:3  setup.cfg  (setuptools cannot read it: `name` is said again after line 2; keep one of the two)
refused  setup.cfg:4  setup.cfg  (setuptools cannot read it: `description`: `%` must be followed by `%` or `(`; write `%%` for a `%`)
",
        &[
            r"setup.cfg:3: error[I002]: `name` is said again after line 2",
            r"setup.cfg:4: error[I005]: `description`: `%` must be followed by `%` or `(`",
        ],
        &[],
    );
}

#[test]
fn dynamic_dependencies_beside_project_are_written_out() {
    check(
        &[
            (
                "pyproject.toml",
                r#"[project]
name = "kappa"
version = "1"
dynamic = ["dependencies", "readme"]

[build-system]
requires = ["setuptools>=61"]
build-backend = "setuptools.build_meta"
"#,
            ),
            (
                "setup.py",
                r#"from setuptools import setup

setup(
    name="other",
    long_description="text",
    install_requires=["flask"],
    zip_safe=False,
)
"#,
            ),
        ],
        r#"
[project]
name = "kappa"
version = "1"
dynamic = ["readme"]
dependencies = [
    "flask",
]

[build-system]
requires = ["setuptools>=61"]
build-backend = "setuptools.build_meta"
"#,
        r"
dropped  setup.py:4  name  (`[project]` is there, and setuptools ignores this)
carried  setup.py:5  long_description  -> setup.py (stays there: `[project]` is there, and setuptools reads the rest here)
carried  setup.py:6  flask  -> project.dependencies
carried  setup.py:6  install_requires  -> project.dependencies
carried  setup.py:7  zip_safe  -> setup.py (stays there: `[project]` is there, and setuptools reads the rest here)
",
        &[],
        &[r#"setup.py: edit
from setuptools import setup

setup(
    name="other",
    long_description="text",
    zip_safe=False,
)
"#],
    );
}

#[test]
fn a_setuptools_that_is_too_old_is_refused() {
    check(
        &[
            (
                "setup.cfg",
                r"[metadata]
name = lambda
version = 1
",
            ),
            (
                "pyproject.toml",
                r#"[build-system]
requires = ["setuptools<58"]
"#,
            ),
        ],
        r#"
[build-system]
requires = ["setuptools<58"]

[project]
name = "lambda"
version = "1"
dependencies = []

[tool.setuptools]
include-package-data = false
"#,
        r"
carried  setup.cfg:2  name  -> project.name
carried  setup.cfg:3  version  -> project.version
refused  pyproject.toml:2  setuptools<58  (setuptools 61 is the first that reads this pyproject.toml, and `setuptools<58` keeps it out; allow a newer setuptools, and see whether the project still builds with it)
",
        &[
            r"pyproject.toml:2: error[M027]: setuptools 61 is the first that reads this pyproject.toml, and `setuptools<58` keeps it out",
        ],
        &[r"setup.cfg: remove"],
    );
}

#[test]
fn requirements_that_cannot_be_carried_are_refused() {
    check(
        &[(
            "setup.cfg",
            r"[metadata]
name = mu
version = 1

[options]
install_requires =
    a>dev
    b @ https://joe:s3cret@git.example/b.zip
    c @ https://git.example/c.zip
",
        )],
        r#"
[project]
name = "mu"
version = "1"
dependencies = [
    "c @ https://git.example/c.zip",
]

[build-system]
requires = ["setuptools>=61"]
build-backend = "setuptools.build_meta"

[tool.setuptools]
include-package-data = false
"#,
        r"
carried  setup.cfg:2  name  -> project.name
carried  setup.cfg:3  version  -> project.version
carried  setup.cfg:6  install_requires  -> project.dependencies
refused  setup.cfg:7  a>dev  (pip before 24 accepted `dev` as a version, pip now refuses it; drop the clause)
refused  setup.cfg:8  b @ https://****@git.example/b.zip  (credentials stand in its URL; take the credentials out of the URL and change them; uv reads them from the environment)
carried  setup.cfg:9  c @ https://git.example/c.zip  -> project.dependencies
",
        &[
            r"setup.cfg:7: error[M025]: `a>dev`: pip before 24 accepted `dev` as a version, pip now refuses it",
            r"setup.cfg:8: error[M025]: `b @ https://****@git.example/b.zip`: credentials stand in its URL",
        ],
        &[r"setup.cfg: remove"],
    );
}

"""Asks the tools of an environment which settings they see.

A question is a tool and a folder with a tab between them: an argument, or a line of standard input where there are no
arguments. The answer to each is a line of JSON, in the order of the questions. Nothing of the folder is run: hooks and
plugins that settings name stay unloaded. `--codes=A,B` are the codes that flake8 is to decide about.
"""

import contextlib
import functools
import importlib
import io
import json
import os
import re
import subprocess
import sys
import tempfile

CODES = []


class Missing(Exception):
    """The tool is not in this environment."""


class Refused(Exception):
    """The tool does not accept its settings."""


def plain(value, folder, name="<DIR>"):
    """A value as JSON, with the folder's own path taken out of it."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, dict):
        return {str(key): plain(item, folder, name) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(str(plain(item, folder, name)) for item in value)
    if isinstance(value, (list, tuple)):
        return [plain(item, folder, name) for item in value]
    text = str(getattr(value, "pattern", value))
    for path in {folder, os.path.realpath(folder)}:
        text = text.replace(path, name).replace(path.replace("\\", "/"), name)
    return re.sub(r" at 0x[0-9a-f]+", "", text)


def mypy(folder):
    from mypy.config_parser import parse_config_file
    from mypy.options import Options

    options, said, strict = Options(), io.StringIO(), []
    parse_config_file(options, lambda: strict.append(True), None, said, said)
    seen = dict(options.snapshot())
    for name in ("config_file", "per_module_options", "_glob_options", "_per_module_cache", "unused_configs"):
        seen.pop(name, None)
    # The order of the modules matters where patterns overlap.
    modules = [[name, values] for name, values in options.per_module_options.items()]
    messages = sorted(line.split(":", 1)[-1].strip() for line in said.getvalue().splitlines())
    return {"options": seen, "per_module": modules, "strict": bool(strict), "messages": messages}


def pytest(folder):
    import shlex
    from pathlib import Path

    from _pytest.config import get_config
    from _pytest.config.findpaths import locate_config

    where = Path(folder)
    _, path, settings, *_ = locate_config(where, [])
    config = get_config([])
    config._inicfg, config._inipath, config._rootpath = settings, path, where
    if not hasattr(type(config), "inicfg"):
        config.inicfg = settings
    known = set(config._parser._inidict) | set(getattr(config._parser, "_ini_aliases", ()))
    seen = {}
    for name in settings:
        value = getattr(settings[name], "value", settings[name])
        if name == "addopts":
            seen[name] = shlex.split(value) if isinstance(value, str) else list(value)
        elif name in known:
            try:
                seen[name] = config.getini(name)
            except Exception as error:
                seen[name] = {"refused": type(error).__name__}
        else:
            # A plugin would say of which type it is; its lines are the same for every type.
            items = value.split("\n") if isinstance(value, str) else value
            items = [str(item).strip() for item in (items if isinstance(items, list) else [items])]
            seen["plugin " + name] = [i.lower() if i in ("True", "False") else i for i in items if i]
    return seen


def coverage(folder):
    from coverage.config import read_coverage_config

    said = []
    config = read_coverage_config(True, said.append)
    about = ("_config_contents", "config_file", "config_files_attempted", "config_files_read")
    seen = {name: value for name, value in vars(config).items() if name not in about}
    seen["messages"] = sorted(line.split(" in config file")[0] for line in said)
    return seen


def isort(folder):
    import warnings

    from isort.settings import Config

    warnings.simplefilter("ignore")
    config = Config(settings_path=folder)
    about = ("source", "sources", "directory", "settings_path")
    return {k: v for k, v in vars(config).items() if k not in about and not k.startswith("_")}


def pylint(folder):
    import pylint.config.config_initialization as initialization
    from pylint.config import find_default_config_files
    from pylint.lint import PyLinter
    from pylint.reporters.collecting_reporter import CollectingReporter

    # What a hook or a plugin would do is the project's code.
    initialization.exec = lambda *_: None
    PyLinter.load_plugin_modules = lambda *_, **__: None
    linter, reporter = PyLinter(), CollectingReporter()
    linter.load_default_plugins()
    real = os.path.realpath(folder)
    found = (path for path in find_default_config_files() if os.path.realpath(str(path.parent)) == real)
    path = next(found, None)
    if path is not None:
        with contextlib.suppress(SystemExit):
            initialization._config_initialization(linter, ["x.py"], reporter, config_file=path)
    seen = {name: value for name, value in vars(linter.config).items() if name != "rcfile"}
    seen["enabled messages"] = sorted(
        message.msgid for message in linter.msgs_store.messages if linter.is_message_enabled(message.msgid)
    )
    seen["messages"] = sorted({f"{message.msg_id}: {message.msg}" for message in reporter.messages})
    return seen


def bandit(folder):
    from bandit.core import config, utils

    lists = ("skips", "tests", "exclude", "targets")
    seen = {}
    if os.path.exists(".bandit"):
        own = utils.parse_ini_file(".bandit") or {}
        words = {name: [word.strip() for word in own[name].split(",")] for name in own if name in lists}
        seen["by itself"] = {**own, **{name: sorted(set(words[name])) for name in words}}
    for name in ("bandit.yml", "bandit.yaml", ".bandit.yml", ".bandit.yaml", "pyproject.toml"):
        if os.path.exists(name):
            told = config.BanditConfig(name)._config or {}
            told = {k: v for k, v in told.items() if k not in ("plugin_name_pattern", "include", "profiles")}
            if told:
                seen["with -c"] = told
    return seen


def pydocstyle(folder):
    from pydocstyle.config import ConfigurationParser

    sys.argv = ["pydocstyle"]
    parser = ConfigurationParser()
    parser.parse()
    return parser._get_config(os.path.join(folder, "x.py"))._asdict()


def flake8(folder):
    import logging

    from flake8.main import options as defaults
    from flake8.options import aggregator, config, manager
    from flake8.style_guide import Decision, DecisionEngine

    logging.disable(logging.CRITICAL)
    read, where = config.load_config(None, [])
    plugins = flake8_plugins()
    options = manager.OptionManager(
        version="", plugin_versions="", parents=[], formatter_names=list(plugins.reporters)
    )
    defaults.register_default_options(options)
    options.register_plugins(plugins)
    seen = aggregator.aggregate_options(options, read, where, [])
    engine = DecisionEngine(seen)
    enabled = [code for code in CODES if engine.decision_for(code) is Decision.Selected]
    enabled = [code for code in enabled if switched_on(code, seen)]
    written = dict(read["flake8"]) if "flake8" in read else {}
    return {"enabled": enabled, "options": vars(seen), "written": written}


@functools.lru_cache(maxsize=None)
def flake8_plugins():
    """The installed plugins; what the project would bring along is not looked for."""
    import configparser

    from flake8.plugins import finder

    asked = finder.PluginOptions.blank()
    return finder.load_plugins(finder.find_plugins(configparser.RawConfigParser(), asked), asked)


def switched_on(code, options):
    """Whether a plugin reports a code that flake8 would let through."""
    if code == "C901":
        return options.max_complexity >= 0
    if re.fullmatch(r"D\d+", code):
        convention = getattr(options, "docstring_convention", None) or "pep257"
        from pydocstyle.violations import conventions

        return convention == "all" or code in conventions.get(convention, conventions.pep257)
    # The opinionated ones of bugbear are off until they are named.
    if code.startswith("B9"):
        named = [*(options.select or []), *(options.extend_select or [])]
        return any(code[:length] in named for length in range(2, len(code) + 1))
    # ruff reports errors of syntax always and under no code.
    return code != "E999"


def ruff(folder):
    try:
        from ruff import find_ruff_bin

        program = find_ruff_bin()
    except ImportError:
        raise Missing from None
    # It shows its settings for a file only. The folder itself is left as it is.
    with tempfile.TemporaryDirectory() as scratch:
        for name in ("ruff.toml", ".ruff.toml", "pyproject.toml"):
            if os.path.exists(name):
                with open(name, "rb") as source, open(os.path.join(scratch, name), "wb") as target:
                    target.write(source.read())
        with open(os.path.join(scratch, "probe.py"), "w"):
            pass
        command = [program, "check", "--no-cache", "--show-settings", "probe.py"]
        done = subprocess.run(command, cwd=scratch, capture_output=True, text=True, encoding="utf-8")
        if done.returncode:
            raise Refused(plain(done.stderr.strip(), scratch))
        shown = plain(done.stdout, scratch)
    rules = re.search(r"^linter\.rules\.enabled = \[\n(.*?)^\]", shown, re.S | re.M)
    enabled = sorted(re.findall(r"\(([A-Z]+\d+)\)", rules.group(1))) if rules else []
    values = dict(re.findall(r"^([\w.]+) = ([^\[\n{]+)$", shown, re.M))
    lists = re.findall(r"^([\w.]+) = \[\n(.*?)^\]$", shown, re.S | re.M)
    for name, items in lists:
        if not name.startswith("linter.rules."):
            values[name] = [line.strip().rstrip(",") for line in items.splitlines()]
    values.pop("cache_dir", None)
    return {"enabled": enabled, "values": values}


def tox(folder):
    import platform
    from pathlib import Path

    import tox.plugin.manager as plugins
    from tox.run import setup_state
    from tox.tox_env.python.api import Python, PythonInfo, VersionInfo
    from tox.tox_env.python.virtual_env.api import VirtualEnv

    # `toxfile.py` is the project's code.
    plugins.load_inline = lambda *_: None
    # Which interpreters this machine has is no setting, and to look for them takes long.
    info = PythonInfo(
        platform.python_implementation(), VersionInfo(*sys.version_info), sys.version, True, sys.platform, {}
    )
    Python.base_python = property(lambda _: info)
    VirtualEnv.env_bin_dir = lambda self: Path(str(self.conf["env_dir"])) / "bin"
    VirtualEnv.env_python = lambda self: Path(str(self.conf["env_dir"])) / "bin" / "python"
    VirtualEnv.env_site_package_dir = lambda self: Path(str(self.conf["env_dir"])) / "lib"
    # Otherwise it is drawn by lot.
    os.environ["PYTHONHASHSEED"] = "0"
    # tox makes its work folder as soon as it looks at an environment; the folder asked about is left as it is.
    with tempfile.TemporaryDirectory() as work:
        state = setup_state(["config", "--no-provision", "-e", "ALL", "--workdir", work])
        environments = {name: tox_table(state.envs[name].conf) for name in state.envs.iter(package=True)}
        seen = plain({"env": environments, "tox": tox_table(state.conf.core)}, folder)
    # A path to the work folder is the same wherever that is.
    return plain(seen, work, "<WORK>")


MACHINE = ("env_site_packages", "env_python", "env_bin")


def tox_table(table):
    """The settings of an environment, or of tox itself, as tox works them out."""
    seen = {}
    for name in list(table):
        name = getattr(table, "primary_key", lambda same: same)(name)
        # What this machine has, and under which headers the settings stand.
        if name in ("base", "config_file_path", "python") or name.startswith(MACHINE):
            continue
        try:
            seen[name] = tox_value(table[name])
        except Exception as error:
            seen[name] = {"refused": str(error)}
    return seen


def tox_value(value):
    """A value with the parts that tell two of the same class apart."""
    if type(value).__name__ == "SetEnv":
        return {name: value.load(name) for name in sorted(value)}
    if isinstance(value, dict):
        return {str(key): tox_value(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [tox_value(item) for item in value]
    if hasattr(value, "shell") and hasattr(value, "args"):
        flags = [name for name in ("ignore_exit_code", "invert_exit_code") if getattr(value, name, False)]
        return {"command": list(value.args), "flags": flags}
    if hasattr(value, "envs"):
        return list(value.envs)
    if hasattr(value, "lines"):
        lines = value.lines
        return list(lines() if callable(lines) else lines)
    return value


def black(folder):
    from black.files import find_pyproject_toml, parse_pyproject_toml

    path = find_pyproject_toml((folder,))
    return parse_pyproject_toml(path) if path and os.path.exists("pyproject.toml") else {}


def yapf(folder):
    from yapf.yapflib import file_resources, style

    return style.CreateStyleFromConfig(file_resources.GetDefaultStyleForDir(folder))


def check_manifest(folder):
    from check_manifest import _load_config

    return _load_config()


def codespell(folder):
    from codespell_lib._codespell import parse_options

    options, _, _ = parse_options([])
    return {name: value for name, value in vars(options).items() if name not in ("colors", "config", "toml")}


def interrogate(folder):
    from interrogate.config import find_project_config, parse_pyproject_toml, parse_setup_cfg

    path = find_project_config((folder,))
    if path is None:
        return {}
    return (parse_pyproject_toml if path.endswith(".toml") else parse_setup_cfg)(path) or {}


def towncrier(folder):
    from towncrier._settings.load import load_config

    found = load_config(folder)
    return vars(found) if found else {}


def docformatter(folder):
    from docformatter.configuration import Configurater

    asked = Configurater(["docformatter", "x.py"])
    asked.do_parse_arguments()
    return {name: value for name, value in vars(asked.args).items() if name != "config_file"}


def commitizen(folder):
    from commitizen.config import read_cfg

    return dict(read_cfg().settings)


def autoflake(folder):
    from autoflake import merge_configuration_file

    seen, accepted = merge_configuration_file({"files": [os.path.join(folder, "x.py")]})
    if not accepted:
        raise Refused("the settings are not accepted")
    return {name: value for name, value in seen.items() if name != "files"}


def bumpversion(folder):
    from bumpversion.config.files import find_config_file, read_config_file

    return read_config_file(find_config_file())


# The names of the tools, each with the module to import and who asks it.
TOOLS = {
    "autoflake": ("autoflake", autoflake),
    "bandit": ("bandit.core.config", bandit),
    "black": ("black.files", black),
    "bumpversion": ("bumpversion.config.files", bumpversion),
    "check-manifest": ("check_manifest", check_manifest),
    "codespell": ("codespell_lib._codespell", codespell),
    "commitizen": ("commitizen.config", commitizen),
    "coverage": ("coverage.config", coverage),
    "docformatter": ("docformatter.configuration", docformatter),
    "flake8": ("flake8.style_guide", flake8),
    "interrogate": ("interrogate.config", interrogate),
    "isort": ("isort.settings", isort),
    "mypy": ("mypy.config_parser", mypy),
    "pydocstyle": ("pydocstyle.config", pydocstyle),
    "pylint": ("pylint.lint", pylint),
    "pytest": ("_pytest.config", pytest),
    "ruff": ("ruff", ruff),
    "towncrier": ("towncrier._settings.load", towncrier),
    "tox": ("tox.run", tox),
    "yapf": ("yapf.yapflib.style", yapf),
}


def warm_pytest():
    from _pytest.config import get_config

    get_config([])


def warm_pylint():
    from pylint.lint import PyLinter

    PyLinter().load_default_plugins()


# What a tool loads in any folder.
WARM = {"flake8": flake8_plugins, "pylint": warm_pylint, "pytest": warm_pytest}


def answer(tool, folder):
    """One question, answered. Whatever a tool throws is what it says to its settings."""
    about = {"tool": tool, "folder": folder}
    if tool not in TOOLS:
        return {**about, "missing": True}
    module, asked = TOOLS[tool]
    try:
        importlib.import_module(module)
    except ImportError:
        return {**about, "missing": True}
    folder = os.path.abspath(folder)
    try:
        os.chdir(folder)
        return {**about, "settings": plain(asked(folder), folder)}
    except Missing:
        return {**about, "missing": True}
    except Refused as error:
        return {**about, "error": str(error)}
    except BaseException as error:
        return {**about, "error": plain(f"{type(error).__name__}: {error}", folder)}


def neutral():
    """Takes away what the user's own settings could add, for this process and what it starts."""
    nowhere = os.path.join(tempfile.gettempdir(), "uvshift-no-home")
    for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "XDG_CONFIG_HOME"):
        os.environ[name] = nowhere
    starts = ("COVERAGE_", "TOX_", "PYTEST_", "MYPY", "PYLINT", "RUFF_", "BLACK_", "ISORT_", "BANDIT_", "UV_")
    for name in [name for name in os.environ if name.startswith(starts)]:
        del os.environ[name]
    # The folder that a question is about is no place to import from.
    sys.path[:] = [entry for entry in sys.path if entry not in ("", os.getcwd())]


def forked(questions, tell):
    """Answers each in a process of its own, which has the tool imported already; as many at once as there are cores."""
    for tool in {tool for tool, _ in questions}:
        if tool in TOOLS:
            with contextlib.suppress(Exception):
                importlib.import_module(TOOLS[tool][0])
                # What else it imports when it is asked need not be imported again for each folder.
                WARM.get(tool, bool)()
    running = []
    for tool, folder in questions:
        if len(running) >= (os.cpu_count() or 1):
            tell(finished(*running.pop(0)))
        # A file, not a pipe: who is waited for may not fill up.
        file = tempfile.TemporaryFile("w+", encoding="utf-8")
        child = os.fork()
        if child == 0:
            try:
                file.write(json.dumps(answer(tool, folder), sort_keys=True, default=str))
                file.flush()
            finally:
                os._exit(0)
        running.append((child, file, tool, folder))
    for one in running:
        tell(finished(*one))


def finished(child, file, tool, folder):
    os.waitpid(child, 0)
    file.seek(0)
    with file:
        text = file.read()
    return text or json.dumps({"tool": tool, "folder": folder, "error": "the tool ended without an answer"})


def main():
    # What tools print is no answer.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)
    neutral()
    lines = sys.argv[1:] or [line.rstrip("\r\n") for line in sys.stdin]
    CODES.extend(code for line in lines if line.startswith("--codes=") for code in line[8:].split(",") if code)
    questions = [tuple(line.split("\t", 1)) for line in lines if "\t" in line]

    def tell(text):
        answers.write(text + "\n")

    if hasattr(os, "fork"):
        forked(questions, tell)
    else:
        for tool, folder in questions:
            tell(json.dumps(answer(tool, folder), sort_keys=True, default=str))
    answers.close()


if __name__ == "__main__":
    main()

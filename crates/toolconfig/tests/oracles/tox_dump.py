"""tox_dump.py FOLDER [FOLDER..] -> JSON: for each folder what tox sees there, for all environments and several calls.

No code of the project is run and nothing is installed. Run it with an interpreter that has tox.
"""
import contextlib
import io
import json
import os
import re
import sys
from pathlib import Path

from tox.config.loader.native import to_native
from tox.run import setup_state
from tox.tox_env.python.pip.req_file import PythonConstraints, PythonDeps
from tox.tox_env.python.virtual_env.api import VirtualEnv
from virtualenv import session_via_cli

# Every interpreter is there, so that nothing is left out for want of one.
def session(self, env):
    args = [str(self.env_dir), f"--python={sys.executable}"]
    return session_via_cli(args, options=None, setup_logging=False, env=env)


VirtualEnv._create_imported_session = session

# Positional arguments and variables that a call may have: without any, plain, and with what a shell would split.
CALLS = [
    ([], {}),
    (["one", "two"], {"TOX_TRAP": "plain", "DIFF_AGAINST": "origin/other"}),
    (["a b", "it's", 'q"q', "-k", "x and y"], {"TOX_TRAP": "", "COVERAGE_FILE": "other dir/.coverage"}),
]
# What says where the settings stand, not what they are.
PLACES = {"config_file_path", "base", "unused", "env_base"}


def dump(folder: Path, arguments: list[str], variables: dict[str, str], tty: bool) -> dict:
    os.chdir(folder)
    saved = dict(os.environ)
    os.environ.update(variables)
    out = io.StringIO()
    out.isatty = lambda: tty
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            state = setup_state(["config", "-e", "ALL", "--", *arguments] if arguments else ["config", "-e", "ALL"])
            result = {"core": collect(state.conf.core), "env": {}, "order": list(state.conf.core["env_list"])}
            for name in sorted(state.envs.iter(package=True)):
                environment = state.envs[name]
                result["env"][name] = {"type": type(environment).__name__, **collect(environment.conf)}
            return result
    except BaseException as problem:
        return {"error": f"{type(problem).__name__}: {problem}"}
    finally:
        os.environ.clear()
        os.environ.update(saved)


def collect(conf) -> dict:
    values = {}
    for key in conf:
        if key in PLACES:
            continue
        try:
            value = conf[key]
            # The files that requirements name are not read: only the lines count.
            lines = isinstance(value, (PythonDeps, PythonConstraints))
            values[key] = [line for line in value._raw.splitlines() if line.strip()] if lines else to_native(value)
        except BaseException as problem:
            values[key] = {"error": type(problem).__name__}
    if isinstance(values.get("set_env"), dict):
        values["set_env"].pop("PYTHONHASHSEED", None)  # drawn by lot
    return values


def normalised(value, folder: Path) -> object:
    text = json.dumps(value, default=str, sort_keys=True)
    text = text.replace(str(folder), "<ROOT>").replace(f'"{folder.name}"', '"<NAME>"')
    return json.loads(re.sub(r"0x[0-9a-f]+", "0x", text))


def main() -> None:
    for name in [name for name in os.environ if name.startswith(("TOX", "PYTEST", "COVERAGE", "VIRTUALENV", "CI"))]:
        del os.environ[name]
    everything = []
    for folder in map(Path, sys.argv[1:]):
        folder = folder.resolve()
        calls = [dump(folder, *call, tty=tty) for call, tty in zip([*CALLS, CALLS[0]], [False, False, False, True])]
        everything.append([normalised(call, folder) for call in calls])
    print(json.dumps(everything))


main()

"""Writes rules.toml: every rule of the ruff beside this Python, and what each docstring convention leaves out of `D`.

Run it with a Python that has ruff and pydocstyle beside it; it prints the file.
"""

import json
import os
import re
import subprocess
import sys
import tempfile

from pydocstyle.violations import conventions

RUFF = os.path.join(os.path.dirname(sys.executable), "ruff")


def ask(*arguments, folder=None):
    return subprocess.run([RUFF, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def enabled(select, convention):
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "ruff.toml"), "w") as file:
            file.write(f'[lint]\nselect = {json.dumps(select)}\npydocstyle.convention = "{convention}"\n')
        open(os.path.join(folder, "x.py"), "w").close()
        shown = ask("check", "--no-cache", "--show-settings", "x.py", folder=folder)
    listed = re.search(r"linter\.rules\.enabled = \[(.*?)\n\]", shown, re.DOTALL)
    return set(re.findall(r"\(([A-Z]+\d+)\)", listed.group(1)))


def main():
    rules = [rule for rule in json.loads(ask("rule", "--all", "--output-format", "json")) if rule["code"]]
    rules.sort(key=lambda rule: rule["code"])
    documented = {rule["code"] for rule in rules if rule["linter"] == "pydocstyle"}
    print("# Made by make.py; a test compares it with what the installed ruff says.")
    print(f'ruff = "{ask("--version").split()[1]}"\n')
    for title, left_out in (
        ("The docstring rules that a convention of ruff leaves out of `D`.", lambda name: documented - enabled(["D"], name)),
        ("The docstring rules that pydocstyle leaves out of a convention.", lambda name: documented - conventions[name]),
    ):
        print(f"# {title}\n[{'ruff-conventions' if 'ruff' in title else 'conventions'}]")
        for name in ("google", "numpy", "pep257"):
            print(f"{name} = {json.dumps(sorted(left_out(name)))}")
        print()
    print("# The state and the name of each rule.\n[rules]")
    for rule in rules:
        state = next(iter(rule["status"])).lower()
        print(f'{rule["code"]} = ["{state}", "{rule["name"]}"]')


main()

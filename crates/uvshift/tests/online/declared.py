"""What a project declared before its migration, as the tool that it was made for reads it. No code of uvshift.

usage: declared.py FOLDER [WHEEL]    prints one JSON object; needs poetry-core and PyYAML

- setup.py, setup.cfg, Flit, PDM: the metadata of WHEEL, which the original backend built
- Poetry: poetry-core; Pipfile, PDM's groups, Hatch's environments: Python's TOML reader; conda: PyYAML

A scope says where a requirement belongs: `wheel` (its marker names the extra), `main`, `extra X`, `group X`, or `any` for what has no
list of its own in the standards.
"""
import configparser
import email
import json
import re
import sys
import tomllib
import zipfile
from pathlib import Path


class Declared:
    def __init__(self):
        self.python = None
        self.extras = []
        self.requirements = []
        self.pins = []

    def add(self, scope, text, source):
        self.requirements.append({"scope": scope, "text": text, "from": source})

    def pin(self, name, version, source):
        if version:
            self.pins.append([name, version.removeprefix("=="), source])


def wheel(path, out):
    with zipfile.ZipFile(path) as archive:
        (name,) = (name for name in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name))
        metadata = email.message_from_bytes(archive.read(name))
    out.python = metadata["Requires-Python"]
    out.extras = metadata.get_all("Provides-Extra", [])
    for text in metadata.get_all("Requires-Dist", []):
        out.add("wheel", text, "Requires-Dist")


def poetry(folder, out):
    from poetry.core.factory import Factory

    package = Factory().create_poetry(folder).package
    built = bool(out.requirements)
    out.python = out.python or str(package.python_constraint)
    for dependency in package.requires:
        text = dependency.to_pep_508(with_extras=False)
        scopes = [f"extra {extra}" for extra in dependency.in_extras] or ["any"] if dependency.is_optional() else ["main"]
        for scope in scopes:
            # The wheel has all but what is optional and in no extra.
            if scope == "any" or not built:
                out.add(scope, text, "tool.poetry.dependencies")
    for group in package.dependency_group_names(include_optional=True) - {"main"}:
        for dependency in package.dependency_group(group).dependencies:
            out.add(f"group {group}", dependency.to_pep_508(with_extras=False), f"tool.poetry.group.{group}")


def pipfile(folder, out):
    document = tomllib.loads((folder / "Pipfile").read_text(encoding="utf-8"))
    known = {"source", "requires", "pipenv", "scripts"}
    for category, packages in document.items():
        if category in known:
            continue
        scope = {"packages": "main", "dev-packages": "group dev"}.get(category, f"group {category}")
        for name, value in packages.items():
            out.add(scope, from_pipfile(name, value), f"Pipfile [{category}]")
    python = document.get("requires", {}).get("python_version")
    out.python = out.python or python and f"=={python}.*"


def from_pipfile(name, value):
    if isinstance(value, str):
        return f"{name}{version(value)}"
    extras = f"[{','.join(value['extras'])}]" if value.get("extras") else ""
    for key in ("git", "path", "file"):
        if key in value:
            return f"{name}{extras} @ {key}:{value[key]}"
    markers = [value["markers"]] if "markers" in value else []
    markers += [f"{key} {value[key]}" for key in ("sys_platform", "os_name", "python_version", "platform_machine", "platform_system") if key in value]
    marker = f" ; {' and '.join(f'({each})' for each in markers)}" if markers else ""
    return f"{name}{extras}{version(value.get('version', '*'))}{marker}"


def version(text):
    return "" if text.strip() in ("*", "") else text


def conda(path, out):
    import yaml

    for entry in yaml.safe_load(path.read_text(encoding="utf-8")).get("dependencies", []):
        if isinstance(entry, dict):
            for text in entry.get("pip", []):
                out.add("any", text, f"{path.name} pip")
            continue
        text = entry.split("::")[-1].strip()
        name, rest = re.fullmatch(r"([A-Za-z0-9._-]+)\s*(.*)", text).groups()
        if re.match(r"=[^=]", rest):
            release = rest[1:].split("=")[0].removesuffix(".*")
            rest = f"=={release}.*"
        out.add("any", f"{name}{rest}", path.name)


def from_pyproject(folder, out):
    path = folder / "pyproject.toml"
    document = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    tool, project = document.get("tool", {}), document.get("project", {})
    if "poetry" in tool:
        poetry(folder, out)
    for group, items in tool.get("pdm", {}).get("dev-dependencies", {}).items():
        for text in items:
            out.add(f"group {group}", text, f"tool.pdm.dev-dependencies.{group}")
    for text in tool.get("rye", {}).get("dev-dependencies", []):
        out.add("group dev", text, "tool.rye.dev-dependencies")
    for name, table in tool.get("hatch", {}).get("envs", {}).items():
        for text in [*table.get("dependencies", []), *table.get("extra-dependencies", [])]:
            out.add("any", text, f"tool.hatch.envs.{name}")
    for text in tool.get("flit", {}).get("metadata", {}).get("dev-requires", []):
        out.add("any", text, "tool.flit.metadata.dev-requires")
    for group, items in document.get("dependency-groups", {}).items():
        for text in items:
            if isinstance(text, str):
                out.add(f"group {group}", text, f"dependency-groups.{group}")
    if not any(each["scope"] == "wheel" for each in out.requirements) and "poetry" not in tool:
        for text in project.get("dependencies", []):
            out.add("main", text, "project.dependencies")
        for extra, items in project.get("optional-dependencies", {}).items():
            for text in items:
                out.add(f"extra {extra}", text, f"project.optional-dependencies.{extra}")
    out.python = out.python or project.get("requires-python")


def setup_cfg(folder, out):
    """What setuptools does not put into a wheel."""
    parser = configparser.RawConfigParser()
    parser.read(folder / "setup.cfg", encoding="utf-8")
    value = parser.get("options", "tests_require", fallback="")
    for text in value.splitlines() if "\n" in value else value.split(";"):
        if text.strip():
            out.add("any", text.strip(), "setup.cfg tests_require")


def locks(folder, out):
    for name in ("poetry.lock", "pdm.lock"):
        if (folder / name).exists():
            for package in tomllib.loads((folder / name).read_text(encoding="utf-8")).get("package", []):
                out.pin(package["name"], package["version"], name)
    if (folder / "Pipfile.lock").exists():
        for category, packages in json.loads((folder / "Pipfile.lock").read_text(encoding="utf-8")).items():
            for name, package in packages.items() if category != "_meta" else ():
                out.pin(name, package.get("version", ""), "Pipfile.lock")
    for name in ("requirements.lock", "requirements-dev.lock"):
        if (folder / name).exists():
            for pin in re.findall(r"^([A-Za-z0-9._-]+)(?:\[.*?\])?==([^\s;]+)", (folder / name).read_text(encoding="utf-8"), re.M):
                out.pin(*pin, name)


def main(folder, built=None):
    out = Declared()
    folder = Path(folder)
    if built:
        wheel(built, out)
    from_pyproject(folder, out)
    if (folder / "Pipfile").exists():
        pipfile(folder, out)
    if (folder / "setup.cfg").exists():
        setup_cfg(folder, out)
    for path in sorted(folder.glob("environment*.y*ml")):
        conda(path, out)
    locks(folder, out)
    print(json.dumps(out.__dict__))


main(*sys.argv[1:])

"""Looks for everything that a project declared in the pyproject.toml and the uv.lock that it has now. No code of uvshift.

usage: faithful.py DECLARED NEW [REPORT]    prints one JSON object

DECLARED is what declared.py printed. With REPORT (what `uvshift migrate --format json` printed) a requirement has to be in its own list,
or the report says what became of it; without it, it may be anywhere.
"""
import collections
import json
import os
import re
import sys

try:
    import tomllib
except ImportError:
    from pip._vendor import tomli as tomllib

from pip._vendor.packaging.requirements import InvalidRequirement, Requirement
from pip._vendor.packaging.specifiers import InvalidSpecifier, SpecifierSet
from pip._vendor.packaging.utils import canonicalize_name
from pip._vendor.packaging.version import InvalidVersion, Version

from meaning import Grid, holds, key, parsed


def lists(document):
    """The requirements of pyproject.toml by the list they stand in, groups with what they include."""
    project, groups = document.get("project", {}), document.get("dependency-groups", {})
    found = {"main": project.get("dependencies", [])}
    for extra, items in project.get("optional-dependencies", {}).items():
        found[f"extra {canonicalize_name(extra)}"] = items
    for group in groups:
        found[f"group {canonicalize_name(group)}"] = list(expanded(groups, group, set()))
    uv = document.get("tool", {}).get("uv", {})
    found["uv"] = [*uv.get("dev-dependencies", []), *uv.get("constraint-dependencies", [])]
    return found, {canonicalize_name(name) for name in uv.get("sources", {})}


def expanded(groups, group, seen):
    if group in seen:
        return
    seen.add(group)
    for item in groups.get(group, []):
        if isinstance(item, str):
            yield item
        elif "include-group" in item:
            yield from expanded(groups, item["include-group"], seen)


def valid(texts):
    """Those that `packaging` reads: a peer may write what nobody can read."""
    for text in texts:
        try:
            parsed(text)
            yield text
        except InvalidRequirement:
            pass


def load(path):
    if not os.path.exists(path):
        return {}
    with open(path, "rb") as file:
        try:
            return tomllib.load(file)
        except tomllib.TOMLDecodeError:
            return {}


def wanted(declared):
    """`(scope, text, where, extra)`: with an extra, the marker of the text names it."""
    for each in declared["requirements"]:
        scope, text, where = each["scope"], each["text"], each["from"]
        if scope == "wheel":
            marker = parsed(text).marker and str(parsed(text).marker)
            extras = [extra for extra in declared["extras"] if marker and "extra" in marker and names_extra(marker, extra)]
            for extra in extras:
                yield f"extra {canonicalize_name(extra)}", text, where, extra
            if not extras:
                yield "main", text, where, ""
        else:
            kind, _, name = scope.partition(" ")
            yield f"{kind} {canonicalize_name(name)}" if name else kind, text, where, ""


def names_extra(marker, extra):
    return any(canonicalize_name(each) == canonicalize_name(extra) for each in re.findall(r"""extra\s*==\s*["']([^"']+)["']""", marker))


def find(declared, after, sources, told, strict):
    result = {"requirements": 0, "found": 0, "told": [], "lost": []}
    by_name = collections.defaultdict(list)
    for scope, text, where, extra in wanted(declared):
        result["requirements"] += 1
        by_name[scope, canonicalize_name(parsed(text).name), extra].append((text, where))
    everything = [text for items in after.values() for text in items]
    grid = Grid([*(each["text"] for each in declared["requirements"]), *everything], python(declared))
    for (scope, name, extra), items in by_name.items():
        pool = after.get(scope, []) if strict and scope != "any" else everything
        same_name = [text for text in pool if canonicalize_name(parsed(text).name) == name]
        together = strict and scope != "any" and grid.same([text for text, _ in items], same_name, extra)
        for text, where in items:
            line = f"{scope}: {text} ({where})"
            if parsed(text).url and same_name and name in sources:
                result["found"] += 1
            elif together or any(grid.same([text], [each], extra) for each in same_name):
                result["found"] += 1
            elif any(re.search(rf"(^|[^a-z0-9]){re.escape(name)}([^a-z0-9]|$)", each) for each in told):
                result["told"].append(line)
            else:
                result["lost"].append(line)
    return result


def python(declared):
    try:
        SpecifierSet(declared["python"] or "")
        return declared["python"]
    except InvalidSpecifier:
        return None


def pins(declared, lock, report):
    """The packages of old locks against uv.lock, as check.py does it for requirements files."""
    wanted = sorted({(canonicalize_name(name), version) for name, version, _ in declared["pins"]})
    out = {"total": len(wanted), "kept": 0, "other": [], "absent": [], "untold": [], "lock": os.path.exists(lock)}
    locked = collections.defaultdict(set)
    for package in load(lock).get("package", []):
        if "version" in package:
            locked[canonicalize_name(package["name"])].add(Version(package["version"]))
    told = {(entry["name"], entry["version"]) for entry in ((report or {}).get("pins") or {}).get("entries", []) if entry["state"] != "kept"}
    notes = [each["message"] for each in (report or {}).get("diagnostics", [])]
    for name, version in wanted:
        if any(version_of(version) == each for each in locked[name]):
            out["kept"] += 1
            continue
        out["other" if locked[name] else "absent"].append(f"{name}=={version}")
        named = any(re.search(rf"(^|\s){re.escape(name)} .*{re.escape(version)}(\s|$)", note) for note in notes)
        if (name, version) not in told and not named:
            out["untold"].append(f"{name}=={version}")
    return out


def version_of(text):
    try:
        return Version(text)
    except InvalidVersion:
        return text


def normal(entry):
    return re.sub(r"[-_.]+", "-", " ".join(filter(None, (entry["text"], entry.get("to"), entry.get("why")))).lower())


def main(declared, new, report=None):
    declared = json.load(open(declared))
    report = report and json.load(open(report))
    after, sources = lists(load(os.path.join(new, "pyproject.toml")))
    after = {name: list(valid(items)) for name, items in after.items()}
    told = [normal(entry) for entry in report["ledger"]["entries"] if entry["outcome"] != "carried"] if report else []
    out = find(declared, after, sources, told, bool(report))
    out["pins"] = pins(declared, os.path.join(new, "uv.lock"), report)
    out["sources"] = sorted({each["from"] for each in declared["requirements"]})
    print(json.dumps(out))


if __name__ == "__main__":
    main(*sys.argv[1:])

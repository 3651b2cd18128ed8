"""Compares two wheels, without any code of uvshift: files by content, metadata by meaning.

usage: wheels.py OLD NEW    prints one JSON object; `differences` is empty when they are equal. What uv or a newer backend brings
with it and changes nothing for whoever installs the wheel stands in `notes`.
"""
import collections
import configparser
import email.message
import email.parser
import email.policy
import email.utils
import hashlib
import json
import re
import sys
import zipfile

from pip._vendor.packaging.requirements import InvalidRequirement
from pip._vendor.packaging.utils import canonicalize_name
from pip._vendor.packaging.version import Version

from meaning import Grid, parsed, python_versions

BY_MEANING = {"METADATA", "RECORD", "WHEEL", "entry_points.txt", "top_level.txt"}


class Wheel:
    def __init__(self, path):
        self.archive = zipfile.ZipFile(path)
        self.names = [name for name in self.archive.namelist() if not name.endswith("/")]
        (metadata,) = (name for name in self.names if re.fullmatch(r"[^/]+\.dist-info/METADATA", name))
        self.folder = metadata.removesuffix("METADATA")
        self.metadata = email.parser.BytesParser(policy=email.policy.compat32).parsebytes(self.archive.read(metadata))
        self.files = {
            self.common(name): hashlib.sha256(self.archive.read(name)).hexdigest()
            for name in self.names
            if name.removeprefix(self.folder) not in BY_MEANING
        }

    def common(self, name):
        """The name with the folder of metadata called the same in all wheels."""
        return name.replace(self.folder, ".dist-info/", 1) if name.startswith(self.folder) else name

    def text(self, name):
        return self.archive.read(self.folder + name).decode() if self.folder + name in self.names else ""

    def all(self, header):
        return [str(value) for value in self.metadata.get_all(header, [])]

    def one(self, header):
        return " ".join(str(self.metadata[header] or "").split())

    def entry_points(self):
        parser = configparser.RawConfigParser(delimiters=("=",))
        parser.optionxform = str
        parser.read_string(self.text("entry_points.txt"))
        return {(section, name, re.sub(r"\s", "", value)) for section in parser.sections() for name, value in parser.items(section)}

    def people(self, role):
        """Names and addresses, however they are spread over the two headers."""
        names, addresses = set(), set()
        for header in (role, f"{role}-email"):
            for name, address in email.utils.getaddresses(self.all(header)) if header != role else ():
                names.add(name)
                addresses.add(address.lower())
        for text in self.all(role):
            names |= {each.strip() for each in text.split(",")}
        split = {part.strip().strip('"') for name in names for part in name.split(",")}
        return {name for name in split if name}, {address for address in addresses if address}

    def urls(self):
        found = {}
        for text in self.all("Project-URL"):
            label, _, url = text.partition(",")
            found[re.sub(r"[\W_]", "", label).lower()] = url.strip()
        for header, label in (("Home-page", "homepage"), ("Download-URL", "download")):
            if self.one(header):
                found.setdefault(label, self.one(header))
        return found

    def keywords(self):
        return {word for text in self.all("Keywords") for word in re.split(r"[,\s]+", text) if word}

    def description(self):
        body = self.metadata.get_payload() or self.one("Description")
        return "\n".join(line.rstrip() for line in body.strip().splitlines())

    def content_type(self):
        """Without the header it is reStructuredText (core metadata, Description-Content-Type)."""
        return self.one("Description-Content-Type").split(";")[0].lower() or "text/x-rst"

    def license(self):
        """The expression, or the text of the old field; old tools wrote a word where there was none."""
        text = self.one("License-Expression") or self.one("License")
        return "" if text == "UNKNOWN" else text

    def classifiers(self):
        """PEP 639 puts an expression in place of the classifiers of licences."""
        return {text for text in self.all("Classifier") if not text.startswith("License ::")}

    def license_classifiers(self):
        return {text for text in self.all("Classifier") if text.startswith("License ::")}


def moved(old, new):
    """Licences that PEP 639 puts into a folder of their own, with the same content."""
    for name in [name for name in old.files if name not in new.files and name.startswith(".dist-info/")]:
        there = name.replace(".dist-info/", ".dist-info/licenses/", 1)
        if there not in old.files and new.files.get(there) == old.files[name]:
            del new.files[there], old.files[name]
            yield f"{name} is in {there} (PEP 639)"


def compare(old, new, notes):
    differences = []
    notes += moved(old, new)

    def expect(what, left, right):
        if left != right:
            differences.append(f"{what}: {shown(left)} -> {shown(right)}")

    for name in sorted(old.files.keys() | new.files.keys()):
        if old.files.get(name) != new.files.get(name):
            state = "missing" if name not in new.files else "added" if name not in old.files else "other content"
            differences.append(f"{state}: {name}")
    expect("Name", canonicalize_name(old.one("Name")), canonicalize_name(new.one("Name")))
    expect("Version", Version(old.one("Version")), Version(new.one("Version")))
    expect("Summary", old.one("Summary"), new.one("Summary"))
    expect("Description-Content-Type", old.content_type(), new.content_type())
    if not old.one("Requires-Python") and new.one("Requires-Python"):
        notes.append(f"Requires-Python is {new.one('Requires-Python')}, where there was none")
    elif python_versions(old.one("Requires-Python")) != python_versions(new.one("Requires-Python")):
        expect("Requires-Python", old.one("Requires-Python"), new.one("Requires-Python"))
    expect("classifiers", old.classifiers(), new.classifiers())
    if not new.one("License-Expression"):
        expect("classifiers of licences", old.license_classifiers(), new.license_classifiers())
    expect("keywords", old.keywords(), new.keywords())
    for role in ("Author", "Maintainer"):
        expect(role, old.people(role), new.people(role))
    expect("urls", old.urls(), new.urls())
    if old.license() and not new.license():
        expect("licence", old.license(), new.license())
    expect("description", hashlib.sha256(old.description().encode()).hexdigest()[:8], hashlib.sha256(new.description().encode()).hexdigest()[:8])
    expect("entry points", old.entry_points(), new.entry_points())
    expect("top level", set(old.text("top_level.txt").split()), set(new.text("top_level.txt").split()))
    expect("tags", tags(old), tags(new))
    return differences + requirements(old, new)


def tags(wheel):
    lines = wheel.text("WHEEL").splitlines()
    return {line for line in lines if line.startswith(("Tag:", "Root-Is-Purelib:"))}


def requirements(old, new):
    left, right = old.all("Requires-Dist"), new.all("Requires-Dist")
    differences = []
    extras = [{canonicalize_name(extra) for extra in wheel.all("Provides-Extra")} for wheel in (old, new)]
    if extras[0] != extras[1]:
        differences.append(f"extras: {shown(extras[0])} -> {shown(extras[1])}")
    try:
        grid = Grid([*left, *right], old.one("Requires-Python"))
    except InvalidRequirement as error:
        return [*differences, f"requirements: {error}"]
    for extra in ["", *sorted(extras[0] & extras[1])]:
        by_name = collections.defaultdict(lambda: ([], []))
        for index, texts in enumerate((left, right)):
            for text in texts:
                by_name[canonicalize_name(parsed(text).name)][index].append(text)
        for name, (before, after) in sorted(by_name.items()):
            if not grid.same(before, after, extra, extra):
                differences.append(f"requirement{' of ' + extra if extra else ''}: {before} -> {after}")
    return differences


def shown(value):
    if isinstance(value, tuple):
        return " ".join(map(shown, value))
    if isinstance(value, (set, frozenset)):
        return "{" + ", ".join(sorted(map(str, value))) + "}"
    return str(value)


old, new = map(Wheel, sys.argv[1:3])
notes = []
differences = compare(old, new, notes)
print(json.dumps({"files": len(old.names), "differences": differences, "notes": notes}))

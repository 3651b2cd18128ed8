"""Compares rows of `modules.txt` and `namespaces.txt` with the wheels of the package index: `check.py FOLDER DATA COUNT`.

The rows are chosen by chance, but the same ones each time for a COUNT. Wheels are downloaded into FOLDER one at a time.
"""

import collections
import pathlib
import random
import re
import subprocess
import sys
import zipfile


def rows(path):
    return [line for line in path.read_text().splitlines() if line.strip() and not line.startswith("#")]


def table(data):
    """The modules that the tables say a distribution has, by distribution."""
    found = collections.defaultdict(set)
    for line in rows(data / "modules.txt"):
        module, *names = line.split()
        for name in names:
            found[name].add(module)
    for line in rows(data / "namespaces.txt"):
        if " = " in line:
            module, names = line.split(" = ")
            for name in names.split():
                found[name].add(module)
    return found


def wheel(name, folder):
    """The wheel of a distribution, for whatever platform pip is on; none where there is none."""
    for old in folder.glob("*.whl"):
        old.unlink()
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", folder, name]
    if subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode != 0:
        return None
    return next(folder.glob("*.whl"), None)


def modules(path):
    """Every dotted name that a wheel has a file or folder for, up to five parts."""
    found = set()
    for name in zipfile.ZipFile(path).namelist():
        # Files of `NAME.data/purelib` and `platlib` are installed beside the others.
        name = re.sub(r"^[^/]+\.data/(purelib|platlib)/", "", name)
        *folders, file = name.split("/")
        if not re.search(r"\.(py|pyi|so|pyd)$", file) or any(not folder.isidentifier() for folder in folders):
            continue
        parts = [*folders, file.split(".")[0]]
        found.update(".".join(parts[:length]) for length in range(1, min(len(parts), 5) + 1))
    return found


def main():
    folder, data, count = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])
    claimed = table(data)
    names = sorted(claimed)
    random.Random(count).shuffle(names)
    right, wrong, missing = 0, [], []
    for name in names:
        if right + len({name for name, _ in wrong}) >= count:
            break
        path = wheel(name, folder)
        if path is None:
            missing.append(name)
            continue
        there = modules(path)
        # A version at the end of a module of Google's is left out of the tables.
        there |= {re.sub(r"_v\d\w*", "", module) for module in there}
        absent = sorted(module for module in claimed[name] if module not in there)
        right += not absent
        wrong += [(name, module) for module in absent]
    checked = right + len({name for name, _ in wrong})
    for name, module in wrong:
        print(f"{name} has no {module}")
    print(f"{right} of {checked} distributions have all that the tables say; {len(missing)} without a wheel for this platform: {' '.join(missing)}")


main()

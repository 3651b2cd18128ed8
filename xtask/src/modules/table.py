"""Makes the tables of `crates/depgraph/data` from published data. `cargo xtask modules` calls it: `table.py PACKAGES XTASK DATA`.

PACKAGES is a folder with guarddog, pigar and stdlibs in it, XTASK the folder of this file, DATA where the tables go.
"""

import collections
import importlib
import json
import keyword
import pathlib
import re
import sqlite3
import sys

# Folders of a repository that get into distributions by mistake, and words that say nothing about who has them.
JUNK = set(
    """
    app apps assets bench benchmark benchmarks bin build build_tools builder ci classes cli client cmake cmd common commands components conf
    config configs conftest constants contrib core cpp csrc data database datasets db demo demos deploy dev dev_tools devtools dist dist_info doc
    docker_files docs documentation e2e etc example example_app example_project examples exceptions experiment experiments ext external extra
    extras fixtures functional_tests gallery generated helper helpers hooks img images include integration integration_test integration_tests
    internal java js lib libs licenses license logs main manage management media migrations misc mock_data model models module modules
    node_modules notebook notebooks old other package packages packaging patches performance plugins proto protos py public python readme release
    requirements res resources rust sample samples sandbox schema schemas scratch script scripts server service services settings setup setup_utils
    share shared snippets source sources spec specs src static stubs support swagger task tasks temp template templates test test_app test_data
    test_project test_utils testapp testdata testing testproject tests tests_integration tests_unit testsuite third_party thirdparty tmp tool
    tools tutorial tutorials types typings unit_tests unittests util utilities utils vendor vendored version versions web website wheelhouse
    wheels workflows
    """.split()
)

# Modules of distributions for development of Python itself, or that are there to be found and not to be imported.
LIKE_JUNK = re.compile(r"^(tests?_.*|.*_tests?|.*_examples?|examples?_.*|.*_benchmarks?|__.*|.*_version|.*_pybind)$")

# Names of distributions that are not imported by their own name, or that are of no interest here.
LEFT_OUT = re.compile(r"^(types-.*|.*-stubs(-.*)?|mypy-boto3-.*|aws-cdk-(?!lib|core).*|.*-nightly(-.*)?|piot-.*)$")

PLAIN = 4000
"""How many distributions are listed whose name tells their module."""

LIMIT = 7
"""How many distributions a module is given at most."""


def normalized(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def rows(path):
    """The lines of a file without comments."""
    return [line for line in path.read_text().splitlines() if line.strip() and not line.startswith("#")]


def standard_library(packages):
    """The minor versions of Python 3 (3.8 and newer) that each module is in, and the modules of Python 2.7."""
    sys.path.insert(0, str(packages))
    versions = collections.defaultdict(set)
    for minor in range(8, 16):
        for module in importlib.import_module(f"stdlibs.py3{minor}").module_names:
            versions[module].add(minor)
    # Python's own tests, names that `site` looks for, and one that only type checkers know.
    for module in ("test", "sitecustomize", "usercustomize", "_typeshed"):
        versions[module] = set(range(8, 16))
    python2 = importlib.import_module("stdlibs.py27").module_names
    return versions, set(python2) - set(versions)


def claims(packages, standard, namespaces):
    """Rank of the most used distributions, and the modules that each says it has."""
    resources = packages / "guarddog/analyzer/metadata/resources/top_pypi_packages.json"
    listed = json.loads(resources.read_text())["packages"]
    rank = {}
    for name in map(normalized, listed):
        rank.setdefault(name, len(rank))
    found = collections.defaultdict(set)
    index = sqlite3.connect(packages / "pigar/.db.sqlite3")
    query = "select d.name, t.name from distributions d join top_level_module_names t on t.distribution_id = d.id"
    for distribution, module in index.execute(query):
        distribution = normalized(distribution)
        if distribution in rank and is_module(module, distribution, standard, namespaces):
            found[distribution].add(module)
    return rank, found


def is_module(module, distribution, standard, namespaces):
    if not module.isidentifier() or keyword.iskeyword(module) or module in namespaces or module in standard:
        return False
    if LEFT_OUT.match(distribution):
        return False
    if normalized(module) == distribution:
        return True
    return module not in JUNK and module.lower() not in JUNK and not LIKE_JUNK.match(module)


def without_copies(rank, found):
    """Takes out what a distribution only carries along: a module of another's name beside one of its own name."""
    for distribution, modules in found.items():
        own = {module for module in modules if normalized(module) == distribution}
        if not own:
            continue
        for module in list(modules - own):
            other = normalized(module)
            if other in rank and other in found and module in found[other]:
                modules.discard(module)
    by_module = collections.defaultdict(list)
    for distribution in sorted(found, key=rank.get):
        for module in found[distribution]:
            by_module[module].append(distribution)
    for module, distributions in list(by_module.items()):
        # A private module is seldom imported by others, and often gone with the next release.
        if module.startswith("_"):
            del by_module[module]
        else:
            by_module[module] = without_strangers(module, distributions, rank)[:LIMIT]
    return by_module


def without_strangers(module, distributions, rank):
    """Where one is named after the module, others that are far less used and are not named after it have a folder of that name by chance."""
    own = normalized(module)
    if own not in distributions:
        return distributions
    kin = own.replace("-", "")
    return [name for name in distributions if rank[name] < 10 * rank[own] or kin in name.replace("-", "")]


def table(by_module, corrections):
    """What cannot be guessed: modules of other names, of several distributions, and of a distribution with several."""
    for line in corrections:
        module, *distributions = line.split()
        if distributions == ["-"]:
            by_module.pop(module, None)
        else:
            by_module[module] = distributions
    several = collections.Counter(name for names in by_module.values() for name in names)
    plain = lambda module, names: names == [normalized(module)] and several[names[0]] == 1
    return {module: names for module, names in by_module.items() if not plain(module, names)}


def write(path, header, lines):
    text = "".join(f"# {line}\n".replace("# \n", "#\n") for line in header)
    path.write_text(text + "\n" + "".join(f"{line}\n" for line in lines))
    print(f"{path.name}: {len(lines)} lines, {path.stat().st_size} bytes")


def versions_of(packages):
    found = {}
    for name in ("guarddog", "pigar", "stdlibs"):
        [folder] = packages.glob(f"{name}-*.dist-info")
        found[name] = folder.name.removesuffix(".dist-info").replace("-", " ")
    return found


def main():
    packages, xtask, data = map(pathlib.Path, sys.argv[1:])
    versions = versions_of(packages)
    lines = rows(data / "namespaces.txt")
    spaces = [line.split() for line in lines if "=" not in line]
    standard, python2 = standard_library(packages)
    corrections = rows(xtask / "corrections.txt")
    rank, found = claims(packages, standard, {space[0].split(".")[0] for space in spaces})
    by_module = table(without_copies(rank, found), corrections)
    taken = set(by_module) | {module for modules in found.values() for module in modules}

    stdlib = {module: f"{min(minors)}-{'' if 15 in minors else max(minors)}" for module, minors in standard.items()}
    stdlib.update({module: "2" for module in python2 - taken})
    write(
        data / "stdlib.txt",
        [
            "Modules of the standard library, made by `cargo xtask modules`.",
            f"Source: {versions['stdlibs']} (MIT), see NOTICE.",
            "`MODULE OLDEST-NEWEST`, minor versions of Python 3 from 8 on; no NEWEST: it is still there. `MODULE 2`: only Python 2.7 has it.",
        ],
        [f"{module} {minors.removeprefix('8')}" for module, minors in sorted(stdlib.items())],
    )
    write(
        data / "modules.txt",
        [
            "Modules and their distributions, the likeliest first, where the name of the module does not tell; made by `cargo xtask modules`.",
            f"Sources: {versions['pigar']} (BSD-3-Clause), the most used 15,000 by {versions['guarddog']} (Apache-2.0), see NOTICE;",
            "corrections by hand.",
        ],
        [f"{module} {' '.join(names)}" for module, names in sorted(by_module.items())],
    )
    several = collections.Counter(name for names in by_module.values() for name in names)
    plain = [
        name
        for name in rank
        if not several[name] and not LEFT_OUT.match(name) and any(normalized(module) == name for module in found[name])
    ]
    write(
        data / "plain.txt",
        [
            "The most used distributions with the one module that their name tells; made by `cargo xtask modules`.",
            f"Sources: {versions['pigar']} (BSD-3-Clause), the most used 15,000 by {versions['guarddog']} (Apache-2.0), see NOTICE.",
        ],
        sorted(plain[:PLAIN]),
    )
    prefixes = {space[1] for space in spaces}
    known = [name for name in rank if not LEFT_OUT.match(name) and any(name.startswith(f"{p}-") for p in prefixes)]
    write(
        data / "names.txt",
        [
            "Distributions whose modules are in a name space of `namespaces.txt`; made by `cargo xtask modules`.",
            f"Source: the most used 15,000 by {versions['guarddog']} (Apache-2.0), see NOTICE.",
        ],
        sorted(known),
    )


main()

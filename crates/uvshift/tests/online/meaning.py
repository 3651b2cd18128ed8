"""What requirements mean, by `packaging` over grids of versions and environments. No code of uvshift."""
import collections
import functools
import itertools
import re

from pip._vendor.packaging.markers import Marker
from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.specifiers import SpecifierSet
from pip._vendor.packaging.utils import canonicalize_name
from pip._vendor.packaging.version import InvalidVersion, Version

PYTHONS = ["2.7"] + [f"3.{minor}" for minor in range(3, 16)]
PLATFORMS = [("linux", "posix", "Linux"), ("darwin", "posix", "Darwin"), ("win32", "nt", "Windows"), ("cygwin", "posix", "CYGWIN_NT")]


def environments(markers, python):
    """Environments that tell these markers apart, as far as the project supports their Python."""
    fulls = {f"{minor}.{patch}" for minor in PYTHONS for patch in (0, 1, 9)}
    machines = {"x86_64", "arm64", "AMD64", "other"}
    for text in markers:
        for literal in re.findall(r"""["']([^"']*)["']""", text):
            for word in literal.split():
                if re.fullmatch(r"\d+\.\d+\.\d+", word):
                    major, minor, patch = map(int, word.split("."))
                    fulls |= {f"{major}.{minor}.{patch + step}" for step in (-1, 0, 1) if patch + step >= 0}
            if "machine" in text:
                machines.add(literal)
    supported = SpecifierSet(python or "")
    fulls = sorted((full for full in fulls if supported.contains(full, prereleases=True)), key=Version)
    for full, (sys_platform, os_name, system), implementation in itertools.product(fulls, PLATFORMS, ["CPython", "PyPy"]):
        for machine in sorted(machines) if machines - {"x86_64", "arm64", "AMD64", "other"} or any("machine" in m for m in markers) else ["x86_64"]:
            yield {
                "python_version": ".".join(full.split(".")[:2]),
                "python_full_version": full,
                "sys_platform": sys_platform,
                "os_name": os_name,
                "platform_system": system,
                "platform_machine": machine,
                "platform_python_implementation": implementation,
                "implementation_name": implementation.lower(),
                "implementation_version": full,
                "platform_release": "",
                "platform_version": "",
            }


def versions(specifiers):
    """Versions on, beside and between those that the specifiers name."""
    found = {"0", "0.0.1", "1", "99999"}
    for specifier in specifiers:
        for clause in specifier:
            text = clause.version.removesuffix(".*")
            try:
                base = Version(text)
            except InvalidVersion:
                continue
            release = list(base.release)
            found |= {text, f"{base.base_version}", f"{base.base_version}.1"}
            for end in ("a1", "rc1", ".dev0", ".post1"):
                found.add(f"{base.base_version}{end}")
            for index, step in itertools.product(range(len(release)), (-1, 1)):
                if release[index] + step >= 0:
                    other = release[: index + 1]
                    other[index] += step
                    for end in ("", ".dev0", ".0", ".999"):
                        found.add(".".join(map(str, other)) + end)
            found.add(".".join(map(str, [*release, 1])))
    return sorted(found, key=Version)


@functools.cache
def parsed(text):
    return Requirement(text)


@functools.cache
def marker_of(text):
    return Marker(text)


@functools.lru_cache(maxsize=None)
def holds(marker, environment, extra):
    if marker is None:
        return True
    return marker_of(marker).evaluate(dict(environment) | {"extra": extra})


def key(requirement):
    """Equal keys mean the same without a look at any grid."""
    marker = str(requirement.marker or "")
    extras = tuple(sorted(canonicalize_name(extra) for extra in requirement.extras))
    return canonicalize_name(requirement.name), extras, frozenset(map(str, requirement.specifier)), marker, requirement.url


class Grid:
    """Compares lists of requirements for one project."""

    def __init__(self, texts, python):
        self.markers = sorted({str(parsed(text).marker) for text in texts if parsed(text).marker})
        self.environments = [tuple(sorted(each.items())) for each in environments(self.markers, python)]
        by_name = collections.defaultdict(list)
        for text in texts:
            by_name[canonicalize_name(parsed(text).name)].append(parsed(text).specifier)
        self.versions = {name: versions(specifiers) for name, specifiers in by_name.items()}

    def profile(self, texts, extra=""):
        """What a list asks for in each environment; with an extra only what the extra adds."""
        result = []
        for environment in self.environments:
            active = []
            for text in texts:
                requirement = parsed(text)
                marker = requirement.marker and str(requirement.marker)
                on = holds(marker, environment, extra)
                if on and not (extra and holds(marker, environment, "")):
                    active.append(text)
            result.append(self.meaning(tuple(sorted(set(active)))))
        return result

    @functools.lru_cache(maxsize=None)
    def meaning(self, texts):
        wanted = collections.defaultdict(lambda: (set(), [], set()))
        for text in texts:
            requirement = parsed(text)
            extras, specifiers, urls = wanted[canonicalize_name(requirement.name)]
            extras.update(canonicalize_name(extra) for extra in requirement.extras)
            specifiers.append(requirement.specifier)
            urls.add(requirement.url)
        return tuple(sorted(
            (name, tuple(sorted(extras)), self.allowed(name, specifiers), tuple(sorted(filter(None, urls))))
            for name, (extras, specifiers, urls) in wanted.items()
        ))

    def allowed(self, name, specifiers):
        return tuple(
            version
            for version in self.versions[name]
            if all(specifier.contains(version, prereleases=True) for specifier in specifiers)
        )

    def same(self, left, right, left_extra="", right_extra=""):
        """Whether two lists ask for the same in every environment."""
        if left_extra == right_extra and collections.Counter(key(parsed(t)) for t in left) == collections.Counter(key(parsed(t)) for t in right):
            return True
        return self.profile(left, left_extra) == self.profile(right, right_extra)


def python_versions(text):
    """The Python versions that a specifier allows, to compare two of them."""
    grid = [f"{minor}.{patch}" for minor in ["2.6", "3.0", "3.1", "3.2", *PYTHONS, "3.99", "4.0", "5.0"] for patch in range(20)]
    specifier = SpecifierSet(text or "")
    return frozenset(each for each in grid if specifier.contains(each, prereleases=True))

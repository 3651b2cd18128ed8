"""Gets source distributions with pip's own finder and downloader, and unpacks them. No code of a project is run.

usage: sdist.py get FOLDER NAME==VERSION=SHA256...    sdist.py unpack ARCHIVE FOLDER [PART]    sdist.py index FOLDER
With PART only that file or folder of the archive (below its single top folder) is unpacked; a folder with a slash at its end, such as
`examples/`, becomes the top itself. `index` writes the index of this pip into a Pipfile and its lock that name a host which is no more.
"""
import fnmatch
import hashlib
import os
import re
import sys
import tarfile


def get(folder, wanted):
    from pip._internal.commands import create_command
    from pip._internal.network.download import Downloader
    from pip._vendor.packaging.specifiers import SpecifierSet

    command = create_command("download")
    words = ["--no-deps", "--no-binary", ":all:", "--ignore-requires-python", "--quiet", "x"]
    with command.main_context():
        options, _ = command.parse_args(words)
        session = command.get_default_session(options)
        finder = command._build_package_finder(options, session, ignore_requires_python=True)
        for each in wanted:
            name, rest = each.split("==")
            version, sha256 = rest.split("=")
            path = os.path.join(folder, f"{name}-{version}.tar.gz")
            if os.path.exists(path) and digest(path) == sha256:
                continue
            found = finder.find_best_candidate(name, SpecifierSet(f"=={version}")).best_candidate
            got, _ = Downloader(session, "off")(found.link, folder)
            if digest(got) != sha256:
                sys.exit(f"{name} {version}: the archive is not the one that was recorded ({digest(got)})")
            os.replace(got, path)


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def below(path, part):
    """The path to unpack to, or nothing."""
    if not part:
        return path
    if part.endswith("/"):
        return path.removeprefix(part) if path.startswith(part) else ""
    return path if fnmatch.fnmatch(path, part) or path.startswith(f"{part}/") else ""


def unpack(archive, folder, part=None):
    with tarfile.open(archive) as tar:
        for member in tar.getmembers():
            _, _, inner = member.name.partition("/")
            inner = below(inner, part)
            if not inner:
                continue
            member.name = inner
            if hasattr(tarfile, "data_filter"):
                tar.extract(member, folder, filter="data")
            else:
                tar.extract(member, folder)


def index(folder):
    from pip._internal.models.index import PyPI

    for name in ("Pipfile", "Pipfile.lock"):
        path = os.path.join(folder, name)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(re.sub(r'https://[^"/]+/simple/?(?=")', PyPI.simple_url.rstrip("/"), text))


if __name__ == "__main__":
    if sys.argv[1] == "get":
        get(sys.argv[2], sys.argv[3:])
    elif sys.argv[1] == "index":
        index(sys.argv[2])
    else:
        unpack(*sys.argv[2:])

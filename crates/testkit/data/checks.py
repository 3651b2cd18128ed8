"""Small checks of files for which there is no program: checks.py KIND FILE...

One line for each finding; the exit status tells whether there is any.
"""

import json
import os
import re
import sys
from pathlib import Path


def without_comments(text):
    """JSON with comments and trailing commas as JSON."""
    string = r'"(?:\\.|[^"\\])*"'
    pattern = re.compile(string + r"|//[^\n]*|/\*.*?\*/", re.DOTALL)
    text = pattern.sub(lambda found: found[0] if found[0].startswith('"') else " ", text)
    pattern = re.compile(string + r"|,(?=\s*[}\]])", re.DOTALL)
    return pattern.sub(lambda found: found[0] if found[0].startswith('"') else "", text)


def check_json(path, text):
    document = json.loads(without_comments(text))
    name = f"vscode-{path.stem}.json"
    folder = os.environ.get("UVSHIFT_SCHEMAS")
    if path.parent.name == ".vscode" and folder and (Path(folder) / name).exists():
        import jsonschema

        schema = json.loads((Path(folder) / name).read_text())
        for error in jsonschema.Draft7Validator(schema).iter_errors(document):
            yield f"{error.json_path}: {error.message[:120]}"


def check_xml(path, text):
    import xml.dom.minidom

    xml.dom.minidom.parseString(text.encode())
    return ()


def check_compose(path, text):
    import yaml

    document = yaml.safe_load(text)
    services = document.get("services") or {}
    volumes, networks = document.get("volumes") or {}, document.get("networks") or {}
    for name, service in services.items():
        for needed in service.get("depends_on") or ():
            if needed not in services:
                yield f"{name} depends on `{needed}`, which is no service"
        for network in service.get("networks") or ():
            if network not in networks and network != "default":
                yield f"{name} is in `{network}`, which is no network"
        for volume in service.get("volumes") or ():
            if isinstance(volume, dict):
                source = volume.get("source") if volume.get("type") == "volume" else None
            else:
                source = volume.split(":")[0] if ":" in volume else None
            if source and re.match(r"[A-Za-z0-9]", source) and source not in volumes:
                yield f"{name} mounts `{source}`, which is no volume"


def check_dockerfile(path, text):
    import io

    from dockerfile_parse import DockerfileParser

    stages, count = set(), 0
    for step in DockerfileParser(fileobj=io.BytesIO(text.encode())).structure:
        value = step["value"]
        if step["instruction"] == "FROM":
            named = re.search(r"\sAS\s+(\S+)", value, re.IGNORECASE)
            stages.add(str(count))
            count += 1
            if named:
                stages.add(named[1].lower())
        source = re.search(r"--from=(\S+)", value) if step["instruction"] == "COPY" else None
        if source and not re.search(r"[/:$]", source[1]) and source[1].lower() not in stages:
            yield f"line {step['startline'] + 1}: there is no stage `{source[1]}`"


def check_powershell(path, text):
    import tree_sitter
    import tree_sitter_powershell

    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))
    todo = [parser.parse(text.encode()).root_node]
    while todo:
        node = todo.pop()
        if node.type == "ERROR" or node.is_missing:
            yield f"line {node.start_point[0] + 1}: cannot be parsed"
        elif node.has_error:
            todo.extend(node.children)


def main():
    kind, found = sys.argv[1], False
    for name in sys.argv[2:]:
        path = Path(name)
        try:
            problems = list(globals()[f"check_{kind}"](path, path.read_text(encoding="utf-8")))
        except Exception as error:
            problems = [f"{type(error).__name__}: {error}"]
        for problem in problems:
            found = True
            print(f"{name}: {problem}")
    sys.exit(found)


if __name__ == "__main__":
    main()

"""For each file of the list on standard input, a line of JSON with what Python's configparser makes of it.

Each line of the input is a dialect, a tab, and a path.
"""

import configparser
import json
import sys


def parser_for(dialect):
    if dialect == "raw":
        return configparser.RawConfigParser()
    if dialect == "interpolating":
        return configparser.ConfigParser()
    if dialect == "setuptools":
        parser = configparser.ConfigParser()
        parser.optionxform = str
        return parser
    if dialect == "inline":
        return configparser.RawConfigParser(
            inline_comment_prefixes=("#", ";"), strict=False, allow_no_value=True, empty_lines_in_values=False
        )
    raise SystemExit(dialect)


def read(dialect, path):
    parser = parser_for(dialect)
    try:
        with open(path, encoding="utf-8") as file:
            parser.read_file(file)
    except (configparser.Error, AttributeError) as error:
        return {"error": type(error).__name__, "line": getattr(error, "lineno", None)}
    sections = []
    for name in parser.sections():
        values = []
        for key in parser.options(name):
            try:
                values.append([key, parser.get(name, key)])
            except configparser.InterpolationError:
                values.append([key, {"error": True}])
        sections.append([name, values])
    return {"sections": sections}


for line in sys.stdin:
    dialect, path = line.rstrip("\n").split("\t")
    print(json.dumps(read(dialect, path)))

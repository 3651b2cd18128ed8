"""Reads [[old, new], ...] as JSON; both must be TOML, and everything in old must still be in new."""

import json
import sys
import tomllib


def lost(old, new, path):
    if isinstance(old, dict) and isinstance(new, dict):
        for key, value in old.items():
            if key not in new:
                return f"{path}.{key} is gone"
            if found := lost(value, new[key], f"{path}.{key}"):
                return found
        return None
    if isinstance(old, list) and isinstance(new, list):
        # As text, because a NaN is not equal to itself.
        return None if repr(new[: len(old)]) == repr(old) else f"{path}: {old!r} became {new!r}"
    same = type(old) is type(new) and repr(old) == repr(new)
    return None if same else f"{path}: {old!r} became {new!r}"


def check(old, new):
    # As bytes that a file holds: tomllib.load wants UTF-8, and tools strip a byte order mark.
    try:
        before = tomllib.loads(old.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        return f"the generator made invalid TOML: {error}"
    try:
        after = tomllib.loads(new.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        return f"invalid: {error}"
    return lost(before, after, "")


json.dump([check(*pair) for pair in json.load(sys.stdin)], sys.stdout)

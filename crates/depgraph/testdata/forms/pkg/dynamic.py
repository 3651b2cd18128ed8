import builtins
import importlib.util as u
from importlib import import_module as load

plug_in = load(
    "dynamic.one",
)
relative = load("..other", package=__package__)
spec = u.find_spec("dynamic_two")
three = builtins.__import__("dynamic_three")
exec("""
import dynamic_four
""")

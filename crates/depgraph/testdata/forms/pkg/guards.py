import typing as t
from contextlib import suppress

try:
    import tried
    def later():
        import in_function
except (ImportError, AttributeError):
    import handled
else:
    import otherwise
finally:
    import at_last

with suppress(ModuleNotFoundError):
    import suppressed

if t.TYPE_CHECKING:
    from checked import A
else:
    from unchecked import A

if not t.TYPE_CHECKING and A:
    import at_run_time

while True:
    import looped; import twice
    break

match A:
    case 1: import matched

class C:
    import in_class

    async def method(self):
        async with self: import in_method

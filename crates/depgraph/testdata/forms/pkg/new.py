lazy import new_one
try:
    import new_two
except KeyError, ImportError:
    pass
x = t"{f"{x!r:{"import"}}"}"
import new_three
type import_ = int

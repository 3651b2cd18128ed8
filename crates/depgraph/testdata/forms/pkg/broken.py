import broken_one
class :
    def f(
import broken_two
from broken_three import (x,
import broken_four

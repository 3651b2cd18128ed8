cimport c_one
from c_two cimport x, y
import c_three
cdef int f(int x):
    import c_four

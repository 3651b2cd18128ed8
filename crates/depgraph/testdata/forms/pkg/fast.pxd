from c_five cimport z

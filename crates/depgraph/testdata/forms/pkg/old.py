import old_one
print "hello"
try:
    import old_two
except ImportError, error:
    import old_three

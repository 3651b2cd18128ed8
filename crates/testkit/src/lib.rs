//! Fixtures, wheels and tools for the tests of uvshift.

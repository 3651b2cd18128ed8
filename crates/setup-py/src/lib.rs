//! What a setup.py says, read without running it.

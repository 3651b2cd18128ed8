//! What a Python environment holds, read from its metadata files.

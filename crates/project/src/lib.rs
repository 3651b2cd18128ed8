//! Read what a Python project depends on, and write it as pyproject.toml.

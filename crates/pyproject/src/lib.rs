//! pyproject.toml as a format-preserving document.

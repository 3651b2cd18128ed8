//! Poetry 1 and 2: `[tool.poetry]` beside or without `[project]`.

mod constraint;

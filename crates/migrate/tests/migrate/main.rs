//! Whole migrations: project trees in, project trees out, with the real uv and a package index that is made here.

mod fixtures;
mod index;
mod kill;
mod support;

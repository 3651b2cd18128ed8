//! Runs and comparisons as text for people and as tables for programs. All of it is pure: from a run to a text.

pub mod words;

//! Nothing that is secret passes.

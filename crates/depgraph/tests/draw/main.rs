//! Pictures: that they are whole, that they show what the graph holds, and that they bear any graph.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]
#![expect(clippy::disallowed_methods, reason = "the tests ask an XML parser and a browser")]
#![expect(clippy::print_stdout, reason = "a test that has to be skipped says so")]

mod graphs;
mod html;
mod svg;

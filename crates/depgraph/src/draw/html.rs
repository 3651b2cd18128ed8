//! The graph as one page that runs in a browser, without any network.

use super::Options;
use crate::graph::Graph;

/// The graph as a page.
pub fn html(graph: &Graph, options: &Options) -> String {
    let _ = (graph, options);
    String::new()
}

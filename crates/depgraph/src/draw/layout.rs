//! Where everything of a picture stands. The same graph always gives the same picture.
//!
//! Projects are at the left, what they declare beside them, and to the right of it whatever that brings in: layers by the
//! longest way. A layer that is too tall wraps into several columns, many layers wrap into several bands.

mod label;
mod layers;
mod model;
mod order;
mod place;
mod route;
mod text;

pub(super) use label::Label;
pub(super) use model::{Edge, Node, Picture, Role};
pub(super) use place::{Caption, Layout, Measures, Rect, layout};
pub(super) use text::{printable, width};

/// A count as a length.
fn real(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

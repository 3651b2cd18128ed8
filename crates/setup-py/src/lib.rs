//! What a setup.py says, read without running it.

mod edit;
mod error;
mod eval;
mod script;
mod source;
mod value;

pub use error::Error;
pub use script::{Argument, Files, Remark, RemarkKind, SetupScript, read};
pub use value::{Evaluated, FindPackages, Item, Origin, Unknown, UnknownKind, Value};

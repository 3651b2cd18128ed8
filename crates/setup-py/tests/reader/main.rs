//! The reader and the editor, over texts in memory.

mod common;
mod conditions;
mod edit;
mod hostile;
mod idioms;

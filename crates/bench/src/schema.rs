//! The words of enums in the JSON schemas of what this crate writes.
//!
//! The model is not what is written, private types are; a type of the model has the schema of what is written of it.

use schemars::{Schema, SchemaGenerator, json_schema};

use crate::compare::Verdict;
use crate::compat::{Effect, FailureClass, NotTried, Tool, Verdict as Agreement};
use crate::model::{Operation, WarningKind};

fn words(words: impl IntoIterator<Item = &'static str>) -> Schema {
    json_schema!({ "enum": words.into_iter().collect::<Vec<_>>() })
}

/// What can be in a file: also what another program measured.
pub(crate) fn operation(_: &mut SchemaGenerator) -> Schema {
    words(Operation::ALL.into_iter().chain([Operation::Command]).map(Operation::id))
}

pub(crate) fn warning_kind(_: &mut SchemaGenerator) -> Schema {
    words(WarningKind::ALL.map(WarningKind::id))
}

pub(crate) fn verdict(_: &mut SchemaGenerator) -> Schema {
    words(Verdict::ALL.map(Verdict::id))
}

pub(crate) fn agreement(_: &mut SchemaGenerator) -> Schema {
    words(Agreement::ALL.map(Agreement::id))
}

pub(crate) fn tool(_: &mut SchemaGenerator) -> Schema {
    words(Tool::ALL.map(Tool::id))
}

pub(crate) fn effect(_: &mut SchemaGenerator) -> Schema {
    words(Effect::ALL.map(Effect::id))
}

pub(crate) fn failure_class(_: &mut SchemaGenerator) -> Schema {
    words(FailureClass::ALL.map(FailureClass::id))
}

pub(crate) fn not_tried(_: &mut SchemaGenerator) -> Schema {
    words(NotTried::ALL.map(NotTried::id))
}

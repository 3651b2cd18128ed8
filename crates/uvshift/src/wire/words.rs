//! Words of the JSON that are those of an enum of a library, so that the schema has every one of them.

use serde::{Serialize, Serializer};

/// An enum each variant of which has a word.
pub(super) trait Words: Copy + 'static {
    /// Every variant.
    #[cfg(test)]
    const ALL: &'static [Self];

    fn word(self) -> &'static str;
}

/// A variant, written as its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Word<T>(pub(super) T);

impl<T: Words> Serialize for Word<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.word())
    }
}

#[cfg(test)]
impl<T: Words> schemars::JsonSchema for Word<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        std::any::type_name::<T>().into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        names::<T>()
    }
}

/// The schema of the words of an enum, also for the keys of a map.
#[cfg(test)]
pub(super) fn names<T: Words>() -> schemars::Schema {
    schemars::json_schema!({ "enum": T::ALL.iter().map(|it| it.word()).collect::<Vec<_>>() })
}

macro_rules! words {
    ($($name:path: $word:ident,)+) => {$(
        impl Words for $name {
            #[cfg(test)]
            const ALL: &'static [Self] = &<$name>::ALL;

            fn word(self) -> &'static str {
                self.$word()
            }
        }
    )+};
}

words! {
    uvshift_bench::Operation: id,
    uvshift_depgraph::Class: as_str,
    uvshift_depgraph::Form: as_str,
    uvshift_depgraph::Need: as_str,
    uvshift_depgraph::Rule: name,
    uvshift_depgraph::catalogue::Category: as_str,
    uvshift_depgraph::modules::MappedBy: as_str,
    uvshift_diagnostics::Severity: as_str,
    uvshift_installed::Kind: as_str,
    uvshift_migrate::inventory::DirectKind: as_str,
    uvshift_migrate::inventory::ElsewhereKind: as_str,
    uvshift_migrate::inventory::Program: as_str,
    uvshift_migrate::inventory::RiskSeverity: as_str,
    uvshift_migrate::inventory::ToolKind: as_str,
    uvshift_migrate::inventory::UvSupport: as_str,
    uvshift_venv::DifferenceKind: as_str,
    uvshift_venv::Place: as_str,
    uvshift_venv::Way: as_str,
}

//! What flit packs: one module, and `[tool.flit.sdist]`.

use super::contents::{Contents, Data, anchored, clean};
use super::{Packed, Stay};
use crate::codes;

/// The module that flit packs.
pub(super) fn module_name(packed: &Packed<'_>) -> String {
    let named = packed.text(&["tool", "flit", "module", "name"]);
    named.unwrap_or_else(|| packed.document.project_name().unwrap_or_default().replace('-', "_"))
}

pub(super) fn contents(packed: &Packed<'_>) -> Result<Contents, Stay> {
    if packed.has(&["tool", "flit", "metadata"]) {
        return Err(Stay::new(codes::M073, "`tool.flit.metadata` is older than [project]"));
    }
    let mut contents = Contents { sdist: Some(Vec::new()), ..Contents::default() };
    let root = packed.module(&module_name(packed))?;
    contents.add_root(packed, root);
    let patterns = |key: &str| packed.texts(&["tool", "flit", "sdist", key]);
    contents.sdist = Some(patterns("include").iter().map(|pattern| anchored(pattern)).collect());
    if let Some(folder) = packed.text(&["tool", "flit", "external-data", "directory"]) {
        contents.data.push(Data { script: false, from: clean(&folder), to: String::new() });
    }
    Ok(contents)
}

//! Computed values into those of the public interface.

use std::rc::Rc;

use super::Interpreter;
use super::files::requirement_lines;
use super::path::PLACE;
use super::value::{Cell, Id, Kind, Val};
use crate::{Evaluated, Item, Origin, Unknown, UnknownKind, Value};

/// Containers nested deeper than this are in no `setup()`.
const DEEPEST: usize = 20;

impl Interpreter<'_> {
    pub(super) fn export_names(&mut self) -> Vec<(String, Evaluated)> {
        let Some(frame) = self.state.frames.first().cloned() else { return Vec::new() };
        let names = frame.names.iter().filter(|(name, _)| !matches!(name.as_ref(), "__file__" | "__name__"));
        names.map(|(name, value)| (name.to_string(), self.evaluated(value, false))).collect()
    }

    pub(super) fn export(&mut self, value: &Val, markers: bool) -> Result<Item, Unknown> {
        let mut item = self.item_of(value, markers, DEEPEST)?;
        item.marker = None;
        Ok(item)
    }

    fn item_of(&mut self, value: &Val, markers: bool, depth: usize) -> Result<Item, Unknown> {
        let line = value.line;
        let fail = |why: String, kind: UnknownKind| Err(Unknown { line, why, kind });
        if !self.spend(1) {
            return fail("setup.py does too much to be followed".to_owned(), UnknownKind::Other);
        }
        let marker = match &value.marker {
            Some(marker) if marker.is_perhaps() => {
                return fail("it is not known whether it is there".to_owned(), UnknownKind::Other);
            }
            Some(marker) if markers => Some(marker.text.clone()),
            Some(marker) => {
                return fail(format!("it is there only where `{}`", marker.text), UnknownKind::Platform);
            }
            None => None,
        };
        let mut from = value.from.as_deref().map(<[Origin]>::to_vec).unwrap_or_default();
        let exported = match &value.kind {
            Kind::None => Value::None,
            Kind::Bool(it) => Value::Bool(*it),
            Kind::Int(it) => Value::Int(*it),
            Kind::Float(it) => Value::Float(*it),
            Kind::Path(it) if !super::path::tidy(it).contains(PLACE) => Value::Str(super::path::tidy(it)),
            Kind::Str(it) if !it.contains(PLACE) => {
                from = self.attribute_origin(it, from);
                Value::Str(it.to_string())
            }
            Kind::List(id) | Kind::Tuple(id) | Kind::Set(id) => {
                let (items, origins) = self.export_items(*id, markers, depth, line)?;
                from.extend(origins);
                match value.kind {
                    Kind::Tuple(_) => Value::Tuple(items),
                    Kind::Set(_) => Value::Set(items),
                    _ => Value::List(items),
                }
            }
            Kind::Dict(id) => Value::Dict(self.export_entries(*id, markers, depth, line)?),
            Kind::Packages(it) => Value::FindPackages(it.as_ref().clone()),
            Kind::Class(name) | Kind::Object(name) => Value::Object { name: name.to_string() },
            Kind::External(name) if is_class(name) => Value::Object { name: name.to_string() },
            Kind::Function(_) => Value::Object { name: "function".to_owned() },
            other => return Err(no_place(other, line)),
        };
        Ok(Item { value: exported, line, marker, from })
    }

    fn export_items(
        &mut self,
        id: Id,
        markers: bool,
        depth: usize,
        line: usize,
    ) -> Result<(Vec<Item>, Vec<Origin>), Unknown> {
        let items = match (self.cell(id), depth.checked_sub(1)) {
            (Cell::Items(items), Some(_)) => items.clone(),
            (Cell::Unknown(taint), _) => {
                return Err(Unknown { line: taint.line, why: taint.why.clone(), kind: taint.kind });
            }
            _ => return Err(too_deep(line)),
        };
        let mut out = Vec::with_capacity(items.len());
        for item in &items {
            out.push(self.item_of(item, markers, depth - 1)?);
        }
        let origins = self.list_origin(&out);
        Ok((out, origins))
    }

    fn export_entries(
        &mut self,
        id: Id,
        markers: bool,
        depth: usize,
        line: usize,
    ) -> Result<Vec<(Item, Item)>, Unknown> {
        let entries = match (self.cell(id), depth.checked_sub(1)) {
            (Cell::Entries(entries), Some(_)) => entries.clone(),
            (Cell::Unknown(taint), _) => {
                return Err(Unknown { line: taint.line, why: taint.why.clone(), kind: taint.kind });
            }
            _ => return Err(too_deep(line)),
        };
        let mut out = Vec::with_capacity(entries.len());
        for (key, value) in &entries {
            let key = self.item_of(key, false, depth - 1)?;
            out.push((key, self.item_of(value, markers, depth - 1)?));
        }
        Ok(out)
    }

    /// The name that a Python file gives this text, instead of a mere part of that file.
    fn attribute_origin(&mut self, text: &Rc<str>, from: Vec<Origin>) -> Vec<Origin> {
        let [Origin::Excerpt { path }] = from.as_slice() else { return from };
        if std::path::Path::new(path).extension().is_none_or(|it| it != "py") {
            return from;
        }
        let path = path.clone();
        match self.load(&path).ok().and_then(|module| module.name_of(text)) {
            Some(name) => vec![Origin::Attribute { path, name }],
            None => from,
        }
    }

    /// Where all items of a list come from, if it is one requirements file.
    fn list_origin(&mut self, items: &[Item]) -> Vec<Origin> {
        let Some(first) = items.first() else { return Vec::new() };
        let [Origin::Excerpt { path }] = first.from.as_slice() else { return Vec::new() };
        if items.iter().any(|it| it.from != first.from) {
            return Vec::new();
        }
        let path = path.clone();
        let Some((_, text)) = self.read_project_file(&path) else { return Vec::new() };
        let requirements: Vec<String> =
            requirement_lines(&text).into_iter().filter(|it| !it.starts_with('-')).collect();
        let stripped = |it: &Item| it.value.as_str().map(|it| requirement_lines(it).concat());
        let same = items.len() == requirements.len()
            && items.iter().zip(&requirements).all(|(item, line)| stripped(item).as_ref() == Some(line));
        vec![if same { Origin::RequirementsFile { path } } else { Origin::Excerpt { path } }]
    }
}

/// Why a value cannot be metadata.
fn no_place(kind: &Kind, line: usize) -> Unknown {
    let (why, kind) = match kind {
        Kind::Unknown(taint) => {
            return Unknown { line: taint.line, why: taint.why.clone(), kind: taint.kind };
        }
        Kind::Str(_) | Kind::Path(_) => {
            ("it depends on the folder that the project lies in".to_owned(), UnknownKind::Other)
        }
        Kind::Environment(_) | Kind::Condition(_) => {
            ("it depends on the interpreter or the platform".to_owned(), UnknownKind::Platform)
        }
        Kind::Arguments => ("it depends on the command line".to_owned(), UnknownKind::Other),
        Kind::Iterator(_) => {
            ("an iterator gives its items once, and setuptools may ask twice".to_owned(), UnknownKind::Other)
        }
        Kind::External(name) => {
            (format!("`{name}` is known only where it runs"), super::environ::kind_of(name))
        }
        other => (format!("{} has no place in metadata", other.noun()), UnknownKind::Other),
    };
    Unknown { line, why, kind }
}

fn too_deep(line: usize) -> Unknown {
    let why = "what this holds is not known".to_owned();
    Unknown { line, why, kind: UnknownKind::Other }
}

/// Functions that a file of the project may pass on to another one.
pub(super) fn is_function(name: &str) -> bool {
    let known =
        ["codecs.open", "io.open", "distutils.core.setup", "setuptools.setup", "setuptools.find_packages"];
    known.contains(&name)
        || (!name.contains('.') && super::imports::is_certain(name))
        || (name.starts_with("os.path.") && !name.ends_with("sep"))
}

/// Whether a name outside of the project is that of a class or function rather than of a value.
fn is_class(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    let constant = last.chars().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_');
    (last.starts_with(|it: char| it.is_ascii_uppercase()) && !constant)
        || super::names::is_object(name)
        || is_function(name)
}

//! Names and containers of the current state.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::Interpreter;
use super::state::{cell_ids, with_aliases};
use super::text::excerpt;
use super::value::{Cell, Id, Kind, State, Taint, Val};
use crate::UnknownKind;

/// More items than this in one container are not looked at.
const LONGEST: usize = 20_000;

impl State {
    /// Keeps places free that another path has used.
    pub(crate) fn pad(&mut self, heap: usize, frames: usize) {
        while self.heap.len() < heap {
            self.heap.push(Rc::new(Cell::Absent));
        }
        while self.frames.len() < frames {
            self.frames.push(Rc::default());
        }
    }
}

impl Interpreter<'_> {
    pub(super) fn alloc(&mut self, cell: Cell) -> Id {
        let size = match &cell {
            Cell::Items(items) => items.len(),
            Cell::Entries(entries) => entries.len() * 2,
            _ => 0,
        };
        self.spend(size + 1);
        self.state.heap.push(Rc::new(cell));
        self.state.heap.len() - 1
    }

    pub(super) fn list(&mut self, items: Vec<Val>, line: usize) -> Val {
        Val::new(Kind::List(self.alloc(Cell::Items(items))), line)
    }

    pub(super) fn tuple(&mut self, items: Vec<Val>, line: usize) -> Val {
        Val::new(Kind::Tuple(self.alloc(Cell::Items(items))), line)
    }

    /// Something that gives these items once.
    pub(super) fn iterator(&mut self, items: Vec<Val>, line: usize) -> Val {
        Val::new(Kind::Iterator(self.alloc(Cell::Items(items))), line)
    }

    pub(super) fn dict(&mut self, entries: Vec<(Val, Val)>, line: usize) -> Val {
        Val::new(Kind::Dict(self.alloc(Cell::Entries(entries))), line)
    }

    pub(super) fn cell(&self, id: Id) -> &Cell {
        self.state.heap.get(id).map_or(&Cell::Absent, Rc::as_ref)
    }

    /// A container that is about to be changed.
    pub(super) fn cell_mut(&mut self, id: Id) -> Option<&mut Cell> {
        if let Some(linked) = self.state.links.get(&id).cloned() {
            let reason = Val::unknown(self.here, "it may be the object that is changed here");
            self.taint_all(&linked, &reason, Some(id));
        }
        self.state.heap.get_mut(id).map(Rc::make_mut)
    }

    /// The items of a list, tuple or set; the keys of a dictionary. `Err` holds why they are not known.
    pub(super) fn items(&mut self, value: &Val) -> Result<Vec<Val>, Rc<Taint>> {
        let line = value.line;
        let items = match &value.kind {
            Kind::List(id) | Kind::Tuple(id) | Kind::Set(id) | Kind::Dict(id) => match self.cell(*id) {
                Cell::Items(items) => items.clone(),
                Cell::Entries(entries) => entries.iter().map(|(key, _)| key.clone()).collect(),
                Cell::Unknown(taint) => return Err(with_aliases(taint, vec![*id])),
                _ => return Err(reason(line, "what this holds is not known")),
            },
            Kind::Iterator(id) => match self.cell_mut(*id) {
                Some(Cell::Items(items)) => std::mem::take(items),
                Some(Cell::Unknown(taint)) => return Err(with_aliases(taint, vec![*id])),
                _ => return Err(reason(line, "what this holds is not known")),
            },
            Kind::File(_) => self.file_lines(value),
            Kind::Packages(packages) => match self.found_packages(packages) {
                Some(found) => found.into_iter().map(|it| Val::text(it, line)).collect(),
                None => return Err(reason(line, "a pattern of packages that is not followed")),
            },
            Kind::Unknown(taint) => return Err(taint.clone()),
            Kind::Str(text) if text.len() < LONGEST => {
                let from = excerpt(value.from.as_ref());
                text.chars().map(|it| Val::text(it.to_string(), line).with_from(from.clone())).collect()
            }
            _ => return Err(reason(line, unfit(value, "gone through item by item"))),
        };
        if items.len() > LONGEST || !self.spend(items.len()) {
            return Err(reason(line, "this is too long to be followed"));
        }
        Ok(items)
    }

    /// The items, if each of them is there without a condition.
    pub(super) fn plain_items(&mut self, value: &Val) -> Result<Vec<Val>, Rc<Taint>> {
        let items = self.items(value)?;
        match items.iter().find(|it| it.marker.is_some()) {
            Some(item) => Err(settle(item.clone()).taint().cloned().unwrap_or_else(|| reason(item.line, ""))),
            None => Ok(items),
        }
    }

    pub(super) fn entries(&mut self, value: &Val) -> Result<Vec<(Val, Val)>, Rc<Taint>> {
        match &value.kind {
            Kind::Dict(id) => match self.cell(*id) {
                Cell::Entries(entries) => {
                    let entries = entries.clone();
                    self.spend(entries.len());
                    Ok(entries)
                }
                Cell::Unknown(taint) => Err(with_aliases(taint, vec![*id])),
                _ => Err(reason(value.line, "this is not a dictionary")),
            },
            Kind::Unknown(taint) => Err(taint.clone()),
            _ => Err(reason(value.line, unfit(value, "used as a dictionary"))),
        }
    }

    /// Adds items to a list or set. What goes into an unknown container is out of sight, too.
    pub(super) fn extend(&mut self, id: Id, items: Vec<Val>, line: usize) {
        self.spend(items.len());
        match self.cell_mut(id) {
            Some(Cell::Items(old)) if old.len() + items.len() <= LONGEST => old.extend(items),
            Some(Cell::Items(_)) => {
                let taint = Val::unknown(line, "the list grows beyond all bounds");
                self.taint(&[id], &taint);
            }
            Some(Cell::Unknown(taint)) => {
                let taint = Val::tainted(taint.clone());
                let ids: Vec<Id> = items.iter().flat_map(Val::ids).collect();
                self.taint(&ids, &taint);
            }
            _ => {}
        }
    }

    /// Makes containers and all that they hold unknown.
    pub(super) fn taint(&mut self, ids: &[Id], reason: &Val) {
        self.taint_all(ids, reason, None);
    }

    fn taint_all(&mut self, ids: &[Id], reason: &Val, but: Option<Id>) {
        let Some(taint) = reason.taint().cloned() else { return };
        let mut todo: Vec<Id> = ids.to_vec();
        let mut seen: BTreeSet<Id> = but.into_iter().collect();
        while let Some(id) = todo.pop() {
            if !seen.insert(id) {
                continue;
            }
            self.spend(1);
            todo.extend(self.state.links.get(&id).into_iter().flatten());
            let Some(cell) = self.state.heap.get_mut(id) else { continue };
            todo.extend(cell_ids(cell));
            // A tuple of strings cannot change, but what it is used for here is not worth telling apart.
            if !matches!(**cell, Cell::Unknown(_) | Cell::Absent) {
                *cell = Rc::new(Cell::Unknown(taint.clone()));
            }
        }
    }

    /// Makes what a value is or holds unknown, where it can change at all.
    pub(super) fn taint_value(&mut self, value: &Val, reason: &Val) {
        let mut ids = Vec::new();
        let mut todo = vec![value.clone()];
        let mut seen = BTreeSet::new();
        while let Some(value) = todo.pop() {
            for id in value.ids() {
                if !seen.insert(id) {
                    continue;
                }
                // A tuple or a set of strings given away stays what it is.
                if matches!(value.kind, Kind::Tuple(_))
                    && let Cell::Items(items) = self.cell(id)
                {
                    todo.extend(items.iter().cloned());
                } else {
                    ids.push(id);
                }
            }
        }
        self.taint(&ids, reason);
    }

    pub(super) fn set_name(&mut self, name: &str, value: Val) {
        let frame = self.home(name);
        self.spend(1);
        if let Some(frame) = self.state.frames.get_mut(frame) {
            Rc::make_mut(frame).names.insert(Rc::from(name), settle(value));
        }
    }

    /// The frame that an assignment in the current function goes to.
    fn home(&self, name: &str) -> usize {
        let here = self.state.frames.get(self.frame);
        here.and_then(|frame| frame.elsewhere.get(name).copied()).unwrap_or(self.frame)
    }

    pub(super) fn remove_name(&mut self, name: &str) {
        let frame = self.home(name);
        if let Some(frame) = self.state.frames.get_mut(frame) {
            Rc::make_mut(frame).names.remove(name);
        }
    }

    pub(super) fn global(&self, name: &str) -> Option<Val> {
        self.state.frames.first().and_then(|frame| frame.names.get(name).cloned())
    }

    /// What a name holds, looked up from the inner frame to the module.
    pub(super) fn name(&self, name: &str) -> Option<Val> {
        let mut at = Some(self.home(name));
        while let Some(index) = at {
            let frame = self.state.frames.get(index)?;
            if let Some(value) = frame.names.get(name) {
                return Some(value.clone());
            }
            at = if index == 0 { None } else { frame.parent.or(Some(0)) };
        }
        None
    }
}

/// A value that is there only under a marker cannot be used by itself.
pub(super) fn settle(value: Val) -> Val {
    match &value.marker {
        Some(marker) if marker.is_perhaps() => {
            Val::unknown(value.line, "it is not known whether it is there")
        }
        Some(marker) => Val::unknown(value.line, format!("it is there only where `{}`", marker.text)),
        None => value,
    }
}

/// A reason that no value carries yet.
pub(super) fn reason(line: usize, why: impl Into<String>) -> Rc<Taint> {
    Rc::new(Taint { line, why: why.into(), kind: UnknownKind::Other, aliases: Vec::new() })
}

fn unfit(value: &Val, used: &str) -> String {
    match &value.kind {
        Kind::External(name) => format!("`{name}` is known only where it runs"),
        kind => format!("{} is {used}", kind.noun()),
    }
}

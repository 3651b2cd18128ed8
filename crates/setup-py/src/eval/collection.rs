//! Methods of lists, tuples, sets and dictionaries.

use std::rc::Rc;

use ruff_text_size::Ranged;

use super::assign::index;
use super::calls::Args;
use super::expression::Known;
use super::heap::settle;
use super::state::with_aliases;
use super::value::{Cell, Id, Kind, Val};
use super::{Eval, Interpreter};

impl Interpreter<'_> {
    /// A set of these items, each once.
    pub(super) fn set(&mut self, items: Vec<Val>, line: usize) -> Val {
        let mut seen = std::collections::HashSet::new();
        let mut out: Vec<Val> = Vec::new();
        for item in items {
            match item.as_str() {
                Some(text) if item.marker.is_none() => {
                    if seen.insert(text.clone()) {
                        out.push(item);
                    }
                }
                _ if self.hashable(&item).is_some() => {
                    self.spend(out.len() / 8);
                    if !out.iter().any(|it| self.equal(it, &item) == Some(true)) {
                        out.push(item);
                    }
                }
                _ => {
                    let mut ids: Vec<Id> = out.iter().flat_map(Val::ids).collect();
                    ids.extend(item.ids());
                    let taint = super::heap::reason(item.line, "a set of something that is not known");
                    let taint = item.taint().cloned().unwrap_or(taint);
                    return Val::tainted(with_aliases(&taint, ids));
                }
            }
        }
        Val::new(Kind::Set(self.alloc(Cell::Items(out))), line)
    }

    /// Something that compares by value and never changes: what can be a key.
    pub(super) fn hashable(&self, value: &Val) -> Option<()> {
        match &value.kind {
            Kind::Str(_) | Kind::Bytes(_) | Kind::Int(_) | Kind::Bool(_) | Kind::None => {
                value.marker.is_none().then_some(())
            }
            Kind::Pattern(_) | Kind::Function(_) | Kind::Class(_) => Some(()),
            Kind::Tuple(id) => match self.cell(*id) {
                Cell::Items(items) => items.iter().all(|it| it.as_str().is_some()).then_some(()),
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn add_to_set(&mut self, id: Id, more: &Val) {
        let old = match self.cell(id) {
            Cell::Items(items) => items.clone(),
            _ => return self.taint_value(more, &Val::unknown(more.line, "a set that is not known")),
        };
        match self.plain_items(more) {
            Ok(items) => {
                let merged = self.set(old.into_iter().chain(items).collect(), more.line);
                match merged.id() {
                    Some(new) if matches!(merged.kind, Kind::Set(_)) => {
                        if let Some(cell) = self.state.heap.get(new).cloned()
                            && let Some(slot) = self.state.heap.get_mut(id)
                        {
                            *slot = cell;
                        }
                    }
                    _ => self.taint(&[id], &merged),
                }
            }
            Err(taint) => self.taint(&[id], &Val::tainted(taint)),
        }
    }

    /// `dictionary.update(more)`, also with a list of pairs.
    pub(super) fn update(&mut self, id: Id, more: &Val) {
        let entries = match &more.kind {
            Kind::Dict(_) => self.entries(more),
            _ => self.pairs(more),
        };
        match entries {
            Ok(entries) => {
                for (key, value) in entries {
                    self.set_entry(id, &key, value);
                }
            }
            Err(taint) => {
                let reason = Val::tainted(taint);
                self.taint(&[id], &reason);
                self.taint_value(more, &reason);
            }
        }
    }

    /// The items of a list of pairs.
    pub(super) fn pairs(&mut self, value: &Val) -> Result<Vec<(Val, Val)>, Rc<super::Taint>> {
        let mut pairs = Vec::new();
        for item in self.plain_items(value)? {
            match <[Val; 2]>::try_from(self.plain_items(&item)?) {
                Ok([key, value]) => pairs.push((key, value)),
                Err(_) => return Err(super::heap::reason(item.line, "a pair of other than two values")),
            }
        }
        Ok(pairs)
    }

    pub(super) fn list_method(
        &mut self,
        id: Id,
        name: &str,
        args: &Args,
        node: &impl Ranged,
    ) -> Eval<Option<Val>> {
        let none = Val::new(Kind::None, self.line(node));
        let Cell::Items(old) = self.cell(id) else {
            return Ok(None);
        };
        let length = old.len();
        Ok(match (name, args.positional.as_slice()) {
            ("append", [item]) if args.are(1) => {
                self.extend(id, vec![item.clone()], item.line);
                Some(none)
            }
            ("extend", [more]) if args.are(1) => {
                match self.items(more) {
                    Ok(items) => self.extend(id, items, more.line),
                    Err(taint) => self.taint(&[id], &Val::tainted(taint)),
                }
                Some(none)
            }
            ("insert", [at, item]) if args.are(2) => {
                let at = at.kind.int().map(|at| at.clamp(0, i64::try_from(length).unwrap_or(0)));
                let Some(at) = at.and_then(|at| usize::try_from(at).ok()) else { return Ok(None) };
                self.spend(length / 8);
                if let Some(Cell::Items(items)) = self.cell_mut(id) {
                    items.insert(at.min(items.len()), item.clone());
                }
                Some(none)
            }
            ("pop", at) if at.len() <= 1 => {
                let at = at.first().map_or(Some(-1), |at| at.kind.int());
                let Some(at) = at.and_then(|at| index(at, length)) else { return Ok(None) };
                match self.cell_mut(id) {
                    Some(Cell::Items(items)) if items.iter().all(|it| it.marker.is_none()) => {
                        Some(items.remove(at))
                    }
                    _ => None,
                }
            }
            ("remove", [item]) => {
                let items = old.clone();
                let mut at = None;
                for (place, it) in items.iter().enumerate() {
                    match self.equal(it, item) {
                        Some(true) if it.marker.is_none() => {
                            at = Some(place);
                            break;
                        }
                        Some(false) => {}
                        _ => return Ok(None),
                    }
                }
                match (at, self.cell_mut(id)) {
                    (Some(at), Some(Cell::Items(items))) => {
                        items.remove(at);
                        Some(none)
                    }
                    _ => return self.raise(node, "ValueError", "there is no such item").map(Some),
                }
            }
            ("sort", []) if args.are(0) => {
                let list = Val::new(Kind::List(id), none.line);
                let sorted = self.sorted(&list);
                let Some(Ok(items)) = sorted.map(|it| self.items(&it)) else { return Ok(None) };
                if let Some(Cell::Items(old)) = self.cell_mut(id) {
                    *old = items;
                }
                Some(none)
            }
            ("reverse", []) => {
                if let Some(Cell::Items(items)) = self.cell_mut(id) {
                    items.reverse();
                }
                Some(none)
            }
            ("copy", []) => {
                let items = old.clone();
                Some(self.list(items, none.line))
            }
            ("clear", []) => {
                if let Some(Cell::Items(items)) = self.cell_mut(id) {
                    items.clear();
                }
                Some(none)
            }
            ("index" | "count", _) => {
                self.tuple_method(&Val::new(Kind::List(id), none.line), name, args, node)
            }
            _ => None,
        })
    }

    /// Methods that lists and tuples share.
    pub(super) fn tuple_method(
        &mut self,
        owner: &Val,
        name: &str,
        args: &Args,
        node: &impl Ranged,
    ) -> Option<Val> {
        let [wanted] = args.positional.as_slice() else { return None };
        let items = self.plain_items(owner).ok()?;
        let equal: Option<Vec<bool>> = items.iter().map(|it| self.equal(it, wanted)).collect();
        let equal = equal?;
        let number = match name {
            "index" => equal.iter().position(|it| *it)?,
            "count" => equal.iter().filter(|it| **it).count(),
            _ => return None,
        };
        Some(Val::new(Kind::Int(i64::try_from(number).ok()?), self.line(node)))
    }

    /// `sorted(value)`. `None` when the order is not certain.
    pub(super) fn sorted(&mut self, value: &Val) -> Option<Val> {
        let mut items = self.plain_items(value).ok()?;
        let mut sure = true;
        self.spend(items.len() * 4);
        if items.iter().any(|it| !matches!(it.kind, Kind::Str(_) | Kind::Int(_) | Kind::Tuple(_))) {
            return None;
        }
        items.sort_by(|one, two| {
            self.order(one, two).unwrap_or_else(|| {
                sure = false;
                std::cmp::Ordering::Equal
            })
        });
        sure.then(|| self.list(items, value.line))
    }

    pub(super) fn dict_method(
        &mut self,
        owner: &Val,
        id: Id,
        name: &str,
        args: &Args,
        node: &impl Ranged,
    ) -> Eval<Option<Val>> {
        let line = self.line(node);
        let Cell::Entries(entries) = self.cell(id) else { return Ok(None) };
        let entries = entries.clone();
        self.spend(entries.len() / 4);
        if args.rest.is_some() {
            return Ok(None);
        }
        let found = match args.positional.first() {
            Some(key) if matches!(name, "get" | "pop" | "setdefault" | "has_key") => {
                if self.hashable(key).is_none() {
                    return Ok(None);
                }
                entries.iter().position(|(it, _)| self.equal(it, key) == Some(true))
            }
            _ => None,
        };
        let value = found.and_then(|at| entries.get(at)).map(|(_, value)| value.clone());
        let default = args.positional.get(1).cloned();
        Ok(Some(match (name, args.positional.as_slice()) {
            ("get", [_, ..]) => value.or(default).unwrap_or(Val::new(Kind::None, line)),
            ("setdefault", [_, ..])
                if found.and_then(|at| entries.get(at)).is_some_and(|(key, _)| key.marker.is_some()) =>
            {
                return Ok(None);
            }
            ("setdefault", [key, ..]) => {
                if let Some(value) = value {
                    value
                } else {
                    let value = default.unwrap_or(Val::new(Kind::None, line));
                    self.set_entry(id, key, value.clone());
                    value
                }
            }
            ("pop", [_, ..]) => match (value, default) {
                (Some(value), _) => {
                    if let (Some(at), Some(Cell::Entries(entries))) = (found, self.cell_mut(id)) {
                        entries.remove(at);
                    }
                    value
                }
                (None, Some(default)) => default,
                (None, None) => return self.raise(node, "KeyError", "there is no such key").map(Some),
            },
            ("has_key", [_]) if entries.iter().all(|(key, _)| key.marker.is_none()) => {
                Val::new(Kind::Bool(found.is_some()), line)
            }
            ("keys" | "iterkeys", []) => self.list(entries.into_iter().map(|it| it.0).collect(), line),
            ("values" | "itervalues", []) => self.list(entries.into_iter().map(|it| it.1).collect(), line),
            ("items" | "iteritems", []) => {
                let pairs =
                    entries.into_iter().map(|(key, value)| self.tuple(vec![key, value], line)).collect();
                self.list(pairs, line)
            }
            ("copy", []) => self.dict(entries, line),
            ("update", more) if more.len() <= 1 => {
                if let Some(more) = more.first() {
                    self.update(id, more);
                }
                for (name, value) in &args.named {
                    self.set_entry(id, &Val::text(name.clone(), value.line), value.clone());
                }
                Val::new(Kind::None, line)
            }
            ("__getitem__", [key]) => return self.item(owner, key, node).map(Some),
            _ => return Ok(None),
        }))
    }

    pub(super) fn set_method(
        &mut self,
        owner: &Val,
        id: Id,
        name: &str,
        args: &Args,
        node: &impl Ranged,
    ) -> Option<Val> {
        let line = self.line(node);
        match (name, args.positional.as_slice()) {
            ("add", [item]) => {
                let list = self.list(vec![item.clone()], line);
                self.add_to_set(id, &list);
                Some(Val::new(Kind::None, line))
            }
            ("update", [more]) => {
                self.add_to_set(id, more);
                Some(Val::new(Kind::None, line))
            }
            ("union" | "intersection" | "difference", more) => {
                Some(self.set_operation(owner, name, more, line))
            }
            ("copy", []) => {
                let items = self.items(owner).ok()?;
                Some(self.set(items, line))
            }
            _ => None,
        }
    }

    pub(super) fn set_operation(&mut self, owner: &Val, name: &str, others: &[Val], line: usize) -> Val {
        let mut items = match self.plain_items(owner) {
            Ok(items) => items,
            Err(taint) => return Val::tainted(taint),
        };
        for other in others {
            if matches!(other.kind, Kind::Arguments) {
                // `{"test", "pytest"}.intersection(sys.argv)`: none of these runs in a build.
                let mut kept = Vec::new();
                for item in items {
                    match self.in_arguments(&item) {
                        Known::Certain(false) => {}
                        Known::Certain(true) => kept.push(item),
                        Known::Unknown(taint) => return Val::tainted(taint),
                        Known::Marker(_) => return Val::unknown(line, "it depends on the command line"),
                    }
                }
                items = kept;
                continue;
            }
            let more = match self.plain_items(other) {
                Ok(items) => items,
                Err(taint) => return Val::tainted(taint),
            };
            if name == "union" {
                items.extend(more);
                continue;
            }
            self.spend(items.len() * more.len() / 8);
            let keep = name == "intersection";
            items.retain(|it| more.iter().any(|other| self.equal(it, other) == Some(true)) == keep);
        }
        self.set(items.into_iter().map(settle).collect(), line)
    }
}

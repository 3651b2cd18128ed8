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
        let line = self.line(node);
        let done = Val::new(Kind::None, line);
        let Cell::Items(old) = self.cell(id) else {
            return Ok(None);
        };
        let length = old.len();
        let this = Val::new(Kind::List(id), line);
        Ok(match (name, args.positional.as_slice()) {
            ("append", [item]) if args.are(1) => {
                self.extend(id, vec![item.clone()], item.line);
                Some(done)
            }
            ("extend", [more]) if args.are(1) => {
                match self.items(more) {
                    Ok(items) => self.extend(id, items, more.line),
                    Err(taint) => self.taint(&[id], &Val::tainted(taint)),
                }
                Some(done)
            }
            ("insert", [at, item]) if args.are(2) => {
                let at = at.kind.int().and_then(|at| usize::try_from(at).ok());
                self.spend(length / 8);
                self.change(id, |items| {
                    let at = at?.min(items.len());
                    items.insert(at, item.clone());
                    Some(done)
                })
            }
            ("pop", at) if at.len() <= 1 => {
                let at = at.first().map_or(Some(-1), |at| at.kind.int()).and_then(|at| index(at, length));
                self.change(id, |items| {
                    items.iter().all(|it| it.marker.is_none()).then_some(())?;
                    Some(items.remove(at?))
                })
            }
            ("remove", [item]) => return self.remove(id, &old.clone(), item, node),
            ("sort", []) if args.are(0) => {
                let Some(Ok(sorted)) = self.sorted(&this).map(|it| self.items(&it)) else { return Ok(None) };
                self.change(id, |items| {
                    *items = sorted;
                    Some(done)
                })
            }
            ("reverse" | "clear", []) => self.change(id, |items| {
                if name == "clear" {
                    items.clear();
                }
                items.reverse();
                Some(done)
            }),
            ("copy", []) => {
                let items = old.clone();
                Some(self.list(items, line))
            }
            ("index" | "count", _) => self.tuple_method(&this, name, args, node),
            _ => None,
        })
    }

    fn change(&mut self, id: Id, with: impl FnOnce(&mut Vec<Val>) -> Option<Val>) -> Option<Val> {
        match self.cell_mut(id) {
            Some(Cell::Items(items)) => with(items),
            _ => None,
        }
    }

    /// `list.remove(wanted)`. `None` when nobody knows whether it is there.
    fn remove(&mut self, id: Id, items: &[Val], wanted: &Val, node: &impl Ranged) -> Eval<Option<Val>> {
        for (at, it) in items.iter().enumerate() {
            match self.equal(it, wanted) {
                Some(true) if it.marker.is_none() => {
                    let done = Val::new(Kind::None, self.line(node));
                    return Ok(self.change(id, |items| {
                        items.remove(at);
                        Some(done)
                    }));
                }
                Some(false) => {}
                _ => return Ok(None),
            }
        }
        self.raise(node, "ValueError", "there is no such item").map(Some)
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
        Ok(Some(match (name, args.positional.as_slice()) {
            ("get" | "pop" | "setdefault" | "has_key", [key, rest @ ..]) => {
                return self.dict_look_up(id, &entries, name, (key, rest.first()), node);
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

    /// Methods that look for a key. `None` when nobody knows whether it is there.
    fn dict_look_up(
        &mut self,
        id: Id,
        entries: &[(Val, Val)],
        name: &str,
        (key, default): (&Val, Option<&Val>),
        node: &impl Ranged,
    ) -> Eval<Option<Val>> {
        let line = self.line(node);
        if self.hashable(key).is_none() {
            return Ok(None);
        }
        let at = entries.iter().position(|(it, _)| self.equal(it, key) == Some(true));
        let found = at.and_then(|at| entries.get(at));
        if found.is_some_and(|(key, _)| key.marker.is_some()) {
            return Ok(None);
        }
        let value = found.map(|(_, value)| value.clone());
        let nothing = Val::new(Kind::None, line);
        Ok(Some(match (name, value, default) {
            ("has_key", value, _) => Val::new(Kind::Bool(value.is_some()), line),
            ("pop", Some(value), _) => {
                if let (Some(at), Some(Cell::Entries(entries))) = (at, self.cell_mut(id)) {
                    entries.remove(at);
                }
                value
            }
            ("pop", None, None) => return self.raise(node, "KeyError", "there is no such key").map(Some),
            ("setdefault", None, default) => {
                let value = default.cloned().unwrap_or(nothing);
                self.set_entry(id, key, value.clone());
                value
            }
            (_, Some(value), _) => value,
            (_, None, default) => default.cloned().unwrap_or(nothing),
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

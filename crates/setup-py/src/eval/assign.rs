//! Assignments.

use ruff_python_ast::{Expr, ExprSubscript, Operator, StmtAugAssign};

use super::value::{Cell, Kind, Val};
use super::{Eval, Interpreter};
use crate::RemarkKind;

impl<'a> Interpreter<'a> {
    pub(super) fn assign(&mut self, target: &'a Expr, value: Val) -> Eval<()> {
        match target {
            Expr::Name(name) => {
                self.set_name(&name.id, value);
                Ok(())
            }
            Expr::Tuple(it) => self.unpack(&it.elts, &value),
            Expr::List(it) => self.unpack(&it.elts, &value),
            Expr::Subscript(it) => self.set_item(it, value),
            Expr::Attribute(it) => {
                let owner = self.eval(&it.value)?;
                let line = self.line(target);
                if !matches!(owner.kind, Kind::Function(_)) {
                    self.remark(line, RemarkKind::Effect, format!("sets `{}`", self.code(target)));
                }
                let reason = Val::unknown(line, format!("`{}` is set", self.code(target)));
                self.taint_value(&owner, &reason);
                self.taint_value(&value, &reason);
                Ok(())
            }
            Expr::Starred(it) => self.assign(&it.value, value),
            _ => Ok(()),
        }
    }

    fn unpack(&mut self, targets: &'a [Expr], value: &Val) -> Eval<()> {
        let fits = |items: &[Val]| items.len() == targets.len() && !targets.iter().any(Expr::is_starred_expr);
        match self.plain_items(value) {
            Ok(items) if fits(&items) => {
                targets.iter().zip(items).try_for_each(|(target, item)| self.assign(target, item))
            }
            Ok(items) => {
                let star = targets.iter().position(Expr::is_starred_expr);
                let Some(star) = star.filter(|_| items.len() + 1 >= targets.len()) else {
                    let unknown = Val::unknown(value.line, "the number of values does not fit");
                    return targets.iter().try_for_each(|target| self.assign(target, unknown.clone()));
                };
                let after = targets.len() - star - 1;
                for (target, item) in targets.iter().zip(&items).take(star) {
                    self.assign(target, item.clone())?;
                }
                let middle = items.get(star..items.len() - after).unwrap_or_default().to_vec();
                let middle = self.list(middle, value.line);
                if let Some(target) = targets.get(star) {
                    self.assign(target, middle)?;
                }
                let last = items.len() - after;
                for (target, item) in targets.iter().skip(star + 1).zip(items.iter().skip(last)) {
                    self.assign(target, item.clone())?;
                }
                Ok(())
            }
            Err(taint) => {
                targets.iter().try_for_each(|target| self.assign(target, Val::tainted(taint.clone())))
            }
        }
    }

    fn set_item(&mut self, target: &'a ExprSubscript, value: Val) -> Eval<()> {
        let owner = self.eval(&target.value)?;
        let key = self.eval(&target.slice)?;
        match &owner.kind {
            Kind::Dict(id) => self.set_entry(*id, &key, value),
            Kind::List(id) => {
                let at = match (&key.kind, self.cell(*id)) {
                    (Kind::Int(at), Cell::Items(items)) => index(*at, items.len()),
                    _ => None,
                };
                if let (Some(at), Some(Cell::Items(items))) = (at, self.cell_mut(*id)) {
                    if let Some(slot) = items.get_mut(at) {
                        *slot = value;
                    }
                } else {
                    let reason = Val::unknown(self.line(target), "an item is set that is not known");
                    self.taint(&[*id], &reason);
                    self.taint_value(&value, &reason);
                }
            }
            _ => {
                let line = self.line(target);
                if matches!(owner.kind, Kind::External(_)) {
                    self.remark(line, RemarkKind::Effect, format!("sets `{}`", self.code(target)));
                }
                let reason = Val::unknown(line, format!("`{}` is set", self.code(target)));
                self.taint_value(&owner, &reason);
                self.taint_value(&value, &reason);
            }
        }
        Ok(())
    }

    /// `dictionary[key] = value`
    pub(super) fn set_entry(&mut self, id: usize, key: &Val, value: Val) {
        if key.marker.as_ref().is_some_and(|it| it.is_perhaps()) {
            return self.set_perhaps(id, key, value);
        }
        let reason = match &key.kind {
            Kind::Unknown(taint) => Some(taint.clone()),
            _ => None,
        };
        let same = match self.hashable(key) {
            Some(()) if reason.is_none() => match self.cell(id) {
                Cell::Entries(entries) => {
                    let entries = entries.clone();
                    self.spend(entries.len() / 8 + 1);
                    Some(entries.iter().position(|(it, _)| self.equal(it, key) == Some(true)))
                }
                _ => None,
            },
            _ => None,
        };
        match (same, self.cell_mut(id)) {
            (Some(Some(at)), Some(Cell::Entries(entries))) => {
                if let Some(entry) = entries.get_mut(at) {
                    *entry = (Val { marker: None, ..entry.0.clone() }, value);
                }
            }
            (Some(None), Some(Cell::Entries(entries))) => entries.push((key.clone(), value)),
            _ => {
                let why = Val::unknown(key.line, "a key of a dictionary is not known");
                let why = reason.map_or(why, Val::tainted);
                self.taint(&[id], &why);
                self.taint_value(&value, &why);
            }
        }
    }

    /// An entry that may be there or not goes into a dictionary.
    fn set_perhaps(&mut self, id: usize, key: &Val, value: Val) {
        let Cell::Entries(entries) = self.cell(id) else { return self.taint_value(&value, &value) };
        let at = entries.iter().position(|(it, _)| self.equal(it, key) == Some(true));
        match (at, self.cell_mut(id)) {
            (Some(at), Some(Cell::Entries(entries))) => {
                if let Some(entry) = entries.get_mut(at) {
                    let old = entry.1.ids();
                    entry.1 = match value.taint() {
                        Some(taint) => Val::tainted(super::state::with_aliases(taint, old)),
                        None => Val::unknown(key.line, "it is not known whether it is there"),
                    };
                }
            }
            (None, Some(Cell::Entries(entries))) => entries.push((key.clone(), value)),
            _ => {}
        }
    }

    pub(super) fn augmented(&mut self, statement: &'a StmtAugAssign) -> Eval<()> {
        let old = self.eval(&statement.target)?;
        let value = self.eval(&statement.value)?;
        match (&old.kind, statement.op) {
            (Kind::List(id), Operator::Add) => match self.items(&value) {
                Ok(items) => self.extend(*id, items, value.line),
                Err(taint) => self.taint(&[*id], &Val::tainted(taint)),
            },
            (Kind::Set(id), Operator::BitOr) => {
                let id = *id;
                self.add_to_set(id, &value);
            }
            (Kind::Dict(id), Operator::BitOr) => self.update(*id, &value),
            (Kind::Unknown(_) | Kind::Set(_) | Kind::Dict(_) | Kind::List(_), _) => {
                let reason = match &old.kind {
                    Kind::Unknown(_) => old.clone(),
                    _ => self.unknown(statement, format!("`{}`", self.code(statement))),
                };
                self.taint_value(&old, &reason);
                self.taint_value(&value, &reason);
                return self.assign(&statement.target, reason);
            }
            _ => {
                let result = self.binary(&old, statement.op, &value, statement);
                return self.assign(&statement.target, result);
            }
        }
        Ok(())
    }

    pub(super) fn delete(&mut self, target: &'a Expr) -> Eval<()> {
        match target {
            Expr::Name(name) => self.remove_name(&name.id),
            Expr::Subscript(it) => {
                let owner = self.eval(&it.value)?;
                let key = self.eval(&it.slice)?;
                if let Kind::Dict(id) = owner.kind
                    && self.hashable(&key).is_some()
                    && let Cell::Entries(entries) = self.cell(id)
                {
                    let mut entries = entries.clone();
                    entries.retain(|(it, _)| self.equal(it, &key) != Some(true));
                    if let Some(cell) = self.cell_mut(id) {
                        *cell = Cell::Entries(entries);
                    }
                } else {
                    let reason =
                        Val::unknown(self.line(target), format!("`{}` is deleted", self.code(target)));
                    self.taint_value(&owner, &reason);
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// A Python index, which may count from the end.
pub(super) fn index(at: i64, length: usize) -> Option<usize> {
    let length = i64::try_from(length).ok()?;
    let at = if at < 0 { at + length } else { at };
    usize::try_from(at).ok().filter(|_| at < length)
}

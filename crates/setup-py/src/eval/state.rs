//! What two paths of a program leave behind, joined into one state.

use std::rc::Rc;

use super::condition::Marker;
use super::value::{Cell, Frame, Id, Kind, State, Taint, Val};

/// Why there are two paths.
#[derive(Debug, Clone)]
pub(crate) enum Split {
    /// The first path is taken where the marker is true, the second one elsewhere.
    Marker(Rc<Marker>, Rc<Taint>),
    /// Nobody knows.
    Unknown(Rc<Taint>),
}

impl Split {
    /// Why a value that differs is not known.
    pub(crate) fn taint(&self) -> &Rc<Taint> {
        match self {
            Self::Marker(_, taint) | Self::Unknown(taint) => taint,
        }
    }

    fn marker(&self) -> Option<&Rc<Marker>> {
        match self {
            Self::Marker(marker, _) => Some(marker),
            Self::Unknown(_) => None,
        }
    }
}

/// Containers that a join makes, with the places they will have in the heap.
pub(crate) struct Fresh {
    base: usize,
    cells: Vec<Rc<Cell>>,
    links: Vec<(Id, Id)>,
}

impl Fresh {
    pub(crate) fn after(state: &State) -> Self {
        Self { base: state.heap.len(), cells: Vec::new(), links: Vec::new() }
    }

    fn add(&mut self, cell: Cell) -> Id {
        self.cells.push(Rc::new(cell));
        self.base + self.cells.len() - 1
    }

    /// A container that stands for one of two others: who changes one of the three may change the others.
    fn merged(&mut self, cell: Cell, one: Id, two: Id) -> Id {
        let new = self.add(cell);
        self.links.extend([(new, one), (new, two)]);
        new
    }

    pub(crate) fn put_into(self, state: &mut State) {
        state.heap.extend(self.cells);
        for (one, two) in self.links {
            state.links.entry(one).or_default().push(two);
            state.links.entry(two).or_default().push(one);
        }
    }
}

/// Joins the states at the ends of two paths that began in the same state.
pub(crate) fn join(one: &State, two: &State, split: &Split) -> State {
    let length = one.heap.len().max(two.heap.len());
    let mut fresh = Fresh { base: length, cells: Vec::new(), links: Vec::new() };
    let heap = (0..length).map(|id| join_cell(one, two, id, &mut fresh, split)).collect();
    let mut joined = State { frames: Vec::new(), heap, links: one.links.clone() };
    for (id, others) in &two.links {
        let links = joined.links.entry(*id).or_default();
        links.extend(others);
        links.sort_unstable();
        links.dedup();
    }
    let frames = one.frames.len().max(two.frames.len());
    for at in 0..frames {
        let frame = match (one.frames.get(at), two.frames.get(at)) {
            (Some(frame), None) | (None, Some(frame)) => frame.clone(),
            (Some(left), Some(right)) if Rc::ptr_eq(left, right) => left.clone(),
            (Some(left), Some(right)) => Rc::new(join_frames((one, left), (two, right), &mut fresh, split)),
            (None, None) => Rc::default(),
        };
        joined.frames.push(frame);
    }
    fresh.put_into(&mut joined);
    joined
}

fn join_frames(one: (&State, &Frame), two: (&State, &Frame), fresh: &mut Fresh, split: &Split) -> Frame {
    let mut frame = one.1.clone();
    frame.elsewhere.extend(two.1.elsewhere.iter().map(|(name, at)| (name.clone(), *at)));
    for (name, value) in &one.1.names {
        let merged = match two.1.names.get(name) {
            Some(other) => join_value((one.0, value), (two.0, other), fresh, split),
            None => one_sided(value, true, split),
        };
        frame.names.insert(name.clone(), merged);
    }
    for (name, value) in &two.1.names {
        if !one.1.names.contains_key(name) {
            frame.names.insert(name.clone(), one_sided(value, false, split));
        }
    }
    frame
}

/// A name that only one path sets. Where the other path is taken, using the name would be an error.
fn one_sided(value: &Val, first: bool, split: &Split) -> Val {
    let code = matches!(value.kind, Kind::External(_) | Kind::Function(_) | Kind::Class(_) | Kind::Module(_));
    match split.marker().and_then(|it| it.modern) {
        Some(modern) if modern == first => value.clone(),
        // An import in one branch: whatever uses the name needs that branch.
        _ if code => value.clone(),
        _ => Val::tainted(with_aliases(split.taint(), value.ids())),
    }
}

/// Joins two values, if needed as a new list whose items carry markers.
pub(crate) fn join_value(one: (&State, &Val), two: (&State, &Val), fresh: &mut Fresh, split: &Split) -> Val {
    if one.1.same(two.1) || both_set_up(one.1, two.1) {
        return one.1.clone();
    }
    if let Some(marker) = split.marker() {
        if let (Some(left), Some(right)) = (list_items(one), list_items(two))
            && let Some(items) = merge_items(left, right, marker)
        {
            let (Some(first), Some(second)) = (one.1.id(), two.1.id()) else { return one.1.clone() };
            let id = fresh.merged(Cell::Items(items), first, second);
            let kind = if matches!(one.1.kind, Kind::Tuple(_)) { Kind::Tuple(id) } else { Kind::List(id) };
            return Val::new(kind, one.1.line);
        }
        match marker.modern {
            Some(true) => return one.1.clone(),
            Some(false) => return two.1.clone(),
            None => {}
        }
    }
    if let (Kind::Dict(first), Kind::Dict(second)) = (&one.1.kind, &two.1.kind)
        && let (Some(Cell::Entries(entries)), Some(Cell::Entries(others))) =
            (cell(one.0, *first), cell(two.0, *second))
    {
        let entries = join_entries((one.0, entries), (two.0, others), fresh, split);
        let id = fresh.merged(Cell::Entries(entries), *first, *second);
        return Val::new(Kind::Dict(id), one.1.line);
    }
    let mut aliases = one.1.ids();
    aliases.extend(two.1.ids());
    Val::tainted(with_aliases(split.taint(), aliases))
}

/// Whichever `setup` it is, the arguments are the same.
fn both_set_up(one: &Val, two: &Val) -> bool {
    let is_setup = |it: &Val| matches!(&it.kind, Kind::External(name) if super::setup::is_setup(name));
    is_setup(one) && is_setup(two)
}

fn cell(state: &State, id: Id) -> Option<&Cell> {
    state.heap.get(id).map(Rc::as_ref)
}

fn list_items<'a>((state, value): (&'a State, &Val)) -> Option<&'a [Val]> {
    let (Kind::List(id) | Kind::Tuple(id)) = value.kind else { return None };
    match state.heap.get(id).map(Rc::as_ref) {
        Some(Cell::Items(items)) => Some(items),
        _ => None,
    }
}

fn join_cell(one: &State, two: &State, id: Id, fresh: &mut Fresh, split: &Split) -> Rc<Cell> {
    let (left, right) = match (one.heap.get(id), two.heap.get(id)) {
        (Some(left), Some(right)) => (left, right),
        (Some(cell), None) | (None, Some(cell)) => return cell.clone(),
        (None, None) => return Rc::new(Cell::Absent),
    };
    if Rc::ptr_eq(left, right) {
        return left.clone();
    }
    match (left.as_ref(), right.as_ref()) {
        (Cell::Absent, _) | (_, Cell::Unknown(_)) => return right.clone(),
        (_, Cell::Absent) | (Cell::Unknown(_), _) => return left.clone(),
        (Cell::Items(items), Cell::Items(others)) => {
            if items.len() == others.len() && items.iter().zip(others).all(|(it, other)| it.same(other)) {
                return left.clone();
            }
            if let Some(items) = split.marker().and_then(|marker| merge_items(items, others, marker)) {
                return Rc::new(Cell::Items(items));
            }
        }
        (Cell::Entries(entries), Cell::Entries(others)) => {
            let equal = |(it, other): (&(Val, Val), &(Val, Val))| it.0.same(&other.0) && it.1.same(&other.1);
            if entries.len() == others.len() && entries.iter().zip(others).all(equal) {
                return left.clone();
            }
            if split.marker().and_then(|it| it.modern).is_none() {
                return Rc::new(Cell::Entries(join_entries((one, entries), (two, others), fresh, split)));
            }
        }
        _ => {}
    }
    match split.marker().and_then(|it| it.modern) {
        Some(true) => left.clone(),
        Some(false) => right.clone(),
        None => {
            let mut aliases = cell_ids(left);
            aliases.extend(cell_ids(right));
            Rc::new(Cell::Unknown(with_aliases(split.taint(), aliases)))
        }
    }
}

type Entries<'a> = (&'a State, &'a [(Val, Val)]);

/// The entries of both dictionaries. What only one of them has may be there or not.
fn join_entries(one: Entries<'_>, two: Entries<'_>, fresh: &mut Fresh, split: &Split) -> Vec<(Val, Val)> {
    let find = |entries: &[(Val, Val)], key: &Val| entries.iter().position(|(it, _)| it.kind.same(&key.kind));
    let perhaps = |(key, value): &(Val, Val)| {
        let key = Val { marker: Some(Rc::new(Marker::perhaps())), ..key.clone() };
        (key, Val::tainted(with_aliases(split.taint(), value.ids())))
    };
    let mut entries = Vec::new();
    for entry in one.1 {
        entries.push(match find(two.1, &entry.0).and_then(|at| two.1.get(at)) {
            Some(other) if entry.0.same(&other.0) => {
                (entry.0.clone(), join_value((one.0, &entry.1), (two.0, &other.1), fresh, split))
            }
            _ => perhaps(entry),
        });
    }
    entries.extend(two.1.iter().filter(|it| find(one.1, &it.0).is_none()).map(perhaps));
    entries
}

/// Every place in the heap that a cell leads to in one step.
pub(crate) fn cell_ids(cell: &Cell) -> Vec<Id> {
    match cell {
        Cell::Items(items) => items.iter().flat_map(Val::ids).collect(),
        Cell::Entries(entries) => {
            entries.iter().flat_map(|(key, value)| [key.ids(), value.ids()].concat()).collect()
        }
        Cell::Unknown(taint) => taint.aliases.clone(),
        Cell::File { .. } | Cell::Absent => Vec::new(),
    }
}

/// The items of both lists in order: common ones as they are, others under the marker of their path.
fn merge_items(left: &[Val], right: &[Val], marker: &Rc<Marker>) -> Option<Vec<Val>> {
    let start = left.iter().zip(right).take_while(|(one, two)| one.same(two)).count();
    let (left_rest, right_rest) = (left.get(start..)?, right.get(start..)?);
    let end =
        left_rest.iter().rev().zip(right_rest.iter().rev()).take_while(|(one, two)| one.same(two)).count();
    let mut items = left.get(..start)?.to_vec();
    let negated = Rc::new(marker.not());
    for item in left_rest.get(..left_rest.len() - end)? {
        items.push(marked(item, marker)?);
    }
    for item in right_rest.get(..right_rest.len() - end)? {
        items.push(marked(item, &negated)?);
    }
    items.extend_from_slice(left_rest.get(left_rest.len() - end..)?);
    Some(items)
}

/// The string under one more marker. Other values have no place for a marker.
fn marked(item: &Val, marker: &Rc<Marker>) -> Option<Val> {
    if !matches!(item.kind, Kind::Str(_)) {
        return None;
    }
    let marker = match &item.marker {
        Some(inner) => Rc::new(marker.and(inner)?),
        None => marker.clone(),
    };
    Some(Val { marker: Some(marker), ..item.clone() })
}

/// The same reason, for a value that may be or hold more containers.
pub(crate) fn with_aliases(taint: &Rc<Taint>, mut aliases: Vec<Id>) -> Rc<Taint> {
    aliases.retain(|id| !taint.aliases.contains(id));
    if aliases.is_empty() {
        return taint.clone();
    }
    aliases.extend(&taint.aliases);
    aliases.sort_unstable();
    aliases.dedup();
    Rc::new(Taint { aliases, ..taint.as_ref().clone() })
}

//! Values while they are computed, and the state that holds them.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::condition::{Environment, Marker};
use super::pattern::{Match, Pattern};
use crate::{FindPackages, Origin, UnknownKind};

/// A place in the heap. Containers live there, so that two names can hold the same list.
pub(crate) type Id = usize;

/// A value with what is known about it.
#[derive(Debug, Clone)]
pub(crate) struct Val {
    pub(crate) kind: Kind,
    pub(crate) line: usize,
    pub(crate) from: Option<Rc<[Origin]>>,
    /// The item is there only under this marker. Only items of lists have one.
    pub(crate) marker: Option<Rc<Marker>>,
}

#[derive(Debug, Clone)]
pub(crate) enum Kind {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(Rc<str>),
    Bytes(Rc<str>),
    List(Id),
    Tuple(Id),
    Set(Id),
    Dict(Id),
    /// Something that gives its items once: a generator, `map(...)`.
    Iterator(Id),
    /// An open file or an `io.StringIO`.
    File(Id),
    /// A pathlib path, in the form of [`super::path`].
    Path(Rc<str>),
    /// A name of another distribution or a builtin, such as `os.path.join`.
    External(Rc<str>),
    /// A method of a value, such as `"".join`.
    Method(Rc<(Val, Box<str>)>),
    /// A function of setup.py, by its place in the table of functions.
    Function(usize),
    /// A class of setup.py.
    Class(Rc<str>),
    /// A module of the project, by its file.
    Module(Rc<str>),
    Match(Rc<Match>),
    Pattern(Rc<Pattern>),
    Environment(Environment),
    Condition(Rc<Marker>),
    /// `sys.argv` or a part of it.
    Arguments,
    /// An object that is made by calling this name.
    Object(Rc<str>),
    Packages(Rc<FindPackages>),
    Unknown(Rc<Taint>),
}

/// Why a value is not known.
#[derive(Debug, Clone)]
pub(crate) struct Taint {
    pub(crate) line: usize,
    pub(crate) why: String,
    pub(crate) kind: UnknownKind,
    /// Containers that the value may be or hold. Who changes the value may change them.
    pub(crate) aliases: Vec<Id>,
}

/// What is at a place in the heap.
#[derive(Debug, Clone)]
pub(crate) enum Cell {
    /// Made on another path.
    Absent,
    Items(Vec<Val>),
    Entries(Vec<(Val, Val)>),
    File {
        path: Rc<str>,
        text: Rc<str>,
        at: usize,
        bytes: bool,
    },
    Unknown(Rc<Taint>),
}

/// Everything that a statement can change.
#[derive(Debug, Clone, Default)]
pub(crate) struct State {
    pub(crate) frames: Vec<Rc<Frame>>,
    pub(crate) heap: Vec<Rc<Cell>>,
    /// Containers that may be one and the same: whoever changes the one may change the others.
    pub(crate) links: BTreeMap<Id, Vec<Id>>,
}

/// The names of a module or of one call of a function.
#[derive(Debug, Clone, Default)]
pub(crate) struct Frame {
    pub(crate) names: BTreeMap<Rc<str>, Val>,
    /// The frame of the function around this one; the module is frame 0.
    pub(crate) parent: Option<usize>,
    /// Names that `global` or `nonlocal` send to another frame.
    pub(crate) elsewhere: BTreeMap<Rc<str>, usize>,
}

impl Val {
    pub(crate) fn new(kind: Kind, line: usize) -> Self {
        Self { kind, line, from: None, marker: None }
    }

    pub(crate) fn text(text: impl Into<Rc<str>>, line: usize) -> Self {
        Self::new(Kind::Str(text.into()), line)
    }

    pub(crate) fn external(name: &str, line: usize) -> Self {
        Self::new(Kind::External(Rc::from(name)), line)
    }

    pub(crate) fn unknown(line: usize, why: impl Into<String>) -> Self {
        Self::unknown_kind(line, why, UnknownKind::Other)
    }

    pub(crate) fn unknown_kind(line: usize, why: impl Into<String>, kind: UnknownKind) -> Self {
        Self::tainted(Rc::new(Taint { line, why: why.into(), kind, aliases: Vec::new() }))
    }

    pub(crate) fn tainted(taint: Rc<Taint>) -> Self {
        let line = taint.line;
        Self::new(Kind::Unknown(taint), line)
    }

    pub(crate) fn with_from(mut self, from: Option<Rc<[Origin]>>) -> Self {
        self.from = from;
        self
    }

    pub(crate) fn taint(&self) -> Option<&Rc<Taint>> {
        match &self.kind {
            Kind::Unknown(taint) => Some(taint),
            _ => None,
        }
    }

    pub(crate) fn as_str(&self) -> Option<&Rc<str>> {
        match &self.kind {
            Kind::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The place in the heap that the value is.
    pub(crate) fn id(&self) -> Option<Id> {
        match self.kind {
            Kind::List(id)
            | Kind::Tuple(id)
            | Kind::Set(id)
            | Kind::Dict(id)
            | Kind::Iterator(id)
            | Kind::File(id) => Some(id),
            _ => None,
        }
    }

    /// Every place in the heap that the value leads to in one step.
    pub(crate) fn ids(&self) -> Vec<Id> {
        match &self.kind {
            Kind::Unknown(taint) => taint.aliases.clone(),
            Kind::Method(method) => method.0.ids(),
            _ => self.id().into_iter().collect(),
        }
    }

    /// Whether both are the same object or equal plain values. Lines and origins do not count.
    pub(crate) fn same(&self, other: &Self) -> bool {
        let markers = match (&self.marker, &other.marker) {
            (None, None) => true,
            (Some(one), Some(two)) => one.text == two.text,
            _ => false,
        };
        markers && self.kind.same(&other.kind)
    }
}

impl Kind {
    pub(crate) fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::None, Self::None) | (Self::Arguments, Self::Arguments) => true,
            (Self::Bool(one), Self::Bool(two)) => one == two,
            (Self::Int(one), Self::Int(two)) => one == two,
            (Self::Float(one), Self::Float(two)) => one.to_bits() == two.to_bits(),
            (Self::Str(one), Self::Str(two))
            | (Self::Bytes(one), Self::Bytes(two))
            | (Self::Path(one), Self::Path(two))
            | (Self::External(one), Self::External(two))
            | (Self::Class(one), Self::Class(two))
            | (Self::Module(one), Self::Module(two))
            | (Self::Object(one), Self::Object(two)) => one == two,
            (Self::List(one), Self::List(two))
            | (Self::Tuple(one), Self::Tuple(two))
            | (Self::Set(one), Self::Set(two))
            | (Self::Dict(one), Self::Dict(two))
            | (Self::Iterator(one), Self::Iterator(two))
            | (Self::File(one), Self::File(two))
            | (Self::Function(one), Self::Function(two)) => one == two,
            (Self::Method(one), Self::Method(two)) => one.1 == two.1 && one.0.same(&two.0),
            (Self::Environment(one), Self::Environment(two)) => one == two,
            (Self::Condition(one), Self::Condition(two)) => one.text == two.text,
            (Self::Packages(one), Self::Packages(two)) => one == two,
            (Self::Match(one), Self::Match(two)) => Rc::ptr_eq(one, two),
            (Self::Pattern(one), Self::Pattern(two)) => Rc::ptr_eq(one, two),
            (Self::Unknown(one), Self::Unknown(two)) => Rc::ptr_eq(one, two),
            _ => false,
        }
    }

    /// What the value is called in messages.
    pub(crate) fn noun(&self) -> &'static str {
        match self {
            Self::None => "`None`",
            Self::Bool(_) => "a boolean",
            Self::Int(_) | Self::Float(_) => "a number",
            Self::Str(_) => "a string",
            Self::Bytes(_) => "bytes",
            Self::List(_) => "a list",
            Self::Tuple(_) => "a tuple",
            Self::Set(_) => "a set",
            Self::Dict(_) => "a dictionary",
            Self::Iterator(_) => "an iterator",
            Self::File(_) => "an open file",
            Self::Path(_) => "a path",
            Self::Method(_) | Self::Function(_) => "a function",
            Self::Class(_) => "a class",
            Self::External(_) | Self::Module(_) => "a module or something in it",
            Self::Match(_) | Self::Pattern(_) => "a regular expression",
            Self::Environment(_) | Self::Condition(_) => "a fact about the interpreter",
            Self::Arguments => "the command line",
            Self::Object(_) | Self::Packages(_) => "an object",
            Self::Unknown(_) => "unknown",
        }
    }
}

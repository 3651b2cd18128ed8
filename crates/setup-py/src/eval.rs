//! Abstract interpretation of a module: every path that Python may take, values where they are certain.

mod assign;
mod attempt;
mod builtins;
mod calls;
mod collection;
mod compare;
mod comprehension;
mod condition;
mod environ;
mod execute;
mod export;
mod expression;
mod files;
mod format;
mod function;
mod heap;
mod imports;
mod loops;
mod names;
mod operator;
mod packages;
mod path;
mod pattern;
mod setup;
mod state;
mod statement;
mod text;
mod value;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::Ranged;

use crate::source::Source;
use crate::{Evaluated, Files, Remark, RemarkKind};
use function::Function;
use imports::Module;
use state::Split;
use value::{Frame, Id, State, Taint, Val};

pub(crate) use setup::Call;

/// Units of work for one setup.py: expressions, items, and every 16 bytes of new strings.
const FUEL: u64 = 600_000;
/// How deep expressions and calls may nest while they are evaluated.
const DEEPEST: usize = 1500;
/// How deep functions may call each other.
const DEEPEST_CALLS: usize = 40;

/// The path ended here: by `return`, `raise`, `break` or `continue`. Where it leads to is recorded already.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Halt;

type Eval<T = Val> = Result<T, Halt>;

/// What is left when a module has run.
pub(crate) struct Run {
    pub(crate) calls: Vec<Call>,
    pub(crate) remarks: Vec<Remark>,
    pub(crate) imports: Vec<(String, usize)>,
    /// The names of the module and what they hold.
    pub(crate) names: Vec<(String, Evaluated)>,
}

/// Runs a module of the project. `path` is its file, `outer` the fuel and the depth that are left.
pub(crate) fn run(source: &Source, files: &dyn Files, path: &str, budget: Budget) -> (Run, Budget) {
    run_with(source, files, path, budget, None, Ran::default())
}

type Listing = Option<Rc<BTreeSet<String>>>;

fn run_with(
    source: &Source,
    files: &dyn Files,
    path: &str,
    budget: Budget,
    listing: Listing,
    ran: Ran,
) -> (Run, Budget) {
    let mut interpreter = Interpreter::new(source, files, path, budget);
    interpreter.listing = listing;
    interpreter.ran = ran;
    let body = source.parsed.suite();
    if let Some(Stmt::Expr(first)) = body.first()
        && let Expr::StringLiteral(text) = &*first.value
    {
        interpreter.set_name("__doc__", Val::text(text.value.to_str(), 1));
    }
    // The end of the path is the end of the run either way.
    let ended = interpreter.block(body);
    let names = if ended.is_ok() { interpreter.export_names() } else { Vec::new() };
    let Interpreter { calls, remarks, imports, budget, .. } = interpreter;
    (Run { calls, remarks: remarks.into_iter().collect(), imports, names }, budget)
}

/// Files that have run, for all that import them: with how many further files allowed, and what they left. One that was
/// allowed more knows at least as much.
type Ran = Rc<RefCell<BTreeMap<String, (usize, Rc<Module>)>>>;

/// What is left of the limits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    pub(crate) fuel: u64,
    pub(crate) depth: usize,
    /// Files that run each other.
    pub(crate) modules: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { fuel: FUEL, depth: DEEPEST, modules: 4 }
    }
}

struct Interpreter<'a> {
    source: &'a Source,
    files: &'a dyn Files,
    listing: Listing,
    /// The file that runs.
    path: &'a str,
    budget: Budget,
    functions: Vec<Function<'a>>,
    /// Classes of setup.py and their bodies.
    classes: Vec<(&'a str, &'a [Stmt])>,
    state: State,
    /// The frame of the function that runs.
    frame: usize,
    call_depth: usize,
    loops: Vec<LoopExits>,
    returns: Vec<Exit>,
    tries: Vec<TryExits>,
    /// Where the generators that run put what they give.
    yields: Vec<Id>,
    /// The line of the statement that runs.
    here: usize,
    /// The last thing that made two paths out of one.
    reason: Rc<Taint>,
    modules: BTreeMap<String, Result<Rc<Module>, String>>,
    ran: Ran,
    /// Folders that are searched for modules.
    search: Vec<String>,
    calls: Vec<Call>,
    remarks: BTreeSet<Remark>,
    imports: Vec<(String, usize)>,
}

/// The joined states of paths that ended in the same way.
#[derive(Default)]
struct Exit {
    state: Option<State>,
}

#[derive(Default)]
struct LoopExits {
    breaks: Exit,
    continues: Exit,
}

#[derive(Default)]
struct TryExits {
    raised: Exit,
    /// The names of what was certainly raised.
    names: Vec<String>,
    /// Something in the body may raise, nobody knows.
    may_raise: Option<Rc<Taint>>,
}

impl<'a> Interpreter<'a> {
    fn new(source: &'a Source, files: &'a dyn Files, path: &'a str, budget: Budget) -> Self {
        let state = State { frames: vec![Rc::new(Frame::default())], ..State::default() };
        let mut interpreter = Self {
            source,
            files,
            listing: None,
            path,
            budget,
            functions: Vec::new(),
            classes: Vec::new(),
            state,
            frame: 0,
            call_depth: 0,
            loops: Vec::new(),
            returns: Vec::new(),
            tries: Vec::new(),
            yields: Vec::new(),
            here: 1,
            reason: heap::reason(1, "it depends on which way the code goes"),
            modules: BTreeMap::new(),
            ran: Ran::default(),
            search: vec![String::new()],
            calls: Vec::new(),
            remarks: BTreeSet::new(),
            imports: Vec::new(),
        };
        interpreter.set_name("__file__", Val::text(path, 1));
        let name = if path == "setup.py" { "__main__" } else { "" };
        if !name.is_empty() {
            interpreter.set_name("__name__", Val::text(name, 1));
        }
        interpreter
    }

    fn line(&self, node: &impl Ranged) -> usize {
        self.source.line(node.start())
    }

    /// The code of a node, short enough for a message.
    fn code(&self, node: &impl Ranged) -> String {
        let text = self.source.text.get(node.range().to_std_range()).unwrap_or_default();
        let line = text.lines().next().unwrap_or_default();
        let short: String = line.chars().take(60).collect();
        if short.len() < text.len() { format!("{short}...") } else { short }
    }

    fn unknown(&mut self, node: &impl Ranged, why: impl Into<String>) -> Val {
        let value = Val::unknown(self.line(node), why);
        self.may_raise(&value);
        value
    }

    fn remark(&mut self, line: usize, kind: RemarkKind, what: impl Into<String>) {
        // A file that setup.py imports has effects of its own, but it stays when setup.py goes.
        if self.path == "setup.py" {
            self.remarks.insert(Remark { line, kind, what: what.into() });
        }
    }

    /// Pays for work. `false` when nothing is left.
    fn spend(&mut self, units: usize) -> bool {
        self.budget.fuel = self.budget.fuel.saturating_sub(units as u64);
        self.budget.fuel > 0
    }

    fn exhausted(&self) -> bool {
        self.budget.fuel == 0
    }

    /// Runs `inner` one level deeper.
    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let Some(depth) = self.budget.depth.checked_sub(1) else {
            self.budget.fuel = 0;
            return None;
        };
        self.budget.depth = depth;
        let result = inner(self);
        self.budget.depth += 1;
        Some(result)
    }

    /// Runs both paths from here and joins what they leave behind.
    fn split<T>(
        &mut self,
        split: &Split,
        first: impl FnOnce(&mut Self) -> Eval<T>,
        second: impl FnOnce(&mut Self) -> Eval<T>,
    ) -> Eval<(Option<T>, Option<T>, State, State)> {
        let size = self.state.heap.len() + self.state.frames.len();
        self.spend(size / 4 + 1);
        self.reason = split.taint().clone();
        let before = self.state.clone();
        let one = first(self);
        let after_one = std::mem::replace(&mut self.state, before);
        self.state.pad(after_one.heap.len(), after_one.frames.len());
        let two = second(self);
        let after_two = self.state.clone();
        match (one, two) {
            (Err(Halt), Err(Halt)) => Err(Halt),
            (Ok(one), Err(Halt)) => {
                self.state.clone_from(&after_one);
                self.state.pad(after_two.heap.len(), after_two.frames.len());
                Ok((Some(one), None, after_one, after_two))
            }
            (Err(Halt), Ok(two)) => Ok((None, Some(two), after_one, after_two)),
            (Ok(one), Ok(two)) => {
                self.state = state::join(&after_one, &after_two, split);
                Ok((Some(one), Some(two), after_one, after_two))
            }
        }
    }

    /// A definite error. Where nothing can catch it the run is as good as over, and what it would be is not known.
    fn raise(&mut self, node: &impl Ranged, name: &str, why: impl Into<String>) -> Eval {
        let value = Val::unknown(self.line(node), why);
        if self.tries.is_empty() {
            return Ok(value);
        }
        Err(self.throw(name))
    }

    /// Ends the path with an exception.
    fn throw(&mut self, name: &str) -> Halt {
        self.spend(self.state.heap.len() / 16);
        let state = self.state.clone();
        if let Some(exits) = self.tries.last_mut() {
            exits.raised.add(state, &self.reason);
            exits.names.push(name.to_owned());
        }
        Halt
    }

    /// Notes that an unknown value was used where this may be an error.
    fn may_raise(&mut self, value: &Val) {
        let Some(taint) = value.taint().cloned() else { return };
        if self.tries.is_empty() {
            return;
        }
        self.spend(self.state.heap.len() / 16 + 1);
        let state = self.state.clone();
        if let Some(exits) = self.tries.last_mut() {
            exits.raised.add(state, &taint);
            exits.may_raise.get_or_insert(taint);
        }
    }
}

impl Exit {
    fn add(&mut self, state: State, taint: &Rc<Taint>) {
        self.state = Some(match self.state.take() {
            Some(other) => state::join(&other, &state, &Split::Unknown(taint.clone())),
            None => state,
        });
    }
}

/// The statements of a block and whether they are a docstring or nothing.
fn is_nothing(statement: &Stmt) -> bool {
    match statement {
        Stmt::Pass(_) => true,
        Stmt::Expr(it) => matches!(*it.value, Expr::StringLiteral(_) | Expr::EllipsisLiteral(_)),
        _ => false,
    }
}

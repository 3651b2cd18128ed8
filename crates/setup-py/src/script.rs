//! A setup.py that has been read.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::source::Source;
use crate::{Error, Evaluated, Unknown, eval};

/// The files of a project, for a setup.py that reads them.
///
/// Paths are relative to the folder of setup.py and separated by `/`. The reader never asks for a path that leads
/// out of the project by its text; links are up to the implementation.
pub trait Files {
    /// The text of a file, or `None` if it is not there or not UTF-8.
    fn read(&self, path: &str) -> Option<String>;

    /// All files.
    fn list(&self) -> Vec<String>;
}

/// Files in memory, by path.
impl Files for BTreeMap<String, String> {
    fn read(&self, path: &str) -> Option<String> {
        self.get(path).cloned()
    }

    fn list(&self) -> Vec<String> {
        self.keys().cloned().collect()
    }
}

/// What a setup.py says.
#[derive(Debug, Clone)]
pub struct SetupScript {
    /// The arguments of `setup()`, in order.
    pub arguments: Vec<Argument>,
    /// The line of the call, from 1.
    pub call_line: usize,
    /// The bytes of the call in the text.
    pub call_span: Range<usize>,
    /// Why there may be arguments that are not listed: through `**` of something that is not known.
    pub rest: Option<Unknown>,
    /// What setup.py does besides, in the order of the lines.
    pub remaining: Vec<Remark>,
    /// Modules that are imported while setup.py runs, with the line of the first import.
    pub imports: Vec<(String, usize)>,
    pub(crate) text: String,
    pub(crate) only_call: bool,
}

/// An argument of `setup()`.
#[derive(Debug, Clone, PartialEq)]
pub struct Argument {
    /// The name.
    pub name: String,
    /// The line of the name, from 1.
    pub line: usize,
    /// The bytes of `name=value` in the call; `None` when it comes through `**`.
    pub span: Option<Range<usize>>,
    /// What is known of the value.
    pub value: Evaluated,
}

/// Something in setup.py besides the call and what it needs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Remark {
    /// The line, from 1.
    pub line: usize,
    /// What kind of thing it is.
    pub kind: RemarkKind,
    /// What it is, in plain words, such as ``runs `os.system("make")` ``.
    pub what: String,
}

/// What kind of thing setup.py does besides calling `setup()`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum RemarkKind {
    /// Code runs that does more than compute: programs, written files, changed modules.
    Effect,
    /// A class is defined, which `setup()` may use.
    Class,
    /// The command line is looked at, as in `if "publish" in sys.argv`.
    CommandLine,
    /// An environment variable is looked at.
    EnvironmentVariable,
    /// Some interpreters or platforms are refused.
    Guard,
    /// A branch was left out that no supported Python takes.
    Folded,
    /// A line is not Python 3 and was left out.
    Python2,
}

/// Reads a setup.py without running it.
pub fn read(text: &str, files: &dyn Files) -> Result<SetupScript, Error> {
    // Everything that recurses is limited; the limit needs more than what the stack of a thread may have left.
    stacker::grow(STACK, || read_on_a_big_stack(text, files))
}

/// Bytes of stack for the deepest nesting that is allowed. Pages that are not used cost nothing.
const STACK: usize = 64 * 1024 * 1024;

fn read_on_a_big_stack(text: &str, files: &dyn Files) -> Result<SetupScript, Error> {
    let source = Source::parse(text)?;
    let mut remarks = python2(&source)?;
    let (run, _) = eval::run(&source, files, "setup.py", eval::Budget::default());
    let mut calls = run.calls.into_iter();
    let call = match (calls.next(), source.errors().first()) {
        (Some(call), _) => call,
        (None, Some(error)) => return Err(syntax(&source, error)),
        (None, None) => return Err(Error::NoCall),
    };
    if let Some(error) = source.errors().iter().find(|error| {
        let at = error.location.to_std_range();
        at.start >= call.range.start && at.start < call.range.end
    }) {
        return Err(syntax(&source, error));
    }
    let mut script = SetupScript {
        arguments: call.arguments,
        call_line: call.line,
        call_span: call.range,
        rest: call.rest,
        remaining: Vec::new(),
        imports: run.imports,
        text: text.to_owned(),
        only_call: true,
    };
    for other in calls {
        script.merge(&other);
    }
    remarks.extend(run.remarks);
    remarks.sort();
    remarks.dedup();
    script.remaining = remarks;
    script.shift(text.len() - source.text.len());
    Ok(script)
}

fn syntax(source: &Source, error: &ruff_python_parser::ParseError) -> Error {
    Error::Syntax { line: source.line(error.location.start()), message: error.error.to_string() }
}

/// Lines that only Python 2 understands, if nothing worse is wrong.
fn python2(source: &Source) -> Result<Vec<Remark>, Error> {
    let mut remarks = Vec::new();
    for error in source.errors() {
        let line = source.line(error.location.start());
        let text = source.line_text(line).trim();
        let harmless = text.starts_with("print ") || text.starts_with("except ");
        if !harmless {
            return Err(syntax(source, error));
        }
        let what = format!("`{}` is not Python 3", text.chars().take(60).collect::<String>());
        remarks.push(Remark { line, kind: RemarkKind::Python2, what });
    }
    Ok(remarks)
}

impl SetupScript {
    /// The argument of this name.
    pub fn argument(&self, name: &str) -> Option<&Argument> {
        self.arguments.iter().find(|it| it.name == name)
    }

    /// Whether setup.py does nothing but say what its arguments are.
    ///
    /// Once every argument has moved elsewhere, such a file can be deleted and nothing is lost.
    pub fn is_declarative(&self) -> bool {
        self.remaining
            .iter()
            .all(|it| matches!(it.kind, RemarkKind::Guard | RemarkKind::Folded | RemarkKind::Python2))
    }

    /// What another path calls `setup()` with: only what is the same on both paths is known.
    fn merge(&mut self, other: &eval::Call) {
        self.only_call &= other.range == self.call_span;
        let why = format!("line {} calls `setup()` in another way", other.line);
        let differs = |line| Unknown { line, why: why.clone(), kind: crate::UnknownKind::Other };
        for argument in &mut self.arguments {
            let same =
                other.arguments.iter().any(|it| it.name == argument.name && it.value == argument.value);
            if !same && argument.value.value().is_some() {
                argument.value = Evaluated::Unknown(differs(argument.line));
            }
        }
        for argument in &other.arguments {
            if self.argument(&argument.name).is_none() {
                let value = Evaluated::Unknown(differs(argument.line));
                self.arguments.push(Argument { span: None, value, ..argument.clone() });
            }
        }
        self.rest = self.rest.take().or_else(|| other.rest.clone());
    }

    /// Moves all spans behind a byte order mark.
    fn shift(&mut self, by: usize) {
        let moved = |span: &Range<usize>| span.start + by..span.end + by;
        let call = self.call_span.clone();
        self.call_span = moved(&call);
        for argument in &mut self.arguments {
            argument.span = argument.span.as_ref().map(moved);
        }
    }
}

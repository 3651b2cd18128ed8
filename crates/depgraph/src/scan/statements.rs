//! Finds import statements by their bytes: logical lines, and the blocks around them.

use std::sync::Arc;

use crate::{Form, Guards, Import};

use super::blocks::{Block, Blocks, Clause};
use super::cursor::{Cursor, Flaws, Stop, is_name};
use super::heads::{self, Catches, Checking};
use super::intern::Interner;
use super::names::{self, Named};

/// What the bytes of a text say.
#[derive(Debug, Default)]
pub(crate) struct Statements {
    /// The import statements, in order.
    pub(crate) imports: Vec<Import>,
    /// Whether something was met that only a tree decides.
    pub(crate) is_unclear: bool,
    /// The strings that document something, as places of the text, where they were asked for.
    pub(super) docstrings: Vec<(usize, usize)>,
    /// What the text breaks.
    pub(super) flaws: Flaws,
    /// The bytes of the longest statement.
    pub(crate) longest: usize,
    /// How deep blocks are nested.
    pub(crate) blocks: usize,
    /// Offsets at which a long text can be cut, so that each piece is Python of its own.
    pub(super) cuts: Vec<usize>,
    /// The first and last lines of import statements with more than one line.
    pub(super) spans: Vec<(u32, u32)>,
}

/// What a scan looks for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wanted {
    /// `cimport` and `cdef`.
    pub(super) is_cython: bool,
    /// Where docstrings are.
    pub(super) docstrings: Docstrings,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Docstrings {
    #[default]
    Skipped,
    Listed,
}

/// Bytes of the pieces into which a long text is cut: a tree takes 25 times as much.
const PIECE: usize = 512 << 10;

/// Finds the import statements of a text.
pub(super) fn statements(text: &[u8], wanted: Wanted, interner: &mut Interner) -> Statements {
    let mut scanner = Scanner {
        cursor: Cursor::new(text),
        wanted,
        interner,
        blocks: Blocks::default(),
        functions: Vec::new(),
        is_docstring_due: true,
        is_decorated: false,
        found: Statements::default(),
    };
    scanner.run();
    scanner.found.flaws = scanner.cursor.flaws;
    scanner.found
}

struct Scanner<'a, 'i> {
    cursor: Cursor<'a>,
    wanted: Wanted,
    interner: &'i mut Interner,
    blocks: Blocks,
    /// How many functions are around each record.
    functions: Vec<u32>,
    is_docstring_due: bool,
    /// Whether the last line without indentation was a decorator.
    is_decorated: bool,
    found: Statements,
}

impl Scanner<'_, '_> {
    fn run(&mut self) {
        while let Some(indent) = self.start_line() {
            let start = self.cursor.at;
            let before = self.blocks.enter_line(indent);
            if indent == 0 {
                self.cut(start);
            }
            self.logical_line(indent, before);
            self.found.longest = self.found.longest.max(self.cursor.at - start);
            self.found.blocks = self.found.blocks.max(self.blocks.depth());
        }
    }

    /// Notes that the text can be cut before this line, once enough has passed.
    fn cut(&mut self, start: usize) {
        let last = self.found.cuts.last().copied().unwrap_or(0);
        let goes_on =
            self.is_decorated || matches!(self.cursor.word(), b"elif" | b"else" | b"except" | b"finally");
        if start - last >= PIECE && !goes_on {
            self.found.cuts.push(start);
        }
        self.is_decorated = self.cursor.next() == b'@';
    }

    /// Goes to the first byte of the next logical line; gives its column.
    fn start_line(&mut self) -> Option<usize> {
        let cursor = &mut self.cursor;
        let mut column = 0;
        loop {
            match cursor.next() {
                b' ' => {
                    column += 1;
                    cursor.at += 1;
                }
                b'\t' => {
                    column = column / 8 * 8 + 8;
                    cursor.at += 1;
                }
                0x0c | b'\n' | b'\r' => {
                    column = 0;
                    cursor.at += 1;
                }
                b'#' => cursor.skip_comment(),
                b'\\' if matches!(cursor.byte(cursor.at + 1), b'\n' | b'\r') => {
                    cursor.at += 1;
                    cursor.eat_line_end();
                    // What stands before the first backslash is the indentation, unless nothing does.
                    if column > 0 {
                        cursor.skip_spaces();
                    }
                }
                _ if cursor.is_at_end() => return None,
                _ => return Some(column),
            }
        }
    }

    fn logical_line(&mut self, indent: usize, before: Option<Block>) {
        let mut stop = self.first_statement(indent, before);
        loop {
            match stop {
                Stop::Line => return,
                Stop::Colon | Stop::Semicolon => {
                    self.cursor.skip_spaces();
                    if self.cursor.next() == b'#' {
                        self.cursor.skip_comment();
                    }
                    if self.cursor.eat_line_end() || self.cursor.is_at_end() {
                        return;
                    }
                    stop = self.simple_statement();
                }
            }
        }
    }

    /// The statement that a logical line begins with.
    fn first_statement(&mut self, indent: usize, before: Option<Block>) -> Stop {
        let word = self.cursor.word();
        match word {
            b"if" | b"elif" | b"else" => self.condition(word, indent, before),
            b"try" | b"except" | b"finally" => self.attempt(word, indent, before),
            b"def" | b"class" => self.definition(word.len(), word == b"def", indent),
            b"for" | b"while" => self.compound(word.len(), Clause::Other, indent),
            b"with" => self.with(indent),
            b"case" => self.case(indent),
            b"async" => {
                self.cursor.at += word.len();
                self.cursor.skip_spaces();
                match self.cursor.word() {
                    b"def" => self.definition(3, true, indent),
                    b"with" => self.with(indent),
                    _ => self.compound(0, Clause::Other, indent),
                }
            }
            b"cdef" | b"cpdef" if self.wanted.is_cython => self.cython_definition(indent),
            _ => self.simple_statement(),
        }
    }

    fn simple_statement(&mut self) -> Stop {
        let start = self.cursor.at;
        let was_due = std::mem::take(&mut self.is_docstring_due);
        let word = self.cursor.word();
        match word {
            b"import" => self.import(start, Form::Import),
            b"from" => self.from(start, Form::From),
            b"lazy" => self.lazy(start),
            b"cimport" if self.wanted.is_cython => {
                self.cursor.at += 1;
                self.import(start, Form::Cimport);
            }
            b"print" | b"exec" | b"raise" => self.notice_python2(word),
            _ if was_due && self.wanted.docstrings == Docstrings::Listed => return self.docstring(start),
            _ => {}
        }
        self.cursor.skip_statement()
    }

    fn docstring(&mut self, start: usize) -> Stop {
        let prefix = self.cursor.word();
        let is_string = prefix.len() < 2 && matches!(self.cursor.byte(start + prefix.len()), b'"' | b'\'');
        let stop = self.cursor.skip_statement();
        if is_string {
            self.found.docstrings.push((start, self.cursor.at));
        }
        stop
    }

    fn lazy(&mut self, start: usize) {
        self.cursor.at += 4;
        self.cursor.skip_spaces();
        match self.cursor.word() {
            b"import" => self.import(start, Form::LazyImport),
            b"from" => self.from(start, Form::LazyFrom),
            _ => {}
        }
    }

    fn import(&mut self, start: usize, form: Form) {
        self.cursor.at += b"import".len();
        let named = names::after_import(&mut self.cursor);
        self.expect_end();
        let line = self.line(start);
        for name in &named.modules {
            let module = self.intern(&name.text);
            self.record(Import {
                module,
                names: Box::default(),
                level: 0,
                line,
                cell: None,
                form,
                guards: self.blocks.guards(),
            });
        }
    }

    fn from(&mut self, start: usize, form: Form) {
        self.cursor.at += b"from".len();
        let Some(named) = names::after_from(&mut self.cursor) else {
            self.cursor.flaws.syntax(start, "`from` without `import`");
            return;
        };
        self.expect_end();
        let form = if named.is_cimport { Form::FromCimport } else { form };
        self.notice_alias(&named);
        let line = self.line(start);
        let module = named.modules.first().map(|name| &*name.text).unwrap_or_default();
        let module = self.intern(module);
        let taken = named.names.iter().map(|name| self.intern(&name.text)).collect();
        let guards = self.blocks.guards();
        self.record(Import { module, names: taken, level: named.level, line, cell: None, form, guards });
    }

    /// The line of a statement that has just been read.
    fn line(&mut self, start: usize) -> u32 {
        let first = self.cursor.line(start);
        let last = self.cursor.line(self.cursor.at);
        if last > first {
            self.found.spans.push((first, last));
        }
        first
    }

    /// `TYPE_CHECKING` by another name is for the tree.
    fn notice_alias(&mut self, named: &Named<'_>) {
        self.found.is_unclear |=
            named.names.iter().any(|name| name.is_renamed && *name.text == *b"TYPE_CHECKING");
    }

    fn intern(&mut self, name: &[u8]) -> Arc<str> {
        // Python compares such names in another form than they are written in.
        self.found.is_unclear |= !name.is_ascii();
        self.interner.intern(name)
    }

    fn record(&mut self, import: Import) {
        self.found.imports.push(import);
        self.functions.push(self.blocks.functions());
    }

    fn expect_end(&mut self) {
        self.cursor.skip_spaces();
        let is_end = matches!(self.cursor.next(), b'\n' | b'\r' | b';' | b'#') || self.cursor.is_at_end();
        if !is_end {
            self.cursor.flaws.syntax(self.cursor.at, "something follows an import statement");
        }
    }

    /// `print "x"`, `exec "x"` and `raise X, "x"` are Python 2.
    fn notice_python2(&mut self, word: &[u8]) {
        let start = self.cursor.at;
        self.cursor.at += word.len();
        let spaces = self.cursor.at;
        self.cursor.skip_spaces();
        let next = self.cursor.next();
        if word == b"raise" {
            self.notice_raise(start);
        } else if self.cursor.at > spaces && (is_name(next) || matches!(next, b'"' | b'\'')) {
            let follows = self.cursor.word();
            let is_operator =
                matches!(follows, b"in" | b"is" | b"and" | b"or" | b"if" | b"not" | b"else" | b"for");
            let is_string = matches!(next, b'"' | b'\'');
            if is_string || !is_operator {
                self.cursor.flaws.python2(start, "`print` and `exec` without brackets are Python 2");
            }
        }
    }

    /// `raise Name, "text"`
    fn notice_raise(&mut self, start: usize) {
        while is_name(self.cursor.next()) || self.cursor.next() == b'.' {
            self.cursor.at += 1;
        }
        self.cursor.skip_spaces();
        if self.cursor.next() == b',' {
            self.cursor.flaws.python2(start, "`raise` with a comma is Python 2");
        }
    }

    /// Passes over the head of a compound statement whose keyword has `length` bytes; gives what lies before its colon.
    fn head(&mut self, length: usize) -> (Stop, std::ops::Range<usize>) {
        self.is_docstring_due = false;
        self.cursor.at += length;
        let start = self.cursor.at;
        let stop = self.cursor.skip_head();
        let end = if stop == Stop::Colon { self.cursor.at - 1 } else { self.cursor.at };
        if stop != Stop::Colon {
            self.cursor.flaws.syntax(start, "a colon is missing");
        }
        (stop, start..end)
    }

    fn slice(&self, range: std::ops::Range<usize>) -> &[u8] {
        self.cursor.text.get(range).unwrap_or_default()
    }

    fn compound(&mut self, length: usize, clause: Clause, indent: usize) -> Stop {
        let block = self.blocks.begin(indent, clause);
        let (stop, _) = self.head(length);
        if stop == Stop::Colon {
            self.blocks.push(block);
        }
        stop
    }

    fn condition(&mut self, word: &[u8], indent: usize, before: Option<Block>) -> Stop {
        let goes_on = word != b"if";
        let previous = before.filter(|_| goes_on);
        // `else` of a loop or a `try` is no condition.
        let is_other = word == b"else" && previous.is_none_or(|block| block.clause != Clause::If);
        let fresh = self.blocks.begin(indent, Clause::If);
        let mut block = previous.map_or(fresh, Block::go_on);
        let (stop, head) = self.head(word.len());
        if is_other {
            block.end_body(self.found.imports.len());
        } else {
            let checking =
                if word == b"else" { Checking::Unrelated } else { heads::checking(self.slice(head)) };
            self.found.is_unclear |= checking == Checking::Unclear;
            block.clause = Clause::If;
            block.on_condition(checking);
        }
        self.blocks.push(block);
        stop
    }

    fn attempt(&mut self, word: &[u8], indent: usize, before: Option<Block>) -> Stop {
        let mut block = match before.filter(|block| word != b"try" && block.clause == Clause::Try) {
            Some(previous) => previous.go_on(),
            None => self.blocks.begin(indent, Clause::Try),
        };
        let (stop, head) = self.head(word.len());
        if word == b"try" {
            block.body = (self.found.imports.len(), None);
        } else {
            block.end_body(self.found.imports.len());
        }
        if word == b"except" {
            if heads::is_python2(self.slice(head.clone())) {
                self.cursor.flaws.python2(head.start, "`except` with a name after a comma is Python 2");
            }
            let catches = heads::except(self.slice(head));
            self.found.is_unclear |= catches == Catches::Unclear;
            if catches == Catches::Failures {
                self.mark_tried(&mut block);
                block.guards = block.guards.with(Guards::HANDLER);
            }
        }
        self.blocks.push(block);
        stop
    }

    /// The body of a `try` turns out to be guarded. What its functions import is not, since it runs later.
    fn mark_tried(&mut self, block: &mut Block) {
        let (start, Some(end)) = block.body else { return };
        if std::mem::replace(&mut block.is_caught, true) {
            return;
        }
        let imports = self.found.imports.get_mut(start..end).unwrap_or_default();
        let functions = self.functions.get(start..end).unwrap_or_default();
        for (import, functions) in imports.iter_mut().zip(functions) {
            if *functions == block.outer_functions {
                import.guards = import.guards.with(Guards::TRY);
            }
        }
    }

    fn with(&mut self, indent: usize) -> Stop {
        let mut block = self.blocks.begin(indent, Clause::Other);
        let (stop, head) = self.head(b"with".len());
        let catches = heads::with(self.slice(head));
        self.found.is_unclear |= catches == Catches::Unclear;
        if catches == Catches::Failures {
            block.guards = block.guards.with(Guards::TRY);
        }
        self.blocks.push(block);
        stop
    }

    fn definition(&mut self, length: usize, is_function: bool, indent: usize) -> Stop {
        let mut block = self.blocks.begin(indent, Clause::Other);
        let (stop, _) = self.head(length);
        if is_function {
            block.enter_function();
        }
        self.is_docstring_due = true;
        self.blocks.push(block);
        stop
    }

    /// `case` is a keyword only where a head with a colon follows.
    fn case(&mut self, indent: usize) -> Stop {
        let mut block = self.blocks.begin(indent, Clause::Case);
        self.is_docstring_due = false;
        self.cursor.at += b"case".len();
        let stop = self.cursor.skip_head();
        if stop == Stop::Colon {
            block.guards = block.guards.with(Guards::CONDITION);
            self.blocks.push(block);
        }
        stop
    }

    /// `cdef` and `cpdef` of Cython: a function, a class, a block of declarations, or one declaration.
    fn cython_definition(&mut self, indent: usize) -> Stop {
        let mut block = self.blocks.begin(indent, Clause::Other);
        self.is_docstring_due = false;
        let start = self.cursor.at;
        let stop = self.cursor.skip_head();
        if stop == Stop::Colon {
            if memchr::memchr(b'(', self.slice(start..self.cursor.at)).is_some() {
                block.enter_function();
            }
            self.blocks.push(block);
        }
        stop
    }
}

impl Block {
    fn enter_function(&mut self) {
        self.clause = Clause::Function;
        self.guards = self.guards.without(Guards::TRY).with(Guards::FUNCTION);
        self.functions = self.functions.saturating_add(1);
    }

    fn end_body(&mut self, records: usize) {
        self.body.1.get_or_insert(records);
    }
}

//! Reads a text as a syntax tree, for what its bytes do not tell.

mod depth;
mod django;
mod dynamic;
mod guards;
mod urls;

pub(crate) use urls::DIALECTS;

use std::sync::Arc;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, FStringPart, InterpolatedStringElement, ModModule, Stmt};
use ruff_python_parser::{Mode, ParseOptions, Parsed, parse_unchecked};
use ruff_text_size::{Ranged, TextSize};

use crate::{Form, Guards, Import};

use super::cursor::count_lines;
use super::intern::Interner;
use super::statements::Statements;
use dynamic::Aliases;

/// What the tree of a text says.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    /// The import statements, in order.
    pub(crate) statements: Vec<Import>,
    /// Everything else that names a module.
    pub(crate) others: Vec<Import>,
    /// The line of the first syntax error, and what it is.
    pub(crate) error: Option<(u32, String)>,
}

/// The shape of a text, as its bytes tell it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape<'a> {
    /// The most brackets that are open at once.
    pub(crate) brackets: usize,
    /// The most blocks that are open at once.
    pub(crate) blocks: usize,
    /// The bytes of the longest statement.
    pub(crate) longest: usize,
    /// Where it can be cut.
    pub(crate) cuts: &'a [usize],
}

impl<'a> Shape<'a> {
    /// The shape that the bytes have shown.
    pub(crate) fn of(found: &'a Statements) -> Self {
        Self {
            brackets: found.flaws.deepest,
            blocks: found.blocks,
            longest: found.longest,
            cuts: &found.cuts,
        }
    }
}

/// Bytes of stack that reading a tree may need: parser and walk ask for more as they go, but dropping a tree does not.
const STACK: usize = 64 << 20;

/// Reads a text; nothing where its tree would be too deep.
pub(crate) fn read(text: &str, shape: Shape<'_>, interner: &mut Interner) -> Option<Tree> {
    if depth::is_too_deep(text, shape) {
        return None;
    }
    Some(stacker::maybe_grow(STACK * 3 / 4, STACK, || read_pieces(text, shape.cuts, interner)))
}

/// Reads a text piece by piece, so that a long one takes no more room than a short one.
fn read_pieces(text: &str, cuts: &[usize], interner: &mut Interner) -> Tree {
    let mut walk = Walk::new(text, interner);
    let mut start = 0;
    for end in cuts.iter().copied().chain([text.len()]) {
        walk.piece(text.get(start..end).unwrap_or_default());
        start = end;
    }
    walk.tree
}

fn first_error(parsed: &Parsed<ModModule>) -> Option<(TextSize, String)> {
    parsed.errors().first().map(|error| (error.location.start(), error.error.to_string()))
}

/// A walk over a tree that knows what stands around each node.
struct Walk<'i> {
    interner: &'i mut Interner,
    /// The offsets at which the lines of the current piece start.
    lines: Vec<u32>,
    /// How many lines lie before the current piece.
    passed: u32,
    guards: Guards,
    aliases: Aliases,
    /// Whether the text has `INSTALLED_APPS`, so that `LOCAL_APPS` and the like are parts of it.
    has_apps: bool,
    /// Whether the text is that of a string.
    is_inner: bool,
    tree: Tree,
}

impl<'i> Walk<'i> {
    fn new(text: &str, interner: &'i mut Interner) -> Self {
        Self {
            interner,
            lines: Vec::new(),
            passed: 0,
            guards: Guards::NONE,
            aliases: Aliases::default(),
            has_apps: memchr::memmem::find(text.as_bytes(), b"INSTALLED_APPS").is_some(),
            is_inner: false,
            tree: Tree::default(),
        }
    }

    /// Reads a piece of the text that follows those that were read.
    fn piece(&mut self, text: &str) {
        self.lines = line_starts(text.as_bytes());
        let parsed = parse_unchecked(text, ParseOptions::from(Mode::Module)).try_into_module();
        if let Some(parsed) = parsed {
            self.visit_body(parsed.suite());
            if let (None, Some((at, message))) = (&self.tree.error, first_error(&parsed)) {
                self.tree.error = Some((self.line_at(at), message));
            }
        }
        self.passed = self.passed.saturating_add(count_lines(text.as_bytes(), 0));
    }

    fn line(&self, node: &impl Ranged) -> u32 {
        self.line_at(node.start())
    }

    /// The line of an offset in the current piece, from 1.
    fn line_at(&self, at: TextSize) -> u32 {
        let line = self.lines.partition_point(|start| *start <= at.to_u32());
        self.passed.saturating_add(u32::try_from(line).unwrap_or(u32::MAX))
    }

    fn intern(&mut self, name: &str) -> Arc<str> {
        self.interner.intern(name.as_bytes())
    }

    fn import_statement(&mut self, statement: &Stmt) {
        let line = self.line(statement);
        let guards = self.guards;
        match statement {
            Stmt::Import(import) => {
                let form = if import.is_lazy { Form::LazyImport } else { Form::Import };
                for alias in &import.names {
                    self.aliases.on_import(alias);
                    let module = self.intern(&alias.name);
                    let names = Box::default();
                    self.tree.statements.push(Import {
                        module,
                        names,
                        level: 0,
                        line,
                        cell: None,
                        form,
                        guards,
                    });
                }
            }
            Stmt::ImportFrom(import) => {
                let form = if import.is_lazy { Form::LazyFrom } else { Form::From };
                let module = import.module.as_ref().map_or("", |module| module.as_str());
                // What a module of the project is called like is not what it is.
                let from = if import.level == 0 { module } else { "" };
                import.names.iter().for_each(|alias| self.aliases.on_from(from, alias));
                let module = self.intern(module);
                let names = import.names.iter().map(|alias| self.intern(&alias.name)).collect();
                let level = import.level;
                self.tree.statements.push(Import { module, names, level, line, cell: None, form, guards });
            }
            _ => {}
        }
    }

    /// Notes a module that is named by other means than a statement.
    fn name(&mut self, module: &str, level: u32, line: u32, form: Form) {
        let module = self.intern(module);
        let guards = self.guards;
        self.tree.others.push(Import {
            module,
            names: Box::default(),
            level,
            line,
            cell: None,
            form,
            guards,
        });
    }

    /// Visits statements with something more around them.
    fn body(&mut self, body: &[Stmt], guards: Guards) {
        let before = std::mem::replace(&mut self.guards, guards);
        self.visit_body(body);
        self.guards = before;
    }
}

impl<'a> Visitor<'a> for Walk<'_> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        with_stack(|| self.statement(statement));
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        with_stack(|| self.expression(expression));
    }
}

impl Walk<'_> {
    fn statement(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Import(_) | Stmt::ImportFrom(_) => self.import_statement(statement),
            Stmt::If(found) => self.if_statement(found),
            Stmt::Try(found) => self.try_statement(found),
            Stmt::With(found) => self.with_statement(found),
            Stmt::Match(found) => self.match_statement(found),
            Stmt::FunctionDef(found) => self.function(found),
            // A string alone is documentation.
            Stmt::Expr(found) if found.value.is_string_literal_expr() => {}
            _ => {
                self.settings(statement);
                self.aliases.on_assignment(statement);
                visitor::walk_stmt(self, statement);
            }
        }
    }

    fn expression(&mut self, expression: &Expr) {
        match expression {
            Expr::Call(call) => self.call(call),
            Expr::StringLiteral(literal) => self.url(literal.value.to_str(), literal),
            Expr::FString(string) => {
                for part in &string.value {
                    let start = match part {
                        FStringPart::Literal(literal) => Some(&*literal.value),
                        FStringPart::FString(part) => match part.elements.first() {
                            Some(InterpolatedStringElement::Literal(literal)) => Some(&*literal.value),
                            _ => None,
                        },
                    };
                    self.url(start.unwrap_or_default(), string);
                }
            }
            _ => {}
        }
        visitor::walk_expr(self, expression);
    }
}

/// Runs something that recurses into a tree.
fn with_stack<T>(work: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(128 << 10, 1 << 20, work)
}

/// The offsets at which lines start.
fn line_starts(text: &[u8]) -> Vec<u32> {
    let ends = memchr::memchr2_iter(b'\n', b'\r', text);
    let ends = ends.filter(|at| text.get(*at) == Some(&b'\n') || text.get(at + 1) != Some(&b'\n'));
    let starts = ends.map(|at| u32::try_from(at + 1).unwrap_or(u32::MAX));
    std::iter::once(0).chain(starts).collect()
}

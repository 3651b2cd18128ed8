//! The compound statements of a tree, and what each means for the imports in it.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{BoolOp, Expr, StmtFunctionDef, StmtIf, StmtMatch, StmtTry, StmtWith, UnaryOp};

use crate::Guards;
use crate::scan::heads::{is_failure, is_suppressing};

use super::dynamic::{Aliases, Known};
use super::{Walk, with_stack};

impl Walk<'_> {
    pub(super) fn if_statement(&mut self, statement: &StmtIf) {
        self.visit_expr(&statement.test);
        let outer = self.guards.with(Guards::CONDITION);
        let guards = |is_checked| if is_checked { outer.with(Guards::TYPE_CHECKING) } else { outer };
        // Whether all conditions so far being false means that a type checker reads.
        let mut rest_is_checked = implies(&self.aliases, &statement.test, false);
        let is_checked = implies(&self.aliases, &statement.test, true);
        self.body(&statement.body, guards(is_checked));
        for clause in &statement.elif_else_clauses {
            let mut is_checked = rest_is_checked;
            if let Some(test) = &clause.test {
                self.visit_expr(test);
                is_checked |= implies(&self.aliases, test, true);
                rest_is_checked |= implies(&self.aliases, test, false);
            }
            self.body(&clause.body, guards(is_checked));
        }
    }

    pub(super) fn try_statement(&mut self, statement: &StmtTry) {
        let outer = self.guards;
        let handlers = || statement.handlers.iter().filter_map(|handler| handler.as_except_handler());
        let catches = |expression: Option<&Expr>| expression.is_none_or(is_catching);
        let is_caught = handlers().any(|handler| catches(handler.type_.as_deref()));
        self.body(&statement.body, if is_caught { outer.with(Guards::TRY) } else { outer });
        for handler in handlers() {
            if let Some(exceptions) = &handler.type_ {
                self.visit_expr(exceptions);
            }
            let is_catching = catches(handler.type_.as_deref());
            self.body(&handler.body, if is_catching { outer.with(Guards::HANDLER) } else { outer });
        }
        self.body(&statement.orelse, outer);
        self.body(&statement.finalbody, outer);
    }

    pub(super) fn with_statement(&mut self, statement: &StmtWith) {
        statement.items.iter().for_each(|item| self.visit_with_item(item));
        let is_suppressed = statement.items.iter().any(|item| is_suppression(&item.context_expr));
        let outer = self.guards;
        self.body(&statement.body, if is_suppressed { outer.with(Guards::TRY) } else { outer });
    }

    pub(super) fn match_statement(&mut self, statement: &StmtMatch) {
        self.visit_expr(&statement.subject);
        let guards = self.guards.with(Guards::CONDITION);
        for case in &statement.cases {
            self.visit_pattern(&case.pattern);
            if let Some(guard) = &case.guard {
                self.visit_expr(guard);
            }
            self.body(&case.body, guards);
        }
    }

    /// The body of a function runs later, so a `try` around the function does not guard it.
    pub(super) fn function(&mut self, statement: &StmtFunctionDef) {
        statement.decorator_list.iter().for_each(|decorator| self.visit_decorator(decorator));
        self.visit_parameters(&statement.parameters);
        if let Some(returns) = &statement.returns {
            visitor::walk_annotation(self, returns);
        }
        self.body(&statement.body, self.guards.without(Guards::TRY).with(Guards::FUNCTION));
    }
}

/// Whether a condition that is true, or false, means that a type checker reads.
fn implies(aliases: &Aliases, condition: &Expr, value: bool) -> bool {
    with_stack(|| match condition {
        Expr::Name(name) => value && aliases.is(&name.id, Known::TypeChecking),
        Expr::Attribute(attribute) => value && attribute.attr.as_str() == "TYPE_CHECKING",
        Expr::UnaryOp(operation) if operation.op == UnaryOp::Not => {
            implies(aliases, &operation.operand, !value)
        }
        Expr::BoolOp(operation) => {
            let mut parts = operation.values.iter().map(|part| implies(aliases, part, value));
            // A true `and` has all its parts true, a false one any of them false.
            if (operation.op == BoolOp::And) == value {
                parts.any(|part| part)
            } else {
                parts.all(|part| part)
            }
        }
        _ => false,
    })
}

/// Whether an exception, or one of a tuple of them, is that of a failed import.
fn is_catching(exceptions: &Expr) -> bool {
    with_stack(|| match exceptions {
        Expr::Tuple(tuple) => tuple.elts.iter().any(is_catching),
        _ => last_name(exceptions).is_some_and(|name| is_failure(name.as_bytes())),
    })
}

/// Whether it is `suppress(ImportError)` or the like.
fn is_suppression(expression: &Expr) -> bool {
    let Expr::Call(call) = expression else { return false };
    let name = last_name(&call.func).unwrap_or_default();
    is_suppressing(name.as_bytes()) && call.arguments.args.iter().any(is_catching)
}

/// The last part of a dotted name.
fn last_name(mut expression: &Expr) -> Option<&str> {
    let last = match expression {
        Expr::Name(name) => return Some(name.id.as_str()),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => return None,
    };
    while let Expr::Attribute(attribute) = expression {
        expression = &attribute.value;
    }
    expression.is_name_expr().then_some(last)
}

//! What the rules say of one command.

use std::ops::Range;

use uvshift_diagnostics::Safety;

use super::Scope;
use crate::context::Context;
use crate::invocation::Invocation;
use crate::rules::{Verdict, rules};
use crate::shell::Command;

/// What is to become of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Action {
    Keep,
    Left {
        reason: String,
        suggestion: Option<String>,
    },
    Remove(Why),
    Replace {
        span: Range<usize>,
        new: String,
        /// `sudo` in front that goes.
        sudo: Option<Range<usize>>,
        why: Why,
    },
}

/// The rule behind an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Why {
    pub(super) rule: &'static str,
    pub(super) reason: String,
    pub(super) safety: Safety,
}

/// Asks the rules, in order. The second value tells whether uv runs here, now or then.
pub(super) fn ask(script: &str, command: &Command, scope: &mut Scope, context: &Context) -> (Action, bool) {
    let Some(invocation) = Invocation::of(script, command, scope) else { return (Action::Keep, false) };
    let mut uses_uv = matches!(invocation.program.as_str(), "uv" | "uvx");
    let concerned =
        |programs: &[&str]| programs.iter().any(|program| *program == "*" || *program == invocation.program);
    let tentative = scope.tentative;
    for rule in rules().iter().filter(|rule| concerned(rule.programs)) {
        let before = scope.clone();
        let verdict = (rule.apply)(&invocation, scope, context);
        let (new, reason, mut safety, without_sudo) = match verdict {
            Verdict::NotMine => {
                *scope = before;
                continue;
            }
            Verdict::Keep => return (Action::Keep, uses_uv),
            Verdict::Left { reason, suggestion } => return (Action::Left { reason, suggestion }, uses_uv),
            Verdict::Replace { new, reason, safety, without_sudo } => (new, reason, safety, without_sudo),
        };
        if safety != Safety::Safe && *scope != before {
            scope.tentative = true;
        }
        if tentative {
            safety = Safety::NeedsReview;
        }
        let why = Why { rule: rule.name, reason, safety };
        if new.is_empty() {
            return (Action::Remove(why), uses_uv);
        }
        uses_uv |= new.contains("uv ") || new.contains("uvx ");
        let sudo = if without_sudo { invocation.sudo.clone() } else { None };
        return (Action::Replace { span: invocation.span(), new, sudo, why }, uses_uv);
    }
    (Action::Keep, uses_uv)
}

//! `pip check`

use crate::context::Context;
use crate::engine::Scope;
use crate::install::plain::{Flags, same};
use crate::invocation::Invocation;
use crate::rules::{Rule, Verdict};

pub(super) const RULE: Rule =
    Rule { name: "pip-check", summary: "`pip check` becomes `uv pip check`", programs: &["pip"], apply };

const FLAGS: Flags = Flags {
    same: &["-q", "--quiet", "-v", "--verbose"],
    gone: &["--no-input", "--disable-pip-version-check", "--isolated", "--no-color", "--no-cache-dir"],
    same_values: &[],
    gone_values: &[],
};

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, context: &Context) -> Verdict {
    same("check", &FLAGS, invocation, scope, context)
}

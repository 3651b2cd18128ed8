//! What a job does under a condition, and what variables say to pip.

use crate::engine::Scope;
use crate::yaml::Node;

use super::{Job, Pipeline, Uv};

/// Takes note of the variables of a mapping that pip reads, or of a list of items with `name`.
pub(crate) fn set_variables(scope: &mut Scope, variables: Option<Node<'_>>) {
    let Some(variables) = variables.map(Node::resolved) else { return };
    for entry in variables.entries().filter(|entry| !entry.value.is_null()) {
        scope.set(entry.key.as_str().unwrap_or_default());
    }
    for name in variables.items().filter_map(|item| item.resolved().get("name")?.as_str()) {
        scope.set(name);
    }
}

/// What is known behind commands that may not have run: `before` is what was known in front of them.
pub(crate) fn unsure(scope: &mut Scope, before: &Scope) {
    if before.certain.is_none() || scope.certain.is_some() {
        scope.certain.clone_from(&before.certain);
        scope.certain_in.clone_from(&before.certain_in);
    }
    scope.may_not_have_run(before);
    scope.has_additions |= before.has_additions;
}

impl Pipeline<'_> {
    /// What went before may not have run: `before` is the job in front of it.
    pub(crate) fn may_be_skipped(&mut self, job: &mut Job, before: &Job) {
        unsure(&mut job.scope, &before.scope);
        if before.first_use.is_none() && job.first_use.is_some() {
            // uv is brought there, and once more where it is needed without the condition.
            let brought = self.bring_uv(job);
            if brought.is_some_and(|key| before.order.contains(&key)) {
                job.uv = Uv::Given;
            }
            job.first_use = None;
        }
    }
}

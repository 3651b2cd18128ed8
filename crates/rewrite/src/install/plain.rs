//! Commands of pip that `uv pip` has under the same name.

use super::Place;
use super::args::{Item, items};
use super::project::with_doubts;
use crate::context::{Context, UvProject};
use crate::engine::{Environment, Scope};
use crate::invocation::Invocation;
use crate::rules::Verdict;

/// The options of a command, by what becomes of them.
pub(crate) struct Flags {
    /// Without a value, the same for uv.
    pub(crate) same: &'static [&'static str],
    /// Without a value, and without meaning for uv.
    pub(crate) gone: &'static [&'static str],
    /// With a value, the same for uv.
    pub(crate) same_values: &'static [&'static str],
    /// With a value, and without meaning for uv.
    pub(crate) gone_values: &'static [&'static str],
}

impl Flags {
    pub(crate) fn all(&self) -> Vec<&'static str> {
        [self.same, self.gone].concat()
    }

    pub(crate) fn all_values(&self) -> Vec<&'static str> {
        [self.same_values, self.gone_values].concat()
    }

    /// An item as uv takes it; the subcommand itself is not repeated.
    pub(crate) fn keep(&self, item: &Item<'_>, subcommand: &str) -> Option<String> {
        let gone = self.gone.contains(&item.name.as_str()) || self.gone_values.contains(&item.name.as_str());
        let is_subcommand = item.name.is_empty() && item.raw == subcommand;
        (!gone && !is_subcommand).then(|| item.written())
    }
}

/// A command of pip on an environment.
pub(crate) struct Work<'a> {
    invocation: &'a Invocation<'a>,
    pub(crate) project: Option<&'a UvProject>,
    pub(crate) place: Place,
    pub(crate) doubts: Vec<String>,
}

impl<'a> Work<'a> {
    /// The command, if it is this one of pip.
    pub(crate) fn of(
        subcommand: &str,
        invocation: &'a Invocation<'a>,
        scope: &Scope,
        context: &'a Context,
    ) -> Option<Self> {
        if invocation.subcommand().as_deref() != Some(subcommand) {
            return None;
        }
        let project = context.project(scope.folder.as_deref().unwrap_or_default());
        let mut doubts = Vec::new();
        let mut place = Place::of(invocation, scope);
        if project.is_some() && place == Place::System {
            place = Place::Found;
            doubts.push("it is about the environment of the project, not about the system".to_owned());
        }
        if invocation.sudo.is_some() && matches!(place, Place::System | Place::Python(_)) {
            doubts.push("`sudo` may not find uv".to_owned());
        }
        Some(Self { invocation, project, place, doubts })
    }

    /// Why the command stays, if it does.
    pub(crate) fn refused(&self, flags: &Flags) -> Option<Verdict> {
        if let Some(wrapper) = self.invocation.wrappers.iter().find(|name| name.ends_with(" run")) {
            return Some(Verdict::left(format!("`{wrapper}` works on an environment of conda")));
        }
        let script = self.invocation.script;
        match items(script, self.invocation.args, &flags.all(), &flags.all_values()) {
            Ok(_) => None,
            Err(word) => Some(Verdict::left(format!("uv has no `{}` here", word.raw(script)))),
        }
    }

    /// `uv pip ...` with the place, the arguments and the doubts.
    pub(crate) fn verdict(&self, command: &str, args: &str, reason: &str) -> Verdict {
        let flag = self.place.flag().map(|flag| format!(" {flag}")).unwrap_or_default();
        with_doubts(format!("{command}{flag}{args}"), reason, &self.doubts)
    }
}

/// Whether commands stay since another tool makes the environment.
pub(crate) fn is_foreign(scope: &Scope) -> bool {
    scope.environment == Environment::Foreign
}

/// A command of pip with its options, as uv has it.
pub(crate) fn same(
    subcommand: &'static str,
    flags: &Flags,
    invocation: &Invocation<'_>,
    scope: &mut Scope,
    context: &Context,
) -> Verdict {
    let Some(work) = Work::of(subcommand, invocation, scope, context) else { return Verdict::NotMine };
    if is_foreign(scope) {
        return Verdict::Keep;
    }
    if let Some(verdict) = work.refused(flags) {
        return verdict;
    }
    let all =
        items(invocation.script, invocation.args, &flags.all(), &flags.all_values()).unwrap_or_default();
    let args =
        super::args::render(invocation.script, invocation.args, &all, |_, item| flags.keep(item, subcommand));
    scope.has_uv = true;
    work.verdict(&format!("uv pip {subcommand}"), &args, "uv says the same")
}

//! Targets that need others, each with scripts: recipes of make and just. What one of them installs is there for the others.

mod doubt;

use std::collections::BTreeSet;
use std::ops::Range;

use uvshift_diagnostics::Safety;

use crate::context::{Context, Selection};
use crate::engine::{Environment, Scope};
use crate::model::{Edit, Rewritten};
use crate::references::Referring;
use crate::rules::{build_is_taken_over, setup_py_stays};

pub(crate) use doubt::{Doubts, hold, is_within};

/// How far needs are followed.
const MAX_DEPTH: usize = 40;

/// Something that can be made.
#[derive(Debug, Clone, Default)]
pub(crate) struct Target {
    /// The numbers of those that are made before it.
    pub(crate) needs: Vec<usize>,
    /// Its scripts, each for a shell of its own.
    pub(crate) scripts: Vec<Script>,
}

/// A script of a target.
#[derive(Debug, Clone, Default)]
pub(crate) struct Script {
    pub(crate) content: Referring,
    /// Where all of it stands in the file.
    pub(crate) place: Range<usize>,
    /// The condition that it stands in, by number, and the branch of that.
    pub(crate) arm: Option<(usize, usize)>,
}

/// A condition that is open.
struct Condition {
    number: usize,
    arm: usize,
    /// What was known before it.
    entry: Scope,
    /// What is known at the ends of branches.
    ends: Vec<Scope>,
}

/// Rewrites the scripts of all targets. `base` is what is known at the start of each of them; it comes back with what they
/// all know since some of them install something.
pub(crate) fn rewrite(targets: &[Target], base: &Scope, context: &Context) -> (Rewritten, Scope) {
    let scripts = || targets.iter().flat_map(|target| &target.scripts);
    let runs_setup_py = scripts().any(|script| setup_py_stays(script.content.text(), base));
    let builds = build_is_taken_over(scripts().map(|script| script.content.text()));
    let base = &Scope { runs_setup_py, builds, ..base.clone() };
    let mut walk = Walk::new(targets, base.clone(), context);
    walk.all();
    let sure = union(walk.ends.iter().flatten().filter_map(|end| end.synced.as_ref()));
    let synced: Vec<Option<Selection>> =
        walk.ends.iter().map(|end| end.as_ref().and_then(Scope::may_have)).collect();
    let all = union(synced.iter().flatten());
    let tools: BTreeSet<String> =
        walk.ends.iter().flatten().flat_map(|end| end.tools.iter().cloned()).collect();
    if all == Selection::default() && tools.is_empty() {
        return (walk.found, walk.base);
    }
    // Some target brings the project's environment, and all others use it.
    // One that is named by its path is used by its path.
    let brings = walk.ends.iter().flatten().any(|end| end.environment == Environment::Uv);
    let is_there = base.environment != Environment::System || !brings;
    let environment = if is_there { base.environment } else { Environment::Uv };
    let adds = walk.ends.iter().flatten().any(|end| end.has_additions);
    let mut own: Vec<String> =
        walk.ends.into_iter().flatten().filter_map(|end| end.own_environment).collect();
    own.sort();
    own.dedup();
    let own_environment = match &base.own_environment {
        Some(own) => Some(own.clone()),
        None if own.len() == 1 => own.pop(),
        None => None,
    };
    let mut walk = Walk::new(targets, Scope { environment, own_environment, tools, ..base.clone() }, context);
    // A target that installs less must not take away what another one installs, be it made after that.
    // Nor may any what another one adds beside the lock.
    let is_part = |own: &Selection| *own != all || adds;
    walk.keeps = synced.iter().map(|own| own.as_ref().is_some_and(is_part)).collect();
    // A target that adds a group must not take away what another one installs.
    let others = |own: Option<Selection>| {
        let own = own.filter(|own| !own.main)?;
        let groups = sure.groups.difference(&own.groups).cloned().collect();
        Some(Selection { groups, ..sure.clone() })
    };
    walk.seeds = synced.into_iter().map(others).collect();
    walk.all();
    (walk.found, walk.base)
}

fn union<'s>(selections: impl Iterator<Item = &'s Selection>) -> Selection {
    let mut union = Selection::default();
    selections.for_each(|selection| union.join(selection));
    union
}

/// Programs of an environment that no change makes without being looked at wait for that, too.
pub(crate) fn hold_runs(found: &mut Rewritten) {
    let is_sync = |edit: &&Edit| edit.new.contains("uv sync") && !edit.new.contains("UV_PROJECT_ENVIRONMENT");
    let mut syncs = found.edits.iter().filter(is_sync).peekable();
    if syncs.peek().is_none() || syncs.any(|edit| edit.safety == Safety::Safe) {
        return;
    }
    for edit in &mut found.edits {
        let adds = edit.new.contains("uv pip") && !edit.new.contains("--python");
        if edit.safety == Safety::Safe && (adds || edit.new.contains("uv run")) {
            edit.safety = Safety::NeedsReview;
            edit.reason.push_str("; the install that it belongs to is for review");
        }
    }
}

struct Walk<'a> {
    targets: &'a [Target],
    context: &'a Context,
    base: Scope,
    /// What others install, for a target that only adds something to that.
    seeds: Vec<Option<Selection>>,
    /// Whether others install more.
    keeps: Vec<bool>,
    /// What is known after a target, by its number.
    ends: Vec<Option<Scope>>,
    found: Rewritten,
}

impl<'a> Walk<'a> {
    fn new(targets: &'a [Target], base: Scope, context: &'a Context) -> Self {
        Self {
            targets,
            context,
            base,
            seeds: Vec::new(),
            keeps: Vec::new(),
            ends: vec![None; targets.len()],
            found: Rewritten::default(),
        }
    }

    fn all(&mut self) {
        for index in 0..self.targets.len() {
            self.target(index, 0);
        }
    }

    /// Rewrites a target that has not been looked at, after those that it needs.
    fn target(&mut self, index: usize, depth: usize) {
        let Some(target) = self.targets.get(index) else { return };
        if depth > MAX_DEPTH || self.ends.get(index).is_none_or(Option::is_some) {
            return;
        }
        // One that needs itself finds this.
        self.end(index, self.base.clone());
        let mut scope = self.base.clone();
        for needed in &target.needs {
            self.target(*needed, depth + 1);
            if let Some(Some(end)) = self.ends.get(*needed) {
                join(&mut scope, end);
            }
        }
        if let Some(Some(seed)) = self.seeds.get(index) {
            scope.synced = Some(seed.clone());
        }
        scope.keeps_others = self.keeps.get(index) == Some(&true);
        let mut open = None;
        for script in &target.scripts {
            enter(&mut open, script.arm, &mut scope);
            self.script(&script.content, &script.place, &mut scope);
        }
        enter(&mut open, None, &mut scope);
        self.end(index, scope);
    }

    fn end(&mut self, index: usize, scope: Scope) {
        if let Some(end) = self.ends.get_mut(index) {
            *end = Some(scope);
        }
    }

    /// Rewrites a script, after which the shell is gone. A script that has nothing left goes.
    fn script(&mut self, script: &Referring, place: &Range<usize>, scope: &mut Scope) {
        let start = self.found.edits.len();
        let mut inner = scope.clone();
        let done = script.rewrite(&mut inner, self.context, &mut self.found);
        if done.changed && done.after.trim().is_empty() {
            let edits: Vec<Edit> = self.found.edits.drain(start..).collect();
            if let Some(first) = edits.first() {
                let is_safe = edits.iter().all(|edit| edit.safety == Safety::Safe);
                let safety = if is_safe { Safety::Safe } else { Safety::NeedsReview };
                let gone = Edit { span: place.clone(), new: String::new(), safety, ..first.clone() };
                self.found.edits.push(gone);
            }
        }
        let environment = match inner.environment {
            Environment::Active if scope.environment == Environment::Active => Environment::Active,
            Environment::Active if inner.synced.is_some() => Environment::Uv,
            Environment::Active => scope.environment,
            other => other,
        };
        let (folder, programs) = (self.base.folder.clone(), self.base.programs.clone());
        *scope = Scope { environment, folder, programs, ..inner };
    }
}

/// Goes from the branch of a condition to another one, or out of it.
fn enter(open: &mut Option<Condition>, arm: Option<(usize, usize)>, scope: &mut Scope) {
    if let Some(condition) = open.as_mut().filter(|condition| arm != Some((condition.number, condition.arm)))
    {
        condition.ends.push(std::mem::replace(scope, condition.entry.clone()));
        match arm {
            Some((number, arm)) if number == condition.number => condition.arm = arm,
            _ => {
                for end in &condition.ends {
                    let before = scope.clone();
                    join(scope, end);
                    (scope.synced, scope.maybe) = (end.synced.clone(), end.maybe.clone());
                    scope.may_not_have_run(&before);
                }
                *open = None;
            }
        }
    }
    if let (None, Some((number, arm))) = (open.as_ref(), arm) {
        *open = Some(Condition { number, arm, entry: scope.clone(), ends: Vec::new() });
    }
}

/// What a target leaves is there for those that need it.
fn join(scope: &mut Scope, end: &Scope) {
    if end.environment == Environment::Uv && scope.environment == Environment::System {
        scope.environment = Environment::Uv;
    }
    if let Some(synced) = &end.synced {
        scope.synced.get_or_insert_default().join(synced);
    }
    if let Some(maybe) = &end.maybe {
        scope.maybe.get_or_insert_default().join(maybe);
    }
    scope.has_additions |= end.has_additions;
    scope.tentative |= end.tentative;
    if scope.own_environment.is_none() {
        scope.own_environment.clone_from(&end.own_environment);
    }
}

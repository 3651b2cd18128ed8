//! From what is to become of each command to edits that leave a script which the shell can read.

mod layout;
mod removal;

use std::collections::BTreeSet;
use std::ops::Range;

use uvshift_diagnostics::Safety;

use self::layout::Layout;
use self::removal::Removals;
use super::ask::{Action, Why};
use super::gap::{Gap, Token};
use crate::model::{Edit, Left};
use crate::plan::apply;
use crate::shell::{Block, Command, Joint, parse};

/// What was made of the actions.
#[derive(Debug, Default)]
pub(super) struct Spliced {
    pub(super) edits: Vec<Edit>,
    pub(super) left: Vec<Left>,
    pub(super) is_empty: bool,
    /// The script with the edits can be read.
    pub(super) is_sound: bool,
}

/// Edits for the actions, one for each command.
pub(super) fn splice(script: &str, commands: &[Command], actions: Vec<Action>) -> Spliced {
    if actions.iter().all(|action| matches!(action, Action::Keep)) {
        return Spliced { is_sound: true, ..Spliced::default() };
    }
    let layout = Layout::of(script, commands);
    let made = make(script, commands, &layout, actions.clone(), How::Whole);
    if is_sound(script, &made.edits) {
        return Spliced { is_sound: true, ..made };
    }
    let made = make(script, commands, &layout, actions, How::Placeholder);
    if is_sound(script, &made.edits) {
        return Spliced { is_sound: true, ..made };
    }
    let left = made.edits.into_iter().map(|edit| Left {
        span: edit.span,
        reason: "the script around it is too involved to be changed without doubt".to_owned(),
        suggestion: (!edit.new.is_empty()).then_some(edit.new),
    });
    Spliced { left: made.left.into_iter().chain(left).collect(), ..Spliced::default() }
}

fn is_sound(script: &str, edits: &[Edit]) -> bool {
    apply(script, edits).is_some_and(|after| parse(&after).problem.is_none())
}

/// How a command goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// With what joins it to its neighbours, and its line.
    Whole,
    /// `:` takes its place.
    Placeholder,
}

fn make(
    script: &str,
    commands: &[Command],
    layout: &Layout<'_>,
    mut actions: Vec<Action>,
    how: How,
) -> Spliced {
    let mut made = Spliced::default();
    merge_syncs(layout, commands, &mut actions);
    leave_pipes(layout, commands, &mut actions);
    let removed = Removals::new(script, commands, layout, how, &actions).all();
    made.is_empty = actions.iter().all(|action| matches!(action, Action::Remove(_)))
        && removed.iter().all(|removal| removal.new.is_empty());
    let swallowed: BTreeSet<usize> = removed.iter().flat_map(|removal| removal.swallowed.clone()).collect();
    for removal in removed {
        let Some(Action::Remove(why)) = actions.get(removal.index) else { continue };
        made.edits.push(edit(removal.span, removal.new, why, removal.together));
    }
    for (index, action) in actions.iter().enumerate().filter(|(index, _)| !swallowed.contains(index)) {
        let Some(command) = commands.get(index) else { continue };
        match action {
            Action::Keep | Action::Remove(_) => {}
            Action::Left { reason, suggestion } => made.left.push(Left {
                span: command.span.clone(),
                reason: reason.clone(),
                suggestion: suggestion.clone(),
            }),
            Action::Replace { span, new, sudo, why } => {
                made.edits.extend(replaced(script, span, new, sudo.as_ref(), why));
            }
        }
    }
    made.edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    nest(script, &mut made.edits);
    made
}

fn edit(span: Range<usize>, new: String, why: &Why, together: u32) -> Edit {
    Edit { span, new, rule: why.rule, reason: why.reason.clone(), safety: why.safety, together }
}

/// A replacement, as small as it can be: what is the same at the end stays. `sudo` that goes is a part of it.
fn replaced(
    script: &str,
    span: &Range<usize>,
    new: &str,
    sudo: Option<&Range<usize>>,
    why: &Why,
) -> Option<Edit> {
    let start = sudo.map_or(span.start, |sudo| sudo.start);
    let between = sudo.and_then(|sudo| script.get(sudo.end..span.start)).unwrap_or_default();
    let new = format!("{}{new}", between.trim_start());
    let old = script.get(start..span.end)?;
    if old == new {
        return None;
    }
    let same = common_end(old, &new);
    let kept = new.len().checked_sub(same)?;
    Some(edit(start..span.end.checked_sub(same)?, new.get(..kept)?.to_owned(), why, 0))
}

/// How long the end is that both have, from a blank on.
fn common_end(old: &str, new: &str) -> usize {
    let same = old.bytes().rev().zip(new.bytes().rev()).take_while(|(left, right)| left == right).count();
    let Some(tail) = old.get(old.len().saturating_sub(same)..) else { return 0 };
    tail.find([' ', '\t', '\\', '\n']).map_or(0, |at| tail.len().saturating_sub(at))
}

/// Edits within another one become a part of it.
fn nest(script: &str, edits: &mut Vec<Edit>) {
    let mut flat: Vec<Edit> = Vec::with_capacity(edits.len());
    for edit in edits.drain(..) {
        match flat.last_mut() {
            Some(outer) if edit.span.end <= outer.span.end && !outer.span.is_empty() => {
                if let Some(new) = within(script, outer, &edit) {
                    outer.new = new;
                    if edit.safety != Safety::Safe {
                        outer.safety = edit.safety;
                    }
                }
            }
            _ => flat.push(edit),
        }
    }
    *edits = flat;
}

/// How much around an edit is looked at to find its place.
const MAX_AROUND: usize = 20;

/// The text of an edit with another one in it made: at the one place where what stands there stands, with what is around it.
fn within(script: &str, outer: &Edit, inner: &Edit) -> Option<String> {
    for around in 0..MAX_AROUND {
        let start = inner.span.start.saturating_sub(around).max(outer.span.start);
        let end = inner.span.end.saturating_add(around).min(outer.span.end);
        let Some(text) = script.get(start..end).filter(|text| !text.is_empty()) else { continue };
        let mut places = outer.new.match_indices(text).map(|(at, _)| at);
        let at = places.next()? + (inner.span.start - start);
        if places.next().is_none() {
            let mut new = outer.new.clone();
            new.replace_range(at..at + inner.span.len(), &inner.new);
            return Some(new);
        }
    }
    None
}

/// Installs of the project that follow each other become one: the first takes the flags of the last, which knows what was
/// synced before.
fn merge_syncs(layout: &Layout<'_>, commands: &[Command], actions: &mut [Action]) {
    let is_sync = |action: Option<&Action>| match action {
        Some(Action::Replace { new, .. }) => new.strip_prefix("uv sync").is_some_and(only_selects),
        _ => false,
    };
    let is_same = |one: Option<&Action>, other: Option<&Action>| match (one, other) {
        (Some(Action::Replace { new: one, .. }), Some(Action::Replace { new: other, .. })) => {
            one == other && one.starts_with("uv lock") && !one.contains("--check")
        }
        _ => false,
    };
    for index in (0..commands.len()).rev() {
        if !matches!(actions.get(index), Some(Action::Replace { .. })) {
            continue;
        }
        let Some(earlier) = neighbour_before(layout, actions, index) else { continue };
        if !runs_with(layout, commands, actions, earlier, index) {
            continue;
        }
        let has_own = |index: usize| {
            commands
                .get(index)
                .is_none_or(|command| !command.redirections.is_empty() || !command.assignments.is_empty())
        };
        let both = is_sync(actions.get(index)) && is_sync(actions.get(earlier));
        let same = is_same(actions.get(index), actions.get(earlier));
        // What cannot go is not merged either.
        let piped = is_piped_on(layout, &[index]);
        let bound = commands.get(index).is_none_or(is_bound);
        if !(both || same) || has_own(index) || has_own(earlier) || piped || bound {
            continue;
        }
        let Some(Action::Replace { new: text, why: later, .. }) = actions.get(index).cloned() else {
            continue;
        };
        if let Some(Action::Replace { new, why, .. }) = actions.get_mut(earlier) {
            *new = with_flags_of(text, new);
            if later.safety != Safety::Safe {
                why.safety = later.safety;
            }
            let safety = why.safety;
            let reason = if both { "one `uv sync` installs both" } else { "one `uv lock` locks everything" }
                .to_owned();
            if let Some(action) = actions.get_mut(index) {
                *action = Action::Remove(Why { reason, safety, ..later });
            }
        }
    }
}

/// Whether the flags of a sync choose what is installed, or are carried over by [`with_flags_of`].
fn only_selects(flags: &str) -> bool {
    let mut words = flags.split_whitespace();
    while let Some(word) = words.next() {
        match word {
            "--group" | "--extra" | "--only-group" | "--no-group" => {
                words.next();
            }
            "--locked"
            | "--frozen"
            | "--no-dev"
            | "--no-default-groups"
            | "--inexact"
            | "--quiet"
            | "--verbose"
            | "--active" => {}
            word if CARRIED.contains(&word) => {}
            _ => return false,
        }
    }
    true
}

/// Flags that one sync for several commands keeps of each.
const CARRIED: &[&str] =
    &["--no-cache", "--reinstall", "--compile-bytecode", "--no-build", "--no-binary", "--no-build-isolation"];

/// A sync with those flags of an earlier one that choose nothing.
fn with_flags_of(mut text: String, earlier: &str) -> String {
    for flag in CARRIED {
        let has = |text: &str| text.split(' ').any(|word| word == *flag);
        if has(earlier) && !has(&text) {
            text.push(' ');
            text.push_str(flag);
        }
    }
    text
}

/// The command before that stays, joined to this one.
fn neighbour_before(layout: &Layout<'_>, actions: &[Action], index: usize) -> Option<usize> {
    let mut at = index;
    loop {
        let side = layout.before(at)?;
        if !matches!(side.gap, Gap::And | Gap::Next) {
            return None;
        }
        at = side.neighbour?;
        if !matches!(actions.get(at), Some(Action::Remove(_))) {
            return Some(at);
        }
    }
}

/// Whether a command runs whenever a later one does: it is no part of a chain that need not get so far.
fn runs_with(
    layout: &Layout<'_>,
    commands: &[Command],
    actions: &[Action],
    earlier: usize,
    later: usize,
) -> bool {
    if layout.before(later).is_some_and(|side| side.gap == Gap::And) {
        return true;
    }
    let mut at = earlier;
    loop {
        match commands.get(at).map(|command| command.joined_by) {
            Some(Joint::And) => {}
            Some(Joint::Start | Joint::Next | Joint::Background) => return true,
            Some(Joint::Or | Joint::Pipe) | None => return false,
        }
        // What goes cannot fail.
        let before = layout.before(at).and_then(|side| side.neighbour);
        match before.filter(|before| matches!(actions.get(*before), Some(Action::Remove(_)))) {
            Some(before) => at = before,
            None => return false,
        }
    }
}

/// What stands in a pipe or is negated does not go, unless all of the pipe does.
fn leave_pipes(layout: &Layout<'_>, commands: &[Command], actions: &mut [Action]) {
    let mut seen = vec![false; commands.len()];
    for index in 0..commands.len() {
        if seen.get(index).copied().unwrap_or(true) {
            continue;
        }
        let pipe = pipe_of(layout, index);
        for member in &pipe {
            if let Some(seen) = seen.get_mut(*member) {
                *seen = true;
            }
        }
        let goes = |index: &usize| matches!(actions.get(*index), Some(Action::Remove(_)));
        let is_whole = pipe.iter().all(goes) && !is_piped_on(layout, &pipe);
        let bound = |index: &usize| commands.get(*index).is_none_or(is_bound);
        if is_whole && !pipe.iter().any(bound) {
            continue;
        }
        for member in pipe {
            if let Some(action) = actions.get_mut(member).filter(|action| matches!(action, Action::Remove(_)))
            {
                let reason = "with uv it is not needed, but what stands around it depends on it".to_owned();
                *action = Action::Left { reason, suggestion: None };
            }
        }
    }
}

/// What a command says or whether it fails is asked for.
fn is_bound(command: &Command) -> bool {
    command.within.contains(&Block::Negation)
        || command.redirections.iter().any(|redirection| redirection.document.is_some())
}

/// The commands of the pipe that a command stands in, from its first one that is not joined to a block.
fn pipe_of(layout: &Layout<'_>, index: usize) -> Vec<usize> {
    let mut pipe = vec![index];
    let mut last = index;
    while let Some(next) =
        layout.after(last).filter(|side| side.gap == Gap::Pipe).and_then(|side| side.neighbour)
    {
        pipe.push(next);
        last = next;
    }
    pipe
}

/// Whether a pipe goes on with a block, or comes from one or from a command that is not in it.
fn is_piped_on(layout: &Layout<'_>, pipe: &[usize]) -> bool {
    let is_pipe = |token: Option<&Token<'_>>| token.is_some_and(|token| matches!(token.text, "|" | "|&"));
    let first = pipe.first().and_then(|first| layout.before(*first));
    let last = pipe.last().and_then(|last| layout.after(*last));
    first.is_some_and(|side| is_pipe(side.tokens.iter().rfind(|token| token.text != "\n")))
        || last.is_some_and(|side| is_pipe(side.tokens.iter().find(|token| token.text != "\n")))
}

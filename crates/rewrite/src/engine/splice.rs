//! From what is to become of each command to edits that leave a script which the shell can read.

use std::collections::BTreeSet;
use std::ops::Range;

use uvshift_diagnostics::Safety;

use super::ask::{Action, Why};
use super::gap::{Gap, Token, between, closes, opens, tokens};
use crate::model::{Edit, Left};
use crate::plan::apply;
use crate::shell::{Block, Command, parse};

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

/// The neighbours of each command, and what stands between.
struct Layout<'a> {
    before: Vec<Side<'a>>,
    after: Vec<Side<'a>>,
}

struct Side<'a> {
    neighbour: Option<usize>,
    tokens: Vec<Token<'a>>,
    gap: Gap,
}

impl<'a> Layout<'a> {
    fn of(script: &'a str, commands: &[Command]) -> Self {
        let ends = ends(script, commands);
        let mut by_start: Vec<usize> = (0..commands.len()).collect();
        by_start.sort_by_key(|index| commands.get(*index).map_or(0, |command| command.span.start));
        let mut by_end = by_start.clone();
        by_end.sort_by_key(|index| ends.get(*index).copied().unwrap_or(0));
        let start = |index: usize| commands.get(index).map_or(0, |command| command.span.start);
        let end = |index: usize| ends.get(index).copied().unwrap_or(0);
        let mut layout = Self { before: Vec::new(), after: Vec::new() };
        for (index, command) in commands.iter().enumerate() {
            let at = by_end.partition_point(|other| end(*other) <= command.span.start);
            let neighbour = at.checked_sub(1).and_then(|at| by_end.get(at)).copied();
            let from = neighbour.map_or(0, end);
            layout.before.push(Side::of(script, neighbour, from..command.span.start));
            let at = by_start.partition_point(|other| start(*other) < end(index));
            let neighbour = by_start.get(at).copied();
            let to = neighbour.map_or(script.len(), start);
            layout.after.push(Side::of(script, neighbour, end(index)..to));
        }
        layout
    }

    fn before(&self, index: usize) -> Option<&Side<'a>> {
        self.before.get(index)
    }

    fn after(&self, index: usize) -> Option<&Side<'a>> {
        self.after.get(index)
    }
}

/// The end of each command, with its documents.
fn ends(script: &str, commands: &[Command]) -> Vec<usize> {
    let end = |command: &Command| {
        let documents = command.redirections.iter().filter_map(|redirection| redirection.document.as_ref());
        let end = documents.map(|document| document.end).max().unwrap_or(0).max(command.span.end);
        end.min(script.len())
    };
    commands.iter().map(end).collect()
}

impl<'a> Side<'a> {
    fn of(script: &'a str, neighbour: Option<usize>, span: Range<usize>) -> Self {
        let tokens = if span.start <= span.end { tokens(script, span) } else { Vec::new() };
        let gap = if neighbour.is_some() { between(&tokens) } else { Gap::Boundary };
        Self { neighbour, tokens, gap }
    }
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
                let Some(old) = script.get(edit.span.clone()) else { continue };
                if !old.is_empty() && outer.new.contains(old) {
                    outer.new = outer.new.replacen(old, &edit.new, 1);
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

/// Installs of the project that follow each other become one: the first takes the flags of the last, which knows what was
/// synced before.
fn merge_syncs(layout: &Layout<'_>, commands: &[Command], actions: &mut [Action]) {
    let is_sync = |action: Option<&Action>| match action {
        Some(Action::Replace { new, .. }) => new.starts_with("uv sync") && !new.contains("&&"),
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
        let has_own = |index: usize| {
            commands
                .get(index)
                .is_none_or(|command| !command.redirections.is_empty() || !command.assignments.is_empty())
        };
        let both = is_sync(actions.get(index)) && is_sync(actions.get(earlier));
        let same = is_same(actions.get(index), actions.get(earlier));
        if !(both || same) || has_own(index) || has_own(earlier) {
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

/// A sync with those flags of an earlier one that choose nothing.
fn with_flags_of(mut text: String, earlier: &str) -> String {
    let flags = [
        "--no-cache",
        "--reinstall",
        "--compile-bytecode",
        "--no-build",
        "--no-binary",
        "--no-build-isolation",
    ];
    for flag in flags {
        let has = |text: &str| text.split(' ').any(|word| word == flag);
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

/// A command that goes.
struct Removal {
    index: usize,
    span: Range<usize>,
    new: String,
    together: u32,
    /// Commands behind `||` that go with it.
    swallowed: Vec<usize>,
}

struct Removals<'a> {
    script: &'a str,
    commands: &'a [Command],
    layout: &'a Layout<'a>,
    how: How,
    actions: &'a [Action],
    /// Whether nothing that stays is between a command and the end of its block.
    closed: Vec<bool>,
}

impl<'a> Removals<'a> {
    fn new(
        script: &'a str,
        commands: &'a [Command],
        layout: &'a Layout<'a>,
        how: How,
        actions: &'a [Action],
    ) -> Self {
        let mut found = Self { script, commands, layout, how, actions, closed: vec![false; commands.len()] };
        let mut order: Vec<usize> = (0..commands.len()).collect();
        order.sort_by_key(|index| found.start(*index));
        for index in order.into_iter().rev() {
            let Some(side) = layout.after(index) else { continue };
            let next =
                side.neighbour.filter(|next| matches!(side.gap, Gap::And | Gap::Next) && found.goes(*next));
            let next = next.and_then(|next| found.closed.get(next)).copied().unwrap_or(false);
            if let Some(closed) = found.closed.get_mut(index) {
                *closed = closes(&side.tokens) || next;
            }
        }
        found
    }

    fn goes(&self, index: usize) -> bool {
        matches!(self.actions.get(index), Some(Action::Remove(_)))
    }

    fn start(&self, index: usize) -> usize {
        self.commands.get(index).map_or(0, |command| command.span.start)
    }

    fn end(&self, index: usize) -> usize {
        self.commands.get(index).map_or(0, |command| command.span.end)
    }

    fn all(&self) -> Vec<Removal> {
        let mut order: Vec<usize> = (0..self.commands.len()).filter(|index| self.goes(*index)).collect();
        order.sort_by_key(|index| self.start(*index));
        let mut done = vec![false; self.commands.len()];
        let mut found = Vec::new();
        for index in order {
            if done.get(index).copied().unwrap_or(true) {
                continue;
            }
            let chain = self.chain(index);
            for member in chain.members.iter().chain(&chain.swallowed) {
                if let Some(done) = done.get_mut(*member) {
                    *done = true;
                }
            }
            found.extend(self.chain_removals(&chain));
        }
        found
    }

    /// Commands that go, joined by `&&`, and what stands behind `||` after the last of them.
    fn chain(&self, first: usize) -> Chain {
        let mut chain = Chain { members: vec![first], swallowed: Vec::new() };
        let mut last = first;
        while let Some(side) = self.layout.after(last) {
            let Some(next) = side.neighbour else { break };
            match side.gap {
                Gap::And | Gap::Pipe if self.goes(next) && chain.swallowed.is_empty() => {
                    chain.members.push(next);
                }
                Gap::Or if self.how == How::Whole && self.is_simple(next) => chain.swallowed.push(next),
                _ => break,
            }
            last = next;
        }
        chain
    }

    /// Whether nothing nested or piped hangs on a command.
    fn is_simple(&self, index: usize) -> bool {
        self.layout.after(index).is_none_or(|side| side.gap != Gap::Pipe)
            && self.commands.get(index).is_none_or(|command| {
                command.redirections.iter().all(|redirection| redirection.document.is_none())
            })
    }

    fn chain_removals(&self, chain: &Chain) -> Vec<Removal> {
        let Some((first, last)) = chain.members.first().zip(chain.members.last()) else { return Vec::new() };
        let end_index = chain.swallowed.last().unwrap_or(last);
        let whole = self.start(*first)..self.end(*end_index);
        let (span, new) = self.place(*first, *end_index, whole.clone());
        let together = if chain.members.len() > 1 { number(self.script, whole.start) } else { 0 };
        let mut found = Vec::new();
        for (at, index) in chain.members.iter().enumerate() {
            // Each takes what is up to the next one, so that each has its own reason.
            let from = if at == 0 { span.start } else { self.start(*index) };
            let to = chain.members.get(at + 1).map_or(span.end, |next| self.start(*next));
            let is_last = at + 1 == chain.members.len();
            found.push(Removal {
                index: *index,
                span: from..to.max(from),
                new: if is_last { new.clone() } else { String::new() },
                together,
                swallowed: if is_last { chain.swallowed.clone() } else { Vec::new() },
            });
        }
        found
    }

    /// What is to be taken away with a chain of commands, and what stands there then.
    fn place(&self, first: usize, last: usize, whole: Range<usize>) -> (Range<usize>, String) {
        let placeholder = (whole.clone(), ":".to_owned());
        let (Some(before), Some(after)) = (self.layout.before(first), self.layout.after(last)) else {
            return placeholder;
        };
        let last_token = before.tokens.iter().rev().find(|token| token.text != "\n");
        let first_token = after.tokens.iter().find(|token| token.text != "\n");
        let text = |token: Option<&Token<'_>>| token.map_or("", |token| token.text).to_owned();
        let (last_text, first_text) = (text(last_token), text(first_token));
        if self.how == How::Placeholder
            || matches!(last_text.as_str(), "||" | "|" | "|&" | "!")
            || matches!(first_text.as_str(), "||" | "&" | "|" | "|&")
        {
            return placeholder;
        }
        if let Some(token) = first_token.filter(|token| token.text == "&&") {
            return (whole.start..skip_blank(self.script, token.span.end), String::new());
        }
        if let Some(token) = last_token.filter(|token| token.text == "&&") {
            return (self.back_over_blank(token.span.start)..whole.end, String::new());
        }
        if self.is_alone(first, last) {
            return placeholder;
        }
        (self.statement(whole, before, after), String::new())
    }

    /// Whether the block would be empty without these commands and those behind them that go as well. The first of them
    /// keeps the place.
    fn is_alone(&self, first: usize, last: usize) -> bool {
        self.layout.before(first).is_some_and(|side| opens(&side.tokens))
            && self.closed.get(last).copied().unwrap_or(false)
    }

    /// A statement, with its `;` or its line.
    fn statement(&self, whole: Range<usize>, before: &Side<'_>, after: &Side<'_>) -> Range<usize> {
        let line_start = line_start(self.script, whole.start);
        let is_first = self.script.get(line_start..whole.start).is_some_and(|text| text.trim().is_empty());
        let separator = before.tokens.last().filter(|token| token.text == ";" && !is_first);
        if let Some(token) = separator {
            return self.back_over_blank(token.span.start)..whole.end;
        }
        if let Some(token) = after.tokens.first().filter(|token| token.text == ";") {
            return whole.start..skip_blank(self.script, token.span.end);
        }
        let rest = self.script.get(whole.end..).unwrap_or_default();
        let line_end = rest.find('\n').map_or(self.script.len(), |at| whole.end + at);
        let tail = self.script.get(whole.end..line_end).unwrap_or_default();
        if !tail.trim().is_empty() {
            // A comment stays.
            let blank = tail.len().saturating_sub(tail.trim_start().len());
            return whole.start..if is_first { whole.end + blank } else { whole.end };
        }
        if !is_first {
            return whole.start..whole.end;
        }
        if line_end < self.script.len() {
            return line_start..line_end + 1;
        }
        // The last line without a new line at its end takes the one before it, unless that goes with its own line.
        if before.neighbour.is_some_and(|neighbour| self.goes(neighbour)) {
            return line_start..line_end;
        }
        let previous = self.script.get(..line_start).unwrap_or_default();
        let previous = previous.strip_suffix('\n').unwrap_or(previous);
        let previous = previous.strip_suffix('\r').unwrap_or(previous);
        previous.len()..line_end
    }

    /// Back over blanks and continued lines.
    fn back_over_blank(&self, at: usize) -> usize {
        let mut text = self.script.get(..at).unwrap_or_default();
        loop {
            let trimmed = text.trim_end_matches([' ', '\t']);
            let line = trimmed.strip_suffix("\\\n").or_else(|| trimmed.strip_suffix("\\\r\n"));
            match line {
                Some(shorter) => text = shorter,
                None if trimmed.len() == text.len() => return text.len(),
                None => text = trimmed,
            }
        }
    }
}

struct Chain {
    members: Vec<usize>,
    swallowed: Vec<usize>,
}

/// Where the line of a byte starts.
fn line_start(script: &str, at: usize) -> usize {
    script.get(..at).and_then(|text| text.rfind('\n')).map_or(0, |at| at + 1)
}

/// Forward over blanks, new lines and continued lines.
fn skip_blank(script: &str, at: usize) -> usize {
    let mut text = script.get(at..).unwrap_or_default();
    loop {
        let trimmed = text.trim_start();
        let line = trimmed.strip_prefix("\\\n").or_else(|| trimmed.strip_prefix("\\\r\n"));
        match line {
            Some(shorter) => text = shorter,
            None => return script.len() - trimmed.len(),
        }
    }
}

/// A number for edits that belong together, which another script of the same file hardly has.
fn number(script: &str, at: usize) -> u32 {
    let bytes = script.bytes().chain(at.to_le_bytes());
    bytes.fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)) | 1
}

//! From command to command: what is known goes on, and branches make no false promises.

use uvshift_diagnostics::Safety;

use super::ask::{Action, ask};
use super::doubts::{check_out, edited};
use super::gap::{Token, tokens};
use super::shell_state::note;
use super::{Environment, Scope};
use crate::context::{Context, Selection};
use crate::invocation::plain_name;
use crate::shell::{Block, Command, Joint, Word};

/// A block that is open.
struct Frame {
    block: Block,
    /// What was known before it.
    entry: Scope,
    /// What is known at the end of the branches before this one.
    ends: Vec<Scope>,
    /// The last branch is an `else`, so that one of them runs.
    is_complete: bool,
    /// It stands behind `||`, or behind `&&` and a test.
    may_be_skipped: bool,
}

struct Walk {
    frames: Vec<Frame>,
    /// Branches that have ended, by depth, of which the next one is still to come.
    pending: Vec<Option<Frame>>,
    /// The command before is a test, and the next one depends on it.
    tested: bool,
    /// The command opens a block behind `||`.
    has_failed: bool,
}

/// What is to become of each command, and whether uv is used.
pub(super) fn walk(
    script: &str,
    commands: &[Command],
    scope: &mut Scope,
    context: &Context,
) -> (Vec<Action>, bool) {
    let mut walk = Walk { frames: Vec::new(), pending: Vec::new(), tested: false, has_failed: false };
    let mut actions = Vec::with_capacity(commands.len());
    let mut uses_uv = false;
    let mut stack = Vec::new();
    let mut end = 0;
    let mut document = None;
    let (mut goes, mut never_runs) = (false, false);
    // What was known before the first command of `a && b || c`, and before the last one that was read.
    let (mut chain, mut last) = (scope.clone(), scope.clone());
    for command in commands {
        let gap = gap_tokens(script, end, document.take(), command.span.start);
        walk.enter(command, &gap, scope);
        if walk.has_failed {
            fail(scope, &chain, &last);
        }
        let conditional = walk.is_conditional(command);
        let before = conditional.then(|| scope.clone());
        match command.joined_by {
            Joint::Or => fail(scope, &chain, &last),
            Joint::Start | Joint::Next | Joint::Background => chain.clone_from(scope),
            Joint::And | Joint::Pipe => {}
        }
        last.clone_from(scope);
        note(script, command, scope, &mut stack);
        check_out(script, command, scope);
        let (action, uses) = ask(script, command, scope, context);
        uses_uv |= uses;
        if matches!(action, Action::Keep | Action::Left { .. }) {
            scope.edited.extend(edited(script, command, scope, context));
        }
        actions.push(action);
        if command.joined_by == Joint::Or {
            once(script, commands, &mut actions);
        }
        // What goes cannot fail, so that what stands behind `||` does not run.
        never_runs = command.joined_by == Joint::Or && (goes || never_runs);
        let word = command.words.first().map(|word| word.raw(script));
        goes = matches!(actions.last(), Some(Action::Remove(_))) || matches!(word, Some(":" | "true"));
        if let Some(before) = before {
            *scope = if never_runs { before } else { merge(&before, scope) };
        }
        end = end.max(command.span.end);
        document =
            command.redirections.iter().filter_map(|redirection| redirection.document.clone()).next_back();
    }
    walk.leave(&gap_tokens(script, end, document, script.len()), scope);
    seed(script, commands, &mut actions);
    guards(commands, &mut actions);
    keep_get_pip(script, commands, &mut actions);
    (actions, uses_uv)
}

/// A command that is tried again when it fails is needed once, where both became the same sync.
fn once(script: &str, commands: &[Command], actions: &mut [Action]) {
    let Some(at) = actions.len().checked_sub(1) else { return };
    let [.., first, again] = actions else { return };
    let (
        Action::Replace { new: one, span, why, .. },
        Action::Replace { new: other, span: later, why: second, .. },
    ) = (&mut *first, &mut *again)
    else {
        return;
    };
    if one != other || !one.starts_with("uv sync") {
        return;
    }
    for why in [why, second] {
        why.safety = Safety::NeedsReview;
        why.reason.push_str("; it is tried again when it fails, and uv tries a download again by itself");
    }
    // What a pipe goes on from, and what a block holds, is no command of its own.
    let is_whole = |command: &Command| command.span == *later && command.followed_by != Joint::Pipe;
    let is_plain = commands.get(at).is_some_and(is_whole);
    let between = script.get(span.end..later.start).unwrap_or_default();
    if is_plain && between.trim() == "||" {
        span.end = later.end;
        *again = Action::Keep;
    }
}

/// A test for an old file is about this project where something behind it that changes reads that file; else the script may
/// ask what somebody else's project is like.
fn guards(commands: &[Command], actions: &mut [Action]) {
    for at in 0..actions.len() {
        let (before, behind) = actions.split_at_mut(at + 1);
        let (Some(Action::Replace { why, .. }), Some(test)) = (before.last_mut(), commands.get(at)) else {
            continue;
        };
        if why.rule != "file-test" {
            continue;
        }
        let files: Vec<String> = test.words.iter().skip(2).filter_map(Word::literal).collect();
        let reads = |command: &Command| {
            let named = command.words.iter().filter_map(Word::literal);
            named
                .into_iter()
                .any(|word| files.iter().any(|file| file.len() > 1 && word.ends_with(file.as_str())))
        };
        let guarded = commands.iter().skip(at + 1).zip(behind).find_map(|(command, action)| match action {
            Action::Replace { why, .. } | Action::Remove(why) if reads(command) => Some(why.safety),
            _ => None,
        });
        why.safety = why.safety.max(guarded.unwrap_or(Safety::NeedsReview));
        if guarded.is_none() {
            why.reason
                .push_str("; nothing here that changes reads it, and the test may be about other projects");
        }
    }
}

/// get-pip.py is fetched and taken away as long as something runs it.
fn keep_get_pip(script: &str, commands: &[Command], actions: &mut [Action]) {
    let names_it =
        |command: &Command| command.words.iter().any(|word| word.raw(script).contains("get-pip.py"));
    let stays = |(command, action): (&Command, &Action)| {
        matches!(action, Action::Keep | Action::Left { .. }) && names_it(command)
    };
    if !commands.iter().zip(actions.iter()).any(stays) {
        return;
    }
    for (command, action) in commands.iter().zip(actions) {
        if matches!(action, Action::Remove(_)) && names_it(command) {
            let reason = "something still runs get-pip.py".to_owned();
            *action = Action::Left { reason, suggestion: None };
        }
    }
}

/// An environment that pip is to work in gets one.
fn seed(script: &str, commands: &[Command], actions: &mut [Action]) {
    let is_pip = |(command, action): (&Command, &Action)| {
        let raw = command.words.iter().map(|word| word.raw(script)).take(4);
        matches!(action, Action::Left { .. } | Action::Keep)
            && raw.into_iter().any(|raw| plain_name(raw.rsplit('/').next().unwrap_or(raw)) == "pip")
            && command.words.first().is_none_or(|word| word.raw(script) != "uv")
    };
    if !commands.iter().zip(actions.iter()).any(is_pip) {
        return;
    }
    for action in actions {
        if let Action::Replace { new, .. } = action
            && let Some(rest) = new.strip_prefix("uv venv ").filter(|_| !new.contains(" && "))
        {
            *new = format!("uv venv --seed {rest}");
        }
    }
}

fn gap_tokens(
    script: &str,
    from: usize,
    document: Option<std::ops::Range<usize>>,
    to: usize,
) -> Vec<Token<'_>> {
    match document {
        Some(document) if document.start >= from && document.end <= to => {
            let mut found = tokens(script, from..document.start);
            found.extend(tokens(script, document.end..to));
            found
        }
        _ if from <= to => tokens(script, from..to),
        _ => Vec::new(),
    }
}

impl Walk {
    /// Closes and opens the blocks between the command before and this one.
    fn enter(&mut self, command: &Command, gap: &[Token<'_>], scope: &mut Scope) {
        let last = self.tokens(gap, scope);
        let common =
            self.frames.iter().zip(&command.within).take_while(|(frame, block)| frame.block == **block);
        let common = common.count();
        self.close_to(common, scope);
        let is_else = last == "else";
        let joint = gap.iter().rev().find(|token| matches!(token.text, "&&" | "||" | ";" | "&"));
        let opens = command.within.len() > common;
        self.has_failed = opens && joint.is_some_and(|token| token.text == "||");
        let mut may_be_skipped = match joint.map(|token| token.text) {
            Some("||") => true,
            Some("&&") => self.tested,
            _ => false,
        };
        for block in command.within.iter().skip(common) {
            let depth = self.frames.len();
            let pending = self.pending.get_mut(depth).and_then(Option::take);
            let frame = match pending {
                Some(mut frame) if *block == Block::Branch => {
                    frame.is_complete |= is_else;
                    frame
                }
                other => {
                    // The condition of an `elif` stands between two branches.
                    if let (Some(other), Some(slot)) = (other, self.pending.get_mut(depth)) {
                        *slot = Some(other);
                    }
                    let entry = scope.clone();
                    let may_be_skipped = std::mem::take(&mut may_be_skipped);
                    Frame { block: *block, entry, ends: Vec::new(), is_complete: false, may_be_skipped }
                }
            };
            self.frames.push(frame);
            if self.pending.len() <= self.frames.len() {
                self.pending.resize_with(self.frames.len() + 1, || None);
            }
        }
    }

    /// Closes every block at the end of the script.
    fn leave(&mut self, gap: &[Token<'_>], scope: &mut Scope) {
        self.tokens(gap, scope);
        self.close_to(0, scope);
    }

    /// Closes what stands between two commands; the last token that is no new line.
    fn tokens<'a>(&mut self, gap: &[Token<'a>], scope: &mut Scope) -> &'a str {
        let mut last = "";
        for token in gap.iter().filter(|token| token.text != "\n") {
            self.token(token.text, last, scope);
            last = token.text;
        }
        last
    }

    /// Closes what a word of the shell closes.
    fn token(&mut self, text: &str, last: &str, scope: &mut Scope) {
        let top = self.frames.last().map(|frame| frame.block);
        let closes = match text {
            "fi" | "else" | "elif" | ";;" | ";&" | ";;&" => top == Some(Block::Branch),
            "esac" => {
                if last == ";;" {
                    self.settle(self.frames.len(), scope);
                }
                top == Some(Block::Branch) && last != ";;"
            }
            "then" | "do" => top == Some(Block::Condition),
            "done" => top == Some(Block::Loop),
            "}" => matches!(top, Some(Block::Braces | Block::Function)),
            ")" | "`" => matches!(top, Some(Block::Subshell | Block::Substitution)),
            _ => false,
        };
        if text == "fi" && !closes {
            self.settle(self.frames.len(), scope);
        }
        if !closes {
            return;
        }
        let goes_on = matches!(text, "else" | "elif" | ";;" | ";&" | ";;&");
        if !goes_on {
            self.close_to(self.frames.len().saturating_sub(1), scope);
            return;
        }
        let Some(mut frame) = self.frames.pop() else { return };
        frame.ends.push(std::mem::replace(scope, frame.entry.clone()));
        let depth = self.frames.len();
        if let Some(slot) = self.pending.get_mut(depth) {
            *slot = Some(frame);
        }
    }

    /// Ends branches of which none is open.
    fn settle(&mut self, depth: usize, scope: &mut Scope) {
        if let Some(frame) = self.pending.get_mut(depth).and_then(Option::take) {
            *scope = frame.ends.iter().fold(frame.entry.clone(), |merged, end| merge(&merged, end));
        }
    }

    fn close_to(&mut self, depth: usize, scope: &mut Scope) {
        while self.frames.len() > depth {
            self.settle(self.frames.len(), scope);
            let Some(frame) = self.frames.pop() else { return };
            Self::leave_block(&frame, scope);
            if frame.may_be_skipped {
                *scope = merge(&frame.entry, scope);
            }
        }
    }

    fn leave_block(frame: &Frame, scope: &mut Scope) {
        match frame.block {
            Block::Condition | Block::Braces | Block::Negation => {}
            Block::Subshell | Block::Substitution => {
                scope.folder.clone_from(&frame.entry.folder);
                scope.programs.clone_from(&frame.entry.programs);
                if frame.entry.environment != Environment::System {
                    scope.environment = frame.entry.environment;
                } else if scope.environment == Environment::Active {
                    scope.environment = Environment::Uv;
                }
            }
            Block::Branch | Block::Loop | Block::Function => {
                let mut merged = scope.clone();
                for end in &frame.ends {
                    merged = merge(&merged, end);
                }
                *scope = if frame.is_complete { merged } else { merge(&frame.entry, &merged) };
            }
        }
    }

    /// Whether a command may not run although the one before it did.
    fn is_conditional(&mut self, command: &Command) -> bool {
        let tested = self.tested && command.joined_by == Joint::And;
        let first = command.words.first().and_then(crate::shell::Word::literal);
        let is_test = matches!(
            first.as_deref(),
            Some("[" | "[[" | "test" | "which" | "grep" | "type" | "hash" | "false")
        ) || (first.as_deref() == Some("command") && command.words.len() > 2);
        self.tested = is_test || tested;
        command.joined_by == Joint::Or || tested
    }
}

/// What stands before `||` has failed, wherever in it: what the last command of it would have installed is not there, and what
/// the ones before it install may be.
fn fail(scope: &mut Scope, chain: &Scope, last: &Scope) {
    let any = union([&chain.synced, &chain.maybe, &last.synced, &last.maybe]);
    scope.certain = None;
    scope.synced = chain.synced.clone().or_else(|| any.as_ref().map(|_| Selection::default()));
    scope.maybe = any.filter(|any| chain.synced.as_ref() != Some(any));
}

/// What is known when either may be the case.
fn merge(one: &Scope, other: &Scope) -> Scope {
    let same = |left: &Option<String>, right: &Option<String>| {
        if left == right { left.clone() } else { None }
    };
    let mut merged = Scope {
        environment: environment(one.environment, other.environment),
        synced: None,
        maybe: None,
        without_project: one.without_project || other.without_project,
        certain: one
            .certain
            .as_ref()
            .zip(other.certain.as_ref())
            .filter(|_| one.certain_in == other.certain_in)
            .map(|(one, other)| both(one, other)),
        certain_in: one.certain_in.clone(),
        has_additions: one.has_additions || other.has_additions,
        is_fresh: one.is_fresh && other.is_fresh,
        keeps_others: one.keeps_others || other.keeps_others,
        folder: same(&one.folder, &other.folder),
        script_folder: same(&one.script_folder, &other.script_folder),
        programs: {
            let mut programs = one.programs.clone();
            programs.retain(|name, value| other.programs.get(name) == Some(value));
            programs
        },
        on_path: same(&one.on_path, &other.on_path),
        own_environment: one.own_environment.clone().or_else(|| other.own_environment.clone()),
        has_uv: one.has_uv && other.has_uv,
        finds_tools: one.finds_tools && other.finds_tools,
        tools: one.tools.union(&other.tools).cloned().collect(),
        runs_setup_py: one.runs_setup_py || other.runs_setup_py,
        builds: one.builds && other.builds,
        host_brings_uv: one.host_brings_uv && other.host_brings_uv,
        tentative: one.tentative || other.tentative,
        settings: one.settings.union(&other.settings).copied().collect(),
        edited: one.edited.union(&other.edited).cloned().collect(),
        revision: one.revision.clone().or_else(|| other.revision.clone()),
    };
    (merged.synced, merged.maybe) = installed(one, other);
    merged
}

/// Takes what may be installed from what is known otherwise.
pub(super) fn join_installed(scope: &mut Scope, other: &Scope) {
    (scope.synced, scope.maybe) = installed(scope, other);
}

/// What is there either way, and what may be there beside it.
fn installed(one: &Scope, other: &Scope) -> (Option<Selection>, Option<Selection>) {
    let all = [&one.synced, &other.synced, &one.maybe, &other.maybe];
    let Some(any) = union(all) else { return (None, None) };
    let none = Selection::default();
    let synced = both(one.synced.as_ref().unwrap_or(&none), other.synced.as_ref().unwrap_or(&none));
    let maybe = (any != synced).then_some(any);
    (Some(synced), maybe)
}

/// All that some selections have.
pub(super) fn union<'s>(all: impl IntoIterator<Item = &'s Option<Selection>>) -> Option<Selection> {
    let mut selections = all.into_iter().flatten();
    let mut union = selections.next()?.clone();
    selections.for_each(|other| union.join(other));
    Some(union)
}

/// `uv run` does the same in an environment that is active, so what is not sure is not active.
fn environment(one: Environment, other: Environment) -> Environment {
    use Environment::{Active, Foreign, System, Uv};
    match (one, other) {
        (one, other) if one == other => one,
        (Foreign, _) | (_, Foreign) => Foreign,
        (Uv | Active, _) | (_, Uv | Active) => Uv,
        (System, System) => System,
    }
}

/// What two selections have in common.
fn both(one: &Selection, other: &Selection) -> Selection {
    Selection {
        main: one.main && other.main,
        groups: one.groups.intersection(&other.groups).cloned().collect(),
        extras: one.extras.intersection(&other.extras).cloned().collect(),
    }
}

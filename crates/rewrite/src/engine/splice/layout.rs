//! What stands beside each command.

use std::ops::Range;

use crate::engine::gap::{Gap, Token, between, tokens};
use crate::shell::Command;

/// The neighbours of each command, and what stands between.
pub(super) struct Layout<'a> {
    before: Vec<Side<'a>>,
    after: Vec<Side<'a>>,
}

/// One side of a command.
pub(super) struct Side<'a> {
    pub(super) neighbour: Option<usize>,
    pub(super) tokens: Vec<Token<'a>>,
    pub(super) gap: Gap,
}

impl<'a> Layout<'a> {
    pub(super) fn of(script: &'a str, commands: &[Command]) -> Self {
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

    pub(super) fn before(&self, index: usize) -> Option<&Side<'a>> {
        self.before.get(index)
    }

    pub(super) fn after(&self, index: usize) -> Option<&Side<'a>> {
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

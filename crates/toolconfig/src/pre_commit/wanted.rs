//! What shall be different in a file: as what it means, and as replacements in its text.

use std::collections::BTreeSet;

use serde_yaml::{Mapping, Value};

use crate::pre_commit::list::{self, Patch};
use crate::pre_commit::scalar::{like, list as written, scalar};
use crate::pre_commit::shape::{Item, Shape};

/// Everything that shall be different.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) sets: Vec<Set>,
    /// Hooks that go, by the numbers of their repository and in it.
    pub(crate) gone: BTreeSet<(usize, usize)>,
    /// A new repository, behind another or in its place where that goes.
    pub(crate) beside: Option<(usize, Block)>,
    /// A new repository at the end.
    pub(crate) last: Option<Block>,
    /// A new hook of a repository.
    pub(crate) hook: Option<(usize, String)>,
}

/// A value of a repository or of its hook.
#[derive(Debug)]
pub(crate) struct Set {
    pub(crate) repo: usize,
    pub(crate) hook: Option<usize>,
    pub(crate) key: &'static str,
    pub(crate) to: To,
}

/// What a value becomes.
#[derive(Debug)]
pub(crate) enum To {
    Text(String),
    List { old: Vec<String>, new: Vec<String> },
}

/// A new repository.
#[derive(Debug, Default)]
pub(crate) struct Block {
    pub(crate) url: String,
    pub(crate) rev: String,
    pub(crate) hooks: Vec<NewHook>,
}

/// A new hook.
#[derive(Debug, Default)]
pub(crate) struct NewHook {
    pub(crate) id: String,
    pub(crate) keys: Vec<(String, Value)>,
}

impl Wanted {
    pub(crate) fn is_empty(&self) -> bool {
        self.sets.is_empty()
            && self.gone.is_empty()
            && self.beside.is_none()
            && self.last.is_none()
            && self.hook.is_none()
    }

    /// Whether all hooks of a repository go.
    fn loses_all(&self, repo: usize, value: &Value) -> bool {
        let count = value.get("hooks").and_then(Value::as_sequence).map_or(0, Vec::len);
        count > 0 && (0..count).all(|hook| self.gone.contains(&(repo, hook)))
    }

    /// What the file shall mean.
    pub(crate) fn applied(&self, value: &Value) -> Option<Value> {
        let mut value = value.clone();
        let repos = value.get_mut("repos")?.as_sequence_mut()?;
        for set in &self.sets {
            let mut place = repos.get_mut(set.repo)?;
            if let Some(hook) = set.hook {
                place = place.get_mut("hooks")?.get_mut(hook)?;
            }
            let new = match &set.to {
                To::Text(text) => Value::from(text.as_str()),
                To::List { new, .. } => new.iter().map(String::as_str).collect(),
            };
            place.as_mapping_mut()?.insert(Value::from(set.key), new);
        }
        if let Some((repo, id)) = &self.hook {
            repos
                .get_mut(*repo)?
                .get_mut("hooks")?
                .as_sequence_mut()?
                .push(NewHook { id: id.clone(), keys: Vec::new() }.value());
        }
        let mut after = Vec::new();
        for (number, mut repo) in std::mem::take(repos).into_iter().enumerate() {
            if !self.loses_all(number, &repo) {
                if let Some(hooks) = repo.get_mut("hooks").and_then(Value::as_sequence_mut) {
                    let mut hook = 0..;
                    hooks.retain(|_| hook.next().is_none_or(|hook| !self.gone.contains(&(number, hook))));
                }
                after.push(repo);
            }
            after.extend(
                self.beside.iter().filter(|(beside, _)| *beside == number).map(|(_, block)| block.value()),
            );
        }
        after.extend(self.last.iter().map(Block::value));
        *repos = after;
        Some(value)
    }

    /// The replacements in the text, in order; none where its form does not allow them.
    pub(crate) fn patches(&self, text: &str, shape: &Shape<'_>, value: &Value) -> Option<Vec<Patch>> {
        let mut patches = Vec::new();
        for set in &self.sets {
            let repo = shape.repos.get(set.repo)?;
            let item = set.hook.map_or(Some(&repo.item), |hook| repo.hooks.get(hook))?;
            if item.is_opaque {
                return None;
            }
            match &set.to {
                To::Text(new) => {
                    let key = item.key(set.key)?;
                    let old = text
                        .get(key.value.clone())
                        .filter(|old| key.end == key.line + 1 && !old.is_empty())?;
                    patches.push((key.value.clone(), like(old, new)?));
                }
                To::List { old, new } => patches.extend(list::patches(shape, text, item, set.key, old, new)?),
            }
        }
        self.removals(text, shape, value, &mut patches)?;
        if let Some((repo, id)) = &self.hook {
            let hook = shape.repos.get(*repo)?.hooks.last()?;
            let line = format!("{}- id: {id}{}", " ".repeat(hook.dash), shape.newline());
            patches.push(shape.lines_at(text, hook.end, line)?);
        }
        if let Some(block) = &self.last {
            let last = shape.repos.last()?;
            patches.push(shape.lines_at(text, last.item.end, block.lines(shape, shape.repos.len() - 1)?)?);
        }
        patches.sort_by_key(|(span, _)| (span.start, span.end));
        // Two neighbours that go may both take the blank line between them.
        patches.dedup_by(|later, earlier| {
            let joins = later.1.is_empty() && earlier.1.is_empty() && later.0.start < earlier.0.end;
            if joins {
                earlier.0.end = earlier.0.end.max(later.0.end);
            }
            joins
        });
        let apart =
            patches.windows(2).all(|two| matches!(two, [(one, _), (other, _)] if one.end <= other.start));
        apart.then_some(patches)
    }

    fn removals(&self, text: &str, shape: &Shape<'_>, value: &Value, patches: &mut Vec<Patch>) -> Option<()> {
        let repos = value.get("repos")?.as_sequence()?;
        for (number, (repo, value)) in shape.repos.iter().zip(repos).enumerate() {
            let block = self.beside.as_ref().filter(|(beside, _)| *beside == number).map(|(_, block)| block);
            let lines = block.map_or(Some(String::new()), |block| block.lines(shape, number))?;
            if self.loses_all(number, value) {
                // What is said above the first of them stays, since its place does.
                let span = if block.is_some() {
                    shape.span(repo.item.first..repo.item.end)?
                } else {
                    shape.removal(&repo.item)?
                };
                patches.push((span, lines));
                continue;
            }
            for (_, hook) in self.gone.iter().filter(|(of, _)| *of == number) {
                patches.push((shape.removal(repo.hooks.get(*hook)?)?, String::new()));
            }
            if block.is_some() {
                patches.push(shape.lines_at(text, repo.item.end, lines)?);
            }
        }
        Some(())
    }
}

impl Block {
    fn value(&self) -> Value {
        let mut repo = Mapping::new();
        repo.insert("repo".into(), self.url.as_str().into());
        repo.insert("rev".into(), self.rev.as_str().into());
        repo.insert("hooks".into(), self.hooks.iter().map(NewHook::value).collect::<Vec<_>>().into());
        repo.into()
    }

    /// As it is written beside a repository of a file.
    fn lines(&self, shape: &Shape<'_>, beside: usize) -> Option<String> {
        let repo = shape.repos.get(beside)?;
        let item = &repo.item;
        let column = if item.is_opaque { item.dash + 2 } else { item.column };
        let (dash, inner) = repo
            .hooks
            .first()
            .filter(|hook| !hook.is_opaque)
            .map_or((column + 2, column + 4), |hook: &Item| (hook.dash, hook.column));
        Some(self.written(item.dash, column, dash.max(column), inner.max(column + 2), shape.newline()))
    }

    /// As it is written with these columns.
    pub(crate) fn written(
        &self,
        dash: usize,
        column: usize,
        hook: usize,
        inner: usize,
        newline: &str,
    ) -> String {
        let lead = |dash: usize, column: usize| {
            format!("{}-{}", " ".repeat(dash), " ".repeat(column.saturating_sub(dash + 1).max(1)))
        };
        let blank = " ".repeat(column);
        let mut lines = vec![
            format!("{}repo: {}", lead(dash, column), self.url),
            format!("{blank}rev: {}", scalar(&self.rev)),
            format!("{blank}hooks:"),
        ];
        for new in &self.hooks {
            lines.push(format!("{}id: {}", lead(hook, inner), new.id));
            let blank = " ".repeat(inner);
            lines.extend(new.keys.iter().map(|(key, value)| format!("{blank}{key}: {}", shown(value))));
        }
        lines.iter().flat_map(|line| [line.as_str(), newline]).collect()
    }
}

impl NewHook {
    fn value(&self) -> Value {
        let mut hook = Mapping::new();
        hook.insert("id".into(), self.id.as_str().into());
        hook.extend(self.keys.iter().map(|(key, value)| (key.as_str().into(), value.clone())));
        hook.into()
    }
}

/// A value on one line.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => scalar(text),
        Value::Sequence(values) => {
            let texts: Vec<String> =
                values.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect();
            written(&texts)
        }
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

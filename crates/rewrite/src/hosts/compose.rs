//! compose.yaml, docker-compose.yml and their kin: what services start.

use uvshift_diagnostics::Safety;

use super::dockerfile::script::exec_script;
use crate::context::{Context, joined};
use crate::engine::{Environment, Scope, rewrite_script};
use crate::hosts::{Host, Kind};
use crate::model::{Left, RewriteOptions, Rewritten};
use crate::shell::{Word, parse};
use crate::yaml::{Node, Yaml};

/// The host.
pub(crate) const HOST: Host =
    Host { name: "compose", title: "compose files", kind: Kind::Edited, is, rewrite };

const IN_IMAGE: &str = "the image of this service must have the environment of the project on PATH, which its Dockerfile has once it uses uv";

fn is(path: &str, _text: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let Some((name, _)) = name.rsplit_once('.').filter(|(_, ending)| matches!(*ending, "yml" | "yaml"))
    else {
        return false;
    };
    ["compose", "docker-compose", "podman-compose"].iter().any(|word| {
        name.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_']))
            || name.strip_suffix(word).is_some_and(|rest| rest.ends_with(['.', '-', '_']))
    })
}

fn rewrite(path: &str, text: &str, context: &Context, _options: &RewriteOptions) -> Rewritten {
    let yaml = match Yaml::parse(text) {
        Ok(yaml) => yaml,
        Err(problem) => {
            return Rewritten { diagnostics: vec![problem.diagnostic()], ..Rewritten::default() };
        }
    };
    let mut out = Rewritten::default();
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let Some(services) = yaml.root().and_then(|root| root.get("services")) else { return out };
    for entry in services.entries() {
        let service = Service::read(entry.value.resolved(), folder, context);
        service.rewrite(&mut out);
    }
    // What stands behind an anchor is met once for each service.
    out.edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    out.edits.dedup();
    out.left.sort_by_key(|left| (left.span.start, left.span.end));
    out.left.dedup();
    out
}

struct Service<'y, 'c> {
    node: Node<'y>,
    context: &'c Context,
    /// The folder it is built from, from the root; none when it is not built here.
    folder: Option<String>,
}

impl<'y, 'c> Service<'y, 'c> {
    fn read(node: Node<'y>, folder: &str, context: &'c Context) -> Self {
        let build = node.get_merged("build");
        let written = build.and_then(|build| build.as_str().or_else(|| build.get("context")?.as_str()));
        let folder = build.and_then(|_| joined(folder, written.unwrap_or(".")));
        Self { node, context, folder }
    }

    fn rewrite(&self, out: &mut Rewritten) {
        for key in ["command", "entrypoint"] {
            if let Some(node) = self.node.get(key) {
                self.started(node, out);
            }
        }
        if let Some(test) = self.node.at(&["healthcheck", "test"]) {
            self.test(test, out);
        }
        let watched = self.node.at(&["develop", "watch"]);
        for entry in watched.into_iter().flat_map(Node::items) {
            self.watch(entry, out);
        }
    }

    fn started(&self, node: Node<'y>, out: &mut Rewritten) {
        if node.is_sequence() {
            self.list(&node.items().collect::<Vec<_>>(), node, out);
        } else if let Some(value) = node.as_str() {
            let Some(new) = self.line(value, node, out) else { return };
            out.edits.push(node.with_value(&new.0).edit("compose", reason(&new.1), Safety::NeedsReview, 0));
        }
    }

    /// `healthcheck.test`: `CMD` with words, `CMD-SHELL` with a script, or a script.
    fn test(&self, node: Node<'y>, out: &mut Rewritten) {
        let items: Vec<Node<'_>> = node.items().collect();
        match items.first().and_then(|first| first.as_str()) {
            Some("CMD") => self.list(items.get(1..).unwrap_or_default(), node, out),
            Some("CMD-SHELL") => {
                if let Some(script) = items.get(1) {
                    self.started(*script, out);
                }
            }
            Some(_) => {}
            None => self.started(node, out),
        }
    }

    /// Words that are run as they are.
    fn list(&self, items: &[Node<'y>], node: Node<'y>, out: &mut Rewritten) {
        let words: Option<Vec<&str>> = items.iter().map(|item| item.as_str()).collect();
        let Some(words) = words.filter(|words| !words.is_empty()) else { return };
        if let [shell, flag, _] = words.as_slice()
            && is_shell(shell)
            && flag.starts_with('-')
            && flag.ends_with('c')
        {
            if let Some(script) = items.get(2) {
                self.started(*script, out);
            }
            return;
        }
        let owned: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let script = exec_script(&owned);
        let Some((new, why)) = self.line(&script, node, out) else { return };
        let parsed = parse(&new);
        let [command] = parsed.commands.as_slice() else { return };
        let Some(after) = command.words.iter().map(Word::literal).collect::<Option<Vec<String>>>() else {
            return;
        };
        // A program in front that goes, such as `poetry run`: its items go, and the others stay as they are written.
        let kept =
            owned.len().checked_sub(after.len()).filter(|kept| owned.get(*kept..) == Some(after.as_slice()));
        let changes: Option<Vec<_>> = match kept {
            Some(gone) if node.is_flow() => {
                let (Some(first), Some(next)) = (items.first(), items.get(gone)) else { return };
                let span = first.whole().start..next.whole().start;
                Some(vec![crate::yaml::Change { span, new: String::new() }])
            }
            Some(gone) => {
                items.get(..gone).map(|gone| gone.iter().filter_map(|item| item.without_item()).collect())
            }
            None if node.is_flow() => {
                let (Some(first), Some(last)) = (items.first(), items.last()) else { return };
                let quoted: Vec<String> = after
                    .iter()
                    .map(|word| format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\"")))
                    .collect();
                let span = first.whole().start..last.whole().end;
                Some(vec![crate::yaml::Change { span, new: quoted.join(", ") }])
            }
            None => None,
        };
        match changes {
            Some(changes) => {
                let together = u32::try_from(node.span().start).unwrap_or_default();
                let edits = changes
                    .into_iter()
                    .map(|change| change.edit("compose", reason(&why), Safety::NeedsReview, together));
                out.edits.extend(edits);
            }
            None => out.left.push(Left { span: node.span(), reason: reason(&why), suggestion: Some(new) }),
        }
    }

    /// A line of the shell, rewritten, and why; what cannot be is told.
    fn line(&self, value: &str, node: Node<'y>, out: &mut Rewritten) -> Option<(String, String)> {
        let parsed = parse(value);
        if let [command] = parsed.commands.as_slice()
            && let [shell, flag, inner] = command.words.as_slice()
            && let (Some(shell), Some(flag), Some(inner_text)) =
                (shell.literal(), flag.literal(), inner.literal())
            && is_shell(&shell)
            && flag.starts_with('-')
            && flag.ends_with('c')
        {
            let (new, why) = self.line(&inner_text, node, out)?;
            let quote = if inner.raw(value).starts_with('\'') || new.contains('"') { '\'' } else { '"' };
            if new.contains(quote) {
                return None;
            }
            let before = value.get(..inner.span.start)?;
            let after = value.get(inner.span.end..)?;
            return Some((format!("{before}{quote}{new}{quote}{after}"), why));
        }
        let mut scope = Scope { folder: self.folder.clone(), ..Scope::at_root() };
        scope.environment = Environment::Active;
        scope.host_brings_uv = self.folder.is_some();
        scope.synced = self
            .folder
            .as_deref()
            .and_then(|folder| self.context.project(folder))
            .map(crate::context::UvProject::default_selection);
        let outcome = rewrite_script(value, &mut scope, self.context);
        out.left.extend(outcome.left.into_iter().map(|left| Left { span: node.span(), ..left }));
        let first = outcome.edits.first()?.reason.clone();
        let new = crate::plan::apply(value, &outcome.edits)?;
        let said = Left { span: node.span(), reason: String::new(), suggestion: Some(new.trim().to_owned()) };
        if self.folder.is_none() {
            let reason =
                "the service runs an image that is made elsewhere, and it is not known whether uv is in it";
            out.left.push(Left { reason: reason.to_owned(), ..said });
            return None;
        }
        if outcome.is_empty || new.trim().is_empty() {
            out.left.push(Left { reason: format!("nothing would be left to start: {first}"), ..said });
            return None;
        }
        Some((new, first))
    }

    /// A file whose change makes the image anew.
    fn watch(&self, entry: Node<'y>, out: &mut Rewritten) {
        let Some(node) = entry.get("path") else { return };
        let (Some(path), Some(folder)) = (node.as_str(), self.folder.as_deref()) else { return };
        let Some(known) = joined(folder, path) else { return };
        let name = known.rsplit('/').next().unwrap_or_default();
        let is_lock = matches!(name, "poetry.lock" | "pdm.lock" | "Pipfile.lock");
        if self.context.project(folder).is_some_and(|project| project.locked)
            && (is_lock || self.context.became.contains_key(&known))
        {
            let new = path.get(..path.len() - name.len()).unwrap_or_default();
            let change = node.with_value(&format!("{new}uv.lock"));
            out.edits.push(change.edit("compose", "what is installed is in uv.lock now", Safety::Safe, 0));
        }
    }
}

fn reason(why: &str) -> String {
    format!("{why}; {IN_IMAGE}")
}

fn is_shell(program: &str) -> bool {
    matches!(program.rsplit('/').next(), Some("sh" | "bash" | "ash"))
}

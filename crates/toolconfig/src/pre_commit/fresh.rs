//! What is new: uv's hook, and a file where there is none.

use serde_yaml::Value;
use uvshift_diagnostics::Diagnostic;

use crate::codes;
use crate::pre_commit::Work;
use crate::pre_commit::hooks::Hook;
use crate::pre_commit::table::{self, Hooks};
use crate::pre_commit::wanted::{Block, NewHook};
use crate::report::Outcome;

/// Where uv's hooks are.
const UV: &str = "https://github.com/astral-sh/uv-pre-commit";
/// The hook that keeps uv.lock up to date.
const UV_LOCK: &str = "uv-lock";

impl Work<'_> {
    /// Adds `uv-lock`, where it is wanted and not there.
    pub(super) fn add_uv(&mut self, value: &Value, hooks: &[&Hook<'_>]) {
        let Some(version) = self.given.uv_version else { return };
        if hooks.iter().any(|hook| hook.id == UV_LOCK)
            || value.get("repos").and_then(Value::as_sequence).is_none()
        {
            return;
        }
        let existing =
            hooks.iter().find(|hook| table::of_repository(hook.url).is_some_and(|known| known.tool == "uv"));
        match existing {
            Some(hook) => self.wanted.hook = Some((hook.repo, UV_LOCK.to_owned())),
            None => self.wanted.last = Some(uv(version)),
        }
        self.row(
            "uv",
            1,
            format!("hook {UV_LOCK}"),
            Outcome::Changed("new: it keeps uv.lock up to date".to_owned()),
        );
    }

    /// A file for the tools in use.
    pub(super) fn generate(&mut self) -> Option<String> {
        if self.given.tools.is_empty() {
            return None;
        }
        let mut blocks: Vec<Block> = self.given.uv_version.map(uv).into_iter().collect();
        for name in self.given.tools {
            let Some(tool) = table::of_tool(name).filter(|tool| tool.tool != "uv") else { continue };
            match self.given.versions.get(&tool.package) {
                Some(version) => blocks.extend(block(tool, version)),
                None => self.diagnostics.push(
                    Diagnostic::note(
                        codes::REVISION_UNKNOWN,
                        format!("{name} gets no hook: its version is not locked"),
                    )
                    .in_file(self.file, 1)
                    .with_help("add it to a group of pyproject.toml, run `uv lock`, and run again"),
                ),
            }
        }
        if blocks.is_empty() {
            return None;
        }
        for block in &blocks {
            let ids: Vec<&str> = block.hooks.iter().map(|hook| hook.id.as_str()).collect();
            let tool = table::of_repository(&block.url).map_or("", |known| &known.tool);
            let setting = format!("hook {}", ids.join(", "));
            self.row(tool, 1, setting, Outcome::Changed(format!("new, at {}", block.rev)));
        }
        let lines: String = blocks.iter().map(|block| block.written(2, 4, 6, 8, "\n")).collect();
        Some(format!("repos:\n{lines}"))
    }
}

fn uv(version: &str) -> Block {
    Block {
        url: UV.to_owned(),
        rev: version.to_owned(),
        hooks: vec![NewHook { id: UV_LOCK.to_owned(), keys: Vec::new() }],
    }
}

fn block(tool: &Hooks, version: &str) -> Option<Block> {
    let rev = tool.revision(version);
    let mut keys: Vec<(String, Value)> = Vec::new();
    if !tool.args.is_empty() {
        keys.push(("args".to_owned(), tool.args.iter().map(String::as_str).collect()));
    }
    if let Some(needed) = tool.needs(&rev) {
        keys.push(("additional_dependencies".to_owned(), [needed].into_iter().collect()));
    }
    let id = if tool.tool == "ruff" { "ruff-check" } else { tool.ids.first()? };
    let hooks = vec![NewHook { id: id.to_owned(), keys }];
    Some(Block { url: format!("https://{}", tool.repositories.first()?), rev, hooks })
}

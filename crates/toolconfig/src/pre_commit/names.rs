//! Hooks whose arguments or entry name settings that went.

use serde_yaml::Value;
use uvshift_diagnostics::Diagnostic;

use crate::codes;
use crate::follow::{Gone, apply, command_edits, line_at, occurrences, option_edits, tell_commands};
use crate::pre_commit::Work;
use crate::pre_commit::hooks::{self, Hook, name_of};
use crate::pre_commit::table::{self, Hooks};
use crate::pre_commit::wanted::{Set, To};
use crate::report::Outcome;

/// What stands between arguments while they are one text.
const BETWEEN: &str = "\", \"";

impl Work<'_> {
    /// Lets one hook name the new place of settings.
    pub(super) fn follow(&mut self, hook: &Hook<'_>) {
        let tool = table::of_id(hook.id);
        if let Some(old) = hook.strings("args") {
            let mut new = self.followed(&old, tool);
            if let Some(tool) = tool.filter(|_| !hook.is_local()) {
                self.read_new_place(hook, tool, &mut new);
            }
            self.set_list(hook, "args", tool.map_or(hook.id, |tool| &tool.tool), old, new);
        }
        if let Some(tool) = tool.filter(|_| !hook.is_local()) {
            self.depend(hook, tool);
        }
        if let Some(entry) = hook.value.get("entry").and_then(Value::as_str) {
            self.follow_entry(hook, entry);
        }
    }

    fn followed(&self, args: &[String], tool: Option<&Hooks>) -> Vec<String> {
        // What holds the separator itself would come apart in another way.
        if args.is_empty() || args.iter().any(|arg| arg.contains('"')) {
            return args.to_vec();
        }
        let text = format!("\"{}\"", args.join(BETWEEN));
        let edits = option_edits(&text, self.file, tool.map(|tool| tool.tool.as_str()), self.given.gone);
        let after = apply(&text, &edits);
        let inner = after.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default();
        inner.split(BETWEEN).map(str::to_owned).collect()
    }

    fn moved(&self, tool: &str) -> Option<&Gone> {
        self.given.gone.iter().find(|gone| gone.tool == tool && !gone.to_ruff)
    }

    /// Arguments without which a tool does not read pyproject.toml.
    fn read_new_place(&mut self, hook: &Hook<'_>, tool: &Hooks, args: &mut Vec<String>) {
        let [option, file] = tool.args.as_slice() else { return };
        if self.moved(&tool.tool).is_none_or(|gone| gone.to != *file) || args.iter().any(|arg| arg == file) {
            return;
        }
        let is_given = args.iter().any(|arg| {
            let name = arg.split('=').next().unwrap_or(arg);
            name == "--configfile" || name.starts_with(option.as_str()) && !name.starts_with("--")
        });
        if is_given {
            let message = format!("this hook of {} names other settings than {file}", tool.tool);
            let help = format!("make it `{option} {file}` if its settings are there");
            self.diagnostics.push(
                Diagnostic::warning(codes::BANDIT_BY_ITSELF, message)
                    .in_file(self.file, hook.line)
                    .with_help(help),
            );
            return;
        }
        args.splice(0..0, tool.args.iter().cloned());
    }

    /// What a tool has to have beside it to read pyproject.toml.
    fn depend(&mut self, hook: &Hook<'_>, tool: &Hooks) {
        let Some(needed) = tool.needs(hook.rev).filter(|_| self.moved(&tool.tool).is_some()) else { return };
        let Some(old) = hook.strings("additional_dependencies") else { return };
        let has = |requirement: &String| {
            let name = name_of(requirement);
            matches!(name.as_str(), "toml" | "tomli") || name == tool.package && requirement.contains("toml")
        };
        if old.iter().any(has) {
            return;
        }
        let new: Vec<String> = old.iter().cloned().chain([needed.to_owned()]).collect();
        self.set_list(hook, "additional_dependencies", &tool.tool, old, new);
    }

    fn set_list(
        &mut self,
        hook: &Hook<'_>,
        key: &'static str,
        tool: &str,
        old: Vec<String>,
        new: Vec<String>,
    ) {
        if old == new {
            return;
        }
        let setting = format!("{}: {key} [{}]", hook.id, old.join(", "));
        self.row(tool, hook.line, setting, Outcome::Changed(format!("now `[{}]`", new.join(", "))));
        self.wanted.sets.push(Set {
            repo: hook.repo,
            hook: Some(hook.number),
            key,
            to: To::List { old, new },
        });
    }

    fn follow_entry(&mut self, hook: &Hook<'_>, entry: &str) {
        let mut edits = option_edits(entry, self.file, None, self.given.gone);
        edits.extend(command_edits(self.file, entry, self.given.gone));
        edits.sort_by_key(|edit| edit.span.start);
        let new = apply(entry, &edits);
        let mut told = Vec::new();
        tell_commands(&new, self.file, self.given.gone, &mut told);
        let is_replaced = |word: &str| {
            let program = word.rsplit('/').next().unwrap_or(word);
            self.given.to_ruff.iter().any(|tool| tool == program)
        };
        if let Some(tool) = entry.split_whitespace().find(|word| told.is_empty() && is_replaced(word)) {
            let message = format!("this hook still runs {tool}, whose settings are ruff's now");
            let help = "run ruff there, or take the hook out";
            told.push(Diagnostic::warning(codes::REPLACED_COMMAND, message).with_help(help));
        }
        self.diagnostics.extend(told.into_iter().map(|found| found.in_file(self.file, hook.line)));
        if new == entry {
            return;
        }
        let tool = edits.first().map(|edit| edit.tool.clone()).unwrap_or_default();
        self.row(
            &tool,
            hook.line,
            format!("{}: entry {entry}", hook.id),
            Outcome::Changed(format!("now `{new}`")),
        );
        self.wanted.sets.push(Set {
            repo: hook.repo,
            hook: Some(hook.number),
            key: "entry",
            to: To::Text(new),
        });
    }

    /// What still names a file that goes.
    pub(super) fn tell_of_names(&mut self, text: &str, value: &Value) {
        let hooks = hooks::all(value, None);
        let mut commands: Vec<String> =
            hooks.iter().filter_map(|hook| hook.strings("args")).flatten().collect();
        commands.extend(hooks.iter().filter_map(|hook| hook.value.get("entry")?.as_str().map(str::to_owned)));
        let mut told: Vec<(&str, usize)> = Vec::new();
        for gone in self.given.gone.iter().filter(|gone| gone.whole) {
            for place in occurrences(text, self.file, &gone.file) {
                let line = line_at(text, place.word.start);
                if told.contains(&(&gone.file, line)) {
                    continue;
                }
                told.push((&gone.file, line));
                let before = text.get(..place.word.start).and_then(|before| before.rsplit('\n').next());
                let is_comment = before
                    .is_some_and(|before| before.trim_start().starts_with('#') || before.contains(" #"));
                // Patterns and names start nothing.
                let key = before.unwrap_or_default().trim_start_matches(['-', ' ']);
                let is_pattern =
                    ["files:", "exclude:", "name:", "description:"].iter().any(|name| key.starts_with(name));
                let fails = !is_comment
                    && !is_pattern
                    && commands.iter().any(|command| !occurrences(command, self.file, &gone.file).is_empty());
                let found = if fails {
                    Diagnostic::error(
                        codes::BROKEN_COMMAND,
                        format!("a hook names `{}`, which goes", gone.file),
                    )
                    .with_help(format!(
                        "name `{}` there, or leave the file where it is with `--skip {}`",
                        gone.to, gone.tool
                    ))
                } else {
                    Diagnostic::warning(
                        codes::STALE_MENTION,
                        format!("this names `{}`, which goes", gone.file),
                    )
                    .with_help(format!("its settings are in `{}`", gone.to))
                };
                self.diagnostics.push(found.in_file(self.file, line));
            }
        }
    }
}

//! Hooks whose place ruff's take.

use serde_yaml::Value;
use uvshift_diagnostics::Diagnostic;

use crate::codes;
use crate::pre_commit::Work;
use crate::pre_commit::hooks::Hook;
use crate::pre_commit::scalar::list;
use crate::pre_commit::table::{self, Hooks};
use crate::pre_commit::wanted::{Block, NewHook, shown};
use crate::report::Outcome;

/// The ruff whose rules the settings are for, where none is locked.
const RUFF: &str = "0.17.6";
/// Where ruff's hooks are.
const URL: &str = "https://github.com/astral-sh/ruff-pre-commit";
/// What decides when a hook runs and on which files.
const SCOPE: [&str; 7] = ["files", "exclude", "types", "types_or", "exclude_types", "stages", "always_run"];
/// What says nothing about what is found.
const PLAIN: [&str; 8] = [
    "id",
    "name",
    "alias",
    "args",
    "language",
    "language_version",
    "additional_dependencies",
    "require_serial",
];

/// A hook that goes, with its tool.
type Replaced<'h, 'v> = (&'h Hook<'v>, &'static Hooks);

impl Work<'_> {
    /// Takes out the hooks of tools that ruff replaces, and puts ruff's in at the first of them.
    pub(super) fn replace(&mut self, hooks: &[Hook<'_>]) {
        let is_replaced = |hook: &&Hook<'_>| !hook.is_local();
        let replaced: Vec<Replaced<'_, '_>> = hooks
            .iter()
            .filter(is_replaced)
            .filter_map(|hook| Some((hook, table::of_id(hook.id)?)))
            .filter(|(_, tool)| self.given.to_ruff.contains(&tool.tool))
            .collect();
        let Some((first, _)) = replaced.first() else { return };
        let has = |ids: &[&str]| hooks.iter().any(|hook| ids.contains(&hook.id));
        let (formats, checks): (Vec<_>, Vec<_>) =
            replaced.iter().copied().partition(|(_, tool)| tool.tool == "black");
        let mut new = Vec::new();
        for (kind, group, is_there) in [
            ("ruff-check", &checks, has(&["ruff", "ruff-check"])),
            ("ruff-format", &formats, has(&["ruff-format"])),
        ] {
            if group.is_empty() {
                continue;
            }
            let hook = self.stand_in(kind, group);
            if !is_there {
                new.push(hook);
            }
        }
        for (hook, tool) in &replaced {
            self.wanted.gone.insert((hook.repo, hook.number));
            let now = if tool.tool == "black" { "ruff-format" } else { "ruff-check" };
            let setting = format!("hook {} of {}", hook.id, hook.url);
            self.row(&tool.tool, hook.line, setting, Outcome::Changed(format!("now the hook {now}")));
        }
        if new.is_empty() {
            return;
        }
        let locked = self.given.versions.get("ruff").map(|version| format!("v{version}"));
        let existing = hooks
            .iter()
            .find(|hook| table::of_repository(hook.url).is_some_and(|known| known.tool == "ruff"));
        let rev =
            locked.or_else(|| existing.map(|hook| hook.rev.to_owned())).unwrap_or_else(|| format!("v{RUFF}"));
        self.wanted.beside = Some((first.repo, Block { url: URL.to_owned(), rev, hooks: new }));
    }

    /// The hook of ruff that does what these did.
    fn stand_in(&mut self, id: &str, group: &[Replaced<'_, '_>]) -> NewHook {
        let mut args: Vec<String> = Vec::new();
        if group.iter().any(|(_, tool)| tool.fixes) {
            args.push("--fix".to_owned());
        }
        for (hook, tool) in group {
            let given = hook.strings("args").unwrap_or_default();
            let mut unknown: Vec<String> = Vec::new();
            for arg in given {
                if tool.same.contains(&arg) {
                    if !args.contains(&arg) {
                        args.push(arg);
                    }
                } else if !tool.ignored.contains(&arg) {
                    unknown.push(arg);
                }
            }
            if !unknown.is_empty() {
                let message =
                    format!("the hook {} had `args: {}`, which {id} has not", hook.id, list(&unknown));
                self.differs(hook, message);
            }
            self.tell_of_others(hook, id);
        }
        let mut keys: Vec<(String, Value)> = Vec::new();
        if !args.is_empty() {
            keys.push(("args".to_owned(), args.iter().map(String::as_str).collect()));
        }
        for key in SCOPE {
            let values: Vec<Option<&Value>> = group.iter().map(|(hook, _)| hook.value.get(key)).collect();
            let Some(first) = values.first().copied() else { continue };
            if values.iter().all(|value| *value == first) {
                keys.extend(first.map(|value| (key.to_owned(), value.clone())));
                continue;
            }
            for (hook, _) in group {
                if let Some(value) = hook.value.get(key) {
                    let message = format!(
                        "the hook {} had `{key}: {}`, and other hooks that {id} replaces had not",
                        hook.id,
                        shown(value)
                    );
                    self.differs(hook, message);
                }
            }
        }
        NewHook { id: id.to_owned(), keys }
    }

    fn tell_of_others(&mut self, hook: &Hook<'_>, id: &str) {
        let keys = hook.value.as_mapping().into_iter().flat_map(serde_yaml::Mapping::keys);
        let others: Vec<&str> = keys
            .filter_map(Value::as_str)
            .filter(|key| !SCOPE.contains(key) && !PLAIN.contains(key))
            .collect();
        for key in others {
            self.differs(hook, format!("the hook {} had `{key}`, which is not carried to {id}", hook.id));
        }
    }

    fn differs(&mut self, hook: &Hook<'_>, message: String) {
        self.diagnostics.push(
            Diagnostic::warning(codes::HOOK_DIFFERS, message)
                .in_file(self.file, hook.line)
                .with_help("say it in `[tool.ruff]` or at the new hook, if it is still wanted"),
        );
    }
}

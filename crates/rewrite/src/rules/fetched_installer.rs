//! `curl ... | python3 -`: installers of Poetry, PDM and rye from the web.

use crate::context::Context;
use crate::engine::Scope;
use crate::invocation::Invocation;
use crate::manager::{is_fed, project};
use crate::rules::{Rule, Verdict};

pub(super) const RULE: Rule = Rule {
    name: "fetched-installer",
    summary: "`curl ... | python3 -` that installs Poetry, PDM or rye goes",
    programs: &["curl", "wget", "python", "sh", "bash"],
    apply,
};

/// What the addresses of the installers have in them, and what they install.
const INSTALLERS: [(&str, &str); 6] = [
    ("install.python-poetry.org", "Poetry"),
    ("get-poetry.py", "Poetry"),
    ("install-poetry.py", "Poetry"),
    ("pdm-project.org/install", "PDM"),
    ("install-pdm.py", "PDM"),
    ("rye.astral.sh/get", "rye"),
];

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, context: &Context) -> Verdict {
    let script = invocation.script;
    if matches!(invocation.program.as_str(), "curl" | "wget") {
        let command = script.get(invocation.command.span.clone()).unwrap_or_default();
        let Some(tool) = installer(command) else { return Verdict::NotMine };
        let behind = script.get(invocation.command.span.end..).unwrap_or_default().trim_start();
        if !is_piped(behind) {
            return Verdict::left(format!("it fetches the installer of {tool}, which uv has no use for"));
        }
        return verdict(tool, scope, context);
    }
    if is_fed(invocation) {
        let before = script.get(..invocation.command.span.start).unwrap_or_default();
        let Some((before, _)) = before.rsplit_once('|') else { return Verdict::NotMine };
        // The command that prints is on the same logical line.
        let start = before.rfind([';', '&', '|']).map_or(0, |at| at + 1);
        let line = before.get(start..).unwrap_or_default();
        let line = line.rsplit("\n\n").next().unwrap_or(line);
        let end = line.lines().rev().take(4).collect::<Vec<_>>();
        let Some(tool) = end.iter().find_map(|line| installer(line)) else { return Verdict::NotMine };
        return verdict(tool, scope, context);
    }
    let words = invocation.args.iter().map(|word| word.raw(script));
    match words.filter(|word| !word.starts_with('-')).find_map(installer) {
        Some(tool) => Verdict::left(format!("it installs {tool}, which uv takes the place of")),
        None => Verdict::NotMine,
    }
}

fn installer(text: &str) -> Option<&'static str> {
    INSTALLERS.iter().find(|(part, _)| text.contains(part)).map(|(_, tool)| *tool)
}

fn is_piped(behind: &str) -> bool {
    let behind = behind.trim_start_matches('\\').trim_start();
    behind.starts_with('|') && !behind.starts_with("||")
}

fn verdict(tool: &str, scope: &Scope, context: &Context) -> Verdict {
    if project(scope, context, None).is_none() {
        return Verdict::left(format!("it installs {tool}, and no uv project is known here"));
    }
    Verdict::safe("", format!("it installs {tool}, which uv takes the place of"))
}

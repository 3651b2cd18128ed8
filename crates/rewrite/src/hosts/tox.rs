//! tox: environments that installed old requirements files are synced from the lock, by tox-uv.
//!
//! `deps` that became groups go, the runner `uv-venv-lock-runner` takes their place, and `requires` has tox bring tox-uv by
//! itself. Environments with packages of their own keep them. Settings in TOML are reported.

mod commands;
mod deps;
mod settings;

use std::ops::Range;

use uvshift_diagnostics::{Diagnostic, Safety, Severity, Span};
use uvshift_ini::{Dialect, Document, Key, Section};

use crate::codes;
use crate::context::{Context, UvProject};
use crate::hosts::{Host, Kind};
use crate::model::{Edit, Left, RewriteOptions, Rewritten};

use deps::Deps;
use settings::Settings;

/// The host.
pub(crate) const HOST: Host = Host {
    name: "tox",
    title: "tox",
    kind: Kind::Edited,
    is: |path, text| {
        let name = path.rsplit('/').next().unwrap_or(path);
        name == "tox.ini" || (name == "setup.cfg" && has_tox(text)) || name == "tox.toml"
    },
    rewrite: |path, text, context, _: &RewriteOptions| rewrite(path, text, context),
};

/// tox-uv that knows every setting which is written here.
const TOX_UV: &str = "tox-uv>=1.37";
/// Edits that make no sense without each other.
const TOGETHER: u32 = 1;
const RULE: &str = "tox-lock-runner";

fn has_tox(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("[tox:tox]") || line.starts_with("[testenv"))
}

/// A file with what is known of it.
pub(crate) struct Tox<'t> {
    text: &'t str,
    document: Document,
    /// The section of tox itself.
    core: &'static str,
    /// The folder of the file, from the root.
    folder: &'t str,
    context: &'t Context,
}

fn rewrite(path: &str, text: &str, context: &Context) -> Rewritten {
    let mut found = Rewritten::default();
    if path.rsplit('/').next() == Some("tox.toml") {
        report_toml(text, &mut found);
        return found;
    }
    let dialect = Dialect { byte_order_mark: true, ..Dialect::RAW };
    let document = Document::parse(text, &dialect);
    if let Some(problem) = document.diagnostics().iter().find(|found| found.severity == Severity::Error) {
        let line = problem.line.unwrap_or(1);
        let at =
            document.lines().iter().find(|found| found.number == line).map_or(0, |found| found.span.start);
        let message = format!("tox cannot read this file: {}", problem.message);
        found.diagnostics.push(Diagnostic::error(codes::UNREADABLE, message).at(Span::new(at, at)));
        return found;
    }
    let core = if path.ends_with("setup.cfg") { "tox:tox" } else { "tox" };
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let tox = Tox { text, document, core, folder, context };
    if let Some(project) = context.project(folder) {
        tox.rewrite(project, &mut found);
    }
    for section in tox.environments() {
        commands::rewrite(&tox, section, &mut found);
    }
    found
}

/// What is told of `tox.toml`.
fn report_toml(text: &str, found: &mut Rewritten) {
    for (at, line) in lines(text) {
        let names = line.contains("deps") && (line.contains("-r") || line.contains(".txt"));
        if names && !line.trim_start().starts_with('#') {
            found.left.push(Left {
                span: at..at + line.trim_end().len(),
                reason: "dependencies in TOML are not rewritten".to_owned(),
                suggestion: Some(
                    "runner = \"uv-venv-lock-runner\" with dependency_groups, and tox-uv in requires"
                        .to_owned(),
                ),
            });
        }
    }
}

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line)
    })
}

impl Tox<'_> {
    /// The sections of environments, the base first.
    fn environments(&self) -> impl Iterator<Item = &Section> {
        let is_one = |section: &&Section| section.name == "testenv" || section.name.starts_with("testenv:");
        self.document.sections().iter().filter(is_one)
    }

    fn core_is(&self, key: &str) -> bool {
        self.document.value(self.core, key).is_some_and(|value| is_true(&value))
    }

    /// The value of a key of an environment, from the base where it has none.
    fn inherited<'s>(&'s self, section: &'s Section, key: &str) -> Option<&'s Key> {
        section.key(key).or_else(|| self.document.section("testenv")?.key(key))
    }

    fn rewrite(&self, project: &UvProject, found: &mut Rewritten) {
        let all: Vec<(&Section, Deps)> =
            self.environments().map(|section| (section, deps::read(self, section, project))).collect();
        let obstacle = self.obstacle();
        let locks = |deps: &Deps| matches!(deps, Deps::Locked { .. });
        if obstacle.is_some() || !all.iter().any(|(_, deps)| locks(deps)) {
            for (section, deps) in &all {
                self.tell(section, deps, obstacle, found);
            }
            return;
        }
        let base = all.iter().find(|(section, _)| section.name == "testenv");
        let base_settings = match base {
            Some((section, deps)) => Settings::of(self, section, deps, project, None),
            None => Settings::default(),
        };
        for (section, deps) in &all {
            if section.name == "testenv" {
                self.write(section, deps, &base_settings, &Settings::default(), found);
            } else {
                let own = Settings::of(self, section, deps, project, Some(&base_settings));
                self.write(section, deps, &own, &base_settings, found);
            }
            if !locks(deps) {
                self.tell(section, deps, None, found);
            }
        }
        self.require(found);
    }

    /// What keeps tox-uv from doing the same.
    fn obstacle(&self) -> Option<&'static str> {
        let has = |key: &str| self.environments().any(|section| section.key(key).is_some());
        if has("install_command") {
            return Some("`install_command` is not used by the runner that syncs from the lock");
        }
        if has("base") {
            return Some("the environments inherit from each other with `base`");
        }
        if has("runner") {
            return Some("the environments name a runner already");
        }
        None
    }

    /// Tells why dependencies stay.
    fn tell(&self, section: &Section, deps: &Deps, obstacle: Option<&'static str>, found: &mut Rewritten) {
        let (reason, suggestion) = match (deps, obstacle) {
            (Deps::Locked { .. }, Some(obstacle)) => (obstacle.to_owned(), None),
            (Deps::Mixed { reason }, _) => {
                (reason.clone(), Some("a dependency group with all of them".to_owned()))
            }
            _ => return,
        };
        if let Some(key) = section.key("deps") {
            found.left.push(Left { span: self.span_of(key), reason, suggestion });
        }
    }

    /// Writes what an environment says in another way than the base.
    fn write(&self, section: &Section, deps: &Deps, own: &Settings, base: &Settings, found: &mut Rewritten) {
        let lines = own.differences(base);
        let newline = self.newline();
        let reason = match deps {
            Deps::Locked { .. } => "what these requirements files became is synced from uv.lock".to_owned(),
            _ => "this environment stays as it is, beside one that is synced from uv.lock".to_owned(),
        };
        let edit = |span: Range<usize>, new: String| Edit {
            span,
            new,
            rule: RULE,
            reason: reason.clone(),
            safety: deps.safety(),
            together: TOGETHER,
        };
        let text = lines.join(newline);
        if let (Deps::Locked { .. }, Some(key)) = (deps, section.key("deps")) {
            let span = self.span_of(key);
            let new = if lines.is_empty() { (self.with_newline(&span), text) } else { (span, text) };
            found.edits.push(edit(new.0, new.1));
        } else if !lines.is_empty() {
            let at = section.keys.first().map_or(self.after_header(section), |key| self.span_of(key).start);
            found.edits.push(edit(at..at, format!("{text}{newline}")));
        }
        if let Deps::Locked { installs, .. } = deps {
            for span in installs {
                found.edits.push(edit(span.clone(), String::new()));
            }
        }
    }

    /// tox installs what it requires by itself.
    fn require(&self, found: &mut Rewritten) {
        let newline = self.newline();
        let core = self.document.section(self.core);
        let requires = core.and_then(|section| section.key("requires"));
        if requires.is_some_and(|key| key.parts.iter().any(|part| part.text.starts_with("tox-uv"))) {
            return;
        }
        let (at, new) = match (core, requires) {
            (_, Some(key)) => {
                let first = key.parts.iter().find(|part| part.line > key.line);
                let indent = first.and_then(|part| self.line_text(part.line)).map_or("    ", indentation);
                (self.span_of(key).end, format!("{newline}{indent}{TOX_UV}"))
            }
            (Some(section), None) => {
                (self.after_header(section), format!("requires ={newline}    {TOX_UV}{newline}"))
            }
            (None, None) => {
                let at = if self.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
                (at, format!("[{}]{newline}requires ={newline}    {TOX_UV}{newline}{newline}", self.core))
            }
        };
        found.edits.push(Edit {
            span: at..at,
            new,
            rule: RULE,
            reason: "tox installs tox-uv by itself, which brings the runner and uv".to_owned(),
            safety: Safety::Safe,
            together: TOGETHER,
        });
    }

    /// The lines of a key, without the end of the last one.
    fn span_of(&self, key: &Key) -> Range<usize> {
        let line = |number: usize| self.document.lines().get(number.saturating_sub(1));
        let start = line(key.line).map_or(0, |line| line.span.start);
        let end = line(key.end_line).map_or(start, |line| self.content_end(line.span));
        start..end.max(start)
    }

    fn content_end(&self, span: Span) -> usize {
        let text = span.text(self.text).unwrap_or_default();
        span.start + text.trim_end_matches(['\n', '\r']).len()
    }

    fn with_newline(&self, span: &Range<usize>) -> Range<usize> {
        let rest = self.text.get(span.end..).unwrap_or_default();
        let length = if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with('\n')) };
        span.start..span.end + length
    }

    fn after_header(&self, section: &Section) -> usize {
        self.document.lines().get(section.line.saturating_sub(1)).map_or(0, |line| line.span.end)
    }

    fn line_text(&self, number: usize) -> Option<&str> {
        self.document.lines().get(number.checked_sub(1)?)?.span.text(self.text)
    }

    fn newline(&self) -> &'static str {
        if self.text.contains("\r\n") { "\r\n" } else { "\n" }
    }
}

fn indentation(line: &str) -> &str {
    line.get(..line.len() - line.trim_start().len()).unwrap_or_default()
}

/// As tox reads it.
fn is_true(value: &str) -> bool {
    matches!(value.trim().to_ascii_lowercase().as_str(), "true" | "1" | "yes" | "on")
}

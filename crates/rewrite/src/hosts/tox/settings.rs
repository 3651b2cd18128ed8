//! What the runner of tox-uv has to be told, and how it is written.

use uvshift_ini::Section;

use super::deps::Deps;
use super::{Tox, is_true};
use crate::context::UvProject;

/// The settings of one environment: names with their lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Settings {
    values: Vec<(&'static str, Vec<String>)>,
}

impl Settings {
    /// The settings of an environment. `base` is what it inherits; none for the base itself.
    pub(super) fn of(
        tox: &Tox<'_>,
        section: &Section,
        deps: &Deps,
        project: &UvProject,
        base: Option<&Self>,
    ) -> Self {
        let says_deps = section.key("deps").is_some();
        let mut settings = match deps {
            Deps::Locked { .. } => locked(tox, section, deps, project),
            // What says nothing of its own inherits everything.
            _ if !says_deps => base.cloned().unwrap_or_default(),
            _ => Self::default(),
        };
        let is_locked = settings.get("runner").is_some();
        if base.is_some_and(|base| base.get("runner").is_some()) && !is_locked {
            settings.set("runner", vec!["uv-venv-runner".to_owned()]);
        }
        if is_locked && !matches!(deps, Deps::Locked { .. }) {
            settings.set_package(tox, section, project);
        }
        if uses_pip(section) {
            settings.set("uv_seed", vec!["true".to_owned()]);
        }
        settings
    }

    fn get(&self, name: &str) -> Option<&[String]> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, lines)| lines.as_slice())
    }

    fn set(&mut self, name: &'static str, lines: Vec<String>) {
        self.values.retain(|(known, _)| *known != name);
        self.values.push((name, lines));
    }

    /// How the project itself is installed: tox installs a wheel unless it is told otherwise, this runner makes it editable.
    fn set_package(&mut self, tox: &Tox<'_>, section: &Section, project: &UvProject) {
        if !project.is_package {
            return;
        }
        let says = |key: &str| tox.inherited(section, key).and_then(|key| key.value.clone());
        if skips(tox, section) {
            self.set("package", vec!["skip".to_owned()]);
        } else if says("usedevelop").or_else(|| says("use_develop")).is_some_and(|value| is_true(&value)) {
            self.set("package", vec!["editable".to_owned()]);
        } else {
            match says("package").as_deref().map(str::trim) {
                Some("editable" | "wheel") => {}
                Some("editable-legacy") => self.set("package", vec!["editable".to_owned()]),
                _ => self.set("package", vec!["wheel".to_owned()]),
            }
        }
    }

    /// The lines that say what the base does not.
    pub(super) fn differences(&self, base: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        for (name, values) in &self.values {
            if base.get(name) == Some(values.as_slice()) {
                continue;
            }
            match values.as_slice() {
                [value] => lines.push(format!("{name} = {value}")),
                values => {
                    lines.push(format!("{name} ="));
                    lines.extend(values.iter().map(|value| format!("    {value}")));
                }
            }
        }
        // Lists of the base are emptied; the rest does no harm.
        for (name, _) in &base.values {
            let is_list = matches!(*name, "dependency_groups" | "only_groups" | "extras");
            if is_list && self.get(name).is_none() {
                lines.push(format!("{name} ="));
            }
        }
        lines
    }
}

/// Whether the project itself is not installed.
fn skips(tox: &Tox<'_>, section: &Section) -> bool {
    let says = |key: &str| tox.inherited(section, key).and_then(|key| key.value.clone());
    says("skip_install").is_some_and(|value| is_true(&value))
        || says("package").is_some_and(|value| value.trim() == "skip")
        || tox.core_is("skipsdist")
        || tox.core_is("no_package")
}

fn locked(tox: &Tox<'_>, section: &Section, deps: &Deps, project: &UvProject) -> Settings {
    let mut settings = Settings::default();
    let Deps::Locked { selection, by_factor, .. } = deps else { return settings };
    settings.set("runner", vec!["uv-venv-lock-runner".to_owned()]);
    settings.set_package(tox, section, project);
    let mut groups: Vec<String> = selection.groups.iter().cloned().collect();
    groups.extend(by_factor.iter().map(|(factor, group)| format!("{factor}: {group}")));
    let only = !selection.main && skips(tox, section) && !groups.is_empty() && by_factor.is_empty();
    if only {
        settings.set("only_groups", groups);
    } else if groups.is_empty() {
        if !project.default_groups.is_empty() {
            settings.set("no_default_groups", vec!["true".to_owned()]);
        }
    } else {
        settings.set("dependency_groups", groups);
        if !by_factor.is_empty() && !project.default_groups.is_empty() {
            settings.set("no_default_groups", vec!["true".to_owned()]);
        }
    }
    if !selection.extras.is_empty() {
        settings.set("extras", selection.extras.iter().cloned().collect());
    }
    if !project.locked {
        settings.set("uv_sync_locked", vec!["false".to_owned()]);
    }
    settings
}

/// Whether commands of an environment call pip, which uv puts into none unless it is told to.
fn uses_pip(section: &Section) -> bool {
    let keys = section.keys.iter().filter(|key| key.name.starts_with("commands"));
    keys.flat_map(|key| &key.parts).any(|part| {
        let words: Vec<&str> = part.text.split_whitespace().take(4).collect();
        words.first().is_some_and(|word| matches!(*word, "pip" | "pip3" | "{envbindir}/pip"))
            || words.windows(2).any(|pair| pair == ["-m", "pip"])
    })
}

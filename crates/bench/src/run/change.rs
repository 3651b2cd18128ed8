//! Which requirement changes for [`Operation::SyncAfterChange`](crate::Operation::SyncAfterChange).

use super::expected;
use super::session::{Halt, Session};
use super::stage::{Change, Stage, failed};
use crate::contenders::Program;
use crate::scenario::ScenarioSpec;

/// How many packages are tried for a neighbouring version.
const TRIES: usize = 3;

impl Session<'_> {
    /// The change that the scenario names; otherwise a neighbouring version of one of the first packages; otherwise the first
    /// package, taken out and added.
    pub(super) fn find_change(&mut self, stage: &Stage, spec: &ScenarioSpec) -> Result<Change, Halt> {
        let list = std::fs::read_to_string(&stage.list).map_err(|error| failed(&error))?;
        if let Some(pin) = &spec.change {
            return self.with_pin(stage, &list, pin)?.ok_or_else(|| {
                Halt::Failed(format!("`change = \"{pin}\"` is no pin of a package that is installed"))
            });
        }
        let pins =
            list.lines().filter_map(expected::pin).filter_map(|(name, version)| Some((name, version?)));
        let pins: Vec<_> = pins.collect();
        for (name, version) in pins.iter().take(TRIES) {
            self.check_interrupt()?;
            let Some(pin) = self.neighbour(stage, name, version)? else { continue };
            if let Some(change) = self.with_pin(stage, &list, &pin)? {
                return Ok(change);
            }
        }
        let first = stage.expected.keys().next().cloned();
        first
            .map(|name| Change::Added { name })
            .ok_or_else(|| Halt::Failed("there is nothing to change".into()))
    }

    /// The list with another pin for one of its packages. `None` when it is no pin or none of the list.
    fn with_pin(&self, stage: &Stage, list: &str, pin: &str) -> Result<Option<Change>, Halt> {
        let Some((name, Some(version))) = expected::pin(pin) else { return Ok(None) };
        let mut found = false;
        let mut changed = String::new();
        for line in list.lines() {
            let hit = expected::pin(line).is_some_and(|(present, old)| present == name && old.is_some());
            found |= hit;
            changed.push_str(if hit { pin } else { line });
            changed.push('\n');
        }
        if !found || stage.expected.get(&name) == Some(&Some(version)) {
            return Ok(None);
        }
        let path = format!("{}/requirements-changed.txt", stage.folder());
        let expected = expected::of_pins(&changed);
        let list = self.work.write(&path, &changed).map_err(|error| failed(&error))?;
        Ok(Some(Change::Version { list, expected }))
    }

    /// The version before, or else the one after, for which there is a wheel.
    fn neighbour(&self, stage: &Stage, name: &str, version: &str) -> Result<Option<String>, Halt> {
        for operator in ["<", ">"] {
            let path = format!("{}/neighbour.in", stage.folder());
            let requirement = format!("{name}{operator}{version}\n");
            let file = self.work.write(&path, &requirement).map_err(|error| failed(&error))?;
            let places = stage.places(self, Program::Uv, &stage.empty, &file);
            let options = ["pip", "compile", "--no-header", "--no-annotate", "--no-deps", "--no-build"];
            let spec = self.kit.surroundings.dress(self.kit.uv_with(&options, &places).arg(&file));
            match self.execute(&spec) {
                Ok(answer) => {
                    let text = String::from_utf8_lossy(&answer.stdout).into_owned();
                    if let Some(line) = text.lines().find(|line| expected::pin(line).is_some()) {
                        return Ok(Some(line.trim().to_owned()));
                    }
                }
                Err(Halt::Failed(_)) => {}
                Err(halt) => return Err(halt),
            }
        }
        Ok(None)
    }
}

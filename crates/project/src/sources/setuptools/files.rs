//! What becomes of setup.py and setup.cfg themselves.

use uvshift_ini::Cut;

use super::field::Home;
use super::migration::Migration;
use super::{config, script};
use crate::{Fate, OldFile, Outcome, Provenance};

/// A setup.py for those who still call it by its name. It imports nothing that a build would have to find first.
const SHIM: &str = "# What this project is stands in pyproject.toml. This file is for commands that name it.\n\
    from setuptools import setup\n\nsetup()\n";

impl Migration<'_> {
    pub(super) fn files(&mut self) {
        if let Some(fate) = self.fate_of_config() {
            self.old_file(config::PATH, fate);
        }
        if let Some(fate) = self.fate_of_script() {
            self.old_file(script::PATH, fate);
        }
    }

    fn old_file(&mut self, path: &str, fate: Fate) {
        let what = "the configuration of setuptools".to_owned();
        self.out.old_files.push(OldFile { path: path.to_owned(), what, fate });
    }

    /// Keys that are moved go; the sections of commands and of other tools stay.
    fn fate_of_config(&mut self) -> Option<Fate> {
        let document = self.config.take()?;
        let stays = |section: &str, key: &str| {
            self.stays.iter().find_map(|(home, why)| match home {
                Home::Key { section: found, key: name } if found == section && name == key => {
                    Some(why.clone())
                }
                _ => None,
            })
        };
        let ours = document.sections().iter().filter(|section| config::describes(&section.name));
        let moved: Vec<(&str, Vec<&str>)> = ours
            .map(|section| {
                let keys = section.keys.iter().map(|key| key.name.as_str());
                (section.name.as_str(), keys.filter(|key| stays(&section.name, key).is_none()).collect())
            })
            .collect();
        if moved.iter().all(|(_, keys)| keys.is_empty()) {
            let why = self.stays.iter().find(|(home, _)| matches!(home, Home::Key { .. }));
            let why =
                why.map_or_else(|| "it holds settings of other tools".to_owned(), |(_, why)| why.clone());
            return Some(Fate::Keep(why));
        }
        let cuts: Vec<Cut<'_>> = moved.iter().map(|(section, keys)| Cut::Keys(section, keys)).collect();
        if document.is_empty_after(&cuts) {
            return Some(Fate::Remove);
        }
        let Some(text) = document.without(&cuts) else {
            let why = "what stays in setup.cfg would be read otherwise, because it is indented".to_owned();
            let advice = "start each section and key at the beginning of its line".to_owned();
            self.entry(
                Provenance::new(config::PATH, 1),
                config::PATH,
                Outcome::Refused { why: why.clone(), advice },
            );
            return Some(Fate::Keep(why));
        };
        Some(Fate::Edit(text))
    }

    fn fate_of_script(&mut self) -> Option<Fate> {
        let Some(script) = self.script.take() else {
            let keep = || Fate::Keep("it cannot be read, and setuptools takes the rest from it".to_owned());
            return self.given.tree.has(script::PATH).then(keep);
        };
        let stays = |name: &str| {
            self.stays.iter().find(|(home, _)| matches!(home, Home::Argument(known) if known == name))
        };
        let names = script::argument_names(&script);
        let moved: Vec<&str> =
            names.iter().map(String::as_str).filter(|name| stays(name).is_none()).collect();
        let why = names.iter().find_map(|name| stays(name)).map(|(_, why)| why.clone());
        match why {
            None if script.is_declarative() && script.rest.is_none() => Some(Fate::RemoveOr(SHIM.to_owned())),
            why if moved.is_empty() => {
                Some(Fate::Keep(why.unwrap_or_else(|| "it does more than to call setup()".to_owned())))
            }
            // What pyproject.toml says counts, whatever setup.py says, too.
            _ => Some(script.without(&moved).map_or_else(
                || {
                    Fate::Keep(
                        "its arguments cannot be cut out; setuptools takes what pyproject.toml says"
                            .to_owned(),
                    )
                },
                Fate::Edit,
            )),
        }
    }
}

//! What can be said about a migrated tree without asking uvshift.

use std::path::{Path, PathBuf};

use serde_json::Value;
use uvshift_testkit::uv;

use crate::programs::{Copy, Python, Tree, Workshop, ask, command, run};
use crate::projects::Case;

/// The project before anything was done to it.
pub(crate) struct Original {
    pub(crate) tree: Tree,
    workshop: Workshop,
    /// The wheel that its own backend builds, or why it builds none. Nothing where there is no package.
    wheel: Option<Result<PathBuf, String>>,
    /// What `declared.py` read, as a file.
    declared: Option<PathBuf>,
}

impl Original {
    pub(crate) fn new(case: &Case, archives: &Path) -> Self {
        let tree = Tree::unpack(case, archives);
        let workshop = Workshop::new();
        let wheel = case.wheel.then(|| workshop.build(&tree.path, "original"));
        let declared = case.is_of_another_source().then(|| {
            let mut arguments = vec![tree.path.as_os_str()];
            if let Some(Ok(wheel)) = &wheel {
                arguments.push(wheel.as_os_str());
            }
            tree.note("declared.json", &ask(&Python::Originals, "declared.py", &arguments))
        });
        Self { tree, workshop, wheel, declared }
    }

    /// Looks at what became of the tree; `report` is what uvshift said, and for a peer the `files` that are asked about. The wheel
    /// is built only with a `label` for it.
    pub(crate) fn compare(
        &self,
        new: &Path,
        report: Option<&Path>,
        files: &[&str],
        label: Option<&str>,
    ) -> Proof {
        let mut arguments = vec![self.tree.path.as_os_str(), new.as_os_str()];
        arguments.extend(report.map(Path::as_os_str));
        let names = self.tree.note("files.json", &Value::from(files));
        if report.is_none() {
            arguments.extend(["--files".as_ref(), names.as_os_str()]);
        }
        let files = ask(&Python::Pip, "check.py", &arguments);
        let declared = self.declared.as_ref().map(|declared| {
            let mut arguments = vec![declared.as_os_str(), new.as_os_str()];
            arguments.extend(report.map(Path::as_os_str));
            ask(&Python::Pip, "faithful.py", &arguments)
        });
        let wheel = label.map_or(Wheel::NotAsked, |label| self.wheel(new, label));
        Proof { files, declared, wheel }
    }

    fn wheel(&self, new: &Path, label: &str) -> Wheel {
        let old = match &self.wheel {
            None => return Wheel::NotAsked,
            Some(Err(why)) => return Wheel::NeverBuilt(why.clone()),
            Some(Ok(old)) => old,
        };
        match self.workshop.build(new, label) {
            Err(why) => Wheel::DoesNotBuild(why),
            Ok(new) => {
                let found = ask(&Python::Pip, "wheels.py", &[old.as_os_str(), new.as_os_str()]);
                let differences: Vec<String> = strings(&found["differences"]).collect();
                if differences.is_empty() {
                    Wheel::Equal(
                        found["files"].as_u64().unwrap_or_default(),
                        strings(&found["notes"]).collect(),
                    )
                } else {
                    Wheel::Different(differences)
                }
            }
        }
    }
}

/// What was found in a migrated tree.
pub(crate) struct Proof {
    /// Of `check.py`: requirements files.
    pub(crate) files: Value,
    /// Of `faithful.py`: all other sources and their locks.
    pub(crate) declared: Option<Value>,
    pub(crate) wheel: Wheel,
}

/// The wheel of the migrated tree beside the wheel of the original.
pub(crate) enum Wheel {
    /// This tree is no package, or its wheel takes too long to build.
    NotAsked,
    /// The original does not build here, so there is nothing to compare with.
    NeverBuilt(String),
    DoesNotBuild(String),
    /// With so many files, and what is worth a note.
    Equal(u64, Vec<String>),
    Different(Vec<String>),
}

impl Proof {
    /// What both scripts counted under this name.
    pub(crate) fn count(&self, name: &str) -> u64 {
        let of = |value: &Value| {
            value[name].as_u64().or_else(|| value[name].as_array().map(|list| list.len() as u64))
        };
        of(&self.files).unwrap_or_default() + self.declared.as_ref().and_then(of).unwrap_or_default()
    }

    /// What both scripts listed under this name.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        let declared = self.declared.iter().flat_map(|value| strings(&value[name]));
        strings(&self.files[name]).chain(declared).collect()
    }

    /// The pins of requirements files, and those of locks.
    pub(crate) fn pins(&self) -> impl Iterator<Item = &Value> {
        std::iter::once(&self.files).chain(&self.declared).map(|value| &value["pins"])
    }

    pub(crate) fn pins_listed(&self, name: &str) -> Vec<String> {
        let mut pins: Vec<String> = self.pins().flat_map(|pins| strings(&pins[name])).collect();
        pins.sort();
        pins.dedup();
        pins
    }

    pub(crate) fn pins_counted(&self, name: &str) -> u64 {
        self.pins().filter_map(|pins| pins[name].as_u64()).sum()
    }
}

/// Whether uv can work with the result: the lock holds, can be exported with everything, and could be installed here.
///
/// It is a copy that is asked about: uv has metadata built in the tree, which leaves traces.
pub(crate) fn usable(migrated: &Path) -> Result<(), String> {
    let copy = Copy::of(migrated);
    let commands: [&[&str]; 3] = [
        &["lock", "--check"],
        &["export", "--frozen", "--no-emit-project", "--all-extras", "--all-groups", "--quiet"],
        &["sync", "--frozen", "--dry-run", "--no-install-project"],
    ];
    let ask = |words: &[&str]| run(command(uv()).args(words).arg("--project").arg(&copy.path));
    for words in commands {
        let ran = ask(words);
        // Groups that conflict by declaration cannot be exported together, and need not be.
        let apart = String::from_utf8_lossy(&ran.stderr).contains("incompatible with the conflicts");
        let alone: Vec<&str> = words.iter().copied().filter(|word| *word != "--all-groups").collect();
        let accepted = ran.succeeded() || (apart && ask(&alone).succeeded());
        if !accepted {
            return Err(format!("`uv {}`: {}", words.join(" "), ran.tail()));
        }
    }
    Ok(())
}

/// The strings of a JSON list.
pub(crate) fn strings(value: &Value) -> impl Iterator<Item = String> + use<> {
    let items: Vec<String> =
        value.as_array().into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect();
    items.into_iter()
}

//! A local index with every difficulty that matters, and a check of it.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use uvshift_bench::compat::{Builds, Caches, Compat, CompatPlan, IndexSettings, Requested, Row, check};
use uvshift_process::SystemRunner;
use uvshift_testkit::{WheelOptions, backends, flat_index, pip_python, sdist, uv, wheel};

/// Folders that are gone with it.
pub(crate) struct World {
    folder: tempfile::TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A plan for these requirements and the index of this world.
    pub(crate) fn plan(&self, requirements: &[&str]) -> CompatPlan {
        CompatPlan {
            requirements: requested(requirements),
            python: pip_python(),
            uv: uv(),
            index: IndexSettings {
                no_index: true,
                find_links: vec![self.path("index").display().to_string()],
                ..IndexSettings::default()
            },
            state: self.path("state"),
            caches: Caches::State,
            builds: Builds::Refused,
            parallel: 2,
            timeout: Duration::from_mins(2),
            together_timeout: Duration::from_mins(2),
            together: false,
            try_flags: true,
            fresh: false,
        }
    }

    /// The same with builds, and with what they need.
    pub(crate) fn building(&self, requirements: &[&str]) -> CompatPlan {
        let mut plan = self.plan(requirements);
        plan.index.find_links.push(backends().display().to_string());
        plan.builds = Builds::Allowed;
        plan
    }

    pub(crate) fn wheels(&self, rows: &[(&str, &str, &[&str])]) {
        flat_index(self.path("index"), rows);
    }

    pub(crate) fn wheel(&self, name: &str, version: &str, options: &WheelOptions) -> PathBuf {
        wheel(self.path("index"), name, version, options)
    }

    /// A wheel that no Python of today can use.
    pub(crate) fn foreign_wheel(&self, name: &str, version: &str) {
        let made = self.wheel(name, version, &WheelOptions::default());
        let other = made.to_string_lossy().replace("py3-none-any", "cp27-none-win_amd64");
        std::fs::rename(made, other).unwrap();
    }

    /// A simple index (PEP 503) as a folder, and its URL.
    pub(crate) fn index(&self, folder: &str, wheels: &[(&str, &str)]) -> String {
        for (name, version) in wheels {
            let project = self.path(folder).join(name);
            let made = wheel(&project, name, version, &WheelOptions::default());
            let file = made.file_name().unwrap().to_string_lossy().into_owned();
            let page = format!("<!DOCTYPE html><html><body><a href=\"{file}\">{file}</a></body></html>");
            std::fs::write(project.join("index.html"), page).unwrap();
        }
        format!("file://{}", self.path(folder).display())
    }

    pub(crate) fn sdist(&self, name: &str, version: &str, files: &[(&str, &str)]) {
        sdist(self.path("index"), name, version, &WheelOptions::default(), files);
    }
}

pub(crate) fn requested(requirements: &[&str]) -> Vec<Requested> {
    let each = requirements.iter().enumerate();
    each.map(|(place, text)| Requested {
        text: (*text).to_owned(),
        file: Some("requirements.txt".to_owned()),
        line: Some(place + 1),
    })
    .collect()
}

/// Runs a check with the real tools.
pub(crate) fn checked(plan: &CompatPlan) -> Compat {
    check(plan, &SystemRunner::new(), &|_| {}, &AtomicBool::new(false)).unwrap()
}

/// The row of a requirement.
pub(crate) fn row<'a>(compat: &'a Compat, requirement: &str) -> &'a Row {
    let found = compat.rows.iter().find(|row| row.requested.text == requirement);
    found.unwrap_or_else(|| panic!("there is no row for `{requirement}`"))
}

/// Every file below a folder, as text.
pub(crate) fn all_texts(folder: &Path) -> String {
    let mut texts = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts += &all_texts(&path);
        } else {
            texts += &String::from_utf8_lossy(&std::fs::read(path).unwrap());
        }
    }
    texts
}

//! `.pre-commit-config.yaml` as a part of a plan.

use std::collections::BTreeMap;

use toml_edit::DocumentMut;
use uvshift_diagnostics::{Diagnostic, Severity};

use super::Work;
use crate::Error;
use crate::codes;
use crate::pre_commit::{PreCommit, hooked_tools, normalised, pre_commit};

/// The file that has a project's hooks.
pub(super) const HOOKS: &str = ".pre-commit-config.yaml";

impl Work<'_> {
    /// Hooks follow their settings; where that is asked for, they match the lock, and there are uv's.
    pub(super) fn hooks(&mut self) -> Result<(), Error> {
        let text = self.tree.text(HOOKS);
        if text.is_none() && self.tree.has(HOOKS) {
            self.plan.diagnostics.push(
                Diagnostic::warning(
                    codes::UNREADABLE,
                    format!("`{HOOKS}` is not UTF-8, and its hooks stay as they are"),
                )
                .in_file(HOOKS, 1)
                .with_help("save the file as UTF-8, and run again"),
            );
            return Ok(());
        }
        if text.is_none() && !self.pre_commit {
            return Ok(());
        }
        let to_ruff: Vec<String> = self
            .plan
            .moved
            .iter()
            .filter(|moved| moved.to == "tool.ruff" && moved.tool != "ruff")
            .map(|moved| moved.tool.clone())
            .collect();
        // A lock may be larger than what the tree takes for text.
        let lock = if self.tree.has("uv.lock") { self.tree.read("uv.lock")? } else { Vec::new() };
        let mut versions = locked(&String::from_utf8_lossy(&lock));
        let uv_version = versions.get("uv").or(self.uv_version.as_ref()).filter(|_| self.pre_commit).cloned();
        if !self.pre_commit {
            // Only a hook that is new needs a version then.
            versions.retain(|name, _| name == "ruff" && !to_ruff.is_empty());
        }
        let has = |tool: &&str| self.document.tool(tool).is_some();
        let tools: Vec<String> = hooked_tools().filter(has).map(str::to_owned).collect();
        let (after, rows, diagnostics) = pre_commit(
            HOOKS,
            &PreCommit {
                text: text.as_deref(),
                gone: &self.gone(),
                to_ruff: &to_ruff,
                versions: &versions,
                uv_version: uv_version.as_deref(),
                tools: &tools,
            },
        );
        self.plan.rows.extend(rows);
        let (errors, said): (Vec<_>, Vec<_>) =
            diagnostics.into_iter().partition(|found| found.severity == Severity::Error);
        self.plan.diagnostics.extend(said);
        self.plan.blockers.extend(errors);
        match (text, after) {
            (_, None) => {}
            (Some(before), Some(after)) => {
                self.check_path(HOOKS);
                self.plan.changes.edit(HOOKS, before, after)?;
                self.plan.edited.push(HOOKS.to_owned());
            }
            (None, Some(after)) => self.plan.changes.create(HOOKS, after)?,
        }
        Ok(())
    }
}

/// The versions of a `uv.lock`. A package with several has none here.
fn locked(text: &str) -> BTreeMap<String, String> {
    let document: DocumentMut = text.parse().unwrap_or_default();
    let packages = document.get("package").and_then(|item| item.as_array_of_tables());
    let mut versions: BTreeMap<String, Option<String>> = BTreeMap::new();
    for package in packages.into_iter().flat_map(|packages| packages.iter()) {
        let text = |key: &str| package.get(key).and_then(toml_edit::Item::as_str);
        let (Some(name), Some(version)) = (text("name"), text("version")) else { continue };
        versions
            .entry(normalised(name))
            .and_modify(|known| *known = None)
            .or_insert_with(|| Some(version.to_owned()));
    }
    versions.into_iter().filter_map(|(name, version)| Some((name, version?))).collect()
}

#[cfg(test)]
mod tests {
    use uvshift_changeset::Change;
    use uvshift_tree::Tree;

    use crate::{Options, Plan, plan};

    use super::*;

    const LOCK: &str = "version = 1\n[[package]]\nname = \"ruff\"\nversion = \"0.16.1\"\n[[package]]\nname = \"mypy\"\nversion = \"2.4.0\"\n[[package]]\nname = \"x\"\nversion = \"1\"\n[[package]]\nname = \"x\"\nversion = \"2\"\n";

    fn planned(files: &[(&str, &str)], options: &Options) -> (Plan, Option<String>) {
        let folder = tempfile::tempdir().unwrap();
        let mut tree = Tree::from_disk(folder.path()).unwrap();
        for (file, text) in files {
            tree.lay_over(file, Some(text.as_bytes().to_vec()));
        }
        let plan = plan(&tree, options).unwrap();
        let after = plan.changes.into_iter().find_map(|change| match change {
            uvshift_changeset::Change::Create { path, bytes: after, .. }
            | uvshift_changeset::Change::Edit { path, after, .. }
                if path.as_str() == HOOKS =>
            {
                Some(String::from_utf8(after.clone()).unwrap())
            }
            _ => None,
        });
        (plan, after)
    }

    const MYPY: &str = "repos:\n- repo: https://github.com/pre-commit/mirrors-mypy\n  rev: v1.9.0\n  hooks:\n  - id: mypy\n    args: [--config-file=mypy.ini]\n";

    #[test]
    fn hooks_follow_with_the_settings() {
        let files = [("mypy.ini", "[mypy]\nstrict = True\n"), (HOOKS, MYPY), ("uv.lock", LOCK)];
        let (plan, after) = planned(&files, &Options::default());
        assert_eq!(plan.blockers, []);
        assert_eq!(plan.edited, [HOOKS]);
        assert_eq!(after.unwrap(), MYPY.replace("mypy.ini", "pyproject.toml"));
        let wish = Options { pre_commit: true, uv_version: Some("0.9.1".to_owned()), ..Options::default() };
        let (_, after) = planned(&files, &wish);
        let uv =
            "- repo: https://github.com/astral-sh/uv-pre-commit\n  rev: 0.9.1\n  hooks:\n  - id: uv-lock\n";
        let pinned = MYPY.replace("mypy.ini", "pyproject.toml").replace("v1.9.0", "v2.4.0");
        assert_eq!(after.unwrap(), format!("{pinned}{uv}"));
    }

    #[test]
    fn hooks_go_to_ruff_and_say_which_plugins_there_were() {
        let hooks = "repos:\n- repo: https://github.com/PyCQA/flake8\n  rev: 7.0.0\n  hooks:\n  - id: flake8\n    additional_dependencies: [flake8-bugbear]\n";
        let files = [(".flake8", "[flake8]\nmax-line-length = 99\n"), (HOOKS, hooks), ("uv.lock", LOCK)];
        let (plan, after) = planned(&files, &Options { to_ruff: true, ..Options::default() });
        assert_eq!(plan.blockers, []);
        assert_eq!(
            after.unwrap(),
            "repos:\n- repo: https://github.com/astral-sh/ruff-pre-commit\n  rev: v0.16.1\n  hooks:\n  - id: ruff-check\n"
        );
    }

    #[test]
    fn pyupgrade_goes_to_ruff_with_the_arguments_of_its_hook() {
        let hooks = "repos:\n- repo: https://github.com/asottile/pyupgrade\n  rev: v3.22.0\n  hooks:\n  - id: pyupgrade\n    args: [--py39-plus, --keep-percent-format]\n";
        let flake8 = (".flake8", "[flake8]\nmax-line-length = 99\n");
        let options = Options { to_ruff: true, ..Options::default() };
        let (plan, after) = planned(&[flake8, (HOOKS, hooks), ("uv.lock", LOCK)], &options);
        assert_eq!(plan.blockers, []);
        assert!(after.unwrap().contains("- id: ruff-check"), "ruff takes the place of the hook");
        let document = plan.changes.iter().rev().find_map(|change| match change {
            Change::Create { path, bytes, .. } if path.as_str() == "pyproject.toml" => {
                Some(String::from_utf8(bytes.clone()).unwrap())
            }
            _ => None,
        });
        let document = document.unwrap();
        assert!(document.contains("target-version = \"py39\"") && document.contains("\"UP"), "{document}");
        let ignored = document.split_once("ignore = [").map_or("", |(_, rest)| rest);
        assert!(ignored.contains("UP031"), "the percent format is kept: {document}");
        let skipped = Options { skip: vec!["pyupgrade".to_owned()], ..options.clone() };
        let (plan, _) = planned(&[flake8, (HOOKS, hooks), ("uv.lock", LOCK)], &skipped);
        assert!(plan.moved.iter().all(|moved| moved.tool != "pyupgrade"));
        // Its hook alone brings no ruff.
        let (plan, after) = planned(&[(HOOKS, hooks), ("uv.lock", LOCK)], &options);
        assert!(plan.moved.is_empty() && after.is_none());
    }

    #[test]
    fn a_new_file_comes_only_where_it_is_asked_for() {
        let files = [("pyproject.toml", "[tool.mypy]\nstrict = true\n"), ("uv.lock", LOCK)];
        assert_eq!(planned(&files, &Options::default()).1, None);
        let (_, after) = planned(&files, &Options { pre_commit: true, ..Options::default() });
        assert_eq!(
            after.unwrap(),
            "repos:\n  - repo: https://github.com/pre-commit/mirrors-mypy\n    rev: v2.4.0\n    hooks:\n      - id: mypy\n"
        );
    }

    #[test]
    fn packages_with_two_versions_have_none() {
        assert_eq!(locked(LOCK).keys().collect::<Vec<_>>(), ["mypy", "ruff"]);
    }
}

//! `[environments]`: uv has one environment, and groups that it installs into it.

use toml_edit::Item;
use uvshift_pyproject::PyProject;

use super::{Part, Reader};
use crate::Scope;
use crate::sources::entry::{change, group_name};

impl Reader<'_, '_> {
    pub(super) fn environments(&mut self) {
        for (name, item) in self.table(&["environments"]) {
            let path = ["environments", name];
            if item.is_array() {
                self.environment(&path, name, &["environments", name]);
                continue;
            }
            let keys = self.table(&path);
            let own: Vec<&str> =
                keys.iter().map(|(key, _)| *key).filter(|key| !IS_ABOUT.contains(key)).collect();
            if !own.is_empty() && self.document.toml.get(&["feature", name]).is_some() {
                let advice =
                    "move what stands in it into a feature by another name, and list that in `features`";
                self.refuse(&path, format!("it and the feature {name} would be one group"), advice);
                continue;
            }
            let part = Part { path: path.to_vec(), scope: Scope::Group(group_name(name)), marker: None };
            for key in own {
                self.key(&part, key);
            }
            self.environment(&path, name, &["environments", name, "features"]);
        }
    }

    /// Says how to make it with uv; the groups of the default one are the default ones.
    fn environment(&mut self, path: &[&str; 2], name: &str, features: &[&str]) {
        let features = self.document.toml.items(features).into_iter().map(|(item, _)| group_name(&item.text));
        let mut groups: Vec<String> = features.filter(|feature| feature != "default").collect();
        let own = group_name(name);
        if self.out.manifest.groups.iter().any(|group| group.name == own) && !groups.contains(&own) {
            groups.push(own);
        }
        let known = self.given.pyproject.map(PyProject::dependency_groups).unwrap_or_default();
        let is_group = |name: &String| {
            let here = self.out.manifest.groups.iter().any(|group| group.name == *name);
            here || known.iter().any(|(known, _)| known == name)
        };
        let groups: Vec<String> = groups.into_iter().filter(is_group).collect();
        let (from, text) = (self.from(path), self.document.written(path));
        if name == "default" {
            let list = groups.join(", ");
            for group in groups {
                self.out.manifest.group(&group).default = true;
            }
            let why = if list.is_empty() {
                "`uv sync` makes it".to_owned()
            } else {
                format!("`uv sync` makes it, with {list}")
            };
            return change(self.out, from, &text, "tool.uv.default-groups", why);
        }
        let alone = self.document.toml.get(&[path[0], path[1], "no-default-feature"]).and_then(Item::as_bool);
        let flag = if alone == Some(true) { "--only-group" } else { "--group" };
        let options: Vec<String> = groups.iter().map(|group| format!(" {flag} {group}")).collect();
        let options = options.concat();
        let to = if groups.is_empty() { "the project".to_owned() } else { "dependency-groups".to_owned() };
        change(self.out, from, &text, to, format!("`uv sync{options}` makes it"));
    }
}

/// Keys of an environment that are no content of its own.
const IS_ABOUT: [&str; 3] = ["features", "solve-group", "no-default-feature"];

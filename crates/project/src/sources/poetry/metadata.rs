//! Name, authors, license, URLs, scripts: what `[project]` has a place for.

use uvshift_pyproject::Value;

use super::Reader;
use super::build::Core;
use super::constraint::Problem;
use super::value::{flag, get, one_or_more, pairs, strings, text};

impl Reader<'_> {
    pub(super) fn metadata(&mut self, key: &str) {
        let path = ["tool", "poetry", key];
        let Some(value) = self.document.value(&path) else {
            return self.refuse(&path, wrong_type("a value that Poetry can read"));
        };
        match key {
            "scripts" => return self.scripts(&value),
            "plugins" => return self.plugins(&value),
            "homepage" | "repository" | "documentation" | "urls" => return self.urls(key, &value),
            _ => {}
        }
        let field = key_of_project(key);
        if self.document.has_project_field(field) {
            let why = format!("[project] has `{field}`, and Poetry reads only that");
            return self.drop_key(&path, why);
        }
        let written = match key {
            "name" => self.name(&value),
            "version" => self.version(&value),
            "description" | "license" | "readme" => self.plain(key, &value),
            "authors" | "maintainers" => self.people(field, &value),
            "keywords" => self.list(field, &value),
            _ => self.classifiers(&value),
        };
        if !written {
            self.refuse(&path, wrong_type("a string or an array of strings, as Poetry documents it"));
        }
    }

    fn name(&mut self, value: &Value) -> bool {
        let Some(name) = text(value) else { return false };
        let valid = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
        let edge = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
        let path = ["tool", "poetry", "name"];
        if !name.chars().all(valid) || !edge(name.chars().next()) || !edge(name.chars().last()) {
            let problem =
                Problem::new("it is no name of a package", "write letters, digits, `-`, `_` and `.`");
            self.refuse(&path, problem);
            return true;
        }
        name.clone_into(&mut self.out.manifest.metadata.name);
        self.carry(&path, "project.name");
        true
    }

    /// A plugin or `poetry build --local-version` sets the version where it is called dynamic.
    fn version(&mut self, value: &Value) -> bool {
        let Some(version) = text(value) else { return false };
        let path = ["tool", "poetry", "version"];
        if self.document.is_dynamic("version") || self.has_dynamic_versioning() {
            self.stay(&path);
            self.out.manifest.metadata.dynamic.push("version".to_owned());
            self.carry(&path, "tool.poetry.version, with `version` in project.dynamic");
            return true;
        }
        if version.parse::<pep440_rs::Version>().is_ok() {
            version.clone_into(&mut self.out.manifest.metadata.version);
            self.carry(&path, "project.version");
        } else {
            let problem = Problem::new("it is no version of PEP 440", "write one such as `1.2.3`");
            self.refuse(&path, problem);
        }
        true
    }

    fn has_dynamic_versioning(&self) -> bool {
        let settings = self.document.value(&["tool", "poetry-dynamic-versioning"]);
        let enabled = settings.and_then(|settings| get(&settings, "enable").and_then(flag));
        let required = self.document.build_requires();
        enabled != Some(false)
            && (enabled == Some(true)
                || required.iter().any(|entry| entry.text.starts_with("poetry-dynamic-versioning")))
    }

    fn plain(&mut self, key: &str, value: &Value) -> bool {
        let path = ["tool", "poetry", key];
        let from = self.at(&path);
        let several = one_or_more(value).filter(|_| key == "readme" || text(value).is_some());
        let Some(several) = several else { return false };
        let only = match several.as_slice() {
            [] => "",
            [only] => only.as_str(),
            _ if self.facts.core.is_some() && self.facts.builds => {
                self.stay(&path);
                self.out.manifest.metadata.dynamic.push("readme".to_owned());
                self.carry(&path, "tool.poetry.readme, with `readme` in project.dynamic");
                return true;
            }
            [first, ..] => {
                self.out.manifest.set(&["project"], "readme", first.as_str(), &from);
                self.change(&path, "project.readme", "[project] has one readme, and nothing is built");
                return true;
            }
        };
        if only.trim().is_empty() {
            self.drop_key(&path, "it is empty");
            return true;
        }
        let field = key_of_project(key);
        if key == "license" {
            // A plain string would be an expression of PEP 639, which is another field of the metadata.
            self.out.manifest.set(&["project"], field, Value::table([("text", only)]), &from);
        } else {
            self.out.manifest.set(&["project"], field, only, &from);
        }
        self.moved_fields.push(field);
        self.carry(&path, format!("project.{field}"));
        true
    }

    /// `Name <mail>` as a table; poetry-core puts them together again.
    fn people(&mut self, field: &'static str, value: &Value) -> bool {
        let Some(people) = strings(value) else { return false };
        let path = ["tool", "poetry", field];
        if people.is_empty() {
            self.drop_key(&path, "it is empty");
            return true;
        }
        let person = |text: &String| match text.trim().split_once('<') {
            Some((name, mail)) => {
                let (name, mail) = (name.trim(), mail.trim().trim_end_matches('>').trim());
                let filled =
                    [("name", name), ("email", mail)].into_iter().filter(|(_, text)| !text.is_empty());
                Value::table(filled)
            }
            None => Value::table([("name", text.trim())]),
        };
        let from = self.at(&path);
        self.out.manifest.set(&["project"], field, Value::Array(people.iter().map(person).collect()), &from);
        self.moved_fields.push(field);
        self.carry(&path, format!("project.{field}"));
        true
    }

    fn list(&mut self, field: &'static str, value: &Value) -> bool {
        let Some(items) = strings(value) else { return false };
        let path = ["tool", "poetry", field];
        let from = self.at(&path);
        self.out.manifest.set(&["project"], field, Value::strings(items), &from);
        self.moved_fields.push(field);
        self.carry(&path, format!("project.{field}"));
        true
    }

    /// poetry-core adds those for the license and for Python, unless `[project]` lists some.
    fn classifiers(&mut self, value: &Value) -> bool {
        if self.facts.core.is_none() || !self.facts.builds {
            return self.list("classifiers", value);
        }
        if strings(value).is_none() {
            return false;
        }
        let path = ["tool", "poetry", "classifiers"];
        self.stay(&path);
        if !self.document.is_dynamic("classifiers") {
            self.out.manifest.metadata.dynamic.push("classifiers".to_owned());
        }
        self.carry(&path, "tool.poetry.classifiers, with `classifiers` in project.dynamic");
        true
    }

    fn urls(&mut self, key: &str, value: &Value) {
        let path = ["tool", "poetry", key];
        if self.document.has_project_field("urls") {
            return self.drop_key(&path, "[project] has `urls`, and Poetry reads only that");
        }
        let from = self.at(&path);
        self.moved_fields.push("urls");
        let named = match key {
            "homepage" => vec![("Homepage", value)],
            "repository" => vec![("Repository", value)],
            "documentation" => vec![("Documentation", value)],
            _ => pairs(value).unwrap_or_default().iter().map(|(name, url)| (name.as_str(), url)).collect(),
        };
        if named.iter().any(|(_, url)| text(url).is_none()) || (named.is_empty() && pairs(value).is_none()) {
            return self.refuse(&path, wrong_type("a URL"));
        }
        for (name, url) in named.into_iter().filter_map(|(name, url)| Some((name, text(url)?))) {
            if !url.is_empty() {
                self.out.manifest.set(&["project", "urls"], name, url, &from);
            }
        }
        self.carry(&path, "project.urls");
    }

    fn scripts(&mut self, value: &Value) {
        let Some(scripts) = pairs(value) else {
            return self.refuse(&["tool", "poetry", "scripts"], wrong_type("a table"));
        };
        let replaced = self.document.has_project_field("scripts");
        for (name, script) in scripts {
            let path = ["tool", "poetry", "scripts", name.as_str()];
            let is_file = get(script, "type").and_then(text) == Some("file");
            if is_file && self.facts.core.is_some() && self.facts.builds {
                self.stay(&path);
                self.carry(&path, "tool.poetry.scripts, which poetry-core goes on reading");
            } else if is_file {
                self.drop_key(&path, "nothing is built that could hold the file");
            } else if replaced {
                self.drop_key(&path, "[project] has `scripts`, and Poetry reads only that");
            } else {
                self.script(name, script);
            }
        }
    }

    fn script(&mut self, name: &str, script: &Value) {
        let path = ["tool", "poetry", "scripts", name];
        let callable = get(script, "callable").and_then(text);
        if callable.is_some() && self.facts.core == Some(Core::Two) {
            return self.drop_key(&path, "poetry-core 2, which builds the wheel, leaves a `callable` out");
        }
        let reference = text(script).or_else(|| get(script, "reference").and_then(text)).or(callable);
        let Some(reference) = reference else {
            return self.refuse(&path, wrong_type("`module:function`"));
        };
        let from = self.at(&path);
        self.moved_fields.push("scripts");
        self.out.manifest.set(&["project", "scripts"], name, reference, &from);
        if get(script, "extras").is_some() {
            let why = "without its extras, which the metadata of a wheel has no place for";
            self.change(&path, "project.scripts", why);
        } else {
            self.carry(&path, "project.scripts");
        }
    }

    fn plugins(&mut self, value: &Value) {
        let path = ["tool", "poetry", "plugins"];
        if self.document.has_project_field("entry-points") {
            return self.drop_key(&path, "[project] has `entry-points`, and Poetry reads only that");
        }
        let Some(groups) = pairs(value) else { return self.refuse(&path, wrong_type("a table of tables")) };
        self.moved_fields.push("entry-points");
        for (group, entries) in groups {
            let path = ["tool", "poetry", "plugins", group.as_str()];
            let valid = pairs(entries).filter(|pairs| pairs.iter().all(|(_, value)| text(value).is_some()));
            let Some(entries) = valid else {
                self.refuse(&path, wrong_type("a table of `name = \"module:object\"`"));
                continue;
            };
            let (table, to) = match group.as_str() {
                "console_scripts" | "console-scripts" => {
                    (vec!["project", "scripts"], "project.scripts".to_owned())
                }
                "gui_scripts" | "gui-scripts" => {
                    (vec!["project", "gui-scripts"], "project.gui-scripts".to_owned())
                }
                group => (vec!["project", "entry-points", group], format!("project.entry-points.{group}")),
            };
            let from = self.at(&path);
            for (name, value) in entries {
                self.out.manifest.set(&table, name, value.clone(), &from);
            }
            self.carry(&path, to);
        }
    }
}

/// The key of `[project]` for one of `[tool.poetry]`.
fn key_of_project(key: &str) -> &'static str {
    match key {
        "name" => "name",
        "version" => "version",
        "description" => "description",
        "license" => "license",
        "readme" => "readme",
        "authors" => "authors",
        "maintainers" => "maintainers",
        "keywords" => "keywords",
        _ => "classifiers",
    }
}

pub(super) fn wrong_type(expected: &str) -> Problem {
    Problem::new(format!("it must be {expected}"), "write it as Poetry documents it")
}

//! The files of the repository that call a workflow or an action of it.

use std::collections::BTreeMap;

use crate::context::Context;
use crate::yaml::{Node, Yaml};

/// How many files that call a workflow or an action are looked at.
const MAX_CALLERS: usize = 20;

/// What is known of them.
#[derive(Debug, Default)]
pub(super) struct Callers {
    /// What they give to inputs, by name; none for what they compute.
    pub(super) inputs: BTreeMap<String, Option<Vec<String>>>,
    /// A job that calls an action goes on with pip or its kin.
    pub(super) go_on_with_pip: bool,
}

impl Callers {
    /// Looks through the other files.
    pub(super) fn of(path: &str, context: &Context) -> Self {
        let mut found = Self::default();
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let own = if path.contains(".github/workflows/") { path } else { folder };
        let is_call =
            |uses: &str| uses.strip_prefix("./").is_some_and(|uses| uses.trim_end_matches('/') == own);
        let may_call = |(other, text): &(&String, &String)| other.as_str() != path && text.contains(own);
        for (_, text) in context.ci_files.iter().filter(may_call).take(MAX_CALLERS) {
            let Ok(yaml) = Yaml::parse(text) else { continue };
            let calls =
                yaml.nodes().filter(|node| node.get("uses").and_then(Node::as_str).is_some_and(is_call));
            for call in calls {
                found.note(call);
            }
        }
        found
    }

    fn note(&mut self, call: Node<'_>) {
        for entry in call.get("with").into_iter().flat_map(Node::entries) {
            let name = entry.key.as_str().unwrap_or_default().to_owned();
            let value = entry.value.as_str().filter(|value| !value.contains("${{"));
            let values = self.inputs.entry(name).or_insert_with(|| Some(Vec::new()));
            *values = values.take().zip(value).map(|(mut values, value)| {
                values.push(value.to_owned());
                values
            });
        }
        let behind = call.parent().filter(|steps| steps.is_sequence()).into_iter().flat_map(Node::items);
        let mut scripts = behind
            .filter(|step| step.span().start > call.span().start)
            .filter_map(|step| step.resolved().get("run")?.as_str());
        self.go_on_with_pip |= scripts.any(installs);
    }
}

/// Whether a script runs an installer.
fn installs(script: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || "-_./".contains(letter);
    let mut words = script.split(|letter| !is_part(letter));
    words.any(|word| ["pip", "pip3", "poetry", "pipenv", "pdm"].contains(&word))
}

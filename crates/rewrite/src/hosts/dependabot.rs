//! Dependabot: folders of uv projects are looked after by the ecosystem `uv`.

use uvshift_diagnostics::Safety;

use crate::context::{Context, joined};
use crate::hosts::{Host, Kind};
use crate::model::{Left, Rewritten};
use crate::yaml::{Node, Yaml};

/// The host.
pub(crate) const HOST: Host = Host {
    name: "dependabot",
    title: "Dependabot",
    kind: Kind::Edited,
    is: |path, _| matches!(path, ".github/dependabot.yml" | ".github/dependabot.yaml"),
    rewrite: |_, text, context, _| rewrite(text, context),
};

fn rewrite(text: &str, context: &Context) -> Rewritten {
    let mut found = Rewritten::default();
    let yaml = match Yaml::parse(text) {
        Ok(yaml) => yaml,
        Err(problem) => {
            found.diagnostics.push(problem.diagnostic());
            return found;
        }
    };
    let updates: Vec<Node<'_>> = yaml
        .root()
        .and_then(|root| root.get("updates"))
        .into_iter()
        .flat_map(Node::items)
        .filter(|item| !item.is_alias())
        .collect();
    let mut served: Vec<String> = updates
        .iter()
        .filter(|update| ecosystem(**update) == Some("uv"))
        .flat_map(|update| folders(*update))
        .collect();
    for update in updates {
        if ecosystem(update) == Some("pip") {
            pip(update, context, &mut served, &mut found);
        }
    }
    found
}

fn ecosystem(update: Node<'_>) -> Option<&str> {
    update.get("package-ecosystem")?.as_str()
}

/// The folders of an entry, as they are written.
fn folders(update: Node<'_>) -> Vec<String> {
    let one = update.get("directory");
    let several = update.get("directories");
    let nodes = one.into_iter().chain(several).flat_map(Node::strings);
    nodes.filter_map(|node| node.as_str().map(str::to_owned)).collect()
}

/// A requirements file of these folders that is there still, so that somebody may install it.
fn old_file<'c>(folders: &[String], context: &'c Context) -> Option<&'c String> {
    let below = |file: &str| {
        folders.iter().filter_map(|folder| joined("", folder.trim_start_matches('/'))).any(|folder| {
            folder.is_empty() || file.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
        })
    };
    context.requirement_files.iter().find(|file| below(file))
}

/// An entry for pip: it becomes one for uv, stays, or is told.
fn pip(update: Node<'_>, context: &Context, served: &mut Vec<String>, found: &mut Rewritten) {
    let Some(name) = update.get("package-ecosystem") else { return };
    let folders = folders(update);
    let is_uv = |folder: &String| {
        let Some(path) = joined("", folder.trim_start_matches('/')) else { return false };
        context.projects.iter().any(|project| project.locked && project.folder == path)
    };
    let of_uv = folders.iter().filter(|folder| is_uv(folder)).count();
    if of_uv == 0 {
        if folders.iter().any(|folder| folder.contains('*')) && !context.projects.is_empty() {
            let reason = "which of these folders uv manages is not clear".to_owned();
            found.left.push(Left { span: name.span(), reason, suggestion: None });
        }
        return;
    }
    if of_uv < folders.len() {
        let reason =
            "some of these folders are managed by uv and some are not: they need an entry each".to_owned();
        found.left.push(Left {
            span: name.span(),
            reason,
            suggestion: Some("package-ecosystem: uv".to_owned()),
        });
        return;
    }
    if folders.iter().any(|folder| served.contains(folder)) {
        let reason = "uv looks after this folder already, so this entry could go".to_owned();
        found.left.push(Left { span: name.span(), reason, suggestion: None });
        return;
    }
    let kept = old_file(&folders, context);
    served.extend(folders);
    let reason = "the versions are in uv.lock, which only this ecosystem renews";
    let (reason, safety) = match kept {
        Some(file) => (format!("{reason}; nobody would renew `{file}` any more"), Safety::NeedsReview),
        None => (reason.to_owned(), Safety::Safe),
    };
    found.edits.push(name.with_value("uv").edit("dependabot", &reason, safety, 0));
    if let Some(strategy) = update.get("versioning-strategy") {
        let reason = "whether uv's ecosystem takes this strategy has to be looked up".to_owned();
        found.left.push(Left { span: strategy.span(), reason, suggestion: None });
    }
}

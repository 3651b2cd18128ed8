//! Everything that becomes of the scripts of a file.

use std::collections::{BTreeMap, BTreeSet};

use uvshift_diagnostics::{Diagnostic, Span};

use crate::Safety;
use crate::codes;
use crate::model::{Edit, Left, Rewritten};
use crate::script::{self, install_uv};
use crate::yaml::{Node, Script};

use super::commands::is_tool;
use super::{BOOTSTRAP, Key, Language, Pipeline, Seen, Unit, VENV};

/// How far ahead commands are looked at.
const MAX_LOOK: usize = 20;

impl<'y> Pipeline<'y> {
    /// Everything that becomes of the scripts.
    pub(super) fn finish(&self, found: &mut Rewritten) {
        let own = || self.scripts.iter().filter(|(key, _)| key.0 == 0);
        let idle = own().filter(|(key, seen)| self.is_idle(**key, seen));
        let idle: BTreeSet<usize> = idle.map(|(_, seen)| place(seen).span().start).collect();
        let next = self.next_items();
        for (key, seen) in own() {
            let Some(script) = seen.node.script() else { continue };
            tell(&script, seen, found);
            let goes = self.is_idle(*key, seen) && !self.needed.contains_key(key);
            let is_overtaken = self.is_overtaken(*key, seen, &next);
            let is_replaced = is_overtaken || (goes && self.is_bootstrap(*key));
            match self.brings.get(key) {
                Some(is_safe) if is_replaced => {
                    let edit = self.install_instead(*key, &script, *is_safe);
                    script::add(found, script.edits(vec![edit]));
                }
                _ if goes || is_overtaken => self.drop_script(*key, seen, &idle, found),
                _ => self.edit_script(*key, seen, &script, found),
            }
        }
    }

    /// The script behind each one, in lists of commands.
    fn next_items(&self) -> BTreeMap<Key, Key> {
        let mut lists = BTreeSet::new();
        let mut next = BTreeMap::new();
        for seen in self.scripts.values().filter(|seen| matches!(seen.unit, Unit::Item)) {
            let Some(list) = seen.node.parent().filter(|list| lists.insert(self.key(*list))) else {
                continue;
            };
            let keys: Vec<Key> = list.items().map(|item| self.key(item)).collect();
            next.extend(keys.iter().copied().zip(keys.iter().copied().skip(1)));
        }
        next
    }

    /// What brought another installer, or is done by the next command, brings uv.
    fn install_instead(&self, key: Key, script: &Script, is_safe: bool) -> Edit {
        Edit {
            span: 0..script.text().trim_end().len(),
            new: install_uv(&self.all_before(key), self.context),
            rule: "bring-uv",
            reason: "nothing else brings uv".to_owned(),
            safety: self.safety(key, is_safe),
            together: 0,
        }
    }

    fn edit_script(&self, key: Key, seen: &Seen<'y>, script: &Script, found: &mut Rewritten) {
        let mut edits = seen.outcome.edits.clone();
        if self.tools.get(&key) == Some(&false) {
            let reason = "nothing else here needs uv; `uvx` runs such a program without an installation";
            keep(script, &mut edits, found, reason, is_tool);
        }
        if let Some(needed) = self.needed.get(&key) {
            let reason = format!("a later command still runs {needed}");
            keep(script, &mut edits, found, &reason, |edit| edit.rule == BOOTSTRAP);
        }
        if let Some(why) = self.held.get(&key) {
            for edit in edits.iter_mut().filter(|edit| edit.safety == Safety::Safe) {
                edit.safety = Safety::NeedsReview;
                edit.reason.push_str("; ");
                edit.reason.push_str(why);
            }
        }
        if self.seeded.contains(&key) {
            for edit in edits.iter_mut().filter(|edit| edit.rule == VENV && !edit.new.contains("--seed")) {
                edit.new = edit.new.replacen("uv venv", "uv venv --seed", 1);
                "pip is still run in the environment, which `--seed` puts into it"
                    .clone_into(&mut edit.reason);
            }
        }
        if let Some(is_safe) = self.brings.get(&key) {
            self.bring(key, seen, script, self.safety(key, *is_safe), &mut edits, found);
        }
        script::add(found, script.edits(edits));
    }

    /// Puts the installation of uv in front of a script: as an item of its own, or into the script.
    fn bring(
        &self,
        key: Key,
        seen: &Seen<'y>,
        script: &Script,
        safety: Safety,
        edits: &mut Vec<Edit>,
        found: &mut Rewritten,
    ) {
        let command = install_uv(&self.all_before(key), self.context);
        let reason = "nothing brings uv, so it is installed first, as the packages were";
        let item = matches!(seen.unit, Unit::Item)
            .then(|| seen.node.with_item_before(&format!("- {}", self.yaml.scalar(&command))));
        if let Some(change) = item.flatten() {
            found.edits.push(change.edit("bring-uv", reason, safety, 0));
            return;
        }
        let joint = match seen.language {
            _ if script.text().trim_end().contains('\n') => "\n",
            // Windows PowerShell has no `&&`.
            Language::PowerShell => "; ",
            Language::Shell | Language::Cmd => " && ",
        };
        let at = script.text().len() - script.text().trim_start().len();
        let new = format!("{command}{joint}");
        let first = edits.iter_mut().find(|edit| edit.span.start == at);
        // What somebody has to look at first is not made with the others.
        if let Some(edit) = first.filter(|edit| edit.safety == Safety::Safe || safety != Safety::Safe) {
            edit.new.insert_str(0, &new);
            if safety == Safety::NeedsReview {
                edit.safety = safety;
            }
            edit.reason = format!("{}; {reason}", edit.reason);
        } else {
            let reason = reason.to_owned();
            edits.insert(0, Edit { span: at..at, new, rule: "bring-uv", reason, safety, together: 0 });
        }
    }

    fn safety(&self, key: Key, is_safe: bool) -> Safety {
        if is_safe && !self.held.contains_key(&key) { Safety::Safe } else { Safety::NeedsReview }
    }

    /// Whether nothing is left of a script.
    fn is_idle(&self, key: Key, seen: &Seen<'y>) -> bool {
        !seen.outcome.edits.is_empty() && (seen.outcome.is_empty || self.idle.contains(&key))
    }

    /// Whether the next command of the list is a sync that installs all that this one does.
    fn is_overtaken(&self, key: Key, seen: &Seen<'y>, next: &BTreeMap<Key, Key>) -> bool {
        let is_sync = |key: Key, seen: &Seen<'_>| {
            let safe = seen.outcome.edits.iter().all(|edit| edit.safety == Safety::Safe);
            let is_one = !seen.after.contains(['\n', '&', ';', '|']);
            safe && !self.held.contains_key(&key)
                && !seen.outcome.edits.is_empty()
                && is_one
                && seen.after.starts_with("uv sync")
        };
        if !matches!(seen.unit, Unit::Item) || !is_sync(key, seen) {
            return false;
        }
        let following = std::iter::successors(next.get(&key), |key| next.get(key)).take(MAX_LOOK);
        let mut following = following.filter_map(|key| Some((*key, self.scripts.get(key)?)));
        following
            .find(|(key, seen)| !self.is_idle(*key, seen))
            .is_some_and(|(key, seen)| is_sync(key, seen) && !self.brings.contains_key(&key))
    }

    /// Nothing is left of a script: its item or step goes, unless it is all that there is of its list.
    fn drop_script(&self, key: Key, seen: &Seen<'y>, idle: &BTreeSet<usize>, found: &mut Rewritten) {
        let node = place(seen);
        let Some(first) = seen.outcome.edits.first() else { return };
        let stays = |item: Node<'y>| item.span() != node.span() && !idle.contains(&item.span().start);
        let list = node.parent().filter(|list| list.is_sequence() && !self.brings.contains_key(&key));
        let change = list.filter(|list| list.items().any(stays)).and_then(|_| node.without_item());
        if let Some(change) = change {
            let safe = seen.outcome.edits.iter().all(|edit| edit.safety == Safety::Safe);
            let reason =
                if self.idle.contains(&key) { "uv does what this was installed for" } else { &first.reason };
            found.edits.push(change.edit(first.rule, reason, self.safety(key, safe), 0));
            return;
        }
        let reason =
            format!("nothing of this is needed with uv, but something has to stand here: {}", first.reason);
        found.left.push(script::left(node.span(), reason));
    }

    /// The scripts of the file up to one, that one included: how packages are installed here.
    fn all_before(&self, key: Key) -> String {
        let own = self.scripts.get(&key).and_then(|seen| seen.node.as_str()).unwrap_or_default();
        let near = self.scripts.range(..key).rev().take(3).filter_map(|(_, seen)| seen.node.as_str());
        std::iter::once(own).chain(near).collect::<Vec<_>>().join("\n")
    }
}

/// What goes when nothing is left of a script.
fn place<'y>(seen: &Seen<'y>) -> Node<'y> {
    match seen.unit {
        Unit::Item => seen.node,
        Unit::Step(step) => step,
    }
}

/// What stays of a script, and where it cannot be read.
fn tell(script: &Script, seen: &Seen<'_>, found: &mut Rewritten) {
    found.left.extend(script.left(seen.outcome.left.clone()));
    if let Some(problem) = &seen.outcome.problem {
        let at = script.place(&(problem.at..problem.at)).start;
        let message = format!("this script cannot be read to its end: {}", problem.message);
        found.diagnostics.push(Diagnostic::warning(codes::SCRIPT_UNREADABLE, message).at(Span::new(at, at)));
    }
}

/// Takes changes back, and tells of what stays.
fn keep(
    script: &Script,
    edits: &mut Vec<Edit>,
    found: &mut Rewritten,
    reason: &str,
    which: impl Fn(&Edit) -> bool,
) {
    let kept = edits.extract_if(.., |edit| which(edit));
    let left: Vec<Left> = kept.map(|edit| script::left(edit.span, reason)).collect();
    found.left.extend(script.left(left));
}

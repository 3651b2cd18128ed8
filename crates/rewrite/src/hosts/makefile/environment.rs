//! The folder of the environment as the Makefile names it, so that `make VENV=.other` still chooses another one.

use super::read::Makefile;
use super::{MAX_VARIABLES, recipe};
use crate::model::{Edit, Rewritten};

/// What stands in front of the folder in commands of uv.
const BEFORE: [&str; 2] = ["UV_PROJECT_ENVIRONMENT=", "--python "];

/// Writes the variable of make in the place of its value, in commands that name an environment which the old ones found by it.
pub(super) fn refer(text: &str, makefile: &Makefile, found: &mut Rewritten) {
    for variable in makefile.variables.iter().take(MAX_VARIABLES) {
        let name = variable.name.as_str();
        let value = recipe::value(text, makefile, name).filter(|value| !value.is_empty());
        let value = value.filter(|_| is_folder(text, name));
        for edit in &mut found.edits {
            unshelled(edit, name, text);
            if let Some(value) = &value {
                refer_to(edit, name, value, text);
            }
        }
    }
}

/// Whether programs are found in a folder by the variable.
fn is_folder(text: &str, name: &str) -> bool {
    let is_before = |bin: &str| {
        text.contains(&format!("$({name})/{bin}")) || text.contains(&format!("${{{name}}}/{bin}"))
    };
    is_before("bin") || is_before("Scripts")
}

/// What a variable of make holds came back as one of the shell, which has none of this name.
fn unshelled(edit: &mut Edit, name: &str, text: &str) {
    let wrong = format!("$${{{name}}}");
    if edit.new.contains(&wrong) && !text.contains(&wrong) && !text.contains(&format!("$${name}")) {
        edit.new = edit.new.replace(&wrong, &format!("$({name})"));
    }
}

fn refer_to(edit: &mut Edit, name: &str, value: &str, text: &str) {
    let old = text.get(edit.span.clone()).unwrap_or_default();
    if old.contains(&format!("{value}/")) {
        return;
    }
    for before in BEFORE {
        let frozen = format!("{before}{value}");
        let variable = format!("{before}$({name})");
        edit.new = edit.new.replace(&format!("{frozen} "), &format!("{variable} "));
        if let Some(start) = edit.new.strip_suffix(&frozen) {
            edit.new = format!("{start}{variable}");
        }
    }
}

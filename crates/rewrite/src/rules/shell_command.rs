//! `bash -c "..."`: a script within a word.

use uvshift_diagnostics::Safety;

use crate::context::Context;
use crate::engine::{Environment, Scope, rewrite_script};
use crate::invocation::Invocation;
use crate::plan::apply as with_edits;
use crate::rules::{Rule, Verdict};
use crate::shell::Word;

pub(super) const RULE: Rule = Rule {
    name: "shell-command",
    summary: "the commands of `bash -c` are rewritten like others",
    programs: &["sh", "bash", "dash", "ash"],
    apply,
};

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, context: &Context) -> Verdict {
    let Some(word) = script_word(invocation.args) else { return Verdict::NotMine };
    let raw = word.raw(invocation.script);
    let Some(quote) = ["'", "\""].into_iter().find(|quote| is_quoted(raw, quote)) else {
        let is_about =
            ["pip install", "pip3 install", "poetry ", "pipenv "].iter().any(|old| raw.contains(old));
        return if is_about {
            Verdict::left("the script in this word has quotes that are read twice")
        } else {
            Verdict::NotMine
        };
    };
    let inner = raw.trim_matches(|letter| quote.starts_with(letter));
    let mut within = scope.clone();
    let outcome = rewrite_script(inner, &mut within, context);
    let Some(first) = outcome.edits.first() else {
        return match outcome.left.into_iter().next() {
            Some(left) => Verdict::Left { reason: left.reason, suggestion: left.suggestion },
            None => Verdict::Keep,
        };
    };
    let (rule, mut reason) = (first.rule, first.reason.clone());
    if let Some(left) = outcome.left.first() {
        reason.push_str("; what stays: ");
        reason.push_str(&left.reason);
    }
    let is_safe = outcome.edits.iter().all(|edit| edit.safety == Safety::Safe) && outcome.left.is_empty();
    let is_plain = outcome
        .edits
        .iter()
        .all(|edit| !edit.new.contains([quote.chars().next().unwrap_or('"'), '$', '\\', '`']));
    let Some(after) = with_edits(inner, &outcome.edits).filter(|_| is_plain || quote == "'") else {
        return Verdict::left(format!(
            "the script in this word has something for `{rule}`, and its quotes stand in the way"
        ));
    };
    leave(scope, within);
    let new = if after.trim().is_empty() {
        String::new()
    } else {
        let script = invocation.script;
        let span = invocation.span();
        let before = script.get(span.start..word.span.start).unwrap_or_default();
        let behind = script.get(word.span.end..span.end).unwrap_or_default();
        format!("{before}{quote}{after}{quote}{behind}")
    };
    if is_safe { Verdict::safe(new, reason) } else { Verdict::review(new, reason) }
}

/// The word behind `-c`, which can stand with other flags. Behind the name of a script, `-c` is an argument of that.
fn script_word(args: &[Word]) -> Option<&Word> {
    let mut words = args.iter();
    while let Some(text) = words.next()?.literal() {
        match text.as_str() {
            "-o" | "+o" => drop(words.next()),
            option if option.starts_with("--") => {}
            option if option.starts_with('-') && option.ends_with('c') => return words.next(),
            option if option.starts_with(['-', '+']) => {}
            _ => return None,
        }
    }
    None
}

/// Whether a word is one pair of quotes with nothing in it that is read twice.
fn is_quoted(raw: &str, quote: &str) -> bool {
    let inner = raw.strip_prefix(quote).and_then(|raw| raw.strip_suffix(quote));
    inner.is_some_and(|inner| {
        !inner.contains(quote) && (quote == "'" || !inner.replace("\\\n", "").contains(['\\', '`']))
    })
}

/// The shell within is gone; what it installed stays.
fn leave(scope: &mut Scope, within: Scope) {
    let environment = match within.environment {
        Environment::Active if scope.environment != Environment::Active => {
            if within.synced.is_some() {
                Environment::Uv
            } else {
                scope.environment
            }
        }
        other => other,
    };
    let (folder, programs) = (scope.folder.clone(), scope.programs.clone());
    *scope = Scope { environment, folder, programs, ..within };
}

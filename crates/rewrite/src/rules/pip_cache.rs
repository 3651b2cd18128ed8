//! `pip cache`

use crate::context::Context;
use crate::engine::Scope;
use crate::install::plain::is_foreign;
use crate::invocation::Invocation;
use crate::rules::{Rule, Verdict};

pub(super) const RULE: Rule = Rule {
    name: "pip-cache",
    summary: "`pip cache dir` and `pip cache purge` become those of uv",
    programs: &["pip"],
    apply,
};

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, _: &Context) -> Verdict {
    let words: Vec<String> = invocation.args.iter().filter_map(crate::shell::Word::literal).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if words.first() != Some(&"cache") {
        return Verdict::NotMine;
    }
    if is_foreign(scope) {
        return Verdict::Keep;
    }
    match words.as_slice() {
        ["cache", "dir"] => {
            scope.has_uv = true;
            Verdict::safe("uv cache dir", "what is installed with uv is cached there")
        }
        ["cache", "purge"] => {
            scope.has_uv = true;
            Verdict::safe("uv cache clean", "what is installed with uv is cached in the cache of uv")
        }
        _ => Verdict::Left {
            reason: "uv does not list what is in its cache".to_owned(),
            suggestion: Some("uv cache size".to_owned()),
        },
    }
}

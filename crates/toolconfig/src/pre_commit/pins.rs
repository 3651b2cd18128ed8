//! Revisions of repositories that match what is locked.

use uvshift_diagnostics::Diagnostic;

use crate::codes;
use crate::pre_commit::Work;
use crate::pre_commit::hooks::{Hook, normalised};
use crate::pre_commit::table;
use crate::pre_commit::wanted::{Set, To};
use crate::report::Outcome;

impl Work<'_> {
    /// Gives each known repository the revision of the locked version.
    pub(super) fn pin(&mut self, hooks: &[&Hook<'_>]) {
        let mut seen: Vec<usize> = Vec::new();
        for hook in hooks {
            if seen.contains(&hook.repo) || hook.is_local() {
                continue;
            }
            let Some(known) = table::of_repository(hook.url) else {
                if let Some(version) = self.given.versions.get(&normalised(hook.id)) {
                    let message = format!(
                        "{} is locked at {version}; how {} names its revisions is not known",
                        hook.id, hook.url
                    );
                    self.revision_unknown(hook, message);
                }
                continue;
            };
            seen.push(hook.repo);
            let version = if known.tool == "uv" { self.given.uv_version } else { None };
            let Some(version) =
                version.or_else(|| self.given.versions.get(&known.package).map(String::as_str))
            else {
                continue;
            };
            let new = known.revision(version);
            if new == hook.rev {
                continue;
            }
            if hook.rev.len() == 40 && hook.rev.chars().all(|letter| letter.is_ascii_hexdigit()) {
                let message =
                    format!("{} is locked at {version}, and the hook is frozen at a commit", known.package);
                self.revision_unknown(hook, message);
                continue;
            }
            self.row(
                &known.tool,
                hook.rev_line,
                format!("rev: {}", hook.rev),
                Outcome::Changed(format!("now `{new}`, as it is locked")),
            );
            self.wanted.sets.push(Set { repo: hook.repo, hook: None, key: "rev", to: To::Text(new) });
        }
    }

    pub(super) fn revision_unknown(&mut self, hook: &Hook<'_>, message: String) {
        self.diagnostics.push(
            Diagnostic::note(codes::REVISION_UNKNOWN, message)
                .in_file(self.file, hook.rev_line)
                .with_help("set `rev` to the tag of that version by hand"),
        );
    }
}

//! From a tree to everything that would change in its files, without changing anything.

use std::collections::BTreeSet;

use uvshift_changeset::ChangeSet;
use uvshift_diagnostics::{Diagnostic, Safety, Severity, Span};
use uvshift_tree::Tree;

use crate::Error;
use crate::callers::{self, Draft};
use crate::codes;
use crate::context::Context;
use crate::generated;
use crate::hosts::{Host, Kind, hosts};
use crate::model::{Edit, Left, RewriteOptions, Rewritten};

/// Larger files are data.
const MAX_SIZE: usize = 1 << 20;

/// What becomes of one file.
#[derive(Debug, Clone)]
pub struct FilePlan {
    /// The path, from the root.
    pub path: String,
    /// The host that it belongs to.
    pub host: &'static Host,
    /// The text.
    pub before: String,
    /// The text with what is made.
    pub after: String,
    /// What is made, in order; spans are those of `before`.
    pub made: Vec<Edit>,
    /// What could be made and is not: for review, or of a host that is only reported.
    pub offered: Vec<Edit>,
    /// What stays.
    pub left: Vec<Left>,
}

/// Everything that a rewriting would do.
#[derive(Debug, Default)]
pub struct Plan {
    /// The files that there is something to say of, in order.
    pub files: Vec<FilePlan>,
    /// What there is to say.
    pub diagnostics: Vec<Diagnostic>,
    /// All changes.
    pub changes: ChangeSet,
    /// How many files were read as one of a host.
    pub read: usize,
}

/// Reads the files of a tree and works out what becomes of them.
///
/// # Errors
/// An option names no host, or a file cannot be read.
pub fn plan(tree: &Tree, context: &Context, options: &RewriteOptions) -> Result<Plan, Error> {
    let known = |name: &&String| hosts().iter().any(|host| host.name == name.as_str());
    if let Some(name) = options.only.iter().chain(&options.skip).find(|name| !known(name)) {
        return Err(Error::UnknownHost { name: name.clone() });
    }
    let mut plan = Plan::default();
    let mut drafts = Vec::new();
    for path in tree.files() {
        if tree.is_link(path) || !may_be_one(path) {
            continue;
        }
        let Some(text) = tree.text(path).filter(|text| text.len() <= MAX_SIZE) else {
            plan.diagnostics.extend(unreadable(tree, path, options));
            continue;
        };
        let Some(host) = hosts().iter().find(|host| (host.is)(path, &text)) else { continue };
        let rewritten = wanted(host, options).then(|| {
            let mut rewritten = (host.rewrite)(path, &text, context, options);
            generated::hold(&text, &mut rewritten);
            rewritten
        });
        plan.read += usize::from(rewritten.is_some());
        drafts.push(Draft { path: path.clone(), host, text, rewritten });
    }
    callers::hold(&mut drafts, options.review);
    for Draft { path, host, text, rewritten } in drafts {
        if let Some(rewritten) = rewritten {
            plan.take(&path, host, text, rewritten, options);
        }
    }
    plan.leave_unsettled(context, options);
    for file in plan.files.iter().filter(|file| file.after != file.before) {
        plan.changes.edit(&file.path, file.before.clone(), file.after.clone())?;
    }
    Ok(plan)
}

/// What there is to say of a file that is named or begins like one of a host and is not UTF-8, or cannot be read at all.
fn unreadable(tree: &Tree, path: &str, options: &RewriteOptions) -> Option<Diagnostic> {
    let (text, why) = match tree.text_bytes(path) {
        Some(bytes) => (String::from_utf8_lossy(&bytes).into_owned(), "this is not UTF-8".to_owned()),
        None => (String::new(), format!("this cannot be read ({})", cause(&tree.read(path).err()?))),
    };
    let is_wanted = hosts().iter().any(|host| wanted(host, options) && (host.is)(path, &text));
    let message = format!("{why}, so its commands stay as they are");
    is_wanted.then(|| Diagnostic::error(codes::UNREADABLE, message).in_file(path, 1))
}

/// The last cause of an error.
fn cause(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), cause)
}

/// Files that no host can be asked about, so that they need not be read.
fn may_be_one(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let data = [
        "lock", "png", "jpg", "gif", "svg", "csv", "gz", "zip", "whl", "pyc", "so", "html", "css", "po", "mo",
    ];
    !name.rsplit_once('.').is_some_and(|(_, ending)| data.contains(&ending))
}

fn wanted(host: &Host, options: &RewriteOptions) -> bool {
    let named = |list: &[String]| list.iter().any(|name| name == host.name);
    if named(&options.skip) {
        return false;
    }
    if options.only.is_empty() {
        host.kind != Kind::Document || options.documents
    } else {
        named(&options.only)
    }
}

impl Plan {
    fn take(
        &mut self,
        path: &str,
        host: &'static Host,
        before: String,
        rewritten: Rewritten,
        options: &RewriteOptions,
    ) {
        let Rewritten { edits, left, diagnostics } = rewritten;
        let broken = diagnostics.iter().any(|found| found.severity == Severity::Error);
        for mut found in diagnostics {
            found.line = found.line.or_else(|| found.span.map(|span| line_of(&before, span.start)));
            found.file.get_or_insert_with(|| path.to_owned());
            self.diagnostics.push(found);
        }
        let (mut made, offered) = sort(edits, host, options);
        let mut after = apply(&before, &made);
        if broken {
            made.clear();
            after = None;
        } else if after.is_none() {
            let at = made.first().map_or(0, |edit| edit.span.start);
            let message = "two changes would be made to the same place, so none is made";
            self.diagnostics.push(
                Diagnostic::error(codes::BROKEN, message)
                    .at(Span::new(at, at))
                    .in_file(path, line_of(&before, at)),
            );
            made.clear();
        }
        let after = after.unwrap_or_else(|| before.clone());
        if !made.is_empty() || !offered.is_empty() || !left.is_empty() {
            self.files.push(FilePlan { path: path.to_owned(), host, before, after, made, offered, left });
        }
    }

    /// A file that a second run would change again stays as it is, and the others go on: a run whose result does not hold is
    /// undone as a whole.
    fn leave_unsettled(&mut self, context: &Context, options: &RewriteOptions) {
        let changed = || self.files.iter().filter(|file| file.after != file.before);
        let mut ci_files = context.ci_files.clone();
        for file in changed() {
            if let Some(text) = ci_files.get_mut(&file.path) {
                text.clone_from(&file.after);
            }
        }
        let context = Context { ci_files, ..context.clone() };
        for file in self.files.iter_mut().filter(|file| file.after != file.before) {
            let again = (file.host.rewrite)(&file.path, &file.after, &context, options);
            let (again, _) = sort(again.edits, file.host, options);
            if let Some(edit) = again.first() {
                let line = line_of(&file.after, edit.span.start);
                self.diagnostics.push(file.leave(edit.rule, line));
            }
        }
    }
}

impl FilePlan {
    /// Takes every change back, and tells why.
    fn leave(&mut self, rule: &str, line: usize) -> Diagnostic {
        let reason = format!(
            "a second run would change the result again (`{rule}` in line {line}), so nothing in this file is changed"
        );
        let span = self.made.first().map_or(0..0, |edit| edit.span.clone());
        let at = self.line(span.start);
        self.after.clone_from(&self.before);
        self.made.clear();
        self.offered.clear();
        self.left.push(Left { span: span.clone(), reason: reason.clone(), suggestion: None });
        self.left.sort_by_key(|left| left.span.start);
        Diagnostic::warning(codes::BROKEN, reason)
            .at(Span::new(span.start, span.start))
            .in_file(&self.path, at)
    }

    /// The line of a byte of the text as it was, from 1.
    pub fn line(&self, at: usize) -> usize {
        line_of(&self.before, at)
    }

    /// The text as it would be with what is offered, too; none when that does not go together.
    pub fn with_offered(&self) -> Option<String> {
        let mut all: Vec<Edit> = self.made.iter().chain(&self.offered).cloned().collect();
        all.sort_by_key(|edit| (edit.span.start, edit.span.end));
        apply(&self.before, &all)
    }
}

/// The line of a byte, from 1.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

/// What is made and what is only offered, each in order. Edits that belong together are made when all of them may be.
fn sort(mut edits: Vec<Edit>, host: &Host, options: &RewriteOptions) -> (Vec<Edit>, Vec<Edit>) {
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let held = held(&edits);
    edits.into_iter().partition(|edit| host.kind != Kind::Reported && may_be(edit, &held, options.review))
}

/// The edits that are made, in order: those that belong together are made when all of them may be.
pub(crate) fn made(edits: &[Edit], review: bool) -> Vec<Edit> {
    let held = held(edits);
    let mut made: Vec<Edit> = edits.iter().filter(|edit| may_be(edit, &held, review)).cloned().collect();
    made.sort_by_key(|edit| (edit.span.start, edit.span.end));
    made
}

/// The numbers of edits that belong together and need somebody to look at them.
fn held(edits: &[Edit]) -> BTreeSet<u32> {
    let held = edits.iter().filter(|edit| edit.safety != Safety::Safe && edit.together != 0);
    held.map(|edit| edit.together).collect()
}

fn may_be(edit: &Edit, held: &BTreeSet<u32>, review: bool) -> bool {
    review || (edit.safety == Safety::Safe && !held.contains(&edit.together))
}

/// A text with replacements made, which are in order; none when two of them overlap or are out of the text.
pub(crate) fn apply(text: &str, edits: &[Edit]) -> Option<String> {
    let mut out = String::with_capacity(text.len() + 64);
    let mut done = 0;
    for edit in edits {
        out.push_str(text.get(done..edit.span.start)?);
        text.get(edit.span.clone())?;
        out.push_str(&edit.new);
        done = edit.span.end;
    }
    out.push_str(text.get(done..)?);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn growing(_: &str, text: &str, _: &Context, _: &RewriteOptions) -> Rewritten {
        let grows = Edit {
            span: text.len()..text.len(),
            new: "x".to_owned(),
            rule: "grow",
            reason: String::new(),
            safety: Safety::Safe,
            together: 0,
        };
        Rewritten { edits: vec![grows], ..Rewritten::default() }
    }

    static GROWING: Host =
        Host { name: "growing", title: "", kind: Kind::Edited, is: |_, _| true, rewrite: growing };

    #[test]
    fn what_a_second_run_would_change_again_is_left() {
        let options = RewriteOptions::default();
        let context = Context::default();
        let mut plan = Plan::default();
        let text = "pip\n".to_owned();
        plan.take("a", &GROWING, text.clone(), growing("a", &text, &context, &options), &options);
        assert_eq!(plan.files[0].after, "pip\nx");
        plan.leave_unsettled(&context, &options);
        let file = &plan.files[0];
        assert_eq!((file.after.as_str(), file.made.len(), file.left.len()), ("pip\n", 0, 1));
        let found = &plan.diagnostics[0];
        assert_eq!((found.code, found.severity, found.line), (codes::BROKEN, Severity::Warning, Some(2)));
    }

    /// A file that goes away after the walk stands for one that nobody may read: a test can run as somebody who may read all.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test makes its file")]
    fn a_file_that_cannot_be_read_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("Dockerfile");
        std::fs::write(&place, "FROM python\n").unwrap();
        let tree = Tree::from_disk(folder.path()).unwrap();
        std::fs::remove_file(&place).unwrap();
        let found = unreadable(&tree, "Dockerfile", &RewriteOptions::default()).unwrap();
        assert!(found.message.starts_with("this cannot be read ("), "{}", found.message);
        assert!(
            found.message.ends_with("(os error 2)), so its commands stay as they are"),
            "{}",
            found.message
        );
    }
}

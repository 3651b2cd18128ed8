//! Requirements files into a [`Reading`]: where each directive goes.

mod foreign;
mod include;
mod index;
mod option;
mod requirement;
mod source;

pub(crate) use foreign::{Foreign, read_foreign};
pub(crate) use index::{note_credentials, settle_indexes};
pub(crate) use requirement::{named, text_for_uv, unsupported, with_marker};

use std::collections::BTreeSet;

pub(crate) use self::index::{index_name, secret_variables};
pub(crate) use self::source::{git_url, scope_sources};
use uvshift_diagnostics::{Diagnostic, Severity};
use uvshift_requirements::{IncludeKind, IncludeTarget, Invalid, Line, LineKind, Target, redacted};

use crate::layout::includes;
use crate::local::is_project_itself;
use crate::{
    Comments, GroupItem, Layout, Outcome, Provenance, ReadOptions, Reading, Role, Scope, SourceFile, Tree,
    codes,
};

/// Reads every file of the layout.
pub fn read(tree: &Tree, layout: &Layout, options: &ReadOptions) -> Reading {
    let mut reader = Reader { tree, layout, options, waiting: Vec::new(), out: Reading::default() };
    for file in &layout.files {
        if let Role::Group(name) = &file.role {
            let group = reader.out.manifest.group(name);
            group.default |= file.default;
        }
        reader.file(file);
    }
    reader.settle();
    reader.out
}

struct Reader<'a> {
    tree: &'a Tree,
    layout: &'a Layout,
    options: &'a ReadOptions,
    waiting: Vec<Waiting>,
    out: Reading,
}

/// Comments of a file that has no requirement to stand beside.
struct Waiting {
    file: String,
    role: Role,
    comments: Vec<String>,
}

/// One line while it is read.
struct Context<'a> {
    file: &'a SourceFile,
    from: Provenance,
    comments: Comments,
}

impl Context<'_> {
    fn scope(&self) -> Option<Scope> {
        self.file.role.scope()
    }

    fn is_compiled(&self) -> bool {
        matches!(self.file.role, Role::Compiled { .. })
    }

    /// What to do about a path that leads nowhere: often its backslashes are gone.
    fn missing_path_advice(&self, otherwise: &str) -> String {
        let lines = self.file.document.lines().iter();
        let raw = lines.filter(|line| line.line() == self.from.line);
        let raw = raw.filter_map(|line| line.span().text(self.file.document.text())).collect::<String>();
        if raw.lines().any(|line| line.trim_end().trim_end_matches('\\').contains('\\')) {
            "write `/` between the parts of the path; pip takes backslashes out of options".to_owned()
        } else {
            otherwise.to_owned()
        }
    }
}

impl Reader<'_> {
    fn file(&mut self, file: &SourceFile) {
        let compiled = matches!(file.role, Role::Compiled { .. });
        let mut pending: Vec<String> = self.take_waiting(&file.role);
        for line in file.document.lines() {
            let comment = file.document.comment(line).map(|text| redacted(text.trim_end()));
            if matches!(line.kind(), LineKind::Blank) {
                continue;
            }
            if matches!(line.kind(), LineKind::Comment) {
                pending.extend(comment.filter(|text| !compiled && !is_coding_line(text)));
                continue;
            }
            let comments = if !compiled && self.has_item(line, file) {
                Comments { above: std::mem::take(&mut pending), trailing: comment }
            } else {
                pending.extend(comment.filter(|_| !compiled));
                Comments::default()
            };
            let from = Provenance::new(&file.path, line.line());
            self.line(line, Context { file, from, comments });
        }
        self.leftover_comments(file, pending);
        let relevant = file.document.diagnostics().iter().filter(|found| match found.severity {
            Severity::Error => true,
            _ => !compiled && !SETTLED.contains(&found.code.id()),
        });
        let located = relevant.map(|found| {
            let mut found = found.clone();
            found.message = redacted(&found.message);
            for text in [&mut found.pip, &mut found.uv, &mut found.help].into_iter().flatten() {
                *text = redacted(text);
            }
            found.file = Some(file.path.clone());
            found
        });
        self.out.diagnostics.extend(located);
    }

    /// Whether a line becomes an item of an array, beside which its comments can stand.
    fn has_item(&self, line: &Line, file: &SourceFile) -> bool {
        match line.kind() {
            LineKind::Requirement(requirement) => match requirement.target() {
                Target::Path(path) => !is_project_itself(&path) || requirement.extras().next().is_some(),
                _ => true,
            },
            LineKind::Include(include) if include.kind == IncludeKind::Requirements => {
                let IncludeTarget::Local(target) = self.tree.include(&file.path, &include.target) else {
                    return false;
                };
                if self.options.extra_files.iter().any(|(file, _)| *file == target) {
                    return true;
                }
                let theirs = self.layout.file(&target).map(|found| &found.role);
                matches!((&file.role, theirs), (Role::Group(ours), Some(Role::Group(theirs))) if ours != theirs)
            }
            _ => false,
        }
    }

    fn line(&mut self, line: &Line, context: Context<'_>) {
        match line.kind() {
            LineKind::Requirement(requirement) => self.requirement(requirement, context),
            LineKind::Include(include) => self.include(include, context),
            LineKind::Options(options) => {
                for option in options {
                    self.option(option, &context);
                }
            }
            LineKind::Invalid(invalid) => self.invalid(line, invalid, &context),
            _ => {}
        }
    }

    fn invalid(&mut self, line: &Line, invalid: &Invalid, context: &Context<'_>) {
        let text = line.span().text(context.file.document.text()).unwrap_or_default().trim();
        let help = context
            .file
            .document
            .diagnostics()
            .iter()
            .filter(|found| found.line.is_some_and(|at| (line.line()..=line.end_line()).contains(&at)))
            .find_map(|found| found.fix.as_ref().map(|fix| fix.title.clone()).or_else(|| found.help.clone()));
        let advice = help.unwrap_or_else(|| "correct the line; pip refuses it too".to_owned());
        self.refuse(context, text, format!("pip refuses it: {}", redacted(&invalid.message)), advice);
    }

    /// Comments after the last requirement stand above that one; those of a file without any wait for the next file.
    fn leftover_comments(&mut self, file: &SourceFile, pending: Vec<String>) {
        if pending.is_empty() {
            return;
        }
        match self.last_item(&file.role) {
            Some((from, comments)) if from.file == file.path => comments.above.extend(pending),
            _ => self.waiting.push(Waiting {
                file: file.path.clone(),
                role: file.role.clone(),
                comments: pending,
            }),
        }
    }

    /// The comments that a file of this role continues.
    fn take_waiting(&mut self, role: &Role) -> Vec<String> {
        let (ours, others) =
            std::mem::take(&mut self.waiting).into_iter().partition(|waiting| waiting.role == *role);
        self.waiting = others;
        let ours: Vec<Waiting> = ours;
        ours.into_iter().flat_map(|waiting| waiting.comments).collect()
    }

    /// What no later file took goes to the last item of the same place, or stays in its file.
    fn settle_comments(&mut self) {
        for Waiting { file, role, comments: pending } in std::mem::take(&mut self.waiting) {
            if let Some((_, comments)) = self.last_item(&role) {
                comments.above.extend(pending);
                continue;
            }
            let count = pending.len();
            let message = format!("{count} comment lines belong to no requirement, so the file stays");
            self.out.diagnostics.push(Diagnostic::note(codes::M007, message).in_file(&file, 1));
            self.out.not_carried.insert(file);
        }
    }

    fn last_item(&mut self, role: &Role) -> Option<(&Provenance, &mut Comments)> {
        let manifest = &mut self.out.manifest;
        match role {
            Role::Main => manifest.dependencies.last_mut().map(|found| (&found.from, &mut found.comments)),
            Role::Constraints => {
                manifest.constraints.last_mut().map(|found| (&found.from, &mut found.comments))
            }
            Role::Group(name) => manifest.group(name).items.last_mut().map(|item| match item {
                GroupItem::Dependency(found) => (&found.from, &mut found.comments),
                GroupItem::Include { comments, from, .. } => (&*from, comments),
            }),
            Role::Compiled { .. } | Role::LeftAlone => None,
        }
    }

    fn carry(&mut self, context: &Context<'_>, text: &str, to: impl Into<String>) {
        self.out.ledger.add(context.from.clone(), redacted(text), Outcome::Carried { to: to.into() });
    }

    fn change(&mut self, context: &Context<'_>, text: &str, to: impl Into<String>, why: impl Into<String>) {
        let outcome = Outcome::Changed { to: to.into(), why: why.into() };
        self.out.ledger.add(context.from.clone(), redacted(text), outcome);
    }

    fn drop_line(&mut self, context: &Context<'_>, text: &str, why: impl Into<String>) {
        self.out.ledger.add(context.from.clone(), redacted(text), Outcome::Dropped { why: why.into() });
    }

    fn refuse(
        &mut self,
        context: &Context<'_>,
        text: &str,
        why: impl Into<String>,
        advice: impl Into<String>,
    ) {
        // Both often quote the line, and with it what must not be shown.
        let outcome = Outcome::Refused { why: redacted(&why.into()), advice: redacted(&advice.into()) };
        self.out.ledger.add(context.from.clone(), redacted(text), outcome);
        self.out.not_carried.insert(context.file.path.clone());
    }

    /// What can only be said once every file was read.
    fn settle(&mut self) {
        self.settle_comments();
        scope_sources(&mut self.out.manifest);
        settle_indexes(&mut self.out, self.options.index_strategy);
        let main_constraints: BTreeSet<String> = self
            .layout
            .files
            .iter()
            .filter(|file| file.role == Role::Main)
            .flat_map(|file| includes(self.tree, &file.path, &file.document))
            .filter(|(kind, _)| *kind == IncludeKind::Constraints)
            .map(|(_, target)| target)
            .collect();
        for file in self.layout.files.iter().filter(|file| file.role == Role::Constraints) {
            if !main_constraints.contains(&file.path) {
                let message =
                    "these constraints did not hold for the main file; in uv they hold for the whole lock";
                let found = Diagnostic::note(codes::M006, message).in_file(&file.path, 1);
                self.out.diagnostics.push(found.with_pip("applies them to the installs that name the file"));
            }
        }
    }
}

/// What uv would make of the old file itself, where the migration has an answer of its own in the ledger:
/// options and forms that uv does not read in a file but has settings for, and credentials (M001).
const SETTLED: [&str; 10] = ["R009", "R014", "R022", "R023", "R027", "R028", "R033", "R037", "R048", "R050"];

/// A PEP 263 line says how the file was encoded, which TOML has settled.
fn is_coding_line(comment: &str) -> bool {
    comment.contains("-*-") && comment.contains("coding")
}

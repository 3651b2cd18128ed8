//! `-r` and `-c`: edges between files become edges between groups, or nothing at all.

use uvshift_requirements::{Include, IncludeKind, IncludeTarget};

use super::{Context, Reader};
use crate::{GroupItem, Role, Scope};

impl Reader<'_> {
    pub(super) fn include(&mut self, include: &Include, context: Context<'_>) {
        let flag = match include.kind {
            IncludeKind::Requirements => "-r",
            IncludeKind::Constraints => "-c",
        };
        let text = format!("{flag} {}", include.target);
        let target = match self.tree.include(&context.file.path, &include.target) {
            IncludeTarget::Local(target) => target,
            IncludeTarget::Remote(_) => {
                let advice = "download the file into the project and name it here";
                return self.refuse(&context, &text, "uvshift reads no files from the network", advice);
            }
            IncludeTarget::Outside(_) => {
                let advice = "copy the file into the project and name it here";
                return self.refuse(&context, &text, "the file lies outside the project", advice);
            }
        };
        let layout = self.layout;
        let Some(file) = layout.file(&target) else {
            return self.include_unread(include.kind, &text, &target, context);
        };
        let role = file.role.clone();
        match include.kind {
            IncludeKind::Requirements => self.include_requirements(&text, &target, &role, context),
            IncludeKind::Constraints => self.include_constraints(&text, &target, &role, &context),
        }
    }

    /// The included file is an extra already, is left alone, or is not there.
    fn include_unread(&mut self, kind: IncludeKind, text: &str, target: &str, context: Context<'_>) {
        let options = self.options;
        let extra = options.extra_files.iter().find(|(file, _)| file == target);
        if let Some((_, extra)) = extra.filter(|_| kind == IncludeKind::Requirements) {
            return self.ask_itself(&[extra], None, text, context);
        }
        if let Some(left) = self.layout.left_alone.iter().find(|left| left.path == target) {
            let advice = "let the file be read, or copy its lines here";
            return self.refuse(&context, text, format!("{target} is left alone: {}", left.why), advice);
        }
        let advice = context.missing_path_advice("restore the file, or remove this line");
        self.refuse(&context, text, format!("{target} does not exist"), advice);
    }

    fn include_requirements(&mut self, text: &str, target: &str, role: &Role, context: Context<'_>) {
        if context.is_compiled() {
            return self.carry(&context, text, format!("uv.lock, with {target}"));
        }
        let (Some(ours), Some(theirs)) = (context.scope(), role.scope()) else {
            let advice = "move the `-r` line into a requirements file";
            return self.refuse(&context, text, "uv has no requirements within constraints", advice);
        };
        match (ours, theirs) {
            (ours, theirs) if ours == theirs => self.carry(&context, text, ours.key()),
            (Scope::Main, theirs) => self.carry(&context, text, format!("{}, a default group", theirs.key())),
            (_, Scope::Main) => {
                self.carry(&context, text, "project.dependencies, which every group comes on top of");
            }
            (Scope::Extra(_), _) | (_, Scope::Extra(_)) => {
                let advice = "copy the requirements of the one file into the other";
                self.refuse(&context, text, "extras do not include each other or groups", advice);
            }
            (Scope::Group(ours), Scope::Group(theirs)) => {
                self.carry(&context, text, format!("dependency-groups.{ours}, include-group {theirs}"));
                let items = &mut self.out.manifest.group(&ours).items;
                let there =
                    |item: &GroupItem| matches!(item, GroupItem::Include { group, .. } if *group == theirs);
                if !items.iter().any(there) {
                    items.push(GroupItem::Include {
                        group: theirs,
                        comments: context.comments,
                        from: context.from,
                    });
                }
            }
        }
    }

    fn include_constraints(&mut self, text: &str, target: &str, role: &Role, context: &Context<'_>) {
        match role {
            Role::Constraints => self.carry(context, text, "tool.uv.constraint-dependencies"),
            Role::Compiled { .. } => {
                self.carry(context, text, format!("uv.lock, which holds the pins of {target}"));
            }
            Role::Main | Role::Group(_) => {
                self.carry(context, text, format!("uv.lock, which is one for {target} and this file"));
            }
            Role::LeftAlone => {
                let advice = "remove the line, or let the file be read";
                self.refuse(context, text, format!("{target} is not read"), advice);
            }
        }
    }
}

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
            let advice = context.missing_path_advice("restore the file, or remove this line");
            return self.refuse(&context, &text, format!("{target} does not exist"), advice);
        };
        let role = file.role.clone();
        match include.kind {
            IncludeKind::Requirements => self.include_requirements(&text, &target, &role, context),
            IncludeKind::Constraints => self.include_constraints(&text, &target, &role, &context),
        }
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

//! The start of a template of one's own.

use crate::existing::Existing;
use crate::filters::FILTERS;
use crate::settle::{Draft, settle};
use crate::variables::variables_as_markdown;
use crate::{Error, Plan};

/// A plan that makes `FOLDER/NAME/` with a manifest, a file to begin with, and a README that lists the variables. Files
/// that are there stay.
///
/// # Errors
/// The name is none that a template can have, or the folder leads out of the project.
///
/// ```
/// use uvshift_scaffold::{Existing, init_template};
///
/// # fn main() -> Result<(), uvshift_scaffold::Error> {
/// let plan = init_template("release-notes", "templates", &Existing::none())?;
/// assert_eq!(plan.files[0].path, "templates/release-notes/manifest.toml");
/// # Ok(())
/// # }
/// ```
pub fn init_template(name: &str, folder: &str, existing: &Existing) -> Result<Plan, Error> {
    let is_name =
        |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-';
    if name.is_empty() || name.starts_with('-') || !name.chars().all(is_name) {
        return Err(Error::TemplateName { name: name.to_owned() });
    }
    let folder = folder.trim_end_matches('/');
    let place = if folder.is_empty() || folder == "." { name.to_owned() } else { format!("{folder}/{name}") };
    let draft = |file: &str, text: String| Draft {
        template: name.to_owned(),
        path: format!("{place}/{file}"),
        text,
        merge: None,
        executable: false,
    };
    let drafts = vec![
        draft("manifest.toml", MANIFEST.replace("NAME", name)),
        draft(&format!("{name}.tera"), FIRST.to_owned()),
        draft("README.md", readme(name)),
    ];
    settle(drafts, existing, false)
}

const MANIFEST: &str = r#"# What `uvshift generate list` says.
description = "What NAME is, in one line"

# ci, docker, developer, ide, documents or other.
category = "other"

# A template of one language is made in that one, whatever `--lang` says.
languages = ["en"]

# The template that this one is another form of; in a run with both only that one is made.
# instead_of = "dockerfile"

# A file that is made; repeat the table for more.
[[outputs]]
# The path in the project, itself a template.
path = "NAME.md"
# The file in this folder; `{lang}` in it is the language.
template = "NAME.tera"
# An expression; the file is made only when it is true.
# when = "project.is_package"
# Whether it is a program.
# executable = true
# How it is joined with a file that is there: "lines", "env" or "jsonc". Without it such a file stays as it is.
# merge = "lines"

# What `--set owner=NAME` answers: [= answers.owner =].
[[questions]]
name = "owner"
prompt = "Who looks after it"
# The answer when nobody gives one, itself a template.
default = "[= project.repository.owner =]"

# What the plan says to projects where the expression is true.
# [[notes]]
# when = "not project.tasks.test"
# text = "no test command was found"
"#;

const FIRST: &str = r"# [= project.name =]

[# A comment: it is not in the file that is made. -#]
[% if project.description -%]
[= project.description =]

[% endif -%]
[% if answers.owner -%]
[= answers.owner =] looks after it.

[% endif -%]
[% if project.tasks.test -%]
`[= project.tasks.test.command =]` runs the tests.
[% endif -%]
";

fn readme(name: &str) -> String {
    let filters: Vec<String> =
        FILTERS.iter().map(|(filter, purpose)| format!("- `{filter}`: {purpose}")).collect();
    let open = "`[= value =]`, `[% if x %] ... [% endif %]`, `[% for x in list %] ... [% endfor %]`";
    format!(
        "# The template `{name}`\n\n\
         `manifest.toml` says what it makes. Files ending in `.tera` are templates of Tera with these marks:\n\
         {open},\n\
         `[# comment #]`; `[%-` and `-%]` take the white space beside them away.\n\n\
         A folder with the name of a template that uvshift brings needs only the files that are to take the place of others.\n\n\
         ## Filters beside those of Tera\n\n{}\n\n\
         ## Variables\n\n\
         `[]` stands for an element of a list: `[% for tool in project.tools %][= tool.name =][% endfor %]`; `*` for any of the names\n\
         above: `project.tasks.test.command`.\n\n{}",
        filters.join("\n"),
        variables_as_markdown(),
    )
}

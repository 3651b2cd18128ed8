//! What people read of templates and of what is made from them.

use std::fmt::Write as _;

use uvshift_scaffold::{Catalogue, Category, Fate, Plan, Template};

use super::plural;
use crate::paint::Paint;

/// The templates by kind; with `verbose` what they make and what they ask.
pub(crate) fn templates(catalogue: &Catalogue, paint: Paint, verbose: bool) -> String {
    let kinds = [
        (Category::Ci, "ci"),
        (Category::Docker, "docker"),
        (Category::Developer, "developer"),
        (Category::Ide, "ide"),
        (Category::Documents, "documents"),
        (Category::Other, "other"),
    ];
    let width = catalogue.templates().map(|template| template.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for (category, word) in kinds {
        let mut found = catalogue.templates().filter(|template| template.category == category).peekable();
        if found.peek().is_some() {
            let _ = writeln!(text, "{}", paint.bold(word));
        }
        for template in found {
            text.push_str(&row(template, width, paint, verbose));
        }
    }
    text
}

fn row(template: &Template, width: usize, paint: Paint, verbose: bool) -> String {
    let Template { name, description, languages, outputs, questions, is_own, .. } = template;
    let mut marks: Vec<&str> = if languages.len() > 1 {
        languages.iter().map(|language| language.code()).collect()
    } else {
        Vec::new()
    };
    if *is_own {
        marks.push("own");
    }
    let marks = if marks.is_empty() { String::new() } else { format!(" ({})", marks.join(", ")) };
    let mut text = format!("  {name:<width$}  {description}{}\n", paint.dim(&marks));
    if verbose {
        for output in outputs {
            let _ = writeln!(text, "  {:width$}    {}", "", paint.dim(&output.path));
        }
        for question in questions {
            let _ = writeln!(
                text,
                "  {:width$}    --set {}=  {}",
                "",
                question.name,
                paint.dim(&question.prompt)
            );
        }
    }
    text
}

/// What becomes of each file.
pub(crate) fn generation(plan: &Plan, paint: Paint) -> String {
    let mut text = String::new();
    for file in &plan.files {
        let word = match file.fate {
            Fate::Created => paint.green("new      "),
            Fate::Replaced => paint.yellow("replaced "),
            Fate::Merged => paint.green("joined   "),
            Fate::Unchanged => paint.dim("the same "),
            Fate::LeftAlone => paint.yellow("left     "),
        };
        let why = match file.fate {
            Fate::LeftAlone => "  (it is there already; `--force` puts the generated one in its place)",
            Fate::Merged => "  (what is there stays; what it lacks is added)",
            _ => "",
        };
        let _ = writeln!(text, "  {word}{}{}", file.path, paint.dim(why));
    }
    text
}

/// Why nothing is written.
pub(crate) fn nothing_generated(plan: &Plan) -> &'static str {
    if plan.files.is_empty() {
        "Nothing to generate: these templates have nothing for this project.\n"
    } else if plan.files.iter().any(|file| file.fate == Fate::LeftAlone) {
        "Nothing is written: what would be generated is there in another form.\n"
    } else {
        "Nothing to do: every file is there as it would be generated.\n"
    }
}

/// What was written, at a glance, and how to undo it.
pub(crate) fn generated(plan: &Plan, path: &str, paint: Paint) -> String {
    let written = plan
        .files
        .iter()
        .filter(|file| matches!(file.fate, Fate::Created | Fate::Replaced | Fate::Merged))
        .count();
    let place = if path == "." { String::new() } else { format!(" {path}") };
    let said = paint.green(&format!("{} written.", plural(written, "file")));
    format!("{said}\n\nUndo:  uvshift rollback{place}\n")
}

/// A template of one's own that was begun.
pub(crate) fn template_begun(name: &str, files: &[String], paint: Paint) -> String {
    let mut text = format!("{}\n", paint.green(&format!("The template `{name}` is begun.")));
    for file in files {
        let _ = writeln!(text, "  {file}");
    }
    let _ = writeln!(text, "\nNext:  edit it, then  uvshift generate {name} --dry-run");
    text
}

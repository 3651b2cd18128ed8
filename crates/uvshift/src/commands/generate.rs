//! `uvshift generate`: files from templates.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use uvshift_changeset::{Change, Committed, Transaction};
use uvshift_migrate::{TESTED_UV, facts_on};
use uvshift_scaffold::{Catalogue, Category, Existing, Language, Plan, Request, init_template, plan};

use uvshift_tree::Tree;

use super::migrate::recover;
use crate::args::{
    FilesArgs, GenerateArgs, GenerateCommand, InitTemplateArgs, LanguageArg, OwnTemplates, TemplatesArgs,
};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::settings::Settings;
use crate::{interrupt, report, uv, wire};

/// Where templates of one's own are when nobody says.
const OWN: &str = ".uvshift-templates";

pub(crate) fn run(args: GenerateArgs, settings: &Settings, printer: &Printer) -> Result<Exit, Failure> {
    let GenerateArgs { command, files } = args;
    match command {
        Some(GenerateCommand::List(args)) => list(&args, printer),
        Some(GenerateCommand::InitTemplate(args)) => begin(&args, printer),
        None => generate(files, settings, printer),
    }
}

fn list(args: &TemplatesArgs, printer: &Printer) -> Result<Exit, Failure> {
    let TemplatesArgs { project, templates } = args;
    let catalogue = catalogue(project, templates)?;
    printer.text(&report::templates(&catalogue, printer.out, printer.is_verbose()))?;
    printer.json(&wire::Templates::of(&catalogue))?;
    Ok(Exit::Done)
}

fn begin(args: &InitTemplateArgs, printer: &Printer) -> Result<Exit, Failure> {
    // Nothing is asked, so `--yes` changes nothing.
    let InitTemplateArgs { name, project, yes: _, templates } = args;
    let folder = own_folder(project, templates).unwrap_or_else(|| project.join(OWN));
    let below = folder.strip_prefix(project).unwrap_or(&folder).to_string_lossy().replace('\\', "/");
    recover(project, printer)?;
    let plan = init_template(name, &below, &Existing::below(project))?;
    if plan.changes.is_empty() {
        printer.text(report::nothing_generated(&plan))?;
        printer.json(&wire::Generated::planned(&plan, false))?;
        return Ok(Exit::Nothing);
    }
    let done = apply(project, &plan.changes, "generate init-template")?;
    printer.text(&report::template_begun(name, &done.changed, printer.out))?;
    printer.json(&wire::Generated::begun(name, &done))?;
    Ok(Exit::Done)
}

fn generate(args: FilesArgs, settings: &Settings, printer: &Printer) -> Result<Exit, Failure> {
    let FilesArgs { mut what, project, lang, set, inputs, force, dry_run, yes, templates } = args;
    let root = project.or_else(|| folder_among(&mut what)).unwrap_or_else(|| PathBuf::from("."));
    let catalogue = catalogue(&root, &templates)?;
    let request = Request {
        names: names(&what, &catalogue),
        language: match lang {
            LanguageArg::En => Language::En,
            LanguageArg::Ko => Language::Ko,
        },
        answers: set.iter().map(|given| answer(given)).collect::<Result<BTreeMap<_, _>, _>>()?,
        inputs: inputs.as_deref().map(read_inputs).transpose()?.unwrap_or_default(),
        force,
        today: settings.today.to_string(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    recover(&root, printer)?;
    let version = uv::version(None, settings, &interrupt::runner())?;
    let tree = Tree::from_disk(&root).map_err(uvshift_migrate::Error::from)?;
    let project = facts_on(&root, &tree, version.as_deref().unwrap_or(TESTED_UV), settings.today)?;
    let plan = plan(&catalogue, &project, &request, &Existing::below(&root))?;
    show(&plan, dry_run || !yes, printer)?;
    if plan.changes.is_empty() {
        printer.text(report::nothing_generated(&plan))?;
        printer.json(&wire::Generated::planned(&plan, false))?;
        return Ok(Exit::Nothing);
    }
    if dry_run {
        printer.json(&wire::Generated::planned(&plan, true))?;
        return Ok(Exit::Done);
    }
    if !yes && !printer.confirm("Write these files?")? {
        printer.json(&wire::Generated::planned(&plan, true))?;
        printer.say("Nothing was changed. To write these files, run again with `--yes`.");
        return Ok(Exit::Findings);
    }
    let done = apply(&root, &plan.changes, "generate")?;
    printer.text(&report::generated(&plan, &root.display().to_string(), printer.out))?;
    printer.json(&wire::Generated::done(&plan, &done))?;
    Ok(Exit::Done)
}

/// A folder behind the names, where other commands take their project. A template of this name goes before the folder; its own
/// are in the folder that the command runs in.
fn folder_among(what: &mut Vec<String>) -> Option<PathBuf> {
    let last = what.last().filter(|_| what.len() > 1)?.clone();
    let known = catalogue(Path::new("."), &OwnTemplates { templates: None }).ok()?;
    let is_kind = names(std::slice::from_ref(&last), &known) != [last.as_str()];
    let is_folder = !is_kind && known.template(&last).is_err() && Path::new(&last).is_dir();
    is_folder.then(|| {
        what.pop();
        PathBuf::from(last)
    })
}

/// The built-in templates, with those of a folder of one's own before them.
fn catalogue(project: &Path, own: &OwnTemplates) -> Result<Catalogue, Failure> {
    let mut catalogue = Catalogue::built_in()?;
    if let Some(folder) = own_folder(project, own) {
        catalogue.lay_over(&folder)?;
    }
    Ok(catalogue)
}

fn own_folder(project: &Path, own: &OwnTemplates) -> Option<PathBuf> {
    let OwnTemplates { templates } = own;
    templates.clone().or_else(|| Some(project.join(OWN)).filter(|folder| folder.is_dir()))
}

/// The templates that are meant: by name, or all of a kind. An unknown name is told by the plan.
fn names(what: &[String], catalogue: &Catalogue) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for word in what {
        let of_kind = |category: Category| {
            let found = catalogue.templates().filter(move |template| template.category == category);
            found.map(|template| template.name.clone()).collect::<Vec<_>>()
        };
        let found = match word.as_str() {
            "ci" => of_kind(Category::Ci),
            "docker" => of_kind(Category::Docker),
            "developer" => of_kind(Category::Developer),
            "ide" => of_kind(Category::Ide),
            "documents" => of_kind(Category::Documents),
            "all" => catalogue.templates().map(|template| template.name.clone()).collect(),
            name => vec![name.to_owned()],
        };
        names.extend(found);
    }
    let mut seen = BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}

fn answer(given: &str) -> Result<(String, String), Failure> {
    let (name, value) = given.split_once('=').ok_or_else(|| Failure::Answer { given: given.to_owned() })?;
    Ok((name.to_owned(), value.to_owned()))
}

fn read_inputs(path: &Path) -> Result<serde_json::Value, Failure> {
    let text =
        std::fs::read_to_string(path).map_err(|source| Failure::Read { path: path.to_owned(), source })?;
    toml_edit::de::from_str(&text)
        .map_err(|source| Failure::Inputs { path: path.to_owned(), source: Box::new(source) })
}

/// Writes in one transaction, and reads back what was written.
fn apply(
    root: &Path,
    changes: &uvshift_changeset::ChangeSet,
    command: &str,
) -> Result<wire::Written, Failure> {
    let label = serde_json::json!({ "command": command, "version": 1 });
    let mut transaction = Transaction::begin(root, changes, &[], label)?;
    let outcome = transaction.apply().map_err(Failure::from).and_then(|()| read_back(root, changes));
    if let Err(failure) = outcome {
        transaction.undo()?;
        return Err(failure);
    }
    let Committed { id, changed } = transaction.commit()?;
    Ok(wire::Written { journal: id, changed: changed.iter().map(|path| path.as_str().to_owned()).collect() })
}

fn read_back(root: &Path, changes: &uvshift_changeset::ChangeSet) -> Result<(), Failure> {
    for change in changes {
        let (Change::Create { path, bytes, .. } | Change::Edit { path, after: bytes, .. }) = change else {
            continue;
        };
        let full = path.under(root);
        let found = std::fs::read(&full).map_err(|source| Failure::Read { path: full.clone(), source })?;
        if found != *bytes {
            return Err(Failure::WrittenMeanwhile { path: full });
        }
    }
    Ok(())
}

fn show(plan: &Plan, diff: bool, printer: &Printer) -> Result<(), Failure> {
    printer.text(&report::generation(plan, printer.out))?;
    for found in &plan.diagnostics {
        printer.diagnostic(found);
    }
    if diff && !plan.changes.is_empty() {
        printer.text(&format!("\n{}", printer.out.diff(&plan.changes.diff())))?;
    }
    printer.text("\n")?;
    Ok(())
}

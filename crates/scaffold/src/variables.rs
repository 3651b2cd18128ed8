//! The variables of templates, from the documentation of [`Project`](crate::Project) itself, so that neither can be behind the other.

use std::fmt::Write as _;

/// A variable that templates can use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its name, such as `project.entry.port`; `[]` stands for an element of a list, `*` for any of the names above.
    pub name: String,
    /// `text`, `number`, `yes or no`, `list`, `list of pairs`, `fields`, or, for what may be missing, `fields or nothing`.
    pub kind: &'static str,
    /// What it is, in one line.
    pub description: String,
}

/// Where the types of the project are written.
const SOURCE: &str = include_str!("project.rs");

/// The deepest chain of fields, `project.tasks.test.command`, with one to spare.
const DEEPEST: usize = 5;

/// Every variable, in the order of the types.
pub fn variables() -> Vec<Variable> {
    let mut found = Vec::new();
    let types = types(SOURCE);
    collect(&types, "Project", "project", 0, &mut found);
    let others: [(&str, &'static str, &str); 6] = [
        ("answers", "fields", "The answers to the questions of the template's manifest"),
        (
            "actions",
            "fields",
            "Actions of GitHub at a known version, as `actions.setup_uv` and `actions.checkout`: what follows `uses: `; by \
             digest, or by tag where the answer `pin` is `tag`",
        ),
        ("inputs", "fields", "What the TOML file of `--inputs` has; empty without one"),
        ("lang", "text", "The language, `en` or `ko`"),
        ("today", "text", "The date, such as `2026-11-28`"),
        ("uvshift", "text", "The version of uvshift"),
    ];
    found.extend(others.map(|(name, kind, description)| Variable {
        name: name.to_owned(),
        kind,
        description: description.to_owned(),
    }));
    found
}

/// The variables as a table of Markdown, for documentation.
pub fn variables_as_markdown() -> String {
    let mut table = String::from("| variable | kind | what it is |\n|---|---|---|\n");
    for Variable { name, kind, description } in variables() {
        let description = description.replace('|', r"\|");
        let _ = writeln!(table, "| `{name}` | {kind} | {description} |");
    }
    table
}

struct Type<'a> {
    name: &'a str,
    fields: Vec<Field<'a>>,
}

struct Field<'a> {
    name: &'a str,
    written: &'a str,
    description: String,
}

/// The structs of a file that is formatted as rustfmt does.
fn types(source: &str) -> Vec<Type<'_>> {
    let mut types: Vec<Type> = Vec::new();
    let mut description = String::new();
    for line in source.lines() {
        let line = line.trim();
        if let Some(text) = line.strip_prefix("///") {
            if !description.is_empty() {
                description.push(' ');
            }
            description.push_str(text.trim());
        } else if let Some(rest) = line.strip_prefix("pub struct ") {
            let name = rest.trim_end_matches('{').trim();
            types.push(Type { name, fields: Vec::new() });
            description.clear();
        } else if let Some((name, written)) = line.strip_prefix("pub ").and_then(|it| it.split_once(": ")) {
            let description = std::mem::take(&mut description);
            let written = written.trim_end_matches(',');
            if let Some(last) = types.last_mut() {
                last.fields.push(Field { name, written, description });
            }
        } else if !line.starts_with("#[") {
            description.clear();
        }
    }
    types
}

fn collect(types: &[Type], name: &str, path: &str, depth: usize, found: &mut Vec<Variable>) {
    let known = types.iter().find(|known| known.name == name);
    let Some(known) = known.filter(|_| depth < DEEPEST) else { return };
    // `Tasks` has many fields of one type, whose own fields are told once.
    let is_uniform = known.fields.len() > 1
        && known.fields.windows(2).all(|two| matches!(two, [a, b] if a.written == b.written))
        && types.iter().any(|other| known.fields.first().is_some_and(|it| inner(it.written) == other.name));
    for field in &known.fields {
        let mut path = format!("{path}.{}", field.name);
        let inner = inner(field.written);
        found.push(Variable {
            name: path.clone(),
            kind: kind(types, field.written),
            description: field.description.trim_end_matches('.').to_owned(),
        });
        if field.written.starts_with("Vec<") {
            path.push_str("[]");
        }
        if !is_uniform {
            collect(types, inner, &path, depth + 1, found);
        }
    }
    if let Some(field) = known.fields.first().filter(|_| is_uniform) {
        collect(types, inner(field.written), &format!("{path}.*"), depth + 1, found);
    }
}

/// The type in `Vec<...>` or `Option<...>`.
fn inner(written: &str) -> &str {
    let within = written.strip_prefix("Vec<").or_else(|| written.strip_prefix("Option<"));
    within.and_then(|within| within.strip_suffix('>')).unwrap_or(written)
}

fn kind(types: &[Type], written: &str) -> &'static str {
    match written {
        "String" => "text",
        "bool" => "yes or no",
        "u16" | "u32" | "u64" | "usize" => "number",
        "Vec<(String, String)>" => "list of pairs",
        _ if written.starts_with("Vec<") => "list",
        _ if written.starts_with("Option<") => "fields or nothing",
        _ if types.iter().any(|known| known.name == written) => "fields",
        _ => "text",
    }
}

//! Pages of `docs` that are made from the program, and the book that they are part of.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use uvshift_migrate::{HostKind, rewrite_hosts};
use uvshift_scaffold::{Catalogue, FILTERS, Template, variables_as_markdown};

/// The folder of the book.
fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

/// A page as it is.
pub(crate) fn read(name: &str) -> String {
    std::fs::read_to_string(docs().join(name)).unwrap()
}

/// Compares a page with what the program says; `UPDATE=1` writes it.
pub(crate) fn check(name: &str, made: &str) {
    let path = docs().join(name);
    #[expect(clippy::disallowed_methods, reason = "the test rewrites its snapshot when asked")]
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, made).unwrap();
    }
    let page = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    assert_eq!(page, made, "run `UPDATE=1 cargo test -p uvshift`");
}

#[test]
fn the_page_of_rules_is_up_to_date() {
    let mut page = String::from(
        "# Kinds of files and rules\n\nMade from the program; `UPDATE=1 cargo test -p uvshift` writes it anew.\n\n\
         ## Kinds of files\n\nThe names are those of `--only` and `--skip` of `uvshift rewrite`.\n\n\
         | name | files | what is done |\n|---|---|---|\n",
    );
    for host in rewrite_hosts() {
        let what = match host.kind {
            HostKind::Edited => "edited in place",
            HostKind::Reported => "told of, with what could stand there; not edited",
            HostKind::Document => "edited with `--docs`",
        };
        let _ = writeln!(page, "| `{}` | {} | {what} |", host.name, host.title);
    }
    page.push_str("\n## Rules\n\nEach change names the rule that made it.\n\n| rule | commands of | what it does |\n|---|---|---|\n");
    for rule in uvshift_rewrite::rules() {
        let programs: Vec<String> = rule.programs.iter().map(|program| format!("`{program}`")).collect();
        let programs = if programs.is_empty() { "any".to_owned() } else { programs.join(", ") };
        let _ = writeln!(page, "| `{}` | {programs} | {} |", rule.name, rule.summary);
    }
    check("rules.md", &page);
}

#[test]
fn the_page_of_templates_is_up_to_date() {
    let catalogue = Catalogue::built_in().unwrap();
    let mut page = String::from(
        "# Templates\n\nMade from the program; `UPDATE=1 cargo test -p uvshift` writes it anew. `uvshift generate NAME` makes the files \
         of one.\n",
    );
    for template in catalogue.templates() {
        section(&mut page, template);
    }
    page.push_str("\n# Variables\n\nWhat a template of one's own can name, between `[=` and `=]`.\n\n");
    page.push_str(&variables_as_markdown());
    page.push_str("\n# Filters\n\nBeside those of tera.\n\n| filter | what it makes |\n|---|---|\n");
    for (name, what) in FILTERS {
        let _ = writeln!(page, "| `{name}` | {what} |");
    }
    check("templates.md", &page);
}

fn section(page: &mut String, template: &Template) {
    let Template { name, description, languages, outputs, questions, .. } = template;
    let _ = write!(page, "\n## {name}\n\n{description}.\n\n");
    if languages.len() > 1 {
        page.push_str("In English (`--lang en`) and Korean (`--lang ko`).\n\n");
    }
    page.push_str("```text\n");
    for output in outputs {
        let when = output.when.as_ref().map(|when| format!("   when {when}")).unwrap_or_default();
        let _ = writeln!(page, "{}{when}", output.path);
    }
    page.push_str("```\n");
    if !questions.is_empty() {
        page.push('\n');
    }
    for question in questions {
        let default = match question.default.as_str() {
            "" => String::new(),
            default => format!("; without an answer `{default}`"),
        };
        let _ = writeln!(page, "- `--set {}=...`: {}{default}", question.name, question.prompt);
    }
}

#[test]
fn the_book_has_every_page() {
    let summary = std::fs::read_to_string(docs().join("SUMMARY.md")).unwrap();
    let named: BTreeSet<&str> =
        summary.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    let mut files = BTreeSet::new();
    for folder in ["", "ko/"] {
        for entry in std::fs::read_dir(docs().join(folder)).unwrap() {
            let name = format!("{folder}{}", entry.unwrap().file_name().to_string_lossy());
            if Path::new(&name).extension().is_some_and(|ending| ending == "md") && name != "SUMMARY.md" {
                files.insert(name);
            }
        }
    }
    assert_eq!(named, files.iter().map(String::as_str).collect::<BTreeSet<_>>());
}

/// Headings are anchors: every diagnostic has a link of its own in the built page.
#[test]
fn the_book_builds_with_every_code_as_an_anchor() {
    let target = tempfile::tempdir().unwrap();
    let mdbook = uvshift_testkit::tool("validators", "mdbook");
    let mut command = uvshift_process::CommandSpec::new(mdbook);
    command = command.args(["build", "--dest-dir"]).arg(target.path()).arg(docs());
    let output = uvshift_process::Runner::run(&uvshift_process::SystemRunner::new(), &command).unwrap();
    let said = format!("{}{}", output.stdout_text(), output.stderr);
    assert!(output.success(), "{said}");
    assert!(!said.contains("WARN") && !said.contains("ERROR"), "{said}");
    let page = std::fs::read_to_string(target.path().join("diagnostics.html")).unwrap();
    let codes = std::fs::read_to_string(docs().join("diagnostics.md")).unwrap();
    for code in codes.lines().filter_map(|line| line.strip_prefix("## ")) {
        assert!(page.contains(&format!("id=\"{}\"", code.to_lowercase())), "{code}");
    }
}

/// The figures of the comparison are sums over the tables of the evidence: of packages.
#[test]
fn the_comparison_has_the_sums_of_the_packages() {
    let evidence = std::fs::read_to_string(docs().join("evidence.md")).unwrap();
    let packages = rows(&evidence, "## The same packages with");
    the_comparison_has(&[
        format!(
            "| ended with a new project (the others: with exit status 0) | {} | {} | {} |",
            packages.len(),
            sum(&packages, 6, passed),
            sum(&packages, 11, passed)
        ),
        format!(
            "| requirements that are not in the new pyproject.toml, of {} | {} | {} | {} |",
            sum(&packages, 2, number),
            sum(&packages, 3, number),
            sum(&packages, 7, number),
            sum(&packages, 12, number)
        ),
        format!(
            "| wheels equal before and after | {} | {} | {} |",
            sum(&packages, 4, equal),
            sum(&packages, 8, equal),
            sum(&packages, 13, equal)
        ),
        format!(
            "| pins of the old lock that hold in the new one, of {} | {} | {} | {} |",
            sum(&packages, 5, all_pins),
            sum(&packages, 5, pins),
            sum(&packages, 9, pins),
            sum(&packages, 14, pins)
        ),
    ]);
}

/// And of requirements files.
#[test]
fn the_comparison_has_the_sums_of_the_requirements_files() {
    let evidence = std::fs::read_to_string(docs().join("evidence.md")).unwrap();
    let files = rows(&evidence, "## The same requirements files with");
    the_comparison_has(&[
        format!(
            "| ended with a new project | {} | {} | {} |",
            files.len(),
            sum(&files, 5, passed),
            sum(&files, 8, passed)
        ),
        format!(
            "| requirements that are not in the new pyproject.toml, of {} | {} | {} | {} |",
            sum(&files, 2, number),
            sum(&files, 3, number),
            sum(&files, 6, number),
            sum(&files, 9, number)
        ),
        format!(
            "| pins that hold, of {} | {} | {} | {} |",
            sum(&files, 4, all_pins),
            sum(&files, 4, pins),
            sum(&files, 7, pins),
            sum(&files, 10, pins)
        ),
    ]);
}

fn the_comparison_has(rows: &[String]) {
    let page = std::fs::read_to_string(docs().join("comparison.md")).unwrap();
    for row in rows {
        assert!(page.contains(row), "docs/comparison.md has to have: {row}");
    }
}

/// The sum over a column of what `of` makes of a cell.
fn sum(rows: &[Vec<&str>], column: usize, of: fn(&str) -> u32) -> u32 {
    rows.iter().map(|row| of(row[column])).sum()
}

fn number(cell: &str) -> u32 {
    cell.parse().unwrap_or_default()
}

/// Of `3 of 4`: the pins that hold.
fn pins(cell: &str) -> u32 {
    number(cell.split(" of ").next().unwrap_or_default())
}

/// Of `3 of 4`: all pins.
fn all_pins(cell: &str) -> u32 {
    cell.split_once(" of ").map_or(0, |(_, all)| number(all))
}

fn passed(cell: &str) -> u32 {
    u32::from(cell == "0")
}

fn equal(cell: &str) -> u32 {
    u32::from(cell.starts_with("equal"))
}

/// The rows of the first table under a heading.
fn rows<'a>(text: &'a str, heading: &str) -> Vec<Vec<&'a str>> {
    let from =
        text.lines().skip_while(|line| !line.starts_with(heading)).skip_while(|line| !line.starts_with('|'));
    let rows = from.take_while(|line| line.starts_with('|')).skip(2);
    rows.map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

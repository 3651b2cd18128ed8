//! The recipes of CONTRIBUTING.md name what `cargo xtask new-...` touches, and all of it is there.

use super::Problems;
use super::files::Tree;
use super::markdown::{headings, lines, spans};
use crate::new::{DIAGNOSTIC, RECIPES, REFERENCE, Recipe, TABLES, has_block};

const DOCUMENT: &str = "CONTRIBUTING.md";

/// Each recipe has its heading and command, names each of its files, and the tables that it adds rows to have a place for them.
/// That a named file exists is another rule.
pub(super) fn check(tree: &Tree, problems: &mut Problems) {
    let Some(text) = tree.text(DOCUMENT) else { return };
    for recipe in RECIPES {
        let Some((line, named)) = section(text, recipe.heading) else {
            problems.add(DOCUMENT, 1, format!("there is no recipe \"{}\"", recipe.heading));
            continue;
        };
        let mut wanted = vec![format!("cargo xtask {} NAME", recipe.command)];
        wanted.extend(places(recipe));
        missing(line, &named, &wanted, problems);
        for row in recipe.rows {
            if tree.text(row.file).is_some_and(|text| !has_block(text, row.block)) {
                problems.add(
                    row.file,
                    1,
                    format!("`cargo xtask {}` finds no place for its row", recipe.command),
                );
            }
        }
        for path in recipe.by_hand.iter().chain(recipe.rows.iter().map(|row| &row.file)) {
            if !tree.has(path) {
                problems.add(DOCUMENT, line, format!("there is no `{path}`, which the recipe needs"));
            }
        }
    }
    diagnostics(text, tree, problems);
}

/// Every table of codes is known to the command.
fn diagnostics(text: &str, tree: &Tree, problems: &mut Problems) {
    match section(text, DIAGNOSTIC) {
        Some((line, named)) => {
            let wanted = ["cargo xtask new-diagnostic CRATE NAME", REFERENCE].map(str::to_owned);
            missing(line, &named, &wanted, problems);
        }
        None => problems.add(DOCUMENT, 1, format!("there is no recipe \"{DIAGNOSTIC}\"")),
    }
    for (file, _) in tree.ending("/codes.rs").filter(|(file, _)| file.starts_with("crates/")) {
        if !TABLES.iter().any(|(_, table)| *table == file) {
            problems.add(file, 1, "`cargo xtask new-diagnostic` does not know this table");
        }
    }
    for (_, table) in TABLES.iter().filter(|(_, table)| !tree.has(table)) {
        problems.add(
            DOCUMENT,
            1,
            format!("there is no `{table}`, which `cargo xtask new-diagnostic` adds to"),
        );
    }
}

fn missing(line: usize, named: &[&str], wanted: &[String], problems: &mut Problems) {
    for wanted in wanted.iter().filter(|wanted| !named.contains(&wanted.as_str())) {
        problems.add(DOCUMENT, line, format!("the recipe does not name `{wanted}`"));
    }
}

/// The files of a recipe as a reader sees them: those that are made by the folder that stands before their name.
fn places(recipe: &Recipe) -> impl Iterator<Item = String> {
    let folder = |path: &str| path.split('@').next().unwrap_or_default().trim_end_matches('/').to_owned();
    let made = recipe.files.iter().map(move |(path, _)| folder(path));
    made.chain(recipe.rows.iter().map(|row| row.file.to_owned()))
        .chain(recipe.by_hand.iter().map(|path| (*path).to_owned()))
}

/// The line of a heading, and what stands between backticks, or is a line of a block, under it.
fn section<'a>(text: &'a str, heading: &str) -> Option<(usize, Vec<&'a str>)> {
    let mut following = headings(text).skip_while(|(_, found)| *found != heading);
    let (start, _) = following.next()?;
    let end = following.next().map_or(usize::MAX, |(line, _)| line);
    let inside = lines(text).filter(|(line, _, _)| *line > start && *line < end);
    let named = inside.flat_map(|(_, line, block)| block.map_or_else(|| spans(line), |_| vec![line.trim()]));
    Some((start, named.map(|name| name.trim_end_matches('/')).collect()))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::check;
    use crate::new::{DIAGNOSTIC, RECIPES, TABLES};
    use crate::tidy::testing;

    /// A CONTRIBUTING.md that has everything but what holds `left_out`, and the files that it names.
    fn found(left_out: &str) -> Vec<String> {
        let mut text = String::new();
        let mut files: Vec<(&str, &str)> = Vec::new();
        for recipe in RECIPES {
            let _ = writeln!(text, "## {}\n`cargo xtask {} NAME`", recipe.heading, recipe.command);
            for place in super::places(recipe).filter(|place| place != left_out) {
                let _ = writeln!(text, "`{place}`");
            }
            let rows = "mod a;\nconst SOURCES:\n];\nconst TOOLS:\n];\nstatic RULES:\n];\npub fn hosts()\n]\n";
            files.extend(recipe.rows.iter().map(|row| (row.file, rows)));
            files.extend(recipe.by_hand.iter().map(|path| (*path, "")));
        }
        let _ =
            writeln!(text, "## {DIAGNOSTIC}\n`cargo xtask new-diagnostic CRATE NAME` `docs/diagnostics.md`");
        files.extend(TABLES.iter().map(|(_, table)| (*table, "")));
        let mut files: Vec<_> = files.into_iter().filter(|(path, _)| *path != left_out).collect();
        files.push(("CONTRIBUTING.md", &text));
        testing::check(check, &files)
    }

    #[test]
    fn what_is_complete_is_fine() {
        assert_eq!(found(""), Vec::<String>::new());
    }

    #[test]
    fn every_file_that_is_gone_or_not_named_is_told() {
        for recipe in RECIPES {
            for place in super::places(recipe) {
                let found = found(&place);
                assert!(found.iter().any(|it| it.contains(&place)), "{place}: {found:?}");
            }
        }
        assert_eq!(found(TABLES[0].1).len(), 1);
    }

    #[test]
    fn a_table_without_a_place_for_the_row_is_told() {
        let files =
            [("CONTRIBUTING.md", "## Add a rewrite rule\n"), ("crates/rewrite/src/rules.rs", "mod a;\n")];
        let found = testing::check(check, &files);
        assert!(found.contains(
            &"crates/rewrite/src/rules.rs:1: `cargo xtask new-rule` finds no place for its row".into()
        ));
    }
}

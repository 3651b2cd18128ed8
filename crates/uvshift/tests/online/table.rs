//! docs/evidence.md from the rows.

use std::fmt::Write as _;

use serde_json::Value;

use crate::Row;
use crate::projects::Ends;

const HEAD: &str = "# Evidence: real projects

<!-- Written by `UPDATE=1 cargo xtask test --online`; do not edit. -->

Source distributions of well-known projects, pinned by version and hash, migrated with the real uv 0.13.9 and a real
package index. Run again: `cargo xtask test --online`; with `UPDATE=1` this page is written anew, and
`ONLINE=flask` limits it to one project. The list is in `crates/uvshift/tests/online/projects.rs`.

Every claim is checked without uvshift:

- **requirements**: what pip 26.3's own parser reads in the old files. *Found* means that the new pyproject.toml has the
  same name, extras, specifier and marker in the list that the report names, by `packaging`. *Told* means that
  uvshift reported the line as changed, dropped or refused. *Lost* is neither, and fails the test.
- **pins**: every `==` in the old files, compiled or not, against `uv.lock`. A pin that the lock does not hold and that uvshift
  did not name, with the reason, fails the test.
- **lock**: `uv lock --check`. **verify**: `uvshift verify`. **rollback**: every byte, mode and link of the tree as it was.

Rows with a part name take only that part of the source distribution, without its packaging metadata, as an
application: their setup.py is something that this version refuses. Seconds are of one run on two shared cores, with whatever
the cache of uv held; they are no benchmark.

";

const MIGRATED: &str = "## Migrated

| project | part | files | lines | carried, changed, dropped, refused | requirements: found, told, lost | pins: kept, other, absent | packages | lock | verify | rollback | seconds |
|---|---|--:|--:|---|---|---|--:|---|---|---|--:|
";

pub(crate) fn render(rows: &[Row]) -> String {
    let mut text = HEAD.to_owned();
    text.push_str(MIGRATED);
    for row in rows.iter().filter(|row| !matches!(row.case.ends, Ends::Refused(_))) {
        migrated(&mut text, row);
    }
    not_held(&mut text, rows);
    told(&mut text, rows);
    refused(&mut text, rows);
    peers(&mut text, rows);
    text
}

fn migrated(text: &mut String, row: &Row) {
    let case = &row.case;
    let Some(proof) = &row.proof else {
        let why = row.problems.join("; ").replace('|', "/");
        let _ = writeln!(
            text,
            "| {} {} | {} | | | **failed**: {why} | | | | | | {} | {:.1} |",
            case.name,
            case.version,
            case.part.unwrap_or("all"),
            yes(row.restored),
            row.seconds
        );
        return;
    };
    let (ledger, pins) = (&row.report["ledger"], &proof["pins"]);
    let _ = writeln!(
        text,
        "| {} {} | {} | {} | {} | {}, {}, {}, {} | {}, {}, {} | {}, {}, {} | {} | {} | {} | {} | {:.1} |",
        case.name,
        case.version,
        case.part.unwrap_or("all"),
        proof["files"],
        proof["lines"],
        ledger["carried"],
        ledger["changed"],
        ledger["dropped"],
        ledger["refused"],
        proof["found"],
        count(&proof["told"]),
        count(&proof["lost"]),
        pins["kept"],
        count(&pins["other"]),
        count(&pins["absent"]),
        row.report["lock"]["packages"],
        yes(row.lock_check),
        yes(row.verify),
        yes(row.restored),
        row.seconds,
    );
}

/// The pins that the lock does not hold, with the reason that uvshift gave.
fn not_held(text: &mut String, rows: &[Row]) {
    text.push_str("\nPins that the lock does not hold, and what uvshift said about them:\n\n");
    for row in rows {
        let Some(proof) = &row.proof else { continue };
        let pins = &proof["pins"];
        for pin in list(&pins["other"]).chain(list(&pins["absent"])) {
            let entries = row.report["pins"]["entries"].as_array().into_iter().flatten();
            let named = |entry: &&Value| {
                pin == format!(
                    "{}=={}",
                    entry["name"].as_str().unwrap_or_default(),
                    entry["version"].as_str().unwrap_or_default()
                )
            };
            let why = entries.clone().find(named).and_then(|entry| entry["why"].as_str());
            let why =
                why.unwrap_or("another file pins another version, and there is one lock (reported as M008)");
            let why: String = why.chars().take(160).collect();
            let _ = writeln!(text, "- {}: `{pin}`: {why}", row.case.name);
        }
    }
}

fn told(text: &mut String, rows: &[Row]) {
    text.push_str("\nRequirements that uvshift did not carry as they stood, and said so:\n\n");
    for row in rows {
        for line in row.proof.iter().flat_map(|proof| list(&proof["told"])) {
            let _ = writeln!(text, "- {}: `{line}`", row.case.name);
        }
    }
}

fn refused(text: &mut String, rows: &[Row]) {
    text.push_str("\n## Refused\n\nExit 1, and not one byte of the project is different afterwards.\n\n");
    text.push_str("| project | part | why | unchanged |\n|---|---|---|---|\n");
    for row in rows {
        if let Ends::Refused(why) = row.case.ends {
            let why = if row.exit == 1 { why } else { "**was not refused**" };
            let case = &row.case;
            let part = case.part.unwrap_or("all");
            let _ =
                writeln!(text, "| {} {} | {part} | {why} | {} |", case.name, case.version, yes(row.restored));
        }
    }
}

fn peers(text: &mut String, rows: &[Row]) {
    text.push_str(
        "\n## The same trees with migrate-to-uv 0.12.0\n\nBoth tools with their defaults (uvshift with `--python` where a part has no metadata). \
A requirement counts as missing when it is nowhere in the new\npyproject.toml, in whatever list; what uvshift said \
about a line counts as missing here too.\n\n\
| project | requirements | uvshift: missing | pins kept | peer: exit | missing | pins kept | seconds | its last words when it failed |\n\
|---|--:|--:|--:|--:|--:|--:|--:|---|\n",
    );
    for row in rows {
        let (Some(proof), Some(peer)) = (&row.proof, &row.peer) else { continue };
        let total = proof["requirements"].as_u64().unwrap_or_default();
        let ours = total - proof["found"].as_u64().unwrap_or_default();
        let (missing, kept) = match &peer.proof {
            Some(proof) => {
                let missing = total - proof["found"].as_u64().unwrap_or_default();
                let kept = if proof["pins"]["lock"] == true {
                    proof["pins"]["kept"].to_string()
                } else {
                    "no lock".to_owned()
                };
                (missing, kept)
            }
            None => (total, "no lock".to_owned()),
        };
        let says: String = if peer.exit == 0 {
            String::new()
        } else {
            peer.says.replace('|', "/").chars().take(140).collect()
        };
        let _ = writeln!(
            text,
            "| {} {} | {total} | {ours} | {} of {} | {} | {missing} | {kept} | {:.1} | {says} |",
            row.case.name,
            row.case.version,
            proof["pins"]["kept"],
            proof["pins"]["total"],
            peer.exit,
            peer.seconds,
        );
    }
}

fn list(value: &Value) -> impl Iterator<Item = String> + use<> {
    let items: Vec<String> =
        value.as_array().into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect();
    items.into_iter()
}

fn count(value: &Value) -> usize {
    value.as_array().map_or(0, Vec::len)
}

fn yes(holds: bool) -> &'static str {
    if holds { "ok" } else { "**no**" }
}

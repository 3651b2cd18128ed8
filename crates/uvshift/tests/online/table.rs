//! docs/evidence.md from the rows.

#[path = "table/other.rs"]
mod other;

use std::fmt::Write as _;

use serde_json::Value;

use crate::peers::Peer;
use crate::projects::{Ends, Source};
use crate::proof::Proof;
use crate::{Row, peers::PEERS};

const HEAD: &str = "# Evidence: real projects

<!-- Written by `UPDATE=1 cargo xtask test --online`; do not edit. -->

Source distributions of well-known projects, pinned by version and hash, migrated with the real uv 0.13.9 and a real
package index. Run again: `cargo xtask test --online`; with `UPDATE=1` this page is written anew, and
`ONLINE=flask,rich` limits it to some projects. The lists are in `crates/uvshift/tests/online/projects.rs` and
`crates/uvshift/tests/online/packages.rs`.

Every claim is checked without uvshift:

- **requirements**: what the original tool reads in the old files: pip 26.3's own parser for requirements files, the metadata of the
  wheel that the original backend builds for setup.py, setup.cfg, Flit and PDM, poetry-core 2.5 for Poetry's groups, Python's TOML reader
  for a Pipfile, PyYAML for conda. *Found* means that the new pyproject.toml asks for the same in the list where it belongs:
  name, extras, URL, specifier and marker, by `packaging` over a grid of versions and environments. *Told* means that
  uvshift reported it as changed, dropped or refused. *Lost* is neither, and fails the test.
- **pins**: every `==` of requirements files and every package of poetry.lock, pdm.lock and Pipfile.lock against `uv.lock`. A pin that the lock does
  not hold and that uvshift did not name, with the reason, fails the test.
- **wheel**: `uv build --wheel` of both trees. *Equal* means the same files with the same content, and by meaning the same name, version,
  summary, description, people, URLs, keywords, classifiers, Python versions, requirements, extras, entry points and tags. A note says what uv
  or a newer release of the same backend brings with it: `Requires-Python`, which uv needs and pip did not, and the folder of PEP 639.
- **usable**: `uv lock --check`, `uv export --frozen` with all groups and extras, `uv sync --frozen --dry-run`. **verify**: `uvshift verify`.
  **rollback**: every byte, mode and link of the tree as it was.

Rows with a part name take only that part of the source distribution, without its packaging metadata, as an
application. Seconds are of one run on two shared cores, with two other projects at the same time and whatever the cache of uv held;
they are no benchmark.

";

const MIGRATED: &str = "## Requirements files

| project | part | files | lines | carried, changed, dropped, refused | requirements: found, told, lost | pins: kept, other, absent | packages | usable | verify | rollback | seconds |
|---|---|--:|--:|---|---|---|--:|---|---|---|--:|
";

pub(crate) fn render(rows: &[&Row]) -> String {
    let mut text = HEAD.to_owned();
    let (files, others): (Vec<&Row>, Vec<&Row>) =
        rows.iter().partition(|row| row.case.source == Source::Requirements);
    other::table(&mut text, &others);
    text.push_str(MIGRATED);
    for row in files.iter().filter(|row| row.case.migrates()) {
        migrated(&mut text, row);
    }
    not_held(&mut text, rows);
    told(&mut text, rows);
    refused(&mut text, rows);
    other::peers(&mut text, &others);
    peers(&mut text, &files);
    text
}

fn migrated(text: &mut String, row: &Row) {
    let Some(proof) = &row.proof else {
        let _ = writeln!(
            text,
            "| {} | | | **failed**: {} | | | | | | {} | {:.1} |",
            name(row),
            cell(&row.problems.join("; "), 300),
            yes(row.restored),
            row.seconds
        );
        return;
    };
    let _ = writeln!(
        text,
        "| {} | {} | {} | {} | {}, {}, {} | {} | {} | {} | {} | {} | {:.1} |",
        name(row),
        proof.files["files"],
        proof.files["lines"],
        ledger(row),
        proof.count("found"),
        proof.count("told"),
        proof.count("lost"),
        pins(proof),
        row.report["lock"]["packages"],
        yes(row.usable),
        yes(row.verify),
        yes(row.restored),
        row.seconds,
    );
}

fn name(row: &Row) -> String {
    format!("{} {} | {}", row.case.name, row.case.version, row.case.part.unwrap_or("all"))
}

fn ledger(row: &Row) -> String {
    let ledger = &row.report["ledger"];
    format!("{}, {}, {}, {}", ledger["carried"], ledger["changed"], ledger["dropped"], ledger["refused"])
}

fn pins(proof: &Proof) -> String {
    let listed = |name| proof.pins_listed(name).len();
    format!("{}, {}, {}", proof.pins_counted("kept"), listed("other"), listed("absent"))
}

/// The pins that the lock does not hold, with the reason that uvshift gave.
fn not_held(text: &mut String, rows: &[&Row]) {
    text.push_str("\n## Pins that the lock does not hold, and what uvshift said about them\n\n");
    for row in rows {
        let Some(proof) = &row.proof else { continue };
        for pin in proof.pins_listed("other").into_iter().chain(proof.pins_listed("absent")) {
            let why = why_not(row, &pin);
            let _ = writeln!(text, "- {}: `{pin}`: {}", row.case.name, cell(&why, 160));
        }
    }
}

/// What the report says about a pin: in the list of pins, or in a diagnostic that names it.
fn why_not(row: &Row, pin: &str) -> String {
    let words = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let all = |list: &Value| list.as_array().cloned().unwrap_or_default();
    let pins = all(&row.report["pins"]["entries"]);
    let mut reasons = pins
        .iter()
        .filter(|entry| pin == format!("{}=={}", words(&entry["name"]), words(&entry["version"])))
        .map(|entry| words(&entry["why"]));
    let (name, version) = pin.split_once("==").unwrap_or_default();
    let about = |found: &Value| {
        let message = words(&found["message"]);
        (message.contains(name) && message.contains(version))
            .then(|| format!("{}: {message}", words(&found["code"])))
    };
    let diagnostics = all(&row.report["diagnostics"]);
    reasons.find(|why| !why.is_empty()).or_else(|| diagnostics.iter().find_map(about)).unwrap_or_default()
}

fn told(text: &mut String, rows: &[&Row]) {
    text.push_str("\n## Requirements that uvshift did not carry as they stood, and said so\n\n");
    for row in rows {
        for line in row.proof.iter().flat_map(|proof| proof.list("told")) {
            let _ = writeln!(text, "- {}: `{line}`", row.case.name);
        }
    }
}

fn refused(text: &mut String, rows: &[&Row]) {
    text.push_str("\n## Refused\n\nExit 1 where a person has to decide, 3 where uv finds no lock at all; not one byte of the project is different afterwards.\n\n");
    text.push_str("| project | part | exit | why | unchanged |\n|---|---|--:|---|---|\n");
    for row in rows {
        let (why, expected) = match row.case.ends {
            Ends::Refused(why) => (why, 1),
            Ends::Unlockable(why) => (why, 3),
            Ends::Migrated | Ends::MigratedButRefused => continue,
        };
        let why = if row.exit == expected { why } else { "**was not refused**" };
        let _ = writeln!(text, "| {} | {} | {why} | {} |", name(row), row.exit, yes(row.restored));
    }
}

fn peers(text: &mut String, rows: &[&Row]) {
    let [first, second] = PEERS;
    let _ = write!(
        text,
        "\n## The same requirements files with {first} and {second}\n\nAll tools with their defaults (uvshift with `--python` where a \
part has no metadata). A requirement counts as missing when it is nowhere in the new\npyproject.toml, in whatever list; what uvshift \
said about a line counts as missing here too.\n\n\
| project | part | requirements | uvshift: missing | pins kept | {first}: exit | missing | pins kept | {second}: exit | missing | pins kept |\n\
|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    for row in rows {
        let Some(proof) = &row.proof else { continue };
        let total = proof.count("requirements");
        let cells = row.peers.iter().map(|peer| peer_cells(peer.as_ref(), total));
        let _ = writeln!(
            text,
            "| {} | {total} | {} | {} of {} | {} |",
            name(row),
            total - proof.count("found"),
            proof.pins_counted("kept"),
            proof.pins_counted("total"),
            cells.collect::<Vec<_>>().join(" | "),
        );
    }
    last_words(text, rows);
}

fn peer_cells(peer: Option<&Peer>, total: u64) -> String {
    let Some(peer) = peer else { return "not installed | | ".to_owned() };
    let kept = if peer.proof.pins().any(|pins| pins["lock"] == true) {
        peer.proof.pins_counted("kept").to_string()
    } else {
        "no lock".to_owned()
    };
    format!("{} | {} | {kept}", peer.exit, total - peer.proof.count("found"))
}

/// What the peers said where they failed.
fn last_words(text: &mut String, rows: &[&Row]) {
    text.push_str("\nWhat they said where they failed:\n\n");
    for row in rows {
        for (peer, name) in row.peers.iter().zip(PEERS) {
            if let Some(peer) = peer.as_ref().filter(|peer| peer.exit != 0) {
                let _ = writeln!(text, "- {}: {name}: {}", row.case.name, cell(&peer.says, 200));
            }
        }
    }
}

/// Words of a program that may stand in a table.
fn cell(words: &str, limit: usize) -> String {
    let plain: String = words.replace('|', "/").split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = plain.chars().take(limit).collect();
    // Paths of this machine say nothing.
    short
        .split(' ')
        .map(|word| {
            if word.trim_start_matches(['`', '(', '"']).starts_with('/') || word.contains("file:///") {
                "..."
            } else {
                word
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

fn yes(holds: bool) -> &'static str {
    if holds { "ok" } else { "**no**" }
}

/// The first of the strings, and how many more there are.
fn first(list: &[String]) -> String {
    match list {
        [] => String::new(),
        [only] => cell(only, 160),
        [first, rest @ ..] => format!("{} and {} more", cell(first, 160), rest.len()),
    }
}

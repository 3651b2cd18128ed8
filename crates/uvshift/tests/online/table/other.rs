//! The tables for setup.py, Poetry and all the others.

use std::fmt::Write as _;

use super::{cell, first, last_words, ledger, name, pins, yes};
use crate::Row;
use crate::peers::{PEERS, Peer};
use crate::projects::Source;
use crate::proof::{Proof, Wheel};

const HEAD: &str = "## Packages and applications of other sources

| project | part | source | carried, changed, dropped, refused | requirements: found, told, lost | pins: kept, other, absent | wheel | packages | usable | verify | rollback | seconds |
|---|---|---|---|---|---|---|--:|---|---|---|--:|
";

pub(super) fn table(text: &mut String, rows: &[&Row]) {
    text.push_str(HEAD);
    for row in rows.iter().filter(|row| row.case.migrates()) {
        let source = source(row.case.source);
        let Some(proof) = &row.proof else {
            let _ = writeln!(
                text,
                "| {} | {source} | **failed**: {} | | | | | | | {} | {:.1} |",
                name(row),
                cell(&row.problems.join("; "), 300),
                yes(row.restored),
                row.seconds
            );
            continue;
        };
        let _ = writeln!(
            text,
            "| {} | {source} | {} | {}, {}, {} | {} | {} | {} | {} | {} | {} | {:.1} |",
            name(row),
            ledger(row),
            proof.count("found"),
            proof.count("told"),
            proof.count("lost"),
            pins(proof),
            wheel(&proof.wheel),
            row.report["lock"]["packages"],
            yes(row.usable),
            yes(row.verify),
            yes(row.restored),
            row.seconds,
        );
    }
    text.push('\n');
}

fn source(source: Source) -> &'static str {
    match source {
        Source::Requirements => "requirements files",
        Source::SetupPy => "setup.py",
        Source::SetupCfg => "setup.cfg",
        Source::Poetry => "Poetry",
        Source::Pipfile => "Pipfile",
        Source::Pdm => "PDM",
        Source::Flit => "Flit",
        Source::Conda => "conda",
    }
}

fn wheel(wheel: &Wheel) -> String {
    match wheel {
        Wheel::NotAsked => "not built".to_owned(),
        Wheel::NeverBuilt(_) => "**the original does not build**".to_owned(),
        Wheel::DoesNotBuild(_) => "**does not build**".to_owned(),
        Wheel::Equal(files, notes) if notes.is_empty() => format!("equal, {files} files"),
        Wheel::Equal(files, notes) => format!("equal, {files} files; {}", notes.join("; ")),
        Wheel::Different(differences) => format!("**other**: {}", first(differences)),
    }
}

/// The same copies with the peers.
pub(super) fn peers(text: &mut String, rows: &[&Row]) {
    let [first, second] = PEERS;
    let _ = write!(
        text,
        "\n## The same packages with {first} and {second}\n\nAll tools with their defaults (uvshift with `--python` where a part has no \
metadata), in the same run. *Missing* counts requirements that are nowhere in the new pyproject.toml by meaning, in whatever list; \
what uvshift told counts as missing here too. The wheel of a tool that ended with an error is not built.\n\n\
| project | part | requirements | uvshift: missing | wheel | pins kept | {first}: exit | missing | wheel | pins kept | seconds | {second}: exit | \
missing | wheel | pins kept | seconds |\n|---|---|--:|--:|---|--:|--:|--:|---|--:|--:|--:|--:|---|--:|--:|\n",
    );
    for row in rows.iter().filter(|row| row.case.migrates()) {
        let any = || row.proof.iter().chain(row.peers.iter().flatten().map(|peer| &peer.proof));
        let total = any().map(|proof| proof.count("requirements")).max().unwrap_or_default();
        let ours =
            row.proof.as_ref().map_or_else(|| "**failed** | | ".to_owned(), |proof| cells(proof, total));
        let theirs: Vec<String> = row.peers.iter().map(|peer| of_peer(peer.as_ref(), total)).collect();
        let _ = writeln!(text, "| {} | {total} | {ours} | {} |", name(row), theirs.join(" | "));
    }
    last_words(text, rows);
}

fn of_peer(peer: Option<&Peer>, total: u64) -> String {
    let Some(peer) = peer else { return "not installed | | | | ".to_owned() };
    format!("{} | {} | {:.1}", peer.exit, cells(&peer.proof, total), peer.seconds)
}

fn cells(proof: &Proof, total: u64) -> String {
    let missing = total.saturating_sub(proof.count("found"));
    let kept = if proof.pins().any(|pins| pins["lock"] == true) {
        format!("{} of {}", proof.pins_counted("kept"), proof.pins_counted("total"))
    } else {
        "no lock".to_owned()
    };
    let wheel = match &proof.wheel {
        Wheel::NotAsked => "-".to_owned(),
        Wheel::Different(differences) => first(differences),
        other => wheel(other).replace("**", ""),
    };
    format!("{missing} | {wheel} | {kept}")
}

//! The other tools for the same job, on copies of the same trees.

use std::path::{Path, PathBuf};

use serde_json::Value;
use uvshift_testkit::tool;

use crate::programs::{Tree, command, run};
use crate::projects::Case;
use crate::proof::{Original, Proof};

/// What a peer came to.
pub(crate) struct Peer {
    pub(crate) exit: i32,
    pub(crate) seconds: f64,
    pub(crate) proof: Proof,
    pub(crate) says: String,
}

/// migrate-to-uv and uv-migrator, in this order; uv-migrator is on crates.io only and may be missing.
pub(crate) const PEERS: [&str; 2] = ["migrate-to-uv 0.12.0", "uv-migrator 2026.1.0"];

fn programs() -> [Option<PathBuf>; 2] {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let second = root.join(".tools/uv-migrator/bin/uv-migrator");
    [Some(tool("peer", "migrate-to-uv")), second.exists().then_some(second)]
}

/// Both on copies of the tree, with their own defaults.
pub(crate) fn peers(case: &Case, original: &Original, report: &Value, archives: &Path) -> [Option<Peer>; 2] {
    let files = report["files"].as_array().into_iter().flatten().filter_map(|file| file["path"].as_str());
    let files: Vec<&str> = files.collect();
    let mut labels = ["first", "second"].into_iter();
    programs().map(|program| {
        let label = labels.next().unwrap_or_default();
        let new = Tree::unpack(case, archives);
        let ran = run(command(program?).arg(&new.path));
        let proof = original.compare(&new.path, None, &files, (ran.exit == 0).then_some(label));
        Some(Peer { exit: ran.exit, seconds: ran.seconds, proof, says: ran.tail() })
    })
}

//! Moves the tool settings of a folder: `cargo run -p uvshift-toolconfig --example consolidate -- FOLDER`.
#![expect(clippy::print_stdout, reason = "an example talks")]

use std::path::Path;

use uvshift_changeset::Transaction;
use uvshift_toolconfig::{Options, plan};
use uvshift_tree::Tree;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let folder = words.next().ok_or("usage: consolidate FOLDER [--to-ruff]")?;
    let options = Options { to_ruff: words.any(|word| word == "--to-ruff"), ..Options::default() };
    let plan = plan(&Tree::from_disk(Path::new(&folder))?, &options)?;
    for found in plan.diagnostics.iter().chain(&plan.blockers) {
        println!("{found}");
    }
    for row in &plan.rows {
        println!("{row}");
    }
    if !plan.blockers.is_empty() {
        return Err("nothing was written".into());
    }
    if !plan.changes.is_empty() {
        let mut transaction =
            Transaction::begin(Path::new(&folder), &plan.changes, &[], serde_json::Value::Null)?;
        transaction.apply()?;
        transaction.commit()?;
    }
    Ok(())
}

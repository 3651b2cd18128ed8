//! What is known of a project, as JSON: `cargo run -p uvshift-migrate --example facts -- FOLDER`

#![expect(clippy::print_stdout, reason = "that is what it is for")]

use std::path::PathBuf;

use uvshift_project::Tree;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = std::env::args_os().nth(1).map_or_else(|| PathBuf::from("."), PathBuf::from);
    let tree = Tree::from_disk(&root)?;
    let project = uvshift_migrate::facts(&root, &tree, "0.13.9")?;
    println!("{}", serde_json::to_string_pretty(&project)?);
    Ok(())
}

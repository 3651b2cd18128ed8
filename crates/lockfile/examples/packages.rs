//! Prints the packages of lock files: `cargo run -p uvshift-lockfile --example packages -- FILE...`.

#![expect(clippy::print_stdout, reason = "that is what it is for")]

use std::error::Error;

use uvshift_lockfile::parse;

fn main() -> Result<(), Box<dyn Error>> {
    for file in std::env::args().skip(1) {
        let lock = parse(&file, &std::fs::read_to_string(&file)?)?;
        println!("{file}: {} of {} packages, {:?}", lock.kind, lock.len(), lock.metadata);
        for package in &lock.packages {
            let version = package.version.as_deref().unwrap_or("-");
            let marker = package.marker.as_deref().unwrap_or("-");
            let hashes: Vec<&str> = package.hashes.iter().map(String::as_str).collect();
            let groups = package.groups.join(",");
            println!(
                "{}\t{version}\t{:?}\t{groups}\t{marker}\t{}",
                package.name,
                package.source,
                hashes.join(",")
            );
        }
    }
    Ok(())
}

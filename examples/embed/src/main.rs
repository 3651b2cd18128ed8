//! `dependency-bot [--try] FOLDER`

use std::path::Path;
use std::process::ExitCode;

use dependency_bot::{Error, report, try_migration};
use uvshift_migrate::Uv;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words[..] {
        [folder] => said(report(Path::new(folder))),
        ["--try", folder] => said(try_migration(Path::new(folder), Some(&Uv::new("uv")))),
        _ => Err("usage: dependency-bot [--try] FOLDER".into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("dependency-bot: {error}");
            ExitCode::FAILURE
        }
    }
}

fn said(answer: Result<impl serde::Serialize, Error>) -> Result<(), Error> {
    println!("{}", serde_json::to_string_pretty(&answer?)?);
    Ok(())
}

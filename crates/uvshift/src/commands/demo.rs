//! `uvshift demo`: the whole way on a bundled project.

pub(crate) mod bundle;

use std::path::Path;
use std::time::Duration;

use uvshift_migrate::{Options, Planned, RewriteOptions, plan};
use uvshift_process::CommandSpec;

use super::migrate::{apply, show};
use crate::args::{DemoArgs, UvArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::settings::Settings;
use crate::{interrupt, uv};

pub(crate) fn run(args: DemoArgs, settings: &Settings, printer: &Printer) -> Result<Exit, Failure> {
    let DemoArgs { path, uv: program } = args;
    if path.exists() {
        return Err(Failure::Exists { path });
    }
    let runner = interrupt::runner();
    printer.say(&format!("copying the demo project to {}", path.display()));
    bundle::unpack(&path, &runner)?;
    let options = Options { rewrite: Some(RewriteOptions::default()), ..Options::default() };
    let Planned::Plan(plan) = plan(&path, &options)? else {
        return Ok(Exit::Nothing);
    };
    show(&plan, true, printer)?;
    let uv_args = UvArgs { uv: program, install_uv: true };
    let uv = match uv::find_or_install(&uv_args, settings, printer, &runner) {
        Ok(uv) => uv,
        Err(failure) => return Ok(without_network(&failure, printer)),
    };
    match apply(&plan, uv.as_ref(), &path, settings, printer, &runner) {
        Err(failure) if is_network(&failure) => Ok(without_network(&failure, printer)),
        other => other,
    }
}

/// The plan and the diff are shown by now; only the lock needs a network.
fn without_network(failure: &Failure, printer: &Printer) -> Exit {
    printer.failure(failure);
    printer.say("Without a network there is no lock. The plan and the diff above are what would be done;");
    printer.say("the demo project is as it was. `uvshift migrate --no-lock` migrates without one.");
    Exit::Outside
}

fn is_network(failure: &Failure) -> bool {
    let Failure::Migrate(uvshift_migrate::Error::LockFailed { stderr }) = failure else { return false };
    let stderr = stderr.to_ascii_lowercase();
    ["dns", "connect", "network", "timed out", "unreachable", "offline"]
        .iter()
        .any(|word| stderr.contains(word))
}

/// Runs git in a folder with a fixed author and date, so that the demo's repository is the same everywhere.
pub(crate) fn git(folder: &Path, args: &[&str]) -> CommandSpec {
    let mut spec = CommandSpec::new("git").arg("-C").arg(folder);
    for setting in
        ["user.name=demo", "user.email=demo@index.example", "commit.gpgsign=false", "core.autocrlf=false"]
    {
        spec = spec.args(["-c", setting]);
    }
    let date = "2024-01-01T00:00:00Z";
    spec.args(args.iter().copied())
        .env("GIT_AUTHOR_DATE", date)
        .env("GIT_COMMITTER_DATE", date)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .timeout(Duration::from_secs(30))
}

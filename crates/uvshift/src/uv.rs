//! Finding uv, or getting it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use uvshift_migrate::Uv;
use uvshift_process::{CommandSpec, ProcessError, Runner, find_program};

use crate::args::UvArgs;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::settings::Settings;

/// Where uv is: `--uv`, `UVSHIFT_UV`, `PATH`, the private copy. One that somebody names has to be there.
pub(crate) fn find(flag: Option<&Path>, settings: &Settings) -> Result<Option<PathBuf>, Failure> {
    if let Some(told) = flag.or(settings.uv.as_deref()) {
        return named(told, settings).map(Some);
    }
    let found = find_program("uv", &settings.path);
    Ok(found.or_else(|| settings.cache.as_deref().map(private_uv).filter(|path| path.is_file())))
}

/// uv runs in the project, where a path of here would lead elsewhere; a bare name is looked up in `PATH`.
fn named(told: &Path, settings: &Settings) -> Result<PathBuf, Failure> {
    let is_bare = told.components().count() < 2;
    let found = if is_bare { find_program(&*told.to_string_lossy(), &settings.path) } else { None };
    let found = found.or_else(|| std::path::absolute(told).ok().filter(|path| path.is_file()));
    found.ok_or_else(|| Failure::NoSuchUv { path: told.to_owned() })
}

/// uv, gotten first if the user wants that.
pub(crate) fn find_or_install(
    args: &UvArgs,
    settings: &Settings,
    printer: &Printer,
    runner: &dyn Runner,
) -> Result<Option<Uv>, Failure> {
    let UvArgs { uv, install_uv } = args;
    if let Some(program) = find(uv.as_deref(), settings)? {
        return check(&program, runner).map(Some);
    }
    let wanted = *install_uv
        || (printer.can_ask() && printer.confirm("uv is not installed. Get a private copy through pip?")?);
    if wanted { install(settings, printer, runner).map(Some) } else { Ok(None) }
}

/// The version of the uv at hand, such as `0.13.9`. What somebody names has to be uv.
pub(crate) fn version(
    flag: Option<&Path>,
    settings: &Settings,
    runner: &dyn Runner,
) -> Result<Option<String>, Failure> {
    let Some(program) = find(flag, settings)? else { return Ok(None) };
    let spec = CommandSpec::new(&program).arg("--version").timeout(Duration::from_secs(30));
    let text = runner.run(&spec).map(|output| output.stdout_text().to_string()).unwrap_or_default();
    match text.strip_prefix("uv ").and_then(|rest| rest.split_whitespace().next()) {
        Some(version) => Ok(Some(version.to_owned())),
        None if flag.is_some() => Err(Failure::NotUv { path: program }),
        None => Ok(None),
    }
}

/// Asks the program whether it is uv.
fn check(program: &Path, runner: &dyn Runner) -> Result<Uv, Failure> {
    let spec = CommandSpec::new(program).arg("--version").timeout(Duration::from_secs(30));
    let is_uv =
        runner.run(&spec).is_ok_and(|output| output.success() && output.stdout_text().starts_with("uv "));
    if is_uv { Ok(Uv::new(program)) } else { Err(Failure::NotUv { path: program.to_owned() }) }
}

/// Gets uv through pip into the cache folder.
pub(crate) fn install(settings: &Settings, printer: &Printer, runner: &dyn Runner) -> Result<Uv, Failure> {
    let python = python(settings).ok_or(Failure::NoPython)?;
    let cache = settings.cache.as_deref().ok_or(Failure::NoPython)?;
    let folder = cache.join("uv");
    printer.say("getting a private copy of uv through pip ...");
    let run = |spec: CommandSpec| -> Result<(), Failure> {
        let spec = spec.timeout(Duration::from_mins(10));
        match runner.run(&spec).and_then(|output| output.checked(&spec)) {
            Ok(_) => Ok(()),
            Err(ProcessError::Failed { stderr, .. }) => Err(Failure::PipFailed { stderr }),
            Err(source) => Err(Failure::InstallUv { source }),
        }
    };
    run(CommandSpec::new(&python).args(["-m", "venv"]).arg(&folder))?;
    let inner = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    run(CommandSpec::new(inner).args(["-m", "pip", "install", "--quiet", "--upgrade", "uv"]))?;
    check(&private_uv(cache), runner)
}

fn private_uv(cache: &Path) -> PathBuf {
    cache.join("uv").join(if cfg!(windows) { "Scripts/uv.exe" } else { "bin/uv" })
}

/// The Python that was named, or the one in `PATH`, as an absolute path.
pub(crate) fn named_python(
    named: Option<&Path>,
    settings: &Settings,
    runner: &dyn Runner,
) -> Result<PathBuf, Failure> {
    let found = match named {
        Some(path) if path.components().count() == 1 => {
            find_program(&*path.to_string_lossy(), &settings.path)
        }
        Some(path) => Some(path.to_owned()).filter(|path| path.is_file()),
        None => python(settings),
    };
    let found = found.ok_or(Failure::NoPip)?;
    let found = std::path::absolute(&found).unwrap_or(found);
    // What is in `PATH` may be the shim of a version manager, which takes longer to start than what it leads to.
    let spec = CommandSpec::new(&found).args(["-I", "-c", "import sys; print(sys.executable)"]);
    let output =
        runner.run(&spec.timeout(Duration::from_secs(30))).ok().filter(uvshift_process::Output::success);
    let real = output.map(|output| PathBuf::from(output.stdout_text().trim())).filter(|real| real.is_file());
    Ok(real.unwrap_or(found))
}

pub(crate) fn python(settings: &Settings) -> Option<PathBuf> {
    if cfg!(windows) {
        python_of_windows(&settings.path)
    } else {
        first_of(&["python3", "python"], &settings.path)
    }
}

fn first_of(names: &[&str], path: &OsStr) -> Option<PathBuf> {
    names.iter().find_map(|name| find_program(name, path))
}

/// An installed Python of Windows is `python`, and `py` where it is not in `PATH`. A `python3` is there on every machine, in the folder
/// of the store's applications; it may do nothing but tell where to get one, so that folder comes last.
fn python_of_windows(path: &OsStr) -> Option<PathBuf> {
    const NAMES: [&str; 3] = ["python", "py", "python3"];
    let folders = std::env::split_paths(path).filter(|folder| !folder.ends_with("Microsoft/WindowsApps"));
    let installed = std::env::join_paths(folders).ok().and_then(|folders| first_of(&NAMES, &folders));
    installed.or_else(|| first_of(&NAMES, path))
}

/// The version that the place of a Python tells, which is a hundred times faster than asking it: the name of the file
/// behind the links, or the setting of the version manager whose shim it is.
fn version_of_path(program: &Path) -> Option<String> {
    let real = program.canonicalize().ok()?;
    let minor = |name: &str| {
        let (major, minor) = name.split_once('.')?;
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        (digits(major) && digits(minor)).then(|| format!("{major}.{minor}"))
    };
    if let Some(version) = real.file_name()?.to_str()?.strip_prefix("python").and_then(minor) {
        return Some(version);
    }
    let folder = program.parent()?;
    if folder.file_name()? != "shims" {
        return None;
    }
    let setting = std::fs::read_to_string(folder.parent()?.join("version")).ok()?;
    let mut parts = setting.split_whitespace().next()?.split('.');
    minor(&format!("{}.{}", parts.next()?, parts.next()?))
}

/// The version of the Python at hand, such as `3.11`.
pub(crate) fn python_version(settings: &Settings, runner: &dyn Runner) -> Option<String> {
    let program = python(settings)?;
    if let Some(version) = version_of_path(&program) {
        return Some(version);
    }
    let code = "import sys; print('%d.%d' % sys.version_info[:2])";
    // Isolated, so that nothing in the project or its environment is imported.
    let spec = CommandSpec::new(program).args(["-I", "-c", code]).timeout(Duration::from_secs(20));
    let output = runner.run(&spec).ok().filter(uvshift_process::Output::success)?;
    Some(output.stdout_text().trim().to_owned()).filter(|version| version.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test makes its files")]
    fn the_place_of_a_python_tells_its_version() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, text).unwrap();
            path
        };
        assert_eq!(version_of_path(&write("bin/python3.12", "")).as_deref(), Some("3.12"));
        assert_eq!(version_of_path(&write("bin/python3", "")), None);
        write("root/version", "3.10.4\n3.9.1\n");
        assert_eq!(version_of_path(&write("root/shims/python3", "")).as_deref(), Some("3.10"));
        write("other/version", "system\n");
        assert_eq!(version_of_path(&write("other/shims/python3", "")), None);
    }

    /// The rule is tried where programs need no ending; that they have one on Windows is for `find_program` to know.
    #[test]
    #[cfg(unix)]
    #[expect(clippy::disallowed_methods, reason = "the test makes its files")]
    fn a_python_of_the_store_is_the_last_that_is_taken() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        for file in
            ["Microsoft/WindowsApps/python", "Microsoft/WindowsApps/python3", "launcher/py", "own/python"]
        {
            std::fs::create_dir_all(at(file).parent().unwrap()).unwrap();
            std::fs::write(at(file), "").unwrap();
            std::fs::set_permissions(at(file), std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        let found = |folders: &[&str]| {
            python_of_windows(&std::env::join_paths(folders.iter().map(|folder| at(folder))).unwrap())
        };
        let store = "Microsoft/WindowsApps";
        assert_eq!(found(&[store, "launcher", "own"]), Some(at("own/python")));
        assert_eq!(found(&[store, "launcher"]), Some(at("launcher/py")));
        assert_eq!(found(&[store]), Some(at("Microsoft/WindowsApps/python")));
        assert_eq!(found(&[]), None);
    }
}

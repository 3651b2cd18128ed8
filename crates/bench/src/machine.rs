//! The machine and its state, read from files of the system; what the system does not tell is `None`.

mod mounts;

use std::fs;
use std::path::Path;
use std::time::Duration;

use uvshift_process::{CommandSpec, Measurer};

use crate::model::Machine;

impl Machine {
    /// The facts that hold for a run whose environments are below `work` and whose caches are below `caches`.
    ///
    /// Linux tells all of it in `/proc` and `/etc/os-release`. On macOS `sysctl` and `sw_vers` are asked through `measurer`; on
    /// Windows only what the standard library knows is there.
    pub fn read(work: &Path, caches: &Path, measurer: &dyn Measurer) -> Self {
        let ask = |program: &str, arguments: &[&str]| ask(measurer, program, arguments);
        let macos = cfg!(target_os = "macos");
        let sysctl = |name: &str| macos.then(|| ask("/usr/sbin/sysctl", &["-n", name])).flatten();
        let release = os_release().or_else(|| {
            let version = macos.then(|| ask("/usr/bin/sw_vers", &["-productVersion"])).flatten()?;
            Some(format!("macOS {version}"))
        });
        Self {
            os: std::env::consts::OS.to_owned(),
            release,
            architecture: std::env::consts::ARCH.to_owned(),
            processor: processor().or_else(|| sysctl("machdep.cpu.brand_string")),
            cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            memory: memory().or_else(|| sysctl("hw.memsize")?.parse().ok()),
            load: load().or_else(|| load_of_sysctl(&sysctl("vm.loadavg")?)),
            file_system: mounts::file_system(work),
            same_device: same_device(work, caches),
            link_mode: None,
            python: None,
        }
    }
}

/// The load average over one minute, where a file tells it.
pub(crate) fn load() -> Option<f64> {
    let text = system_file("/proc/loadavg")?;
    text.split_whitespace().next()?.parse().ok()
}

/// `{ 1.52 1.40 1.33 }`
fn load_of_sysctl(text: &str) -> Option<f64> {
    text.split_whitespace().find_map(|word| word.parse().ok())
}

fn os_release() -> Option<String> {
    value_of(&system_file("/etc/os-release")?, "PRETTY_NAME", '=')
}

fn processor() -> Option<String> {
    let text = system_file("/proc/cpuinfo")?;
    // ARM tells no model name, but sometimes the board.
    ["model name", "Model", "Hardware"].iter().find_map(|key| value_of(&text, key, ':'))
}

fn memory() -> Option<u64> {
    let text = value_of(&system_file("/proc/meminfo")?, "MemTotal", ':')?;
    text.strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// The value of the first line with this key.
fn value_of(text: &str, key: &str, separator: char) -> Option<String> {
    text.lines().find_map(|line| {
        let (found, value) = line.split_once(separator)?;
        let value = value.trim().trim_matches('"');
        (found.trim() == key && !value.is_empty()).then(|| value.to_owned())
    })
}

/// A file of the system, none of which is large.
fn system_file(path: &str) -> Option<String> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    fs::File::open(path).ok()?.take(1 << 20).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn ask(measurer: &dyn Measurer, program: &str, arguments: &[&str]) -> Option<String> {
    let spec = CommandSpec::new(program).args(arguments).timeout(Duration::from_secs(5));
    let answer = measurer.measure(&spec).ok().filter(|it| it.status.success())?;
    let text = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// Whether two folders are on one device, so that files of one can be linked into the other.
#[cfg(unix)]
fn same_device(left: &Path, right: &Path) -> Option<bool> {
    use std::os::unix::fs::MetadataExt as _;
    Some(fs::metadata(left).ok()?.dev() == fs::metadata(right).ok()?.dev())
}

#[cfg(not(unix))]
fn same_device(left: &Path, right: &Path) -> Option<bool> {
    let drive =
        |path: &Path| path.canonicalize().ok()?.components().next().map(|it| it.as_os_str().to_owned());
    Some(drive(left)? == drive(right)?)
}

/// How uv has put the files of `environment` there, from one of its files. A clone cannot be told from a copy by looking, so
/// what is no link is a clone where the file system can do it, since uv tries that first.
pub(crate) fn link_mode(site_packages: &Path, file_system: Option<&str>) -> Option<String> {
    let file = first_file(site_packages, 0)?;
    let found = file.symlink_metadata().ok()?;
    if found.is_symlink() {
        return Some("symlink".to_owned());
    }
    #[cfg(unix)]
    if std::os::unix::fs::MetadataExt::nlink(&found) > 1 {
        return Some("hardlink".to_owned());
    }
    // Windows tells the number of links to nobody without `unsafe`; hard links are what uv makes there.
    if cfg!(windows) {
        return None;
    }
    let clones = file_system.is_some_and(|kind| ["apfs", "bcachefs", "btrfs", "xfs", "zfs"].contains(&kind));
    Some(if clones { "clone" } else { "copy" }.to_owned())
}

/// A Python file below `folder` that an installer has put there.
fn first_file(folder: &Path, depth: u32) -> Option<std::path::PathBuf> {
    let mut entries: Vec<_> = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    // Files of the site-packages folder itself are often those of the environment, such as `_virtualenv.py`.
    let file = |path: &&std::path::PathBuf| depth > 0 && path.extension().is_some_and(|it| it == "py");
    if let Some(found) = entries.iter().find(file) {
        return Some(found.clone());
    }
    let folders = entries.iter().filter(|path| path.is_dir() && !path.is_symlink() && depth < 4);
    folders.into_iter().find_map(|path| first_file(path, depth + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uvshift_process::SystemMeasurer;

    #[test]
    fn values_are_found_by_their_keys() {
        let text = "NAME=\"X\"\nPRETTY_NAME=\"Some Linux 12 (name)\"\nEMPTY=\n";
        assert_eq!(value_of(text, "PRETTY_NAME", '=').as_deref(), Some("Some Linux 12 (name)"));
        assert_eq!(value_of(text, "EMPTY", '='), None);
        assert_eq!(load_of_sysctl("{ 1.52 1.40 1.33 }"), Some(1.52));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn linux_tells_all_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let machine = Machine::read(folder.path(), folder.path(), &SystemMeasurer::new(folder.path()));
        assert_eq!((&*machine.os, machine.same_device), ("linux", Some(true)));
        assert!(machine.cores >= 1 && machine.memory.is_some_and(|bytes| bytes > 64 << 20), "{machine:?}");
        assert!(machine.load.is_some() && machine.file_system.is_some(), "{machine:?}");
        // `/proc` is another device than any folder one can write to.
        assert_eq!(same_device(folder.path(), Path::new("/proc")), Some(false));
    }

    #[test]
    #[cfg(unix)]
    fn the_way_of_linking_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let package = folder.path().join("package");
        fs::create_dir(&package).unwrap();
        fs::File::create(package.join("__init__.py")).unwrap();
        assert_eq!(link_mode(folder.path(), Some("ext4")).as_deref(), Some("copy"));
        assert_eq!(link_mode(folder.path(), Some("btrfs")).as_deref(), Some("clone"));
        fs::hard_link(package.join("__init__.py"), folder.path().join("other")).unwrap();
        assert_eq!(link_mode(folder.path(), Some("btrfs")).as_deref(), Some("hardlink"));
    }
}

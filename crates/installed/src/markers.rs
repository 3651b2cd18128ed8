//! The values of environment markers, as far as the files of an environment tell them.

use uvshift_requirements::{Marker, MarkerVariable};

use crate::Config;
use crate::conda::CondaPackage;
use crate::layout::Packages;

/// The Python of an environment.
///
/// The machine is taken to be the one that reads; an environment of another one is told by its layout only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interpreter {
    /// `3.11.7`, or `3.11` where only the layout tells; empty where nothing does.
    pub version: String,
    /// `3.11`
    pub minor: String,
    /// `CPython` or `PyPy`
    pub implementation: String,
    /// Whether the layout is that of Windows.
    pub windows: bool,
}

impl Interpreter {
    pub(crate) fn of(config: &Config, packages: &[Packages], conda: &[CondaPackage]) -> Self {
        let layout = packages.iter().find_map(|packages| packages.python.clone()).unwrap_or_default();
        let of_layout =
            layout.trim_start_matches(|letter: char| letter.is_ascii_alphabetic()).trim_end_matches('t');
        let of_conda =
            conda.iter().find(|package| package.name == "python").map(|package| package.version.as_str());
        let version = config.version.as_deref().or(of_conda).unwrap_or(of_layout).to_owned();
        let minor = version.split('.').take(2).collect::<Vec<_>>().join(".");
        let is_pypy = layout.starts_with("pypy")
            || config.implementation.as_deref().is_some_and(|name| name.eq_ignore_ascii_case("pypy"));
        Self {
            minor,
            version,
            implementation: if is_pypy { "PyPy" } else { "CPython" }.to_owned(),
            windows: packages.iter().all(|packages| packages.windows) && !packages.is_empty(),
        }
    }

    /// Whether a marker holds here with one extra, or with none. A marker that needs what is not known does not hold.
    pub fn holds(&self, marker: &str, extra: Option<&str>) -> bool {
        let Ok(marker) = Marker::parse(marker) else { return false };
        marker.evaluate(|variable| self.value(variable, extra)).unwrap_or(false)
    }

    fn value<'a>(&'a self, variable: MarkerVariable, extra: Option<&'a str>) -> Option<&'a str> {
        let mac = cfg!(target_os = "macos");
        let choose = |windows: &'static str, mac_value: &'static str, other: &'static str| match self.windows
        {
            true => windows,
            false if mac => mac_value,
            false => other,
        };
        let known = |text: &'a str| Some(text).filter(|text| !text.is_empty());
        match variable {
            MarkerVariable::PythonVersion => known(&self.minor),
            MarkerVariable::PythonFullVersion => known(&self.version),
            // PyPy has a version of its own, which nothing here tells.
            MarkerVariable::ImplementationVersion => {
                known(&self.version).filter(|_| self.implementation == "CPython")
            }
            MarkerVariable::OsName => Some(choose("nt", "posix", "posix")),
            MarkerVariable::SysPlatform => Some(choose("win32", "darwin", "linux")),
            MarkerVariable::PlatformSystem => Some(choose("Windows", "Darwin", "Linux")),
            MarkerVariable::PlatformMachine => Some(self.machine()),
            MarkerVariable::PlatformPythonImplementation => Some(&self.implementation),
            MarkerVariable::ImplementationName => {
                Some(if self.implementation == "PyPy" { "pypy" } else { "cpython" })
            }
            MarkerVariable::Extra => Some(extra.unwrap_or_default()),
            _ => None,
        }
    }

    /// `platform.machine()` of the machine that reads.
    fn machine(&self) -> &'static str {
        match std::env::consts::ARCH {
            "x86_64" if self.windows => "AMD64",
            "aarch64" if self.windows => "ARM64",
            "aarch64" if cfg!(target_os = "macos") => "arm64",
            other => other,
        }
    }
}

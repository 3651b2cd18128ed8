//! The environments in which markers are compared.

use pep508_rs::{MarkerEnvironment, MarkerEnvironmentBuilder};

use crate::marker::MarkerVariable;

/// One Python on one system.
#[derive(Debug, Clone, Copy)]
pub(super) struct Environment {
    pub(super) python_version: &'static str,
    pub(super) python_full_version: &'static str,
    pub(super) sys_platform: &'static str,
    platform_system: &'static str,
    os_name: &'static str,
    platform_machine: &'static str,
    implementation_name: &'static str,
    platform_python_implementation: &'static str,
}

/// Every supported Python on the common systems, processors and implementations.
pub(super) fn environments() -> impl Iterator<Item = Environment> {
    const SYSTEMS: [(&str, &str, &str); 4] = [
        ("linux", "Linux", "posix"),
        ("darwin", "Darwin", "posix"),
        ("win32", "Windows", "nt"),
        ("cygwin", "CYGWIN_NT-10.0", "posix"),
    ];
    const PYTHONS: [(&str, &str); 14] = [
        ("2.7", "2.7.18"),
        ("3.5", "3.5.10"),
        ("3.6", "3.6.15"),
        ("3.7", "3.7.17"),
        ("3.8", "3.8.0"),
        ("3.8", "3.8.20"),
        ("3.9", "3.9.21"),
        ("3.10", "3.10.0"),
        ("3.10", "3.10.16"),
        ("3.11", "3.11.11"),
        ("3.12", "3.12.8"),
        ("3.13", "3.13.1"),
        ("3.14", "3.14.0"),
        ("4.0", "4.0.0"),
    ];
    const MACHINES: [&str; 4] = ["x86_64", "aarch64", "arm64", "AMD64"];
    const IMPLEMENTATIONS: [(&str, &str); 2] = [("cpython", "CPython"), ("pypy", "PyPy")];
    PYTHONS.into_iter().flat_map(|(python_version, python_full_version)| {
        SYSTEMS.into_iter().flat_map(move |(sys_platform, platform_system, os_name)| {
            MACHINES.into_iter().flat_map(move |platform_machine| {
                IMPLEMENTATIONS.into_iter().map(
                    move |(implementation_name, platform_python_implementation)| Environment {
                        python_version,
                        python_full_version,
                        sys_platform,
                        platform_system,
                        os_name,
                        platform_machine,
                        implementation_name,
                        platform_python_implementation,
                    },
                )
            })
        })
    })
}

impl Environment {
    /// Whether a wheel may have been built in it: `CPython` from 3.9 on, on a system like this one.
    pub(super) fn is_like_here(&self) -> bool {
        let system = match std::env::consts::OS {
            "macos" => "darwin",
            "windows" => "win32",
            other => other,
        };
        let old = ["2.7", "3.5", "3.6", "3.7", "3.8"];
        self.sys_platform == system
            && self.platform_python_implementation == "CPython"
            && !old.contains(&self.python_version)
    }

    /// The same for `pep508_rs`.
    pub(super) fn for_uv(&self) -> Option<MarkerEnvironment> {
        MarkerEnvironment::try_from(MarkerEnvironmentBuilder {
            implementation_name: self.implementation_name,
            implementation_version: self.python_full_version,
            os_name: self.os_name,
            platform_machine: self.platform_machine,
            platform_python_implementation: self.platform_python_implementation,
            platform_release: "6.1.0",
            platform_system: self.platform_system,
            platform_version: "#1 SMP",
            python_full_version: self.python_full_version,
            python_version: self.python_version,
            sys_platform: self.sys_platform,
        })
        .ok()
    }

    /// The value of a variable for pip, with one extra asked for or none (empty).
    pub(super) fn value<'a>(&self, variable: MarkerVariable, extra: &'a str) -> Option<&'a str> {
        Some(match variable {
            MarkerVariable::PythonVersion => self.python_version,
            MarkerVariable::PythonFullVersion | MarkerVariable::ImplementationVersion => {
                self.python_full_version
            }
            MarkerVariable::OsName => self.os_name,
            MarkerVariable::SysPlatform => self.sys_platform,
            MarkerVariable::PlatformRelease => "6.1.0",
            MarkerVariable::PlatformSystem => self.platform_system,
            MarkerVariable::PlatformVersion => "#1 SMP",
            MarkerVariable::PlatformMachine => self.platform_machine,
            MarkerVariable::PlatformPythonImplementation => self.platform_python_implementation,
            MarkerVariable::ImplementationName => self.implementation_name,
            MarkerVariable::Extra => extra,
            MarkerVariable::Extras | MarkerVariable::DependencyGroups => return None,
        })
    }
}

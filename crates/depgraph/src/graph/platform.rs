//! Markers for a platform that is not at hand.

use uvshift_requirements::{Marker, MarkerVariable};

/// An operating system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Platform {
    /// Linux.
    Linux,
    /// macOS.
    Macos,
    /// Windows.
    Windows,
}

/// Where something is to be installed, as far as that is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Target {
    /// The operating system.
    pub platform: Option<Platform>,
    /// The Python, such as `3.12` or `3.12.1`.
    pub python: Option<String>,
}

impl Target {
    /// Whether a marker can hold there. What is not known, such as the machine, can be anything, and so can a marker that cannot
    /// be read.
    pub fn can_hold(&self, marker: &str) -> bool {
        let Ok(marker) = Marker::parse(marker) else { return true };
        let minor: Option<String> =
            self.python.as_ref().map(|python| python.split('.').take(2).collect::<Vec<_>>().join("."));
        // Of 3.12 nobody knows which 3.12.x it is; the comparisons that locks hold are about minor versions.
        let full = self.python.as_ref().map(|python| match python.matches('.').count() {
            0 | 1 => format!("{python}.0"),
            _ => python.clone(),
        });
        marker.can_hold(|variable| match variable {
            MarkerVariable::PythonVersion => minor.as_deref(),
            MarkerVariable::PythonFullVersion => full.as_deref(),
            other => self.platform.and_then(|platform| of_platform(platform, other)),
        })
    }
}

fn of_platform(platform: Platform, variable: MarkerVariable) -> Option<&'static str> {
    let [os_name, sys_platform, platform_system] = match platform {
        Platform::Linux => ["posix", "linux", "Linux"],
        Platform::Macos => ["posix", "darwin", "Darwin"],
        Platform::Windows => ["nt", "win32", "Windows"],
    };
    match variable {
        MarkerVariable::OsName => Some(os_name),
        MarkerVariable::SysPlatform => Some(sys_platform),
        MarkerVariable::PlatformSystem => Some(platform_system),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_can_be_anything() {
        let windows = Target { platform: Some(Platform::Windows), python: Some("3.12".to_owned()) };
        assert!(!windows.can_hold("sys_platform == 'linux'"));
        assert!(windows.can_hold("os_name == 'nt' and platform_machine == 'arm64'"));
        assert!(!windows.can_hold("sys_platform == 'darwin' and platform_machine == 'arm64'"));
        assert!(!windows.can_hold("python_version < '3.12'"));
        assert!(windows.can_hold("python_full_version >= '3.12' and extra == 'x'"));
        assert!(windows.can_hold("this is no marker"));
        assert!(Target::default().can_hold("sys_platform == 'linux' and python_version < '3'"));
    }
}

//! Whether a run was warm. Only what a tool itself says counts, and what is not recognised is not warm.

use super::disk::count_files;
use std::path::Path;

/// What is known of a cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Warmth {
    /// Everything came from the cache.
    Warm,
    /// Something did not, and this says what.
    Cold(String),
    /// The tool said nothing that is understood.
    Unknown(String),
}

/// What uv says with `-v`, from one version on. Checked by running these versions.
struct UvWords {
    since: (u32, u32),
    cached: &'static str,
    uncached: &'static str,
    prepared: &'static str,
}

/// The newest first.
const UV_WORDS: [UvWords; 1] = [UvWords {
    since: (0, 4),
    cached: " already cached: ",
    uncached: "Identified uncached distribution: ",
    prepared: "Prepared ",
}];

fn words(version: &str) -> Option<&'static UvWords> {
    let mut parts = version.split('.').map(|part| part.parse::<u32>().ok());
    let version = (parts.next()??, parts.next()??);
    UV_WORDS.iter().find(|row| row.since <= version)
}

/// Judges an install by uv with `-v` of `expected` packages.
pub(super) fn of_verbose_uv(version: &str, stderr: &str, expected: usize) -> Warmth {
    let Some(words) = words(version) else {
        return Warmth::Unknown(format!("what uv {version} says of its cache is not known"));
    };
    let count = |text: &str| stderr.lines().filter(|line| line.contains(text)).count();
    let (cached, uncached) = (count(words.cached), count(words.uncached));
    if uncached > 0 || stderr.lines().any(|line| line.starts_with(words.prepared)) {
        return Warmth::Cold(format!("uv had {cached} of {expected} packages in its cache"));
    }
    if cached == expected {
        Warmth::Warm
    } else {
        Warmth::Unknown(format!("uv told of {cached} cached packages instead of {expected}"))
    }
}

/// Judges a measured install by uv, which tells only when it had to fetch or unpack something.
pub(super) fn of_quiet_uv(version: &str, stderr: &str) -> Warmth {
    let Some(words) = words(version) else {
        return Warmth::Unknown(format!("what uv {version} says is not known"));
    };
    match stderr.lines().find(|line| line.starts_with(words.prepared)) {
        Some(line) => Warmth::Cold(format!("uv said `{line}`")),
        None => Warmth::Warm,
    }
}

/// What pip says it did with packages.
#[derive(Debug, Default, PartialEq, Eq)]
struct PipSaid {
    cached: usize,
    downloaded: usize,
    local: usize,
}

fn pip_said(stdout: &str) -> PipSaid {
    let mut said = PipSaid::default();
    for line in stdout.lines().map(str::trim_start) {
        if line.starts_with("Downloading ") {
            said.downloaded += 1;
        } else if let Some(cached) = line.strip_prefix("Using cached ") {
            // Metadata that comes apart from its wheel is no package.
            said.cached += usize::from(!cached.split(' ').next().unwrap_or_default().ends_with(".metadata"));
        } else if line.starts_with("Processing ") {
            said.local += 1;
        }
    }
    said
}

/// Judges an install by pip of `expected` packages from what it said.
pub(super) fn of_pip(stdout: &str, expected: usize) -> Warmth {
    let PipSaid { cached, downloaded, local } = pip_said(stdout);
    if downloaded > 0 {
        return Warmth::Cold(format!(
            "pip downloaded {downloaded} file(s); it caches nothing from an index without HTTPS or cache headers"
        ));
    }
    if cached == 0 && local > 0 {
        return Warmth::Cold("pip took everything from local files, which it does not cache".to_owned());
    }
    if cached > 0 && cached + local >= expected {
        Warmth::Warm
    } else {
        Warmth::Unknown(format!("pip told of {cached} cached packages instead of {expected}"))
    }
}

/// The files of a cache before and after a run that shall have been warm.
pub(super) fn of_cache(before: u64, folder: &Path) -> Warmth {
    let after = count_files(folder);
    if before == 0 {
        Warmth::Cold("its cache is empty".to_owned())
    } else if after > before {
        Warmth::Cold(format!("its cache grew from {before} to {after} files"))
    } else {
        Warmth::Warm
    }
}

impl Warmth {
    /// The worse of the two, the first when they are equally bad.
    pub(super) fn and(self, other: impl FnOnce() -> Self) -> Self {
        if self == Self::Warm { other() } else { self }
    }

    /// Why it is not warm.
    pub(super) fn why(&self) -> Option<&str> {
        match self {
            Self::Warm => None,
            Self::Cold(why) | Self::Unknown(why) => Some(why),
        }
    }
}

#[cfg(test)]
mod tests;

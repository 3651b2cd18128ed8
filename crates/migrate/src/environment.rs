//! The versions that an existing environment holds.

use std::path::{Path, PathBuf};

use uvshift_project::{Pin, Provenance};
use uvshift_requirements::normalize_name;

use crate::{Error, Options};

/// Tools that every environment has and no project depends on by having them.
const INSTALLERS: [&str; 4] = ["pip", "setuptools", "wheel", "uv"];

/// The pins of the environment that the options name.
pub(crate) fn pins(options: &Options) -> Result<Vec<Pin>, Error> {
    let Some(environment) = &options.environment else { return Ok(Vec::new()) };
    if !environment.join("pyvenv.cfg").is_file() {
        return Err(Error::NotAnEnvironment { path: environment.clone() });
    }
    let mut pins = Vec::new();
    for folder in site_packages(environment) {
        let entries =
            std::fs::read_dir(&folder).map_err(|source| Error::Read { path: folder.clone(), source })?;
        for entry in entries.flatten() {
            let file = entry.file_name().to_string_lossy().into_owned();
            if let Some(stem) = file.strip_suffix(".dist-info")
                && let Some((name, version)) = stem.rsplit_once('-')
                && !entry.path().join("direct_url.json").exists()
                && !INSTALLERS.contains(&name)
            {
                let from = Provenance::new(file.clone(), 1);
                pins.push(Pin {
                    name: normalize_name(name),
                    version: version.to_owned(),
                    marker: None,
                    from,
                });
            }
        }
    }
    pins.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(pins)
}

/// `lib/python3.X/site-packages`, or `Lib/site-packages` on Windows.
fn site_packages(environment: &Path) -> Vec<PathBuf> {
    let windows = environment.join("Lib").join("site-packages");
    let unix = std::fs::read_dir(environment.join("lib")).into_iter().flatten().flatten();
    let unix = unix.map(|entry| entry.path().join("site-packages"));
    unix.chain([windows]).filter(|folder| folder.is_dir()).collect()
}

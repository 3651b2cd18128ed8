//! What is installed already: read from an environment, and written into the journal for `verify`.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use uvshift_installed::Environment;
use uvshift_project::{Installed, InstalledPackage, Place, Provenance, RootsKnown};

use crate::{Error, Options};

/// What `pip freeze` and the environment say; the first one counts where both have a version.
pub(crate) fn installed(root: &Path, options: &Options) -> Result<Vec<Installed>, Error> {
    let mut installed: Vec<Installed> = options.frozen.iter().cloned().collect();
    if let Some(path) = &options.environment {
        let environment = Environment::read(path)?;
        let shown = path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        installed.push(Installed::of_environment(&environment, &shown, root));
    }
    Ok(installed)
}

/// The Python of the environment, and the phrase for it.
pub(crate) fn python(installed: &[Installed]) -> Option<(String, &'static str)> {
    let version = installed.iter().map(|found| &found.python).find(|version| !version.is_empty())?;
    Some((version.clone(), "the Python of the environment"))
}

/// For the journal, because the environment may be gone when somebody verifies.
pub(crate) fn to_json(installed: &[Installed]) -> Value {
    let package = |found: &InstalledPackage| {
        json!({
            "name": found.name,
            "version": found.version,
            "root": found.root,
            "extras": found.extras,
            "seed": found.seed,
            "place": place_to_json(&found.place),
            "file": found.from.file,
            "line": found.from.line,
        })
    };
    let all = installed.iter().map(|found| {
        let packages: Vec<Value> = found.packages.iter().map(package).collect();
        json!({ "shown": found.shown, "roots": found.roots != RootsKnown::No, "packages": packages })
    });
    Value::Array(all.collect())
}

fn place_to_json(place: &Place) -> Value {
    match place {
        Place::Index => json!(["index"]),
        Place::Git { url, commit, subdirectory } => json!(["git", url, commit, subdirectory]),
        Place::Url { url, subdirectory } => json!(["url", url, subdirectory]),
        Place::Path { path, editable } => json!(["path", path.to_string_lossy(), editable]),
        Place::Other(what) => json!(["other", what]),
    }
}

/// The reverse of [`to_json`]; what is not there is empty.
pub(crate) fn from_json(value: &Value) -> Vec<Installed> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let package = |found: &Value| InstalledPackage {
        name: text(&found["name"]),
        version: text(&found["version"]),
        root: found["root"] == true,
        extras: found["extras"].as_array().into_iter().flatten().map(text).collect(),
        seed: found["seed"] == true,
        place: place_of_json(&found["place"]),
        // It was said when the project was migrated.
        had_credentials: false,
        from: Provenance::new(
            text(&found["file"]),
            found["line"].as_u64().and_then(|line| line.try_into().ok()).unwrap_or(1),
        ),
    };
    let all = value.as_array().into_iter().flatten().map(|found| Installed {
        shown: text(&found["shown"]),
        what: "environment",
        packages: found["packages"].as_array().into_iter().flatten().map(package).collect(),
        roots: if found["roots"] == true { RootsKnown::Marked } else { RootsKnown::No },
        unread: Vec::new(),
        python: String::new(),
        diagnostics: Vec::new(),
    });
    all.collect()
}

fn place_of_json(value: &Value) -> Place {
    let text = |at: usize| value[at].as_str().map(str::to_owned);
    let needed = |at: usize| text(at).unwrap_or_default();
    match value[0].as_str() {
        Some("git") => Place::Git { url: needed(1), commit: needed(2), subdirectory: text(3) },
        Some("url") => Place::Url { url: needed(1), subdirectory: text(2) },
        Some("path") => Place::Path { path: PathBuf::from(needed(1)), editable: value[2] == true },
        Some("other") => Place::Other(needed(1)),
        _ => Place::Index,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_journal_holds_is_what_was_installed() {
        let text = "a==1\n-e git+https://git.example/b@0123456789abcdef0123456789abcdef01234567#egg=b&subdirectory=x\n\
                    c @ https://files.example/c-1.0.tar.gz\nd @ file:///wheels/d-1.0-py3-none-any.whl\n\
                    # Editable install with no version control (e==1)\n-e /srv/e\n-e hg+https://hg.example/f@1#egg=f\npip==25\n";
        let mut installed = Installed::of_freeze("freeze.txt", text);
        assert_eq!((installed.packages.len(), &installed.unread[..]), (7, &[][..]));
        installed.packages[0].extras.push("x".to_owned());
        let read = from_json(&to_json(std::slice::from_ref(&installed)));
        assert_eq!(read[0].packages, installed.packages);
        assert_eq!(from_json(&Value::Null), []);
    }
}

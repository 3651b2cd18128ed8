//! Fields of `[project]` that the old backend filled in.

use std::str::FromStr as _;

use pep440_rs::{Version, VersionSpecifiers};
use uvshift_pyproject::{PyProject, Value};

use super::contents::{is_kind, join, texts};
use super::{Packed, Stay, flit, licence};
use crate::{BuildBackend, Manifest, Provenance, codes};

/// What the fields become.
#[derive(Debug, Default)]
pub(super) struct Fields {
    /// Fields that are written out.
    written: Vec<(&'static str, Value)>,
    /// Settings of `[tool.hatch.version]`.
    version: Vec<(&'static str, Value)>,
}

impl Fields {
    pub(super) fn apply(self, document: &PyProject, manifest: &mut Manifest, from: &Provenance) {
        let rest: &[&str] = if self.version.is_empty() { &[] } else { &["version"] };
        let before = document.value(&["project", "dynamic"]).as_ref().map(texts).unwrap_or_default();
        if before != rest {
            manifest.remove(&["project", "dynamic"], from);
            manifest.metadata.dynamic = rest.iter().map(|field| (*field).to_owned()).collect();
        }
        for (field, value) in self.written {
            manifest.set(&["project"], field, value, from);
        }
        for (key, value) in self.version {
            manifest.set(&["tool", "hatch", "version"], key, value, from);
        }
    }
}

/// Works out how the new backend knows what the old one filled in.
pub(super) fn fields(packed: &Packed<'_>, old: &str, wanted: BuildBackend) -> Result<Fields, Stay> {
    let mut fields = Fields::default();
    let stays =
        |field: &str| Stay::new(codes::M072, format!("only {old} can fill in `{field}`, which is dynamic"));
    for field in packed.texts(&["project", "dynamic"]) {
        match (field.as_str(), old) {
            ("version", _) if wanted == BuildBackend::UvBuild => {
                return Err(Stay::new(
                    codes::M072,
                    "uv_build needs the version in pyproject.toml, and it is dynamic",
                ));
            }
            ("version", _) => fields.version = version(packed, old).ok_or_else(|| stays("version"))?,
            ("description", "flit-core") => {
                let summary = summary(packed).ok_or_else(|| stays("description"))?;
                fields.written.push(("description", Value::String(summary)));
            }
            ("readme", "setuptools") => {
                let readme = readme(packed).ok_or_else(|| stays("readme"))?;
                fields.written.push(("readme", readme));
            }
            // Said below, because it need not be called dynamic.
            ("classifiers", "poetry-core") => {}
            // setuptools fills these in from nothing but a file or its own table.
            (other, "setuptools")
                if !packed.has(&["tool", "setuptools", "dynamic", other])
                    && other != "optional-dependencies" => {}
            (other, _) => return Err(stays(other)),
        }
    }
    if old == "poetry-core" && !packed.document.has_project_field("classifiers") {
        let classifiers = classifiers(packed, wanted).ok_or_else(|| stays("classifiers"))?;
        fields.written.push(("classifiers", Value::strings(classifiers)));
    }
    Ok(fields)
}

/// The file that holds the version, and how it is found there.
fn version(packed: &Packed<'_>, old: &str) -> Option<Vec<(&'static str, Value)>> {
    match old {
        "flit-core" => {
            let root = packed.module(&flit::module_name(packed)).ok()?;
            let file = if is_kind(&root.from, "py") { root.from } else { join(&root.from, "__init__.py") };
            assigned(packed, &file, "__version__")
        }
        "pdm-backend" => {
            let table = |key: &'static str| packed.text(&["tool", "pdm", "version", key]);
            if table("source").as_deref() != Some("file") || table("pattern").is_some() {
                return None;
            }
            assigned(packed, &table("path")?, "__version__")
        }
        "setuptools" => {
            let dynamic = ["tool", "setuptools", "dynamic", "version"];
            if let Some(attribute) = packed.text(&[&dynamic[..], &["attr"]].concat()) {
                let (module, name) = attribute.rsplit_once('.')?;
                let path = module.replace('.', "/");
                let folders = ["", "src", "lib"].into_iter();
                let mut files = folders.flat_map(|folder| {
                    [join(folder, &format!("{path}.py")), join(folder, &format!("{path}/__init__.py"))]
                });
                let file = files.find(|file| packed.tree.has(file))?;
                return assigned(packed, &file, name);
            }
            let files = packed.texts(&[&dynamic[..], &["file"]].concat());
            let [file] = files.as_slice() else { return None };
            let path = Value::String(file.clone());
            Some(vec![("path", path), ("pattern", Value::from(r"^\s*(?P<version>\S+)"))])
        }
        _ => None,
    }
}

/// Settings that find a text that is assigned to a name.
fn assigned(packed: &Packed<'_>, file: &str, name: &str) -> Option<Vec<(&'static str, Value)>> {
    let text = packed.tree.text(file)?;
    let mut lines = text.lines().filter(|line| {
        let value = line.strip_prefix(name).map(str::trim_start).and_then(|rest| rest.strip_prefix('='));
        value.is_some_and(|value| value.trim_start().starts_with(['"', '\'']))
    });
    // The first one is found, and another one may hold.
    if lines.next().is_none() || lines.next().is_some() {
        return None;
    }
    let mut settings = vec![("path", Value::from(file))];
    if !matches!(name, "__version__" | "VERSION") {
        let pattern = format!(r#"^{name}\s*=\s*['"](?P<version>[^'"]+)['"]"#);
        settings.push(("pattern", Value::String(format!("(?m){pattern}"))));
    }
    Some(settings)
}

/// The first line of the documentation of flit's module.
fn summary(packed: &Packed<'_>) -> Option<String> {
    let root = packed.module(&flit::module_name(packed)).ok()?;
    let file = if is_kind(&root.from, "py") { root.from } else { join(&root.from, "__init__.py") };
    let text = packed.tree.text(&file)?;
    let code = text.lines().skip_while(|line| line.trim().is_empty() || line.trim_start().starts_with('#'));
    let code = code.collect::<Vec<_>>().join("\n");
    let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| code.starts_with(quote))?;
    let (inner, _) = code.strip_prefix(quote)?.split_once(quote)?;
    let first = inner.trim_start().lines().next()?.trim();
    // Escapes would have to be read as Python reads them.
    (!first.is_empty() && !first.contains('\\')).then(|| first.to_owned())
}

/// `readme = { file = "README.md" }` of setuptools' own table.
fn readme(packed: &Packed<'_>) -> Option<Value> {
    let table = ["tool", "setuptools", "dynamic", "readme"];
    let files = packed.texts(&[&table[..], &["file"]].concat());
    let [file] = files.as_slice() else { return None };
    Some(match packed.text(&[&table[..], &["content-type"]].concat()) {
        Some(kind) => Value::table([("file", file.as_str()), ("content-type", kind.as_str())]),
        None => Value::String(file.clone()),
    })
}

/// poetry-core 2.5 adds one for each Python that the project supports, and one for a licence that is a table.
fn classifiers(packed: &Packed<'_>, wanted: BuildBackend) -> Option<Vec<String>> {
    let mut found =
        packed.document.value(&["tool", "poetry", "classifiers"]).as_ref().map(texts).unwrap_or_default();
    let python = packed.document.requires_python().unwrap_or(">=2.7");
    let python = VersionSpecifiers::from_str(python).ok()?;
    let allows = |version: &str| Version::from_str(version).is_ok_and(|version| python.contains(&version));
    let minors = (4..=15).map(|minor| format!("3.{minor}"));
    let versions: Vec<String> = std::iter::once("2.7".to_owned()).chain(minors).collect();
    let supports = |major: &str| {
        versions.iter().filter(|version| version.starts_with(major)).any(|version| {
            // A bound such as `>=3.8.1` allows some 3.8 but not 3.8.0.
            [version.clone(), format!("{version}.99")].iter().any(|version| allows(version))
        })
    };
    let majors = ["2", "3"].into_iter().filter(|major| supports(major)).map(str::to_owned);
    let exact = versions.iter().filter(|version| allows(version)).cloned();
    let python: Vec<String> =
        majors.chain(exact).map(|version| format!("Programming Language :: Python :: {version}")).collect();
    found.retain(|classifier| !python.contains(classifier));
    // uv_build gets a licence expression, beside which no classifier may stand.
    let licence = packed.text(&["project", "license", "text"]).filter(|_| wanted != BuildBackend::UvBuild);
    found.extend(licence.and_then(|text| licence::classifier(text.trim())));
    found.sort();
    found.dedup();
    let at = found.iter().position(|classifier| classifier.as_str() > "Programming Language :: Python");
    let at = at.unwrap_or(found.len());
    found.splice(at..at, python);
    Some(found)
}

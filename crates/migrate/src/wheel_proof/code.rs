//! Whether a build runs code of the project.

use std::path::Path;

use toml_edit::{Item, TableLike};
use uvshift_pyproject::PyProject;

/// What of the project a build would run, if anything.
///
/// A backend that is not known, or a plugin of one, may run anything.
pub(super) fn run_by_build(root: &Path, document: Option<&PyProject>) -> Option<String> {
    let backend = document.and_then(PyProject::build_backend);
    let get = |path: &[&str]| document.and_then(|document| document.get(path));
    if get(&["build-system", "backend-path"]).is_some() {
        return Some("the build backend is part of the project".to_owned());
    }
    match backend.unwrap_or("setuptools.build_meta") {
        "setuptools.build_meta" | "setuptools.build_meta:__legacy__" => setuptools(root, &get),
        "poetry.core.masonry.api" => {
            get(&["tool", "poetry", "build"]).map(|_| "the build script of `tool.poetry.build`".to_owned())
        }
        "hatchling.build" => hatchling(&get),
        "flit_core.buildapi" => flit(root, &get),
        "pdm.backend" => pdm(root, &get),
        "uv_build" => None,
        other => Some(format!("what the build backend `{other}` does is not known")),
    }
}

type Get<'a> = dyn Fn(&[&str]) -> Option<&'a Item> + 'a;

fn setuptools(root: &Path, get: &Get<'_>) -> Option<String> {
    if root.join("setup.py").exists() {
        return Some("setup.py".to_owned());
    }
    for key in ["cmdclass", "ext-modules"] {
        if get(&["tool", "setuptools", key]).is_some() {
            return Some(format!("`tool.setuptools.{key}`"));
        }
    }
    let setup_cfg = std::fs::read_to_string(root.join("setup.cfg")).unwrap_or_default();
    if setup_cfg.contains("cmdclass") {
        return Some("`cmdclass` in setup.cfg".to_owned());
    }
    let dynamic = get(&["tool", "setuptools", "dynamic"]).and_then(Item::as_table_like);
    let attributes =
        dynamic.into_iter().flat_map(TableLike::iter).filter_map(|(_, item)| item.get("attr")?.as_str());
    let in_setup_cfg = setup_cfg.lines().filter_map(|line| Some(line.split_once("attr:")?.1.trim()));
    // setuptools reads a literal, and imports the module if it finds none.
    let mut attributes = attributes.chain(in_setup_cfg);
    let source = attributes.find(|attribute| !is_literal(root, attribute))?;
    Some(format!("the module that `attr: {source}` names may be imported"))
}

/// Whether `package.module.NAME` is assigned a text in its file, so that the file need not be run.
fn is_literal(root: &Path, attribute: &str) -> bool {
    let Some((module, name)) = attribute.rsplit_once('.') else { return false };
    let path = module.replace('.', "/");
    let places = ["", "src/", "lib/"]
        .into_iter()
        .flat_map(|folder| [format!("{folder}{path}.py"), format!("{folder}{path}/__init__.py")]);
    let texts = places.filter_map(|place| std::fs::read_to_string(root.join(place)).ok());
    texts.take(1).any(|text| assigns_literal(&text, name))
}

fn assigns_literal(text: &str, name: &str) -> bool {
    let assigned = |line: &str| {
        let rest = line.strip_prefix(name)?.trim_start();
        let value = match rest.strip_prefix(':') {
            Some(annotated) => annotated.split_once('=')?.1,
            None => rest.strip_prefix('=')?,
        };
        let value = value.split(" #").next().unwrap_or_default().trim();
        let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let inner = value.strip_prefix(quote)?.strip_suffix(quote)?;
        Some(!inner.contains([quote, '\\']))
    };
    // The last one counts, and all of them must be readable.
    let mut found = text.lines().filter(|line| is_assignment(line, name)).peekable();
    found.peek().is_some() && found.all(|line| assigned(line) == Some(true))
}

fn is_assignment(line: &str, name: &str) -> bool {
    line.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with(['=', ':']))
}

fn hatchling(get: &Get<'_>) -> Option<String> {
    let source = get(&["tool", "hatch", "version", "source"]).and_then(Item::as_str);
    if let Some(source) = source.filter(|source| !matches!(*source, "regex" | "vcs" | "env")) {
        return Some(format!("the version source `{source}` of `tool.hatch.version`"));
    }
    let places: [&[&str]; 4] = [
        &["tool", "hatch", "build", "hooks"],
        &["tool", "hatch", "build", "targets", "wheel", "hooks"],
        &["tool", "hatch", "metadata", "hooks"],
        &["tool", "hatch", "build", "targets", "custom"],
    ];
    places.into_iter().find_map(|place| {
        let hooks = get(place)?.as_table_like()?;
        // These write a file with the version, or read a text.
        let harmless = ["vcs", "version", "fancy-pypi-readme", "requirements_txt"];
        let (hook, _) = hooks.iter().find(|(hook, _)| !harmless.contains(hook))?;
        Some(format!("the hook `{hook}` of `{}`", place.join(".")))
    })
}

/// flit reads version and summary from the module, and imports it if it does not find them.
fn flit(root: &Path, get: &Get<'_>) -> Option<String> {
    let dynamic = get(&["project", "dynamic"]).and_then(Item::as_array);
    let is_dynamic = |field: &str| {
        get(&["project"]).is_none()
            || dynamic.is_some_and(|fields| fields.iter().any(|found| found.as_str() == Some(field)))
    };
    if !is_dynamic("version") && !is_dynamic("description") {
        return None;
    }
    let named = |path: &[&str]| get(path).and_then(Item::as_str);
    let module = named(&["tool", "flit", "module", "name"])
        .or_else(|| named(&["tool", "flit", "metadata", "module"]))
        .or_else(|| named(&["project", "name"]))?
        .replace('-', "_");
    let path = module.replace('.', "/");
    let mut places = ["", "src/"]
        .into_iter()
        .flat_map(|folder| [format!("{folder}{path}/__init__.py"), format!("{folder}{path}.py")]);
    let text = places.find_map(|place| std::fs::read_to_string(root.join(place)).ok());
    let readable = text.is_some_and(|text| {
        let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
        let documented =
            first.is_some_and(|line| line.trim_start_matches(['r', 'R']).starts_with(['"', '\'']));
        documented && (!is_dynamic("version") || assigns_literal(&text, "__version__"))
    });
    (!readable).then(|| format!("the module `{module}` may be imported for its version and summary"))
}

fn pdm(root: &Path, get: &Get<'_>) -> Option<String> {
    for key in ["run-setuptools", "setup-script", "custom-hook"] {
        if get(&["tool", "pdm", "build", key]).is_some() {
            return Some(format!("`tool.pdm.build.{key}`"));
        }
    }
    if root.join("pdm_build.py").exists() {
        return Some("pdm_build.py".to_owned());
    }
    let source = get(&["tool", "pdm", "version", "source"]).and_then(Item::as_str);
    (source == Some("call")).then(|| "the function that `tool.pdm.version` calls".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::disallowed_methods, reason = "the test makes its files")]
    fn runs(pyproject: &str, files: &[(&str, &str)]) -> Option<String> {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let place = folder.path().join(path);
            std::fs::create_dir_all(place.parent().unwrap()).unwrap();
            std::fs::write(place, text).unwrap();
        }
        run_by_build(folder.path(), Some(&PyProject::parse(pyproject).unwrap()))
    }

    #[test]
    fn builds_that_run_nothing() {
        let literal = [("demo/__init__.py", "\"\"\"Demo.\"\"\"\n__version__ = '1.0'  # x\n")];
        for pyproject in [
            "[build-system]\nbuild-backend = 'setuptools.build_meta'\n",
            "[tool.setuptools.dynamic]\nversion = { attr = 'demo.__version__' }\n",
            "[build-system]\nbuild-backend = 'poetry.core.masonry.api'\n",
            "[build-system]\nbuild-backend = 'hatchling.build'\n[tool.hatch.build.hooks.vcs]\nx = 1\n",
            "[build-system]\nbuild-backend = 'flit_core.buildapi'\n[project]\nname = 'demo'\ndynamic = ['version']\n",
            "[build-system]\nbuild-backend = 'pdm.backend'\n[tool.pdm.version]\nsource = 'file'\n",
            "[build-system]\nbuild-backend = 'uv_build'\n",
        ] {
            assert_eq!(runs(pyproject, &literal), None, "{pyproject}");
        }
    }

    #[test]
    fn builds_that_run_code() {
        let computed = [("demo/__init__.py", "__version__ = '.'.join('10')\n")];
        for pyproject in [
            "[build-system]\nbuild-backend = 'backend'\nbackend-path = ['.']\n",
            "[build-system]\nbuild-backend = 'mesonpy'\n",
            "[tool.setuptools]\next-modules = []\n",
            "[tool.setuptools.dynamic]\nversion = { attr = 'demo.__version__' }\n",
            "[tool.setuptools.dynamic]\nversion = { attr = 'nowhere.__version__' }\n",
            "[build-system]\nbuild-backend = 'poetry.core.masonry.api'\n[tool.poetry.build]\nscript = 'b.py'\n",
            "[build-system]\nbuild-backend = 'hatchling.build'\n[tool.hatch.build.hooks.custom]\n",
            "[build-system]\nbuild-backend = 'hatchling.build'\n[tool.hatch.build.targets.wheel.hooks.mypyc]\n",
            "[build-system]\nbuild-backend = 'hatchling.build'\n[tool.hatch.version]\nsource = 'code'\n",
            "[build-system]\nbuild-backend = 'flit_core.buildapi'\n[project]\nname = 'demo'\ndynamic = ['version']\n",
            "[build-system]\nbuild-backend = 'pdm.backend'\n[tool.pdm.version]\nsource = 'call'\n",
        ] {
            assert!(runs(pyproject, &computed).is_some(), "{pyproject}");
        }
        assert_eq!(runs("", &[("setup.py", "")]).as_deref(), Some("setup.py"));
        assert!(runs("", &[("setup.cfg", "[metadata]\nversion = attr: demo.__version__\n")]).is_some());
        assert!(runs("[build-system]\nbuild-backend = 'pdm.backend'\n", &[("pdm_build.py", "")]).is_some());
    }
}

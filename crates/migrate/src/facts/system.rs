//! Packages that are built from source or need a library of the system, and what Debian calls what they need.

use uvshift_project::Tree;

use super::declared::Declared;

/// A distribution, and the Debian packages it needs.
const NEEDS: &[(&str, &[&str])] = &[
    ("cairosvg", &["libcairo2"]),
    ("dbus-python", &["build-essential", "libdbus-1-dev", "libglib2.0-dev", "pkg-config"]),
    ("gdal", &["build-essential", "libgdal-dev"]),
    ("mysqlclient", &["build-essential", "default-libmysqlclient-dev", "pkg-config"]),
    ("pdf2image", &["poppler-utils"]),
    ("psycopg-c", &["build-essential", "libpq-dev"]),
    ("psycopg2", &["build-essential", "libpq-dev"]),
    ("pyaudio", &["build-essential", "portaudio19-dev"]),
    ("pycairo", &["build-essential", "libcairo2-dev", "pkg-config"]),
    ("pycups", &["build-essential", "libcups2-dev"]),
    ("pygobject", &["build-essential", "libcairo2-dev", "libgirepository-2.0-dev", "pkg-config"]),
    ("pygraphviz", &["build-essential", "graphviz", "libgraphviz-dev"]),
    ("pylibmc", &["build-essential", "libmemcached-dev", "zlib1g-dev"]),
    ("pyodbc", &["unixodbc"]),
    ("pytesseract", &["tesseract-ocr"]),
    ("python-ldap", &["build-essential", "libldap2-dev", "libsasl2-dev"]),
    ("python-magic", &["libmagic1"]),
    ("uwsgi", &["build-essential"]),
    ("weasyprint", &["libpango-1.0-0", "libpangoft2-1.0-0"]),
    ("xmlsec", &["build-essential", "libxmlsec1-dev", "pkg-config"]),
];

/// What compiles and is not needed by what was compiled.
const COMPILERS: &[&str] = &["build-essential", "git", "pkg-config"];

/// The library itself for a package with its headers, where the name is the same in every release of Debian that has images.
const LIBRARIES: &[(&str, &str)] = &[
    ("default-libmysqlclient-dev", "libmariadb3"),
    ("libcairo2-dev", "libcairo2"),
    ("libpq-dev", "libpq5"),
    ("portaudio19-dev", "libportaudio2"),
];

/// What of that is needed where nothing is built.
pub(super) fn at_runtime(packages: &[String]) -> Vec<String> {
    let library = |package: &String| {
        let known = LIBRARIES.iter().find(|(headers, _)| headers == package);
        known.map_or_else(|| package.clone(), |(_, library)| (*library).to_owned())
    };
    let is_needed = |package: &&String| !COMPILERS.contains(&package.as_str());
    let mut packages: Vec<String> = packages.iter().filter(is_needed).map(library).collect();
    packages.sort();
    packages.dedup();
    packages
}

/// Everything that the environment needs of the system, sorted.
pub(super) fn packages(declared: &Declared, tree: &Tree) -> Vec<String> {
    let needed =
        NEEDS.iter().filter(|(name, _)| declared.has(name)).flat_map(|(_, packages)| packages.iter());
    let mut packages: Vec<String> = needed.map(|package| (*package).to_owned()).collect();
    // Without one of its two compiled forms psycopg looks for the library when it is imported.
    let compiled = ["psycopg-binary", "psycopg-c"].iter().any(|name| declared.has(name));
    if declared.has("psycopg")
        && !compiled
        && !declared.asks("psycopg", "binary")
        && !declared.asks("psycopg", "c")
    {
        packages.push("libpq5".to_owned());
    }
    // Small images have no git, and uv calls it for what comes from a repository.
    let has = |file: &str, mark: &str| tree.text(file).is_some_and(|text| text.contains(mark));
    if has("uv.lock", "source = { git = ")
        || has("pyproject.toml", "git+")
        || has("pyproject.toml", "{ git = ")
    {
        packages.push("git".to_owned());
    }
    packages.sort();
    packages.dedup();
    packages
}

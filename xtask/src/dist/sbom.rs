//! The bill of materials: what is in the program, in the form of `CycloneDX`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use toml_edit::DocumentMut;

use super::Release;
use super::archive::digest;
use crate::Outcome;
use crate::metadata::{metadata, packages, text};
use crate::run::{cargo, quietly, tool};

/// A package with its version.
type Package = (String, String);

/// The bill of the program for the target of a release.
pub(super) fn bill(release: &Release<'_>) -> Outcome<String> {
    let linked = linked(release.root, "uvshift", &release.target)?;
    let metadata = metadata(release.root, &["--locked", "--filter-platform", &release.target])?;
    let sums = checksums(release.root)?;
    let bill = document(&metadata, &linked, &sums, release)?;
    let mut text = serde_json::to_string_pretty(&bill).map_err(|error| error.to_string())?;
    text.push('\n');
    Ok(text)
}

/// Asks the library of `CycloneDX`'s own project whether the file keeps its schema, with nothing that the schema does not know.
pub(super) fn validate(root: &Path, bill: &Path) -> Outcome {
    const SCRIPT: &str = "import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
with open(sys.argv[1], encoding='utf-8') as file:
    error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(file.read())
sys.exit(str(error) if error else 0)
";
    let mut python = Command::new(tool(root, "dist", "python"));
    quietly(python.args(["-c", SCRIPT]).arg(bill)).map(drop)
}

/// The packages whose code comes into a program with `package`: no tests, no build scripts, no macros.
fn linked(root: &Path, package: &str, target: &str) -> Outcome<BTreeSet<Package>> {
    let mut tree = cargo(root);
    tree.args(["tree", "--locked", "--package", package, "--edges", "normal,no-proc-macro"]);
    tree.args(["--target", target, "--prefix", "none", "--no-dedupe"]);
    let said = quietly(&mut tree)?;
    let package = |line: &str| {
        let (name, rest) = line.split_once(" v")?;
        Some((name.to_owned(), rest.split(' ').next()?.to_owned()))
    };
    Ok(said.lines().filter_map(package).collect())
}

/// The checksums of packages from the registry.
fn checksums(root: &Path) -> Outcome<BTreeMap<Package, String>> {
    let text = std::fs::read_to_string(root.join("Cargo.lock"))
        .map_err(|error| format!("cannot read `Cargo.lock`: {error}"))?;
    let lock: DocumentMut = text.parse().map_err(|error| format!("cannot read `Cargo.lock`: {error}"))?;
    let packages = lock.get("package").and_then(|it| it.as_array_of_tables()).into_iter().flatten();
    let sum = |package: &toml_edit::Table| {
        let text = |key: &str| package.get(key)?.as_str().map(str::to_owned);
        Some(((text("name")?, text("version")?), text("checksum")?))
    };
    Ok(packages.filter_map(sum).collect())
}

fn document(
    metadata: &Value,
    linked: &BTreeSet<Package>,
    sums: &BTreeMap<Package, String>,
    release: &Release<'_>,
) -> Outcome<Value> {
    let mut names = BTreeMap::new();
    let mut components = BTreeMap::new();
    for package in packages(metadata) {
        let id = (text(package, "name").to_owned(), text(package, "version").to_owned());
        if linked.contains(&id) {
            names.insert(text(package, "id").to_owned(), reference(&id));
            components.insert(reference(&id), component(package, &id, sums));
        }
    }
    let subject = reference(&("uvshift".to_owned(), release.version.clone()));
    let mut program = components.remove(&subject).ok_or("cargo metadata does not have uvshift")?;
    program["type"] = "application".into();
    let dependencies = dependencies(metadata, &names);
    let components: Vec<Value> = components.into_values().collect();
    let content = json!([&components, &dependencies, &release.target]).to_string();
    Ok(json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": serial_number(&content),
        "version": 1,
        "metadata": {
            "timestamp": timestamp(release.time),
            "component": program,
            "properties": [{ "name": "uvshift:target", "value": release.target }],
        },
        "components": components,
        "dependencies": dependencies,
    }))
}

fn component(package: &Value, id: &Package, sums: &BTreeMap<Package, String>) -> Value {
    let mut component = json!({
        "type": "library",
        "bom-ref": reference(id),
        "name": id.0,
        "version": id.1,
        "purl": reference(id),
    });
    if let Some(description) = package["description"].as_str() {
        component["description"] = description.split_whitespace().collect::<Vec<_>>().join(" ").into();
    }
    if let Some(license) = package["license"].as_str() {
        // Older manifests write `MIT/Apache-2.0`.
        component["licenses"] = json!([{ "expression": license.replace('/', " OR ") }]);
    }
    if let Some(sum) = sums.get(id) {
        component["hashes"] = json!([{ "alg": "SHA-256", "content": sum }]);
    }
    if let Some(repository) = package["repository"].as_str() {
        component["externalReferences"] = json!([{ "type": "vcs", "url": repository }]);
    }
    component
}

/// Who uses whom, among what is in the program.
fn dependencies(metadata: &Value, names: &BTreeMap<String, String>) -> Vec<Value> {
    let mut found = BTreeMap::new();
    for node in metadata["resolve"]["nodes"].as_array().into_iter().flatten() {
        let Some(name) = names.get(text(node, "id")) else { continue };
        let used = node["deps"].as_array().into_iter().flatten().filter(|dependency| {
            let kinds = dependency["dep_kinds"].as_array().into_iter().flatten();
            kinds.into_iter().any(|kind| kind["kind"].is_null())
        });
        let used: BTreeSet<&String> =
            used.filter_map(|dependency| names.get(text(dependency, "pkg"))).collect();
        found.insert(name, json!({ "ref": name, "dependsOn": used }));
    }
    found.into_values().collect()
}

/// The package URL, which is also the reference inside of the bill.
fn reference((name, version): &Package) -> String {
    format!("pkg:cargo/{name}@{}", version.replace('+', "%2B"))
}

/// A UUID that is the same for the same content: the form of a name-based one with a hash of one's own (version 8).
fn serial_number(content: &str) -> String {
    let hash = digest(content.as_bytes());
    let part = |from: usize, to: usize| hash.get(from..to).unwrap_or_default().to_owned();
    format!("urn:uuid:{}-{}-8{}-8{}-{}", part(0, 8), part(8, 12), part(12, 15), part(15, 18), part(18, 30))
}

/// Seconds since 1970 as a date and a time.
fn timestamp(seconds: u64) -> String {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = crate::calendar::date(days);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", rest / 3600, rest % 3600 / 60, rest % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bill_has_what_is_linked_and_who_uses_it() {
        let metadata = json!({
            "packages": [
                { "id": "a", "name": "uvshift", "version": "1.0.0", "license": "MIT OR Apache-2.0" },
                { "id": "b", "name": "used", "version": "2.0.0+x", "license": "MIT/Apache-2.0", "description": "Two\nlines" },
                { "id": "c", "name": "only-for-tests", "version": "3.0.0" },
            ],
            "resolve": { "nodes": [{ "id": "a", "deps": [
                { "pkg": "b", "dep_kinds": [{ "kind": null }] },
                { "pkg": "c", "dep_kinds": [{ "kind": "dev" }] },
            ] }, { "id": "b", "deps": [] }] },
        });
        let id = |name: &str, version: &str| (name.to_owned(), version.to_owned());
        let linked = BTreeSet::from([id("uvshift", "1.0.0"), id("used", "2.0.0+x")]);
        let sums = BTreeMap::from([(id("used", "2.0.0+x"), "ab".repeat(32))]);
        let release = Release {
            root: Path::new("."),
            version: "1.0.0".into(),
            target: "x".into(),
            out: ".".into(),
            time: 1_780_272_000,
            zig: false,
            sdist: false,
        };
        let bill = document(&metadata, &linked, &sums, &release).unwrap();
        assert_eq!(bill["metadata"]["component"]["type"], "application");
        assert_eq!(bill["metadata"]["timestamp"], "2026-06-01T00:00:00Z");
        let components = bill["components"].as_array().unwrap();
        assert_eq!(components.len(), 1);
        assert_eq!(components[0]["purl"], "pkg:cargo/used@2.0.0%2Bx");
        assert_eq!(components[0]["licenses"][0]["expression"], "MIT OR Apache-2.0");
        assert_eq!(components[0]["description"], "Two lines");
        assert_eq!(components[0]["hashes"][0]["content"], "ab".repeat(32));
        assert_eq!(
            bill["dependencies"],
            json!([
                { "ref": "pkg:cargo/used@2.0.0%2Bx", "dependsOn": [] },
                { "ref": "pkg:cargo/uvshift@1.0.0", "dependsOn": ["pkg:cargo/used@2.0.0%2Bx"] },
            ])
        );
        assert_eq!(bill, document(&metadata, &linked, &sums, &release).unwrap());
    }

    #[test]
    fn the_dependencies_are_counted_in_the_documents() {
        let root = crate::root();
        let page = std::fs::read_to_string(root.join("docs/install.md")).unwrap();
        let count = |packages: &[&str]| {
            let target = "x86_64-unknown-linux-gnu";
            let found = packages.iter().flat_map(|package| linked(&root, package, target).unwrap());
            let others = found.filter(|(name, _)| name != "uvshift" && !name.starts_with("uvshift-"));
            others.collect::<BTreeSet<_>>().len()
        };
        let all = format!("the program is made of {} crates of others", count(&["uvshift"]));
        assert!(page.contains(&all), "docs/install.md should say: {all}");
        let table = page.split("| crate | crates with it | why |").nth(1).unwrap();
        let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| `")).collect();
        assert!(rows.len() > 5, "{rows:?}");
        for row in rows {
            let mut cells = row.split('|').skip(1).map(str::trim);
            let (names, number) = (cells.next().unwrap(), cells.next().unwrap());
            let names: Vec<&str> = names.split(", ").map(|name| name.trim_matches('`')).collect();
            assert_eq!(number, count(&names).to_string(), "{row}");
        }
    }
}

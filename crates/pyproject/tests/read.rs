//! What the readers see, in every form a file can have.

use uvshift_pyproject::{GitReference, GroupEntry, PyProject, Source, SourceKind};

const FULL: &str = r#"
[project]
name = "shop"
version = '1.0'
requires-python = """>=3.9"""
dynamic = ["readme"]
dependencies = ["a", # one
    'b; x == "1"',
]
[project.optional-dependencies]
Pg = ["c"]
all = ["shop[Pg]"]

[dependency-groups]
test = ["d"]
dev = [
    {include-group = "test"}, "e",
]

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[tool.setuptools.dynamic]
dependencies = {file = ["requirements.txt", "more.txt"]}
version = {attr = "shop.__version__"}
optional-dependencies.dev = {file = "dev.txt"}

[tool.uvshift]
keep-old-files = true

[tool.uv]
package = false
constraint-dependencies = ["f<2"]
dev-dependencies = ["g"]
sources.a = { git = "https://git.example/a", rev = "abc", marker = "m" }
sources.b = [{ path = "b", editable = true }, { index = "i", extra = "Pg" }]
sources.c = { unknown = 1 }
sources.d.workspace = true

[[tool.uv.index]]
name = "i"
url = "https://index.example"
explicit = true
"#;

#[test]
fn everything_of_a_full_file() {
    let document = PyProject::parse(FULL).unwrap();
    assert_eq!(document.project_name(), Some("shop"));
    assert_eq!(document.project_version(), Some("1.0"));
    assert_eq!(document.requires_python(), Some(">=3.9"));
    assert_eq!(document.build_backend(), Some("hatchling.build"));
    assert_eq!(document.build_requires()[0].text, "hatchling");
    assert!(document.has_project() && document.has_build_system());
    assert!(document.is_dynamic("readme") && !document.is_dynamic("dependencies"));
    let lines: Vec<_> = document.dependencies().into_iter().map(|entry| (entry.text, entry.line)).collect();
    assert_eq!(lines, [("a".to_owned(), 7), ("b; x == \"1\"".to_owned(), 8)]);
    let extras = document.optional_dependencies();
    assert_eq!((extras[0].0.as_str(), extras[0].1[0].line), ("Pg", 11));
    assert_eq!((extras[1].0.as_str(), extras[1].1[0].text.as_str()), ("all", "shop[Pg]"));
    let groups = document.dependency_groups();
    assert_eq!(groups[1].0, "dev");
    assert_eq!(groups[1].1[0], GroupEntry::Include { group: "test".into(), line: 17 });
    assert!(
        matches!(&groups[1].1[1], GroupEntry::Requirement(entry) if entry.text == "e" && entry.line == 17)
    );
    assert_eq!(document.tools(), ["setuptools", "uvshift", "uv"]);
    assert!(document.has_tool("uv") && !document.has_tool("poetry"));
    let settings = document.settings().unwrap();
    assert_eq!(settings.get("keep-old-files").and_then(toml_edit::Item::as_bool), Some(true));
    assert_eq!(document.setuptools_dynamic_files("dependencies"), ["requirements.txt", "more.txt"]);
    assert!(document.setuptools_dynamic_files("version").is_empty());
    assert_eq!(document.setuptools_dynamic_extras(), [("dev".to_owned(), vec!["dev.txt".to_owned()])]);
    assert!(document.malformed().is_empty());
}

#[test]
fn what_the_file_says_to_uv() {
    let uv = PyProject::parse(FULL).unwrap().uv();
    assert!(uv.present);
    assert_eq!(uv.package, Some(false));
    assert_eq!(uv.keys, ["package", "constraint-dependencies", "dev-dependencies", "sources", "index"]);
    assert_eq!(uv.constraint_dependencies[0].text, "f<2");
    assert_eq!(uv.dev_dependencies[0].line, 35);
    assert_eq!(uv.indexes[0].name.as_deref(), Some("i"));
    assert!(uv.indexes[0].explicit && !uv.indexes[0].default);
    let names: Vec<_> = uv.sources.iter().map(|(name, entries)| (name.as_str(), entries.len())).collect();
    assert_eq!(names, [("a", 1), ("b", 2), ("c", 1), ("d", 1)]);
    let kind = SourceKind::Git {
        url: "https://git.example/a".into(),
        reference: Some(GitReference::Rev("abc".into())),
        subdirectory: None,
        lfs: None,
    };
    assert_eq!(uv.sources[0].1[0].source, Source { marker: Some("m".into()), ..Source::new(kind) });
    assert_eq!(uv.sources[0].1[0].line, 36);
    assert_eq!(uv.sources[1].1[1].source.extra.as_deref(), Some("Pg"));
    assert_eq!(uv.sources[2].1[0].source.kind, SourceKind::Other("{ unknown = 1 }".into()));
    assert_eq!(uv.sources[3].1[0].source.kind, SourceKind::Workspace);
    assert_eq!(uv.sources[3].1[0].line, 39);
}

#[test]
fn other_forms_read_the_same() {
    for text in [
        "project.name = 'a'\nproject.dependencies = ['x']\ntool.uv.package = true",
        "project = {name = 'a', dependencies = ['x']}\ntool = {uv = {package = true}}",
        "[tool]\nuv.package = true\n[project]\nname = 'a'\ndependencies = ['x']",
        "\u{feff}[tool.uv]\r\npackage = true\r\n[project]\r\nname = 'a'\r\ndependencies = ['x']\r\n",
    ] {
        let document = PyProject::parse(text).unwrap();
        assert_eq!(document.project_name(), Some("a"), "{text}");
        assert_eq!(document.dependencies()[0].text, "x");
        assert_eq!(document.uv().package, Some(true));
    }
    let empty = PyProject::new();
    assert!(!empty.has_project() && !empty.uv().present && empty.dependencies().is_empty());
    assert!(PyProject::parse("[project.urls]\n").unwrap().has_project());
}

#[test]
fn what_has_the_wrong_type_is_named() {
    let text = "[project]\nname = 1\ndependencies = [\"a\",\n  2]\n[dependency-groups]\nx = \"y\"\nz = [{include = 'x'}]\n[tool]\nuv = 1\n";
    let document = PyProject::parse(text).unwrap();
    let found: Vec<_> =
        document.malformed().into_iter().map(|found| (found.key, found.line, found.expected)).collect();
    let group = "a string or `{ include-group = \"...\" }`";
    assert_eq!(
        found,
        [
            ("tool.uv".to_owned(), 9, "a table"),
            ("project.name".to_owned(), 2, "a string"),
            ("project.dependencies".to_owned(), 4, "a string"),
            ("dependency-groups.x".to_owned(), 6, "an array of strings"),
            ("dependency-groups.z".to_owned(), 7, group),
        ]
    );
    assert_eq!(document.dependencies().len(), 1);
}

//! What each edit makes of each form a file can have. Every case compares the whole text.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use uvshift_pyproject::{ArrayAt, Error, GitReference, Index, Item, PyProject, Source, SourceKind, Value};

fn edited(before: &str, edit: impl FnOnce(&mut PyProject) -> Result<(), Error>) -> String {
    let mut document = PyProject::parse(before).expect("the input is valid");
    edit(&mut document).expect("the edit is possible");
    document.to_string()
}

#[track_caller]
fn check(before: &str, edit: impl FnOnce(&mut PyProject) -> Result<(), Error>, after: &str) {
    let text = edited(before, edit);
    assert_eq!(text, after, "\n--- got\n{text}\n--- wanted\n{after}");
}

#[track_caller]
fn refused(before: &str, edit: impl FnOnce(&mut PyProject) -> Result<(), Error>, message: &str) {
    let mut document = PyProject::parse(before).expect("the input is valid");
    let error = edit(&mut document).expect_err("the edit is impossible");
    assert_eq!(error.to_string(), message);
    assert!(error.hint().is_some());
    assert_eq!(document.to_string(), before, "a refused edit changed the document");
}

fn path_source(path: &str) -> Source {
    Source::new(SourceKind::Path { path: path.into(), editable: None, package: None })
}

fn index(name: &str, url: &str) -> Index {
    Index { name: Some(name.into()), url: url.into(), ..Index::default() }
}

fn all_things(document: &mut PyProject) -> Result<(), Error> {
    // In an order that is not the order of the file.
    document.add_index(&index("internal", "https://index.example/simple"))?;
    document.add_source("libtool", &path_source("libs/libtool"))?;
    document.set_uv("package", false)?;
    document.add_dependency(ArrayAt::Group("test"), Item::new("pytest>=8"))?;
    document.add_include_group("dev", "test", &["what CI runs".into()], None)?;
    document.add_dependency(ArrayAt::Extra("postgres"), Item::new("psycopg[binary]==3.2.1"))?;
    document.add_dependencies(
        ArrayAt::Dependencies,
        &[
            Item::new("flask>=3").above("# web").above("the framework").trailing("# pinned below"),
            Item::new("tomli>=2; python_version < \"3.11\""),
            Item::new("foo @ https://index.example/f.whl ; os_name == 'nt' and extra == \"x\""),
        ],
    )?;
    document.set_project_field("requires-python", ">=3.9")?;
    document.set_project_field("version", "0.1.0")?;
    document.set_project_field("name", "shop")?;
    document.set_build_system(&["hatchling"], "hatchling.build")?;
    document.add_dependency(ArrayAt::UvConstraints, Item::new("click<9"))?;
    document.set_uv("config-settings", Value::table([("editable_mode", "compat")]))?;
    document.set_uv("no-binary-package", Value::strings(["lxml"]))
}

#[test]
fn an_empty_document_gets_everything_in_the_customary_order() {
    check("", all_things, include_str!("data/all.toml"));
}

#[test]
fn a_second_run_adds_to_what_the_first_wrote() {
    let once = edited("", all_things);
    let twice = edited(&once, |document| {
        document.add_source("libtool", &path_source("libs/libtool"))?;
        document.add_index(&index("internal", "https://index.example/simple"))?;
        document.set_project_field("version", "0.1.0")?;
        document.set_uv("config-settings", Value::table([("editable_mode", "compat")]))
    });
    assert_eq!(once, twice, "repeating an edit that is there changes nothing");
}

#[test]
fn keys_find_their_place_in_a_table() {
    check(
        "[project]\nname = \"a\"\n# why this version\nversion = \"1\"\n\n[tool.x]\n",
        |document| document.add_dependency(ArrayAt::Dependencies, Item::new("b")),
        "[project]\nname = \"a\"\n# why this version\nversion = \"1\"\ndependencies = [\n    \"b\",\n]\n\n[tool.x]\n",
    );
    check(
        "[project]\nname = \"a\"\ndependencies = []\n[tool.x]\n",
        |document| document.set_project_field("requires-python", ">=3.9"),
        "[project]\nname = \"a\"\nrequires-python = \">=3.9\"\ndependencies = []\n[tool.x]\n",
    );
    check(
        "[project] # mine\n# about the name\nversion = \"1\"\n",
        |document| document.set_project_field("name", "a"),
        "[project] # mine\nname = \"a\"\n# about the name\nversion = \"1\"\n",
    );
    // Comments at the end of a table stay with what they comment on.
    check(
        "[project]\nname = \"a\" # one\n# dependencies = [\"old\"]\n\n[tool.x]\n",
        |document| document.add_dependency(ArrayAt::Dependencies, Item::new("b")),
        "[project]\nname = \"a\" # one\n# dependencies = [\"old\"]\n\ndependencies = [\n    \"b\",\n]\n\n[tool.x]\n",
    );
    // No newline at the end of the file, indented keys, tabs.
    check(
        "[project]\n\tname = \"a\"",
        |document| document.add_dependency(ArrayAt::Dependencies, Item::new("b")),
        "[project]\n\tname = \"a\"\n\tdependencies = [\n\t    \"b\",\n\t]\n",
    );
}

#[test]
fn arrays_keep_their_style() {
    let add = |before: &str, items: &[Item]| {
        edited(before, |document| document.add_dependencies(ArrayAt::Dependencies, items))
    };
    let one = |before: &str, after: &str| {
        let before = format!("[project]\n{before}\n");
        let text = add(&before, &[Item::new("new")]);
        assert_eq!(text, format!("[project]\n{after}\n"), "from {before}");
    };
    one("dependencies = []", "dependencies = [\n    \"new\",\n]");
    one("dependencies = [ ] # none", "dependencies = [\n    \"new\",\n] # none");
    one("dependencies = [\n]", "dependencies = [\n    \"new\",\n]");
    one("dependencies = ['a']", "dependencies = ['a', \"new\"]");
    one("dependencies = [ 'a', 'b' ] # x", "dependencies = [ 'a', 'b', \"new\" ] # x");
    one("dependencies = [ 'a', ]", "dependencies = [ 'a', \"new\", ]");
    one("dependencies = [\n  'a',\n  'b' # c\n]", "dependencies = [\n  'a',\n  'b', # c\n  \"new\",\n]");
    one("dependencies = [\n\t'a',\n\t# 'b',\n]", "dependencies = [\n\t'a',\n\t# 'b',\n\t\"new\",\n]");
    one("dependencies = [\n  # nothing yet\n]", "dependencies = [\n  # nothing yet\n  \"new\",\n]");
    one("dependencies = [ # nothing yet\n]", "dependencies = [ # nothing yet\n    \"new\",\n]");
    one(
        "dependencies = ['a',\n                'b']",
        "dependencies = ['a',\n                'b',\n                \"new\"]",
    );
    one("dependencies = ['a',\n    'b',]", "dependencies = ['a',\n    'b',\n    \"new\",]");
    one(
        "dependencies = [\n    'a'\n  , 'b' # c\n]",
        "dependencies = [\n    'a'\n  , 'b', # c\n    \"new\",\n]",
    );
    one("dependencies = [\n    'a' # c\n    ,\n]", "dependencies = [\n    'a' # c\n    ,\n    \"new\",\n]");
    one(
        "dependencies = [\n 'a', 'b',\n 'c', 'd'\n]",
        "dependencies = [\n 'a', 'b',\n 'c', 'd',\n \"new\",\n]",
    );

    let commented = [Item::new("new").above("why").trailing("who"), Item::new("last")];
    assert_eq!(
        add("[project]\ndependencies = ['a', 'b'] # end\n", &commented),
        "[project]\ndependencies = [\n    'a', 'b',\n    # why\n    \"new\",  # who\n    \"last\",\n] # end\n"
    );
    assert_eq!(
        add("[project]\ndependencies = ['a',\n  'b']\n", &[Item::new("new").trailing("who")]),
        "[project]\ndependencies = ['a',\n  'b',\n  \"new\",  # who\n]\n"
    );
    let long: Vec<_> = (0..12).map(|number| Item::new(format!("package-{number}"))).collect();
    assert!(add("[project]\ndependencies = ['a']\n", &long).contains("    'a',\n    \"package-0\",\n"));
}

#[test]
fn strings_take_the_form_that_reads_best() {
    let written = |text: &str| {
        let after = edited("", |document| document.add_dependency(ArrayAt::Dependencies, Item::new(text)));
        let read = PyProject::parse(&after).expect("valid").dependencies();
        assert_eq!(read[0].text, text, "the string comes back");
        assert_eq!(read[0].line, 3);
        after.lines().nth(2).unwrap().trim().trim_end_matches(',').to_owned()
    };
    assert_eq!(written("a>=1"), "\"a>=1\"");
    assert_eq!(written("a; python_version < '3'"), "\"a; python_version < '3'\"");
    assert_eq!(written("a; python_version < \"3\""), "'a; python_version < \"3\"'");
    assert_eq!(written("a; x == \"3\" and y == '4'"), r#""a; x == \"3\" and y == '4'""#);
    assert_eq!(written("C:\\libs\\a"), "'C:\\libs\\a'");
    assert_eq!(written("a\u{1b}\tb\n\u{85}"), "\"a\\u001B\\tb\\n\\u0085\"");
    assert_eq!(written(""), "\"\"");
    assert_eq!(written("päckage-名"), "\"päckage-名\"");
}

#[test]
fn comments_are_always_valid() {
    check(
        "",
        |document| {
            let item = Item::new("a")
                .above("first\nsecond\r\n\u{7}bell")
                .above("")
                .above("#: kept as it is ")
                .trailing("one\ntwo\u{7f}");
            document.add_dependency(ArrayAt::Dependencies, item)
        },
        "[project]\ndependencies = [\n    # first\n    # second\n    #\n    # \\u0007bell\n    #\n    #: kept as it is\n    \
         \"a\",  # one two\\u007F\n]\n",
    );
}

#[test]
fn line_ends_and_the_byte_order_mark_stay() {
    check(
        "\u{feff}[project]\r\nname = \"a\"\r\ndependencies = [\r\n  \"x\"\r\n]\r\n",
        |document| {
            document.add_dependency(ArrayAt::Dependencies, Item::new("b").above("c"))?;
            document.set_uv("package", false)
        },
        "\u{feff}[project]\r\nname = \"a\"\r\ndependencies = [\r\n  \"x\",\r\n  # c\r\n  \"b\",\r\n]\r\n\r\n[tool.uv]\r\npackage = false\r\n",
    );
    // The majority decides, and what is there stays mixed.
    check(
        "[project]\r\nname = \"a\"\nversion = \"1\"\n",
        |document| document.set_uv("package", false),
        "[project]\r\nname = \"a\"\nversion = \"1\"\n\n[tool.uv]\npackage = false\n",
    );
    for text in ["", "\u{feff}", "\r\n", "# only\r\n# comments", "a = 1\r\n\n\r\n"] {
        assert_eq!(PyProject::parse(text).unwrap().to_string(), text);
    }
}

#[test]
fn new_tables_stand_beside_their_relatives() {
    check(
        "[build-system]\nrequires = []\n\n# formatting\n[tool.black]\nline-length = 99\n# end of black\n",
        |document| {
            document.set_project_field("name", "a")?;
            document.add_dependency(ArrayAt::Group("dev"), Item::new("b"))?;
            document.set_uv("package", true)
        },
        "[build-system]\nrequires = []\n\n[project]\nname = \"a\"\n\n[dependency-groups]\ndev = [\n    \"b\",\n]\n\n\
         # formatting\n[tool.black]\nline-length = 99\n# end of black\n\n[tool.uv]\npackage = true\n",
    );
    check(
        "# SPDX: MIT\n\n# style\n[tool.ruff]\nline-length = 9\n",
        |document| document.set_project_field("name", "a"),
        "# SPDX: MIT\n\n[project]\nname = \"a\"\n\n# style\n[tool.ruff]\nline-length = 9\n",
    );
    // Whether the first comment speaks for the file or for the table cannot be told: after the table.
    check(
        "# settings of everything\n[tool.ruff]\nline-length = 9\n\n[tool.b]\n",
        |document| document.set_project_field("name", "a"),
        "# settings of everything\n[tool.ruff]\nline-length = 9\n\n[project]\nname = \"a\"\n\n[tool.b]\n",
    );
    check(
        "[tool.uv.sources]\na = { path = \"a\" }\n[tool.b]\n",
        |document| document.set_uv("package", false),
        "[tool.uv]\npackage = false\n\n[tool.uv.sources]\na = { path = \"a\" }\n[tool.b]\n",
    );
}

#[test]
fn tables_do_not_part_a_table_from_its_comments_or_break_a_generated_block() {
    let add = |document: &mut PyProject| document.add_dependency(ArrayAt::Extra("x"), Item::new("b"));
    let new = "[project.optional-dependencies]\nx = [\n    \"b\",\n]\n";
    for (head, tail) in [
        ("[project]\nname = \"a\"\n# hanging\n", "\n[tool.b]\n"),
        ("[project]\nname = \"a\"\n\n# version = \"1\"\n", "\n[tool.b]\n"),
        ("[project]\nname = \"a\"\n", "\n# ---- tools ----\n\n# b\n[tool.b]\n"),
        ("[project]\nname = \"a\"\n# whose comment?\n[tool.b]\n", "\n[tool.c]\n"),
        ("# begin generated\n[project]\nname = \"a\"\n\n[tool.b]\nc = 1\n# end generated\n", "\n[tool.c]\n"),
        ("# >>> made by x >>>\n[project]\nname = \"a\"\n\n[tool.b]\n\n# <<< made by x <<<\n", ""),
    ] {
        check(&format!("{head}{tail}"), add, &format!("{head}\n{new}{tail}"));
    }
}

#[test]
fn every_form_of_the_project_table_is_found() {
    let dependency =
        |document: &mut PyProject| document.add_dependency(ArrayAt::Dependencies, Item::new("b"));
    let extra = |document: &mut PyProject| document.add_dependency(ArrayAt::Extra("x"), Item::new("b"));

    check(
        "project.name = \"a\" # n\nx = 1\n",
        dependency,
        "project.name = \"a\" # n\nproject.dependencies = [\n    \"b\",\n]\nx = 1\n",
    );
    check(
        "project.name = 'a'\n",
        extra,
        "project.name = 'a'\nproject.optional-dependencies.x = [\n    \"b\",\n]\n",
    );
    check(
        "project = { name = 'a' }\n",
        dependency,
        "project = { name = 'a', dependencies = [\n    \"b\",\n] }\n",
    );
    check(
        "project = { name = 'a' }\n",
        extra,
        "project = { name = 'a', optional-dependencies.x = [\n    \"b\",\n] }\n",
    );
    check(
        "[project.urls]\nh = 'x'\n",
        dependency,
        "[project]\ndependencies = [\n    \"b\",\n]\n\n[project.urls]\nh = 'x'\n",
    );
}

#[test]
fn every_form_of_the_uv_table_is_found() {
    let package = |document: &mut PyProject| document.set_uv("package", false);
    let source = |document: &mut PyProject| document.add_source("b", &path_source("b"));
    let add_index = |document: &mut PyProject| document.add_index(&index("i", "https://index.example"));

    check("tool.uv = {}\n", package, "tool.uv = { package = false }\n");
    check("[tool]\nuv = {}\n[tool.b]\n", source, "[tool]\nuv = { sources.b = { path = \"b\" } }\n[tool.b]\n");
    check(
        "[tool]\nuv = { managed = true }\n",
        add_index,
        "[tool]\nuv = { managed = true, index = [\n    { name = \"i\", url = \"https://index.example\" },\n] }\n",
    );
    check(
        "[tool]\nuv.managed = true\nb = {}\n",
        package,
        "[tool]\nuv.managed = true\nuv.package = false\nb = {}\n",
    );
    check(
        "[tool]\nuv.managed = true\n",
        source,
        "[tool]\nuv.managed = true\nuv.sources.b = { path = \"b\" }\n",
    );
    check(
        "[tool]\nuv.managed = true\n",
        add_index,
        "[tool]\nuv.managed = true\nuv.index = [\n    { name = \"i\", url = \"https://index.example\" },\n]\n",
    );
    check("[tool]\nb = 1\n", package, "[tool]\nb = 1\n\n[tool.uv]\npackage = false\n");
    check(
        "[tool.uv]\n[tool.b]\n[tool.uv.pip]\n",
        package,
        "[tool.uv]\npackage = false\n[tool.b]\n[tool.uv.pip]\n",
    );
    check("[ tool . 'uv' ]\n", package, "[ tool . 'uv' ]\npackage = false\n");
    check(
        "[tool.uv]\n[tool.b]\n[tool.uv.pip]\n",
        source,
        "[tool.uv]\n[tool.b]\n[tool.uv.pip]\n\n[tool.uv.sources]\nb = { path = \"b\" }\n",
    );
    check(
        "[tool.uv]\nindex = [{ url = 'x' }]\n",
        add_index,
        "[tool.uv]\nindex = [{ url = 'x' }, { name = \"i\", url = \"https://index.example\" }]\n",
    );
    check(
        "[[tool.uv.index]]\nurl = 'x'\n\n[tool.b]\n\n[[tool.uv.index]]\nurl = 'y'\n# y\n",
        add_index,
        "[[tool.uv.index]]\nurl = 'x'\n\n[tool.b]\n\n[[tool.uv.index]]\nurl = 'y'\n# y\n\n[[tool.uv.index]]\nname = \"i\"\nurl = \"https://index.example\"\n",
    );
    check(
        "[dependency-groups]\nDev_Tools = [\"a\"]\n",
        |document| document.add_include_group("dev-tools", "test", &[], None),
        "[dependency-groups]\nDev_Tools = [\"a\", { include-group = \"test\" }]\n",
    );
}

#[test]
fn several_sources_become_an_array() {
    let git = Source {
        marker: Some("sys_platform == 'linux'".into()),
        ..Source::new(SourceKind::Git {
            url: "https://git.example/b".into(),
            reference: Some(GitReference::Tag("v1".into())),
            subdirectory: Some("py".into()),
            lfs: Some(true),
        })
    };
    let text = r#"{ git = "https://git.example/b", tag = "v1", subdirectory = "py", lfs = true, marker = "sys_platform == 'linux'" }"#;
    let add = |document: &mut PyProject| document.add_source("B.b", &git);
    check("", add, &format!("[tool.uv.sources]\n\"B.b\" = {text}\n"));
    check(
        "[tool.uv.sources]\nb-b = { path = 'b' } # local\nc = 1\n",
        add,
        &format!("[tool.uv.sources]\nb-b = [\n    {{ path = 'b' }},\n    {text},\n] # local\nc = 1\n"),
    );
    check(
        "[tool.uv.sources]\nb_b = [\n  { path = 'b' }\n]\n",
        add,
        &format!("[tool.uv.sources]\nb_b = [\n  {{ path = 'b' }},\n  {text},\n]\n"),
    );
    let table = "git = \"https://git.example/b\"\ntag = \"v1\"\nsubdirectory = \"py\"\nlfs = true\nmarker = \"sys_platform == 'linux'\"\n";
    check(
        "[tool.uv.sources.b-b] # local\npath = 'b'\n\n[tool.c]\n",
        add,
        &format!(
            "[[tool.uv.sources.b-b]] # local\npath = 'b'\n\n[[tool.uv.sources.b-b]]\n{table}\n[tool.c]\n"
        ),
    );
    check(
        "[[tool.uv.sources.b-b]]\npath = 'b'\n[[tool.uv.sources.b-b]]\nurl = 'b'\n[tool.c]\n",
        add,
        &format!(
            "[[tool.uv.sources.b-b]]\npath = 'b'\n[[tool.uv.sources.b-b]]\nurl = 'b'\n\n[[tool.uv.sources.b-b]]\n{table}\n[tool.c]\n"
        ),
    );
    check(
        "[[tool.uv.sources.x]]\npath = 'b'\n",
        add,
        &format!("[tool.uv.sources]\n\"B.b\" = {text}\n\n[[tool.uv.sources.x]]\npath = 'b'\n"),
    );
    refused(
        "[tool.uv.sources]\nb-b.path = 'b'\n",
        add,
        "`tool.uv.sources.b-b` cannot be written into this file: its source is written with dotted keys, and several sources need an array",
    );
}

#[test]
fn a_form_that_leaves_no_place_is_an_error_and_changes_nothing() {
    let dependency =
        |document: &mut PyProject| document.add_dependency(ArrayAt::Dependencies, Item::new("b"));
    refused(
        "project = 1\n",
        dependency,
        "`project` at line 1 is a plain value, so nothing can be added to it as to a table",
    );
    refused(
        "\n[[project]]\n",
        dependency,
        "`project` at line 2 is an array of tables, so nothing can be added to it as to a table",
    );
    refused(
        "[project]\ndependencies = \"a\"\n",
        dependency,
        "`project.dependencies` at line 2 is not an array, so nothing can be added to it",
    );
    refused(
        "[project.dependencies]\na = 1\n",
        dependency,
        "`project.dependencies` at line 1 is not an array, so nothing can be added to it",
    );
    refused(
        "[tool]\nuv = []\n",
        |document| document.add_source("a", &path_source("a")),
        "`tool.uv` at line 2 is an array, so nothing can be added to it as to a table",
    );
    refused(
        "[[tool.uv.index]]\nname = \"i\"\nurl = \"https://other.example\"\n",
        |document| document.add_index(&index("i", "https://index.example")),
        "`tool.uv.index.i` at line 1 exists already and says something else",
    );
    refused(
        "[tool.uv.pip]\n",
        |document| document.set_uv("pip", false),
        "`tool.uv.pip` at line 1 exists already and says something else",
    );
}

#[test]
fn a_value_is_replaced_in_its_place() {
    check(
        "[project]\nversion = '1' # now\nname = \"a\"\n",
        |document| document.set_project_field("version", "2"),
        "[project]\nversion = \"2\" # now\nname = \"a\"\n",
    );
    check(
        "[tool.uv]\nenvironments = [ 'a' ]\n",
        |document| document.set_uv("environments", Value::strings(["b", "c"])),
        "[tool.uv]\nenvironments = [\n    \"b\",\n    \"c\",\n]\n",
    );
    check(
        "[project]\nname = 'a'\n",
        |document| document.set_project_field("urls", Value::table([("Home page", "https://a.example")])),
        "[project]\nname = 'a'\n\n[project.urls]\n\"Home page\" = \"https://a.example\"\n",
    );
}

#[test]
fn dynamic_fields_are_taken_out() {
    let dynamic = |before: &str, after: &str| {
        check(
            before,
            |document| {
                assert!(document.remove_dynamic("dependencies")?);
                assert!(!document.remove_dynamic("dependencies")?);
                Ok(())
            },
            after,
        );
    };
    dynamic("[project]\ndynamic = [\"dependencies\"]\nname = 'a'\n", "[project]\nname = 'a'\n");
    dynamic("[project]\ndynamic = [\"dependencies\", 'version']\n", "[project]\ndynamic = ['version']\n");
    dynamic("[project]\ndynamic = [ 'version', \"dependencies\" ]\n", "[project]\ndynamic = [ 'version' ]\n");
    dynamic(
        "[project]\ndynamic = [ 'version', \"dependencies\", ]\n",
        "[project]\ndynamic = [ 'version', ]\n",
    );
    dynamic(
        "[project]\ndynamic = [\n  'version',\n  'dependencies', # read\n]\n",
        "[project]\ndynamic = [\n  'version',\n  # read\n]\n",
    );
    dynamic(
        "[project]\ndynamic = [\n  'dependencies',\n  'version'\n]\n",
        "[project]\ndynamic = [\n  'version'\n]\n",
    );
    dynamic(
        "[project]\ndynamic = [\n  'version',\n  'dependencies'\n]\n",
        "[project]\ndynamic = [\n  'version',\n]\n",
    );
    dynamic(
        "[project]\ndynamic = ['version',\n  'dependencies']\n",
        "[project]\ndynamic = ['version',\n  ]\n",
    );
    dynamic("project = { dynamic = [\"dependencies\"], name = 'a' }\n", "project = { name = 'a' }\n");
}

#[test]
fn fields_of_setuptools_are_taken_out() {
    let setuptools = |before: &str, after: &str| {
        check(
            before,
            |document| {
                assert_eq!(document.setuptools_dynamic_files("dependencies"), ["requirements.txt"]);
                assert!(document.remove_setuptools_dynamic("dependencies")?);
                assert!(document.setuptools_dynamic_files("dependencies").is_empty());
                Ok(())
            },
            after,
        );
    };
    setuptools(
        "[tool.setuptools.dynamic]\nversion = {attr = 'a'}\ndependencies = {file = [\"requirements.txt\"]} # x\n",
        "[tool.setuptools.dynamic]\nversion = {attr = 'a'}\n# x\n",
    );
    setuptools(
        "[a]\n\n[tool.setuptools.dynamic]\ndependencies = {file = [\"requirements.txt\"]}\n\n[b]\n",
        "[a]\n\n[b]\n",
    );
    setuptools(
        "[a]\n\n[tool.setuptools.dynamic.dependencies]\nfile = \"requirements.txt\"\n\n[b]\n",
        "[a]\n\n[b]\n",
    );
    setuptools(
        "[tool.setuptools]\ndynamic.dependencies.file = \"requirements.txt\"\ndynamic.version.attr = 'v'\n",
        "[tool.setuptools]\ndynamic.version.attr = 'v'\n",
    );
}

#[test]
fn constraints_of_one_resolution_leave_no_trace() {
    let before = "[project]\nname = 'a'\n\n[tool.uv]\nconstraint-dependencies = ['x<2'] # keep\n";
    let document = PyProject::parse(before).unwrap();
    let pins = [Item::new("a==1"), Item::new("b==2")];
    let mut temporary = document.with_constraints(&pins).unwrap();
    assert_eq!(document.to_string(), before);
    assert_eq!(temporary.uv().constraint_dependencies.len(), 3);
    let taken = temporary.take_constraints(|text| text.contains("==")).unwrap();
    assert_eq!(taken.len(), 2);
    assert_eq!(temporary.to_string(), before, "taking them out again gives the same bytes");
}

#[test]
fn errors_name_line_column_and_cause() {
    let error = PyProject::parse("\u{feff}[project]\r\nnäme = \"a\"\n").unwrap_err();
    let Error::Syntax { line, column, .. } = error else { panic!("{error}") };
    assert_eq!((line, column), (2, 2));
    let error = PyProject::parse("[project]\nname = \"a\"\nname = \"b\"\n").unwrap_err();
    assert_eq!(error.to_string(), "invalid TOML at line 3, column 1: duplicate key");
}

#[test]
fn comments_go_with_what_they_belong_to() {
    let before = "[a]\n# first\n\n# second\nx = '1' # behind # it\ny = 2\n# end\n\n# of b\n[b]\nz = \"#\"\n";
    let document = PyProject::parse(before).unwrap();
    let of = |path: &[&str]| document.comments(path);
    let both = vec!["# first".to_owned(), "# second".to_owned()];
    assert_eq!(of(&["a", "x"]), (both, Some("# behind # it".to_owned())));
    assert_eq!(of(&["a", "y"]), (Vec::new(), None));
    assert_eq!(of(&["b"]), (vec!["# of b".to_owned()], None));
    assert_eq!(of(&["b", "z"]), (Vec::new(), None));
    assert_eq!(of(&["c"]), (Vec::new(), None));
    for (path, after) in [
        (["a", "x"].as_slice(), "[a]\n\ny = 2\n# end\n\n# of b\n[b]\nz = \"#\"\n"),
        (&["a", "y"], "[a]\n# first\n\n# second\nx = '1' # behind # it\n# end\n\n# of b\n[b]\nz = \"#\"\n"),
        (&["b"], "[a]\n# first\n\n# second\nx = '1' # behind # it\ny = 2\n# end\n"),
        (&["c"], before),
    ] {
        check(before, |document| document.remove_with_comments(path), after);
    }
}

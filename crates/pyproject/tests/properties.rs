//! Random documents in every form, random edits: nothing of the old document may be lost, moved or rewritten,
//! and Python's `tomllib` has to read the result.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Write;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use uvshift_pyproject::{
    ArrayAt, Error, GitReference, GroupEntry, Index, Item, PyProject, Source, SourceKind, Value,
};

/// Alternatives for each table; an empty one leaves it out. What does not fit together is filtered.
const PARTS: &[&[&str]] = &[
    &[
        "",
        "title = 'x'",
        "a.b = 1\na.c = '''\n[project]\nname = 1\n'''",
        "\"quoted key\" = \"# no comment\" # one",
    ],
    &[
        "",
        "[project]\nname = \"a\" # n\n# about\nversion = '1'",
        "[project]",
        "[project]\n  name = 'a'\n  dependencies = ['x', \"y\"]\n  # end",
        "[project]\ndependencies = [\n  'x' , # c\n\n  # d\n  \"y; os_name == 'nt'\"\n]\nname = 'a'",
        "[project]\ndependencies = ['x',\n   'y']\ndynamic = ['dependencies', 'version']",
        "[project]\ndependencies = [ # none\n]\n\n# readme = 'x'",
        "project.name = 'a'\nproject.dependencies = []",
        "project = { name = 'a', dependencies = ['x'] }",
        "project = {}",
        "[project.optional-dependencies]\nX = ['x']",
        "[ project ] # spaced\n'name' = \"\"\"a\"\"\"\nurls.home = 'h'",
    ],
    &[
        "",
        "[dependency-groups]\ndev = [\n\t'x',\n\t{include-group = 'test'},\n]\ntest = []",
        "dependency-groups = { Dev = [] }",
        "[dependency-groups]\n# none yet",
    ],
    &["", "[build-system]\nrequires = ['x']\nbuild-backend = 'y'", "# build\n\n[build-system]\n# nothing"],
    &[
        "",
        "[tool.uv]\npackage = true\n# hanging",
        "[tool]\nuv = {}",
        "[tool]\nuv.package = true\nb = 1",
        "tool.uv.sources.b = {path = 'b'}",
        "[tool.uv.sources]\nB_b = { git = 'g', rev = 'r' } # c",
        "[tool.uv.sources.b-b]\npath = 'b'",
        "[[tool.uv.sources.b-b]]\npath = 'b'\n\n[[tool.uv.sources.b-b]]\nurl = 'u'",
        "[[tool.uv.index]]\nurl = 'x'\n\n[[tool.uv.index]]\nurl = 'y' # why",
        "[tool.uv]\nindex = [{url = 'x'}]\nconstraint-dependencies = ['c']",
        "[tool.uv.pip]\nindex-url = 'x'",
    ],
    &[
        "",
        "# begin generated\n[tool.black]\nline-length = 9\n# end generated",
        "[tool.black]\nline-length = 9\n\n# skip = 'x'",
        "[[tool.mypy.overrides]]\nmodule = 'x'\n[[tool.mypy.overrides]]\nmodule = 'y'\n  # odd",
        "tool.d = 2024-01-01T00:00:00Z\ntool.f = [1.0, nan, inf]",
        "[tool.x.y.\"z.z\"]\ns = \"\\u00e4\\\"\"\nm = \"\"\"\n[tool.uv]\n\"\"\"",
    ],
];

fn document() -> impl Strategy<Value = String> {
    let picks: Vec<_> = PARTS.iter().map(|part| proptest::sample::select(*part)).collect();
    let gaps = proptest::collection::vec(
        proptest::sample::select(vec![
            "\n",
            "\n\n",
            "\n\n\n",
            "\n\n# ---- banner ----\n\n",
            "\n# above\n",
            "\n\n# above\n",
        ]),
        PARTS.len(),
    );
    let end = proptest::sample::select(vec!["", "\n", "\n\n", "\n# the end"]);
    (Just(picks).prop_flat_map(|picks| picks), gaps, end, any::<bool>(), any::<bool>(), any::<u64>())
        .prop_map(|(parts, gaps, end, crlf, bom, order)| {
            let mut parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            // What stands below no header has to come first.
            parts.sort_by_key(|part| {
                let rooted = !part.split('\n').any(|line| line.trim_start().starts_with('['));
                (!rooted, part.len() as u64 ^ (order % 97))
            });
            let mut text = String::new();
            for (part, gap) in parts.iter().zip(&gaps) {
                if !text.is_empty() {
                    text.push_str(gap);
                }
                text.push_str(part);
            }
            text.push_str(end);
            if crlf {
                text = text.replace('\n', "\r\n");
            }
            if bom { format!("\u{feff}{text}") } else { text }
        })
        .prop_filter("the parts fit together", |text| PyProject::parse(text).is_ok())
}

#[derive(Debug, Clone)]
enum Step {
    Add(Place, Vec<Item>),
    Include(String, String),
    Source(String, Source),
    Index(Index),
    Set(String, Value),
    Field(String, Value),
}

#[derive(Debug, Clone)]
enum Place {
    Dependencies,
    Extra(String),
    Group(String),
    Constraints,
    Overrides,
}

impl Place {
    fn at(&self) -> ArrayAt<'_> {
        match self {
            Self::Dependencies => ArrayAt::Dependencies,
            Self::Extra(name) => ArrayAt::Extra(name),
            Self::Group(name) => ArrayAt::Group(name),
            Self::Constraints => ArrayAt::UvConstraints,
            Self::Overrides => ArrayAt::UvOverrides,
        }
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("x>=1; python_version < \"3\"".to_owned()),
        Just("x; a == \"1\" and b == '2'".to_owned()),
        Just("x @ git+ssh://git@git.example/x.git@v1#egg=x".to_owned()),
        "[ -~äß\u{1}\u{7f}\t\\\\]{0,30}",
        ".{0,20}",
    ]
}

fn item() -> impl Strategy<Value = Item> {
    let comments = proptest::collection::vec(".{0,12}", 0..3);
    (text(), comments, proptest::option::of("[ -~\u{0}-\u{20}]{0,12}"))
        .prop_map(|(text, comments_above, comment_trailing)| Item { text, comments_above, comment_trailing })
}

fn name() -> impl Strategy<Value = String> {
    proptest::sample::select(vec!["dev", "test", "x", "b", "b.b", "Dev_Tools", "ü", "with space", ""])
        .prop_map(str::to_owned)
}

fn step() -> impl Strategy<Value = Step> {
    let place = prop_oneof![
        Just(Place::Dependencies),
        name().prop_map(Place::Extra),
        name().prop_map(Place::Group),
        Just(Place::Constraints),
        Just(Place::Overrides),
    ];
    let kind = prop_oneof![
        text().prop_map(|url| SourceKind::Url { url, subdirectory: None }),
        (text(), any::<bool>()).prop_map(|(path, editable)| SourceKind::Path {
            path,
            editable: Some(editable),
            package: None
        }),
        text().prop_map(|url| SourceKind::Git {
            url,
            reference: Some(GitReference::Branch("main".into())),
            subdirectory: None,
            lfs: Some(true)
        }),
        name().prop_map(SourceKind::Index),
        Just(SourceKind::Workspace),
    ];
    let index = (name(), text()).prop_map(|(name, url)| Index {
        name: Some(name),
        url,
        explicit: true,
        ..Index::default()
    });
    let value = prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        text().prop_map(Value::String),
        proptest::collection::vec(text(), 0..4).prop_map(Value::strings),
        (name(), text()).prop_map(|pair| Value::table([pair])),
    ];
    let key = proptest::sample::select(vec!["no-binary", "environments", "find-links", "own key"]);
    let field = proptest::sample::select(vec!["requires-python", "description", "license", "keywords"]);
    prop_oneof![
        4 => (place, proptest::collection::vec(item(), 0..4)).prop_map(|(place, items)| Step::Add(place, items)),
        1 => (name(), name()).prop_map(|(group, other)| Step::Include(group, other)),
        2 => (name(), kind, proptest::option::of(text()))
            .prop_map(|(name, kind, marker)| Step::Source(name, Source { marker, ..Source::new(kind) })),
        1 => index.prop_map(Step::Index),
        1 => (key, value.clone()).prop_map(|(key, value)| Step::Set(key.to_owned(), value)),
        1 => (field, value).prop_map(|(key, value)| Step::Field(key.to_owned(), value)),
    ]
}

/// Makes the step, which must be refused without a trace or be there afterwards.
fn apply(document: &mut PyProject, step: &Step) -> Result<(), TestCaseError> {
    let before = document.clone();
    let result = match step.clone() {
        Step::Add(place, items) => document.add_dependencies(place.at(), &items),
        Step::Include(group, other) => document.add_include_group(&group, &other, &["why".into()], None),
        Step::Source(name, source) => document.add_source(&name, &source),
        Step::Index(index) => document.add_index(&index),
        Step::Set(key, value) => document.set_uv(&key, value),
        Step::Field(key, value) => document.set_project_field(&key, value),
    };
    match result {
        // A second source of a dotted one, a second index of a name, another form of a table.
        Err(Error::Unsupported { key, reason }) => {
            prop_assert!(reason.contains("dotted keys"), "{key}: {reason}\n{before}");
        }
        Err(Error::Conflict { .. }) => {}
        Err(error) => return Err(TestCaseError::fail(format!("{step:?}: {error}\n{before}"))),
        Ok(()) => return landed(&before, document, step),
    }
    prop_assert_eq!(before.to_string(), document.to_string(), "a refused step left a trace");
    Ok(())
}

/// What was added is read back, by the readers, where it belongs.
fn landed(before: &PyProject, after: &PyProject, step: &Step) -> Result<(), TestCaseError> {
    let same = |a: &str, b: &str| normalized(a) == normalized(b);
    let extra = |document: &PyProject, name: &str| {
        let found = document.optional_dependencies().into_iter().find(|(other, _)| same(other, name));
        found.map(|(_, entries)| entries).unwrap_or_default()
    };
    let group = |document: &PyProject, name: &str| {
        let found = document.dependency_groups().into_iter().find(|(other, _)| same(other, name));
        found.map(|(_, entries)| entries).unwrap_or_default()
    };
    let texts = |document: &PyProject, place: &Place| -> Vec<String> {
        let entries = match place {
            Place::Dependencies => document.dependencies(),
            Place::Extra(name) => extra(document, name),
            Place::Group(name) => {
                let requirement = |entry| match entry {
                    GroupEntry::Requirement(entry) => Some(entry.text),
                    GroupEntry::Include { .. } => None,
                };
                return group(document, name).into_iter().filter_map(requirement).collect();
            }
            Place::Constraints => document.uv().constraint_dependencies,
            Place::Overrides => document.uv().override_dependencies,
        };
        entries.into_iter().map(|entry| entry.text).collect()
    };
    match step {
        Step::Add(place, items) => {
            let mut expected = texts(before, place);
            expected.extend(items.iter().map(|item| item.text.clone()));
            prop_assert_eq!(texts(after, place), expected);
        }
        Step::Include(name, other) => {
            let last = group(after, name).pop();
            let included = matches!(&last, Some(GroupEntry::Include { group, .. }) if group == other);
            prop_assert!(included, "the last entry is {last:?}");
        }
        Step::Source(name, source) => {
            let sources = after.uv().sources;
            let entries = sources.iter().find(|(other, _)| same(other, name)).map(|(_, entries)| entries);
            prop_assert!(entries.is_some_and(|entries| entries.iter().any(|entry| entry.source == *source)));
        }
        Step::Index(index) => prop_assert!(after.uv().indexes.contains(index)),
        Step::Set(key, _) => prop_assert!(after.uv().keys.contains(key)),
        Step::Field(key, _) => prop_assert!(after.has_project_field(key)),
    }
    Ok(())
}

fn normalized(name: &str) -> String {
    name.to_lowercase().replace(['_', '.'], "-")
}

/// Whether every line of the old text is in the new one, in its order, apart from at most `touched` lines that
/// an edit had to go into. Those may have gained characters, and lost only white space.
fn keeps_lines(old: &str, new: &str, touched: usize) -> Result<(), String> {
    let old_lines: Vec<&str> = old.split_inclusive('\n').collect();
    let new_lines: Vec<&str> = new.split_inclusive('\n').collect();
    // The longest common subsequence, row by row.
    let mut row = vec![0; new_lines.len() + 1];
    for line in &old_lines {
        let mut diagonal = 0;
        for (column, other) in new_lines.iter().enumerate() {
            let above = row[column + 1];
            row[column + 1] = if line == other { diagonal + 1 } else { above.max(row[column]) };
            diagonal = above;
        }
    }
    let missing = old_lines.len() - row[new_lines.len()];
    if missing > touched {
        return Err(format!("{missing} lines are gone"));
    }
    let mut characters = new.chars();
    let mut solid = old.chars().filter(|character| !character.is_whitespace());
    match solid.find(|wanted| !characters.any(|other| other == *wanted)) {
        Some(lost) => Err(format!("{lost:?} is gone")),
        None => Ok(()),
    }
}

proptest! {
    #![proptest_config(Config { cases: 400, failure_persistence: None, ..Config::default() })]

    #[test]
    fn an_untouched_document_comes_back_byte_for_byte(text in document()) {
        prop_assert_eq!(PyProject::parse(&text).unwrap().to_string(), text);
    }

    #[test]
    fn edits_keep_everything_that_was_there(text in document(), steps in proptest::collection::vec(step(), 1..8)) {
        let mut edited = PyProject::parse(&text).unwrap();
        for step in &steps {
            let before = edited.to_string();
            apply(&mut edited, step)?;
            let after = edited.to_string();
            // A value that is set anew takes the place of the old one; everything else only adds.
            if !matches!(step, Step::Set(..) | Step::Field(..)) {
                prop_assert!(keeps_lines(&before, &after, 2).is_ok(),
                    "{step:?}: {:?}\n--- before\n{before}\n--- after\n{after}", keeps_lines(&before, &after, 2));
            }
            prop_assert_eq!(before.starts_with('\u{feff}'), after.starts_with('\u{feff}'));
            if before.contains("\r\n") && !before.replace("\r\n", "").contains('\n') {
                prop_assert!(!after.replace("\r\n", "").contains('\n'), "mixed line ends\n{after:?}");
            }
        }
    }

    #[test]
    fn what_was_added_for_a_while_can_be_taken_out_again(text in document(), pins in proptest::collection::vec("[a-z]{1,9}==[0-9]", 1..5)) {
        let document = PyProject::parse(&text).unwrap();
        let items: Vec<_> = pins.iter().map(Item::new).collect();
        let mut temporary = document.with_constraints(&items).unwrap();
        prop_assert_eq!(document.to_string(), text);
        let taken = temporary.take_constraints(|text| pins.iter().any(|pin| pin == text)).unwrap();
        prop_assert_eq!(taken.len(), pins.len());
        prop_assert_eq!(
            temporary.uv().constraint_dependencies.iter().map(|entry| entry.text.clone()).collect::<Vec<_>>(),
            document.uv().constraint_dependencies.iter().map(|entry| entry.text.clone()).collect::<Vec<_>>()
        );
    }

    #[test]
    fn parsing_never_panics(text in "[\\[\\]{}=.,#'\"a-c \n\r\t\\\\]{0,60}") {
        if let Ok(document) = PyProject::parse(&text) {
            prop_assert_eq!(document.to_string(), text);
            let mut document = document;
            let _ = document.add_dependency(ArrayAt::Dependencies, Item::new("x"));
            let _ = document.set(&["a", "b"], "c", "d");
            let _ = document.remove(&["a"]);
        }
    }
}

#[test]
fn tomllib_reads_every_result_and_finds_everything_in_it() {
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    let strategy = (document(), proptest::collection::vec(step(), 1..8));
    let mut pairs = Vec::new();
    for _ in 0..400 {
        let (text, steps) = strategy.new_tree(&mut runner).unwrap().current();
        let mut edited = PyProject::parse(&text).unwrap();
        for step in steps.iter().filter(|step| !matches!(step, Step::Set(..) | Step::Field(..))) {
            let is_source = matches!(step, Step::Source(..));
            let before = edited.to_string();
            apply(&mut edited, step).unwrap();
            // One source that becomes an array of sources is the one value that changes its type.
            if !is_source {
                pairs.push((before, edited.to_string()));
            }
        }
        pairs.push((edited.to_string(), edited.to_string()));
    }
    let answers = tomllib(&serde_json::to_string(&pairs).unwrap());
    assert_eq!(answers.len(), pairs.len());
    for (answer, (before, after)) in answers.iter().zip(&pairs) {
        assert!(answer.is_null(), "{answer}\n--- before\n{before}\n--- after\n{after}");
    }
}

#[expect(clippy::disallowed_methods, reason = "the test asks Python's own TOML parser")]
fn tomllib(pairs: &str) -> Vec<serde_json::Value> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/compare.py");
    let mut python = Command::new("python3")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is there");
    let mut input = python.stdin.take().unwrap();
    input.write_all(pairs.as_bytes()).unwrap();
    drop(input);
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

//! Python's own configparser is the oracle: over a corpus of real files and over texts made up to be difficult.

#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]
#![expect(clippy::unwrap_used, reason = "the helpers of a test stop with it")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use uvshift_diagnostics::Severity;
use uvshift_ini::{Dialect, Document, codes};

const DIALECTS: [(&str, Dialect); 4] = [
    ("raw", Dialect::RAW),
    ("interpolating", Dialect::INTERPOLATING),
    ("setuptools", Dialect::SETUPTOOLS),
    (
        "inline",
        Dialect {
            inline_comment_prefixes: &["#", ";"],
            strict: false,
            allow_no_value: true,
            empty_lines_in_values: false,
            ..Dialect::RAW
        },
    ),
];

/// What Python says about each file under each dialect; nothing where there is no Python.
#[expect(clippy::disallowed_methods, reason = "a test asks Python itself")]
fn ask_python(questions: &[(&str, PathBuf)]) -> Option<Vec<Value>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle.py");
    let child = Command::new("python3").arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut child) = child else {
        eprintln!("SKIPPED: there is no python3");
        return None;
    };
    let mut input = child.stdin.take().unwrap();
    let list: Vec<String> =
        questions.iter().map(|(dialect, path)| format!("{dialect}	{}", path.display())).collect();
    let writer = std::thread::spawn(move || input.write_all(list.join("\n").as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success());
    Some(
        String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect(),
    )
}

/// What we say, in the form of the oracle.
fn ours(text: &str, dialect: &Dialect) -> Value {
    let document = Document::parse(text, dialect);
    let fatal = |code| code != codes::INTERPOLATION;
    let error =
        document.diagnostics().iter().find(|found| found.severity == Severity::Error && fatal(found.code));
    if let Some(error) = error {
        return json!({ "error": error.to_string() });
    }
    let mut sections = Vec::new();
    for section in document.sections() {
        if section.name == dialect.default_section {
            continue;
        }
        let mut values: Vec<(String, Value)> = Vec::new();
        let defaults = document.defaults().into_iter().flat_map(|section| &section.keys);
        for key in section.keys.iter().chain(defaults) {
            if !values.iter().any(|(name, _)| *name == key.name) {
                let counts = document.get(&section.name, &key.name).unwrap();
                let value = match (document.value(&section.name, &key.name), &counts.raw) {
                    (Some(value), _) => json!(value),
                    (None, Some(_)) => json!({ "error": true }),
                    (None, None) => Value::Null,
                };
                values.push((key.name.clone(), value));
            }
        }
        sections.push(json!([section.name, values]));
    }
    json!({ "sections": sections })
}

/// Whether the two answers agree: on the error, or on every value.
fn agree(ours: &Value, theirs: &Value) -> bool {
    ours["error"].is_null() == theirs["error"].is_null() && ours["sections"] == theirs["sections"]
}

/// Checks texts under every dialect, and gives back how many were read without an error.
fn check(texts: &[String]) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let mut questions = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        let path = folder.path().join(format!("{index}.cfg"));
        std::fs::File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
        questions.extend(DIALECTS.iter().map(|(name, _)| (*name, path.clone())));
    }
    let Some(answers) = ask_python(&questions) else { return 0 };
    assert_eq!(answers.len(), questions.len());
    let cases = texts.iter().flat_map(|text| DIALECTS.iter().map(move |dialect| (text, dialect)));
    let mut without_error = 0;
    for ((text, (name, dialect)), theirs) in cases.zip(&answers) {
        let ours = ours(text, dialect);
        assert!(agree(&ours, theirs), "{name}\n{text:?}\nours   {ours}\ntheirs {theirs}");
        without_error += usize::from(theirs["error"].is_null());
    }
    without_error
}

#[test]
fn real_files_are_read_as_python_reads_them() {
    let corpus = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus/toolconfig"));
    if !corpus.is_dir() {
        eprintln!("SKIPPED: {} is not there", corpus.display());
        return;
    }
    let mut texts = Vec::new();
    for folder in std::fs::read_dir(corpus).unwrap().flatten().filter(|entry| entry.path().is_dir()) {
        for file in std::fs::read_dir(folder.path()).unwrap().flatten() {
            let text = std::fs::read_to_string(file.path()).unwrap();
            assert_eq!(Document::parse(&text, &Dialect::RAW).to_string(), text);
            texts.push(text);
        }
    }
    let read = check(&texts);
    assert!(read > 200 || read == 0, "most readings are without an error: {read}");
}

/// Lines that say something together with others.
const LINES: [&str; 59] = [
    "[a]",
    "[b]",
    " [c]",
    "[a] # x",
    "[]",
    "[",
    "[d",
    "[DEFAULT]",
    "[x]y]",
    "[[e]]",
    "k = v",
    "k=w",
    "K : v",
    "key",
    "=",
    "= v",
    " = v",
    "  more",
    "\tmore",
    "   even more",
    "    [console_scripts]",
    "",
    "",
    " ",
    "\t",
    "# c",
    "; c",
    "   # c",
    "  ; c",
    "k # c = v",
    "k = v # c",
    "k = v ; c",
    "k = v;c",
    "k = #c",
    "k =",
    "k",
    "other = %(k)s",
    "p = 100%%",
    "q = 5%",
    "r = %(none)s",
    "s = %(s)s",
    "t = %(K)s and %(k)s",
    "  %(k)s",
    "  100%",
    "u\u{a0}=\u{a0}v",
    "\u{1c}k = v",
    "\u{2003}x = y",
    "\u{130} = v",
    "a:b=c",
    "k = v\u{85}w",
    "k = v\u{b}w",
    "é = ü",
    "\u{feff}k = v",
    "%(k)s = v",
    "  # c = v",
    "x = a\\",
    "y = \"q\"",
    "ς = 1",
    "Σ = 1",
];

#[test]
fn difficult_texts_are_read_as_python_reads_them() {
    let line = proptest::sample::select(&LINES[..]);
    let end = proptest::sample::select(vec!["\n", "\n", "\n", "\r\n", "\r"]);
    let text = proptest::collection::vec((line, end), 0..14);
    let mut runner =
        TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]));
    let texts: Vec<String> = (0..3000)
        .map(|index| {
            let lines = proptest::strategy::Strategy::new_tree(&text, &mut runner).unwrap().current();
            let body: String = lines.iter().flat_map(|(line, end)| [*line, *end]).collect();
            // Two of three start with a section, or most would stop at their first line.
            if index % 3 == 0 { body } else { format!("[s]\n{body}") }
        })
        .collect();
    for text in &texts {
        assert_eq!(Document::parse(text, &Dialect::SETUPTOOLS).to_string(), *text);
    }
    let read = check(&texts);
    assert!(read > 2000 || read == 0, "many readings are without an error: {read}");
}

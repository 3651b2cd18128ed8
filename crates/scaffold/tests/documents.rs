//! Documents for people: every command of uv in them is one that the pinned uv takes, every variable one that it knows.

#![expect(clippy::unwrap_used, reason = "a helper that cannot go on ends the test")]
#![expect(clippy::disallowed_methods, reason = "tests start the pinned tools")]

mod shapes;

use std::collections::BTreeSet;

use shapes::{LANGUAGES, SHAPES, rendered};
use uvshift_scaffold::{Catalogue, Category, Index, Project};
use uvshift_testkit::{uv, uv_accepts, validate};

/// Variables that uv reads and no help of its commands names; each was looked up in the program itself.
const UNTOLD: [&str; 11] = [
    "UV_CONCURRENT_BUILDS",
    "UV_CONCURRENT_DOWNLOADS",
    "UV_CONCURRENT_INSTALLS",
    "UV_HTTP_CONNECT_TIMEOUT",
    "UV_HTTP_RETRIES",
    "UV_HTTP_TIMEOUT",
    "UV_LOCK_TIMEOUT",
    "UV_PROJECT_ENVIRONMENT",
    "UV_PYTHON_INSTALL_DIR",
    "UV_PYTHON_INSTALL_MIRROR",
    "UV_TOOL_BIN_DIR",
];

#[test]
fn every_command_of_uv_is_one_that_it_takes() {
    let mut wrong = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for (place, text) in documents() {
        for command in commands(&text) {
            if let Err(said) = check(&command) {
                wrong.insert(format!("{place}: {command}\n  {said}"));
            }
            seen.insert(command);
        }
    }
    assert!(seen.len() > 40, "{seen:#?}");
    assert!(wrong.is_empty(), "{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn every_variable_of_uv_is_one_that_it_knows() {
    let known = told_variables();
    let program = std::fs::read(uv()).unwrap();
    let program = String::from_utf8_lossy(&program);
    let mut wrong = BTreeSet::new();
    for (place, text) in documents() {
        for name in variables(&text) {
            let told = known.contains(&name) || UNTOLD.contains(&name.as_str()) || is_of_an_index(&name);
            if !told || !(is_of_an_index(&name) || program.contains(&name)) {
                wrong.insert(format!("{place}: {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn documents_pass_their_validators() {
    let folder = tempfile::tempdir().unwrap();
    for (shape, project) in projects() {
        for language in LANGUAGES {
            let place = folder.path().join(&shape).join(language.code());
            shapes::write(&place, &rendered(&names(), &project, language));
        }
    }
    validate(folder.path()).assert_clean();
}

#[test]
fn both_languages_have_the_same_commands_and_the_same_outline() {
    for (shape, project) in projects() {
        for name in names() {
            let [english, korean] = LANGUAGES.map(|language| {
                rendered(std::slice::from_ref(&name), &project, language)
                    .iter()
                    .map(|file| file.text.clone())
                    .collect::<String>()
            });
            assert_eq!(bare(&commands(&english)), bare(&commands(&korean)), "{name} for {shape}");
            assert_eq!(levels(&english), levels(&korean), "{name} for {shape}");
            assert_eq!(variables(&english), variables(&korean), "{name} for {shape}");
        }
    }
}

#[test]
fn no_document_names_what_the_project_has_not() {
    for language in LANGUAGES {
        for file in rendered(&names(), &shapes::script(), language) {
            for absent in ["docker", "pytest", "postgres", "--group", "--extra", "github.com"] {
                let found = file.text.to_lowercase().contains(absent);
                assert!(!found, "{} names {absent}", file.path);
            }
        }
    }
}

#[test]
fn the_rollout_plan_has_the_dates_and_people_of_its_inputs() {
    let inputs = serde_json::json!({ "rollout": {
        "owner": "Team Shop", "approver": "Kim", "support_channel": "#uv",
        "dates": { "prepare": "2027-01-11", "switch": "2027-02-01" },
        "waves": [{ "name": "1", "start": "2027-03-01", "repositories": ["acme-shop", "acme-stock"] }]
    }});
    let folder = tempfile::tempdir().unwrap();
    for language in LANGUAGES {
        let names = ["rollout-plan".to_owned()];
        let files = shapes::rendered_with(&names, &shapes::web(), language, &inputs);
        let text = &files[0].text;
        for said in
            ["| 2027-01-11 | | Team Shop |", "| 1 | 2027-03-01 | acme-shop, acme-stock | |", "Kim", "#uv"]
        {
            assert!(text.contains(said), "{said} in\n{text}");
        }
        assert!(!text.contains("YYYY") && !text.contains("____"), "{text}");
        shapes::write(&folder.path().join(language.code()), &files);
    }
    validate(folder.path()).assert_clean();
}

/// The names of the templates of documents.
fn names() -> Vec<String> {
    let catalogue = Catalogue::built_in().unwrap();
    let documents = catalogue.templates().filter(|template| template.category == Category::Documents);
    documents.map(|template| template.name.clone()).collect()
}

/// The four shapes, and one that has not moved yet, is on GitLab and has indexes of its own.
fn projects() -> Vec<(String, Project)> {
    let mut projects: Vec<(String, Project)> =
        SHAPES.iter().map(|(name, project)| ((*name).to_owned(), project())).collect();
    projects.push(("planned".to_owned(), planned()));
    projects
}

fn planned() -> Project {
    let mut project = shapes::web();
    project.has_lock = false;
    project.has_dockerfile = false;
    project.repository.host = "gitlab".into();
    project.migration.from = "pip".into();
    project.migration.journal = String::new();
    project.migration.removed = Vec::new();
    project.migration.changed = Vec::new();
    project.migration.became = [
        ("requirements.txt", "main"),
        ("requirements-dev.txt", "group dev"),
        ("requirements-excel.txt", "extra excel"),
        ("constraints.txt", "constraints"),
    ]
    .map(|(file, part)| (file.to_owned(), part.to_owned()))
    .to_vec();
    project.extras = vec!["excel".into()];
    project.indexes = vec![
        index("acme", "https://packages.index.example/simple/", false),
        index("mirror", "https://mirror.index.example/simple/", true),
    ];
    project
}

fn index(name: &str, url: &str, is_default: bool) -> Index {
    let variable = |what: &str| format!("UV_INDEX_{}_{what}", name.to_uppercase());
    let variables = vec![variable("USERNAME"), variable("PASSWORD")];
    Index { name: name.into(), url: url.into(), is_default, variables }
}

/// Every document: where it is from, and its text.
fn documents() -> Vec<(String, String)> {
    let mut documents = Vec::new();
    for (shape, project) in projects() {
        for language in LANGUAGES {
            for file in rendered(&names(), &project, language) {
                documents.push((format!("{shape}: {}", file.path), file.text));
            }
        }
    }
    documents
}

/// The command lines that begin with a program of ours or of uv, in fenced blocks and in inline code.
fn commands(text: &str) -> Vec<String> {
    if text.starts_with("#!") {
        return text.lines().flat_map(parts).collect();
    }
    let mut found = Vec::new();
    let mut fence = None;
    for line in text.lines() {
        if let Some(language) = line.trim_start().strip_prefix("```") {
            fence = fence.is_none().then(|| language.to_owned());
            continue;
        }
        match fence.as_deref() {
            Some("text" | "toml") => {}
            Some(_) => found.extend(parts(line)),
            None => found.extend(line.split('`').skip(1).step_by(2).flat_map(parts)),
        }
    }
    found
}

/// The commands of a line of shell, without comments, prompts and what stands in front in files of CI and images.
fn parts(line: &str) -> Vec<String> {
    let line = line.split(" #").next().unwrap_or_default().split(" > ").next().unwrap_or_default().trim();
    let heads = ["$ ", "- run: ", "run: ", "RUN ", "- ", "sudo ", "if ! ", "if ", "! "];
    // `check "what" command` of the script of the final checklist.
    let line =
        line.strip_prefix("check \"").and_then(|rest| rest.split_once("\" ")).map_or(line, |(_, rest)| rest);
    let bare = heads.iter().fold(line, |line, head| line.strip_prefix(head).unwrap_or(line));
    bare.split(" && ")
        .flat_map(|part| part.split(" | "))
        .map(without_assignments)
        .filter(|part| ["uv ", "uvx ", "uvshift "].iter().any(|program| part.starts_with(program)))
        .map(|part| part.trim_end_matches(';').to_owned())
        .collect()
}

fn without_assignments(part: &str) -> &str {
    let mut rest = part.trim();
    while let Some((word, after)) = rest.split_once(' ') {
        let name = word.split('=').next().unwrap_or_default();
        if !word.contains('=') || !name.chars().all(|letter| letter.is_ascii_uppercase() || letter == '_') {
            break;
        }
        rest = after;
    }
    rest
}

fn check(command: &str) -> Result<(), String> {
    let words = words(command);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["uv", "--version"] => Ok(()),
        ["uv", rest @ ..] => uv_accepts(rest),
        ["uvx", rest @ ..] => uv_accepts(&[&["tool", "run"], rest].concat()),
        ["uvshift", rest @ ..] => uvshift_accepts(rest),
        _ => Err("no command of uv".to_owned()),
    }
}

/// Whether the reference of the command line has the subcommand and its options.
fn uvshift_accepts(words: &[&str]) -> Result<(), String> {
    // `generate` and `rewrite` come with these templates; their page of the reference is made from the program.
    if ["generate", "rewrite"].contains(&words.first().copied().unwrap_or_default()) {
        return Ok(());
    }
    let reference = include_str!("../../../docs/cli.md");
    let names: Vec<&str> = words.iter().copied().take_while(|word| !word.starts_with('-')).collect();
    let section = (1..=names.len()).rev().find_map(|length| {
        let heading = format!("## `uvshift {}`", names[..length].join(" "));
        reference.split("\n## ").find(|section| format!("## {section}").starts_with(&heading))
    });
    let Some(section) = section else { return Err("no subcommand of uvshift".to_owned()) };
    let options = words.iter().filter(|word| word.starts_with("--"));
    match options.into_iter().find(|option| !section.contains(**option)) {
        None => Ok(()),
        Some(option) => Err(format!("no option of it: {option}")),
    }
}

/// Words of a shell's line; quotes are taken away.
fn words(command: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for letter in command.chars() {
        match quote {
            Some(end) if letter == end => quote = None,
            None if letter == '"' || letter == '\'' => quote = Some(letter),
            None if letter == ' ' => words.push(std::mem::take(&mut word)),
            _ => word.push(letter),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

fn variables(text: &str) -> BTreeSet<String> {
    let is_part = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_';
    text.split(|letter| !is_part(letter)).filter(|name| name.starts_with("UV_")).map(str::to_owned).collect()
}

/// `UV_INDEX_NAME_USERNAME` and its like, and `UV_INDEX_` where their rule is told.
fn is_of_an_index(name: &str) -> bool {
    name.starts_with("UV_INDEX_") && (name.ends_with("_USERNAME") || name.ends_with("_PASSWORD"))
}

/// The variables that the helps of uv name.
fn told_variables() -> BTreeSet<String> {
    let commands = [
        "add",
        "run",
        "sync",
        "lock",
        "export",
        "pip install",
        "pip compile",
        "venv",
        "tool run",
        "tool install",
        "python install",
        "publish",
        "build",
        "cache prune",
        "auth login",
        "init",
        "self update",
    ];
    let help = |command: &str| {
        let output = std::process::Command::new(uv()).arg("help").args(command.split(' ')).output().unwrap();
        variables(&String::from_utf8_lossy(&output.stdout))
    };
    commands.iter().flat_map(|command| help(command)).collect()
}

/// Each command once, without what is not the same in every language, such as a name in Korean.
fn bare(commands: &[String]) -> BTreeSet<String> {
    let plain = |command: &String| {
        command.replace(" --lang ko", "").chars().filter(char::is_ascii).collect::<String>()
    };
    commands.iter().map(plain).collect()
}

/// The levels of the headings, in order, outside of fenced blocks.
fn levels(text: &str) -> Vec<usize> {
    let mut is_fenced = false;
    let mut levels = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            is_fenced = !is_fenced;
        } else if !is_fenced && line.starts_with('#') {
            levels.push(line.chars().take_while(|letter| *letter == '#').count());
        }
    }
    levels
}

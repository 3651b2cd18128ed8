//! The exercises of the training, done with the real uv: a check fails before its solution and succeeds after it.

#![expect(clippy::unwrap_used, reason = "a helper that cannot go on ends the test")]
#![expect(clippy::disallowed_methods, reason = "the test runs the commands of the course")]

mod shapes;

use std::path::Path;
use std::process::Command;

use shapes::LANGUAGES;
use uvshift_testkit::{Project, flat_index, pip_python, uv, uv_environment};

/// What the course takes from an index, in the versions that matter to it.
const PACKAGES: [(&str, &str, &[&str]); 10] = [
    ("packaging", "24.0", &[]),
    ("packaging", "25.0", &[]),
    ("packaging", "26.0", &[]),
    ("iniconfig", "2.3.0", &[]),
    ("rich", "14.2.0", &["markdown-it-py>=2.2.0"]),
    ("markdown-it-py", "1.1.0", &[]),
    ("markdown-it-py", "4.0.0", &["mdurl"]),
    ("mdurl", "0.1.2", &[]),
    ("idna", "3.10", &[]),
    ("certifi", "2026.1.1", &[]),
];

/// An exercise, the same in both languages: commands that prepare it, its check, and its solution.
#[derive(Debug, PartialEq)]
struct Exercise {
    prepare: Vec<String>,
    check: String,
    solution: String,
}

#[test]
fn every_exercise_can_be_solved_and_its_check_can_tell() {
    let [english, korean] = LANGUAGES
        .map(|language| shapes::rendered(&["training".to_owned()], &shapes::web(), language)[0].text.clone());
    let (start, exercises) = read(&english);
    assert_eq!((&start, &exercises), (&read(&korean).0, &read(&korean).1));
    assert_eq!(exercises.len(), 10);
    let place = place();
    succeeds(&place, place.path(), &start);
    let folder = place.path().join("uv-training");
    for (number, exercise) in exercises.iter().enumerate() {
        for commands in &exercise.prepare {
            succeeds(&place, &folder, commands);
        }
        let (is_solved, said) = run(&place, &folder, &exercise.check);
        assert!(!is_solved, "the check of exercise {} succeeds without a solution: {said}", number + 1);
        succeeds(&place, &folder, &exercise.solution);
        succeeds(&place, &folder, &exercise.check);
    }
}

/// A folder with an index beside it that uv is told of in the configuration of the user.
fn place() -> Project {
    let place = Project::new();
    let wheels = flat_index(place.beside("wheels"), &PACKAGES);
    let configuration = place.beside("home").join("config/uv");
    std::fs::create_dir_all(&configuration).unwrap();
    let text = format!(
        "[[index]]\nname = \"wheels\"\nurl = \"{}\"\nformat = \"flat\"\ndefault = true\n",
        wheels.display()
    );
    std::fs::write(configuration.join("uv.toml"), text).unwrap();
    place
}

/// The commands that make the scratch project, and the exercises with their solutions.
fn read(text: &str) -> (String, Vec<Exercise>) {
    let sections: Vec<&str> = text.split("\n### ").collect();
    let start = blocks(sections[0]).into_iter().find(|block| block.contains("uv init")).unwrap();
    let is_solution = |section: &&&str| section.starts_with("Solution ") || section.starts_with("풀이 ");
    let solutions: Vec<&&str> = sections.iter().filter(is_solution).collect();
    let tasks = sections[1..].iter().filter(|section| !is_solution(section));
    let exercise = |(task, solution): (&&str, &&&str)| {
        let task = task.split("\n## ").next().unwrap();
        let mut prepare = blocks(task);
        let check = prepare.pop().unwrap();
        Exercise { prepare, check, solution: blocks(solution).concat() }
    };
    (start, tasks.zip(&solutions).map(exercise).collect())
}

/// The fenced blocks of a text.
fn blocks(text: &str) -> Vec<String> {
    text.split("```bash\n").skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

fn succeeds(place: &Project, folder: &Path, commands: &str) {
    let (is_well, said) = run(place, folder, commands);
    assert!(is_well, "{commands}\n{said}");
}

/// Whether every line succeeds, and what was said.
fn run(place: &Project, folder: &Path, commands: &str) -> (bool, String) {
    let folders = [uv(), pip_python()].map(|program| program.parent().unwrap().display().to_string());
    let path = format!("{}:{}", folders.join(":"), std::env::var("PATH").unwrap_or_default());
    let mut command = Command::new("bash");
    // A line that begins with `!` is to fail; `set -e` takes no notice of it.
    let strict: String = commands
        .lines()
        .map(|line| match line.strip_prefix("! ") {
            Some(rest) => format!("if {rest}; then exit 1; fi\n"),
            None => format!("{line}\n"),
        })
        .collect();
    command.args(["-euc", &strict]).current_dir(folder).envs(uv_environment(place)).env("PATH", path);
    // It would be the Python of `uv pip`, too, where the course means `.venv`.
    command.env_remove("UV_PYTHON");
    for role in ["AUTHOR", "COMMITTER"] {
        command
            .env(format!("GIT_{role}_NAME"), "Test")
            .env(format!("GIT_{role}_EMAIL"), "test@index.example");
    }
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    (output.status.success(), said.concat())
}

//! Commands that read a file without naming it, and that stay as they are: `pipenv run NAME` reads the Pipfile.

use uvshift_tree::references::Reference;

use super::reference;

/// A program, the files that it reads by their names alone, and its commands that do.
struct Reader {
    program: &'static str,
    files: &'static [&'static str],
    commands: &'static [&'static str],
    /// The action that runs it, in workflows.
    action: Option<&'static str>,
}

const READERS: [Reader; 3] = [
    Reader {
        program: "pipenv",
        files: &["Pipfile", "Pipfile.lock"],
        commands: &[
            "run",
            "install",
            "sync",
            "shell",
            "lock",
            "graph",
            "check",
            "update",
            "upgrade",
            "requirements",
            "verify",
            "scripts",
            "clean",
            "uninstall",
            "audit",
        ],
        action: None,
    },
    Reader {
        program: "pixi",
        files: &["pixi.toml", "pixi.lock"],
        commands: &[
            "run",
            "r",
            "install",
            "i",
            "shell",
            "shell-hook",
            "lock",
            "list",
            "ls",
            "task",
            "tree",
            "update",
            "upgrade",
            "add",
            "remove",
            "reinstall",
            "workspace",
            "project",
        ],
        action: Some("prefix-dev/setup-pixi@"),
    },
    Reader {
        program: "env",
        files: &["environment.yml", "environment.yaml"],
        commands: &["create", "update"],
        action: None,
    },
];

/// The programs that have `env create`.
const CONDAS: [&str; 3] = ["conda", "mamba", "micromamba"];

/// The lines of a file that read `path`, an old file, without naming it.
pub(super) fn reads(file: &str, bytes: &[u8], path: &str) -> Vec<Reference> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let is_below = folder.is_empty() || file.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    let reader = READERS.iter().find(|reader| reader.files.contains(&name));
    let (Some(reader), true, false) = (reader, is_below, is_no_script(file)) else { return Vec::new() };
    let text = String::from_utf8_lossy(bytes);
    let lines = text.lines().enumerate().filter(|(_, line)| is_read(reader, line));
    lines.map(|(at, line)| reference(file, at, line)).collect()
}

fn is_read(reader: &Reader, line: &str) -> bool {
    if line.trim_start().starts_with('#') {
        return false;
    }
    if reader.action.is_some_and(|action| line.contains(action)) {
        return true;
    }
    let apart = |letter: char| letter.is_whitespace() || "\"'`;&|()[]{},@:=".contains(letter);
    let words: Vec<&str> = line.split(apart).filter(|word| !word.is_empty()).collect();
    words.iter().enumerate().any(|(at, word)| {
        // Options may stand between a program and its command.
        let behind = words.get(at + 1..).unwrap_or_default();
        let command = behind.iter().find(|word| !word.starts_with('-'));
        let is_one = *word == reader.program && command.is_some_and(|word| reader.commands.contains(word));
        let names_file = || behind.iter().any(|word| word.starts_with("-f") || word.starts_with("--file"));
        let is_conda =
            || at.checked_sub(1).and_then(|before| words.get(before)).is_some_and(|it| CONDAS.contains(it));
        is_one && (reader.program != "env" || (is_conda() && !names_file()))
    })
}

/// Texts in which a word is no command: prose, sources of Python, what tools write.
fn is_no_script(file: &str) -> bool {
    let ending = file.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending);
    super::is_prose(file)
        || ending
            .is_some_and(|ending| matches!(ending, "py" | "pyi" | "ipynb" | "lock" | "svg" | "js" | "ts"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_stays_keeps_what_it_reads() {
        let lines = |file: &str, text: &str, path: &str| -> Vec<usize> {
            reads(file, text.as_bytes(), path).iter().map(|found| found.line).collect()
        };
        let ci = ".github/workflows/ci.yml";
        assert_eq!(
            lines(ci, "- uses: prefix-dev/setup-pixi@v0.8.1\n- run: pixi run test\n", "pixi.toml"),
            [1, 2]
        );
        assert_eq!(lines(ci, "- run: pixi -v run -e test pytest\n", "pixi.lock"), [1]);
        assert_eq!(lines("Makefile", "test:\n\t@pipenv run serve\n", "Pipfile"), [2]);
        assert_eq!(lines("a/run.sh", "pipenv shell\n", "a/Pipfile.lock"), [1]);
        assert_eq!(lines("Makefile", "\tconda env create && true\n", "environment.yml"), [1]);
        for (file, text, path) in [
            ("Makefile", "\tpip install pipenv wheel\n", "Pipfile"),
            ("Makefile", "# pipenv run serve\n", "Pipfile"),
            ("README.md", "pipenv run serve\n", "Pipfile"),
            ("tool.py", "run('pipenv run serve')\n", "Pipfile"),
            ("b/run.sh", "pipenv shell\n", "a/Pipfile"),
            ("run.sh", "pixi global install ruff\n", "pixi.toml"),
            ("run.sh", "conda env create -f other.yml\n", "environment.yml"),
            ("run.sh", "env create=1 sh\n", "environment.yml"),
            ("run.sh", "pipenv run serve\n", "requirements.txt"),
        ] {
            assert_eq!(lines(file, text, path), [0_usize; 0], "{file}: {text}");
        }
    }
}

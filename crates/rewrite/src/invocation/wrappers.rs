//! Programs that run the rest of the command.

use super::plain_name;
use crate::shell::Word;

/// A program that runs the rest of the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrapper {
    Sudo,
    Conda(&'static str),
    Other(&'static Row),
}

/// How the arguments of a wrapper end.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    name: &'static str,
    /// Options that take a word of their own.
    values: &'static [&'static str],
    /// Words before the command that are no options.
    positional: usize,
    /// `NAME=value` can stand before the command.
    assignments: bool,
    /// With one of these it runs nothing.
    but_not: &'static [&'static str],
}

const fn row(name: &'static str, values: &'static [&'static str], positional: usize) -> Row {
    Row { name, values, positional, assignments: false, but_not: &[] }
}

static SUDO: Row = Row {
    name: "sudo",
    values: &[
        "-u", "-g", "-h", "-p", "-C", "-r", "-t", "-T", "-D", "-R", "-U", "--user", "--group", "--host",
        "--prompt", "--chdir", "--chroot",
    ],
    positional: 0,
    assignments: true,
    but_not: &["-l", "-v", "-e", "-V"],
};

static CONDA_RUN: Row = row("conda run", &["-n", "--name", "-p", "--prefix", "--cwd"], 0);

static ROWS: &[Row] = &[
    Row {
        name: "env",
        values: &["-u", "--unset", "-C", "--chdir"],
        positional: 0,
        assignments: true,
        but_not: &["-S"],
    },
    row("time", &["-f", "--format", "-o", "--output"], 0),
    row("exec", &["-a"], 0),
    row("nohup", &[], 0),
    Row { name: "command", values: &[], positional: 0, assignments: false, but_not: &["-v", "-V"] },
    row("builtin", &[], 0),
    row("nice", &["-n", "--adjustment"], 0),
    row("ionice", &["-c", "-n", "--class", "--classdata"], 0),
    row("stdbuf", &["-i", "-o", "-e"], 0),
    row("timeout", &["-s", "-k", "--signal", "--kill-after"], 1),
    row("xvfb-run", &["-s", "--server-args", "-n", "--server-num", "-e", "-f", "-p", "-w"], 0),
    row("chronic", &[], 0),
    row("retry", &["-n", "-d", "-t", "-s", "-m", "--tries", "--delay", "--times"], 0),
    row("travis_retry", &[], 0),
    row("travis_wait", &[], 0),
    row("doas", &["-u"], 0),
    row(
        "xargs",
        &[
            "-a",
            "-d",
            "-E",
            "-I",
            "-L",
            "-n",
            "-P",
            "-s",
            "--arg-file",
            "--delimiter",
            "--max-args",
            "--max-procs",
        ],
        0,
    ),
];

/// What xargs hands words to that decide what is installed, or what is run.
const NOT_BY_XARGS: &[&str] = &[
    "pip",
    "pipx",
    "poetry",
    "pipenv",
    "pdm",
    "hatch",
    "virtualenv",
    "pip-compile",
    "pip-sync",
    "uv",
    "sh",
    "bash",
];

impl Wrapper {
    /// The wrapper at the start of these words, with the words that it runs.
    pub(super) fn at<'a>(script: &str, words: &'a [Word]) -> Option<(Self, &'a [Word])> {
        let (first, rest) = words.split_first()?;
        let name = first.literal()?;
        let name = name.strip_prefix("/usr/bin/").or_else(|| name.strip_prefix("/bin/")).unwrap_or(&name);
        if name == "sudo" {
            return Some((Self::Sudo, SUDO.skip(script, rest)?));
        }
        if let Some(conda) = ["conda", "mamba", "micromamba"].iter().find(|conda| **conda == name) {
            let (run, rest) = rest.split_first()?;
            if run.literal()? != "run" {
                return None;
            }
            return Some((Self::Conda(conda), CONDA_RUN.skip(script, rest)?));
        }
        let row = ROWS.iter().find(|row| row.name == name)?;
        let mut rest = row.skip(script, rest)?;
        if row.name == "xargs" {
            let decides = |word: &Word| {
                let raw = word.raw(script);
                NOT_BY_XARGS.contains(&plain_name(raw.rsplit('/').next().unwrap_or(raw)).as_str())
            };
            if rest.iter().take(3).any(decides) {
                return None;
            }
        }
        if row.name == "travis_wait" {
            // Minutes, if given.
            let is_number = |word: &Word| word.literal().is_some_and(|text| text.parse::<u32>().is_ok());
            if rest.first().is_some_and(is_number) {
                rest = rest.get(1..)?;
            }
        }
        Some((Self::Other(row), rest))
    }

    pub(super) fn name(self) -> String {
        match self {
            Self::Sudo => "sudo".to_owned(),
            Self::Conda(conda) => format!("{conda} run"),
            Self::Other(row) => row.name.to_owned(),
        }
    }
}

impl Row {
    /// What is behind the wrapper's own arguments; none when nothing is, or when it runs nothing.
    fn skip<'a>(&self, script: &str, words: &'a [Word]) -> Option<&'a [Word]> {
        let mut rest = words;
        let mut positional = self.positional;
        while let Some((word, behind)) = rest.split_first() {
            let raw = word.raw(script);
            if self.but_not.contains(&raw) {
                return None;
            }
            if raw == "--" {
                rest = behind;
                break;
            }
            if raw.starts_with('-') {
                let takes = usize::from(self.values.contains(&raw));
                rest = behind.get(takes..)?;
            } else if self.assignments && is_assignment(raw) {
                rest = behind;
            } else if positional > 0 {
                positional -= 1;
                rest = behind;
            } else {
                break;
            }
        }
        (!rest.is_empty()).then_some(rest)
    }
}

fn is_assignment(raw: &str) -> bool {
    raw.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

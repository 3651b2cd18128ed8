//! Asking one tool one question: the command, its environment, and what came of it.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use uvshift_process::{CommandSpec, Output, ProcessError, Runner};

use super::answer;
use super::classify::{self, Said};
use super::disk::{State, tail_of, write_file};
use super::error::CompatError;
use super::model::{Failure, FailureClass, NotTried, Outcome, Setting, Status, Tool};
use super::plan::{Builds, Caches, CompatPlan};
use super::record::{Record, key};
use super::tools::clean;

/// pip's report holds the description of every package, so it may be long.
const REPORT_LIMIT: u64 = 256 << 20;

/// pip's own log has a line for every file that an index lists.
const PIP_LOG_LIMIT: u64 = 16 << 20;

/// One question for one tool.
pub(super) struct Question<'a> {
    pub(super) tool: Tool,
    /// Lines of a requirements file.
    pub(super) lines: &'a [String],
    /// Lines of a constraints file beside those of the plan.
    pub(super) constraints: &'a [String],
    /// Arguments beside the usual ones.
    pub(super) flags: &'a [&'a str],
    pub(super) limit: Duration,
    /// What the log is called.
    pub(super) label: &'a str,
    /// Whether the answer may be kept: that of a source tree changes with the tree.
    pub(super) lasting: bool,
}

/// What every question needs.
pub(super) struct Asker<'a> {
    pub(super) plan: &'a CompatPlan,
    pub(super) runner: &'a dyn Runner,
    pub(super) setting: &'a Setting,
    pub(super) state: &'a State,
    /// The contents of the constraints files.
    pub(super) constraints: &'a [String],
}

impl Asker<'_> {
    /// The answer: from an earlier run if there is one, else from the tool.
    pub(super) fn ask(&self, question: &Question<'_>) -> Result<Outcome, CompatError> {
        let key = self.key(question);
        if question.lasting
            && let Some(known) = self.state.known(&key)
            && let Some(outcome) = known.outcome(question.limit)
        {
            return Ok(outcome);
        }
        let outcome = self.run(question, &key)?;
        if question.lasting
            && let Some(record) = Record::of(&key, &outcome)
        {
            self.state.keep(&record)?;
        }
        Ok(outcome)
    }

    fn key(&self, question: &Question<'_>) -> String {
        let Setting { pip, uv, python, implementation, platform, sources, builds, timeout: _, parallel: _ } =
            self.setting;
        let version = if question.tool == Tool::Pip { pip } else { uv };
        let index = &self.plan.index;
        let index = format!("{sources:?} {} {:?} {builds}", index.no_index, index.folder);
        let constraints = format!("{:?} {:?}", self.constraints, question.constraints);
        let lines = question.lines.join("\n");
        let flags = question.flags.join("\n");
        key(&[
            question.tool.id(),
            version,
            python,
            implementation,
            platform,
            &index,
            &constraints,
            &flags,
            &lines,
        ])
    }

    fn run(&self, question: &Question<'_>, key: &str) -> Result<Outcome, CompatError> {
        let scratch = self.state.scratch()?;
        let spec = self.command(question, scratch.path())?;
        let result = self.runner.run(&spec);
        let at = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let (status, seconds, log) = match result {
            Ok(output) => {
                let seconds = output.duration.as_secs_f64();
                let (said, details) = said(question, &output, scratch.path(), &spec);
                let status = status(
                    question.tool,
                    &output,
                    scratch.path(),
                    &Said { tool: question.tool, text: &said, details: &details },
                );
                (status, seconds, Some(said))
            }
            Err(error) => of_error(&error),
        };
        let log = log.map(|log| self.log(question, key, &spec, &status, &log, scratch.path())).transpose()?;
        Ok(Outcome { status, seconds, at, taken: false, log })
    }

    fn log(
        &self,
        question: &Question<'_>,
        key: &str,
        spec: &CommandSpec,
        status: &Status,
        said: &str,
        scratch: &Path,
    ) -> Result<String, CompatError> {
        let name = format!("{}-{}-{}.log", question.label, question.tool.id(), key.get(..12).unwrap_or(key));
        let requirements: Vec<_> =
            question.lines.iter().map(|line| format!("# {}\n", spec.redact(line))).collect();
        let ending = match status {
            Status::TimedOut(limit) => format!("\n# ended after {} s\n", limit.as_secs_f32()),
            _ => String::new(),
        };
        let text = format!("# {spec}\n{}\n{said}{ending}", requirements.concat());
        let text = text.replace(&*scratch.to_string_lossy(), "SCRATCH");
        self.state.log(&name, &spec.redact(&uvshift_requirements::redacted(&text)))
    }

    fn command(&self, question: &Question<'_>, scratch: &Path) -> Result<CommandSpec, CompatError> {
        let file = scratch.join("requirements.txt");
        write_file(&file, &(question.lines.join("\n") + "\n"))?;
        let mut spec = match question.tool {
            Tool::Pip => self.pip(scratch, question),
            Tool::Uv => self.uv(scratch),
        };
        spec = spec.arg("-r").arg(file);
        for path in &self.plan.index.constraints {
            spec = spec.arg("-c").arg(std::path::absolute(path).unwrap_or_else(|_| path.clone()));
        }
        if !question.constraints.is_empty() {
            let file = scratch.join("constraints.txt");
            write_file(&file, &(question.constraints.join("\n") + "\n"))?;
            spec = spec.arg("-c").arg(file);
        }
        if self.plan.builds == Builds::Refused {
            spec = spec.args(["--only-binary", ":all:"]);
        }
        spec = self.index(spec.args(question.flags.iter().copied()), question.tool);
        self.surround(spec, scratch).map(|spec| spec.timeout(question.limit))
    }

    fn pip(&self, scratch: &Path, question: &Question<'_>) -> CommandSpec {
        let spec = CommandSpec::new(&self.plan.python)
            .args(["-I", "-m", "pip", "install", "--dry-run", "--ignore-installed", "--report"])
            .arg(scratch.join("report.json"))
            .args(["--no-color", "--progress-bar", "off", "--no-input", "--disable-pip-version-check"]);
        // It names every file of every package that is looked at: where many requirements contradict each other that comes to a
        // hundred megabytes. With the versions given, nothing is looked at twice.
        if question.lines.len() == 1 || !question.constraints.is_empty() {
            spec.arg("--log").arg(scratch.join("pip.log"))
        } else {
            spec
        }
    }

    fn uv(&self, scratch: &Path) -> CommandSpec {
        CommandSpec::new(&self.plan.uv)
            .args([
                "pip",
                "install",
                "--dry-run",
                "--output-format",
                "json",
                "--no-progress",
                "--color",
                "never",
            ])
            .arg("--python")
            .arg(&self.plan.python)
            .arg("--target")
            .arg(scratch.join("target"))
    }

    /// Where packages come from. URLs go through the environment: others can read the arguments of a process.
    fn index(&self, mut spec: CommandSpec, tool: Tool) -> CommandSpec {
        let index = &self.plan.index;
        let (main, extra) = match tool {
            Tool::Pip => ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"),
            Tool::Uv => ("UV_DEFAULT_INDEX", "UV_EXTRA_INDEX_URL"),
        };
        if index.no_index {
            spec = spec.arg("--no-index");
        } else {
            if let Some(url) = &index.index_url {
                spec = spec.env(main, url);
            }
            if !index.extra_index_urls.is_empty() {
                spec = spec.env(extra, index.extra_index_urls.join(" "));
            }
        }
        let (pages, folders): (Vec<_>, Vec<_>) =
            index.find_links.iter().partition(|link| link.contains("://"));
        if !pages.is_empty() {
            let (name, separator) = match tool {
                Tool::Pip => ("PIP_FIND_LINKS", " "),
                Tool::Uv => ("UV_FIND_LINKS", ","),
            };
            let pages: Vec<&str> = pages.into_iter().map(String::as_str).collect();
            spec = spec.env(name, pages.join(separator));
        }
        for folder in folders {
            spec = spec.arg("--find-links").arg(folder);
        }
        spec = index.secrets.iter().fold(spec, CommandSpec::secret);
        match (&index.certificates, tool) {
            (Some(file), Tool::Pip) => spec.arg("--cert").arg(file),
            (Some(file), Tool::Uv) => spec.env("SSL_CERT_FILE", file),
            (None, _) => spec,
        }
    }

    /// A home, a folder for temporary files and caches of its own.
    fn surround(&self, spec: CommandSpec, scratch: &Path) -> Result<CommandSpec, CompatError> {
        let (pip, uv) = match &self.plan.caches {
            Caches::State => (self.state.subfolder("cache/pip")?, self.state.subfolder("cache/uv")?),
            Caches::At { pip, uv } => (pip.clone(), uv.clone()),
        };
        let home = self.state.subfolder("home")?;
        let temporary = scratch.join("tmp");
        std::fs::create_dir(&temporary).map_err(|source| CompatError::State {
            action: "make",
            path: temporary.clone(),
            source,
        })?;
        let mut spec = clean(spec)
            .env("PIP_CACHE_DIR", pip)
            .env("UV_CACHE_DIR", uv)
            .env("HOME", &home)
            .env("USERPROFILE", &home)
            .env("XDG_CONFIG_HOME", &home)
            .env("XDG_CONFIG_DIRS", &home);
        for name in ["TMPDIR", "TEMP", "TMP"] {
            spec = spec.env(name, &temporary);
        }
        if let Some(netrc) = &self.plan.index.netrc {
            spec = spec.env("NETRC", netrc);
        }
        Ok(spec.current_dir(self.plan.index.folder.as_deref().unwrap_or(scratch)))
    }
}

/// What the tool said, and pip's own log of a failure; both without credentials.
fn said(question: &Question<'_>, output: &Output, scratch: &Path, spec: &CommandSpec) -> (String, String) {
    let covered = |text: &str| spec.redact(&uvshift_requirements::redacted(text));
    // Where the file of the question stood tells nobody anything.
    let file = scratch.join("requirements.txt").to_string_lossy().into_owned();
    let text = with_requirements(&whole(output), &file, question.lines).replace(&file, "the requirements");
    if question.tool == Tool::Uv || output.success() {
        return (covered(&text), String::new());
    }
    let details = covered(&tail_of(&scratch.join("pip.log"), PIP_LOG_LIMIT));
    (covered(&with_output_of_build(text, &details)), details)
}

/// pip calls a requirement by the line of its file where that has no version: here the requirement stands in its place.
fn with_requirements(text: &str, file: &str, lines: &[String]) -> String {
    let before = format!("-r {file} (line ");
    let mut parts = text.split(before.as_str());
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let number =
            part.split_once(')').and_then(|(number, rest)| Some((number.parse::<usize>().ok()?, rest)));
        let found = number.and_then(|(number, rest)| Some((lines.get(number.checked_sub(1)?)?, rest)));
        if let Some((line, rest)) = found {
            out.push_str(line.split(" --hash").next().unwrap_or(line));
            out.push_str(rest);
        } else {
            out.push_str(&before);
            out.push_str(part);
        }
    }
    out
}

/// With a log, pip writes what a build said into the log alone.
fn with_output_of_build(text: String, details: &str) -> String {
    const INSTEAD: &str = "No available output.";
    if !text.contains(INSTEAD) {
        return text;
    }
    let lines: Vec<&str> = details.lines().collect();
    let is_end = |line: &&str| line.contains("ERROR: ") && line.contains(" exited with ");
    let end = lines.iter().rposition(is_end).unwrap_or(0);
    let before = lines.get(..end).unwrap_or_default();
    let start =
        before.iter().rposition(|line| line.contains(" Running command ")).map_or(end, |start| start + 1);
    // Every line begins with its time.
    let output = before.get(start..).unwrap_or_default().iter();
    let output: Vec<&str> = output.map(|line| line.split_once(' ').map_or("", |(_, rest)| rest)).collect();
    text.replace(INSTEAD, &format!("its output was:\n{}", output.join("\n")))
}

fn status(tool: Tool, output: &Output, scratch: &Path, said: &Said<'_>) -> Status {
    if !output.success() {
        return Status::Failed(classify::failure(said));
    }
    let chosen = match tool {
        Tool::Pip => answer::of_pip(&tail_of(&scratch.join("report.json"), REPORT_LIMIT)),
        Tool::Uv => answer::of_uv(&output.stdout_text()),
    };
    chosen.map_or_else(|| Status::Failed(unreadable(tool)), Status::Resolved)
}

fn whole(output: &Output) -> String {
    let stdout = output.stdout_text();
    format!(
        "{stdout}{}{}",
        if stdout.ends_with('\n') || stdout.is_empty() { "" } else { "\n" },
        output.stderr
    )
}

fn unreadable(tool: Tool) -> Failure {
    Failure {
        class: FailureClass::Unknown,
        message: format!("{} ended well, but its answer cannot be read", tool.id()),
        about: None,
    }
}

/// Status, seconds and log of a command that did not come to its end.
fn of_error(error: &ProcessError) -> (Status, f64, Option<String>) {
    let said = error.stderr().unwrap_or_default().to_owned();
    match error {
        ProcessError::TimedOut { after, .. } => (Status::TimedOut(*after), after.as_secs_f64(), Some(said)),
        ProcessError::Interrupted { .. } => (Status::NotTried(NotTried::Interrupted), 0.0, None),
        _ => {
            let failure = Failure { class: FailureClass::CannotRun, message: error.to_string(), about: None };
            (Status::Failed(failure), 0.0, Some(said))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pip_names_requirements_instead_of_lines() {
        let lines = ["tools".to_owned(), "plain==1 --hash=sha256:ab".to_owned()];
        let text =
            "Cannot install -r /x/r.txt (line 1) and -r /x/r.txt (line 2), -r /x/r.txt (line 99) because";
        let expected = "Cannot install tools and plain==1, -r /x/r.txt (line 99) because";
        assert_eq!(with_requirements(text, "/x/r.txt", &lines), expected);
    }

    #[test]
    fn the_output_of_a_build_comes_from_the_log() {
        let details = "T1   Running command other\nT2   noise\nT3   Running command Getting requirements\nT4   Error: no\n\
                       T5   pg_config\nT6   ERROR: Getting requirements exited with 1\n";
        let text = with_output_of_build("before No available output. after".to_owned(), details);
        assert_eq!(text, "before its output was:\n  Error: no\n  pg_config after");
    }
}

//! The blocks of a document that somebody would type.

/// A block of commands with what its document says about it.
#[derive(Debug, Default)]
pub(crate) struct Block {
    /// The line that it begins in.
    pub(crate) line: usize,
    /// What each command is, and what the document says it prints.
    pub(crate) steps: Vec<Step>,
    pub(crate) said: Said,
}

/// A command and its output.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) line: usize,
    pub(crate) command: String,
    pub(crate) output: Vec<String>,
}

/// What comments directly before a block say: `<!-- not run: why -->`, `<!-- exit: 1 -->`, `<!-- answer: y -->`,
/// `<!-- fresh project -->`.
#[derive(Debug, Default)]
pub(crate) struct Said {
    pub(crate) not_run: Option<String>,
    pub(crate) exit: i32,
    pub(crate) answer: Option<String>,
    pub(crate) fresh: bool,
    /// Comments that are none of these.
    pub(crate) unknown: Vec<String>,
}

/// Languages of blocks that somebody types; only those of the first one are run.
const TYPED: [&str; 6] = ["console", "sh", "bash", "shell", "powershell", "zsh"];

/// All blocks of commands of a document.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut said = Said::default();
    let mut lines = text.lines().enumerate().map(|(number, line)| (number + 1, line.trim_start()));
    while let Some((number, line)) = lines.next() {
        if let Some(comment) = line.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->")) {
            say(&mut said, comment.trim());
            continue;
        }
        let said = std::mem::take(&mut said);
        let Some(language) = line.strip_prefix("```") else { continue };
        let inside: Vec<(usize, &str)> =
            lines.by_ref().take_while(|(_, line)| !line.starts_with("```")).collect();
        if TYPED.contains(&language.trim()) {
            let steps = if language.trim() == "console" { steps(&inside) } else { Vec::new() };
            found.push(Block { line: number, steps, said });
        }
    }
    found
}

fn say(said: &mut Said, comment: &str) {
    match comment.split_once(": ") {
        Some(("not run", why)) => said.not_run = Some(why.to_owned()),
        Some(("exit", status)) => said.exit = status.parse().expect("`exit` has a number"),
        Some(("answer", answer)) => said.answer = Some(answer.to_owned()),
        None if comment == "fresh project" => said.fresh = true,
        _ => said.unknown.push(comment.to_owned()),
    }
}

/// `$ ` begins a command; a backslash at its end goes on in the next line; the rest is output.
fn steps(lines: &[(usize, &str)]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut goes_on = false;
    for (number, line) in lines {
        let command = line.strip_prefix("$ ").or(goes_on.then_some(*line));
        match (command, steps.last_mut()) {
            (Some(command), Some(step)) if goes_on => step.command = format!("{}\n{command}", step.command),
            (Some(command), _) => {
                steps.push(Step { line: *number, command: command.to_owned(), ..Step::default() });
            }
            (None, Some(step)) => step.output.push((*line).to_owned()),
            (None, None) => panic!("line {number}: a block of the language `console` begins with `$ `"),
        }
        goes_on = command.is_some_and(|command| command.ends_with('\\'));
    }
    steps
}

/// Whether what was printed is what the document shows; a line of `...` stands for any lines.
pub(crate) fn is_shown(shown: &[String], printed: &[&str]) -> bool {
    let Some((first, rest)) = shown.split_first() else { return printed.is_empty() };
    if first.trim() == "..." {
        return (0..=printed.len()).any(|at| is_shown(rest, &printed[at..]));
    }
    printed.split_first().is_some_and(|(line, printed)| same(first, line) && is_shown(rest, printed))
}

/// Numbers of milliseconds, of runs and the like differ from run to run: `...` within a line stands for anything.
fn same(shown: &str, printed: &str) -> bool {
    let (shown, printed) = (shown.trim(), printed.trim());
    match shown.split_once("...") {
        Some((start, end)) => {
            printed.len() >= start.len() + end.len() && printed.starts_with(start) && printed.ends_with(end)
        }
        None => shown == printed,
    }
}

#[test]
fn blocks_are_read_with_what_is_said_of_them() {
    let text = "a\n\n<!-- exit: 1 -->\n<!-- answer: y -->\n```console\n$ one # why\nout\n$ two \\\n  three\n```\n```sh\nfour\n```\n```text\n$ no\n```\n";
    let found = blocks(text);
    assert_eq!(found.len(), 2);
    let steps: Vec<(&str, usize)> =
        found[0].steps.iter().map(|step| (step.command.as_str(), step.output.len())).collect();
    assert_eq!(steps, [("one # why", 1), ("two \\\nthree", 0)]);
    assert_eq!((found[0].line, found[0].said.exit, found[0].said.answer.as_deref()), (5, 1, Some("y")));
    assert!(found[1].steps.is_empty() && found[1].said.exit == 0);
}

#[test]
fn what_is_printed_is_compared_with_what_is_shown() {
    let shown = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    assert!(is_shown(&shown(&["a", "...", "d"]), &["a", "b", "c", "d"]));
    assert!(is_shown(&shown(&["took ... s"]), &["took 1.5 s"]));
    assert!(!is_shown(&shown(&["a", "...", "d"]), &["a", "b"]));
    assert!(!is_shown(&shown(&["a"]), &["a", "b"]));
    assert!(!is_shown(&shown(&["a"]), &["b"]));
}

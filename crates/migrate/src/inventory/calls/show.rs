//! Commands as reports show them.

use uvshift_project::redacted;

use super::{LOOKED_AT, up_to_end};

/// Longer commands are cut, in characters.
pub(super) const LONGEST: usize = 160;

/// A command as reports show it: one line, not too long, without what is secret.
pub(super) fn shown(command: &str, rest: &[&str]) -> String {
    let mut text = command.trim().trim_start_matches(['@', '-']).to_owned();
    for line in rest {
        if !text.ends_with('\\') || text.len() > LONGEST {
            break;
        }
        text.truncate(text.trim_end_matches(['\\', ' ']).len());
        text.push(' ');
        // The next command may start on the next line.
        text.push_str(up_to_end(cut(line.trim(), LOOKED_AT)));
    }
    // Credentials are covered before the text is cut, or half of a URL would not look like one.
    let text = without_passwords(&redacted(&text));
    let mut text = text.trim_end_matches(['\\', ' ']);
    // What `sh -c "..."` and `$(...)` close was opened before the command.
    for (open, close) in [('"', '"'), ('\'', '\''), ('(', ')')] {
        let is_open = if open == close {
            text.matches(open).count() % 2 == 1
        } else {
            text.matches(close).count() > text.matches(open).count()
        };
        if is_open {
            text = text.strip_suffix(close).unwrap_or(text).trim_end();
        }
    }
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The words of a command with one space between them, and `****` for the values of options and settings that are
/// passwords, unless they are variables.
fn without_passwords(command: &str) -> String {
    const OPTIONS: [&str; 5] = ["--password", "--token", "--api-key", "-p", "-P"];
    let words: Vec<&str> = command.split_whitespace().collect();
    // `-p` is a password where something is published, and a folder or a version elsewhere.
    let publishes = words.iter().any(|word| matches!(*word, "publish" | "upload"));
    let (mut out, mut covers, mut covers_all) = (Vec::new(), false, false);
    for word in words {
        let is_variable = word.trim_matches(['"', '\'']).starts_with(['$', '%', '{']);
        let shown = match word.split_once('=') {
            Some((name, value)) if OPTIONS.contains(&name) && !value.trim_matches('"').starts_with('$') => {
                format!("{name}=****")
            }
            _ if (covers || covers_all) && !is_variable && !word.starts_with("--") => "****".to_owned(),
            _ => word.to_owned(),
        };
        covers = OPTIONS.contains(&word) && (publishes || word.starts_with("--"));
        // `poetry config http-basic.NAME USER PASSWORD`
        covers_all |=
            ["http-basic.", "pypi-token.", "pypi.password"].iter().any(|start| word.starts_with(start));
        out.push(shown);
    }
    out.join(" ")
}

/// The start of a text, at most so many bytes.
pub(super) fn cut(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

//! Ledger entries of readers: the text as written, on one line, without credentials.

use uvshift_diagnostics::Diagnostic;
use uvshift_pyproject::{Error as TomlError, PyProject};

use crate::{Outcome, Provenance, Reading, Tree, codes};
use uvshift_requirements::redacted;

/// A TOML document that is read, with the path it has in the project.
#[derive(Clone, Copy)]
pub(super) struct Document<'a> {
    pub(super) file: &'a str,
    pub(super) toml: &'a PyProject,
}

impl Document<'_> {
    /// Where a key stands.
    pub(super) fn from(&self, path: &[&str]) -> Provenance {
        Provenance::new(self.file, self.toml.line_of(path))
    }

    /// The key as written.
    pub(super) fn written(&self, path: &[&str]) -> String {
        self.toml.written(path).unwrap_or_else(|| path.join("."))
    }
}

/// It stands in the result with the same meaning.
pub(super) fn carry(out: &mut Reading, from: Provenance, text: &str, to: impl Into<String>) {
    out.ledger.add(from, redacted(text), Outcome::Carried { to: to.into() });
}

/// It stands in the result in another form.
pub(super) fn change(
    out: &mut Reading,
    from: Provenance,
    text: &str,
    to: impl Into<String>,
    why: impl Into<String>,
) {
    out.ledger.add(from, redacted(text), Outcome::Changed { to: to.into(), why: redacted(&why.into()) });
}

/// It is not needed any more.
pub(super) fn leave_out(out: &mut Reading, from: Provenance, text: &str, why: impl Into<String>) {
    out.ledger.add(from, redacted(text), Outcome::Dropped { why: redacted(&why.into()) });
}

/// A person must decide.
pub(super) fn refuse(
    out: &mut Reading,
    from: Provenance,
    text: &str,
    why: impl Into<String>,
    advice: impl Into<String>,
) {
    let outcome = Outcome::Refused { why: redacted(&why.into()), advice: redacted(&advice.into()) };
    out.not_carried.insert(from.file.clone());
    out.ledger.add(from, redacted(text), outcome);
}

/// A name that PEP 735 allows for a group: the same where it is one, else the nearest one.
pub(super) fn group_name(name: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric();
    let fits = name.chars().all(|letter| plain(letter) || "-_.".contains(letter))
        && name.starts_with(plain)
        && name.ends_with(plain);
    if fits {
        return name.to_owned();
    }
    let letters = name.chars().map(|letter| if plain(letter) { letter.to_ascii_lowercase() } else { '-' });
    let nearest = letters.collect::<String>();
    let parts: Vec<&str> = nearest.split('-').filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "group".to_owned() } else { parts.join("-") }
}

/// The text of a file of any size. What cannot be read is said, and stops the migration.
pub(super) fn open(tree: &Tree, file: &str, out: &mut Reading) -> Option<String> {
    let said = match tree.read(file).map(String::from_utf8) {
        Ok(Ok(text)) => return Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
        Ok(Err(error)) => {
            format!("it is not UTF-8 (first bad byte at offset {})", error.utf8_error().valid_up_to())
        }
        Err(error) => error.to_string(),
    };
    let found = Diagnostic::error(codes::M040, format!("{file} cannot be read: {said}")).in_file(file, 1);
    out.diagnostics.push(found.with_help("restore the file, or leave it out with `--ignore FILE`"));
    None
}

/// The same for a file that has to be TOML.
pub(super) fn open_toml(tree: &Tree, file: &str, out: &mut Reading) -> Option<PyProject> {
    let text = open(tree, file, out)?;
    match PyProject::parse(&text) {
        Ok(document) => Some(document),
        Err(error) => {
            let line = if let TomlError::Syntax { line, .. } = error { line } else { 1 };
            let found = Diagnostic::error(codes::M040, format!("{file} cannot be read: {error}"));
            let help = "correct the file, or leave it out with `--ignore FILE`";
            out.diagnostics.push(found.in_file(file, line).with_help(help));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::group_name;

    #[test]
    fn groups_have_names_that_pep_735_allows() {
        for (name, group) in [
            ("dev", "dev"),
            ("Py3.9_x", "Py3.9_x"),
            ("my group", "my-group"),
            ("_x_", "x"),
            ("", "group"),
            ("ü", "group"),
        ] {
            assert_eq!(group_name(name), group);
        }
    }
}

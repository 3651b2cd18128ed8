//! A requirement as it is asked: on one line, and what is known of it before asking.

use uvshift_requirements::{LineKind, Requirement, Target, parse};

use super::attempts::slug;
use super::plan::Requested;

/// A requirement, ready to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// Without hashes: what it needs has none beside it, so that pip would refuse it alone.
    pub(super) alone: String,
    /// With everything.
    pub(super) whole: String,
    /// The normalised name.
    pub(super) name: Option<String>,
    /// What the log is called.
    pub(super) label: String,
    pub(super) kind: Kind,
}

/// What is known before asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// From an index, or a wheel at a URL.
    Plain,
    /// A file or a folder: its answer is not kept.
    Local,
    /// A source tree or a source distribution: it is built to be read.
    Source,
    /// An option or an include: no requirement at all.
    NoRequirement,
}

/// Reads a requirement. What cannot be read is asked as it is: the tools say best what is wrong.
pub(super) fn asked(requested: &Requested) -> Asked {
    let whole = one_line(&requested.text);
    let document = parse(&whole);
    let kinds = document.lines().iter().map(uvshift_requirements::Line::kind);
    let told = kinds.filter(|kind| !matches!(kind, LineKind::Blank | LineKind::Comment)).collect::<Vec<_>>();
    match told.as_slice() {
        [LineKind::Requirement(requirement)] => of_requirement(&whole, requirement),
        [LineKind::Invalid(_)] if !whole.trim_start().starts_with('-') => plain(whole, Kind::Plain),
        _ => plain(whole, Kind::NoRequirement),
    }
}

fn of_requirement(whole: &str, requirement: &Requirement) -> Asked {
    let name = requirement.normalized_name();
    let label = name.as_deref().map_or_else(|| slug(whole), slug);
    let alone = if requirement.hashes().is_empty() { whole.to_owned() } else { without_hashes(whole) };
    Asked { alone, whole: whole.to_owned(), name, label, kind: kind(requirement) }
}

fn plain(whole: String, kind: Kind) -> Asked {
    Asked { label: slug(&whole), alone: whole.clone(), whole, name: None, kind }
}

fn kind(requirement: &Requirement) -> Kind {
    let is_wheel = |location: &str| {
        let path = location.split(['?', '#']).next().unwrap_or_default();
        path.to_ascii_lowercase().ends_with(".whl")
    };
    match requirement.target() {
        Target::Index => Kind::Plain,
        Target::Url(url) if is_wheel(&url) && !requirement.is_editable() => {
            if url.starts_with("http") {
                Kind::Plain
            } else {
                Kind::Local
            }
        }
        Target::Path(path) if is_wheel(&path) && !requirement.is_editable() => Kind::Local,
        Target::Vcs(_) | Target::Url(_) | Target::Path(_) => Kind::Source,
    }
}

/// Continuation lines are joined; any other line end would begin another requirement.
fn one_line(text: &str) -> String {
    text.replace("\\\r\n", " ").replace("\\\n", " ").replace(['\r', '\n', '\0'], " ").trim().to_owned()
}

fn without_hashes(line: &str) -> String {
    let mut kept = Vec::new();
    let mut words = line.split_whitespace();
    while let Some(word) = words.next() {
        if word == "--hash" {
            words.next();
        } else if !word.starts_with("--hash=") {
            kept.push(word);
        }
    }
    kept.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Asked {
        asked(&Requested { text: text.to_owned(), ..Requested::default() })
    }

    #[test]
    fn hashes_stay_only_where_all_are_asked_together() {
        let asked = read("Flask==3.0 ; python_version > '3' \\\n  --hash=sha256:ab --hash sha256:cd");
        assert_eq!(asked.alone, "Flask==3.0 ; python_version > '3'");
        assert!(asked.whole.ends_with("--hash=sha256:ab --hash sha256:cd") && !asked.whole.contains('\n'));
        assert_eq!(asked.name.as_deref(), Some("flask"));
    }

    #[test]
    fn what_it_points_at_says_whether_it_is_built() {
        for (text, kind) in [
            ("flask", Kind::Plain),
            ("a @ https://index.example/a-1-py3-none-any.whl#sha256=ab", Kind::Plain),
            ("a @ file:///x/a-1-py3-none-any.whl", Kind::Local),
            ("./a-1-py3-none-any.whl", Kind::Local),
            ("a @ https://index.example/a-1.tar.gz", Kind::Source),
            ("a @ git+https://index.example/a", Kind::Source),
            ("-e ./a", Kind::Source),
            ("./a", Kind::Source),
            ("what is this", Kind::Plain),
        ] {
            assert_eq!(read(text).kind, kind, "{text}");
        }
    }

    #[test]
    fn options_are_no_requirements() {
        for text in [
            "--index-url https://evil.example",
            "-r other.txt",
            "flask\n--index-url https://evil.example",
            "--pre",
            "",
            "# nothing",
        ] {
            let asked = read(text);
            let safe = asked.kind == Kind::NoRequirement || !asked.alone.starts_with('-');
            assert!(safe && !asked.alone.contains('\n'), "{text}: {asked:?}");
        }
        assert_eq!(read("-r other.txt").kind, Kind::NoRequirement);
        assert_eq!(read("--index-url https://evil.example").kind, Kind::NoRequirement);
    }
}

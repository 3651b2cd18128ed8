//! Paths as setup.py computes them, and the files of the project they lead to.

/// Where the project lies, which nobody knows. The character is private: a value that holds it is not static.
pub(crate) const ROOT: &str = "/\u{f8ff}";
/// What tells a value that depends on the place of the project.
pub(crate) const PLACE: char = '\u{f8ff}';

/// `os.path.join`
pub(crate) fn join(parts: &[&str]) -> String {
    let mut joined = String::new();
    for (at, part) in parts.iter().enumerate() {
        if part.starts_with('/') {
            joined.clear();
        } else if at > 0 && !joined.is_empty() && !joined.ends_with('/') {
            joined.push('/');
        }
        joined.push_str(part);
    }
    joined
}

/// `os.path.dirname`
pub(crate) fn dirname(path: &str) -> &str {
    match path.rfind('/') {
        Some(0) => "/",
        Some(at) => path[..at].trim_end_matches('/'),
        None => "",
    }
}

/// `os.path.basename`
pub(crate) fn basename(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// `os.path.splitext`
pub(crate) fn split_extension(path: &str) -> (&str, &str) {
    let name = basename(path);
    match name.trim_start_matches('.').rfind('.') {
        Some(_) => path.rfind('.').map_or((path, ""), |at| path.split_at(at)),
        None => (path, ""),
    }
}

/// `os.path.normpath`
pub(crate) fn normal(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if absolute => {}
            _ => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (absolute, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

/// `str(pathlib.Path(path))`
pub(crate) fn tidy(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').filter(|it| !it.is_empty() && *it != ".").collect();
    let start = if path.starts_with('/') { "/" } else { "" };
    let joined = format!("{start}{}", parts.join("/"));
    if joined.is_empty() { ".".to_owned() } else { joined }
}

/// `os.path.abspath`, for a setup.py that runs in its own folder.
pub(crate) fn absolute(path: &str) -> String {
    normal(&join(&[ROOT, path]))
}

/// The path relative to the project, `""` for the project itself. `None` when it leads out of the project.
pub(crate) fn in_project(path: &str) -> Option<String> {
    let path = absolute(path);
    if path == ROOT {
        return Some(String::new());
    }
    let inside = path.strip_prefix(ROOT)?.strip_prefix('/')?;
    (!inside.contains(PLACE)).then(|| inside.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_posixpath() {
        assert_eq!(join(&["", "README"]), "README");
        assert_eq!(join(&["a/", "b", "/c", "d"]), "/c/d");
        assert_eq!(dirname("setup.py"), "");
        assert_eq!(dirname("/a/b"), "/a");
        assert_eq!(split_extension("a.b/c"), ("a.b/c", ""));
        assert_eq!(split_extension(".rc"), (".rc", ""));
        assert_eq!(split_extension("x.tar.gz"), ("x.tar", ".gz"));
        assert_eq!(normal("a/../../b/./c"), "../b/c");
    }

    #[test]
    fn no_path_leads_out_of_the_project() {
        assert_eq!(in_project("../secret"), None);
        assert_eq!(in_project("a/../../x"), None);
        assert_eq!(in_project("/etc/passwd"), None);
        assert_eq!(in_project(&join(&[&absolute("setup.py"), "../README"])), Some("README".to_owned()));
        assert_eq!(in_project("."), Some(String::new()));
    }
}

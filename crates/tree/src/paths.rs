//! Paths as text.

/// Takes `.` and `a/..` out of a path with `/`; nothing is left as `.`.
///
/// ```
/// use uvshift_tree::without_detours;
///
/// assert_eq!(without_detours("requirements/../setup.py"), "setup.py");
/// assert_eq!(without_detours("./a/.."), ".");
/// assert_eq!(without_detours("../b"), "../b");
/// ```
pub fn without_detours(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (path.starts_with('/'), joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

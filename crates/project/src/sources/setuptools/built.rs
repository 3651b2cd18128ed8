//! What the build backend says of the project, where it was asked.

use crate::BuiltMetadata;

/// The headers of `METADATA`.
#[derive(Debug, Clone)]
pub(super) struct Built {
    headers: Vec<(String, String)>,
    /// Whether there are entry points.
    pub(super) entry_points: bool,
}

impl Built {
    pub(super) fn parse(built: &BuiltMetadata) -> Self {
        let lines = built.metadata.lines().take_while(|line| !line.is_empty());
        let headers = lines.filter_map(|line| {
            let (name, value) = line.split_once(": ")?;
            (!name.starts_with(char::is_whitespace)).then(|| (name.to_owned(), value.trim().to_owned()))
        });
        let mut headers: Vec<(String, String)> = headers.collect();
        let body = built.metadata.split_once("\n\n").map(|(_, body)| body.trim()).unwrap_or_default();
        if !body.is_empty() {
            headers.push(("Description".to_owned(), body.to_owned()));
        }
        let entry_points = built.entry_points.as_ref().is_some_and(|text| !text.trim().is_empty());
        Self { headers, entry_points }
    }

    pub(super) fn field(&self, name: &str) -> Option<String> {
        self.all(name).next().map(str::to_owned)
    }

    /// The names of the extras.
    pub(super) fn extras(&self) -> Vec<String> {
        self.all("Provides-Extra").map(str::to_owned).collect()
    }

    /// The requirements of an extra, or those that hold without any. Nothing where a marker cannot be taken apart.
    pub(super) fn requires(&self, extra: Option<&str>) -> Option<Vec<String>> {
        let mut found = Vec::new();
        for text in self.all("Requires-Dist") {
            let (text, of) = without_extra(text)?;
            if of.as_deref() == extra {
                found.push(text);
            }
        }
        Some(found)
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = move |(known, _): &&(String, String)| known.eq_ignore_ascii_case(name);
        self.headers.iter().filter(named).map(|(_, value)| value.as_str())
    }
}

/// A requirement without the `extra == "name"` at the end of its marker, where setuptools writes it, and that name.
fn without_extra(text: &str) -> Option<(String, Option<String>)> {
    let Some((head, marker)) = text.split_once(';').filter(|(_, marker)| marker.contains("extra")) else {
        return Some((text.to_owned(), None));
    };
    let (before, name) = marker.rsplit_once("extra == ")?;
    let name = name.trim().trim_matches(['"', '\'']);
    let before = before.trim();
    let before = if before.is_empty() { "" } else { before.strip_suffix("and")?.trim() };
    if before.contains("extra") || !super::metadata::is_identifier(name) {
        return None;
    }
    Some((crate::convert::with_marker(head.trim(), Some(before)), Some(name.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::without_extra;

    #[test]
    fn the_extra_is_taken_out_of_the_marker() {
        for (text, expected) in [
            ("a>=1", Some(("a>=1", None))),
            ("a; os_name == \"nt\"", Some(("a; os_name == \"nt\"", None))),
            ("a; extra == \"dev\"", Some(("a", Some("dev")))),
            (
                "a>=1; (x == \"1\" or y == \"2\") and extra == 'dev'",
                Some(("a>=1 ; (x == \"1\" or y == \"2\")", Some("dev"))),
            ),
            ("a; extra == \"dev\" or os_name == \"nt\"", None),
        ] {
            let expected = expected.map(|(text, name)| (text.to_owned(), name.map(str::to_owned)));
            assert_eq!(without_extra(text), expected, "{text}");
        }
    }
}

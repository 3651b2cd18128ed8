use std::fmt;

/// Core metadata: fields in the order of the file, and the text below them.
///
/// ```
/// use uvshift_wheel::Metadata;
///
/// let metadata = Metadata::parse("Name: demo\nRequires-Dist: a\nRequires-Dist: b\n\nAbout it.\n");
/// assert_eq!(metadata.first("name"), Some("demo"));
/// assert_eq!(metadata.all("Requires-Dist").collect::<Vec<_>>(), ["a", "b"]);
/// assert_eq!(metadata.description(), Some("About it.\n".to_owned()));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    fields: Vec<(String, String)>,
    body: String,
}

impl Metadata {
    /// Reads fields as Python's `email` module does: a line that begins with white space goes on with the field above
    /// it, the first empty line ends them, and so does a line that is none of these.
    pub fn parse(text: &str) -> Self {
        let mut fields: Vec<(String, String)> = Vec::new();
        let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
        while !rest.is_empty() {
            let (line, after) = split_line(rest);
            if line.is_empty() {
                rest = after;
                break;
            }
            if line.starts_with([' ', '\t'])
                && let Some((_, value)) = fields.last_mut()
            {
                value.push('\n');
                value.push_str(line);
            } else if let Some((name, value)) = line.split_once(':').filter(|(name, _)| is_name(name)) {
                fields.push((name.trim_end().to_owned(), value.trim().to_owned()));
            } else {
                break;
            }
            rest = after;
        }
        Self { fields, body: rest.to_owned() }
    }

    /// Every field with its name as written and its value, folded lines included.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Every value of a field that says something: `UNKNOWN`, which old backends wrote for nothing, does not.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields()
            .filter(move |(present, _)| present.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
            .filter(|value| !value.is_empty() && *value != "UNKNOWN")
    }

    /// The first value of a field that says something.
    pub fn first<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).next()
    }

    /// The long description: the text below the fields, or the field `Description` of older metadata, whose lines are
    /// marked by a bar or by eight spaces.
    pub fn description(&self) -> Option<String> {
        if !self.body.trim().is_empty() && self.body.trim() != "UNKNOWN" {
            return Some(self.body.clone());
        }
        let field = self.first("Description")?;
        let unmarked = |line: &str| {
            let marked =
                ["       |", "        |", "        "].iter().find_map(|mark| line.strip_prefix(mark));
            marked.unwrap_or(line).to_owned()
        };
        Some(field.split('\n').map(unmarked).collect::<Vec<_>>().join("\n"))
    }
}

/// One line without its end, and what follows.
fn split_line(text: &str) -> (&str, &str) {
    match text.find(['\n', '\r']) {
        Some(at) => {
            let after = &text[at..];
            let after = after.strip_prefix("\r\n").unwrap_or_else(|| after.get(1..).unwrap_or_default());
            (&text[..at], after)
        }
        None => (text, ""),
    }
}

fn is_name(name: &str) -> bool {
    let name = name.trim_end();
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic())
}

impl fmt::Display for Metadata {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in self.fields() {
            writeln!(formatter, "{name}: {value}")?;
        }
        write!(formatter, "\n{}", self.body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_lines_belong_to_the_field_above() {
        let metadata = Metadata::parse("License: MIT\r\n        and more\r\nName: demo\r\n\r\nbody");
        assert_eq!(metadata.first("License"), Some("MIT\n        and more"));
        assert_eq!(metadata.first("Name"), Some("demo"));
        assert_eq!(metadata.description().as_deref(), Some("body"));
    }

    #[test]
    fn the_description_may_be_a_field() {
        for mark in ["       |", "        "] {
            let metadata = Metadata::parse(&format!("Description: one\n{mark}two\n{mark}\n"));
            assert_eq!(metadata.description().as_deref(), Some("one\ntwo\n"), "{mark:?}");
        }
        assert_eq!(Metadata::parse("Description: UNKNOWN\n").description(), None);
        assert_eq!(Metadata::parse("Name: a\n\n\nUNKNOWN\n").description(), None);
    }

    #[test]
    fn a_line_that_is_no_field_begins_the_text() {
        let metadata = Metadata::parse("Name: a\nno field here\nName: b\n");
        assert_eq!(metadata.all("Name").collect::<Vec<_>>(), ["a"]);
        assert_eq!(metadata.description().as_deref(), Some("no field here\nName: b\n"));
    }
}

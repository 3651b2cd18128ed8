//! A section as pytest reads it, step for step as iniconfig 2.3 does.

use uvshift_diagnostics::Diagnostic;

use crate::codes;
use crate::section::{Key, Part, Section};

/// The section of that name; none where it is not there.
pub(crate) fn section(text: &str, file: &str, name: &str) -> Result<Option<Section>, Box<Diagnostic>> {
    let mut reader = Reader { file, sections: Vec::new(), comments: Vec::new() };
    for (index, line) in text.strip_prefix('\u{feff}').unwrap_or(text).lines().enumerate() {
        reader.line(line, index + 1)?;
    }
    Ok(reader.sections.into_iter().find(|section| section.name == name))
}

struct Reader<'a> {
    file: &'a str,
    sections: Vec<Section>,
    comments: Vec<String>,
}

impl Reader<'_> {
    fn line(&mut self, line: &str, number: usize) -> Result<(), Box<Diagnostic>> {
        let line = line.trim_end();
        if line.trim_start().starts_with(['#', ';']) {
            self.comments.push(line.trim_start().to_owned());
            return Ok(());
        }
        if line.is_empty() {
            return Ok(());
        }
        let comments = std::mem::take(&mut self.comments);
        if line.starts_with('[') {
            let cut = line.split(['#', ';']).next().unwrap_or_default().trim_end();
            if let Some(name) = cut.strip_suffix(']').and_then(|cut| cut.strip_prefix('[')) {
                return self.header(name, comments, number);
            }
            return self.continuation(line, comments, number);
        }
        if line.starts_with(char::is_whitespace) {
            return self.continuation(line, comments, number);
        }
        self.key(line, comments, number)
    }

    fn header(&mut self, name: &str, comments: Vec<String>, number: usize) -> Result<(), Box<Diagnostic>> {
        if self.sections.iter().any(|section| section.name == name) {
            return Err(self.error(
                number,
                format!("section `{name}` is opened again"),
                "join the two sections",
            ));
        }
        let file = self.file.to_owned();
        self.sections.push(Section { file, name: name.to_owned(), line: number, comments, keys: Vec::new() });
        Ok(())
    }

    fn continuation(
        &mut self,
        line: &str,
        comments: Vec<String>,
        number: usize,
    ) -> Result<(), Box<Diagnostic>> {
        let Some(key) = self.sections.last_mut().and_then(|section| section.keys.last_mut()) else {
            let help = "move the line to the left, or write the key that it continues";
            return Err(self.error(number, format!("`{}` continues nothing", line.trim()), help));
        };
        let text = line.trim().to_owned();
        if !key.value.is_empty() {
            key.value.push('\n');
        }
        key.value.push_str(&text);
        key.parts.push(Part { text, comments, line: number });
        Ok(())
    }

    fn key(&mut self, line: &str, comments: Vec<String>, number: usize) -> Result<(), Box<Diagnostic>> {
        let by_equals = line.split_once('=').filter(|(name, _)| !name.contains(':'));
        let Some((name, value)) = by_equals.or_else(|| line.split_once(':')) else {
            let help = "write `key = value`, or indent the line if it continues the value above";
            return Err(self.error(number, format!("`{line}` is neither a section nor a key"), help));
        };
        let (name, value) = (name.trim().to_owned(), value.trim().to_owned());
        let outside = "write a `[section]` above it";
        let Some(section) = self.sections.last_mut() else {
            return Err(self.error(number, format!("`{line}` stands before the first section"), outside));
        };
        if section.keys.iter().any(|key| key.name == name) {
            return Err(self.error(number, format!("`{name}` is said again"), "keep one of the two"));
        }
        let first = Part { text: value.clone(), comments: Vec::new(), line: number };
        let parts = if value.is_empty() { Vec::new() } else { vec![first] };
        section.keys.push(Key { name, value, parts, comments, line: number });
        Ok(())
    }

    fn error(&self, line: usize, message: String, help: &str) -> Box<Diagnostic> {
        Box::new(Diagnostic::error(codes::UNREADABLE, message).in_file(self.file, line).with_help(help))
    }
}

//! The head of `METADATA` and `PKG-INFO` (core metadata, PEP 566), and `requires.txt` of eggs.

/// The fields that say what a distribution is and needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Metadata {
    pub(crate) name: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) requires: Vec<String>,
    pub(crate) requires_python: Option<String>,
    pub(crate) extras: Vec<String>,
    pub(crate) classifiers: Vec<String>,
    pub(crate) license_expression: Option<String>,
    pub(crate) license: Option<String>,
}

/// Reads the fields up to the first empty line, behind which the description stands.
pub(crate) fn parse(text: &str) -> Metadata {
    let mut metadata = Metadata::default();
    let mut field: Option<(&str, String)> = None;
    for line in text.trim_start_matches('\u{feff}').lines() {
        let line = line.trim_end_matches('\r');
        if line.starts_with([' ', '\t']) {
            // A folded line goes on with the field above it.
            if let Some((_, value)) = &mut field {
                value.push(' ');
                value.push_str(line.trim());
            }
            continue;
        }
        metadata.set(field.take());
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && WANTED.iter().any(|wanted| wanted.eq_ignore_ascii_case(name))
        {
            field = Some((name, value.trim().to_owned()));
        }
    }
    metadata.set(field);
    metadata
}

const WANTED: [&str; 9] = [
    "Name",
    "Version",
    "Requires-Dist",
    "Requires",
    "Requires-Python",
    "Provides-Extra",
    "Classifier",
    "License-Expression",
    "License",
];

impl Metadata {
    fn set(&mut self, field: Option<(&str, String)>) {
        let Some((name, value)) = field.filter(|(_, value)| !value.is_empty() && value != "UNKNOWN") else {
            return;
        };
        match name.to_ascii_lowercase().as_str() {
            "name" => self.name = self.name.take().or(Some(value)),
            "version" => self.version = self.version.take().or(Some(value)),
            "requires-dist" => self.requires.push(value),
            "requires-python" => self.requires_python = self.requires_python.take().or(Some(value)),
            "provides-extra" => self.extras.push(value),
            "classifier" => self.classifiers.push(value),
            "license-expression" => self.license_expression = self.license_expression.take().or(Some(value)),
            "license" => self.license = self.license.take().or(Some(value)),
            // `Requires` of metadata 1.1 names modules and is read by nobody.
            _ => {}
        }
    }
}

/// `requires.txt` of an `.egg-info`: requirements under `[extra]`, `[:marker]` or `[extra:marker]`, as PEP 508 texts.
pub(crate) fn egg_requires(text: &str) -> (Vec<String>, Vec<String>) {
    let (mut requires, mut extras) = (Vec::new(), Vec::<String>::new());
    let mut condition = String::new();
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(section) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let (extra, marker) = section.split_once(':').unwrap_or((section, ""));
            if !extra.is_empty() && !extras.iter().any(|known| known == extra) {
                extras.push(extra.to_owned());
            }
            condition = match (extra, marker) {
                ("", marker) => marker.to_owned(),
                (extra, "") => format!("extra == '{extra}'"),
                (extra, marker) => format!("({marker}) and extra == '{extra}'"),
            };
        } else {
            requires.push(with_condition(line, &condition));
        }
    }
    (requires, extras)
}

fn with_condition(requirement: &str, condition: &str) -> String {
    match (condition, requirement.split_once(';')) {
        ("", _) => requirement.to_owned(),
        (condition, None) => format!("{requirement} ; {condition}"),
        (condition, Some((head, marker))) => {
            format!("{} ; ({}) and ({condition})", head.trim(), marker.trim())
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_head_ends_at_the_first_empty_line() {
        let found = parse(
            "Metadata-Version: 2.1\r\nname: A.b\r\nVersion:1.0\r\nRequires-Dist: c (>=1)\r\n  ; os_name == 'nt'\r\nProvides-Extra: x\r\nRequires-Python: >=3.9\r\n\r\nVersion: 2.0\r\n",
        );
        assert_eq!(found.name.as_deref(), Some("A.b"));
        assert_eq!(found.version.as_deref(), Some("1.0"));
        assert_eq!(found.requires, ["c (>=1) ; os_name == 'nt'"]);
        assert_eq!((found.extras, found.requires_python.as_deref()), (vec!["x".to_owned()], Some(">=3.9")));
        assert_eq!(
            parse("Name: UNKNOWN\nVersion: 1"),
            Metadata { version: Some("1".into()), ..Metadata::default() }
        );
    }

    #[test]
    fn a_licence_is_an_expression_or_a_text() {
        let found = parse(
            "Name: a\nLicense-Expression: MIT OR Apache-2.0\nLicense: MIT License\n        \n        All of it\nLicense-File: LICENSE\n\
             Classifier: Topic :: Database\nClassifier: License :: OSI Approved :: MIT License\n",
        );
        assert_eq!(found.license_expression.as_deref(), Some("MIT OR Apache-2.0"));
        assert_eq!(found.license.as_deref(), Some("MIT License  All of it"));
        assert_eq!(found.classifiers, ["Topic :: Database", "License :: OSI Approved :: MIT License"]);
        assert_eq!(parse("License: UNKNOWN").license, None);
    }

    #[test]
    fn sections_of_eggs_are_markers() {
        let (requires, extras) = egg_requires(
            "a>=1\n\n[:os_name == 'nt']\nb\n\n[x]\nc ; python_version < '3'\n[x:os_name == 'nt' or a]\nd\n",
        );
        assert_eq!(
            requires,
            [
                "a>=1",
                "b ; os_name == 'nt'",
                "c ; (python_version < '3') and (extra == 'x')",
                "d ; (os_name == 'nt' or a) and extra == 'x'",
            ]
        );
        assert_eq!(extras, ["x"]);
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(?s).{0,300}", line in "[A-Za-z-]{0,20}:.{0,80}") {
            let plain = parse(&text);
            let found = parse(&format!("Name: a\n{text}"));
            prop_assert_eq!(found.name.is_some(), true);
            prop_assert!(plain.requires.len() <= text.matches(':').count());
            egg_requires(&text);
            parse(&line);
        }
    }
}

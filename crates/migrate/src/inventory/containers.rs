//! The images that containers are made from.

use std::collections::BTreeMap;

use uvshift_project::redacted;

use super::places::Syntax;

/// Base images of a Dockerfile and images of a compose file, each with its line. Stages are no images.
pub(super) fn images(text: &str, syntax: Syntax) -> Vec<(usize, String)> {
    let numbered = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
    if syntax == Syntax::Docker {
        return base_images(numbered);
    }
    let image = |text: &str| {
        let text = text.trim_start_matches("- ").trim_start_matches('"');
        let value = text.strip_prefix("image")?.trim_start_matches('"').trim_start().strip_prefix(':')?;
        let value = value.split(" #").next()?.trim().trim_matches(['"', '\'', ',']);
        (!value.is_empty()).then(|| redacted(value))
    };
    numbered.filter_map(|(line, text)| Some((line, image(text)?))).collect()
}

/// `FROM --platform=x python:${V} AS build`, with the defaults of `ARG`.
fn base_images<'a>(lines: impl Iterator<Item = (usize, &'a str)>) -> Vec<(usize, String)> {
    let mut arguments: BTreeMap<&str, String> = BTreeMap::new();
    let mut stages: Vec<&str> = Vec::new();
    let mut images = Vec::new();
    for (line, text) in lines {
        let Some((word, rest)) = text.split_once(char::is_whitespace) else { continue };
        if word.eq_ignore_ascii_case("arg") {
            if let Some((name, value)) = rest.trim().split_once('=') {
                arguments.insert(name, with_defaults(value.trim_matches(['"', '\'']), &arguments));
            }
            continue;
        }
        if !word.eq_ignore_ascii_case("from") {
            continue;
        }
        let mut words = rest.split_whitespace().filter(|word| !word.starts_with("--"));
        let Some(image) = words.next() else { continue };
        if !stages.contains(&image) {
            images.push((line, redacted(&with_defaults(image, &arguments))));
        }
        let is_named = words.next().is_some_and(|word| word.eq_ignore_ascii_case("as"));
        stages.extend(words.next().filter(|_| is_named));
    }
    images
}

/// The longest image that is put together, in bytes: the values of arguments may hold each other.
const LONGEST: usize = 512;

/// `$NAME`, `${NAME}` and `${NAME:-default}` with what is known of them; what is not known stays.
fn with_defaults(text: &str, arguments: &BTreeMap<&str, String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let end = if let Some(inner) = after.strip_prefix('{') {
            inner.find('}').map_or(after.len(), |end| end + 2)
        } else {
            let is_end = |letter: char| !letter.is_alphanumeric() && letter != '_';
            after.find(is_end).unwrap_or(after.len())
        };
        let (reference, remaining) = after.split_at(end);
        let inner = reference.trim_start_matches('{').trim_end_matches('}');
        let (name, default) = inner.split_once(":-").or_else(|| inner.split_once('-')).unwrap_or((inner, ""));
        match (arguments.get(name), default) {
            (Some(value), _) if out.len() + value.len() <= LONGEST => out.push_str(value),
            (None, default) if !default.is_empty() => out.push_str(default),
            _ => {
                out.push('$');
                out.push_str(reference);
            }
        }
        rest = remaining;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn images_are_named_and_stages_are_not() {
        let text = "# FROM x\nARG V=3.12\nFROM --platform=linux/amd64 python:${V}-slim AS build\nfrom scratch\nFROM build\n\
                    COPY --from=build /a /a\nFROM ${OTHER:-alpine}:$UNKNOWN\n";
        let found = images(text, Syntax::Docker);
        let shown: Vec<(usize, &str)> = found.iter().map(|(line, image)| (*line, image.as_str())).collect();
        assert_eq!(shown, [(3, "python:3.12-slim"), (4, "scratch"), (7, "alpine:$UNKNOWN")]);
        let text =
            "services:\n  db:\n    image: \"postgres:16\" # x\n  web:\n    build: .\n    image_pull: no\n";
        assert_eq!(images(text, Syntax::Yaml), [(3, "postgres:16".to_owned())]);
        assert_eq!(
            images("{\n  \"image\": \"mcr.example/devcontainers/python:3\",\n", Syntax::Yaml).len(),
            1
        );
    }

    #[test]
    fn arguments_that_hold_each_other_end() {
        let mut text = "ARG A0=xxxxxxxxxx\n".to_owned();
        for number in 1..60 {
            writeln!(text, "ARG A{number}=$A{0}$A{0}", number - 1).unwrap();
        }
        text.push_str("FROM $A59\n");
        assert_eq!(images(&text, Syntax::Docker).len(), 1);
    }
}

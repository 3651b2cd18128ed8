//! The images that containers are made from.

use uvshift_project::redacted;

use super::places::Syntax;

/// Base images of a Dockerfile and images of a compose file, each with its line.
pub(super) fn images(text: &str, syntax: Syntax) -> Vec<(usize, String)> {
    let numbered = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
    if syntax == Syntax::Docker {
        return numbered.filter_map(|(line, text)| Some((line, redacted(base_image(text)?)))).collect();
    }
    let image = |text: &str| {
        let text = text.trim_start_matches("- ").trim_start_matches('"');
        let value = text.strip_prefix("image")?.trim_start_matches('"').trim_start().strip_prefix(':')?;
        let value = value.split(" #").next()?.trim().trim_matches(['"', '\'', ',']);
        (!value.is_empty()).then(|| redacted(value))
    };
    numbered.filter_map(|(line, text)| Some((line, image(text)?))).collect()
}

/// `FROM --platform=x python:3.12 AS build`; a stage that is built on another one names no image.
fn base_image(line: &str) -> Option<&str> {
    let (word, rest) = line.split_once(char::is_whitespace)?;
    if !word.eq_ignore_ascii_case("from") {
        return None;
    }
    rest.split_whitespace().find(|word| !word.starts_with("--"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_named() {
        let text = "# FROM x\nARG V=3.12\nFROM --platform=linux/amd64 python:${V}-slim AS build\nfrom scratch\nCOPY --from=build /a /a\n";
        let found = images(text, Syntax::Docker);
        assert_eq!(found, [(3, "python:${V}-slim".to_owned()), (4, "scratch".to_owned())]);
        let text =
            "services:\n  db:\n    image: \"postgres:16\" # x\n  web:\n    build: .\n    image_pull: no\n";
        assert_eq!(images(text, Syntax::Yaml), [(3, "postgres:16".to_owned())]);
        assert_eq!(
            images("{\n  \"image\": \"mcr.example/devcontainers/python:3\",\n", Syntax::Yaml).len(),
            1
        );
    }
}

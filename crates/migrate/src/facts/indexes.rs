//! Package indexes: those that need credentials, and those that are the public one at another address.

use uvshift_project::redacted;
use uvshift_pyproject::PyProject;
use uvshift_scaffold::Index;

/// Words of a name or a host that say that anybody may read it.
const PUBLIC: &[&str] = &["pypi", "testpypi", "mirror", "mirrors", "public", "pytorch", "nvidia", "conda"];
/// Words that say that not everybody may.
const PRIVATE: &[&str] = &["private", "internal", "intern", "corp", "company", "secure", "local"];

/// The private indexes, then the public ones. An index is public when its name or its host says so, neither says the opposite, and
/// its address has no credentials.
pub(super) fn read(document: &PyProject) -> (Vec<Index>, Vec<Index>) {
    let indexes = document.uv().indexes.into_iter().filter(|index| index.format.as_deref() != Some("flat"));
    let (public, private): (Vec<_>, Vec<_>) = indexes
        .enumerate()
        .map(|(position, index)| {
            let name = index.name.unwrap_or_else(|| format!("index-{}", position + 1));
            (is_public(&name, &index.url), self::index(name, &index.url, index.default))
        })
        .partition(|(is_public, _)| *is_public);
    let only = |found: Vec<(bool, Index)>| found.into_iter().map(|(_, index)| index).collect();
    (only(private), only(public))
}

fn index(name: String, url: &str, is_default: bool) -> Index {
    let upper = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' };
    let variable: String = name.chars().map(upper).collect();
    Index {
        url: without_credentials(url),
        is_default,
        variables: ["USERNAME", "PASSWORD"].map(|kind| format!("UV_INDEX_{variable}_{kind}")).into(),
        name,
    }
}

fn is_public(name: &str, url: &str) -> bool {
    let authority = url.split_once("://").map_or(url, |(_, rest)| rest).split('/').next().unwrap_or_default();
    if authority.contains('@') {
        return false;
    }
    let host = authority.split(':').next().unwrap_or_default();
    let says = |words: &[&str]| {
        let parts = name.split(|letter: char| !letter.is_ascii_alphanumeric()).chain(host.split(['.', '-']));
        parts.map(str::to_ascii_lowercase).any(|part| words.contains(&part.as_str()))
    };
    says(PUBLIC) && !says(PRIVATE)
}

/// An address without the part before `@`, whatever it holds.
fn without_credentials(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return redacted(url) };
    let end = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit('@').next().unwrap_or_default();
    redacted(&format!("{scheme}://{host}{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_is_public_by_name_and_without_credentials() {
        for (name, url, expected) in [
            ("pypi", "https://index.example/simple", true),
            ("company-mirror", "https://index.example/simple", false),
            ("fast", "https://mirrors.example/pypi/simple", true),
            ("mirror", "https://bob:secret@index.example/simple", false),
            ("acme", "https://index.example/simple", false),
            ("internal-pypi", "https://index.example/simple", false),
            ("index-1", "https://pypi.example:8443/simple", true),
        ] {
            assert_eq!(is_public(name, url), expected, "{name} {url}");
        }
    }

    #[test]
    fn both_kinds_are_told_apart() {
        let document = PyProject::parse(
            "[[tool.uv.index]]\nname = \"pypi\"\nurl = \"https://index.example/simple\"\ndefault = true\n\
            [[tool.uv.index]]\nname = \"acme\"\nurl = \"https://bob:secret@acme.example/simple\"\n",
        )
        .unwrap();
        let (private, public) = read(&document);
        assert_eq!((private[0].name.as_str(), public[0].name.as_str()), ("acme", "pypi"));
        assert_eq!(private[0].url, "https://acme.example/simple");
        assert_eq!((private.len(), public.len()), (1, 1));
    }
}

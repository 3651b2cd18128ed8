//! URLs as pip takes them apart: Python's `urlsplit`, fragments, version control, credentials.

use std::borrow::Cow;

const GIT: [&str; 5] = ["git+http", "git+https", "git+ssh", "git+git", "git+file"];
const MERCURIAL: [&str; 5] = ["hg+file", "hg+http", "hg+https", "hg+ssh", "hg+static-http"];
const BAZAAR: [&str; 7] = ["bzr+http", "bzr+https", "bzr+ssh", "bzr+sftp", "bzr+ftp", "bzr+lp", "bzr+file"];
const SUBVERSION: [&str; 5] = ["svn+ssh", "svn+http", "svn+https", "svn+svn", "svn+file"];

/// A version control system that pip knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Vcs {
    /// Git.
    Git,
    /// Mercurial.
    Mercurial,
    /// Bazaar.
    Bazaar,
    /// Subversion.
    Subversion,
}

impl Vcs {
    /// The prefix in URLs: `git`, `hg`, `bzr` or `svn`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Git => "git",
            Self::Mercurial => "hg",
            Self::Bazaar => "bzr",
            Self::Subversion => "svn",
        }
    }

    /// The system of a scheme such as `git+https`, where pip supports that scheme.
    pub(crate) fn of_scheme(scheme: &str) -> Option<Self> {
        match scheme.as_bytes().first()? {
            b'g' => GIT.contains(&scheme).then_some(Self::Git),
            b'h' => MERCURIAL.contains(&scheme).then_some(Self::Mercurial),
            b'b' => BAZAAR.contains(&scheme).then_some(Self::Bazaar),
            b's' => SUBVERSION.contains(&scheme).then_some(Self::Subversion),
            _ => None,
        }
    }

    /// The system whose bare prefix (`git:`) an editable may carry.
    pub(crate) fn of_bare_prefix(url: &str) -> Option<Self> {
        [Self::Bazaar, Self::Git, Self::Mercurial, Self::Subversion].into_iter().find(|vcs| {
            let prefix = vcs.as_str();
            url.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
                && url.as_bytes().get(prefix.len()) == Some(&b':')
        })
    }
}

/// Whether an editable may be written like this: `git://host/path` and `svn://host/path`.
///
/// pip puts the system's name in front, and `hg+hg` and `bzr+bzr` do not exist.
pub(crate) fn is_bare_vcs(url: &str) -> bool {
    matches!(Vcs::of_bare_prefix(url), Some(Vcs::Git | Vcs::Subversion))
}

/// The five parts of a URL by Python's `urlsplit`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Split<'a> {
    pub(crate) scheme: String,
    pub(crate) netloc: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: Option<&'a str>,
    pub(crate) fragment: Option<&'a str>,
}

/// Python's `urlsplit` removes tabs, wherever they are.
pub(crate) fn without_tabs(url: &str) -> Cow<'_, str> {
    if url.contains('\t') { Cow::Owned(url.replace('\t', "")) } else { Cow::Borrowed(url) }
}

/// The scheme in lower case, as `urlsplit(url).scheme` has it; empty where there is none.
pub(crate) fn scheme(url: &str) -> Cow<'_, str> {
    if let Cow::Owned(clean) = without_tabs(url) {
        return Cow::Owned(scheme(&clean).into_owned());
    }
    let url = url.trim_start_matches(|c: char| c <= ' ');
    let Some(colon) = memchr::memchr(b':', url.as_bytes()) else { return Cow::Borrowed("") };
    let head = &url[..colon];
    let starts = head.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    if !starts || !head.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.')) {
        return Cow::Borrowed("");
    }
    if head.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(head.to_ascii_lowercase())
    } else {
        Cow::Borrowed(head)
    }
}

/// pip's `is_url`.
pub(crate) fn is_url(text: &str) -> bool {
    let scheme = scheme(text);
    matches!(&*scheme, "http" | "https" | "file" | "ftp") || Vcs::of_scheme(&scheme).is_some()
}

/// Python's `urlsplit`. The error is what Python raises.
pub(crate) fn split(url: &str) -> Result<Split<'_>, &'static str> {
    let scheme = scheme(url).into_owned();
    let url = url.trim_start_matches(|c: char| c <= ' ');
    let mut rest = if scheme.is_empty() { url } else { &url[scheme.len() + 1..] };
    let mut netloc = "";
    if let Some(after) = rest.strip_prefix("//") {
        let end = after.find(['/', '?', '#']).unwrap_or(after.len());
        (netloc, rest) = after.split_at(end);
        if netloc.contains('[') != netloc.contains(']') {
            return Err("invalid IPv6 URL");
        }
        if let Some((_, host)) = netloc.split_once('[') {
            bracketed_host(host.split(']').next().unwrap_or_default())?;
        }
    }
    let (before, fragment) = match rest.split_once('#') {
        Some((before, fragment)) => (before, Some(fragment)),
        None => (rest, None),
    };
    let (path, query) = match before.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (before, None),
    };
    Ok(Split { scheme, netloc, path, query, fragment })
}

/// What Python allows between the brackets of a host.
fn bracketed_host(host: &str) -> Result<(), &'static str> {
    let valid = match host.strip_prefix('v') {
        Some(future) => future.split_once('.').is_some_and(|(version, address)| {
            !version.is_empty() && version.bytes().all(|b| b.is_ascii_hexdigit()) && !address.is_empty()
        }),
        None => host.split('%').next().is_some_and(|address| address.parse::<std::net::Ipv6Addr>().is_ok()),
    };
    if valid { Ok(()) } else { Err("invalid IPv6 URL") }
}

/// The value of `#name=` or `&name=`, wherever it stands, as pip's regular expressions find it.
pub(crate) fn fragment_range(url: &str, name: &str) -> Option<std::ops::Range<usize>> {
    memchr::memchr2_iter(b'#', b'&', url.as_bytes()).find_map(|position| {
        let value = url.get(position + 1..)?.strip_prefix(name)?.strip_prefix('=')?;
        let start = url.len() - value.len();
        Some(start..start + value.find('&').unwrap_or(value.len()))
    })
}

/// The same as text.
pub(crate) fn fragment_value<'a>(url: &'a str, name: &str) -> Option<&'a str> {
    fragment_range(url, name).and_then(|range| url.get(range))
}

/// Whether an `egg=` value is a project name, which pip 26 wants and pip 23 did not.
pub(crate) fn is_project_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    let edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    edge(bytes.first())
        && edge(bytes.last())
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

/// Percent-decoding as `urllib.parse.unquote` does it.
pub(crate) fn unquote(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let value = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let Some(value) = value {
            decoded.push(value);
            at += 3;
        } else {
            decoded.push(bytes[at]);
            at += 1;
        }
    }
    Cow::Owned(String::from_utf8_lossy(&decoded).into_owned())
}

/// A version control URL taken apart as pip takes it apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct VcsUrl {
    /// The system.
    pub vcs: Vcs,
    /// The repository: without `git+`, without `@reference`, without fragment.
    pub url: String,
    /// What stands after the last `@` of the path: a branch, tag or commit.
    pub reference: Option<String>,
    /// The value of `subdirectory=`.
    pub subdirectory: Option<String>,
    /// The value of `egg=`.
    pub egg: Option<String>,
}

impl VcsUrl {
    /// Takes a URL such as `git+https://host/repository@v1#subdirectory=lib` apart.
    ///
    /// A bare `git://` URL, as editables may have, counts too.
    pub fn parse(url: &str) -> Option<Self> {
        let parts = split(url).ok()?;
        let (vcs, scheme) = match Vcs::of_scheme(&parts.scheme) {
            Some(vcs) => (vcs, parts.scheme.split_once('+').map(|(_, scheme)| scheme)?),
            None if is_bare_vcs(url) => (Vcs::of_bare_prefix(url)?, parts.scheme.as_str()),
            None => return None,
        };
        let (path, reference) = match parts.path.rsplit_once('@') {
            Some((path, reference)) => (path, Some(reference.to_owned())),
            None => (parts.path, None),
        };
        let query = parts.query.map(|query| format!("?{query}")).unwrap_or_default();
        Some(Self {
            vcs,
            url: format!("{scheme}://{}{path}{query}", parts.netloc),
            reference,
            subdirectory: fragment_value(url, "subdirectory").map(ToOwned::to_owned),
            egg: fragment_value(url, "egg").map(ToOwned::to_owned),
        })
    }
}

/// User name and password that stood in a URL, percent-encoded as written.
///
/// `Debug` does not show them.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Credentials {
    /// What stands before the `:`; empty where there is none.
    pub username: String,
    /// What stands after the `:`.
    pub password: Option<String>,
}

impl Credentials {
    /// Whether both parts are references such as `${TOKEN}` rather than secrets, or harmless as `git@`.
    pub fn is_reference(&self) -> bool {
        let reference = |text: &str| text.is_empty() || crate::variables::is_reference(text);
        reference(&self.username) && self.password.as_deref().is_none_or(reference)
    }
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let password = self.password.as_ref().map(|_| "****");
        formatter.debug_struct("Credentials").field("username", &"****").field("password", &password).finish()
    }
}

/// Takes user name and password out of a URL.
///
/// ```
/// use uvshift_requirements::split_credentials;
///
/// let (url, credentials) = split_credentials("https://me:secret@index.example/simple");
/// assert_eq!(url, "https://index.example/simple");
/// assert_eq!(credentials.unwrap().password.as_deref(), Some("secret"));
/// ```
pub fn split_credentials(url: &str) -> (String, Option<Credentials>) {
    let Some((host_start, at)) = credentials_range(url) else { return (url.to_owned(), None) };
    let (username, password) = match url[host_start..at].split_once(':') {
        Some((username, password)) => (username.to_owned(), Some(password.to_owned())),
        None => (url[host_start..at].to_owned(), None),
    };
    let clean = format!("{}{}", &url[..host_start], &url[at + 1..]);
    (clean, Some(Credentials { username, password }))
}

/// Where the credentials of a URL start, and where the `@` after them stands.
pub(crate) fn credentials_range(url: &str) -> Option<(usize, usize)> {
    let host_start = url.find("://")? + 3;
    let host_end = host_start + url[host_start..].find(['/', '?', '#']).unwrap_or(url.len() - host_start);
    let at = host_start + url[host_start..host_end].rfind('@')?;
    Some((host_start, at))
}

/// Whether a URL carries something secret: a password, or a user name of http, which is then a token.
pub(crate) fn has_secret(url: &str) -> bool {
    let (_, credentials) = split_credentials(url);
    let web = scheme(url).split('+').next_back().is_some_and(|scheme| scheme.starts_with("http"));
    credentials.is_some_and(|found| {
        !found.is_reference() && (found.password.is_some() || (web && found.username != "git"))
    })
}

//! Answering: which request gets what.

use std::fs::File;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::fetch::Reply;
use super::http::{Answer, Arrival, Body, Connection, Request};
use super::line::Line;
use super::names;
use super::page::Entry;
use super::range::{Selection, has_tag, select};
use super::store::{Found, Served, Store};
use super::tally::{Tally, add};

const JSON: &str = "application/vnd.pypi.simple.v1+json";
const HTML: &str = "application/vnd.pypi.simple.v1+html";

/// How long a page is fresh, in seconds. Indexes on the network say ten minutes; with that, a caller's warm cache would turn
/// stale in the middle of a longer run. uv and pip 26.3 keep to it, older pips ask at every run whatever is said here.
const PAGE_AGE: u32 = 86_400;

/// How long a file is fresh, in seconds: for ever, as an index says that never changes one.
const FILE_AGE: u32 = 365_000_000;

/// Everything that a connection needs.
pub(super) struct Service {
    pub(super) store: Store,
    pub(super) line: Line,
    pub(super) tally: Arc<Tally>,
    /// What every address has to begin with.
    pub(super) prefix: String,
    /// Names of this machine that a caller may have used: `127.0.0.1:PORT`.
    pub(super) hosts: [String; 2],
}

impl Service {
    /// Serves one caller until it goes.
    pub(super) fn serve(&self, stream: TcpStream) {
        let Ok(mut connection) = Connection::new(stream) else { return };
        loop {
            match connection.next() {
                Arrival::Gone => return,
                Arrival::Refused(status) => {
                    add(&self.tally.requests, 1);
                    let request = Request::default();
                    let _ = connection.send(self.refuse(status), &request, &self.line);
                    return;
                }
                Arrival::Request(request) => {
                    let answer = self.answer(&request);
                    let Ok(sent) = connection.send(answer, &request, &self.line) else { return };
                    add(&self.tally.bytes_sent, sent);
                    if !request.keeps_alive {
                        return;
                    }
                }
            }
        }
    }

    fn answer(&self, request: &Request) -> Answer {
        if request.target.starts_with("/-/") {
            return self.answer_script(request);
        }
        add(&self.tally.requests, 1);
        if !matches!(request.method.as_str(), "GET" | "HEAD") {
            return self.refuse(405).with("Allow", "GET, HEAD");
        }
        // A page of somebody else in a browser can reach loopback under a name of its own, but not hide that name.
        if !request.header("host").is_some_and(|host| self.hosts.contains(&host.to_ascii_lowercase())) {
            return self.refuse(421);
        }
        let path = request.target.split(['?', '#']).next().unwrap_or_default();
        let Some(rest) = path.strip_prefix(&self.prefix) else { return self.refuse(404) };
        self.line.hold_back();
        let segments: Vec<&str> = rest.split('/').collect();
        match segments.as_slice() {
            ["simple", project, ""] => self.project(request, project),
            ["simple", project] if !project.is_empty() => self.moved(project),
            ["files", project, key, file] => self.file(request, project, key, file),
            _ => self.refuse(404),
        }
    }

    /// What the script is answered; it is no caller, so nothing of it is counted.
    fn answer_script(&self, request: &Request) -> Answer {
        let fetcher = &self.store.fetcher;
        let known = fetcher.knows(request.header("authorization").as_deref());
        let method = if request.target == "/-/done" { "POST" } else { "GET" };
        if !known || request.method != method {
            add(&self.tally.requests, 1);
            return self.refuse(404);
        }
        match fetcher.answer(&request.target, &request.body) {
            Reply::Json(text) => Answer::text(200, &text).with("Cache-Control", "no-store"),
            Reply::Nothing => Answer { status: 204, headers: Vec::new(), body: Body::None },
            Reply::Over => Answer::text(410, "over"),
            Reply::Unknown => Answer::text(404, "unknown"),
        }
    }

    fn project(&self, request: &Request, segment: &str) -> Answer {
        let Some(name) = names::decoded(segment).and_then(|name| names::project(&name).map(|it| (name, it)))
        else {
            return self.refuse(404);
        };
        if name.0 != name.1 {
            return self.moved(segment);
        }
        match self.store.page(&name.1) {
            Found::Here(served) => self.page(request, &served),
            other => self.without(&other),
        }
    }

    fn page(&self, request: &Request, served: &Served) -> Answer {
        let accepted = request.header("accept");
        let (rendered, kind) = match preferred(accepted.as_deref()) {
            Some(kind @ JSON) => (served.json(), kind),
            Some(kind) => (served.html(), kind),
            None => return Answer::text(406, "this index speaks HTML and JSON"),
        };
        add(&self.tally.hits, 1);
        let headers = vec![
            ("Content-Type", kind.to_owned()),
            ("Cache-Control", format!("max-age={PAGE_AGE}, public")),
            ("ETag", rendered.tag.clone()),
            ("Vary", "Accept".to_owned()),
        ];
        if has_tag(request.header("if-none-match").as_deref(), &rendered.tag) {
            add(&self.tally.not_modified, 1);
            return Answer { status: 304, headers, body: Body::None };
        }
        let length = rendered.bytes.len() as u64;
        Answer { status: 200, headers, body: Body::Bytes(rendered.bytes, 0..length) }
    }

    /// To the normal form of a name, with the slash at its end that PEP 503 asks for.
    fn moved(&self, segment: &str) -> Answer {
        match names::decoded(segment).and_then(|name| names::project(&name)) {
            Some(name) => {
                add(&self.tally.hits, 1);
                Answer::text(301, "moved").with("Location", format!("{}simple/{name}/", self.prefix))
            }
            None => self.refuse(404),
        }
    }

    fn file(&self, request: &Request, project: &str, key: &str, segment: &str) -> Answer {
        let known = names::project(project).filter(|name| name == project);
        let (Some(project), Some(file)) =
            (known, names::decoded(segment).filter(|file| names::is_file(file)))
        else {
            return self.refuse(404);
        };
        let served = match self.store.page(&project) {
            Found::Here(served) => served,
            other => return self.without(&other),
        };
        let entry = |name: &str| {
            let files = &served.page.files;
            files.iter().find(|entry| entry.filename == name && entry.key() == key)
        };
        if let Some(entry) = entry(&file) {
            return self.content(request, self.store.file(entry), &tag(entry, ""));
        }
        match file.strip_suffix(".metadata").and_then(entry) {
            Some(entry) => self.content(request, self.store.metadata(entry), &tag(entry, "m")),
            None => self.without(&Found::<()>::Absent),
        }
    }

    fn content(&self, request: &Request, found: Found<(File, u64)>, tag: &str) -> Answer {
        let (file, length) = match found {
            Found::Here(found) => found,
            other => return self.without(&other),
        };
        add(&self.tally.hits, 1);
        let mut headers = vec![
            ("Content-Type", "application/octet-stream".to_owned()),
            ("Cache-Control", format!("max-age={FILE_AGE}, immutable, public")),
            ("ETag", tag.to_owned()),
            ("Accept-Ranges", "bytes".to_owned()),
        ];
        if has_tag(request.header("if-none-match").as_deref(), tag) {
            add(&self.tally.not_modified, 1);
            return Answer { status: 304, headers, body: Body::None };
        }
        let range = request.header("range").filter(|_| {
            // A part of another version would be of no use.
            request.header("if-range").is_none_or(|expected| expected == tag)
        });
        match select(range.as_deref(), length) {
            Selection::Whole => Answer { status: 200, headers, body: Body::File(file, 0..length) },
            Selection::Part(part) => {
                let last = part.end.saturating_sub(1);
                headers.push(("Content-Range", format!("bytes {}-{last}/{length}", part.start)));
                Answer { status: 206, headers, body: Body::File(file, part) }
            }
            Selection::Beyond => {
                Answer::text(416, "beyond the end").with("Content-Range", format!("bytes */{length}"))
            }
        }
    }

    fn without<T>(&self, found: &Found<T>) -> Answer {
        match found {
            // That there is none is known, so this comes from the folder too.
            Found::Here(_) | Found::Absent => {
                add(&self.tally.hits, 1);
                Answer::text(404, "the indexes do not have this")
            }
            Found::Missing => {
                add(&self.tally.misses, 1);
                Answer::text(404, "this has not been fetched, and the index is frozen")
            }
            // Fetching counts what it does itself, and has tried more than once. With a status from 500 on, pip and uv would
            // ask again and again.
            Found::Failed => Answer::text(424, "this could not be fetched"),
        }
    }

    fn refuse(&self, status: u16) -> Answer {
        add(&self.tally.refused, 1);
        Answer::text(status, "refused")
    }

    /// Ends fetching, at once or after what is being fetched.
    pub(super) fn freeze(&self) {
        self.store.frozen.store(true, Ordering::Release);
        self.store.fetcher.finish();
    }
}

fn tag(entry: &Entry, mark: &str) -> String {
    format!("\"{}{mark}\"", entry.key().get(..32).unwrap_or_default())
}

/// The form of a page that the caller likes best, by quality and then by ours (RFC 9110, 12.5.1; PEP 691).
fn preferred(accept: Option<&str>) -> Option<&'static str> {
    const FORMS: [(&str, &str); 7] = [
        (JSON, JSON),
        ("application/vnd.pypi.simple.latest+json", JSON),
        (HTML, HTML),
        ("application/vnd.pypi.simple.latest+html", HTML),
        ("text/html", "text/html; charset=utf-8"),
        ("text/*", "text/html; charset=utf-8"),
        ("*/*", "text/html; charset=utf-8"),
    ];
    let Some(accept) = accept else { return Some("text/html; charset=utf-8") };
    let mut best: Option<(f32, &'static str)> = None;
    for (form, kind) in FORMS {
        for range in accept.split(',') {
            let mut parts = range.split(';').map(str::trim);
            if !parts.next().is_some_and(|name| name.eq_ignore_ascii_case(form)) {
                continue;
            }
            let quality =
                parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), |q| q.parse().ok());
            if let Some(quality) = quality.filter(|quality| *quality > 0.0)
                && best.is_none_or(|(found, _)| quality > found)
            {
                best = Some((quality, kind));
            }
        }
    }
    best.map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_get_what_they_like_best() {
        let text = "text/html; charset=utf-8";
        for (accept, expected) in [
            (None, Some(text)),
            (Some("*/*"), Some(text)),
            (Some("text/html"), Some(text)),
            (Some(JSON), Some(JSON)),
            // pip 26.3
            (Some(&format!("{JSON}, {HTML}; q=0.1, text/html; q=0.01") as &str), Some(JSON)),
            // uv 0.13.9
            (Some(&format!("{JSON}, {HTML};q=0.2, text/html;q=0.01")), Some(JSON)),
            (Some(&format!("{JSON};q=0.1, {HTML};q=0.5")), Some(HTML)),
            (Some(&format!("{JSON};q=0, text/html;q=0.5")), Some(text)),
            (Some("application/json"), None),
            (Some(""), None),
        ] {
            assert_eq!(preferred(accept), expected, "{accept:?}");
        }
    }
}

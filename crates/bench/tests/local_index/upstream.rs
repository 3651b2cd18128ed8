//! An index above: a plain server on loopback with what a test puts there.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use sha2::{Digest as _, Sha256};

/// How an upstream writes its pages.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Json,
    Html,
}

/// A server that is there as long as the test.
pub(crate) struct Upstream {
    address: SocketAddr,
    shared: Arc<Shared>,
}

/// Status, type and body.
type Route = (u16, String, Vec<u8>);

#[derive(Default)]
struct Shared {
    routes: Mutex<BTreeMap<String, Route>>,
    /// The value of `Authorization` without which nothing is given.
    password: Mutex<Option<String>>,
    seen: Mutex<Vec<String>>,
    stops: AtomicBool,
}

impl Upstream {
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let server = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if server.stops.load(Ordering::Relaxed) {
                    return;
                }
                let server = Arc::clone(&server);
                thread::spawn(move || server.answer(stream));
            }
        });
        Self { address, shared }
    }

    /// A server with the wheels of a folder.
    pub(crate) fn of(folder: &Path, form: Form, metadata: bool) -> Self {
        let upstream = Self::new();
        upstream.add(folder, form, metadata);
        upstream
    }

    /// Adds the files of a folder, with a page for each project.
    pub(crate) fn add(&self, folder: &Path, form: Form, metadata: bool) {
        let mut projects: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = file_name(&path).split('-').next().unwrap().replace('_', "-");
            projects.entry(name).or_default().push(path);
        }
        for (project, mut files) in projects {
            files.sort();
            for file in &files {
                self.file(&format!("/files/{}", file_name(file)), &fs::read(file).unwrap());
                if metadata {
                    self.file(&format!("/files/{}.metadata", file_name(file)), &metadata_of(file));
                }
            }
            let page = match form {
                Form::Json => json(&project, &files, metadata),
                Form::Html => html(&files, metadata),
            };
            self.page(&project, form, &page);
        }
    }

    /// Puts a page of a project there.
    pub(crate) fn page(&self, project: &str, form: Form, text: &str) {
        let kind = match form {
            Form::Json => "application/vnd.pypi.simple.v1+json",
            Form::Html => "text/html",
        };
        self.route(&format!("/simple/{project}/"), 200, kind, text.as_bytes());
    }

    /// Puts a file there.
    pub(crate) fn file(&self, path: &str, content: &[u8]) {
        self.route(path, 200, "application/octet-stream", content);
    }

    /// Puts anything there; for a redirect the type is where it leads.
    pub(crate) fn route(&self, path: &str, status: u16, kind: &str, body: &[u8]) {
        self.shared.routes.lock().unwrap().insert(path.to_owned(), (status, kind.to_owned(), body.to_vec()));
    }

    /// From now on nothing is given without this `Authorization`.
    pub(crate) fn require(&self, authorization: &str) {
        *self.shared.password.lock().unwrap() = Some(authorization.to_owned());
    }

    /// The paths that were asked for.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.shared.seen.lock().unwrap().clone()
    }

    /// The address of the index.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/simple/", self.address)
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.shared.stops.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn answer(&self, mut stream: TcpStream) {
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
        let Some(first) = lines.next() else { return };
        let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
        let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
        let required = self.password.lock().unwrap().clone();
        let route = match required {
            Some(password) if !head.contains(&format!("Authorization: {password}")) => {
                Some((401, "text/plain".to_owned(), b"who are you".to_vec()))
            }
            _ => {
                self.seen.lock().unwrap().push(path.clone());
                self.routes.lock().unwrap().get(&path).cloned()
            }
        };
        let (status, kind, body) = route.unwrap_or((404, "text/plain".to_owned(), Vec::new()));
        let name = if status == 302 { "Location" } else { "Content-Type" };
        let length = body.len();
        let _ = write!(
            stream,
            "HTTP/1.1 {status} X\r\n{name}: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
        );
        let _ = stream.write_all(&body);
    }
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn json(project: &str, files: &[PathBuf], metadata: bool) -> String {
    let files: Vec<_> = files
        .iter()
        .map(|file| {
            let bytes = fs::read(file).unwrap();
            let mut entry = serde_json::json!({
                "filename": file_name(file),
                "url": format!("../../files/{}", file_name(file)),
                "hashes": {"sha256": sha256(&bytes)},
                "requires-python": ">=3.8",
                "size": bytes.len(),
                "upload-time": "2026-01-01T00:00:00Z",
                "yanked": false,
            });
            if metadata {
                entry["core-metadata"] = serde_json::json!({"sha256": sha256(&metadata_of(file))});
            }
            entry
        })
        .collect();
    serde_json::json!({
        "meta": {"api-version": "1.1"}, "name": project, "versions": ["1.0"], "files": files,
    })
    .to_string()
}

fn html(files: &[PathBuf], metadata: bool) -> String {
    let mut text = "<!DOCTYPE html><html><body>".to_owned();
    for file in files {
        let name = file_name(file);
        let digest = sha256(&fs::read(file).unwrap());
        let _ =
            write!(text, "<a data-requires-python=\"&gt;=3.8\" href=\"../../files/{name}#sha256={digest}\"");
        if metadata {
            let _ = write!(text, " data-core-metadata=\"sha256={}\"", sha256(&metadata_of(file)));
        }
        let _ = writeln!(text, ">{name}</a>");
    }
    text
}

/// The metadata of a wheel of the testkit, which does not compress.
fn metadata_of(wheel: &Path) -> Vec<u8> {
    let bytes = fs::read(wheel).unwrap();
    let find = |what: &[u8], from: usize| {
        from + bytes[from..].windows(what.len()).position(|window| window == what).unwrap()
    };
    let start = find(b"Metadata-Version", 0);
    bytes[start..find(b"PK\x03\x04", start)].to_vec()
}

fn file_name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

//! The local index beside the real pip and uv, and against callers and indexes that mean no good.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]
#![expect(
    clippy::disallowed_methods,
    reason = "tests write their own temporary folders and start the pinned tools"
)]

mod callers;
mod fetching;
mod protocol;
mod upstream;

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use uvshift_bench::{LocalIndex, LocalIndexOptions, Mode};
use uvshift_process::SystemRunner;
use uvshift_testkit::{Project, WheelOptions, pip_python, wheel};

/// Three wheels: `app` needs `lib-one`, which needs `lib.two`.
fn wheels(project: &Project) -> std::path::PathBuf {
    let folder = project.beside("wheels");
    wheel(&folder, "app", "1.0", &WheelOptions::requiring(["lib-one>=1"]));
    wheel(&folder, "lib-one", "1.0", &WheelOptions::requiring(["lib.two"]));
    wheel(&folder, "lib.two", "1.0", &WheelOptions::default());
    folder
}

fn options(project: &Project, upstream: &str) -> LocalIndexOptions {
    LocalIndexOptions::new(project.beside("store"), pip_python(), upstream)
}

fn start(options: LocalIndexOptions) -> LocalIndex {
    LocalIndex::start(options, Arc::new(SystemRunner::new())).unwrap()
}

fn frozen(project: &Project) -> LocalIndex {
    // Nobody listens there, and nobody is asked.
    start(LocalIndexOptions { mode: Mode::Frozen, ..options(project, "http://127.0.0.1:9/simple/") })
}

/// An answer as it came.
#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

/// Host and path of an address.
fn split(url: &str) -> (&str, &str) {
    let rest = url.strip_prefix("http://").unwrap();
    rest.split_at(rest.find('/').unwrap())
}

fn connect(index: &LocalIndex) -> TcpStream {
    let stream = TcpStream::connect(split(index.url()).0).unwrap();
    stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    stream
}

/// Sends a request and reads one answer; `None` when there comes none.
fn exchange(stream: &mut TcpStream, request: &str) -> Option<Answer> {
    stream.write_all(request.as_bytes()).unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        match stream.read(&mut byte) {
            Ok(0) => return None,
            Err(error) if error.kind() == ErrorKind::ConnectionReset => return None,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            other => {
                other.unwrap();
                head.push(byte[0]);
            }
        }
    }
    let head = String::from_utf8(head).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let mut answer = Answer { status, head, body: Vec::new() };
    let length = answer.header("content-length").map_or(0, |length| length.parse().unwrap());
    if !request.starts_with("HEAD") {
        answer.body.resize(length, 0);
        stream.read_exact(&mut answer.body).unwrap();
    }
    Some(answer)
}

/// Asks for a path below the address of the index, with more lines of head.
fn ask(index: &LocalIndex, method: &str, path: &str, lines: &str) -> Answer {
    let (host, base) = split(index.url());
    let path = path.strip_prefix("simple/").map_or(path.to_owned(), |rest| format!("{base}{rest}"));
    let request = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n{lines}\r\n");
    exchange(&mut connect(index), &request).unwrap()
}

/// The JSON page of a project.
fn page(index: &LocalIndex, project: &str) -> serde_json::Value {
    let accept = "Accept: application/vnd.pypi.simple.v1+json\r\n";
    let answer = ask(index, "GET", &format!("simple/{project}/"), accept);
    assert_eq!(answer.status, 200, "{}", answer.text());
    serde_json::from_slice(&answer.body).unwrap()
}

/// The path of the first file of a project.
fn file_path(index: &LocalIndex, project: &str) -> String {
    let url = page(index, project)["files"][0]["url"].as_str().unwrap().to_owned();
    let base = split(index.url()).1.strip_suffix("simple/").unwrap();
    format!("{base}{}", url.strip_prefix("../../").unwrap())
}

/// All text below a folder, for a search of secrets.
fn all_bytes(folder: &Path) -> Vec<u8> {
    uvshift_testkit::snapshot(folder)
        .into_iter()
        .flat_map(|(name, entry)| {
            let mut bytes = name.into_bytes();
            if let uvshift_testkit::Entry::File { bytes: content, .. } = entry {
                bytes.extend(content);
            }
            bytes
        })
        .collect()
}

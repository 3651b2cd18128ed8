//! A package index on loopback, for what a folder of wheels cannot show: pip caches nothing that comes from a folder.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;

use super::Bench;

/// pip wants a date beside the age; one in the future is never too old.
const LASTING: &str = "Cache-Control: max-age=600\r\nDate: Fri, 31 Dec 2100 00:00:00 GMT\r\n";

/// Serves the wheels of `folder` until the test ends; with `cached`, pip may cache them. Gives the port.
fn serve(folder: &Path, cached: bool) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let folder = folder.to_owned();
    let lasting = if cached { LASTING } else { "" };
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let folder = folder.clone();
            thread::spawn(move || answer_all(&stream, &folder, lasting));
        }
    });
    port
}

fn answer_all(stream: &TcpStream, folder: &Path, lasting: &str) {
    let mut reader = BufReader::new(stream);
    loop {
        let mut first = String::new();
        if reader.read_line(&mut first).unwrap_or(0) == 0 {
            return;
        }
        let mut line = String::new();
        while reader.read_line(&mut line).unwrap_or(0) > 2 {
            line.clear();
        }
        let path = first.split(' ').nth(1).unwrap_or_default().trim_matches('/').to_owned();
        let head = first.starts_with("HEAD");
        if answer(stream, &path, folder, lasting, head).is_none() {
            return;
        }
    }
}

fn answer(mut stream: &TcpStream, path: &str, folder: &Path, lasting: &str, head: bool) -> Option<()> {
    let (status, kind, body) = match path.strip_prefix("simple/") {
        Some(project) => ("200 OK", "text/html", page(folder, project).into_bytes()),
        None => match std::fs::read(folder.join(PathBuf::from(path).file_name()?)) {
            Ok(bytes) => ("200 OK", "application/octet-stream", bytes),
            Err(_) => ("404 Not Found", "text/plain", Vec::new()),
        },
    };
    let length = body.len();
    let headers =
        format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{lasting}Content-Length: {length}\r\n\r\n");
    stream.write_all(headers.as_bytes()).ok()?;
    if !head {
        stream.write_all(&body).ok()?;
    }
    Some(())
}

fn page(folder: &Path, project: &str) -> String {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with(&format!("{project}-")))
        .collect();
    names.sort();
    let link = |name: &String| format!("<a href=\"/files/{name}\">{name}</a><br>\n");
    format!("<!DOCTYPE html><html><body>\n{}</body></html>\n", names.iter().map(link).collect::<String>())
}

impl Bench {
    /// The same wheels from an index.
    pub(super) fn with_index(mut self, cached: bool) -> Self {
        let port = serve(&self.folder.path().join("wheels"), cached);
        self.plan.index.no_index = false;
        self.plan.index.find_links.clear();
        self.plan.index.url = Some(format!("http://127.0.0.1:{port}/simple/"));
        self.plan.index.extra_pip_args = vec!["--trusted-host".into(), format!("127.0.0.1:{port}")];
        self.plan.index.local = true;
        self
    }
}

//! What a local index serves over one connection: a small page, a part of a wheel, a whole wheel of 16 MiB.
//!
//! Times are those of both ends, which share the machine, so the index alone is faster than this.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use uvshift_bench::{LocalIndex, LocalIndexOptions, Mode};
use uvshift_process::SystemRunner;
use uvshift_testkit::{Project, WheelOptions, wheel};

fn main() {
    divan::main();
}

#[divan::bench]
fn page(bencher: Bencher<'_, '_>) {
    let mut served = Served::new();
    let request = served.request("simple/large/", "");
    bencher.counter(ItemsCount::new(1_usize)).bench_local(|| served.exchange(&request));
}

#[divan::bench]
fn part_of_a_wheel(bencher: Bencher<'_, '_>) {
    let mut served = Served::new();
    let request = served.file();
    let request = served.request(&request, "Range: bytes=-16384\r\n");
    bencher.counter(ItemsCount::new(1_usize)).bench_local(|| served.exchange(&request));
}

#[divan::bench]
fn whole_wheel(bencher: Bencher<'_, '_>) {
    let mut served = Served::new();
    let request = served.file();
    let request = served.request(&request, "");
    let length = served.exchange(&request);
    bencher.counter(BytesCount::new(length)).bench_local(|| served.exchange(&request));
}

/// An index with one wheel, and a connection to it.
struct Served {
    index: LocalIndex,
    stream: TcpStream,
    buffer: Vec<u8>,
    _project: Project,
}

impl Served {
    fn new() -> Self {
        let project = Project::new();
        let modules = vec![("large.py".to_owned(), "#".repeat(16 << 20))];
        wheel(project.beside("wheels"), "large", "1.0", &WheelOptions { modules, ..WheelOptions::default() });
        let options = LocalIndexOptions {
            upstreams: Vec::new(),
            find_links: vec![project.beside("wheels").display().to_string()],
            mode: Mode::Frozen,
            ..LocalIndexOptions::new(project.beside("store"), "python", "")
        };
        let index = LocalIndex::start(options, Arc::new(SystemRunner::new()))
            .unwrap_or_else(|error| panic!("the index does not start: {error}"));
        let stream = TcpStream::connect(address(&index).0)
            .unwrap_or_else(|error| panic!("the index does not answer: {error}"));
        Self { index, stream, buffer: vec![0; 1 << 20], _project: project }
    }

    fn request(&self, path: &str, lines: &str) -> String {
        let (host, base) = address(&self.index);
        format!("GET {base}{path} HTTP/1.1\r\nHost: {host}\r\nAccept: text/html\r\n{lines}\r\n")
    }

    /// The path of the wheel, as the page has it.
    fn file(&mut self) -> String {
        let request = self.request("simple/large/", "");
        self.exchange(&request);
        let text = String::from_utf8_lossy(&self.buffer).into_owned();
        let path = text.split("../../").nth(1).and_then(|rest| rest.split('#').next());
        path.unwrap_or_else(|| panic!("no link: {text}")).to_owned()
    }

    /// Sends a request and reads the answer; gives the number of its bytes.
    fn exchange(&mut self, request: &str) -> usize {
        let Self { stream, buffer, .. } = self;
        stream.write_all(request.as_bytes()).unwrap_or_else(|error| gone(&error));
        let mut seen = 0;
        let (head, length) = loop {
            seen += stream.read(&mut buffer[seen..]).unwrap_or_else(|error| gone(&error));
            let text = String::from_utf8_lossy(&buffer[..seen.min(1024)]).into_owned();
            let Some(head) = text.find("\r\n\r\n") else { continue };
            let length = text.split("Content-Length: ").nth(1).and_then(|rest| rest.split('\r').next());
            break (head + 4, length.and_then(|length| length.parse::<usize>().ok()).unwrap_or_default());
        };
        while seen < head + length {
            seen += stream.read(buffer).unwrap_or_else(|error| gone(&error));
        }
        seen
    }
}

fn gone<T>(error: &std::io::Error) -> T {
    panic!("the index has gone: {error}")
}

/// Host and the path before `simple/`.
fn address(index: &LocalIndex) -> (&str, &str) {
    let rest = index.url().trim_start_matches("http://").trim_end_matches("simple/");
    rest.split_at(rest.find('/').unwrap_or(rest.len()))
}

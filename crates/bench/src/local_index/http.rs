//! As much of HTTP/1.1 as callers of a package index need (RFC 9110, RFC 9112).
//!
//! No crate does this leaner: `tiny_http` has had no release since 2022, has four dependencies and reads heads of any length;
//! everything newer brings an async runtime. `httparse` reads the heads, the rest is here.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::net::TcpStream;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::line::{CHUNK, Line};

/// The longest head of a request, in bytes. pip's user agent alone has 500.
const LONGEST_HEAD: usize = 16 << 10;

/// The longest body of a request, in bytes. Only the script that fetches sends one.
const LONGEST_BODY: usize = 64 << 10;

/// How many headers a request may have.
const MOST_HEADERS: usize = 64;

/// How long a connection may stay open without a request. uv keeps its own for 90 s.
const IDLE: Duration = Duration::from_mins(2);

/// How long a request may take to arrive once it has begun.
const ARRIVAL: Duration = Duration::from_secs(10);

/// How long a caller may take nothing before it is given up.
const STALLED: Duration = Duration::from_mins(2);

/// Files up to this length go out together with their head.
const SMALL: u64 = 64 << 10;

/// A request as it came.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Request {
    /// `GET`
    pub(super) method: String,
    /// The path with its query, as it came.
    pub(super) target: String,
    /// Names are in lower case.
    headers: Vec<(String, String)>,
    /// What came after the head.
    pub(super) body: Vec<u8>,
    /// Whether the connection stays open after the answer.
    pub(super) keeps_alive: bool,
}

impl Request {
    /// The value of a header; several are joined (RFC 9110, 5.3).
    pub(super) fn header(&self, name: &str) -> Option<String> {
        let values: Vec<&str> =
            self.headers.iter().filter(|(found, _)| found == name).map(|(_, value)| value.as_str()).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }
}

/// What came over a connection.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    /// A request.
    Request(Request),
    /// Something that is no request, or one that is too long: the status that says so. Nothing more can be read.
    Refused(u16),
    /// The caller has gone, or has been silent for too long.
    Gone,
}

/// What is answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Body,
}

/// The body of an answer.
#[derive(Debug)]
pub(super) enum Body {
    /// An answer that never has one (304).
    None,
    /// Bytes, or a part of them.
    Bytes(Arc<Vec<u8>>, Range<u64>),
    /// A file, or a part of it.
    File(std::fs::File, Range<u64>),
}

impl Answer {
    /// A short text.
    pub(super) fn text(status: u16, text: &str) -> Self {
        let bytes = Arc::new(text.as_bytes().to_vec());
        let length = bytes.len() as u64;
        Self {
            status,
            headers: vec![("Content-Type", "text/plain; charset=utf-8".to_owned())],
            body: Body::Bytes(bytes, 0..length),
        }
    }

    /// Adds a header.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// A connection with one caller.
pub(super) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub(super) fn new(stream: TcpStream) -> io::Result<Self> {
        // An answer is not held back until the caller has confirmed the one before.
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(STALLED))?;
        Ok(Self { stream, buffer: Vec::new() })
    }

    /// Waits for the next request.
    pub(super) fn next(&mut self) -> Arrival {
        let mut deadline = Instant::now() + if self.buffer.is_empty() { IDLE } else { ARRIVAL };
        loop {
            match parse(&self.buffer) {
                Parsed::Request(request, head, body) => match self.body(head, body, deadline) {
                    Some(body) => return Arrival::Request(Request { body, ..request }),
                    None => return Arrival::Gone,
                },
                Parsed::Refused(status) => return Arrival::Refused(status),
                Parsed::Partial if self.buffer.len() >= LONGEST_HEAD => return Arrival::Refused(431),
                Parsed::Partial => {
                    let begins = self.buffer.is_empty();
                    if !self.read(deadline) {
                        return Arrival::Gone;
                    }
                    if begins {
                        deadline = Instant::now() + ARRIVAL;
                    }
                }
            }
        }
    }

    /// Takes a head and the body after it out of the buffer.
    fn body(&mut self, head: usize, length: usize, deadline: Instant) -> Option<Vec<u8>> {
        let end = head.checked_add(length)?;
        while self.buffer.len() < end {
            if !self.read(deadline) {
                return None;
            }
        }
        let rest = self.buffer.split_off(end);
        let mut request = std::mem::replace(&mut self.buffer, rest);
        Some(request.split_off(head.min(request.len())))
    }

    fn read(&mut self, deadline: Instant) -> bool {
        let left = deadline.saturating_duration_since(Instant::now());
        // A time-out of zero would mean none.
        if left.is_zero() || self.stream.set_read_timeout(Some(left)).is_err() {
            return false;
        }
        let mut chunk = [0; 4096];
        match self.stream.read(&mut chunk) {
            Ok(0) => false,
            Ok(count) => {
                self.buffer.extend_from_slice(chunk.get(..count).unwrap_or_default());
                true
            }
            Err(error) => error.kind() == io::ErrorKind::Interrupted,
        }
    }

    /// Sends an answer; gives the number of bytes of its body. The body is left out for `HEAD`.
    pub(super) fn send(&mut self, answer: Answer, request: &Request, line: &Line) -> io::Result<u64> {
        let mut head = head(&answer, request.keeps_alive);
        if request.method == "HEAD" {
            self.stream.write_all(&head)?;
            return Ok(0);
        }
        let (mut source, range): (Source, _) = match answer.body {
            Body::None => {
                self.stream.write_all(&head)?;
                return Ok(0);
            }
            Body::Bytes(bytes, range) => (Source::Bytes(bytes), range),
            Body::File(file, range) => (Source::File(file), range),
        };
        let length = range.end.saturating_sub(range.start);
        if line.is_limited() {
            self.stream.write_all(&head)?;
            let mut at = range.start;
            while at < range.end {
                let chunk = source.read(at..range.end.min(at.saturating_add(CHUNK)))?;
                line.carry(chunk.len() as u64);
                self.stream.write_all(&chunk)?;
                at += chunk.len() as u64;
            }
            return Ok(length);
        }
        if length <= SMALL {
            head.extend(source.read(range)?);
            self.stream.write_all(&head)?;
        } else {
            self.stream.write_all(&head)?;
            source.copy(range, &mut self.stream)?;
        }
        Ok(length)
    }
}

/// Where the bytes of a body are.
enum Source {
    Bytes(Arc<Vec<u8>>),
    File(std::fs::File),
}

impl Source {
    fn read(&mut self, range: Range<u64>) -> io::Result<Vec<u8>> {
        match self {
            Self::Bytes(bytes) => slice(bytes, range).map(<[u8]>::to_vec),
            Self::File(file) => {
                let length = range.end.saturating_sub(range.start);
                let mut bytes = Vec::new();
                file.seek(SeekFrom::Start(range.start))?;
                file.take(length).read_to_end(&mut bytes)?;
                // The length has been promised.
                if bytes.len() as u64 == length {
                    Ok(bytes)
                } else {
                    Err(io::ErrorKind::UnexpectedEof.into())
                }
            }
        }
    }

    /// Where the system can do it (`sendfile` on Linux), the bytes of a file never come into this program.
    fn copy(self, range: Range<u64>, stream: &mut TcpStream) -> io::Result<()> {
        let length = range.end.saturating_sub(range.start);
        match self {
            Self::Bytes(bytes) => stream.write_all(slice(&bytes, range)?),
            Self::File(mut file) => {
                file.seek(SeekFrom::Start(range.start))?;
                let sent = io::copy(&mut file.take(length), stream)?;
                if sent == length { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
            }
        }
    }
}

fn slice(bytes: &[u8], range: Range<u64>) -> io::Result<&[u8]> {
    let at = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
    bytes.get(at(range.start)..at(range.end)).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

enum Parsed {
    /// A request, the length of its head and the length of its body.
    Request(Request, usize, usize),
    Refused(u16),
    Partial,
}

fn parse(buffer: &[u8]) -> Parsed {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    let length = match parsed.parse(buffer) {
        Ok(httparse::Status::Complete(length)) if length <= LONGEST_HEAD => length,
        Ok(httparse::Status::Partial) => return Parsed::Partial,
        Ok(httparse::Status::Complete(_)) | Err(httparse::Error::TooManyHeaders) => {
            return Parsed::Refused(431);
        }
        Err(_) => return Parsed::Refused(400),
    };
    let (Some(method), Some(target)) = (parsed.method, parsed.path) else { return Parsed::Refused(400) };
    let mut request = Request { method: method.into(), target: target.into(), ..Request::default() };
    for header in parsed.headers {
        let Ok(value) = std::str::from_utf8(header.value) else { return Parsed::Refused(400) };
        request.headers.push((header.name.to_ascii_lowercase(), value.to_owned()));
    }
    let connection = request.header("connection").unwrap_or_default().to_ascii_lowercase();
    let closes = connection.split(',').any(|word| word.trim() == "close");
    request.keeps_alive = parsed.version == Some(1) && !closes;
    if request.header("transfer-encoding").is_some() {
        return Parsed::Refused(400);
    }
    match request.header("content-length").map(|length| length.parse::<usize>()) {
        None => Parsed::Request(request, length, 0),
        Some(Ok(body)) if body <= LONGEST_BODY => Parsed::Request(request, length, body),
        Some(Ok(_)) => Parsed::Refused(413),
        Some(Err(_)) => Parsed::Refused(400),
    }
}

fn head(answer: &Answer, keeps_alive: bool) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {} {}\r\nDate: {}\r\n", answer.status, reason(answer.status), now());
    for (name, value) in &answer.headers {
        text.push_str(name);
        text.push_str(": ");
        // Nothing from outside comes here, and yet: a line end would begin a header of somebody else.
        text.extend(value.chars().filter(|letter| !letter.is_control()));
        text.push_str("\r\n");
    }
    if let Body::Bytes(_, range) | Body::File(_, range) = &answer.body {
        text.push_str("Content-Length: ");
        text.push_str(&range.end.saturating_sub(range.start).to_string());
        text.push_str("\r\n");
    }
    text.push_str(if keeps_alive { "\r\n" } else { "Connection: close\r\n\r\n" });
    text.into_bytes()
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        206 => "Partial Content",
        301 => "Moved Permanently",
        304 => "Not Modified",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        410 => "Gone",
        413 => "Content Too Large",
        416 => "Range Not Satisfiable",
        421 => "Misdirected Request",
        424 => "Failed Dependency",
        431 => "Request Header Fields Too Large",
        _ => "Error",
    }
}

fn now() -> String {
    date(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()))
}

/// Seconds since 1970 as RFC 9110, 5.6.7 has them. Without `Date` pip keeps nothing in its cache.
fn date(seconds: u64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    let weekday = DAYS.get(usize::try_from(days % 7).unwrap_or(0)).copied().unwrap_or_default();
    let (mut year, mut left) = (1970_u64, days);
    let leaps = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    while left >= 365 + u64::from(leaps(year)) {
        left -= 365 + u64::from(leaps(year));
        year += 1;
    }
    let lengths = [31, 28 + u64::from(leaps(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = "";
    for (name, length) in MONTHS.into_iter().zip(lengths) {
        month = name;
        if left < length {
            break;
        }
        left -= length;
    }
    format!("{weekday}, {:02} {month} {year} {hour:02}:{minute:02}:{second:02} GMT", left + 1)
}

#[cfg(test)]
mod tests;

//! The index as a server: what it answers, and what it refuses.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use uvshift_bench::{LocalIndex, LocalIndexOptions};
use uvshift_testkit::Project;

use crate::upstream::{Form, Upstream, sha256};
use crate::{ask, connect, exchange, file_path, frozen, options, page, split, start, wheels};

fn filled() -> (Project, Upstream, LocalIndex) {
    let project = Project::new();
    let upstream = Upstream::of(&wheels(&project), Form::Json, true);
    let index = start(options(&project, &upstream.url()));
    (project, upstream, index)
}

#[test]
fn a_file_comes_whole_in_parts_or_not_again() {
    let (project, _upstream, index) = filled();
    let wheel = fs::read(project.beside("wheels").join("app-1.0-py3-none-any.whl")).unwrap();
    let path = file_path(&index, "app");
    let whole = ask(&index, "GET", &path, "");
    assert_eq!((whole.status, &whole.body), (200, &wheel));
    for name in ["date", "etag", "cache-control", "accept-ranges"] {
        assert!(whole.header(name).is_some(), "{name}: {}", whole.head);
    }
    let tag = whole.header("etag").unwrap();

    let same = ask(&index, "GET", &path, &format!("If-None-Match: \"x\", {tag}\r\n"));
    assert_eq!((same.status, same.body.len()), (304, 0));
    let other = ask(&index, "GET", &path, "If-None-Match: \"x\"\r\n");
    assert_eq!((other.status, &other.body), (200, &wheel));

    let part = ask(&index, "GET", &path, "Range: bytes=10-19\r\n");
    assert_eq!((part.status, part.body.as_slice()), (206, &wheel[10..20]));
    assert_eq!(part.header("content-range"), Some(format!("bytes 10-19/{}", wheel.len()).as_str()));
    let last = ask(&index, "GET", &path, "Range: bytes=-22\r\n");
    assert_eq!((last.status, last.body.as_slice()), (206, &wheel[wheel.len() - 22..]));
    let beyond = ask(&index, "GET", &path, "Range: bytes=99999999-\r\n");
    assert_eq!(beyond.status, 416);
    assert_eq!(beyond.header("content-range"), Some(format!("bytes */{}", wheel.len()).as_str()));
    let changed = ask(&index, "GET", &path, "Range: bytes=0-1\r\nIf-Range: \"x\"\r\n");
    assert_eq!((changed.status, &changed.body), (200, &wheel));

    let head = ask(&index, "HEAD", &path, "");
    assert_eq!(head.status, 200);
    assert_eq!(head.header("content-length"), Some(wheel.len().to_string().as_str()));
    let metadata = ask(&index, "GET", &format!("{path}.metadata"), "");
    assert!(metadata.text().contains("Requires-Dist: lib-one>=1"), "{}", metadata.text());
}

#[test]
fn a_page_keeps_what_the_index_above_says_but_not_where_its_files_are() {
    let project = Project::new();
    let upstream = Upstream::new();
    let digest = "ab".repeat(32);
    upstream.page(
        "app",
        Form::Json,
        &serde_json::json!({"meta": {"api-version": "1.1"}, "name": "app", "versions": ["1.0", "2.0"], "files": [
            {"filename": "app-1.0-py3-none-any.whl", "url": "/a?Signature=s3cret", "hashes": {"sha256": digest},
             "requires-python": ">=3.8,<4", "size": 5, "upload-time": "2026-01-01T00:00:00.5Z",
             "yanked": "broken & \"worse\"", "core-metadata": {"sha256": digest}},
            {"filename": "app-2.0.tar.gz", "url": "/b", "hashes": {}, "size": 6, "dist-info-metadata": true},
        ]})
        .to_string(),
    );
    let index = start(options(&project, &upstream.url()));
    let shown = page(&index, "app");
    assert_eq!(shown["meta"]["api-version"], "1.1");
    assert_eq!(shown["versions"], serde_json::json!(["1.0", "2.0"]));
    let first = &shown["files"][0];
    for (field, expected) in [
        ("filename", serde_json::json!("app-1.0-py3-none-any.whl")),
        ("hashes", serde_json::json!({"sha256": digest})),
        ("requires-python", ">=3.8,<4".into()),
        ("size", 5.into()),
        ("upload-time", "2026-01-01T00:00:00.5Z".into()),
        ("yanked", "broken & \"worse\"".into()),
        ("core-metadata", serde_json::json!({"sha256": digest})),
        ("dist-info-metadata", serde_json::json!({"sha256": digest})),
        ("url", format!("../../files/app/{digest}/app-1.0-py3-none-any.whl").into()),
    ] {
        assert_eq!(first[field], expected, "{field}");
    }
    assert_eq!(shown["files"][1]["core-metadata"], true);

    let html = ask(&index, "GET", "simple/app/", "Accept: text/html\r\n").text();
    assert!(
        html.contains(&format!(
            "<a href=\"../../files/app/{digest}/app-1.0-py3-none-any.whl#sha256={digest}\" \
             data-requires-python=\"&gt;=3.8,&lt;4\" data-yanked=\"broken &amp; &quot;worse&quot;\" \
             data-core-metadata=\"sha256={digest}\" data-dist-info-metadata=\"sha256={digest}\">"
        )),
        "{html}"
    );
    assert!(!html.contains("s3cret") && !shown.to_string().contains("s3cret"));
    // An HTML page made of what was read comes to the same when it is read again.
    let second = Upstream::new();
    second.page("app", Form::Html, &html);
    let other = Project::new();
    let again = page(&start(options(&other, &second.url())), "app");
    for field in ["filename", "hashes", "requires-python", "yanked", "core-metadata"] {
        assert_eq!(again["files"][0][field], first[field], "{field}");
    }
    assert_eq!(ask(&index, "GET", "simple/app/", "Accept: image/png\r\n").status, 406);
}

#[test]
fn names_lead_to_their_normal_form() {
    let (_project, _upstream, index) = filled();
    let base = split(index.url()).1.to_owned();
    for (name, expected) in
        [("Lib_One/", "lib-one"), ("lib..ONE/", "lib-one"), ("lib%2Eone/", "lib-one"), ("app", "app")]
    {
        let answer = ask(&index, "GET", &format!("simple/{name}"), "");
        assert_eq!(answer.status, 301, "{name}");
        assert_eq!(answer.header("location"), Some(format!("{base}{expected}/").as_str()));
    }
    assert_eq!(ask(&index, "GET", "simple/unknown/", "").status, 404);
    assert_eq!(ask(&index, "GET", "simple/unknown/", "").status, 404);
    assert_eq!((index.counts().misses, index.counts().failed), (1, 0), "an absence is kept");
}

#[test]
fn what_leads_elsewhere_is_refused() {
    let (project, upstream, index) = filled();
    let base = split(index.url()).1.strip_suffix("/simple/").unwrap().to_owned();
    let secret = project.beside("store").parent().unwrap().join("secret");
    fs::write(&secret, "secret").unwrap();
    for path in [
        "/".to_owned(),
        "/simple/app/".to_owned(),
        "/00000000000000000000000000000000/simple/app/".to_owned(),
        format!("{base}/"),
        format!("{base}/simple/"),
        format!("{base}/simple/../simple/app/"),
        format!("{base}/simple/%2e%2e/"),
        format!("{base}/simple/..%2fapp/"),
        format!("{base}/simple/app%00/"),
        format!("{base}/files/app/../../secret"),
        format!("{base}/files/../../secret/x"),
        format!("{base}/files/app/%2e%2e/..%2f..%2fsecret"),
        format!("{base}/files/app/00/..%5c..%5csecret"),
        format!("{base}/files//etc/passwd"),
        format!("{base}/store/partial/x"),
        "/-/work".to_owned(),
        "/-/settings".to_owned(),
        format!("http://127.0.0.1{base}/simple/app/"),
        "http://index.example/".to_owned(),
    ] {
        let answer = ask(&index, "GET", &path, "");
        assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.status);
        assert_ne!(answer.text(), "secret");
    }
    assert_eq!(index.counts().refused, index.counts().requests, "{:?}", index.counts());
    assert!(upstream.seen().is_empty(), "{:?}", upstream.seen());
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "TRACE", "PATCH"] {
        assert_eq!(ask(&index, method, "simple/app/", "").status, 405, "{method}");
    }
    let request =
        |host: &str| format!("GET {base}/simple/app/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    for host in ["index.example", "127.0.0.1", "attacker.example:80"] {
        assert_eq!(exchange(&mut connect(&index), &request(host)).unwrap().status, 421, "{host}");
    }
    let token = "Authorization: Bearer 00000000000000000000000000000000\r\n";
    assert_eq!(ask(&index, "GET", "/-/work", token).status, 404);
    assert_eq!(ask(&index, "POST", "/-/done", token).status, 404);
}

#[test]
fn heads_have_a_limit() {
    let (_project, _upstream, index) = filled();
    let host = split(index.url()).0;
    let long = format!("GET / HTTP/1.1\r\nHost: {host}\r\nA: {}\r\n\r\n", "a".repeat(20 << 10));
    let many = format!("GET / HTTP/1.1\r\nHost: {host}\r\n{}\r\n", "A: b\r\n".repeat(100));
    for (request, expected) in [(long.as_str(), 431), (&many, 431), ("\x16\x03\x01\x02\r\n\r\n", 400)] {
        let mut stream = connect(&index);
        // The end of a head that is too long is not waited for, so the rest may find nobody.
        let answer = exchange(&mut stream, request);
        assert!(answer.is_none_or(|answer| answer.status == expected));
    }
    assert_eq!(index.counts().refused, 3);
    let body = format!("GET / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 9999999\r\n\r\n");
    assert_eq!(exchange(&mut connect(&index), &body).unwrap().status, 413);
}

#[test]
fn a_connection_serves_many_requests_and_a_slow_caller_holds_up_nobody() {
    let (_project, _upstream, index) = filled();
    let path = file_path(&index, "app");
    let host = split(index.url()).0;
    let slow: Vec<TcpStream> = (0..64)
        .map(|_| {
            let mut stream = connect(&index);
            stream.write_all(b"GET / HTTP/1.1\r\nHost: ").unwrap();
            stream
        })
        .collect();
    let mut stream = connect(&index);
    for _ in 0..20 {
        let answer = exchange(&mut stream, &format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n")).unwrap();
        assert_eq!((answer.status, answer.header("connection")), (200, None));
    }
    // Two requests at once are answered one after the other.
    let twice = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n").repeat(2);
    let first = exchange(&mut stream, &twice).unwrap();
    let second = exchange(&mut stream, "").unwrap();
    assert_eq!(first.body, second.body);
    let last = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    assert_eq!(exchange(&mut stream, &last).unwrap().header("connection"), Some("close"));
    assert_eq!(stream.read(&mut [0]).unwrap(), 0);
    drop(slow);
}

#[test]
fn only_this_machine_is_listened_to() {
    let (_project, _upstream, index) = filled();
    let port = split(index.url()).0.rsplit(':').next().unwrap().parse::<u16>().unwrap();
    // Nothing is sent: this only tells which address of its own the system would use.
    let socket = UdpSocket::bind("0.0.0.0:0").unwrap();
    if socket.connect("192.0.2.1:9").is_ok() && !socket.local_addr().unwrap().ip().is_loopback() {
        let own = socket.local_addr().unwrap().ip();
        assert!(TcpStream::connect_timeout(&(own, port).into(), Duration::from_secs(2)).is_err(), "{own}");
    }
    assert!(split(index.url()).0.starts_with("127.0.0.1:"));
}

#[test]
fn an_index_that_ends_leaves_nothing_behind() {
    let (project, _upstream, index) = filled();
    page(&index, "app");
    let address = split(index.url()).0.to_owned();
    let mut open = connect(&index);
    index.stop();
    assert!(TcpStream::connect(address).is_err());
    assert_eq!(open.read(&mut [0]).unwrap_or(0), 0);
    let _ = open.shutdown(Shutdown::Both);
    let left: Vec<_> = fs::read_dir(project.beside("store").join("partial")).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_frozen_index_asks_nobody_and_counts_what_it_lacks() {
    let (project, upstream, index) = filled();
    page(&index, "app");
    index.freeze();
    let asked = upstream.seen().len();
    index.take_counts();
    page(&index, "app");
    assert_eq!(ask(&index, "GET", &file_path(&index, "app"), "").status, 404);
    assert_eq!(ask(&index, "GET", "simple/lib-one/", "").status, 404);
    assert_eq!((index.counts().misses, upstream.seen().len()), (2, asked));

    let empty = frozen(&project);
    assert_eq!(ask(&empty, "GET", "simple/app/", "").status, 404);
    assert_eq!((empty.counts().misses, empty.counts().failed), (1, 0));
}

#[test]
fn a_network_can_be_put_between() {
    let project = Project::new();
    let upstream = Upstream::new();
    let body = vec![7; 64 << 10];
    upstream.file("/app-1.0-py3-none-any.whl", &body);
    let digest = sha256(&body);
    let link = format!("<a href=\"/app-1.0-py3-none-any.whl#sha256={digest}\">app-1.0-py3-none-any.whl</a>");
    upstream.page("app", Form::Html, &link);
    drop(start(options(&project, &upstream.url())));
    let index = start(LocalIndexOptions {
        latency: Duration::from_millis(50),
        bytes_per_second: Some(256 << 10),
        ..options(&project, &upstream.url())
    });
    let path = file_path(&index, "app");
    ask(&index, "GET", &path, "");
    // It can only take longer than the line needs, never less.
    let started = Instant::now();
    let answer = ask(&index, "GET", &path, "");
    assert!(started.elapsed() >= Duration::from_millis(300), "{:?}", started.elapsed());
    assert_eq!(answer.body, body);
}

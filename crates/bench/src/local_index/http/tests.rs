use super::*;

fn parsed(head: &str) -> Parsed {
    parse(head.as_bytes())
}

#[test]
fn dates_are_those_of_http() {
    for (seconds, expected) in [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (1_735_689_599, "Tue, 31 Dec 2024 23:59:59 GMT"),
        (1_735_689_600, "Wed, 01 Jan 2025 00:00:00 GMT"),
    ] {
        assert_eq!(date(seconds), expected);
    }
}

#[test]
fn a_request_is_read_with_its_headers() {
    let head = "GET /a?b HTTP/1.1\r\nAccept: x\r\nACCEPT: y\r\nConnection: Keep-Alive, Close\r\n\r\nrest";
    let Parsed::Request(request, length, body) = parsed(head) else { panic!("no request") };
    assert_eq!((request.method.as_str(), request.target.as_str()), ("GET", "/a?b"));
    assert_eq!(request.header("accept").as_deref(), Some("x, y"));
    assert_eq!((request.keeps_alive, body, &head[length..]), (false, 0, "rest"));
    let Parsed::Request(request, ..) = parsed("GET / HTTP/1.1\r\n\r\n") else { panic!("no request") };
    assert!(request.keeps_alive);
    let Parsed::Request(request, ..) = parsed("GET / HTTP/1.0\r\n\r\n") else { panic!("no request") };
    assert!(!request.keeps_alive);
}

#[test]
fn what_is_no_request_is_refused() {
    for (head, expected) in [
        ("\x16\x03\x01", 400),
        ("GET  HTTP\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nA: \x01\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nContent-Length: 999999999999\r\n\r\n", 413),
        (&format!("GET / HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(65)), 431),
        (&format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(LONGEST_HEAD)), 431),
    ] {
        let Parsed::Refused(status) = parsed(head) else { panic!("taken: {head:?}") };
        assert_eq!(status, expected, "{head:?}");
    }
    assert!(matches!(parsed("GET / HTTP/1.1\r\nA"), Parsed::Partial));
}

#[test]
fn a_value_cannot_begin_a_header() {
    let answer = Answer::text(200, "x").with("Location", "/a\r\nSet-Cookie: b");
    let text = String::from_utf8(head(&answer, true)).unwrap();
    assert!(text.contains("Location: /aSet-Cookie: b\r\n"), "{text}");
}

proptest::proptest! {
    #[test]
    fn whatever_comes_is_answered(bytes: Vec<u8>, start in "(GET|POST) /[ -~]{0,20} HTTP/1\\.[01]\r\n", length: u64) {
        let _ = parse(&bytes);
        let _ = parse(&[start.as_bytes(), &bytes].concat());
        let header = String::from_utf8_lossy(&bytes).into_owned();
        let _ = super::super::range::select(Some(&header), length);
        let _ = super::super::range::has_tag(Some(&header), &start);
        let _ = super::super::names::decoded(&header).map(|name| super::super::names::project(&name));
        let _ = super::super::page::Page::read(&bytes, false);
        let _ = date(length % 253_402_300_800);
    }
}

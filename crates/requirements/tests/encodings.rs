//! Bytes to text and back, as pip decodes them.

use uvshift_requirements::{DecodeError, decode};

/// Bytes, then the text, the encoding and whether there is a byte order mark, as pip 26.3 has them.
#[test]
fn bytes_become_the_text_that_pip_reads() {
    let cases: &[(&[u8], &str, &str, bool)] = &[
        (b"a==1\n", "a==1\n", "utf-8", false),
        (b"", "", "utf-8", false),
        (b"\xef\xbb\xbfa\n", "a\n", "utf-8", true),
        (b"\xef\xbb\xbf\xef\xbb\xbfa\n", "\u{feff}a\n", "utf-8", true),
        (b"\xff\xfea\0\n\0", "a\n", "utf-16-le", true),
        (b"\xfe\xff\0a\0\n", "a\n", "utf-16-be", true),
        (b"\xff\xfe\0\0a\0\0\0", "a", "utf-32-le", true),
        (b"\0\0\xfe\xff\0\0\0a", "a", "utf-32-be", true),
        (
            b"# -*- coding: latin-1 -*-\na # \xe9\x80\n",
            "# -*- coding: latin-1 -*-\na # \u{e9}\u{80}\n",
            "latin-1",
            false,
        ),
        (
            b"a\n# vim: set fileencoding=cp1252 :\n# \x80\n",
            "a\n# vim: set fileencoding=cp1252 :\n# \u{20ac}\n",
            "windows-1252",
            false,
        ),
        (b"# coding: shift_jis\n# \x93\xfa\n", "# coding: shift_jis\n# \u{65e5}\n", "shift_jis", false),
        (b"# encoding=koi8-r\n# \xc1\n", "# encoding=koi8-r\n# \u{430}\n", "koi8-r", false),
        // Only a line that begins with `#` counts.
        (b" # coding: latin-1\n", " # coding: latin-1\n", "utf-8", false),
    ];
    for (bytes, text, encoding, bom) in cases {
        let decoded = decode(bytes).unwrap_or_else(|error| panic!("{bytes:?}: {error}"));
        assert_eq!(
            (decoded.text.as_str(), decoded.encoding.name().as_str(), decoded.bom),
            (*text, *encoding, *bom)
        );
        assert_eq!(decoded.encode(text).as_deref(), Some(*bytes), "the way back of {bytes:?}");
    }
}

#[test]
fn errors_say_where_and_what_to_do() {
    let cases: &[(&[u8], usize)] = &[
        (b"a # \xe9\n", 4),
        (b"a\nb\n# coding: latin-1\n# \xe9\n", 24),
        (b"\xff\xfea\0\0", 4),
        (b"\xff\xfe\0\xd8", 2),
        (b"# coding: ascii\n\xe9", 16),
        (b"# coding: cp1252\n\x81", 17),
    ];
    for (bytes, offset) in cases {
        let error = decode(bytes).expect_err("pip cannot decode it either");
        assert!(error.hint().is_some());
        let DecodeError::Malformed { offset: found, .. } = error else { panic!("{error}") };
        assert_eq!(found, *offset, "{bytes:?}");
    }
    assert!(matches!(decode(b"# coding: klingon\n"), Err(DecodeError::UnknownEncoding { .. })));
}

#[test]
fn what_the_encoding_lacks_is_not_written() {
    let decoded = decode(b"# coding: latin-1\n").unwrap();
    assert_eq!(decoded.encode("\u{e9}").as_deref(), Some(&b"\xe9"[..]));
    assert_eq!(decoded.encode("\u{20ac}"), None);
}

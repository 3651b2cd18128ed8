//! Which part of something a caller wants, and whether it has it already (RFC 9110, 13 and 14).

use std::ops::Range;

/// What of a body is wanted.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Selection {
    /// All of it.
    Whole,
    /// A part.
    Part(Range<u64>),
    /// A part that it does not have.
    Beyond,
}

/// What a `Range` header asks for. Several parts, other units and what makes no sense are answered with everything, as the
/// RFC allows.
pub(super) fn select(header: Option<&str>, length: u64) -> Selection {
    let Some(spec) = header.and_then(|header| header.trim().strip_prefix("bytes=")) else {
        return Selection::Whole;
    };
    let Some((first, last)) = spec.split_once('-').map(|(first, last)| (first.trim(), last.trim())) else {
        return Selection::Whole;
    };
    let range = match (first.parse::<u64>(), last.parse::<u64>()) {
        // The last bytes.
        (Err(_), Ok(count)) if first.is_empty() => length.saturating_sub(count)..length,
        (Ok(first), Err(_)) if last.is_empty() => first..length,
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(length),
        _ => return Selection::Whole,
    };
    if range.is_empty() { Selection::Beyond } else { Selection::Part(range) }
}

/// Whether an `If-None-Match` header names this tag, or any.
pub(super) fn has_tag(header: Option<&str>, tag: &str) -> bool {
    header.is_some_and(|header| {
        header.split(',').map(str::trim).any(|found| found == "*" || found.trim_start_matches("W/") == tag)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_those_of_the_rfc() {
        for (header, expected) in [
            ("bytes=0-499", Selection::Part(0..500)),
            ("bytes=9500-", Selection::Part(9500..10_000)),
            ("bytes=-500", Selection::Part(9500..10_000)),
            ("bytes=-20000", Selection::Part(0..10_000)),
            ("bytes=0-0", Selection::Part(0..1)),
            ("bytes=9999-99999999999", Selection::Part(9999..10_000)),
            ("bytes=10000-", Selection::Beyond),
            ("bytes=-0", Selection::Beyond),
            ("bytes=0-1,5-6", Selection::Whole),
            ("bytes=5-4", Selection::Whole),
            ("bytes=-", Selection::Whole),
            ("bytes=99999999999999999999-", Selection::Whole),
            ("lines=1-2", Selection::Whole),
        ] {
            assert_eq!(select(Some(header), 10_000), expected, "{header}");
        }
        assert_eq!(select(None, 5), Selection::Whole);
        assert_eq!(select(Some("bytes=0-"), 0), Selection::Beyond);
    }

    #[test]
    fn tags_are_compared_weakly() {
        for (header, expected) in [
            ("\"a\"", true),
            ("W/\"a\"", true),
            ("\"b\", \"a\"", true),
            ("*", true),
            ("\"b\"", false),
            ("a", false),
        ] {
            assert_eq!(has_tag(Some(header), "\"a\""), expected, "{header}");
        }
        assert!(!has_tag(None, "\"a\""));
    }
}

//! From bytes to text and back, by pip's rules: byte order mark, `coding:` comment, UTF-8.

use encoding_rs::Encoding as Codec;

use crate::error::DecodeError;

/// How a file is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding(Kind);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Utf8,
    Utf16 { big: bool },
    Utf32 { big: bool },
    Latin1,
    Ascii,
    Other(&'static Codec),
}

impl Encoding {
    /// UTF-8, what every file should be in.
    pub const UTF_8: Self = Self(Kind::Utf8);

    /// The name in lower case.
    pub fn name(self) -> String {
        match self.0 {
            Kind::Utf8 => "utf-8".to_owned(),
            Kind::Utf16 { big } => format!("utf-16-{}", if big { "be" } else { "le" }),
            Kind::Utf32 { big } => format!("utf-32-{}", if big { "be" } else { "le" }),
            Kind::Latin1 => "latin-1".to_owned(),
            Kind::Ascii => "ascii".to_owned(),
            Kind::Other(codec) => codec.name().to_ascii_lowercase(),
        }
    }
}

/// The text of a file, and what is needed to write it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text without byte order mark.
    pub text: String,
    /// The encoding of the bytes.
    pub encoding: Encoding,
    /// Whether the bytes begin with a byte order mark.
    pub bom: bool,
    /// The bytes, if encoding the text again would give others.
    irreversible: Option<Vec<u8>>,
}

impl Decoded {
    /// The bytes of a text in the encoding and with the byte order mark of this file.
    ///
    /// The text of this file gives the bytes of this file. Nothing, if the encoding lacks a character.
    pub fn encode(&self, text: &str) -> Option<Vec<u8>> {
        match &self.irreversible {
            Some(bytes) if text == self.text => Some(bytes.clone()),
            _ => encode(text, self.encoding, self.bom),
        }
    }
}

/// Decodes the bytes of a requirements file as pip 26.3 does.
///
/// A byte order mark decides first, then a `coding:` comment in one of the first two lines, then UTF-8 is tried.
/// pip tries the encoding of the locale last; a library has none, and the error says so.
///
/// ```
/// let file = uvshift_requirements::decode(b"\xff\xfea\0=\0=\x001\0")?;
/// assert_eq!(file.text, "a==1");
/// assert_eq!(file.encoding.name(), "utf-16-le");
/// assert_eq!(file.encode("a==2").unwrap(), b"\xff\xfea\0=\0=\x002\0");
/// # Ok::<(), uvshift_requirements::DecodeError>(())
/// ```
pub fn decode(bytes: &[u8]) -> Result<Decoded, DecodeError> {
    let (encoding, mark, declared) = detect(bytes)?;
    let body = bytes.get(mark..).unwrap_or_default();
    let text = decode_body(body, encoding).map_err(|offset| DecodeError::Malformed {
        encoding: encoding.name(),
        offset: mark + offset,
        declared,
    })?;
    let bom = mark > 0;
    let irreversible = (encode(&text, encoding, bom).as_deref() != Some(bytes)).then(|| bytes.to_vec());
    Ok(Decoded { text, encoding, bom, irreversible })
}

/// The encoding, the length of the byte order mark, and whether the file says so itself.
fn detect(bytes: &[u8]) -> Result<(Encoding, usize, bool), DecodeError> {
    let marked = match bytes {
        [0xef, 0xbb, 0xbf, ..] => Some((Kind::Utf8, 3)),
        [0xff, 0xfe, 0, 0, ..] => Some((Kind::Utf32 { big: false }, 4)),
        [0, 0, 0xfe, 0xff, ..] => Some((Kind::Utf32 { big: true }, 4)),
        [0xff, 0xfe, ..] => Some((Kind::Utf16 { big: false }, 2)),
        [0xfe, 0xff, ..] => Some((Kind::Utf16 { big: true }, 2)),
        _ => None,
    };
    if let Some((kind, length)) = marked {
        return Ok((Encoding(kind), length, true));
    }
    for line in bytes.split(|byte| *byte == b'\n').take(2).filter(|line| line.starts_with(b"#")) {
        if let Some(name) = declared_name(line) {
            let unknown = DecodeError::UnknownEncoding { encoding: name.to_owned() };
            return named(name).map(|kind| (Encoding(kind), 0, true)).ok_or(unknown);
        }
    }
    Ok((Encoding::UTF_8, 0, false))
}

/// The match of `coding[:=]\s*([-\w.]+)`.
fn declared_name(line: &[u8]) -> Option<&str> {
    memchr::memmem::find_iter(line, b"coding").find_map(|position| {
        let rest = line.get(position + 6..)?;
        let rest = rest.strip_prefix(b":").or_else(|| rest.strip_prefix(b"="))?;
        let blanks = rest.iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == 0x0b).count();
        let rest = rest.get(blanks..)?;
        let length = rest
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
            .count();
        std::str::from_utf8(rest.get(..length)?).ok().filter(|name| !name.is_empty())
    })
}

/// The encoding that Python knows by this name.
fn named(name: &str) -> Option<Kind> {
    let normal = name.to_ascii_lowercase().replace('_', "-");
    Some(match normal.as_str() {
        "utf-8" | "utf8" | "u8" | "utf" | "utf-8-sig" | "cp65001" => Kind::Utf8,
        // The web's latin1 is windows-1252, Python's is not.
        "latin-1" | "latin1" | "latin" | "l1" | "iso-8859-1" | "iso8859-1" | "8859" | "cp819"
        | "iso-ir-100" => Kind::Latin1,
        "ascii" | "us-ascii" | "646" | "ansi-x3.4-1968" => Kind::Ascii,
        "utf-16" | "utf-16le" | "utf-16-le" | "utf-16be" | "utf-16-be" | "utf16" => return None,
        other => {
            let windows = other.strip_prefix("cp").map(|page| format!("windows-{page}"));
            let label = windows.as_deref().unwrap_or(other);
            Kind::Other(Codec::for_label_no_replacement(label.as_bytes())?)
        }
    })
}

/// The text, or the offset of the first byte that cannot be decoded.
fn decode_body(bytes: &[u8], encoding: Encoding) -> Result<String, usize> {
    match encoding.0 {
        Kind::Utf8 => std::str::from_utf8(bytes).map(ToOwned::to_owned).map_err(|error| error.valid_up_to()),
        Kind::Utf16 { big } => decode_utf16(bytes, big),
        Kind::Utf32 { big } => decode_utf32(bytes, big),
        Kind::Latin1 => Ok(bytes.iter().map(|byte| char::from(*byte)).collect()),
        Kind::Ascii => match bytes.iter().position(|byte| !byte.is_ascii()) {
            Some(offset) => Err(offset),
            None => Ok(bytes.iter().map(|byte| char::from(*byte)).collect()),
        },
        Kind::Other(codec) => {
            // The web maps the holes of windows-1252 to control characters, Python refuses them.
            if codec == encoding_rs::WINDOWS_1252
                && let Some(hole) =
                    bytes.iter().position(|byte| matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d))
            {
                return Err(hole);
            }
            match codec.decode_without_bom_handling_and_without_replacement(bytes) {
                Some(text) => Ok(text.into_owned()),
                None => Err(malformed_offset(bytes, codec)),
            }
        }
    }
}

/// The length of the longest beginning that can be decoded.
fn malformed_offset(bytes: &[u8], codec: &'static Codec) -> usize {
    let mut decoder = codec.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(bytes.len().saturating_mul(3).saturating_add(16));
    let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    match result {
        encoding_rs::DecoderResult::Malformed(length, after) => {
            read.saturating_sub(usize::from(length) + usize::from(after))
        }
        _ => read,
    }
}

fn decode_utf16(bytes: &[u8], big: bool) -> Result<String, usize> {
    let units = bytes.chunks_exact(2).map(|pair| {
        let pair = [pair[0], pair[1]];
        if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
    });
    let mut text = String::with_capacity(bytes.len() / 2);
    let mut offset = 0;
    for character in char::decode_utf16(units) {
        let character = character.map_err(|_| offset)?;
        offset += character.len_utf16() * 2;
        text.push(character);
    }
    if bytes.len().is_multiple_of(2) { Ok(text) } else { Err(bytes.len() - 1) }
}

fn decode_utf32(bytes: &[u8], big: bool) -> Result<String, usize> {
    let mut text = String::with_capacity(bytes.len() / 4);
    for (index, unit) in bytes.chunks(4).enumerate() {
        let value = <[u8; 4]>::try_from(unit)
            .ok()
            .map(|unit| if big { u32::from_be_bytes(unit) } else { u32::from_le_bytes(unit) });
        text.push(value.and_then(char::from_u32).ok_or(index * 4)?);
    }
    Ok(text)
}

fn encode(text: &str, encoding: Encoding, bom: bool) -> Option<Vec<u8>> {
    let mark = if bom { "\u{feff}" } else { "" };
    let characters = mark.chars().chain(text.chars());
    match encoding.0 {
        Kind::Utf8 => Some([mark.as_bytes(), text.as_bytes()].concat()),
        Kind::Utf16 { big } => {
            let units = mark.encode_utf16().chain(text.encode_utf16());
            Some(units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect())
        }
        Kind::Utf32 { big } => {
            let unit = |c: char| if big { u32::from(c).to_be_bytes() } else { u32::from(c).to_le_bytes() };
            Some(characters.flat_map(unit).collect())
        }
        Kind::Latin1 => characters.map(|c| u8::try_from(u32::from(c)).ok()).collect(),
        Kind::Ascii => text.is_ascii().then(|| text.as_bytes().to_vec()),
        Kind::Other(codec) => {
            let (bytes, _, replaced) = codec.encode(text);
            (!replaced).then(|| bytes.into_owned())
        }
    }
}

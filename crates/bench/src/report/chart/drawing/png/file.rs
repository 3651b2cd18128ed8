//! Pixels as the bytes of a PNG file.

use std::io::{self, Write as _};

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

use super::canvas::Canvas;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Eight bits a colour, red, green and blue; the only compression and filtering there are; not interlaced.
const KIND: [u8; 5] = [8, 2, 0, 0, 0];

/// That a row is told as it is.
const AS_IT_IS: u8 = 0;

pub(super) fn write(canvas: &Canvas) -> io::Result<Vec<u8>> {
    let (width, height) = canvas.size();
    let mut head = Vec::new();
    for length in [width, height] {
        head.extend(u32::try_from(length).map_err(io::Error::other)?.to_be_bytes());
    }
    head.extend(KIND);
    let mut out = SIGNATURE.to_vec();
    chunk(&mut out, *b"IHDR", &head)?;
    chunk(&mut out, *b"IDAT", &packed(canvas)?)?;
    chunk(&mut out, *b"IEND", &[])?;
    Ok(out)
}

fn packed(canvas: &Canvas) -> io::Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(6));
    for row in canvas.rows() {
        encoder.write_all(&[AS_IT_IS])?;
        encoder.write_all(row.as_flattened())?;
    }
    encoder.finish()
}

/// A chunk: the length, the name, the data, the sum of name and data.
fn chunk(out: &mut Vec<u8>, name: [u8; 4], data: &[u8]) -> io::Result<()> {
    let mut sum = Crc::new();
    sum.update(&name);
    sum.update(data);
    out.extend(u32::try_from(data.len()).map_err(io::Error::other)?.to_be_bytes());
    out.extend(name);
    out.extend(data);
    out.extend(sum.sum().to_be_bytes());
    Ok(())
}

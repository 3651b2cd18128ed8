use std::io::Read as _;

use flate2::Crc;
use flate2::read::ZlibDecoder;

use super::super::{Anchor, Drawing};
use crate::report::chart::ink::Ink;

/// The rows of a PNG file, whose sums are checked.
fn rows(file: &[u8]) -> Vec<Vec<[u8; 3]>> {
    let number = |at: usize| u32::from_be_bytes(file[at..at + 4].try_into().unwrap());
    let (mut at, mut packed, mut names) = (8, Vec::new(), Vec::new());
    while at < file.len() {
        let length = number(at) as usize;
        let mut sum = Crc::new();
        sum.update(&file[at + 4..at + 8 + length]);
        assert_eq!(sum.sum(), number(at + 8 + length));
        names.push(String::from_utf8(file[at + 4..at + 8].to_vec()).unwrap());
        if names.last().unwrap() == "IDAT" {
            packed.extend(&file[at + 8..at + 8 + length]);
        }
        at += 12 + length;
    }
    assert_eq!(names, ["IHDR", "IDAT", "IEND"]);
    let mut plain = Vec::new();
    ZlibDecoder::new(packed.as_slice()).read_to_end(&mut plain).unwrap();
    let width = number(16) as usize;
    let rows = plain.chunks(1 + width * 3).map(|row| row[1..].as_chunks::<3>().0.to_vec());
    rows.collect()
}

fn drawn(draw: impl FnOnce(&mut Drawing)) -> Vec<Vec<[u8; 3]>> {
    let mut drawing = Drawing::new(40.0, "title", "description");
    drawing.height = 20.0;
    draw(&mut drawing);
    rows(&drawing.to_png().unwrap())
}

const WHITE: [u8; 3] = [255; 3];
const BAD: [u8; 3] = [0xb3, 0x20, 0x2c];

#[test]
fn an_area_is_filled_to_its_edges_and_not_beyond() {
    let rows = drawn(|drawing| drawing.area((1.0, 2.0), (3.0, 4.25), Ink::Bad));
    assert_eq!((rows.len(), rows[0].len()), (40, 80));
    assert_eq!(
        [rows[3][2], rows[4][1], rows[4][8], rows[4][2], rows[11][7]],
        [WHITE, WHITE, WHITE, BAD, BAD]
    );
    let half = rows[12][2];
    assert!(half != WHITE && half != BAD, "half a pixel is between: {half:?}");
}

#[test]
fn lines_and_discs_and_rings_are_where_they_should_be() {
    let rows = drawn(|drawing| {
        drawing.line((0.0, 1.0), (40.0, 1.0), 1.0, Ink::Bad);
        drawing.dot((10.0, 10.0), 4.0, Ink::Bad);
        drawing.ring((30.0, 10.0), 4.0, Ink::Bad);
        drawing.dot((0.0, 20.0), 2.0, Ink::Bad);
    });
    assert_eq!([rows[0][5], rows[1][5], rows[2][79], rows[3][5]], [WHITE, BAD, BAD, WHITE]);
    assert_eq!([rows[20][20], rows[20][13], rows[20][10]], [BAD, BAD, WHITE]);
    assert_eq!([rows[20][60], rows[20][52], rows[20][49]], [WHITE, BAD, WHITE]);
    assert_eq!(rows[39][0], BAD, "what reaches beyond the edge is cut");
}

#[test]
fn texts_end_where_their_anchor_says() {
    let columns = |anchor| {
        let rows = drawn(|drawing| drawing.text((20.0, 15.0), 10.0, anchor, Ink::Bad, "Häu"));
        let inked = |column: &usize| rows.iter().any(|row| row[*column] != WHITE);
        let found: Vec<usize> = (0..80).filter(inked).collect();
        (*found.first().unwrap(), *found.last().unwrap())
    };
    let (start, middle, end) = (columns(Anchor::Start), columns(Anchor::Middle), columns(Anchor::End));
    assert!((40..44).contains(&start.0) && end.1 < 40, "{start:?} {end:?}");
    assert!(middle.0 < 40 && middle.1 > 40, "{middle:?}");
    let bold = drawn(|drawing| drawing.bold((2.0, 15.0), 10.0, Ink::Bad, "Häu"));
    let plain = drawn(|drawing| drawing.text((2.0, 15.0), 10.0, Anchor::Start, Ink::Bad, "Häu"));
    let ink = |rows: &[Vec<[u8; 3]>]| rows.iter().flatten().filter(|pixel| **pixel == BAD).count();
    assert!(ink(&bold) > ink(&plain) && ink(&plain) > 0);
}

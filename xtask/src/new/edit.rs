//! Rows into texts.

use super::recipes::Block;

/// The text with the row at its place, or nothing when the block is not there.
pub(crate) fn with_row(text: &str, block: Block, row: &str) -> Option<String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let at = match block {
        Block::End => lines.len(),
        Block::Modules => {
            let start = lines.iter().position(|line| line.starts_with("mod "))?;
            let rows = lines.iter().skip(start).take_while(|line| line.starts_with("mod ")).count();
            sorted(&lines, start, start + rows, row)
        }
        Block::Last(first, last) => between(&lines, first, last)?.1,
        Block::Sorted(first, last) => {
            let (start, end) = between(&lines, first, last)?;
            sorted(&lines, start, end, row)
        }
    };
    let (before, after) = lines.split_at(at);
    let end = if row.ends_with('\n') { "" } else { "\n" };
    Some([before.concat().as_str(), row, end, after.concat().as_str()].concat())
}

/// The first line behind the head of a block, and that of its end.
fn between(lines: &[&str], first: &str, last: &str) -> Option<(usize, usize)> {
    let start = lines.iter().position(|line| line.starts_with(first))? + 1;
    let rows = lines.iter().skip(start).position(|line| line.trim() == last)?;
    Some((start, start + rows))
}

fn sorted(lines: &[&str], start: usize, end: usize, row: &str) -> usize {
    (start..end).find(|at| lines[*at].trim_end() > row).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_go_where_their_kind_belongs() {
        let text = "mod a;\nmod c;\n\nmod z;\n\nconst ROWS: &[R] = &[\n    A,\n    C,\n];\n";
        assert!(with_row(text, Block::Modules, "mod b;").unwrap().starts_with("mod a;\nmod b;\nmod c;\n\n"));
        assert!(with_row(text, Block::Modules, "mod d;").unwrap().starts_with("mod a;\nmod c;\nmod d;\n\n"));
        let block = |row| with_row(text, Block::Sorted("const ROWS:", "];"), row).unwrap();
        assert!(block("    B,").ends_with("    A,\n    B,\n    C,\n];\n"));
        let last = with_row(text, Block::Last("const ROWS:", "];"), "    B,").unwrap();
        assert!(last.ends_with("    C,\n    B,\n];\n"));
        assert!(with_row(text, Block::End, "x\n").unwrap().ends_with("];\nx\n"));
        assert_eq!(with_row(text, Block::Last("const GONE:", "];"), "    B,"), None);
    }
}

//! Notebooks, cell by cell.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uvshift_diagnostics::Diagnostic;

use crate::codes;

use super::FileKind;
use super::cursor::Cursor;
use super::intern::Interner;
use super::source::{Source, source};

/// Magics of a whole cell that leave it Python (`IPython` 9, "Built-in magic commands", and `ipykernel`).
const PYTHON_MAGICS: [&str; 14] = [
    "time", "timeit", "capture", "prun", "python", "python3", "pypy", "memit", "mprun", "lprun", "debug",
    "scalene", "local", "render",
];

/// Magics of a line that run the rest of it.
const TIMED: [&str; 3] = ["%time ", "%timeit ", "%prun "];

/// Reads a notebook.
pub(super) fn notebook(text: &str, interner: &mut Interner) -> Source {
    let mut all = Source::default();
    let document = match parse(text) {
        Ok(document) => document,
        Err(error) => {
            all.diagnostics.push(broken(format!("no JSON: {error}"), error.line().max(1)));
            return all;
        }
    };
    if !is_python(&document) {
        return all;
    }
    let Some(cells) = cells(&document) else {
        all.diagnostics.push(broken("a notebook without a list of cells", 1));
        return all;
    };
    for (number, cell) in (1_u32..).zip(cells) {
        match code(cell) {
            Code::None => {}
            Code::Broken => {
                all.diagnostics.push(broken_cell(number, 1, "has no source"));
            }
            Code::Text(code) => read_cell(&code, number, interner, &mut all),
        }
    }
    all
}

/// What is looked at, so that pictures and tables that cells have drawn take no room.
#[derive(Serialize, Deserialize)]
struct Document {
    cells: Option<Vec<Cell>>,
    worksheets: Option<Vec<Sheet>>,
    metadata: Option<Metadata>,
}

#[derive(Serialize, Deserialize)]
struct Sheet {
    cells: Option<Vec<Cell>>,
}

#[derive(Serialize, Deserialize)]
struct Cell {
    #[serde(rename = "cell_type")]
    kind: Option<Value>,
    source: Option<Value>,
    input: Option<Value>,
}

#[derive(Serialize, Deserialize)]
struct Metadata {
    kernelspec: Option<Value>,
    language_info: Option<Value>,
}

/// Reads what is looked at, or everything where the notebook has another shape.
fn parse(text: &str) -> serde_json::Result<Value> {
    match serde_json::from_str::<Document>(text) {
        Ok(document) => serde_json::to_value(document),
        Err(error) if error.is_data() => serde_json::from_str(text),
        Err(error) => Err(error),
    }
}

fn read_cell(code: &str, number: u32, interner: &mut Interner, all: &mut Source) {
    let Some(code) = without_magics(code) else { return };
    let found = source(&code, FileKind::Notebook, interner);
    let with_cell = |cell: &mut Option<u32>| *cell = Some(number);
    all.imports.extend(found.imports.into_iter().map(|mut import| {
        with_cell(&mut import.cell);
        import
    }));
    all.ignored.extend(found.ignored.into_iter().map(|mut comment| {
        with_cell(&mut comment.cell);
        comment
    }));
    for diagnostic in found.diagnostics {
        let line = diagnostic.line.unwrap_or(1);
        all.diagnostics.push(broken_cell(number, line, &format!("line {line}: {}", diagnostic.message)));
    }
}

/// The cells of a notebook; in format 3 they lie in sheets.
fn cells(document: &Value) -> Option<Vec<&Value>> {
    if let Some(cells) = document.get("cells").and_then(Value::as_array) {
        return Some(cells.iter().collect());
    }
    let sheets = document.get("worksheets")?.as_array()?;
    let cells = sheets.iter().filter_map(|sheet| sheet.get("cells")?.as_array());
    Some(cells.flatten().collect())
}

/// Whether the kernel is one for Python, or not told.
fn is_python(document: &Value) -> bool {
    let metadata = document.get("metadata");
    let told = |path: [&str; 2]| metadata?.get(path[0])?.get(path[1])?.as_str();
    let languages = [told(["kernelspec", "language"]), told(["language_info", "name"])];
    let mut languages = languages.into_iter().flatten().peekable();
    languages.peek().is_none() || languages.any(|name| name.to_ascii_lowercase().contains("python"))
}

enum Code {
    /// Another type of cell.
    None,
    /// A cell of code without code.
    Broken,
    Text(String),
}

fn code(cell: &Value) -> Code {
    match cell.get("cell_type").and_then(Value::as_str) {
        Some("code") => {}
        Some(_) => return Code::None,
        None => return Code::Broken,
    }
    match cell.get("source").filter(|source| !source.is_null()).or_else(|| cell.get("input")) {
        Some(Value::String(text)) => Code::Text(text.clone()),
        Some(Value::Array(lines)) => Code::Text(lines.iter().filter_map(Value::as_str).collect()),
        _ => Code::Broken,
    }
}

/// The code without the lines that are for `IPython`; nothing where a magic makes the whole cell something else.
fn without_magics(code: &str) -> Option<String> {
    let mut bytes = code.as_bytes().to_vec();
    let mut cursor = Cursor::new(code.as_bytes());
    let mut is_first = true;
    while !cursor.is_at_end() {
        let start = cursor.at;
        cursor.skip_spaces();
        let line = physical_line(code, cursor.at);
        if is_first && let Some(magic) = line.strip_prefix("%%") {
            let name: String =
                magic.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
            if !PYTHON_MAGICS.contains(&name.as_str()) {
                return None;
            }
        }
        is_first &= line.is_empty() || line.starts_with('#');
        let from = cursor.at;
        if TIMED.iter().any(|magic| line.starts_with(magic)) {
            // The rest of the line is a statement.
            let length = line.find(' ').unwrap_or_default();
            blank(&mut bytes, from, from + length);
            if let Some(byte) = bytes.get_mut(from + 1) {
                *byte = b';';
            }
            cursor.at += length;
            skip_line(&mut cursor);
        } else if is_magic(line) {
            skip_magic(&mut cursor);
            blank(&mut bytes, from, cursor.at);
            cursor.eat_line_end();
        } else if line.is_empty() {
            cursor.eat_line_end();
        } else if line.starts_with('#') {
            cursor.skip_comment();
        } else {
            skip_line(&mut cursor);
        }
        // Whatever there is, the next line comes nearer.
        cursor.at = cursor.at.max(start + 1);
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn skip_line(cursor: &mut Cursor<'_>) {
    while cursor.skip_statement() != super::cursor::Stop::Line {}
}

fn physical_line(code: &str, at: usize) -> &str {
    let rest = code.get(at..).unwrap_or_default();
    rest.split(['\n', '\r']).next().unwrap_or_default()
}

/// Whether a line is for `IPython`: `%magic`, `!command`, `?name`, `name?`, `name = !command`, `name = %magic`.
fn is_magic(line: &str) -> bool {
    let line = line.trim_end();
    if line.starts_with(['%', '!', '?']) {
        return true;
    }
    if line.ends_with('?') && !line.contains(['#', '"', '\'']) {
        return true;
    }
    let Some((target, value)) = line.split_once('=') else { return false };
    let is_target = !target.trim().is_empty()
        && target.chars().all(|letter| letter.is_alphanumeric() || "_,. \t[]".contains(letter));
    is_target && value.trim_start().starts_with(['%', '!'])
}

/// Goes to the end of the line, and of those that go on with it.
fn skip_magic(cursor: &mut Cursor<'_>) {
    loop {
        cursor.skip_comment();
        let is_continued = cursor.at > 0 && cursor.byte(cursor.at - 1) == b'\\';
        if !is_continued || !cursor.eat_line_end() {
            return;
        }
    }
}

/// Puts an expression in the place of a line, so that a block that holds nothing else stays whole.
fn blank(bytes: &mut [u8], from: usize, to: usize) {
    for (at, byte) in bytes.iter_mut().enumerate().take(to).skip(from) {
        if !matches!(byte, b'\n' | b'\r') {
            *byte = if at == from { b'0' } else { b' ' };
        }
    }
}

fn broken(message: impl Into<String>, line: usize) -> Diagnostic {
    Diagnostic::warning(codes::BROKEN_NOTEBOOK, message).on_line(line)
}

fn broken_cell(number: u32, line: usize, what: &str) -> Diagnostic {
    Diagnostic::warning(codes::BROKEN_CELL, format!("cell {number} {what}")).on_line(line)
}

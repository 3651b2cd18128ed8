//! docs/evidence.md, which two tests write: each keeps what the other has written.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Around the part about imports.
const BEGIN: &str = "<!-- imports: written by `UPDATE=1 cargo xtask test --online`; do not edit. -->\n";
const END: &str = "<!-- imports: end -->\n";

/// The tests run beside each other.
static PAGE: Mutex<()> = Mutex::new(());

/// Writes everything but the part about imports.
pub(crate) fn write_migrations(text: &str) {
    let _lock = PAGE.lock();
    let imports = split(&read()).1;
    fs::write(path(), join(text, &imports)).expect("docs/evidence.md can be written");
}

/// Writes the part about imports.
pub(crate) fn write_imports(section: &str) {
    let _lock = PAGE.lock();
    let rest = split(&read()).0;
    fs::write(path(), join(&rest, section)).expect("docs/evidence.md can be written");
}

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/evidence.md")
}

fn read() -> String {
    fs::read_to_string(path()).unwrap_or_default()
}

/// The rest of the page, and the part about imports.
fn split(page: &str) -> (String, String) {
    let Some((before, behind)) = page.split_once(BEGIN) else { return (page.to_owned(), String::new()) };
    let (section, after) = behind.split_once(END).unwrap_or((behind, ""));
    (format!("{before}{after}"), section.to_owned())
}

fn join(rest: &str, imports: &str) -> String {
    if imports.is_empty() {
        return rest.to_owned();
    }
    format!("{}\n\n{BEGIN}{imports}{END}", rest.trim_end())
}

#[test]
fn each_part_of_the_page_is_kept_when_the_other_is_written() {
    let page = join("# Evidence\n\nmigrated\n", "## Imports\n");
    let (rest, imports) = split(&page);
    assert_eq!((rest.trim_end(), imports.as_str()), ("# Evidence\n\nmigrated", "## Imports\n"));
    assert_eq!(join(&rest, &imports), page);
    assert_eq!(split("# Evidence\n"), ("# Evidence\n".to_owned(), String::new()));
}

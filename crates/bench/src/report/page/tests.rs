use serde_json::{Value, json};

use super::*;

const HOSTILE: &str = "</script><img src=x onerror=\"run()\">'&\u{202e}\u{7}";

#[test]
fn no_text_is_markup() {
    let table = Table {
        id: "all",
        caption: HOSTILE,
        columns: vec![Column::left(HOSTILE).help(HOSTILE), Column::right("n")],
        rows: vec![Row {
            cells: vec![Cell::text(HOSTILE).sorting_by(HOSTILE), Cell::number(HOSTILE, Some(f64::NAN))],
            state: Some(HOSTILE.to_owned()),
        }],
        search: true,
        states: vec![("good", HOSTILE)],
    };
    let data = json!({ HOSTILE: HOSTILE });
    let text = format!("{data:#}\n");
    let main = table.to_html();
    let page =
        Page { title: HOSTILE, description: HOSTILE, main: &main, data: Some((HOSTILE, &text)) }.to_html();
    assert!(!page.contains("<img") && !page.contains('\u{202e}') && !page.contains('\u{7}'), "{page}");
    assert_eq!(page.matches("<script").count(), 2);
    assert_eq!(page.matches("</script>").count(), 2);
    let embedded = page.split_once("id=\"page-data\"").unwrap().1.split_once('>').unwrap().1;
    let read: Value = serde_json::from_str(embedded.split_once("</script>").unwrap().0).unwrap();
    assert_eq!(read, data, "the data is what it was");
}

#[test]
fn a_page_reaches_nothing_outside() {
    let page = Page { title: "t", description: "d", main: "", data: None }.to_html();
    let policy = page.split_once("Policy\" content=\"").unwrap().1.split_once('"').unwrap().0;
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"),
        "{policy}"
    );
    for word in ["http:", "https:", "url(", "@import", "innerHTML", "eval(", "fetch(", " style=", "onclick="]
    {
        assert!(!page.contains(word), "{word}");
    }
}

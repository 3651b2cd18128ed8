//! Comparing a document with what pip said about the same file.

use serde_json::Value;
use uvshift_requirements::Document;

/// What is compared of a requirement.
const REQUIREMENT_FIELDS: [&str; 9] =
    ["name", "specifier", "extras", "marker", "url", "editable", "hashes", "options", "constraint"];

/// Where the document says something else than pip.
#[derive(Debug)]
pub(crate) struct Difference {
    /// The line in pip's count; 0 for the file.
    pub(crate) line: u64,
    /// The field.
    pub(crate) field: &'static str,
    /// Both answers.
    #[expect(dead_code, reason = "printed when a test fails")]
    pub(crate) answers: String,
}

/// Compares every line with the `lines` of an answer of the pip oracle.
pub(crate) fn compare(answer: &Value, document: &Document) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut differ = |line: u64, field: &'static str, theirs: &Value, ours: &Value| {
        if theirs != ours {
            found.push(Difference { line, field, answers: format!("pip {theirs}, here {ours}") });
        }
    };
    let ours = crate::oracle::lines(document, false);
    let theirs = answer["lines"].as_array().map_or(&[][..], Vec::as_slice);
    differ(0, "number of lines", &theirs.len().into(), &ours.len().into());
    for (theirs, ours) in theirs.iter().zip(&ours) {
        let line = theirs["line"].as_u64().unwrap_or_default();
        for field in ["line", "end_line", "kind", "target"] {
            differ(line, field, &theirs[field], &ours[field]);
        }
        differ(line, "accepted", &theirs["error"].is_null().into(), &ours["error"].is_null().into());
        if theirs["kind"] == "options" {
            let none = serde_json::json!({});
            differ(line, "opts", theirs.get("opts").unwrap_or(&none), &ours["opts"]);
        }
        if theirs["req"].is_object() && ours["req"].is_object() {
            for field in REQUIREMENT_FIELDS {
                differ(line, field, &theirs["req"][field], &ours["req"][field]);
            }
        }
    }
    found
}

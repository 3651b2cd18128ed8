//! Findings in the forms that other programs read: Markdown, annotations of GitHub, SARIF.

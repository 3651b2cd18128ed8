//! Licences by their short names (SPDX), and what they are called as classifiers.

const LICENCES: [(&str, &str); 15] = [
    ("0BSD", "Zero-Clause BSD (0BSD)"),
    ("AGPL-3.0-only", "GNU Affero General Public License v3"),
    ("AGPL-3.0-or-later", "GNU Affero General Public License v3 or later (AGPLv3+)"),
    ("Apache-2.0", "Apache Software License"),
    ("BSD-2-Clause", "BSD License"),
    ("BSD-3-Clause", "BSD License"),
    ("GPL-2.0-only", "GNU General Public License v2 (GPLv2)"),
    ("GPL-2.0-or-later", "GNU General Public License v2 or later (GPLv2+)"),
    ("GPL-3.0-only", "GNU General Public License v3 (GPLv3)"),
    ("GPL-3.0-or-later", "GNU General Public License v3 or later (GPLv3+)"),
    ("ISC", "ISC License (ISCL)"),
    ("LGPL-3.0-or-later", "GNU Lesser General Public License v3 or later (LGPLv3+)"),
    ("MIT", "MIT License"),
    ("MPL-2.0", "Mozilla Public License 2.0 (MPL 2.0)"),
    ("Unlicense", "The Unlicense (Unlicense)"),
];

/// Whether a text is a licence expression. Only the common ones are known.
pub(super) fn is_expression(text: &str) -> bool {
    LICENCES.iter().any(|(expression, _)| *expression == text)
}

/// The classifier that poetry-core adds for a licence.
pub(super) fn classifier(text: &str) -> Option<String> {
    let (_, name) = LICENCES.iter().find(|(expression, _)| *expression == text)?;
    Some(format!("License :: OSI Approved :: {name}"))
}

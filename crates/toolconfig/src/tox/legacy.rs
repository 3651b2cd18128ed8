//! The sections of tox as ini text, for `legacy_tox_ini`.

use uvshift_ini::{Document, LineKind};

use super::{is_own, settings};

/// The sections that tox and its plugins read, and those that they refer to, in their order.
pub(super) fn sections(document: &Document, core: &str) -> Vec<String> {
    let all = document.sections();
    let mut wanted: Vec<bool> = all
        .iter()
        .map(|section| {
            is_own(&section.name, core) || settings::is_of_plugin(&section.name) || section.name == "DEFAULT"
        })
        .collect();
    loop {
        let refers = |name: &str| {
            let sign = format!("{{[{name}]");
            let keys =
                all.iter().zip(&wanted).filter(|(_, wanted)| **wanted).flat_map(|(section, _)| &section.keys);
            let mut values = keys.filter_map(|key| key.raw.as_deref());
            values.any(|value| value.contains(&sign))
        };
        let more: Vec<usize> =
            (0..all.len()).filter(|index| !wanted[*index] && refers(&all[*index].name)).collect();
        if more.is_empty() {
            break;
        }
        for index in more {
            wanted[index] = true;
        }
    }
    all.iter().zip(wanted).filter(|(_, wanted)| *wanted).map(|(section, _)| section.name.clone()).collect()
}

/// Whether a section is that of a tool other than tox, which has to keep it.
pub(super) fn is_of_another_tool(section: &str) -> bool {
    const TOOLS: &[&str] = &[
        "flake8",
        "pytest",
        "isort",
        "mypy",
        "pep8",
        "pycodestyle",
        "pydocstyle",
        "pylint",
        "coverage",
        "bandit",
        "tool",
        "metadata",
        "options",
        "yapf",
        "codespell",
        "bumpversion",
        "docformatter",
        "autopep8",
        "aliases",
        "egg_info",
        "bdist_wheel",
        "sdist",
        "build_ext",
        "build_sphinx",
        "DEFAULT",
    ];
    let begin = section.split([':', '.', '-']).next().unwrap_or_default();
    TOOLS.contains(&begin)
}

/// The text of some sections, with their comments. The section of tox itself is `[tox]` there.
pub(super) fn text(document: &Document, core: &str, wanted: &[String]) -> String {
    let mut out = String::new();
    let mut waiting = String::new();
    for line in document.lines() {
        let text = line.span.text(document.text()).unwrap_or_default();
        let text = format!("{}\n", text.trim_end_matches(['\r', '\n']));
        let section = match line.kind {
            LineKind::Blank | LineKind::Comment | LineKind::Broken => {
                waiting.push_str(&text);
                continue;
            }
            LineKind::Header(section) | LineKind::Key(section, _) | LineKind::Continuation(section, _) => {
                section
            }
        };
        let name = document.sections().get(section).map_or("", |section| section.name.as_str());
        let above = std::mem::take(&mut waiting);
        if !wanted.iter().any(|wanted| wanted == name) {
            continue;
        }
        out.push_str(if out.is_empty() { above.trim_start_matches('\n') } else { &above });
        match line.kind {
            LineKind::Header(_) if name == core => out.push_str("[tox]\n"),
            _ => out.push_str(&text),
        }
    }
    out
}

use std::collections::BTreeMap;

use super::*;
use crate::context::{Became, Selection, UvProject};

fn context() -> Context {
    let project = UvProject { name: "shop".to_owned(), locked: true, ..UvProject::default() };
    let became = BTreeMap::from([("requirements.txt".to_owned(), Became::Selection(Selection::main()))]);
    Context { projects: vec![project], became, uv_version: "0.13.9".to_owned(), ..Context::default() }
}

fn rewritten(text: &str) -> Rewritten {
    rewrite("Dockerfile", text, &context(), &RewriteOptions::default())
}

/// The file as it becomes with every edit.
fn after(text: &str) -> String {
    let mut edits = rewritten(text).edits;
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    crate::plan::apply(text, &edits).expect("the edits go together")
}

#[test]
fn names_of_dockerfiles() {
    for name in
        ["Dockerfile", "a/dockerfile", "Containerfile", "Dockerfile.prod", "web.Dockerfile", "Dockerfile-ci"]
    {
        assert!(is(name, ""), "{name}");
    }
    for name in
        ["Dockerfile.dockerignore", "dockerfile.py", "Dockerfile.md", "docker-compose.yml", "mydockerfile"]
    {
        assert!(!is(name, ""), "{name}");
    }
}

#[test]
fn without_a_sync_uv_pip_works_on_the_python_of_the_image() {
    let text = "FROM debian:12\nWORKDIR /srv\nCOPY Pipfile Pipfile.lock ./\nRUN bash -c \"pip3 install -r <(pipenv lock -r)\"\nCOPY . .\nRUN pip3 install /srv\n";
    let after = after(text);
    assert!(after.contains("UV_SYSTEM_PYTHON=1") && after.contains("RUN uv pip install /srv"), "{after}");
    assert!(after.contains("<(uv export "), "{after}");
}

#[test]
fn a_reason_names_the_line_of_a_copied_file_that_the_dockerfile_starts() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut tree = uvshift_tree::Tree::from_disk(folder.path()).expect("a tree");
    tree.lay_over("Dockerfile", Some(Vec::new()));
    tree.lay_over("bin/up.sh", Some(b"#!/bin/sh\nexec su - app\n".to_vec()));
    let images = crate::ImageNotes::read(&tree, &[]);
    let context = Context { images, ..context() };
    let install = "FROM python:3.12\nWORKDIR /srv\nCOPY . .\nRUN pip install -r requirements.txt\n";
    for (end, is_told) in [("CMD [\"bin/up.sh\"]\n", true), ("CMD [\"python\"]\n", false)] {
        let made = rewrite("Dockerfile", &format!("{install}{end}"), &context, &RewriteOptions::default());
        let told = made.edits.iter().any(|edit| edit.reason.contains("bin/up.sh:2: `su -`"));
        assert_eq!(told, is_told, "{end}");
    }
}

#[test]
fn an_image_of_a_registry_of_ones_own_gets_uv_from_the_package_index() {
    let text = "FROM registry.example:5000/python:3.12\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n";
    assert!(after(text).contains("RUN pip install --no-cache-dir uv==0.13.9\n"));
    let text = text.replace("registry.example:5000/", "ghcr.io/acme/");
    assert!(after(&text).contains("COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /uvx /bin/\n"));
}

#[test]
fn settings_of_pip_that_uv_knows_by_another_name() {
    let text = "FROM python:3.12\nENV PIP_NO_COMPILE=1\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n";
    assert!(!after(text).contains("UV_COMPILE_BYTECODE"), "pip did not compile, so uv does not");
    let left: Vec<String> = rewritten(text).left.into_iter().map(|left| left.reason).collect();
    assert_eq!(left, ["PIP_NO_COMPILE is a setting of pip; uv does not read it"]);
}

#[test]
fn a_python_that_the_project_does_not_take_is_for_review() {
    let text = "FROM python:3.9-slim\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n";
    for requires in [">=3.11", ">=3.7,<3.9"] {
        let mut context = context();
        context.projects[0].requires_python = Some(requires.to_owned());
        let edits = rewrite("Dockerfile", text, &context, &RewriteOptions::default()).edits;
        assert!(edits.iter().all(|edit| edit.safety == crate::Safety::NeedsReview));
        assert!(edits.iter().any(|edit| edit.reason.contains("the image has Python 3.9")), "{edits:#?}");
    }
}

#[test]
fn a_cache_mount_is_not_there_twice() {
    let text = "# syntax=docker/dockerfile:1\nFROM python:3.12\nCOPY requirements.txt .\nRUN --mount=type=cache,target=\"/root/.cache\",sharing=locked pip install -r requirements.txt\n";
    assert_eq!(after(text).matches("--mount").count(), 1);
}

#[test]
fn stages_that_hand_on_an_environment_change_together() {
    let text = "FROM python:3.12 AS a\nRUN python -m venv /venv\nENV PATH=/venv/bin:$PATH\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nFROM python:3.12\nCOPY --from=a /venv /venv\nENV PATH=/venv/bin:$PATH\nRUN pip install --no-deps gunicorn\n";
    let edits = rewritten(text).edits;
    assert!(edits.iter().all(|edit| edit.together == edits[0].together && edit.together != 0), "{edits:#?}");
}

#[test]
fn hostile_files_do_no_harm() {
    let mut texts: Vec<String> = [
        "FROM",
        "FROM \\",
        "FROM x\nRUN",
        "FROM x\nRUN <<",
        "FROM x\nCOPY",
        "\u{feff}FROM x",
        "FROM x\nRUN [",
        "FROM x\nENV",
        "FROM $\nRUN pip",
        "FROM ${\nWORKDIR ${a:-${b}}",
    ]
    .map(str::to_owned)
    .to_vec();
    texts.push(format!("FROM x\nRUN {}pip install a", "a \\\n".repeat(20_000)));
    texts.push("FROM x\n".repeat(20_000));
    texts.push(format!("FROM x\nENV A=a\n{}", "ENV A=$A$A\n".repeat(200)));
    texts.push(format!("FROM x\nRUN {}", "<<A ".repeat(5_000)));
    texts.push(format!("FROM x\nCOPY {} /\nRUN pip install -r requirements.txt", "a* ".repeat(5_000)));
    texts.push(format!("FROM x\n{}", "RUN a\n".repeat(20_000)));
    texts.push(format!("FROM x\n{}", "COPY a.txt /b/\nRUN pip install -r /b/a.txt\n".repeat(500)));
    for text in texts {
        let edits = rewritten(&text).edits;
        assert!(edits.iter().all(|edit| text.get(edit.span.clone()).is_some()));
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_in_order_and_edited_within_itself(
        lines in proptest::collection::vec("(FROM x|RUN |COPY |ENV |#|<<EOF|EOF|pip install|-r |requirements.txt|\\\\|\\[|\"|'|\\$A| |é|--mount=|AS b){0,6}", 0..12),
        end in "(\n|\r\n)",
    ) {
        let text = format!("FROM python{end}{}", lines.join(&end));
        let file = parse::parse(&text);
        let mut at = 0;
        for instruction in &file.instructions {
            proptest::prop_assert!(at <= instruction.lines.start && instruction.lines.start <= instruction.span.start);
            proptest::prop_assert!(instruction.span.end <= instruction.lines.end && text.get(instruction.span.clone()).is_some());
            at = instruction.lines.end;
        }
        let mut edits = rewritten(&text).edits;
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        proptest::prop_assert!(crate::plan::apply(&text, &edits).is_some(), "{edits:#?}");
    }
}

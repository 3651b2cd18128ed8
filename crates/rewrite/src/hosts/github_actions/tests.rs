use super::HOST;
use crate::context::{Context, Selection, UvProject};
use crate::model::{RewriteOptions, Rewritten};
use crate::plan::apply;
use crate::{Became, Safety};

fn context() -> Context {
    let mut project = UvProject { locked: true, name: "shop".into(), ..UvProject::default() };
    project.groups.insert("dev".into());
    project.default_groups.insert("dev".into());
    let dev = Selection { groups: ["dev".to_owned()].into(), ..Selection::default() };
    project.declared.insert("pytest".into(), vec![dev.clone()]);
    let mut context = Context { projects: vec![project], uv_version: "0.13.9".into(), ..Context::default() };
    let all = Selection { main: true, ..dev };
    context.became.insert("requirements.txt".into(), Became::Selection(all));
    context
}

fn rewrite(text: &str) -> Rewritten {
    (HOST.rewrite)(".github/workflows/ci.yml", text, &context(), &RewriteOptions::default())
}

/// The steps of a job, before and after; `!` in front: for review.
fn check(steps: &str, expected: &str) {
    let text = format!("on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n{steps}");
    let mut found = rewrite(&text);
    let is_safe = found.edits.iter().all(|edit| edit.safety == Safety::Safe);
    found.edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let after = apply(&text, &found.edits).unwrap_or_else(|| panic!("{:?}", found.edits));
    let after = after.split_once("    steps:\n").unwrap().1;
    let commit = "20cfd1bf945f4377ade1205e4dbc17946fc9a30d # v10.0.1";
    let after = format!("{}{after}", if is_safe { "" } else { "!" });
    assert_eq!(after.replace(commit, "v10.0.1"), expected);
}

#[test]
fn setup_uv_comes_behind_the_checkout() {
    check(
        "    - uses: actions/setup-python@v5\n      with:\n        python-version: 3.12\n    - uses: actions/checkout@v4\n    - run: pip \
         install -r requirements.txt\n",
        "    - uses: actions/checkout@v4\n    - uses: astral-sh/setup-uv@v10.0.1\n      with:\n        python-version: \
         \"3.12\"\n    - run: uv sync --locked\n",
    );
}

#[test]
fn setup_uv_is_there_once() {
    let there = "    - uses: actions/checkout@v4\n    - uses: astral-sh/setup-uv@v6\n";
    check(
        &format!("{there}    - run: pip install -r requirements.txt\n    - run: pytest\n"),
        &format!("{there}    - run: uv sync --locked\n    - run: uv run pytest\n"),
    );
}

#[test]
fn a_python_that_something_else_needs_stays() {
    check(
        "    - uses: actions/setup-python@v5\n      with:\n        python-version: '3.12'\n        architecture: x86\n    - run: pip install \
         -r requirements.txt\n",
        "    - uses: actions/setup-python@v5\n      with:\n        python-version: '3.12'\n        architecture: x86\n    - uses: \
         astral-sh/setup-uv@v10.0.1\n      with:\n        python-version: '3.12'\n    - run: uv sync --locked\n",
    );
    check(
        "    - uses: actions/setup-python@v5\n      if: matrix.a\n    - run: pip install -r requirements.txt\n",
        "    - uses: actions/setup-python@v5\n      if: matrix.a\n    - uses: astral-sh/setup-uv@v10.0.1\n    - run: uv sync --locked\n",
    );
}

#[test]
fn what_a_local_action_sets_up_is_not_known() {
    check(
        "    - uses: ./.github/actions/any\n    - run: pip install -r requirements.txt\n",
        "!    - uses: ./.github/actions/any\n    - uses: astral-sh/setup-uv@v10.0.1\n    - run: uv sync --locked\n",
    );
}

#[test]
fn a_job_that_goes_on_installing_elsewhere_is_for_review() {
    check(
        "    - run: pip install -r requirements.txt\n    - run: conda install -y numpy\n",
        "!    - uses: astral-sh/setup-uv@v10.0.1\n    - run: uv sync --locked\n    - run: conda install -y numpy\n",
    );
}

#[test]
fn scripts_of_other_languages_stay() {
    for steps in [
        "    - shell: python\n      run: |\n        import os\n        print('pip install x')\n",
        "    - run: echo hello\n",
        "    - uses: actions/setup-python@v5\n    - run: python -c 'print(1)'\n",
    ] {
        check(steps, steps);
    }
}

#[test]
fn strange_shapes_are_borne() {
    for text in [
        "",
        "jobs: x\n",
        "jobs: [a]\n",
        "jobs: {a: {steps: x}}\n",
        "jobs: {a: {steps: [x, {run: [pip]}, {uses: {}}, {run: }]}}\n",
        "jobs: {a: {runs-on: [self-hosted, windows], steps: [{run: pip install -r requirements.txt}]}}\n",
        "jobs:\n  a: &a\n    steps: &s\n    - &r\n      run: pip install -r requirements.txt\n  b: *a\n  c:\n    steps: *s\n  d:\n    \
         steps:\n    - *r\n",
        "on: push\njobs:\n  a:\n    steps:\n    - run: |\n    - with: x\n      uses: actions/setup-python@v5\n    - run: pip install -r \
         requirements.txt\n",
    ] {
        let mut found = rewrite(text);
        found.edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        found.edits.dedup();
        let after = apply(text, &found.edits).unwrap_or_else(|| panic!("{text}\n{:?}", found.edits));
        assert!(crate::yaml::Yaml::parse(&after).is_ok(), "{after}");
    }
}

#[test]
fn hostile_files_are_borne() {
    let head = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n";
    let numbered = |text: &str, count: usize| -> String {
        let one = |number: usize| text.replace('N', &number.to_string());
        (0..count).map(one).collect()
    };
    let job = "  jN:\n    steps:\n    - run: pip install -r requirements.txt\n    - run: pytest\n";
    let many = |step: &str| format!("{head}{}", step.repeat(40_000 / step.len()));
    for (name, text) in [
        ("removed", many("    - run: pip install -U pip\n    - run: pytest\n")),
        ("synced", many("    - run: pip install -r requirements.txt\n")),
        ("python", many("    - uses: actions/setup-python@v5\n      id: a\n    - run: pip install x\n")),
        (
            "cache",
            many(
                "    - uses: actions/cache@v4\n      id: a\n      with: {path: ~/.cache/pip}\n    - run: pytest\n      if: steps.a.outputs.cache-hit != 'true'\n",
            ),
        ),
        ("jobs", format!("on: push\njobs:\n{}", numbered(job, 300))),
        ("flow", format!("{head}    - {{run: [{}]}}\n", "a,".repeat(20_000))),
        ("keys", numbered("kN: v\n", 4_000)),
        ("deep", "- ".repeat(20_000)),
        ("aliases", format!("a: &a [x]\nb:\n{}", "- *a\n".repeat(4_000))),
        ("line", format!("{head}    - run: {}\n", "pip install x && ".repeat(2_000))),
        ("brackets", format!("a: [\n{}]\n", "b,\n".repeat(4_000))),
        ("quotes", format!("a: \"{}\"\n", "\\\"".repeat(20_000))),
        ("block", format!("{head}    - run: |\n{}", "        pip install -r requirements.txt\n".repeat(900))),
    ] {
        let mut found = rewrite(&text);
        found.edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        assert!(apply(&text, &found.edits).is_some(), "{name}");
    }
}

#![expect(clippy::disallowed_methods, reason = "the test asks another parser")]

use proptest::prelude::*;
use uvshift_testkit::tool;

use super::*;
use crate::model::Edit;
use crate::plan::apply;

/// Forms that real files have, and forms that real files could have.
const FILES: &[&str] = &[
    "",
    "a: b\n",
    "a:\nb: ~\nc:\n  - \n  -\n  - x\n",
    "\u{feff}# héllo\r\na: &x !!str \"q\\u0041é \\\r\n   more\"\r\nb: |2-\r\n     ind\r\n    two\r\n\r\n# comment\r\nc:\r\n- pléin text   # c\r\n- multi\r\n  line plain  \r\n- >+ # cc\r\n  fold\r\n  ed\r\n\r\n- [a, b , {x: y}]\r\n- *x\r\n",
    "on:\n  push:\n    branches: [main, 'release/**']\njobs:\n  test:\n    steps:\n    - run: |\n        pip install -r requirements.txt\n\n        pytest -k \"a and b\"\n    - name: x\n      run: >-\n        pip install\n        -r requirements.txt\n          --more\n        end\n",
    "- - a\n  - b\n- - - c\n- {k: [1, 2], 'q': \"w\"}\n-\n  - d\n  # e\n  - f: g\n    h: i\n",
    "? complex\n: v\n? [a, b]\n: - x\n  - y\n\"k\" : 'it''s'\n---\nsecond\n...\n---\n- third\n",
    "a: 'one\n\n  two\n  three'\nb: \"one\n  two\\tthree\\\n  \\ four\n\n  five\"\nc: plain one\n  two\n\n  three\n",
    "a: |+\n  keep\n\n\nb: |-\n  strip\n\n\nc: >\n\n  folded\n  text\n\n    more\n  less\n\nd: |\n\n  lead\ne: x",
    "script:\n  - |\n    a\n  -   |-\n      b\n  - >\n    c\n  - \"d\"\nbase: &base\n  k: v\nuse:\n  <<: *base\n  l: w\nlist: &l [a]\nagain: *l\n",
    "a: |\n  tab\tin\n   deeper\n  \tstart\nb: 日本語 # ünï\nc: {日: 本, 'ü': \"é\"}\nd: x\n",
    "a: \"pip\" # it's a \"comment\"\nb: 'x''y' # more '\nc: [\"k\" , 'l'] # z\n\"d\" : # e\n  - \"f\\\"\" # g\n",
    "m:\n  list: [\n    a, # one, ]\n    \"b\",\n  ]\n  map: {\n    k: v\n  }\n  run: |\n    f() {\n    x\n    }\n  é: [\n  ü # ö\n  # ß\n  ]\n",
    "key: # comment\n  value\nseq: # comment\n  # more\n  - a # b\n\n  # between\n  - &y b\n  - !t c\nm: &anchor\n  k: v\nn: !tag\n  k: v\ne: &empty\nf: !!null\n",
];

const COMPOSE: &str = r#"
import json, sys, yaml
def bytes_at(text, at): return len(text[:at].encode())
def walk(node, text, out, seen):
    if id(node) in seen: return
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        style = {None: "plain", "'": "single", '"': "double", "|": "literal", ">": "folded"}[node.style]
        out.append([bytes_at(text, node.start_mark.index), bytes_at(text, node.end_mark.index), style, node.value])
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value: walk(item, text, out, seen)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            walk(key, text, out, seen)
            walk(value, text, out, seen)
result = []
for text in json.load(sys.stdin):
    out = []
    bom = text.startswith("\ufeff")
    for node in yaml.compose_all(text[1:] if bom else text, Loader=yaml.SafeLoader):
        if node is not None: walk(node, text[1:] if bom else text, out, set())
    if bom: out = [[a + 3, b + 3, s, v] for a, b, s, v in out]
    result.append(out)
json.dump(result, sys.stdout)
"#;

fn ask(script: &str, input: &str) -> String {
    use std::io::Write as _;
    let mut child = std::process::Command::new(tool("oracles", "python"))
        .args(["-I", "-c", script])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

fn style_name(style: Style) -> &'static str {
    match style {
        Style::Plain => "plain",
        Style::SingleQuoted => "single",
        Style::DoubleQuoted => "double",
        Style::Literal => "literal",
        Style::Folded => "folded",
    }
}

/// Each scalar as `PyYAML` tells it. The end of a block scalar is told differently, and that of nothing at all.
fn told(text: &str) -> Vec<(usize, usize, &'static str, String)> {
    let yaml = Yaml::parse(text).unwrap();
    let scalars = yaml.nodes().filter_map(|node| match node.kind() {
        Kind::Scalar(style) => {
            let span = node.span();
            let is_block = matches!(style, Style::Literal | Style::Folded);
            let end = if is_block { 0 } else { span.end };
            let value = node.as_str().unwrap().to_owned();
            let start = node.whole().start;
            Some((start, end, style_name(style), value))
        }
        _ => None,
    });
    let mut all: Vec<_> = scalars.collect();
    all.sort();
    all
}

#[test]
fn scalars_say_and_stand_where_pyyaml_says() {
    let answers: Vec<Vec<(usize, usize, String, String)>> =
        serde_json::from_str(&ask(COMPOSE, &serde_json::to_string(FILES).unwrap())).unwrap();
    for (text, answer) in FILES.iter().zip(answers) {
        let mut expected: Vec<_> = answer
            .into_iter()
            .map(|(start, end, style, value)| {
                let is_block = style == "literal" || style == "folded";
                (start, if is_block { 0 } else { end }, style, value)
            })
            .collect();
        expected.sort();
        let ours: Vec<_> = told(text).into_iter().map(|(a, b, c, d)| (a, b, c.to_owned(), d)).collect();
        assert_eq!(ours, expected, "{text}");
    }
}

#[test]
fn every_script_is_what_its_scalar_says() {
    for text in FILES {
        let yaml = Yaml::parse(text).unwrap();
        for node in yaml.nodes() {
            let Some(script) = node.script() else { continue };
            assert_eq!(Some(script.text()), node.as_str(), "{text}");
            let place = script.place(&(0..script.text().len().min(1)));
            let is_break = script.text().starts_with('\n');
            assert!(
                place.len() <= 2 || is_break || node.raw().starts_with('"'),
                "{:?} in {text}",
                node.raw()
            );
        }
    }
}

fn edit(span: Range<usize>, new: &str) -> Edit {
    Edit {
        span,
        new: new.into(),
        rule: "test",
        reason: "test".into(),
        safety: crate::Safety::Safe,
        together: 0,
    }
}

/// Every scalar of a file and what it says, by the way to it.
fn values(text: &str) -> Vec<String> {
    let yaml = Yaml::parse(text).unwrap_or_else(|problem| panic!("{problem:?}\n{text}"));
    yaml.nodes().map(|node| format!("{:?} {:?}", node.is_alias(), node.as_str())).collect()
}

/// Edits at places of a script, apart from each other.
fn edits_at(script: &str, mut places: Vec<usize>, new: &str) -> Vec<Edit> {
    for place in &mut places {
        *place %= script.len() + 1;
    }
    places.sort_unstable();
    let pairs = places.chunks_exact(2).enumerate();
    pairs.map(|(index, pair)| edit(pair[0]..pair[1], if index % 2 == 0 { new } else { "" })).collect()
}

/// Whether a key became what another one is.
fn has_two_keys_alike(text: &str) -> bool {
    Yaml::parse(text).is_err_and(|problem| problem.message.ends_with("stands twice"))
}

fn check_edit(text: &str, nth: usize, places: Vec<usize>, new: &str) {
    let yaml = Yaml::parse(text).unwrap();
    let scalars: Vec<_> = yaml.nodes().enumerate().filter(|(_, node)| node.script().is_some()).collect();
    let Some((at, node)) = scalars.get(nth % scalars.len().max(1)) else { return };
    let script = node.script().unwrap();
    let edits = edits_at(script.text(), places, new);
    let Some(wanted) = apply(script.text(), &edits) else { return };
    if wanted.trim().is_empty() || node.raw().is_empty() {
        return;
    }
    let result = apply(text, &script.edits(edits)).unwrap();
    if has_two_keys_alike(&result) {
        return;
    }
    let (before, after) = (values(text), values(&result));
    assert_eq!(before.len(), after.len(), "{text}\n{result}");
    for (place, (before, after)) in before.iter().zip(&after).enumerate() {
        if place != *at {
            assert_eq!(before, after, "{text}\n{result}");
        }
    }
    let again = Yaml::parse(&result).unwrap();
    let said = again.nodes().nth(*at).and_then(Node::as_str).unwrap();
    assert_eq!(said.trim_end_matches('\n'), wanted.trim_end_matches('\n'), "{text}\n{result}");
}

#[test]
fn lines_that_go_leave_no_blanks_behind() {
    let text = "a:\n  run: |\n    curl x | sh\n\n    one\n    two\n    three\n  b: c\n";
    let after = |edits: Vec<Edit>| {
        let yaml = Yaml::parse(text).unwrap();
        let script = yaml.root().and_then(|root| root.at(&["a", "run"])).and_then(Node::script).unwrap();
        apply(text, &script.edits(edits)).unwrap()
    };
    assert_eq!(
        after(vec![edit(0..9, ""), edit(9..12, "")]),
        "a:\n  run: |\n\n    one\n    two\n    three\n  b: c\n"
    );
    assert_eq!(
        after(vec![edit(13..17, "")]),
        "a:\n  run: |\n    curl x | sh\n\n    two\n    three\n  b: c\n"
    );
    assert_eq!(
        after(vec![edit(17..21, ""), edit(21..27, "")]),
        "a:\n  run: |\n    curl x | sh\n\n    one\n  b: c\n"
    );
    assert_eq!(
        after(vec![edit(13..16, "x\ny")]),
        "a:\n  run: |\n    curl x | sh\n\n    x\n    y\n    two\n    three\n  b: c\n"
    );
}

proptest! {
    #[test]
    fn an_edit_of_a_script_changes_only_the_script(
        file in 0..FILES.len(),
        nth in 0_usize..40,
        places in proptest::collection::vec(0_usize..200, 2..7),
        new in r#"(|uv sync|a: b #|'x' "y"\\|é\nz|\n\n  in|- |)"#,
    ) {
        check_edit(FILES[file], nth, places, &new);
    }

    #[test]
    fn another_value_changes_only_the_value(
        file in 0..FILES.len(),
        nth in 0_usize..60,
        new in r#"(3\.10|yes|a: b|# x|'|"|x y|é|\[a|- b|\*a|&b|!c|%d|@e|`|0x1F|1e3|2020-01-01|~|=|a,b|\{|a #b|1:30)"#,
    ) {
        let text = FILES[file];
        let yaml = Yaml::parse(text).unwrap();
        let scalars: Vec<_> =
            yaml.nodes().enumerate().filter(|(_, node)| node.as_str().is_some() && !node.has_tag()).collect();
        if let Some((at, node)) = scalars.get(nth % scalars.len().max(1)) {
            let Change { span, new: written } = node.with_value(&new);
            let result = apply(text, &[edit(span, &written)]).unwrap();
            prop_assume!(!has_two_keys_alike(&result));
            let (mut before, after) = (values(text), values(&result));
            before[*at] = format!("false Some({new:?})");
            prop_assert_eq!(before, after, "{}\n{}", text, result);
        }
    }

    #[test]
    fn anything_is_read_or_refused(text in r#"([a-z:\-?#&*!|>'"%@`\[\]{},<~0 \n\r\t]|\r\n|é|\u{feff}|: |- ){0,40}"#) {
        if let Ok(yaml) = Yaml::parse(&text) {
            for node in yaml.nodes() {
                prop_assert!(text.get(node.span()).is_some() && text.get(node.whole()).is_some(), "{:?}", node.kind());
                if let Some(script) = node.script() {
                    let _ = script.edits(vec![edit(0..script.text().len(), "x")]);
                }
            }
        }
    }
}

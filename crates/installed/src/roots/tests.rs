use super::*;
use crate::Origin;

/// Distributions as `NAME*` (asked for) or `NAME`, an optional `[extras]`, then what they require after a colon.
fn environment(rows: &[&str], installer: &str) -> Environment {
    let mut distributions: Vec<Distribution> = rows
        .iter()
        .map(|row| {
            let (head, requires) = row.split_once(':').unwrap_or((row, ""));
            let (head, extras) = head.split_once('[').unwrap_or((head, ""));
            let name = head.trim_end_matches('*');
            Distribution {
                name: name.to_owned(),
                normalized_name: normalize_name(name),
                version: "1".to_owned(),
                requires: requires
                    .split('|')
                    .map(|it| it.trim().to_owned())
                    .filter(|it| !it.is_empty())
                    .collect(),
                requires_python: None,
                extras: extras
                    .trim_end_matches(']')
                    .split(',')
                    .map(str::to_owned)
                    .filter(|it| !it.is_empty())
                    .collect(),
                installer: Some(installer.to_owned()),
                requested: head.ends_with('*'),
                origin: Origin::Index,
                form: Form::DistInfo,
                location: name.into(),
                top_level: Vec::new(),
                classifiers: Vec::new(),
                license_expression: None,
                license: None,
            }
        })
        .collect();
    distributions.sort_by(|a, b| a.normalized_name.cmp(&b.normalized_name));
    Environment {
        root: "env".into(),
        kind: crate::Kind::Virtual,
        config: crate::Config::default(),
        site_packages: Vec::new(),
        interpreter: Interpreter {
            version: "3.11.7".to_owned(),
            minor: "3.11".to_owned(),
            implementation: "CPython".to_owned(),
            windows: false,
        },
        distributions,
        conda_packages: Vec::new(),
        problems: Vec::new(),
    }
}

fn roots(rows: &[&str], installer: &str) -> (Vec<String>, Basis) {
    let environment = environment(rows, installer);
    let found = environment.roots();
    let shown = found.of.iter().map(|root| match &root.extras[..] {
        [] => root.distribution.name.clone(),
        extras => format!("{}[{}]", root.distribution.name, extras.join(",")),
    });
    (shown.collect(), found.basis)
}

fn check(rows: &[&str], expected: &[&str], basis: Basis) {
    assert_eq!(roots(rows, "pip"), (expected.iter().map(|it| (*it).to_owned()).collect(), basis), "{rows:?}");
}

#[test]
fn marks_tell_where_they_differ() {
    check(&["flask*: werkzeug", "werkzeug"], &["flask"], Basis::Marks);
    check(&["flask*: werkzeug", "werkzeug*", "six"], &["flask", "six", "werkzeug"], Basis::Marks);
    check(&["pip*", "setuptools*", "flask: werkzeug", "werkzeug"], &["flask"], Basis::Dependencies);
    check(&["flask*: werkzeug", "werkzeug*"], &["flask"], Basis::Dependencies);
}

#[test]
fn markers_decide_what_requires_what() {
    check(
        &[
            "a: b ; python_version < '3' | c ; python_version >= '3' | d ; sys_platform == 'win32'",
            "b",
            "c",
            "d",
        ],
        &["a", "b", "d"],
        Basis::Dependencies,
    );
    check(&["a: b ; platform_release == '5'", "b"], &["a", "b"], Basis::Dependencies);
    check(&["a: b ; no marker", "b", "c: -r x"], &["a", "b", "c"], Basis::Dependencies);
}

#[test]
fn extras_that_were_asked_for_count() {
    check(&["a: b[x]", "b[x]: c ; extra == 'x'", "c"], &["a"], Basis::Dependencies);
    check(&["a: b", "b[x]: c ; extra == 'x'", "c"], &["a", "c"], Basis::Dependencies);
    check(
        &["a: b[all]", "b[all,x]: b[x] ; extra == 'all' | c ; extra == 'x'", "c"],
        &["a"],
        Basis::Dependencies,
    );
}

#[test]
fn an_extra_explains_what_nobody_asked_for() {
    let rows = ["a*[all,x]: b | c ; extra == 'x' | c ; extra == 'all' | d ; extra == 'all'", "b", "c"];
    check(&rows, &["a[x]"], Basis::Marks);
    check(&["a*[x]: b ; extra == 'x' | gone ; extra == 'x'", "b"], &["a", "b"], Basis::Marks);
    check(&["a*[x]: b ; extra == 'x'", "b*", "c"], &["a", "b", "c"], Basis::Marks);
}

#[test]
fn a_cycle_counts_once() {
    check(&["a: b", "b: c", "c: a", "d: a"], &["d"], Basis::Dependencies);
    check(&["b: c", "c: b | d", "d", "a: a"], &["a", "b"], Basis::Dependencies);
}

#[test]
fn a_chain_of_any_length_is_followed() {
    let rows: Vec<String> = (0..20_000).map(|at| format!("p{at:05}: p{:05}", at + 1)).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    check(&rows, &["p00000"], Basis::Dependencies);
}

proptest::proptest! {
    /// The promise: every distribution is a root or required by one.
    #[test]
    fn nothing_is_lost(edges in proptest::collection::vec((0_usize..12, 0_usize..12, proptest::bool::ANY), 0..40), marks in 0_u16..4096) {
        let rows: Vec<String> = (0..12_usize)
            .map(|at| {
                let mark = if marks >> at & 1 == 1 { "*" } else { "" };
                let to = edges.iter().filter(|(from, ..)| *from == at).map(|(_, to, extra)| {
                    if *extra { format!("p{to:02}[x] ; extra == 'x'") } else { format!("p{to:02}") }
                });
                format!("p{at:02}{mark}[x]: {}", to.collect::<Vec<_>>().join("|"))
            })
            .collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let environment = environment(&rows, "pip");
        let found = environment.roots();
        let graph = Graph::of(&environment.distributions, &environment.interpreter);
        let mut reached = Reached::default();
        for root in &found.of {
            let at = environment.distributions.iter().position(|it| it == root.distribution).unwrap();
            reached.visit(&graph, at, None);
            for extra in &root.extras {
                reached.visit(&graph, at, Some(extra));
            }
        }
        proptest::prop_assert_eq!(reached.nodes.len(), 12);
    }
}

//! The files in `testdata`, line by line against the answers of pip 26.3 that are kept beside them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

#[path = "oracle/compare.rs"]
mod compare;
mod oracle;

use std::path::Path;

use serde_json::Value;
use uvshift_requirements::{Marker, Requirement, decode, parse};

#[test]
fn the_test_files_mean_what_they_mean_to_pip() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata");
    let answers = std::fs::read_to_string(folder.join("pip-26.3.json")).unwrap();
    let answers: Vec<Value> = serde_json::from_str(&answers).unwrap();
    let mut lines = 0;
    for answer in &answers {
        let file = answer["file"].as_str().unwrap();
        let decoded = decode(&std::fs::read(folder.join(file)).unwrap()).unwrap();
        let found: Vec<_> = compare::compare(answer, &parse(&decoded.text))
            .into_iter()
            .filter(|difference| !is_meant(file, answer, difference))
            .collect();
        assert!(found.is_empty(), "{file}: {found:#?}");
        lines += answer["lines"].as_array().unwrap().len();
    }
    assert_eq!((answers.len(), lines), (5, 254));
}

/// `--hash` alone, a requirement's option without a requirement and a second `--find-links` have no effect in pip;
/// they are diagnostics here, not options.
fn is_meant(file: &str, answer: &Value, difference: &compare::Difference) -> bool {
    let lines = answer["lines"].as_array().unwrap();
    let line = lines.iter().find(|line| line["line"] == difference.line);
    let opts = line.map(|line| &line["opts"]);
    difference.field == "opts"
        && opts.is_some_and(|opts| opts["hashes"].is_object())
        && (file == "options.txt" || file == "lines.txt")
}

fn requirement(text: &str) -> Requirement {
    let document = parse(text);
    let (_, requirement) = document.requirements().next().unwrap_or_else(|| panic!("no requirement: {text}"));
    requirement.clone()
}

/// What `pep508_rs` refuses or misreads has a meaning here that is pip's, or an error, never a wrong meaning.
#[test]
fn specifiers_mean_what_they_mean_to_pip() {
    // Text, then what pip's SpecifierSet holds.
    for (text, pip) in [
        ("foo==1.0,", ">=0,==1.0"),
        ("foo()", ""),
        ("foo (>=1,<2)", "<2,>=1"),
        ("foo>=1;", ">=1"),
        ("foo===1.0,>=0.5", "===1.0,>=0.5"),
    ] {
        let ours = requirement(text).version_specifiers().unwrap();
        for version in ["0.1", "0.5", "1.0", "1.5", "2.0"] {
            let pip: pep440_rs::VersionSpecifiers = pip.parse().unwrap();
            let version: pep440_rs::Version = version.parse().unwrap();
            assert_eq!(ours.contains(&version), pip.contains(&version), "{text} and {version}");
        }
    }
    for text in ["foo===anything", "foo===1.0.*", "foo==99999999999999999999999", "foo ==="] {
        let document = parse(text);
        assert!(requirement(text).version_specifiers().is_err(), "{text}");
        assert!(document.diagnostics().iter().any(|it| it.code.id() == "R038"), "{text}");
    }
}

#[test]
fn a_pin_is_one_exact_version() {
    for (text, pin) in [
        ("foo==1.0", Some("1.0")),
        ("foo (== 1.0)", Some("1.0")),
        ("foo==1.0,", Some("1.0")),
        ("foo===weird", Some("weird")),
        ("foo==1.*", None),
        ("foo==1.0,!=1.1", None),
        ("foo>=1", None),
        ("foo", None),
    ] {
        assert_eq!(requirement(text).pin(), pin, "{text}");
    }
}

/// Marker, and what pip says for Python 3.10 on Linux: where `pep508_rs` says something else, there is no tree.
#[test]
fn no_marker_becomes_true_in_silence() {
    for (marker, pip) in [
        (r#"python_version not in "3.9, 3.10""#, "false"),
        (r#"python_version >= "3.6.*""#, "false"),
        (r#"python_version < "abc""#, "false"),
        (r#""x" == "y""#, "an error"),
        (r#"python_version ~= "3.9.0""#, "false"),
        (r#"os_name === "posix""#, "an error"),
        (r#"os_name ~= "posix""#, "an error"),
        (r#"platform_release ~= "5.0""#, "a version comparison"),
        (r#""a" in extras"#, "an error"),
        (r#""dev" in dependency_groups"#, "an error"),
        (r#"sys_platform < "x""#, "false"),
        ("os_name == sys_platform", "false"),
    ] {
        let text = format!("foo ; {marker}");
        let found = requirement(&text);
        assert_eq!(found.marker(), Some(marker));
        let concerns = found.marker_tree().expect_err(&format!("{marker} is {pip} in pip"));
        assert!(!concerns.is_empty());
        assert!(parse(&text).diagnostics().iter().any(|it| it.code.id() == "R004"), "{marker}");
    }
}

/// Made-up markers with the value that pip gave each in many environments: 1, 0, or e for an error.
///
/// Where there is a tree, it has the same values; where it would not, there is none.
#[test]
fn markers_have_the_value_that_they_have_in_pip() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/markers-pip-26.3.json");
    let answers: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let environments = answers["environments"].as_array().unwrap();
    let mut trees = 0;
    for answer in answers["markers"].as_array().unwrap() {
        let (text, pip) = (answer[0].as_str().unwrap(), answer[1].as_str().unwrap());
        let marker = Marker::parse(text).unwrap();
        let ours: String = environments
            .iter()
            .map(|environment| match marker.evaluate(|variable| environment[variable.as_str()].as_str()) {
                Ok(value) => {
                    if value {
                        '1'
                    } else {
                        '0'
                    }
                }
                Err(_) => 'e',
            })
            .collect();
        assert_eq!(ours, pip, "{text}");
        if let Ok(tree) = requirement(&format!("foo ; {text}")).marker_tree() {
            let values: String =
                environments.iter().map(|it| if tree_value(&tree, it) { '1' } else { '0' }).collect();
            assert_eq!(values, pip, "{text}");
            trees += 1;
        }
    }
    assert!(trees > 100, "{trees} of the markers mean the same to every tool");
}

fn tree_value(tree: &pep508_rs::MarkerTree, environment: &Value) -> bool {
    let get = |name: &str| environment[name].as_str().unwrap();
    let builder = pep508_rs::MarkerEnvironmentBuilder {
        implementation_name: get("implementation_name"),
        implementation_version: get("implementation_version"),
        os_name: get("os_name"),
        platform_machine: get("platform_machine"),
        platform_python_implementation: get("platform_python_implementation"),
        platform_release: get("platform_release"),
        platform_system: get("platform_system"),
        platform_version: get("platform_version"),
        python_full_version: get("python_full_version"),
        python_version: get("python_version"),
        sys_platform: get("sys_platform"),
    };
    let extras: Vec<pep508_rs::ExtraName> = get("extra").parse().into_iter().collect();
    tree.evaluate(&pep508_rs::MarkerEnvironment::try_from(builder).unwrap(), &extras)
}

#[test]
fn common_markers_have_a_tree_and_no_diagnostic() {
    for marker in [
        r#"python_version < "3""#,
        "python_version>='3.8'and sys_platform=='win32'",
        r#"python_full_version < "4.0.0""#,
        r#"(os_name == "nt" or os_name == "posix") and extra == 'Foo_Bar'"#,
        r#"platform_machine in "x86_64 aarch64""#,
        r#"python_version in "3.8 3.9""#,
        r#""linux" in sys_platform"#,
        r#"os.name == "posix""#,
    ] {
        let text = format!("foo ; {marker}");
        assert!(requirement(&text).marker_tree().is_ok(), "{marker}");
        assert!(parse(&text).diagnostics().is_empty(), "{marker}: {:?}", parse(&text).diagnostics());
    }
}

/// The display of `pep508_rs` changes markers; the source text and pip's own form do not.
#[test]
fn markers_keep_their_text() {
    for (marker, pip) in [
        (r#"python_version<"3""#, r#"python_version < "3""#),
        (r#"python_version < "4.0.0""#, r#"python_version < "4.0.0""#),
        (r#"extra in "a b""#, r#"extra in "a b""#),
        ("((os_name=='nt'))", r#"os_name == "nt""#),
        (r#"os_name=='a"b'"#, r#"os_name == 'a"b'"#),
    ] {
        let found = requirement(&format!("foo;{marker}"));
        assert_eq!(found.marker(), Some(marker));
        assert_eq!(Marker::parse(marker).unwrap().to_string(), pip);
    }
}

/// `pep508_rs` puts hashes, markers and escapes into URLs; pip does not.
#[test]
fn urls_keep_their_text() {
    for (text, url, marker) in [
        ("foo @ https://files.example/a.zip --hash=sha256:aa", "https://files.example/a.zip", None),
        ("foo @ https://files.example/${U}/a.zip", "https://files.example/${U}/a.zip", None),
        (
            "foo @ https://files.example/a.zip;os_name=='nt'",
            "https://files.example/a.zip",
            Some("os_name=='nt'"),
        ),
        (
            "foo @ https://files.example/a.zip; os_name=='nt'",
            "https://files.example/a.zip",
            Some("os_name=='nt'"),
        ),
        ("foo @ git+ssh://git@git.example:team/b", "git+ssh://git@git.example:team/b", None),
    ] {
        let found = requirement(text);
        assert_eq!((found.url(), found.marker()), (Some(url), marker), "{text}");
    }
    for text in ["foo @ https://files.example/a b.zip", "foo @ https://files.example/a ==1.0"] {
        assert!(parse(text).requirements().next().is_none(), "pip refuses {text}");
    }
}

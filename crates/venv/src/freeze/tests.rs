use proptest::prelude::*;
use uvshift_installed::{Form, Kind};
use uvshift_requirements::{LineKind, Vcs, normalize_name, parse};

use super::*;

fn package(name: &str, version: &str, origin: Origin, direct_url: Option<&str>) -> Package {
    Package {
        name: name.to_owned(),
        normalized_name: uvshift_requirements::normalize_name(name),
        version: version.to_owned(),
        requires: Vec::new(),
        requires_python: None,
        installer: None,
        requested: true,
        origin,
        direct_url: direct_url.map(str::to_owned),
        index: None,
        scripts: Vec::new(),
        top_level: Vec::new(),
        pure: None,
        form: Form::DistInfo,
        location: "/gone".into(),
    }
}

fn git(url: &str, commit: &str) -> Origin {
    Origin::Vcs {
        vcs: Some(Vcs::Git),
        url: url.to_owned(),
        commit: commit.to_owned(),
        requested_revision: None,
        subdirectory: None,
        had_credentials: false,
    }
}

fn checkout(url: &str) -> Origin {
    let checkout = Checkout {
        url: url.to_owned(),
        commit: "0123".to_owned(),
        subdirectory: Some("lib".to_owned()),
        had_credentials: false,
    };
    Origin::Directory { path: "/gone/lib".into(), editable: true, checkout: Some(checkout) }
}

#[test]
fn versions_are_those_that_pip_prints() {
    for (version, expected) in [
        ("1.0.0", "a==1.0.0"),
        ("1.0-beta1", "a==1.0b1"),
        ("2.0+Ubuntu-1", "a==2.0+ubuntu.1"),
        ("2004d", "a===2004d"),
        ("", "# a: its version is unknown"),
        ("1.0 x\u{85}-r /etc/passwd", "# a: its version is none: 1.0%20x%C2%85-r%20/etc/passwd"),
    ] {
        assert_eq!(pinned(&package("a", version, Origin::Index, None)), expected);
    }
}

#[test]
fn remotes_become_what_pip_can_read() {
    for (remote, expected) in [
        ("https://git.example/a.git", "-e git+https://git.example/a.git@0123#egg=my_a&subdirectory=lib"),
        ("git@git.example:a/b.git", "-e git+ssh://git@git.example/a/b.git@0123#egg=my_a&subdirectory=lib"),
        ("https://me:token@git.example/a", "-e git+https://git.example/a@0123#egg=my_a&subdirectory=lib"),
        (
            "../gone",
            "# Editable Git install (my-a==1) with either a deleted local remote or invalid URI:\n# '../gone'\n-e /gone/lib",
        ),
    ] {
        assert_eq!(line(&package("my-a", "1", checkout(remote), None)), expected);
    }
}

#[test]
fn nothing_of_a_hostile_file_becomes_a_line_of_its_own() {
    let url = "https://a.example/\n-r /etc/passwd\u{2028}--pre\r";
    let hashes = vec!["sha256:0\n-e evil".to_owned()];
    let archive = Origin::Archive {
        url: url.to_owned(),
        hashes,
        subdirectory: Some("x\ny".into()),
        had_credentials: false,
    };
    let folder = Origin::Directory { path: "/a\n-r b".into(), editable: true, checkout: None };
    let hostile = [
        package("a", "1\u{b}-r x", Origin::Index, None),
        package("b", "1", git(url, "0\n1"), None),
        package("c", "1", archive, Some(url)),
        package("d", "1", folder, None),
        package("e", "1", checkout("https://a.example/\n-r x"), None),
    ];
    for package in hostile {
        let text = line(&package);
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(lines.len() <= 1, "{text:?}");
        assert!(!text.chars().any(|character| character != '\n' && character.is_control()), "{text:?}");
        assert!(!text.contains('\u{2028}'), "{text:?}");
    }
}

#[test]
fn tools_are_left_out_by_the_version_of_python() {
    let names = ["A", "b", "pip", "setuptools", "wheel"];
    let mut snapshot = Snapshot {
        root: "/env".into(),
        kind: Kind::Virtual,
        python: crate::Python { version: Some("3.11.7".into()), ..crate::Python::default() },
        prompt: None,
        system_site_packages: false,
        created_by: None,
        site_packages: Vec::new(),
        packages: names.iter().map(|name| package(name, "1", Origin::Index, None)).collect(),
        conda_packages: Vec::new(),
        problems: Vec::new(),
    };
    assert_eq!(freeze(&snapshot), "A==1\nb==1\npip==1\nsetuptools==1\nwheel==1\n");
    assert_eq!(freeze_without_tools(&snapshot), "A==1\nb==1\n");
    snapshot.python.version = Some("3.13.0rc2".into());
    assert_eq!(freeze_without_tools(&snapshot), "A==1\nb==1\nsetuptools==1\nwheel==1\n");
}

fn odd() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z0-9./@:+-]{0,12}", "(?s).{0,12}", "[ \\t\\\\$#{}\\n\\r;\u{b}\u{85}\u{2028}a-r-]{0,12}"]
}

fn odd_origin() -> impl Strategy<Value = Origin> {
    prop_oneof![
        Just(Origin::Index),
        (odd(), odd(), prop::option::of(odd())).prop_map(|(url, commit, subdirectory)| Origin::Vcs {
            vcs: Some(Vcs::Git),
            url: format!("https://{url}"),
            commit,
            requested_revision: None,
            subdirectory,
            had_credentials: false,
        }),
        (odd(), odd(), prop::option::of(odd())).prop_map(|(url, hash, subdirectory)| Origin::Archive {
            url: format!("https://{url}"),
            hashes: vec![hash],
            subdirectory,
            had_credentials: false,
        }),
        (odd(), any::<bool>(), prop::option::of((odd(), odd()))).prop_map(|(path, editable, checkout)| {
            let checkout = checkout.map(|(url, commit)| Checkout {
                url: format!("https://{url}"),
                commit,
                subdirectory: None,
                had_credentials: false,
            });
            Origin::Directory { path: format!("/{path}").into(), editable, checkout }
        }),
    ]
}

proptest! {
    /// Whatever the files of packages say, a line is a comment or the one requirement, and asks for no variable.
    #[test]
    fn a_line_is_one_requirement_and_nothing_else(
        name in "[A-Za-z0-9]([A-Za-z0-9._-]{0,6}[A-Za-z0-9])?",
        version in prop_oneof!["[0-9]\\.[0-9]((a|rc|\\.post|\\+)[0-9])?", odd()],
        origin in odd_origin(),
    ) {
        let text = format!("{}\nafter==1\n", line(&package(&name, &version, origin.clone(), None)));
        let document = parse(&text);
        let mut names = Vec::new();
        for found in document.lines() {
            match found.kind() {
                // An address that is none at all is refused by pip, and is still nothing else.
                LineKind::Blank | LineKind::Comment | LineKind::Invalid(_) => {}
                LineKind::Requirement(requirement) => names.extend(requirement.normalized_name()),
                other => prop_assert!(false, "{other:?} in {text:?}"),
            }
        }
        prop_assert_eq!(names.pop(), Some("after".to_owned()), "{}", text);
        prop_assert!(names.iter().all(|found| *found == normalize_name(&name)), "{:?} in {:?}", names, text);
        prop_assert!(names.len() <= 1 && !text.contains("${"), "{:?} in {:?}", names, text);
        if origin == Origin::Index && Version::from_str(&version).is_ok() {
            prop_assert_eq!(names.len(), 1);
        }
    }
}

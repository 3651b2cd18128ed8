use std::path::PathBuf;

use proptest::prelude::*;
use serde_json::json;
use uvshift_installed::{Checkout, Origin};
use uvshift_requirements::Vcs;

use super::*;

/// What two snapshots are compared by: everything but the problems.
fn shown(snapshot: &Snapshot) -> String {
    let mut snapshot = snapshot.clone();
    snapshot.problems.clear();
    format!("{snapshot:#?}")
}

fn text() -> impl Strategy<Value = String> {
    "(?s).{0,12}"
}

fn path() -> impl Strategy<Value = PathBuf> {
    text().prop_map(PathBuf::from)
}

fn origin() -> impl Strategy<Value = Origin> {
    let optional = || prop::option::of(text());
    let vcs =
        prop::option::of(prop::sample::select(vec![Vcs::Git, Vcs::Mercurial, Vcs::Bazaar, Vcs::Subversion]));
    let checkout = (text(), text(), optional(), any::<bool>()).prop_map(
        |(url, commit, subdirectory, had_credentials)| Checkout {
            url,
            commit,
            subdirectory,
            had_credentials,
        },
    );
    prop_oneof![
        Just(Origin::Index),
        (vcs, text(), text(), optional(), optional(), any::<bool>()).prop_map(
            |(vcs, url, commit, requested_revision, subdirectory, had_credentials)| Origin::Vcs {
                vcs,
                url,
                commit,
                requested_revision,
                subdirectory,
                had_credentials
            }
        ),
        (text(), prop::collection::vec(text(), 0..3), optional(), any::<bool>()).prop_map(
            |(url, hashes, subdirectory, had_credentials)| Origin::Archive {
                url,
                hashes,
                subdirectory,
                had_credentials
            }
        ),
        (path(), any::<bool>(), prop::option::of(checkout))
            .prop_map(|(path, editable, checkout)| Origin::Directory { path, editable, checkout }),
    ]
}

fn script() -> impl Strategy<Value = Script> {
    let kinds = vec![ScriptKind::Console, ScriptKind::Gui, ScriptKind::File];
    (text(), prop::sample::select(kinds), prop::option::of(text()))
        .prop_map(|(name, kind, entry_point)| Script { name, kind, entry_point })
}

fn package() -> impl Strategy<Value = Package> {
    let texts = || prop::collection::vec(text(), 0..3);
    let optional = || prop::option::of(text());
    let forms = prop::sample::select(vec![Form::DistInfo, Form::EggInfo, Form::EggLink]);
    let line = || "[^\\p{Cc}\u{2028}\u{2029}]{0,12}";
    let told = (line(), line(), texts(), optional(), optional(), any::<bool>());
    let found = (origin(), optional(), optional(), prop::collection::vec(script(), 0..3), texts());
    (told, found, prop::option::of(any::<bool>()), forms, path()).prop_map(
        |(told, found, pure, form, location)| {
            let (name, version, requires, requires_python, installer, requested) = told;
            let (origin, direct_url, index, scripts, top_level) = found;
            Package {
                normalized_name: uvshift_requirements::normalize_name(&name),
                name,
                version,
                requires,
                requires_python,
                installer,
                requested,
                origin,
                direct_url,
                index,
                scripts,
                top_level,
                pure,
                form,
                location,
            }
        },
    )
}

fn conda() -> impl Strategy<Value = CondaPackage> {
    (text(), text(), text(), text(), any::<bool>(), prop::collection::vec(text(), 0..2)).prop_map(
        |(name, version, build, channel, requested, distributions)| CondaPackage {
            name,
            version,
            build,
            channel,
            requested,
            distributions,
        },
    )
}

fn snapshot() -> impl Strategy<Value = Snapshot> {
    let optional = || prop::option::of(text());
    let python = (optional(), optional(), prop::option::of(path()), prop::option::of(path())).prop_map(
        |(version, implementation, executable, base)| Python { version, implementation, executable, base },
    );
    let kinds = prop::sample::select(vec![Kind::Virtual, Kind::Conda, Kind::Python]);
    let lists = (
        prop::collection::vec(path(), 0..3),
        prop::collection::vec(package(), 0..4),
        prop::collection::vec(conda(), 0..3),
    );
    (path(), kinds, python, optional(), any::<bool>(), optional(), lists).prop_map(
        |(root, kind, python, prompt, system_site_packages, created_by, lists)| {
            let (site_packages, mut packages, conda_packages) = lists;
            packages.sort_by(|a, b| a.normalized_name.cmp(&b.normalized_name));
            Snapshot {
                root,
                kind,
                python,
                prompt,
                system_site_packages,
                created_by,
                site_packages,
                packages,
                conda_packages,
                problems: Vec::new(),
            }
        },
    )
}

/// What could stand anywhere in a damaged or forged file.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text().prop_map(Value::from)
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z_]{1,8}", inner, 0..4)
                .prop_map(|table| Value::Object(table.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_snapshot_comes_back_from_its_text(snapshot in snapshot()) {
        let text = serde_json::to_string(&to_json(&snapshot)).unwrap();
        let value: Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(shown(&from_json(&value).unwrap()), shown(&snapshot));
    }

    #[test]
    fn what_is_no_snapshot_is_refused(snapshot in snapshot(), which in 0..10_usize, other in anything()) {
        let mut value = to_json(&snapshot);
        let keys = ["root", "kind", "python", "prompt", "system_site_packages", "created_by", "site_packages", "packages", "conda_packages", "version"];
        value[keys[which]] = other.clone();
        // Refused, or read: never a panic.
        let _ = from_json(&value);
        prop_assert!(from_json(&other).is_err());
    }
}

#[test]
fn another_version_is_told() {
    let value = json!({ "version": 2 });
    let error = from_json(&value).unwrap_err();
    assert_eq!(error.to_string(), "the snapshot has version 2, and only version 1 is known");
    assert!(error.hint().is_some());
    let error = from_json(&json!({ "version": 1 })).unwrap_err();
    assert_eq!(error.to_string(), "`python` of the snapshot is not an object");
}

#[cfg(unix)]
#[test]
fn a_path_that_is_no_text_comes_back() {
    use std::os::unix::ffi::OsStringExt as _;

    let odd = PathBuf::from(std::ffi::OsString::from_vec(b"/srv/caf\xe9".to_vec()));
    let value = serde_json::to_value(wire::WirePath::from(odd.as_path())).unwrap();
    assert_eq!(value, json!({ "text": "/srv/caf\u{fffd}", "bytes": "2f7372762f636166e9" }));
    assert_eq!(path::from_json(&value), Ok(odd));
    assert_eq!(path::from_json(&json!({ "text": "/a", "bytes": "2f7" })), Ok("/a".into()));
    assert!(path::from_json(&json!(3)).is_err());
}

#[test]
fn a_name_that_would_be_another_line_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let info = folder.path().join("lib/python3.11/site-packages/alpha-1.0.dist-info");
    std::fs::create_dir_all(&info).unwrap();
    #[expect(clippy::disallowed_methods, reason = "a test makes its own files")]
    for (path, text) in [
        (folder.path().join("pyvenv.cfg"), "version = 3.11.7\n"),
        (info.join("METADATA"), "Metadata-Version: 2.1\nName: alpha\nVersion: 1.0\n"),
    ] {
        std::fs::write(path, text).unwrap();
    }
    let value = to_json(&Snapshot::read(folder.path()).unwrap());
    from_json(&value).unwrap();
    for (key, text) in [
        ("name", "beta"),
        ("normalized_name", "alpha\n-e file:///evil"),
        ("normalized_name", "Alpha"),
        ("version", "1.0\r-e file:///evil"),
        ("version", "1.0\u{2028}x"),
    ] {
        let mut forged = value.clone();
        forged["packages"][0][key] = text.into();
        assert!(matches!(from_json(&forged), Err(JsonError::Field { .. })), "{key} {text}");
    }
}

use std::collections::BTreeSet;

use super::*;
use crate::Selection;

fn package(origin: Origin) -> Package {
    Package {
        name: "Alpha.Beta".to_owned(),
        normalized_name: "alpha-beta".to_owned(),
        version: "2.1".to_owned(),
        requires: Vec::new(),
        requires_python: None,
        installer: None,
        requested: true,
        origin,
        direct_url: None,
        index: None,
        scripts: Vec::new(),
        top_level: Vec::new(),
        pure: None,
        form: Form::DistInfo,
        location: "/e/alpha.dist-info".into(),
    }
}

fn lines(origin: Origin) -> Vec<String> {
    task(&package(origin), &Allowances::default()).unwrap().lines
}

fn vcs(vcs: Option<Vcs>, url: &str) -> Origin {
    Origin::Vcs {
        vcs,
        url: url.to_owned(),
        commit: "0f0f".to_owned(),
        requested_revision: Some("main".to_owned()),
        subdirectory: Some("a b".to_owned()),
        had_credentials: false,
    }
}

fn archive(url: &str) -> Origin {
    Origin::Archive {
        url: url.to_owned(),
        hashes: vec!["sha256:0f".to_owned(), "md5:00".to_owned()],
        subdirectory: None,
        had_credentials: false,
    }
}

#[test]
fn each_origin_has_its_line() {
    assert_eq!(lines(Origin::Index), ["--only-binary alpha-beta", "alpha-beta===2.1"]);
    assert_eq!(
        lines(vcs(Some(Vcs::Git), "ssh://git@git.example/a.git")),
        ["alpha-beta @ git+ssh://git@git.example/a.git@0f0f#subdirectory=a%20b"]
    );
    assert_eq!(
        lines(archive("https://files.example/a.whl")),
        ["alpha-beta @ https://files.example/a.whl --hash=sha256:0f"]
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ä b");
    std::fs::create_dir(&path).unwrap();
    let url = format!("{}/%C3%A4%20b", file_url(folder.path()));
    let directory = |editable| Origin::Directory { path: path.clone(), editable, checkout: None };
    assert_eq!(lines(directory(true)), [format!("-e {url}")]);
    assert_eq!(lines(directory(false)), [format!("alpha-beta @ {url}")]);
}

#[test]
fn only_what_is_allowed_is_built() {
    let allow = Allowances { build: Selection::All, ..Allowances::default() };
    assert_eq!(task(&package(Origin::Index), &allow).unwrap().lines, ["alpha-beta===2.1"]);
    let other = Selection::Of(BTreeSet::from(["other".to_owned()]));
    let allow = Allowances { build: other, ..Allowances::default() };
    assert_eq!(task(&package(Origin::Index), &allow).unwrap().lines.len(), 2);
}

#[test]
fn what_cannot_be_asked_for_is_refused_with_offers() {
    let refused = |package: &Package| task(package, &Allowances::default()).unwrap_err();
    let gone = refused(&package(archive("file:///nowhere/a.whl")));
    assert_eq!((gone.cause, gone.offers), (Cause::Gone, vec![Offer::Carry, Offer::LeaveOut]));
    let editable = Origin::Directory { path: "/nowhere".into(), editable: true, checkout: None };
    let gone = refused(&package(editable));
    assert_eq!((gone.cause, gone.offers), (Cause::Gone, vec![Offer::LeaveOut]));
    assert!(gone.reason.contains("/nowhere"), "{}", gone.reason);
    assert_eq!(refused(&package(vcs(Some(Vcs::Mercurial), "https://hg.example/a"))).cause, Cause::Other);
    for version in ["", "1.0\n-e evil", "1.0 # x"] {
        let strange = Package { version: version.to_owned(), ..package(Origin::Index) };
        assert_eq!(refused(&strange).cause, Cause::Unclear, "{version:?}");
    }
}

#[test]
fn nothing_can_be_smuggled_into_the_file() {
    for url in [
        "https://a.example/x\n--index-url https://evil.example",
        "https://a.example/x -e /evil",
        "https://a.example/x @ y -e /evil",
        "https://a.example/x --hash=sha256:0 -e /evil",
    ] {
        assert!(task(&package(vcs(Some(Vcs::Git), url)), &Allowances::default()).is_err());
        assert!(task(&package(archive(url)), &Allowances::default()).is_err());
    }
    for name in ["a -e file:///evil", "a\n-e file:///evil", "-e", "a\u{b}", "ä", ""] {
        for origin in
            [Origin::Index, vcs(Some(Vcs::Git), "https://a.example/x"), archive("https://a.example/x.whl")]
        {
            let forged = Package { normalized_name: name.to_owned(), ..package(origin) };
            assert_eq!(task(&forged, &Allowances::default()).unwrap_err().cause, Cause::Unclear, "{name:?}");
        }
    }
    let mut forged = package(archive("https://a.example/x.whl"));
    let Origin::Archive { hashes, .. } = &mut forged.origin else { panic!() };
    hashes.push("sha256:0\n-e file:///evil".to_owned());
    assert!(task(&forged, &Allowances::default()).is_err());
}

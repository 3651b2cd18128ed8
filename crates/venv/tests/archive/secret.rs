//! A secret, wherever it is planted, is nowhere in an archive.

use std::fs;

use uvshift_venv::{ArchiveKind, Existing, backup, inspect_archive};

use crate::support::{Small, options, quietly, restored, write};

const SECRET: &str = "hunter2-s3cr3t";

#[test]
fn a_planted_secret_is_nowhere_in_an_archive() {
    let small = Small::new();
    let packages = small.root.join("lib/python3.11/site-packages");
    let url = format!("https://me:{SECRET}@git.example/alpha.git");
    write(
        &packages.join("alpha-1.0.dist-info/direct_url.json"),
        &format!(r#"{{"url": "{url}", "vcs_info": {{"vcs": "git", "commit_id": "abc"}}}}"#),
    );
    let pip =
        format!("[global]\nindex-url = https://{SECRET}@index.example/simple\n[x]\npassword =\n  {SECRET}\n");
    let uv = format!(
        "[[index]]\nname = \"a\"\nurl = \"https://me:{SECRET}@index.example/simple\"\ntoken = \"{SECRET}\"\n"
    );
    write(&small.beside("pip.conf"), &pip);
    write(&small.beside("uv.toml"), &uv);
    write(&small.root.join("pip.conf"), &pip);
    write(&small.root.join("src/alpha/.git/config"), &format!("[remote \"origin\"]\n\turl = {url}\n"));
    for kind in [ArchiveKind::Light, ArchiveKind::Full] {
        let mut options = options(&small.root, kind, &small.beside("a.tar.zst"));
        options.existing = Existing::Replace;
        options.configuration =
            ["pip.conf", "uv.toml", "missing.toml"].map(|name| small.beside(name)).to_vec();
        options.variables = [
            ("UV_INDEX_A_PASSWORD", SECRET.to_owned()),
            ("PIP_INDEX_URL", format!("https://me:{SECRET}@index.example")),
            ("HTTPS_PROXY", format!("me:{SECRET}@proxy.example:3128")),
            ("UV_PUBLISH_TOKEN", SECRET.to_owned()),
            ("GITHUB_TOKEN", SECRET.to_owned()),
            ("UV_CACHE_DIR", "/cache".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec();
        let report = backup(&options, &mut quietly).unwrap();
        let plain = zstd::decode_all(fs::File::open(&report.archive).unwrap()).unwrap();
        let text = String::from_utf8_lossy(&plain);
        assert!(!text.contains(SECRET) && !text.contains("hunter2"), "{kind:?}");
        for kept in
            ["index.example/simple", "UV_CACHE_DIR", "git.example/alpha.git", "01-pip.conf", "02-uv.toml"]
        {
            assert!(text.contains(kept), "no {kept}");
        }
        assert!(!text.contains("GITHUB_TOKEN"));
        let contents = inspect_archive(&report.archive, &mut quietly).unwrap();
        assert_eq!(contents.covered, report.covered);
        assert_eq!(contents.configuration.len(), 2);
        let told = |name: &str| report.covered.iter().any(|covered| covered.ends_with(name));
        for name in ["UV_INDEX_A_PASSWORD", "PIP_INDEX_URL", "HTTPS_PROXY", "UV_PUBLISH_TOKEN"] {
            assert!(told(name), "{name} is not told in {:?}", report.covered);
        }
        assert!(told("pip.conf") && told("uv.toml"));
        if kind == ArchiveKind::Full {
            assert!(told(".git/config") && told("direct_url.json"));
            // What comes back works as far as it can: the URL is one, without credentials.
            let report = restored(&report.archive, None, Existing::Replace).unwrap();
            assert!(report.covered.iter().any(|name| name.ends_with("direct_url.json")));
            let origin = fs::read_to_string(packages.join("alpha-1.0.dist-info/direct_url.json")).unwrap();
            assert!(origin.contains(r#""url": "https://git.example/alpha.git""#), "{origin}");
        }
    }
}

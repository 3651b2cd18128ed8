//! Nothing that is secret passes, and what is none stays.

use super::*;

#[test]
fn variables_that_matter_are_kept() {
    for name in [
        "PIP_INDEX_URL",
        "UV_CACHE_DIR",
        "PATH",
        "Path",
        "https_proxy",
        "LC_ALL",
        "PYTHONPATH",
        "CONDA_PREFIX",
    ] {
        assert!(is_relevant(name), "{name}");
    }
    for name in ["HOME", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "EDITOR"] {
        assert!(!is_relevant(name), "{name}");
    }
}

#[test]
fn values_of_secret_variables_are_covered() {
    for (name, value, shown) in [
        ("UV_PUBLISH_TOKEN", "hunter2", COVER),
        ("UV_INDEX_PRIVATE_PASSWORD", "hunter2", COVER),
        ("UV_INDEX_PRIVATE_USERNAME", "hunter2", COVER),
        ("PIP_PROXY_AUTH", "hunter2", COVER),
        ("UV_KEYRING_PROVIDER", "subprocess", "subprocess"),
        ("UV_KEYRING_PROVIDER", "/opt/hunter2", COVER),
        ("PIP_KEYRING_PROVIDER", "import", "import"),
        ("PIP_INDEX_URL", "https://me:hunter2@index.example/simple", "https://****@index.example/simple"),
        ("PIP_INDEX_URL", "https://hunter2@index.example/simple", "https://****@index.example/simple"),
        ("PIP_INDEX_URL", "https://me:hun'ter2@index.example/simple", "https://****@index.example/simple"),
        ("PIP_INDEX_URL", "https://me:hun/ter2@index.example/simple", "https://****@index.example/simple"),
        ("PIP_INDEX_URL", "https://index.example:8080/a@b", "https://index.example:8080/a@b"),
        (
            "PIP_INDEX_URL",
            "https://${ME}:${PASSWORD}@index.example/",
            "https://${ME}:${PASSWORD}@index.example/",
        ),
        (
            "PIP_EXTRA_INDEX_URL",
            "https://a.example https://me:hunter2@b.example/?token=hunter2 https://c.example",
            "https://a.example https://****@b.example/?token=**** https://c.example",
        ),
        (
            "UV_INDEX",
            "https://a.example,https://u:hunter2@b.example",
            "https://a.example,https://****@b.example",
        ),
        ("HTTPS_PROXY", "me:hunter2@proxy.example:3128", "****@proxy.example:3128"),
        ("HTTPS_PROXY", "proxy.example:3128", "proxy.example:3128"),
        ("PATH", "/usr/bin:/opt/a@b/bin", "/usr/bin:/opt/a@b/bin"),
        ("PIP_USER", "1", "1"),
        ("PYTHONUSERBASE", "/opt/base", "/opt/base"),
        ("CONDA_PREFIX", "/opt/conda", "/opt/conda"),
        ("UV_GIT", "ssh://git@git.example/a", "ssh://git@git.example/a"),
    ] {
        let found = cover_variable(name, value);
        assert_eq!(found, shown, "{name}");
        assert!(!found.contains("hunter2") && !found.contains("ter2@"), "{name}: {found}");
    }
}

#[test]
fn configuration_keeps_all_but_secrets() {
    let text = "[global]\nindex-url = https://me:hunter2@index.example/simple\ntimeout = 10\n\
                extra-index-url =\n    https://a.example\n    https://t:hunter2@b.example\n\
                # password: hunter2\n[search]\npassword = hunter2\n  hunter2\n\nuser = me\nsecret =\n  hunter2\ntoken: hunter2\r\n\
                proxy = me:hunter2@proxy.example\n[end]\nx = 1\n";
    let shown = cover_configuration(text);
    assert!(!shown.contains("hunter2"), "{shown}");
    for kept in
        ["[global]", "https://****@index.example/simple", "timeout = 10", "    https://a.example", "[search]"]
    {
        assert!(shown.contains(kept), "no {kept} in\n{shown}");
    }
    assert!(shown.ends_with("[end]\nx = 1\n"), "{shown}");
    assert!(shown.contains("proxy = ****@proxy.example"), "{shown}");
}

#[test]
fn toml_keeps_all_but_secrets() {
    let text = "[[index]]\nname = \"inner\"\nurl = \"https://me:hunter2@index.example/simple\"\n\
                authenticate = \"always\"\n[other]\nindex = [\"https://a.example\",\"https://t:hunter2@b.example\"]\n\
                tokens = [\n\"hunter2\",\n\"hunter2\",\n]\npassword = \"\"\"\nx = hunter2\nhunter2\n\"\"\"\n\
                inline = { url = \"https://c.example\", password = \"hunter2\" }\ncache-keys = [{ file = \"a\" }]\n\
                keyring-provider = \"subprocess\"\nauthors = [\"me\"]\n";
    let shown = cover_configuration(text);
    assert!(!shown.contains("hunter2"), "{shown}");
    for kept in [
        "name = \"inner\"",
        "https://****@index.example/simple",
        "authenticate = \"always\"",
        "\"https://a.example\"",
        "https://c.example",
        "cache-keys = [{ file = \"a\" }]",
        "keyring-provider = \"subprocess\"",
        "authors = [\"me\"]",
    ] {
        assert!(shown.contains(kept), "no {kept} in\n{shown}");
    }
}

#[test]
fn what_has_no_secrets_stays_byte_for_byte() {
    for text in [
        "",
        "[global]\r\nindex-url = https://index.example/simple\r\ntrusted-host =\r\n    a.example\r\n    b.example\r\n",
        "[pip]\nkey-less = true\n# see https://docs.example/a@b\nrequire-hashes = yes",
        "exclude-newer = \"2026-01-01T00:00:00Z\"\nno-build-package = [\"numpy\"]\n",
        "[core]\n\trepositoryformatversion = 0\n[remote \"origin\"]\n\turl = https://git.example/a.git\n\
         \tfetch = +refs/heads/*:refs/remotes/origin/*\n",
    ] {
        assert_eq!(cover_configuration(text), text);
    }
}

#[test]
fn an_origin_loses_its_credentials_alone() {
    for (text, expected) in [
        (
            r#"{"url": "https://me:hunter2@git.example/a.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}}"#,
            r#"{"url": "https://git.example/a.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}}"#,
        ),
        (
            r#"{"url":"https:\/\/hunter2@git.example\/a.git","dir_info":{}}"#,
            r#"{"url":"https://git.example/a.git","dir_info":{}}"#,
        ),
        (
            r#"{"url": "ssh://git@git.example/a", "vcs_info": {}}"#,
            r#"{"url": "ssh://git@git.example/a", "vcs_info": {}}"#,
        ),
        (
            r#"{"url": "file:///srv/a%20b", "dir_info": {"editable": true}}"#,
            r#"{"url": "file:///srv/a%20b", "dir_info": {"editable": true}}"#,
        ),
    ] {
        let covered = cover_file("tree/x.dist-info/direct_url.json", text.as_bytes());
        let (found, expected): (Value, Value) =
            (serde_json::from_slice(&covered).unwrap(), serde_json::from_str(expected).unwrap());
        assert_eq!(found, expected, "{text}");
    }
    let broken = cover_file("tree/x/direct_url.json", b"{\"url\": \"https://me:hunter2@git.example/\xff\"");
    assert!(!String::from_utf8_lossy(&broken).contains("hunter2"));
}

#[test]
fn files_that_tools_write_credentials_into_are_known() {
    for path in ["tree/pip.conf", "tree/lib/a.dist-info/direct_url.json", "tree/src/a/.git/config"] {
        assert!(may_hold_secrets(path), "{path}");
    }
    for path in [
        "tree/config",
        "tree/git/config",
        "tree/lib/a/RECORD",
        "tree/lib/a/tests/pip.conf",
        "tree/lib/a/direct_url.json",
    ] {
        assert!(!may_hold_secrets(path), "{path}");
    }
}

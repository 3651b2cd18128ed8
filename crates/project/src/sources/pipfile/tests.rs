use super::super::testing::read_tree;
use super::*;

const PIPFILE: &str = r#"[[source]]
name = "pypi"
url = "https://index.example/simple"
verify_ssl = true

[[source]]
name = "corporate"
url = "https://${USER}:${TOKEN}@private.example/simple"
verify_ssl = false

[packages]
# the web framework
flask = ">=3,<4"  # web
Requests = {version = "*", extras = ["socks"]}
pinned = "1.0"
colorama = {version = "~=0.4", sys_platform = "== 'win32'", python_version = "< '3.12'"}
either = {markers = "os_name == 'nt' or sys_platform == 'darwin'", python_version = ">= '3.9'"}
private = {version = "==2.*", index = "corporate"}
tool = {git = "git@git.example:team/tool.git", ref = "main", subdirectory = "py", editable = true}
sub = {path = "./libs/sub", editable = true}
archived = {file = "https://files.example/archived-1.0.zip"}
"e1839a8" = {path = ".", editable = true}

[packages.nested]
version = ">=1"

[dev-packages]
pytest = "*"

[docs]
sphinx = "~=7.0"

[requires]
python_version = "3.10"

[scripts]
serve = "flask run"

[pipenv]
allow_prereleases = true
sort_pipfile = true
"#;

const SUB: (&str, &str) = ("libs/sub/pyproject.toml", "[project]\nname = \"sub\"\nversion = \"1\"\n");

#[test]
fn a_pipfile_becomes_a_project() {
    let options = crate::ReadOptions { installable: true, ..crate::ReadOptions::default() };
    let files = [("Pipfile", PIPFILE), SUB];
    let read = super::super::testing::read_tree_with(&files, &options);
    for line in [
        "    # the web framework\n    \"flask>=3,<4\",  # web\n",
        "    \"Requests[socks]\",\n",
        "    \"pinned==1.0\",\n",
        "    \"colorama~=0.4 ; sys_platform == 'win32' and python_version < '3.12'\",\n",
        "    \"either ; (os_name == 'nt' or sys_platform == 'darwin') and python_version >= '3.9'\",\n",
        "    \"private==2.*\",\n",
        "    \"tool\",\n",
        "    \"sub\",\n",
        "    \"archived\",\n",
        "    \"nested>=1\",\n",
        "dev = [\n    \"pytest\",\n]\n",
        "docs = [\n    \"sphinx~=7.0\",\n]\n",
        "private = { index = \"corporate\" }\n",
        "tool = { git = \"ssh://git@git.example/team/tool.git\", rev = \"main\", subdirectory = \"py\" }\n",
        "sub = { path = \"libs/sub\", editable = true }\n",
        "archived = { url = \"https://files.example/archived-1.0.zip\" }\n",
        "[[tool.uv.index]]\nname = \"pypi\"\nurl = \"https://index.example/simple\"\ndefault = true\n",
        "[[tool.uv.index]]\nname = \"corporate\"\nurl = \"https://private.example/simple\"\nexplicit = true\n",
        "prerelease = \"allow\"\n",
        "allow-insecure-host = [\n    \"private.example\",\n]\n",
        "[tool.uvshift.scripts]\nserve = \"flask run\"\n",
    ] {
        assert!(read.pyproject.contains(line), "{line}\n{}", read.pyproject);
    }
    let ledger = read.ledger.to_string();
    for line in [
        "carried  Pipfile:1  source pypi  -> tool.uv.index pypi\n",
        "changed  Pipfile:6  source corporate  -> tool.uv.index corporate (without its credentials; certificates that are not checked are those of tool.uv.allow-insecure-host)\n",
        "carried  Pipfile:13  flask = \">=3,<4\"  -> project.dependencies\n",
        "carried  Pipfile:22  \"e1839a8\" = {path = \".\", editable = true}  -> the project itself, which `uv sync` installs as editable\n",
        "carried  Pipfile:24  [packages.nested]  -> project.dependencies\n",
        "carried  Pipfile:28  pytest = \"*\"  -> dependency-groups.dev\n",
        "carried  Pipfile:31  sphinx = \"~=7.0\"  -> dependency-groups.docs\n",
        "carried  Pipfile:40  allow_prereleases = true  -> tool.uv.prerelease\n",
    ] {
        assert!(ledger.contains(line), "{line}\n{ledger}");
    }
    assert!(ledger.contains("Pipfile:34  python_version = \"3.10\"  -> project.requires-python"), "{ledger}");
    assert!(ledger.contains("Pipfile:37  serve = \"flask run\"  -> tool.uvshift.scripts.serve"), "{ledger}");
    assert_eq!(read.ledger.refused().count(), 0, "{ledger}");
    assert_eq!(read.old_files, ["Pipfile: remove"]);
    assert!(read.reading.installs_itself && !read.pyproject.contains("TOKEN"));
    let secrets: Vec<&str> =
        read.reading.manifest.secrets.iter().map(|secret| secret.name.as_str()).collect();
    assert_eq!(secrets, ["UV_INDEX_CORPORATE_USERNAME", "UV_INDEX_CORPORATE_PASSWORD"]);
}

#[test]
fn what_uv_cannot_have_is_refused() {
    let pipfile = r#"[packages]
short = "~=1"
hg = {hg = "https://hg.example/x"}
unknown = {version = "*", colour = "red"}
wrong = {version = 1}
number = 1
elsewhere = {version = "*", index = "nowhere"}
marked = {path = "./libs/sub", editable = true, sys_platform = "== 'linux'"}
missing = {path = "./libs/none"}
"#;
    let read = read_tree(&[("Pipfile", pipfile), SUB]);
    let lines: Vec<usize> = read.ledger.refused().map(|entry| entry.from.line).collect();
    assert_eq!(lines, [2, 3, 4, 5, 6, 7, 8, 9], "{}", read.ledger);
    assert!(read.reading.not_carried.contains("Pipfile"));
}

#[test]
fn broken_files_and_lone_locks_stop_everything() {
    let said = |files: &[(&str, &str)]| read_tree(files).diagnostics;
    let broken = said(&[("Pipfile", "[packages]\nflask = \n")]);
    assert!(broken[0].starts_with("Pipfile:2: error[M040]: Pipfile cannot be read"), "{broken:?}");
    let lone = said(&[("Pipfile.lock", "{}")]);
    assert!(lone[0].starts_with("Pipfile.lock:1: error[M042]"), "{lone:?}");
    let lock = said(&[("Pipfile", "[packages]\n"), ("Pipfile.lock", "{\n]")]);
    assert!(lock[0].starts_with("Pipfile.lock:2: error[M041]: Pipfile.lock:2: not valid JSON"), "{lock:?}");
}

const LOCKED: &str = r#"[[source]]
url = "https://index.example/simple"
verify_ssl = true
name = "pypi"

[packages]
requests = {version = "*", extras = ["socks"]}
colorama = {version="*", sys_platform="== 'win32'"}

[dev-packages]
pytest = "*"

[docs]
alabaster = "~=1.0"
"ü" = "*"

[requires]
python_version = "3.11"
"#;

#[test]
fn the_hash_is_that_of_pipenv() {
    // `plette.Pipfile.load(...).get_hash()` of Pipenv 2026.10.3 gives this value.
    let toml = PyProject::parse(LOCKED).unwrap();
    assert_eq!(hash::of(&toml)[0], "sha256:a91d8214f151f9d696db7e7867793156ab22e94eaffd02edc0f3d20a8c30f1a6");
    assert!(hash::of(&PyProject::parse("[packages]\n").unwrap()).is_empty(), "Pipenv puts in a source");
}

#[test]
fn pins_come_from_the_lock_as_far_as_they_fit() {
    let lock = |hash: &str| {
        format!(
            r#"{{
    "_meta": {{"hash": {{"sha256": "{hash}"}}, "pipfile-spec": 6}},
    "default": {{
        "requests": {{"version": "==2.31.0", "hashes": ["sha256:aa"], "markers": "python_version >= '3.7'"}},
        "tool": {{"git": "https://git.example/tool", "ref": "0123456789abcdef"}}
    }},
    "develop": {{
        "requests": {{"version": "==2.31.0"}},
        "pytest": {{"version": "==7.0", "markers": "python_version >= '3.7'"}}
    }},
    "docs": {{"alabaster": {{"version": "==2.0"}}}}
}}
"#
        )
    };
    let pipfile = LOCKED.replace("\"ü\"", "gone");
    let read = read_tree(&[("Pipfile", &pipfile), ("Pipfile.lock", &lock("0000"))]);
    let pins: Vec<String> = read
        .reading
        .manifest
        .pins
        .iter()
        .map(|pin| format!("{}=={} {:?} {}", pin.name, pin.version, pin.marker, pin.from))
        .collect();
    assert_eq!(
        pins,
        [
            "requests==2.31.0 None Pipfile.lock:4",
            "pytest==7.0 Some(\"python_version >= '3.7'\") Pipfile.lock:9",
        ]
    );
    let ledger = read.ledger.to_string();
    assert!(ledger.contains("carried  Pipfile.lock:4  requests==2.31.0  -> uv.lock\n"), "{ledger}");
    assert!(
        ledger.contains("dropped  Pipfile.lock:11  alabaster==2.0  (Pipfile:14 asks for `alabaster~=1.0`)\n"),
        "{ledger}"
    );
    assert!(ledger.contains("dropped  Pipfile.lock:5  tool"), "{ledger}");
    let said = read.diagnostics.join("\n");
    assert!(
        said.contains("Pipfile.lock:1: warning[M043]: Pipfile.lock is out of date: the Pipfile has changed"),
        "{said}"
    );
    assert!(
        said.contains(
            "`alabaster==2.0` does not fit `alabaster~=1.0` of Pipfile:14; `gone` of Pipfile:15 is not in it"
        ),
        "{said}"
    );
    assert!(said.contains("note[M045]: `tool` was locked at commit 0123456789ab"), "{said}");
    assert_eq!(read.reading.manifest.hashes[0].hashes, ["sha256:aa"]);
    assert_eq!(read.old_files, ["Pipfile.lock: remove", "Pipfile: remove"]);
}

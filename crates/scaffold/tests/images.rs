//! The generated Dockerfile is really built, and the application in it answers its own health check.

#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "tests run buildah and the pinned uv")]
#![expect(clippy::unwrap_used, reason = "a helper that cannot go on ends the test")]

mod shapes;

use std::net::TcpListener;

use uvshift_scaffold::{Application, Entry, Index, Language, Project};
use uvshift_testkit::{Images, flat_index, uv_command};

const BASE: &str = "docker.io/library/python:3.11-slim";
const APPLICATION: &str = r#"import http.server
import os
import sys

import alpha


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/health" else 404)
        self.end_headers()
        self.wfile.write(f"{alpha.__version__} {os.getuid()}".encode())


http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"#;

const PYPROJECT: &str = r#"[project]
name = "shop"
version = "1.0"
requires-python = ">=3.10"
dependencies = ["alpha"]

[dependency-groups]
dev = ["gamma"]

[[tool.uv.index]]
name = "local"
url = "/wheels"
format = "flat"
default = true
"#;

/// Starts what the image starts, and asks what the image asks until it is well.
const ASK: &str = r#"import json, subprocess, sys, time, urllib.request
start, health, url = json.loads(sys.argv[1]), json.loads(sys.argv[2])[1:], sys.argv[3]
server = subprocess.Popen(start)
try:
    for _ in range(100):
        if subprocess.run(health, stderr=subprocess.DEVNULL).returncode == 0:
            print("healthy", urllib.request.urlopen(url).read().decode())
            break
        time.sleep(0.2)
finally:
    server.kill()
server.wait()
print("stopped", subprocess.run(health, stderr=subprocess.DEVNULL).returncode)
"#;

#[test]
fn the_application_answers_its_health_check() {
    let Some(images) = Images::new(&[BASE], "ghcr.io/astral-sh/uv:0.13.9") else { return };
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let shop = uvshift_testkit::Project::new();
    let wheels = shop.beside("base").join("wheels");
    flat_index(&wheels, &[("alpha", "1.0", &[]), ("gamma", "3.0", &[])]);
    shop.write("app.py", APPLICATION);
    shop.write("pyproject.toml", PYPROJECT);
    // What the image has below `/wheels` stands elsewhere on this machine, so the lock is made in an image, too.
    let base = shop.beside("base");
    std::fs::write(base.join("Dockerfile"), format!("FROM {BASE}\nENV UV_OFFLINE=1\nCOPY wheels /wheels\n"))
        .unwrap();
    images.build(&base, "Dockerfile", BASE, &[]).unwrap();
    lock(&shop, &wheels);

    let files =
        shapes::rendered(&["dockerfile".to_owned(), "dockerignore".to_owned()], &project(port), Language::En);
    shapes::write(shop.path(), &files);
    images.build(shop.path(), "Dockerfile", "localhost/shop", &[]).unwrap_or_else(|said| panic!("{said}"));

    let said: serde_json::Value = serde_json::from_str(&images.inspect("localhost/shop").unwrap()).unwrap();
    let config = &said["Docker"]["config"];
    assert_eq!(config["User"], "10001:10001", "{config}");
    let (start, health) = (config["Cmd"].to_string(), config["Healthcheck"]["Test"].to_string());
    let url = format!("http://127.0.0.1:{port}/health");
    let said = images.run("localhost/shop", &["python", "-c", ASK, &start, &health, &url]).unwrap();
    assert_eq!(said, "healthy 1.0 10001\nstopped 1\n");
    let packages = "import importlib.metadata as m; print(sorted(d.name for d in m.distributions()))";
    assert_eq!(images.run("localhost/shop", &["python", "-c", packages]).unwrap(), "['alpha']\n");
}

#[test]
fn projects_of_other_kinds_have_valid_files_too() {
    let names: Vec<String> =
        ["dockerfile", "dockerfile-buildkit", "compose", "dockerignore", "docker-compare"]
            .map(str::to_owned)
            .to_vec();
    for (name, change) in VARIANTS {
        let mut project = shapes::web();
        change(&mut project);
        let folder = tempfile::tempdir().unwrap();
        for template in &names {
            let files = shapes::rendered(std::slice::from_ref(template), &project, Language::En);
            shapes::write(&folder.path().join(template), &files);
        }
        let validation = uvshift_testkit::validate(folder.path());
        assert!(validation.findings.is_empty(), "{name}: {:#?}", validation.findings);
    }
}

type Variant = (&'static str, fn(&mut Project));

const VARIANTS: [Variant; 3] = [
    ("a private index", |project| {
        project.indexes = vec![Index {
            name: "corp".into(),
            url: "https://index.example/simple".into(),
            is_default: false,
            variables: vec!["UV_INDEX_CORP_USERNAME".into(), "UV_INDEX_CORP_PASSWORD".into()],
        }];
    }),
    ("no lock", |project| {
        project.has_lock = false;
        project.services.clear();
        project.default_groups.clear();
    }),
    ("Django, tests in a group of their own", |project| {
        project.entry.framework = "django".into();
        project.entry.target = "manage.py".into();
        project.description = "Orders \"and\" stock".into();
        project.production_groups = vec!["production".into()];
        if let Some(test) = &mut project.tasks.test {
            test.group = "tests".into();
        }
    }),
];

/// An engine that builds nothing and says how large an image is.
const ENGINE: &str = r#"#!/bin/sh
echo "$@" >>"$CALLS"
case "$1 $2" in
"image inspect") echo 123456789 ;;
build*) for last; do :; done; test -s "$last/requirements.txt" && test -s "$last/pip.Dockerfile" ;;
esac
"#;

#[test]
fn the_comparison_measures_what_it_prints() {
    use std::os::unix::fs::PermissionsExt as _;
    let shop = uvshift_testkit::Project::new();
    let wheels = flat_index(shop.beside("wheels"), &[("alpha", "1.0", &[]), ("gamma", "3.0", &[])]);
    shop.write("pyproject.toml", PYPROJECT.replace("/wheels", &wheels.to_string_lossy()));
    assert!(uv_command(&shop).arg("lock").output().unwrap().status.success());
    let files = shapes::rendered(&["docker-compare".to_owned()], &project(8000), Language::En);
    let script = shapes::write(shop.path(), &files).remove(0);
    let engine = shop.beside("bin").join("engine");
    std::fs::write(&engine, ENGINE).unwrap();
    std::fs::set_permissions(&engine, std::fs::Permissions::from_mode(0o755)).unwrap();
    let uv = uvshift_testkit::uv();
    let path = format!("{}:/usr/bin:/bin", uv.parent().unwrap().display());
    let mut command = std::process::Command::new("bash");
    command.arg(&script).arg("2").envs(uvshift_testkit::uv_environment(&shop));
    let output = command
        .env("PATH", path)
        .env("ENGINE", &engine)
        .env("CALLS", shop.beside("bin").join("calls"))
        .output();
    let output = output.unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let rows: Vec<Vec<&str>> = said.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows.len(), 3, "{said}");
    for (row, tool) in rows[1..].iter().zip(["pip", "uv"]) {
        assert_eq!(row[..2], [tool, "123.5"], "{said}");
        assert_eq!(row.len(), 5, "a median and two runs: {said}");
    }
    let calls = std::fs::read_to_string(shop.beside("bin").join("calls")).unwrap();
    assert_eq!(
        calls.lines().filter(|call| call.starts_with("build --quiet --no-cache")).count(),
        4,
        "{calls}"
    );
}

/// Locks with the wheels where they are, and names them as the image has them.
fn lock(shop: &uvshift_testkit::Project, wheels: &std::path::Path) {
    let text = shop.text("pyproject.toml");
    let here = wheels.to_string_lossy();
    shop.write("pyproject.toml", text.replace("\"/wheels\"", &format!("\"{here}\"")));
    let locked = uv_command(shop).arg("lock").output().unwrap();
    assert!(locked.status.success(), "{}", String::from_utf8_lossy(&locked.stderr));
    let lock = shop.text("uv.lock").replace("../base/wheels", "/wheels").replace(&*here, "/wheels");
    shop.write("uv.lock", lock);
    shop.write("pyproject.toml", text);
}

fn project(port: u16) -> Project {
    Project {
        name: "shop".into(),
        version: "1.0".into(),
        requires_python: ">=3.10".into(),
        python: "3.11".into(),
        python_versions: vec!["3.11".into()],
        groups: vec!["dev".into()],
        default_groups: vec!["dev".into()],
        uv: "0.13.9".into(),
        has_lock: true,
        entry: Entry {
            kind: Application::Wsgi,
            target: "app.py".into(),
            command: vec!["python".into(), "app.py".into(), port.to_string()],
            port,
            health: "/health".into(),
            ..Entry::default()
        },
        ..Project::default()
    }
}

use super::*;

fn notes(files: &[(&str, &str)]) -> ImageNotes {
    let folder = tempfile::tempdir().unwrap();
    let mut tree = Tree::from_disk(folder.path()).unwrap();
    tree.lay_over("Dockerfile", Some(Vec::new()));
    for (path, text) in files {
        tree.lay_over(path, Some(text.as_bytes().to_vec()));
    }
    ImageNotes::read(&tree, &[])
}

#[test]
fn what_images_are_built_from() {
    let compose = "services:\n  a:\n    build: ./a\n  b:\n    build: {context: ., dockerfile: docker/b/Dockerfile}\n    volumes: ['.:/app', '/app/.venv', {type: bind, source: x, target: /opt/}]\n  c:\n    build: $HERE\n";
    let workflow = "jobs:\n  x:\n    steps:\n      - uses: docker/build-push-action@v6\n        with: {context: c, file: other/Dockerfile}\n      - uses: docker/build-push-action@v6\n        with: {context: '${{ x }}'}\n";
    let makefile = "image:\n\tdocker buildx build --platform linux/amd64 -t x:1 \\\n\t  -f d/Dockerfile .\n\tcd z && docker build .\n\tdocker build -t $(NAME) $(DIR)\n\tdocker build --tag=y e\n";
    let notes =
        notes(&[("compose.yaml", compose), (".github/workflows/ci.yml", workflow), ("Makefile", makefile)]);
    let found: Vec<(&str, &str)> = notes
        .contexts
        .iter()
        .flat_map(|(file, folders)| folders.iter().map(move |folder| (file.as_str(), folder.as_str())))
        .collect();
    let expected = [
        ("a/Dockerfile", "a"),
        ("d/Dockerfile", ""),
        ("docker/b/Dockerfile", ""),
        ("e/Dockerfile", "e"),
        ("other/Dockerfile", "c"),
    ];
    assert_eq!(found, expected);
    let mounts: Vec<&str> = notes.mounts["docker/b/Dockerfile"].iter().map(|it| it.target.as_str()).collect();
    assert_eq!(mounts, ["/app", "/app/.venv", "/opt"]);
}

/// A file, its text, and the first line that is noted.
type Case = (&'static str, &'static str, Option<(usize, What)>);

#[test]
fn lines_that_count_on_a_python() {
    let cases: &[Case] = &[
        ("run.sh", "#!/bin/sh\nsu - app -c 'python x.py'\n", Some((2, What::Path))),
        ("run.sh", "#!/bin/sh\nexec env -i python x.py\n", Some((2, What::Path))),
        ("run.sh", "#!/bin/sh\nexec gosu app python x.py\n", None),
        ("run.sh", "#!/bin/sh\npip install -r x.txt\n", Some((2, What::Installs))),
        ("compose.yaml", "command: pip3 install x\n", Some((1, What::StartsPip))),
        (".gitlab-ci.yml", "script: pip3 install x\n", None),
        ("compose.yaml", "- x:/usr/local/lib/python3.12\n", None),
        ("run.sh", "export PATH=/usr/local/bin:/bin\n", Some((1, What::Path))),
        ("run.sh", "export PATH=/usr/local/bin:$PATH\n", None),
        ("run.sh", "# su - app\nsudo apt-get install x\n", None),
        ("bin/tool", "#!/usr/local/bin/python3\n", Some((1, What::Local))),
        ("tool.py", "#!/usr/bin/python3\nx = '/usr/local/bin/python'\n", Some((1, What::System))),
        ("tool.py", "#!/usr/bin/env python3\n", None),
        ("sv.conf", "[program:x]\ncommand=/usr/local/bin/gunicorn x\n", Some((2, What::Local))),
        ("sv.conf", "[program:x]\ncommand=/usr/local/bin/start.sh\n", None),
        ("etc/pip.conf", "[global]\nindex-url = https://index.example/\n", Some((2, What::Pip))),
        ("etc/pip.conf", "[global]\nno-cache-dir = true\n", None),
        ("etc/cron.d/x", "SHELL=/bin/sh\n* * * * * root python /x.py\n", Some((2, What::Cron))),
        ("k8s/app.yaml", "command: [/usr/local/bin/celery]\n", Some((1, What::Starts))),
    ];
    for (path, text, expected) in cases {
        let notes = notes(&[(path, text)]);
        let found = notes.lines.first().map(|line| (line.number, line.what));
        assert_eq!(found, *expected, "{path}: {text}");
    }
}

#[test]
fn files_and_folders_are_there() {
    let notes = notes(&[("a/b.txt", ""), ("a-c", "")]);
    assert!(notes.has("a") && notes.has("a/b.txt") && notes.has("Dockerfile"));
    assert!(!notes.has("a/b") && !notes.has("b"));
}

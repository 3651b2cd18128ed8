//! Lines that name a file, and lines that only seem to.

use super::{Reference, find_references};

const ALL: &[&str] = &[
    "requirements.txt",
    "requirements-dev.txt",
    "requirements/base.txt",
    "requirements/dev.txt",
    "docs/requirements.txt",
    "constraints.txt",
    "requirements.in",
];

/// The targets that a line in a file names.
fn named(file: &str, text: &str) -> Vec<&'static str> {
    let found = find_references(ALL, [(file, text.as_bytes())].into_iter());
    ALL.iter().zip(found).filter(|(_, lines)| !lines.is_empty()).map(|(target, _)| *target).collect()
}

#[track_caller]
fn check(file: &str, text: &str, expected: &[&str]) {
    assert_eq!(named(file, text), expected, "{file}: {text}");
}

#[test]
fn the_folder_of_a_clone() {
    let clone = "git clone https://example.org/team/shop.git\n";
    for path in ["shop/requirements.txt", "./shop/requirements.txt"] {
        check("README.md", &format!("{clone}pip install -r {path}"), &["requirements.txt"]);
    }
    check(
        "README.md",
        &format!("{clone}pip install -r shop/docs/requirements.txt"),
        &["docs/requirements.txt"],
    );
    check("README.md", &format!("{clone}pip install -r other/requirements.txt"), &[]);
    check("README.md", "pip install -r shop/requirements.txt", &[]);
    // A folder that is there is meant by its name.
    check("README.md", "git clone https://example.org/docs\npip install -r docs/requirements-dev.txt", &[]);
}

#[test]
fn paths_from_the_root() {
    for text in [
        "pip install -r requirements/dev.txt",
        "pip install -r ./requirements/dev.txt",
        "pip install -rrequirements/dev.txt",
        "pip install --requirement=requirements/dev.txt",
        "COPY requirements/dev.txt,b /",
        "pip install -r requirements\\dev.txt",
        "pip install -r \".\\requirements\\dev.txt\"",
        "see [the list](requirements/dev.txt).",
        "deps = -r{toxinidir}/requirements/dev.txt",
        "-r ${ROOT}/requirements/dev.txt",
        "-r $(CURDIR)/requirements/dev.txt",
        "-r ${{ github.workspace }}/requirements/dev.txt",
        "- ./requirements/dev.txt:/app/requirements/dev.txt:ro",
        "https://raw.example/org/repo/main/requirements/dev.txt",
        "os.path.join(ROOT, \"requirements/dev.txt\")",
        "参见requirements/dev.txt。",
        "requirements/dev.txt",
    ] {
        check("Makefile", text, &["requirements/dev.txt"]);
        check("scripts/ci/run.sh", text, &["requirements/dev.txt"]);
    }
}

#[test]
fn another_file_is_not_the_target() {
    for text in [
        "old-requirements.txt",
        "my_requirements.txt",
        "requirements.txt.bak",
        "requirements.txt~",
        "requirements.txt-old",
        "requirements.txts",
        "requirements.txt/x",
        "tests/requirements.txt",
        "a/requirements/dev.txt",
        "requirements/dev.txt.j2",
        "requirements/devel.txt",
        "requirements",
        "dev.txt",
        "*.txt",
        "include *.in",
        "glob('*')",
        "exclude = docs/*,build",
        "constraints.txt2",
        "${FILE}.txt",
    ] {
        check("Makefile", text, &[]);
    }
}

#[test]
fn paths_from_the_folder_of_the_file() {
    check("requirements/dev.txt", "-r base.txt", &["requirements/base.txt"]);
    check("requirements/Makefile", "pip install -r dev.txt", &["requirements/dev.txt"]);
    check("docs/Makefile", "-r ../requirements/dev.txt", &["requirements/dev.txt"]);
    check("docs/conf.py", "-r ../requirements.txt", &["requirements.txt"]);
    check("docs/Makefile", "pip install -r requirements.txt", &["docs/requirements.txt"]);
    check("docs/api/Makefile", "pip install -r ../requirements.txt", &["docs/requirements.txt"]);
    check("a/b/c.sh", "pip install -r requirements.txt", &["requirements.txt"]);
    check("Makefile", "cd docs && pip install -r ../requirements.txt", &["requirements.txt"]);
}

#[test]
fn bare_names() {
    check("Dockerfile", "COPY requirements.txt .", &["requirements.txt"]);
    check(".github/workflows/a.yml", "run: pip install -r requirements.txt", &["requirements.txt"]);
    check(
        "Makefile",
        "cd docs && pip install -r requirements.txt",
        &["requirements.txt", "docs/requirements.txt"],
    );
    check(
        "a.yml",
        "working-directory: docs\nrun: |\n  pip install -r requirements.txt",
        &["requirements.txt", "docs/requirements.txt"],
    );
    check("Makefile", "cd requirements && pip install -r dev.txt", &["requirements/dev.txt"]);
    check("noxfile.py", "Path(\"requirements\") / \"dev.txt\"", &["requirements/dev.txt"]);
    let above = "\n".repeat(9);
    check("Makefile", &format!("cd requirements{above}pip install -r dev.txt"), &[]);
    check("Makefile", "-r $ROOT/requirements.txt", &["requirements.txt"]);
    check("Dockerfile", "RUN pip install -r /tmp/requirements.txt", &["requirements.txt"]);
    check("Dockerfile", "RUN pip install -r /src/docs/requirements.txt", &["docs/requirements.txt"]);
    // Distinctive, and no other file of that name is nearer.
    let found = find_references(
        &["backend/requirements.txt", "backend/dev.txt"],
        [("a.sh", &b"-r requirements.txt -r dev.txt"[..])].into_iter(),
    );
    assert_eq!((found[0].len(), found[1].len()), (1, 0));
}

#[test]
fn words_in_bold_are_no_patterns() {
    for text in ["- [ ] Added **dev** and *dev*.", "**requirements**"] {
        check(".github/pull_request_template.md", text, &[]);
    }
    assert!(!named("a.sh", "cat **dev**").is_empty());
    check("README.md", "pip install -r *-dev.txt", &["requirements-dev.txt"]);
}

#[test]
fn patterns() {
    let root = ["requirements.txt", "requirements-dev.txt"];
    check("Dockerfile", "COPY requirements*.txt ./", &root);
    check(
        "a.yml",
        "hashFiles('**/requirements*.txt')",
        &["requirements.txt", "requirements-dev.txt", "docs/requirements.txt"],
    );
    check("a.yml", "hashFiles('**/requirements.txt')", &["requirements.txt", "docs/requirements.txt"]);
    check("Makefile", "requirements/*.txt", &["requirements/base.txt", "requirements/dev.txt"]);
    check("Makefile", "requirements/*", &["requirements/base.txt", "requirements/dev.txt"]);
    check("MANIFEST.in", "recursive-include requirements *.txt", &[]);
    check("Makefile", "requirements-${ENV}.txt", &["requirements-dev.txt"]);
    check("Makefile", "requirements-$ENV.txt requirements-$(ENV).txt", &["requirements-dev.txt"]);
    check("a.j2", "-r requirements/{{ env }}.txt", &["requirements/base.txt", "requirements/dev.txt"]);
    check("a.py", "f\"requirements/{env}.txt\"", &["requirements/base.txt", "requirements/dev.txt"]);
    check("a.py", "'requirements/%s.txt' % env", &["requirements/base.txt", "requirements/dev.txt"]);
    check("a.bat", "requirements\\%ENV%.txt", &["requirements/base.txt", "requirements/dev.txt"]);
    check("a.md", "requirements/<env>.txt", &["requirements/base.txt", "requirements/dev.txt"]);
    check("a.sh", "requirements/{base,test}.txt", &["requirements/base.txt"]);
    check(
        "a.sh",
        "requirements{,-dev}.{in,txt}",
        &["requirements.txt", "requirements-dev.txt", "requirements.in"],
    );
    check("a.yml", "requirements/${{ matrix.env }}.txt", &["requirements/base.txt", "requirements/dev.txt"]);
    check("a.sh", "requirements/${FILE}", &["requirements/base.txt", "requirements/dev.txt"]);
    check(
        "a.sh",
        "requirements/d?v.txt requirements/[ab]ase.txt",
        &["requirements/base.txt", "requirements/dev.txt"],
    );
    check("a.sh", "requirements.*", &["requirements.txt", "requirements.in"]);
    check("a.sh", "${X}-requirements.txt", &[]);
}

#[test]
fn what_a_reference_shows() {
    let long = format!("\t pip install -r requirements.txt -r requirements.txt {}", "x".repeat(300));
    let text = format!("a\r\nb\r\n{long}\r\nrequirements.txt\r\n");
    let big = [vec![b' '; (1 << 20) - 10], b" requirements.txt ".to_vec()].concat();
    let files: [(&str, &[u8]); 5] = [
        ("Makefile", text.as_bytes()),
        ("requirements.txt", b"# pip-compile requirements.txt"),
        ("image.png", b"\x89PNG\0 requirements.txt"),
        ("big.txt", &big),
        ("latin.txt", b"f\xfcr requirements.txt"),
    ];
    let found = find_references(&["requirements.txt", "other.txt"], files.into_iter());
    let lines: Vec<_> = found[0].iter().map(|found| (found.file.as_str(), found.line)).collect();
    assert_eq!(lines, [("Makefile", 3), ("Makefile", 4), ("latin.txt", 1)]);
    assert!(found[0][0].text.starts_with("pip install") && found[0][0].text.chars().count() == 160);
    assert_eq!(
        found[0][2],
        Reference { file: "latin.txt".into(), line: 1, text: "f\u{fffd}r requirements.txt".into() }
    );
    assert!(found[1].is_empty());
    assert!(find_references(&[], files.into_iter()).is_empty());
}

#[test]
fn names_that_are_no_plain_words() {
    let targets = ["my reqs.txt", "anforderungen-für.txt", "REQUIREMENTS", "reqs/[x].txt"];
    let text =
        "-r 'my reqs.txt'\n-r anforderungen-für.txt\n-r REQUIREMENTS\nxanforderungen-für.txt\n-r [x].txt\n";
    let found = find_references(&targets, [("a.sh", text.as_bytes())].into_iter());
    let lines: Vec<Vec<usize>> =
        found.iter().map(|lines| lines.iter().map(|found| found.line).collect()).collect();
    assert_eq!(lines, [vec![1], vec![2], vec![3], vec![5]]);
}

//! Every code, with a text that gives it.

use std::collections::{BTreeSet, HashMap};

use uvshift_diagnostics::{Diagnostic, Safety};
use uvshift_requirements::{
    LoadError, Loader, Options, Role, VariablePolicy, codes, include_target, parse, resolve,
};

/// Texts of one file and the codes they give, in order.
const CASES: &[(&str, &[&str])] = &[
    // Nothing to say.
    ("flask>=2,<3 ; python_version < \"3.12\"  # via web\n", &[]),
    ("a==1 \\\n  --hash=sha256:aa \\\n  --hash=sha512:bb\n", &[]),
    ("-r base.txt\n-c pins.txt\n-i https://index.example/simple\n--no-index\n-f wheels\n", &[]),
    ("a @ git+https://git.example/a@v1\n-e ./a\n./b.zip\n", &["R037"]),
    ("a @ https://files.example/a.zip ; os_name == 'nt'\n", &[]),
    ("a @ git+ssh://git@git.example/a\n", &[]),
    ("a @ https://${USER_NAME}:${TOKEN}@files.example/a.zip\n", &["R023", "R023"]),
    // Requirements.
    ("4 + 4\n", &["R001"]),
    ("a=1.0\n", &["R001"]),
    ("a=>1.0\n", &["R001"]),
    ("a>=1.*\n", &["R002"]),
    ("a==dev\n", &["R002"]),
    ("a<>1\n", &["R002"]),
    ("a>=1.0+local\n", &["R002"]),
    ("a ; python_version\n", &["R003"]),
    ("a ; python_version not in '3.9, 3.10'\n", &["R004"]),
    ("a ; python_version >= '3.6.*'\n", &["R004"]),
    ("a ; python_version ~= '3.9.0'\n", &["R004"]),
    ("git+https://git.example/a#egg=a[x]\n", &["R005"]),
    ("a===weird\n", &["R038"]),
    ("a==99999999999999999999999\n", &["R038"]),
    ("a;\n", &["R031"]),
    ("a()\n", &["R031"]),
    ("a==1,\n", &["R031"]),
    ("a_\n", &["R031"]),
    ("a @ https://files.example/a.zip; os_name == 'nt'\n", &["R031"]),
    // Locations.
    ("hg+https://hg.example/a#egg=a\n", &["R021"]),
    ("svn+https://svn.example/a#egg=a\n", &["R021"]),
    ("bzr+https://bzr.example/a#egg=a\n", &["R021"]),
    ("a @ https://me:secret@files.example/a.zip\n", &["R022"]),
    ("-i https://me:secret@index.example/simple\n", &["R022"]),
    ("-r https://me:secret@files.example/a.txt\n", &["R022"]),
    ("git+git@git.example:a/b#egg=b\n", &["R029", "R037"]),
    ("./a#egg=a\n", &["R032", "R037"]),
    ("broken.whl\n", &["R035"]),
    ("https://[broken/a.zip\n", &["R035"]),
    ("https://files.example/a.zip\n", &["R037"]),
    // Options.
    ("--frobnicate\n", &["R006"]),
    ("a --global-option=x\n", &["R007"]),
    ("--use-wheel\n", &["R007"]),
    ("--no\n", &["R008"]),
    ("--extra-index https://index.example/simple\n", &["R009"]),
    ("a --hash=md5:aa\n", &["R010"]),
    ("-i\n", &["R010"]),
    ("-e 'open\n", &["R011"]),
    ("a ; sys_platform == 'x -y'\n", &["R011"]),
    ("a --pre\n", &["R012"]),
    ("a -r b.txt\n", &["R012"]),
    ("-r base.txt --no-index\n", &["R013"]),
    ("-r base.txt -c pins.txt\n", &["R013"]),
    ("-i https://index.example/simple --no-index\n", &["R014"]),
    ("-f a -f b\n", &["R014"]),
    ("--hash=sha256:aa\n", &["R018"]),
    ("a==1\n    --hash=sha256:aa\n", &["R018"]),
    ("-e ./a ; python_version < '3'\n", &["R019"]),
    ("-r base.txt other.txt\n", &["R020"]),
    ("-r=base.txt\n", &["R026"]),
    ("-rbase.txt\n", &["R027"]),
    ("a -C k=v\n", &["R028"]),
    ("-e a @ git+https://git.example/a\n", &["R030"]),
    ("--pre\n", &["R033"]),
    ("--only-final a\n", &["R033"]),
    ("-e https://files.example/a.zip\n", &["R034"]),
    ("-e git+https://git.example/a\n", &["R034"]),
    ("-e ./a --hash=sha256:aa\n", &["R036"]),
    ("-e git+https://git.example/a#egg=a\n", &["R048"]),
    ("-r sub\\base.txt\n", &["R049"]),
    ("-r 'with space.txt'\n", &["R050"]),
    ("-e '.[x]'\n", &["R050"]),
    ("./a;os_name == 'nt'\n", &["R031", "R037"]),
    // Lines.
    ("a # comment \\\nb\n", &["R015"]),
    ("a==1 \\\n# comment \\\n  --hash=sha256:aa\n", &["R016", "R018"]),
    ("a==1 \\ \n  --hash=sha256:aa\n", &["R017", "R018"]),
    ("a --hash=sha256:aa \\ \n", &["R017"]),
    ("a==${VERSION}\n", &["R001", "R023"]),
    ("a\u{b}b\n", &["R025"]),
    ("a\u{2028}b\n", &["R025"]),
];

fn codes_of(diagnostics: &[Diagnostic]) -> Vec<&'static str> {
    diagnostics.iter().map(|found| found.code.id()).collect()
}

#[test]
fn texts_give_their_codes() {
    for (text, expected) in CASES {
        let document = parse(text);
        assert_eq!(&codes_of(document.diagnostics()), expected, "{text:?}: {:#?}", document.diagnostics());
    }
}

#[test]
fn every_diagnostic_is_complete() {
    for (text, _) in CASES {
        for found in parse(text).diagnostics() {
            assert!(codes::ALL.contains(&found.code), "{found}");
            assert!(found.pip.is_some() && found.uv.is_some(), "{text:?}: {found:?}");
            assert!(found.line.is_some(), "{text:?}: {found}");
            let span = found.span.unwrap_or_else(|| panic!("{text:?}: {found} has a place"));
            assert!(span.text(text).is_some_and(|place| !place.is_empty()), "{text:?}: {found:?}");
            assert!(!found.message.ends_with('.'), "{found}");
            let secret = format!("{found:?}");
            assert!(!secret.contains("secret"), "a password is in {secret}");
        }
    }
}

#[test]
fn fixes_give_valid_lines() {
    for (text, fixed, safety) in [
        ("a>=1.*\n", "a>=1\n", Safety::NeedsReview),
        ("a<>1\n", "a!=1\n", Safety::NeedsReview),
        ("a==dev,>1\n", "a,>1\n", Safety::NeedsReview),
        ("a=1.0\n", "a==1.0\n", Safety::NeedsReview),
        ("a=>1.0\n", "a>=1.0\n", Safety::NeedsReview),
        ("a>=1.0+local\n", "a>=1.0\n", Safety::NeedsReview),
        ("--extra-index https://h\n", "--extra-index-url https://h\n", Safety::Safe),
        ("x \\\n <>1\n", "x \\\n !=1\n", Safety::NeedsReview),
    ] {
        let document = parse(text);
        let fix = document.diagnostics()[0].fix.clone().unwrap_or_else(|| panic!("{text:?} has a fix"));
        let mut result = text.to_owned();
        for edit in fix.edits.iter().rev() {
            result.replace_range(edit.span.range(), &edit.replacement);
        }
        assert_eq!((result.as_str(), fix.safety), (fixed, safety));
    }
}

struct Memory(HashMap<&'static str, &'static [u8]>);

impl Loader for Memory {
    fn load(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        self.0.get(path).map(|bytes| bytes.to_vec()).ok_or(LoadError::NotFound)
    }
}

/// Files, options, and the codes they give.
type Case<'a> = (&'a [(&'static str, &'static str)], &'a Options, &'a [&'static str]);

fn resolved_codes(files: &[(&'static str, &'static str)], options: &Options) -> Vec<&'static str> {
    let loader = Memory(files.iter().map(|(path, text)| (*path, text.as_bytes())).collect());
    let resolved = resolve("main.txt", &loader, options);
    assert!(resolved.diagnostics.iter().all(|found| found.file.is_some() && found.line.is_some()));
    codes_of(&resolved.diagnostics)
}

#[test]
fn files_give_their_codes() {
    let keep = Options::default();
    let values = Options {
        variables: VariablePolicy::Values([("DIRECTORY".to_owned(), "sub".to_owned())].into()),
        ..Options::default()
    };
    let constraints = Options { role: Role::Constraints, ..Options::default() };
    let cases: &[Case<'_>] = &[
        (&[("main.txt", "-r missing.txt\n")], &keep, &["R040"]),
        (&[], &keep, &["R040"]),
        (&[("main.txt", "# -*- coding: klingon -*-\n")], &keep, &["R041"]),
        (&[("main.txt", "-r main.txt\n")], &keep, &["R042"]),
        (&[("main.txt", "-r a.txt\n"), ("a.txt", "-c main.txt\n")], &keep, &["R042"]),
        (&[("main.txt", "-r https://files.example/a.txt\n")], &keep, &["R043"]),
        (&[("main.txt", "-r ../a.txt\n")], &keep, &["R044"]),
        (&[("main.txt", "-c c.txt\n"), ("c.txt", "-r a.txt\n"), ("a.txt", "a\n")], &keep, &["R045"]),
        (&[("main.txt", "-c c.txt\n"), ("c.txt", "a[x]==1\n")], &keep, &["R046"]),
        (&[("main.txt", "-e ./a\n./b.zip\n")], &constraints, &["R037", "R046", "R046"]),
        (&[("main.txt", "-r ${DIRECTORY}/a.txt\n")], &keep, &["R023", "R047"]),
        (&[("main.txt", "-r ${DIRECTORY}/a.txt\n"), ("sub/a.txt", "a\n")], &values, &["R023"]),
        (&[("main.txt", "a @ https://${HOST}/a.zip\n")], &values, &["R023", "R024"]),
    ];
    for (files, options, expected) in cases {
        assert_eq!(&resolved_codes(files, options), expected, "{files:?}");
    }
}

#[test]
fn every_code_has_a_case() {
    let mut shown: BTreeSet<&str> = CASES.iter().flat_map(|(_, codes)| codes.iter().copied()).collect();
    // The cases of `files_give_their_codes`.
    shown.extend(["R024", "R040", "R041", "R042", "R043", "R044", "R045", "R046", "R047"]);
    // A file over 4 GiB is too large for a test.
    shown.insert("R039");
    let all: Vec<_> = codes::ALL.iter().map(|code| code.id()).collect();
    assert!(all.is_sorted(), "codes are in order");
    assert_eq!(all.iter().copied().collect::<BTreeSet<_>>(), shown);
    let names: BTreeSet<_> = codes::ALL.iter().map(|code| code.name()).collect();
    assert_eq!(names.len(), all.len(), "names are unique");
}

#[test]
fn roles_and_edges_follow_pip() {
    let loader = Memory(
        [
            ("requirements/main.txt", "-r base.txt\n-c ../pins.txt\na\n".as_bytes()),
            ("requirements/base.txt", b"-c ../pins.txt\nb\n"),
            ("pins.txt", b"-r more.txt\n-c even.txt\na==1\n"),
            ("more.txt", b"c\n"),
            ("even.txt", b"d==1\n"),
        ]
        .into(),
    );
    let resolved = resolve("requirements/main.txt", &loader, &Options::default());
    let roles: Vec<_> = resolved.files.iter().map(|file| (file.path.as_str(), file.role)).collect();
    // pip: `-r` within a constraints file gives requirements.
    assert_eq!(
        roles,
        [
            ("requirements/main.txt", Role::Requirements),
            ("requirements/base.txt", Role::Requirements),
            ("pins.txt", Role::Constraints),
            ("more.txt", Role::Requirements),
            ("even.txt", Role::Constraints),
        ]
    );
    let edges: Vec<_> = resolved.edges.iter().map(|edge| (edge.from, edge.line)).collect();
    assert_eq!(edges.len(), 5);
    assert!(edges.contains(&(0, 1)) && edges.contains(&(0, 2)) && edges.contains(&(1, 1)));
}

#[test]
fn include_paths_are_joined_as_pip_joins_them() {
    use uvshift_requirements::IncludeTarget::{Local, Outside, Remote};
    for (from, target, expected) in [
        ("main.txt", "a.txt", Local("a.txt".into())),
        ("requirements/main.txt", "a.txt", Local("requirements/a.txt".into())),
        ("requirements/main.txt", "../a.txt", Local("a.txt".into())),
        ("requirements/main.txt", "./b/../a.txt", Local("requirements/a.txt".into())),
        ("requirements\\main.txt", "sub\\a.txt", Local("requirements/sub/a.txt".into())),
        ("main.txt", "../a.txt", Outside("../a.txt".into())),
        ("main.txt", "/etc/a.txt", Outside("/etc/a.txt".into())),
        ("main.txt", "C:\\a.txt", Outside("C:/a.txt".into())),
        ("main.txt", "file:///srv/a.txt", Outside("file:///srv/a.txt".into())),
        ("main.txt", "HTTPS://h/a.txt", Remote("HTTPS://h/a.txt".into())),
        ("https://h/x/main.txt", "a.txt", Remote("https://h/x/a.txt".into())),
        ("https://h/x/main.txt?q", "../a.txt", Remote("https://h/a.txt".into())),
    ] {
        assert_eq!(include_target(from, target), expected, "{from} {target}");
    }
}

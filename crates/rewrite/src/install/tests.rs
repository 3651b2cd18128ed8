use super::args::{items, render};
use super::options::{FLAGS, Fate, VALUES, fate};
use super::target::Target;
use crate::context::{Context, UvProject};
use crate::shell::parse;

#[test]
#[expect(clippy::disallowed_methods, reason = "the test asks uv")]
fn uv_takes_every_option_that_is_given_on() {
    let flags = FLAGS.iter().map(|name| (*name, None));
    let values = VALUES.iter().map(|name| {
        let value = match *name {
            "--keyring-provider" => "subprocess",
            "--python-version" => "3.11",
            "--uploaded-prior-to" => "2026-01-01",
            "-C" | "--config-settings" | "--config-setting" => "a=b",
            _ => "x",
        };
        (*name, Some(value))
    });
    let mut asked = 0;
    for (name, value) in flags.chain(values) {
        let given = match fate(name) {
            Fate::Same => name,
            Fate::Named(other) => other,
            Fate::Goes | Fate::Differs(_) | Fate::Stays(_) => continue,
        };
        let mut uv = std::process::Command::new(uvshift_testkit::uv());
        uv.args(["pip", "install", given]).args(value).arg("--help");
        let output = uv.output().expect("uv runs");
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        asked += 1;
    }
    assert!(asked > 30, "{asked}");
}

/// The arguments of a command, without some of them, as they are written.
fn rendered(script: &str, without: &str) -> String {
    let parsed = parse(script);
    let args = &parsed.commands[0].words[1..];
    let all = items(script, args, FLAGS, VALUES).expect("known options");
    render(script, args, &all, |_, item| (item.name != without).then(|| item.written()))
}

#[test]
fn arguments_stay_as_they_are_written() {
    assert_eq!(rendered("pip -q  'a b'   --target=x -rfile", "-v"), " -q  'a b'   --target=x -rfile");
    assert_eq!(rendered("pip -v \\\n  -r \\\n  a \\\n  b", "-q"), " -v \\\n  -r \\\n  a \\\n  b");
    assert_eq!(rendered("pip -v \\\n  -q \\\n  a", "-q"), " -v \\\n  a");
    assert_eq!(rendered("pip -qU a", "-q"), " -U a");
    assert_eq!(rendered("pip -qr a b", "-q"), " -r a b");
    let parsed = parse("pip a -- -b");
    assert!(items("pip a -- -b", &parsed.commands[0].words[1..], FLAGS, VALUES).is_err());
}

#[test]
fn what_arguments_name() {
    let context = Context {
        projects: vec![
            UvProject::default(),
            UvProject { folder: "libs/a".to_owned(), ..UvProject::default() },
        ],
        ..Context::default()
    };
    let target = |text: &str| Target::of(text, Some(""), &context);
    let project = |folder: &str, extras: &[&str]| Target::Project {
        folder: folder.to_owned(),
        extras: extras.iter().map(|name| (*name).to_owned()).collect(),
    };
    assert_eq!(target("."), project("", &[]));
    assert_eq!(target("./"), project("", &[]));
    assert_eq!(target(".[a, b]"), project("", &["a", "b"]));
    assert_eq!(target("libs/a[x]"), project("libs/a", &["x"]));
    for other in [
        "libs/b",
        "dist/x-1.0.whl",
        "x-1.0-py3-none-any.whl",
        "git+https://git.example/x",
        "x @ https://x.example/x.whl",
        "dist/*.whl",
        "/x",
        "~/x",
    ] {
        assert_eq!(target(other), Target::Other, "{other}");
    }
    let plain = |name: &str, is_plain: bool| Target::Distribution {
        name: name.to_owned(),
        extras: Vec::new(),
        is_plain,
    };
    assert_eq!(target("Flask_Login"), plain("flask-login", true));
    assert_eq!(target("flask>=2"), plain("flask", false));
    assert_eq!(target("flask ; python_version < '3.9'"), plain("flask", false));
    let with_extra =
        Target::Distribution { name: "flask".to_owned(), extras: vec!["async".to_owned()], is_plain: true };
    assert_eq!(target("flask[async]"), with_extra);
}

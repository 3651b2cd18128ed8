use super::*;

/// The program, how it is named, the first argument, what is in front.
fn check(script: &str, program: &str, via: &Via, args: usize) {
    let mut scope = Scope::at_root();
    for (name, value) in [
        ("PIP", "python3 -m pip"),
        ("PYTHON", "python3.11"),
        ("VPIP", "venv/bin/pip"),
        ("LOOP", "$LOOP"),
        ("WITH_ARGS", "pip install"),
    ] {
        scope.programs.insert(name.to_owned(), value.to_owned());
    }
    let parsed = parse(script);
    let command = parsed.commands.last().expect("a command");
    let found = Invocation::of(script, command, &scope).expect("a program");
    assert_eq!((found.program.as_str(), &found.via, found.args.len()), (program, via, args), "{script}");
}

fn nothing(script: &str) {
    let parsed = parse(script);
    let command = parsed.commands.last().expect("a command");
    assert!(Invocation::of(script, command, &Scope::at_root()).is_none(), "{script}");
}

fn module(python: &str) -> Via {
    Via::Module(python.to_owned())
}

fn path(folder: &str) -> Via {
    Via::Path(folder.to_owned())
}

#[test]
fn programs_by_name() {
    for name in ["pip", "pip3", "pip3.11", "pip-3.11", "pip.exe", "pip3.13t"] {
        check(&format!("{name} install a"), "pip", &Via::Name, 2);
    }
    for name in ["python", "python3", "python3.12"] {
        check(&format!("{name} x.py"), "python", &Via::Name, 1);
    }
    check("pip-compile a", "pip-compile", &Via::Name, 1);
    check("pipenv install", "pipenv", &Via::Name, 1);
    check("pythonic x", "pythonic", &Via::Name, 1);
}

#[test]
fn programs_as_modules() {
    check("python3.12 -m pip install a", "pip", &module("python3.12"), 2);
    check("py -3 -m pip install a", "pip", &module("py"), 2);
    check("python -I -W ignore -mpip install a", "pip", &module("python"), 2);
    check("python -m venv .venv", "venv", &module("python"), 1);
    check("\"$PYTHON\" -m pip install a", "pip", &module("\"$PYTHON\""), 2);
    check("venv/bin/python -m pip install a", "pip", &module("venv/bin/python"), 2);
    check("python -c 'import pip' -m pip", "python", &Via::Name, 4);
    check("python x.py -m pip", "python", &Via::Name, 3);
}

#[test]
fn programs_by_path_and_variable() {
    check(".venv/bin/pip install a", "pip", &path(".venv/bin"), 2);
    check("\"$VENV/bin/pip\" install a", "pip", &path("$VENV/bin"), 2);
    check("${VENV}/bin/pip3 install a", "pip", &path("${VENV}/bin"), 2);
    check("~/venv/bin/pip install a", "pip", &path("~/venv/bin"), 2);
    check("'venv\\Scripts\\pip.exe' install a", "pip", &path("venv\\Scripts"), 2);
    check("$PIP install a", "pip", &Via::Variable("PIP".to_owned()), 2);
    check("\"${VPIP}\" install a", "pip", &path("venv/bin"), 2);
    check("${OTHER:-pip} install a", "pip", &Via::Variable("OTHER".to_owned()), 2);
    nothing("$UNKNOWN install a");
    nothing("$LOOP install a");
    nothing("$WITH_ARGS a");
    nothing("$(which pip) install a");
}

#[test]
fn programs_behind_others() {
    for front in [
        "sudo",
        "sudo -H -u app",
        "sudo -E PIP_X=1",
        "env -i",
        "env A=1 B=2",
        "/usr/bin/env",
        "time",
        "time -p",
        "exec",
        "nohup",
        "nice -n 5",
        "command",
        "retry -n 3",
        "travis_retry",
        "travis_wait 30",
        "timeout -s KILL 60",
        "A=1 B=2",
        "sudo env A=1",
        "xvfb-run -a",
        "conda run -n shop",
        "sudo --",
    ] {
        check(&format!("{front} pip install a"), "pip", &Via::Name, 2);
    }
    check("command -v pip", "command", &Via::Name, 2);
    check("sudo -l", "sudo", &Via::Name, 1);
    check("ls | xargs pip install", "xargs", &Via::Name, 2);
    check("ls | xargs -n 1 -P 4 pytest", "pytest", &Via::Name, 0);
}

#[test]
fn spans() {
    let script = "A=1 sudo -H python3 -m pip install a > log";
    let parsed = parse(script);
    let found = Invocation::of(script, &parsed.commands[0], &Scope::at_root()).expect("a program");
    assert_eq!(&script[found.program_span.clone()], "python3 -m pip");
    assert_eq!(&script[found.span()], "python3 -m pip install a");
    assert_eq!(&script[found.sudo.clone().expect("sudo")], "sudo -H");
    assert_eq!(&script[found.whole()], "sudo -H python3 -m pip install a");
    assert_eq!(found.subcommand().as_deref(), Some("install"));
}

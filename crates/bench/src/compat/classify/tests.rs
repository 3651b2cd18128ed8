//! What the tools really said (pip 26.3, uv 0.13.9), shortened to the lines that matter, and what it means.

use super::*;
use crate::compat::FailureClass as Class;

/// The class and what it is about.
fn told(tool: Tool, text: &str) -> (FailureClass, Option<String>) {
    let failure = failure(&Said { tool, text, details: "" });
    (failure.class, failure.about)
}

#[track_caller]
fn check(tool: Tool, text: &str, class: FailureClass, about: Option<&str>) {
    assert_eq!(told(tool, text), (class, about.map(str::to_owned)), "{text}");
}

#[test]
fn every_rule_is_read() {
    let data: DocumentMut = include_str!("../../../data/compat_failures.toml").parse().unwrap();
    let written = data["rule"].as_array_of_tables().unwrap().len();
    assert_eq!(rules().len(), written);
    assert!(written > 30);
    let told: Vec<_> = rules().iter().map(|rule| rule.class).collect();
    for class in FailureClass::ALL {
        let by_code = matches!(class, FailureClass::CannotRun | FailureClass::Unknown);
        assert!(by_code || told.contains(&class), "no rule is of {class:?}");
    }
}

#[test]
fn what_a_build_misses_is_named() {
    let pip = |line: &str| {
        format!(
            "  Getting requirements to build wheel: finished with status 'error'\n  error: subprocess-exited-with-error\n  \n\
             \x20 \u{d7} Getting requirements to build wheel did not run successfully.\n  \u{2502} exit code: 1\n\
             \x20 \u{2570}\u{2500}> [1 lines of output]\n      {line}\n      [end of output]\n  \n\
             ERROR: Failed to build 'broken' when getting requirements to build wheel\n"
        )
    };
    let uv = |line: &str| {
        format!(
            "Using CPython 3.11.7 interpreter at: /x/bin/python\nerror: Failed to build `broken==1.0`\n\
             \x20 cause: The build backend returned an error\n  cause: Call to `setuptools.build_meta.build_wheel` failed (exit \
             status: 1)\n\n         [stderr]\n         {line}\n\nhint: Build failures usually indicate a problem with the \
             package or the build environment\n"
        )
    };
    for (line, class, about) in [
        ("Error: pg_config executable not found.", Class::MissingLibrary, "pg_config"),
        ("/bin/sh: 1: mysql_config: not found", Class::MissingLibrary, "mysql_config"),
        ("fatal error: libxml/xpath.h: No such file or directory", Class::MissingLibrary, "libxml/xpath.h"),
        ("src/_ssl.c:3:10: fatal error: 'lber.h' file not found", Class::MissingLibrary, "lber.h"),
        (
            "../subprojects/dbus-gmain/meson.build:107:11: ERROR: Dependency \"dbus-1\" not found (tried pkg-config)",
            Class::MissingLibrary,
            "dbus-1",
        ),
        ("Package 'cairo' was not found in the pkg-config search path.", Class::MissingLibrary, "cairo"),
        ("/usr/bin/ld: cannot find -lldap_r: No such file or directory", Class::MissingLibrary, "ldap_r"),
        ("Exception: Can not find valid pkg-config name.", Class::MissingLibrary, "MYSQLCLIENT"),
        ("ModuleNotFoundError: No module named 'numpy'", Class::MissingBuildModule, "numpy"),
        ("error: command 'gcc' failed: No such file or directory", Class::MissingCompiler, "gcc"),
        (
            "error: command 'x86_64-linux-gnu-gcc' failed: No such file or directory",
            Class::MissingCompiler,
            "x86_64-linux-gnu-gcc",
        ),
        ("error: can't find Rust compiler", Class::MissingRust, "Rust"),
        ("Cargo, the Rust package manager, is not installed or is not on PATH.", Class::MissingRust, "Cargo"),
    ] {
        let line = if about == "MYSQLCLIENT" {
            format!("{line}\n      Specify MYSQLCLIENT_CFLAGS and MYSQLCLIENT_LDFLAGS env vars manually")
        } else {
            line.to_owned()
        };
        for (tool, text) in [(Tool::Pip, pip(&line)), (Tool::Uv, uv(&line))] {
            check(tool, &text, class, Some(about));
            let message = failure(&Said { tool, text: &text, details: "" }).message;
            assert!(message.starts_with(line.lines().next().unwrap()), "{message}");
        }
    }
    check(Tool::Pip, &pip("RuntimeError: boom"), Class::BuildFailed, Some("broken"));
    check(Tool::Uv, &uv("RuntimeError: boom"), Class::BuildFailed, Some("broken"));
    for (tool, text) in [(Tool::Pip, pip("RuntimeError: boom")), (Tool::Uv, uv("RuntimeError: boom"))] {
        let message = failure(&Said { tool, text: &text, details: "" }).message;
        assert!(message.starts_with("RuntimeError: boom (Failed to build"), "{message}");
    }
}

#[test]
fn uv_tells_why_nothing_fits() {
    let cause = "error: No solution found when resolving dependencies\n  cause: ";
    let end = " and you require it, we can conclude that your requirements are unsatisfiable.";
    for (text, class, about) in [
        ("Because nonesuch was not found in the package registry", Class::NoSuchPackage, Some("nonesuch")),
        ("Because only flask<=3.1.3 is available", Class::NoSuchVersion, Some("flask")),
        ("Because there is no version of flask==99", Class::NoSuchVersion, Some("flask")),
        (
            "Because tensorflow==2.3.0 has no wheels with a matching Python ABI tag (e.g., `cp311`)",
            Class::NoWheel,
            Some("tensorflow"),
        ),
        (
            "Because newpy==1.0 requires Python >=3.14 and only newpy==1.0 is available",
            Class::OtherPython,
            Some(">=3.14"),
        ),
        (
            "Because all versions of b depend on c>=2 and all versions of a depend on c<2, we can conclude that all \
             versions of a and all versions of b are incompatible.\n         And because you require a",
            Class::Conflict,
            None,
        ),
        (
            "Because plain was not found in the package registry, we can conclude it.\n\nhint: An index URL (http://x/) \
             could not be queried due to a lack of valid authentication credentials (401 Unauthorized)\n",
            Class::Authentication,
            None,
        ),
        (
            "Because all versions of psycopg2 have no usable wheels.\n\nhint: Wheels are required for `psycopg2` because \
             building from source is disabled for all packages (i.e., with `--no-build`)\n",
            Class::NeedsBuild,
            Some("psycopg2"),
        ),
    ] {
        check(Tool::Uv, &format!("{cause}{text}{end}\n"), class, about);
    }
}

#[test]
fn a_contradiction_is_told_although_versions_without_wheels_were_looked_at() {
    let text = "error: No solution found when resolving dependencies\n  cause: Because all of:\n  tools>=1.9,<=1.10\nhave no \
                usable wheels, we can conclude that tools and protobuf>=4 are incompatible.\n         And because you require \
                tools and protobuf==3.20.*, we can conclude that your requirements are unsatisfiable.\n\nhint: Wheels are \
                required for `tools` because building from source is disabled for all packages (i.e., with `--no-build`)\n";
    check(Tool::Uv, text, Class::Conflict, None);
    let alone = "error: No solution found when resolving dependencies\n  cause: Because nvd>=0.15 has no usable wheels and \
                 flow==2.9 depends on nvd>=0.15, we can conclude that flow==2.9 cannot be used.\n         And because you \
                 require flow==2.9, we can conclude that your requirements are unsatisfiable.\n\nhint: Wheels are required \
                 for `nvd` because building from source is disabled for all packages (i.e., with `--no-build`)\n";
    check(Tool::Uv, alone, Class::NeedsBuild, Some("nvd"));
}

#[test]
fn uv_tells_what_it_could_not_get() {
    for (text, class) in [
        (
            "error: Failed to fetch: http://127.0.0.1:1/s/plain/\n  cause: error sending request for url \
             (http://127.0.0.1:1/s/plain/)\n  cause: client error (Connect)\n  cause: tcp connect error\n",
            Class::Network,
        ),
        (
            "error: Failed to fetch: http://x/plain/\n  cause: HTTP status server error (500 Internal Server Error) for url \
             (http://x/plain/)\n",
            Class::Network,
        ),
        (
            "error: Failed to parse: `plain=1.0`\n  cause: no such comparison operator\n",
            Class::InvalidRequirement,
        ),
        ("error: Distribution not found at: file:///x/nofile-1.0-py3-none-any.whl\n", Class::NoSuchFile),
        (
            "error: Failed to download and build `proj @ git+file:///x/norepo`\n  cause: Git operation failed\n",
            Class::Repository,
        ),
    ] {
        assert_eq!(told(Tool::Uv, text).0, class, "{text}");
    }
}

#[test]
fn pip_tells_why_nothing_fits() {
    for (text, class, about) in [
        (
            "ERROR: Could not find a version that satisfies the requirement nonesuch (from needsmissing) (from versions: none)\n\
             ERROR: No matching distribution found for nonesuch (from needsmissing)\n",
            Class::NoSuchVersion,
            Some("nonesuch"),
        ),
        (
            "ERROR: Package 'newpy' requires a different Python: 3.11.7 not in '>=3.14'\n",
            Class::OtherPython,
            Some(">=3.14"),
        ),
        (
            "ERROR: Cannot install a==1.0 and b==1.0 because these package versions have conflicting dependencies.\n\n\
             The conflict is caused by:\n    a 1.0 depends on c<2\n    b 1.0 depends on c>=2\n\nAdditionally, some\n",
            Class::Conflict,
            Some("a==1.0 and b==1.0"),
        ),
        (
            "WARNING: Ignoring version 4.4.7 of celery since it has invalid metadata:\nERROR: Could not find a version that \
             satisfies the requirement celery==4.4.7 (from versions: 3.1.3, 4.0.0)\n",
            Class::InvalidMetadata,
            Some("celery"),
        ),
        (
            "ERROR: Invalid requirement: './nodir': Expected package name\nHint: It looks like a path. File './nodir' does \
             not exist.\n",
            Class::NoSuchFile,
            Some("./nodir"),
        ),
        ("ERROR: Invalid requirement: 'foo bar baz': Expected semicolon\n", Class::InvalidRequirement, None),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated\n",
            Class::Hash,
            None,
        ),
        (
            "  fatal: '/x/norepo' does not appear to be a git repository\n  \u{d7} git clone --filter=blob:none --quiet \
             file:///x/norepo /tmp/y did not run successfully.\nERROR: Failed to build 'proj' when git clone\n",
            Class::Repository,
            None,
        ),
        ("something that nobody has seen before\n", Class::Unknown, None),
    ] {
        check(Tool::Pip, text, class, about);
    }
}

#[test]
fn the_log_of_pip_says_what_its_terminal_does_not() {
    let text =
        "ERROR: Could not find a version that satisfies the requirement some-thing (from versions: none)\n";
    for (line, class) in [
        (
            "Skipping link: No sources permitted for some-thing: https://x/some-thing-1.0.tar.gz",
            Class::NeedsBuild,
        ),
        (
            "Skipping link: none of the wheel's tags (cp27-none-win_amd64) are compatible (run pip debug",
            Class::NoWheel,
        ),
        (
            "Link requires a different Python (3.11.7 not in: '>=3.14'): https://x/some_thing-1.whl",
            Class::OtherPython,
        ),
        (
            "Could not fetch URL http://x/some-thing/: 404 Client Error: Not Found for url",
            Class::NoSuchPackage,
        ),
        ("Could not fetch URL http://x/some-thing/: 401 Client Error: Unauthorized", Class::Authentication),
        (
            "Could not fetch URL http://x/some-thing/: connection error: [Errno 111] Connection refused",
            Class::Network,
        ),
        (
            "Given no hashes to check 0 links for project 'some-thing': discarding no candidates",
            Class::NoSuchPackage,
        ),
    ] {
        let details = format!(
            "2026-11-28T14:00:00,000 1 location(s) to search for versions of other:\n2026 Skipping link: No sources\n\
             2026-11-28T14:00:00,000 1 location(s) to search for versions of some-thing:\n2026-11-28T14:00:00,000   {line}\n"
        );
        let failure = failure(&Said { tool: Tool::Pip, text, details: &details });
        assert_eq!(failure.class, class, "{line}");
    }
}

#[test]
fn messages_are_short() {
    let versions: Vec<_> = (0..500).map(|number| format!("1.{number}")).collect();
    let text = format!(
        "ERROR: Could not find a version that satisfies the requirement flask>=99 (from versions: {})\nERROR: No matching \
         distribution found for flask>=99\n",
        versions.join(", ")
    );
    let message = failure(&Said { tool: Tool::Pip, text: &text, details: "" }).message;
    assert_eq!(
        message,
        "Could not find a version that satisfies the requirement flask>=99 (from 500 versions, the last is 1.499)"
    );
    let endless = "word ".repeat(10_000);
    let message = failure(&Said { tool: Tool::Uv, text: &endless, details: "" }).message;
    assert!(message.len() < 700);
}

#[test]
fn a_version_that_is_for_another_python_is_no_conflict() {
    let text = "The conflict is caused by:\n    The user requested dataclasses\n    The user requested (constraint) \
                dataclasses==0.8\n\nERROR: Cannot install dataclasses because these package versions have conflicting \
                dependencies.\nERROR: ResolutionImpossible: for help visit\n";
    let details = "2026-11-28T15:00:00,000 1 location(s) to search for versions of dataclasses:\n\
                   2026-11-28T15:00:00,000   Link requires a different Python (3.11.7 not in: '>=3.6, <3.7'): \
                   https://index.example/dataclasses-0.8-py3-none-any.whl (from https://index.example/simple/dataclasses/)\n";
    let failure = failure(&Said { tool: Tool::Pip, text, details });
    assert_eq!(failure.class, Class::OtherPython);
    assert_eq!(failure.message, "dataclasses 0.8 requires a different Python: 3.11.7 not in: '>=3.6, <3.7'");
}

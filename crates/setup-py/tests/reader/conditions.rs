//! Conditions on the interpreter and the platform become markers, or are not known.

use crate::common::check;

#[track_caller]
fn reqs(condition: &str, expect: &str) {
    let code = format!(
        "import sys, os, platform\nfrom setuptools import setup\nr = ['a']\nif {condition}:\n    r.append('b')\nsetup(install_requires=r)"
    );
    check(&code, &[], &format!("install_requires = {expect}"));
}

#[test]
fn exact_conditions_become_markers() {
    for (condition, marker) in [
        ("sys.version_info < (3, 8)", r#"python_version < "3.8""#),
        ("sys.version_info <= (3, 8)", r#"python_version < "3.8""#),
        ("sys.version_info[:2] <= (3, 8)", r#"python_version <= "3.8""#),
        ("sys.version_info >= (3, 11)", r#"python_version >= "3.11""#),
        ("sys.version_info > (3, 11)", r#"python_version >= "3.11""#),
        ("sys.version_info[:2] > (3, 11)", r#"python_version > "3.11""#),
        ("sys.version_info[:2] == (3, 9)", r#"python_version == "3.9""#),
        ("(3, 9) > sys.version_info", r#"python_version < "3.9""#),
        ("not sys.version_info >= (3, 9)", r#"python_version < "3.9""#),
        ("sys.version_info < (3, 9, 2)", r#"python_full_version < "3.9.2""#),
        ("sys.version_info[1] < 10", r#"python_version < "3.10""#),
        ("sys.version_info.minor < 10", r#"python_version < "3.10""#),
        ("sys.platform == 'win32'", r#"sys_platform == "win32""#),
        ("sys.platform != 'win32'", r#"sys_platform != "win32""#),
        ("sys.platform.startswith('win')", r#"sys_platform == "win32""#),
        ("sys.platform in ('win32', 'cygwin')", r#"sys_platform == "win32" or sys_platform == "cygwin""#),
        ("os.name == 'nt'", r#"os_name == "nt""#),
        ("platform.system() == 'Windows'", r#"platform_system == "Windows""#),
        ("platform.python_implementation() == 'PyPy'", r#"platform_python_implementation == "PyPy""#),
        ("hasattr(sys, 'pypy_version_info')", r#"platform_python_implementation == "PyPy""#),
        (
            "sys.platform == 'win32' and sys.version_info < (3, 9)",
            r#"sys_platform == "win32" and python_version < "3.9""#,
        ),
        ("sys.platform == 'win32' or os.name == 'nt'", r#"sys_platform == "win32" or os_name == "nt""#),
        ("(3, 6) <= sys.version_info < (3, 8)", r#"python_version >= "3.6" and python_version < "3.8""#),
    ] {
        reqs(condition, &format!("[\"a\", \"b\" ; {marker}]"));
    }
}

#[test]
fn conditions_of_python_2_are_folded() {
    for condition in [
        "sys.version_info < (3,)",
        "sys.version_info[0] == 2",
        "sys.version_info < (2, 7)",
        "sys.version_info[0] < 3",
        "sys.version_info == (3, 8)",
    ] {
        reqs(condition, r#"["a"]"#);
        reqs(&format!("not {condition}"), r#"["a", "b"]"#);
    }
}

#[test]
fn other_conditions_are_not_known() {
    for condition in [
        "'win' in sys.platform",
        "sys.platform.startswith('freebsd')",
        "platform.release() == '1'",
        "sys.maxsize > 2**32",
        "platform.system().lower() == 'windows'",
    ] {
        let code = format!(
            "import sys, platform\nfrom setuptools import setup\nr = ['a']\nif {condition}:\n    r.append('b')\nsetup(install_requires=r)"
        );
        let script = crate::common::read(&code, &[]);
        let unknown = script.arguments[0].value.unknown().unwrap_or_else(|| panic!("{condition}"));
        assert_eq!(unknown.line, 4, "{condition}: {}", unknown.why);
    }
}

#[test]
fn both_branches_have_their_marker() {
    let code = "import sys\nfrom setuptools import setup\nif sys.platform == 'win32':\n    r = ['w', 'x']\nelse:\n    r = ['u', 'x']\nif sys.version_info < (3, 9):\n    r += ['old']\nsetup(install_requires=r + ['z'], extras_require={'e': ['p'] if sys.platform == 'win32' else []})";
    check(
        code,
        &[],
        r#"install_requires = ["w" ; sys_platform == "win32", "u" ; sys_platform != "win32", "x", "old" ; python_version < "3.9", "z"]
        extras_require = {"e": ["p" ; sys_platform == "win32"]}"#,
    );
    let nested = "import sys\nfrom setuptools import setup\nr = []\nif sys.platform == 'win32':\n    if sys.version_info < (3, 9):\n        r.append('a')\nsetup(install_requires=r, scripts=r)";
    check(
        nested,
        &[],
        r#"install_requires = ["a" ; sys_platform == "win32" and python_version < "3.9"]
        scripts = ? line 6: it is there only where `sys_platform == "win32" and python_version < "3.9"`"#,
    );
}

#[test]
fn the_command_line_of_a_build_asks_for_nothing_else() {
    check(
        "import sys, os\nfrom setuptools import setup\nif 'publish' in sys.argv:\n    os.system('twine upload')\n    sys.exit()\nneeds = {'test', 'pytest'}.intersection(sys.argv)\nsetup(setup_requires=['pytest-runner'] if needs else [])",
        &[],
        "setup_requires = []",
    );
    check(
        "import sys\nfrom setuptools import setup\nr = ['a']\nif 'bdist_wheel' in sys.argv:\n    r.append('b')\nsetup(install_requires=r)",
        &[],
        "install_requires = ? line 4: it depends on the command line",
    );
}

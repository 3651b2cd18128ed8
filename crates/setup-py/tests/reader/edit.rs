//! Arguments are taken out by span; everything else stays byte for byte.

use crate::common::read;

#[track_caller]
fn without(arguments: &str, names: &[&str], expect: &str) {
    let head = "from setuptools import setup  # é\n";
    let script = read(&format!("{head}{arguments}"), &[]);
    let edited = script.without(names).unwrap_or_else(|| panic!("{arguments}"));
    assert_eq!(edited.strip_prefix(head), Some(expect), "{arguments}");
    let left = read(&edited, &[]);
    assert!(left.arguments.iter().all(|it| !names.contains(&it.name.as_str())));
}

#[test]
fn on_lines_of_their_own() {
    let call = "setup(\n    name='x',  # the name\n    # about versions\n    version='1',\n    packages=[\n        'a',  # first\n    ],\n)\n";
    without(
        call,
        &["name"],
        "setup(\n    # about versions\n    version='1',\n    packages=[\n        'a',  # first\n    ],\n)\n",
    );
    without(
        call,
        &["packages", "nothing"],
        "setup(\n    name='x',  # the name\n    # about versions\n    version='1',\n)\n",
    );
    without(call, &["name", "version", "packages"], "setup(\n    # about versions\n)\n");
    without("setup(\n    a=1,\n    b=2\n)\n", &["b"], "setup(\n    a=1,\n)\n");
    without("setup(\r\n    a=1,\r\n    b=2,\r\n)\r\n", &["a"], "setup(\r\n    b=2,\r\n)\r\n");
}

#[test]
fn on_one_line() {
    without("setup(a=1, b=2, c=3)\n", &["a"], "setup(b=2, c=3)\n");
    without("setup(a=1, b=2, c=3)\n", &["b"], "setup(a=1, c=3)\n");
    without("setup(a=1, b=2, c=3)\n", &["c"], "setup(a=1, b=2)\n");
    without("setup(a=1, b=2, c=3,)\n", &["c"], "setup(a=1, b=2, )\n");
    without("setup(a=1, b=2)", &["a", "b"], "setup()");
    without("setup(a=1,\n      b=2,\n      c=3)\n", &["a"], "setup(\n      b=2,\n      c=3)\n");
    without("setup(a=1,\n      b=2,\n      c=3)\n", &["c"], "setup(a=1,\n      b=2,\n      )\n");
    without("setup(a=1, b=2,  # two\n      c=3)\n", &["b"], "setup(a=1,  # two\n      c=3)\n");
}

#[test]
fn a_byte_order_mark_shifts_nothing() {
    let script = read("\u{feff}from setuptools import setup\nsetup(a=1, b=2)\n", &[]);
    assert_eq!(script.without(&["a"]).as_deref(), Some("\u{feff}from setuptools import setup\nsetup(b=2)\n"));
}

#[test]
fn not_through_a_dictionary_and_not_in_two_calls() {
    let script = read("from setuptools import setup\nkw = {'a': 1}\nsetup(b=2, **kw)\n", &[]);
    assert_eq!(script.without(&["a"]), None);
    assert_eq!(
        script.without(&["b"]).as_deref(),
        Some("from setuptools import setup\nkw = {'a': 1}\nsetup(**kw)\n")
    );
    let script =
        read("import o\nfrom setuptools import setup\nif o.x:\n    setup(a=1)\nelse:\n    setup(a=1)\n", &[]);
    assert_eq!(script.without(&["a"]), None);
}

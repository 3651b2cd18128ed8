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
    without(call, &["name", "version", "packages"], "setup()\n");
    without("setup(\n    a=1,\n    b=2\n)\n", &["b"], "setup(\n    a=1,\n)\n");
    without("setup(\r\n    a=1,\r\n    b=2,\r\n)\r\n", &["a"], "setup(\r\n    b=2,\r\n)\r\n");
}

#[test]
fn on_one_line() {
    without("setup(a=1, b=2, c=3)\n", &["a"], "setup(b=2, c=3)\n");
    without("setup(a=1, b=2, c=3)\n", &["b"], "setup(a=1, c=3)\n");
    without("setup(a=1, b=2, c=3)\n", &["c"], "setup(a=1, b=2)\n");
    without("setup(a=1, b=2, c=3,)\n", &["c"], "setup(a=1, b=2)\n");
    without("setup(a=1, b=2)", &["a", "b"], "setup()");
    without("setup(a=1,\n      b=2,\n      c=3)\n", &["a"], "setup(\n      b=2,\n      c=3)\n");
    without("setup(a=1,\n      b=2,\n      c=3)\n", &["c"], "setup(a=1,\n      b=2)\n");
    without("setup(a=1,\n      b=2, c=3,\n)\n", &["c"], "setup(a=1,\n      b=2,\n)\n");
    without("setup(a=1, b=2,  # two\n      c=3)\n", &["b"], "setup(a=1,  # two\n      c=3)\n");
}

#[test]
fn a_comment_above_goes_with_all_that_it_speaks_of() {
    let call = "setup(\n    # who\n    # and where\n    a=1,\n    b=2,\n\n    # what\n    c=3,\n    # more\n    d=4,\n)\n";
    without(call, &["a"], &call.replace("    a=1,\n", ""));
    without(call, &["b"], &call.replace("    b=2,\n", ""));
    without(call, &["a", "b"], "setup(\n    # what\n    c=3,\n    # more\n    d=4,\n)\n");
    without(call, &["c"], &call.replace("    # what\n    c=3,\n", ""));
    without(call, &["d"], &call.replace("    # more\n    d=4,\n", ""));
    // What somebody put out of use speaks of something else, and what is in a string is no comment.
    without("setup(\n    # z=9,\n    a=1,\n)\n", &["a"], "setup(\n    # z=9,\n)\n");
    without("setup(a='''\n# x ''',\n  b=2,\n)\n", &["b"], "setup(a='''\n# x ''',\n)\n");
    without("setup(a=1,\n      # last\n      b=2)\n", &["b"], "setup(a=1)\n");
    without("setup(a=1,  # one\n      # last\n      b=2)\n", &["b"], "setup(a=1,  # one\n      )\n");
}

#[test]
fn blank_lines_do_not_pile_up_where_something_was() {
    let call = "setup(\n    a=1,\n\n    # two\n    b=2,\n\n\n    c=3,\n    d=4,\n\n    e=5,\n)\n";
    without(call, &["b"], "setup(\n    a=1,\n\n    c=3,\n    d=4,\n\n    e=5,\n)\n");
    without(call, &["a", "b"], "setup(\n    c=3,\n    d=4,\n\n    e=5,\n)\n");
    without(call, &["d", "e"], "setup(\n    a=1,\n\n    # two\n    b=2,\n\n\n    c=3,\n)\n");
    without(call, &["c"], "setup(\n    a=1,\n\n    # two\n    b=2,\n\n\n    d=4,\n\n    e=5,\n)\n");
    without(call, &["a", "b", "c", "d", "e"], "setup()\n");
    without("setup(\r\n    a=1,\r\n\r\n    b=2,\r\n)\r\n", &["b"], "setup(\r\n    a=1,\r\n)\r\n");
}

#[test]
fn a_byte_order_mark_shifts_nothing() {
    let script = read("\u{feff}from setuptools import setup\nsetup(a=1, b=2)\n", &[]);
    assert_eq!(script.without(&["a"]).as_deref(), Some("\u{feff}from setuptools import setup\nsetup(b=2)\n"));
    let script = read("\u{feff}from setuptools import setup\nsetup(\n  # é\n  a=1,\n  b=2,\n)\n", &[]);
    assert_eq!(
        script.without(&["b", "a"]).as_deref(),
        Some("\u{feff}from setuptools import setup\nsetup()\n")
    );
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

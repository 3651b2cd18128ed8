//! Texts that were written to break the reader. None of these is timed; each would take for ever or exhaust the stack.

use crate::common::project;
use proptest::prelude::*;

fn survives(text: &str) {
    let files = project(&[("a.txt", "x\n"), ("shop/__init__.py", "import shop\n")]);
    // Both answers are fine as long as there is one.
    match uvshift_setup_py::read(text, &files) {
        Ok(script) => assert!(script.call_line >= 1),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

#[test]
fn deep_nesting_is_refused_or_survived() {
    let n = 100_000;
    for text in [
        "[".repeat(n),
        "(".repeat(n),
        format!("x = {}1{}", "(".repeat(n), ")".repeat(n)),
        format!("x = {}", "a+".repeat(n) + "a"),
        format!("x = {}1", "-".repeat(n)),
        format!("x = {}1", "not ".repeat(n)),
        format!("x = {}1", "lambda: ".repeat(n)),
        format!("x = a{}", ".b".repeat(n)),
        format!("x = a{}", "()".repeat(n)),
        format!("x = a{}", "[0]".repeat(n)),
        format!("x = {}1", "1 if a else ".repeat(n)),
        format!("x = 1{}", "**1".repeat(n)),
        format!("x = f'{}'", "{".repeat(n)),
        format!("if a: pass\n{}", "elif a: pass\n".repeat(n / 10)),
        (0..3000).flat_map(|at| [" ".repeat(at), "if a:\n".to_owned()]).collect::<String>(),
        format!("x = {}", "\"a\" ".repeat(n)),
        format!("x = {}", "a if b else (".repeat(n)),
        format!("x {}", "= y ".repeat(n)),
        format!("x = a{}", " and a".repeat(n)),
        format!("x = a{}", " < a".repeat(n)),
    ] {
        survives(&text);
        survives(&format!("from setuptools import setup\n{text}\nsetup(name='x')\n"));
    }
}

#[test]
fn work_is_limited() {
    for code in [
        "while True:\n    pass",
        "while True:\n    x = 1\n    y = [x]",
        "def f(n):\n    return f(n + 1)\nf(0)",
        "def f(n):\n    return f(n + 1) + f(n + 2)\nx = f(0)",
        "f = lambda: f()\nf()",
        "x = 'a'\nwhile len(x) < 10**9:\n    x += x",
        "x = ['a']\nwhile True:\n    x += x",
        "x = ['a']\nfor i in range(1000):\n    x = [x, x]",
        "x = ('a',)\nfor i in range(9000):\n    x = (x,)",
        "x = {}\nfor i in range(9000):\n    x = {'k': x}",
        "x = 'a' * 10**12",
        "x = ['a'] * 10**12",
        "x = [a for a in range(9999) for b in range(9999) for c in range(9999)]",
        "import re\nx = re.search('(a*)*(a*)*(a*)*b', 'a' * 100000)",
        "import re\nx = re.compile('(' * 5000 + ')' * 5000)",
        "import re\nx = re.compile('a{1000}{1000}{1000}')",
        "x = ['a']\nx.append(x)",
        "x = {}\nx['x'] = x",
        "x = 'a'\nfor i in range(9999):\n    x = '%s%s' % (x, x)",
        "x = 'a'.replace('', 'b' * 100000) * 100000",
        "x = ','.join(['a' * 100000] * 1)\nfor i in range(99):\n    x = x.replace('a', 'aaaa')",
        "import shop\nx = shop.x",
        "exec(open('setup.py').read())\nx = 1",
        "import o\nx = []\nwhile o.x:\n    x = [x]",
        "import o\nfor a in o.x:\n    for b in o.y:\n        for c in o.z:\n            while o.q:\n                x = a",
        "import o\nif o.a: x = 1\nif o.b: x = 2\n",
        "def f():\n    try:\n        return f()\n    except Exception:\n        return f()\nx = f()",
        "c = 1\nimport sys\nc = sys.platform == 'a'\nfor i in range(100):\n    c = c and sys.platform == 'b' or not c\nx = 1",
    ] {
        let text = format!("from setuptools import setup\n{code}\nsetup(name='x', y=x if 1 else 0)\n");
        survives(&text);
    }
    let branches = "import o\nif o.a:\n    x = ['a']\nelse:\n    x = ['b']\n".repeat(3000);
    survives(&format!("from setuptools import setup\n{branches}\nsetup(name=x)"));
}

#[test]
fn a_budget_that_is_used_up_still_finds_the_call() {
    let script = crate::common::read(
        "from setuptools import setup\nwhile True:\n    x = 1\nsetup(name='x', version=x)\n",
        &[],
    );
    assert_eq!(script.arguments.len(), 2);
    assert!(script.arguments[1].value.unknown().is_some());
}

fn fragment() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "setup(",
        ")",
        "name=",
        "'x'",
        "\n",
        "    ",
        "if ",
        "else:",
        "for x in ",
        "while ",
        "def f(a, *b, **c):",
        "return ",
        "x",
        "= ",
        "[",
        "]",
        "{",
        "}",
        ",",
        "sys.version_info < (3, 8)",
        ":",
        "try:",
        "except ImportError:",
        "import sys",
        "from setuptools import setup",
        "open('a.txt').read()",
        ".format(",
        "%",
        "**x",
        "lambda: ",
        "yield ",
        "'%(a)s'",
        "f'{x",
        "}'",
        "re.search('(a",
        "\\",
        "é",
        "#",
        "\"\"\"",
        "x.append(x)",
        "x += x",
        "del x",
        "global x",
        "print 'x'",
        "os.path.join(",
        "break",
        "continue",
        "raise",
        "with open('a.txt') as f:",
        "x[0]",
        "x['a']",
        "-1",
        "99999999999999999999",
    ]);
    prop::collection::vec(pieces, 0..60).prop_map(|it| it.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_text_never_panics(text in "\\PC{0,300}") {
        survives(&text);
    }

    #[test]
    fn fragments_of_python_never_panic(text in fragment(), tail in fragment()) {
        survives(&format!("import re, os, sys\nfrom setuptools import setup\nx = ['a']\n{text}\n{tail}\nsetup(name='x')"));
    }

    #[test]
    fn taking_arguments_out_leaves_the_others(
        arguments in prop::collection::vec((0usize..6, prop::sample::select(vec!["1", "'a, b'", "[\n  1,  # c\n]", "f(x, y)"]), prop::sample::select(vec![", ", ",\n    ", ",  # note\n    ", "\n    ,"])), 1..6),
        removed in prop::collection::vec(0usize..6, 0..4),
        trailing in any::<bool>(),
    ) {
        let mut text = "from setuptools import setup\nsetup(".to_owned();
        let mut names: Vec<String> = Vec::new();
        for (at, (_, value, separator)) in arguments.iter().enumerate() {
            names.push(format!("n{at}"));
            text.extend(["n", &at.to_string(), "=", value]);
            if at + 1 < arguments.len() || trailing {
                text += separator;
            }
        }
        text += ")\n";
        let script = crate::common::read(&text, &[]);
        let gone: Vec<&str> = names.iter().enumerate().filter(|(at, _)| removed.contains(at)).map(|(_, it)| it.as_str()).collect();
        let edited = script.without(&gone);
        prop_assert!(edited.is_some(), "{}", text);
        let left = crate::common::read(&edited.unwrap_or_default(), &[]);
        let left: Vec<&str> = left.arguments.iter().map(|it| it.name.as_str()).collect();
        let expect: Vec<&str> = names.iter().map(String::as_str).filter(|it| !gone.contains(it)).collect();
        prop_assert_eq!(left, expect);
    }
}

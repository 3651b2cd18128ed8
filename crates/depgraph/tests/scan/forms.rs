//! Every form of import, in texts of our own: what is found, on which line, with what around it.

use crate::listing::{import as line, said};
use uvshift_depgraph::Form;
use uvshift_depgraph::scan::{ScannedFile, scan_file};

fn scanned(path: &str, text: impl AsRef<[u8]>) -> ScannedFile {
    scan_file(path, text.as_ref()).unwrap()
}

fn found(text: &str) -> Vec<String> {
    scanned("a.py", text).imports.iter().map(line).collect()
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(found(text), expected, "{text}");
}

#[test]
fn statements_in_every_spelling() {
    check("import a", &["1 import a"]);
    check("import a.b as c, d . e\\\n . f # x", &["1 import a.b", "1 import d.e.f"]);
    check("from a import b, c as d", &["1 from a (b, c)"]);
    check(
        "from a import (  # why\n  b,\n\n  c as d, # that\n)\nimport e",
        &["1 from a (b, c)", "6 import e"],
    );
    check(
        "from . import a\nfrom .. b import c\nfrom...import d\nfrom .... e import*",
        &["1 from . (a)", "2 from ..b (c)", "3 from ... (d)", "4 from ....e (*)"],
    );
    check("x = 1; import a; from b import c;import d", &["1 import a", "1 from b (c)", "1 import d"]);
    check(
        "lazy import a\nlazy from b import c\nlazy = 1\nlazy\nimport d",
        &["1 lazy-import a", "2 lazy-from b (c)", "5 import d"],
    );
    check(
        "\u{feff}import a\r\nimport b\rimport c\n\x0cimport d",
        &["1 import a", "2 import b", "3 import c", "4 import d"],
    );
    check("\\\nimport a", &["2 import a"]);
    check(
        "import match, type, case, lazy\nfrom type import match",
        &["1 import match", "1 import type", "1 import case", "1 import lazy", "2 from type (match)"],
    );
}

/// Python compares names in the form NFKC (PEP 3131), which the tree knows.
#[test]
fn names_beyond_ascii() {
    check(
        "import na\u{ef}ve, \u{fb01}le\nfrom \u{5305} import \u{540d}",
        &["1 import na\u{ef}ve", "1 import file", "2 from \u{5305} (\u{540d})"],
    );
}

#[test]
fn what_only_looks_like_a_statement() {
    check("importance = 1\nx.import_ = 2\nimported(a)\nfrom_ = 1\nx = y.lazy\nimport_a = b", &[]);
    check("'import a'\n\"\"\"\nimport b\n\"\"\"\nr'\\'; import c'\nb'''\nimport d'''\n# import e", &[]);
    check("x = '\\\nimport a'\ny = 1", &[]);
    check("def f():\n  yield from a\n  x = (yield\n from b)\n  raise X from e", &[]);
    check("print('import a'); x = [\n'import b',\n]", &[]);
    check("x = {1: 2, 'a': lambda: 3}\ny: int = 3\nz = a[1:2]; import b", &["3 import b"]);
}

#[test]
fn strings_of_every_kind() {
    check("f'{x!r:>{w}}'; import a", &["1 import a"]);
    check("f\"{\"a\" + f'{1}'}\"; import a", &["1 import a"]);
    check("f'''{\n{'b': 1}['b']\n:{'>'}10}\nimport x\n'''; import a", &["5 import a"]);
    check("t'{{import}} {a}'; rf'\\{b}'; f'\\N{DIGIT ONE}{c}'; import a", &["1 import a"]);
    check("f'{x:%H:%M}' \"'\"; import a", &["1 import a"]);
    check("if f'{x:{y}:{z}}' == \"a:\": import a", &["1 import a condition"]);
    check("rb'\\\\'; Rb\"\\\"\"; u'x'; x if'y'else'z'; import a", &["1 import a"]);
    check("'''a''''b'; ''; \"\"; import a", &["1 import a"]);
}

#[test]
fn heads_on_one_line_and_over_several() {
    check(
        "if x: import a\nelif y: import b; import c\nelse: import d\nimport e",
        &[
            "1 import a condition",
            "2 import b condition",
            "2 import c condition",
            "3 import d condition",
            "4 import e",
        ],
    );
    check(
        "try: import a\nexcept ImportError: import b\nelse: import c\nfinally: import d",
        &["1 import a try", "2 import b handler", "3 import c", "4 import d"],
    );
    check(
        "if lambda: {1: 2}: import a\nif (x := {3: 4}): import b\nif y := 1: import c",
        &["1 import a condition", "2 import b condition", "3 import c condition"],
    );
    check(
        "if (a and  # :\n    b): # :\n  import c\nwhile x: import d\nfor x in y: import e\nelse: import f",
        &["3 import c condition", "4 import d", "5 import e", "6 import f"],
    );
    check(
        "def f(x: int = {1: 2}, *, y: 'a:b') -> dict[str: int]:\n  import a\nclass C(B): import b\nasync def g(): import c",
        &["2 import a function", "3 import b", "4 import c function"],
    );
    check(
        "async def g():\n  async with x as y: import a\n  async for x in y:\n    import b",
        &["2 import a function", "4 import b function"],
    );
    check(
        "match x:\n  case {'a': 1} if y: import a\n  case _:\n    import b\nmatch = 1; case = 2\ncase: int = 3\nimport c",
        &["2 import a condition", "4 import b condition", "7 import c"],
    );
    check("@a.b(\n c\n)\ndef f():\n\timport d\nimport e", &["5 import d function", "6 import e"]);
}

#[test]
fn what_catches_a_failed_import() {
    for exceptions in [
        " ImportError",
        " ModuleNotFoundError as e",
        "(ImportError, KeyError)",
        " (\n KeyError,\n ImportError, # x\n) as e",
        "",
        " Exception",
        " BaseException",
        "* ImportError",
        " KeyError, ImportError",
        " builtins.ImportError",
        " ((KeyError, ImportError), ValueError)",
        " (KeyError), ImportError",
    ] {
        let text = format!("try:\n  import a\nexcept{exceptions}:\n  pass");
        check(&text, &["2 import a try"]);
    }
    for exceptions in
        [" KeyError", " (ImportErrors, MyImportError)", " f(ImportError)", " KeyError as Exception"]
    {
        let text = format!("try:\n  import a\nexcept{exceptions}:\n  pass");
        check(&text, &["2 import a"]);
    }
    check(
        "try:\n import a\nexcept KeyError:\n import b\nexcept ImportError:\n import c\nimport d",
        &["2 import a try", "4 import b", "6 import c handler", "7 import d"],
    );
    check(
        "try:\n try:\n  import a\n finally:\n  import b\nexcept ImportError:\n try: import c\n except ImportError: import d",
        &["3 import a try", "5 import b try", "7 import c try handler", "8 import d handler"],
    );
    check(
        "try:\n def f():\n  import a\n class C:\n  import b\nexcept ImportError: pass",
        &["3 import a function", "5 import b try"],
    );
    check(
        "with suppress(ImportError): import a\nwith contextlib.suppress(KeyError, ImportError):\n import b",
        &["1 import a try", "3 import b try"],
    );
    check(
        "with open(f), suppress(ImportError):\n import a\nwith suppress(KeyError): import b\nwith suppress(*E): import c",
        &["2 import a try", "3 import b", "4 import c"],
    );
}

#[test]
fn what_is_expected_to_fail() {
    check(
        "with pytest.raises(ImportError): import a\nwith self.assertRaises(KeyError): import b\nwith raises(ImportError, match='x'): import c",
        &["1 import a try", "2 import b", "3 import c try"],
    );
}

#[test]
fn what_only_type_checkers_see() {
    let both = |condition: &str| {
        found(&format!(
            "from typing import TYPE_CHECKING as TC\nif {condition}:\n import a\nelse:\n import b"
        ))
    };
    let guards = |condition: &str| -> (bool, bool) {
        let lines = both(condition);
        (lines[1].contains("type-checking"), lines[2].contains("type-checking"))
    };
    for condition in [
        "TYPE_CHECKING",
        "typing.TYPE_CHECKING",
        "t.TYPE_CHECKING",
        "(TYPE_CHECKING)",
        "TYPE_CHECKING and x",
        "not not TYPE_CHECKING",
        "TC",
        "not (not TYPE_CHECKING or x)",
    ] {
        assert_eq!(guards(condition), (true, false), "{condition}");
    }
    for condition in
        ["not TYPE_CHECKING", "not t.TYPE_CHECKING", "not (TYPE_CHECKING and TC)", "not TYPE_CHECKING or x"]
    {
        assert_eq!(guards(condition), (false, true), "{condition}");
    }
    for condition in [
        "TYPE_CHECKING or True",
        "x",
        "TYPE_CHECKING_",
        "f(TYPE_CHECKING)",
        "not TYPE_CHECKING and x",
        "'TYPE_CHECKING'",
        "x == TYPE_CHECKING",
    ] {
        assert_eq!(guards(condition), (false, false), "{condition}");
    }
    check(
        "if x: import a\nelif TYPE_CHECKING: import b\nelif not TYPE_CHECKING: import c\nelif y: import d\nelse: import e",
        &[
            "1 import a condition",
            "2 import b condition type-checking",
            "3 import c condition",
            "4 import d condition type-checking",
            "5 import e condition type-checking",
        ],
    );
}

#[test]
fn calls_that_import_what_a_string_names() {
    check(
        "import importlib as il, builtins\nfrom importlib import import_module as im, util as u\nil.import_module('a.b')\nx = im(name='c')\ndef f(): return u.find_spec('d')\n__import__('e', level=0)\nbuiltins.__import__('f')",
        &[
            "1 import importlib",
            "1 import builtins",
            "2 from importlib (import_module, util)",
            "3 import-module a.b",
            "4 import-module c",
            "5 find-spec d function",
            "6 dunder-import e",
            "7 dunder-import f",
        ],
    );
    check(
        "import importlib\nimportlib.import_module('.sub', package=__name__)\nimportlib.import_module('..', 'a.b')\n__import__('x', None, None, [], 1)",
        &["1 import importlib", "2 import-module .sub", "3 import-module ..", "4 dunder-import .x"],
    );
    check(
        "self.import_module('a')\nimport_module(b)\nimport_module(f'c{d}')\nimport_module('not a module')\nimport_module('')",
        &[],
    );
    check(
        "import pytest\nnp = pytest.importorskip('numpy', minversion='1')\npytest.importorskip(modname='a' '.b')",
        &["1 import pytest", "2 importorskip numpy", "3 importorskip a.b"],
    );
    check(
        "exec('import a; from b import c')\nif x: eval(\"__import__('d')\")\nexec(code)\nexec('''\\\ntry:\n import e\nexcept ImportError: pass''')",
        &["1 exec a", "1 exec b (c)", "2 exec d condition", "4 exec e try"],
    );
    check(
        "try:\n x = __import__('a')\nexcept ImportError:\n x = None\nfind = importlib.util.find_spec\nfind('b')",
        &["2 dunder-import a try", "6 find-spec b"],
    );
}

#[test]
fn names_of_the_project_that_look_like_the_real_ones() {
    check("from . import importlib\nimportlib.import_module('a')", &["1 from . (importlib)"]);
    check(
        "from .compat import import_module as load, TYPE_CHECKING as TC\nload('a')\nif TC: import b",
        &[
            "1 from .compat (import_module, TYPE_CHECKING)",
            "2 import-module a",
            "3 import b condition type-checking",
        ],
    );
    check("import mine as importlib\nimportlib.import_module('a')", &["1 import mine"]);
}

#[test]
fn doctests_in_docstrings() {
    check(
        "\"\"\"Text.\n\n    >>> import a\n    >>> from b import (c,\n    ...     d)\n    >>> x = 'import e'\n    import f\n\"\"\"",
        &["3 doctest a", "4 doctest b (c, d)"],
    );
    check(
        "def f():\n  r'''>>> import a'''\nclass C:\n  '''\n  >>> try:\n  ...   import b\n  ... except ImportError:\n  ...   pass\n  '''\n",
        &["2 doctest a", "6 doctest b try"],
    );
    check("# >>> import a\nx = '''\n>>> import b\n'''\nf('''\n>>> import c\n''')", &[]);
}

#[test]
fn settings_of_django() {
    let text = "INSTALLED_APPS = [\n  'a.apps.A',\n  'b',\n] + ('c',) + OTHER\nINSTALLED_APPS += ['d'] if DEBUG else []\n\
        MIDDLEWARE: list[str] = ['e.M']\nDATABASES = {'default': {'ENGINE': 'f.backend', 'NAME': 'g.db'}}\n\
        TEMPLATES = [{'BACKEND': 'h.T', 'OPTIONS': {'context_processors': ['i.p'], 'loaders': [('j.L', ['k.L'])]}}]\n\
        if DEBUG:\n  INSTALLED_APPS.append('l')\nEMAIL_BACKEND = 'm.E'\nAUTHENTICATION_BACKENDS = ('n.A', f'{o}')\n\
        installed_apps = ['p']\ndef f():\n  MIDDLEWARE = ['q.r']\nTHIRD_PARTY_APPS = ['s']\nX_FILE = 'a.txt'\nROOT_URLCONF = 't.urls'";
    check(
        text,
        &[
            "2 django-setting a.apps.A",
            "3 django-setting b",
            "4 django-setting c",
            "5 django-setting d",
            "6 django-setting e.M",
            "7 django-setting f.backend",
            "8 django-setting h.T",
            "8 django-setting i.p",
            "8 django-setting j.L",
            "8 django-setting k.L",
            "10 django-setting l condition",
            "11 django-setting m.E",
            "12 django-setting n.A",
            "16 django-setting s",
            "18 django-setting t.urls",
        ],
    );
}

#[test]
fn settings_with_classes_in_dictionaries() {
    let text = "INSTALLED_APPS = []\nREST_FRAMEWORK = {'DEFAULT_AUTHENTICATION_CLASSES': ['a.b.C'], 'DATE': '%d.%m.%Y', 'X': 'e.f'}\n\
        LOGGING = {'version': 1, 'formatters': {'json': {'()': 'g.H', 'format': 'x.y'}}, 'handlers': {'h': {'class': 'i.J'}}}\n\
        AUTH_PASSWORD_VALIDATORS = [{'NAME': 'k.L'}]\nOTHER = {'NAME': 'm.N', 'class': 'o.P'}";
    check(
        text,
        &["2 django-setting a.b.C", "3 django-setting g.H", "3 django-setting i.J", "4 django-setting k.L"],
    );
}

#[test]
fn urls_of_databases_and_plugins_of_pytest() {
    check(
        "url = 'mysql+pymysql://x'\nf(f'postgresql+asyncpg://{user}')\nx = {'u': \"mysql+mysqldb://\"}\ngit = 'git+https://a'\n'''\nsqlite+pysqlite://\n'''",
        &["1 database-url pymysql", "2 database-url asyncpg", "3 database-url MySQLdb"],
    );
    check(
        "pytest_plugins = 'a.b'\npytest_plugins = ['c', \"d.e\"]\npytest_plugins += ('f',)",
        &["1 pytest-plugin a.b", "2 pytest-plugin c", "2 pytest-plugin d.e", "3 pytest-plugin f"],
    );
}

#[test]
fn broken_files_yield_the_rest_and_say_so() {
    let cases: &[(&str, &[&str], &[&str])] = &[
        ("import a\ndef (:\nimport b", &["1 import a", "3 import b"], &["2 syntax-error"]),
        ("x = (1,\nimport a\nfrom b import c", &["2 import a", "3 from b (c)"], &["1 syntax-error"]),
        ("from a import (b,\nimport c", &["1 from a (b)", "2 import c"], &["1 syntax-error"]),
        ("import a\nx = '''\nimport b", &["1 import a"], &["2 syntax-error"]),
        ("x = 'a\nimport b", &["2 import b"], &["1 syntax-error"]),
        ("print \"x\"\nimport a", &["2 import a"], &["1 python-2"]),
        ("import a\nexec 'import b' in ns", &["1 import a"], &["2 python-2"]),
        (
            "try:\n import a\nexcept ImportError, e:\n import b",
            &["2 import a try", "4 import b handler"],
            &["3 python-2"],
        ),
        ("x = `y`; import a", &["1 import a"], &["1 python-2"]),
        ("import a\nx = 1\nprint x\n__import__('b')", &["1 import a", "4 dunder-import b"], &["3 python-2"]),
        ("raise X, 'y'\nimport a", &["2 import a"], &["1 python-2"]),
        ("print \"x\"\n__import__('a')", &["2 dunder-import a"], &["1 python-2"]),
        ("x = = 1\n__import__('a')\nimport b", &["2 dunder-import a", "3 import b"], &["1 syntax-error"]),
        ("import\nfrom\nfrom a\nimport b", &["4 import b"], &["1 syntax-error"]),
        ("print >>f, 1\nprint in x\nexec\nprint\nprint - 1", &[], &[]),
    ];
    for (text, imports, diagnostics) in cases {
        let file = scanned("a.py", text);
        assert_eq!(file.imports.iter().map(line).collect::<Vec<_>>(), *imports, "{text}");
        assert_eq!(said(&file), *diagnostics, "{text}");
    }
}

#[test]
fn bytes_of_every_encoding() {
    let cases: &[(&[u8], &[&str], &[&str])] = &[
        (b"# -*- coding: latin-1 -*-\nimport a\ns = '\xe9'", &["2 import a"], &[]),
        (b"#!x\n# vim: set fileencoding=cp1252 :\nimport a\ns = '\x80'", &["3 import a"], &[]),
        (b"import a\ns = '\xe9'\nimport b", &["1 import a", "3 import b"], &["2 wrong-encoding"]),
        (b"# coding: utf-8\nimport a\ns = '\xe9'", &["2 import a"], &["3 wrong-encoding"]),
        (b"# coding: nonsense\nimport a", &["2 import a"], &["1 wrong-encoding"]),
        (b"\xef\xbb\xbf# coding: latin-1\nimport a", &["2 import a"], &["1 wrong-encoding"]),
        (b"\xff\xfei\0m\0p\0o\0r\0t\0 \0a\0", &["1 import a"], &["wrong-encoding"]),
        (b"\xfe\xff\0i\0m\0p\0o\0r\0t\0 \0a", &["1 import a"], &["wrong-encoding"]),
        (b"import a\n\0", &[], &["2 binary"]),
        (b"# coding: euc-kr\nimport a\ns = '\xb0\xa1'", &["2 import a"], &[]),
        (b"# coding: shift_jis\nimport a\ns = '\x83\x5c'; import b", &["2 import a", "3 import b"], &[]),
    ];
    for (bytes, imports, diagnostics) in cases {
        let file = scanned("a.py", bytes);
        let shown = String::from_utf8_lossy(bytes);
        assert_eq!(file.imports.iter().map(line).collect::<Vec<_>>(), *imports, "{shown}");
        assert_eq!(said(&file), *diagnostics, "{shown}");
    }
}

#[test]
fn deep_nesting_is_said_and_the_rest_is_found() {
    let deep = 100_000;
    let texts = [
        format!("x = {}\nimport a\n__import__('b')", "(".repeat(deep) + &")".repeat(deep)),
        format!("x = {}1\nimport a\n__import__('b')", "-".repeat(deep)),
        format!("x = {}1\nimport a\n__import__('b')", "not ".repeat(deep)),
        format!("x = a{}\nimport a\n__import__('b')", ".b".repeat(deep)),
        format!("x = a{}\nimport a\n__import__('b')", "(1, 2)".repeat(deep)),
        format!("x = {}1\nimport a\n__import__('b')", "lambda: ".repeat(deep)),
        format!("x = {}1\nimport a\n__import__('b')", "lambda a, b: ".repeat(deep)),
        format!("x = {}'' \nimport a\n__import__('b')", "'' + ".repeat(deep)),
        (0..1000).map(|depth| " ".repeat(depth) + "if x:\n").collect::<String>()
            + &" ".repeat(1000)
            + "pass\nimport a\n__import__('b')",
    ];
    for text in texts {
        let file = scanned("a.py", &text);
        assert!(file.imports.iter().any(|found| found.form == Form::Import && &*found.module == "a"));
        assert!(file.diagnostics.iter().any(|found| found.code.name() == "too-deep"), "{text:.60}");
    }
    // What is almost too deep can still be dropped.
    for text in ["-".repeat(32_000), "not ".repeat(8_000), "a.".repeat(16_000), "''+".repeat(10_900)] {
        let text = format!("x = {text}a\n__import__('b')");
        assert_eq!(scanned("a.py", &text).imports.len(), 1);
    }
    // What is long and not deep is read.
    let long = format!("x = [{}]\n__import__('b')", "a.b(1), ".repeat(deep));
    assert_eq!(scanned("a.py", &long).imports.len(), 1);
}

#[test]
fn cython() {
    let text = "cimport a\nfrom b cimport c, d\nimport e\ncdef extern from 'x.h':\n  int f(int)\n\
        cpdef int g(int x):\n  import h\ncdef class C:\n  import i\n  cdef int y\ncimport j.k as l, m\nfrom . cimport n\n__import__('o')";
    let file = scanned("a.pyx", text);
    let found: Vec<_> = file.imports.iter().map(line).collect();
    assert_eq!(
        found,
        [
            "1 cimport a",
            "2 from-cimport b (c, d)",
            "3 import e",
            "7 import h function",
            "9 import i",
            "11 cimport j.k",
            "11 cimport m",
            "12 from-cimport . (n)",
            "13 dunder-import o",
        ]
    );
    assert_eq!(said(&file), Vec::<String>::new());
}

#[test]
fn comments_that_have_rules_ignored() {
    let text = "import a  # uvshift: ignore\n# uvshift: ignore[missing, X002]\n\n# more\nimport b\nfrom c import (\n  d,  #uvshift:ignore[unused]\n)\n\
        x = 'uvshift: ignore'\nimport e  # uvshift: ignored\nfrom f import (\n  # uvshift: ignore\n  g)\n";
    let ignored: Vec<_> =
        scanned("a.py", text).ignored.into_iter().map(|found| (found.line, found.rules.join("+"))).collect();
    let expected = [(1, ""), (5, "missing+X002"), (6, "unused"), (11, "")];
    assert_eq!(ignored, expected.map(|(line, rules)| (line, rules.to_owned())));
    let slip = scanned("a.py", "import a\nimport b  # uvshift: ignore[absent, unused]\n");
    assert_eq!(said(&slip), ["2 unknown-rule"]);
}

//! What people write in setup.py, and what becomes of it.

use crate::common::{check, read};

const HEAD: &str = "import os, re, sys, io\nfrom setuptools import setup, find_packages\n";

#[track_caller]
fn body(code: &str, files: &[(&str, &str)], expect: &str) {
    check(&format!("{HEAD}{code}"), files, expect);
}

#[test]
fn literals() {
    check(
        "from setuptools import setup\nsetup(name='shop', version=\"1.0\", zip_safe=False, install_requires=['a', 'b>=2'],\n  keywords=('x', 'y'), extras_require={'t': ['c']}, obsolete=None, n=-3)",
        &[],
        r#"name = "shop"
        version = "1.0"
        zip_safe = False
        install_requires = ["a", "b>=2"]
        keywords = ("x", "y")
        extras_require = {"t": ["c"]}
        obsolete = None
        n = -3"#,
    );
}

#[test]
fn every_way_to_name_setup() {
    for head in [
        "import setuptools\nsetuptools.setup",
        "import setuptools as st\nst.setup",
        "from setuptools import setup as s\ns",
        "from distutils.core import setup\nsetup",
        "import distutils.core\ndistutils.core.setup",
        "try:\n    from setuptools import setup\nexcept ImportError:\n    from distutils.core import setup\nsetup",
        "from setuptools import setup\nif __name__ == '__main__':\n    setup",
        "from setuptools import *\nsetup",
    ] {
        if head.contains('*') {
            continue;
        }
        check(&format!("{head}(name='x')"), &[], "name = \"x\"");
    }
}

#[test]
fn readme_files() {
    let files = &[("README.rst", "Shop\n"), ("docs/CHANGES.rst", "News\n")];
    for code in [
        "long = open('README.rst').read()",
        "with open('README.rst') as f:\n    long = f.read()",
        "with io.open(os.path.join(os.path.dirname(__file__), 'README.rst'), encoding='utf-8') as f:\n    long = f.read()",
        "import codecs\nhere = os.path.abspath(os.path.dirname(__file__))\nlong = codecs.open(os.path.join(here, 'README.rst'), 'r', 'utf-8').read()",
        "from pathlib import Path\nlong = (Path(__file__).parent / 'README.rst').read_text(encoding='utf-8')",
        "import pathlib\nhere = pathlib.Path(__file__).parent.resolve()\nlong = here.joinpath('README.rst').read_text()",
        "long = open('README.rst', 'rb').read().decode('utf-8')",
        "def read(*parts):\n    return open(os.path.join(os.path.dirname(__file__), *parts)).read()\nlong = read('README.rst')",
        "def read(fname, default=''):\n    try:\n        with open(fname) as f:\n            return f.read()\n    except IOError:\n        return default\nlong = read('README.rst')",
    ] {
        body(
            &format!("{code}\nsetup(long_description=long)"),
            files,
            r#"long_description = "Shop\n" <- FileContents ("README.rst")"#,
        );
    }
    body(
        "def read(n): return open(n).read().strip()\nsetup(long_description=read('README.rst') + '\\n\\n' + read('docs/CHANGES.rst'))",
        files,
        r#"long_description = "Shop\n\nNews" <- Concatenated (["README.rst", "docs/CHANGES.rst"])"#,
    );
    body(
        "setup(long_description='\\n'.join(open(f).read() for f in ('README.rst', 'docs/CHANGES.rst')))",
        files,
        r#"long_description = "Shop\n\nNews\n" <- Concatenated (["README.rst", "docs/CHANGES.rst"])"#,
    );
    body(
        "setup(long_description=open('README.rst').read().replace('o', '0'))",
        files,
        r#"long_description = "Sh0p\n" <- Excerpt ("README.rst")"#,
    );
}

#[test]
fn files_that_are_not_there() {
    body(
        "setup(long_description=open('README').read())",
        &[],
        "long_description = ? line 3: the file `README` cannot be read",
    );
    body(
        "try:\n    long = open('README').read()\nexcept IOError:\n    long = ''\nsetup(long_description=long)",
        &[],
        "long_description = \"\"",
    );
    body(
        "if os.path.exists('README'):\n    long = open('README').read()\nelse:\n    long = 'none'\nsetup(long_description=long)",
        &[],
        "long_description = \"none\"",
    );
    for path in ["../secret", "/etc/passwd", "a/../../b"] {
        body(
            &format!("setup(x=open('{path}').read())"),
            &[],
            "x = ? line 3: it is read from a file outside of the project",
        );
    }
}

#[test]
fn versions_from_python_files() {
    let about = "# about\n__title__ = 'shop'\n__version__ = '1.2.3'\n";
    let files =
        &[("shop/__init__.py", "from .about import *\n__version__ = '1.2.3'\n"), ("shop/about.py", about)];
    for code in [
        "v = re.search(r\"__version__ = '(.*)'\", open('shop/__init__.py').read()).group(1)",
        "v = re.search(r'^__version__\\s*=\\s*[\\'\"]([^\\'\"]*)[\\'\"]', open('shop/__init__.py').read(), re.MULTILINE).group(1)",
        "v = re.compile(r\".*__version__ = '(.*?)'\", re.S).match(open('shop/__init__.py').read()).group(1)",
        "import ast\nv = str(ast.literal_eval(re.search(r'__version__\\s+=\\s+(.*)', open('shop/__init__.py').read()).group(1)))",
        "def get_version(package):\n    init = open(os.path.join(package, '__init__.py')).read()\n    return re.search(\"__version__ = ['\\\"]([^'\\\"]+)['\\\"]\", init).group(1)\nv = get_version('shop')",
        "for line in open('shop/__init__.py'):\n    if line.startswith('__version__'):\n        v = line.split('=')[1].strip().strip(\"'\")\n        break",
        "def find():\n    with open('shop/__init__.py') as f:\n        for line in f:\n            if '__version__' in line:\n                return line.split(\"'\")[1]\n    raise RuntimeError()\nv = find()",
        "import shop\nv = shop.__version__",
        "with open('shop/__init__.py') as f:\n    for line in f:\n        if line.startswith('__version__ ='):\n            v = eval(line.split('=')[1])",
        "from shop import __version__ as v",
        "v = __import__('shop').__version__",
    ] {
        body(
            &format!("{code}\nsetup(version=v)"),
            files,
            r#"version = "1.2.3" <- Attribute ("shop/__init__.py", name: "__version__")"#,
        );
    }
    for code in [
        "about = {}\nexec(open('shop/about.py').read(), about)\nv = about['__version__']",
        "about = {}\nwith open(os.path.join('shop', 'about.py')) as f:\n    exec(f.read(), about)\nv = about['__version__']",
        "ns = {}\nexec(compile(open('shop/about.py').read(), 'shop/about.py', 'exec'), ns)\nv = ns['__version__']",
        "ns = {}\nexec(open('shop/about.py').read(), None, ns)\nv = ns['__version__']",
        "exec(open('shop/about.py').read())\nv = __version__",
        "def get():\n    exec(open('shop/about.py').read())\n    return locals()['__version__']\nv = get()",
        "import runpy\nv = runpy.run_path('shop/about.py')['__version__']",
        "from shop.about import __version__ as v",
        "import importlib.util\nspec = importlib.util.spec_from_file_location('about', 'shop/about.py')\nm = importlib.util.module_from_spec(spec)\nspec.loader.exec_module(m)\nv = m.__version__",
        "sys.path.insert(0, 'shop')\nimport about\nv = about.__version__",
    ] {
        body(
            &format!("{code}\nsetup(version=v)"),
            files,
            r#"version = "1.2.3" <- Attribute ("shop/about.py", name: "__version__")"#,
        );
    }
}

#[test]
fn versions_that_are_computed() {
    let files = &[
        ("shop/version.py", "VERSION = (1, 2, 3)\n__version__ = '.'.join(map(str, VERSION))\n"),
        ("VERSION", "4.5\n"),
    ];
    body(
        "from shop.version import VERSION\nsetup(version='%d.%d.%d' % VERSION)",
        files,
        r#"version = "1.2.3" <- Attribute ("shop/version.py", name: "__version__")"#,
    );
    body(
        "from shop.version import __version__\nsetup(version=__version__)",
        files,
        r#"version = "1.2.3" <- Attribute ("shop/version.py", name: "__version__")"#,
    );
    body(
        "setup(version=open('VERSION').read().strip())",
        files,
        r#"version = "4.5" <- FileContents ("VERSION")"#,
    );
    body("setup(version='{}.{}'.format(1, 'x'))", &[], r#"version = "1.x""#);
    body("major = 1\nsetup(version=f'{major}.{major + 1}')", &[], r#"version = "1.2""#);
}

#[test]
fn requirements_files() {
    let files = &[("requirements.txt", "# web\nflask>=3\n\n  click  # cli\n")];
    let expect = r#"install_requires = ["flask>=3", "click"] <- RequirementsFile ("requirements.txt")"#;
    for code in [
        "reqs = []\nfor line in open('requirements.txt'):\n    line = line.split('#')[0].strip()\n    if not line:\n        continue\n    reqs.append(line)",
        "reqs = [l.split('#')[0].strip() for l in open('requirements.txt').read().splitlines() if l.strip() and not l.startswith('#')]",
        "from pip._internal.req import parse_requirements\nreqs = [str(r.requirement) for r in parse_requirements('requirements.txt', session=False)]",
        "try:\n    from pip.req import parse_requirements\nexcept ImportError:\n    from pip._internal.req import parse_requirements\nreqs = [str(r.req) for r in parse_requirements('requirements.txt', session='x')]",
        "def parse(name):\n    with open(name) as f:\n        for line in f.readlines():\n            line = re.sub(r'#.*', '', line).strip()\n            if line:\n                yield line\nreqs = list(parse('requirements.txt'))",
        "import pkg_resources\nreqs = [str(r) for r in pkg_resources.parse_requirements(open('requirements.txt').read())]",
    ] {
        body(&format!("{code}\nsetup(install_requires=reqs)"), files, expect);
    }
    body(
        "setup(install_requires=open('r.txt').read().splitlines())",
        &[("r.txt", "a\nb\n")],
        r#"install_requires = ["a", "b"] <- RequirementsFile ("r.txt")"#,
    );
    body(
        "setup(install_requires=[l for l in open('r.txt').read().split('\\n') if not l.startswith('b')])",
        &[("r.txt", "a\nb")],
        r#"install_requires = ["a"] <- Excerpt ("r.txt")"#,
    );
}

#[test]
fn lists_and_dictionaries_that_are_put_together() {
    body(
        "base = ['a']\nbase.append('b')\nbase += ['c']\nbase.extend(('d',))\nsetup(install_requires=base + ['e'])",
        &[],
        r#"install_requires = ["a", "b", "c", "d", "e"]"#,
    );
    body(
        "e = {'x': ['a'], 'y': ['b']}\ne['all'] = sum(e.values(), [])\nsetup(extras_require=e)",
        &[],
        r#"extras_require = {"x": ["a"], "y": ["b"], "all": ["a", "b"]}"#,
    );
    body(
        "import itertools\ne = dict(x=['b'], y=['a', 'b'])\ne['all'] = sorted(set(itertools.chain(*e.values())))\nsetup(extras_require=e)",
        &[],
        r#"extras_require = {"x": ["b"], "y": ["a", "b"], "all": ["a", "b"]}"#,
    );
    body(
        "e = {}\nfor k in ['a', 'b']:\n    e.setdefault(k, []).append(k + '>=1')\nall = [r for rs in e.values() for r in rs]\ne.update(all=all)\nsetup(extras_require=e)",
        &[],
        r#"extras_require = {"a": ["a>=1"], "b": ["b>=1"], "all": ["a>=1", "b>=1"]}"#,
    );
    body(
        "kw = dict(name='x')\nkw['version'] = '1'\nkw.update({'license': 'MIT'})\nsetup(url='u', **kw)",
        &[],
        r#"url = "u"
        name = "x"
        version = "1"
        license = "MIT""#,
    );
    body(
        "a = ['x']\nb = a\nb.append('y')\nsetup(install_requires=a)",
        &[],
        r#"install_requires = ["x", "y"]"#,
    );
    body(
        "def f(l):\n    l.append('y')\na = ['x']\nf(a)\nsetup(install_requires=a)",
        &[],
        r#"install_requires = ["x", "y"]"#,
    );
}

#[test]
fn packages() {
    body(
        "setup(packages=find_packages('src', exclude=['tests', 'tests.*']), py_modules=[])",
        &[],
        "packages = find_packages(\"src\", exclude=[\"tests\", \"tests.*\"], include=[])\npy_modules = []",
    );
    body(
        "from setuptools import find_namespace_packages\nsetup(packages=find_namespace_packages(include=('a.*',)))",
        &[],
        "packages = find_namespace_packages(\"\", exclude=[], include=[\"a.*\"])",
    );
    body(
        "setup(packages=['x'] + [p for p in find_packages(exclude=('*.tests',)) if p.startswith('shop')])",
        &[
            ("shop/__init__.py", ""),
            ("shop/a/__init__.py", ""),
            ("shop/tests/__init__.py", ""),
            ("other/__init__.py", ""),
            ("no/x/__init__.py", ""),
        ],
        r#"packages = ["x", "shop", "shop.a"]"#,
    );
}

#[test]
fn what_is_not_known_names_its_line() {
    body(
        "import platform\nsetup(name='x', version=platform.release())",
        &[],
        "name = \"x\"\nversion = ? line 4: `platform.release()` is known only where it runs",
    );
    body(
        "import subprocess\nv = subprocess.check_output(['git', 'describe'])\nsetup(version=v.decode(), name='x')",
        &[],
        "version = ? line 4: `subprocess.check_output(['git', 'describe'])` is known only where it runs\nname = \"x\"",
    );
    body(
        "v = os.environ.get('V', '1')\nsetup(version=v)",
        &[],
        "version = ? line 3: it depends on the environment variable `V`",
    );
    body(
        "reqs = ['a']\nif os.environ.get('X'):\n    reqs.append('b')\nsetup(install_requires=reqs, name='x')",
        &[],
        "install_requires = ? line 4: it depends on the environment variable `X`\nname = \"x\"",
    );
    body(
        "import other\nreqs = ['a']\nother.change(reqs)\nsetup(install_requires=reqs)",
        &[],
        "install_requires = ? line 5: `other.change(reqs)` is known only where it runs",
    );
    body(
        "import other\nkw = {'name': 'x'}\nif other.x:\n    kw['version'] = '1'\nsetup(**kw)",
        &[],
        "name = \"x\"\nversion = ? line 5: `other.x` is known only where it runs",
    );
    body(
        "import other\nsetup(name='x', **other.kw)",
        &[],
        "name = \"x\"\n** line 4: `other.kw` is known only where it runs",
    );
    body(
        "import other\nreqs = ['a']\nfor x in other.things:\n    reqs.append(x)\nname = 'n'\nsetup(install_requires=reqs, name=name)",
        &[],
        "install_requires = ? line 5: `other.things` is known only where it runs\nname = \"n\"",
    );
    body(
        "setup(name=os.path.basename(os.path.abspath('.')))",
        &[],
        "name = ? line 3: it depends on the folder that the project lies in",
    );
}

#[test]
fn nothing_is_known_through_an_alias_that_may_have_changed() {
    body(
        "import o\na = ['x']\nb = ['y']\nc = a if o.x else b\nc.append('z')\nsetup(p=a, q=b)",
        &[],
        "p = ? line 6: `o.x` is known only where it runs\nq = ? line 6: `o.x` is known only where it runs",
    );
    body(
        "a = ['x']\nb = ['y']\nc = a if sys.platform == 'win32' else b\nc.append('z')\nsetup(install_requires=a)",
        &[],
        "install_requires = ? line 6: it may be the object that is changed here",
    );
    body(
        "import o\nd = {'k': ['x']}\nl = d['k']\no.change(d)\nsetup(p=l)",
        &[],
        "p = ? line 6: `o.change(d)` is known only where it runs",
    );
    body(
        "import o\nl = ['x']\ndef f():\n    o.g(l)\nf()\nsetup(p=l)",
        &[],
        "p = ? line 6: `o.g(l)` is known only where it runs",
    );
}

#[test]
fn control_flow() {
    body(
        "i = 0\nr = []\nwhile i < 3:\n    i += 1\n    if i == 2:\n        continue\n    r.append(str(i))\nelse:\n    r.append('end')\nsetup(x=r)",
        &[],
        r#"x = ["1", "3", "end"]"#,
    );
    body(
        "def f(x):\n    if x == 1:\n        return 'one'\n    elif x == 2:\n        return 'two'\n    return 'many'\nsetup(a=f(1), b=f(2), c=f(3))",
        &[],
        "a = \"one\"\nb = \"two\"\nc = \"many\"",
    );
    body("x = 1\ndef f():\n    global x\n    x = 2\nf()\nsetup(x=x)", &[], "x = 2");
    body(
        "import o\ndef f():\n    if o.x:\n        return 'a'\n    return 'b'\nsetup(x=f(), y='z')",
        &[],
        "x = ? line 5: `o.x` is known only where it runs\ny = \"z\"",
    );
    body(
        "try:\n    import numpy\n    x = 'a'\nexcept ImportError:\n    x = 'b'\nsetup(x=x)",
        &[],
        "x = ? line 4: it depends on whether `numpy` can be imported",
    );
    body(
        "try:\n    {}['x']\n    x = 'a'\nexcept ValueError:\n    x = 'b'\nexcept (IndexError, KeyError):\n    x = 'c'\nfinally:\n    y = 1\nsetup(x=x, y=y)",
        &[],
        "x = \"c\"\ny = 1",
    );
    body("def main():\n    setup(name='x')\nmain()", &[], "name = \"x\"");
    body(
        "import o\nif o.x:\n    setup(name='x', a=1)\nelse:\n    setup(name='x', a=2)",
        &[],
        "name = \"x\"\na = ? line 5: line 7 calls `setup()` in another way",
    );
}

#[test]
fn lines_and_spans_point_at_the_text() {
    let text = "from setuptools import setup\nsetup(\n    name='x',\n    install_requires=[\n        'a',\n        'b',\n    ],\n)\n";
    let script = read(text, &[]);
    assert_eq!(script.call_line, 2);
    let argument = script.argument("install_requires").unwrap();
    assert_eq!(argument.line, 4);
    assert_eq!(
        &text[argument.span.clone().unwrap()],
        "install_requires=[\n        'a',\n        'b',\n    ]"
    );
    let items = argument.value.value().unwrap().items().unwrap();
    assert_eq!(items.iter().map(|it| it.line).collect::<Vec<_>>(), [5, 6]);
}

#[test]
fn what_else_a_script_does() {
    let declarative = |code: &str| read(&format!("{HEAD}{code}\nsetup(name='x')"), &[]).is_declarative();
    assert!(declarative("'''doc'''\nhere = os.getcwd()\ndef read(): return 1\nprint('hello')"));
    assert!(declarative("if sys.version_info < (3, 6):\n    raise RuntimeError('too old')"));
    assert!(declarative("if sys.version_info < (3, 6):\n    print('too old')\n    sys.exit(1)"));
    assert!(!declarative("os.system('make')"));
    assert!(!declarative("import subprocess\nsubprocess.check_call(['make'])"));
    assert!(!declarative("open('x.py', 'w').write('1')"));
    assert!(!declarative("class Build:\n    pass"));
    assert!(!declarative("import distutils.log\ndistutils.log.x = 1"));
    assert!(!declarative("if sys.argv[-1] == 'publish':\n    os.system('twine')\n    sys.exit()"));
    let files = &[("build_it.py", "import os\ndef run():\n    os.system('make')\n")];
    for code in ["import build_it\nbuild_it.run()", "from build_it import run\nrun()"] {
        let script = read(&format!("{HEAD}{code}\nsetup(name='x')"), files);
        assert!(!script.is_declarative(), "{code}");
    }
    let script = read(&format!("{HEAD}import numpy, shop.x\nsetup(name='x')"), &[]);
    let imports: Vec<(&str, usize)> =
        script.imports.iter().map(|(name, line)| (name.as_str(), *line)).collect();
    assert!(imports.contains(&("numpy", 3)) && imports.contains(&("shop.x", 3)), "{imports:?}");
}

#[test]
fn python_2_is_read_where_the_call_is_whole() {
    let script = read("from setuptools import setup\nprint \"hello\"\nsetup(name='x')\n", &[]);
    assert_eq!(script.argument("name").unwrap().value.value().unwrap().as_str(), Some("x"));
    assert!(
        script.remaining.iter().any(|it| it.line == 2 && it.what.contains("not Python 3")),
        "{:?}",
        script.remaining
    );
    for broken in
        ["from setuptools import setup\nsetup(name='x'", "setup(name=)", "def f(:\n  setup()", "x = 1"]
    {
        assert!(uvshift_setup_py::read(broken, &crate::common::project(&[])).is_err(), "{broken}");
    }
}

/// Programs in which an earlier state of this crate said something that Python does not, found by running both.
#[test]
fn python_itself_has_said_otherwise() {
    // A generator that goes two ways.
    body(
        "def gen():\n    yield 'a'\n    if os.environ.get('X'):\n        yield 'b'\nsetup(scripts=list(gen()))",
        &[],
        "scripts = ? line 5: it depends on the environment variable `X`",
    );
    // A generator looks at its list only when it is asked.
    body(
        "l = ['a']\ng = (i for i in l)\nl.append('b')\nsetup(scripts=list(g))",
        &[],
        "scripts = ? line 5: it may be the object that is changed here",
    );
    body(
        "l = ['a']\ng = (i for i in l)\nx = list(g)\nsetup(scripts=x, keywords=list(g))",
        &[],
        "scripts = [\"a\"]\nkeywords = []",
    );
    // An item under a marker is gone through on one path only, and moves the others.
    let marked = "l = ['a']\nif sys.platform == 'win32':\n    l.insert(0, 'w')\n";
    body(
        &format!("{marked}n = []\nfor i in l:\n    n.append('x')\nsetup(install_requires=n, scripts=l[1:])"),
        &[],
        "install_requires = [\"x\" ; sys_platform == \"win32\", \"x\"]\nscripts = ? line 5: it is there only where `sys_platform == \"win32\"`",
    );
    // Two names for one list that only one path makes.
    body(
        "a = ['a']\nb = ['b']\nif sys.platform == 'win32':\n    a = b = ['w']\na.append('z')\nsetup(install_requires=b)",
        &[],
        "install_requires = ? line 7: it may be the object that is changed here",
    );
    // What happened before an exception has happened.
    body(
        "d = {'x': ['a']}\ntry:\n    d['y'] = ['b']\n    import numpy\n    d.pop('y')\nexcept ImportError:\n    pass\nsetup(name='n', **d)",
        &[],
        "name = \"n\"\nx = [\"a\"]\ny = ? line 6: it depends on whether `numpy` can be imported",
    );
    // A loop over a list that it changes.
    body(
        "l = ['a', 'b', 'c']\nfor i in l:\n    l.remove(i)\nsetup(scripts=l, name='n')",
        &[],
        "scripts = ? line 5: `l.remove(i)` is not followed\nname = \"n\"",
    );
    // A function that is given away may run.
    body(
        "import o\nl = ['a']\ndef f():\n    l.append('b')\no.register(f)\nsetup(scripts=l)",
        &[],
        "scripts = ? line 7: `o.register(f)` is known only where it runs",
    );
    body(
        "l = ['a']\nx = map(l.append, ['b'])\nsetup(scripts=l)",
        &[],
        "scripts = ? line 4: `map(l.append, ['b'])` is known only where it runs",
    );
}

#[test]
fn versions_of_version_control_are_of_their_own_kind() {
    use uvshift_setup_py::UnknownKind;
    for (code, kind) in [
        (
            "import subprocess\nv = subprocess.check_output(['git', 'describe']).decode()",
            UnknownKind::VersionControl,
        ),
        ("import versioneer\nv = versioneer.get_version()", UnknownKind::Versioneer),
        ("from setuptools_scm import get_version\nv = get_version()", UnknownKind::VersionControl),
        ("v = os.environ['V']", UnknownKind::EnvironmentVariable),
        ("v = sys.platform", UnknownKind::Platform),
        ("import other\nv = other.version", UnknownKind::Other),
    ] {
        let script = read(&format!("{HEAD}{code}\nsetup(version=v)"), &[]);
        let unknown = script.arguments[0].value.unknown().unwrap_or_else(|| panic!("{code}"));
        assert_eq!(unknown.kind, kind, "{code}: {}", unknown.why);
    }
}

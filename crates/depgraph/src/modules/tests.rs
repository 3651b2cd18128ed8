#![expect(clippy::print_stdout, reason = "a test says what it did not do, and what it counted")]

use std::fs;
use std::path::{Path, PathBuf};

use super::*;

fn map(declared: &[&str]) -> ModuleMap {
    let declared = declared.iter().map(|name| (*name).to_owned()).collect();
    ModuleMap::new(&Sources { declared, ..Sources::default() })
}

fn shown(mapped: &Mapped) -> String {
    format!("{} by {}", mapped.distributions.join(" "), mapped.by.as_str())
}

fn check(declared: &[&str], import: &str, expected: &str) {
    let (module, names) = import.split_once(" import ").unwrap_or((import, ""));
    let names: Vec<Arc<str>> = names.split_whitespace().map(Arc::from).collect();
    let found: Vec<String> = map(declared).resolve_all(module, &names).iter().map(shown).collect();
    assert_eq!(found.join("; "), expected, "{import}");
    assert_eq!(shown(&map(declared).resolve(module, &names)), found[0]);
}

#[test]
fn a_build_for_cuda_is_the_distribution_that_is_declared() {
    check(&["rmm-cu13"], "rmm", "rmm-cu13 rmm-cu12 by table");
    check(&["rmm-cuda"], "rmm", "rmm-cu12 by table");
}

#[test]
fn well_known_modules_are_in_the_table() {
    for (module, name) in [
        ("yaml", "pyyaml"),
        ("PIL.Image", "pillow"),
        ("bs4", "beautifulsoup4"),
        ("sklearn.svm", "scikit-learn"),
        ("dateutil", "python-dateutil"),
        ("jwt", "pyjwt"),
        ("git", "gitpython"),
        ("serial", "pyserial"),
        ("Crypto", "pycryptodome"),
        ("OpenSSL", "pyopenssl"),
        ("attr", "attrs"),
        ("pkg_resources", "setuptools"),
        ("distutils.core", "setuptools"),
        ("mpl_toolkits.mplot3d", "matplotlib"),
        ("_pytest.fixtures", "pytest"),
        ("win32api", "pywin32"),
        ("cv2", "opencv-python"),
        ("skimage", "scikit-image"),
        ("rest_framework", "djangorestframework"),
        ("corsheaders", "django-cors-headers"),
        ("dotenv", "python-dotenv"),
        ("jose", "python-jose"),
        ("magic", "python-magic"),
        ("kafka", "kafka-python"),
        ("docx", "python-docx"),
        ("zmq", "pyzmq"),
        ("usb", "pyusb"),
        ("ldap", "python-ldap"),
        ("wx", "wxpython"),
        ("MySQLdb", "mysqlclient"),
        ("telegram", "python-telegram-bot"),
        ("discord", "discord-py"),
        ("googleapiclient", "google-api-python-client"),
        ("fitz", "pymupdf"),
        ("Bio", "biopython"),
        ("cairo", "pycairo"),
        ("nacl", "pynacl"),
        ("github", "pygithub"),
        ("gitlab", "python-gitlab"),
        ("slugify", "python-slugify"),
        ("psycopg2", "psycopg2-binary"),
        ("IPython", "ipython"),
        ("airflow.models", "apache-airflow"),
        ("graphql", "graphql-core"),
        ("socks", "pysocks"),
        ("websocket", "websocket-client"),
        ("engineio", "python-engineio"),
        ("socketio", "python-socketio"),
        ("flask_sqlalchemy", "flask-sqlalchemy"),
        ("requests", "requests"),
    ] {
        assert_eq!(&*map(&[]).resolve(module, &[]).distributions[0], name, "{module}");
    }
}

#[test]
fn what_is_declared_comes_first() {
    check(
        &["opencv-python-headless"],
        "cv2",
        "opencv-python-headless opencv-python opencv-contrib-python opencv-contrib-python-headless by table",
    );
    check(&["psycopg2"], "psycopg2.extras", "psycopg2 psycopg2-binary aws-psycopg2 by table");
    check(&["pycrypto"], "Crypto", "pycrypto pycryptodome by table");
    check(&[], "Crypto", "pycryptodome pycrypto by table");
}

#[test]
fn names_of_a_from_statement_are_looked_at_in_name_spaces() {
    check(
        &[],
        "google.cloud import storage bigquery",
        "google-cloud-storage by namespace; google-cloud-bigquery by namespace",
    );
    check(&[], "google.protobuf import json_format text_format", "protobuf by namespace");
    check(&[], "google import genai", "google-genai by namespace");
    check(&[], "opentelemetry import trace metrics", "opentelemetry-api by namespace");
    check(&[], "azure.storage.blob import BlobServiceClient", "azure-storage-blob by namespace");
    check(&[], "zope.interface import *", "zope-interface by namespace");
    check(&["google-cloud-storage"], "google.cloud", "google-cloud-storage by namespace");
    check(&["google-auth", "flask"], "google", "google-auth by namespace");
    check(&[], "flask import request Flask", "flask by table");
    check(&[], "PyQt5 import QtCore QtWebEngineWidgets", "pyqt5 by table; pyqtwebengine by namespace");
    check(&[], "mysql.connector", "mysql-connector-python mysql-connector by namespace");
    check(&["my-azure-thing", "azure-thing"], "azure.thing.x", "azure-thing by namespace");
}

#[test]
fn a_guess_is_bent_only_towards_what_nothing_else_explains() {
    check(&["python-frobnicate"], "frobnicate", "python-frobnicate frobnicate by guess");
    check(&["django-frobnicate"], "frobnicate.urls", "django-frobnicate frobnicate by guess");
    check(&["foo-bar"], "foobar", "foo-bar foobar by guess");
    // `python-dateutil` has `dateutil`, so it does not explain anything else.
    check(&["python-dateutil", "x"], "dateutils", "dateutils by table");
    check(&["frobnicate", "python-frobnicate"], "frobnicate", "frobnicate by guess");
    check(&["pyfrobnicate-tools"], "frobnicate", "frobnicate by guess");
    check(&[], "Frobnicate_Thing.x", "frobnicate-thing by guess");
    check(&["frobnicate"], "_frobnicate", "frobnicate by guess");
    check(&[], "_", "- by guess");
}

#[test]
fn endless_names_take_no_endless_time() {
    let module = vec!["a"; 500_000].join(".");
    check(&[], &module, "a by guess");
    check(&[], &format!("google.{module}"), "google-a by namespace");
    let names: Vec<Arc<str>> = (0..50_000).map(|at| format!("x{at}").into()).collect();
    assert_eq!(map(&[]).resolve_all("zope", &names).len(), names.len());
}

#[test]
fn what_the_user_says_comes_first() {
    let told = BTreeMap::from([
        ("yaml".to_owned(), "My_YAML".to_owned()),
        ("google.cloud.storage".to_owned(), "own-storage".to_owned()),
        ("corp.net".to_owned(), "corp-net".to_owned()),
    ]);
    let map = ModuleMap::new(&Sources { told, ..Sources::default() });
    assert_eq!(shown(&map.resolve("yaml.nodes", &[])), "my-yaml by told");
    assert_eq!(shown(&map.resolve("google.cloud", &["storage".into()])), "own-storage by told");
    assert_eq!(shown(&map.resolve("corp", &["net".into()])), "corp-net by told");
    assert_eq!(shown(&map.resolve("corp.other", &[])), "corp by guess");
    assert_eq!(map.provides("my.yaml"), Provided { modules: vec!["yaml".into()], by: MappedBy::Told });
}

#[test]
fn a_lock_chooses() {
    let text = "version = 1\nrequires-python = \">=3.9\"\n[[package]]\nname = \"pycrypto\"\nversion = \"2\"\n\
                [[package]]\nname = \"requests\"\nversion = \"2\"\n";
    let lock = Lock::parse(text).unwrap();
    let map = ModuleMap::new(&Sources { lock: Some(&lock), ..Sources::default() });
    assert_eq!(shown(&map.resolve("Crypto.Cipher", &[])), "pycrypto pycryptodome by lock");
    assert_eq!(shown(&map.resolve("requests", &[])), "requests by lock");
    assert_eq!(shown(&map.resolve("yaml", &[])), "pyyaml by table");
}

#[test]
fn a_distribution_provides_modules() {
    let provides = |name: &str| {
        let Provided { modules, by } = map(&[]).provides(name);
        format!("{} by {}", modules.join(" "), by.as_str())
    };
    assert_eq!(provides("PyMongo"), "bson gridfs pymongo by table");
    assert_eq!(provides("protobuf"), "google._upb google.protobuf by namespace");
    assert_eq!(
        provides("google-cloud-secret-manager"),
        "google.cloud.secret_manager google.cloud.secret.manager google.cloud.secretmanager by namespace"
    );
    assert_eq!(provides("google-cloud-storage"), "google.cloud.storage by namespace");
    assert_eq!(provides("typing-extensions"), "typing_extensions by guess");
}

struct Built(tempfile::TempDir);

impl Built {
    #[expect(clippy::disallowed_methods, reason = "the test makes its own environment")]
    fn new(distributions: &[(&str, &[&str])]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("pyvenv.cfg"), "version = 3.11.7\n").unwrap();
        for (name, files) in distributions {
            let info = folder.path().join(format!("lib/python3.11/site-packages/{name}-1.dist-info"));
            fs::create_dir_all(&info).unwrap();
            fs::write(info.join("METADATA"), format!("Name: {name}\nVersion: 1\n")).unwrap();
            match files {
                [named] if !named.contains('.') => fs::write(info.join("top_level.txt"), named).unwrap(),
                files => {
                    fs::write(info.join("RECORD"), files.join(",,\n")).unwrap();
                }
            }
        }
        Self(folder)
    }

    fn environment(&self) -> Environment {
        Environment::read(self.0.path()).unwrap()
    }
}

#[test]
fn an_environment_tells_by_its_files() {
    let built = Built::new(&[
        (
            "one",
            &[
                "odd/__init__.py",
                "odd_native.cpython-311-x86_64-linux-gnu.so",
                "one-1.dist-info/RECORD",
                "../../bin/x.py",
            ],
        ),
        ("old", &["old_top"]),
        ("left", &["shared/left/__init__.py", "shared/left/deep/x.py"]),
        ("right", &["shared/right.py", "a-b/x.py", "shared/__pycache__/right.cpython-311.pyc"]),
        ("host", &["host/__init__.py", "host/core.py"]),
        ("guest", &["host/plugins/guest.abi3.so"]),
        ("protobuf", &["google/protobuf/__init__.py", "google/_upb/_message.abi3.so"]),
        ("cv-one", &["cv/__init__.py"]),
        ("cv-two", &["cv/__init__.py"]),
    ]);
    let environment = built.environment();
    let declared = vec!["cv-two".to_owned()];
    let map = ModuleMap::new(&Sources { environment: Some(&environment), declared, ..Sources::default() });
    let check = |module: &str, names: &[&str], expected: &str| {
        let names: Vec<Arc<str>> = names.iter().map(|name| Arc::from(*name)).collect();
        let found: Vec<String> = map.resolve_all(module, &names).iter().map(shown).collect();
        assert_eq!(found.join("; "), expected, "{module} {names:?}");
    };
    check("odd.x", &[], "one by environment");
    check("odd_native", &[], "one by environment");
    check("old_top", &["x"], "old by environment");
    check("shared.left.deep", &[], "left by environment");
    check("shared", &["left", "right"], "left by environment; right by environment");
    check("shared.nothing", &[], "shared by guess");
    check("host.core", &["x"], "host by environment");
    check("host", &["anything"], "host by environment");
    check("host.plugins.guest", &[], "guest by environment");
    check("google.protobuf", &["x"], "protobuf by environment");
    check("google.cloud", &["storage"], "google-cloud-storage by namespace");
    check("cv", &[], "cv-two cv-one by environment");
    assert_eq!(map.provides("one").modules, ["odd".into(), "odd_native".into()]);
    assert_eq!(map.provides("left").by, MappedBy::Environment);
}

#[test]
fn editable_installs_are_followed() {
    let built = Built::new(&[
        ("finder", &["__editable___finder_1_finder.py", "__editable__.finder-1.pth"]),
        ("linked", &["_linked.pth"]),
    ]);
    let packages = built.0.path().join("lib/python3.11/site-packages");
    let source = built.0.path().join("project");
    fs::create_dir_all(source.join("linked_module")).unwrap();
    fs::create_dir_all(source.join("tests")).unwrap();
    write(&packages.join("finder-1.dist-info/top_level.txt"), "found_by_name\n");
    write(&packages.join("_linked.pth"), &format!("# folders\nimport os\n{}\n", source.display()));
    write(&source.join("linked_module/__init__.py"), "");
    write(&source.join("tests/__init__.py"), "");
    write(&source.join("single.py"), "");
    write(&source.join("setup.py"), "");
    let environment = built.environment();
    let map = ModuleMap::new(&Sources { environment: Some(&environment), ..Sources::default() });
    assert_eq!(shown(&map.resolve("found_by_name.x", &[])), "finder by environment");
    assert_eq!(shown(&map.resolve("linked_module.x", &[])), "linked by environment");
    assert_eq!(map.provides("linked").modules, ["linked_module".into(), "single".into()]);
    assert_eq!(map.provides("finder").modules, ["found_by_name".into()]);
}

#[expect(clippy::disallowed_methods, reason = "the test makes its own environment")]
fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
}

/// The environments of the tests' own tools: real ones.
fn environments() -> Vec<Environment> {
    let tools: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.tools");
    let names = ["tools", "linters", "oracles", "peer", "pip"];
    names.iter().filter_map(|name| Environment::read(&tools.join(name)).ok()).collect()
}

#[test]
fn every_module_of_a_real_environment_is_found_in_it() {
    let mut count = 0;
    for environment in environments() {
        let map = ModuleMap::new(&Sources { environment: Some(&environment), ..Sources::default() });
        for distribution in &environment.distributions {
            for entry in distribution.record().0 {
                let Some(module) = entry.path.strip_suffix(".py").filter(|path| !path.contains(['-', '.']))
                else {
                    continue;
                };
                let module = module.replace('/', ".");
                let module = module.strip_suffix(".__init__").unwrap_or(&module);
                if spaces::is_space_itself(module) {
                    continue;
                }
                let found = map.resolve(module, &[]);
                assert_eq!(found.by, MappedBy::Environment, "{module}");
                assert!(
                    found.distributions.iter().any(|name| **name == *distribution.normalized_name),
                    "{module} {found:?}"
                );
                count += 1;
            }
        }
    }
    println!("{count} modules");
    if count == 0 {
        println!("SKIPPED: there is no environment in `.tools`");
    }
}

#[test]
fn the_table_and_the_guess_know_real_environments() {
    let (mut right, mut wrong) = (0, Vec::new());
    for environment in environments() {
        let installed = ModuleMap::new(&Sources { environment: Some(&environment), ..Sources::default() });
        for distribution in &environment.distributions {
            let name = distribution.normalized_name.as_str();
            let provided = installed.provides(name);
            // Nobody but its own distribution imports a private module.
            let public = provided.modules.iter().filter(|module| !module.starts_with('_'));
            for module in public.filter(|_| provided.by == MappedBy::Environment) {
                if *map(&[]).resolve(module, &[]).distributions[0] == *name {
                    right += 1;
                } else {
                    wrong.push(format!("{module} {name}"));
                }
            }
        }
    }
    wrong.sort_unstable();
    wrong.dedup();
    println!("{right} right, wrong: {wrong:#?}");
    if right == 0 {
        println!("SKIPPED: there is no environment in `.tools`");
    }
    assert!(wrong.len() * 100 <= (right + wrong.len()) * 3, "{wrong:#?}");
}

#[test]
fn a_range_of_versions_allows_some_pythons() {
    for (range, oldest, newest) in [
        (">=3.10", 10, 15),
        (">=3.9.2,<3.13", 9, 12),
        ("==3.11.*", 11, 11),
        ("~=3.10", 10, 15),
        (">=2.7", 8, 15),
        ("<3", 8, 15),
        ("three", 8, 15),
    ] {
        assert_eq!(Pythons::of_range(range), Pythons { oldest, newest }, "{range}");
    }
    assert_eq!(Pythons::default(), Pythons { oldest: 8, newest: 15 });
}

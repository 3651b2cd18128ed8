//! Environments as pip, uv and `setup.py` make them.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use uvshift_testkit::{Project, WheelOptions, backends, git_repo, pip_python, uv_command, wheel};

use super::pip::{pip, run};

/// A project and what can be installed into its environments.
pub(crate) struct Made {
    pub(crate) project: Project,
    /// `git+file:...` of a repository, for `-e`.
    pub(crate) editable_repository: String,
    wheels: String,
    /// Requirements without the editable one, and the folder of that.
    requirements: Vec<String>,
    editable_folder: String,
}

impl Made {
    pub(crate) fn new() -> Self {
        let project = Project::new();
        let wheels = wheels(&project);
        for name in ["by-folder", "by-folder-editable"] {
            for (file, text) in sources(name) {
                project.write(&format!("my {name}/{file}"), text);
            }
        }
        let repository = |name: &str| {
            let files: Vec<(String, String)> =
                sources(name).into_iter().map(|(file, text)| (format!("lib/{file}"), text)).collect();
            let files: Vec<(&str, &str)> = files.iter().map(|(file, text)| (&**file, &**text)).collect();
            git_repo(project.beside(name), &files, Some("v1")).url()
        };
        let archive = wheel(project.beside("archives"), "By_Archive", "1.0", &WheelOptions::default());
        let served = wheel(project.beside("archives"), "by.url", "1.0", &WheelOptions::default());
        let editable_repository =
            format!("{}@v1#egg=by-git-editable&subdirectory=lib", repository("by-git-editable"));
        let requirements = vec![
            "flask-app[Fast]".to_owned(),
            "tool".to_owned(),
            "ns-one".to_owned(),
            "ns-two".to_owned(),
            archive.to_string_lossy().into_owned(),
            format!("by.url @ {}", serve(&served)),
            format!("by-git @ {}@v1#subdirectory=lib", repository("by-git")),
            project.path().join("my by-folder").to_string_lossy().into_owned(),
        ];
        let editable_folder = project.path().join("my by-folder-editable").to_string_lossy().into_owned();
        Self { project, editable_repository, wheels, requirements, editable_folder }
    }

    /// An environment of `python -m venv`, without pip in it.
    pub(crate) fn venv(&self, name: &str, options: &[&str]) -> PathBuf {
        let options: Vec<&str> = ["--without-pip"].into_iter().chain(options.iter().copied()).collect();
        self.venv_with_pip(name, &options)
    }

    pub(crate) fn venv_with_pip(&self, name: &str, options: &[&str]) -> PathBuf {
        let path = self.project.path().join(name);
        run(Command::new(pip_python()).args(["-I", "-m", "venv"]).args(options).arg(&path));
        path
    }

    pub(crate) fn uv_venv(&self, name: &str) -> PathBuf {
        run(uv_command(&self.project).args(["venv", "-q", name]));
        self.project.path().join(name)
    }

    /// Installs `what`, or else everything.
    pub(crate) fn pip_install(&self, environment: &Path, what: &[&str]) {
        let install = [
            "install",
            "-q",
            "--no-index",
            "--find-links",
            &self.wheels,
            "--no-build-isolation",
            "--no-cache-dir",
        ];
        let everything: Vec<&str> = self.everything();
        let what = if what.is_empty() { &everything[..] } else { what };
        pip(&self.project, environment, &[&install[..], what].concat());
    }

    pub(crate) fn uv_install(&self, environment: &Path) {
        let mut command = uv_command(&self.project);
        command.args([
            "pip",
            "install",
            "-q",
            "--no-index",
            "--find-links",
            &self.wheels,
            "--no-build-isolation",
        ]);
        // The archive with a URL comes from a server on this machine.
        command.arg("--python").arg(environment).args(self.everything()).env("UV_OFFLINE", "0");
        run(&mut command);
    }

    /// Projects of setuptools, each with another layout; their folders.
    pub(crate) fn setuptools_projects(&self) -> Vec<String> {
        let layouts = [
            ("flat", "flat/__init__.py", ""),
            ("in-src", "src/in_src/__init__.py", ""),
            (
                "mapped",
                "code/__init__.py",
                "[tool.setuptools]\npackages = [\"mapped\"]\npackage-dir = { mapped = \"code\" }\n",
            ),
        ];
        let folders = layouts.map(|(name, file, settings)| {
            let build =
                "[build-system]\nrequires = [\"setuptools\"]\nbuild-backend = \"setuptools.build_meta\"\n";
            let project = format!("{build}[project]\nname = {name:?}\nversion = \"0.1\"\n{settings}");
            self.project.write(&format!("{name}/{file}"), "");
            let path = self.project.write(&format!("{name}/pyproject.toml"), project);
            path.parent().unwrap().to_string_lossy().into_owned()
        });
        folders.to_vec()
    }

    /// With setuptools in the environment, so that nothing is isolated, which takes seconds.
    pub(crate) fn install_editable(&self, environment: &Path, folders: &[String]) {
        let backends = backends().to_string_lossy().into_owned();
        let options =
            ["pip", "install", "-q", "--no-index", "--no-build-isolation", "--find-links", &backends];
        let editable: Vec<&str> = folders.iter().flat_map(|folder| ["-e", folder.as_str()]).collect();
        for what in [&["setuptools"][..], &editable] {
            run(uv_command(&self.project).args(options).arg("--python").arg(environment).args(what));
        }
    }

    fn everything(&self) -> Vec<&str> {
        let editable = ["-e", &self.editable_folder];
        self.requirements.iter().map(String::as_str).chain(editable).collect()
    }

    /// The files of `setup.py develop`, of an old `pip install` and of distutils, which no tool of today makes.
    pub(crate) fn legacy(&self, environment: &Path) {
        let python = fs::read_dir(environment.join("lib")).unwrap().next().unwrap().unwrap().path();
        let packages = python.join("site-packages");
        let write = |path: PathBuf, text: &str| {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        let source = self.project.path().join("developed");
        write(source.join("setup.py"), "");
        let info = source.join("Developed.Thing.egg-info");
        write(
            info.join("PKG-INFO"),
            "Metadata-Version: 2.1\nName: Developed.Thing\nVersion: 0.1\nSummary: a\n b\n",
        );
        write(
            info.join("requires.txt"),
            "six\n\n[My_Extra]\nflask>=1\n\n[:python_version < \"3\"]\nenum34\n",
        );
        write(info.join("entry_points.txt"), "[console_scripts]\ndeveloped = developed:main\n");
        write(packages.join("Developed.Thing.egg-link"), &format!("{}\n.", source.display()));
        write(
            packages.join("easy-install.pth"),
            &format!("{}\n./egg_thing-3.0-py3.11.egg\n", source.display()),
        );
        let info = packages.join("egg_thing-3.0-py3.11.egg/EGG-INFO");
        write(info.join("PKG-INFO"), "Metadata-Version: 2.1\nName: egg-thing\nVersion: 3.0\n\nText\n");
        write(info.join("top_level.txt"), "egg_thing\n");
        let head = "#!/usr/bin/python\n# EASY-INSTALL-";
        write(
            environment.join("bin/developed"),
            &format!("{head}ENTRY-SCRIPT: 'Developed.Thing','console_scripts','developed'\n"),
        );
        write(
            environment.join("bin/developed-run.py"),
            &format!("{head}DEV-SCRIPT: 'Developed.Thing==0.1','developed-run.py'\n"),
        );
        write(environment.join("bin/egg-run"), &format!("{head}SCRIPT: 'egg-thing==3.0','egg-run'\n"));
        write(environment.join("bin/other"), "#!/bin/sh\n");
        let info = packages.join("old_thing-1.0-py3.11.egg-info");
        write(info.join("PKG-INFO"), "Metadata-Version: 1.1\nName: old-thing\nVersion: 1.0\nKeywords: a,b\n");
        write(
            info.join("installed-files.txt"),
            "../old_package/__init__.py\n../old_module.py\n../data/x.txt\n../../../../bin/old-script\nPKG-INFO\n",
        );
        write(
            packages.join("distutils_thing-2.0.egg-info"),
            "Metadata-Version: 1.0\nName: distutils-thing\nVersion: 2.0\nDescription: old\n        style\n",
        );
    }
}

fn wheels(project: &Project) -> String {
    let folder = project.beside("wheels");
    let plain = |name: &str, version: &str| wheel(&folder, name, version, &WheelOptions::default());
    plain("six", "1.16.0");
    plain("UPPER_Case", "2.0.post1");
    let options = WheelOptions::requiring(["six>=1", "colorama ; sys_platform == 'win32'"]);
    wheel(&folder, "Flask.App", "3.0", &options.extra("Fast", &["UPPER_Case"]).python(">=3.7"));
    for part in ["one", "two"] {
        let modules = vec![(format!("ns/{part}/__init__.py"), String::new())];
        let options = WheelOptions { modules, ..WheelOptions::default() };
        wheel(&folder, &format!("ns.{part}"), "1!0.1", &options);
    }
    let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let modules = vec![
        file("tool/__init__.py", ""),
        file("tool/cli.py", "def main(): ...\ndef window(): ...\n"),
        file("tool_plugin.py", ""),
        file("_speedup.cpython-311-x86_64-linux-gnu.so", ""),
        file("tool_docs/index.html", ""),
        file(
            "tool-1.0.dist-info/entry_points.txt",
            "[console_scripts]\ntool = tool.cli:main [extra]\n\n[gui_scripts]\ntool-window=tool.cli:window\n[other]\nx = y\n",
        ),
        file("tool-1.0.data/scripts/tool.sh", "#!/bin/sh\n"),
    ];
    wheel(&folder, "tool", "1.0", &WheelOptions { modules, ..WheelOptions::requiring(["six"]) });
    folder.to_string_lossy().into_owned()
}

/// A project with a build backend of one file that makes wheels and editable wheels without any other tool.
fn sources(name: &str) -> Vec<(String, String)> {
    let module = name.replace('-', "_");
    let mut backend = format!("import os, zipfile\nNAME, MODULE, VERSION = {name:?}, {module:?}, \"0.1\"\n");
    let _ = write!(
        backend,
        r#"
def build(directory, files):
    info = f"{{MODULE}}-{{VERSION}}.dist-info"
    files[f"{{info}}/METADATA"] = f"Metadata-Version: 2.1\nName: {{NAME}}\nVersion: {{VERSION}}\nRequires-Dist: six\n\nText\n"
    files[f"{{info}}/WHEEL"] = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[f"{{info}}/entry_points.txt"] = f"[console_scripts]\n{{NAME}} = {{MODULE}}:main\n"
    files[f"{{info}}/RECORD"] = "".join(f"{{name}},,\n" for name in files)
    wheel = f"{{MODULE}}-{{VERSION}}-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(directory, wheel), "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return wheel
def build_wheel(directory, config_settings=None, metadata_directory=None):
    return build(directory, {{f"{{MODULE}}.py": ""}})
def build_editable(directory, config_settings=None, metadata_directory=None):
    return build(directory, {{f"_{{MODULE}}.pth": os.getcwd() + "\n"}})
"#
    );
    let pyproject = "[build-system]\nrequires = []\nbuild-backend = \"backend\"\nbackend-path = [\".\"]\n";
    let project =
        format!("{pyproject}[project]\nname = {name:?}\nversion = \"0.1\"\ndependencies = [\"six\"]\n");
    vec![("pyproject.toml".to_owned(), project), ("backend.py".to_owned(), backend)]
}

/// The URL of a file on a server of this process, which ends with it.
fn serve(file: &Path) -> String {
    let bytes = fs::read(file).unwrap();
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            let length = stream.read(&mut request).unwrap_or_default();
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/zip\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                bytes.len()
            );
            let body = if request[..length].starts_with(b"HEAD") { &[][..] } else { &bytes[..] };
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
        }
    });
    format!("http://{address}/{name}")
}

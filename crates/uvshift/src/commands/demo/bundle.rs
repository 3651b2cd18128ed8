//! The bundled project: a small web application as pip users write them.

use std::path::Path;

use uvshift_process::Runner;

use super::git;
use crate::failure::Failure;

/// The files of the project. `{greeter}` stands for the place of the repository that the VCS line names.
const FILES: [(&str, &str); 12] = [
    ("requirements.txt", include_str!("../../../demo/requirements.txt")),
    ("requirements/base.txt", include_str!("../../../demo/requirements/base.txt")),
    ("requirements/dev.txt", include_str!("../../../demo/requirements/dev.txt")),
    ("requirements/test.txt", include_str!("../../../demo/requirements/test.txt")),
    ("requirements/constraints.txt", include_str!("../../../demo/requirements/constraints.txt")),
    ("app.py", include_str!("../../../demo/app.py")),
    ("tests/__init__.py", ""),
    ("tests/test_app.py", include_str!("../../../demo/tests/test_app.py")),
    ("Dockerfile", include_str!("../../../demo/Dockerfile")),
    ("README.md", include_str!("../../../demo/README.md")),
    ("vendor/greeter/pyproject.toml", include_str!("../../../demo/vendor/greeter/pyproject.toml.txt")),
    ("vendor/greeter/greeter.py", include_str!("../../../demo/vendor/greeter/greeter.py")),
];

/// Writes the project into a new folder and makes `vendor/greeter` a git repository with the tag `v1.2.0`.
pub(crate) fn unpack(folder: &Path, runner: &dyn Runner) -> Result<(), Failure> {
    for (path, text) in FILES {
        write(&folder.join(path), text)?;
    }
    let vendor = folder.join("vendor").join("greeter");
    let commit = [
        &["init", "--quiet", "--initial-branch", "main"][..],
        &["add", "."],
        &["commit", "--quiet", "--message", "greeter 1.2.0"],
        &["tag", "v1.2.0"],
    ];
    let made = commit.iter().all(|args| runner.run(&git(&vendor, args)).is_ok_and(|output| output.success()));
    let absolute = uvshift_process::real_path(&vendor)
        .map_err(|source| Failure::Read { path: vendor.clone(), source })?;
    let place = absolute.to_string_lossy().replace('\\', "/");
    let base = folder.join("requirements").join("base.txt");
    let text = FILES[1].1;
    if !made {
        // Without git there is no repository to name, so the demo shows a local path in its place, which an image has to have.
        let copied = FILES[8].1.replace("COPY requirements/", "COPY vendor/ vendor/\nCOPY requirements/");
        write(&folder.join("Dockerfile"), &copied)?;
        return write(&base, &text.replace("greeter @ git+{greeter}@v1.2.0", "./vendor/greeter"));
    }
    let slash = if place.starts_with('/') { "" } else { "/" };
    let text = text.replace("{greeter}", &format!("file://{slash}{place}"));
    write(&base, &text)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the demo makes a new folder of its own; there is nothing to journal"
)]
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |source| Failure::Write { path: path.to_owned(), source };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    std::fs::write(path, text).map_err(failed)
}

//! The options of pip and what uv makes of them. Checked against pip 26.3 and uv 0.13.9 (see the tests).

/// What becomes of an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// uv takes it under the same name.
    Same,
    /// It has no meaning for uv and goes.
    Goes,
    /// uv has it under another name.
    Named(&'static str),
    /// It goes, and what is installed may be different.
    Differs(&'static str),
    /// uv has nothing like it, and the command stays.
    Stays(&'static str),
}

/// Options of `pip install` without a value.
pub(crate) const FLAGS: &[&str] = &[
    "--no-deps",
    "--dry-run",
    "--user",
    "-U",
    "--upgrade",
    "--force-reinstall",
    "-I",
    "--ignore-installed",
    "--ignore-requires-python",
    "--no-build-isolation",
    "--break-system-packages",
    "--compile",
    "--no-compile",
    "--no-warn-script-location",
    "--no-warn-conflicts",
    "--require-hashes",
    "--no-clean",
    "--pre",
    "--prefer-binary",
    "--no-index",
    "--debug",
    "--isolated",
    "--require-virtualenv",
    "--require-venv",
    "-v",
    "--verbose",
    "-q",
    "--quiet",
    "--no-input",
    "--no-cache-dir",
    "--disable-pip-version-check",
    "--no-color",
    "--use-pep517",
    "--no-use-pep517",
    "--no-python-version-warning",
    "--check-build-dependencies",
    "--no-cache",
    "-V",
    "--version",
    "-h",
    "--help",
    "--only-deps",
    "--only-final",
    "--all-releases",
    "--no-proxy-env",
];

/// Options of `pip install` with a value.
pub(crate) const VALUES: &[&str] = &[
    "-r",
    "--requirement",
    "-c",
    "--constraint",
    "--build-constraint",
    "--group",
    "-e",
    "--editable",
    "-t",
    "--target",
    "--platform",
    "--python-version",
    "--implementation",
    "--abi",
    "--root",
    "--prefix",
    "--src",
    "--upgrade-strategy",
    "-C",
    "--config-settings",
    "--config-setting",
    "--global-option",
    "--install-option",
    "--progress-bar",
    "--root-user-action",
    "--report",
    "--no-binary",
    "--only-binary",
    "-i",
    "--index-url",
    "--pypi-url",
    "--extra-index-url",
    "-f",
    "--find-links",
    "--python",
    "--log",
    "--keyring-provider",
    "--proxy",
    "--retries",
    "--timeout",
    "--default-timeout",
    "--exists-action",
    "--trusted-host",
    "--cert",
    "--client-cert",
    "--cache-dir",
    "--use-feature",
    "--use-deprecated",
    "--resume-retries",
    "--uploaded-prior-to",
    "--refresh-package",
    "--requirements-from-script",
    "--build",
];

/// What becomes of an option of `pip install` in `uv pip install`.
pub(crate) fn fate(name: &str) -> Fate {
    match name {
        "--no-warn-script-location"
        | "--no-warn-conflicts"
        | "--no-clean"
        | "--no-input"
        | "--use-pep517"
        | "--no-python-version-warning"
        | "--check-build-dependencies"
        | "--progress-bar"
        | "--root-user-action"
        | "--disable-pip-version-check"
        | "--no-compile"
        | "--debug"
        | "--resume-retries"
        | "--no-proxy-env"
        | "--timeout"
        | "--default-timeout"
        | "--retries" => Fate::Goes,
        "--upgrade-strategy" => Fate::Differs("`--upgrade` of uv upgrades what is required, too"),
        "-I" | "--ignore-installed" | "--force-reinstall" => Fate::Named("--reinstall"),
        "--no-cache-dir" => Fate::Named("--no-cache"),
        "--uploaded-prior-to" => Fate::Named("--exclude-newer"),
        "--prefer-binary" => {
            Fate::Differs("uv has no `--prefer-binary`: it takes the newest version, built or not")
        }
        "--use-feature" | "--use-deprecated" => Fate::Differs("uv has no such feature switches"),
        "--exists-action" => Fate::Differs("uv asks nothing about sources that are there"),
        other => stays(other).map_or(Fate::Same, Fate::Stays),
    }
}

fn stays(name: &str) -> Option<&'static str> {
    Some(match name {
        "--user" => "uv installs into environments only, not for a user (`--user`)",
        "--root" => "uv has no `--root`; `--target` or `--prefix` may do",
        "--src" => "uv keeps no checkouts (`--src`)",
        "--platform" | "--implementation" | "--abi" => {
            "uv has `--python-platform` for this, with other names"
        }
        "--ignore-requires-python" => "uv does not ignore `requires-python`",
        "--global-option" | "--install-option" => {
            "uv passes no options to setup.py; `--config-setting` may do"
        }
        "--report" => "uv has `--output-format json` for a report, with other contents",
        "--log" => "uv writes no log file",
        "--proxy" => "uv reads proxies from `HTTPS_PROXY` only",
        "--client-cert" => "uv reads a client certificate from `SSL_CLIENT_CERT` only",
        "--no-use-pep517" => "uv always builds by PEP 517",
        "--require-virtualenv" | "--require-venv" => "uv needs an environment unless `--system` is given",
        "--requirements-from-script" => "`uv run --script` installs what a script asks for",
        "--only-deps" | "--only-final" | "--all-releases" | "--refresh-package" | "--build"
        | "--pypi-url" => "uv has no such option",
        "-V" | "--version" | "-h" | "--help" => "it installs nothing",
        _ => return None,
    })
}

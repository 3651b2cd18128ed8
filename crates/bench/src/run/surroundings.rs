//! The environment in which the tools run: the same for all, with nothing of the caller's settings.

use std::path::{Path, PathBuf};
use std::time::Duration;

use uvshift_process::CommandSpec;

use crate::index_settings::IndexSettings;

/// Variables of the caller that would make a tool behave differently on another machine or for another user.
const REMOVED: [&str; 32] = [
    "PIP_*",
    "UV_*",
    "PYTHON*",
    "VIRTUAL_ENV",
    "VIRTUAL_ENV_PROMPT",
    "__PYVENV_LAUNCHER__",
    "CONDA_*",
    "PYENV_VERSION",
    "XDG_*",
    "RUST_LOG",
    "RUST_BACKTRACE",
    "RAYON_NUM_THREADS",
    "TOKIO_WORKER_THREADS",
    "FORCE_COLOR",
    "CLICOLOR_FORCE",
    "SOURCE_DATE_EPOCH",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "SSL_CLIENT_CERT",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "NETRC",
    "KEYRING_*",
    "SETUPTOOLS_*",
];

/// Dresses commands.
#[derive(Debug)]
pub(super) struct Surroundings {
    variables: Vec<(String, String)>,
    secrets: Vec<String>,
    folder: PathBuf,
    timeout: Duration,
}

impl Surroundings {
    /// Commands run in `home`, which is their home too, and put temporary files into `temporary`.
    pub(super) fn new(index: &IndexSettings, home: &Path, temporary: &Path, timeout: Duration) -> Self {
        let mut variables: Vec<(String, String)> = Vec::new();
        let mut set = |name: &str, value: String| variables.push((name.to_owned(), value));
        let path = |path: &Path| path.to_string_lossy().into_owned();
        for name in ["HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"] {
            set(name, path(home));
        }
        for name in ["TMPDIR", "TEMP", "TMP"] {
            set(name, path(temporary));
        }
        // `os.devnull` is what makes pip read no configuration file at all.
        set("PIP_CONFIG_FILE", if cfg!(windows) { "nul" } else { "/dev/null" }.to_owned());
        // A question to the index that has nothing to do with the command, once a week.
        set("PIP_DISABLE_PIP_VERSION_CHECK", "1".to_owned());
        set("PIP_NO_INPUT", "1".to_owned());
        set("PIP_ROOT_USER_ACTION", "ignore".to_owned());
        set("UV_NO_CONFIG", "1".to_owned());
        set("UV_PYTHON_DOWNLOADS", "never".to_owned());
        set("PYTHONNOUSERSITE", "1".to_owned());
        set("NO_COLOR", "1".to_owned());
        if let Some(url) = &index.url {
            set("PIP_INDEX_URL", url.clone());
            set("UV_DEFAULT_INDEX", url.clone());
        }
        if !index.extra_urls.is_empty() {
            set("PIP_EXTRA_INDEX_URL", index.extra_urls.join(" "));
            set("UV_INDEX", index.extra_urls.join(" "));
        }
        if let Some(certificate) = &index.certificate {
            set("PIP_CERT", path(certificate));
            set("SSL_CERT_FILE", path(certificate));
        }
        for (name, value) in &index.variables {
            set(name, value.clone());
        }
        // Credentials in URLs are covered anyway; a value such as `127.0.0.1` would cover too much.
        let secret = |name: &str| {
            let name = name.to_ascii_uppercase();
            ["PASSWORD", "TOKEN", "SECRET", "KEY", "CREDENTIAL"].iter().any(|word| name.contains(word))
        };
        let secrets = index.variables.iter().filter(|(name, _)| secret(name)).map(|(_, value)| value.clone());
        Self { secrets: secrets.collect(), variables, folder: home.to_owned(), timeout }
    }

    /// The command in these surroundings.
    pub(super) fn dress(&self, spec: CommandSpec) -> CommandSpec {
        let mut spec = spec.current_dir(&self.folder).timeout(self.timeout);
        for name in REMOVED {
            spec = spec.env_remove(name);
        }
        for (name, value) in &self.variables {
            spec = spec.env(name, value);
        }
        for secret in &self.secrets {
            spec = spec.secret(secret);
        }
        spec
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsStr;

    fn dressed(index: &IndexSettings) -> CommandSpec {
        let (home, temporary) = (Path::new("/w/home"), Path::new("/w/tmp"));
        Surroundings::new(index, home, temporary, Duration::from_secs(7)).dress(CommandSpec::new("uv"))
    }

    #[test]
    fn settings_of_the_caller_are_kept_away() {
        let spec = dressed(&IndexSettings::default());
        for name in [
            "PIP_INDEX_URL",
            "PIP_NO_CACHE_DIR",
            "UV_CACHE_DIR",
            "UV_COMPILE_BYTECODE",
            "VIRTUAL_ENV",
            "PYTHONDONTWRITEBYTECODE",
            "PYTHONPATH",
            "HTTPS_PROXY",
            "XDG_CONFIG_HOME",
        ] {
            assert!(spec.removes(OsStr::new(name)), "{name}");
        }
        assert!(!spec.removes(OsStr::new("PATH")));
        let home = spec.variables().iter().find(|(name, _)| name == "HOME");
        assert_eq!(home.map(|(_, value)| value.as_os_str()), Some(OsStr::new("/w/home")));
        assert_eq!(spec.limit(), Duration::from_secs(7));
    }

    #[test]
    fn both_tools_get_the_index_and_nobody_sees_its_password() {
        let spec = dressed(&IndexSettings {
            url: Some("https://u:hunter2@index.example/simple".into()),
            variables: vec![
                ("HTTPS_PROXY".into(), "http://p:swordfish@proxy.example".into()),
                ("UV_INDEX_PRIVATE_PASSWORD".into(), "open sesame".into()),
            ],
            ..IndexSettings::default()
        });
        let has = |wanted: &str| spec.variables().iter().any(|(name, _)| name == wanted);
        assert!(has("PIP_INDEX_URL") && has("UV_DEFAULT_INDEX") && has("HTTPS_PROXY"));
        for shown in [format!("{spec:#}"), format!("{spec:?}")] {
            assert!(!["hunter2", "swordfish", "sesame"].iter().any(|it| shown.contains(it)), "{shown}");
        }
    }
}

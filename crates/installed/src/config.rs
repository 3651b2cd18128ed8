//! `pyvenv.cfg`, as PEP 405 and the tools that write it have it.

/// What `pyvenv.cfg` says of a virtual environment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// `home`: the folder of the Python that the environment was made with.
    pub home: Option<String>,
    /// `version` of venv, `version_info` of uv and virtualenv; without a release level.
    pub version: Option<String>,
    /// `implementation`, such as `CPython`, where the tool writes it.
    pub implementation: Option<String>,
    /// `prompt`, without quotes.
    pub prompt: Option<String>,
    /// `include-system-site-packages`: what Python itself has is visible, and is not read here.
    pub system_site_packages: bool,
    /// The version of the uv that made the environment.
    pub uv: Option<String>,
    /// The version of the virtualenv that made the environment.
    pub virtualenv: Option<String>,
}

impl Config {
    /// Reads the text. Lines without `=` are skipped and keys have no case, as in Python's `site`.
    pub fn parse(text: &str) -> Self {
        let mut config = Self::default();
        for line in text.trim_start_matches('\u{feff}').lines() {
            let Some((key, value)) = line.split_once('=') else { continue };
            let value = value.trim();
            let text = Some(value.to_owned()).filter(|text| !text.is_empty());
            match key.trim().to_ascii_lowercase().as_str() {
                "home" => config.home = text,
                "version" | "version_info" => config.version = text.map(|version| release(&version)),
                "implementation" => config.implementation = text,
                "prompt" => config.prompt = text.map(|prompt| unquoted(&prompt).to_owned()),
                "include-system-site-packages" => {
                    config.system_site_packages = value.eq_ignore_ascii_case("true");
                }
                "uv" => config.uv = text,
                "virtualenv" => config.virtualenv = text,
                _ => {}
            }
        }
        config
    }
}

/// `3.11.7.final.0`, as virtualenv writes `sys.version_info`, as a version; `3.13.0.candidate.2` too.
fn release(text: &str) -> String {
    let parts: Vec<&str> = text.split('.').collect();
    let [major, minor, micro, level, serial] = parts[..] else { return text.to_owned() };
    let letters = match level {
        "final" => return format!("{major}.{minor}.{micro}"),
        "candidate" => "rc",
        "beta" => "b",
        "alpha" => "a",
        _ => return text.to_owned(),
    };
    format!("{major}.{minor}.{micro}{letters}{serial}")
}

/// venv writes the prompt as Python's `repr`.
fn unquoted(text: &str) -> &str {
    let inner = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    inner('\'').or_else(|| inner('"')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tool_writes_it_in_its_way() {
        let venv = Config::parse(
            "home = /usr/bin\ninclude-system-site-packages = true\nversion = 3.11.7\nprompt = 'web'\n",
        );
        assert_eq!(venv.home.as_deref(), Some("/usr/bin"));
        assert_eq!((venv.version.as_deref(), venv.prompt.as_deref()), (Some("3.11.7"), Some("web")));
        assert!(venv.system_site_packages);
        let uv =
            Config::parse("home = /x\r\nimplementation = CPython\r\nuv = 0.9.1\r\nversion_info = 3.12.1\r\n");
        assert_eq!((uv.version.as_deref(), uv.uv.as_deref()), (Some("3.12.1"), Some("0.9.1")));
        let virtualenv = Config::parse("version_info = 3.13.0.candidate.2\nvirtualenv=20.1\nno line\n = \n");
        assert_eq!(virtualenv.version.as_deref(), Some("3.13.0rc2"));
        assert_eq!(virtualenv.virtualenv.as_deref(), Some("20.1"));
        assert!(!virtualenv.system_site_packages);
        assert_eq!(Config::parse("version_info = 3.11.7.final.0").version.as_deref(), Some("3.11.7"));
    }
}

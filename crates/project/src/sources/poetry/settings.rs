//! `poetry.toml`: settings of Poetry itself.

use uvshift_diagnostics::Diagnostic;
use uvshift_pyproject::PyProject;

use super::Reader;
use super::value::shown;
use crate::{Fate, OldFile, Outcome, Provenance, codes};

const SETTINGS: &str = "poetry.toml";

impl Reader<'_> {
    pub(super) fn poetry_toml(&mut self) {
        let Some(text) = self.given.tree.text(SETTINGS) else { return };
        let settings = match PyProject::parse(&text) {
            Ok(settings) => settings,
            Err(error) => {
                let message = format!("poetry.toml: {error}");
                self.out.diagnostics.push(Diagnostic::error(codes::M032, message).in_file(SETTINGS, 1));
                return;
            }
        };
        for (table, item) in settings.root() {
            let keys =
                item.as_table_like().map(|table| table.iter().map(|(key, _)| key.to_owned()).collect());
            let keys: Vec<String> = keys.unwrap_or_default();
            if keys.is_empty() {
                self.setting(&settings, &[table]);
            }
            for key in &keys {
                self.setting(&settings, &[table, key]);
            }
        }
        let what = "the settings of Poetry".to_owned();
        self.out.old_files.push(OldFile { path: SETTINGS.to_owned(), what, fate: Fate::Remove });
    }

    fn setting(&mut self, settings: &PyProject, path: &[&str]) {
        let key = path.join(".");
        let is_secret = matches!(path.first(), Some(&("http-basic" | "pypi-token" | "certificates")));
        let text = match settings.value(path) {
            Some(value) if !is_secret => crate::redacted(&format!("{key} = {}", shown(&value))),
            _ => key.clone(),
        };
        let why = match (path.first().copied().unwrap_or_default(), path.get(1).copied().unwrap_or_default())
        {
            ("virtualenvs", "in-project") => "uv has the environment in `.venv` of the project",
            ("virtualenvs", "create") => {
                "uv always has an environment; UV_PROJECT_ENVIRONMENT names another one"
            }
            ("virtualenvs", _) => {
                "uv makes the environment by itself; UV_PROJECT_ENVIRONMENT names its place"
            }
            ("installer" | "installation", _) => "uv installs in its own way",
            ("repositories", _) => "it is for publishing: `uv publish --publish-url URL`",
            ("http-basic" | "pypi-token", _) => {
                "credentials do not stand in a file of the project; use UV_INDEX_NAME_PASSWORD or `uv auth login`"
            }
            ("certificates", _) => "uv takes certificates from SSL_CERT_FILE and SSL_CLIENT_CERT",
            _ => "it is a setting of Poetry itself",
        };
        let from = Provenance::new(SETTINGS, settings.line_of(path));
        self.out.ledger.add(from, text, Outcome::Dropped { why: why.to_owned() });
    }
}

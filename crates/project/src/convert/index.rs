//! Package indexes: names, credentials, and which of several has the last word.

use uvshift_diagnostics::Diagnostic;
use uvshift_pyproject::Index;
use uvshift_requirements::{Credentials, split_credentials, variables};

use super::{Context, Reader};
use crate::names::normalized;
use crate::{IndexStrategy, Provenance, Reading, Scope, SecretVariable, codes};

impl Reader<'_> {
    pub(super) fn index(&mut self, text: &str, url: &str, default: bool, context: &Context<'_>) {
        let (clean, credentials) = split_credentials(url);
        if variables(&clean).next().is_some() {
            let advice =
                "write the URL out, or set UV_DEFAULT_INDEX or UV_INDEX where uv runs and remove the line";
            return self.refuse(context, text, "uv does not expand variables in pyproject.toml", advice);
        }
        let name = self.register(&clean, default, context);
        let to = format!("tool.uv.index {name}");
        match credentials {
            Some(credentials) => {
                self.index_credentials(&name, &credentials, context);
                self.change(context, text, to, "without its credentials");
            }
            None => self.carry(context, text, to),
        }
    }

    /// The name of the index of this URL, new or known.
    ///
    /// Only the index of the main file takes the place of the public one: that of a group held for installs of the
    /// group, and must not decide where the main dependencies come from.
    fn register(&mut self, url: &str, default: bool, context: &Context<'_>) -> String {
        let for_all = context.scope() == Some(Scope::Main)
            || self.layout.files.iter().all(|file| file.role.scope() != Some(Scope::Main));
        let indexes = &mut self.out.manifest.indexes;
        let has_default = indexes.iter().any(|index| index.default);
        let same = |index: &Index| index.url.trim_end_matches('/') == url.trim_end_matches('/');
        let known = indexes.iter().position(same);
        let becomes_default = default && for_all && !has_default;
        let at = known.unwrap_or_else(|| {
            let taken: Vec<String> = indexes.iter().filter_map(|index| index.name.clone()).collect();
            let name = Some(index_name(url, &taken));
            indexes.push(Index { name, url: url.to_owned(), ..Index::default() });
            indexes.len() - 1
        });
        indexes[at].default |= becomes_default;
        let name = indexes[at].name.clone().unwrap_or_default();
        if default && !indexes[at].default {
            self.index_of_one_file(url, context);
        }
        name
    }

    fn index_of_one_file(&mut self, url: &str, context: &Context<'_>) {
        let message =
            format!("`{url}` is the index of this file only; in uv it comes before the default index");
        let found = Diagnostic::warning(codes::M002, message).in_file(&context.from.file, context.from.line);
        let found = found.with_pip("uses one index a run").with_uv("uses one set of indexes for all");
        self.out.diagnostics.push(found);
    }

    fn index_credentials(&mut self, index: &str, credentials: &Credentials, context: &Context<'_>) {
        note_credentials(&mut self.out, index, credentials, &context.from);
    }

    pub(super) fn credentials_note(&mut self, context: &Context<'_>, advice: &str) {
        credentials_note(&mut self.out, &context.from, advice);
    }
}

/// Names the variables that have to hold the credentials of an index.
pub(crate) fn note_credentials(out: &mut Reading, index: &str, credentials: &Credentials, from: &Provenance) {
    for secret in secret_variables(index, credentials, from) {
        if !out.manifest.secrets.iter().any(|known| known.name == secret.name) {
            out.manifest.secrets.push(secret);
        }
    }
    credentials_note(out, from, "set the variables that the report names where uv runs");
}

fn credentials_note(out: &mut Reading, from: &Provenance, advice: &str) {
    let message = "credentials are not written into pyproject.toml";
    let found = Diagnostic::warning(codes::M001, message).in_file(&from.file, from.line);
    out.diagnostics.push(found.with_help(advice));
}

/// pip takes the best version of all indexes, uv the first index that has the package.
pub(crate) fn settle_indexes(out: &mut Reading, strategy: IndexStrategy) {
    let extra = out.manifest.indexes.iter().filter(|index| !index.default && !index.explicit).count();
    if extra == 0 || out.manifest.uv.no_index {
        return;
    }
    let found = Diagnostic::warning(codes::M003, "the packages come from more than one index")
        .with_pip("takes the best version of all of them")
        .with_uv(
            "stops at the first index that has the package, which is safer against dependency confusion",
        );
    let found = match strategy {
        IndexStrategy::BestMatch => {
            out.manifest.uv.index_strategy = Some("unsafe-best-match".to_owned());
            let help = "`index-strategy = \"unsafe-best-match\"` keeps pip's choice; name the index of each private \
                        package in [tool.uv.sources] and remove it, or pass `--index-strategy first-index`";
            found.with_help(help)
        }
        IndexStrategy::FirstIndex => found.with_help("the versions may differ from those that pip chose"),
    };
    out.diagnostics.push(found);
}

/// The variables in which uv looks for the user and the password of an index.
pub(crate) fn secret_variables(
    index: &str,
    credentials: &Credentials,
    from: &Provenance,
) -> Vec<SecretVariable> {
    let key = index.to_ascii_uppercase().replace(|character: char| !character.is_ascii_alphanumeric(), "_");
    let shown = |text: &str, what: &str| {
        if variables(text).next().is_some() { text.to_owned() } else { format!("the {what} in the old file") }
    };
    let secret = |suffix: &str, value: String| SecretVariable {
        name: format!("UV_INDEX_{key}_{suffix}"),
        value,
        from: from.clone(),
    };
    let username = (!credentials.username.is_empty())
        .then(|| secret("USERNAME", shown(&credentials.username, "user name")));
    let password =
        credentials.password.as_ref().map(|password| secret("PASSWORD", shown(password, "password")));
    username.into_iter().chain(password).collect()
}

/// A readable name that no other index has: from the host, and the path where that tells more.
pub(crate) fn index_name(url: &str, taken: &[String]) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.split(':').next().unwrap_or(host);
    let base = match normalized(host) {
        empty if empty.is_empty() => "index".to_owned(),
        base => base,
    };
    let telling =
        path.split('/').filter(|part| !part.is_empty() && *part != "simple").collect::<Vec<_>>().join("-");
    let longer = normalized(&format!("{base}-{telling}"));
    [base.clone(), longer]
        .into_iter()
        .chain((2..1000).map(|number| format!("{base}-{number}")))
        .find(|name| !taken.contains(name))
        .unwrap_or(base)
}

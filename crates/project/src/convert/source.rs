//! Requirements that say where they come from: git, URL, path, editable.

use uvshift_pyproject::{GitReference, Source, SourceKind};
use uvshift_requirements::{
    Credentials, Requirement, Target, Vcs, VcsUrl, normalize_name, split_credentials, variables,
};

use super::requirement::{named, place, with_marker};
use super::{Context, Reader};
use crate::local;
use crate::{AllowedHashes, Dependency, Manifest, NamedSource, Scope};

/// A source with its package, or why there is none and what to do.
type Located = Result<(String, SourceKind, Option<String>), (String, String)>;

impl Reader<'_> {
    pub(super) fn located_requirement(
        &mut self,
        requirement: &Requirement,
        target: &Target,
        context: Context<'_>,
    ) {
        if let Target::Path(path) = target
            && local::is_project_itself(path)
        {
            return self.project_itself(requirement, context);
        }
        let text = shown(requirement);
        let located = match target {
            Target::Vcs(vcs) => self.git(requirement, vcs, &context),
            Target::Url(url) => self.url(requirement, url, &context),
            Target::Path(path) => self.path(requirement, path, &context),
            Target::Index => return,
        };
        let (name, kind, reason) = match located {
            Ok(located) => located,
            Err((why, advice)) => return self.refuse(&context, &text, why, advice),
        };
        let Some(to) = place(&context) else { return };
        if context.scope().is_none() {
            let advice = "name the source in a requirements file, or give a version here";
            return self.refuse(&context, &text, "uv has no sources for constraints", advice);
        }
        let marker = requirement.marker().filter(|_| !requirement.is_editable());
        if let Err((why, advice)) = self.add_source(&name, Source::new(kind), marker, &context) {
            return self.refuse(&context, &text, why, advice);
        }
        self.note_settings(requirement, &normalize_name(&name), &context);
        let ignored = requirement.is_editable() && requirement.marker().is_some();
        let reason = if ignored {
            Some("without the marker, which pip ignores on editables".to_owned())
        } else {
            reason
        };
        let to = format!("{to} and tool.uv.sources.{}", normalize_name(&name));
        match reason {
            Some(reason) => self.change(&context, &text, to, reason),
            None => self.carry(&context, &text, to),
        }
        let plain =
            if requirement.name().is_some() { named(requirement) } else { named_as(&name, requirement) };
        self.push(
            &context.file.role.clone(),
            Dependency {
                text: with_marker(&plain, marker),
                name: normalize_name(&name),
                comments: context.comments,
                from: context.from,
            },
        );
    }

    fn project_itself(&mut self, requirement: &Requirement, context: Context<'_>) {
        let text = shown(requirement);
        if !self.options.installable {
            let advice = "add a [build-system] to pyproject.toml, or remove the line";
            return self.refuse(&context, &text, "the project has nothing that pip could install", advice);
        }
        self.out.installs_itself = true;
        if requirement.extras().next().is_none() {
            return self.carry(&context, &text, "the project itself, which `uv sync` installs as editable");
        }
        self.own_extras(requirement, &text, context);
    }

    /// `-e .[full]` installs what the extra lists, too: the place of the line asks for `NAME[full]`, which uv takes from the
    /// project itself.
    fn own_extras(&mut self, requirement: &Requirement, text: &str, context: Context<'_>) {
        let marker = requirement.marker().filter(|_| !requirement.is_editable());
        let extras: Vec<&str> = requirement.extras().collect();
        self.ask_itself(&extras, marker, text, context);
    }

    /// Asks the project for extras of its own.
    pub(super) fn ask_itself(
        &mut self,
        extras: &[&str],
        marker: Option<&str>,
        text: &str,
        context: Context<'_>,
    ) {
        let Some(name) = &self.options.name else {
            let advice = "write the name into a [project] table of pyproject.toml";
            return self.refuse(&context, text, "nothing says what the project is called", advice);
        };
        let Some(to) = place(&context).filter(|_| context.scope().is_some()) else {
            let advice = "remove the line; constraints install nothing";
            return self.refuse(&context, text, "an extra of the project limits no version", advice);
        };
        let written = with_marker(&format!("{name}[{}]", extras.join(",")), marker);
        let name = normalize_name(name);
        self.carry(&context, text, format!("{to} as `{written}`"));
        let role = context.file.role.clone();
        self.push(&role, Dependency { text: written, name, comments: context.comments, from: context.from });
    }

    fn git(&mut self, requirement: &Requirement, vcs: &VcsUrl, context: &Context<'_>) -> Located {
        if vcs.vcs != Vcs::Git {
            let advice = "publish the package to an index, or mirror the repository with git".to_owned();
            return Err(("uv knows git only".to_owned(), advice));
        }
        let name = requirement.name().or(vcs.egg.as_deref()).map(str::to_owned);
        let name = name.ok_or_else(|| unnamed(requirement))?;
        let (url, reason) =
            self.clean(&git_url(&vcs.url), context, "set up a git credential helper, or use SSH")?;
        if vcs.reference.as_deref().is_some_and(|reference| variables(reference).next().is_some()) {
            return Err(variable_in_url());
        }
        let kind = SourceKind::Git {
            url,
            reference: vcs.reference.clone().map(GitReference::Rev),
            subdirectory: vcs.subdirectory.clone(),
            lfs: None,
        };
        let editable =
            requirement.is_editable().then(|| "uv installs it without a checkout in src/".to_owned());
        let reasons: Vec<String> = reason.into_iter().chain(editable).collect();
        Ok((name, kind, (!reasons.is_empty()).then(|| reasons.join("; "))))
    }

    fn url(&mut self, requirement: &Requirement, url: &str, context: &Context<'_>) -> Located {
        let (place, fragment) = url.split_once('#').unwrap_or((url, ""));
        let value = |key: &str| {
            fragment
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .find(|(name, _)| *name == key)
                .map(|(_, value)| value)
        };
        let name = requirement.name().or(value("egg")).map(str::to_owned);
        let name = name.or_else(|| local::name_of_archive(place)).ok_or_else(|| unnamed(requirement))?;
        let (clean, reason) = self.clean(place, context, "store them with `uv auth login` or in netrc")?;
        for algorithm in ["sha256", "sha384", "sha512"] {
            if let Some(digest) = value(algorithm) {
                self.out.manifest.hashes.push(AllowedHashes {
                    name: normalize_name(&name),
                    version: None,
                    hashes: vec![format!("{algorithm}:{digest}")],
                    from: context.from.clone(),
                });
            }
        }
        let subdirectory = value("subdirectory").map(str::to_owned);
        Ok((name, SourceKind::Url { url: clean, subdirectory }, reason))
    }

    fn path(&mut self, requirement: &Requirement, path: &str, context: &Context<'_>) -> Located {
        if variables(path).next().is_some() {
            return Err(variable_in_url());
        }
        let found = local::locate(self.tree, &context.file.path, path);
        let is_archive = local::name_of_archive(&found).is_some();
        if !is_archive && !self.tree.has_folder(&found) {
            let advice = context.missing_path_advice("restore the folder, or remove the line");
            return Err((format!("the folder `{found}` does not exist"), advice));
        }
        let name = requirement
            .name()
            .map(str::to_owned)
            .or_else(|| local::name_of_archive(&found))
            .or_else(|| local::name_of_folder(self.tree, &found));
        let nameless = || {
            let why = format!("`{found}` does not say what the package is called");
            (why, format!("write a [project] table with a name into {found}/pyproject.toml"))
        };
        let name = name.ok_or_else(nameless)?;
        let editable = (requirement.is_editable() && !is_archive).then_some(true);
        Ok((name, SourceKind::Path { path: found, editable, package: None }, None))
    }

    /// A URL that may stand in a file, with what was taken out of it.
    fn clean(
        &mut self,
        url: &str,
        context: &Context<'_>,
        advice: &str,
    ) -> Result<(String, Option<String>), (String, String)> {
        let (clean, credentials) = split_credentials(url);
        let harmless = |found: &Credentials| {
            found.password.is_none()
                && url.starts_with("ssh://")
                && variables(&found.username).next().is_none()
        };
        let (url, taken) = match credentials {
            Some(found) if harmless(&found) => (url.to_owned(), false),
            found => (clean, found.is_some()),
        };
        if variables(&url).next().is_some() {
            return Err(variable_in_url());
        }
        if taken {
            self.credentials_note(context, advice);
        }
        Ok((url, taken.then(|| "without its credentials".to_owned())))
    }

    fn add_source(
        &mut self,
        name: &str,
        source: Source,
        marker: Option<&str>,
        context: &Context<'_>,
    ) -> Result<(), (String, String)> {
        let name = normalize_name(name);
        let scope = context.scope().unwrap_or(Scope::Main);
        let sources = &mut self.out.manifest.sources;
        let mut new = NamedSource { name, source, scope, from: context.from.clone() };
        let same: Vec<&NamedSource> = sources.iter().filter(|known| known.name == new.name).collect();
        if let Some(known) = same.iter().find(|known| known.source.kind == new.source.kind) {
            // Another scope that asks for it from here, too, must not look as if it took it from an index.
            if same.iter().all(|other| other.scope != new.scope) {
                new.source = Source { group: None, ..known.source.clone() };
                sources.push(new);
            }
            return Ok(());
        }
        if !same.is_empty() {
            new.source.marker = marker.map(str::to_owned);
            let by_group = new.scope.group().is_some() && same.iter().all(|known| known.scope != new.scope);
            if new.source.marker.is_none() && by_group {
                new.source.group = new.scope.group().map(str::to_owned);
            } else if new.source.marker.is_none() {
                let why = format!("{} asks for {} from another place", same[0].from, new.name);
                return Err((why, "keep one of the two lines".to_owned()));
            }
        }
        sources.push(new);
        Ok(())
    }
}

/// A source holds for the whole project, so it is narrowed where another scope takes the package from an index.
pub(crate) fn scope_sources(manifest: &mut Manifest) {
    let narrow: Vec<usize> = (0..manifest.sources.len())
        .filter(|at| {
            let source = &manifest.sources[*at];
            let located = |scope: &Scope| {
                manifest.sources.iter().any(|other| other.name == source.name && other.scope == *scope)
            };
            source.scope.group().is_some()
                && source.source.group.is_none()
                && source.source.marker.is_none()
                && manifest.all().any(|(scope, found)| found.name == source.name && !located(&scope))
        })
        .collect();
    for at in narrow {
        let source = &mut manifest.sources[at];
        source.source.group = source.scope.group().map(str::to_owned);
    }
}

fn shown(requirement: &Requirement) -> String {
    if requirement.is_editable() {
        format!("-e {}", requirement.text())
    } else {
        requirement.text().to_owned()
    }
}

fn named_as(name: &str, requirement: &Requirement) -> String {
    let extras: Vec<&str> = requirement.extras().collect();
    if extras.is_empty() { name.to_owned() } else { format!("{name}[{}]", extras.join(",")) }
}

fn unnamed(requirement: &Requirement) -> (String, String) {
    let text = uvshift_requirements::redacted(requirement.text());
    let place = text.split('#').next().unwrap_or(&text);
    (
        "the package has no name here".to_owned(),
        format!("write `NAME @ {place}` with the name of the package"),
    )
}

fn variable_in_url() -> (String, String) {
    let advice = "write the value out; only the user and the password of a URL may be variables";
    ("uv does not expand variables in pyproject.toml".to_owned(), advice.to_owned())
}

/// `git@host:path`, which git and pip accept, as the URL that uv wants.
pub(crate) fn git_url(url: &str) -> String {
    let rest = url.strip_prefix("ssh://").unwrap_or(url);
    let Some((authority, path)) = rest.split_once(':') else { return url.to_owned() };
    let is_port = path.split('/').next().is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
    if authority.contains('/') || is_port || (!url.starts_with("ssh://") && url.contains("://")) {
        return url.to_owned();
    }
    format!("ssh://{authority}/{path}")
}

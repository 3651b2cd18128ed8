//! Options for the whole run, and what uv calls them.

use uvshift_requirements::{GlobalOption, normalize_name, variables};

use super::{Context, Reader};
use crate::local;

impl Reader<'_> {
    pub(super) fn option(&mut self, option: &GlobalOption, context: &Context<'_>) {
        match option {
            GlobalOption::IndexUrl(url) => self.index(&format!("--index-url {url}"), url, true, context),
            GlobalOption::ExtraIndexUrl(url) => {
                self.index(&format!("--extra-index-url {url}"), url, false, context);
            }
            GlobalOption::FindLinks(place) => self.find_links(place, context),
            GlobalOption::NoIndex => {
                self.out.manifest.uv.no_index = true;
                self.carry(context, "--no-index", "tool.uv.no-index");
            }
            GlobalOption::Pre => {
                self.out.manifest.uv.prerelease = true;
                self.carry(context, "--pre", "tool.uv.prerelease = \"allow\"");
            }
            GlobalOption::NoBinary(value) => {
                self.out.manifest.uv.no_binary.take(&normalized_list(value));
                self.carry(context, &format!("--no-binary {value}"), selection_key(value, "no-binary"));
            }
            GlobalOption::OnlyBinary(value) => {
                self.out.manifest.uv.no_build.take(&normalized_list(value));
                self.carry(context, &format!("--only-binary {value}"), selection_key(value, "no-build"));
            }
            GlobalOption::TrustedHost(host) => {
                let hosts = &mut self.out.manifest.uv.allow_insecure_host;
                if !hosts.contains(host) {
                    hosts.push(host.clone());
                }
                self.carry(context, &format!("--trusted-host {host}"), "tool.uv.allow-insecure-host");
            }
            other => self.without_place(other, context),
        }
    }

    /// Options that uv has no setting for, because it does so anyway or cannot at all.
    fn without_place(&mut self, option: &GlobalOption, context: &Context<'_>) {
        match option {
            GlobalOption::PreferBinary => {
                let why =
                    "uv takes a wheel wherever a version has one; the versions themselves hold in uv.lock";
                self.drop_line(context, "--prefer-binary", why);
            }
            GlobalOption::RequireHashes => {
                self.drop_line(
                    context,
                    "--require-hashes",
                    "uv.lock always holds hashes and uv always checks them",
                );
            }
            GlobalOption::NoRequireHashes => {
                self.drop_line(context, "--no-require-hashes", "uv.lock always holds hashes");
            }
            GlobalOption::UseFeature(feature) => {
                self.drop_line(
                    context,
                    &format!("--use-feature {feature}"),
                    "switches on something within pip",
                );
            }
            GlobalOption::AllReleases(value) if value == ":all:" => {
                self.out.manifest.uv.prerelease = true;
                self.carry(context, "--all-releases :all:", "tool.uv.prerelease = \"allow\"");
            }
            GlobalOption::AllReleases(value) => {
                let advice = format!("name a pre-release in the specifier of {value}, such as `>=2.0a1`");
                self.refuse(
                    context,
                    &format!("--all-releases {value}"),
                    "uv has no such setting for one package",
                    advice,
                );
            }
            GlobalOption::OnlyFinal(value) => {
                let text = format!("--only-final {value}");
                self.drop_line(context, &text, "uv takes pre-releases only where a specifier names one");
            }
            other => {
                let advice = "remove the line, or tell us what it should become";
                self.refuse(context, &format!("{other:?}"), "this version does not know the option", advice);
            }
        }
    }

    fn find_links(&mut self, place: &str, context: &Context<'_>) {
        let text = format!("--find-links {place}");
        let (clean, credentials) = uvshift_requirements::split_credentials(place);
        if variables(&clean).next().is_some() {
            let advice = "write the place out, or set UV_FIND_LINKS where uv runs and remove the line";
            return self.refuse(context, &text, "uv does not expand variables in pyproject.toml", advice);
        }
        let clean = if clean.contains("://") {
            clean
        } else {
            let folder = local::beside_or_root(self.tree, &context.file.path, &clean);
            if !self.tree.has_folder(&folder) && !self.tree.has(&folder) {
                let advice = context.missing_path_advice("restore the folder, or remove the line");
                return self.refuse(context, &text, format!("the folder `{folder}` does not exist"), advice);
            }
            folder
        };
        let links = &mut self.out.manifest.uv.find_links;
        if !links.contains(&clean) {
            links.push(clean.clone());
        }
        if credentials.is_some() {
            let advice = format!("store them with `uv auth login` or in netrc for {clean}");
            self.credentials_note(context, &advice);
            return self.change(context, &text, "tool.uv.find-links", "without its credentials");
        }
        self.carry(context, &text, "tool.uv.find-links");
    }
}

/// uv has one setting for all packages and one for some.
fn selection_key(value: &str, key: &str) -> String {
    if value.contains(':') { format!("tool.uv.{key}") } else { format!("tool.uv.{key}-package") }
}

/// The names of a list as pip and uv compare them.
fn normalized_list(value: &str) -> String {
    let names = value
        .split(',')
        .map(str::trim)
        .map(|name| if name.starts_with(':') { name.to_owned() } else { normalize_name(name) });
    names.collect::<Vec<_>>().join(",")
}

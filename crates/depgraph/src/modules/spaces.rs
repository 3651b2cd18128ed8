//! Name spaces that several distributions share, such as `google.cloud`.

use std::borrow::Cow;
use std::sync::OnceLock;

use uvshift_requirements::normalize_name;

use super::table::rows;

const SPACES: &str = include_str!("../../data/namespaces.txt");
const NAMES: &str = include_str!("../../data/names.txt");

/// A module of a distribution has no more parts than this that count.
const MAXIMUM_PARTS: usize = 6;

/// What is known of name spaces.
struct Tables {
    /// Sorted by name space.
    spaces: Vec<Space>,
    /// Modules whose distribution is not named after them, sorted.
    exceptions: Vec<(&'static str, &'static str)>,
    /// Names of distributions without what separates their words, and as they are; sorted.
    names: Vec<(String, &'static str)>,
}

/// A name space.
struct Space {
    module: &'static str,
    /// What the names of its distributions begin with.
    prefix: &'static str,
    /// How many more parts of a module make the name of a distribution nobody knows.
    parts: usize,
}

/// Whether modules below a module (not dotted) are from several distributions.
pub(super) fn is_space(top: &str) -> bool {
    let Tables { spaces, exceptions, .. } = tables();
    let space = spaces.get(spaces.partition_point(|space| space.module < top)).map(|space| space.module);
    let exception =
        exceptions.get(exceptions.partition_point(|(module, _)| *module < top)).map(|(module, _)| *module);
    [space, exception].into_iter().flatten().any(|found| first(found) == top)
}

/// Whether a dotted name is a name space itself, or above one.
pub(super) fn is_space_itself(module: &str) -> bool {
    let below = |space: &Space| {
        space.module.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    tables().spaces.iter().any(below)
}

/// A name without what separates its words, in lower case.
pub(super) fn squashed(name: &str) -> String {
    name.chars().filter(|letter| !matches!(letter, '-' | '_' | '.')).flat_map(char::to_lowercase).collect()
}

/// The distributions of a module, the one that spells most of it first, or what the pattern of the name space makes of it; `project` knows
/// names by their squashed form.
pub(super) fn candidates(module: &str, project: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
    let module = without_versions(module);
    // Where each part ends.
    let dots = module.match_indices('.').map(|(at, _)| at);
    let ends: Vec<usize> = dots.chain([module.len()]).take(MAXIMUM_PARTS + 1).collect();
    let heads = ends.iter().rev().filter_map(|end| Some((*end, module.get(..*end)?)));
    let mut found: Vec<(usize, String)> = Vec::new();
    if let Some((end, names)) = heads.clone().find_map(|(end, head)| Some((end, exception(head)?))) {
        found.extend(names.split_ascii_whitespace().map(|name| (end, name.to_owned())));
    }
    let space = heads.skip(1).find_map(|(end, head)| Some((end, space(head)?)));
    if let Some((end, space)) = space {
        found.extend(spelled(space, end, &module, &ends, project));
    }
    // What was found first for a length stays first: an exception before a name.
    found.sort_by_key(|(end, _)| std::cmp::Reverse(*end));
    let mut names: Vec<String> = Vec::with_capacity(found.len());
    for (_, candidate) in found {
        if !names.contains(&candidate) {
            names.push(candidate);
        }
    }
    if names.is_empty() {
        names.extend(space.and_then(|(end, space)| pattern(space, module.get(end + 1..)?)));
    }
    names
}

/// The modules that a distribution has by its name, or as an exception.
pub(super) fn modules(distribution: &str) -> Vec<String> {
    let has = |names: &str| names.split_ascii_whitespace().any(|name| name == distribution);
    let exceptions = tables().exceptions.iter().filter(|(_, names)| has(names));
    let mut found: Vec<String> = exceptions.map(|(module, _)| (*module).to_owned()).collect();
    if !found.is_empty() {
        return found;
    }
    let rest = |space: &Space| Some(distribution.strip_prefix(space.prefix)?.strip_prefix('-')?.to_owned());
    let named = tables().spaces.iter().filter_map(|space| Some((space, rest(space)?)));
    if let Some((space, rest)) = named.max_by_key(|(space, _)| space.prefix.len()) {
        found.push(format!("{}.{}", space.module, rest.replace('-', "_")));
        // The words of the rest are separated in one of three ways, and only the files would tell which.
        if rest.contains('-') {
            found.push(format!("{}.{}", space.module, rest.replace('-', ".")));
            found.push(format!("{}.{}", space.module, rest.replace('-', "")));
        }
    }
    found
}

/// Whether a distribution is named after a name space that a module is or is in.
pub(super) fn is_named_after(distribution: &str, module: &str) -> bool {
    let within = |space: &&Space| {
        module.strip_prefix(space.module).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let space = tables().spaces.iter().filter(within).max_by_key(|space| space.module.len());
    space.is_some_and(|space| {
        let below = module.get(space.module.len()..).unwrap_or_default();
        let rest = distribution.strip_prefix(space.prefix).and_then(|rest| rest.strip_prefix('-'));
        rest.is_some_and(|rest| squashed(rest).starts_with(&squashed(below)))
    })
}

/// The distributions whose names spell the parts after the name space, or the first of them, with the end of what is spelled.
fn spelled(
    space: &Space,
    end: usize,
    module: &str,
    ends: &[usize],
    project: &dyn Fn(&str) -> Option<String>,
) -> Vec<(usize, String)> {
    let mut spelled = squashed(space.prefix);
    let mut found = Vec::new();
    let mut start = end;
    for end in ends.iter().copied().filter(|found| *found > end) {
        spelled.push_str(&squashed(module.get(start..end).unwrap_or_default()));
        start = end;
        let names = &tables().names;
        let known = names.binary_search_by(|(known, _)| known.as_str().cmp(&spelled)).ok();
        let name = project(&spelled).or_else(|| Some(names.get(known?)?.1.to_owned()));
        found.extend(name.map(|name| (end, name)));
    }
    found
}

fn pattern(space: &Space, rest: &str) -> Option<String> {
    let words: Vec<&str> = rest.split('.').take(space.parts).collect();
    let is_enough = !words.is_empty() && words.len() == space.parts;
    is_enough.then(|| normalize_name(&format!("{}-{}", space.prefix, words.join("-"))))
}

fn space(module: &str) -> Option<&'static Space> {
    let spaces = &tables().spaces;
    spaces.get(spaces.binary_search_by(|space| space.module.cmp(module)).ok()?)
}

/// The distributions of a module that are not named after it.
fn exception(module: &str) -> Option<&'static str> {
    let exceptions = &tables().exceptions;
    let at = exceptions.binary_search_by(|(known, _)| (*known).cmp(module)).ok()?;
    exceptions.get(at).map(|(_, names)| *names)
}

/// A module without the versions that parts of Google's have at their end: `storage` for `storage_v2beta1`.
fn without_versions(module: &str) -> Cow<'_, str> {
    if !module.contains("_v") {
        return Cow::Borrowed(module);
    }
    let without = |part: &'_ str| {
        let is_version = |rest: &str| rest.starts_with(|letter: char| letter.is_ascii_digit());
        let version = part.rfind("_v").filter(|at| part.get(at + 2..).is_some_and(is_version));
        version.and_then(|at| part.get(..at)).unwrap_or(part).to_owned()
    };
    Cow::Owned(module.split('.').map(without).collect::<Vec<_>>().join("."))
}

fn first(module: &str) -> &str {
    module.split('.').next().unwrap_or_default()
}

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| {
        let (mut spaces, mut exceptions) = (Vec::new(), Vec::new());
        for (module, rest) in rows(SPACES) {
            if let Some(names) = rest.strip_prefix("= ") {
                exceptions.push((module, names));
            } else if let Some((prefix, parts)) = rest.split_once(' ') {
                spaces.push(Space { module, prefix, parts: parts.parse().unwrap_or_default() });
            }
        }
        spaces.sort_by_key(|space| space.module);
        exceptions.sort_unstable();
        let lines = NAMES.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let mut names: Vec<_> = lines.map(|name| (squashed(name), name)).collect();
        names.sort_unstable();
        Tables { spaces, exceptions, names }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(module: &str, expected: &[&str]) {
        assert_eq!(candidates(module, &|_| None), expected, "{module}");
    }

    #[test]
    fn a_module_is_spelled_by_its_distribution() {
        check("google.cloud.storage", &["google-cloud-storage"]);
        check("google.cloud.bigquery_storage_v1.types", &["google-cloud-bigquery-storage"]);
        check("google.cloud.secretmanager", &["google-cloud-secret-manager"]);
        check("google.cloud.firestore_admin_v1", &["google-cloud-firestore"]);
        check("google.protobuf.json_format", &["protobuf"]);
        check("google.auth.transport", &["google-auth"]);
        check("google.api_core.exceptions", &["google-api-core"]);
        check("google.genai", &["google-genai"]);
        check("azure.storage.filedatalake", &["azure-storage-file-datalake"]);
        check("azure.identity.aio", &["azure-identity"]);
        check("azure.mgmt.compute", &["azure-mgmt-compute"]);
        check("opentelemetry.sdk.trace", &["opentelemetry-sdk"]);
        check("opentelemetry.trace", &["opentelemetry-api"]);
        check("opentelemetry.instrumentation.flask", &["opentelemetry-instrumentation-flask"]);
        check("airflow.providers.cncf.kubernetes.operators", &["apache-airflow-providers-cncf-kubernetes"]);
        check("zope.interface", &["zope-interface"]);
        check("ruamel.yaml", &["ruamel-yaml"]);
        check("sphinxcontrib.nobody_knows", &["sphinxcontrib-nobody-knows"]);
        check("google", &[]);
    }

    #[test]
    fn names_of_the_project_count() {
        let project = |name: &str| (name == "awscdkawslambda").then(|| "aws-cdk-aws-lambda".to_owned());
        let found = candidates("aws_cdk.aws_lambda", &project);
        assert_eq!(found.first(), Some(&"aws-cdk-aws-lambda".to_owned()));
        check("aws_cdk.aws_lambda", &["aws-cdk-lib", "aws-cdk-core"]);
    }

    #[test]
    fn distributions_tell_their_modules() {
        assert_eq!(modules("protobuf"), ["google._upb", "google.protobuf"]);
        assert_eq!(modules("azure-storage-blob"), ["azure.storage.blob"]);
        assert_eq!(modules("requests"), [""; 0]);
        assert!(
            is_named_after("google-cloud-storage", "google.cloud")
                && !is_named_after("google-auth", "google.cloud")
        );
        assert!(
            is_space("google")
                && !is_space("googl")
                && is_space("airflow")
                && is_space_itself("airflow")
                && !is_space("requests")
        );
    }

    #[test]
    fn the_lists_are_sorted_and_every_line_is_understood() {
        let lines: Vec<_> =
            SPACES.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        assert_eq!(lines.len(), tables().spaces.len() + tables().exceptions.len());
        assert!(tables().spaces.is_sorted_by(|left, right| left.module < right.module));
        assert!(tables().exceptions.is_sorted_by(|left, right| left.0 < right.0));
        let names: Vec<_> = NAMES.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        assert!(names.len() > 500 && names.is_sorted_by(|left, right| left < right));
        assert!(names.iter().all(|name| *name == normalize_name(name)));
    }
}
